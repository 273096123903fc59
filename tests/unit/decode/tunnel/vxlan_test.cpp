#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

const ByteVector inner = in_udp(9999, {});

}  // namespace

TEST_CASE("VXLAN carries an Ethernet frame") {
    const Decoded decoded{in_udp(4789, join(hex("8848 0123 abcdef 5a"), inner))};
    CHECK(decoded.stack() == "eth:ip:udp:vxlan:eth:ip:udp");
    CHECK(decoded.values("vxlan.flags") == "34888");
    CHECK(decoded.values("vxlan.flag_g") == "1");
    CHECK(decoded.values("vxlan.flag_i") == "1");
    CHECK(decoded.values("vxlan.flag_d") == "1");
    CHECK(decoded.values("vxlan.flag_a") == "1");
    CHECK(decoded.values("vxlan.gbp") == "291");
    CHECK(decoded.values("vxlan.vni") == "11259375");
    CHECK(decoded.values("vxlan.reserved8") == "90");
}

TEST_CASE("VXLAN without its flag or without its header is the packet's fault") {
    CHECK(Decoded{in_udp(4789, join(hex("0000 0000 abcdef 00"), inner))}.end() == "bad vxlan flags");
    CHECK(Decoded{in_udp(4789, hex("0800 0000 abcdef"))}.end() == "bad vxlan header_beyond_packet");
}

TEST_CASE("a VXLAN packet cut anywhere is not the packet's fault") {
    CHECK(broken_at_a_prefix(in_udp(4789, join(hex("0800 0000 00002a 00"), inner))) == "");
}

}  // namespace pcapline::test
