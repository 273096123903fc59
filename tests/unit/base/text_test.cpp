#include "pcapline/base/text.h"

#include <clocale>
#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.h"

namespace pcapline {
namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) {
    return {text.begin(), text.end()};
}

std::size_t length_of(const std::string& text) {
    return utf8_length(bytes_of(text));
}

/// A code point in the shortest form, surrogates too.
std::string encoded(std::uint32_t value) {
    const auto byte = [](std::uint32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
    if (value < 0x80) return {byte(value)};
    if (value < 0x800) return {byte(0xc0 | value >> 6), byte(0x80 | (value & 0x3f))};
    if (value < 0x10000) return {byte(0xe0 | value >> 12), byte(0x80 | (value >> 6 & 0x3f)), byte(0x80 | (value & 0x3f))};
    return {byte(0xf0 | value >> 18), byte(0x80 | (value >> 12 & 0x3f)), byte(0x80 | (value >> 6 & 0x3f)), byte(0x80 | (value & 0x3f))};
}

}  // namespace

TEST_CASE("every code point has its length and value, surrogates have none", "[base][text]") {
    for (std::uint32_t value = 0; value < 0x120000; ++value) {
        const std::string text = encoded(value);
        const bool valid = value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
        const auto bytes = bytes_of(text);
        if (utf8_length(bytes) != (valid ? text.size() : 0)) FAIL("length of " << value);
        if (valid && utf8_value(bytes) != value) FAIL("value of " << value);
        // One byte less is no sequence, one more does not matter.
        if (valid && text.size() > 1 && length_of(text.substr(0, text.size() - 1)) != 0) FAIL("cut " << value);
        if (valid && length_of(text + "\x80") != text.size()) FAIL("longer " << value);
    }
}

TEST_CASE("what is not UTF-8 has no length", "[base][text]") {
    const auto [name, text] = GENERATE(table<std::string, std::string>({
        {"nothing", ""},
        {"a continuation alone", "\x80"},
        {"the last continuation alone", "\xbf"},
        {"an overlong NUL", std::string("\xc0\x80")},
        {"an overlong slash", "\xc0\xaf"},
        {"the largest overlong form of two", "\xc1\xbf"},
        {"an overlong form of three", "\xe0\x9f\xbf"},
        {"an overlong form of four", "\xf0\x8f\xbf\xbf"},
        {"a surrogate", "\xed\xa0\x80"},
        {"beyond U+10FFFF", "\xf4\x90\x80\x80"},
        {"a lead byte of RFC 2279", "\xf8\x88\x80\x80\x80"},
        {"0xfe", "\xfe"},
        {"0xff", "\xff"},
        {"a lead byte at the end", "\xc3"},
        {"a lead byte before ASCII", "\xc3("},
        {"three bytes cut", "\xe2\x82"},
        {"a third byte that is none", "\xe2\x82("},
        {"a fourth byte that is none", "\xf0\x9f\x98("},
    }));
    CAPTURE(name);
    CHECK(length_of(text) == 0);
}

TEST_CASE("controls are C0, DEL, C1 and the bidirectional ones", "[base][text]") {
    struct Range {
        std::uint32_t first;
        std::uint32_t last;
    };
    const std::vector<Range> controls = {{0, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
    for (std::uint32_t value = 0; value <= 0x10ffff; ++value) {
        bool expected = false;
        for (const Range& range : controls) expected = expected || (value >= range.first && value <= range.last);
        if (is_control(value) != expected) FAIL(value);
    }
}

TEST_CASE("harmless text has no controls and says what was there", "[base][text]") {
    const auto [text, want] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"plain.pcap", "plain.pcap"},
        {"a\\b", "a\\\\b"},
        {"\x1b[31mred", "\\x1b[31mred"},
        {"line\r\nline\t", "line\\x0d\\x0aline\\x09"},
        {std::string("\0", 1), "\\x00"},
        {"\x7f", "\\x7f"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"\xc2\x9b", "\\xc2\\x9b"},                // C1 CSI
        {"\xe2\x80\xae", "\\xe2\\x80\\xae"},       // right-to-left override
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},  // beyond the basic plane
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xe2\x82", "\\xe2\\x82"},
        {"\\xff", "\\\\xff"},
    }));
    CHECK(harmless(text) == want);
}

TEST_CASE("the edit distance counts what a finger does wrong", "[base][text]") {
    struct Case {
        std::string a;
        std::string b;
        std::size_t distance;
    };
    const Case c = GENERATE(values<Case>({
        {"", "", 0},
        {"", "abc", 3},
        {"tcp.port", "tcp.port", 0},
        {"tcp.prot", "tcp.port", 1},   // swapped
        {"tcp.por", "tcp.port", 1},    // left out
        {"tcp.portt", "tcp.port", 1},  // twice
        {"tcp.pirt", "tcp.port", 1},   // changed
        {"udp.dstprot", "udp.dstport", 1},
        {"kitten", "sitting", 3},
        {"abc", "xyz", 3},
    }));
    CHECK(edit_distance(c.a, c.b) == c.distance);
    CHECK(edit_distance(c.b, c.a) == c.distance);
}

TEST_CASE("endless words are like nothing", "[base][text]") {
    CHECK(edit_distance(std::string(128, 'a'), std::string(128, 'a')) == 0);
    CHECK(edit_distance(std::string(129, 'a'), std::string(129, 'a')) == 129);
    CHECK(edit_distance(std::string(1'000'000, 'a'), "ip.src") == 1'000'000);
}

}  // namespace pcapline
