// Multiprotocol Label Switching.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// MPLS label stack (RFC 3032, section 2.1): one layer, as in tshark. The bottom label says nothing of what follows:
/// IP is known by its first nibble (RFC 4928, section 3), anything else is left as payload.
///
///     |                 label                 |  TC |S|      TTL      |
struct Mpls {
    static constexpr std::string_view name = "mpls";
    static constexpr std::string_view title = "MPLS label stack";
    static constexpr Edge found_at[] = {
        {Space::ethertype, 0x8847}, {Space::ethertype, 0x8848}, {Space::ppp, 0x0281}, {Space::ppp, 0x0283}, {Space::ip_proto, 137}};
    static constexpr std::size_t size = 4;

    Fixed<size> h;
    constexpr std::uint32_t label() const { return be32<0>(h) >> 12; }
    constexpr std::uint8_t traffic_class() const { return u8<2>(h) >> 1 & 7; }
    constexpr bool bottom() const { return (u8<2>(h) & 1) != 0; }
    constexpr std::uint8_t ttl() const { return u8<3>(h); }

    static constexpr Next decode(Cursor& rest) {
        for (;;) {
            const auto header = rest.take<size>();
            if (!header) return Next::too_short();
            if (Mpls{*header}.bottom()) break;
        }
        const auto first = rest.peek<1>();
        if (!first) return Next::payload();
        const unsigned version = u8<0>(*first) >> 4U;
        return version == 4 || version == 6 ? Next::in(Space::ip_version, version) : Next::payload();
    }

    /// Reader for one accessor of every label.
    template <auto Accessor>
    static void each(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        for (Bytes bytes = context.bytes(layer); bytes.size() >= size; bytes = bytes.subspan(size))
            out.number(index, (Mpls{first_of<size>(bytes)}.*Accessor)());
    }
};

template <>
inline constexpr std::array fields<Mpls>{
    Field{"mpls.label", FieldType::uint32, "Label", Mpls::each<&Mpls::label>, Display::dec, Repeat::list},
    Field{"mpls.exp", FieldType::uint32, "Traffic class", Mpls::each<&Mpls::traffic_class>, Display::dec, Repeat::list},
    Field{"mpls.bottom", FieldType::uint32, "Bottom of the label stack", Mpls::each<&Mpls::bottom>, Display::dec, Repeat::list},
    Field{"mpls.ttl", FieldType::uint32, "Time to live", Mpls::each<&Mpls::ttl>, Display::dec, Repeat::list},
};

}  // namespace pcapline
