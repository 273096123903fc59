#include <array>
#include <cinttypes>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "pcapline/base/text.h"
#include "support/catch.h"

namespace pcapline {
namespace {

std::string decimal(std::uint64_t value) {
    std::array<char, decimal_chars> chars{};
    return {chars.data(), put_decimal(chars.data(), value)};
}

std::string signed_decimal(std::int64_t value) {
    std::array<char, decimal_chars> chars{};
    return {chars.data(), put_signed(chars.data(), value)};
}

std::string fixed(std::uint64_t value, unsigned decimals) {
    std::array<char, 32> chars{};
    return {chars.data(), put_fixed(chars.data(), value, decimals)};
}

std::string hex_text(std::uint64_t value, unsigned digits) {
    std::array<char, 18> chars{};
    return {chars.data(), put_hex(chars.data(), value, digits)};
}

/// Numbers of all lengths: around each power of 2 and of 10, and random ones of every size.
std::vector<std::uint64_t> many_numbers() {
    std::vector<std::uint64_t> numbers = {0};
    for (unsigned shift = 0; shift < 64; ++shift) {
        const std::uint64_t power = std::uint64_t{1} << shift;
        numbers.insert(numbers.end(), {power - 1, power, power + 1});
    }
    std::uint64_t power = 1;
    for (int i = 0; i < 20; ++i, power *= 10) numbers.insert(numbers.end(), {power - 1, power, power + 1});
    numbers.push_back(std::numeric_limits<std::uint64_t>::max());
    std::mt19937_64 random(1);
    for (int i = 0; i < 20'000; ++i) numbers.push_back(random() >> (random() % 64));
    return numbers;
}

/// value / 10^decimals by 128-bit arithmetic, digit by digit.
std::string fixed_by_hand(std::uint64_t value, unsigned decimals) {
    __extension__ using Wide = unsigned __int128;
    Wide scale = 1;
    for (unsigned i = 0; i < decimals; ++i) scale *= 10;
    std::string text = std::to_string(static_cast<std::uint64_t>(value / scale));
    Wide rest = value % scale;
    if (decimals != 0) text += '.';
    for (unsigned i = 0; i < decimals; ++i) {
        rest *= 10;
        text += static_cast<char>('0' + static_cast<int>(rest / scale));
        rest %= scale;
    }
    return text;
}

}  // namespace

TEST_CASE("decimal numbers are those of the C library", "[base][text]") {
    for (const std::uint64_t value : many_numbers()) {
        CAPTURE(value);
        REQUIRE(decimal(value) == std::to_string(value));
        REQUIRE(signed_decimal(static_cast<std::int64_t>(value)) == std::to_string(static_cast<std::int64_t>(value)));
    }
    CHECK(decimal(std::numeric_limits<std::uint64_t>::max()).size() == decimal_chars);
}

TEST_CASE("every number below 100,000 is written as the C library writes it", "[base][text]") {
    for (std::uint64_t value = 0; value < 100'000; ++value)
        if (decimal(value) != std::to_string(value)) FAIL(value);
}

TEST_CASE("fixed decimals are exact", "[base][text]") {
    for (const std::uint64_t value : many_numbers()) {
        for (unsigned decimals = 0; decimals <= 18; ++decimals) {
            const std::string got = fixed(value, decimals);
            const std::string want = fixed_by_hand(value, decimals);
            if (got != want) FAIL(got << " is not " << want);
        }
    }
    CHECK(fixed(9167, 2) == "91.67");
    CHECK(fixed(290455000, 9) == "0.290455000");
    CHECK(fixed(0, 3) == "0.000");
}

TEST_CASE("hex has at least the digits asked for", "[base][text]") {
    struct Case {
        std::uint64_t value;
        unsigned digits;
        std::string want;
    };
    const Case c = GENERATE(values<Case>({
        {0, 0, "0"},
        {0, 1, "0"},
        {0, 4, "0000"},
        {0x800, 4, "0800"},
        {0x12345, 4, "12345"},
        {0xf, 1, "f"},
        {0x10, 1, "10"},
        {std::numeric_limits<std::uint64_t>::max(), 1, "ffffffffffffffff"},
        {1, 16, "0000000000000001"},
    }));
    CHECK(hex_text(c.value, c.digits) == c.want);
}

TEST_CASE("hex is that of printf", "[base][text]") {
    for (const std::uint64_t value : many_numbers()) {
        std::array<char, 20> want{};
        std::snprintf(want.data(), want.size(), "%04" PRIx64, value);
        REQUIRE(hex_text(value, 4) == want.data());
    }
}

TEST_CASE("bytes are written as hex, as escapes and as base64", "[base][text]") {
    struct Case {
        std::vector<std::uint8_t> bytes;
        std::string hex;
        std::string base64;  // RFC 4648 section 10
    };
    const Case c = GENERATE(values<Case>({
        {{}, "", ""},
        {{'f'}, "66", "Zg=="},
        {{'f', 'o'}, "666f", "Zm8="},
        {{'f', 'o', 'o'}, "666f6f", "Zm9v"},
        {{'f', 'o', 'o', 'b'}, "666f6f62", "Zm9vYg=="},
        {{'f', 'o', 'o', 'b', 'a'}, "666f6f6261", "Zm9vYmE="},
        {{'f', 'o', 'o', 'b', 'a', 'r'}, "666f6f626172", "Zm9vYmFy"},
        {{0x00, 0xff, 0x80}, "00ff80", "AP+A"},
        {{0xfb, 0xff, 0xfe}, "fbfffe", "+//+"},
    }));
    std::array<char, 64> chars{};
    CHECK(std::string(chars.data(), put_hex_bytes(chars.data(), c.bytes)) == c.hex);
    CHECK(std::string(chars.data(), put_base64(chars.data(), c.bytes)) == c.base64);
    std::string escaped;
    for (std::size_t i = 0; i < c.hex.size(); i += 2) escaped += "\\x" + c.hex.substr(i, 2);
    CHECK(std::string(chars.data(), put_escaped(chars.data(), c.bytes)) == escaped);
}

}  // namespace pcapline
