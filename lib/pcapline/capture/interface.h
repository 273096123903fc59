// Interface: what a capture says of where its frames come from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pcapline {

/// How time stamps count: units of 10^-exponent or 2^-exponent seconds, plus an offset.
struct TimeScale {
    bool binary = false;        ///< 2^-exponent instead of 10^-exponent
    std::uint8_t exponent = 6;  ///< if_tsresol without its top bit
    std::int64_t offset = 0;    ///< if_tsoffset, seconds

    bool operator==(const TimeScale&) const = default;
    /// Nanoseconds since 1970, exact (rounded down below one nanosecond); no_time if outside 64 bits.
    std::int64_t to_ns(std::uint64_t ticks) const;
    /// The inverse, for writers; rounds down to the scale. Empty if the time cannot be expressed.
    std::optional<std::uint64_t> to_ticks(std::int64_t time_ns) const;
};

/// One interface of a capture (classic pcap has exactly one).
struct Interface {
    std::uint16_t link_type = 1;  ///< LINKTYPE_*
    std::uint32_t snap_len = 0;   ///< 0: no limit
    TimeScale time;
    std::uint8_t fcs_len = 0;   ///< bytes of frame check sequence at the end of each frame; 0: unknown or none
    std::uint32_t section = 0;  ///< pcapng section it belongs to, from 0
    std::string name;           ///< if_name
    std::string description;
    std::string filter;
    std::string hardware;
    std::string os;
    std::optional<std::uint64_t> drops;  ///< isb_ifdrop of the last statistics block; only known after the end
};

}  // namespace pcapline
