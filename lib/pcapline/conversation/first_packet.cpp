#include "pcapline/conversation/first_packet.h"

namespace pcapline {

FirstPacket::FirstPacket(Way way, bool bad_checksum, const Segment* segment) : way_(way), bad_checksum_(bad_checksum) {
    if (segment == nullptr) return;
    has_segment_ = true;
    time_ns_ = segment->time_ns;
    seq_ = segment->seq;
    ack_ = segment->ack;
    payload_bytes_ = segment->payload_bytes;
    flags_ = segment->flags;
    window_ = segment->window;
    mss_ = segment->mss;
    window_shift_ = segment->window_shift;
    first_byte_ = segment->first_byte;
    has_window_shift_ = segment->has_window_shift;
    sack_permitted_ = segment->sack_permitted;
    length_known_ = segment->length_known;
    first_byte_known_ = segment->first_byte_known;
}

std::optional<Segment> FirstPacket::segment() const {
    if (!has_segment_) return std::nullopt;
    Segment segment;
    segment.time_ns = time_ns_;
    segment.seq = seq_;
    segment.ack = ack_;
    segment.payload_bytes = payload_bytes_;
    segment.flags = flags_;
    segment.window = window_;
    segment.mss = mss_;
    segment.window_shift = window_shift_;
    segment.first_byte = first_byte_;
    segment.has_window_shift = has_window_shift_;
    segment.sack_permitted = sack_permitted_;
    segment.bad_checksum = bad_checksum_;
    segment.length_known = length_known_;
    segment.first_byte_known = first_byte_known_;
    return segment;
}

}  // namespace pcapline
