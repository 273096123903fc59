#include "pcapline/capture/pcap_writer.h"

#include <string>
#include <utility>

#include "pcapline/base/time.h"
#include "pcapline/capture/limits.h"
#include "pcapline/capture/link_type.h"
#include "pcapline/capture/pcap_format.h"

namespace pcapline {
namespace {

constexpr std::int64_t time_limit = (std::int64_t{1} << 32) * ns_per_second;

std::uint8_t fcs_of(const Frame& frame, std::span<const Interface> interfaces) {
    return frame.interface < interfaces.size() ? interfaces[frame.interface].fcs_len : std::uint8_t { 0 };
}

}  // namespace

PcapWriter::PcapWriter(std::unique_ptr<Sink> sink, const WriterOptions& options)
    : out_(std::move(sink)), options_(options), unit_(options.format == WriteFormat::nsecpcap ? 1 : 1000) {}

Result<void> PcapWriter::write(const Batch& batch, std::span<const Interface> interfaces, const CaptureInfo&) {
    if (!begun_ && !batch.frames.empty()) {
        const Frame& first = batch.frames.front();
        if (auto done = begin(first.link_type, fcs_of(first, interfaces)); !done) return done;
    }
    for (std::size_t i = 0; i < batch.frames.size(); ++i) {
        if (auto done = put(batch.frames[i], batch.number_of(i)); !done) return done;
    }
    return {};
}

Result<void> PcapWriter::begin(std::uint16_t link_type, std::uint8_t fcs_len) {
    const auto to = out_.record(pcap_header_size);
    if (!to) return to.error();
    FieldWriter header(*to, native_order);
    header.u32(unit_ == 1 ? pcap_magic_ns : pcap_magic_us);
    header.u16(2);
    header.u16(4);
    header.zeros(8);
    header.u32(options_.snap_len);
    header.u32(pcap_link_field(link_type, fcs_len));
    options_.link_type = link_type;
    longest_ = max_captured(link_type);
    begun_ = true;
    return {};
}

Result<void> PcapWriter::put(const Frame& frame, std::uint64_t number) {
    if (frame.link_type != options_.link_type) {
        Error error = refuse("packet " + std::to_string(number) + " has link type " + link_type_name(frame.link_type) +
                             ", the packets before it " + link_type_name(options_.link_type) + ": pcap holds one link type, use -F pcapng");
        error.code = Errc::usage;
        return error;
    }
    const std::int64_t time = frame.has_time() ? frame.time_ns : 0;
    if (time < 0 || time >= time_limit) {
        return refuse("packet " + std::to_string(number) + " has a time that pcap cannot hold (before 1970 or after 2106): use -F pcapng");
    }
    if (frame.cap_len > longest_) {
        return refuse("packet " + std::to_string(number) + " has " + std::to_string(frame.cap_len) +
                      " bytes, more than readers of pcap accept: use -F pcapng");
    }
    const auto to = out_.record(pcap_record_size + frame.cap_len);
    if (!to) return to.error();
    FieldWriter record(*to, native_order);
    record.u32(static_cast<std::uint32_t>(time / ns_per_second));
    record.u32(static_cast<std::uint32_t>(time % ns_per_second) / unit_);
    record.u32(frame.cap_len);
    record.u32(frame.wire_len);
    record.bytes(frame.bytes());
    ++packets_;
    return {};
}

Error PcapWriter::refuse(std::string what) const {
    return {Errc::output, std::move(what), out_.name()};
}

Result<void> PcapWriter::finish() {
    if (!begun_) {
        if (auto done = begin(options_.link_type, 0); !done) return done;
    }
    return out_.finish();
}

}  // namespace pcapline
