// Looked: what a frame is about, for those who look at frames one by one.
#pragma once

#include <cstdint>
#include <optional>

#include "pcapline/base/frame.h"
#include "pcapline/decode/application.h"
#include "pcapline/decode/glance.h"
#include "pcapline/decode/innermost.h"

namespace pcapline {

/// By a glance where that tells all, else by decode(). Filled again and again.
class Looked {
 public:
    void look(const Frame& frame) {
        Glance seen;
        path_ = 0;
        if (glance(frame, seen)) {
            path_ = seen.path;
            inner = seen.inner;
            top = top_of_path(seen.path);
            return;
        }
        decode(frame, packet_);
        inner = innermost_ip(packet_);
        top = top_proto(packet_);
    }
    /// The number of the outermost VLAN tag (802.1Q or 802.1ad) of the frame that was looked at last, if it has one.
    std::optional<std::uint16_t> vlan(const Frame& frame) const {
        constexpr std::uint8_t behind_ethernet = proto_of<Vlan> + 1;
        if (path_ != 0) {
            if ((path_ >> 8 & 0xff) != behind_ethernet) return std::nullopt;
            return Vlan{first_of<Ethernet::size + Vlan::size>(frame.bytes()).part<Ethernet::size, Vlan::size>()}.id();
        }
        for (const Layer& layer : packet_.stack()) {
            if (layer.proto == proto_of<Vlan>) return Vlan{first_of<Vlan::size>(bytes_of(frame, layer))}.id();
            if (layer.proto == proto_of<Ieee8021ad>) return Ieee8021ad{first_of<Ieee8021ad::size>(bytes_of(frame, layer))}.id();
        }
        return std::nullopt;
    }

    Innermost inner;
    Proto top = no_proto;  ///< top_proto()

 private:
    std::uint64_t path_ = 0;  ///< of the glance; 0: packet_ tells
    Packet packet_;
};

}  // namespace pcapline
