// PcapWriter: classic pcap, microseconds or nanoseconds, in this machine's byte order.
#pragma once

#include <memory>

#include "pcapline/capture/record_buffer.h"
#include "pcapline/capture/writer.h"

namespace pcapline {

/// What pcap cannot say is refused, not bent: a second link type, a time outside 1970–2106, a packet longer than readers
/// accept. A frame without a time gets time 0. Options and non-packet blocks are left out.
class PcapWriter final : public CaptureWriter {
 public:
    PcapWriter(std::unique_ptr<Sink> sink, const WriterOptions& options);

    Result<void> write(const Batch& batch, std::span<const Interface> interfaces, const CaptureInfo& info) override;
    Result<void> flush() override { return out_.flush(); }
    Result<void> finish() override;
    std::uint64_t packets_written() const override { return packets_; }

 private:
    Result<void> begin(std::uint16_t link_type, std::uint8_t fcs_len);
    Result<void> put(const Frame& frame, std::uint64_t number);
    Error refuse(std::string what) const;

    RecordBuffer out_;
    WriterOptions options_;
    std::uint64_t packets_ = 0;
    bool nanoseconds_;
    bool begun_ = false;
};

}  // namespace pcapline
