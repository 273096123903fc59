// glance(): what the plainest frames are about, without decode().
#pragma once

#include <cstdint>

#include "pcapline/base/frame.h"
#include "pcapline/decode/edges.h"
#include "pcapline/decode/innermost.h"

namespace pcapline {

/// What decode() and innermost_ip() would say.
struct Glance {
    std::uint64_t path = 0;  ///< Packet::path
    Innermost inner;
};

namespace detail {

/// The path of a stack of protocols, outermost first.
template <class... P>
constexpr std::uint64_t path_of() {
    std::uint64_t path = 0;
    unsigned shift = 0;
    ((path |= (proto_of<P> + std::uint64_t{1}) << shift, shift += 8), ...);
    return path;
}

/// Adds what the ports carry, if that is known, behind `depth` layers. False if more than that follows.
template <Space space, unsigned depth>
[[gnu::always_inline]] inline bool glance_above(std::uint32_t port, std::uint32_t other_port, Bytes payload, Glance& out) noexcept {
    if (!claimed<space>(port, other_port, payload)) return true;
    const Carried above = carried(space, port, other_port, payload);
    if (above.proto != no_proto) out.path |= (above.proto + 1ULL) << 8 * depth;
    return above.whole;
}

/// glance() behind the layers Link, of EtherType `type`.
template <class... Link>
[[gnu::always_inline]] inline bool glance_ip(const Frame& frame, std::uint16_t type, Glance& out) noexcept {
    constexpr std::uint32_t ip_begin = (std::uint32_t{Link::size} + ...);
    constexpr std::uint32_t above_v4 = ip_begin + Ipv4::size;
    constexpr std::uint32_t above_v6 = ip_begin + Ipv6::size;
    constexpr unsigned depth = sizeof...(Link) + 1;  // of what stands below the transport header
    if (frame.cap_len < above_v4 + Tcp::size) return false;

    std::uint32_t begin = 0;    // of the transport header
    std::uint32_t content = 0;  // of the IP packet
    std::uint8_t protocol = 0;
    if (type == 0x0800) {
        const Ipv4 ip{first_of<above_v4>(frame.bytes()).template part<ip_begin, Ipv4::size>()};
        constexpr std::uint8_t version_4_without_options = 0x45;
        if (u8<0>(ip.h) != version_4_without_options || ip.fragment_offset() != 0 || ip.more_fragments()) return false;
        begin = above_v4;
        content = ip.total_length() - std::uint32_t{Ipv4::size};
        protocol = ip.protocol();
        out.inner.ip_role = Role::ipv4;
        out.inner.ip_bytes = ip.total_length();
        out.path = path_of<Link..., Ipv4>();
    } else if (type == 0x86dd) {
        if (frame.cap_len < above_v6 + Tcp::size) return false;
        const Ipv6 ip{first_of<above_v6>(frame.bytes()).template part<ip_begin, Ipv6::size>()};
        if (ip.version() != 6) return false;
        begin = above_v6;
        content = ip.payload_length();  // 0: a jumbogram, or offload; no room for a header then
        protocol = ip.next_header();
        out.inner.ip_role = Role::ipv6;
        out.inner.ip_bytes = Ipv6::size + content;
        out.path = path_of<Link..., Ipv6>();
    } else {
        return false;
    }
    if (content > frame.cap_len - begin) return false;  // also if the length is less than the header's: it wrapped

    const std::uint8_t* const transport = frame.data + begin;
    const auto up = first_of<Tcp::size>(Bytes{transport, frame.cap_len - begin});
    std::uint32_t header = Udp::size;
    if (protocol == 6) {
        const Tcp tcp{up};
        header = tcp.header_length();
        if (header < Tcp::size || header > content) return false;
        const Bytes payload{transport + header, content - header};
        if (!glance_above<Space::tcp_port, depth + 1>(tcp.src_port(), tcp.dst_port(), payload, out)) return false;
        out.inner.transport = proto_of<Tcp>;
    } else if (protocol == 17) {
        const Udp udp{up.part<0, Udp::size>()};
        if (udp.length() < Udp::size || udp.length() > content) return false;
        content = udp.length();
        const Bytes payload{transport + header, content - header};
        if (!glance_above<Space::udp_port, depth + 1>(udp.src_port(), udp.dst_port(), payload, out)) return false;
        out.inner.transport = proto_of<Udp>;
    } else {
        return false;
    }
    out.path |= (out.inner.transport + 1ULL) << 8 * depth;
    out.inner.transport_role = Role::ports;
    out.inner.ip_begin = ip_begin;
    out.inner.transport_begin = begin;
    out.inner.payload_bytes = content - header;
    return true;
}

}  // namespace detail

/// Sees at once what most frames are: Ethernet with at most one VLAN tag, IPv4 or IPv6 with nothing between it and TCP or UDP, all
/// of it captured and not a fragment, and at most one protocol above. False for every other frame, also for some that are all that:
/// decode() knows more. Where it is true, the answer is decode()'s (a law says so), for a fifth of the work: for those who count
/// packets.
[[gnu::always_inline]] inline bool glance(const Frame& frame, Glance& out) noexcept {
    using detail::edges;
    static_assert(edges.find(Space::link_type, 1) == proto_of<Ethernet> && edges.find(Space::ethertype, 0x8100) == proto_of<Vlan> &&
                  edges.find(Space::ethertype, 0x0800) == proto_of<Ipv4> && edges.find(Space::ethertype, 0x86dd) == proto_of<Ipv6> &&
                  edges.find(Space::ip_proto, 6) == proto_of<Tcp> && edges.find(Space::ip_proto, 17) == proto_of<Udp>);
    constexpr std::size_t tagged = std::size_t{Ethernet::size} + Vlan::size;
    if (frame.link_type != 1 || frame.cap_len < tagged) return false;
    const auto head = first_of<tagged>(frame.bytes());
    const std::uint16_t type = Ethernet{head.part<0, Ethernet::size>()}.type();
    if (type != 0x8100) return detail::glance_ip<Ethernet>(frame, type, out);
    return detail::glance_ip<Ethernet, Vlan>(frame, Vlan{head.part<Ethernet::size, Vlan::size>()}.type(), out);
}

}  // namespace pcapline
