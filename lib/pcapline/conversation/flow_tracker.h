// FlowTracker: from packets to the flows that `conversations` writes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pcapline/base/networks.h"
#include "pcapline/capture/batch.h"
#include "pcapline/conversation/first_packet.h"
#include "pcapline/conversation/flow_frames.h"
#include "pcapline/conversation/origins.h"
#include "pcapline/conversation/tracked_flow.h"
#include "pcapline/decode/field.h"
#include "pcapline/flow/flow_table.h"
#include "pcapline/tcp/tcp_flow.h"

namespace pcapline {

/// What makes a flow, and what is kept of it.
struct TrackRules {
    KeyRules key;
    /// With max_flows or max_bytes, flows are handed over when they end. max_bytes: of all that is known of flows; what holds for all
    /// (fragments, names of tunnels) comes on top.
    FlowLimits limits;
    TrackedParts parts;
    bool new_on_syn = true;     ///< a SYN with another sequence number begins a new flow, as in tshark
    bool write_on_end = false;  ///< flows are handed over when they end, and forgotten; else only those that have no room
    Networks local;             ///< packets between these, or between them and groups, are left out
};

class FlowTracker;

/// One flow, as long as it is handed over.
struct FlowView {
    const FlowTracker& of;
    const FlowKey& key;
    const FlowHead& head;
    const TrackedFlow& flow;

    const Endpoint& a() const { return head.a_is_low ? key.low : key.high; }
    const Endpoint& b() const { return head.a_is_low ? key.high : key.low; }
};

/// Keeps the flows of an input. Packets come in file order, batch by batch.
class FlowTracker {
 public:
    /// Takes a flow that ends before the input does.
    using OnEnd = std::function<void(const FlowView&)>;

    FlowTracker(const TrackRules& rules, OnEnd on_end);
    FlowTracker(const FlowTracker&) = delete;
    FlowTracker& operator=(const FlowTracker&) = delete;

    /// Sees each packet of a flow when it has been counted. Events are empty unless TrackedParts::tcp.
    using OnPacket = std::function<void(const FlowHead&, const PacketFacts&, Events)>;
    void watch(OnPacket on_packet) { on_packet_ = std::move(on_packet); }

    /// `has_interface`: the file names interfaces.
    void add(const Batch& batch, bool has_interface) { add(reader_.read(batch, has_interface)); }
    /// Frames that another FlowFrameReader has read; used until the next ones come.
    void add(const FlowFrames& frames);
    /// Of each packet of the batch that was added last: its flow's number (0: of no flow),
    std::span<const std::uint64_t> flow_numbers() const { return numbers_; }
    /// and the key and direction by which that was found.
    std::span<const FlowOf> keys() const { return frames_.flows; }
    /// What the packet says of its IP packet.
    const Innermost& inner(std::size_t i) const { return frames_.inner[i]; }
    /// A flow that has not been handed over.
    using Id = FlowTable<TrackedFlow>::Id;
    /// All of them, by start, then by number.
    std::vector<Id> in_order();
    std::vector<Id> by_number() { return table_.ids(); }
    /// Those that last and had packets at `since` or later, by number.
    std::vector<Id> active_since(std::int64_t since);
    /// Gives a flow another number.
    void set_number(Id id, std::uint64_t number) {
        table_.look_at(id, [&](const FlowKey&, FlowHead& head, const TrackedFlow&) { head.number = number & FlowHead::most_flows; });
    }
    template <class Use>
    void look_at(Id id, Use use) {
        table_.look_at(id, [&](const FlowKey& key, const FlowHead& head, const TrackedFlow& flow) {
            use(FlowView{*this, key, head, flow});
        });
    }

    /// Memory that is held for flows.
    std::uint64_t bytes() const;

    // What views are made of.
    const TrackRules& rules() const { return rules_; }
    WayCounts counts(const FlowView& view, Way way) const { return view.flow.counts.of(way, pools_); }
    /// Null if not tracked. Valid until the next call of this or tcp().
    const StatePart* state(const FlowView& view) const;
    /// Null if not tracked, or not TCP.
    const TcpPart* tcp(const FlowView& view) const;
    TcpCounts tcp_counts(const TcpPart& part, Way way) const {
        return part.flow.counts(way, &part == &alone().part ? alone().pools : tcp_pools_);
    }
    const MoreParts* more(const FlowView& view) const;
    /// Calls use(way, original length, time) for the first packets, at most TrackedParts::first.
    template <class Use>
    void each_first(const FlowView& view, Use use) const {
        const FlowExtras extras = extras_of(view.flow);
        std::uint32_t few = extras.first;
        for (std::size_t i = 0; i < extras.kept; ++i) {
            const FirstFew& some = first_few_[few];
            const std::size_t place = i % FirstFew::room;
            use((some.from_b >> place & 1U) != 0 ? Way::ba : Way::ab, some.sizes[place], some.times[place]);
            if (place + 1 == FirstFew::room) few = some.next;
        }
    }
    const Origin& origin(const FlowView& view) const { return origins_[extras_of(view.flow).origin]; }
    /// TLS server name of the first hello that had one; empty: none.
    std::string_view server_name(const FlowView& view) const;
    EndReason end_reason(const FlowView& view) const;

    std::uint64_t flows() const { return table_.flows(); }
    /// Packets of no flow, of those added as batches.
    std::uint64_t not_ip() const { return reader_.left_out(); }
    /// Packets left out as local, of those added as batches.
    std::uint64_t local() const { return reader_.local(); }
    /// The latest time of a packet; no_time before the first.
    std::int64_t now() const { return now_; }

 private:
    friend class FlowTable<TrackedFlow>;
    // FlowTable's handler.
    bool restarts(std::size_t i, const FlowHead& head, const TrackedFlow& flow) const;
    void update(std::size_t i, FlowHead& head, TrackedFlow& flow, bool is_new);
    bool ended(const FlowKey& key, FlowHead& head, TrackedFlow& flow);

    struct Seen;  // a packet on its way through
    void begin_flow(const Seen& seen, FlowHead& head, TrackedFlow& flow);
    void learn_initiator(const Seen& seen, FlowHead& head, TrackedFlow& flow);
    void flip(TrackedFlow& flow);
    void keep_first(const PacketFacts& facts, TrackedFlow& flow);
    void follow_flags(const Seen& seen, Way way, TrackedFlow& flow);
    Events follow_state(const Seen& seen, const PacketFacts& facts, TrackedFlow& flow);
    Events follow_first(const Seen& seen, Way way, bool bad_checksum, TrackedFlow& flow);
    Events follow_tcp(const Seen& seen, Way way, bool bad_checksum, TcpPart& part);
    static Events take_first(const FirstPacket& first, TcpPart& part, TcpPools& pools);
    static Events take_segment(const Segment& segment, Way way, TcpPart& part, TcpPools& pools);
    bool read(const Seen& seen, bool bad_checksum, Segment& out) const;
    void begin_tcp(TrackedFlow& flow);
    static Events take_alone(const FirstPacket& first);
    void read_server_name(const Seen& seen, TrackedFlow& flow);
    Proto content_of(const Seen& packet);
    FlowExtras& extras_for(TrackedFlow& flow);
    FlowExtras extras_of(const TrackedFlow& flow) const { return flow.extras == TrackedFlow::none ? FlowExtras{} : extras_[flow.extras]; }
    void give_back(TrackedFlow& flow);
    void keep_within_limits();
    std::uint64_t used_bytes() const;
    /// Calls use(pool) for all of them.
    template <class Self, class Use>
    static void each_pool(Self& self, Use use) {
        use(self.pools_.large);
        use(self.tcp_pools_.troubles);
        use(self.tcp_pools_.in_flight);
        use(self.first_packets_);
        use(self.tcp_);
        use(self.states_);
        use(self.more_);
        use(self.extras_);
        use(self.first_few_);
    }
    Seen seen(std::size_t i) const;

    TrackRules rules_;
    OnEnd on_end_;
    OnPacket on_packet_;
    FlowFrameReader reader_;
    FlowPools pools_;
    TcpPools tcp_pools_;
    Pool<FirstPacket> first_packets_;
    Pool<TcpPart> tcp_;
    Pool<StatePart> states_;
    Pool<MoreParts> more_;
    Pool<FlowExtras> extras_;
    Pool<FirstFew> first_few_;
    Origins origins_;
    std::vector<std::string> server_names_;
    std::unordered_map<std::string, std::uint32_t> server_name_numbers_;
    std::uint64_t server_name_bytes_ = 0;
    FieldValues hello_;
    Packet packet_;
    FlowTable<TrackedFlow> table_;
    FlowFrames frames_;  ///< those at hand
    std::vector<std::uint64_t> numbers_;
    std::int64_t now_ = no_time;
    /// What the only packet of a flow would make of it, while that is looked at: one for each thread.
    struct Alone {
        TcpPart part;
        TcpPools pools;
    };
    static Alone& alone();
};

}  // namespace pcapline
