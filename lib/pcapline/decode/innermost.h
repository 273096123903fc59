// Innermost: the IP packet that a frame is about, and the bytes it carries.
#pragma once

#include <cstdint>
#include <optional>

#include "pcapline/decode/packet.h"
#include "pcapline/decode/roles.h"

namespace pcapline {

/// The innermost decoded IP header that is not quoted by an ICMP error, and what is directly above it: the first layer above IP
/// and its extension headers. All places are offsets in the frame.
struct Innermost {
    Role ip_role = Role::other;         ///< ipv4, ipv6; other: no IP
    Role transport_role = Role::other;  ///< other also if none was decoded
    Proto transport = no_proto;         ///< no_proto: none decoded
    std::uint32_t ip_begin = 0;
    std::uint32_t transport_begin = 0;
    std::uint32_t ip_bytes = 0;       ///< length of the IP packet by its header
    std::uint32_t payload_bytes = 0;  ///< after the transport header, by the headers' lengths (records.md §1)

    bool has_ip() const { return ip_role != Role::other; }
    bool has_ports() const { return transport_role == Role::ports; }
};

/// The layer that a packet is about: the topmost one, but an ICMP message rather than the packet that it quotes.
inline std::optional<std::size_t> top_layer(const Packet& packet) {
    if (packet.depth == 0) return std::nullopt;
    if (packet.transport != Packet::no_layer && roles[packet.layers[packet.transport].proto] == Role::icmp) return packet.transport;
    return packet.depth - 1U;
}

/// Its protocol; no_proto if nothing was decoded.
inline Proto top_proto(const Packet& packet) {
    const auto top = top_layer(packet);
    return top ? packet.layers[*top].proto : no_proto;
}

inline Innermost innermost_ip(const Packet& packet) {
    Innermost found;
    if (packet.ip == Packet::no_layer) return found;
    const Layer& ip = packet.layers[packet.ip];
    found.ip_role = roles[ip.proto];
    found.ip_begin = ip.begin;
    found.ip_bytes = ip.end - ip.begin + ip.content;
    if (packet.transport != Packet::no_layer) {
        const Layer& transport = packet.layers[packet.transport];
        found.transport = transport.proto;
        found.transport_role = roles[transport.proto];
        found.transport_begin = transport.begin;
        if (found.has_ports()) {
            found.payload_bytes = transport.content;
            return found;
        }
        // Only extension headers lie between IP and transport.
        const std::uint32_t content = packet.layers[packet.transport - 1U].content;
        found.payload_bytes = found.transport_role != Role::icmp ? content : content > 8 ? content - 8 : 0;
        return found;
    }
    const bool undecoded = packet.stop == Stop::cut || packet.stop == Stop::bad;
    const Role lost = undecoded && packet.at != no_proto ? roles[packet.at] : Role::other;
    if (lost != Role::ports && lost != Role::icmp) found.payload_bytes = packet.layers[packet.depth - 1U].content;
    return found;
}

}  // namespace pcapline
