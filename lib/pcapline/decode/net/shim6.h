// Shim6, multihoming for IPv6.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ipv6_extension.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Shim6 (RFC 5533, sections 5.1 and 5.3): a payload extension (P = 1) is always 8 bytes long, a control message as long
/// as it says; its body is part of the layer.
///
///     |  next header  |    length     |P|    type     | specific    |S|
///     |   checksum, or with the octets above: the context tag         |
struct Shim6 {
    static constexpr std::string_view name = "shim6";
    static constexpr std::string_view title = "Shim6";
    static constexpr Edge found_at[] = {{Space::ip_proto, 140}};
    static constexpr std::size_t size = 8;

    Fixed<size> h;
    constexpr std::uint8_t next_header() const { return u8<0>(h); }
    constexpr std::uint8_t length() const { return u8<1>(h); }
    constexpr std::uint16_t length_in_bytes() const { return static_cast<std::uint16_t>((length() + 1U) * 8U); }
    constexpr bool payload_extension() const { return (u8<2>(h) & 0x80) != 0; }
    constexpr bool control() const { return !payload_extension(); }
    constexpr std::uint8_t type() const { return u8<2>(h) & 0x7f; }
    constexpr std::uint16_t checksum() const { return be16<4>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto begin = rest.peek<size>();
        if (!begin) return Next::too_short();
        const Shim6 shim6{*begin};
        if (!rest.take(shim6.control() ? std::size_t{shim6.length_in_bytes()} : size)) return Next::too_short();
        return after_ipv6_header(shim6.next_header());
    }
};

template <>
inline constexpr std::array fields<Shim6>{
    Field{"shim6.nxt", FieldType::uint8, "Next header", get<Shim6, &Shim6::next_header>},
    Field{"shim6.len", FieldType::uint8, "Length in units of 8 bytes, the first not counted", get<Shim6, &Shim6::length>},
    Field{"shim6.len_oct", FieldType::uint16, "Length in bytes", get<Shim6, &Shim6::length_in_bytes>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"shim6.p", FieldType::boolean, "Payload extension", get<Shim6, &Shim6::payload_extension>},
    Field{"shim6.type", FieldType::uint8, "Message type", get_if<Shim6, &Shim6::control, &Shim6::type>},
    Field{"shim6.checksum", FieldType::uint16, "Checksum", get_if<Shim6, &Shim6::control, &Shim6::checksum>, Display::hex},
};

}  // namespace pcapline
