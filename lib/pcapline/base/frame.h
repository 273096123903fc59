// Frame: a view of one captured packet.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "pcapline/base/bytes.h"

namespace pcapline {

/// The time of a frame that has none, or one outside 1677–2262 (64-bit nanoseconds).
constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();

/// One captured frame: a view, never an owner. `data` stays valid as long as the
/// batch that holds the frame is not handed back to its source; copy the bytes to keep them longer.
struct Frame {
    const std::uint8_t* data = nullptr;
    std::uint32_t cap_len = 0;    ///< bytes present
    std::uint32_t wire_len = 0;   ///< bytes that were on the wire, >= cap_len
    std::int64_t time_ns = 0;     ///< since 1970-01-01 UTC, or no_time
    std::uint16_t link_type = 0;  ///< LINKTYPE_*, as in the file
    std::uint16_t interface = 0;  ///< index into the source's interfaces()

    Bytes bytes() const { return {data, cap_len}; }
    std::uint32_t not_captured() const { return wire_len - cap_len; }
    bool has_time() const { return time_ns != no_time; }
};
static_assert(std::is_trivially_copyable_v<Frame> && sizeof(Frame) <= 32);

}  // namespace pcapline
