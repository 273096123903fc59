// PartBuffers: records on their way to many files, within a budget of memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "pcapline/split/part_files.h"
#include "pcapline/split/record_encoder.h"

namespace pcapline {

/// Collects records by part, for inputs that can be read only once. A part that has a megabyte is written; when the budget is used up,
/// the fullest parts are, until half of it is free: few large writes. What is written ends with a whole record.
class PartBuffers {
 public:
    static constexpr std::size_t default_budget = 64 * 1024 * 1024;

    explicit PartBuffers(PartFiles& files, std::size_t budget = default_budget);

    /// Appends whole records.
    Result<void> add(Parts::Number part, Bytes records);
    /// Writes what a part has; more may come.
    Result<void> flush(Parts::Number part) { return write(part, false); }
    /// Writes what is left.
    Result<void> finish();
    /// Forgets a part's records; how many bytes they were.
    std::size_t drop(Parts::Number part);

 private:
    static constexpr std::uint32_t none = 0xffffffff;
    static constexpr std::size_t worth_writing = 1024 * 1024;
    struct Chunk {
        std::uint32_t next;
        std::uint32_t used;
        std::array<std::uint8_t, 504> bytes;
    };
    static_assert(sizeof(Chunk) == 512);
    /// A part's chunks, in a ring: the last one's next is the first.
    struct Chain {
        std::uint32_t last = none;
        std::uint32_t bytes = 0;
    };
    /// Chunks lie in groups that never move.
    static constexpr std::uint32_t group_size = 2048;

    Chunk& chunk(std::uint32_t number) { return groups_[number / group_size][number % group_size]; }
    std::uint32_t take_chunk();
    Result<void> write(Parts::Number part, bool last);
    Result<void> make_room();

    PartFiles& files_;
    std::size_t most_chunks_;
    std::size_t used_chunks_ = 0;
    std::vector<std::unique_ptr<Chunk[]>> groups_;
    std::uint32_t free_ = none;
    std::vector<Chain> chains_;  ///< by part
    std::vector<Parts::Number> waiting_;
    ByteBuffer gathered_;
};

}  // namespace pcapline
