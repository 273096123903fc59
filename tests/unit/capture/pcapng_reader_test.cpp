#include "capture_bytes.h"
#include "pcapline/capture/pcapng_options.h"
#include "support/catch.h"

using namespace pcapline;
using namespace pcapline::test;

TEST_CASE("pcapng: sections of both byte orders, interfaces of all kinds, and their times") {
    FileBytes file;
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big, ByteOrder::little}) {
        FileBytes section(order);
        section.section();
        section.interface(1, 96,
                          FileBytes(order).option(2, "eth0").option(9, FileBytes().u8(9)).option(13, FileBytes().u8(4)).end_options());
        section.interface(101, 0, FileBytes(order).option(9, FileBytes().u8(0x8a)).option(14, FileBytes(order).u64(100)));
        section.packet(1, 1024, 7, 100);
        section.packet(0, 1714550400120000001, 8, 8);
        section.packet(0, 1714550400120000001, 0, 0);
        file.add(section.bytes());
    }
    const Reading got = read_all(file.bytes());
    REQUIRE(got.error.empty());
    CHECK_FALSE(got.damage);
    REQUIRE(got.packets.size() == 9);
    REQUIRE(got.interfaces.size() == 6);
    CHECK(got.info.order == ByteOrder::little);
    CHECK(int{got.info.time_digits} == 9);
    for (unsigned section = 0; section < 3; ++section) {
        CHECK(got.packets[3 * section].interface == 2 * section + 1);
        CHECK(got.packets[3 * section].time_ns == 101000000000);
        CHECK(got.packets[3 * section].link_type == 101);
        CHECK(got.packets[3 * section].wire_len == 100);
        CHECK(got.packets[3 * section].data.size() == 7);
        CHECK(got.packets[3 * section + 1].time_ns == 1714550400120000001);
        CHECK(got.packets[3 * section + 2].data.empty());
        CHECK(got.interfaces[2 * section].name == "eth0");
        CHECK(int{got.interfaces[2 * section].fcs_len} == 4);
        CHECK(got.interfaces[2 * section].snap_len == 96);
        CHECK(got.interfaces[2 * section].section == section);
    }
}

TEST_CASE("pcapng: options of headers, interfaces and statistics are known") {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        FileBytes file(order);
        file.section(
            FileBytes(order).option(2, "abacus").option(3, "Linux").option(4, "by hand").option(1, "one").option(1, "two").end_options());
        FileBytes filter;
        filter.u8(0).text("tcp port 80");
        file.interface(1, 0,
                       FileBytes(order)
                           .option(3, "a wire")
                           .option(11, filter)
                           .option(12, "eOS")
                           .option(15, "card")
                           .option(9, "too long")
                           .end_options());
        file.packet(0, 5, 4, 4);
        file.block(5, FileBytes(order).u32(0).ticks(9).option(5, FileBytes(order).u64(1234567890123)).end_options());
        file.block(5, FileBytes(order).u32(7).ticks(9).option(5, FileBytes(order).u64(1)).end_options());
        const Reading got = read_all(file.bytes());
        REQUIRE(got.interfaces.size() == 1);
        CHECK(got.info.hardware == "abacus");
        CHECK(got.info.os == "Linux");
        CHECK(got.info.application == "by hand");
        CHECK(got.info.comments == std::vector<std::string>{"one", "two"});
        CHECK(got.interfaces[0].description == "a wire");
        CHECK(got.interfaces[0].filter == "tcp port 80");
        CHECK(got.interfaces[0].os == "eOS");
        CHECK(got.interfaces[0].hardware == "card");
        CHECK(int{got.interfaces[0].time.exponent} == 6);
        CHECK(got.interfaces[0].drops == 1234567890123U);
        CHECK(got.packets.size() == 1);
    }
}

TEST_CASE("pcapng: simple and obsolete packets, unknown, custom and empty blocks") {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        FileBytes file(order);
        file.section().interface(1, 10);
        file.simple(6, 8).simple(60, 12).simple(9, 4);
        file.block(0xbad, FileBytes(order).u32(0xbad))
            .block(11, FileBytes(order).u32(1))
            .block(0x40000bad, FileBytes(order))
            .block(4, FileBytes(order).u32(0));
        file.block(2, FileBytes(order).u16(0).u16(9).ticks(7).u32(5).u32(99).fill(8, 0x5a).option(1, "old"));
        const Reading got = read_all(file.bytes());
        REQUIRE(got.packets.size() == 4);
        CHECK_FALSE(got.damage);
        CHECK(got.packets[0].data.size() == 6);   // the original length
        CHECK(got.packets[1].data.size() == 10);  // the snapshot length
        CHECK(got.packets[2].data.size() == 4);   // what is there
        CHECK(got.packets[1].wire_len == 60);
        CHECK(got.packets[1].time_ns == no_time);
        CHECK(got.packets[3].time_ns == 7000);
        CHECK(got.packets[3].data.size() == 5);
        CHECK(got.packets[3].wire_len == 99);
        REQUIRE(find_option(got.packets[3].options, order, 1));
        CHECK(option_text(*find_option(got.packets[3].options, order, 1)) == "old");
        CHECK(got.other_types == std::vector<std::uint32_t>{0x0a0d0d0a, 1, 0xbad, 11, 0x40000bad, 4});
    }
}

TEST_CASE("pcapng: blocks that stand between packets are handed out in their place, whole") {
    FileBytes file;
    file.section().interface().packet(0, 1, 4, 4).block(0xbad, FileBytes().text("abcd")).packet(0, 2, 4, 4);
    auto source = open_capture(std::make_unique<MemorySource>(file.bytes()));
    REQUIRE(source);
    Batch batch;
    REQUIRE((*source)->next(batch));
    REQUIRE(batch.frames.size() == 2);
    REQUIRE(batch.others.size() == 3);
    CHECK(batch.others[0].before_frame == 0);
    CHECK(batch.others[1].interface == 0);
    CHECK(batch.others[2].before_frame == 1);
    CHECK(batch.others[2].bytes.size() == 16);
    CHECK(batch.others[2].bytes[8] == 'a');
    CHECK_FALSE((*source)->next(batch));
}

TEST_CASE("pcapng: no option list, however bad, loses a packet") {
    struct Row {
        const char* what;
        FileBytes options;
        std::size_t sound;
    };
    const Row rows[] = {
        {"none", FileBytes(), 0},
        {"only the end", FileBytes().end_options(), 0},
        {"a comment", FileBytes().option(1, "abc").end_options(), 8},
        {"no end", FileBytes().option(1, "abc"), 8},
        {"dirty padding", FileBytes().u16(1).u16(1).text("a\xee\xee\xee").end_options(), 8},
        {"something behind the end", FileBytes().option(1, "abcd").end_options().fill(4, 0xee), 8},
        {"longer than its block", FileBytes().option(1, "abcd").u16(1).u16(400).fill(4), 8},
        {"a header cut by the block's end", FileBytes().option(1, "abcd").u16(1).u16(65535), 8},
    };
    for (const Row& row : rows) {
        const Reading got =
            read_all(FileBytes().section().interface().packet(0, 1, 4, 4).packet(0, 2, 5, 5, row.options).packet(0, 3, 4, 4).bytes());
        CAPTURE(row.what);
        CHECK_FALSE(got.damage);
        REQUIRE(got.packets.size() == 3);
        CHECK(got.packets[0].options.empty());
        CHECK(got.packets[1].options.size() == row.sound);
        CHECK(got.packets[2].options.empty());
    }
}

TEST_CASE("pcapng: damage ends the file where it is, after everything before it") {
    const FileBytes good = FileBytes().section().interface().packet(0, 1, 4, 4);
    FileBytes two_lengths = FileBytes().packet(0, 1, 4, 4);
    two_lengths.bytes()[two_lengths.size() - 4] ^= 8;
    FileBytes too_long = FileBytes().packet(0, 1, 4, 4);
    too_long.bytes()[20] = 5;
    struct Row {
        const char* what;
        FileBytes tail;
    };
    const Row rows[] = {
        {"pcapng block cut short", FileBytes().fill(1)},
        {"pcapng block cut short", FileBytes().u32(6).u32(40).fill(31)},
        {"pcapng block shorter than its header", FileBytes().u32(6).u32(0).fill(90)},
        {"pcapng block shorter than its header", FileBytes().u32(6).u32(11).fill(90)},
        {"pcapng block claims 4294967292 bytes, more than 17039360", FileBytes().u32(6).u32(0xfffffffc).fill(90)},
        {"pcapng block claims 4294967295 bytes, more than 17039360", FileBytes().u32(6).u32(0xffffffff).fill(90)},
        {"pcapng block with two different lengths", two_lengths},
        {"pcapng packet longer than its block", too_long},
        {"pcapng packet block shorter than its fields", FileBytes().block(6, FileBytes().u32(0).ticks(0).u32(0))},
        {"pcapng packet block shorter than its fields", FileBytes().block(3, FileBytes())},
        {"pcapng packet of interface 5, which is not described", FileBytes().packet(5, 1, 4, 4)},
        {"pcapng interface description shorter than its fields", FileBytes().block(1, FileBytes().u32(1))},
        {"pcapng packet of interface 0, which is not described", FileBytes().section().simple(4, 4)},
        {"pcapng version 2.0 is not supported", FileBytes().block(0x0a0d0d0a, FileBytes().u32(0x1a2b3c4d).u16(2).u16(0).u64(0))},
        {"pcapng section header without a byte-order magic", FileBytes().block(0x0a0d0d0a, FileBytes().u32(1).u32(1).u64(0))},
    };
    for (const Row& row : rows) {
        const Reading got = read_all(FileBytes(good).add(row.tail.bytes()).bytes());
        CAPTURE(row.what);
        REQUIRE(got.damage);
        CHECK(got.damage->what == row.what);
        CHECK(got.damage->good_packets == 1);
        const std::size_t before = row.tail.bytes().at(0) == 0x0a && row.tail.size() > 36 ? 28U : 0U;  // a sound section header first
        CHECK(got.damage->offset == good.size() + before);
        CHECK(got.damage->skipped_bytes == row.tail.size() - before);
        CHECK(got.packets.size() == 1);
    }
}

TEST_CASE("pcapng: a block whose length lacks its padding is read") {
    FileBytes file = FileBytes().section().interface().packet(0, 1, 5, 5).packet(0, 2, 4, 4);
    const std::size_t packet = 28 + 20;
    file.bytes()[packet + 4] = 37;
    file.bytes()[packet + 36] = 37;
    const Reading got = read_all(file.bytes());
    CHECK_FALSE(got.damage);
    CHECK(got.packets.size() == 2);
}

TEST_CASE("pcapng: more interfaces than a frame can name are damage") {
    FileBytes file;
    file.section();
    for (int i = 0; i < 65536; ++i) file.interface();
    file.packet(65535, 1, 4, 4);
    const Reading full = read_all(file.bytes());
    CHECK_FALSE(full.damage);
    REQUIRE(full.packets.size() == 1);
    CHECK(full.packets[0].interface == 65535);
    const Reading over = read_all(file.interface().bytes());
    REQUIRE(over.damage);
    CHECK(over.damage->what == "more than 65536 interfaces");
}

TEST_CASE("pcapng: the interfaces before the first packet are known at once, in whatever pieces they come") {
    const FileBytes file = FileBytes().section().interface().interface(101).packet(0, 1, 4, 4).interface(113);
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, block_size}) {
        auto source = open_capture(std::make_unique<MemorySource>(file.bytes(), "memory", step));
        REQUIRE(source);
        CHECK((*source)->interfaces().size() == 2);
    }
}
