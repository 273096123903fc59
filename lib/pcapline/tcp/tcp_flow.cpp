#include "pcapline/tcp/tcp_flow.h"

#include <algorithm>
#include <utility>

#include "pcapline/decode/transport/tcp.h"
#include "pcapline/tcp/sequence.h"

namespace pcapline {
namespace {

constexpr std::int64_t fast_within_ns = 20'000'000;
constexpr std::int64_t usual_rtt_ns = 3'000'000;
constexpr std::uint8_t max_scale = 14;  // RFC 7323 section 2.3

/// From `then` to `now`; no_time if one of them is unknown, or time ran backwards, or too far to be true.
std::int64_t since(std::int64_t now, std::int64_t then) {
    std::int64_t span = 0;
    if (now == no_time || then == no_time || now < then || __builtin_sub_overflow(now, then, &span)) return no_time;
    return span;
}
/// A span that is negative is longer than any other, as `limit` too.
bool within(std::int64_t now, std::int64_t then, std::int64_t limit) {
    if (now == no_time || then == no_time) return false;
    return static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(then) < static_cast<std::uint64_t>(limit);
}

bool adds_number(const Segment& segment) {
    return (segment.flags & (Tcp::syn | Tcp::fin)) != 0;
}
std::uint32_t end_of(const Segment& segment) {
    return segment.seq + segment.payload_bytes + (adds_number(segment) ? 1 : 0);
}

}  // namespace

/// One segment on its way through: what the rules look at, and what they have found.
struct TcpFlow::Step {
    const Segment& segment;
    Way way;
    TcpPools& pools;
    Side& fwd;  ///< who sent it
    Side& rev;
    const Known& known;
    Events events;
    bool plain = false;  ///< neither SYN nor FIN nor RST

    bool flag(std::uint16_t mask) const { return (segment.flags & mask) != 0; }
    std::uint32_t length() const { return segment.payload_bytes; }
    bool has(TcpEvent event) const { return events.has(event); }
    bool at_next() const { return segment.seq == fwd.next; }
    bool repeats_ack() const { return fwd.is(ack_known) && segment.ack == fwd.last_ack; }
    bool same_window() const { return segment.window == fwd.window; }
};

Events TcpFlow::add(const Segment& segment, Way way, TcpPools& pools, const Known& known) {
    Step step{segment, way, pools, side(way), side(other(way)), known, {}};
    step.plain = !step.flag(Tcp::syn | Tcp::fin | Tcp::rst);
    step.fwd.tcp_flags |= segment.flags & 0x1ff;
    if (step.flag(Tcp::rst)) {
        step.events.add(TcpEvent::reset);
        ++step.fwd.resets;
    }
    if (segment.bad_checksum) step.events.add(TcpEvent::bad_checksum);
    if (segment.length_known) learn_bases(step);
    learn_handshake(step);
    if (segment.length_known) {
        judge_window(step);
        judge_ack(step);
        judge_repeat(step);
        follow_holes(step);
        count(step);
        advance(step);
        if (step.flag(Tcp::ack) && step.rev.any_in_flight) {
            const std::int64_t sample = since(segment.time_ns, acknowledge(step.rev, segment.ack, pools));
            if (sample != no_time) step.rev.add_sample(sample);
        }
    }
    learn_scale(step);
    return step.events;
}

bool TcpFlow::begins_another(const Segment& segment, Way way) const {
    if ((segment.flags & (Tcp::syn | Tcp::ack)) != Tcp::syn) return false;
    return side(way).is(base_known) && segment.seq != side(way).base;
}

void TcpFlow::learn_bases(Step& step) {
    Side& fwd = step.fwd;
    Side& rev = step.rev;
    if (!fwd.is(base_known)) {
        fwd.base = step.flag(Tcp::syn) ? step.segment.seq : step.segment.seq - 1;
        fwd.set(base_known);
    } else if (step.flag(Tcp::syn) && step.flag(Tcp::ack) && step.segment.seq != fwd.base) {
        // Another answer to the SYN: the numbers begin anew.
        fwd.base = step.segment.seq;
        step.events.add(TcpEvent::reused_ports);
    }
    if (!rev.is(base_known) && step.flag(Tcp::ack)) {
        rev.base = step.segment.ack - 1;
        rev.set(base_known);
    }
}

void TcpFlow::learn_handshake(Step& step) {
    if (step.segment.time_ns == no_time || handshake_ == Handshake::done) return;
    if (step.flag(Tcp::syn)) {
        if (step.flag(Tcp::ack)) return;
        handshake_ = Handshake::syn;
        handshake_time_ = step.segment.time_ns;
        return;
    }
    // The third segment: both sides stand one behind their bases.
    if (handshake_ != Handshake::syn || !step.flag(Tcp::ack) || step.flag(Tcp::rst)) return;
    if (step.segment.seq != step.fwd.base + 1 || step.segment.ack != step.rev.base + 1) return;
    const std::int64_t round_trip = since(step.segment.time_ns, handshake_time_);
    if (round_trip == no_time) return;
    handshake_ = Handshake::done;
    handshake_time_ = round_trip;
}

/// RFC 7323 section 2.2: windows are scaled only if both SYNs say so, and those of the SYNs themselves never.
void TcpFlow::learn_scale(Step& step) {
    if (!step.flag(Tcp::syn)) return;
    Side& fwd = step.fwd;
    Side& rev = step.rev;
    if (step.segment.has_window_shift) fwd.scale = static_cast<std::int8_t>(std::min(step.segment.window_shift, max_scale));
    if (fwd.scale == -1) {
        fwd.scale = -2;
        rev.scale = -2;
    } else if (step.flag(Tcp::ack) && rev.scale == -2) {
        fwd.scale = -2;
    }
}

/// What the segment's place and window say: probes, keep-alives, updates, and the ACKs that answer them.
void TcpFlow::judge_window(Step& step) {
    const Segment& segment = step.segment;
    const Side& fwd = step.fwd;
    const Side& rev = step.rev;
    if (step.length() == 1 && fwd.is(next_known) && step.at_next() && rev.window == 0) {
        step.events.add(TcpEvent::zero_window_probe);
        return;
    }
    if (segment.window == 0 && step.plain) step.events.add(TcpEvent::zero_window);
    if (fwd.is(next_known) && seq_after(segment.seq, fwd.next) && !step.flag(Tcp::rst)) step.events.add(TcpEvent::lost_segment);
    if (!step.plain) return;
    if (fwd.is(next_known) && step.length() <= 1 && segment.seq == fwd.next - 1) step.events.add(TcpEvent::keep_alive);
    if (step.length() > 0) {
        const int shift = rev.is(window_unscaled) || rev.scale < 0 ? 0 : rev.scale;
        if (rev.scale != -1 && segment.seq + step.length() == rev.last_ack + (std::uint32_t{rev.window} << shift))
            step.events.add(TcpEvent::window_full);
        return;
    }
    if (!fwd.is(next_known) || !step.at_next()) return;
    if (segment.window != 0 && !step.same_window() && step.repeats_ack()) step.events.add(TcpEvent::window_update);
    if (!step.same_window()) return;
    if (segment.window != 0 && step.repeats_ack()) {
        if (rev.is(last_was_keep_alive)) {
            step.events.add(TcpEvent::keep_alive_ack);
        } else if (!step.known.repeats_on_purpose) {
            step.events.add(TcpEvent::duplicate_ack);
        }
    } else if (segment.window == 0 && rev.is(last_was_probe) && step.repeats_ack()) {
        step.events.add(TcpEvent::zero_window_probe_ack);
    }
}

/// An ACK of bytes that were not captured.
void TcpFlow::judge_ack(Step& step) {
    Side& rev = step.rev;
    if (!step.flag(Tcp::ack) || !rev.is(top_known) || !seq_after(step.segment.ack, rev.top)) return;
    step.events.add(TcpEvent::acked_beyond);
    if (seq_before(rev.top, rev.next)) {
        rev.top = rev.next;
        step.events.add(TcpEvent::ack_lost_segment);
        return;
    }
    // Told once, until the other side acknowledges something new.
    std::uint32_t& repeats = trouble(other(step.way), step.pools).ack_repeats;
    if (repeats == 0) step.events.add(TcpEvent::ack_lost_segment);
    repeats = detail::TroubleSide::told_unseen;
}

/// Data, SYN or FIN that does not lie beyond all that was seen.
void TcpFlow::judge_repeat(Step& step) {
    const Segment& segment = step.segment;
    const Side& fwd = step.fwd;
    const Side& rev = step.rev;
    if ((step.length() == 0 && !adds_number(segment)) || step.has(TcpEvent::keep_alive)) return;
    if (step.length() > 0 && rev.is(ack_known) && seq_at_or_before(segment.seq + step.length(), rev.last_ack)) {
        step.events.add(TcpEvent::spurious_retransmission);
        step.events.add(TcpEvent::retransmission);
        return;
    }
    if (!fwd.is(next_known) || !seq_before(segment.seq, fwd.next)) return;
    // One byte back and more to come: what a zero window probe carried is sent again, with the rest.
    if (step.length() > 1 && segment.seq == fwd.next - 1) return;
    if (is_fast_retransmission(step)) {
        step.events.add(TcpEvent::fast_retransmission);
        step.events.add(TcpEvent::retransmission);
        return;
    }
    std::int64_t round_trip = step.known.round_trip;
    if (round_trip == no_time) round_trip = handshake_ == Handshake::done && handshake_time_ != 0 ? handshake_time_ : usual_rtt_ns;
    if (within(segment.time_ns, fwd.next_time, round_trip) && end_of(segment) != fwd.next) {
        step.events.add(TcpEvent::out_of_order);
    } else {
        step.events.add(TcpEvent::retransmission);
    }
}

/// told_unseen counts as duplicates enough, as in Wireshark.
bool TcpFlow::is_fast_retransmission(const Step& step) const {
    const detail::TroubleSide* asked = trouble_if_any(other(step.way), step.pools);
    return asked != nullptr && asked->ack_repeats >= 2 && step.rev.last_ack == step.segment.seq &&
           within(step.segment.time_ns, step.rev.ack_time, fast_within_ns);
}

/// Opens a hole before the segment, or fills those that it covers.
void TcpFlow::follow_holes(Step& step) {
    const Segment& segment = step.segment;
    Side& fwd = step.fwd;
    if (step.has(TcpEvent::lost_segment)) {
        detail::TroubleSide& side = trouble(step.way, step.pools);
        if (side.hole_count == max_holes) {
            std::move(side.holes.begin() + 1, side.holes.end(), side.holes.begin());
            --side.hole_count;
            ++side.holes_given_up;
        }
        side.holes[side.hole_count++] = {fwd.next, segment.seq};
        step.events.add(TcpEvent::gap);
        return;
    }
    const std::uint32_t end = end_of(segment);
    if (end == segment.seq || !fwd.is(next_known) || step.has(TcpEvent::zero_window_probe) || !seq_before(segment.seq, fwd.next)) return;
    const std::uint32_t seen_end = seq_min(end, fwd.next);
    std::uint32_t filled = 0;
    if (detail::TroubleSide* side = trouble_ == Pool<detail::Trouble>::none ? nullptr : &trouble(step.way, step.pools)) {
        for (std::size_t i = 0; i < side->hole_count;) {
            Segment::Block& hole = side->holes[i];
            const std::uint32_t left = seq_max(hole.left, segment.seq);
            const std::uint32_t right = seq_min(hole.right, seen_end);
            if (!seq_before(left, right)) {
                ++i;
                continue;
            }
            filled += right - left;
            const Segment::Block rest{right, hole.right};
            const bool keeps_left = left != hole.left;
            const bool keeps_right = rest.left != rest.right;
            hole.right = left;
            if (keeps_left && keeps_right) {
                if (side->hole_count == max_holes) {
                    ++side->holes_given_up;  // the smaller picture: the right part is followed no more
                } else {
                    std::move_backward(side->holes.begin() + static_cast<std::ptrdiff_t>(i) + 1, side->holes.begin() + side->hole_count,
                                       side->holes.begin() + side->hole_count + 1);
                    side->holes[i + 1] = rest;
                    ++side->hole_count;
                }
                break;
            }
            if (keeps_right) {
                hole = rest;
                break;
            }
            if (keeps_left) {
                ++i;
                continue;
            }
            std::move(side->holes.begin() + static_cast<std::ptrdiff_t>(i) + 1, side->holes.begin() + side->hole_count,
                      side->holes.begin() + static_cast<std::ptrdiff_t>(i));
            --side->hole_count;
        }
    }
    const bool some_seen = filled < seen_end - segment.seq;
    const bool some_new = filled > 0 || end != seen_end;
    if (step.length() > 0 && some_seen && some_new) step.events.add(TcpEvent::overlap);
}

/// Moves the state behind the segment.
void TcpFlow::advance(Step& step) {
    const Segment& segment = step.segment;
    Side& fwd = step.fwd;
    const std::uint32_t end = end_of(segment);
    const bool probe = step.has(TcpEvent::zero_window_probe);
    const bool carries = end != segment.seq;
    const bool beyond = !fwd.is(next_known) || seq_after(end, fwd.next);
    if (step.has(TcpEvent::retransmission)) stop_timing(fwd, segment.seq, end, step.pools);
    if (beyond && !probe) {
        // The ends of segments that nobody acknowledges are kept in one record, not in 64.
        if (carries)
            send(fwd, end, seq_before(segment.seq, fwd.next) && fwd.is(next_known) ? no_time : segment.time_ns,
                 step.rev.is(sent_ack) ? max_records : 1, step.pools);
        fwd.next = end;
        fwd.next_time = segment.time_ns;
        fwd.set(next_known);
    }
    if (!probe && (!fwd.is(top_known) || segment.seq == fwd.top)) {
        fwd.top = fwd.next;
        fwd.set(top_known);
    }
    if (!step.repeats_ack() && trouble_ != Pool<detail::Trouble>::none) trouble(step.way, step.pools).ack_repeats = 0;
    fwd.window = segment.window;
    fwd.last_ack = segment.ack;
    fwd.ack_time = segment.time_ns;
    fwd.set(ack_known, step.flag(Tcp::ack) || segment.ack != 0);
    fwd.set(window_unscaled, step.flag(Tcp::syn));
    fwd.set(last_was_keep_alive, step.has(TcpEvent::keep_alive));
    fwd.set(last_was_probe, probe);
    if (step.flag(Tcp::ack)) fwd.set(sent_ack);
}

void TcpFlow::count(Step& step) {
    if (step.events.empty()) return;
    const Events events = step.events;
    const auto add = [&](TcpEvent event, std::uint32_t detail::TroubleSide::*counter, Way way) {
        if (events.has(event)) ++(trouble(way, step.pools).*counter);
    };
    using Counted = detail::TroubleSide;
    add(TcpEvent::retransmission, &Counted::retransmissions, step.way);
    if (step.has(TcpEvent::retransmission)) {
        const std::int32_t old = seq_distance(step.segment.seq, step.fwd.next);
        if (old > 0) trouble(step.way, step.pools).retransmitted_bytes += std::min(static_cast<std::uint32_t>(old), step.length());
    }
    add(TcpEvent::fast_retransmission, &Counted::fast_retransmissions, step.way);
    add(TcpEvent::spurious_retransmission, &Counted::spurious_retransmissions, step.way);
    add(TcpEvent::out_of_order, &Counted::out_of_order, step.way);
    add(TcpEvent::duplicate_ack, &Counted::duplicate_acks, step.way);
    if (step.has(TcpEvent::duplicate_ack)) {
        std::uint32_t& repeats = trouble(step.way, step.pools).ack_repeats;
        repeats = repeats == Counted::told_unseen ? 1 : repeats + 1;
    }
    add(TcpEvent::zero_window, &Counted::zero_windows, step.way);
    add(TcpEvent::keep_alive, &Counted::keep_alives, step.way);
    add(TcpEvent::window_full, &Counted::window_full, step.way);
    add(TcpEvent::ack_lost_segment, &Counted::acked_unseen, step.way);
    add(TcpEvent::overlap, &Counted::overlaps, step.way);
}

}  // namespace pcapline
