#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {

TEST_CASE("a UDP header gives ports, length and checksum") {
    const Decoded decoded{in_ipv4(17, hex("cf84 0050 000c 1234 01020304"))};
    CHECK(decoded.stack() == "eth:ip:udp");
    CHECK(decoded.values("udp.srcport") == "53124");
    CHECK(decoded.values("udp.dstport") == "80");
    CHECK(decoded.values("udp.port") == "53124,80");
    CHECK(decoded.values("udp.length") == "12");
    CHECK(decoded.values("udp.checksum") == "4660");
    CHECK(decoded.values("udp.payload") == "01020304");
}

TEST_CASE("a UDP length decides what is payload and what is wrong") {
    struct Case {
        const char* name;
        const char* datagram;
        const char* end;
        const char* payload;
    };
    const Case cases[] = {
        {"shorter than the packet: the rest is padding", "cf84 0050 000a 0000 01020304", "payload", "0102"},
        {"zero: to the end of the packet", "cf84 0050 0000 0000 01020304", "payload", "01020304"},
        {"just the header", "cf84 0050 0008 0000", "payload", ""},
        {"less than the header", "cf84 0050 0007 0000 01020304", "bad udp length_field", ""},
        {"more than the packet", "cf84 0050 ffff 0000 01020304", "payload length_beyond_frame", "01020304"},
        {"header beyond the packet", "cf84 0050 0008 00", "bad udp header_beyond_packet", ""},
    };
    for (const Case& c : cases) {
        INFO(c.name);
        const Decoded decoded{in_ipv4(17, hex(c.datagram))};
        CHECK(decoded.end() == c.end);
        CHECK(decoded.values("udp.payload") == c.payload);
    }
}

TEST_CASE("a UDP datagram cut anywhere is not the packet's fault") {
    CHECK(broken_at_a_prefix(in_udp(9999, hex("0102030405"))) == "");
}

}  // namespace pcapline::test
