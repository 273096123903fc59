// Origins: the interface, VLANs and tunnels that a flow's first packet came with.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "pcapline/base/frame.h"
#include "pcapline/decode/packet.h"
#include "pcapline/flow/flow_key.h"

namespace pcapline {

struct Origin {
    bool has_interface = false;
    std::uint16_t interface = 0;
    std::vector<std::uint16_t> vlan;  ///< outermost first
    std::vector<std::string> tunnel;  ///< "vxlan/5001/203.0.113.1/203.0.113.2", outermost first
};

/// Each different one once, by number; 0 has nothing. Memory is bounded: beyond a million, new ones have only their interface.
class Origins {
 public:
    Origins() : all_(1) {}
    const Origin& operator[](std::uint32_t number) const { return all_[number]; }
    /// Of a frame without VLANs and tunnels.
    std::uint32_t of_interface(std::uint16_t interface);
    /// `has_interface`: the file names interfaces.
    std::uint32_t of(const Frame& frame, const Packet& packet, const KeyRules& rules, bool has_interface);

 private:
    static constexpr std::size_t most = std::size_t{1} << 20;
    std::uint32_t number_of(Origin origin);

    std::vector<Origin> all_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<std::uint32_t> of_interface_;  ///< 0: not met yet
};

}  // namespace pcapline
