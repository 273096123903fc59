// read_segment(): a TCP header as the tracker wants it.
#pragma once

#include "pcapline/base/frame.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/flow/segment.h"

namespace pcapline {

/// Fills `out` from the TCP header that `inner` names (of innermost_ip() or glance(), for this frame), its options included (RFC 9293
/// section 3.1, RFC 7323 section 2, RFC 2018 sections 2 and 3): options end where their lengths stop making sense, and none is read beyond
/// the header. False, and `out` unchanged, if `inner` is not TCP. `packet` tells whether it is a fragment; null if glance() found it, which
/// finds none. Does not look at the checksum: out.bad_checksum is false.
bool read_segment(const Frame& frame, std::uint64_t number, const Innermost& inner, const Packet* packet, Segment& out) noexcept;

}  // namespace pcapline
