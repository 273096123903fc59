// Generic Routing Encapsulation.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Generic Routing Encapsulation: version 0 (RFC 2784, section 2; key and sequence number of RFC 2890,
/// section 2; source routes of RFC 1701) and version 1, PPTP's (RFC 2637, section 4.1). The flags say which
/// of the words behind the first are there.
///
///     |C|R|K|S|s|Recur|A| Flags | Ver |         protocol type         |
///     |      checksum (C or R)        |        offset (C or R)        |
///     |      key (K); version 1: payload length, call id              |
///     |                     sequence number (S)                       |
///     |      source routes (R); version 1: acknowledgment number (A)  |
struct Gre {
    static constexpr std::string_view name = "gre";
    static constexpr std::string_view title = "Generic Routing Encapsulation";
    static constexpr Edge found_at[] = {{Space::ip_proto, 47}};
    static constexpr std::size_t size = 4;

    Fixed<size> h;
    constexpr std::uint16_t flags_and_version() const { return be16<0>(h); }
    template <std::uint16_t Mask>
    constexpr bool flag() const {
        return (flags_and_version() & Mask) != 0;
    }
    constexpr std::uint16_t recursion_control() const { return (flags_and_version() & 0x0700) >> 8; }
    /// The bits between recursion control and version; version 1 uses the first of them.
    constexpr std::uint16_t reserved() const { return flags_and_version() >> 3 & (pptp() ? 0x0f : 0x1f); }
    constexpr std::uint16_t version() const { return flags_and_version() & 0x0007; }
    constexpr std::uint16_t protocol_type() const { return be16<2>(h); }
    constexpr bool has_checksum_word() const { return flag<checksum | routing>(); }
    constexpr bool pptp() const { return version() == 1 && protocol_type() == ppp; }
    constexpr bool has_acknowledgment() const { return pptp() && flag<acknowledgment>(); }

    static constexpr std::uint16_t checksum = 0x8000;
    static constexpr std::uint16_t routing = 0x4000;
    static constexpr std::uint16_t key = 0x2000;
    static constexpr std::uint16_t sequence = 0x1000;
    static constexpr std::uint16_t strict_source_route = 0x0800;
    static constexpr std::uint16_t acknowledgment = 0x0080;

    static constexpr std::uint16_t transparent_ethernet = 0x6558;
    static constexpr std::uint16_t ethernet_over_ip = 0x6400;  // RouterOS
    static constexpr std::uint16_t ppp = 0x880b;

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Gre gre{*header};
        if (gre.version() > 1) return Next::bad(Anomaly::version);
        const std::size_t words = (gre.has_checksum_word() ? 1U : 0U) + (gre.flag<key>() ? 1U : 0U) + (gre.flag<sequence>() ? 1U : 0U) +
                                  (gre.has_acknowledgment() ? 1U : 0U);
        if (!rest.take(words * 4)) return Next::too_short();
        if (gre.flag<routing>() && !take_routes(rest)) return Next::too_short();
        if (gre.protocol_type() == transparent_ethernet || gre.protocol_type() == ethernet_over_ip) return Next::in(Space::link_type, 1);
        return Next::in(is_ethertype(gre.protocol_type()) ? Space::ethertype : Space::gre, gre.protocol_type());
    }

 private:
    /// Protocol types are EtherTypes but for those below 1536 and a few that GRE alone uses: CDP, NHRP,
    /// ERSPAN version 2 and 1, PPP without HDLC framing.
    static constexpr bool is_ethertype(std::uint16_t type) {
        return type >= 1536 && type != 0x2000 && type != 0x2001 && type != 0x22eb && type != 0x88be && type != 0x880b;
    }
    /// Source route entries (RFC 1701): family, offset, length, that many bytes; the one without bytes is the last.
    static constexpr bool take_routes(Cursor& rest) {
        while (const auto entry = rest.take<4>()) {
            if (u8<3>(*entry) == 0) return true;
            if (!rest.take(u8<3>(*entry))) return false;
        }
        return false;
    }
};

namespace gre_field {

/// The optional words behind the first four bytes.
enum class Word : std::uint8_t {
    checksum,
    key,
    sequence,
    acknowledgment
};

/// Bytes At … At+Size-1 of an optional word, where the header has it.
template <Word Which, std::size_t At, std::size_t Size>
void word(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const Bytes bytes = context.bytes(layer);
    const Gre gre = detail::view<Gre>(bytes);
    const bool present[] = {gre.has_checksum_word(), gre.flag<Gre::key>(), gre.flag<Gre::sequence>(), gre.has_acknowledgment()};
    const auto which = static_cast<std::size_t>(Which);
    if (!present[which]) return;
    std::size_t at = Gre::size;
    for (std::size_t i = 0; i < which; ++i)
        if (present[i]) at += 4;
    std::uint64_t value = 0;
    for (std::size_t i = at + At; i < at + At + Size; ++i) value = value << 8 | bytes[i];
    out.number(index, value);
}

/// The key word is one number, but for PPTP two.
template <bool Pptp, std::size_t At, std::size_t Size>
void key(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const Gre gre = detail::view<Gre>(context.bytes(layer));
    if (gre.pptp() == Pptp) word<Word::key, At, Size>(context, layer, index, out);
}

/// Only PPTP has an acknowledgment flag.
inline void acknowledgment_flag(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
    const Gre gre = detail::view<Gre>(context.bytes(layer));
    if (gre.pptp()) out.number(index, gre.flag<Gre::acknowledgment>());
}

}  // namespace gre_field

template <>
inline constexpr std::array fields<Gre>{
    Field{"gre.flags_and_version", FieldType::uint16, "Flags and version", get<Gre, &Gre::flags_and_version>, Display::hex},
    Field{"gre.flags.checksum", FieldType::boolean, "A checksum follows", get<Gre, &Gre::flag<Gre::checksum>>},
    Field{"gre.flags.routing", FieldType::boolean, "Source routes follow", get<Gre, &Gre::flag<Gre::routing>>},
    Field{"gre.flags.key", FieldType::boolean, "A key follows", get<Gre, &Gre::flag<Gre::key>>},
    Field{"gre.flags.sequence_number", FieldType::boolean, "A sequence number follows", get<Gre, &Gre::flag<Gre::sequence>>},
    Field{"gre.flags.strict_source_route", FieldType::boolean, "Source routes are strict", get<Gre, &Gre::flag<Gre::strict_source_route>>},
    Field{"gre.flags.recursion_control", FieldType::uint16, "Recursion control", get<Gre, &Gre::recursion_control>},
    Field{"gre.flags.ack", FieldType::boolean, "An acknowledgment number follows", gre_field::acknowledgment_flag},
    Field{"gre.flags.reserved", FieldType::uint16, "Reserved flags", get<Gre, &Gre::reserved>},
    Field{"gre.flags.version", FieldType::uint16, "Version", get<Gre, &Gre::version>},
    Field{"gre.proto", FieldType::uint16, "Protocol type", get<Gre, &Gre::protocol_type>, Display::hex},
    Field{"gre.checksum", FieldType::uint16, "Checksum", gre_field::word<gre_field::Word::checksum, 0, 2>, Display::hex},
    Field{"gre.offset", FieldType::uint16, "Offset of the active source route", gre_field::word<gre_field::Word::checksum, 2, 2>},
    Field{"gre.key", FieldType::uint32, "Key", gre_field::key<false, 0, 4>, Display::hex},
    Field{"gre.key.payload_length", FieldType::uint16, "Length of the payload", gre_field::key<true, 0, 2>},
    Field{"gre.key.call_id", FieldType::uint16, "Call identifier", gre_field::key<true, 2, 2>},
    Field{"gre.sequence_number", FieldType::uint32, "Sequence number", gre_field::word<gre_field::Word::sequence, 0, 4>},
    Field{"gre.ack_number", FieldType::uint32, "Acknowledgment number", gre_field::word<gre_field::Word::acknowledgment, 0, 4>},
};

}  // namespace pcapline
