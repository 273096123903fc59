// IEEE 802.1ad tag.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Service VLAN tag (IEEE 802.1Q, section 9.6; formerly 802.1ad), after the EtherType that announces it.
///
///     |PCP|D|     VLAN identifier   |         type or length        |
struct Ieee8021ad {
    static constexpr std::string_view name = "ieee8021ad";
    static constexpr std::string_view title = "802.1ad service tag";
    static constexpr Edge found_at[] = {{Space::ethertype, 0x88a8}};
    static constexpr bool names_ethertype = true;
    static constexpr std::size_t size = 4;

    Fixed<size> h;
    constexpr std::uint8_t priority() const { return static_cast<std::uint8_t>(u8<0>(h) >> 5); }
    constexpr std::uint8_t drop_eligible() const { return u8<0>(h) >> 4 & 1; }
    constexpr std::uint16_t id() const { return be16<0>(h) & 0x0fff; }
    constexpr std::uint16_t type() const { return be16<2>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const std::uint16_t type = Ieee8021ad{*header}.type();
        if (type >= 1536) return Next::in(Space::ethertype, type);
        if (type > 1500) return Next::payload();
        rest.limit(type);
        return Next::in(Space::llc, 0);
    }
};

template <>
inline constexpr std::array fields<Ieee8021ad>{
    Field{"ieee8021ad.priority", FieldType::uint16, "Priority", get<Ieee8021ad, &Ieee8021ad::priority>},
    Field{"ieee8021ad.dei", FieldType::uint16, "Drop eligible", get<Ieee8021ad, &Ieee8021ad::drop_eligible>},
    Field{"ieee8021ad.id", FieldType::uint16, "VLAN identifier", get<Ieee8021ad, &Ieee8021ad::id>},
};

}  // namespace pcapline
