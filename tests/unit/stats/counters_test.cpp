#include "pcapline/stats/counters.h"

#include <map>
#include <random>

#include "pcapline/stats/report.h"
#include "support/catch.h"
#include "support/packet_builder.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr Sections everything{true, true, true, true, true, true, true, true, true, true};

/// UDP over IPv4 from `src` to `dst`, 4 bytes of payload, and 2 bytes of padding behind.
std::vector<std::uint8_t> udp_frame(std::string_view src, std::string_view dst) {
    return hex("00005e005301 00005e00530a 0800 | 4500 0020 0001 0000 4011 0000 " + std::string{src} + std::string{dst} +
               "| 3039 1f90 000c 0000 | aabbccdd | 0000");
}

}  // namespace

TEST_CASE("Padding is not payload, and the IP length is the header's", "[stats]") {
    const auto bytes = udp_frame("c0000201", "c6336407");
    Counters counters{everything};
    const Frame frame = frame_of(bytes);
    counters.add({&frame, 1});
    CHECK(counters.totals.packets == 1);
    CHECK(counters.totals.wire_bytes == bytes.size());
    CHECK(counters.totals.ip_bytes == 32);
    CHECK(counters.totals.payload_bytes == 4);
    CHECK(counters.totals.local_packets == 0);
}

TEST_CASE("A cut packet counts whole", "[stats]") {
    auto bytes = udp_frame("c0000201", "c6336407");
    const auto whole = static_cast<std::uint32_t>(bytes.size());
    bytes.resize(43);  // one byte of payload
    const Frame frame = frame_of(bytes, 1, whole);
    Counters counters{everything};
    counters.add({&frame, 1});
    CHECK(counters.totals.cut_packets == 1);
    CHECK(counters.totals.captured_bytes == 43);
    CHECK(counters.totals.ip_bytes == 32);
    CHECK(counters.totals.payload_bytes == 4);
}

TEST_CASE("Local packets: private at both ends, or private and a group", "[stats]") {
    struct Case {
        const char* name;
        const char* src;
        const char* dst;
        std::uint64_t local;
    };
    const Case c = GENERATE(values<Case>({
        {"10/8 to 10/8", "0a000001", "0aff0002", 1},
        {"172.16/12 to 192.168/16", "ac100001", "c0a80001", 1},
        {"172.32 is public", "ac200001", "c0a80001", 0},
        {"192.169 is public", "c0a90001", "c0a80001", 0},
        {"169.254/16 to 224/4", "a9fe0001", "e00000fb", 1},
        {"private to broadcast", "c0a80001", "ffffffff", 1},
        {"private to 255.0.0.1", "c0a80001", "ff000001", 0},
        {"public to multicast", "c0000201", "e00000fb", 0},
        {"multicast to private", "e00000fb", "7f000001", 1},
        {"private to public", "0a000001", "08080808", 0},
    }));
    INFO(c.name);
    const auto bytes = udp_frame(c.src, c.dst);
    const Frame frame = frame_of(bytes);
    Counters counters{everything};
    counters.add({&frame, 1});
    CHECK(counters.totals.local_packets == c.local);
}

TEST_CASE("A packet to oneself counts once for its address and its port", "[stats]") {
    auto bytes = udp_frame("c0000201", "c0000201");
    bytes[36] = bytes[34];
    bytes[37] = bytes[35];
    const Frame frame = frame_of(bytes);
    Counters counters{everything};
    counters.add({&frame, 1});
    REQUIRE(counters.endpoints.counts().size() == 1);
    const auto& count = counters.endpoints.counts().begin()->second;
    CHECK(count.packets == 1);
    CHECK(count.packets_sent == 1);
    CHECK(count.packets_received == 1);
    CHECK(counters.ports.counts().begin()->second[0x3039].packets == 1);
}

TEST_CASE("Steps back are counted across a merge, and times without a value are left out", "[stats]") {
    Totals first;
    for (const std::int64_t time : {std::int64_t{5}, no_time, std::int64_t{9}, std::int64_t{7}}) first.add_time(time);
    CHECK(first.steps_back == 1);
    Totals second;
    for (const std::int64_t time : {std::int64_t{6}, std::int64_t{8}}) second.add_time(time);
    CHECK(second.steps_back == 0);
    first.merge(second);
    CHECK(first.steps_back == 2);
    CHECK(first.first_time == 5);
    CHECK(first.last_time == 9);
    Totals none;
    none.merge(first);
    CHECK(none.steps_back == 2);
    CHECK(none.first_time == 5);
    first.merge(Totals{});
    CHECK(first.steps_back == 2);
}

TEST_CASE("Quantiles are the smallest length with at least that share at or below", "[stats]") {
    LengthCounts lengths;
    for (std::uint32_t length = 1; length <= 100; ++length) lengths.add(length * 10);
    const Table figures = length_figures(lengths);
    const std::pair<const char*, std::uint64_t> expected[] = {{"min", 10},  {"max", 1000}, {"p1", 10},   {"p5", 50},  {"p25", 250},
                                                              {"p50", 500}, {"p75", 750},  {"p95", 950}, {"p99", 990}};
    for (const auto& [name, value] : expected) {
        INFO(name);
        std::size_t at = 0;
        while (figures.columns[at].name != name) ++at;
        CHECK(figures.rows[0][at].number == value);
    }
}

TEST_CASE("Lengths beyond what is kept exactly are counted, rounded up, in bounded memory", "[stats]") {
    LengthCounts lengths;
    constexpr std::uint32_t different = 400'000;
    for (std::uint32_t i = 0; i < different; ++i) lengths.add(300'000 + i * 7);
    std::uint64_t packets = 0;
    std::uint64_t kinds = 0;
    lengths.each([&](std::uint64_t, std::uint64_t count) {
        packets += count;
        ++kinds;
    });
    CHECK(packets == different);
    CHECK(kinds < different);
}

TEST_CASE("Stacks are counted for what they begin with too, and deep ones are not lost", "[stats]") {
    StackCounts stacks;
    Packet packet;
    packet.depth = 2;
    packet.layers[0].proto = 0;
    packet.layers[1].proto = 1;
    packet.path = 0x0201;
    stacks.add(packet, 100);
    packet.depth = 1;
    packet.path = 0x01;
    stacks.add(packet, 50);
    packet.depth = 10;
    packet.path = 0x0101010101010101;
    for (Layer& layer : packet.layers) layer.proto = 0;
    stacks.add(packet, 10);
    StackCounts merged;
    merged.merge(stacks);
    const Table table = protocols_table(merged, 3);
    REQUIRE(table.rows.size() == 11);
    CHECK(table.rows[0][1].number == 3);
    CHECK(table.rows[0][2].number == 160);
}

namespace {

/// What all orders and all cuts of the same packets must agree on.
std::map<std::vector<Proto>, std::pair<std::uint64_t, std::uint64_t>> told(const StackCounts& stacks) {
    std::map<std::vector<Proto>, std::pair<std::uint64_t, std::uint64_t>> all;
    stacks.each([&](const std::vector<Proto>& stack, const StackCounts::Count& count) {
        all[stack].first += count.packets;
        all[stack].second += count.wire_bytes;
    });
    return all;
}
std::vector<std::pair<std::uint64_t, std::uint64_t>> told(const LengthCounts& lengths) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
    lengths.each([&](std::uint64_t length, std::uint64_t packets) { all.emplace_back(length, packets); });
    return all;
}

}  // namespace

TEST_CASE("More stacks and lengths than are kept apart: the same answer for any order and any cut", "[stats]") {
    std::mt19937_64 random{3};
    struct Seen {
        Packet packet;
        std::uint32_t wire_len;
    };
    std::vector<Seen> packets(450'000);
    for (Seen& seen : packets) {
        Packet& packet = seen.packet;
        const bool deep = random() % 3 == 0;
        packet.depth = deep ? 9 : 4;
        for (std::size_t i = 0; i < packet.depth; ++i) {
            packet.layers[i].proto = static_cast<Proto>(i < 2 ? random() % 2 : random() % (deep ? 6 : 170));
            if (i < 8) packet.path |= (packet.layers[i].proto + std::uint64_t{1}) << 8 * i;
        }
        seen.wire_len = static_cast<std::uint32_t>(random() % 3'000'000);
    }
    StackCounts stacks;
    LengthCounts lengths;
    for (const Seen& seen : packets) {
        stacks.add(seen.packet, seen.wire_len);
        lengths.add(seen.wire_len);
    }
    std::uint64_t counted = 0;
    for (const auto& [stack, count] : told(stacks)) counted += count.first;
    CHECK(counted == packets.size());
    CHECK(told(stacks).size() < 140'000);
    CHECK(told(lengths).size() < 332'000);

    std::reverse(packets.begin(), packets.begin() + 300'000);
    for (const std::size_t parts : {2, 7}) {
        StackCounts all_stacks;
        LengthCounts all_lengths;
        for (std::size_t part = 0; part < parts; ++part) {
            StackCounts some_stacks;
            LengthCounts some_lengths;
            for (std::size_t i = part; i < packets.size(); i += parts) {
                some_stacks.add(packets[i].packet, packets[i].wire_len);
                some_lengths.add(packets[i].wire_len);
            }
            all_stacks.merge(some_stacks);
            all_lengths.merge(some_lengths);
        }
        CHECK((told(all_stacks) == told(stacks)));
        CHECK((told(all_lengths) == told(lengths)));
    }
}
