// FlowState: what the packets before say of a packet; for the fields that one packet alone cannot give.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "pcapline/base/frame.h"
#include "pcapline/decode/packet.h"
#include "pcapline/decode/transport/tcp_event.h"

namespace pcapline {

/// What the connection says of one TCP segment; the names are those of Wireshark's fields.
struct TcpPacket {
    Events analysis;                       ///< tcp.analysis.*
    std::uint32_t seq = 0;                 ///< relative: tcp.seq
    std::uint32_t ack = 0;                 ///< relative where the ACK flag is set, else as it stands: tcp.ack
    std::uint32_t next_seq = 0;            ///< relative: tcp.nxtseq
    std::uint32_t window_size = 0;         ///< scaled if scaling is known: tcp.window_size
    std::int32_t window_factor = 0;        ///< 0: a SYN, -1 unknown, -2 no scaling, else the factor: tcp.window_size_scalefactor
    std::uint32_t bytes_in_flight = 0;     ///< 0: unknown: tcp.analysis.bytes_in_flight
    std::uint32_t pushed_bytes = 0;        ///< since the last PSH; 0 like bytes_in_flight: tcp.analysis.push_bytes_sent
    std::uint32_t duplicate_number = 0;    ///< of a duplicate ACK, from 1: tcp.analysis.duplicate_ack_num
    std::uint64_t duplicate_of = 0;        ///< the packet with the first ACK: tcp.analysis.duplicate_ack_frame
    std::uint64_t acks_frame = 0;          ///< the packet that ends where the ACK does: tcp.analysis.acks_frame
    std::int64_t time_relative = no_time;  ///< since the connection's first packet, ns; no_time without times
    std::int64_t time_delta = no_time;     ///< since its packet before; 0 for the first
    std::int64_t ack_rtt = no_time;        ///< a sample that this ACK gives, ns: tcp.analysis.ack_rtt
    std::int64_t initial_rtt = no_time;    ///< of the handshake: tcp.analysis.initial_rtt
    bool flight_known = false;             ///< it carries data, and nothing before it is missing; bytes_in_flight may be 0 all the same
    bool length_known = true;              ///< false: a fragment, or quoted by an ICMP error; next_seq means nothing

    /// Is there anything of tcp.analysis beside the handshake's round trip, which is known of all later segments?
    bool is_analysed() const {
        return analysis.has_any(wireshark_events) || analysis.has(TcpEvent::acked_beyond) || flight_known || acks_frame != 0;
    }
};

/// Which parts of a FlowState somebody wants; what nobody wants is not kept.
struct StateParts {
    bool times = false;
    bool tcp = false;
    bool udp = false;
    bool any() const { return times || tcp || udp; }
};

/// Of one packet. Filled by who reads the packets in order (PacketStates).
struct FlowState {
    /// Of one TCP or UDP header in the packet.
    struct OfLayer {
        std::uint32_t begin = 0;   ///< where it begins
        std::uint32_t stream = 0;  ///< tcp.stream, udp.stream: numbers from 0, by first packet, for each of the two
        TcpPacket tcp;             ///< TCP only
    };

    std::int64_t time_delta = no_time;     ///< since the packet before, ns; 0 for the first; no_time: one of them has none
    std::int64_t time_relative = no_time;  ///< since the first packet
    std::array<OfLayer, Packet::max_layers> layers;
    std::size_t count = 0;  ///< of `layers`

    /// What is known of a layer, or null.
    const OfLayer* of(const Layer& layer) const {
        for (std::size_t i = 0; i < count; ++i)
            if (layers[i].begin == layer.begin) return &layers[i];
        return nullptr;
    }
};

}  // namespace pcapline
