// How `stats` counts a file: in ranges on several threads where that pays.
#pragma once

#include <optional>

#include "apps/common/threads.h"
#include "pcapline/pipeline/input.h"
#include "pcapline/pipeline/ranges.h"

namespace pcapline::cli {

/// Counts the open file of `input` on `threads` (empty: as many as pay), each range into an Analyser of its own;
/// hand_over(analyser, reader) takes them in file order, passed() then tells how many packets have passed the filters. False if the
/// file is to be read by one thread from its beginning: what was handed over does not count then. stopped() is asked on all threads.
template <class Analyser, class Make, class HandOver, class Passed, class Stopped>
bool count_in_ranges(PacketInput& input, std::optional<unsigned> threads, Make make, HandOver hand_over, Passed passed, Stopped stopped) {
    constexpr std::uint64_t range_size = 4 * 1024 * 1024;
    const FrameSource& head = input.source();
    const unsigned count = threads_for(threads, head);
    if (count < 2) return false;
    input.prepare_filter(head.interfaces());
    const auto add = [&](Analyser& analyser, Batch& batch) {
        input.filter_frames(batch);
        analyser.add(batch.frames);
    };
    const RangesOutcome outcome = run_ranges<Analyser>(head, count, range_size, make, add, hand_over, stopped);
    if (!outcome.complete) return false;
    input.count_passed(outcome.packets, passed());
    if (outcome.damage) input.add_damage(*outcome.damage);
    return true;
}

}  // namespace pcapline::cli
