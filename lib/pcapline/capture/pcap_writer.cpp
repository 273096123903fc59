#include "pcapline/capture/pcap_writer.h"

#include <string>
#include <utility>

#include "pcapline/capture/link_type.h"
#include "pcapline/capture/packet_records.h"
#include "pcapline/capture/pcap_format.h"

namespace pcapline {
namespace {

std::uint8_t fcs_of(const Frame& frame, std::span<const Interface> interfaces) {
    return frame.interface < interfaces.size() ? interfaces[frame.interface].fcs_len : std::uint8_t { 0 };
}

}  // namespace

PcapWriter::PcapWriter(std::unique_ptr<Sink> sink, const WriterOptions& options)
    : out_(std::move(sink)), options_(options), nanoseconds_(options.format == WriteFormat::nsecpcap) {}

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
    put_pcap_header(*to, nanoseconds_, options_.snap_len, link_type, fcs_len);
    options_.link_type = link_type;
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
    if (std::string why = pcap_refusal(frame, number, options_.link_type); !why.empty()) return refuse(why + ": use -F pcapng");
    const auto to = out_.record(pcap_record_size + frame.cap_len);
    if (!to) return to.error();
    put_pcap_record(*to, frame, nanoseconds_);
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
