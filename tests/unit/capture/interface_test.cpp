#include "pcapline/capture/interface.h"

#include "pcapline/base/frame.h"
#include "support/catch.h"

using namespace pcapline;

namespace {
constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t all_ones = ~std::uint64_t{0};
}  // namespace

TEST_CASE("ticks become nanoseconds exactly, or no_time") {
    struct Row {
        TimeScale scale;
        std::uint64_t ticks;
        std::int64_t ns;
    };
    const Row rows[] = {
        {{false, 6, 0}, 1714550400120000, 1714550400120000000},
        {{false, 9, 0}, 1714550400120000001, 1714550400120000001},
        {{false, 0, 0}, 4294967295, 4294967295000000000},
        {{false, 3, 0}, 1714550400120, 1714550400120000000},
        {{false, 10, 0}, 17145504001200000019ULL, 1714550400120000001},
        {{false, 12, 0}, 1234567, 1234},
        {{false, 63, 0}, all_ones, 0},
        {{false, 127, 0}, all_ones, 0},
        {{true, 0, 0}, 7, 7000000000},
        {{true, 10, 0}, 1025, 1000976562},
        {{true, 20, 0}, 1048577, 1000000953},
        {{true, 64, 0}, all_ones, 999999999},
        {{true, 127, 0}, all_ones, 0},
        {{false, 6, 1000}, 1, 1000000001000},
        {{false, 6, -1000}, 1, -999999999000},
        {{false, 9, 0}, static_cast<std::uint64_t>(latest), latest},
        {{false, 9, 0}, static_cast<std::uint64_t>(latest) + 1, no_time},
        {{false, 6, 0}, 9223372036854775, 9223372036854775000},
        {{false, 6, 0}, 9223372036854776, no_time},
        {{false, 6, 0}, all_ones, no_time},
        {{false, 0, 0}, all_ones, no_time},
        {{false, 9, std::numeric_limits<std::int64_t>::max()}, all_ones, no_time},
        {{false, 9, std::numeric_limits<std::int64_t>::min()}, 0, no_time},
        {{false, 9, -9223372036}, 0, -9223372036000000000},
        // One below the earliest time: its number means "none".
        {{false, 9, -9223372037}, 145224192, no_time},
        {{false, 9, -9223372037}, 145224193, -latest},
    };
    for (const Row& row : rows) {
        CAPTURE(row.scale.binary, int{row.scale.exponent}, row.scale.offset, row.ticks);
        CHECK(row.scale.to_ns(row.ticks) == row.ns);
    }
}

TEST_CASE("a time that came from ticks becomes a time of the same nanosecond again") {
    const std::uint64_t some[] = {0, 1, 2, 999, 1023, 1024, 1025, 4095, 123456789, 1714550400};
    for (const bool binary : {false, true}) {
        for (int exponent = 0; exponent <= 127; ++exponent) {
            for (const std::int64_t offset : {0, 86400, -86400}) {
                const TimeScale scale{binary, static_cast<std::uint8_t>(exponent), offset};
                for (const std::uint64_t ticks : some) {
                    const std::int64_t ns = scale.to_ns(ticks);
                    if (ns == no_time) continue;
                    CAPTURE(binary, exponent, offset, ticks);
                    const auto back = scale.to_ticks(ns);
                    REQUIRE(back);
                    CHECK(scale.to_ns(*back) == ns);
                    // Where a tick is no shorter than a nanosecond, it is the very same tick.
                    if (binary ? exponent < 30 : exponent <= 9) CHECK(*back == ticks);
                }
            }
        }
    }
}

TEST_CASE("a time that a scale cannot say has no ticks") {
    CHECK_FALSE(TimeScale{}.to_ticks(no_time));
    CHECK_FALSE(TimeScale{}.to_ticks(-1));
    CHECK_FALSE((TimeScale{false, 12, 0}).to_ticks(latest));
    CHECK_FALSE((TimeScale{false, 127, 0}).to_ticks(1));
    CHECK_FALSE((TimeScale{true, 127, 0}).to_ticks(1));
    CHECK_FALSE((TimeScale{false, 6, 100}).to_ticks(0));
    CHECK((TimeScale{false, 6, -100}).to_ticks(0) == 100000000U);
    CHECK((TimeScale{false, 6, 0}).to_ticks(1999) == 1U);
}
