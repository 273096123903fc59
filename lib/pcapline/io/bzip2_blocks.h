// The blocks of a bzip2 file: found by their magic numbers, so that several can be decoded at once.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "pcapline/io/source.h"

namespace pcapline {

/// A run of bits of a bzip2 file, from one magic number to the next. Blocks begin at any bit.
struct Bzip2Segment {
    enum class Kind : std::uint8_t {
        between,  ///< the end of a stream and the header of the next; the header of the first
        block,    ///< begins as a block does
        rest,     ///< goes on where a segment that was too long was cut off
    };
    Kind kind = Kind::between;
    std::vector<std::uint8_t> bytes = {};  ///< the bits, highest first
    unsigned first_bit = 0;                ///< the first one's place in bytes[0]: 0 is the highest bit
    std::uint64_t bits = 0;                ///< how many
    std::uint64_t at_bit = 0;              ///< where in the file
    std::uint64_t bytes_in = 0;            ///< Source::bytes_in() behind it
    bool last = false;                     ///< the input ends here
    std::optional<Error> stopped_by = {};  ///< because of this
};

/// Cuts a bzip2 file into segments. It looks for the numbers only, so that a block whose data happen to contain one is cut in
/// two: that shows when it is decoded.
class Bzip2Splitter {
 public:
    /// No block is larger than this when compressed: 900,000 symbols of at most 20 bits, and its tables.
    static constexpr std::size_t most_bytes = 2'300'000;
    static constexpr unsigned magic_bits = 48;
    static constexpr std::uint64_t block_magic = 0x314159265359;
    static constexpr std::uint64_t end_magic = 0x177245385090;

    /// `source` must outlive it.
    explicit Bzip2Splitter(Source& source);
    /// The next segment; nothing behind the last. Memory: one segment and one block of input.
    std::optional<Bzip2Segment> next();

 private:
    void refill();
    Bzip2Segment cut(std::uint64_t end, Bzip2Segment::Kind next);
    std::optional<Bzip2Segment::Kind> magic_at(std::size_t index, unsigned shift) const;

    Source& source_;
    std::array<std::uint8_t, 256> may_begin_{};  // bit s: a magic that begins at bit s has this as its third byte
    std::vector<std::uint8_t> buffer_;
    std::uint64_t base_ = 0;   // where in the file buffer_ begins, in bytes
    std::size_t scanned_ = 0;  // bytes of buffer_ in which no other magic begins
    std::uint64_t start_ = 0;  // where in the file the segment begins, in bits
    std::uint64_t search_from_ = 0;
    Bzip2Segment::Kind kind_ = Bzip2Segment::Kind::between;
    bool ended_ = false;
    bool done_ = false;
    std::optional<Error> failed_;
};

/// Appends bits to bytes, highest first.
class BitWriter {
 public:
    void put(const std::uint8_t* from, unsigned first_bit, std::uint64_t bits);
    void put(std::uint64_t value, unsigned bits);
    /// The bytes so far, the last filled up with zero bits.
    std::vector<std::uint8_t>& bytes() { return bytes_; }

 private:
    std::vector<std::uint8_t> bytes_;
    unsigned free_ = 0;  // bits of the last byte that are not used yet
};

/// `count` (at most 56) bits of `bytes` from bit `at` on.
std::uint64_t bits_at(const std::vector<std::uint8_t>& bytes, std::uint64_t at, unsigned count);

}  // namespace pcapline
