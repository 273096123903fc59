// Jobs done by many threads, answers in the order of the jobs.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "pcapline/base/result.h"

namespace pcapline {

/// How much runs at once.
struct OrderedLimits {
    unsigned workers = 1;       ///< threads; up to 1 means none: the work is done by whoever takes the answers
    std::size_t in_flight = 4;  ///< most jobs that were begun and whose answers are not taken yet: bounds the memory
};

/// Takes numbered jobs from one place, works on them in several threads, and hands out the answers in the order of the jobs.
/// The first error in that order ends it: what comes before it is handed out, what comes after it is not, so one thread and
/// many give the same. Destroying it early stops it: no job is begun any more, those that are begun are waited for.
template <class Job, class Answer>
class Ordered {
 public:
    /// The next job; nothing at the end. Called by one thread at a time, but not always by the same.
    using Next = std::function<Result<std::optional<Job>>()>;
    /// Does a job; `worker` counts from 0, so that each can have its own tools.
    using Work = std::function<Result<Answer>(unsigned worker, Job job)>;

    Ordered(OrderedLimits limits, Next next, Work work) : next_(std::move(next)), work_(std::move(work)) {
        if (limits.workers <= 1) return;
        slots_.resize(std::max<std::size_t>(limits.in_flight, limits.workers));
        threads_.reserve(limits.workers);
        try {
            for (unsigned i = 0; i < limits.workers; ++i) threads_.emplace_back([this, i] { run(i); });
        } catch (const std::system_error&) {
            // No more threads are to be had: those that there are do the work, or the caller does.
        }
    }
    Ordered(const Ordered&) = delete;
    Ordered& operator=(const Ordered&) = delete;
    ~Ordered() {
        stop();
        for (std::thread& thread : threads_) thread.join();
    }

    /// The next answer, waiting for it; nothing after the last. After an error there is nothing more.
    Result<std::optional<Answer>> take() {
        if (threads_.empty()) return take_here();
        std::unique_lock lock{mutex_};
        Slot& slot = slots_[taken_ % slots_.size()];
        answered_.wait(lock, [&] { return slot.has_value() || taken_ == jobs_ || cancelled_; });
        if (!slot || cancelled_) return std::optional<Answer>{};
        Result<Answer> answer = std::move(*slot);
        slot.reset();
        ++taken_;
        lock.unlock();
        taken_one_.notify_one();
        if (!answer) {
            stop();
            return answer.error();
        }
        return std::optional<Answer>{std::move(*answer)};
    }

    /// No more answers are wanted: no further job is begun, take() answers nothing. Any thread may call it.
    void stop() {
        {
            const std::lock_guard lock{mutex_};
            stopped_ = cancelled_ = true;
        }
        taken_one_.notify_all();
        answered_.notify_all();
    }

 private:
    using Slot = std::optional<Result<Answer>>;
    static constexpr std::uint64_t unknown = UINT64_MAX;

    template <class Call>
    static auto guarded(Call&& call) -> decltype(call()) {
        try {
            return call();
        } catch (const std::bad_alloc&) {
            return Error{Errc::memory, "out of memory"};
        }
    }

    Result<std::optional<Answer>> take_here() {
        if (stopped_) return std::optional<Answer>{};
        Result<std::optional<Job>> job = next_();
        stopped_ = !job || !*job;
        if (!job) return job.error();
        if (!*job) return std::optional<Answer>{};
        Result<Answer> answer = work_(0, std::move(**job));
        stopped_ = !answer;
        if (!answer) return answer.error();
        return std::optional<Answer>{std::move(*answer)};
    }

    void run(unsigned worker) {
        while (true) {
            std::unique_lock reading{next_mutex_};
            std::uint64_t number = 0;
            {
                std::unique_lock lock{mutex_};
                taken_one_.wait(lock, [this] { return stopped_ || begun_ - taken_ < slots_.size(); });
                if (stopped_) return;
                number = begun_;
            }
            Result<std::optional<Job>> job = guarded([this] { return next_(); });
            if (!job) {
                answer(number, job.error(), true);
                return;
            }
            if (!*job) {
                end(number);
                return;
            }
            {
                const std::lock_guard lock{mutex_};
                ++begun_;
            }
            reading.unlock();
            Result<Answer> done = guarded([&] { return work_(worker, std::move(**job)); });
            const bool failed = !done;
            answer(number, std::move(done), failed);
            if (failed) return;
        }
    }

    void answer(std::uint64_t number, Result<Answer> answer, bool last) {
        {
            const std::lock_guard lock{mutex_};
            slots_[number % slots_.size()].emplace(std::move(answer));
            if (last) stopped_ = true;
        }
        answered_.notify_one();
        if (last) taken_one_.notify_all();
    }

    void end(std::uint64_t number) {
        {
            const std::lock_guard lock{mutex_};
            stopped_ = true;
            jobs_ = number;
        }
        answered_.notify_one();
        taken_one_.notify_all();
    }

    Next next_;
    Work work_;
    std::mutex next_mutex_;  // who holds it may call next_; taken before mutex_
    std::mutex mutex_;       // all below
    std::condition_variable answered_;
    std::condition_variable taken_one_;
    std::vector<Slot> slots_;
    std::uint64_t begun_ = 0;
    std::uint64_t taken_ = 0;
    std::uint64_t jobs_ = unknown;  // how many there are, once that is known
    bool stopped_ = false;          // no further job
    bool cancelled_ = false;        // nor any further answer
    std::vector<std::thread> threads_;
};

/// Reads, works and hands on: `next` and `work` as in Ordered, `hand_on(Answer)` in the calling thread and in the order of
/// the jobs. hand_on returns Result<bool>; false stops early, and that is no error.
template <class Job, class Answer, class HandOn>
Result<void> run_ordered(OrderedLimits limits, typename Ordered<Job, Answer>::Next next, typename Ordered<Job, Answer>::Work work,
                         HandOn&& hand_on) {
    Ordered<Job, Answer> ordered{limits, std::move(next), std::move(work)};
    while (true) {
        Result<std::optional<Answer>> answer = ordered.take();
        if (!answer) return answer.error();
        if (!*answer) return {};
        const Result<bool> more = hand_on(std::move(**answer));
        if (!more) return more.error();
        if (!*more) return {};
    }
}

}  // namespace pcapline
