// Numbers, addresses and hostile text, to characters in a caller's buffer. No locale, no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pcapline/base/bytes.h"

namespace pcapline {

// Each writes at `to` and returns one past the last character. The buffer must hold the number of
// characters given as *_chars.
constexpr std::size_t decimal_chars = 20;
constexpr std::size_t ipv4_chars = 15;
constexpr std::size_t ipv6_chars = 45;
constexpr std::size_t mac_chars = 17;

char* put_decimal(char* to, std::uint64_t value);
char* put_signed(char* to, std::int64_t value);
/// Lower-case hex, at least `digits` of them, zero-padded; no 0x.
char* put_hex(char* to, std::uint64_t value, unsigned digits);
/// value / 10^decimals with exactly `decimals` (at most 18) digits behind the point; 32 characters at most.
char* put_fixed(char* to, std::uint64_t value, unsigned decimals);
/// Dotted quad of 4 bytes.
char* put_ipv4(char* to, const std::uint8_t* address);
/// RFC 5952 text of 16 bytes (IPv4-mapped addresses as ::ffff:192.0.2.1).
char* put_ipv6(char* to, const std::uint8_t* address);
/// 00:00:5e:00:53:0a of 6 bytes.
char* put_mac(char* to, const std::uint8_t* address);
/// Two lower-case hex digits a byte: 2 * bytes.size() characters.
char* put_hex_bytes(char* to, Bytes bytes);
/// \xNN for each byte: 4 * bytes.size() characters.
char* put_escaped(char* to, Bytes bytes);
/// Base64 (RFC 4648 section 4, padded): 4 * ceil(n / 3) characters.
char* put_base64(char* to, Bytes bytes);

/// Length of the valid UTF-8 sequence at the start of `text` (1–4), 0 if there is none
/// (overlong forms, surrogates and values beyond U+10FFFF are not valid).
std::size_t utf8_length(Bytes text);
/// The code point of one valid sequence of UTF-8, as utf8_length() found it.
std::uint32_t utf8_value(Bytes sequence);
/// True for what must never reach a terminal or a log as it is: C0, C1, DEL, and bidirectional
/// controls (U+061C, U+200E, U+200F, U+202A–202E, U+2066–2069).
bool is_control(std::uint32_t code_point);

/// Text made harmless for a terminal: such characters and bytes that are not UTF-8 as \xNN, backslash as \\.
std::string harmless(std::string_view text);
/// Edit distance in bytes, for "did you mean"; two neighbours swapped count as one. Texts of more than
/// 128 bytes are like nothing: the longer one's length.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace pcapline
