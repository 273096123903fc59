// What IPv6 extension headers have in common.
#pragma once

#include <optional>

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

constexpr std::uint8_t no_next_header = 59;

/// What a next header value announces (RFC 8200, section 4.7: after 59, nothing).
constexpr Next after_ipv6_header(std::uint8_t next_header) {
    return next_header == no_next_header ? Next::payload() : Next::in(Space::ip_proto, next_header);
}

/// The beginning of most extension headers (RFC 6564, section 4).
///
///     |  next header  |    length     |
struct Ipv6Extension {
    static constexpr std::size_t size = 2;
    static constexpr std::size_t unit = 8;

    Fixed<size> h;
    constexpr std::uint8_t next_header() const { return u8<0>(h); }
    /// In units of 8 bytes, the first not counted.
    constexpr std::uint8_t length() const { return u8<1>(h); }
    constexpr std::uint16_t length_in_bytes() const { return static_cast<std::uint16_t>((length() + 1U) * unit); }

    /// Takes a whole header, or nothing.
    static constexpr TakenBytes take(Cursor& rest) {
        const auto begin = rest.peek<size>();
        if (!begin) return {};
        return rest.take(std::size_t{Ipv6Extension{*begin}.length_in_bytes()});
    }
};

}  // namespace pcapline
