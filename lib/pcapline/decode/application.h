// Applications: what a packet or a flow is used for, by its content or by its ports.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pcapline/base/frame.h"
#include "pcapline/base/result.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/decode/packet.h"
#include "pcapline/decode/registry.h"
#include "pcapline/decode/roles.h"

namespace pcapline {

/// An application of one Applications: its place among the names, so that it can index an array of counters.
using ApplicationId = std::uint16_t;
constexpr ApplicationId no_application = 0;

/// What told the application.
enum class KnownBy : std::uint8_t {
    nothing,
    payload,  ///< the protocol that was decoded above the ports
    port,     ///< the table of ports
    layer,    ///< the packet has no ports: its topmost protocol; or nobody knows its ports: the transport protocol
};
/// "payload", "port"; empty for the others.
std::string_view known_by_name(KnownBy by);

struct KnownApplication {
    ApplicationId id = no_application;
    KnownBy by = KnownBy::nothing;
};

/// The names of all applications and the table of ports. Ids 1 to protocol_count are the protocols of protocols.h in their order; the
/// rest are names that only ports have. Built once; reading it allocates nothing and is safe from many threads.
class Applications {
 public:
    /// The well-known ports.
    Applications();
    /// The one that everybody shares who adds nothing.
    static const Applications& well_known();

    /// Adds what a file of ports says; it goes before the well-known ones, later lines before earlier ones. Each line is
    /// `PORT[/tcp|/udp|/sctp] NAME` (without a protocol: all of them), empty, or a comment from # on. A name has up to 63 of
    /// A-Z a-z 0-9 . _ + - and begins with a letter or digit. `file` is for messages. Errors (Errc::usage): the first bad line.
    Result<void> add_ports(std::string_view text, const std::string& file);

    /// Ids are smaller than this.
    std::size_t size() const { return names_.size(); }
    /// Wireshark's name in lower case where it has one; "data" if nothing of a packet was decoded; empty for no_application.
    std::string_view name(ApplicationId id) const { return names_[id]; }
    static constexpr ApplicationId of_protocol(Proto proto) {
        return proto == no_proto ? of_nothing : static_cast<ApplicationId>(proto + 1);
    }

    /// Behind a port of TCP, UDP or SCTP; no_application if it is not in the table, or `transport` has no ports.
    ApplicationId on_port(Proto transport, std::uint16_t port) const {
        const std::size_t slot = slots[transport];
        return slot == no_slot ? no_application : ports_[slot << 16 | port];
    }
    /// By two ports: the first is asked first.
    ApplicationId on_ports(Proto transport, std::uint16_t first, std::uint16_t second) const {
        const ApplicationId id = on_port(transport, first);
        return id != no_application ? id : on_port(transport, second);
    }

    /// Of one packet: its topmost protocol if that stands above the ports or there are none, else its destination port, else its
    /// source port, else its transport or network protocol. So every packet has one.
    KnownApplication of_packet(const Frame& frame, const Packet& packet) const {
        return of_packet(frame, top_proto(packet), innermost_ip(packet));
    }
    /// The same, by its top_proto() (of a Glance: top_of_path()) and by the innermost IP packet.
    KnownApplication of_packet(const Frame& frame, Proto top, const Innermost& inner) const {
        if (top == no_proto) return {of_nothing, KnownBy::layer};
        if (inner.has_ports()) {
            if (top != inner.transport) return {of_protocol(top), KnownBy::payload};
            const auto ports = first_of<4>(frame.bytes().subspan(inner.transport_begin));
            const ApplicationId id = on_ports(top, be16<2>(ports), be16<0>(ports));
            return id != no_application ? KnownApplication{id, KnownBy::port} : KnownApplication{of_protocol(top), KnownBy::layer};
        }
        if (roles[top] == Role::ip_extension && inner.has_ip()) top = inner.ip_role == Role::ipv4 ? proto_of<Ipv4> : proto_of<Ipv6>;
        return {of_protocol(top), KnownBy::layer};
    }

    /// Of a flow: what was decoded above its ports (no_proto: nothing was), else the responder's port, else the initiator's.
    /// no_application if neither tells.
    KnownApplication of_flow(Proto content, Proto transport, std::uint16_t initiator_port, std::uint16_t responder_port) const {
        if (content != no_proto) return {of_protocol(content), KnownBy::payload};
        const ApplicationId id = on_ports(transport, responder_port, initiator_port);
        return {id, id == no_application ? KnownBy::nothing : KnownBy::port};
    }

 private:
    static constexpr ApplicationId of_nothing = protocol_count + 1;
    static constexpr std::size_t no_slot = 3;
    static constexpr auto slots = [] {
        std::array<std::uint8_t, 256> table{};
        table.fill(no_slot);
        table[proto_of<Tcp>] = 0;
        table[proto_of<Udp>] = 1;
        table[proto_of<Sctp>] = 2;
        return table;
    }();

    std::optional<ApplicationId> id_of(std::string_view name);
    Result<void> add_line(std::string_view line);

    std::vector<std::string> names_;
    std::unordered_map<std::string, ApplicationId> ids_;
    std::vector<ApplicationId> ports_ = std::vector<ApplicationId>(no_slot << 16);  ///< by transport, then port
};

/// The topmost protocol of Packet::path of a frame of which glance() says all; it has no more than eight layers.
constexpr Proto top_of_path(std::uint64_t path) {
    if (path == 0) return no_proto;
    return static_cast<Proto>((path >> ((std::bit_width(path) - 1) & ~7)) - 1);
}

/// Source and destination port, of a flow's first packet.
struct PortPair {
    std::uint16_t src = 0;
    std::uint16_t dst = 0;
};

/// The name that the original Python tool gave an application: TCP_HTTP_TLS, UDP_DNS. `transport` is TCP, UDP or whatever stands
/// above IP (without IP: the topmost protocol); `content` what was decoded above the ports, or no_proto. Of the ports the source is
/// looked up first, so a DHCP client's query is UDP_DHCP_RESPONSE; `_TLS` is added where TLS was found behind another name. Two
/// unknown ports give the lower one (TCP_49152), where the original left the name empty; no ports: ICMP_UNKNOWN. An ICMP error that
/// quotes UDP has the quoted ports: ICMP_DNS by content, else ICMP_ and the destination port.
std::string original_name(Proto transport, Proto content, std::optional<PortPair> ports);

}  // namespace pcapline
