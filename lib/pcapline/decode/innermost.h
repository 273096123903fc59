// Innermost: the IP packet that a frame is about, and the bytes it carries.
#pragma once

#include <cstdint>

#include "pcapline/decode/packet.h"
#include "pcapline/decode/roles.h"

namespace pcapline {

/// The innermost decoded IP header that is not quoted by an ICMP error, and what is directly above it.
struct Innermost {
    const Layer* ip = nullptr;         ///< null: no IP
    const Layer* transport = nullptr;  ///< the first layer above IP and its extension headers; null: none decoded
    Role ip_role = Role::other;
    Role transport_role = Role::other;
    std::uint32_t ip_bytes = 0;       ///< length of the IP packet by its header
    std::uint32_t payload_bytes = 0;  ///< after the transport header, by the headers' lengths (records.md §1)
};

/// Borrows the packet's layers.
inline Innermost innermost_ip(const Packet& packet) {
    Innermost found;
    if (packet.ip == Packet::no_layer) return found;
    found.ip = &packet.layers[packet.ip];
    found.ip_role = roles[found.ip->proto];
    found.ip_bytes = found.ip->end - found.ip->begin + found.ip->content;
    if (packet.transport != Packet::no_layer) {
        found.transport = &packet.layers[packet.transport];
        found.transport_role = roles[found.transport->proto];
        if (found.transport_role == Role::ports) {
            found.payload_bytes = found.transport->content;
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
