#include "pcapline/capture/writer.h"

#include "capture_bytes.h"
#include "pcapline/capture/pcapng_blocks.h"
#include "pcapline/capture/pcapng_options.h"
#include "support/borrowed_sink.h"
#include "support/catch.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

struct Written {
    std::vector<std::uint8_t> bytes;
    std::string error;
    Errc code = Errc::input;
    Reading reading;
};

Written copy(const std::vector<FileBytes>& inputs, WriteFormat format) {
    Written out;
    WriterOptions options;
    options.format = format;
    auto writer = make_writer(std::make_unique<Borrowed>(out.bytes), options);
    Batch batch;
    for (std::uint32_t input = 0; input < inputs.size(); ++input) {
        auto source = open_capture(std::make_unique<MemorySource>(inputs[input].bytes()));
        REQUIRE(source);
        while ((*source)->next(batch)) {
            batch.input = input;
            if (auto done = writer->write(batch, (*source)->interfaces(), (*source)->info()); !done) {
                out.error = done.error().what;
                out.code = done.error().code;
            }
        }
    }
    REQUIRE(writer->finish());
    out.reading = read_all(out.bytes);
    return out;
}

Written write_frames(const std::vector<Frame>& frames, WriteFormat format, const std::vector<Interface>& interfaces = {Interface{}}) {
    Written out;
    WriterOptions options;
    options.format = format;
    auto writer = make_writer(std::make_unique<Borrowed>(out.bytes), options);
    Batch batch;
    batch.frames = frames;
    if (auto done = writer->write(batch, interfaces, CaptureInfo{}); !done) {
        out.error = done.error().what;
        out.code = done.error().code;
    }
    REQUIRE(writer->finish());
    out.reading = read_all(out.bytes);
    return out;
}

const std::uint8_t data[8] = {1, 2, 3, 4, 5, 6, 7, 8};

Frame frame_at(std::int64_t time_ns, std::uint32_t cap_len = 8, std::uint32_t wire_len = 8) {
    Frame frame;
    frame.data = data;
    frame.cap_len = cap_len;
    frame.wire_len = wire_len;
    frame.time_ns = time_ns;
    frame.link_type = 1;
    return frame;
}

}  // namespace

TEST_CASE("pcap in, the same pcap out, but for the byte order") {
    const FileBytes file = FileBytes().pcap(0xa1b2c3d4, 0x24000001).record(4294967295, 999999, 8, 60).record(0, 0, 0, 0);
    const Written us = copy({file}, WriteFormat::pcap);
    CHECK(us.reading.packets == read_all(file.bytes()).packets);
    CHECK(int{us.reading.interfaces.at(0).fcs_len} == 4);
    const Written ns = copy({FileBytes(ByteOrder::big).pcap(0xa1b23c4d).record(1, 123456789, 3, 3)}, WriteFormat::nsecpcap);
    CHECK(ns.reading.packets.at(0).time_ns == 1123456789);
    CHECK(ns.bytes[0] == 0x4d);
}

TEST_CASE("what pcap cannot hold is refused with the way out") {
    Frame other = frame_at(2);
    other.link_type = 101;
    struct Row {
        std::vector<Frame> frames;
        Errc code;
        const char* says;
    };
    const std::vector<std::uint8_t> large(262145);
    Frame too_long = frame_at(2);
    too_long.data = large.data();
    too_long.cap_len = too_long.wire_len = 262145;
    const Row rows[] = {
        {{frame_at(1), other}, Errc::usage, "link type RAW, the packets before it EN10MB"},
        {{frame_at(1), frame_at(-1)}, Errc::output, "time"},
        {{frame_at(1), frame_at((std::int64_t{1} << 32) * 1000000000)}, Errc::output, "time"},
        {{frame_at(1), too_long}, Errc::output, "262145 bytes"},
    };
    for (const Row& row : rows) {
        const Written got = write_frames(row.frames, WriteFormat::pcap);
        CAPTURE(row.says, got.error);
        CHECK(got.code == row.code);
        CHECK(got.error.find(row.says) != std::string::npos);
        CHECK(got.error.find("-F pcapng") != std::string::npos);
        CHECK(got.reading.packets.size() == 1);
        CHECK(write_frames(row.frames, WriteFormat::pcapng).reading.packets.size() == 2);
    }
    CHECK(write_frames({frame_at(no_time)}, WriteFormat::pcap).reading.packets.at(0).time_ns == 0);
}

TEST_CASE("a writer without frames writes a valid file") {
    for (const WriteFormat format : {WriteFormat::pcap, WriteFormat::nsecpcap, WriteFormat::pcapng}) {
        const Written got = write_frames({}, format);
        CHECK(got.reading.error.empty());
        CHECK_FALSE(got.reading.damage);
        CHECK(got.reading.interfaces.size() == 1);
    }
}

TEST_CASE("pcapng in, the same pcapng out: sections, byte orders, every block, options") {
    FileBytes file;
    for (const ByteOrder order : {ByteOrder::big, ByteOrder::little}) {
        FileBytes section(order);
        section.section(FileBytes(order).option(1, "kept").end_options());
        section.interface(1, 8, FileBytes(order).option(2, "eth0").end_options())
            .interface(101, 0, FileBytes(order).option(9, FileBytes().u8(0x94)).end_options());
        section.packet(1, 5000001, 7, 70, FileBytes(order).option(1, "hello").option(2, FileBytes(order).u32(1)).end_options());
        section.simple(20, 8);
        section.block(4, FileBytes(order).u32(0)).block(10, FileBytes(order).u32(1).u32(0)).block(0xbad, FileBytes(order).text("xyz1"));
        section.packet(0, 1714550400120055, 8, 8);
        section.block(5, FileBytes(order).u32(1).ticks(9).option(5, FileBytes(order).u64(3)).end_options());
        file.add(section.bytes());
    }
    const Written got = copy({file}, WriteFormat::pcapng);
    CHECK(got.error.empty());
    CHECK(got.bytes == file.bytes());
    // Twice the same file: its sections follow each other.
    const Written twice = copy({file, file}, WriteFormat::pcapng);
    CHECK(twice.bytes == FileBytes(file).add(file.bytes()).bytes());
}

TEST_CASE("pcap inputs share a section, and an interface where theirs is the same") {
    const FileBytes ethernet = FileBytes().pcap().record(1, 1, 4, 4);
    const FileBytes raw = FileBytes(ByteOrder::big).pcap(0xa1b23c4d, 101).record(2, 2, 5, 5);
    const Written got = copy({ethernet, raw, ethernet}, WriteFormat::pcapng);
    REQUIRE(got.reading.packets.size() == 3);
    CHECK(got.reading.interfaces.size() == 2);
    CHECK(got.reading.packets[1].interface == 1);
    CHECK(got.reading.packets[2].interface == 0);
    CHECK(got.reading.packets[1].time_ns == 2000000002);
    CHECK(int{got.reading.interfaces[0].time.exponent} == 6);
    CHECK(int{got.reading.interfaces[1].time.exponent} == 9);
}

TEST_CASE("times that the interface cannot say get one that can") {
    const Written got =
        write_frames({frame_at(1000), frame_at(1001), frame_at(-1), frame_at(2000), frame_at(std::numeric_limits<std::int64_t>::max()),
                      frame_at(std::numeric_limits<std::int64_t>::min() + 1)},
                     WriteFormat::pcapng);
    REQUIRE(got.reading.packets.size() == 6);
    CHECK(got.reading.packets[0].time_ns == 1000);
    CHECK(got.reading.packets[1].time_ns == 1001);
    CHECK(got.reading.packets[2].time_ns == -1);
    CHECK(got.reading.packets[3].time_ns == 2000);
    CHECK(got.reading.packets[4].time_ns == std::numeric_limits<std::int64_t>::max());
    CHECK(got.reading.packets[5].time_ns == std::numeric_limits<std::int64_t>::min() + 1);
    CHECK(got.reading.interfaces.size() == 3);
}

TEST_CASE("a frame without time stays without, where pcapng can say so") {
    const Written got = write_frames({frame_at(no_time), frame_at(no_time, 8, 9)}, WriteFormat::pcapng);
    REQUIRE(got.reading.packets.size() == 2);
    CHECK(got.reading.packets[0].time_ns == no_time);
    CHECK(got.reading.packets[1].time_ns == 0);
    CHECK(got.reading.packets[1].wire_len == 9);
}

TEST_CASE("inputs that alternate keep their interfaces and options apart") {
    FileBytes files[] = {FileBytes(ByteOrder::big), FileBytes()};
    for (FileBytes& file : files) {
        file.section().interface(file.order() == ByteOrder::big ? 1U : 101U);
        for (unsigned i = 0; i < 1200; ++i)
            file.packet(0, i, 8, 8, FileBytes(file.order()).option(1, "c").option(2, FileBytes(file.order()).u32(0x01020304)));
        file.block(5, FileBytes(file.order()).u32(0).ticks(1).option(5, FileBytes(file.order()).u64(42)).end_options());
    }
    std::vector<std::uint8_t> bytes;
    auto writer = make_writer(std::make_unique<Borrowed>(bytes), {WriteFormat::pcapng});
    auto a = open_capture(std::make_unique<MemorySource>(files[0].bytes()));
    auto b = open_capture(std::make_unique<MemorySource>(files[1].bytes()));
    Batch batch;
    for (bool more = true; more;) {
        more = false;
        for (std::uint32_t input = 0; input < 2; ++input) {
            FrameSource& source = input == 0 ? **a : **b;
            if (!source.next(batch)) continue;
            more = true;
            batch.input = input;
            REQUIRE(writer->write(batch, source.interfaces(), source.info()));
        }
    }
    REQUIRE(writer->finish());
    const Reading got = read_all(bytes);
    CHECK_FALSE(got.damage);
    REQUIRE(got.packets.size() == 2400);
    std::size_t raw = 0;
    for (const auto& packet : got.packets) {
        raw += packet.link_type == 101 ? 1 : 0;
        REQUIRE(got.interfaces.at(packet.interface).link_type == packet.link_type);
    }
    CHECK(raw == 1200);
    std::uint64_t drops = 0;
    for (const auto& interface : got.interfaces) drops += interface.drops.value_or(0);
    CHECK(drops == 84);
}

TEST_CASE("statistics name the interface by its number in the output") {
    FileBytes file;
    file.section().interface(101).packet(0, 1, 8, 8).block(5, FileBytes().u32(0).ticks(1).option(5, FileBytes().u64(42)).end_options());
    std::vector<std::uint8_t> bytes;
    auto writer = make_writer(std::make_unique<Borrowed>(bytes), {WriteFormat::pcapng});
    Batch batch;
    batch.frames = {frame_at(1000)};
    REQUIRE(writer->write(batch, std::vector<Interface>{Interface{}}, CaptureInfo{}));
    auto source = open_capture(std::make_unique<MemorySource>(file.bytes()));
    REQUIRE(source);
    while ((*source)->next(batch)) {
        batch.input = 1;
        if (!batch.others.empty() && batch.others[0].type == 0x0a0d0d0a)
            batch.others.erase(batch.others.begin());  // joins the open section
        REQUIRE(writer->write(batch, (*source)->interfaces(), (*source)->info()));
    }
    REQUIRE(writer->finish());
    const Reading got = read_all(bytes);
    REQUIRE(got.interfaces.size() == 2);
    CHECK_FALSE(got.interfaces[0].drops);
    CHECK(got.interfaces[1].drops == 42U);
    CHECK(got.packets.at(1).interface == 1);
}

TEST_CASE("packet options are turned into the other byte order") {
    const FileBytes big = FileBytes(ByteOrder::big)
                              .option(1, "text")
                              .option(2, FileBytes(ByteOrder::big).u32(0x01020304))
                              .option(4, FileBytes(ByteOrder::big).u64(5))
                              .option(2988, FileBytes(ByteOrder::big).u32(32473).text("own"));
    const FileBytes little = FileBytes()
                                 .option(1, "text")
                                 .option(2, FileBytes().u32(0x01020304))
                                 .option(4, FileBytes().u64(5))
                                 .option(2988, FileBytes().u32(32473).text("own"));
    CHECK(packet_options_in(ByteOrder::little, big.bytes(), ByteOrder::big) == little.bytes());
    CHECK(packet_options_in(ByteOrder::big, little.bytes(), ByteOrder::little) == big.bytes());
}

TEST_CASE("a capture describes interfaces without packets too") {
    std::vector<std::uint8_t> bytes;
    WriterOptions options;
    options.format = WriteFormat::pcapng;
    options.all_interfaces = true;
    auto writer = make_writer(std::make_unique<Borrowed>(bytes), options);
    Interface second;
    second.name = "eth1";
    CaptureInfo info;
    info.format = CaptureFormat::pcapng;
    info.application = "test";
    const std::vector<Interface> interfaces = {Interface{}, second};
    REQUIRE(writer->write(Batch{}, interfaces, info));
    REQUIRE(writer->finish());
    const Reading got = read_all(bytes);
    REQUIRE(got.interfaces.size() == 2);
    CHECK(got.interfaces[1].name == "eth1");
    CHECK(got.info.application == "test");
}
