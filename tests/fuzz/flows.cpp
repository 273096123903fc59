// Lists of packets whose flows meet, as conversations of every kind: each packet is in one flow or left out, each flow is handed over
// once, whatever is tracked, however little room there is and however the packets come in batches. A capture is its packets; other bytes
// are choices of packets. The last bytes choose what is asked for.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "fuzz/packet_list.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/conversation/flow_columns.h"
#include "pcapline/conversation/host_pairs.h"
#include "pcapline/conversation/pair_tracker.h"

namespace pcapline::fuzz {
namespace {

constexpr std::size_t most_packets = 240;

void require(bool holds) {
    if (!holds) std::abort();
}

struct Sums {
    std::uint64_t packets = 0;
    std::uint64_t wire_bytes = 0;
    bool operator==(const Sums&) const = default;
    void add(const std::array<WayCounts, 2>& counts) {
        for (const WayCounts& way : counts) {
            require(way.payload_packets <= way.packets && way.fragments <= way.packets);
            packets += way.packets;
            wire_bytes += way.wire_bytes;
        }
    }
};

std::vector<OwnPacket> packets_of(Bytes bytes) {
    std::vector<OwnPacket> packets;
    if (auto source = open_capture(std::make_unique<MemorySource>(std::vector<std::uint8_t>(bytes.begin(), bytes.end()), "fuzz"))) {
        for (Batch batch; packets.size() < most_packets && (*source)->next(batch);) {
            for (const Frame& frame : batch.frames) {
                if (frame.cap_len > 4096) continue;
                OwnPacket own{std::make_unique<std::uint8_t[]>(frame.cap_len), frame};
                std::copy(frame.bytes().begin(), frame.bytes().end(), own.bytes.get());
                own.frame.data = own.bytes.get();
                packets.push_back(std::move(own));
            }
        }
        return packets;
    }
    Choices choices{bytes};
    for (PacketList list; !choices.empty() && packets.size() < most_packets;) packets.push_back(list.next(choices));
    return packets;
}

template <class Use>
void in_batches(const std::vector<OwnPacket>& packets, std::size_t size, Use use) {
    Batch batch;
    for (std::size_t i = 0; i < packets.size(); i += batch.frames.size()) {
        batch.frames.clear();
        batch.first_number = i + 1;
        for (std::size_t j = i; j < packets.size() && j < i + size; ++j) batch.frames.push_back(packets[j].frame);
        use(batch);
    }
}

/// One run of a FlowTracker, and what came of it.
struct Run {
    Run(const std::vector<OwnPacket>& packets, const TrackRules& rules, std::string_view columns, std::size_t batch_size,
        bool parse = false)
        : tracker(rules, [&](const FlowView& view) { use(view); }),
          chosen(columns_named(columns)),
          writer(row_columns(chosen), style()),
          parses(parse) {
        tracker.watch([&](const FlowHead& head, const PacketFacts& facts, Events) {
            require(head.number != 0 && head.lives);
            ++watched.packets;
            watched.wire_bytes += facts.wire_bytes;
        });
        in_batches(packets, batch_size, [&](const Batch& batch) {
            tracker.add(batch, true);
            for (std::size_t i = 0; i < batch.frames.size(); ++i)
                require((tracker.flow_numbers()[i] != 0) == tracker.keys()[i].has_flow() && tracker.flow_numbers()[i] <= tracker.flows());
            if (rules.limits.max_flows != 0)
                require(tracker.active_since(std::numeric_limits<std::int64_t>::min()).size() <= rules.limits.max_flows);
        });
        for (const FlowTracker::Id id : tracker.in_order()) tracker.look_at(id, [&](const FlowView& view) { use(view); });
        require(numbers.size() == tracker.flows());
        require(sums.packets + tracker.not_ip() + tracker.local() == packets.size());
        require(sums == watched);
    }
    void use(const FlowView& view) {
        require(numbers.insert(view.head.number).second && view.head.number != 0);
        const FlowRow row{view, Applications::well_known()};
        sums.add(row.counts);
        require(row.counts[0].packets + row.counts[1].packets != 0);
        require(row.view.flow.counts.first_ns() <= row.view.flow.counts.last_ns());
        for (std::size_t way = 0; way < 2 && row.tcp != nullptr; ++way) {
            const std::uint64_t of_way = row.counts[way].packets;
            const TcpCounts& tcp = row.of_tcp[way];
            require(tcp.retransmissions <= of_way && tcp.out_of_order <= of_way && tcp.duplicate_acks <= of_way && tcp.resets <= of_way &&
                    tcp.zero_windows <= of_way && tcp.fast_retransmissions + tcp.spurious_retransmissions <= tcp.retransmissions &&
                    tcp.rtt_min >= 0 && tcp.rtt_min <= tcp.rtt_max);
        }
        const std::size_t before = text.view().size();
        writer.row(text, row);
        if (parses) require(nlohmann::json::accept(text.view().substr(before)));
    }
    static std::vector<const FlowColumn*> columns_named(std::string_view names) {
        auto columns = *choose_flow_columns(names);
        if (names == "all")
            for (const FlowColumn& column : first_columns()) columns.push_back(&column);
        return columns;
    }
    static RowStyle style() {
        RowStyle ndjson;
        ndjson.format = Format::ndjson;
        return ndjson;
    }

    FlowTracker tracker;
    std::vector<const FlowColumn*> chosen;
    RowWriter<FlowRow> writer;
    bool parses;
    TextBuffer text;
    Sums sums;
    Sums watched;
    std::set<std::uint64_t> numbers;
};

void check_pairs(const std::vector<OwnPacket>& packets, const TrackRules& flow_rules, FlowBy by) {
    KeyRules rules;
    rules.by = by;
    rules.outermost = flow_rules.key.outermost;
    Sums sums;
    FlowLimits limits;
    limits.max_flows = flow_rules.limits.max_flows;
    const auto use = [&](const PairRow& row) {
        sums.add(row.counts);
        require(row.pair.flows != 0 || by == FlowBy::eth || limits.any());
    };
    PairTracker pairs{rules, limits, by == FlowBy::ip ? flow_rules.local : Networks{}, use};
    in_batches(packets, Batch::max_frames, [&](const Batch& batch) { pairs.add(batch); });
    for (const PairTracker::Id id : pairs.in_order()) pairs.look_at(id, use);
    require(sums.packets + pairs.left_out() + pairs.local() == packets.size());
}

void check_host_pairs(const std::vector<OwnPacket>& packets, const TrackRules& rules, bool original) {
    HostPairs pairs{rules, {original, original}};
    in_batches(packets, Batch::max_frames, [&](const Batch& batch) { pairs.add(batch); });
    TextBuffer text;
    std::uint64_t bytes = 0;
    for (const HostPair& pair : pairs.finish()) {
        require(pair.count != 0 && pair.bad_bytes <= pair.bytes && pair.retransmitted_bytes <= pair.bytes);
        bytes += pair.bytes;
        text.clear();
        pairs.put_json(text, pair);
        require(nlohmann::json::accept(text.view()));
    }
    text.clear();
    text.put('{');
    pairs.put_totals(text);
    text.put('}');
    const auto totals = nlohmann::json::parse(text.view());
    require(totals["packet_count"] == packets.size() && totals["bytes_total"].get<std::uint64_t>() >= bytes);
}

TrackRules rules_of(Choices& choices) {
    TrackRules rules;
    const std::uint8_t what = choices.byte();
    rules.key.outermost = (what & 1) != 0;
    rules.key.vlan = (what & 2) != 0;
    rules.key.tunnel = (what & 4) != 0;
    rules.key.interface = (what & 8) != 0;
    rules.new_on_syn = (what & 16) == 0;
    if ((what & 32) != 0) rules.local = *Networks::parse("10.0.0.0/31,fd00::1/128");
    rules.write_on_end = (what & 64) != 0;
    const std::uint8_t limits = choices.byte();
    rules.limits.max_flows = limits & 7;
    static constexpr std::int64_t timeouts[] = {0, 1'000'000'000, 30'000'000'000, 500'000'000'000};
    rules.limits.timeouts = {timeouts[limits >> 3 & 3], timeouts[limits >> 5 & 3], timeouts[(limits >> 6 & 2) + 1]};
    if ((limits & 0x80) == 0) rules.limits.timeouts.active = 0;
    return rules;
}

/// One of the laws, for each choice.
void check(Bytes bytes, TrackRules rules, std::uint8_t choice) {
    const std::vector<OwnPacket> packets = packets_of(bytes);
    TrackedParts all = parts_of(*choose_flow_columns("all"));
    all.first = 6;
    TrackRules free = rules;
    free.limits = {};
    free.write_on_end = false;
    free.parts = all;
    rules.parts = all;
    const std::size_t batch_size = 1U + (choice >> 3U) % 16U;
    switch (choice & 7) {
        case 0:  // nothing is limited, and the batches make no difference
        case 1: {
            const Run whole{packets, free, "all", Batch::max_frames, true};
            const Run pieces{packets, free, "all", batch_size};
            require(whole.text.view() == pieces.text.view());
            return;
        }
        case 2: {  // nor does what else is tracked
            const Run among_all{packets, free, "basic", Batch::max_frames};
            free.parts = {};
            const Run alone{packets, free, "basic", Batch::max_frames};
            require(alone.text.view() == among_all.text.view());
            return;
        }
        case 3: {
            const Run limited{packets, rules, "all", Batch::max_frames};
            const Run pieces{packets, rules, "all", batch_size};
            require(limited.text.view() == pieces.text.view());
            return;
        }
        case 4: {
            rules.parts = {.tcp = (choice & 32) != 0, .shape = (choice & 64) != 0, .link = (choice & 128) != 0};
            rules.limits.max_bytes = std::size_t{choice} << 10;
            const Run little{packets, rules, "basic", batch_size};
            return;
        }
        case 5:
            return check_pairs(packets, rules, FlowBy::ip);
        case 6:
            return check_pairs(packets, rules, FlowBy::eth);
        default:
            return check_host_pairs(packets, rules, (choice & 8) != 0);
    }
}

}  // namespace
}  // namespace pcapline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t chosen = 3;
    if (size < chosen) return 0;
    const pcapline::Bytes bytes{data, size};
    pcapline::fuzz::Choices choices{bytes.last(chosen)};
    const pcapline::TrackRules rules = pcapline::fuzz::rules_of(choices);
    pcapline::fuzz::check(bytes.first(size - chosen), rules, choices.byte());
    return 0;
}
