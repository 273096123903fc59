#include "pcapline/flow/flow_key.h"

#include "pcapline/decode/glance.h"
#include "pcapline/flow/flow_hash.h"
#include "pcapline/flow/key_extras.h"
#include "support/catch.h"
#include "unit/flow/flow_support.h"

using namespace pcapline;
using namespace pcapline::test;

TEST_CASE("The key of a packet names its innermost ends and the ports directly above them", "[flow]") {
    struct Case {
        const char* name;
        Octets bytes;
        const char* expected;
    };
    const Octets inner = ethernet(0x0800, ipv4(6, tcp(1111, 80), 7, 8));
    const Octets vxlan = hex("0800000000138900");
    const Case c = GENERATE_COPY(values<Case>({
        {"UDP over IPv4", ethernet(0x0800, ipv4(17, udp(53, 99))), "17 10.0.0.1:53 > 10.0.0.2:99"},
        {"the other way", ethernet(0x0800, ipv4(17, udp(99, 53), 2, 1)), "17 10.0.0.2:99 > 10.0.0.1:53"},
        {"TCP over IPv6", ethernet(0x86dd, ipv6(6, tcp(5, 6))), "6 2001:db8::1:5 > 2001:db8::2:6"},
        {"SCTP", ethernet(0x0800, ipv4(132, be16_of(7) + be16_of(8) + hex("00000000 00000000"))), "132 10.0.0.1:7 > 10.0.0.2:8"},
        {"UDP-Lite", ethernet(0x0800, ipv4(136, udp(7, 8))), "136 10.0.0.1:7 > 10.0.0.2:8"},
        {"DCCP", ethernet(0x86dd, ipv6(33, be16_of(7) + be16_of(8) + hex("00000000 00000000"))), "33 2001:db8::1:7 > 2001:db8::2:8"},
        {"a protocol without ports", ethernet(0x0800, ipv4(89, hex("02010030 01020304"))), "89 10.0.0.1:0 > 10.0.0.2:0"},
        {"an extension header", ethernet(0x86dd, ipv6(60, hex("1100 010400000000") + udp(7, 8))), "17 2001:db8::1:7 > 2001:db8::2:8"},
        {"an authentication header", ethernet(0x0800, ipv4(51, hex("1104 0000 00000001 00000001 000000000000000000000000") + udp(7, 8))),
         "17 10.0.0.1:7 > 10.0.0.2:8"},
        {"a VLAN tag", ethernet(0x8100, be16_of(5) + be16_of(0x0800) + ipv4(17, udp(7, 8))), "17 10.0.0.1:7 > 10.0.0.2:8"},
        {"IP in IP", ethernet(0x0800, ipv4(4, ipv4(17, udp(7, 8), 3, 4))), "17 10.0.0.3:7 > 10.0.0.4:8"},
        {"VXLAN", ethernet(0x0800, ipv4(17, udp(40000, 4789, vxlan + inner))), "6 10.0.0.7:1111 > 10.0.0.8:80"},
        {"an ICMP error is not of the flow that it quotes", ethernet(0x0800, ipv4(1, hex("03010000 00000000") + ipv4(17, udp(7, 8), 2, 1))),
         "1 10.0.0.1:0 > 10.0.0.2:0"},
        {"a header that is cut behind its ports", ethernet(0x0800, ipv4(6, be16_of(7) + be16_of(8))), "6 10.0.0.1:7 > 10.0.0.2:8"},
        {"a header that is cut before them", ethernet(0x0800, ipv4(6, be16_of(7))), "6? 10.0.0.1:0 > 10.0.0.2:0"},
        {"a later fragment", ethernet(0x0800, ipv4(17, hex("0001000200030004"), 1, 2, 9, 3)), "17? 10.0.0.1:0 > 10.0.0.2:0"},
        {"not IP", ethernet(0x0806, hex("0001080006040001 020000000001 0a000001 000000000000 0a000002")), "none"},
    }));
    INFO(c.name);
    CHECK(flow_text(c.bytes) == c.expected);
}

TEST_CASE("ICMP requests and their replies are one flow, and all other messages of two hosts another", "[flow]") {
    struct Case {
        const char* name;
        std::uint8_t protocol;
        const char* message;
        const char* expected;
    };
    const Case c = GENERATE(values<Case>({
        {"echo request", 1, "0800000000070001", "1/8 10.0.0.1:7 > 10.0.0.2:7"},
        {"echo reply", 1, "0000000000070001", "1/8 10.0.0.1:7 > 10.0.0.2:7"},
        {"timestamp request", 1, "0d00000000070001", "1/13 10.0.0.1:7 > 10.0.0.2:7"},
        {"timestamp reply", 1, "0e00000000070001", "1/13 10.0.0.1:7 > 10.0.0.2:7"},
        {"information request", 1, "0f00000000070001", "1/15 10.0.0.1:7 > 10.0.0.2:7"},
        {"address mask reply", 1, "1200000000070001", "1/17 10.0.0.1:7 > 10.0.0.2:7"},
        {"router solicitation", 1, "0a00000000000000", "1/10 10.0.0.1:0 > 10.0.0.2:0"},
        {"router advertisement", 1, "0900000002020001", "1/10 10.0.0.1:0 > 10.0.0.2:0"},
        {"unreachable", 1, "0301000000000000", "1 10.0.0.1:0 > 10.0.0.2:0"},
        {"time exceeded", 1, "0b00000000000000", "1 10.0.0.1:0 > 10.0.0.2:0"},
        {"cut before its identifier", 1, "08000000", "1/8 10.0.0.1:0 > 10.0.0.2:0"},
        {"cut before its code", 1, "08", "1? 10.0.0.1:0 > 10.0.0.2:0"},
        {"ICMPv6 echo request", 58, "8000000000070001", "58/128 10.0.0.1:7 > 10.0.0.2:7"},
        {"ICMPv6 echo reply", 58, "8100000000070001", "58/128 10.0.0.1:7 > 10.0.0.2:7"},
        {"neighbour advertisement", 58, "8800000060000000", "58/135 10.0.0.1:0 > 10.0.0.2:0"},
        {"listener report", 58, "8300000000000000", "58/130 10.0.0.1:0 > 10.0.0.2:0"},
        {"home agent address discovery", 58, "9000000000070000", "58/144 10.0.0.1:7 > 10.0.0.2:7"},
        {"its reply", 58, "9100000000070000", "58/144 10.0.0.1:7 > 10.0.0.2:7"},
        {"ICMPv6 unreachable", 58, "0100000000000000", "58 10.0.0.1:0 > 10.0.0.2:0"},
    }));
    INFO(c.name);
    CHECK(flow_text(ethernet(0x0800, ipv4(c.protocol, hex(c.message)))) == c.expected);
}

TEST_CASE("Type and code are kept, but are not part of the key", "[flow]") {
    const Keyed unreachable{ethernet(0x0800, ipv4(1, hex("0301000000000000")))};
    const Keyed exceeded{ethernet(0x0800, ipv4(1, hex("0b00000000000000"), 2, 1))};
    CHECK(unreachable.flow.icmp_type == 3);
    CHECK(unreachable.flow.icmp_code == 1);
    CHECK(exceeded.flow.icmp_type == 11);
    CHECK(unreachable.flow.key == exceeded.flow.key);
    CHECK(unreachable.flow.from_low != exceeded.flow.from_low);
}

TEST_CASE("Both ways have one key, whatever orders the ends", "[flow]") {
    struct Case {
        const char* name;
        Octets there;
        Octets back;
        bool told_apart;
    };
    const Case c = GENERATE(values<Case>({
        {"addresses", ethernet(0x0800, ipv4(6, tcp(9, 1), 1, 2)), ethernet(0x0800, ipv4(6, tcp(1, 9), 2, 1)), true},
        {"addresses whose bytes order otherwise than little-endian numbers", ethernet(0x0800, ipv4(17, udp(1, 1), 0, 255)),
         ethernet(0x0800, ipv4(17, udp(1, 1), 255, 0)), true},
        {"ports, of one address", ethernet(0x0800, ipv4(6, tcp(9, 1), 1, 1)), ethernet(0x0800, ipv4(6, tcp(1, 9), 1, 1)), true},
        {"nothing", ethernet(0x0800, ipv4(6, tcp(9, 9), 1, 1)), ethernet(0x0800, ipv4(6, tcp(9, 9), 1, 1)), false},
        {"IPv6 addresses", ethernet(0x86dd, ipv6(17, udp(9, 1), 1, 2)), ethernet(0x86dd, ipv6(17, udp(1, 9), 2, 1)), true},
        {"ports, of one IPv6 address", ethernet(0x86dd, ipv6(17, udp(9, 1), 1, 1)), ethernet(0x86dd, ipv6(17, udp(1, 9), 1, 1)), true},
    }));
    INFO(c.name);
    const Keyed there{c.there};
    const Keyed back{c.back};
    REQUIRE((there.found && back.found));
    CHECK(there.flow.key == back.flow.key);
    CHECK((there.flow.from_low != back.flow.from_low) == c.told_apart);
}

TEST_CASE("Every part of a key tells flows apart", "[flow]") {
    const FlowKey key = Keyed{ethernet(0x0800, ipv4(17, udp(53, 99)))}.flow.key;
    const auto differs = [&](auto change) {
        FlowKey other = key;
        change(other);
        return !(other == key);
    };
    CHECK(key == FlowKey{key});
    CHECK(differs([](FlowKey& other) { other.low.address[3] ^= 1; }));
    CHECK(differs([](FlowKey& other) { other.high.address[0] ^= 1; }));
    CHECK(differs([](FlowKey& other) { other.low.port ^= 1; }));
    CHECK(differs([](FlowKey& other) { other.high.port ^= 256; }));
    CHECK(differs([](FlowKey& other) { other.protocol = 136; }));
    CHECK(differs([](FlowKey& other) { other.family = Family::ipv6; }));
    CHECK(differs([](FlowKey& other) { other.pairing = 8; }));
    CHECK(differs([](FlowKey& other) { other.lacks_ports = 1; }));
    CHECK(differs([](FlowKey& other) { other.extra = 1; }));
}

TEST_CASE("Keys may be pairs of addresses", "[flow]") {
    const Octets vxlan = hex("0800000000138900");
    Octets inside = ethernet(0x0800, ipv4(6, tcp(1111, 80), 7, 8));
    inside[5] = 0x77;
    const Octets tunnelled = ethernet(0x0800, ipv4(17, udp(40000, 4789, vxlan + inside)));
    CHECK(flow_text(tunnelled, {.by = FlowBy::ip}) == "0 10.0.0.7:0 > 10.0.0.8:0");
    CHECK(flow_text(tunnelled, {.by = FlowBy::ip, .outermost = true}) == "0 10.0.0.1:0 > 10.0.0.2:0");
    CHECK(flow_text(tunnelled, {.outermost = true}) == "17 10.0.0.1:40000 > 10.0.0.2:4789");
    CHECK(flow_text(tunnelled, {.by = FlowBy::eth}) == "0 02:00:00:00:00:01:0 > 02:00:00:00:00:77:0");
    CHECK(flow_text(tunnelled, {.by = FlowBy::eth, .outermost = true}) == "0 02:00:00:00:00:01:0 > 02:00:00:00:00:02:0");
    CHECK(flow_text(ethernet(0x0806, hex("00")), {.by = FlowBy::eth}) == "0 02:00:00:00:00:01:0 > 02:00:00:00:00:02:0");
    CHECK(flow_text(ethernet(0x0806, hex("00")), {.by = FlowBy::ip}) == "none");
}

TEST_CASE("The outermost IP packet is measured by its own headers", "[flow]") {
    const Octets bytes = ethernet(0x0800, ipv4(4, ipv4(17, udp(7, 8, hex("01020304")), 3, 4)));
    Packet packet;
    decode(frame_of(bytes), packet);
    CHECK(outermost_ip(packet).ip_bytes == 52);
    CHECK(outermost_ip(packet).payload_bytes == 32);
    CHECK(innermost_ip(packet).ip_bytes == 32);
    CHECK(innermost_ip(packet).payload_bytes == 4);
}

TEST_CASE("VLANs, tunnels and interfaces may be part of the key", "[flow]") {
    auto extra_of = [ids = KeyExtras{}](const Octets& bytes, const KeyRules& rules, std::uint16_t interface = 0) mutable {
        Frame frame = frame_of(bytes);
        frame.interface = interface;
        Packet packet;
        decode(frame, packet);
        return ids.id_of(frame, packet, rules);
    };
    const Octets plain = ethernet(0x0800, ipv4(17, udp(7, 8)));
    const auto tagged = [](std::uint16_t vlan) { return ethernet(0x8100, be16_of(vlan) + be16_of(0x0800) + ipv4(17, udp(7, 8))); };
    const auto tunnelled = [&](std::uint8_t vni, std::uint8_t src, std::uint8_t dst) {
        return ethernet(0x0800, ipv4(17, udp(40000, 4789, hex("0800000000 00") + Octets{vni, 0} + plain), src, dst));
    };
    SECTION("only if asked for") {
        CHECK(extra_of(tagged(5), {}) == 0);
        CHECK(extra_of(tagged(5), {.tunnel = true}) == 0);
        CHECK(extra_of(tunnelled(5, 1, 2), {.vlan = true}) == 0);
        CHECK(extra_of(plain, {.vlan = true, .tunnel = true}) == 0);
    }
    SECTION("VLAN tags, without their priority") {
        const auto five = extra_of(tagged(5), {.vlan = true});
        CHECK(five != 0);
        CHECK(extra_of(tagged(6), {.vlan = true}) != five);
        CHECK(extra_of(tagged(0xe005), {.vlan = true}) == five);
    }
    SECTION("tunnels, without their direction") {
        const auto five = extra_of(tunnelled(5, 1, 2), {.tunnel = true});
        CHECK(five != 0);
        CHECK(extra_of(tunnelled(5, 2, 1), {.tunnel = true}) == five);
        CHECK(extra_of(tunnelled(6, 1, 2), {.tunnel = true}) != five);
        CHECK(extra_of(tunnelled(5, 1, 3), {.tunnel = true}) != five);
        CHECK(extra_of(tunnelled(5, 1, 2), {.outermost = true, .tunnel = true}) == 0);
    }
    SECTION("interfaces") {
        CHECK(extra_of(plain, {.interface = true}, 1) != extra_of(plain, {.interface = true}, 2));
        CHECK(extra_of(plain, {.interface = true}, 1) == extra_of(tagged(5), {.interface = true}, 1));
    }
}

TEST_CASE("What lies around a packet is told outermost first", "[flow]") {
    const Octets inside = ethernet(0x8100, be16_of(7) + be16_of(0x0800) + ipv4(17, udp(7, 8), 5, 6));
    const Octets gre = hex("a000 6558 00000000 0000002a") + inside;  // checksum and key
    const Octets bytes = ethernet(0x88a8, be16_of(3) + be16_of(0x0800) + ipv4(47, gre, 1, 2));
    const Frame frame = frame_of(bytes);
    Packet packet;
    decode(frame, packet);
    const Encapsulation around = encapsulation_of(frame, packet, {});
    REQUIRE(around.vlans == 2);
    CHECK(around.vlan[0] == 3);
    CHECK(around.vlan[1] == 7);
    REQUIRE(around.tunnels == 1);
    CHECK(around.tunnel[0].proto == proto_of<Gre>);
    CHECK(around.tunnel[0].has_id);
    CHECK(around.tunnel[0].id == 42);
    CHECK(around.tunnel[0].src(frame)[3] == 1);
    CHECK(around.tunnel[0].dst(frame)[3] == 2);
}

TEST_CASE("The published hash never changes", "[flow]") {
    // XXH3 of 04110000 00350063 0a000001 0a000002, and so on.
    FlowKey key = Keyed{ethernet(0x0800, ipv4(17, udp(53, 99)))}.flow.key;
    CHECK(published_hash(key) == 0x66548174412b5eaa);
    key.extra = 5;
    CHECK(published_hash(key) == 0x66548174412b5eaa);
    CHECK(published_hash(Keyed{ethernet(0x0800, ipv4(17, udp(99, 53), 2, 1))}.flow.key) == 0x66548174412b5eaa);
    CHECK(published_hash(Keyed{ethernet(0x86dd, ipv6(6, tcp(5, 6)))}.flow.key) == 0xfc6fdd3d9ad037e3);
    CHECK(published_hash(Keyed{ethernet(0x0806, hex("00")), {.by = FlowBy::eth}}.flow.key) == 0x1d4cd94559ec517f);
}

TEST_CASE("The keyed hash depends on each bit of a key and of its secret", "[flow]") {
    HashSecret secret;
    for (std::size_t i = 0; i < secret.word.size(); ++i) secret.word[i] = 0x0123456789abcdef * (2 * i + 1);
    const KeyedHash hash{secret};
    FlowKey key = Keyed{ethernet(0x86dd, ipv6(6, tcp(5, 6)))}.flow.key;
    const std::uint64_t plain = hash(key);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(&key);
    for (std::size_t bit = 0; bit < 8 * sizeof key; ++bit) {
        bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CHECK(hash(key) != plain);
        bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    }
    for (std::size_t i = 0; i < secret.word.size(); ++i) {
        HashSecret other = secret;
        other.word[i] ^= 1;
        CHECK(KeyedHash{other}(key) != plain);
    }
    CHECK(KeyedHash{}(key) == KeyedHash{}(key));
    CHECK(KeyedHash{}(key) != plain);
}

TEST_CASE("A glance orders the ends as decoding does", "[flow]") {
    constexpr std::array<std::uint8_t, 2> hosts{1, 2};
    constexpr std::array<std::uint16_t, 2> ports{5, 80};
    for (const bool v4 : {true, false}) {
        for (const std::uint8_t src : hosts) {
            for (const std::uint8_t dst : hosts) {
                for (const std::uint16_t src_port : ports) {
                    for (const std::uint16_t dst_port : ports) {
                        const Octets segment = tcp(src_port, dst_port, 0x12);
                        const Octets bytes =
                            v4 ? ethernet(0x0800, ipv4(6, segment, src, dst)) : ethernet(0x86dd, ipv6(6, segment, src, dst));
                        Glance seen;
                        REQUIRE(glance(frame_of(bytes), seen));
                        FlowOf flow;
                        flow_of_glance(frame_of(bytes), seen.inner, flow);
                        const Keyed keyed{bytes};
                        CHECK(flow.key == keyed.flow.key);
                        CHECK(flow.from_low == keyed.flow.from_low);
                        CHECK(flow.tcp_flags == 0x12);
                        CHECK(keyed.flow.tcp_flags == 0x12);
                    }
                }
            }
        }
    }
}
