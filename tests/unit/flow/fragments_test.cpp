#include "pcapline/flow/fragments.h"

#include <algorithm>
#include <limits>
#include <random>

#include "pcapline/base/time.h"
#include "support/catch.h"
#include "unit/flow/flow_support.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr std::uint16_t more = 0x2000;

Octets first(std::uint16_t id, std::uint8_t src = 1, std::uint8_t dst = 2) {
    return ethernet(0x0800, ipv4(17, udp(53, 99, Octets(16)), src, dst, id, more));
}
Octets later(std::uint16_t id, std::uint8_t src = 1, std::uint8_t dst = 2, std::uint16_t offset = 3) {
    return ethernet(0x0800, ipv4(17, Octets(8), src, dst, id, offset));
}
/// Of UDP; `begins`: the first of several.
Octets v6_fragment(bool begins, std::uint8_t id, std::uint8_t next = 17, const Octets& payload = udp(53, 99, Octets(8))) {
    return ethernet(0x86dd, ipv6(44, Octets{next, 0, 0, static_cast<std::uint8_t>(begins ? 1 : 8)} + Octets{0, 1, 0, id} + payload));
}

std::string resolved(FragmentMap& map, const Octets& bytes, std::int64_t time_ns = 0, std::uint64_t extra = 0) {
    Keyed keyed{bytes, {}, time_ns, extra};
    map.resolve(keyed.frame, keyed.packet, {}, keyed.flow);
    return text_of(keyed.flow);
}

}  // namespace

TEST_CASE("Fragments belong to the flow of the first one", "[flow]") {
    FragmentMap map;
    CHECK(resolved(map, first(7)) == "17 10.0.0.1:53 > 10.0.0.2:99");
    CHECK(resolved(map, later(7)) == "17 10.0.0.1:53 > 10.0.0.2:99");
    CHECK(resolved(map, later(7, 1, 2, more | 6)) == "17 10.0.0.1:53 > 10.0.0.2:99");
    CHECK(map.without_first() == 0);
}

TEST_CASE("The way back of fragments is the way back of their flow", "[flow]") {
    FragmentMap map;
    const Octets back = ethernet(0x0800, ipv4(17, udp(99, 53, Octets(16)), 2, 1, 8, more));
    CHECK(resolved(map, back) == "17 10.0.0.2:99 > 10.0.0.1:53");
    const Octets bytes = later(8, 2, 1);
    Keyed keyed{bytes};
    map.resolve(keyed.frame, keyed.packet, {}, keyed.flow);
    CHECK(text_of(keyed.flow) == "17 10.0.0.2:99 > 10.0.0.1:53");
    CHECK(!keyed.flow.from_low);
    CHECK(keyed.flow.key == Keyed{first(7)}.flow.key);
}

TEST_CASE("Fragments to oneself go by the ports", "[flow]") {
    FragmentMap map;
    const Octets begin = ethernet(0x0800, ipv4(17, udp(99, 53, Octets(16)), 1, 1, 8, more));
    CHECK(resolved(map, begin) == "17 10.0.0.1:99 > 10.0.0.1:53");
    CHECK(resolved(map, later(8, 1, 1)) == "17 10.0.0.1:99 > 10.0.0.1:53");
}

TEST_CASE("A fragment before the first one has no ports, and is counted", "[flow]") {
    FragmentMap map;
    CHECK(resolved(map, later(7)) == "17? 10.0.0.1:0 > 10.0.0.2:0");
    CHECK(resolved(map, first(7)) == "17 10.0.0.1:53 > 10.0.0.2:99");
    CHECK(resolved(map, later(7)) == "17 10.0.0.1:53 > 10.0.0.2:99");
    CHECK(map.without_first() == 1);
}

TEST_CASE("Only fragments of the same packet are given its ports", "[flow]") {
    FragmentMap map;
    resolved(map, first(7), 0, 1);
    const std::string none = "17? 10.0.0.1:0 > 10.0.0.2:0";
    CHECK(resolved(map, later(8), 0, 1) == none);
    CHECK(resolved(map, later(7), 0, 2) == none);
    CHECK(resolved(map, ethernet(0x0800, ipv4(6, Octets(8), 1, 2, 7, 3)), 0, 1) == "6? 10.0.0.1:0 > 10.0.0.2:0");
    CHECK(resolved(map, later(7, 2, 1), 0, 1) == "17? 10.0.0.2:0 > 10.0.0.1:0");
    CHECK(resolved(map, later(7, 1, 3), 0, 1) == "17? 10.0.0.1:0 > 10.0.0.3:0");
    CHECK(resolved(map, later(7), 0, 1) == "17 10.0.0.1:53 > 10.0.0.2:99");
}

TEST_CASE("First fragments are remembered for 30 seconds of packet time, either way", "[flow]") {
    FragmentMap map;
    resolved(map, first(7), 100 * ns_per_second);
    CHECK(resolved(map, later(7), 130 * ns_per_second) == "17 10.0.0.1:53 > 10.0.0.2:99");
    CHECK(resolved(map, later(7), 130 * ns_per_second + 1) == "17? 10.0.0.1:0 > 10.0.0.2:0");
    CHECK(resolved(map, later(7), 70 * ns_per_second) == "17 10.0.0.1:53 > 10.0.0.2:99");
    CHECK(resolved(map, later(7), 70 * ns_per_second - 1) == "17? 10.0.0.1:0 > 10.0.0.2:0");
    CHECK(resolved(map, later(7), std::numeric_limits<std::int64_t>::max()) == "17? 10.0.0.1:0 > 10.0.0.2:0");
}

TEST_CASE("An identification that is used again means the newer packet", "[flow]") {
    FragmentMap map;
    resolved(map, first(7));
    resolved(map, ethernet(0x0800, ipv4(17, udp(1000, 2000, Octets(16)), 1, 2, 7, more)));
    CHECK(resolved(map, later(7)) == "17 10.0.0.1:1000 > 10.0.0.2:2000");
}

TEST_CASE("IPv6 fragments go by their identification, whatever header comes first", "[flow]") {
    FragmentMap map;
    CHECK(resolved(map, v6_fragment(true, 5)) == "17 2001:db8::1:53 > 2001:db8::2:99");
    CHECK(resolved(map, v6_fragment(false, 5)) == "17 2001:db8::1:53 > 2001:db8::2:99");
    CHECK(resolved(map, v6_fragment(false, 6)) == "17? 2001:db8::1:0 > 2001:db8::2:0");
    const Octets with_options = hex("1100 010400000000") + udp(7, 8, Octets(8));
    CHECK(resolved(map, v6_fragment(true, 9, 60, with_options)) == "17 2001:db8::1:7 > 2001:db8::2:8");
    CHECK(resolved(map, v6_fragment(false, 9, 60)) == "17 2001:db8::1:7 > 2001:db8::2:8");
}

TEST_CASE("IPv4 fragments go by the protocol of their own header", "[flow]") {
    FragmentMap map;
    const Octets authenticated = hex("1104 0000 00000001 00000001 000000000000000000000000") + udp(7, 8, Octets(8));
    CHECK(resolved(map, ethernet(0x0800, ipv4(51, authenticated, 1, 2, 3, more))) == "17 10.0.0.1:7 > 10.0.0.2:8");
    CHECK(resolved(map, ethernet(0x0800, ipv4(51, Octets(8), 1, 2, 3, 5))) == "17 10.0.0.1:7 > 10.0.0.2:8");
}

TEST_CASE("Fragments of a ping belong to it", "[flow]") {
    FragmentMap map;
    CHECK(resolved(map, ethernet(0x0800, ipv4(1, hex("0800000000070001"), 1, 2, 3, more))) == "1/8 10.0.0.1:7 > 10.0.0.2:7");
    CHECK(resolved(map, ethernet(0x0800, ipv4(1, Octets(8), 1, 2, 3, 1))) == "1/8 10.0.0.1:7 > 10.0.0.2:7");
}

TEST_CASE("Memory for fragments is bounded: the oldest are forgotten", "[flow]") {
    FragmentMap map{1024};
    for (std::uint16_t id = 0; id < 3000; ++id) resolved(map, first(id));
    CHECK(map.forgotten() == 3000 - 1024);
    std::size_t known = 0;
    for (std::uint16_t id = 0; id < 3000; ++id) {
        const bool found = resolved(map, later(id)) == "17 10.0.0.1:53 > 10.0.0.2:99";
        known += found ? 1 : 0;
        if (id >= 3000 - 1024) CHECK(found);
    }
    CHECK(known == 1024);
    for (std::uint16_t id = 0; id < 2000; ++id) resolved(map, first(id), 60 * ns_per_second);
    CHECK(map.forgotten() == 3000 - 1024 + 2000 - 1024);  // those of long ago are not missed
}

TEST_CASE("Fragments of many packets in any order find theirs once it has been seen", "[flow]") {
    std::mt19937 random{3};
    for (int run = 0; run < 20; ++run) {
        struct Piece {
            std::uint16_t id;
            std::uint16_t offset;
        };
        std::vector<Piece> pieces;
        for (std::uint16_t id = 0; id < 300; ++id)
            for (std::uint16_t offset = 0; offset < 4; ++offset) pieces.push_back({id, offset});
        std::shuffle(pieces.begin(), pieces.end(), random);
        FragmentMap map;
        std::vector<bool> seen(300);
        std::uint64_t early = 0;
        for (const Piece& piece : pieces) {
            const auto host = static_cast<std::uint8_t>(1 + piece.id % 3);
            if (piece.offset == 0) {
                seen[piece.id] = true;
                resolved(map, first(piece.id, host));
                continue;
            }
            early += seen[piece.id] ? 0 : 1;
            const std::string from = "10.0.0." + std::to_string(host);
            const std::string expected = seen[piece.id] ? "17 " + from + ":53 > 10.0.0.2:99" : "17? " + from + ":0 > 10.0.0.2:0";
            REQUIRE(resolved(map, later(piece.id, host, 2, piece.offset)) == expected);
        }
        CHECK(map.without_first() == early);
    }
}

TEST_CASE("Fragments of a tunnel's packets belong to the flow inside, unless the outermost is asked for", "[flow]") {
    const Octets inside = ethernet(0x0800, ipv4(17, udp(53, 99, Octets(16)), 7, 8));
    const Octets vxlan = udp(40000, 4789, hex("0800000000138900") + inside);
    const Octets begin = ethernet(0x0800, ipv4(17, vxlan, 2, 1, 7, more));
    const auto both = [&](const KeyRules& rules, std::uint64_t extra_inside, std::uint64_t extra_outside) {
        FragmentMap map;
        Keyed there{begin, rules, 0, extra_inside};
        map.resolve(there.frame, there.packet, rules, there.flow);
        CHECK(there.flow.fragment == FragmentPart::first);
        const Octets end = later(7, 2, 1);
        Keyed rest{end, rules, 0, extra_outside};
        map.resolve(rest.frame, rest.packet, rules, rest.flow);
        CHECK(rest.flow.fragment == FragmentPart::later);
        CHECK(there.flow.key == rest.flow.key);
        CHECK(there.flow.from_low == rest.flow.from_low);
        return text_of(rest.flow);
    };
    CHECK(both({}, 0, 0) == "17 10.0.0.7:53 > 10.0.0.8:99");
    CHECK(both({.vlan = true, .tunnel = true}, 1, 2) == "17 10.0.0.7:53 > 10.0.0.8:99");
    CHECK(both({.outermost = true}, 0, 0) == "17 10.0.0.2:40000 > 10.0.0.1:4789");
    CHECK(both({.by = FlowBy::ip}, 0, 0) == "0 10.0.0.7:0 > 10.0.0.8:0");
}

TEST_CASE("A whole packet takes nothing from the map", "[flow]") {
    FragmentMap map;
    resolved(map, first(7));
    CHECK(resolved(map, ethernet(0x0800, ipv4(17, udp(1, 2), 1, 2, 7))) == "17 10.0.0.1:1 > 10.0.0.2:2");
    CHECK(map.without_first() == 0);
}
