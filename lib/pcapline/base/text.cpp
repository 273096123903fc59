#include "pcapline/base/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "pcapline/base/digits.h"
#include "pcapline/base/endian.h"

namespace pcapline {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// The two hex digits of a byte, the first one in the low byte.
constexpr auto hex_pairs = [] {
    std::array<std::uint16_t, 256> pairs{};
    for (std::size_t i = 0; i < 256; ++i) pairs[i] = static_cast<std::uint16_t>(hex_digits[i >> 4] | hex_digits[i & 15] << 8);
    return pairs;
}();

constexpr auto powers_of_ten = [] {
    std::array<std::uint64_t, 20> powers{};
    std::uint64_t power = 1;
    for (std::size_t i = 0; i < powers.size(); ++i) {
        powers[i] = power;
        power *= 10;
    }
    return powers;
}();

/// Characters that are packed in a number, the first one in its low byte.
template <class Unsigned>
void store_text(char* to, Unsigned characters) {
    store(reinterpret_cast<std::uint8_t*>(to), characters, ByteOrder::little);
}

/// The decimal text of an octet and the dot behind it.
struct Octet {
    std::array<char, 4> text;
    std::uint8_t digits;
};

constexpr auto octets = [] {
    std::array<Octet, 256> all{};
    for (std::size_t i = 0; i < 256; ++i) {
        std::uint8_t n = 0;
        if (i >= 100) all[i].text[n++] = static_cast<char>('0' + i / 100);
        if (i >= 10) all[i].text[n++] = static_cast<char>('0' + i / 10 % 10);
        all[i].text[n++] = static_cast<char>('0' + i % 10);
        all[i].digits = n;
        if (n < 4) all[i].text[n] = '.';
    }
    return all;
}();

/// For each set of zero groups of an IPv6 address (bit i = group i), where "::" stands: first group << 4 | length.
constexpr auto zero_runs = [] {
    std::array<std::uint8_t, 256> all{};
    for (unsigned set = 0; set < 256; ++set) {
        unsigned best = 0;
        unsigned best_length = 1;  // RFC 5952 section 4.2.2: one group alone is not shortened
        for (unsigned first = 0; first < 8; ++first) {
            unsigned length = 0;
            while (first + length < 8 && (set >> (first + length) & 1) != 0) ++length;
            if (length > best_length) {
                best = first;
                best_length = length;
            }
        }
        all[set] = static_cast<std::uint8_t>(best_length == 1 ? 0 : best << 4 | best_length);
    }
    return all;
}();

char* put_hex_pair(char* to, std::uint8_t byte) {
    store_text(to, hex_pairs[byte]);
    return to + 2;
}

/// Up to four digits, without leading zeros.
char* put_below_10000(char* to, std::uint32_t value) {
    if (value >= 1000) return detail::put_4_digits(to, value);
    if (value >= 100) {
        *to = static_cast<char>('0' + value / 100);
        return detail::put_2_digits(to + 1, value % 100);
    }
    if (value >= 10) return detail::put_2_digits(to, value);
    *to = static_cast<char>('0' + value);
    return to + 1;
}

/// Up to eight digits, without leading zeros.
char* put_below_100000000(char* to, std::uint32_t value) {
    if (value < 10'000) return put_below_10000(to, value);
    const std::uint32_t high = value / 10'000;
    return detail::put_4_digits(put_below_10000(to, high), value - 10'000 * high);
}

/// Exactly `count` digits, zero-padded.
void put_digits(char* to, std::uint64_t value, unsigned count) {
    char* at = to + count;
    for (; count >= 2; count -= 2, value /= 100) {
        at -= 2;
        detail::put_2_digits(at, static_cast<std::uint32_t>(value % 100));
    }
    if (count == 1) *to = static_cast<char>('0' + value % 10);
}

/// Bit i is set where group i of an IPv6 address is zero, for four groups.
unsigned zero_groups(const std::uint8_t* groups) {
    constexpr std::uint64_t low_bits = 0x7fff'7fff'7fff'7fff;
    const std::uint64_t four = load64(groups, ByteOrder::little);
    const std::uint64_t zeros = ~(((four & low_bits) + low_bits) | four) >> 15 & 0x0001'0001'0001'0001;
    // Bits 0, 16, 32, 48 to bits 48, 49, 50, 51; the other products fall below, or out.
    return static_cast<unsigned>(zeros * 0x0001'0002'0004'0008 >> 48 & 15);
}

/// One group without leading zeros. Writes 4 characters, of which only those before the answer count.
char* put_group(char* to, std::uint8_t high, std::uint8_t low) {
    const std::uint32_t digits = hex_pairs[high] | static_cast<std::uint32_t>(hex_pairs[low]) << 16;
    const auto leading_zeros = static_cast<unsigned>(std::countl_zero(static_cast<std::uint16_t>(high << 8 | low | 1))) / 4;
    store_text(to, digits >> (8 * leading_zeros));
    return to + 4 - leading_zeros;
}

}  // namespace

char* put_decimal(char* to, std::uint64_t value) {
    if (value < 100'000'000) return put_below_100000000(to, static_cast<std::uint32_t>(value));
    const std::uint64_t high = value / 100'000'000;
    const auto low = static_cast<std::uint32_t>(value - 100'000'000 * high);
    to = high < 100'000'000 ? put_below_100000000(to, static_cast<std::uint32_t>(high)) : put_decimal(to, high);
    return detail::put_8_digits(to, low);
}

char* put_signed(char* to, std::int64_t value) {
    if (value >= 0) return put_decimal(to, static_cast<std::uint64_t>(value));
    *to = '-';
    return put_decimal(to + 1, 0 - static_cast<std::uint64_t>(value));
}

char* put_hex(char* to, std::uint64_t value, unsigned digits) {
    const unsigned needed = (static_cast<unsigned>(std::bit_width(value | 1)) + 3) / 4;
    const unsigned count = std::max(needed, digits);
    for (char* at = to + count; at != to; value >>= 4) *--at = hex_digits[value & 15];
    return to + count;
}

char* put_fixed(char* to, std::uint64_t value, unsigned decimals) {
    if (decimals == 0) return put_decimal(to, value);
    if (decimals == 9) {
        const std::uint64_t whole = value / 1'000'000'000;
        to = put_decimal(to, whole);
        *to = '.';
        return detail::put_9_digits(to + 1, static_cast<std::uint32_t>(value - whole * 1'000'000'000));
    }
    decimals = std::min(decimals, 18U);
    const std::uint64_t whole = value / powers_of_ten[decimals];
    to = put_decimal(to, whole);
    *to++ = '.';
    put_digits(to, value - whole * powers_of_ten[decimals], decimals);
    return to + decimals;
}

char* put_ipv4(char* to, const std::uint8_t* address) {
    for (int i = 0; i < 3; ++i) {
        const Octet& octet = octets[address[i]];
        std::memcpy(to, octet.text.data(), 4);
        to += octet.digits + 1;
    }
    const Octet& last = octets[address[3]];
    std::memcpy(to, last.text.data(), 3);  // not 4: there may be no room for the dot
    return to + last.digits;
}

char* put_ipv6(char* to, const std::uint8_t* address) {
    const unsigned zeros = zero_groups(address) | zero_groups(address + 8) << 4;
    // RFC 5952 section 5: IPv4-mapped addresses end in a dotted quad.
    if ((zeros & 0x3f) == 0x1f && address[10] == 0xff && address[11] == 0xff) {
        std::memcpy(to, "::ffff:", 7);
        return put_ipv4(to + 7, address + 12);
    }
    const unsigned first = zero_runs[zeros] >> 4;
    const unsigned length = zero_runs[zeros] & 15;
    const unsigned before = length == 0 ? 8 : first;
    for (unsigned i = 0; i < before; ++i) {
        to = put_group(to, address[2 * i], address[2 * i + 1]);
        *to++ = ':';
    }
    if (length == 0) return to - 1;
    if (first == 0) *to++ = ':';
    *to++ = ':';
    if (first + length == 8) return to;
    for (unsigned i = first + length; i < 8; ++i) {
        to = put_group(to, address[2 * i], address[2 * i + 1]);
        *to++ = ':';
    }
    return to - 1;
}

char* put_mac(char* to, const std::uint8_t* address) {
    for (unsigned i = 0; i < 5; ++i) {
        to = put_hex_pair(to, address[i]);
        *to++ = ':';
    }
    return put_hex_pair(to, address[5]);
}

char* put_hex_bytes(char* to, Bytes bytes) {
    for (const std::uint8_t byte : bytes) to = put_hex_pair(to, byte);
    return to;
}

char* put_escaped(char* to, Bytes bytes) {
    for (const std::uint8_t byte : bytes) {
        *to++ = '\\';
        *to++ = 'x';
        to = put_hex_pair(to, byte);
    }
    return to;
}

char* put_base64(char* to, Bytes bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::size_t i = 0;
    for (; bytes.size() - i >= 3; i += 3) {
        const unsigned bits = static_cast<unsigned>(bytes[i]) << 16 | static_cast<unsigned>(bytes[i + 1]) << 8 | bytes[i + 2];
        *to++ = digits[bits >> 18];
        *to++ = digits[bits >> 12 & 63];
        *to++ = digits[bits >> 6 & 63];
        *to++ = digits[bits & 63];
    }
    const std::size_t rest = bytes.size() - i;
    if (rest == 0) return to;
    const unsigned bits = static_cast<unsigned>(bytes[i]) << 16 | (rest == 2 ? static_cast<unsigned>(bytes[i + 1]) << 8 : 0U);
    *to++ = digits[bits >> 18];
    *to++ = digits[bits >> 12 & 63];
    *to++ = rest == 2 ? digits[bits >> 6 & 63] : '=';
    *to++ = '=';
    return to;
}

std::size_t utf8_length(Bytes text) {
    if (text.empty()) return 0;
    const std::uint8_t lead = text[0];
    if (lead < 0x80) return 1;
    // RFC 3629 section 4: what may follow depends on the lead byte, so that no form is too long,
    // no surrogate, and nothing beyond U+10FFFF.
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (text.size() < length) return 0;
    const std::uint8_t lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (text[1] < lowest || text[1] > highest) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((text[i] & 0xc0) != 0x80) return 0;
    return length;
}

std::uint32_t utf8_value(Bytes sequence) {
    switch (sequence.size()) {
        case 1:
            return sequence[0];
        case 2:
            return (sequence[0] & 0x1fU) << 6 | (sequence[1] & 0x3fU);
        case 3:
            return (sequence[0] & 0x0fU) << 12 | (sequence[1] & 0x3fU) << 6 | (sequence[2] & 0x3fU);
        default:
            return (sequence[0] & 0x07U) << 18 | (sequence[1] & 0x3fU) << 12 | (sequence[2] & 0x3fU) << 6 | (sequence[3] & 0x3fU);
    }
}

bool is_control(std::uint32_t code_point) {
    if (code_point < 0xa0) return code_point < 0x20 || code_point >= 0x7f;
    return code_point == 0x061c || code_point == 0x200e || code_point == 0x200f || (code_point >= 0x202a && code_point <= 0x202e) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

std::string harmless(std::string_view text) {
    const Bytes bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t length = utf8_length(bytes.subspan(i));
        const Bytes one = bytes.subspan(i, std::max<std::size_t>(length, 1));
        if (length == 1 && one[0] == '\\') {
            out += "\\\\";
        } else if (length != 0 && !is_control(utf8_value(one))) {
            out += text.substr(i, length);
        } else {
            std::array<char, 16> escaped{};
            out.append(escaped.data(), put_escaped(escaped.data(), one));
        }
        i += one.size();
    }
    return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Names of fields and options are shorter than this; an argument may be 128 KiB.
    constexpr std::size_t longest = 128;
    if (a.size() > longest || b.size() > longest) return std::max(a.size(), b.size());
    std::array<std::size_t, longest + 1> before_last{};
    std::array<std::size_t, longest + 1> last{};
    std::array<std::size_t, longest + 1> row{};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last = last;
        last = row;
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row[b.size()];
}

}  // namespace pcapline
