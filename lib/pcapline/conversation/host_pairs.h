// HostPairs: the report of pairs of hosts that a well-known Python tool made, put right.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pcapline/base/exact.h"
#include "pcapline/capture/batch.h"
#include "pcapline/conversation/flow_tracker.h"
#include "pcapline/output/row_writer.h"
#include "pcapline/output/text_buffer.h"

namespace pcapline {

/// How it is reckoned (doc/formats.md).
struct HostPairRules {
    bool original_interval = false;  ///< the running half-average of the original, not the mean
    bool original_bad = false;       ///< keep-alives, window updates and duplicate ACKs are bad too
};

/// Packets of one size and direction in one application: how long apart they are.
struct PacketInterval {
    Moments gaps;                  ///< ns
    std::uint64_t running_ns = 0;  ///< the original's value, if there are gaps
};

/// All conversations of two hosts.
struct HostPair {
    using Intervals = std::vector<std::pair<std::string, PacketInterval>>;  ///< "TCP_HTTP_TLS_66B", by first packet

    std::string a;  ///< began the earliest conversation
    std::string b;
    std::uint64_t count = 0;                ///< conversations
    std::vector<std::string> applications;  ///< in order of first use
    std::vector<std::int64_t> start_times;  ///< ns; of each conversation, ascending
    Intervals ab;
    Intervals ba;
    std::uint64_t bytes = 0;  ///< original lengths, like the next ones
    std::uint64_t bad_packets = 0;
    std::uint64_t bad_bytes = 0;
    std::uint64_t retransmissions = 0;
    std::uint64_t retransmitted_bytes = 0;
    Moments repeats;  ///< ns between starts, from three conversations on
};

/// Columns of a pair for CSV, TSV and tables.
std::vector<RowColumn<HostPair>> host_pair_columns();

/// Follows the flows of an input and tells what hosts do with each other. Memory grows with the pairs, and with the sizes of packets in
/// the flows that last.
class HostPairs {
 public:
    HostPairs(TrackRules rules, const HostPairRules& reckon);
    HostPairs(const HostPairs&) = delete;
    HostPairs& operator=(const HostPairs&) = delete;

    /// Packets in file order.
    void add(const Batch& batch);
    /// The end of the input: the pairs by first packet. Call it once.
    const std::vector<HostPair>& finish();

    /// One pair as a JSON object.
    void put_json(TextBuffer& out, const HostPair& pair) const;
    /// Totals of the report as JSON members, `"packet_count":…` to `"unhandled_types":{…}`.
    void put_totals(TextBuffer& out) const;

 private:
    struct Series {
        std::uint32_t size = 0;
        Way way = Way::ab;
        std::int64_t last_ns = no_time;
        PacketInterval interval;
    };
    /// Of one flow.
    struct Notes {
        std::vector<Series> series;
        std::uint64_t bytes = 0;
        std::uint64_t bad_packets = 0;
        std::uint64_t bad_bytes = 0;
        std::uint64_t retransmissions = 0;
        std::uint64_t retransmitted_bytes = 0;
    };
    /// A pair that may still get conversations: `a` is the address that sorts first as text.
    struct Making {
        HostPair pair;
        std::uint64_t first_flow = ~std::uint64_t{0};  ///< number of its first conversation, by first packet
        std::uint64_t earliest = ~std::uint64_t{0};    ///< start of the earliest conversation, as a number that sorts
        bool a_began = true;                           ///< that one
    };

    void note(const FlowHead& head, const PacketFacts& facts, Events events);
    void end_flow(const FlowView& view);
    void merge(HostPair::Intervals& intervals, const std::string& name, const PacketInterval& interval) const;
    bool is_bad(Events events) const;
    void count_unhandled(const Frame& frame);

    HostPairRules reckon_;
    TrackRules rules_;
    FlowTracker tracker_;
    std::unordered_map<std::uint64_t, Notes> notes_;  ///< by the number of the flow
    std::map<std::pair<std::string, std::string>, Making> making_;
    std::vector<HostPair> pairs_;
    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t flow_bytes_ = 0;
    std::uint64_t unhandled_bytes_ = 0;
    std::map<std::string, std::uint64_t> unhandled_types_;
    std::int64_t first_ns_ = no_time;
    std::int64_t last_ns_ = no_time;
    Packet packet_;
};

}  // namespace pcapline
