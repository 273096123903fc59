// Ethernet II and IEEE 802.3.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Ethernet II and IEEE 802.3 (section 3.2): from 1536 on the type names what follows, from 1 to 1500 it
/// is a length and an LLC header follows; what lies between is neither. 0 is taken for a type, as in tshark.
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
    constexpr bool dst_local() const { return (u8<0>(h) & 2) != 0; }
    constexpr bool dst_group() const { return (u8<0>(h) & 1) != 0; }
    constexpr bool src_local() const { return (u8<6>(h) & 2) != 0; }
    constexpr bool src_group() const { return (u8<6>(h) & 1) != 0; }
    constexpr std::uint16_t type() const { return be16<12>(h); }
    constexpr bool has_type() const { return type() >= 1536 || type() == 0; }
    constexpr bool has_length() const { return type() <= 1500 && type() != 0; }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Ethernet eth{*header};
        if (eth.has_type()) return Next::in(Space::ethertype, eth.type());
        if (!eth.has_length()) return Next::payload();
        rest.limit(eth.type());
        // Novell's "raw" 802.3 has no LLC header: its IPX begins with a checksum that is always ffff.
        if (const auto first = rest.peek<2>(); first && be16<0>(*first) == 0xffff) return Next::in(Space::ethertype, 0x8137);
        return Next::in(Space::llc, 0);
    }
};

template <>
inline constexpr std::array fields<Ethernet>{
    Field{"eth.dst", FieldType::ether, "Destination address", get<Ethernet, &Ethernet::dst>},
    Field{"eth.src", FieldType::ether, "Source address", get<Ethernet, &Ethernet::src>},
    Field{"eth.addr", FieldType::ether, "Destination and source address", get_both<Ethernet, &Ethernet::dst, &Ethernet::src>, Display::none,
          Repeat::list, Shown::asked},
    Field{"eth.type", FieldType::uint16, "EtherType", get_if<Ethernet, &Ethernet::has_type, &Ethernet::type>, Display::hex},
    Field{"eth.len", FieldType::uint16, "IEEE 802.3 length", get_if<Ethernet, &Ethernet::has_length, &Ethernet::type>, Display::dec,
          Repeat::one, Shown::asked},
    Field{"eth.dst.lg", FieldType::boolean, "Destination is locally administered", get<Ethernet, &Ethernet::dst_local>, Display::dec,
          Repeat::one, Shown::asked},
    Field{"eth.dst.ig", FieldType::boolean, "Destination is a group", get<Ethernet, &Ethernet::dst_group>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"eth.src.lg", FieldType::boolean, "Source is locally administered", get<Ethernet, &Ethernet::src_local>, Display::dec,
          Repeat::one, Shown::asked},
    Field{"eth.src.ig", FieldType::boolean, "Source is a group", get<Ethernet, &Ethernet::src_group>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"eth.lg", FieldType::boolean, "Destination and source are locally administered",
          get_both<Ethernet, &Ethernet::dst_local, &Ethernet::src_local>, Display::dec, Repeat::list, Shown::asked},
    Field{"eth.ig", FieldType::boolean, "Destination and source are groups", get_both<Ethernet, &Ethernet::dst_group, &Ethernet::src_group>,
          Display::dec, Repeat::list, Shown::asked},
};

}  // namespace pcapline
