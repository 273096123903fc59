// Cisco HDLC.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Cisco HDLC (RFC 1547, section 4.3.1): an address octet (0f unicast, 8f broadcast), a zero, an EtherType.
///
///     |    address    |    control    |           protocol            |
struct Chdlc {
    static constexpr std::string_view name = "chdlc";
    static constexpr std::string_view title = "Cisco HDLC";
    static constexpr Edge found_at[] = {{Space::link_type, 104}};
    static constexpr std::size_t size = 4;
    /// Serial line ARP has taken the EtherType of RARP (RFC 1547, section 4.3.3).
    static constexpr std::uint16_t slarp = 0x8035;

    Fixed<size> h;
    constexpr std::uint8_t address() const { return u8<0>(h); }
    constexpr std::uint16_t protocol() const { return be16<2>(h); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const std::uint16_t protocol = Chdlc{*header}.protocol();
        return protocol == slarp ? Next::payload() : Next::in(Space::ethertype, protocol);
    }
};

template <>
inline constexpr std::array fields<Chdlc>{
    Field{"chdlc.address", FieldType::uint8, "Address", get<Chdlc, &Chdlc::address>, Display::hex},
    Field{"chdlc.protocol", FieldType::uint16, "Protocol", get<Chdlc, &Chdlc::protocol>, Display::hex},
};

}  // namespace pcapline
