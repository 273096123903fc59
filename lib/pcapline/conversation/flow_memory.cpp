// How FlowTracker keeps within TrackRules::limits.max_bytes.
#include "pcapline/conversation/flow_tracker.h"

namespace pcapline {

std::uint64_t FlowTracker::bytes() const {
    std::uint64_t bytes = table_.bytes() + server_name_bytes_;
    each_pool(*this, [&](const auto& pool) { bytes += pool.bytes(); });
    return bytes;
}

std::uint64_t FlowTracker::used_bytes() const {
    std::uint64_t bytes = table_.used_bytes();
    each_pool(*this, [&](const auto& pool) { bytes += pool.used_bytes(); });
    return bytes;
}

void FlowTracker::keep_within_limits() {
    const std::uint64_t most = rules_.limits.max_bytes;
    // The rest is for pools that are not full at the same time.
    const std::uint64_t most_used = most - most / 8;
    while (used_bytes() > most_used && table_.evict_oldest(*this)) {}
    if (bytes() <= most) return;
    // What is free in one pool is no room for another: they begin anew.
    while (table_.evict_oldest(*this)) {}
    table_.release();
    each_pool(*this, [](auto& pool) { pool.release(); });
    server_names_ = {};
    server_name_numbers_ = {};
    server_name_bytes_ = 0;
}

}  // namespace pcapline
