#include "pcapline/flow/flow_counters.h"

#include <array>
#include <cstring>
#include <limits>
#include <random>

#include "support/catch.h"
#include "unit/flow/flow_support.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

PacketFacts packet(Way way, std::int64_t time_ns, std::uint32_t wire_bytes, std::uint32_t payload_bytes = 0) {
    PacketFacts facts;
    facts.way = way;
    facts.time_ns = time_ns;
    facts.wire_bytes = wire_bytes;
    facts.ip_bytes = wire_bytes - 14;
    facts.payload_bytes = payload_bytes;
    return facts;
}

}  // namespace

TEST_CASE("What a packet adds to its flow is read from its headers", "[flow]") {
    const Octets bytes = ethernet(0x0800, ipv4(6, tcp(9, 1, 0x12)));
    Frame frame = frame_of(bytes, 1, 200);
    frame.time_ns = 5;
    Packet packet;
    decode(frame, packet);
    const Keyed keyed{bytes};
    const PacketFacts facts = facts_of(frame, innermost_ip(packet), keyed.flow, keyed.flow.from_low);
    CHECK(facts.time_ns == 5);
    CHECK(facts.wire_bytes == 200);
    CHECK(facts.ip_bytes == 40);
    CHECK(facts.payload_bytes == 0);
    CHECK(facts.tcp_flags == (Tcp::syn | Tcp::ack));
    CHECK(facts.way == Way::ab);
    CHECK(facts_of(frame, innermost_ip(packet), keyed.flow, !keyed.flow.from_low).way == Way::ba);
    const Octets fragment = ethernet(0x0800, ipv4(17, udp(1, 2, Octets(8)), 1, 2, 3, 0x2000));
    decode(frame_of(fragment), packet);
    CHECK(facts_of(frame_of(fragment), innermost_ip(packet), Keyed{fragment}.flow, true).fragment);
}

TEST_CASE("Packets and bytes are counted by direction", "[flow]") {
    FlowPools pools;
    FlowRecord<BasicCounts, TcpFlagCounts> record;
    record.add(packet(Way::ab, 20, 100, 46), pools);
    record.add(packet(Way::ab, 10, 60), pools);  // time went back
    PacketFacts last = packet(Way::ba, 50, 70, 1);
    last.tcp_flags = Tcp::fin;
    record.add(last, pools);
    last.tcp_flags = Tcp::ack;
    last.time_ns = no_time;
    record.add(last, pools);
    CHECK(pools.large.used() == 0);
    last.fragment = true;
    record.add(last, pools);
    CHECK(pools.large.used() == 1);
    const WayCounts ab = record.of(Way::ab, pools);
    CHECK(ab.packets == 2);
    CHECK(ab.payload_packets == 1);
    CHECK(ab.wire_bytes == 160);
    CHECK(ab.ip_bytes == 132);
    CHECK(ab.payload_bytes == 46);
    CHECK(ab.fragments == 0);
    const WayCounts ba = record.of(Way::ba, pools);
    CHECK(ba.packets == 3);
    CHECK(ba.wire_bytes == 210);
    CHECK(ba.fragments == 1);
    CHECK(record.first_ns() == 10);
    CHECK(record.last_ns() == 50);
    CHECK(record.duration_ns() == 40);
    CHECK(record.tcp_flags[0] == 0);
    CHECK(record.tcp_flags[1] == (Tcp::fin | Tcp::ack));
    record.give_back(pools);
    CHECK(pools.large.used() == 0);
}

TEST_CASE("A flow without times has none, and any time is one", "[flow]") {
    FlowPools pools;
    BasicCounts counts;
    counts.add(packet(Way::ab, no_time, 60), pools);
    CHECK(counts.first_ns() == no_time);
    CHECK(counts.duration_ns() == 0);
    constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
    counts.add(packet(Way::ab, latest, 60), pools);
    CHECK(counts.first_ns() == latest);
    CHECK(counts.last_ns() == latest);
    counts.add(packet(Way::ba, no_time + 1, 60), pools);
    counts.add(packet(Way::ba, no_time, 60), pools);
    CHECK(counts.first_ns() == no_time + 1);
    CHECK(counts.duration_ns() == ~std::uint64_t{0} - 1);
}

TEST_CASE("Counts are exact, however large they and the packets are", "[flow]") {
    std::mt19937 random{23};
    constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
    const std::uint32_t largest = GENERATE(0U, 1U, 1500U, (1U << 20) - 1, 1U << 20, 1U << 22, 0xffffffffU);
    FlowPools pools;
    std::array<BasicCounts, 2> flows;
    std::array<std::array<WayCounts, 2>, 2> expected{};
    for (int i = 0; i < 20'000; ++i) {
        PacketFacts facts;
        const auto any = [&] {
            return largest == most ? static_cast<std::uint32_t>(random()) : static_cast<std::uint32_t>(random()) % (largest + 1);
        };
        facts.wire_bytes = any();
        facts.ip_bytes = any();
        facts.payload_bytes = random() % 3 == 0 ? 0 : any();
        facts.fragment = random() % 5000 == 0;
        facts.way = random() % 4 == 0 ? Way::ba : Way::ab;
        const std::size_t flow = random() % 2;
        flows[flow].add(facts, pools);
        WayCounts& counts = expected[flow][static_cast<std::size_t>(facts.way)];
        ++counts.packets;
        counts.payload_packets += facts.payload_bytes != 0 ? 1U : 0U;
        counts.wire_bytes += facts.wire_bytes;
        counts.ip_bytes += facts.ip_bytes;
        counts.payload_bytes += facts.payload_bytes;
        counts.fragments += facts.fragment ? 1U : 0U;
        for (const Way way : {Way::ab, Way::ba}) {
            const WayCounts is = flows[flow].of(way, pools);
            const WayCounts& should = expected[flow][static_cast<std::size_t>(way)];
            CHECK_FALSE(std::memcmp(&is, &should, sizeof is) != 0);
        }
    }
    CHECK(pools.large.used() == 2);
}

TEST_CASE("Sizes and gaps have exact means and deviations", "[flow]") {
    // The example of records.md: ten packets from A.
    FlowPools pools;
    ShapeCounts counts;
    std::int64_t time = 1'714'550'400'134'500'000;
    const std::int64_t begin = time;
    for (const auto& [gap, size] : std::vector<std::pair<std::int64_t, std::uint32_t>>{{0, 74}, {12'503'000, 66}, {685'000, 583}}) {
        time += gap;
        counts.add(packet(Way::ab, time, size), pools);
        counts.add(packet(Way::ba, begin, 1), pools);
    }
    const ShapeCounts::Shape& shape = counts.shapes[0];
    CHECK(shape.smallest == 66);
    CHECK(shape.largest == 583);
    CHECK(shape.sizes.mean(3) == 241'000U);
    CHECK(shape.sizes.stdev_thousandths() == 296'208U);  // sqrt(((74-241)^2 + (66-241)^2 + (583-241)^2) / 2)
    CHECK(shape.gaps.count == 2);
    CHECK(shape.shortest_gap == 685'000);
    CHECK(shape.longest_gap == 12'503'000);
    CHECK(shape.gaps.mean(0) == 6'594'000U);
    CHECK(shape.gaps.stdev(0) == 8'356'588U);  // 11818000 / sqrt(2)
    CHECK(counts.shapes[1].gaps.mean(0) == 0U);
}

TEST_CASE("A gap is never negative, and a packet without a time has none", "[flow]") {
    FlowPools pools;
    ShapeCounts counts;
    counts.add(packet(Way::ab, 100, 60), pools);
    counts.add(packet(Way::ab, 90, 60), pools);
    counts.add(packet(Way::ab, no_time, 60), pools);
    counts.add(packet(Way::ab, 95, 60), pools);
    CHECK(counts.shapes[0].gaps.count == 2);
    CHECK(counts.shapes[0].shortest_gap == 0);
    CHECK(counts.shapes[0].longest_gap == 5);
    CHECK(counts.shapes[0].sizes.count == 4);
}

TEST_CASE("The first packet's Ethernet addresses are A's and B's", "[flow]") {
    const Octets bytes = ethernet(0x0800, ipv4(17, udp(1, 2)));
    const Frame frame = frame_of(bytes);
    Packet packet;
    decode(frame, packet);
    LinkAddresses there;
    there.set(frame, packet, ethernet_layer_of(packet, {}), Way::ab);
    CHECK(there.has_mac);
    CHECK(there.src_mac[5] == 1);
    CHECK(there.dst_mac[5] == 2);
    LinkAddresses back;
    back.set(frame, packet, ethernet_layer_of(packet, {}), Way::ba);
    CHECK(back.src_mac == there.dst_mac);
    LinkAddresses none;
    none.set(frame, packet, Packet::no_layer, Way::ab);
    CHECK(!none.has_mac);
}
