// FlowOrder: by which column flows are sorted.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "pcapline/base/result.h"
#include "pcapline/conversation/flow_columns.h"

namespace pcapline {

/// Sorts by a column: numbers and times descending, text ascending; or the other way round. `packets`, `wire_bytes` (also `bytes`),
/// `ip_bytes` and `payload_bytes` are the sums of both ways. Flows without a value come last, those with the same keep their order.
class FlowOrder {
 public:
    /// The order of the input.
    FlowOrder() = default;
    /// `-NAME` is the other way round. Errors: Errc::usage.
    static Result<FlowOrder> parse(std::string_view text);

    bool given() const { return !columns_.empty(); }
    /// What has to be tracked for it.
    TrackedParts parts() const { return parts_of(columns_); }
    void sort(std::vector<FlowTracker::Id>& flows, FlowTracker& tracker, const Applications& applications) const;

 private:
    std::vector<const FlowColumn*> columns_;  ///< one, or two whose sum counts
    bool reversed_ = false;
};

}  // namespace pcapline
