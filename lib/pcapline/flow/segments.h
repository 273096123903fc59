// Segments: an array that grows without moving what is in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "pcapline/flow/huge_pages.h"

namespace pcapline::detail {

/// Room for objects of one type, by number, in blocks of 65,536. Makes and destroys none of them: that is the owner's.
template <class T>
class Segments {
 public:
    /// The place of number `i`, for which there is room.
    T* at(std::uint32_t i) const noexcept { return blocks_[i >> bits].get() + (i & (size - 1)); }
    /// at(i), which is fetched into the cache, the first 256 bytes of it at most. (Inlined always: GCC 12 drops calls of functions that
    /// only fetch.)
    [[gnu::always_inline]] T* prefetch(std::uint32_t i) const noexcept {
        constexpr std::size_t line = 64;
        constexpr std::size_t fetched = sizeof(T) < 256 ? sizeof(T) : 256;
        T* const object = at(i);
        const auto* const begin = reinterpret_cast<const char*>(object);
        for (std::size_t from = 0; from < fetched; from += line) __builtin_prefetch(begin + from, 1);
        // Blocks begin with a line, but what is in them may begin anywhere.
        if constexpr (sizeof(T) % line != 0) __builtin_prefetch(begin + fetched - 1, 1);
        return object;
    }
    /// Makes room for number `i`, the next that has none.
    void make_room(std::uint32_t i) {
        if (i >> bits < blocks_.size()) return;
        Block block{static_cast<T*>(::operator new (bytes, std::align_val_t{align}))};
        // The beginning of the first block serves small captures: a huge page would cost them more than it gains.
        const std::size_t small = blocks_.empty() ? huge_page : 0;
        if (bytes > small) ask_for_huge_pages(reinterpret_cast<char*>(block.get()) + small, bytes - small);
        blocks_.push_back(std::move(block));
    }

 private:
    static constexpr unsigned bits = 16;
    static constexpr std::uint32_t size = 1U << bits;
    static constexpr std::size_t bytes = size * sizeof(T);
    static constexpr std::size_t align = bytes >= huge_page ? huge_page : alignof(T) > 64 ? alignof(T) : 64;

    struct Free {
        void operator()(T* block) const noexcept { ::operator delete (static_cast<void*>(block), std::align_val_t{align}); }
    };
    using Block = std::unique_ptr<T, Free>;
    std::vector<Block> blocks_;
};

}  // namespace pcapline::detail
