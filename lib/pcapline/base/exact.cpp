#include "pcapline/base/exact.h"

#include <cmath>

namespace pcapline {
namespace {

/// Largest root with root * root <= value.
std::uint64_t whole_root(Wide value) {
    Wide low = 0;
    Wide high = (Wide{1} << 64) - 1;
    while (low < high) {
        const Wide middle = low + (high - low + 1) / 2;
        if (middle * middle <= value) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return static_cast<std::uint64_t>(low);
}

}  // namespace

std::optional<std::uint64_t> scaled_ratio(Wide numerator, Wide denominator, unsigned decimals) {
    if (denominator == 0) return std::nullopt;
    Wide whole = numerator / denominator;
    Wide rest = numerator % denominator;
    for (unsigned i = 0; i < decimals; ++i) {  // long division, so that nothing can overflow
        rest *= 10;
        whole = whole * 10 + rest / denominator;
        rest %= denominator;
    }
    const Wide left = denominator - rest;
    if (rest > left || (rest == left && whole % 2 == 1)) ++whole;
    if (whole >> 64 != 0) return std::nullopt;
    return static_cast<std::uint64_t>(whole);
}

std::optional<std::uint64_t> Moments::stdev(unsigned decimals) const {
    if (count < 2) return std::nullopt;
    Wide scale = 1;  // of the variance
    for (unsigned i = 0; i < decimals; ++i) scale *= 100;
    Wide spread = 0;
    const bool fits = !__builtin_mul_overflow(static_cast<Wide>(count), sum_of_squares, &spread);
    Wide square = 0;
    Wide scaled = 0;
    if (fits && !__builtin_mul_overflow(sum, sum, &square)) {
        spread -= square;  // >= 0 by Cauchy and Schwarz
        const Wide divisor = static_cast<Wide>(count) * (count - 1);
        const Wide whole = spread / divisor;
        const Wide rest = spread % divisor;
        // variance * 4 * scale: the root is twice what is wanted, and its last bit rounds
        if (rest <= ~Wide{0} / (4 * scale) && !__builtin_mul_overflow(whole, 4 * scale, &scaled)) {
            scaled += rest * (4 * scale) / divisor;
            const std::uint64_t doubled = whole_root(scaled);
            const std::uint64_t below = doubled / 2;
            if (doubled % 2 == 0) return below;
            const bool tie = static_cast<Wide>(doubled) * doubled == scaled && rest * (4 * scale) % divisor == 0;
            return tie && below % 2 == 0 ? below : below + 1;
        }
    }
    // Beyond 2^46 packets or lengths near 2^32: the sums stay exact, the root does not.
    const auto n = static_cast<long double>(count);
    const long double mean_value = static_cast<long double>(sum) / n;
    const long double variance = (static_cast<long double>(sum_of_squares) / n - mean_value * mean_value) * n / (n - 1);
    return static_cast<std::uint64_t>(std::nearbyint(std::sqrt((variance < 0 ? 0 : variance) * static_cast<long double>(scale))));
}

}  // namespace pcapline
