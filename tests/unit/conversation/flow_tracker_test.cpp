#include "pcapline/conversation/flow_tracker.h"

#include <set>
#include <vector>

#include "pcapline/base/endian.h"
#include "pcapline/tcp/segment_reader.h"
#include "support/catch.h"
#include "unit/flow/flow_support.h"

namespace pcapline {
namespace {

using namespace test;

struct TcpHeader {
    std::uint8_t flags = 0x10;
    std::uint16_t window = 1000;
    Octets options{};
    std::uint32_t seq = 1000;
    std::uint32_t ack = 5000;
};

Octets tcp_packet(const TcpHeader& header, const Octets& payload = {}, bool from_client = true) {
    Octets bytes(20);
    store(&bytes[0], std::uint16_t{from_client ? std::uint16_t{40'000} : std::uint16_t{443}}, ByteOrder::big);
    store(&bytes[2], std::uint16_t{from_client ? std::uint16_t{443} : std::uint16_t{40'000}}, ByteOrder::big);
    store(&bytes[4], header.seq, ByteOrder::big);
    store(&bytes[8], header.ack, ByteOrder::big);
    bytes[12] = static_cast<std::uint8_t>((5 + header.options.size() / 4) << 4);
    bytes[13] = header.flags;
    store(&bytes[14], header.window, ByteOrder::big);
    return ethernet(0x0800, ipv4(6, bytes + header.options + payload, from_client ? 1 : 2, from_client ? 2 : 1));
}

TrackRules tcp_rules() {
    TrackRules rules;
    rules.parts.tcp = true;
    return rules;
}

Batch batch_of(const std::vector<Octets>& packets, std::uint64_t first_number = 1) {
    Batch batch;
    batch.first_number = first_number;
    for (const Octets& packet : packets) {
        batch.frames.push_back(frame_of(packet));
        batch.frames.back().time_ns = static_cast<std::int64_t>(first_number + batch.frames.size()) * 1'000'000;
    }
    return batch;
}

bool same(const TcpCounts& a, const TcpCounts& b) {
    return a.retransmissions == b.retransmissions && a.zero_windows == b.zero_windows && a.resets == b.resets &&
           a.tcp_flags == b.tcp_flags && a.keep_alives == b.keep_alives && a.window_full == b.window_full &&
           a.acked_unseen == b.acked_unseen && a.lost_segments == b.lost_segments && a.duplicate_acks == b.duplicate_acks &&
           a.rtt_samples == b.rtt_samples && a.rtt_sum == b.rtt_sum;
}

}  // namespace

TEST_CASE("A TCP flow's first packet says what it says, whether others follow or not", "[conversation]") {
    const Octets scale = hex("0103030702040578");
    const Octets sack = hex("0101080a0000000100000002 0101050a 000005dc 000007d0");
    for (const std::uint8_t flags : std::initializer_list<std::uint8_t>{0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14, 0x00, 0x03}) {
        for (const std::uint16_t window : std::initializer_list<std::uint16_t>{0, 1000}) {
            for (const Octets& options : {Octets{}, scale, sack}) {
                for (const Octets& payload : {Octets{}, hex("00"), hex("00112233445566")}) {
                    // The second packet acknowledges the first, is it again, or comes after a hole.
                    for (const int second : {0, 1, 2, 3}) {
                        CAPTURE(int{flags}, window, options.size(), payload.size(), second);
                        std::vector<Octets> packets{tcp_packet({flags, window, options}, payload)};
                        if (second == 1) packets.push_back(tcp_packet({0x10, 500, {}, 5000, 1001}, {}, false));
                        if (second == 2) packets.push_back(packets[0]);
                        if (second == 3) packets.push_back(tcp_packet({0x18, window, options, 1100, 5000}, payload));
                        const Batch batch = batch_of(packets);

                        std::vector<Events> seen;
                        FlowTracker tracker{tcp_rules(), [](const FlowView&) {}};
                        tracker.watch([&](const FlowHead&, const PacketFacts&, Events events) { seen.push_back(events); });
                        tracker.add(batch, false);
                        FlowTracker unwatched{tcp_rules(), [](const FlowView&) {}};
                        unwatched.add(batch, false);

                        // What the connection itself says, without a tracker. A SYN+ACK is the responder's.
                        TcpFlow flow;
                        TcpPools pools;
                        ConnState state;
                        const bool swapped = (flags & 0x12) == 0x12;
                        std::vector<Events> expected;
                        std::array<std::uint32_t, 2> bad{};
                        for (std::size_t i = 0; i < packets.size(); ++i) {
                            Segment segment;
                            REQUIRE(read_segment(batch.frames[i], i + 1, tracker.inner(i), nullptr, segment));
                            segment.bad_checksum = true;  // none was put in
                            const auto source_port =
                                be16<0>(first_of<2>(batch.frames[i].bytes().subspan(tracker.inner(i).transport_begin)));
                            const bool from_a = (source_port == 40'000) != swapped;
                            const Way way = from_a ? Way::ab : Way::ba;
                            expected.push_back(flow.add(segment, way, pools));
                            const TcpCounts counts = flow.counts(way, pools);
                            state.add_tcp(segment, way, expected.back(),
                                          {counts.retransmissions, counts.zero_windows, counts.acked_unseen, ++bad[from_a ? 0 : 1]});
                        }
                        CHECK(seen == expected);
                        for (FlowTracker* const one : {&tracker, &unwatched}) {
                            const auto ids = one->in_order();
                            REQUIRE(ids.size() == 1);
                            one->look_at(ids[0], [&](const FlowView& view) {
                                const StatePart* const part = one->state(view);
                                REQUIRE(part != nullptr);
                                CHECK(part->state.history() == state.history());
                                CHECK(part->state.conn_state() == state.conn_state());
                                CHECK(part->bad_checksums == bad);
                                const TcpPart* const of_tcp = one->tcp(view);
                                REQUIRE(of_tcp != nullptr);
                                for (const Way way : {Way::ab, Way::ba})
                                    CHECK(same(one->tcp_counts(*of_tcp, way), flow.counts(way, pools)));
                            });
                        }
                    }
                }
            }
        }
    }
}

TEST_CASE("The first packets are kept with their direction, also if the initiator turns out to be the other side", "[conversation]") {
    TrackRules rules = tcp_rules();
    rules.parts.first = 6;
    const bool evicts = GENERATE(false, true);
    if (evicts) rules.limits.max_flows = 1;
    std::string first;
    const auto use = [&](const FlowView& view) {
        view.of.each_first(view, [&](Way way, std::uint32_t size, std::int64_t time) {
            first += (way == Way::ab ? '>' : '<') + std::to_string(size) + '@' + std::to_string(time / 1'000'000) + ' ';
        });
        first += '|';
    };
    FlowTracker tracker{rules, use};
    const auto data = [](std::size_t size, bool from_client) { return tcp_packet({0x18}, Octets(size), from_client); };
    tracker.add(batch_of({data(1, false), data(2, true), tcp_packet({0x02, 1000, {}, 999}), data(3, true), data(4, false), data(5, false),
                          data(6, true), ethernet(0x0800, ipv4(17, udp(1, 2)))}),
                false);
    for (const FlowTracker::Id id : tracker.in_order()) tracker.look_at(id, use);
    CHECK(first == "<55@2 >56@3 >54@4 >57@5 <58@6 <59@7 |>42@9 |");
}

TEST_CASE("Flows keep within max_bytes, whatever comes, and each is handed over once", "[conversation]") {
    TrackRules rules = tcp_rules();
    rules.parts.shape = GENERATE(false, true);
    rules.parts.first = rules.parts.shape ? 5 : 0;
    rules.limits.max_bytes = 2 << 20;
    rules.new_on_syn = true;
    std::set<std::uint64_t> numbers;
    std::uint64_t packets_of_flows = 0;
    std::uint64_t evicted = 0;
    const auto use = [&](const FlowView& view) {
        CHECK(numbers.insert(view.head.number).second);
        for (const Way way : {Way::ab, Way::ba}) packets_of_flows += view.of.counts(view, way).packets;
        evicted += view.head.end_reason() == EndReason::evicted ? 1U : 0U;
    };
    FlowTracker tracker{rules, use};
    std::uint64_t packets = 0;
    std::uint64_t most_bytes = 0;
    const auto flood = [&](std::uint32_t flows, const auto& packet_of) {
        for (std::uint32_t i = 0; i < flows; i += 64) {
            std::vector<Octets> list;
            for (std::uint32_t j = i; j < i + 64; ++j) packet_of(list, j);
            tracker.add(batch_of(list, packets + 1), false);
            packets += list.size();
            most_bytes = std::max(most_bytes, tracker.bytes());
        }
    };
    // Behind the Ethernet header: 12 and 16 are the addresses, 20 and 22 the ports.
    const auto number = [](Octets packet, std::uint32_t i) {
        store(&packet[14 + 16], i | 0x0b000000U, ByteOrder::big);
        return packet;
    };
    const auto hello = [](std::uint32_t i) {
        Octets name = hex("00 0b") + Octets(11, 'a');
        for (std::size_t at = 12; i != 0; i /= 10) name[at--] = static_cast<std::uint8_t>('0' + i % 10);
        const Octets names = be16_of(0) + be16_of(name.size() + 3) + be16_of(name.size() + 1) + name;
        const Octets body = hex("0303") + Octets(32) + hex("00 0002 1301 01 00") + be16_of(names.size()) + names;
        return hex("160301") + be16_of(4 + body.size()) + hex("0100") + be16_of(body.size()) + body;
    };
    flood(20'000, [&](auto& list, std::uint32_t i) { list.push_back(number(tcp_packet({0x02}), i)); });
    flood(10'000, [&](auto& list, std::uint32_t i) { list.push_back(number(ethernet(0x0800, ipv4(17, udp(53, 5353))), i)); });
    flood(10'000, [&](auto& list, std::uint32_t i) {
        list.push_back(number(tcp_packet({0x18}, hex("00")), i));
        list.push_back(number(tcp_packet({0x18, 1000, {}, 1100}, hex("00")), i));
    });
    flood(10'000,
          [&](auto& list, std::uint32_t i) { list.push_back(number(ethernet(0x0800, ipv4(17, udp(53, 5353), 1, 2, 1, 0x2000)), i)); });
    flood(10'000, [&](auto& list, std::uint32_t i) { list.push_back(number(tcp_packet({0x18}, hello(i)), i)); });
    flood(2'000, [&](auto& list, std::uint32_t) {
        list.push_back(tcp_packet({0x02, 1000, {}, static_cast<std::uint32_t>(packets + list.size())}));
    });
    for (const FlowTracker::Id id : tracker.in_order()) tracker.look_at(id, use);
    CHECK(most_bytes <= rules.limits.max_bytes + (1U << 18));  // a batch's worth
    CHECK(most_bytes > rules.limits.max_bytes * 3 / 4);
    CHECK(tracker.bytes() <= rules.limits.max_bytes);
    CHECK(numbers.size() == tracker.flows());
    CHECK(tracker.flows() > 60'000);
    CHECK(packets_of_flows == packets);
    CHECK(evicted > 30'000);
}

}  // namespace pcapline
