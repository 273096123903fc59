#include "capture_bytes.h"
#include "support/catch.h"

using namespace pcapline;
using namespace pcapline::test;

TEST_CASE("pcap: every magic is read in both byte orders") {
    struct Row {
        std::uint32_t magic;
        std::int64_t time_ns;
        bool modified;
        int digits;
    };
    const Row rows[] = {
        {0xa1b2c3d4, 1714550400120055000, false, 6},
        {0xa1b23c4d, 1714550400000120055, false, 9},
        {0xa1b2cd34, 1714550400120055000, true, 6},
    };
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        for (const Row& row : rows) {
            FileBytes file(order);
            file.pcap(row.magic, 101);
            for (int i = 0; i < 3; ++i) {
                file.u32(1714550400).u32(120055).u32(5).u32(60);
                if (row.modified) file.u32(7).u16(8).u8(0).u8(0);
                file.fill(5, 0xab);
            }
            const Reading got = read_all(file.bytes());
            CAPTURE(row.magic, int(order), got.error);
            REQUIRE(got.packets.size() == 3);
            CHECK_FALSE(got.damage);
            for (const auto& packet : got.packets) {
                CHECK(packet.time_ns == row.time_ns);
                CHECK(packet.wire_len == 60);
                CHECK(packet.link_type == 101);
                CHECK(packet.data == std::vector<std::uint8_t>(5, 0xab));
            }
            CHECK(got.numbers == std::vector<std::uint64_t>{1, 2, 3});
            CHECK(got.info.modified == row.modified);
            CHECK(got.info.order == order);
            CHECK(got.info.format == CaptureFormat::pcap);
            CHECK(int{got.info.time_digits} == row.digits);
            REQUIRE(got.interfaces.size() == 1);
            CHECK(got.interfaces[0].snap_len == 65535);
        }
    }
}

TEST_CASE("pcap: odd records are read as they are meant") {
    struct Row {
        const char* what;
        unsigned major, minor;
        std::uint32_t seconds, fraction, first, second;
        std::int64_t time_ns;
        std::uint32_t cap_len, wire_len;
    };
    const Row rows[] = {
        {"a second of microseconds is carried", 2, 4, 10, 1000000, 4, 4, 11000000000, 4, 4},
        {"the largest fraction is carried", 2, 4, 10, 4294967295, 4, 4, 4304967295000, 4, 4},
        {"seconds are unsigned", 2, 4, 4294967295, 0, 4, 4, 4294967295000000000, 4, 4},
        {"wire_len is at least cap_len", 2, 4, 0, 0, 4, 2, 0, 4, 4},
        {"version 2.1 has the original length first", 2, 1, 0, 0, 9, 4, 0, 4, 9},
        {"version 543.0 too", 543, 0, 0, 0, 9, 4, 0, 4, 9},
        {"version 2.3 has them in either order, this", 2, 3, 0, 0, 9, 4, 0, 4, 9},
        {"or that", 2, 3, 0, 0, 4, 9, 0, 4, 9},
        {"a packet may have no bytes", 2, 4, 0, 0, 0, 60, 0, 0, 60},
    };
    for (const Row& row : rows) {
        FileBytes file;
        file.pcap(0xa1b2c3d4, 1, row.major, row.minor).u32(row.seconds).u32(row.fraction).u32(row.first).u32(row.second).fill(row.cap_len);
        const Reading got = read_all(file.bytes());
        CAPTURE(row.what, got.error);
        REQUIRE(got.packets.size() == 1);
        CHECK_FALSE(got.damage);
        CHECK(got.packets[0].time_ns == row.time_ns);
        CHECK(got.packets[0].data.size() == row.cap_len);
        CHECK(got.packets[0].wire_len == row.wire_len);
    }
}

TEST_CASE("pcap: the link-type field holds the link type and the FCS length") {
    struct Row {
        std::uint32_t field;
        unsigned link_type, fcs_len;
    };
    for (const Row& row :
         {Row{1, 1, 0}, Row{0x24000001, 1, 4}, Row{0x3000006a, 0x6a, 0}, Row{0x46c5e1f5, 0xe1f5, 8}, Row{0xf4000001, 1, 30}}) {
        const Reading got = read_all(FileBytes().pcap(0xa1b2c3d4, row.field).record(0, 0, 1, 1).bytes());
        CAPTURE(row.field);
        REQUIRE(got.interfaces.size() == 1);
        CHECK(got.interfaces[0].link_type == row.link_type);
        CHECK(int{got.interfaces[0].fcs_len} == int(row.fcs_len));
    }
}

TEST_CASE("pcap: damage ends the file where it is, after everything before it") {
    const FileBytes good = FileBytes().pcap().record(1, 0, 10, 10).record(2, 0, 10, 10);
    struct Row {
        const char* what;
        FileBytes tail;
        std::uint32_t link;
    };
    const Row rows[] = {
        {"packet header cut short", FileBytes().fill(7), 1},
        {"packet cut short", FileBytes().u32(0).u32(0).u32(10).u32(10).fill(9), 1},
        {"packet claims 262145 bytes, more than 262144", FileBytes().u32(0).u32(0).u32(262145).u32(262145).fill(100), 1},
        {"packet cut short", FileBytes().u32(0).u32(0).u32(262144).u32(262144).fill(100), 1},
        // Nothing near 128 MiB is allocated for it.
        {"packet cut short", FileBytes().u32(0).u32(0).u32(128 << 20).u32(128 << 20).fill(100), 231},
    };
    for (const Row& row : rows) {
        FileBytes file = good;
        store(file.bytes().data() + 20, row.link, ByteOrder::little);
        const Reading got = read_all(FileBytes(file).add(row.tail.bytes()).bytes());
        CAPTURE(row.what, row.link);
        REQUIRE(got.damage);
        CHECK(got.damage->what == row.what);
        CHECK(got.damage->offset == good.size());
        CHECK(got.damage->good_packets == 2);
        CHECK(got.damage->skipped_bytes == row.tail.size());
        CHECK(got.packets.size() == 2);
    }
}

TEST_CASE("pcap: packets larger than a block are read, whatever the pieces") {
    FileBytes file;
    file.pcap(0xa1b2c3d4, 231);
    for (const std::uint32_t size : {100U, 262144U, 3000000U, 60U, 0U, 700000U}) file.record(size, 0, size, size);
    for (const std::size_t step : {std::size_t{65536}, std::size_t{1000003}, std::size_t{4096}}) {
        const Reading got = read_all(file.bytes(), step);
        REQUIRE(got.packets.size() == 6);
        CHECK_FALSE(got.damage);
        for (const auto& packet : got.packets) {
            CHECK(packet.data.size() == packet.wire_len);
            CHECK(packet.data == std::vector<std::uint8_t>(packet.wire_len, 0x5a));
        }
    }
}

TEST_CASE("batches stay valid while they are held, and their memory is used again when they are not") {
    FileBytes file;
    file.pcap();
    for (unsigned i = 0; i < 20000; ++i) file.record(i, 0, 60, 60).bytes().back() = static_cast<std::uint8_t>(i);
    auto source = open_capture(std::make_unique<MemorySource>(file.bytes()));
    REQUIRE(source);
    std::vector<Batch> held;
    for (Batch batch; (*source)->next(batch); batch = Batch()) {
        CHECK(batch.frames.size() <= Batch::max_frames);
        held.push_back(std::move(batch));
    }
    std::uint64_t number = 0;
    for (const Batch& batch : held) {
        for (std::size_t i = 0; i < batch.frames.size(); ++i, ++number) {
            REQUIRE(batch.number_of(i) == number + 1);
            REQUIRE(batch.frames[i].data[59] == static_cast<std::uint8_t>(number));
        }
    }
    CHECK(number == 20000);

    source = open_capture(std::make_unique<MemorySource>(file.bytes()));
    std::vector<const Block*> blocks;
    for (Batch batch; (*source)->next(batch);) {
        if (std::find(blocks.begin(), blocks.end(), batch.blocks.at(0).get()) == blocks.end()) blocks.push_back(batch.blocks[0].get());
    }
    CHECK(blocks.size() == 1);
}
