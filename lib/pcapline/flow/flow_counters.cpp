#include "pcapline/flow/flow_counters.h"

#include <cstring>
#include <utility>

namespace pcapline {

void BasicCounts::add_small(std::uint64_t sums, std::uint16_t counts, WayCounts& to) {
    constexpr std::uint64_t sum_mask = (std::uint64_t{1} << sum_bits) - 1;
    to.packets += counts % one_with_payload;
    to.payload_packets += counts / one_with_payload;
    to.wire_bytes += sums & sum_mask;
    to.ip_bytes += sums >> ip_at & sum_mask;
    to.payload_bytes += sums >> payload_at & sum_mask;
}

void BasicCounts::add_large(const PacketFacts& facts, FlowPools& pools) {
    if (room_ == Pool<detail::LargeCounts>::none) room_ = pools.large.take();
    const auto way = static_cast<std::size_t>(facts.way);
    WayCounts& counts = pools.large[room_].ways[way];
    add_small(std::exchange(sums_[way], 0), std::exchange(counts_[way], std::uint16_t{0}), counts);
    ++counts.packets;
    counts.payload_packets += facts.payload_bytes != 0 ? 1U : 0U;
    counts.wire_bytes += facts.wire_bytes;
    counts.ip_bytes += facts.ip_bytes;
    counts.payload_bytes += facts.payload_bytes;
    counts.fragments += facts.fragment ? 1U : 0U;
}

WayCounts BasicCounts::of(Way way, const FlowPools& pools) const {
    const auto at = static_cast<std::size_t>(way);
    WayCounts counts;
    if (room_ != Pool<detail::LargeCounts>::none) counts = pools.large[room_].ways[at];
    add_small(sums_[at], counts_[at], counts);
    return counts;
}

void BasicCounts::flip(FlowPools& pools) {
    std::swap(sums_[0], sums_[1]);
    std::swap(counts_[0], counts_[1]);
    if (room_ != Pool<detail::LargeCounts>::none) std::swap(pools.large[room_].ways[0], pools.large[room_].ways[1]);
}

void ShapeCounts::add(const PacketFacts& facts, FlowPools&) {
    Shape& shape = shapes[static_cast<std::size_t>(facts.way)];
    shape.sizes.add(facts.wire_bytes);
    shape.smallest = std::min(shape.smallest, facts.wire_bytes);
    shape.largest = std::max(shape.largest, facts.wire_bytes);
    if (facts.time_ns == no_time) return;
    if (shape.last_ns != no_time) {
        const std::uint64_t gap =
            facts.time_ns > shape.last_ns ? static_cast<std::uint64_t>(facts.time_ns) - static_cast<std::uint64_t>(shape.last_ns) : 0;
        shape.gaps.add(gap);
        shape.shortest_gap = std::min(shape.shortest_gap, gap);
        shape.longest_gap = std::max(shape.longest_gap, gap);
    }
    shape.last_ns = facts.time_ns;
}

void LinkAddresses::set(const Frame& frame, const Packet& packet, std::uint8_t ethernet, Way way) {
    if (ethernet == Packet::no_layer) return;
    const Ethernet header{first_of<Ethernet::size>(bytes_of(frame, packet.layers[ethernet]))};
    has_mac = true;
    std::memcpy(src_mac.data(), header.src().data(), src_mac.size());
    std::memcpy(dst_mac.data(), header.dst().data(), dst_mac.size());
    if (way == Way::ba) std::swap(src_mac, dst_mac);
}

}  // namespace pcapline
