// One block of a bzip2 file, decoded without its neighbours.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pcapline/base/bytes.h"

namespace pcapline {

struct Bzip2Bits;
struct Bzip2Code;

/// Decodes blocks of bzip2 files, one after another. The format has no specification but its program (bzip2 1.0.8); what that
/// accepts, this accepts. Owns about 8 MB, allocated with the first block and used again for the next ones.
class Bzip2Block {
 public:
    enum class State : std::uint8_t {
        more,     ///< read() has more to give
        good,     ///< all was given, and its checksum is right
        bad,      ///< damaged; what read() gave is what could be decoded
        unusual,  ///< nothing was decoded: randomised (bzip2 before 0.9.5), or a Huffman code with too many words. libbz2 reads both
    };
    /// A block has at most this many bytes before its runs are expanded, whatever its stream's level.
    static constexpr std::size_t most_symbols = 900'000;

    /// Takes a block of `bits` bits from bit `first_bit` (0: the highest) of `bytes` on, magic number included; it has to end there,
    /// and is bad at its end if it does not. `bytes` are not needed any more afterwards.
    /// Time and memory are bounded by `bytes` and most_symbols.
    State begin(Bytes bytes, std::uint64_t first_bit, std::uint64_t bits);
    /// Fills `out` with what comes next; how much of it is in `made`. Blocks may give up to 46 MB.
    State read(std::span<std::uint8_t> out, std::size_t& made);

 private:
    struct Lane;

    State symbols(Bzip2Bits& bits);
    bool take_symbols(Bzip2Bits& bits, std::span<const std::uint8_t> selectors, const Bzip2Code* codes, std::span<const std::uint8_t> used);
    void invert();
    void walk();
    std::size_t expand(std::span<std::uint8_t> out);

    static constexpr unsigned lanes = 4;
    // What a lane decoded from one start to the next.
    struct Stretch {
        std::uint32_t start = 0;  // row
        const std::uint8_t* begin = nullptr;
        std::size_t size = 0;
        std::uint32_t next = 0;  // where the next stretch starts
    };

    std::unique_ptr<std::uint8_t[]> bytes_;   // the last column, then the block
    std::unique_ptr<std::uint32_t[]> links_;  // see invert()
    std::array<std::unique_ptr<std::uint8_t[]>, lanes> lanes_;
    std::vector<Stretch> stretches_;
    std::array<std::uint32_t, 256> counts_{};  // of the bytes in the last column
    std::size_t size_ = 0;
    std::uint32_t origin_ = 0;

    State state_ = State::bad;
    bool ends_there_ = false;  // where it had to
    bool cut_run_ = false;     // four bytes, and no count behind them
    std::size_t at_ = 0;       // of bytes_, when read
    std::size_t run_ = 0;      // bytes of a run that are still to be given
    std::uint8_t run_byte_ = 0;
    std::uint32_t sum_ = 0;       // as the block says
    std::uint32_t computed_ = 0;  // of what was given
};

/// The CRC-32 of bzip2 (polynomial 0x04c11db7, highest bit first), not yet inverted at the end: begin with ~0, end with ~.
std::uint32_t bzip2_sum(std::uint32_t sum, Bytes bytes);

}  // namespace pcapline
