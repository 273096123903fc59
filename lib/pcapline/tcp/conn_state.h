// ConnState: how a connection began and ended, in Zeek's words.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "pcapline/decode/transport/tcp_event.h"
#include "pcapline/flow/segment.h"

namespace pcapline {

/// Zeek's history of a connection: letters, upper case for what A sent. At most 24 are kept; what happens later is not shown.
class History {
 public:
    static constexpr std::size_t max_letters = 24;

    void add(Way way, char letter);
    std::string text() const;
    /// The letters change their case.
    void flip();

 private:
    static constexpr std::size_t per_word = max_letters / 2;
    std::array<std::uint64_t, 2> words_{};
};

/// How often something has happened in one direction, this time included: a letter that repeats is written for the
/// 1st, 10th, 100th … time.
struct LetterCounts {
    std::uint64_t retransmissions = 0;
    std::uint64_t zero_windows = 0;
    std::uint64_t gaps = 0;  ///< bytes of the *other* direction that this one acknowledged unseen
    std::uint64_t bad_checksums = 0;
};

/// The state of a connection as Zeek's conn.log has it (conn_state, history). A is the originator.
class ConnState {
 public:
    /// The next TCP segment, and what TcpFlow::add() said of it. `counts`: of the segment's direction.
    void add_tcp(const Segment& segment, Way way, Events events, const LetterCounts& counts);
    /// The next packet of another protocol. `letters`: write history (UDP; not ICMP).
    void add_other(Way way, bool has_payload, bool letters, bool bad_checksum = false, std::uint64_t bad_checksums = 0);
    /// The initiator turned out to be the other side: the directions are exchanged, and the history says so with '^'.
    void flip();

    /// S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH.
    std::string_view conn_state() const;
    std::string history() const { return history_.text(); }
    bool saw_syn() const { return saw_syn_; }  ///< of either side, with ACK or without: the initiator is not a guess
    /// Both sides sent FIN; one sent RST.
    bool finished() const;
    bool was_reset() const;

 private:
    enum class End : std::uint8_t {
        inactive,
        syn_sent,
        syn_ack_sent,
        partial,  ///< began in the middle
        established,
        closed,
        reset
    };
    enum Seen : std::uint8_t {
        syn = 1,
        fin = 2,
        rst = 4,
        data = 8,
        ack = 16,
        fin_and_rst = 32,
        many_flags = 64,
        payload = 128
    };
    struct Side {
        std::uint32_t syn_seq = 0;  ///< of the last one
        std::uint32_t fin_seq = 0;
        std::uint32_t rst_seq = 0;
        End end = End::inactive;
        std::uint8_t seen = 0;
    };

    Side& side(Way way) { return sides_[static_cast<std::size_t>(way)]; }
    const Side& side(Way way) const { return sides_[static_cast<std::size_t>(way)]; }
    void write_flags(const Segment& segment, Way way);
    void once(Way way, Seen what, char letter);
    void at_each(Way way, Seen what, std::uint32_t Side::*last, std::uint32_t seq, char letter);
    void repeated(Way way, std::uint64_t count, char letter);
    void step(const Segment& segment, Way way);

    History history_;
    std::array<Side, 2> sides_{};
    bool tcp_ = false;
    bool saw_syn_ = false;
};
static_assert(sizeof(ConnState) <= 56 && std::is_trivially_copyable_v<ConnState>);

}  // namespace pcapline
