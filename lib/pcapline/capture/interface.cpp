#include "pcapline/capture/interface.h"

#include <limits>

#include "pcapline/base/frame.h"
#include "pcapline/base/time.h"

namespace pcapline {
namespace {

__extension__ using Wide = __int128;

constexpr std::uint64_t max_ticks = std::numeric_limits<std::uint64_t>::max();

Wide power_of_ten(unsigned exponent) {
    Wide value = 1;
    for (; exponent > 0; --exponent) value *= 10;
    return value;
}

// Whole nanoseconds in `ticks` units, rounded down. Ticks have 64 bits and 10^9 has 30, so that nothing wraps;
// units so small that 2^64 of them are below a nanosecond give 0.
Wide nanoseconds(const TimeScale& scale, std::uint64_t ticks) {
    if (scale.binary) return scale.exponent >= 94 ? 0 : Wide{ticks} * ns_per_second >> scale.exponent;
    if (scale.exponent <= 9) return Wide{ticks} * power_of_ten(9U - scale.exponent);
    return scale.exponent >= 29 ? 0 : Wide{ticks} / power_of_ten(scale.exponent - 9U);
}

std::optional<std::uint64_t> narrow(Wide ticks) {
    if (ticks < 0 || ticks > Wide{max_ticks}) return std::nullopt;
    return static_cast<std::uint64_t>(ticks);
}

// Units of 2^-exponent. Below 2^-30 a unit is longer than a nanosecond: the last unit whose to_ns() is not behind
// the time. From 2^-30 on several units share a nanosecond: the first of them.
std::optional<std::uint64_t> binary_ticks(Wide ns, unsigned exponent) {
    if (ns == 0) return 0;
    if (exponent >= 94 || (ns + 1) >> (94 - exponent) != 0) return std::nullopt;  // more than 2^64 units
    if (exponent < 30) return narrow((((ns + 1) << exponent) - 1) / ns_per_second);
    return narrow(((ns << exponent) + ns_per_second - 1) / ns_per_second);
}

}  // namespace

std::int64_t TimeScale::to_ns(std::uint64_t ticks) const {
    const Wide ns = nanoseconds(*this, ticks) + Wide{offset} * ns_per_second;
    if (ns > std::numeric_limits<std::int64_t>::max() || ns <= std::numeric_limits<std::int64_t>::min()) return no_time;
    return static_cast<std::int64_t>(ns);
}

std::optional<std::uint64_t> TimeScale::to_ticks(std::int64_t time_ns) const {
    if (time_ns == no_time) return std::nullopt;
    const Wide ns = Wide{time_ns} - Wide{offset} * ns_per_second;
    if (ns < 0) return std::nullopt;
    if (binary) return binary_ticks(ns, exponent);
    if (exponent <= 9) return narrow(ns / power_of_ten(9U - exponent));
    if (ns == 0) return 0;
    if (exponent >= 29 || ns > Wide{max_ticks}) return std::nullopt;
    return narrow(ns * power_of_ten(exponent - 9U));
}

}  // namespace pcapline
