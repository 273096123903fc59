// Internet checksums of the packet that a frame is about.
#pragma once

#include <cstdint>

#include "pcapline/base/frame.h"
#include "pcapline/decode/innermost.h"

namespace pcapline {

/// The ones' complement sum of 16-bit words in network order, not yet folded (RFC 1071). An odd last byte counts as the high one.
std::uint64_t internet_sum(Bytes bytes) noexcept;
/// Folded to 16 bits.
constexpr std::uint16_t folded_sum(std::uint64_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

/// Does the checksum of the IPv4 header not fit, or that of TCP, UDP, ICMP or ICMPv6 above it (RFC 9293 section 3.1, RFC 768, RFC 792, RFC
/// 4443 section 2.3)? False where that cannot be known: nothing of these, cut by the capture, a UDP datagram without a checksum, a routing
/// header that hides the last destination. Not for fragments. Costs a pass over the payload.
bool has_bad_checksum(const Frame& frame, const Innermost& inner) noexcept;

}  // namespace pcapline
