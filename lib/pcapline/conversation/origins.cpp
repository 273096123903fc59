#include "pcapline/conversation/origins.h"

#include <utility>

#include "pcapline/conversation/cells.h"
#include "pcapline/decode/registry.h"
#include "pcapline/flow/key_extras.h"

namespace pcapline {
namespace {

std::string name_of(const Frame& frame, const Tunnel& tunnel) {
    std::string name{protocol_table()[tunnel.proto].name};
    if (tunnel.has_id) name += '/' + std::to_string(tunnel.id);
    for (const Bytes address : {tunnel.src(frame), tunnel.dst(frame)}) name += '/' + address_text(tunnel.family, address.data());
    return name;
}

}  // namespace

std::uint32_t Origins::of_interface(std::uint16_t interface) {
    if (of_interface_.size() <= interface) of_interface_.resize(interface + std::size_t{1});
    std::uint32_t& number = of_interface_[interface];
    if (number == 0) {
        number = static_cast<std::uint32_t>(all_.size());
        all_.push_back({true, interface, {}, {}});
    }
    return number;
}

std::uint32_t Origins::of(const Frame& frame, const Packet& packet, const KeyRules& rules, bool has_interface) {
    const Encapsulation around = encapsulation_of(frame, packet, rules);
    if (around.vlans == 0 && around.tunnels == 0) return has_interface ? of_interface(frame.interface) : 0;
    Origin origin;
    origin.has_interface = has_interface;
    origin.interface = frame.interface;
    origin.vlan.assign(around.vlan.begin(), around.vlan.begin() + static_cast<std::ptrdiff_t>(around.vlans));
    for (std::size_t i = 0; i < around.tunnels; ++i) origin.tunnel.push_back(name_of(frame, around.tunnel[i]));
    return number_of(std::move(origin));
}

std::uint32_t Origins::number_of(Origin origin) {
    std::string text = origin.has_interface ? std::to_string(origin.interface) : "";
    for (const std::uint16_t vlan : origin.vlan) text += ',' + std::to_string(vlan);
    for (const std::string& tunnel : origin.tunnel) text += ' ' + tunnel;
    const auto known = numbers_.find(text);
    if (known != numbers_.end()) return known->second;
    if (all_.size() >= most) return origin.has_interface ? of_interface(origin.interface) : 0;
    const auto number = static_cast<std::uint32_t>(all_.size());
    numbers_.emplace(std::move(text), number);
    all_.push_back(std::move(origin));
    return number;
}

}  // namespace pcapline
