// Internet Protocol version 6.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ip_host.h"
#include "pcapline/decode/net/ipv6_extension.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Internet Protocol version 6 (RFC 8200, section 3).
///
///     |version|  DSCP     |ECN|           flow label                  |
///     |         payload length        |  next header  |   hop limit   |
///     |                          source (16)                          |
///     |                        destination (16)                       |
struct Ipv6 {
    static constexpr std::string_view name = "ipv6";
    static constexpr std::string_view title = "Internet Protocol version 6";
    // AF_INET6 is 30 on macOS, 28 on FreeBSD, 24 on the other BSDs.
    static constexpr Edge found_at[] = {{Space::link_type, 229},     {Space::ethertype, 0x86dd}, {Space::ip_version, 6},
                                        {Space::ip_proto, 41},       {Space::ppp, 0x0057},       {Space::address_family, 30},
                                        {Space::address_family, 28}, {Space::address_family, 24}};
    static constexpr std::size_t size = 40;

    Fixed<size> h;
    constexpr std::uint8_t version() const { return u8<0>(h) >> 4; }
    constexpr std::uint8_t traffic_class() const { return static_cast<std::uint8_t>(be16<0>(h) >> 4); }
    constexpr std::uint8_t dscp() const { return traffic_class() >> 2; }
    constexpr std::uint8_t ecn() const { return traffic_class() & 3; }
    constexpr std::uint32_t flow_label() const { return be32<0>(h) & 0xfffff; }
    constexpr std::uint16_t payload_length() const { return be16<4>(h); }
    constexpr std::uint8_t next_header() const { return u8<6>(h); }
    constexpr std::uint8_t hop_limit() const { return u8<7>(h); }
    constexpr Fixed<16> src() const { return h.part<8, 16>(); }
    constexpr Fixed<16> dst() const { return h.part<24, 16>(); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Ipv6 ip{*header};
        if (ip.version() != 6) return Next::bad(Anomaly::version);
        // A zero payload length is a jumbogram, whose option is in the hop-by-hop header, or segmentation offload: the
        // bytes run to the end of the frame. With no next header there is nothing.
        if (ip.payload_length() != 0 || ip.next_header() == no_next_header) rest.limit(ip.payload_length());
        return after_ipv6_header(ip.next_header());
    }
};

template <>
inline constexpr std::array fields<Ipv6>{
    Field{"ipv6.version", FieldType::uint8, "Version", get<Ipv6, &Ipv6::version>},
    Field{"ipv6.tclass", FieldType::uint32, "Traffic class", get<Ipv6, &Ipv6::traffic_class>, Display::hex},
    Field{"ipv6.tclass.dscp", FieldType::uint32, "Differentiated services codepoint", get<Ipv6, &Ipv6::dscp>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"ipv6.tclass.ecn", FieldType::uint32, "Explicit congestion notification", get<Ipv6, &Ipv6::ecn>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"ipv6.flow", FieldType::uint24, "Flow label", get<Ipv6, &Ipv6::flow_label>, Display::hex},
    Field{"ipv6.plen", FieldType::uint16, "Payload length", get<Ipv6, &Ipv6::payload_length>},
    Field{"ipv6.nxt", FieldType::uint8, "Next header", get<Ipv6, &Ipv6::next_header>},
    Field{"ipv6.hlim", FieldType::uint8, "Hop limit", get<Ipv6, &Ipv6::hop_limit>},
    Field{"ipv6.src", FieldType::ipv6, "Source address", get<Ipv6, &Ipv6::src>},
    Field{"ipv6.dst", FieldType::ipv6, "Destination address", get<Ipv6, &Ipv6::dst>},
    Field{"ipv6.addr", FieldType::ipv6, "Source and destination address", get_both<Ipv6, &Ipv6::src, &Ipv6::dst>, Display::none,
          Repeat::list, Shown::asked},
    Field{"ipv6.src_host", FieldType::text, "Source address as text", ip_host<Ipv6, &Ipv6::src>, Display::none, Repeat::one, Shown::asked},
    Field{"ipv6.dst_host", FieldType::text, "Destination address as text", ip_host<Ipv6, &Ipv6::dst>, Display::none, Repeat::one,
          Shown::asked},
    Field{"ipv6.host", FieldType::text, "Source and destination address as text", ip_hosts<Ipv6, &Ipv6::src, &Ipv6::dst>, Display::none,
          Repeat::list, Shown::asked},
};

}  // namespace pcapline
