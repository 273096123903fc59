// FlowIndex: from the hash of a key to the place of its record; what a hash table is without its keys.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "pcapline/flow/huge_pages.h"

namespace pcapline {

namespace detail {

constexpr std::uint32_t slots_of_line = 8;

/// Bit i: slot i of a cache line has this hash, or is empty and the hash is 0. (Measured: without branches that cannot be foretold, and
/// with SSE2 for a quarter of the instructions that GCC makes of the loop, conversations are faster by a sixteenth.)
[[gnu::always_inline]] inline unsigned slots_with(std::uint32_t hash, const std::uint64_t* line) noexcept {
#if defined(__SSE2__)
    const auto* const pairs = reinterpret_cast<const __m128i*>(line);
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(hash));
    const auto hashes = [&](int i) {
        const __m128 low = _mm_castsi128_ps(_mm_load_si128(pairs + i));
        const __m128 high = _mm_castsi128_ps(_mm_load_si128(pairs + i + 1));
        return _mm_castps_si128(_mm_shuffle_ps(low, high, _MM_SHUFFLE(3, 1, 3, 1)));
    };
    const __m128i same = _mm_packs_epi32(_mm_cmpeq_epi32(hashes(0), wanted), _mm_cmpeq_epi32(hashes(2), wanted));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(same, _mm_setzero_si128())));
#else
    unsigned found = 0;
    for (unsigned i = 0; i < slots_of_line; ++i) found |= static_cast<unsigned>(line[i] >> 32 == hash) << i;
    return found;
#endif
}

}  // namespace detail

/// Slots of 8 bytes (32 bits of the hash, and the id of a record), at most half of them taken. Twice the size when that is reached,
/// a few slots with each insertion, so that growing never takes long. Looks at no key: that is the caller's.
class FlowIndex {
 public:
    using Id = std::uint32_t;
    static constexpr Id none = 0xffffffff;

    FlowIndex() : now_(smallest_bits) {}

    /// Fetches the slots where a search for this hash begins. (Inlined always: GCC 12 drops calls of functions that only fetch.)
    [[gnu::always_inline]] void prefetch(std::uint32_t hash) const noexcept {
        const Slots& slots = of(hash);
        __builtin_prefetch(&slots.slot()[slots.home(hash)]);
    }
    /// An id with this hash for which same(id) is true, or none.
    template <class Same>
    Id find(std::uint32_t hash, Same same) const noexcept {
        const Slots& slots = of(hash);
        // Most are in the cache line of their home. That is looked at as a whole: where in it they are cannot be foretold.
        const std::uint64_t* const line = slots.slot() + (slots.home(hash) & ~(detail::slots_of_line - 1));
        if (const unsigned match = detail::slots_with(hash, line); match != 0) [[likely]] {
            const std::uint64_t slot = line[std::countr_zero(match)];
            if (slot != 0 && same(id_in(slot))) [[likely]]
                return id_in(slot);
        }
        for (std::uint32_t at = slots.home(hash);; at = (at + 1) & slots.mask) {
            const std::uint64_t slot = slots.slot()[at];
            if (slot == 0) return none;
            if (slot >> 32 == hash && same(id_in(slot))) return id_in(slot);
        }
    }
    /// Adds an id that is not there.
    void insert(std::uint32_t hash, Id id);
    /// Takes one out that is there.
    void erase(std::uint32_t hash, Id id) noexcept;

    std::size_t size() const { return size_; }
    std::uint64_t bytes() const { return bytes_of(now_) + bytes_of(old_); }
    /// bytes() after the next insertion.
    std::uint64_t bytes_with_one_more() const { return bytes() + (must_grow() ? 2 * bytes_of(now_) : 0); }

 private:
    static constexpr unsigned smallest_bits = 10;
    static constexpr unsigned largest_bits = 31;
    static constexpr std::uint32_t moved_at_once = 16;  ///< done long before the larger table is half full

    /// The home of a hash are its highest bits: to move to a larger table needs no key, and goes through both in order.
    struct Slots {
        Slots() = default;
        explicit Slots(unsigned bits);
        std::uint32_t home(std::uint32_t hash) const noexcept { return hash >> shift; }
        /// hash << 32 | id + 1; 0: empty.
        std::uint64_t* slot() const noexcept { return static_cast<std::uint64_t*>(memory.data()); }
        explicit operator bool() const noexcept { return memory.data() != nullptr; }
        detail::ZeroedMemory memory;
        std::uint32_t mask = 0;
        unsigned shift = 0;
    };

    static Id id_in(std::uint64_t slot) { return static_cast<Id>(slot) - 1; }
    static std::uint64_t bytes_of(const Slots& slots) { return slots.memory.bytes(); }
    bool must_grow() const { return !old_ && size_ > now_.mask / 2 && now_.shift > 32 - largest_bits; }
    /// Where this hash is, if it is: while the table grows, some are still in the old one.
    const Slots& of(std::uint32_t hash) const noexcept {
        if (!old_) [[likely]]
            return now_;
        return ((old_.home(hash) - begin_) & old_.mask) < moved_ ? now_ : old_;
    }
    static void put(Slots& slots, std::uint64_t slot) noexcept;
    void grow();
    void move_some(std::uint32_t slots) noexcept;

    Slots now_;
    Slots old_;                ///< none: not growing
    std::uint32_t begin_ = 0;  ///< an empty slot of the old table: slots are moved from here on, and round to here
    std::uint64_t moved_ = 0;  ///< slots of the old table that are empty now; the next is empty, or begins a run of taken ones
    std::size_t size_ = 0;
};

}  // namespace pcapline
