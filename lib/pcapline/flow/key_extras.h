// KeyExtras: VLANs, tunnels and interfaces as part of a flow's key.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pcapline/base/frame.h"
#include "pcapline/decode/packet.h"
#include "pcapline/flow/flow_key.h"

namespace pcapline {

/// One IP packet around another.
struct Tunnel {
    Proto proto = no_proto;  ///< what carries the inner one: VXLAN, GRE …; IP in IP: the inner header
    Family family = Family::ipv4;
    bool has_id = false;
    std::uint32_t id = 0;        ///< VXLAN network identifier, GRE key
    std::uint32_t ip_begin = 0;  ///< place of the outer IP header in the frame

    /// Addresses of the outer header: 4 or 16 bytes each.
    Bytes src(const Frame& frame) const { return address(frame, 0); }
    Bytes dst(const Frame& frame) const { return address(frame, 1); }

 private:
    Bytes address(const Frame& frame, std::size_t which) const {
        const std::size_t size = family == Family::ipv4 ? 4 : 16;
        return frame.bytes().subspan(ip_begin + (family == Family::ipv4 ? 12U : 8U) + which * size, size);
    }
};

/// What lies outside of the IP header whose addresses the rules take, outermost first.
struct Encapsulation {
    std::array<std::uint16_t, Packet::max_layers> vlan{};  ///< identifiers of 802.1Q and 802.1ad tags
    std::size_t vlans = 0;
    std::array<Tunnel, Packet::max_layers> tunnel{};
    std::size_t tunnels = 0;
};
Encapsulation encapsulation_of(const Frame& frame, const Packet& packet, const KeyRules& rules) noexcept;

/// Numbers for what else is asked to be part of the key. A tunnel counts without its direction. Memory is bounded: of more than a million
/// different ones the last are one.
class KeyExtras {
 public:
    static constexpr std::size_t most = std::size_t{1} << 20;

    /// FlowKey::extra of a packet; allocates only for what is new.
    std::uint64_t id_of(const Frame& frame, const Packet& packet, const KeyRules& rules);
    /// Packets that could not be told apart.
    std::uint64_t merged() const { return merged_; }

 private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept;
    };
    std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>> ids_;
    std::uint64_t merged_ = 0;
};

}  // namespace pcapline
