// Innermost: the IP packet that a frame is about, and the bytes it carries.
#pragma once

#include <cstdint>

#include "pcapline/decode/packet.h"

namespace pcapline {

/// What the rest of the program needs to know of a protocol without naming it.
enum class Role : std::uint8_t {
    other,
    ipv4,
    ipv6,
    ip_extension,  ///< IPv6 extension headers and AH: between IP and transport
    ports,         ///< TCP, UDP, SCTP: the first four bytes are source and destination port
    icmp,          ///< ICMP, ICMPv6: what follows an error is a quoted packet
};
Role role_of(Proto proto);

/// The innermost decoded IP header that is not quoted by an ICMP error, and what is directly above it.
struct Innermost {
    const Layer* ip = nullptr;         ///< null: no IP
    const Layer* transport = nullptr;  ///< the first layer above IP and its extension headers; null: none decoded
    Role ip_role = Role::other;
    Role transport_role = Role::other;
    std::uint32_t ip_bytes = 0;       ///< length of the IP packet by its header
    std::uint32_t payload_bytes = 0;  ///< after the transport header, by the headers' lengths (records.md §1)
};
Innermost innermost_ip(const Packet& packet);

}  // namespace pcapline
