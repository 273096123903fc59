// The bookkeeping of TcpFlow: counters, and segments in flight.
#include <algorithm>
#include <limits>
#include <utility>

#include "pcapline/tcp/sequence.h"
#include "pcapline/tcp/tcp_flow.h"

namespace pcapline {
namespace {

constexpr std::uint32_t none = Pool<detail::InFlight>::none;

void put(detail::InFlight& record, std::uint32_t end, std::int64_t time) {
    record.end[record.past] = end;
    record.time[record.past] = time;
    ++record.past;
}

}  // namespace

void TcpFlow::Side::add_sample(std::int64_t sample) {
    rtt_min = rtt_samples == 0 ? sample : std::min(rtt_min, sample);
    rtt_max = std::max(rtt_max, sample);
    if (__builtin_add_overflow(rtt_sum, sample, &rtt_sum)) rtt_sum = std::numeric_limits<std::int64_t>::max();
    ++rtt_samples;
}

detail::TroubleSide& TcpFlow::trouble(Way way, TcpPools& pools) {
    if (trouble_ == none) trouble_ = pools.troubles.take();
    return pools.troubles[trouble_].sides[static_cast<std::size_t>(way)];
}

const detail::TroubleSide* TcpFlow::trouble_if_any(Way way, const TcpPools& pools) const {
    return trouble_ == none ? nullptr : &pools.troubles[trouble_].sides[static_cast<std::size_t>(way)];
}

std::uint32_t TcpFlow::ack_repeats(Way way, const TcpPools& pools) const {
    const detail::TroubleSide* const trouble = trouble_if_any(way, pools);
    return trouble == nullptr ? 0 : trouble->ack_repeats;
}

TcpCounts TcpFlow::counts(Way way, const TcpPools& pools) const {
    const Side& from = side(way);
    TcpCounts out;
    out.resets = from.resets;
    out.tcp_flags = from.tcp_flags;
    out.rtt_samples = from.rtt_samples;
    out.rtt_min = from.rtt_min;
    out.rtt_max = from.rtt_max;
    out.rtt_sum = from.rtt_sum;
    if (const detail::TroubleSide* const trouble = trouble_if_any(way, pools)) {
        out.retransmitted_bytes = trouble->retransmitted_bytes;
        out.retransmissions = trouble->retransmissions;
        out.fast_retransmissions = trouble->fast_retransmissions;
        out.spurious_retransmissions = trouble->spurious_retransmissions;
        out.out_of_order = trouble->out_of_order;
        out.duplicate_acks = trouble->duplicate_acks;
        out.lost_segments = trouble->holes_given_up + trouble->hole_count;
        out.zero_windows = trouble->zero_windows;
        out.keep_alives = trouble->keep_alives;
        out.window_full = trouble->window_full;
        out.acked_unseen = trouble->acked_unseen;
        out.overlaps = trouble->overlaps;
    }
    return out;
}

void TcpFlow::release(TcpPools& pools) {
    for (Side& one : sides_) release(one, pools);
    if (trouble_ != none) pools.troubles.give_back(trouble_);
    trouble_ = none;
}

void TcpFlow::flip(TcpPools& pools) {
    std::swap(sides_[0], sides_[1]);
    if (trouble_ == none) return;
    auto& troubles = pools.troubles[trouble_].sides;
    std::swap(troubles[0], troubles[1]);
}

void TcpFlow::send(Side& side, std::uint32_t end, std::int64_t time, std::uint8_t max, TcpPools& pools) {
    if (!side.any_in_flight) {
        side.any_in_flight = true;
        side.oldest_end = end;
        side.oldest_time = time;
        return;
    }
    if (side.records == 0 || pools.in_flight[side.newest].past == detail::InFlight::room) {
        const std::uint32_t taken = side.records < max ? pools.in_flight.take() : none;
        if (taken == none) {  // no room: the newest that is known grows, and cannot be timed any more
            if (side.records == 0) return;
            detail::InFlight& newest = pools.in_flight[side.newest];
            newest.end[newest.past - 1U] = end;
            newest.time[newest.past - 1U] = no_time;
            return;
        }
        if (side.records == 0) {
            pools.in_flight[taken].next = taken;
        } else {
            pools.in_flight[taken].next = pools.in_flight[side.newest].next;
            pools.in_flight[side.newest].next = taken;
        }
        side.newest = taken;
        ++side.records;
    }
    put(pools.in_flight[side.newest], end, time);
}

/// Karn's rule: what was sent twice, begin … end-1, gives no sample.
void TcpFlow::stop_timing(Side& side, std::uint32_t begin, std::uint32_t end, TcpPools& pools) {
    if (!side.any_in_flight) return;
    if (seq_after(side.oldest_end, begin)) side.oldest_time = no_time;
    std::uint32_t before = side.oldest_end;
    std::uint32_t at = side.newest;
    for (std::uint8_t i = 0; i < side.records; ++i) {
        at = pools.in_flight[at].next;
        detail::InFlight& record = pools.in_flight[at];
        for (std::uint8_t k = record.first; k < record.past; ++k) {
            if (!seq_before(before, end)) return;
            before = record.end[k];
            if (seq_after(before, begin)) record.time[k] = no_time;
        }
    }
}

/// Forgets what `ack` acknowledges. When the newest segment of that was sent; no_time if there is none, or it is not to be timed.
std::int64_t TcpFlow::acknowledge(Side& side, std::uint32_t ack, TcpPools& pools) {
    std::int64_t sent = no_time;
    while (side.any_in_flight && seq_at_or_before(side.oldest_end, ack)) {
        sent = side.oldest_time;
        if (side.records == 0) {
            side.any_in_flight = false;
            break;
        }
        const std::uint32_t oldest = pools.in_flight[side.newest].next;
        detail::InFlight& record = pools.in_flight[oldest];
        side.oldest_end = record.end[record.first];
        side.oldest_time = record.time[record.first];
        if (++record.first < record.past) continue;
        pools.in_flight[side.newest].next = record.next;
        pools.in_flight.give_back(oldest);
        if (--side.records == 0) side.newest = none;
    }
    return seq_after(ack, side.next) ? no_time : sent;
}

void TcpFlow::release(Side& side, TcpPools& pools) {
    for (; side.records > 0; --side.records) {
        const std::uint32_t oldest = pools.in_flight[side.newest].next;
        pools.in_flight[side.newest].next = pools.in_flight[oldest].next;
        pools.in_flight.give_back(oldest);
    }
    side.newest = none;
    side.any_in_flight = false;
}

}  // namespace pcapline
