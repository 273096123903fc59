// Role: what the rest of the program needs to know of a protocol without naming it.
#pragma once

#include <array>
#include <string_view>

#include "pcapline/decode/registry.h"

namespace pcapline {

enum class Role : std::uint8_t {
    other,
    ipv4,
    ipv6,
    ip_extension,  ///< IPv6 extension headers and AH: between IP and transport
    ports,         ///< TCP, UDP, SCTP: the first four bytes are source and destination port
    icmp,          ///< ICMP, ICMPv6: what follows an error is a quoted packet
};

namespace detail {
constexpr Role role_by_name(std::string_view name) {
    if (name == "ip") return Role::ipv4;
    if (name == "ipv6") return Role::ipv6;
    if (name == "tcp" || name == "udp" || name == "sctp") return Role::ports;
    if (name == "icmp" || name == "icmpv6") return Role::icmp;
    if (name.starts_with("ipv6.") || name == "ah") return Role::ip_extension;
    return Role::other;
}
template <class... P>
constexpr auto make_roles(TypeList<P...>) {
    return std::array<Role, sizeof...(P)>{role_by_name(P::name)...};
}
}  // namespace detail

/// By protocol id.
inline constexpr auto roles = detail::make_roles(Protocols{});

}  // namespace pcapline
