#include "pcapline/flow/flow_key.h"

#include <utility>

#include "pcapline/base/bytes.h"

namespace pcapline {
namespace {

constexpr std::uint8_t icmp = 1;
constexpr std::uint8_t icmpv6 = 58;

FragmentPart part(bool begins, bool ends) {
    if (!begins) return FragmentPart::later;
    return ends ? FragmentPart::none : FragmentPart::first;
}

void set_ports(const detail::IpPacket& ip, FlowOf& out) {
    out.key.lacks_ports = ip.above.size() < 4 ? 1 : 0;
    if (out.key.lacks_ports != 0) return;
    const auto ports = first_of<4>(ip.above);
    out.key.low.port = be16<0>(ports);
    out.key.high.port = be16<2>(ports);
}

void set_icmp(const detail::IpPacket& ip, FlowOf& out) {
    out.key.lacks_ports = ip.above.size() < 2 ? 1 : 0;
    if (out.key.lacks_ports != 0) return;
    out.icmp_type = ip.above[0];
    out.icmp_code = ip.above[1];
    out.key.pairing = icmp_pairing(ip.protocol, out.icmp_type);
    // Router and neighbour discovery, group membership and node information have no identifier.
    const bool identified = ip.protocol == icmp ? out.key.pairing != 10 : out.key.pairing == 128 || out.key.pairing == 144;
    if (out.key.pairing == 0 || !identified || ip.above.size() < 6) return;
    out.key.low.port = out.key.high.port = be16<4>(first_of<6>(ip.above));
}

}  // namespace

detail::IpPacket detail::look_at_ip(const Frame& frame, const Packet& packet, std::uint8_t layer) noexcept {
    IpPacket found;
    const Bytes header = bytes_of(frame, packet.layers[layer]);
    if (roles[packet.layers[layer].proto] == Role::ipv4) {
        const Ipv4 ip{first_of<Ipv4::size>(header)};
        found.protocol = found.next = ip.protocol();
        found.fragment = part(ip.fragment_offset() == 0, !ip.more_fragments());
        found.id = ip.identification();
    } else {
        found.protocol = found.next = Ipv6{first_of<Ipv6::size>(header)}.next_header();
    }
    std::size_t above = layer + 1U;
    for (; above < packet.depth && roles[packet.layers[above].proto] == Role::ip_extension; ++above) {
        const Bytes extension = bytes_of(frame, packet.layers[above]);
        found.protocol = u8<0>(first_of<1>(extension));  // the next header, in each of them
        if (packet.layers[above].proto == proto_of<Ipv6Fragment>) {
            const Ipv6Fragment fragment{first_of<Ipv6Fragment::size>(extension)};
            found.fragment = part(fragment.offset() == 0, !fragment.more_fragments());
            found.id = fragment.identification();
        }
    }
    if (found.fragment == FragmentPart::none) found.id = 0;
    if (found.fragment == FragmentPart::later) return found;
    if (above < packet.depth && packet.layers[above].proto == proto_of<Tcp>)
        found.tcp_flags = Tcp{first_of<Tcp::size>(bytes_of(frame, packet.layers[above]))}.flags();
    const std::uint32_t begin = above < packet.depth ? packet.layers[above].begin : packet.payload_begin;
    found.above = frame.bytes().subspan(begin, packet.payload_end - begin);
    return found;
}

void detail::set_addresses(const Frame& frame, const Layer& layer, FlowKey& key) noexcept {
    const Bytes header = bytes_of(frame, layer);
    const bool v4 = roles[layer.proto] == Role::ipv4;
    const std::size_t size = v4 ? 4 : 16;
    const std::size_t at = v4 ? 12 : 8;
    key.family = v4 ? Family::ipv4 : Family::ipv6;
    std::memcpy(key.low.address.data(), header.data() + at, size);
    std::memcpy(key.high.address.data(), header.data() + at + size, size);
}

void FlowOf::order() noexcept {
    const int order = std::memcmp(key.low.address.data(), key.high.address.data(), 16);
    from_low = order < 0 || (order == 0 && key.low.port <= key.high.port);
    if (!from_low) std::swap(key.low, key.high);
}

std::uint8_t icmp_pairing(std::uint8_t ip_proto, std::uint8_t type) {
    if (ip_proto == icmp) {
        switch (type) {
            case 0:
            case 8:
                return 8;  // echo
            case 9:
            case 10:
                return 10;  // router solicitation
            case 13:
            case 14:
                return 13;  // timestamp
            case 15:
            case 16:
                return 15;  // information
            case 17:
            case 18:
                return 17;  // address mask
            default:
                return 0;
        }
    }
    switch (type) {
        case 128:
        case 129:
            return 128;  // echo
        case 130:
        case 131:
            return 130;  // multicast listener query
        case 133:
        case 134:
            return 133;  // router solicitation
        case 135:
        case 136:
            return 135;  // neighbour solicitation
        case 139:
        case 140:
            return 139;  // node information
        case 144:
        case 145:
            return 144;  // home agent address discovery
        default:
            return 0;
    }
}

std::uint8_t ip_layer_of(const Packet& packet, const KeyRules& rules) noexcept {
    if (!rules.outermost || packet.ip == Packet::no_layer) return packet.ip;
    for (std::uint8_t i = 0; i < packet.ip; ++i) {
        const Role role = roles[packet.layers[i].proto];
        if (role == Role::ipv4 || role == Role::ipv6) return i;
    }
    return packet.ip;
}

std::uint8_t ethernet_layer_of(const Packet& packet, const KeyRules& rules) noexcept {
    const std::uint8_t ip = ip_layer_of(packet, rules);
    const std::uint8_t end = ip == Packet::no_layer ? packet.depth : ip;
    std::uint8_t found = Packet::no_layer;
    for (std::uint8_t i = 0; i < end; ++i) {
        if (packet.layers[i].proto != proto_of<Ethernet>) continue;
        found = i;
        if (rules.outermost) break;
    }
    return found;
}

bool flow_of(const Frame& frame, const Packet& packet, const KeyRules& rules, std::uint64_t extra, FlowOf& out) noexcept {
    out = FlowOf{};
    out.time_ns = frame.time_ns;
    out.key.extra = extra;
    if (rules.by == FlowBy::eth) {
        const std::uint8_t layer = ethernet_layer_of(packet, rules);
        if (layer == Packet::no_layer) return false;
        const Ethernet ethernet{first_of<Ethernet::size>(bytes_of(frame, packet.layers[layer]))};
        out.key.family = Family::ethernet;
        std::memcpy(out.key.low.address.data(), ethernet.src().data(), 6);
        std::memcpy(out.key.high.address.data(), ethernet.dst().data(), 6);
        out.order();
        return true;
    }
    const std::uint8_t layer = ip_layer_of(packet, rules);
    if (layer == Packet::no_layer) return false;
    detail::set_addresses(frame, packet.layers[layer], out.key);
    const detail::IpPacket ip = detail::look_at_ip(frame, packet, layer);
    out.fragment = ip.fragment;
    out.tcp_flags = ip.tcp_flags;
    if (rules.by == FlowBy::flow) {
        out.key.protocol = ip.protocol;
        if (has_ports(ip.protocol)) {
            set_ports(ip, out);
        } else if (ip.protocol == icmp || ip.protocol == icmpv6) {
            set_icmp(ip, out);
        }
    }
    out.order();
    return true;
}

bool flow_of_header(const Frame& frame, const Packet& packet, std::uint8_t layer, FlowOf& out) noexcept {
    const Proto proto = packet.layers[layer].proto;
    if (proto != proto_of<Tcp> && proto != proto_of<Udp>) return false;
    std::uint8_t ip = layer;
    do {
        if (ip == 0) return false;
        --ip;
    } while (roles[packet.layers[ip].proto] == Role::ip_extension);
    if (roles[packet.layers[ip].proto] != Role::ipv4 && roles[packet.layers[ip].proto] != Role::ipv6) return false;
    out = FlowOf{};
    out.time_ns = frame.time_ns;
    detail::set_addresses(frame, packet.layers[ip], out.key);
    const detail::IpPacket found = detail::look_at_ip(frame, packet, ip);
    out.fragment = found.fragment;
    out.tcp_flags = found.tcp_flags;
    out.key.protocol = proto == proto_of<Tcp> ? 6 : 17;
    set_ports(found, out);
    out.order();
    return true;
}

Innermost outermost_ip(const Packet& packet) noexcept {
    const std::uint8_t ip = ip_layer_of(packet, KeyRules{.outermost = true});
    if (ip == packet.ip) return innermost_ip(packet);  // also without IP
    Innermost found;
    const Layer& header = packet.layers[ip];
    found.ip_role = roles[header.proto];
    found.ip_begin = header.begin;
    found.ip_bytes = header.end - header.begin + header.content;
    std::size_t above = ip + 1U;
    while (roles[packet.layers[above].proto] == Role::ip_extension) ++above;  // ends: packet.ip is further up
    const Layer& transport = packet.layers[above];
    found.transport = transport.proto;
    found.transport_role = roles[transport.proto];
    found.transport_begin = transport.begin;
    found.payload_bytes = found.has_ports() ? transport.content : packet.layers[above - 1].content;
    return found;
}

}  // namespace pcapline
