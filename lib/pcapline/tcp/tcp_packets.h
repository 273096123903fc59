// TcpPackets: what the stateful fields of single packets need beside the TcpFlow.
#pragma once

#include <array>
#include <cstdint>

#include "pcapline/decode/flow_state.h"
#include "pcapline/tcp/tcp_flow.h"

namespace pcapline {

/// A connection whose packets are looked at one by one. Counts like its TcpFlow. At most max_unacked segments a direction are known to be
/// in flight. Before it is dropped, release() it.
class TcpPackets {
 public:
    static constexpr std::uint32_t max_unacked = 10'000;

    /// Takes the next segment and says what the connection knows of it.
    TcpPacket add(const Segment& segment, Way way, TcpPools& pools);
    /// A segment that an ICMP error quotes: it belongs to the connection but was counted when it passed, if it did. Its numbers are given
    /// as they stand.
    TcpPacket add_quoted(const Segment& segment, Way way);
    const TcpFlow& flow() const { return flow_; }
    void release(TcpPools& pools);

 private:
    struct Side {
        std::uint64_t acked_by = 0;  ///< the packet with the last ACK that is no duplicate
        std::uint32_t oldest = Pool<detail::Unacked>::none;
        std::uint32_t newest = Pool<detail::Unacked>::none;  ///< means nothing while there is none
        std::uint32_t unacked = 0;                           ///< segments in the list
        std::uint32_t unacked_from = 0;                      ///< lowest number in flight, if there are any
        std::uint32_t first = 0;      ///< the same as a relative number, where none is negative: those before the base are high
        std::uint32_t last = 0;       ///< one past the highest, likewise
        std::uint32_t sacked = 0;     ///< bytes in the SACK blocks of its last segment
        std::uint32_t pushed = 0;     ///< bytes sent since the last PSH
        std::uint16_t multipath = 0;  ///< TcpPackets::multipath_ when its last segment came
        bool whole = true;            ///< nothing is known to be missing in flight
        bool last_was_push = false;
        bool in_order = true;  ///< each segment of the list begins where the one before ends, or later

        void cover(const detail::Unacked& segment, std::uint32_t base);
    };
    void learn_initial_rtt(const Segment& segment);
    void tell_window(const Segment& segment, Way way, TcpPacket& out) const;
    void follow_time(const Segment& segment, TcpPacket& out);
    void follow_flight(const Segment& segment, Way way, TcpPacket& out, TcpPools& pools);
    void cover_anew(Way way, const TcpPools& pools);
    void send(const Segment& segment, Way way, TcpPools& pools);
    void acknowledge(const Segment& segment, Way sender, TcpPacket& out, TcpPools& pools);

    TcpFlow flow_;
    std::array<Side, 2> sides_{};
    std::int64_t first_time_ = no_time;
    std::int64_t last_time_ = no_time;
    std::int64_t syn_time_ = no_time;
    std::int64_t initial_rtt_ = no_time;
    std::uint16_t multipath_ = 0;  ///< of the last segment with such an option
};

}  // namespace pcapline
