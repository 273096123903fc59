// FirstPacket: all that is known of a TCP connection until its second packet.
#pragma once

#include <cstdint>
#include <optional>

#include "pcapline/flow/segment.h"

namespace pcapline {

/// A connection's first segment, in an eighth of the memory of a TcpPart: where ports are scanned or floods are captured, most flows have
/// no other. Segments with SACK blocks do not fit.
class FirstPacket {
 public:
    FirstPacket() = default;
    /// `segment`: null if the packet's TCP header is not whole.
    FirstPacket(Way way, bool bad_checksum, const Segment* segment);
    static bool fits(const Segment& segment) { return segment.sack_blocks == 0; }

    Way way() const { return way_; }
    bool bad_checksum() const { return bad_checksum_; }
    /// As it was, but for the packet's number.
    std::optional<Segment> segment() const;

 private:
    std::int64_t time_ns_ = 0;
    std::uint32_t seq_ = 0;
    std::uint32_t ack_ = 0;
    std::uint32_t payload_bytes_ = 0;
    std::uint16_t flags_ = 0;
    std::uint16_t window_ = 0;
    std::uint16_t mss_ = 0;
    std::uint8_t window_shift_ = 0;
    std::uint8_t first_byte_ = 0;
    Way way_ = Way::ab;
    bool bad_checksum_ : 1 = false;
    bool has_segment_ : 1 = false;
    bool has_window_shift_ : 1 = false;
    bool sack_permitted_ : 1 = false;
    bool length_known_ : 1 = false;
    bool first_byte_known_ : 1 = false;
};
static_assert(sizeof(FirstPacket) == 32);

}  // namespace pcapline
