// TcpFlow: one TCP connection, segment by segment.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "pcapline/base/frame.h"
#include "pcapline/decode/transport/tcp_event.h"
#include "pcapline/flow/pool.h"
#include "pcapline/flow/segment.h"

namespace pcapline {

/// What was counted of one direction; the names are those of the columns.
struct TcpCounts {
    std::uint64_t retransmitted_bytes = 0;  ///< payload of retransmissions, as far as it is not beyond the highest byte seen
    std::uint32_t retransmissions = 0;      ///< fast and spurious ones included
    std::uint32_t fast_retransmissions = 0;
    std::uint32_t spurious_retransmissions = 0;
    std::uint32_t out_of_order = 0;
    std::uint32_t duplicate_acks = 0;
    std::uint32_t lost_segments = 0;  ///< holes in the sequence that no segment has filled yet
    std::uint32_t zero_windows = 0;
    std::uint32_t keep_alives = 0;
    std::uint32_t window_full = 0;
    std::uint32_t acked_unseen = 0;
    std::uint32_t overlaps = 0;
    std::uint32_t resets = 0;
    std::uint16_t tcp_flags = 0;  ///< of all segments
    std::uint32_t rtt_samples = 0;
    std::int64_t rtt_min = 0;  ///< ns, like the next two; 0 without samples
    std::int64_t rtt_max = 0;
    std::int64_t rtt_sum = 0;
};

namespace detail {

/// Of a direction in which something went wrong.
struct TroubleSide {
    static constexpr std::size_t max_holes = 8;
    /// In place of a number of duplicates: since the last new ACK, the other side was told that bytes of this side were not captured.
    static constexpr std::uint32_t told_unseen = 0xffffffff;

    std::uint64_t retransmitted_bytes = 0;
    std::uint32_t retransmissions = 0;
    std::uint32_t fast_retransmissions = 0;
    std::uint32_t spurious_retransmissions = 0;
    std::uint32_t out_of_order = 0;
    std::uint32_t duplicate_acks = 0;
    std::uint32_t holes_given_up = 0;
    std::uint32_t zero_windows = 0;
    std::uint32_t keep_alives = 0;
    std::uint32_t window_full = 0;
    std::uint32_t acked_unseen = 0;
    std::uint32_t overlaps = 0;
    std::uint32_t ack_repeats = 0;  ///< duplicates of the last ACK, or told_unseen
    std::array<Segment::Block, max_holes> holes{};
    std::uint8_t hole_count = 0;
};
struct Trouble {
    std::array<TroubleSide, 2> sides{};
};

/// Segments in flight, the oldest first: where they end and when they were sent (no_time: not to be timed).
struct InFlight {
    static constexpr std::uint8_t room = 10;
    std::array<std::int64_t, room> time{};
    std::array<std::uint32_t, room> end{};
    std::uint32_t next = 0;  ///< the next newer record; of the newest: the oldest
    std::uint8_t first = 0;
    std::uint8_t past = 0;
};

/// A segment that is not acknowledged yet. Only TcpPackets keeps them one by one.
struct Unacked {
    std::uint64_t number = 0;  ///< of its packet
    std::int64_t time = 0;
    std::uint32_t seq = 0;
    std::uint32_t end = 0;   ///< one past its last number
    std::uint32_t next = 0;  ///< the one sent after it
};

}  // namespace detail

/// What the flows of one table share: room for those that need more than a TcpFlow has.
struct TcpPools {
    Pool<detail::Trouble> troubles;
    Pool<detail::InFlight> in_flight;
    Pool<detail::Unacked> unacked;
    std::size_t bytes() const { return troubles.bytes() + in_flight.bytes() + unacked.bytes(); }
};

/// The state of one TCP connection and what was counted of it. Bounded: at most max_holes holes a direction are followed (the oldest counts
/// as lost when there is one more) and at most max_in_flight segments a direction are timed (those sent while so many are unacknowledged
/// give no sample). Everything is modulo 2^32; packets may come in any order, with any times. Before it is dropped, release() it.
class TcpFlow {
 public:
    static constexpr std::uint8_t max_records = 64;
    static constexpr std::size_t max_in_flight = 1 + std::size_t{max_records} * detail::InFlight::room;
    static constexpr std::size_t max_holes = detail::TroubleSide::max_holes;

    /// What a caller knows who keeps more of the connection.
    struct Known {
        std::int64_t round_trip = no_time;  ///< what is late by less is out of order; no_time: less than the handshake's
        bool repeats_on_purpose = false;    ///< its ACK repeats another one without being a duplicate
    };

    /// Takes the next segment of the connection, in the order of the capture, and says what it means. A segment of unknown length counts
    /// and sets flags, no more.
    Events add(const Segment& segment, Way way, TcpPools& pools) { return add(segment, way, pools, {}); }
    Events add(const Segment& segment, Way way, TcpPools& pools, const Known& known);
    /// Is this a SYN of another connection on the same ports: without ACK, with another sequence number than the one before?
    bool begins_another(const Segment& segment, Way way) const;
    /// What was counted of the direction so far.
    TcpCounts counts(Way way, const TcpPools& pools) const;
    /// Hands back what it has in the pools.
    void release(TcpPools& pools);
    /// Exchanges the two directions.
    void flip(TcpPools& pools);

    /// From the SYN to the ACK of the SYN+ACK, ns; no_time if not seen.
    std::int64_t rtt_handshake() const { return handshake_ == Handshake::done ? handshake_time_ : no_time; }

    // What packet fields want of the state.
    bool has_base(Way way) const { return side(way).is(base_known); }
    /// The sequence number that is 0 in relative numbers: the SYN's, or one before the first number seen.
    std::uint32_t base(Way way) const { return side(way).base; }
    /// Shift for the windows that this side announces: -1 unknown, -2 none.
    int window_scale(Way way) const { return side(way).scale; }
    /// Which duplicate of its last ACK the side sent last; 0: none.
    std::uint32_t ack_repeats(Way way, const TcpPools& pools) const;
    /// One past the highest number sent.
    std::uint32_t next(Way way) const { return side(way).next; }
    std::uint32_t last_ack(Way way) const { return side(way).last_ack; }

 private:
    enum Bits : std::uint8_t {
        base_known = 1,
        next_known = 2,
        top_known = 4,
        ack_known = 8,
        last_was_keep_alive = 16,
        last_was_probe = 32,
        window_unscaled = 64,
        sent_ack = 128
    };
    enum class Handshake : std::uint8_t {
        none,
        syn,  ///< handshake_time_ is the SYN's
        done  ///< … is the round trip
    };
    struct Side {
        std::uint32_t base = 0;
        std::uint32_t next = 0;      ///< one past the highest number seen
        std::uint32_t top = 0;       ///< one past the highest number that an ACK may name without surprise
        std::uint32_t last_ack = 0;  ///< as in the last segment, flag or not
        std::int64_t next_time = 0;  ///< when `next` moved
        std::int64_t ack_time = 0;   ///< of the last segment
        std::int64_t oldest_time = no_time;
        std::int64_t rtt_sum = 0;
        std::int64_t rtt_min = 0;
        std::int64_t rtt_max = 0;
        std::uint32_t rtt_samples = 0;
        std::uint32_t oldest_end = 0;                         ///< of the oldest segment in flight
        std::uint32_t newest = Pool<detail::InFlight>::none;  ///< the record of the newest ones
        std::uint32_t resets = 0;
        std::uint16_t window = 0xffff;  ///< as in the last segment
        std::uint16_t tcp_flags = 0;
        std::int8_t scale = -1;
        std::uint8_t bits = 0;
        std::uint8_t records = 0;    ///< of the pool
        bool any_in_flight = false;  ///< oldest_… mean something

        void add_sample(std::int64_t sample);
        bool is(std::uint8_t bit) const { return (bits & bit) != 0; }
        void set(std::uint8_t bit, bool value = true) { bits = static_cast<std::uint8_t>(value ? bits | bit : bits & ~bit); }
    };
    struct Step;  // one segment on its way through

    Side& side(Way way) { return sides_[static_cast<std::size_t>(way)]; }
    const Side& side(Way way) const { return sides_[static_cast<std::size_t>(way)]; }
    detail::TroubleSide& trouble(Way way, TcpPools& pools);
    const detail::TroubleSide* trouble_if_any(Way way, const TcpPools& pools) const;

    void learn_bases(Step& step);
    void learn_handshake(Step& step);
    void learn_scale(Step& step);
    void judge_window(Step& step);
    void judge_ack(Step& step);
    void judge_repeat(Step& step);
    bool is_fast_retransmission(const Step& step) const;
    void follow_holes(Step& step);
    void advance(Step& step);
    void count(Step& step);

    static void send(Side& side, std::uint32_t end, std::int64_t time, std::uint8_t max, TcpPools& pools);
    static void stop_timing(Side& side, std::uint32_t begin, std::uint32_t end, TcpPools& pools);
    static std::int64_t acknowledge(Side& side, std::uint32_t ack, TcpPools& pools);
    static void release(Side& side, TcpPools& pools);

    std::array<Side, 2> sides_{};
    std::int64_t handshake_time_ = no_time;
    std::uint32_t trouble_ = Pool<detail::Trouble>::none;
    Handshake handshake_ = Handshake::none;
};
static_assert(sizeof(TcpFlow) <= 192 && std::is_trivially_copyable_v<TcpFlow>);

}  // namespace pcapline
