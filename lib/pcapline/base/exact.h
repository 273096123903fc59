// Exact ratios of integer sums, rounded half to even (records.md §1).
#pragma once

#include <cstdint>
#include <optional>

namespace pcapline {

__extension__ using Wide = unsigned __int128;

/// numerator * 10^decimals / denominator, rounded half to even; empty if the denominator is 0 or the result too large.
std::optional<std::uint64_t> scaled_ratio(Wide numerator, Wide denominator, unsigned decimals);

/// Sums for mean and standard deviation of whole numbers.
struct Moments {
    std::uint64_t count = 0;
    Wide sum = 0;
    Wide sum_of_squares = 0;

    void add(std::uint64_t value, std::uint64_t times = 1) {
        count += times;
        sum += static_cast<Wide>(value) * times;
        sum_of_squares += static_cast<Wide>(value) * value * times;
    }
    /// Scaled by 10^decimals; empty without values.
    std::optional<std::uint64_t> mean(unsigned decimals) const { return scaled_ratio(sum, count, decimals); }
    /// Of a sample (n-1), scaled by 10^decimals (at most 3); empty below two values.
    std::optional<std::uint64_t> stdev(unsigned decimals) const;
    std::optional<std::uint64_t> stdev_thousandths() const { return stdev(3); }
};

}  // namespace pcapline
