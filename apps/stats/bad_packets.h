// BadPackets: which packets are bad, by the connections that they belong to.
#pragma once

#include <vector>

#include "pcapline/conversation/flow_tracker.h"

namespace pcapline::cli {

/// What --split-bad splits. Keeps every flow, as `conversations` does, and wants all packets in file order.
class BadPackets {
 public:
    BadPackets() : tracker_(rules(), [](const FlowView&) {}) {
        tracker_.watch([this](const FlowHead&, const PacketFacts&, Events events) { of_flows_.push_back(events.has_any(bad_events)); });
    }
    BadPackets(const BadPackets&) = delete;
    BadPackets& operator=(const BadPackets&) = delete;

    void look(const Batch& batch) {
        of_flows_.clear();
        tracker_.add(batch, false);
        bad_.assign(batch.frames.size(), false);
        std::size_t next = 0;
        for (std::size_t i = 0; i < bad_.size(); ++i)
            if (tracker_.flow_numbers()[i] != 0) bad_[i] = of_flows_[next++];
    }
    /// Frame i of the batch that was looked at last.
    bool is_bad(std::size_t i) const { return bad_[i]; }

 private:
    static TrackRules rules() {
        TrackRules rules;
        rules.parts.tcp = true;
        return rules;
    }
    FlowTracker tracker_;
    std::vector<bool> of_flows_;  ///< of those packets of the batch that belong to a flow
    std::vector<bool> bad_;
};

}  // namespace pcapline::cli
