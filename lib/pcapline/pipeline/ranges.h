// run_ranges(): one plain file on several threads, with the answer of one.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "pcapline/capture/frame_source.h"

namespace pcapline {

/// How a file went that was read in ranges.
struct RangesOutcome {
    bool complete = false;      ///< false: the file cannot be cut (or we were told to stop): read it with one thread
    std::uint64_t packets = 0;  ///< read, before filters
    std::optional<Damage> damage;
};

/// Each thread takes one range after another, reads it on its own, and hands its analyser over in file order. That a range
/// began where the one before it ended is checked; where it did not, the range is read again from the right place.
/// `Analyser` needs clear(); `add(analyser, batch)` runs on many threads at once, `hand_over(analyser, reader)` on one at a time, in order.
template <class Analyser, class Make, class Add, class HandOver, class Stopped>
RangesOutcome run_ranges(const FrameSource& head, unsigned threads, std::uint64_t range_size, Make make, Add add, HandOver hand_over,
                         Stopped stopped) {
    const std::uint64_t size = head.source().plain_size();
    const std::uint64_t ranges = (size + range_size - 1) / range_size;
    std::mutex mutex;
    std::condition_variable turned;
    std::uint64_t turn = 0;         // the range whose hand-over is next
    std::uint64_t next_record = 0;  // where it must begin
    bool ended = false;             // damage, or the file cannot be cut
    RangesOutcome outcome;
    std::atomic<std::uint64_t> next_range{0};

    // Reads a range into `analyser`; counts the packets.
    const auto read = [&](const FrameRange& range, Analyser& analyser, std::uint64_t& packets) -> std::unique_ptr<RangeReader> {
        packets = 0;
        auto reader = open_range(head, range);
        if (!reader) return nullptr;
        Batch batch;
        while (!stopped() && (*reader)->next(batch)) {
            packets += batch.frames.size();
            add(analyser, batch);
        }
        return std::move(*reader);
    };

    const auto work = [&] {
        Analyser analyser = make();
        while (true) {
            const std::uint64_t at = next_range.fetch_add(1);
            if (at >= ranges) return;
            FrameRange range;
            range.fd = head.source().plain_fd();
            range.name = head.source().name();
            range.begin = at * range_size;
            range.end = std::min(size, range.begin + range_size);
            range.exact = at == 0;
            std::uint64_t packets = 0;
            std::unique_ptr<RangeReader> reader = read(range, analyser, packets);

            std::unique_lock lock{mutex};
            turned.wait(lock, [&] { return turn == at || ended; });
            if (ended) return;
            const bool joined = reader && (at == 0 || reader->first_record() == next_record ||
                                           (next_record >= range.end && packets == 0 && !reader->damage()));
            if (!joined) {  // the search was misled: this time from the right place
                analyser.clear();
                packets = 0;
                reader.reset();
                if (next_record < range.end) {
                    range.begin = next_record;
                    range.exact = true;
                    reader = read(range, analyser, packets);
                    if (!reader) ended = true;
                }
            }
            if (stopped() || (reader && !reader->independent())) ended = true;
            if (!ended) {
                if (reader) {
                    if (next_record < reader->next_record()) next_record = reader->next_record();
                    if (reader->damage()) {
                        outcome.damage = reader->damage();
                        outcome.damage->good_packets = outcome.packets + packets;
                        ended = true;
                    }
                    hand_over(analyser, *reader);
                }
                outcome.packets += packets;
                if (at + 1 == ranges || outcome.damage) outcome.complete = true;
            }
            analyser.clear();
            ++turn;
            lock.unlock();
            turned.notify_all();
        }
    };

    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads; ++i) workers.emplace_back(work);
    work();
    for (std::thread& worker : workers) worker.join();
    return outcome;
}

}  // namespace pcapline
