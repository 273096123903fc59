// Batch: a hundred frames or so, and the memory they lie in.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/endian.h"
#include "pcapline/base/frame.h"

namespace pcapline {

/// Memory that frames point into; shared by the batches that were cut from it. Not cleared: pages that nothing was read into cost
/// nothing.
struct Block {
    explicit Block(std::size_t of_size) : size(of_size), bytes(std::make_unique_for_overwrite<std::uint8_t[]>(of_size)) {}
    std::uint8_t* data() const { return bytes.get(); }

    std::size_t size;
    std::uint64_t offset = 0;  ///< of its first byte in the (decompressed) stream
    std::unique_ptr<std::uint8_t[]> bytes;
};

/// A pcapng block that holds no packet (name resolution, statistics, secrets, custom, section header,
/// interface description …), as it lies in the file, its length fields included.
struct OtherBlock {
    static constexpr std::uint32_t no_interface = 0xffffffff;

    std::uint32_t before_frame = 0;  ///< place in the batch: it stands before this frame
    std::uint32_t type = 0;
    ByteOrder order = native_order;
    std::uint32_t first_interface = 0;  ///< the source's index of this section's interface 0
    /// Interface descriptions and statistics: the source's index of the interface that they are about.
    std::uint32_t interface = no_interface;
    Bytes bytes;
};

/// Frames in file order. Owns (shares) their memory: it may be moved to another thread; the
/// frames are valid until the batch is destroyed, cleared or filled again.
class Batch {
 public:
    static constexpr std::size_t max_frames = 128;  ///< their headers stay in the first cache

    std::vector<Frame> frames;
    /// Packet number of each frame, counted over the whole input from 1. Empty: first_number, +1, …
    std::vector<std::uint64_t> numbers;
    std::uint64_t first_number = 1;
    /// For pcapng: the option bytes (without end-of-options) of each frame's block. Empty vector: no frame has any.
    std::vector<Bytes> options;
    /// Byte order of the options.
    ByteOrder order = native_order;
    std::vector<OtherBlock> others;
    std::vector<std::shared_ptr<Block>> blocks;
    /// Which input (0, 1, …) the frames are of; a batch never mixes inputs.
    std::uint32_t input = 0;

    std::uint64_t number_of(std::size_t i) const { return numbers.empty() ? first_number + i : numbers[i]; }
    Bytes options_of(std::size_t i) const { return options.empty() ? Bytes{} : options[i]; }
    bool empty() const { return frames.empty() && others.empty(); }
    /// Where a byte of a frame or of its options lies in the (decompressed) stream.
    std::uint64_t offset_of(const std::uint8_t* bytes) const {
        for (const std::shared_ptr<Block>& block : blocks)
            if (bytes >= block->data() && bytes < block->data() + block->size)
                return block->offset + static_cast<std::uint64_t>(bytes - block->data());
        return 0;
    }
    void clear() {
        frames.clear();
        numbers.clear();
        options.clear();
        others.clear();
        blocks.clear();
    }
};

}  // namespace pcapline
