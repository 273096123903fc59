#include "pcapline/capture/packet_records.h"

#include <algorithm>
#include <limits>

#include "pcapline/base/time.h"
#include "pcapline/capture/limits.h"
#include "pcapline/capture/link_type.h"
#include "pcapline/capture/pcap_format.h"
#include "pcapline/capture/pcapng_format.h"
#include "pcapline/capture/record_buffer.h"

namespace pcapline {
namespace {

constexpr std::int64_t pcap_time_limit = (std::int64_t{1} << 32) * ns_per_second;
// Seconds that make every 64-bit nanosecond time positive.
constexpr std::int64_t earliest_second = std::numeric_limits<std::int64_t>::min() / ns_per_second - 1;

}  // namespace

void put_pcap_header(std::uint8_t* to, bool nanoseconds, std::uint32_t snap_len, std::uint16_t link_type, std::uint8_t fcs_len) {
    FieldWriter header(to, native_order);
    header.u32(nanoseconds ? pcap_magic_ns : pcap_magic_us);
    header.u16(2);
    header.u16(4);
    header.zeros(8);
    header.u32(snap_len);
    header.u32(pcap_link_field(link_type, fcs_len));
}

std::string pcap_refusal(const Frame& frame, std::uint64_t number, std::uint16_t link_type) {
    const auto packet = [&] { return "packet " + std::to_string(number); };
    if (frame.has_time() && (frame.time_ns < 0 || frame.time_ns >= pcap_time_limit))
        return packet() + " has a time that pcap cannot hold (before 1970 or after 2106)";
    if (frame.cap_len > max_captured(link_type))
        return packet() + " has " + std::to_string(frame.cap_len) + " bytes, more than readers of pcap accept";
    return {};
}

void put_pcap_record(std::uint8_t* to, const Frame& frame, bool nanoseconds) {
    const std::int64_t time = frame.has_time() ? frame.time_ns : 0;
    FieldWriter record(to, native_order);
    record.u32(static_cast<std::uint32_t>(time / ns_per_second));
    record.u32(static_cast<std::uint32_t>(time % ns_per_second) / (nanoseconds ? 1 : 1000));
    record.u32(frame.cap_len);
    record.u32(frame.wire_len);
    record.bytes(frame.bytes());
}

std::size_t enhanced_packet_bytes(const Frame& frame, Bytes options) {
    const std::size_t list = options.empty() ? 0 : padded(static_cast<std::uint32_t>(options.size())) + 4;
    return enhanced_packet_size + padded(frame.cap_len) + list;
}

void put_enhanced_packet(std::uint8_t* to, const Frame& frame, std::uint32_t interface, std::uint64_t ticks, Bytes options,
                         ByteOrder order) {
    const auto length = static_cast<std::uint32_t>(enhanced_packet_bytes(frame, options));
    const auto options_size = static_cast<std::uint32_t>(options.size());
    FieldWriter block(to, order);
    block.u32(static_cast<std::uint32_t>(BlockType::enhanced_packet));
    block.u32(length);
    block.u32(interface);
    block.u32(static_cast<std::uint32_t>(ticks >> 32));
    block.u32(static_cast<std::uint32_t>(ticks));
    block.u32(frame.cap_len);
    block.u32(frame.wire_len);
    block.bytes(frame.bytes());
    block.zeros(padded(frame.cap_len) - frame.cap_len);
    if (!options.empty()) {
        block.bytes(options);
        block.zeros(padded(options_size) - options_size + 4);  // with opt_endofopt
    }
    block.u32(length);
}

std::size_t simple_packet_bytes(const Frame& frame) {
    return simple_packet_size + padded(frame.cap_len);
}

void put_simple_packet(std::uint8_t* to, const Frame& frame, ByteOrder order) {
    const auto length = static_cast<std::uint32_t>(simple_packet_bytes(frame));
    FieldWriter block(to, order);
    block.u32(static_cast<std::uint32_t>(BlockType::simple_packet));
    block.u32(length);
    block.u32(frame.wire_len);
    block.bytes(frame.bytes());
    block.zeros(padded(frame.cap_len) - frame.cap_len);
    block.u32(length);
}

bool simple_says_all(const Frame& frame, std::uint32_t snap_len) {
    const std::uint32_t all = snap_len == 0 ? frame.wire_len : std::min(snap_len, frame.wire_len);
    return !frame.has_time() && frame.cap_len == all;
}

TimeScale scale_of(const TimeScale& own, TimeVariant variant) {
    if (variant == TimeVariant::as_is) return own;
    return {false, 9, variant == TimeVariant::signed_time ? earliest_second : 0};
}

bool same_description(const Interface& a, const Interface& b) {
    return a.link_type == b.link_type && a.snap_len == b.snap_len && a.time == b.time && a.fcs_len == b.fcs_len && a.name == b.name &&
           a.description == b.description && a.filter == b.filter && a.hardware == b.hardware && a.os == b.os;
}

ExactTicks::ExactTicks(const TimeScale& scale) : scale_(scale) {
    if (scale.binary || scale.exponent > 9 || scale.offset != 0) return;
    factor_ = 1;
    for (unsigned exponent = scale.exponent; exponent < 9; ++exponent) factor_ *= 10;
}

std::optional<std::uint64_t> ExactTicks::operator()(std::int64_t time_ns) const {
    if (factor_ != 0) {
        if (time_ns < 0) return std::nullopt;
        const std::uint64_t ticks = static_cast<std::uint64_t>(time_ns) / factor_;
        if (ticks * factor_ != static_cast<std::uint64_t>(time_ns)) return std::nullopt;
        return ticks;
    }
    const auto ticks = scale_.to_ticks(time_ns);
    return ticks && scale_.to_ns(*ticks) == time_ns ? ticks : std::nullopt;
}

}  // namespace pcapline
