// IPv6 fragment header.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ipv6_extension.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Fragment header (RFC 8200, section 4.5).
///
///     |  next header  |   reserved    |     fragment offset     |res|M|
///     |                        identification                         |
struct Ipv6Fragment {
    static constexpr std::string_view name = "ipv6.fraghdr";
    static constexpr std::string_view title = "IPv6 fragment header";
    static constexpr Edge found_at[] = {{Space::ip_proto, 44}};
    static constexpr std::size_t size = 8;

    Fixed<size> h;
    constexpr std::uint8_t next_header() const { return u8<0>(h); }
    constexpr std::uint8_t reserved() const { return u8<1>(h); }
    /// In units of 8 bytes.
    constexpr std::uint16_t offset() const { return be16<2>(h) >> 3; }
    constexpr std::uint8_t reserved_bits() const { return u8<3>(h) >> 1 & 3; }
    constexpr bool more_fragments() const { return (u8<3>(h) & 1) != 0; }
    constexpr std::uint32_t identification() const { return be32<4>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Ipv6Fragment fragment{*header};
        if (fragment.offset() != 0) return Next::fragment();
        if (fragment.more_fragments()) rest.quote();
        return after_ipv6_header(fragment.next_header());
    }
};

template <>
inline constexpr std::array fields<Ipv6Fragment>{
    Field{"ipv6.fraghdr.nxt", FieldType::uint8, "Next header", get<Ipv6Fragment, &Ipv6Fragment::next_header>},
    Field{"ipv6.fraghdr.reserved_octet", FieldType::uint8, "Reserved octet", get<Ipv6Fragment, &Ipv6Fragment::reserved>, Display::hex,
          Repeat::one, Shown::asked},
    Field{"ipv6.fraghdr.offset", FieldType::uint16, "Fragment offset in units of 8 bytes", get<Ipv6Fragment, &Ipv6Fragment::offset>},
    Field{"ipv6.fraghdr.reserved_bits", FieldType::uint16, "Reserved bits", get<Ipv6Fragment, &Ipv6Fragment::reserved_bits>, Display::dec,
          Repeat::one, Shown::asked},
    Field{"ipv6.fraghdr.more", FieldType::boolean, "More fragments", get<Ipv6Fragment, &Ipv6Fragment::more_fragments>},
    Field{"ipv6.fraghdr.ident", FieldType::uint32, "Identification", get<Ipv6Fragment, &Ipv6Fragment::identification>, Display::hex},
};

}  // namespace pcapline
