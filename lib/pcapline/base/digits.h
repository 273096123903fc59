// Two and more decimal digits at once: for the writers of numbers and times.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace pcapline::detail {

inline constexpr auto digit_pairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

/// Exactly 2, 4, 8 or 9 digits, zero-padded, at `to`; the value must have no more. They return one past the last.
inline char* put_2_digits(char* to, std::uint32_t value) {
    std::memcpy(to, &digit_pairs[std::size_t{2} * value], 2);
    return to + 2;
}
inline char* put_4_digits(char* to, std::uint32_t value) {
    const std::uint32_t high = value / 100;
    return put_2_digits(put_2_digits(to, high), value - 100 * high);
}
inline char* put_8_digits(char* to, std::uint32_t value) {
    const std::uint32_t high = value / 10'000;
    return put_4_digits(put_4_digits(to, high), value - 10'000 * high);
}
inline char* put_9_digits(char* to, std::uint32_t value) {
    const std::uint32_t high = value / 100'000'000;
    *to = static_cast<char>('0' + high);
    return put_8_digits(to + 1, value - 100'000'000 * high);
}

}  // namespace pcapline::detail
