// SessionPartition: a part for every flow.
#pragma once

#include <string>
#include <vector>

#include "pcapline/conversation/flow_tracker.h"
#include "pcapline/split/partition.h"

namespace pcapline::cli {

/// Follows flows as `conversations` does: the number of a part is that of its flow.
class SessionPartition final : public Partition {
 public:
    SessionPartition(const TrackRules& rules, Namer& namer, Parts& parts);

    void assign(const Batch& batch, const RecordEncoder::Origin& from, std::vector<Targets>& targets) override;
    FlowTracker& tracker() { return tracker_; }

 private:
    void begin(const Batch& batch, std::size_t i);

    FlowTracker tracker_;
    KeyRules rules_;
    Namer& namer_;
    Parts& parts_;
};

/// The ways of a flow's packets are told from its first packet: who sent a SYN, or did not answer one, is A.
bool first_sender_is_a(const FlowOf& first);

}  // namespace pcapline::cli
