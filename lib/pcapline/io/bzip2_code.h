// The bits of a bzip2 block, and the Huffman codes that are made of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pcapline/base/endian.h"

namespace pcapline {

/// Bits, highest first. Behind the end come zeros: whoever takes them asks ran_out() often enough.
struct Bzip2Bits {
    const std::uint8_t* begin;
    const std::uint8_t* at;
    const std::uint8_t* end;
    std::uint64_t end_bit;    // from begin on
    std::uint64_t value = 0;  // the next bits, from the highest on
    unsigned count = 0;       // how many of them count
    std::uint64_t zeros = 0;  // bits put behind the end

    /// At least 56 bits are in `value` then.
    void fill() {
        if (end - at >= 8) [[likely]] {
            value |= load64(at, ByteOrder::big) >> count;
            at += (63 - count) >> 3;
            count |= 56;
            return;
        }
        while (count <= 56) {
            if (at < end) {
                value |= std::uint64_t{*at++} << (56 - count);
            } else {
                zeros += 8;
            }
            count += 8;
        }
    }
    void drop(unsigned bits) {
        value <<= bits;
        count -= bits;
    }
    /// 1 to 32 bits.
    std::uint32_t take(unsigned bits) {
        fill();
        const auto taken = static_cast<std::uint32_t>(value >> (64 - bits));
        drop(bits);
        return taken;
    }
    std::uint64_t place() const { return static_cast<std::uint64_t>(at - begin) * 8 + zeros - count; }
    bool ran_out() const { return place() > end_bit; }
};

/// One of the Huffman codes of a block.
struct Bzip2Code {
    static constexpr unsigned most_length = 20;
    static constexpr unsigned most_symbols = 258;  // all bytes but the first, two for runs, one for the end
    static constexpr unsigned first_bits = 10;     // longer words are looked up a second time

    std::array<std::uint16_t, std::size_t{1} << first_bits> first;  // symbol << 5 | length; 0: longer, or none
    std::array<std::uint32_t, most_length + 2> limit;               // of the codes of a length, filled up to most_length bits
    std::array<std::uint32_t, most_length + 1> offset;              // of a length's codes in `symbols`, less the first code
    std::array<std::uint16_t, most_symbols> symbols;                // by code
    bool too_many = false;

    /// From the length of each symbol's word, 1 to most_length. If there are more words than fit, it must not be used otherwise.
    void make(std::span<const std::uint8_t> lengths);
    /// The next symbol; most_symbols if there is none. `bits` has to hold most_length bits.
    unsigned take(Bzip2Bits& bits) const {
        const unsigned found = first[bits.value >> (64 - first_bits)];
        if (found != 0) [[likely]] {
            bits.drop(found & 31);
            return found >> 5;
        }
        return take_long(bits);
    }
    unsigned take_long(Bzip2Bits& bits) const;
};

}  // namespace pcapline
