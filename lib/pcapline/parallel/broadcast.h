// Broadcast: one thread fills items, others see each of them, in order.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace pcapline {

/// A ring of items that are made once and filled again and again: nothing is allocated on the way. One thread writes; each of the
/// readers sees all items, in order, and may change its own share of them. Must outlive every thread that uses it.
template <class Item>
class Broadcast {
 public:
    /// `size` items (a multiple of `together`) exist; readers are woken for `together` of them at a time.
    Broadcast(std::size_t size, std::size_t together, std::size_t readers)
        : items_(size), together_(together), done_(std::make_unique<Place[]>(readers)), readers_(readers) {}
    Broadcast(const Broadcast&) = delete;
    Broadcast& operator=(const Broadcast&) = delete;

    /// The writer's next item, waiting until no reader needs it any more. What is in it is from an earlier use.
    Item& next() {
        for (std::size_t reader = 0; reader < readers_; ++reader) {
            std::atomic<std::uint64_t>& done = done_[reader].count;
            for (std::uint64_t seen = done.load(std::memory_order_acquire); written_ - seen >= items_.size();
                 seen = done.load(std::memory_order_acquire))
                done.wait(seen, std::memory_order_acquire);
        }
        return items_[written_ % items_.size()];
    }
    /// The item that next() gave is filled.
    void push() {
        if (++written_ % together_ == 0) show(0);
    }
    /// No item will come any more.
    void finish() { show(ended); }

    /// The reader's next item, waiting for it; null after the last. It may be used until release().
    Item* read(std::size_t reader) {
        const std::uint64_t at = done_[reader].count.load(std::memory_order_relaxed) + done_[reader].held;
        for (;;) {
            const std::uint64_t shown = shown_.load(std::memory_order_acquire);
            if (at < (shown & ~ended)) return &items_[at % items_.size()];
            if ((shown & ended) != 0) return nullptr;
            release_all(reader);
            shown_.wait(shown, std::memory_order_acquire);
        }
    }
    /// The item that read() gave is not needed any more.
    void release(std::size_t reader) {
        if (++done_[reader].held == together_) release_all(reader);
    }

 private:
    static constexpr std::uint64_t ended = std::uint64_t{1} << 63;
    /// A reader's place, on a line of the cache for itself.
    struct alignas(64) Place {
        std::atomic<std::uint64_t> count{0};  ///< items that the writer may have back
        std::uint64_t held = 0;               ///< read since then; the reader's
    };

    void show(std::uint64_t end) {
        shown_.store(written_ | end, std::memory_order_release);
        shown_.notify_all();
    }
    void release_all(std::size_t reader) {
        Place& place = done_[reader];
        if (place.held == 0) return;
        place.count.fetch_add(place.held, std::memory_order_release);
        place.held = 0;
        place.count.notify_one();
    }

    std::vector<Item> items_;
    std::size_t together_;
    std::uint64_t written_ = 0;  ///< the writer's
    alignas(64) std::atomic<std::uint64_t> shown_{0};
    std::unique_ptr<Place[]> done_;
    std::size_t readers_;
};

}  // namespace pcapline
