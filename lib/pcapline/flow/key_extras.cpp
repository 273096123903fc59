#include "pcapline/flow/key_extras.h"

#include <cstring>
#include <utility>

#include "pcapline/flow/flow_hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace pcapline {
namespace {

bool is_ip(Proto proto) {
    return roles[proto] == Role::ipv4 || roles[proto] == Role::ipv6;
}

/// The outer IP header is layer `at`; the next one is layer `inner`.
Tunnel tunnel_of(const Frame& frame, const Packet& packet, std::size_t at, std::size_t inner) {
    Tunnel tunnel;
    tunnel.family = roles[packet.layers[at].proto] == Role::ipv4 ? Family::ipv4 : Family::ipv6;
    tunnel.ip_begin = packet.layers[at].begin;
    std::size_t carrier = at + 1;
    while (carrier < inner && roles[packet.layers[carrier].proto] != Role::other) ++carrier;  // extension headers, UDP
    tunnel.proto = packet.layers[carrier].proto;
    const Bytes header = bytes_of(frame, packet.layers[carrier]);
    if (tunnel.proto == proto_of<Vxlan>) {
        tunnel.has_id = true;
        tunnel.id = Vxlan{first_of<Vxlan::size>(header)}.vni();
    } else if (tunnel.proto == proto_of<Gre>) {
        const Gre gre{first_of<Gre::size>(header)};
        const std::size_t place = Gre::size + (gre.has_checksum_word() ? 4U : 0U);
        // The key of version 1 (PPTP) is a length and a call, which differs by direction.
        tunnel.has_id = gre.flag<Gre::key>() && !gre.pptp();
        if (tunnel.has_id) tunnel.id = be32<0>(first_of<4>(header.subspan(place)));
    }
    return tunnel;
}

/// Bytes in an array that is large enough for all that Encapsulation can hold.
class Text {
 public:
    void add(const void* data, std::size_t size) {
        std::memcpy(bytes_.data() + size_, data, size);
        size_ += size;
    }
    template <class Unsigned>
    void add_number(Unsigned number) {
        add(&number, sizeof number);
    }
    bool empty() const { return size_ == 0; }
    std::string_view view() const { return {bytes_.data(), size_}; }

 private:
    std::array<char, Packet::max_layers * 48 + 64> bytes_;
    std::size_t size_ = 0;
};

}  // namespace

Encapsulation encapsulation_of(const Frame& frame, const Packet& packet, const KeyRules& rules) noexcept {
    Encapsulation found;
    const std::uint8_t ip = ip_layer_of(packet, rules);
    const std::size_t end = ip == Packet::no_layer ? packet.depth : ip;
    for (std::size_t i = 0; i < end; ++i) {
        const Layer& layer = packet.layers[i];
        if (layer.proto == proto_of<Vlan> || layer.proto == proto_of<Ieee8021ad>) {
            found.vlan[found.vlans++] = be16<0>(first_of<2>(bytes_of(frame, layer))) & 0x0fff;
        } else if (ip != Packet::no_layer && is_ip(layer.proto)) {
            std::size_t inner = i + 1;
            while (!is_ip(packet.layers[inner].proto)) ++inner;  // ends: layer `ip` is one
            found.tunnel[found.tunnels++] = tunnel_of(frame, packet, i, inner);
        }
    }
    return found;
}

std::size_t KeyExtras::Hash::operator()(std::string_view text) const noexcept {
    return XXH3_64bits_withSeed(text.data(), text.size(), process_hash_secret().word[0]);
}

std::uint64_t KeyExtras::id_of(const Frame& frame, const Packet& packet, const KeyRules& rules) {
    if (!rules.vlan && !rules.tunnel && !rules.interface) return 0;
    Text text;
    const Encapsulation around = encapsulation_of(frame, packet, rules);
    for (std::size_t i = 0; rules.vlan && i < around.vlans; ++i) {
        text.add_number('v');
        text.add_number(around.vlan[i]);
    }
    for (std::size_t i = 0; rules.tunnel && i < around.tunnels; ++i) {
        const Tunnel& tunnel = around.tunnel[i];
        Bytes low = tunnel.src(frame);
        Bytes high = tunnel.dst(frame);
        if (std::memcmp(low.data(), high.data(), low.size()) > 0) std::swap(low, high);
        text.add_number('t');
        text.add_number(tunnel.proto);
        text.add_number(tunnel.family);
        text.add_number(tunnel.has_id);
        text.add_number(tunnel.id);
        text.add(low.data(), low.size());
        text.add(high.data(), high.size());
    }
    if (rules.interface) {
        text.add_number('i');
        text.add_number(frame.interface);
    }
    if (text.empty()) return 0;
    if (const auto known = ids_.find(text.view()); known != ids_.end()) return known->second;
    if (ids_.size() >= most) {
        ++merged_;
        return ~std::uint64_t{0};
    }
    return ids_.emplace(text.view(), ids_.size() + 1).first->second;
}

}  // namespace pcapline
