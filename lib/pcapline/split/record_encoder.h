// RecordEncoder: packets as what stands in capture files, for many files at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "pcapline/base/result.h"
#include "pcapline/capture/packet_records.h"
#include "pcapline/capture/writer.h"

namespace pcapline {

/// Bytes that grow at their end; what is cut off stays allocated.
class ByteBuffer {
 public:
    /// `count` bytes behind the last one; all must be written. Valid until the next call.
    std::uint8_t* grow(std::size_t count) {
        if (size_ + count > capacity_) make_room(count);
        std::uint8_t* const to = bytes_.get() + size_;
        size_ += count;
        return to;
    }
    void clear() { size_ = 0; }
    std::size_t size() const { return size_; }
    Bytes bytes() const { return {bytes_.get(), size_}; }

 private:
    void make_room(std::size_t count) {
        capacity_ = std::max(size_ + count, 2 * capacity_);
        auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
        std::copy(bytes_.get(), bytes_.get() + size_, larger.get());
        bytes_ = std::move(larger);
    }
    std::unique_ptr<std::uint8_t[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Makes records, with the headers that must stand before them. What it has told in one file is a State of 32 bits, so that a million
/// files cost little. Times keep their precision, packets their interface, comments and original length. pcapng: one section a file, in
/// this machine's byte order, with the input's section options and the interfaces that have packets; blocks that hold no packet are
/// not copied.
class RecordEncoder {
 public:
    /// What stands in a file; 0: nothing yet.
    using State = std::uint32_t;
    /// Where packets come from. Valid as long as the batch that it is of.
    struct Origin {
        std::uint32_t input;  ///< 0, 1, …
        std::span<const Interface> interfaces;
        const CaptureInfo& info;
        ByteOrder order;  ///< of options
    };

    /// `options`: format and snap length.
    explicit RecordEncoder(const WriterOptions& options) : options_(options), nodes_(1) {}

    /// Appends a packet's record. Errors: Errc::usage (a second link type in a pcap file), Errc::output (what pcap cannot say);
    /// without the file.
    Result<void> put(const Frame& frame, std::uint64_t number, Bytes options, const Origin& from, State& state, ByteBuffer& out);

 private:
    /// pcapng: the interfaces that were described in a file, the last one here, those before it in `before`.
    struct Node {
        State before = 0;
        std::uint32_t interface = none;  ///< of interfaces_; none: the section header
        std::uint32_t count = 0;         ///< interfaces so far
    };
    struct Described {
        Interface interface;
        ExactTicks ticks;
    };
    static constexpr std::uint32_t none = 0xffffffff;

    Result<void> put_pcap(const Frame& frame, std::uint64_t number, const Origin& from, State& state, ByteBuffer& out) const;
    void put_pcapng(const Frame& frame, Bytes options, const Origin& from, State& state, ByteBuffer& out);
    std::uint32_t interface_of(const Origin& from, const Frame& frame, TimeVariant variant);
    std::uint32_t number_of(std::uint32_t interface, const Origin& from, State& state, ByteBuffer& out);
    State next(State state, std::uint32_t interface);

    WriterOptions options_;
    std::vector<Node> nodes_;
    std::unordered_map<std::uint64_t, State> next_;  ///< by node and interface
    std::vector<Described> interfaces_;
    std::unordered_map<std::uint64_t, std::uint32_t> numbers_;  ///< of interfaces_, by input, interface, link type and variant
    std::uint64_t last_key_ = ~std::uint64_t{0};
    std::uint32_t last_interface_ = 0;
};

}  // namespace pcapline
