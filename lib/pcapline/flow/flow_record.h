// What every flow's record begins with.
#pragma once

#include <cstdint>
#include <string_view>

namespace pcapline {

/// Why a flow ended.
enum class EndReason : std::uint8_t {
    none,     ///< it lasts
    fin,      ///< FIN both ways
    rst,      ///< a reset
    idle,     ///< no packet for too long
    active,   ///< it lasted too long
    reuse,    ///< a new connection between the same ends
    eof,      ///< the end of the input
    evicted,  ///< no room for more flows
};
/// "fin rst idle active reuse eof evicted"; none: "".
constexpr std::string_view name_of(EndReason reason) {
    constexpr std::string_view names[] = {"", "fin", "rst", "idle", "active", "reuse", "eof", "evicted"};
    return names[static_cast<std::size_t>(reason)];
}

/// Eight bytes of each flow.
struct FlowHead {
    static constexpr std::uint64_t most_flows = (std::uint64_t{1} << 40) - 1;
    static constexpr std::uint64_t most_reasons = 15;

    std::uint64_t number : 40 = 0;           ///< by first packet, from 1
    std::uint64_t reason : 4 = 0;            ///< EndReason, for the table
    std::uint64_t lives : 1 = 0;             ///< packets are still added
    std::uint64_t a_is_low : 1 = 0;          ///< A, the initiator, is key.low; the table says who sent the first packet
    std::uint64_t initiator_by_syn : 1 = 0;  ///< A is known by a SYN; for the handler
    std::uint64_t mark : 1 = 0;              ///< for the handler
    std::uint64_t icmp_type : 8 = 0;         ///< of the first packet; other protocols: for the handler, 0 at first; as icmp_code
    std::uint64_t icmp_code : 8 = 0;

    EndReason end_reason() const { return static_cast<EndReason>(reason); }
};
static_assert(sizeof(FlowHead) == 8);

}  // namespace pcapline
