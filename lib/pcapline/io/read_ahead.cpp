#include "pcapline/io/read_ahead.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

namespace pcapline {

namespace {

constexpr std::size_t blocks = 4;

}  // namespace

ReadAhead::ReadAhead(std::unique_ptr<Source> source) : source_(std::move(source)), filled_(blocks), empty_(blocks) {
    for (std::size_t i = 0; i < blocks; ++i) empty_.push(std::vector<std::uint8_t>(block_size));
    try {
        thread_ = std::thread{[this] { run(); }};
    } catch (const std::system_error&) {
        // No thread is to be had: read() then asks the source itself.
    }
}

ReadAhead::~ReadAhead() {
    cancel();
    if (thread_.joinable()) thread_.join();
}

void ReadAhead::cancel() {
    filled_.cancel();
    empty_.cancel();
    source_->cancel();
}

void ReadAhead::run() {
    while (auto bytes = empty_.pop()) {
        Block block{std::move(*bytes)};
        try {
            const Result<std::size_t> got = source_->read(block.bytes);
            if (got) {
                block.size = *got;
            } else {
                block.error = got.error();
            }
        } catch (const std::bad_alloc&) {
            block.error = Error{Errc::memory, "out of memory"};
        }
        block.bytes_in = source_->bytes_in();
        const bool last = block.size == 0;
        if (!filled_.push(std::move(block)) || last) break;
    }
    filled_.finish();
}

Result<std::size_t> ReadAhead::read(std::span<std::uint8_t> into) {
    if (!thread_.joinable()) {
        Result<std::size_t> got = source_->read(into);
        block_.bytes_in = source_->bytes_in();
        return got;
    }
    while (at_ == block_.size && !ended_) {
        if (!block_.bytes.empty()) empty_.push(std::move(block_.bytes));
        auto next = filled_.pop();
        ended_ = !next || next->size == 0;
        at_ = 0;
        // The count stays if the queue was cancelled.
        if (next) block_ = std::move(*next);
        if (!next) block_.size = 0;
    }
    if (block_.error) return *block_.error;
    const std::size_t n = std::min(into.size(), block_.size - at_);
    if (n > 0) std::memcpy(into.data(), block_.bytes.data() + at_, n);
    at_ += n;
    return n;
}

}  // namespace pcapline
