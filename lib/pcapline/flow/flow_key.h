// FlowKey: which conversation a packet belongs to, the same for both directions.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "pcapline/base/endian.h"
#include "pcapline/base/frame.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/decode/packet.h"

namespace pcapline {

/// What the addresses of a key are.
enum class Family : std::uint8_t {
    none = 0,  ///< there are none: a packet of no flow
    ethernet = 1,
    ipv4 = 4,
    ipv6 = 6,
};

/// One end of a conversation. Held by value: flow tables outlive frames.
struct Endpoint {
    std::array<std::uint8_t, 16> address{};  ///< IPv4: the first 4 bytes, Ethernet: the first 6; the rest is 0
    std::uint16_t port = 0;                  ///< 0 also where the protocol has none; ICMP: the identifier, at both ends
    bool operator==(const Endpoint&) const = default;
};

/// A conversation. The lower end is the one with the smaller address (then port), as numbers. Compared in full.
struct FlowKey {
    Endpoint low;
    Endpoint high;
    std::uint8_t protocol = 0;  ///< IANA protocol number; 0 for pairs of addresses
    Family family = Family::ipv4;
    /// ICMP and ICMPv6 messages that come as request and reply: the request's type. 0: all others.
    std::uint8_t pairing = 0;
    /// 1: its protocol has ports (ICMP: a type) that are not known: fragments without their first one, packets cut before them.
    std::uint8_t lacks_ports = 0;
    std::uint64_t extra = 0;  ///< KeyExtras: VLANs, tunnels, interface; 0: not asked for, or none

    bool operator==(const FlowKey& other) const noexcept { return std::memcmp(this, &other, sizeof *this) == 0; }
    bool is_tcp() const { return protocol == 6 && family != Family::ethernet; }
};
static_assert(sizeof(FlowKey) == 48 && std::has_unique_object_representations_v<FlowKey>);

/// What makes a flow.
enum class FlowBy : std::uint8_t {
    flow,  ///< protocol, addresses, ports
    ip,    ///< IP addresses
    eth,   ///< Ethernet addresses
};

struct KeyRules {
    FlowBy by = FlowBy::flow;
    bool outermost = false;  ///< the addresses outside of all tunnels, not those inside
    bool vlan = false;       ///< part of the key too: the VLAN tags,
    bool tunnel = false;     ///< the tunnels around the addresses,
    bool interface = false;  ///< the interface

    /// What glance() sees is all that the key needs.
    bool plain() const { return by == FlowBy::flow && !vlan && !interface; }
};

/// What a packet is of its IP packet.
enum class FragmentPart : std::uint8_t {
    none,   ///< all of it
    first,  ///< its beginning: has the ports
    later,
};

/// Which flow a packet belongs to, and as what.
struct FlowOf {
    FlowKey key;
    std::int64_t time_ns = no_time;
    std::uint16_t tcp_flags = 0;  ///< Tcp::syn and so on; 0 for other protocols
    bool from_low = true;         ///< sent by key.low; both ends the same: true
    FragmentPart fragment = FragmentPart::none;
    std::uint8_t icmp_type = 0;  ///< of ICMP and ICMPv6
    std::uint8_t icmp_code = 0;

    bool has_flow() const { return key.family != Family::none; }
    const Endpoint& src() const { return from_low ? key.low : key.high; }
    const Endpoint& dst() const { return from_low ? key.high : key.low; }
    /// Orders the ends of a key whose low end is the sender.
    void order() noexcept;
};

/// Protocols that begin with source and destination port: TCP, UDP, DCCP (RFC 4340), SCTP, UDP-Lite (RFC 3828).
constexpr bool has_ports(std::uint8_t ip_proto) {
    return ip_proto == 6 || ip_proto == 17 || ip_proto == 33 || ip_proto == 132 || ip_proto == 136;
}
/// Message types that are answered by another (community id specification, after Zeek): the request's, for a request or a reply, else 0.
std::uint8_t icmp_pairing(std::uint8_t ip_proto, std::uint8_t type);

/// The key of a packet that has been decoded. False: it has none (no IP header; by Ethernet: no such header). The ports are those
/// directly above the IP header whose addresses are taken; those of a header that is cut or malformed count where they are
/// captured. A later fragment has no ports yet: FragmentMap knows them. `extra`: of KeyExtras.
bool flow_of(const Frame& frame, const Packet& packet, const KeyRules& rules, std::uint64_t extra, FlowOf& out) noexcept;

/// The key of the TCP or UDP header that is layer `layer`, be it in a tunnel, outside of one, or quoted by an ICMP error (then as it was
/// sent). False: it is neither, or not directly above an IP header and its extension headers.
bool flow_of_header(const Frame& frame, const Packet& packet, std::uint8_t layer, FlowOf& out) noexcept;

/// The IP header whose addresses `rules` take: its place in packet.layers, or Packet::no_layer.
std::uint8_t ip_layer_of(const Packet& packet, const KeyRules& rules) noexcept;
/// The Ethernet header nearest around the IP header that `rules` take, or Packet::no_layer; without IP the innermost (the
/// outermost, by the rules).
std::uint8_t ethernet_layer_of(const Packet& packet, const KeyRules& rules) noexcept;
/// innermost_ip() for the outermost IP header.
Innermost outermost_ip(const Packet& packet) noexcept;

namespace detail {
/// An IP packet, as far as a flow wants to know.
struct IpPacket {
    std::uint8_t protocol = 0;  ///< what is above IP and its extension headers; of a later fragment the first of those
    std::uint8_t next = 0;      ///< what the IP header itself names
    FragmentPart fragment = FragmentPart::none;
    std::uint32_t id = 0;  ///< 0 unless a fragment
    std::uint16_t tcp_flags = 0;
    Bytes above;  ///< from there on, as much as is captured; of a later fragment nothing
};
/// The IP header is layer `layer`.
IpPacket look_at_ip(const Frame& frame, const Packet& packet, std::uint8_t layer) noexcept;
/// Puts the addresses of an IP header into a key, source first.
void set_addresses(const Frame& frame, const Layer& layer, FlowKey& key) noexcept;
}  // namespace detail

/// The key of a packet that glance() has seen, for KeyRules that are plain(): what flow_of() says, for less. Without a branch on which end
/// is lower: that cannot be foretold.
[[gnu::always_inline]] inline void flow_of_glance(const Frame& frame, const Innermost& inner, FlowOf& out) noexcept {
    const Bytes transport = frame.bytes().subspan(inner.transport_begin);
    const Bytes ip_packet = frame.bytes().subspan(inner.ip_begin);
    const bool v4 = inner.ip_role == Role::ipv4;
    const auto ports = first_of<4>(transport);
    const std::uint16_t src_port = be16<0>(ports);
    const std::uint16_t dst_port = be16<2>(ports);
    const bool tcp = inner.transport == proto_of<Tcp>;
    // Not out = FlowOf{}: GCC 12 makes that on the stack and copies it at once, for which the processor must wait.
    std::memset(static_cast<void*>(&out), 0, sizeof out);
    FlowKey& key = out.key;
    out.time_ns = frame.time_ns;
    key.family = v4 ? Family::ipv4 : Family::ipv6;
    key.protocol = tcp ? 6 : 17;
    if (tcp) out.tcp_flags = Tcp{first_of<Tcp::size>(transport)}.flags();
    if (v4) {
        const auto ip = first_of<20>(ip_packet);
        const std::uint64_t src = std::uint64_t{be32<12>(ip)} << 16 | src_port;
        const std::uint64_t dst = std::uint64_t{be32<16>(ip)} << 16 | dst_port;
        out.from_low = src <= dst;
        const std::uint64_t low = out.from_low ? src : dst;
        const std::uint64_t high = src ^ dst ^ low;
        store(key.low.address.data(), static_cast<std::uint32_t>(low >> 16), ByteOrder::big);
        store(key.high.address.data(), static_cast<std::uint32_t>(high >> 16), ByteOrder::big);
        key.low.port = static_cast<std::uint16_t>(low);
        key.high.port = static_cast<std::uint16_t>(high);
    } else {
        const auto ip = first_of<40>(ip_packet);
        using Words = std::array<std::uint64_t, 2>;
        const Words src{be64<8>(ip), be64<16>(ip)};
        const Words dst{be64<24>(ip), be64<32>(ip)};
        const auto before = [](std::uint64_t a, std::uint64_t b) { return static_cast<unsigned>(a < b); };
        const auto same = [](std::uint64_t a, std::uint64_t b) { return static_cast<unsigned>(a == b); };
        const unsigned from_low =
            before(src[0], dst[0]) |
            (same(src[0], dst[0]) & (before(src[1], dst[1]) | (same(src[1], dst[1]) & before(src_port, dst_port + 1U))));
        out.from_low = from_low != 0;
        const std::uint64_t swap = std::uint64_t{from_low} - 1;  // all bits, or none
        for (std::size_t i = 0; i < 2; ++i) {
            const std::uint64_t differing = (src[i] ^ dst[i]) & swap;
            store(key.low.address.data() + 8 * i, src[i] ^ differing, ByteOrder::big);
            store(key.high.address.data() + 8 * i, dst[i] ^ differing, ByteOrder::big);
        }
        const std::uint64_t differing = (src_port ^ dst_port) & swap;
        key.low.port = static_cast<std::uint16_t>(src_port ^ differing);
        key.high.port = static_cast<std::uint16_t>(dst_port ^ differing);
    }
}

}  // namespace pcapline
