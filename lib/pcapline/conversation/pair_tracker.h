// PairTracker: plain counters for each pair of addresses.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "pcapline/base/networks.h"
#include "pcapline/capture/batch.h"
#include "pcapline/flow/flow_counters.h"
#include "pcapline/flow/flow_reader.h"
#include "pcapline/flow/flow_table.h"
#include "pcapline/output/row_writer.h"

namespace pcapline {

class PairTracker;

/// A pair in the table.
struct TrackedPair {
    BasicCounts counts;
    std::uint64_t flows = 0;  ///< that began between the two
};

/// One pair, as long as it is handed over. A sent the first packet (or would have: if that is a SYN+ACK, the other side did).
struct PairRow {
    PairRow(const PairTracker& tracker, const FlowKey& key, const FlowHead& head, const TrackedPair& pair);

    const FlowKey& key;
    const FlowHead& head;
    const TrackedPair& pair;
    std::array<WayCounts, 2> counts;  ///< by Way

    const Endpoint& a() const { return head.a_is_low ? key.low : key.high; }
    const Endpoint& b() const { return head.a_is_low ? key.high : key.low; }
};

/// The columns of its record, in order.
std::vector<RowColumn<PairRow>> pair_columns();

/// Pairs of IP addresses (innermost, or outermost by the rules) or of Ethernet addresses. Packets come in file order.
class PairTracker {
 public:
    using OnEnd = std::function<void(const PairRow&)>;
    /// Memory that a pair and a flow of it take, if both are IPv6 and the pair's counts are large.
    static constexpr std::size_t most_bytes_a_pair = 456;

    /// `rules.by`: ip or eth. `on_end` takes pairs for which there is no room any more.
    PairTracker(const KeyRules& rules, const FlowLimits& limits, const Networks& local, OnEnd on_end);
    PairTracker(const PairTracker&) = delete;
    PairTracker& operator=(const PairTracker&) = delete;

    void add(const Batch& batch);

    using Id = FlowTable<TrackedPair>::Id;
    /// All that have not been handed over, by start, then by first packet.
    std::vector<Id> in_order();
    template <class Use>
    void look_at(Id id, Use use) {
        pairs_.look_at(id, [&](const FlowKey& key, const FlowHead& head, const TrackedPair& pair) {
            use(PairRow{*this, key, head, pair});
        });
    }
    /// Packets without such addresses.
    std::uint64_t left_out() const { return reader_.left_out(); }
    std::uint64_t local() const { return local_count_; }
    const FlowPools& pools() const { return pools_; }

 private:
    struct Pairs;  // handlers of the tables
    struct Flows;

    KeyRules rules_;
    Networks local_;
    OnEnd on_end_;
    FlowReader reader_;
    FlowReader flow_reader_;
    FlowPools pools_;
    FlowTable<TrackedPair> pairs_;
    FlowTable<std::uint8_t> flows_;
    std::vector<TrackedPair*> pair_of_;  ///< of each frame of the batch; null: of none
    std::uint64_t local_count_ = 0;
};

}  // namespace pcapline
