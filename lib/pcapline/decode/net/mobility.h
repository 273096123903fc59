// Mobility header of Mobile IPv6.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ipv6_extension.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Mobility header (RFC 6275, section 6.1.1). The message data is part of the layer.
///
///     |   protocol    |    length     | message type  |   reserved    |
///     |           checksum            |  message data ...
struct Mobility {
    static constexpr std::string_view name = "mipv6";
    static constexpr std::string_view title = "Mobile IPv6";
    static constexpr Edge found_at[] = {{Space::ip_proto, 135}};
    static constexpr std::size_t size = 8;

    Fixed<size> h;
    constexpr std::uint8_t protocol() const { return u8<0>(h); }
    constexpr std::uint8_t length() const { return u8<1>(h); }
    constexpr std::uint8_t message_type() const { return u8<2>(h); }
    constexpr std::uint8_t reserved() const { return u8<3>(h); }
    constexpr std::uint16_t checksum() const { return be16<4>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = Ipv6Extension::take(rest);
        if (!header) return Next::too_short();
        return after_ipv6_header((*header)[0]);
    }
};

template <>
inline constexpr std::array fields<Mobility>{
    Field{"mip6.proto", FieldType::uint8, "Payload protocol", get<Mobility, &Mobility::protocol>},
    Field{"mip6.hlen", FieldType::uint8, "Length in units of 8 bytes, the first not counted", get<Mobility, &Mobility::length>},
    Field{"mip6.mhtype", FieldType::uint8, "Message type", get<Mobility, &Mobility::message_type>},
    Field{"mip6.reserved", FieldType::uint8, "Reserved", get<Mobility, &Mobility::reserved>, Display::hex, Repeat::one, Shown::asked},
    Field{"mip6.csum", FieldType::uint16, "Checksum", get<Mobility, &Mobility::checksum>, Display::hex},
};

}  // namespace pcapline
