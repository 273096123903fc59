// What is counted of a flow, in parts, so that what is not asked for takes neither time nor memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "pcapline/base/exact.h"
#include "pcapline/base/frame.h"
#include "pcapline/decode/innermost.h"
#include "pcapline/flow/flow_key.h"
#include "pcapline/flow/pool.h"
#include "pcapline/flow/segment.h"

namespace pcapline {

/// What is counted of a packet (records.md §1).
struct PacketFacts {
    std::int64_t time_ns = no_time;
    std::uint32_t wire_bytes = 0;
    std::uint32_t ip_bytes = 0;
    std::uint32_t payload_bytes = 0;
    std::uint16_t tcp_flags = 0;  ///< Tcp::syn and so on; 0 for other protocols
    bool fragment = false;
    Way way = Way::ab;
};

/// `inner`: of the IP header that the key is of. `a_is_low`: FlowHead's.
[[gnu::always_inline]] inline PacketFacts facts_of(const Frame& frame, const Innermost& inner, const FlowOf& flow, bool a_is_low) {
    PacketFacts facts;
    facts.time_ns = frame.time_ns;
    facts.wire_bytes = frame.wire_len;
    facts.ip_bytes = inner.ip_bytes;
    facts.payload_bytes = inner.payload_bytes;
    facts.tcp_flags = flow.tcp_flags;
    facts.fragment = flow.fragment != FragmentPart::none;
    facts.way = flow.from_low == a_is_low ? Way::ab : Way::ba;
    return facts;
}

/// Packets and bytes of one direction: exact, up to 2^64.
struct WayCounts {
    std::uint64_t packets = 0;
    std::uint64_t payload_packets = 0;
    std::uint64_t wire_bytes = 0;
    std::uint64_t ip_bytes = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t fragments = 0;
};

namespace detail {
/// What small counts did not hold.
struct LargeCounts {
    std::array<WayCounts, 2> ways{};  ///< by Way
};
}  // namespace detail

/// What the records of one table share: room for those that need more than they have. Not thread-safe.
struct FlowPools {
    Pool<detail::LargeCounts> large;
    std::size_t bytes() const { return large.bytes(); }
};

/// A record made of parts. Each has add(facts, pools); one with rooms in the pools also gives them back.
template <class... Parts>
struct FlowRecord : Parts... {
    void add(const PacketFacts& facts, FlowPools& pools) { (Parts::add(facts, pools), ...); }
    /// Before the record is forgotten. Its counts are gone then.
    void give_back(FlowPools& pools) { (give_back_of<Parts>(pools), ...); }

 private:
    template <class Part>
    void give_back_of(FlowPools& pools) {
        if constexpr (requires(Part & part) { part.Part::give_back(pools); }) Part::give_back(pools);
    }
};

/// Packets, bytes, fragments and times. In 40 bytes, so that with a key of IPv4 addresses a flow is one cache line: small counts that go
/// to a room in the pools when they are full (255 packets or 1 MiB in one direction), or at a fragment. Most flows never need one.
class BasicCounts {
 public:
    [[gnu::always_inline]] void add(const PacketFacts& facts, FlowPools& pools) {
        if (facts.time_ns < first_ns_ && facts.time_ns != no_time) [[unlikely]]
            first_ns_ = facts.time_ns;
        last_ns_ = std::max(last_ns_, facts.time_ns);  // no_time is below all others
        const auto way = static_cast<std::size_t>(facts.way);
        const std::uint32_t all_bits = facts.wire_bytes | facts.ip_bytes | facts.payload_bytes;
        const std::uint64_t sums =
            sums_[way] + (facts.wire_bytes | std::uint64_t{facts.ip_bytes} << ip_at | std::uint64_t{facts.payload_bytes} << payload_at);
        const std::uint32_t counts = counts_[way] + 1U + (facts.payload_bytes != 0 ? one_with_payload : 0U);
        const bool full = (sums & full_sums) != 0 || (counts & most_packets) == most_packets;
        if (full || all_bits >> sum_bits != 0 || facts.fragment) [[unlikely]] {
            add_large(facts, pools);
            return;
        }
        sums_[way] = sums;
        counts_[way] = static_cast<std::uint16_t>(counts);
    }
    void give_back(FlowPools& pools) {
        if (room_ != Pool<detail::LargeCounts>::none) pools.large.give_back(room_);
        room_ = Pool<detail::LargeCounts>::none;
    }

    /// Exchanges the two directions.
    void flip(FlowPools& pools);

    WayCounts of(Way way, const FlowPools& pools) const;
    /// The earliest; no_time: no packet had one.
    std::int64_t first_ns() const { return last_ns_ == no_time ? no_time : first_ns_; }
    std::int64_t last_ns() const { return last_ns_; }  ///< the latest
    /// Never negative; 0 without times. Up to 2^64 ns.
    std::uint64_t duration_ns() const {
        return last_ns_ == no_time ? 0 : static_cast<std::uint64_t>(last_ns_) - static_cast<std::uint64_t>(first_ns_);
    }

 private:
    // In a word: three sums of 20 bits, each with a bit above it that says it is full. In a half: packets, those with payload.
    static constexpr unsigned sum_bits = 20;
    static constexpr unsigned ip_at = sum_bits + 1;
    static constexpr unsigned payload_at = 2 * ip_at;
    static constexpr std::uint64_t full_sums =
        (std::uint64_t{1} << sum_bits) * (1 + (std::uint64_t{1} << ip_at) + (std::uint64_t{1} << payload_at));
    static constexpr std::uint32_t most_packets = 255;
    static constexpr std::uint32_t one_with_payload = 256;

    static void add_small(std::uint64_t sums, std::uint16_t counts, WayCounts& to);
    void add_large(const PacketFacts& facts, FlowPools& pools);

    std::int64_t first_ns_ = std::numeric_limits<std::int64_t>::max();
    std::int64_t last_ns_ = no_time;
    std::array<std::uint64_t, 2> sums_{};    ///< by Way
    std::array<std::uint16_t, 2> counts_{};  ///< by Way
    std::uint32_t room_ = Pool<detail::LargeCounts>::none;
};
static_assert(sizeof(BasicCounts) == 40);

/// The union of TCP flags.
struct TcpFlagCounts {
    std::array<std::uint16_t, 2> tcp_flags{};  ///< by Way

    void add(const PacketFacts& facts, FlowPools&) { tcp_flags[static_cast<std::size_t>(facts.way)] |= facts.tcp_flags; }
};

/// Sizes of packets and the times between them.
struct ShapeCounts {
    struct Shape {
        Moments sizes;  ///< original lengths
        std::uint32_t smallest = std::numeric_limits<std::uint32_t>::max();
        std::uint32_t largest = 0;
        Moments gaps;  ///< ns between successive packets; 0 where time went back
        std::uint64_t shortest_gap = std::numeric_limits<std::uint64_t>::max();
        std::uint64_t longest_gap = 0;
        std::int64_t last_ns = no_time;
    };
    std::array<Shape, 2> shapes;  ///< by Way

    void add(const PacketFacts& facts, FlowPools&);
};

/// Ethernet addresses of the first packet.
struct LinkAddresses {
    std::array<std::uint8_t, 6> src_mac{};  ///< A's
    std::array<std::uint8_t, 6> dst_mac{};
    bool has_mac = false;

    void add(const PacketFacts&, FlowPools&) {}
    /// Of a flow's first packet. `ethernet`: ethernet_layer_of(), Packet::no_layer if it has none.
    void set(const Frame& frame, const Packet& packet, std::uint8_t ethernet, Way way);
};

}  // namespace pcapline
