#include "pcapline/io/decoding_source.h"

#include <algorithm>
#include <cstring>

namespace pcapline {

namespace {

// Small enough to stay in the cache beside the decoder's own state and the block that it fills.
constexpr std::size_t input_size = 64 * 1024;

}  // namespace

std::string joined_compression(const Source& below, std::string_view method) {
    const std::string outer = below.compression();
    return outer == "none" ? std::string{method} : outer + "+" + std::string{method};
}

DecodingSource::DecodingSource(std::unique_ptr<Source> source, std::unique_ptr<Decoder> decoder, std::string_view method,
                               std::string_view done)
    : source_(std::move(source)), decoder_(std::move(decoder)), method_(method), done_name_(done), buffer_(input_size) {}

std::string DecodingSource::compression() const {
    return joined_compression(*source_, method_);
}

Result<std::size_t> DecodingSource::read(std::span<std::uint8_t> into) {
    std::span<std::uint8_t> out = into;
    while (!out.empty() && !done_ && !failed_) {
        // What there is goes out before anything waits for more.
        const bool may_wait = out.size() == into.size();
        if (place_ != Place::in_stream) {
            if (!pass_gap(may_wait)) break;
        } else if (in_.empty() && !ended_) {
            if (!may_wait) break;
            refill();
        } else {
            step(out);
        }
    }
    const std::size_t made = into.size() - out.size();
    if (made == 0 && failed_) return *failed_;
    return made;
}

/// Puts more bytes behind those that are left. False at the end.
bool DecodingSource::refill() {
    const std::size_t left = in_.size();
    if (left > 0) std::memmove(buffer_.data(), in_.data(), left);
    const Result<std::size_t> got = source_->read(std::span{buffer_}.subspan(left));
    if (!got) input_failed_ = got.error();
    const std::size_t n = got ? *got : 0;
    ended_ = n == 0;
    in_ = Bytes{buffer_}.first(left + n);
    return !ended_;
}

/// Goes on to the next stream or finds that there is none. False if that needs to wait for bytes and must not.
bool DecodingSource::pass_gap(bool may_wait) {
    if (place_ == Place::padding || (!in_.empty() && in_.front() == 0)) {
        place_ = Place::padding;
        const auto other = std::find_if(in_.begin(), in_.end(), [](std::uint8_t byte) { return byte != 0; });
        const auto zeros = static_cast<std::size_t>(other - in_.begin());
        used_ += zeros;
        in_ = in_.subspan(zeros);
        if (!in_.empty()) fail("bytes after the " + std::string{method_} + " stream that are not " + std::string{method_});
    }
    const std::size_t wanted = place_ == Place::padding ? 1 : Decoder::magic_size;
    if (in_.size() < wanted && !ended_) {
        if (!may_wait) return false;
        refill();
        return true;
    }
    if (failed_) return true;
    if (in_.empty()) {
        done_ = !input_failed_;
        if (input_failed_) failed_ = input_failed_;
    } else if (place_ == Place::between) {
        if (decoder_->begins(in_.first(std::min(in_.size(), Decoder::magic_size)))) {
            place_ = Place::in_stream;
        } else {
            fail("bytes after the " + std::string{method_} + " stream that are not " + std::string{method_});
        }
    }
    return true;
}

void DecodingSource::step(std::span<std::uint8_t>& out) {
    const std::size_t in_before = in_.size();
    const std::size_t out_before = out.size();
    const Decoder::State state = decoder_->decode(in_, out, ended_);
    used_ += in_before - in_.size();
    const bool moved = in_.size() != in_before || out.size() != out_before;
    switch (state) {
        case Decoder::State::stream_end:
            place_ = Place::between;
            break;
        case Decoder::State::all_done:
            done_ = true;
            break;
        case Decoder::State::failed:
            fail(decoder_->problem());
            break;
        case Decoder::State::running:
            if (moved) break;
            if (!in_.empty()) {
                fail(std::string{method_} + " stream is damaged");
            } else if (input_failed_) {
                failed_ = input_failed_;
            } else {
                fail(std::string{method_} + " stream cut short");
            }
    }
}

void DecodingSource::fail(std::string what) {
    failed_ = Error{Errc::damage, std::move(what), name(), static_cast<std::int64_t>(used_)};
}

}  // namespace pcapline
