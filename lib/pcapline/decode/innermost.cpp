#include "pcapline/decode/innermost.h"

#include <array>
#include <string_view>

#include "pcapline/decode/registry.h"

namespace pcapline {
namespace {

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
constexpr auto roles = make_roles(Protocols{});

}  // namespace

Role role_of(Proto proto) {
    return roles[proto];
}

Innermost innermost_ip(const Packet& packet) {
    Innermost found;
    const Layer* last = nullptr;  // IP or its last extension header
    for (const Layer& layer : packet.stack()) {
        const Role role = roles[layer.proto];
        if (role == Role::ipv4 || role == Role::ipv6) {
            if (found.transport_role == Role::icmp) break;  // quoted by an ICMP error
            found = Innermost{};
            found.ip = &layer;
            found.ip_role = role;
            last = &layer;
        } else if (found.ip && !found.transport) {
            if (role == Role::ip_extension) {
                last = &layer;
            } else {
                found.transport = &layer;
                found.transport_role = role;
            }
        }
    }
    if (!found.ip) return found;
    found.ip_bytes = found.ip->end - found.ip->begin + found.ip->content;
    if (found.transport_role == Role::ports) {
        found.payload_bytes = found.transport->content;
    } else if (found.transport_role == Role::icmp) {
        found.payload_bytes = last->content > 8 ? last->content - 8 : 0;
    } else if (packet.stop != Stop::cut && packet.stop != Stop::bad) {
        found.payload_bytes = last->content;
    } else if (packet.at == no_proto || (roles[packet.at] != Role::ports && roles[packet.at] != Role::icmp)) {
        found.payload_bytes = last->content;
    }
    return found;
}

}  // namespace pcapline
