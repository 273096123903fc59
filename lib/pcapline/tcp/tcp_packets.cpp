#include "pcapline/tcp/tcp_packets.h"

#include <algorithm>
#include <span>

#include "pcapline/decode/transport/tcp.h"
#include "pcapline/tcp/sequence.h"

namespace pcapline {
namespace {

constexpr std::int64_t usual_rtt_ns = 3'000'000;
constexpr std::uint32_t half_of_all = 0x80000000;
constexpr std::uint32_t most_in_flight = 2'000'000'000;  // more is a wrong guess of the base

/// Wraps rather than overflows: times are anything.
std::int64_t minus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

}  // namespace

TcpPacket TcpPackets::add(const Segment& segment, Way way, TcpPools& pools) {
    TcpPacket out;
    const std::uint32_t ack_before = flow_.last_ack(way);
    out.length_known = segment.length_known;
    Side& from = sides_[static_cast<std::size_t>(way)];
    const std::uint32_t base_before = flow_.base(way);
    out.analysis = flow_.add(segment, way, pools, {initial_rtt_ == no_time ? usual_rtt_ns : initial_rtt_, from.multipath != multipath_});
    if (flow_.base(way) != base_before) cover_anew(way, pools);
    from.multipath = multipath_;
    if (segment.multipath != 0) multipath_ = segment.multipath;
    learn_initial_rtt(segment);
    out.initial_rtt = initial_rtt_;
    out.seq = segment.seq - flow_.base(way);
    out.ack = (segment.flags & Tcp::ack) != 0 ? segment.ack - flow_.base(other(way)) : segment.ack;
    out.next_seq = out.seq + segment.payload_bytes + ((segment.flags & (Tcp::syn | Tcp::fin)) != 0 ? 1 : 0);
    tell_window(segment, way, out);

    if (out.analysis.has(TcpEvent::duplicate_ack)) {
        out.duplicate_number = flow_.ack_repeats(way, pools);
        out.duplicate_of = from.acked_by;
    }
    if (segment.length_known && segment.ack != ack_before) from.acked_by = segment.number;
    if (segment.length_known) follow_flight(segment, way, out, pools);
    follow_time(segment, out);
    return out;
}

TcpPacket TcpPackets::add_quoted(const Segment& segment, Way way) {
    TcpPacket out;
    out.seq = segment.seq;
    out.ack = segment.ack;
    out.length_known = false;
    tell_window(segment, way, out);
    follow_time(segment, out);
    return out;
}

void TcpPackets::release(TcpPools& pools) {
    for (Side& side : sides_) {
        while (side.oldest != Pool<detail::Unacked>::none) {
            const std::uint32_t next = pools.unacked[side.oldest].next;
            pools.unacked.give_back(side.oldest);
            side.oldest = next;
        }
    }
    flow_.release(pools);
}

/// Scaled as learn_scale() of the flow has found; the scale that a SYN tells is not its own window's.
void TcpPackets::tell_window(const Segment& segment, Way way, TcpPacket& out) const {
    const bool syn = (segment.flags & Tcp::syn) != 0;
    const int scale = flow_.window_scale(way);
    out.window_size = scale >= 0 && !syn ? std::uint32_t{segment.window} << scale : segment.window;
    if (!syn) out.window_factor = scale < 0 ? scale : 1 << scale;
}

void TcpPackets::follow_time(const Segment& segment, TcpPacket& out) {
    if (segment.time_ns == no_time) return;
    if (first_time_ == no_time) first_time_ = last_time_ = segment.time_ns;
    out.time_relative = minus(segment.time_ns, first_time_);
    out.time_delta = minus(segment.time_ns, last_time_);
    last_time_ = segment.time_ns;
}

/// As Wireshark has it: from the last SYN to the first ACK after it, whatever else this says. 0 is none, for either time.
void TcpPackets::learn_initial_rtt(const Segment& segment) {
    if (segment.time_ns == no_time || segment.time_ns == 0 || initial_rtt_ != no_time || (segment.flags & (Tcp::syn | Tcp::ack)) == 0)
        return;
    if ((segment.flags & Tcp::syn) != 0) {
        if ((segment.flags & Tcp::ack) == 0) syn_time_ = segment.time_ns;
    } else if (syn_time_ != no_time && syn_time_ != segment.time_ns) {
        initial_rtt_ = minus(segment.time_ns, syn_time_);
    }
}

/// Bytes sent and not acknowledged; unknown from a loss until the other side has spoken again.
void TcpPackets::follow_flight(const Segment& segment, Way way, TcpPacket& out, TcpPools& pools) {
    Side& from = sides_[static_cast<std::size_t>(way)];
    Side& to = sides_[static_cast<std::size_t>(other(way))];
    if (out.analysis.has(TcpEvent::lost_segment)) from.whole = false;
    if ((segment.flags & Tcp::ack) != 0) to.whole = true;
    acknowledge(segment, other(way), out, pools);
    from.sacked = 0;
    for (const Segment::Block& block : std::span{segment.sack}.first(segment.sack_blocks)) from.sacked += block.right - block.left;
    const bool numbered = (segment.flags & (Tcp::syn | Tcp::fin)) != 0;
    if (segment.payload_bytes == 0 && !numbered) return;
    send(segment, way, pools);
    if (segment.payload_bytes == 0 || !from.whole) return;
    out.flight_known = true;
    const std::uint32_t bytes = from.last - from.first - to.sacked;
    if (bytes < most_in_flight && bytes > (numbered ? 1 : 0)) out.bytes_in_flight = bytes - (numbered ? 1 : 0);
    from.pushed = segment.payload_bytes + (from.last_was_push ? 0 : from.pushed);
    from.last_was_push = (segment.flags & Tcp::psh) != 0;
    if (out.bytes_in_flight != 0) out.pushed_bytes = from.pushed;
}

void TcpPackets::Side::cover(const detail::Unacked& segment, std::uint32_t base) {
    const std::uint32_t begin = segment.seq - base;
    const std::uint32_t end = segment.end - base;
    in_order = unacked == 0 ? begin < end : in_order && begin - last < half_of_all && begin >= last && begin < end;
    unacked_from = unacked == 0 ? segment.seq : seq_min(unacked_from, segment.seq);
    first = unacked == 0 ? begin : std::min(first, begin);
    last = unacked == 0 ? end : std::max(last, end);
    ++unacked;
}

/// The base has changed.
void TcpPackets::cover_anew(Way way, const TcpPools& pools) {
    Side& side = sides_[static_cast<std::size_t>(way)];
    side.unacked = 0;
    for (std::uint32_t at = side.oldest; at != Pool<detail::Unacked>::none; at = pools.unacked[at].next)
        side.cover(pools.unacked[at], flow_.base(way));
}

void TcpPackets::send(const Segment& segment, Way way, TcpPools& pools) {
    Side& side = sides_[static_cast<std::size_t>(way)];
    if (side.unacked >= max_unacked) return;
    const std::uint32_t place = pools.unacked.take();
    if (place == Pool<detail::Unacked>::none) return;
    const std::uint32_t numbered = (segment.flags & (Tcp::syn | Tcp::fin)) != 0 ? 1 : 0;
    detail::Unacked& sent = pools.unacked[place];
    sent = {segment.number, segment.time_ns, segment.seq, segment.seq + segment.payload_bytes + numbered, Pool<detail::Unacked>::none};
    (side.unacked == 0 ? side.oldest : pools.unacked[side.newest].next) = place;
    side.newest = place;
    side.cover(sent, flow_.base(way));
}

/// Takes what is acknowledged off the list. If a segment ends there, it is timed: the first one if it was sent again.
void TcpPackets::acknowledge(const Segment& segment, Way sender, TcpPacket& out, TcpPools& pools) {
    Side& side = sides_[static_cast<std::size_t>(sender)];
    if (side.unacked == 0 || !seq_after(segment.ack, side.unacked_from)) return;
    const bool in_order = side.in_order;
    const std::uint32_t last = side.last;
    const std::uint32_t newest = side.newest;
    const std::uint32_t count = side.unacked;
    std::uint32_t taken = 0;
    std::uint32_t* link = &side.oldest;
    side.unacked = 0;
    while (*link != Pool<detail::Unacked>::none) {
        detail::Unacked& one = pools.unacked[*link];
        if (seq_after(one.end, segment.ack)) {
            one.seq = seq_max(one.seq, segment.ack);
            side.cover(one, flow_.base(sender));
            side.newest = *link;
            link = &one.next;
            if (in_order) break;
            continue;
        }
        if (one.end == segment.ack && out.acks_frame == 0) {
            out.acks_frame = one.number;
            const bool timed = one.time != no_time && segment.time_ns != no_time && one.time != segment.time_ns;
            if (timed) out.ack_rtt = minus(segment.time_ns, one.time);
        }
        const std::uint32_t next = one.next;
        pools.unacked.give_back(*link);
        ++taken;
        *link = next;
    }
    if (in_order && side.unacked != 0) {  // the others follow it
        side.unacked = count - taken;
        side.newest = newest;
        side.last = last;
    }
}

}  // namespace pcapline
