#include "pcapline/tcp/sequence.h"

#include "support/catch.h"

using namespace pcapline;

static_assert(seq_distance(0xffffffff, 0) == 1);
static_assert(seq_before(0xfffffff0, 0x10) && seq_after(0x10, 0xfffffff0));

TEST_CASE("Sequence numbers are ordered by their distance, wherever they stand", "[tcp]") {
    const std::uint32_t from = GENERATE(0U, 1U, 0x7fffffffU, 0x80000000U, 0x80000001U, 0xfffffffeU, 0xffffffffU, 0x12345678U);
    struct Case {
        std::uint32_t ahead;
        std::int32_t distance;
    };
    const Case c = GENERATE(values<Case>({
        {0, 0},
        {1, 1},
        {1460, 1460},
        {0x7ffffffe, 0x7ffffffe},
        {0x7fffffff, 0x7fffffff},
        {0x80000001, -0x7fffffff},
        {0xfffffa4c, -1460},
        {0xffffffff, -1},
    }));
    const std::uint32_t to = from + c.ahead;
    CAPTURE(from, to);
    CHECK(seq_distance(from, to) == c.distance);
    CHECK(seq_before(from, to) == (c.distance > 0));
    CHECK(seq_after(from, to) == (c.distance < 0));
    CHECK(seq_at_or_before(from, to) == (c.distance >= 0));
    CHECK(seq_at_or_after(from, to) == (c.distance <= 0));
    CHECK(seq_min(from, to) == (c.distance >= 0 ? from : to));
    CHECK(seq_max(from, to) == (c.distance >= 0 ? to : from));
}

TEST_CASE("Of two sequence numbers half the space apart neither is ahead", "[tcp]") {
    const std::uint32_t a = GENERATE(0U, 1U, 0x7fffffffU, 0x80000000U, 0xffffffffU);
    const std::uint32_t b = a + 0x80000000;
    CHECK(seq_before(a, b));
    CHECK(seq_before(b, a));
    CHECK_FALSE(seq_after(a, b));
    CHECK_FALSE(seq_after(b, a));
}

TEST_CASE("A sequence number lies within a range that wraps", "[tcp]") {
    CHECK(seq_within(0xfffffff8, 0xfffffff8, 8));
    CHECK(seq_within(0xffffffff, 0xfffffff8, 8));
    CHECK(seq_within(0, 0xfffffff8, 8));
    CHECK(seq_within(7, 0xfffffff8, 8));
    CHECK_FALSE(seq_within(8, 0xfffffff8, 8));
    CHECK_FALSE(seq_within(0xfffffff7, 0xfffffff8, 8));
    CHECK_FALSE(seq_within(5, 5, 5));
}
