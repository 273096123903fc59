// Queue: items from some threads to others, bounded, closable from both ends.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace pcapline {

/// A bounded queue for any number of writing and reading threads. One lock an item: make items batches.
/// Must outlive every thread that uses it.
template <class T>
class Queue {
 public:
    /// At most `capacity` items (at least 1) wait in it.
    explicit Queue(std::size_t capacity) : capacity_(capacity == 0 ? 1 : capacity) {}
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    /// Waits for room. False if the queue is closed at either end: the item is gone, and there is no use in more.
    bool push(T item) {
        std::unique_lock lock{mutex_};
        has_room_.wait(lock, [this] { return items_.size() < capacity_ || finished_ || cancelled_; });
        if (finished_ || cancelled_) return false;
        items_.push_back(std::move(item));
        lock.unlock();
        has_item_.notify_one();
        return true;
    }

    /// Waits for an item. Nothing: no item is left and none will come.
    std::optional<T> pop() {
        std::unique_lock lock{mutex_};
        has_item_.wait(lock, [this] { return !items_.empty() || finished_ || cancelled_; });
        if (items_.empty()) return std::nullopt;
        std::optional<T> item{std::move(items_.front())};
        items_.pop_front();
        lock.unlock();
        has_room_.notify_one();
        return item;
    }

    /// The writing end: no more items will come; those that are in it can still be taken.
    void finish() { close(finished_, false); }
    /// The reading end: no more items are wanted; those that are in it are dropped, and who waits with one goes on.
    void cancel() { close(cancelled_, true); }

 private:
    void close(bool& flag, bool drop) {
        std::deque<T> dropped;  // destroyed after the lock is gone
        {
            const std::lock_guard lock{mutex_};
            flag = true;
            if (drop) dropped.swap(items_);
        }
        has_item_.notify_all();
        has_room_.notify_all();
    }

    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable has_item_;
    std::condition_variable has_room_;
    std::deque<T> items_;
    bool finished_ = false;
    bool cancelled_ = false;
};

}  // namespace pcapline
