// Arithmetic of TCP sequence numbers, which wrap.
#pragma once

#include <cstdint>

namespace pcapline {

/// How far `to` lies ahead of `from`, modulo 2^32 (RFC 9293 section 3.4): -2^31 … 2^31-1. Two numbers exactly 2^31 apart are
/// each behind the other: there RFC 1982 section 3.2 defines no order, and both must not seem ahead.
constexpr std::int32_t seq_distance(std::uint32_t from, std::uint32_t to) {
    return static_cast<std::int32_t>(to - from);
}
constexpr bool seq_before(std::uint32_t a, std::uint32_t b) {
    return seq_distance(b, a) < 0;
}
constexpr bool seq_after(std::uint32_t a, std::uint32_t b) {
    return seq_distance(b, a) > 0;
}
constexpr bool seq_at_or_before(std::uint32_t a, std::uint32_t b) {
    return seq_distance(b, a) <= 0;
}
constexpr bool seq_at_or_after(std::uint32_t a, std::uint32_t b) {
    return seq_distance(b, a) >= 0;
}
constexpr std::uint32_t seq_min(std::uint32_t a, std::uint32_t b) {
    return seq_before(b, a) ? b : a;
}
constexpr std::uint32_t seq_max(std::uint32_t a, std::uint32_t b) {
    return seq_after(b, a) ? b : a;
}
/// Is `seq` one of the numbers left … right-1?
constexpr bool seq_within(std::uint32_t seq, std::uint32_t left, std::uint32_t right) {
    return seq - left < right - left;
}

}  // namespace pcapline
