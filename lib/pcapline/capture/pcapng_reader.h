// PcapngReader: pcapng files of any number of sections and interfaces, or a range of one.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pcapline/capture/block_stream.h"
#include "pcapline/capture/frame_source.h"
#include "pcapline/capture/limits.h"

namespace pcapline {

/// Reads blocks one after another; section lengths are not believed. A batch holds packets of one section only.
class PcapngReader final : public RangeReader {
 public:
    static constexpr std::uint64_t to_the_end = std::numeric_limits<std::uint64_t>::max();

    /// Reads a file from its begin: the first section header and what stands before the first packet at once (at most
    /// 1 MiB), so that the interfaces are known. Errors: Errc::input.
    static Result<std::unique_ptr<PcapngReader>> open(BlockStream stream);
    /// The same, for the first range of a file: stops before a section or interface that follows a packet, if it comes
    /// before `end`.
    static Result<std::unique_ptr<PcapngReader>> open_first_range(BlockStream stream, std::uint64_t end);
    /// Reads on in the section that `before` stands in. `exact`: through new sections and interfaces; else it stops before one.
    PcapngReader(BlockStream stream, const PcapngReader& before, std::uint64_t end, bool exact);

    bool next(Batch& batch) override;
    std::span<const Interface> interfaces() const override { return interfaces_; }
    const CaptureInfo& info() const override { return info_; }
    const std::optional<Damage>& damage() const override { return damage_; }
    std::uint64_t offset() const override { return stream_.offset(); }
    const Source& source() const override { return stream_.source(); }
    std::uint64_t first_record() const override { return first_record_; }
    std::uint64_t next_record() const override { return stream_.offset(); }
    bool independent() const override { return independent_; }

    ByteOrder order() const { return order_; }
    std::uint32_t longest_block() const { return longest_block_; }

 private:
    explicit PcapngReader(BlockStream stream);

    /// What a packet needs of its interface, close together.
    struct Clock {
        TimeScale scale;
        std::uint64_t factor = 0;      ///< nanoseconds a tick …
        std::uint64_t fast_below = 0;  ///< … for fewer ticks than this; else scale decides
        std::uint32_t snap_len = 0;
        std::uint16_t link_type = 0;

        explicit Clock(const Interface& interface);
        std::int64_t time(std::uint64_t ticks) const {
            return ticks < fast_below ? static_cast<std::int64_t>(ticks * factor) : scale.to_ns(ticks);
        }
    };
    /// Why fill() or take() stopped.
    enum class Halt : std::uint8_t {
        none,     ///< not at all
        window,   ///< the block at hand is not all there: wanted_
        batch,    ///< what there is must be handed out first, or the reader has ended
        section,  ///< a new section has begun: another byte order
    };
    struct PacketFields {
        std::uint32_t interface = 0;
        std::uint32_t captured = 0;
        std::uint32_t original = 0;
        std::uint64_t ticks = 0;
        bool timed = true;
        std::size_t data_at = 0;
    };

    void read_ahead();
    template <ByteOrder order>
    Halt fill(Batch& batch);
    void put(Batch& batch, const Frame& frame, Bytes options) const;
    Halt take(Batch& batch);
    Halt take_packet(Batch& batch, Bytes block, std::uint32_t type);
    Halt take_other(Batch& batch, Bytes block, std::uint32_t type);
    Halt begin_section(Batch& batch, Bytes block, ByteOrder order);
    std::string add_interface(Bytes block);
    void pass_on(Batch& batch, Bytes block, std::uint32_t type, std::uint32_t interface) const;
    bool more();
    Halt refuse(const Batch& batch, std::string what);

    BlockStream stream_;
    std::vector<Clock> clocks_;  ///< of this section's interfaces
    std::vector<Interface> interfaces_;
    CaptureInfo info_;
    std::optional<Damage> damage_;
    Batch pending_;  ///< blocks read ahead
    std::uint64_t end_ = to_the_end;
    std::uint64_t first_record_ = 0;
    std::uint64_t packets_ = 0;
    std::size_t wanted_ = 0;
    std::uint32_t longest_block_ = max_block_length;
    std::uint32_t first_interface_ = 0;
    std::uint32_t sections_ = 0;
    ByteOrder order_ = native_order;
    bool through_sections_ = true;
    bool independent_ = true;
    bool ended_ = false;
};

}  // namespace pcapline
