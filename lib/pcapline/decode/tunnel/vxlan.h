// Virtual eXtensible Local Area Network.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Virtual eXtensible LAN (RFC 7348, section 5), with the group policy extension
/// (draft-smith-vxlan-group-policy, section 2.1).
///
///     |G|R|R|R|I|R|R|R|R|D|R|R|A|R|R|R|        group policy id        |
///     |           VXLAN network identifier            |   reserved    |
struct Vxlan {
    static constexpr std::string_view name = "vxlan";
    static constexpr std::string_view title = "Virtual eXtensible Local Area Network";
    static constexpr Edge found_at[] = {{Space::udp_port, 4789}};
    static constexpr std::size_t size = 8;

    Fixed<size> h;
    constexpr std::uint16_t flags() const { return be16<0>(h); }
    template <std::uint16_t Mask>
    constexpr bool flag() const {
        return (flags() & Mask) != 0;
    }
    constexpr std::uint16_t group_policy_id() const { return be16<2>(h); }
    constexpr std::uint32_t vni() const { return be24<4>(h); }
    constexpr std::uint8_t reserved8() const { return u8<7>(h); }

    static constexpr std::uint16_t group_policy = 0x8000;
    static constexpr std::uint16_t has_vni = 0x0800;
    static constexpr std::uint16_t dont_learn = 0x0040;
    static constexpr std::uint16_t policy_applied = 0x0008;

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        if (!Vxlan{*header}.flag<has_vni>()) return Next::bad(Anomaly::flags);
        return Next::in(Space::link_type, 1);  // an Ethernet frame follows
    }
};

template <>
inline constexpr std::array fields<Vxlan>{
    Field{"vxlan.flags", FieldType::uint16, "Flags", get<Vxlan, &Vxlan::flags>, Display::hex},
    Field{"vxlan.flag_g", FieldType::boolean, "Group policy extension", get<Vxlan, &Vxlan::flag<Vxlan::group_policy>>},
    Field{"vxlan.flag_i", FieldType::boolean, "Network identifier is valid", get<Vxlan, &Vxlan::flag<Vxlan::has_vni>>},
    Field{"vxlan.flag_d", FieldType::boolean, "Do not learn the source address", get<Vxlan, &Vxlan::flag<Vxlan::dont_learn>>},
    Field{"vxlan.flag_a", FieldType::boolean, "Group policy has been applied", get<Vxlan, &Vxlan::flag<Vxlan::policy_applied>>},
    Field{"vxlan.gbp", FieldType::uint16, "Group policy identifier", get<Vxlan, &Vxlan::group_policy_id>},
    Field{"vxlan.vni", FieldType::uint24, "VXLAN network identifier", get<Vxlan, &Vxlan::vni>},
    Field{"vxlan.reserved8", FieldType::uint8, "Reserved", get<Vxlan, &Vxlan::reserved8>, Display::dec, Repeat::one, Shown::asked},
};

}  // namespace pcapline
