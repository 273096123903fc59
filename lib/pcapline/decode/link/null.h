// BSD loopback.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// BSD loopback (LINKTYPE_NULL and LINKTYPE_LOOP of tcpdump.org): an address family in the byte order of the capturing
/// host, or in network order. Families are small, so the order is seen from the half that is zero. Some systems write
/// an EtherType instead.
///
///     |                        address family                         |
struct Null {
    static constexpr std::string_view name = "null";
    static constexpr std::string_view title = "BSD loopback";
    static constexpr Edge found_at[] = {{Space::link_type, 0}, {Space::link_type, 108}};
    static constexpr std::size_t size = 4;

    Fixed<size> h;
    constexpr std::uint32_t family() const {
        const std::uint32_t big = be32<0>(h);
        return big >> 16 == 0 ? big : u8<0>(h) | static_cast<std::uint32_t>(u8<1>(h)) << 8 | static_cast<std::uint32_t>(be16<2>(h)) << 16;
    }
    constexpr bool has_type() const { return family() >= 1536 && family() <= 0xffff; }
    constexpr bool has_family() const { return !has_type(); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Null null{*header};
        const std::uint32_t family = null.family();
        return Next::in(null.has_type() ? Space::ethertype : Space::address_family, family);
    }
};

template <>
inline constexpr std::array fields<Null>{
    Field{"null.family", FieldType::uint32, "Address family", get_if<Null, &Null::has_family, &Null::family>},
    Field{"null.type", FieldType::uint16, "EtherType", get_if<Null, &Null::has_type, &Null::family>, Display::hex},
};

}  // namespace pcapline
