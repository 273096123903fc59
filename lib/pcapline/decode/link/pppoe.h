// PPP over Ethernet: discovery and session.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// The header that both stages of PPP over Ethernet share (RFC 2516, section 4).
///
///     |  VER  | TYPE  |     code      |          session id           |
///     |            length             |
struct PppoeHeader {
    static constexpr std::size_t size = 6;

    Fixed<size> h;
    constexpr std::uint8_t version() const { return u8<0>(h) >> 4; }
    constexpr std::uint8_t type() const { return u8<0>(h) & 0xf; }
    constexpr std::uint8_t code() const { return u8<1>(h); }
    constexpr std::uint16_t session_id() const { return be16<2>(h); }
    constexpr std::uint16_t length() const { return be16<4>(h); }

    static constexpr Next decode(Cursor& rest, Next next) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        rest.limit(PppoeHeader{*header}.length());
        return next;
    }
};

/// PPP over Ethernet, discovery stage (RFC 2516, section 5): tags, left as payload.
struct PppoeDiscovery {
    static constexpr std::string_view name = "pppoed";
    static constexpr std::string_view title = "PPP over Ethernet discovery";
    static constexpr Edge found_at[] = {{Space::ethertype, 0x8863}};
    static constexpr std::size_t size = PppoeHeader::size;

    static constexpr Next decode(Cursor& rest) { return PppoeHeader::decode(rest, Next::payload()); }
};

/// PPP over Ethernet, session stage (RFC 2516, section 6): PPP without its HDLC framing follows.
struct PppoeSession {
    static constexpr std::string_view name = "pppoes";
    static constexpr std::string_view title = "PPP over Ethernet session";
    static constexpr Edge found_at[] = {{Space::ethertype, 0x8864}, {Space::link_type, 51}};
    static constexpr std::size_t size = PppoeHeader::size;

    static constexpr Next decode(Cursor& rest) { return PppoeHeader::decode(rest, Next::in(Space::link_type, 9)); }
};

inline constexpr std::array pppoe_fields{
    Field{"pppoe.version", FieldType::uint8, "Version", get<PppoeHeader, &PppoeHeader::version>},
    Field{"pppoe.type", FieldType::uint8, "Type", get<PppoeHeader, &PppoeHeader::type>},
    Field{"pppoe.code", FieldType::uint8, "Code", get<PppoeHeader, &PppoeHeader::code>, Display::hex},
    Field{"pppoe.session_id", FieldType::uint16, "Session", get<PppoeHeader, &PppoeHeader::session_id>, Display::hex},
    Field{"pppoe.payload_length", FieldType::uint16, "Length of the payload", get<PppoeHeader, &PppoeHeader::length>},
};
template <>
inline constexpr auto fields<PppoeDiscovery> = pppoe_fields;
template <>
inline constexpr auto fields<PppoeSession> = pppoe_fields;

}  // namespace pcapline
