// PcapngWriter: pcapng, keeping the structure of pcapng inputs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "pcapline/capture/packet_records.h"
#include "pcapline/capture/record_buffer.h"
#include "pcapline/capture/writer.h"

namespace pcapline {

/// An input's section headers begin sections of the output, in the input's byte order and of unknown length; its other
/// blocks are copied as they are, but for the interface numbers of statistics. Packets are written anew from their frames, so
/// that what the caller changed is right. An interface gets its number in the output's section when it is first met; it is
/// described a second time, with nanoseconds, where a time or link type does not fit its description.
/// A frame without a time is a simple packet block where that says all of it, else an enhanced one with time 0.
class PcapngWriter final : public CaptureWriter {
 public:
    PcapngWriter(std::unique_ptr<Sink> sink, const WriterOptions& options);

    Result<void> write(const Batch& batch, std::span<const Interface> interfaces, const CaptureInfo& info) override;
    Result<void> flush() override { return out_.flush(); }
    Result<void> finish() override;
    std::uint64_t packets_written() const override { return packets_; }

 private:
    /// An interface of the output's section.
    struct Output {
        Interface interface;
        ExactTicks ticks;
        bool shared = false;  ///< by all inputs that describe theirs alike
        Output(const Interface& from, bool is_shared) : interface(from), ticks(from.time), shared(is_shared) {}
    };
    /// What the batch at hand comes with.
    struct Origin {
        const Batch& batch;
        std::span<const Interface> interfaces;
        const CaptureInfo& info;
    };

    static std::uint64_t key_of(std::uint32_t input, std::uint16_t interface, std::uint16_t link_type, TimeVariant variant) {
        return std::uint64_t{input} << 34 | std::uint64_t{static_cast<std::uint8_t>(variant)} << 32 | std::uint64_t{interface} << 16 |
               link_type;
    }
    Result<void> begin_section(const CaptureInfo& info, ByteOrder order);
    Result<void> put_other(const Origin& from, const OtherBlock& other);
    Result<void> put_frame(const Origin& from, std::size_t at);
    Result<void> put_simple(const Frame& frame);
    Result<void> put_enhanced(const Frame& frame, std::uint32_t id, std::uint64_t ticks, Bytes options);
    Result<std::uint32_t> output_of(const Origin& from, std::uint16_t interface, std::uint16_t link_type, TimeVariant variant);
    Result<std::uint32_t> add_output(const Interface& interface, bool shared);
    Result<void> put_block(Bytes block, ByteOrder order);

    RecordBuffer out_;
    WriterOptions options_;
    std::vector<Output> outputs_;  ///< by their number in the section
    std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
    std::uint64_t last_key_ = 0;  ///< of the number found last: packets of one interface come in rows
    std::uint32_t last_number_ = 0;
    bool last_known_ = false;
    std::uint64_t packets_ = 0;
    ByteOrder order_ = native_order;
    bool in_section_ = false;
};

}  // namespace pcapline
