// BlockStream: a Source as a window of contiguous bytes that batches can share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pcapline/base/bytes.h"
#include "pcapline/base/result.h"
#include "pcapline/capture/batch.h"
#include "pcapline/io/source.h"

namespace pcapline {

/// Reads a source into Blocks of 256 KiB. What lies between at() and end() is the window: it stays where it is
/// until need() is called, and as long as somebody else holds block(). A block that nobody else holds is filled again.
class BlockStream {
 public:
    /// `offset`: where in the file the source begins.
    explicit BlockStream(std::unique_ptr<Source> source, std::uint64_t offset = 0);

    const std::uint8_t* at() const { return at_; }
    const std::uint8_t* end() const { return end_; }
    std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
    Bytes window() const { return {at_, left()}; }
    /// Offset of at() in the (decompressed) stream.
    std::uint64_t offset() const { return read_to_ - left(); }
    /// Who owns the window.
    const std::shared_ptr<Block>& block() const { return block_; }

    /// Forgets the bytes before `to`, which lies in the window.
    void advance_to(const std::uint8_t* to) { at_ = to; }
    /// Makes the window at least `count` bytes long. False if the source ends or fails before. Memory grows with
    /// what really arrives (at most twofold), never with what `count` claims.
    bool need(std::size_t count);
    /// What made the source fail, if it did not just end.
    const std::optional<Error>& error() const { return error_; }

    const Source& source() const { return *source_; }

 private:
    void make_room(std::size_t count);
    std::shared_ptr<Block> free_block(std::size_t size);

    std::unique_ptr<Source> source_;
    std::shared_ptr<Block> block_;
    std::vector<std::shared_ptr<Block>> pool_;
    std::size_t oldest_ = 0;
    const std::uint8_t* at_ = nullptr;
    std::uint8_t* end_ = nullptr;
    std::uint64_t read_to_ = 0;
    std::optional<Error> error_;
    bool ended_ = false;
};

}  // namespace pcapline
