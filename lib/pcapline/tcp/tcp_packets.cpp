#include "pcapline/tcp/tcp_packets.h"

#include "pcapline/decode/transport/tcp.h"
#include "pcapline/tcp/sequence.h"

namespace pcapline {
namespace {

/// Wraps rather than overflows: times are anything.
std::int64_t minus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

}  // namespace

TcpPacket TcpPackets::add(const Segment& segment, Way way, TcpPools& pools) {
    TcpPacket out;
    const std::uint32_t ack_before = flow_.last_ack(way);
    out.analysis = flow_.add(segment, way, pools, &out.ack_rtt);
    out.initial_rtt = flow_.rtt_handshake();
    out.seq = segment.seq - flow_.base(way);
    out.ack = (segment.flags & Tcp::ack) != 0 ? segment.ack - flow_.base(other(way)) : segment.ack;
    out.next_seq = out.seq + segment.payload_bytes + ((segment.flags & (Tcp::syn | Tcp::fin)) != 0 ? 1 : 0);

    const int scale = flow_.window_scale(way);
    const bool scaled = scale >= 0 && (segment.flags & Tcp::syn) == 0;
    out.window_size = scaled ? std::uint32_t{segment.window} << scale : segment.window;
    if ((segment.flags & Tcp::syn) == 0) out.window_factor = scale < 0 ? scale : 1 << scale;

    Side& from = sides_[static_cast<std::size_t>(way)];
    if (out.analysis.has(TcpEvent::duplicate_ack)) {
        out.duplicate_number = flow_.ack_repeats(way, pools);
        out.duplicate_of = from.acked_by;
    }
    if (segment.length_known && segment.ack != ack_before) from.acked_by = segment.number;
    if (segment.length_known) follow_flight(segment, way, out);

    if (segment.time_ns != no_time) {
        if (first_time_ == no_time) first_time_ = last_time_ = segment.time_ns;
        out.time_relative = minus(segment.time_ns, first_time_);
        out.time_delta = minus(segment.time_ns, last_time_);
        last_time_ = segment.time_ns;
    }
    return out;
}

/// Bytes sent and not acknowledged; unknown from a loss until the other side has spoken again.
void TcpPackets::follow_flight(const Segment& segment, Way way, TcpPacket& out) {
    Side& from = sides_[static_cast<std::size_t>(way)];
    Side& to = sides_[static_cast<std::size_t>(other(way))];
    if (out.analysis.has(TcpEvent::lost_segment)) from.whole = false;
    if ((segment.flags & Tcp::ack) != 0) {
        to.whole = true;
        if (to.in_flight && seq_after(segment.ack, to.unacked_from)) {
            to.unacked_from = segment.ack;
            to.in_flight = seq_before(segment.ack, to.unacked_to);
        }
    }
    const bool numbered = (segment.flags & (Tcp::syn | Tcp::fin)) != 0;
    if (segment.payload_bytes == 0 && !numbered) return;
    const std::uint32_t end = segment.seq + segment.payload_bytes + (numbered ? 1 : 0);
    from.unacked_from = from.in_flight ? seq_min(from.unacked_from, segment.seq) : segment.seq;
    from.unacked_to = from.in_flight ? seq_max(from.unacked_to, end) : end;
    from.in_flight = true;
    if (segment.payload_bytes > 0 && from.whole) out.bytes_in_flight = from.unacked_to - from.unacked_from - (numbered ? 1 : 0);
}

}  // namespace pcapline
