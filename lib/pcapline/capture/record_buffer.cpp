#include "pcapline/capture/record_buffer.h"

#include <algorithm>
#include <utility>

#include "pcapline/io/source.h"

namespace pcapline {

RecordBuffer::RecordBuffer(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {}

Result<std::uint8_t*> RecordBuffer::record(std::size_t size) {
    if (used_ + size > bytes_.size()) {
        if (used_ + size > block_size) {
            if (auto done = hand_over(); !done) return done.error();
        }
        // Grows with what is written, so that thousands of small files do not cost 256 KiB each.
        if (used_ + size > bytes_.size()) bytes_.resize(std::max(used_ + size, std::min(2 * bytes_.size() + 4096, block_size)));
    }
    std::uint8_t* const to = bytes_.data() + used_;
    used_ += size;
    return to;
}

Result<void> RecordBuffer::hand_over() {
    if (used_ == 0) return {};
    auto done = sink_->write({bytes_.data(), used_});
    used_ = 0;
    return done;
}

Result<void> RecordBuffer::flush() {
    if (auto done = hand_over(); !done) return done;
    return sink_->flush();
}

Result<void> RecordBuffer::finish() {
    if (auto done = hand_over(); !done) return done;
    return sink_->finish();
}

}  // namespace pcapline
