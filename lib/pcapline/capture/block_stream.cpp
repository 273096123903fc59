#include "pcapline/capture/block_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace pcapline {
namespace {

// Blocks that are kept for use again: 16 MiB in flight between a reader and slower threads behind it.
constexpr std::size_t pool_size = 64;

bool is_ours_alone(const std::shared_ptr<Block>& block, long holders) {
    if (block.use_count() != holders) return false;
    // use_count() is a relaxed load. Giving up one more reference is an acquire: it puts everything that other
    // threads read from the block, before they gave up theirs, before what is written there now.
    std::shared_ptr<Block> touch = block;
    touch.reset();
    return true;
}

}  // namespace

BlockStream::BlockStream(std::unique_ptr<Source> source, std::uint64_t offset) : source_(std::move(source)), read_to_(offset) {
    block_ = free_block(block_size);
    block_->offset = offset;
    end_ = block_->data();
    at_ = end_;
}

bool BlockStream::need(std::size_t count) {
    while (left() < count) {
        if (ended_) return false;
        std::uint8_t* const limit = block_->data() + block_->size;
        if (end_ == limit || static_cast<std::size_t>(limit - at_) < std::min(count, block_size)) make_room(count);
        const auto room = static_cast<std::size_t>(block_->data() + block_->size - end_);
        const auto got = source_->read({end_, room});
        if (!got) {
            error_ = got.error();
            ended_ = true;
        } else if (*got == 0) {
            ended_ = true;
        } else {
            end_ += *got;
            read_to_ += *got;
        }
    }
    return true;
}

void BlockStream::make_room(std::size_t count) {
    const std::size_t kept = left();
    const std::size_t whole = (count + block_size - 1) / block_size * block_size;
    const std::size_t size = std::max(block_size, std::min(2 * kept, whole));
    if (block_->size >= size && is_ours_alone(block_, block_->size == block_size ? 2 : 1)) {
        std::memmove(block_->data(), at_, kept);
    } else {
        auto fresh = free_block(size);
        std::memcpy(fresh->data(), at_, kept);
        block_ = std::move(fresh);
    }
    block_->offset = read_to_ - kept;
    at_ = block_->data();
    end_ = block_->data() + kept;
}

// Blocks of the usual size are held by the pool as well; larger ones live as long as they are used.
std::shared_ptr<Block> BlockStream::free_block(std::size_t size) {
    auto fresh = [size] { return std::make_shared<Block>(size); };
    if (size != block_size) return fresh();
    for (const auto& block : pool_)
        if (is_ours_alone(block, 1)) return block;
    if (pool_.size() < pool_size) return pool_.emplace_back(fresh());
    oldest_ = (oldest_ + 1) % pool_size;
    return pool_[oldest_] = fresh();
}

}  // namespace pcapline
