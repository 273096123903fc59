#include "support/catch.h"
#include "support/decoded.h"
#include "support/packet_builder.h"

namespace pcapline::test {
namespace {

const ByteVector inner = hex("4500001c 00000000 40110000 c0000201 c0000202 00350035 00080000");

Decoded decode_gre(const char* header) {
    return Decoded{in_ipv4(47, join(hex(header), inner))};
}

}  // namespace

TEST_CASE("the flags of GRE say which words follow") {
    struct Case {
        const char* name;
        const char* header;
        const char* checksum;
        const char* offset;
        const char* key;
        const char* sequence;
    };
    const Case cases[] = {
        {"none", "0000 0800", "", "", "", ""},
        {"checksum", "8000 0800 1234 0000", "4660", "0", "", ""},
        {"key", "2000 0800 00000017", "", "", "23", ""},
        {"sequence number", "1000 0800 00000005", "", "", "", "5"},
        {"all three", "b000 0800 1234 0002 00000017 00000005", "4660", "2", "23", "5"},
        {"routing with two routes", "4000 0800 1234 0000 0800 0004 0a000001 0000 0000", "4660", "0", "", ""},
    };
    for (const Case& c : cases) {
        INFO(c.name);
        const Decoded decoded = decode_gre(c.header);
        CHECK(decoded.stack() == "eth:ip:gre:ip:udp");
        CHECK(decoded.values("gre.proto") == "2048");
        CHECK(decoded.values("gre.checksum") == c.checksum);
        CHECK(decoded.values("gre.offset") == c.offset);
        CHECK(decoded.values("gre.key") == c.key);
        CHECK(decoded.values("gre.sequence_number") == c.sequence);
    }
}

TEST_CASE("every flag of GRE is its own bit") {
    const std::pair<const char*, const char*> flags[] = {
        {"8000 0800 0000 0000", "gre.flags.checksum"},  {"4000 0800 0000 0000 0000 0000", "gre.flags.routing"},
        {"2000 0800 00000000", "gre.flags.key"},        {"1000 0800 00000000", "gre.flags.sequence_number"},
        {"0800 0800", "gre.flags.strict_source_route"},
    };
    for (const auto& [header, set] : flags) {
        const Decoded decoded = decode_gre(header);
        for (const auto& [other, name] : flags) {
            INFO(header << ' ' << name);
            CHECK(decoded.values(name) == (std::string{name} == set ? "1" : "0"));
        }
    }
    CHECK(decode_gre("0500 0800").values("gre.flags.recursion_control") == "5");
    CHECK(decode_gre("0088 0800").values("gre.flags.reserved") == "17");
    CHECK(decode_gre("0088 0800").values("gre.flags.ack") == "");
}

TEST_CASE("GRE of PPTP has a payload length, a call and an acknowledgment") {
    const Decoded decoded{in_ipv4(47, hex("3081 880b 0004 0123 00000005 00000006"))};
    CHECK(decoded.values("gre.flags.version") == "1");
    CHECK(decoded.values("gre.flags.ack") == "1");
    CHECK(decoded.values("gre.flags.reserved") == "0");
    CHECK(decoded.values("gre.key.payload_length") == "4");
    CHECK(decoded.values("gre.key.call_id") == "291");
    CHECK(decoded.values("gre.key") == "");
    CHECK(decoded.values("gre.sequence_number") == "5");
    CHECK(decoded.values("gre.ack_number") == "6");
}

TEST_CASE("PPP follows GRE of PPTP") {
    const Decoded decoded{in_ipv4(47, join(hex("3001 880b 0020 0123 00000005 ff03 0021"), inner))};
    CHECK(decoded.stack() == "eth:ip:gre:ppp:ip:udp");
}

TEST_CASE("an Ethernet frame may follow GRE") {
    const Decoded decoded{in_ipv4(47, join(hex("2000 6558 00000017 00005e005301 00005e00530a 0800"), inner))};
    CHECK(decoded.stack() == "eth:ip:gre:eth:ip:udp");
}

TEST_CASE("a GRE header that cannot be is the packet's fault") {
    const std::pair<const char*, const char*> cases[] = {
        {"0002 0800", "bad gre version"},
        {"2000 0800 0000", "bad gre header_beyond_packet"},
        {"4000 0800 0000 0000 0800 00ff 0a000001", "bad gre header_beyond_packet"},
        {"4000 0800 0000 0000 0800 0004 0a000001", "bad gre header_beyond_packet"},
        {"0000", "bad gre header_beyond_packet"},
    };
    for (const auto& [header, end] : cases) {
        INFO(header);
        CHECK(Decoded{in_ipv4(47, hex(header))}.end() == end);
    }
}

TEST_CASE("a GRE packet cut anywhere is not the packet's fault") {
    CHECK(broken_at_a_prefix(in_ipv4(47, join(hex("f000 0800 1234 0002 00000017 00000005 0800 0004 0a000001 0000 0000"), inner))) == "");
}

}  // namespace pcapline::test
