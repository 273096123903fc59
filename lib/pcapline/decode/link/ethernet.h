// Ethernet II and IEEE 802.3.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Ethernet II, IEEE 802.3 (section 3.2): a type of 1536 and above names what follows, anything up to 1500 is a length
/// and an LLC header follows.
///
///     |             destination (6)             |   source (6)  |  type |
struct Ethernet {
    static constexpr std::string_view name = "eth";
    static constexpr std::string_view title = "Ethernet";
    static constexpr Edge found_at[] = {{Space::link_type, 1}};
    static constexpr bool names_ethertype = true;
    static constexpr std::size_t size = 14;

    Fixed<size> h;
    constexpr Fixed<6> dst() const { return h.part<0, 6>(); }
    constexpr Fixed<6> src() const { return h.part<6, 6>(); }
    constexpr std::uint16_t type() const { return be16<12>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const std::uint16_t type = Ethernet{*header}.type();
        if (type >= 1536) return Next::in(Space::ethertype, type);
        if (type <= 1500) rest.limit(type);
        return Next::in(Space::llc, 0);
    }
};

template <>
inline constexpr std::array fields<Ethernet>{
    Field{"eth.dst", FieldType::ether, "Destination address", get<Ethernet, &Ethernet::dst>},
    Field{"eth.src", FieldType::ether, "Source address", get<Ethernet, &Ethernet::src>},
    Field{"eth.addr", FieldType::ether, "Destination and source address", get_both<Ethernet, &Ethernet::dst, &Ethernet::src>, Display::none,
          Repeat::list, Shown::asked},
    Field{"eth.type", FieldType::uint16, "EtherType", get<Ethernet, &Ethernet::type>, Display::hex},
};

}  // namespace pcapline
