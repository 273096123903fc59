#include "pcapline/conversation/pair_tracker.h"

#include <algorithm>
#include <utility>

#include "pcapline/conversation/cells.h"
#include "pcapline/conversation/inside.h"

namespace pcapline {

PairRow::PairRow(const PairTracker& tracker, const FlowKey& of_key, const FlowHead& of_head, const TrackedPair& of)
    : key(of_key), head(of_head), pair(of), counts{of.counts.of(Way::ab, tracker.pools()), of.counts.of(Way::ba, tracker.pools())} {}

std::vector<RowColumn<PairRow>> pair_columns() {
    constexpr bool left = false;
    constexpr bool right = true;
    std::vector<RowColumn<PairRow>> columns = {
        {"a", 15, left, [](const PairRow& row, CellWriter& cell) { put_address(cell, row.key.family, row.a()); }},
        {"b", 15, left, [](const PairRow& row, CellWriter& cell) { put_address(cell, row.key.family, row.b()); }},
        {"flows", 6, right, [](const PairRow& row, CellWriter& cell) { cell.number(row.pair.flows); }},
    };
    add_count_columns(columns);
    columns.insert(columns.end(),
                   {
                       {"start_time", 30, left, [](const PairRow& row, CellWriter& cell) { cell.time(row.pair.counts.first_ns()); }},
                       {"start_epoch", 20, right, [](const PairRow& row, CellWriter& cell) { cell.epoch(row.pair.counts.first_ns()); }},
                       {"end_time", 30, left, [](const PairRow& row, CellWriter& cell) { cell.time(row.pair.counts.last_ns()); }},
                       {"end_epoch", 20, right, [](const PairRow& row, CellWriter& cell) { cell.epoch(row.pair.counts.last_ns()); }},
                       {"duration", 14, right,
                        [](const PairRow& row, CellWriter& cell) {
                            if (row.pair.counts.first_ns() != no_time) cell.fixed(row.pair.counts.duration_ns(), 9);
                        }},
                   });
    return columns;
}

/// Handles the table of pairs.
struct PairTracker::Pairs {
    PairTracker& tracker;
    const Batch& batch;

    static bool restarts(std::size_t, const FlowHead&, const TrackedPair&) { return false; }
    void update(std::size_t i, FlowHead& head, TrackedPair& pair, bool is_new) {
        const Frame& frame = batch.frames[i];
        const Innermost& inner = tracker.reader_.inner(i);
        if (is_new && inner.transport == proto_of<Tcp>) {
            const Tcp tcp{first_of<Tcp::size>(frame.bytes().subspan(inner.transport_begin))};
            if ((tcp.flags() & (Tcp::syn | Tcp::ack)) == (Tcp::syn | Tcp::ack)) head.a_is_low = !head.a_is_low;
        }
        pair.counts.add(facts_of(frame, inner, tracker.reader_.flows()[i], head.a_is_low), tracker.pools_);
        tracker.pair_of_[i] = &pair;
    }
    bool ended(const FlowKey& key, FlowHead& head, TrackedPair& pair) {
        tracker.on_end_({tracker, key, head, pair});
        pair.counts.give_back(tracker.pools_);
        return true;
    }
};

/// Handles the table of flows, for their number only.
struct PairTracker::Flows {
    PairTracker& tracker;

    static bool restarts(std::size_t, const FlowHead&, std::uint8_t) { return false; }
    void update(std::size_t i, FlowHead&, std::uint8_t&, bool is_new) {
        if (is_new && tracker.pair_of_[i] != nullptr) ++tracker.pair_of_[i]->flows;
    }
    static bool ended(const FlowKey&, FlowHead&, std::uint8_t) { return true; }
};

namespace {

KeyRules flow_rules(KeyRules rules) {
    rules.by = FlowBy::flow;
    return rules;
}

/// Of pairs: room for one at a time more, so that a pair is not handed over while its packets are counted.
FlowLimits room_for_batch(FlowLimits limits) {
    if (limits.max_flows != 0) limits.max_flows = std::max<std::uint64_t>(limits.max_flows, Batch::max_frames);
    return limits;
}

}  // namespace

PairTracker::PairTracker(const KeyRules& rules, const FlowLimits& limits, const Networks& local, OnEnd on_end)
    : rules_(rules),
      local_(local),
      on_end_(std::move(on_end)),
      reader_(rules),
      flow_reader_(flow_rules(rules)),
      pairs_(room_for_batch(limits)),
      flows_(limits) {}

void PairTracker::add(const Batch& batch) {
    reader_.read(batch.frames);
    flow_reader_.read(batch.frames);
    if (!local_.empty()) {
        const auto inside = [&](const FlowOf& flow) { return is_inside(local_, flow.key); };
        if (rules_.by == FlowBy::ip) local_count_ += reader_.drop_if(inside);
        flow_reader_.drop_if(inside);
    }
    pair_of_.assign(batch.frames.size(), nullptr);
    Pairs pairs{*this, batch};
    pairs_.add(reader_.flows(), pairs);
    Flows flows{*this};
    flows_.add(flow_reader_.flows(), flows);
}

std::vector<PairTracker::Id> PairTracker::in_order() {
    std::vector<Id> ids = pairs_.ids();
    const auto start = [&](Id id) {
        std::int64_t time = no_time;
        pairs_.look_at(id, [&](const FlowKey&, const FlowHead&, const TrackedPair& pair) { time = pair.counts.first_ns(); });
        return time;
    };
    std::stable_sort(ids.begin(), ids.end(), [&](Id one, Id two) { return start(one) < start(two); });
    return ids;
}

}  // namespace pcapline
