#include "pcapline/tcp/segment_reader.h"

#include "pcapline/decode/checksum.h"

#include <string>

#include "pcapline/decode/glance.h"
#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

/// A segment from port 0x3039 to 0x1f90, seq 1, ack 2, flags PSH ACK, window 0x0100, with these options and payload.
ByteVector frame_with(std::string_view options, std::string_view payload = "aabb") {
    ByteVector extra = hex(options);
    while (extra.size() % 4 != 0) extra.push_back(0);
    ByteVector header = hex("3039 1f90 00000001 00000002 5018 0100 0000 0000");
    header[12] = static_cast<std::uint8_t>((5 + extra.size() / 4) << 4);
    return in_ipv4(6, join(join(header, extra), hex(payload)));
}

struct Read {
    Segment segment;
    bool was_tcp = false;
};
Read read(const Decoded& decoded) {
    Read out;
    out.was_tcp = read_segment(decoded.frame(), 7, innermost_ip(decoded.packet()), &decoded.packet(), out.segment);
    return out;
}

}  // namespace

TEST_CASE("A segment is what its header says", "[tcp]") {
    const Decoded decoded{frame_with("")};
    const auto [segment, was_tcp] = read(decoded);
    REQUIRE(was_tcp);
    CHECK(segment.number == 7);
    CHECK(segment.seq == 1);
    CHECK(segment.ack == 2);
    CHECK(segment.flags == 0x018);
    CHECK(segment.window == 0x0100);
    CHECK(segment.payload_bytes == 2);
    CHECK(segment.first_byte_known);
    CHECK(segment.first_byte == 0xaa);
    CHECK(segment.length_known);
    CHECK(segment.mss == 0);
    CHECK_FALSE(segment.has_window_shift);
    CHECK_FALSE(segment.sack_permitted);
    CHECK(segment.sack_blocks == 0);
}

TEST_CASE("Subtypes of multipath options are kept as a set", "[tcp]") {
    CHECK(read(Decoded{frame_with("")}).segment.multipath == 0);
    CHECK(read(Decoded{frame_with("1e04 2000 1e03 80")}).segment.multipath == 0x104);
    CHECK(read(Decoded{frame_with("1e02")}).segment.multipath == 0);
}

TEST_CASE("glance() and decode() lead to the same segment", "[tcp]") {
    const Decoded decoded{frame_with("0101 080a 00000001 00000002")};
    Glance glance_says;
    REQUIRE(glance(decoded.frame(), glance_says));
    Segment segment;
    REQUIRE(read_segment(decoded.frame(), 1, glance_says.inner, nullptr, segment));
    CHECK(segment.payload_bytes == 2);
    CHECK(segment.first_byte == 0xaa);
}

TEST_CASE("TCP options", "[tcp]") {
    struct Case {
        const char* name;
        const char* options;
        int mss;
        int shift;  // -1: none
        bool permitted;
        int blocks;
        std::uint32_t first_left;
    };
    const Case c = GENERATE(values<Case>({
        {"none", "", 0, -1, false, 0, 0},
        {"of a SYN", "020405b4 0402 080a0000000100000000 01 030307", 1460, 7, true, 0, 0},
        {"a shift above 14 is kept for who scales", "0303ff00", 0, 255, false, 0, 0},
        {"one block", "0101 050a 11111111 22222222", 0, -1, false, 1, 0x11111111},
        {"four blocks", "0101 0522 00000001 00000002 00000003 00000004 00000005 00000006 00000007 00000008", 0, -1, false, 4, 1},
        {"twice, together more than four", "051a 000000010000000200000003000000040000000500000006 050a 0000000700000008", 0, -1, false, 4,
         1},
        {"a block and a half", "0101 050e 00000001 00000002 00000003", 0, -1, false, 0, 0},
        {"nothing behind the end of options", "00 0204 05b4 000000", 0, -1, false, 0, 0},
        {"length zero", "0200 05b4", 0, -1, false, 0, 0},
        {"length one", "0201 05b4", 0, -1, false, 0, 0},
        {"longer than the header", "02ff 05b4", 0, -1, false, 0, 0},
        {"kind without length", "010101 02", 0, -1, false, 0, 0},
        {"a wrong length is passed over", "0203 05 020405b4", 1460, -1, false, 0, 0},
        {"a shift of two bytes is none", "0304 0707", 0, -1, false, 0, 0},
        {"permission with data is none", "0403 00", 0, -1, false, 0, 0},
    }));
    INFO(c.name);
    const Decoded decoded{frame_with(c.options)};
    const auto [segment, was_tcp] = read(decoded);
    REQUIRE(was_tcp);
    CHECK(segment.mss == c.mss);
    CHECK((segment.has_window_shift ? segment.window_shift : -1) == c.shift);
    CHECK(segment.sack_permitted == c.permitted);
    CHECK(segment.sack_blocks == c.blocks);
    if (c.blocks > 0) CHECK(segment.sack[0].left == c.first_left);
    CHECK(segment.payload_bytes == 2);
}

TEST_CASE("Every prefix of a frame gives a segment or none, and reads nothing outside", "[tcp]") {
    const ByteVector whole = frame_with("0101 0522 00000001 00000002 00000003 00000004 00000005 00000006 00000007 00000008");
    std::size_t segments = 0;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const Decoded decoded{ByteVector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)),
                              static_cast<std::uint32_t>(whole.size())};
        const auto [segment, was_tcp] = read(decoded);
        if (!was_tcp) continue;
        ++segments;
        CHECK(segment.payload_bytes == 2);
        CHECK(segment.first_byte_known == (size > whole.size() - 2));
        // The checksum in it is wrong, but only the whole segment shows it.
        CHECK((transport_checksum(decoded.frame(), innermost_ip(decoded.packet()), &decoded.packet()) == Checksum::bad) ==
              (size == whole.size()));
    }
    CHECK(segments == 3);
}

TEST_CASE("What is not TCP is no segment", "[tcp]") {
    const Decoded decoded{in_udp(53, hex("0001"))};
    CHECK_FALSE(read(decoded).was_tcp);
    CHECK_FALSE(transport_checksum(decoded.frame(), innermost_ip(decoded.packet()), &decoded.packet()) == Checksum::bad);
}

TEST_CASE("Of the first fragment the length is not known", "[tcp]") {
    ByteVector bytes = frame_with("");
    bytes[14 + 6] = 0x20;  // more fragments
    const Decoded decoded{bytes};
    const auto [segment, was_tcp] = read(decoded);
    REQUIRE(was_tcp);
    CHECK_FALSE(segment.length_known);
    CHECK_FALSE(transport_checksum(decoded.frame(), innermost_ip(decoded.packet()), &decoded.packet()) == Checksum::bad);
}

TEST_CASE("TCP checksums", "[tcp]") {
    struct Case {
        const char* name;
        const char* ip_and_tcp;
        std::uint16_t type;
        bool bad;
    };
    // 192.0.2.1 to 192.0.2.2 and 2001:db8::1 to ::2; three bytes of payload, so that the last is half a word.
    const Case c = GENERATE(values<Case>({
        {"good, IPv4", "4500002b 00000000 40060000 c0000201 c0000202 | 3039 1f90 00000001 00000002 5018 0100 643d 0000 | aabbcc", 0x0800,
         false},
        {"one bit off, IPv4", "4500002b 00000000 40060000 c0000201 c0000202 | 3039 1f90 00000001 00000002 5018 0100 643c 0000 | aabbcc",
         0x0800, true},
        {"zero, as offloading leaves it",
         "4500002b 00000000 40060000 c0000201 c0000202 | 3039 1f90 00000001 00000002 5018 0100 0000 0000 | aabbcc", 0x0800, true},
        {"good, IPv6",
         "60000000 0017 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002 | 3039 1f90 00000001 00000002 5018 0100 "
         "8ccc 0000 | aabbcc",
         0x86dd, false},
        {"one bit off, IPv6",
         "60000000 0017 06 40 20010db8000000000000000000000001 20010db8000000000000000000000003 | 3039 1f90 00000001 00000002 5018 0100 "
         "8ccc 0000 | aabbcc",
         0x86dd, true},
    }));
    INFO(c.name);
    const Decoded decoded{in_ethernet(c.type, hex(c.ip_and_tcp))};
    CHECK((transport_checksum(decoded.frame(), innermost_ip(decoded.packet()), &decoded.packet()) == Checksum::bad) == c.bad);
}
