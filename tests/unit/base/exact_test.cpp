#include "pcapline/base/exact.h"

#include <cmath>
#include <random>

#include "support/catch.h"

using namespace pcapline;

TEST_CASE("A ratio is rounded half to even, from whole numbers", "[base]") {
    struct Case {
        std::uint64_t numerator, denominator;
        unsigned decimals;
        std::optional<std::uint64_t> expected;
    };
    const Case c = GENERATE(values<Case>({
        {7625, 24, 3, 317708},  // records.md §3: 317.708
        {1, 2, 0, 0},           // 0.5 to even
        {3, 2, 0, 2},           // 1.5 to even
        {5, 2, 0, 2},           // 2.5 to even
        {1, 8, 2, 12},          // 0.125 to even
        {3, 8, 2, 38},          // 0.375 to even
        {2, 3, 2, 67},
        {0, 5, 9, 0},
        {5, 0, 3, std::nullopt},
        {~std::uint64_t{0}, 1, 0, ~std::uint64_t{0}},
        {~std::uint64_t{0}, 1, 1, std::nullopt},
    }));
    CHECK(scaled_ratio(c.numerator, c.denominator, c.decimals) == c.expected);
}

TEST_CASE("Mean and deviation of a sample are exact", "[base]") {
    Moments few;
    CHECK(!few.stdev_thousandths());
    CHECK(!few.mean(3));
    few.add(1514);
    CHECK(!few.stdev_thousandths());
    CHECK(few.mean(3) == 1514000U);
    few.add(66);
    CHECK(few.mean(3) == 790000U);
    CHECK(few.stdev_thousandths() == 1023891U);  // 1448 / sqrt(2) = 1023.8906…
}

TEST_CASE("The deviation agrees with long double wherever that is precise", "[base]") {
    std::mt19937_64 random{1};
    for (int run = 0; run < 2000; ++run) {
        Moments moments;
        long double sum = 0;
        std::vector<std::uint64_t> values;
        const std::size_t count = 2 + random() % 50;
        for (std::size_t i = 0; i < count; ++i) {
            values.push_back(random() % 70000);
            moments.add(values.back());
            sum += static_cast<long double>(values.back());
        }
        long double spread = 0;
        for (const std::uint64_t value : values) {
            const long double off = static_cast<long double>(value) - sum / static_cast<long double>(count);
            spread += off * off;
        }
        const long double expected = std::sqrt(spread / static_cast<long double>(count - 1)) * 1000;
        REQUIRE(std::abs(static_cast<long double>(*moments.stdev_thousandths()) - expected) <= 0.5001L);
    }
}

TEST_CASE("Sums of lengths near 2^32 do not overflow", "[base]") {
    Moments moments;
    moments.add(4294967295U, std::uint64_t{1} << 40);
    moments.add(0, std::uint64_t{1} << 40);
    CHECK(moments.mean(0) == 2147483648U);
    const std::uint64_t deviation = *moments.stdev_thousandths();
    CHECK(deviation > 2147483647000U);
    CHECK(deviation < 2147483649000U);
}
