// glance(): what the plainest frames are about, without decode().
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "pcapline/base/frame.h"
#include "pcapline/decode/edges.h"
#include "pcapline/decode/innermost.h"

namespace pcapline {

/// What decode() and innermost_ip() would say.
struct Glance {
    std::uint64_t path = 0;  ///< Packet::path
    Innermost inner;
};

/// What a frame seems to be, by EtherType and IP protocol alone.
enum class Shape : std::uint8_t {
    tcp4,
    udp4,
    tcp6,
    udp6,
    other
};
constexpr std::size_t shape_count = 5;

namespace detail {

/// The path of a stack of protocols, outermost first.
template <class... P>
constexpr std::uint64_t path_of() {
    std::uint64_t path = 0;
    unsigned shift = 0;
    ((path |= (proto_of<P> + std::uint64_t{1}) << shift, shift += 8), ...);
    return path;
}

template <Shape shape>
using IpOf = std::conditional_t<shape == Shape::tcp4 || shape == Shape::udp4, Ipv4, Ipv6>;
template <Shape shape>
using TransportOf = std::conditional_t<shape == Shape::tcp4 || shape == Shape::tcp6, Tcp, Udp>;

/// The ports of a frame, and what they carry.
struct Ports {
    std::uint16_t src = 0;
    std::uint16_t dst = 0;
    Bytes payload;
};

/// glance() at IP packet and transport header, behind the layers Link, up to the ports.
template <class Ip, class Transport, class... Link>
[[gnu::always_inline]] inline bool glance_below(const Frame& frame, Innermost& inner, Ports& ports) noexcept {
    constexpr bool v4 = std::is_same_v<Ip, Ipv4>;
    constexpr std::uint32_t ip_begin = (std::uint32_t{Link::size} + ...);
    constexpr std::uint32_t begin = ip_begin + Ip::size;  // of the transport header
    if (frame.cap_len < begin + Transport::size) return false;
    const std::uint32_t room = frame.cap_len - begin;

    const Ip ip{first_of<begin>(frame.bytes()).template part<ip_begin, Ip::size>()};
    std::uint32_t content = 0;
    if constexpr (v4) {
        constexpr std::uint8_t version_4_without_options = 0x45;
        if (u8<0>(ip.h) != version_4_without_options || ip.fragment_offset() != 0 || ip.more_fragments()) return false;
        if (ip.protocol() != Transport::found_at[0].key) return false;
        content = ip.total_length() - std::uint32_t{Ipv4::size};
        inner.ip_role = Role::ipv4;
    } else {
        if (ip.version() != 6 || ip.next_header() != Transport::found_at[0].key) return false;
        content = ip.payload_length();  // 0: a jumbogram, or offload; no room for a header then
        inner.ip_role = Role::ipv6;
    }
    if (content > room) return false;  // also if the length is less than the header's: it wrapped
    inner.ip_bytes = content + (v4 ? std::uint32_t{Ipv4::size} : std::uint32_t{Ipv6::size});

    const Transport transport{first_of<Transport::size>(Bytes{frame.data + begin, room})};
    std::uint32_t header = Transport::size;
    if constexpr (std::is_same_v<Transport, Tcp>) {
        header = transport.header_length();
        if (header < Tcp::size || header > content) return false;
    } else {
        if (transport.length() < Udp::size || transport.length() > content) return false;
        content = transport.length();
    }
    inner.transport = proto_of<Transport>;
    inner.transport_role = Role::ports;
    inner.ip_begin = ip_begin;
    inner.transport_begin = begin;
    inner.payload_bytes = content - header;
    ports = {transport.src_port(), transport.dst_port(), Bytes{frame.data + begin + header, content - header}};
    return true;
}

template <class Transport>
inline constexpr Space ports_of = std::is_same_v<Transport, Tcp> ? Space::tcp_port : Space::udp_port;

/// glance() behind the layers Link.
template <class Ip, class Transport, class... Link>
[[gnu::always_inline]] inline bool glance_at(const Frame& frame, Glance& out) noexcept {
    constexpr Space space = ports_of<Transport>;
    Ports ports;
    if (!glance_below<Ip, Transport, Link...>(frame, out.inner, ports)) return false;
    out.path = path_of<Link..., Ip, Transport>();
    if (!claimed<space>(ports.src, ports.dst, ports.payload)) return true;
    const Carried above = carried(space, ports.src, ports.dst, ports.payload);
    if (above.proto != no_proto) out.path |= (above.proto + 1ULL) << 8 * (sizeof...(Link) + 2);
    return above.whole;
}

/// glance_ports() behind the layers Link.
template <class Ip, class Transport, class... Link>
[[gnu::always_inline]] inline bool glance_ports(const Frame& frame, Innermost& out) noexcept {
    constexpr const PortSet& carriers = carrier_ports<ports_of<Transport>>;
    Ports ports;
    if (!glance_below<Ip, Transport, Link...>(frame, out, ports)) return false;
    return carriers.empty() || (!carriers.has(ports.src) && !carriers.has(ports.dst));
}

/// The EtherType behind one VLAN tag; 0: there is no tag, or no room for that.
[[gnu::always_inline]] inline std::uint16_t type_behind_tag(const Frame& frame) noexcept {
    constexpr std::size_t tagged = std::size_t{Ethernet::size} + Vlan::size;
    if (frame.link_type != 1 || frame.cap_len < tagged) return 0;
    const auto head = first_of<tagged>(frame.bytes());
    return Ethernet{head.part<0, Ethernet::size>()}.type() == 0x8100 ? Vlan{head.part<Ethernet::size, Vlan::size>()}.type()
                                                                     : std::uint16_t{0};
}

/// glance() behind one VLAN tag.
[[gnu::always_inline]] inline bool glance_tagged(const Frame& frame, Glance& out) noexcept {
    const std::uint16_t type = type_behind_tag(frame);
    if (type == 0x0800) return glance_at<Ipv4, Tcp, Ethernet, Vlan>(frame, out) || glance_at<Ipv4, Udp, Ethernet, Vlan>(frame, out);
    return type == 0x86dd && (glance_at<Ipv6, Tcp, Ethernet, Vlan>(frame, out) || glance_at<Ipv6, Udp, Ethernet, Vlan>(frame, out));
}

/// glance_ports() behind one VLAN tag.
[[gnu::always_inline]] inline bool glance_ports_tagged(const Frame& frame, Innermost& out) noexcept {
    const std::uint16_t type = type_behind_tag(frame);
    if (type == 0x0800) return glance_ports<Ipv4, Tcp, Ethernet, Vlan>(frame, out) || glance_ports<Ipv4, Udp, Ethernet, Vlan>(frame, out);
    return type == 0x86dd && (glance_ports<Ipv6, Tcp, Ethernet, Vlan>(frame, out) || glance_ports<Ipv6, Udp, Ethernet, Vlan>(frame, out));
}

/// By IP protocol.
constexpr auto shape_of_transport = [] {
    std::array<std::uint8_t, 256> table{};
    for (std::uint8_t& shape : table) shape = static_cast<std::uint8_t>(Shape::other);
    table[6] = static_cast<std::uint8_t>(Shape::tcp4);
    table[17] = static_cast<std::uint8_t>(Shape::udp4);
    return table;
}();

}  // namespace detail

/// Untagged Ethernet only. Without a branch on what cannot be foretold in a mix of packets: those who have many of them sort them by
/// shape, and look at each shape's frames in a run (measured: a tenth of the time of stats on packets of 80 bytes).
[[gnu::always_inline]] inline Shape shape_of(const Frame& frame) noexcept {
    constexpr std::size_t ip_begin = Ethernet::size;
    using detail::edges;
    static_assert(edges.find(Space::link_type, 1) == proto_of<Ethernet> && edges.find(Space::ethertype, 0x8100) == proto_of<Vlan> &&
                  edges.find(Space::ethertype, 0x0800) == proto_of<Ipv4> && edges.find(Space::ethertype, 0x86dd) == proto_of<Ipv6> &&
                  edges.find(Space::ip_proto, 6) == proto_of<Tcp> && edges.find(Space::ip_proto, 17) == proto_of<Udp>);
    if (frame.link_type != 1 || frame.cap_len < ip_begin + Ipv4::size) return Shape::other;
    const auto head = first_of<ip_begin + Ipv4::size>(frame.bytes());
    constexpr std::uint32_t type_v4 = 0x0800;
    constexpr std::uint32_t type_v6 = 0x86dd;
    const std::uint32_t type = Ethernet{head.part<0, Ethernet::size>()}.type();
    const std::uint32_t v6 = type >> 15;
    const std::uint32_t protocol = head.data()[ip_begin + 9 - 3 * v6];
    const std::uint32_t shape = detail::shape_of_transport[protocol] + 2 * v6 + (type != type_v4 + v6 * (type_v6 - type_v4) ? 4U : 0U);
    return shape < 4 ? static_cast<Shape>(shape) : Shape::other;
}

/// The path of a plain frame of this shape whose payload is not known.
template <Shape shape>
inline constexpr std::uint64_t usual_path = detail::path_of<Ethernet, detail::IpOf<shape>, detail::TransportOf<shape>>();

/// Sees at once what most frames are: Ethernet without a tag, IPv4 or IPv6 with nothing between it and TCP or UDP, all of it captured
/// and not a fragment, and at most one protocol above. False for every other frame, also for some that are all that: decode() knows
/// more. Where it is true, the answer is decode()'s (a law says so), for a fifth of the work: for those who count packets.
template <Shape shape>
[[gnu::always_inline]] inline bool glance_at(const Frame& frame, Glance& out) noexcept {
    static_assert(shape != Shape::other);
    return detail::glance_at<detail::IpOf<shape>, detail::TransportOf<shape>, Ethernet>(frame, out);
}

/// The same for those who want no more than the innermost IP packet, whatever its ports carry, for half of that work. False also if that
/// may be another packet. Of Shape::other: behind one VLAN tag.
template <Shape shape>
[[gnu::always_inline]] inline bool glance_ports(const Frame& frame, Innermost& out) noexcept {
    if constexpr (shape == Shape::other) return detail::glance_ports_tagged(frame, out);
    return detail::glance_ports<detail::IpOf<shape>, detail::TransportOf<shape>, Ethernet>(frame, out);
}

/// glance_at() for frames of any shape, and behind one VLAN tag.
[[gnu::always_inline]] inline bool glance(const Frame& frame, Glance& out) noexcept {
    switch (shape_of(frame)) {
        case Shape::tcp4:
            return glance_at<Shape::tcp4>(frame, out);
        case Shape::udp4:
            return glance_at<Shape::udp4>(frame, out);
        case Shape::tcp6:
            return glance_at<Shape::tcp6>(frame, out);
        case Shape::udp6:
            return glance_at<Shape::udp6>(frame, out);
        case Shape::other:
            break;
    }
    return detail::glance_tagged(frame, out);
}

}  // namespace pcapline
