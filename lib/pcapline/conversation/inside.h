// is_inside(): traffic that stays within some networks.
#pragma once

#include "pcapline/base/networks.h"
#include "pcapline/flow/flow_key.h"

namespace pcapline {

/// Both ends of a flow of IP addresses are in these networks, or one is and the other is a group.
inline bool is_inside(const Networks& networks, const FlowKey& key) {
    const std::size_t size = key.family == Family::ipv4 ? 4 : 16;
    const Bytes low{key.low.address.data(), size};
    const Bytes high{key.high.address.data(), size};
    const bool low_is = networks.contains(low);
    const bool high_is = networks.contains(high);
    return (low_is && high_is) || (low_is && is_group_address(high)) || (high_is && is_group_address(low));
}

}  // namespace pcapline
