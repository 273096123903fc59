#include "pcapline/conversation/flow_shards.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "pcapline/flow/flow_hash.h"

namespace pcapline {
namespace {

/// Which of so many shards follows a flow.
std::size_t shard_of(const FlowKey& key, std::size_t shards) {
    static const KeyedHash hash;
    return static_cast<std::size_t>(hash(key) % shards);
}

}  // namespace

void FlowShards::Share::clear() {
    frames.clear();
    flows.clear();
    inner.clear();
    bad.clear();
    numbers.clear();
    ordinals.clear();
}

FlowShards::FlowShards(const TrackRules& rules, unsigned threads, const FlowTracker::OnEnd& on_end)
    : rules_(rules), reader_(rules_.key, rules_.local, rules_.parts.tcp) {
    const std::size_t shards = threads <= 1 ? 0 : rules_.limits.any() || rules_.write_on_end ? 1 : threads - std::size_t{1};
    for (std::size_t i = 0; i < std::max<std::size_t>(shards, 1); ++i) trackers_.push_back(std::make_unique<FlowTracker>(rules_, on_end));
    if (shards == 0) return;
    items_ = std::make_unique<Broadcast<Item>>(batches, together, shards);
    try {
        for (std::size_t i = 0; i < shards; ++i) threads_.emplace_back([this, i] { follow(i); });
    } catch (const std::system_error&) {
        // No more threads are to be had: do it all here.
        join();
        trackers_.resize(1);
    }
}

void FlowShards::join() {
    if (items_) items_->finish();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    items_.reset();
}

void FlowShards::follow(std::size_t shard) {
    while (Item* const item = items_->read(shard)) {
        FlowTracker& tracker = *trackers_[shard];
        if (trackers_.size() == 1) {
            tracker.add(item->all);
        } else {
            const Share& share = item->shares[shard];
            tracker.add({share.frames, share.flows, share.inner, share.bad, share.numbers, 1, share.ordinals, item->all.has_interface});
        }
        items_->release(shard);
    }
}

void FlowShards::add(Batch& batch, bool has_interface) {
    const FlowFrames frames = reader_.read(batch, has_interface);
    if (!items_) {
        trackers_.front()->add(frames);
        return;
    }
    Item& item = items_->next();
    item.all = frames;
    if (trackers_.size() == 1) {
        reader_.exchange(item.flows, item.inner, item.bad);  // what `frames` sees lies in the item from now on
    } else {
        share_out(item, frames);
    }
    std::swap(item.batch, batch);
    item.all.frames = item.batch.frames;
    item.all.numbers = item.batch.numbers;
    items_->push();
}

void FlowShards::share_out(Item& item, const FlowFrames& frames) {
    item.shares.resize(trackers_.size());
    for (Share& share : item.shares) share.clear();
    for (std::size_t i = 0; i < frames.frames.size(); ++i) {
        ++packets_;
        if (!frames.flows[i].has_flow()) continue;
        Share& share = item.shares[shard_of(frames.flows[i].key, item.shares.size())];
        share.frames.push_back(frames.frames[i]);
        share.flows.push_back(frames.flows[i]);
        share.inner.push_back(frames.inner[i]);
        if (!frames.bad.empty()) share.bad.push_back(frames.bad[i]);
        share.numbers.push_back(frames.number_of(i));
        share.ordinals.push_back(packets_);
    }
}

void FlowShards::finish() {
    join();
    if (trackers_.size() == 1) return;
    std::vector<std::pair<std::uint64_t, Flow>> begun;  // by first packet
    for (std::uint32_t shard = 0; shard < trackers_.size(); ++shard)
        for (const FlowTracker::Id id : trackers_[shard]->by_number())
            look_at({shard, id}, [&](const FlowView& view) { begun.push_back({view.head.number, {shard, id}}); });
    std::sort(begun.begin(), begun.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::uint64_t number = 0;
    for (const auto& [first, flow] : begun) trackers_[flow.shard]->set_number(flow.id, ++number);
}

std::vector<FlowShards::Flow> FlowShards::in_order() {
    if (trackers_.size() == 1) {  // in less memory
        const std::vector<FlowTracker::Id> ids = only().in_order();
        std::vector<Flow> flows(ids.size());
        std::transform(ids.begin(), ids.end(), flows.begin(), [](FlowTracker::Id id) { return Flow{0, id}; });
        return flows;
    }
    struct Begun {
        std::int64_t start;
        std::uint64_t number;
        Flow flow;
    };
    std::vector<Begun> begun;
    for (std::uint32_t shard = 0; shard < trackers_.size(); ++shard)
        for (const FlowTracker::Id id : trackers_[shard]->by_number())
            look_at({shard, id}, [&](const FlowView& view) {
                begun.push_back({view.flow.counts.first_ns(), view.head.number, {shard, id}});
            });
    const auto before = [](const Begun& a, const Begun& b) { return a.start != b.start ? a.start < b.start : a.number < b.number; };
    if (!std::is_sorted(begun.begin(), begun.end(), before)) std::sort(begun.begin(), begun.end(), before);
    std::vector<Flow> flows(begun.size());
    std::transform(begun.begin(), begun.end(), flows.begin(), [](const Begun& one) { return one.flow; });
    return flows;
}

}  // namespace pcapline
