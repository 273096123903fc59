// Values of IPv4 options.
#include "pcapline/decode/net/ipv4_options.h"

namespace pcapline::detail {

void ipv4_route(Ipv4OptionPart part, Bytes option, std::size_t index, FieldValues& out) {
    if (option.size() < 3) return;
    const std::size_t pointer = option[2];
    if (part == Ipv4OptionPart::pointer) out.number(index, pointer);
    if (pointer < 4 || pointer % 4 != 0) return;
    const auto ahead = option[0] == Ipv4Options::record_route ? Ipv4OptionPart::empty_route : Ipv4OptionPart::source_route;
    for (std::size_t at = 3; at + 4 <= option.size(); at += 4)
        if (part == (at + 1 < pointer ? Ipv4OptionPart::recorded_route : ahead)) out.bytes(index, option.subspan(at, 4));
}

void ipv4_timestamp(Ipv4OptionPart part, Bytes option, std::size_t index, FieldValues& out) {
    if (option.size() < 4) return;
    const unsigned flag = option[3] & 0xfU;
    if (part == Ipv4OptionPart::pointer) out.number(index, option[2]);
    if (part == Ipv4OptionPart::overflow) out.number(index, option[3] >> 4U);
    if (part == Ipv4OptionPart::flag) out.number(index, flag);
    const bool with_address = flag == 1 || flag == 3;
    const std::size_t entry = with_address ? 8 : 4;
    for (std::size_t at = 4; at + entry <= option.size(); at += entry) {
        if (part == Ipv4OptionPart::time_stamp_address && with_address) out.bytes(index, option.subspan(at, 4));
        if (part == Ipv4OptionPart::time_stamp) out.number(index, be32<0>(first_of<4>(option.subspan(at + entry - 4))));
    }
}

void ipv4_option_values(Ipv4OptionPart part, Bytes option, std::size_t index, FieldValues& out) {
    using Part = Ipv4OptionPart;
    const std::uint8_t type = option[0];
    const std::size_t length = option.size();
    switch (part) {
        case Part::type:
            return out.number(index, type);
        case Part::copy:
            return out.number(index, type >> 7U);
        case Part::klass:
            return out.number(index, type >> 5U & 3U);
        case Part::number:
            return out.number(index, type & 0x1fU);
        case Part::length:
            if (length >= 2) out.number(index, length);
            return;
        default:
            break;
    }
    switch (type) {
        case Ipv4Options::record_route:
        case Ipv4Options::loose_source_route:
        case Ipv4Options::strict_source_route:
            return ipv4_route(part, option, index, out);
        case Ipv4Options::timestamp:
            return ipv4_timestamp(part, option, index, out);
        case Ipv4Options::router_alert:
            if (part == Part::router_alert && length == 4) out.number(index, big16(option, 2));
            return;
        case Ipv4Options::stream_id:
            if (part == Part::stream_id && length >= 4) out.number(index, big16(option, 2));
            return;
        case Ipv4Options::mtu_probe:
        case Ipv4Options::mtu_reply:
            if (part == Part::mtu && length == 4) out.number(index, big16(option, 2));
            return;
        case Ipv4Options::traceroute:
            if (length != 12) return;
            if (part == Part::trace_id) out.number(index, big16(option, 2));
            if (part == Part::outbound_hops) out.number(index, big16(option, 4));
            if (part == Part::return_hops) out.number(index, big16(option, 6));
            if (part == Part::originator) out.bytes(index, option.subspan(8, 4));
            return;
        case Ipv4Options::security:
            if (part == Part::classification && length >= 3 && length != 11) out.number(index, option[2]);
            return;
        default:
            return;
    }
}

}  // namespace pcapline::detail
