// Time as 64-bit nanoseconds: parsing and printing without floating point. Always UTC.
#pragma once

#include <cstdint>
#include <string_view>

#include "pcapline/base/frame.h"
#include "pcapline/base/result.h"

namespace pcapline {

constexpr std::int64_t ns_per_second = 1'000'000'000;

/// 2024-05-01T08:00:00.120000000Z: always 30 characters (years 1677–2262). Not for no_time.
char* put_iso_time(char* to, std::int64_t time_ns);
constexpr std::size_t iso_time_chars = 30;
/// Seconds since 1970 with 9 decimals, "-" in front before 1970: 1714550400.120000000; 32 characters at most.
char* put_epoch(char* to, std::int64_t time_ns);

/// A point in time as an option gives it.
struct TimeSpec {
    enum class Kind : std::uint8_t {
        absolute,
        after_first,
        before_last
    } kind = Kind::absolute;
    std::int64_t ns = 0;  ///< since 1970, or the distance
};
/// ISO 8601 ("2024-05-01", "2024-05-01T08:00[:00[.123456789]][Z|+02:00]", blank for T; no zone = UTC), an epoch
/// number with or without "@", "+DUR" after the first packet, "-DUR" before the last. Errors: Errc::usage.
Result<TimeSpec> parse_time(std::string_view text);
/// "10", "1.5m", "250ms"; bare = seconds; ns us ms s m h d. May be negative if `negative` allows. Errors: Errc::usage.
Result<std::int64_t> parse_duration(std::string_view text, bool negative = false);
/// "1500", "64KiB", "10M": k K M G T = 10^n, Ki Mi Gi Ti = 2^n, trailing B allowed. Errors: Errc::usage.
Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace pcapline
