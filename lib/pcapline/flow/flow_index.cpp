#include "pcapline/flow/flow_index.h"

#include <utility>

namespace pcapline {

FlowIndex::Slots::Slots(unsigned bits)
    : memory((std::size_t{1} << bits) * sizeof(std::uint64_t)),
      mask(static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1)),
      shift(32 - bits) {}

void FlowIndex::put(Slots& slots, std::uint64_t slot) noexcept {
    std::uint32_t at = slots.home(static_cast<std::uint32_t>(slot >> 32));
    while (slots.slot()[at] != 0) at = (at + 1) & slots.mask;
    slots.slot()[at] = slot;
}

void FlowIndex::insert(std::uint32_t hash, Id id) {
    if (must_grow()) grow();
    if (old_) move_some(moved_at_once);
    ++size_;
    put(const_cast<Slots&>(of(hash)), std::uint64_t{hash} << 32 | (id + 1U));
}

void FlowIndex::erase(std::uint32_t hash, Id id) noexcept {
    auto& slots = const_cast<Slots&>(of(hash));
    std::uint32_t hole = slots.home(hash);
    const std::uint64_t gone = std::uint64_t{hash} << 32 | (id + 1U);
    while (slots.slot()[hole] != gone) hole = (hole + 1) & slots.mask;
    --size_;
    // What comes behind it in the same run moves up where its home allows, so that no search ends too early.
    for (std::uint32_t at = (hole + 1) & slots.mask; slots.slot()[at] != 0; at = (at + 1) & slots.mask) {
        const std::uint32_t home = slots.home(static_cast<std::uint32_t>(slots.slot()[at] >> 32));
        if (((at - home) & slots.mask) < ((at - hole) & slots.mask)) continue;
        slots.slot()[hole] = slots.slot()[at];
        hole = at;
    }
    slots.slot()[hole] = 0;
}

void FlowIndex::grow() {
    Slots larger{32 - now_.shift + 1};
    old_ = std::exchange(now_, std::move(larger));
    begin_ = 0;
    while (old_.slot()[begin_] != 0) ++begin_;  // there is one: half of them are empty
    moved_ = 0;
}

// Runs of taken slots are moved whole: so a hash whose home has been passed is in the new table, any other in the old one.
void FlowIndex::move_some(std::uint32_t slots) noexcept {
    for (std::uint32_t done = 0;; ++done, ++moved_) {
        std::uint64_t& slot = old_.slot()[(begin_ + moved_) & old_.mask];
        if (slot == 0) {
            if (moved_ > old_.mask) break;  // round once; behind the end a run may have gone on
            if (done >= slots) return;
            continue;
        }
        put(now_, slot);
        slot = 0;
    }
    old_ = Slots{};
}

}  // namespace pcapline
