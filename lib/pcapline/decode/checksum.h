// Checksums: read only when someone asks.
#pragma once

#include <cstdint>

#include "pcapline/base/frame.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/decode/packet.h"

namespace pcapline {

enum class Checksum : std::uint8_t {
    good,
    bad,
    unknown,  ///< it cannot be verified: not all that it covers is here
};

/// The ones' complement sum of 16-bit words in network order, not inverted (RFC 1071): 0xffff where a good checksum is among them.
/// A last odd byte is the upper half of a word.
std::uint16_t ones_sum(Bytes bytes) noexcept;

/// The checksum of the TCP segment, UDP datagram, ICMP or ICMPv6 message that `inner` names (of innermost_ip(), or of a Glance), with
/// its pseudo header (RFC 9293, section 3.1; RFC 768; RFC 792; RFC 4443, section 2.3; RFC 8200, section 8.1). Unknown if it is none of
/// these, the capture has cut it, it is part of a fragment, the sender made no checksum, or the addresses in the IP header are not those
/// that the sender took: a source route, a home address. `packet` is what decode() said; null for a Glance, which sees none of that.
Checksum transport_checksum(const Frame& frame, const Innermost& inner, const Packet* packet) noexcept;
/// That one is bad, or that of the IPv4 header (RFC 791, section 3.1).
bool has_bad_checksum(const Frame& frame, const Innermost& inner, const Packet* packet) noexcept;

}  // namespace pcapline
