// Community id: the name of a flow that other tools give it too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pcapline/flow/flow_key.h"
#include "pcapline/flow/flow_record.h"

namespace pcapline {

/// "1:" and 28 characters of Base64.
constexpr std::size_t community_id_chars = 30;

/// Writes the community id, version 1 with seed 0 (the specification is Corelight's: SHA-1 of addresses, protocol and ports, lower end
/// first), and returns one past the last character; null if it defines none: pairs of Ethernet addresses, pairs without a protocol, and the
/// protocols with ports where the ports are not known (FlowKey::lacks_ports). `first`: of the flow's first packet;
/// ICMP messages without a counterpart are named by the direction, type and code of that.
char* put_community_id(char* to, const FlowOf& first) noexcept;
/// The same of a flow in a table.
inline char* put_community_id(char* to, const FlowKey& key, const FlowHead& head) noexcept {
    FlowOf first;
    first.key = key;
    first.from_low = head.a_is_low;
    first.icmp_type = static_cast<std::uint8_t>(head.icmp_type);
    first.icmp_code = static_cast<std::uint8_t>(head.icmp_code);
    return put_community_id(to, first);
}

}  // namespace pcapline
