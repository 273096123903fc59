#include "pcapline/io/bzip2_blocks.h"

#include <algorithm>

#include "pcapline/base/endian.h"

namespace pcapline {

namespace {

constexpr std::uint64_t magic_mask = (std::uint64_t{1} << Bzip2Splitter::magic_bits) - 1;
constexpr unsigned stream_header_bits = 32;
// A magic at any bit of a byte lies in the eight bytes from there.
constexpr std::size_t window = 8;

}  // namespace

Bzip2Splitter::Bzip2Splitter(Source& source) : source_(source), search_from_(stream_header_bits) {
    for (const std::uint64_t magic : {block_magic, end_magic}) {
        for (unsigned shift = 0; shift < 8; ++shift) may_begin_[(magic >> (24 + shift)) & 0xff] |= static_cast<std::uint8_t>(1U << shift);
    }
}

std::optional<Bzip2Segment::Kind> Bzip2Splitter::magic_at(std::size_t index, unsigned shift) const {
    const std::uint64_t found = load64(buffer_.data() + index, ByteOrder::big) >> (16 - shift) & magic_mask;
    if (found == block_magic) return Bzip2Segment::Kind::block;
    if (found == end_magic) return Bzip2Segment::Kind::between;
    return std::nullopt;
}

std::optional<Bzip2Segment> Bzip2Splitter::next() {
    while (!done_) {
        for (; scanned_ + window <= buffer_.size(); ++scanned_) {
            const unsigned shifts = may_begin_[buffer_[scanned_ + 2]];
            if (shifts == 0) continue;
            for (unsigned shift = 0; shift < 8; ++shift) {
                if ((shifts >> shift & 1) == 0) continue;
                const std::uint64_t at = (base_ + scanned_) * 8 + shift;
                if (at < search_from_) continue;
                if (const auto kind = magic_at(scanned_, shift)) return cut(at, *kind);
            }
        }
        const std::uint64_t end = (base_ + scanned_) * 8;
        if (end > start_ && (end - start_) / 8 > most_bytes) return cut(end, Bzip2Segment::Kind::rest);
        if (ended_) {
            done_ = true;
            // Less the zero bytes that were put behind the end.
            Bzip2Segment segment = cut((base_ + buffer_.size() - window) * 8, Bzip2Segment::Kind::rest);
            segment.last = true;
            segment.stopped_by = failed_;
            return segment;
        }
        refill();
    }
    return std::nullopt;
}

void Bzip2Splitter::refill() {
    const auto gone = static_cast<std::size_t>(start_ / 8 - base_);
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(gone));
    base_ += gone;
    scanned_ -= std::min(gone, scanned_);
    const std::size_t left = buffer_.size();
    buffer_.resize(left + block_size);
    const Result<std::size_t> got = source_.read(std::span{buffer_}.subspan(left));
    if (!got) failed_ = got.error();
    ended_ = !got || *got == 0;
    // Behind the end, zeros let the last bytes be searched as all others are. They cannot complete a magic that matters:
    // what has to follow it is not there either.
    buffer_.resize(left + (ended_ ? window : *got));
    if (ended_) std::fill(buffer_.end() - window, buffer_.end(), std::uint8_t{0});
}

Bzip2Segment Bzip2Splitter::cut(std::uint64_t end, Bzip2Segment::Kind next) {
    Bzip2Segment segment;
    segment.kind = kind_;
    segment.first_bit = static_cast<unsigned>(start_ % 8);
    segment.bits = end - std::min(end, start_);
    segment.at_bit = start_;
    segment.bytes_in = source_.bytes_in();
    const auto first = buffer_.begin() + static_cast<std::ptrdiff_t>(start_ / 8 - base_);
    segment.bytes.assign(first, first + static_cast<std::ptrdiff_t>((segment.first_bit + segment.bits + 7) / 8));
    start_ = end;
    search_from_ = next == Bzip2Segment::Kind::rest ? end : end + magic_bits;
    kind_ = next;
    return segment;
}

void BitWriter::put(const std::uint8_t* from, unsigned first_bit, std::uint64_t bits) {
    from += first_bit / 8;
    first_bit %= 8;
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (free_ == 0) {
        const std::size_t at = bytes_.size();
        bytes_.resize(at + whole);
        if (first_bit == 0) {
            std::copy_n(from, whole, bytes_.begin() + static_cast<std::ptrdiff_t>(at));
        } else {
            std::uint8_t* const to = bytes_.data() + at;
            for (std::size_t i = 0; i < whole; ++i)
                to[i] = static_cast<std::uint8_t>(from[i] << first_bit | from[i + 1] >> (8 - first_bit));
        }
    } else {
        for (std::size_t i = 0; i < whole; ++i) {
            const unsigned next = first_bit == 0 ? 0U : unsigned{from[i + 1]} >> (8 - first_bit);
            put((unsigned{from[i]} << first_bit | next) & 0xff, 8);
        }
    }
    for (std::uint64_t i = whole * 8; i < bits; ++i) {
        const std::uint64_t bit = first_bit + i;
        put(from[bit / 8] >> (7 - bit % 8) & 1U, 1);
    }
}

void BitWriter::put(std::uint64_t value, unsigned bits) {
    while (bits > 0) {
        if (free_ == 0) {
            bytes_.push_back(0);
            free_ = 8;
        }
        const unsigned taken = std::min(free_, bits);
        const std::uint64_t part = value >> (bits - taken) & ((1U << taken) - 1);
        bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | part << (free_ - taken));
        free_ -= taken;
        bits -= taken;
    }
}

std::uint64_t bits_at(const std::vector<std::uint8_t>& bytes, std::uint64_t at, unsigned count) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i, ++at) {
        const std::uint64_t byte = at / 8 < bytes.size() ? bytes[static_cast<std::size_t>(at / 8)] : 0;
        value = value << 1 | (byte >> (7 - at % 8) & 1);
    }
    return value;
}

}  // namespace pcapline
