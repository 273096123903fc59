// TcpPackets: what the stateful fields of single packets need beside the TcpFlow.
#pragma once

#include <array>
#include <cstdint>

#include "pcapline/tcp/tcp_flow.h"

namespace pcapline {

/// What the connection says of one packet; the names are those of Wireshark's fields.
struct TcpPacket {
    Events analysis;                       ///< tcp.analysis.*
    std::uint32_t seq = 0;                 ///< relative: tcp.seq
    std::uint32_t ack = 0;                 ///< relative where the ACK flag is set, else as it stands: tcp.ack
    std::uint32_t next_seq = 0;            ///< relative: tcp.nxtseq
    std::uint32_t window_size = 0;         ///< scaled if scaling is known: tcp.window_size
    std::int32_t window_factor = 0;        ///< 0: a SYN, -1 unknown, -2 no scaling, else the factor: tcp.window_size_scalefactor
    std::uint32_t bytes_in_flight = 0;     ///< 0: unknown: tcp.analysis.bytes_in_flight
    std::uint32_t duplicate_number = 0;    ///< of a duplicate ACK, from 1: tcp.analysis.duplicate_ack_num
    std::uint64_t duplicate_of = 0;        ///< the packet with the first ACK: tcp.analysis.duplicate_ack_frame
    std::int64_t time_relative = no_time;  ///< since the connection's first packet, ns; no_time without times
    std::int64_t time_delta = no_time;     ///< since its packet before; 0 for the first
    std::int64_t ack_rtt = no_time;        ///< a sample that this ACK gives, ns: tcp.analysis.ack_rtt
    std::int64_t initial_rtt = no_time;    ///< of the handshake: tcp.analysis.initial_rtt
};

/// A connection whose packets are looked at one by one. Counts like its TcpFlow.
class TcpPackets {
 public:
    /// Takes the next segment and says what the connection knows of it.
    TcpPacket add(const Segment& segment, Way way, TcpPools& pools);
    const TcpFlow& flow() const { return flow_; }
    void release(TcpPools& pools) { flow_.release(pools); }

 private:
    struct Side {
        std::uint64_t acked_by = 0;      ///< the packet with the last ACK that is no duplicate
        std::uint32_t unacked_from = 0;  ///< lowest number in flight
        std::uint32_t unacked_to = 0;    ///< one past the highest
        bool in_flight = false;          ///< the last two mean something
        bool whole = true;               ///< nothing is known to be missing in flight
    };
    void follow_flight(const Segment& segment, Way way, TcpPacket& out);

    TcpFlow flow_;
    std::array<Side, 2> sides_{};
    std::int64_t first_time_ = no_time;
    std::int64_t last_time_ = no_time;
};

}  // namespace pcapline
