// IPv6 routing header.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ipv6_extension.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Routing header (RFC 8200, section 4.4): source route (type 0, RFC 2460, section 4.4), Mobile IPv6 (type 2, RFC 6275,
/// section 6.4), segment routing (type 4, RFC 8754, section 2).
///
///     |  next header  |    length     |     type      | segments left |
///     |          type-specific: a reserved word and addresses         |
struct Ipv6Routing {
    static constexpr std::string_view name = "ipv6.routing";
    static constexpr std::string_view title = "IPv6 routing header";
    static constexpr Edge found_at[] = {{Space::ip_proto, 43}};
    static constexpr std::size_t size = 8;

    static constexpr std::uint8_t source_route = 0;
    static constexpr std::uint8_t mobile = 2;
    static constexpr std::uint8_t segment_routing = 4;

    Fixed<size> h;
    constexpr std::uint8_t next_header() const { return u8<0>(h); }
    constexpr std::uint8_t length() const { return u8<1>(h); }
    constexpr std::uint16_t length_in_bytes() const { return static_cast<std::uint16_t>((length() + 1U) * 8U); }
    constexpr std::uint8_t type() const { return u8<2>(h); }
    constexpr std::uint8_t segments_left() const { return u8<3>(h); }
    constexpr bool is_segment_routing() const { return type() == segment_routing; }
    constexpr std::uint8_t last_entry() const { return u8<4>(h); }
    constexpr std::uint8_t flags() const { return u8<5>(h); }
    constexpr Fixed<2> tag() const { return h.part<6, 2>(); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = Ipv6Extension::take(rest);
        if (!header) return Next::too_short();
        return after_ipv6_header((*header)[0]);
    }

    /// Reader for the addresses of a header of type `type_wanted`.
    template <std::uint8_t type_wanted>
    static void addresses(const Context& context, const Layer& layer, std::size_t index, FieldValues& out) {
        const Bytes bytes = context.bytes(layer);
        const Ipv6Routing header{first_of<size>(bytes)};
        if (header.type() != type_wanted) return;
        Bytes left = bytes.subspan(size);
        // Behind the segments of a segment routing header there may be TLVs.
        std::size_t count = type_wanted == segment_routing ? header.last_entry() + std::size_t{1} : left.size() / 16;
        for (; count > 0 && left.size() >= 16; --count, left = left.subspan(16)) out.bytes(index, left.first(16));
    }
};

template <>
inline constexpr std::array fields<Ipv6Routing>{
    Field{"ipv6.routing.nxt", FieldType::uint8, "Next header", get<Ipv6Routing, &Ipv6Routing::next_header>},
    Field{"ipv6.routing.len", FieldType::uint8, "Length in units of 8 bytes, the first not counted",
          get<Ipv6Routing, &Ipv6Routing::length>},
    Field{"ipv6.routing.len_oct", FieldType::uint16, "Length in bytes", get<Ipv6Routing, &Ipv6Routing::length_in_bytes>, Display::dec,
          Repeat::one, Shown::asked},
    Field{"ipv6.routing.type", FieldType::uint8, "Routing type", get<Ipv6Routing, &Ipv6Routing::type>},
    Field{"ipv6.routing.segleft", FieldType::uint8, "Segments left", get<Ipv6Routing, &Ipv6Routing::segments_left>},
    Field{"ipv6.routing.src.addr", FieldType::ipv6, "Stops of a source route", Ipv6Routing::addresses<Ipv6Routing::source_route>,
          Display::none, Repeat::list},
    Field{"ipv6.routing.mipv6.home_address", FieldType::ipv6, "Mobile node's home address", Ipv6Routing::addresses<Ipv6Routing::mobile>,
          Display::none, Repeat::list},
    Field{"ipv6.routing.srh.last_entry", FieldType::uint8, "Last segment's place",
          get_if<Ipv6Routing, &Ipv6Routing::is_segment_routing, &Ipv6Routing::last_entry>},
    Field{"ipv6.routing.srh.flags", FieldType::uint8, "Segment routing flags",
          get_if<Ipv6Routing, &Ipv6Routing::is_segment_routing, &Ipv6Routing::flags>, Display::hex},
    Field{"ipv6.routing.srh.tag", FieldType::bytes, "Segment routing tag",
          get_if<Ipv6Routing, &Ipv6Routing::is_segment_routing, &Ipv6Routing::tag>},
    Field{"ipv6.routing.srh.addr", FieldType::ipv6, "Segments, the last one first", Ipv6Routing::addresses<Ipv6Routing::segment_routing>,
          Display::none, Repeat::list},
};

}  // namespace pcapline
