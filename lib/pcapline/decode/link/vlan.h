// IEEE 802.1Q tag.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Customer VLAN tag (IEEE 802.1Q, section 9.6), after the EtherType that announces it. The type that follows is an
/// EtherType or, up to 1500, the length of an LLC frame.
///
///     |PCP|D|     VLAN identifier   |         type or length        |
struct Vlan {
    static constexpr std::string_view name = "vlan";
    static constexpr std::string_view title = "802.1Q VLAN tag";
    static constexpr Edge found_at[] = {{Space::ethertype, 0x8100}, {Space::ethertype, 0x9100}};
    static constexpr bool names_ethertype = true;
    static constexpr std::size_t size = 4;

    Fixed<size> h;
    constexpr std::uint8_t priority() const { return static_cast<std::uint8_t>(u8<0>(h) >> 5); }
    constexpr bool drop_eligible() const { return (u8<0>(h) & 0x10) != 0; }
    constexpr std::uint16_t id() const { return be16<0>(h) & 0x0fff; }
    constexpr std::uint16_t type() const { return be16<2>(h); }
    constexpr bool has_type() const { return type() >= 1536; }
    constexpr bool has_length() const { return type() <= 1500; }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Vlan vlan{*header};
        if (vlan.has_type()) return Next::in(Space::ethertype, vlan.type());
        if (!vlan.has_length()) return Next::payload();
        rest.limit(vlan.type());
        if (const auto first = rest.peek<2>(); first && be16<0>(*first) == 0xffff) return Next::in(Space::ethertype, 0x8137);  // raw IPX
        return Next::in(Space::llc, 0);
    }
};

template <>
inline constexpr std::array fields<Vlan>{
    Field{"vlan.priority", FieldType::uint16, "Priority", get<Vlan, &Vlan::priority>},
    Field{"vlan.dei", FieldType::boolean, "Drop eligible", get<Vlan, &Vlan::drop_eligible>},
    Field{"vlan.id", FieldType::uint16, "VLAN identifier", get<Vlan, &Vlan::id>},
    Field{"vlan.etype", FieldType::uint16, "EtherType", get_if<Vlan, &Vlan::has_type, &Vlan::type>, Display::hex},
    Field{"vlan.len", FieldType::uint16, "Length of the LLC frame", get_if<Vlan, &Vlan::has_length, &Vlan::type>},
};

}  // namespace pcapline
