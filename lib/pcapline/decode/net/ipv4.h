// Internet Protocol version 4.
#pragma once

#include "pcapline/decode/cursor.h"
#include "pcapline/decode/field.h"
#include "pcapline/decode/net/ip_host.h"
#include "pcapline/decode/net/ipv4_options.h"
#include "pcapline/decode/next.h"

namespace pcapline {

/// Internet Protocol version 4 (RFC 791, section 3.1; RFC 2474 and 3168 for the second octet).
///
///     |version|  IHL  |   DSCP    |ECN|          total length         |
///     |         identification        |flags|     fragment offset     |
///     |      TTL      |   protocol    |        header checksum        |
///     |                            source                             |
///     |                          destination                          |
///     |                       options, up to 40 octets                |
struct Ipv4 {
    static constexpr std::string_view name = "ip";
    static constexpr std::string_view title = "Internet Protocol version 4";
    static constexpr Edge found_at[] = {{Space::link_type, 228}, {Space::ethertype, 0x0800}, {Space::ip_version, 4}, {Space::ip_proto, 4},
                                        {Space::ppp, 0x0021},    {Space::address_family, 2}, {Space::llc_sap, 0x06}};
    static constexpr std::size_t size = 20;

    Fixed<size> h;
    constexpr std::uint8_t version() const { return u8<0>(h) >> 4; }
    /// In bytes.
    constexpr std::uint8_t header_length() const { return static_cast<std::uint8_t>((u8<0>(h) & 0xf) * 4); }
    constexpr std::uint8_t ds_field() const { return u8<1>(h); }
    constexpr std::uint8_t dscp() const { return u8<1>(h) >> 2; }
    constexpr std::uint8_t ecn() const { return u8<1>(h) & 3; }
    constexpr std::uint16_t total_length() const { return be16<2>(h); }
    constexpr std::uint16_t identification() const { return be16<4>(h); }
    constexpr std::uint8_t flags() const { return u8<6>(h) >> 5; }
    constexpr bool reserved_bit() const { return (u8<6>(h) & 0x80) != 0; }
    constexpr bool dont_fragment() const { return (u8<6>(h) & 0x40) != 0; }
    constexpr bool more_fragments() const { return (u8<6>(h) & 0x20) != 0; }
    /// In units of 8 bytes.
    constexpr std::uint16_t fragment_offset() const { return be16<6>(h) & 0x1fff; }
    constexpr std::uint8_t ttl() const { return u8<8>(h); }
    constexpr std::uint8_t protocol() const { return u8<9>(h); }
    constexpr std::uint16_t checksum() const { return be16<10>(h); }
    constexpr Fixed<4> src() const { return h.part<12, 4>(); }
    constexpr Fixed<4> dst() const { return h.part<16, 4>(); }

    static constexpr Next decode(Cursor& rest) {
        const auto header = rest.take<size>();
        if (!header) return Next::too_short();
        const Ipv4 ip{*header};
        if (ip.version() != 4) return Next::bad(Anomaly::version);
        const std::size_t header_length = ip.header_length();
        if (header_length < size) return Next::bad(Anomaly::header_length);
        const std::size_t total_length = ip.total_length();
        if (total_length != 0 && total_length < header_length) return Next::bad(Anomaly::length_field);
        if (header_length > size && !rest.take(header_length - size)) return Next::too_short();
        // A zero total length is segmentation offload: the bytes run to the end of the frame.
        if (total_length != 0) rest.limit(total_length - header_length);
        if (ip.fragment_offset() != 0) return Next::fragment();
        if (ip.more_fragments()) rest.quote();
        return Next::in(Space::ip_proto, ip.protocol());
    }
};

template <>
inline constexpr std::array fields<Ipv4>{
    Field{"ip.version", FieldType::uint8, "Version", get<Ipv4, &Ipv4::version>},
    Field{"ip.hdr_len", FieldType::uint8, "Header length in bytes", get<Ipv4, &Ipv4::header_length>},
    Field{"ip.dsfield", FieldType::uint8, "Differentiated services field", get<Ipv4, &Ipv4::ds_field>, Display::hex},
    Field{"ip.dsfield.dscp", FieldType::uint8, "Differentiated services codepoint", get<Ipv4, &Ipv4::dscp>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"ip.dsfield.ecn", FieldType::uint8, "Explicit congestion notification", get<Ipv4, &Ipv4::ecn>, Display::dec, Repeat::one,
          Shown::asked},
    Field{"ip.len", FieldType::uint16, "Total length", get<Ipv4, &Ipv4::total_length>},
    Field{"ip.id", FieldType::uint16, "Identification", get<Ipv4, &Ipv4::identification>, Display::hex},
    Field{"ip.flags", FieldType::uint8, "Flags", get<Ipv4, &Ipv4::flags>, Display::hex},
    Field{"ip.flags.rb", FieldType::boolean, "Reserved bit", get<Ipv4, &Ipv4::reserved_bit>, Display::dec, Repeat::one, Shown::asked},
    Field{"ip.flags.df", FieldType::boolean, "Don't fragment", get<Ipv4, &Ipv4::dont_fragment>},
    Field{"ip.flags.mf", FieldType::boolean, "More fragments", get<Ipv4, &Ipv4::more_fragments>},
    Field{"ip.frag_offset", FieldType::uint16, "Fragment offset in units of 8 bytes", get<Ipv4, &Ipv4::fragment_offset>},
    Field{"ip.ttl", FieldType::uint8, "Time to live", get<Ipv4, &Ipv4::ttl>},
    Field{"ip.proto", FieldType::uint8, "Protocol", get<Ipv4, &Ipv4::protocol>},
    Field{"ip.checksum", FieldType::uint16, "Header checksum", get<Ipv4, &Ipv4::checksum>, Display::hex},
    Field{"ip.src", FieldType::ipv4, "Source address", get<Ipv4, &Ipv4::src>},
    Field{"ip.dst", FieldType::ipv4, "Destination address", get<Ipv4, &Ipv4::dst>},
    Field{"ip.addr", FieldType::ipv4, "Source and destination address", get_both<Ipv4, &Ipv4::src, &Ipv4::dst>, Display::none, Repeat::list,
          Shown::asked},
    Field{"ip.src_host", FieldType::text, "Source address as text", ip_host<Ipv4, &Ipv4::src>, Display::none, Repeat::one, Shown::asked},
    Field{"ip.dst_host", FieldType::text, "Destination address as text", ip_host<Ipv4, &Ipv4::dst>, Display::none, Repeat::one,
          Shown::asked},
    Field{"ip.host", FieldType::text, "Source and destination address as text", ip_hosts<Ipv4, &Ipv4::src, &Ipv4::dst>, Display::none,
          Repeat::list, Shown::asked},
    Field{"ip.opt.type", FieldType::uint8, "Option type", ipv4_option<Ipv4OptionPart::type>, Display::dec, Repeat::list},
    Field{"ip.opt.type.copy", FieldType::boolean, "Option is copied on fragmentation", ipv4_option<Ipv4OptionPart::copy>, Display::dec,
          Repeat::list, Shown::asked},
    Field{"ip.opt.type.class", FieldType::uint8, "Option class", ipv4_option<Ipv4OptionPart::klass>, Display::dec, Repeat::list,
          Shown::asked},
    Field{"ip.opt.type.number", FieldType::uint8, "Option number", ipv4_option<Ipv4OptionPart::number>, Display::dec, Repeat::list,
          Shown::asked},
    Field{"ip.opt.len", FieldType::uint8, "Option length", ipv4_option<Ipv4OptionPart::length>, Display::dec, Repeat::list, Shown::asked},
    Field{"ip.opt.ptr", FieldType::uint8, "Route or timestamp pointer", ipv4_option<Ipv4OptionPart::pointer>, Display::dec, Repeat::list},
    Field{"ip.opt.ra", FieldType::uint16, "Router alert", ipv4_option<Ipv4OptionPart::router_alert>, Display::dec, Repeat::list},
    Field{"ip.opt.sid", FieldType::uint16, "Stream identifier", ipv4_option<Ipv4OptionPart::stream_id>, Display::dec, Repeat::list},
    Field{"ip.opt.mtu", FieldType::uint16, "MTU probe or reply", ipv4_option<Ipv4OptionPart::mtu>, Display::dec, Repeat::list},
    Field{"ip.opt.id_number", FieldType::uint16, "Traceroute identifier", ipv4_option<Ipv4OptionPart::trace_id>, Display::dec,
          Repeat::list},
    Field{"ip.opt.ohc", FieldType::uint16, "Traceroute outbound hops", ipv4_option<Ipv4OptionPart::outbound_hops>, Display::dec,
          Repeat::list},
    Field{"ip.opt.rhc", FieldType::uint16, "Traceroute return hops", ipv4_option<Ipv4OptionPart::return_hops>, Display::dec, Repeat::list},
    Field{"ip.opt.originator", FieldType::ipv4, "Traceroute originator", ipv4_option<Ipv4OptionPart::originator>, Display::none,
          Repeat::list},
    Field{"ip.rec_rt", FieldType::ipv4, "Recorded route", ipv4_option<Ipv4OptionPart::recorded_route>, Display::none, Repeat::list},
    Field{"ip.src_rt", FieldType::ipv4, "Stops of a source route that are still ahead", ipv4_option<Ipv4OptionPart::source_route>,
          Display::none, Repeat::list},
    Field{"ip.empty_rt", FieldType::ipv4, "Unused places of a recorded route", ipv4_option<Ipv4OptionPart::empty_route>, Display::none,
          Repeat::list, Shown::asked},
    Field{"ip.opt.overflow", FieldType::uint8, "Hosts without room for a timestamp", ipv4_option<Ipv4OptionPart::overflow>, Display::dec,
          Repeat::list},
    Field{"ip.opt.flag", FieldType::uint8, "Timestamp flag", ipv4_option<Ipv4OptionPart::flag>, Display::hex, Repeat::list},
    Field{"ip.opt.time_stamp", FieldType::uint32, "Timestamps, ms since midnight", ipv4_option<Ipv4OptionPart::time_stamp>, Display::dec,
          Repeat::list},
    Field{"ip.opt.time_stamp_addr", FieldType::ipv4, "Addresses of the timestamps", ipv4_option<Ipv4OptionPart::time_stamp_address>,
          Display::none, Repeat::list},
    Field{"ip.opt.sec_cl", FieldType::uint8, "Security classification level", ipv4_option<Ipv4OptionPart::classification>, Display::hex,
          Repeat::list},
};

}  // namespace pcapline
