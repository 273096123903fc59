// PcapReader: classic pcap files, or a range of one.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "pcapline/capture/block_stream.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/capture/pcap_format.h"

namespace pcapline {

/// Reads records from where the stream stands (behind the file header, or at any record of the file).
class PcapReader final : public RangeReader {
 public:
    /// Reads the records that begin before the offset `end`.
    PcapReader(BlockStream stream, const PcapHeader& header, std::uint64_t end = std::numeric_limits<std::uint64_t>::max());

    bool next(Batch& batch) override;
    std::span<const Interface> interfaces() const override { return {&interface_, 1}; }
    const CaptureInfo& info() const override { return info_; }
    const std::optional<Damage>& damage() const override { return damage_; }
    std::uint64_t offset() const override { return stream_.offset(); }
    const Source& source() const override { return stream_.source(); }
    std::uint64_t first_record() const override { return first_record_; }
    std::uint64_t next_record() const override { return stream_.offset(); }
    bool independent() const override { return true; }

    const PcapHeader& header() const { return header_; }

 private:
    template <ByteOrder order>
    void fill(Batch& batch);
    bool more();
    void fail(std::string what);

    BlockStream stream_;
    PcapHeader header_;
    Interface interface_;
    CaptureInfo info_;
    std::optional<Damage> damage_;
    std::uint64_t end_;
    std::uint64_t first_record_;
    std::uint64_t packets_ = 0;
    std::uint32_t max_captured_;
    std::size_t wanted_ = 0;  ///< bytes that the record at hand needs
    bool ended_ = false;
};

}  // namespace pcapline
