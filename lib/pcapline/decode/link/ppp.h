// Point-to-Point Protocol.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// PPP (RFC 1661, section 2), with the address and control octets of its HDLC framing (RFC 1662, section 3.1) or
/// without; the protocol number may be compressed to its low octet, which is odd (RFC 1661, section 6.5). Cisco HDLC on
/// the same link is known by its address octet.
///
///     | address ff    |  control 03   |     protocol (1 or 2 octets)  |
struct Ppp {
    static constexpr std::string_view name = "ppp";
    static constexpr std::string_view title = "Point-to-Point Protocol";
    static constexpr Edge found_at[] = {{Space::link_type, 9}, {Space::link_type, 50}, {Space::gre, 0x880b}};
    static constexpr std::size_t size = 1;
    static constexpr std::uint8_t hdlc_address = 0xff;

    static constexpr Next decode(Cursor& rest) {
        auto first = rest.peek<1>();
        if (!first) return Next::too_short();
        if (u8<0>(*first) == 0x0f || u8<0>(*first) == 0x8f) return Next::in(Space::link_type, 104);
        if (u8<0>(*first) == hdlc_address) {
            if (!rest.take<2>()) return Next::too_short();
            first = rest.peek<1>();
            if (!first) return Next::too_short();
        }
        if ((u8<0>(*first) & 1) != 0) {
            rest.take<1>();
            return Next::in(Space::ppp, u8<0>(*first));
        }
        const auto protocol = rest.take<2>();
        if (!protocol) return Next::too_short();
        return Next::in(Space::ppp, be16<0>(*protocol));
    }

    /// Octet `At` of the framing.
    template <std::size_t At>
    static void framing(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const Bytes bytes = context.bytes(layer);
        if (bytes.size() > 2 && bytes[0] == hdlc_address) out.number(index, bytes[At]);
    }
    static void protocol(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        Bytes bytes = context.bytes(layer);
        if (bytes.size() > 2) bytes = bytes.subspan(2);
        if (bytes.empty()) return;
        out.number(index, bytes.size() == 1 ? bytes[0] : be16<0>(first_of<2>(bytes)));
    }
};

template <>
inline constexpr std::array fields<Ppp>{
    Field{"ppp.address", FieldType::uint8, "HDLC address", Ppp::framing<0>, Display::hex},
    Field{"ppp.control", FieldType::uint8, "HDLC control", Ppp::framing<1>, Display::hex},
    Field{"ppp.protocol", FieldType::uint16, "Protocol", Ppp::protocol, Display::hex},
};

}  // namespace pcapline
