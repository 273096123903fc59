// Internet Control Message Protocol.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Internet Control Message Protocol (RFC 792). Errors quote the beginning of the packet they are about.
///
///     |     type      |     code      |           checksum            |
///     |    depends on the type: identifier and sequence number ...    |
struct Icmp {
    static constexpr std::string_view name = "icmp";
    static constexpr std::string_view title = "Internet Control Message Protocol";
    static constexpr Edge found_at[] = {{Space::ip_proto, 1}};
    static constexpr std::size_t size = 8;

    enum Type : std::uint8_t {
        echo_reply = 0,
        unreachable = 3,
        source_quench = 4,
        redirect = 5,
        echo = 8,
        time_exceeded = 11,
        parameter_problem = 12,
        timestamp = 13,
        timestamp_reply = 14,
        information = 15,
        information_reply = 16,
        mask = 17,
        mask_reply = 18,
        extended_echo = 42,
        extended_echo_reply = 43,
    };

    Fixed<size> h;
    constexpr std::uint8_t type() const { return u8<0>(h); }
    constexpr std::uint8_t code() const { return u8<1>(h); }
    constexpr std::uint16_t checksum() const { return be16<2>(h); }
    constexpr bool has_sequence() const { return type() == echo_reply || type() == echo || (type() >= timestamp && type() <= mask_reply); }
    constexpr bool has_identifier() const { return has_sequence() || type() == extended_echo || type() == extended_echo_reply; }
    constexpr std::uint16_t identifier() const { return be16<4>(h); }
    constexpr std::uint16_t sequence() const { return be16<6>(h); }
    /// As hosts that do not convert to network order meant them.
    constexpr std::uint16_t identifier_little() const { return static_cast<std::uint16_t>(u8<5>(h) << 8 | u8<4>(h)); }
    constexpr std::uint16_t sequence_little() const { return static_cast<std::uint16_t>(u8<7>(h) << 8 | u8<6>(h)); }
    /// Fragmentation needed (RFC 1191, section 4).
    constexpr bool has_mtu() const { return type() == unreachable && code() == 4; }
    constexpr std::uint16_t mtu() const { return be16<6>(h); }
    constexpr bool has_gateway() const { return type() == redirect; }
    constexpr Fixed<4> gateway() const { return h.part<4, 4>(); }
    constexpr bool has_pointer() const { return type() == parameter_problem; }
    constexpr std::uint8_t pointer() const { return u8<4>(h); }
    constexpr bool is_error() const {
        return (type() >= unreachable && type() <= redirect) || type() == time_exceeded || type() == parameter_problem;
    }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        if (!Icmp{*header}.is_error()) return Next::payload();
        rest.quote();
        return Next::in(Space::ip_version, 4);
    }
};

template <>
inline constexpr std::array fields<Icmp>{
    Field{"icmp.type", FieldType::uint8, "Type", get<Icmp, &Icmp::type>},
    Field{"icmp.code", FieldType::uint8, "Code", get<Icmp, &Icmp::code>},
    Field{"icmp.checksum", FieldType::uint16, "Checksum", get<Icmp, &Icmp::checksum>, Display::hex},
    Field{"icmp.ident", FieldType::uint16, "Identifier", get_if<Icmp, &Icmp::has_identifier, &Icmp::identifier>},
    Field{"icmp.ident_le", FieldType::uint16, "Identifier, low octet first", get_if<Icmp, &Icmp::has_identifier, &Icmp::identifier_little>,
          Display::dec, Repeat::one, Shown::asked},
    Field{"icmp.seq", FieldType::uint16, "Sequence number", get_if<Icmp, &Icmp::has_sequence, &Icmp::sequence>},
    Field{"icmp.seq_le", FieldType::uint16, "Sequence number, low octet first", get_if<Icmp, &Icmp::has_sequence, &Icmp::sequence_little>,
          Display::dec, Repeat::one, Shown::asked},
    Field{"icmp.mtu", FieldType::uint16, "MTU of the next hop", get_if<Icmp, &Icmp::has_mtu, &Icmp::mtu>},
    Field{"icmp.redir_gw", FieldType::ipv4, "Gateway to use", get_if<Icmp, &Icmp::has_gateway, &Icmp::gateway>},
    Field{"icmp.pointer", FieldType::uint32, "Octet with the problem", get_if<Icmp, &Icmp::has_pointer, &Icmp::pointer>},
};

}  // namespace pcapline
