// Internet Control Message Protocol for IPv6.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Internet Control Message Protocol for IPv6 (RFC 4443, section 2.1). Errors (types 1 to 4) quote the beginning of the
/// packet they are about. Errors, echo, multicast listener and neighbour discovery have a second word; its layer has 8
/// bytes then, else 4.
///
///     |     type      |     code      |           checksum            |
///     |    depends on the type: identifier and sequence number ...    |
struct Icmpv6 {
    static constexpr std::string_view name = "icmpv6";
    static constexpr std::string_view title = "Internet Control Message Protocol for IPv6";
    static constexpr Edge found_at[] = {{Space::ip_proto, 58}};
    static constexpr std::size_t size = 4;

    static constexpr std::uint8_t packet_too_big = 2;
    static constexpr std::uint8_t parameter_problem = 4;
    static constexpr std::uint8_t echo_request = 128;
    static constexpr std::uint8_t echo_reply = 129;
    static constexpr std::uint8_t redirect = 137;
    static constexpr std::uint8_t mld2_report = 143;

    Fixed<size> h;
    constexpr std::uint8_t type() const { return u8<0>(h); }
    constexpr std::uint8_t code() const { return u8<1>(h); }
    constexpr std::uint16_t checksum() const { return be16<2>(h); }
    constexpr bool is_error() const { return type() >= 1 && type() <= parameter_problem; }
    constexpr bool has_word() const { return is_error() || (type() >= echo_request && type() <= redirect) || type() == mld2_report; }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Icmpv6 icmp{*header};
        if (icmp.has_word() && !rest.take<4>()) return Next::too_short();
        if (!icmp.is_error()) return Next::payload();
        rest.quote();
        return Next::in(Space::ip_version, 6);
    }

    /// Headers with their second word.
    struct Long {
        static constexpr std::size_t size = 8;
        Fixed<size> h;
        constexpr std::uint32_t word() const { return be32<4>(h); }
        constexpr std::uint16_t upper() const { return be16<4>(h); }
        constexpr std::uint16_t lower() const { return be16<6>(h); }
    };
    /// Reader for the second word, or a half of it, of types `first` to `last`.
    template <auto Accessor, std::uint8_t first, std::uint8_t last>
    static void word(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const std::uint8_t type = context.bytes(layer)[0];
        if (type >= first && type <= last) get<Long, Accessor>.all(context, layer, index, out);
    }
};

template <>
inline constexpr std::array fields<Icmpv6>{
    Field{"icmpv6.type", FieldType::uint8, "Type", get<Icmpv6, &Icmpv6::type>},
    Field{"icmpv6.code", FieldType::uint8, "Code", get<Icmpv6, &Icmpv6::code>},
    Field{"icmpv6.checksum", FieldType::uint16, "Checksum", get<Icmpv6, &Icmpv6::checksum>, Display::hex},
    Field{"icmpv6.echo.identifier", FieldType::uint16, "Echo identifier",
          Icmpv6::word<&Icmpv6::Long::upper, Icmpv6::echo_request, Icmpv6::echo_reply>, Display::hex},
    Field{"icmpv6.echo.sequence_number", FieldType::uint16, "Echo sequence number",
          Icmpv6::word<&Icmpv6::Long::lower, Icmpv6::echo_request, Icmpv6::echo_reply>},
    Field{"icmpv6.mtu", FieldType::uint32, "MTU of the next hop",
          Icmpv6::word<&Icmpv6::Long::word, Icmpv6::packet_too_big, Icmpv6::packet_too_big>},
    Field{"icmpv6.pointer", FieldType::uint32, "Octet with the problem",
          Icmpv6::word<&Icmpv6::Long::word, Icmpv6::parameter_problem, Icmpv6::parameter_problem>},
};

}  // namespace pcapline
