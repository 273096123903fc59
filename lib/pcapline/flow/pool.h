// Pool: records that few flows need, named by number.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace pcapline {

/// Records of one type, in slabs that never move. A record handed back is the next one taken. Not thread-safe.
template <class T>
class Pool {
    static_assert(std::is_trivially_copyable_v<T>);

 public:
    static constexpr std::uint32_t none = 0xffffffff;

    /// The number of a fresh record, or `none` when the numbers are used up.
    std::uint32_t take() {
        if (free_ != none) {
            const std::uint32_t taken = free_;
            free_ = slots_[taken / per_slab][taken % per_slab].next_free;
            (*this)[taken] = T{};
            ++used_;
            return taken;
        }
        if (made_ == none) return none;
        if (made_ % per_slab == 0) slots_.push_back(std::make_unique<Slot[]>(per_slab));
        (*this)[made_] = T{};
        ++used_;
        return made_++;
    }
    void give_back(std::uint32_t number) {
        slots_[number / per_slab][number % per_slab].next_free = free_;
        free_ = number;
        --used_;
    }
    T& operator[](std::uint32_t number) { return slots_[number / per_slab][number % per_slab].record; }
    const T& operator[](std::uint32_t number) const { return slots_[number / per_slab][number % per_slab].record; }

    /// Records that are taken now.
    std::size_t used() const { return used_; }
    /// Memory held; it shrinks with release() only.
    std::size_t bytes() const { return slots_.size() * per_slab * sizeof(Slot); }
    /// What of that is taken.
    std::size_t used_bytes() const { return used_ * sizeof(Slot); }
    /// Hands back all memory, if no record is taken.
    void release() {
        if (used_ == 0) *this = Pool{};
    }

 private:
    static constexpr std::uint32_t per_slab = 256;
    struct Slot {
        T record;
        std::uint32_t next_free;
    };
    std::vector<std::unique_ptr<Slot[]>> slots_;
    std::uint32_t free_ = none;
    std::uint32_t made_ = 0;
    std::size_t used_ = 0;
};

}  // namespace pcapline
