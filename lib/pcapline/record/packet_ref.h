// PacketRef: one packet as the record writers see it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pcapline/base/bytes.h"
#include "pcapline/base/endian.h"
#include "pcapline/base/frame.h"
#include "pcapline/decode/packet.h"

namespace pcapline {

/// What a record says of where a packet was captured; borrowed from the source's interface list.
struct CapturedOn {
    std::uint32_t id = 0;
    std::string_view name;
    std::string_view description;
};

/// A decoded packet and what stands beside it. Borrows everything.
struct PacketRef {
    const Frame& frame;
    const Packet& packet;
    std::uint64_t number = 0;
    const CapturedOn* interface = nullptr;  ///< null where the file names none (classic pcap)
    std::span<const Bytes> comments = {};
};

}  // namespace pcapline
