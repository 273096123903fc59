#include "pcapline/io/bzip2_code.h"

#include <algorithm>

namespace pcapline {

void Bzip2Code::make(std::span<const std::uint8_t> lengths) {
    std::array<std::uint32_t, most_length + 1> count{};
    for (const std::uint8_t length : lengths) ++count[length];
    std::array<std::uint32_t, most_length + 1> next{};  // code of each length
    std::array<std::uint32_t, most_length + 1> index{};
    std::uint32_t code = 0;
    std::uint32_t before = 0;
    too_many = false;
    for (unsigned length = 1; length <= most_length; ++length) {
        code <<= 1;
        next[length] = code;
        index[length] = before;
        offset[length] = before - code;
        code += count[length];
        before += count[length];
        too_many = too_many || code > std::uint32_t{1} << length;
        limit[length] = code << (most_length - length);
    }
    if (too_many) return;
    first.fill(0);
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
        const unsigned length = lengths[symbol];
        symbols[index[length]++] = static_cast<std::uint16_t>(symbol);
        const std::uint32_t word = next[length]++;
        if (length > first_bits) continue;
        const std::size_t same = std::size_t{1} << (first_bits - length);
        std::fill_n(first.begin() + static_cast<std::ptrdiff_t>(word * same), same, static_cast<std::uint16_t>(symbol << 5 | length));
    }
}

unsigned Bzip2Code::take_long(Bzip2Bits& bits) const {
    const auto word = static_cast<std::uint32_t>(bits.value >> (64 - most_length));
    for (unsigned length = first_bits + 1; length <= most_length; ++length) {
        if (word >= limit[length]) continue;
        bits.drop(length);
        return symbols[(word >> (most_length - length)) + offset[length]];
    }
    return most_symbols;
}

}  // namespace pcapline
