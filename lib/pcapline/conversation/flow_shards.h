// FlowShards: the flows of an input, followed by several threads.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "pcapline/conversation/flow_tracker.h"
#include "pcapline/parallel/broadcast.h"

namespace pcapline {

/// FlowTracker for any number of threads, with the same answer: the thread that adds batches finds out which flow each frame is of, the
/// others follow the flows, each its own ones, in file order. Where the order of packets of different flows matters (limits and timeouts),
/// there is one such thread at most.
class FlowShards {
 public:
    /// `threads`: with the one that adds; 1 runs none. Threads that cannot be had are done without.
    FlowShards(const TrackRules& rules, unsigned threads, const FlowTracker::OnEnd& on_end);
    FlowShards(const FlowShards&) = delete;
    FlowShards& operator=(const FlowShards&) = delete;
    ~FlowShards() { join(); }

    /// Takes what is in the batch, which may be empty or from an earlier time then.
    void add(Batch& batch, bool has_interface);
    /// After the last batch, before all that follows. Flows have their numbers then.
    void finish();

    /// A flow that has not been handed over.
    struct Flow {
        std::uint32_t shard;
        FlowTracker::Id id;
    };
    /// All of them, by start, then by number.
    std::vector<Flow> in_order();
    /// From any thread, if none adds or finishes.
    template <class Use>
    void look_at(Flow flow, Use use) {
        trackers_[flow.shard]->look_at(flow.id, use);
    }

    /// Packets of no flow.
    std::uint64_t not_ip() const { return reader_.left_out(); }
    /// Packets left out as local.
    std::uint64_t local() const { return reader_.local(); }
    /// Where all flows are, if there is one thread only.
    FlowTracker& only() { return *trackers_.front(); }

 private:
    /// What one thread is to follow, copied so that it lies together.
    struct Share {
        std::vector<Frame> frames;
        std::vector<FlowOf> flows;
        std::vector<Innermost> inner;
        std::vector<std::uint8_t> bad;
        std::vector<std::uint64_t> numbers;
        std::vector<std::uint64_t> ordinals;
        void clear();
    };
    struct Item {
        Batch batch;
        std::vector<FlowOf> flows;
        std::vector<Innermost> inner;
        std::vector<std::uint8_t> bad;
        FlowFrames all;             ///< for the only shard
        std::vector<Share> shares;  ///< for several
    };
    static constexpr std::size_t batches = 64;  ///< on their way at once: 8 MiB or so
    static constexpr std::size_t together = 8;

    void follow(std::size_t shard);
    void share_out(Item& item, const FlowFrames& frames);
    void join();

    TrackRules rules_;
    FlowFrameReader reader_;
    std::vector<std::unique_ptr<FlowTracker>> trackers_;
    std::unique_ptr<Broadcast<Item>> items_;
    std::vector<std::thread> threads_;
    std::uint64_t packets_ = 0;
};

}  // namespace pcapline
