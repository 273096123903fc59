// What `conversations` says of a capture adds up, whatever is asked for, and looks the same from the other side.
#include <cstring>
#include <map>

#include "pcapline/capture/frame_source.h"
#include "pcapline/conversation/flow_columns.h"
#include "pcapline/conversation/pair_tracker.h"
#include "support/catch.h"
#include "support/corpus.h"

using namespace pcapline;
using namespace pcapline::test;

namespace {

constexpr std::uint64_t most_packets = 100'000;  ///< of a file

struct Sums {
    std::uint64_t packets = 0;
    std::uint64_t wire_bytes = 0;
    std::uint64_t ip_bytes = 0;
    std::uint64_t payload_bytes = 0;
    bool operator==(const Sums&) const = default;
    void add(const WayCounts& counts) {
        packets += counts.packets;
        wire_bytes += counts.wire_bytes;
        ip_bytes += counts.ip_bytes;
        payload_bytes += counts.payload_bytes;
    }
};

/// A run over a file, and what came of it.
struct Run {
    Run(const std::string& file, const TrackRules& rules, std::string_view columns,
        void (*change)(const Frame&, std::vector<std::uint8_t>&) = nullptr)
        : tracker(rules, [&](const FlowView& view) { use(view); }),
          chosen(*choose_flow_columns(columns)),
          writer(row_columns(chosen), style()) {
        auto source = open_capture(file);
        if (!source) return;
        Batch batch;
        std::vector<std::vector<std::uint8_t>> changed;
        while (packets < most_packets && (*source)->next(batch)) {
            for (const Frame& frame : batch.frames) all_bytes += frame.wire_len;
            packets += batch.frames.size();
            if (change != nullptr) {
                changed.assign(batch.frames.size(), {});
                for (std::size_t i = 0; i < batch.frames.size(); ++i) {
                    Frame& frame = batch.frames[i];
                    changed[i].assign(frame.data, frame.data + frame.cap_len);
                    change(frame, changed[i]);
                    frame.data = changed[i].data();
                }
            }
            tracker.add(batch, (*source)->info().format == CaptureFormat::pcapng);
        }
        for (const FlowTracker::Id id : tracker.in_order()) tracker.look_at(id, [&](const FlowView& view) { use(view); });
    }
    void use(const FlowView& view) {
        const FlowRow row{view, Applications::well_known()};
        for (const WayCounts& counts : row.counts) sums.add(counts);
        writer.row(text, row);
        ++flows;
    }
    static RowStyle style() {
        RowStyle csv;
        csv.format = Format::csv;
        return csv;
    }

    FlowTracker tracker;
    std::vector<const FlowColumn*> chosen;
    RowWriter<FlowRow> writer;
    TextBuffer text;
    Sums sums;
    std::uint64_t packets = 0;
    std::uint64_t all_bytes = 0;
    std::uint64_t flows = 0;
};

TrackRules rules_for(std::string_view columns) {
    TrackRules rules;
    rules.parts = parts_of(*choose_flow_columns(columns));
    return rules;
}

/// Exchanges the addresses and ports of every IP packet in a frame, but of those that ICMP errors quote.
void mirror(const Frame& frame, std::vector<std::uint8_t>& bytes) {
    Packet packet;
    decode(frame, packet);
    const auto exchange = [&](std::size_t one, std::size_t two, std::size_t size) {
        std::swap_ranges(&bytes[one], &bytes[one] + size, &bytes[two]);
    };
    for (std::uint8_t i = 0; i < packet.depth && packet.ip != Packet::no_layer && i <= packet.ip; ++i) {
        const Layer& layer = packet.layers[i];
        const Role role = roles[layer.proto];
        if (role == Role::ipv4) exchange(layer.begin + 12U, layer.begin + 16U, 4);
        if (role == Role::ipv6) exchange(layer.begin + 8U, layer.begin + 24U, 16);
        if (role != Role::ipv4 && role != Role::ipv6) continue;
        // The ports of a header that is cut or malformed count too.
        const detail::IpPacket ip = detail::look_at_ip(frame, packet, i);
        if (i != packet.ip || !has_ports(ip.protocol) || ip.above.size() < 4) continue;
        const auto begin = static_cast<std::size_t>(ip.above.data() - frame.data);
        exchange(begin, begin + 2, 2);
    }
}

}  // namespace

TEST_CASE("Every packet is in one flow or left out, whatever is tracked and however little room there is", "[laws][conversation]") {
    for (const std::string& file : corpus_files()) {
        CAPTURE(file);
        const Run all{file, rules_for("all"), "basic"};
        CHECK(all.sums.packets + all.tracker.not_ip() == all.packets);
        if (all.tracker.not_ip() == 0) CHECK(all.sums.wire_bytes == all.all_bytes);
        CHECK(all.flows == all.tracker.flows());

        const Run basic{file, rules_for("basic"), "basic"};
        if (basic.text.view() != all.text.view()) FAIL_CHECK("basic columns differ with what else is tracked");

        TrackRules little = rules_for("all");
        little.limits.max_flows = 5;
        const Run evicted{file, little, "basic"};
        CHECK(evicted.sums == all.sums);

        TrackRules apart = rules_for("tcp");
        apart.key.vlan = apart.key.tunnel = apart.key.interface = true;
        apart.limits.timeouts = {1'000'000'000, 1'000'000'000, 10'000'000'000};
        const Run other{file, apart, "tcp"};
        CHECK(other.sums == all.sums);
        CHECK(other.flows >= all.flows);
    }
}

TEST_CASE("Pairs of addresses have the packets of their flows", "[laws][conversation]") {
    for (const std::string& file : corpus_files()) {
        CAPTURE(file);
        const Run flows{file, rules_for("basic"), "basic"};
        for (const FlowBy by : {FlowBy::ip, FlowBy::eth}) {
            KeyRules rules;
            rules.by = by;
            Sums sums;
            std::uint64_t flows_of_pairs = 0;
            std::uint64_t packets = 0;
            const auto use = [&](const PairRow& row) {
                for (const WayCounts& counts : row.counts) sums.add(counts);
                flows_of_pairs += row.pair.flows;
            };
            PairTracker pairs{rules, {}, {}, use};
            auto source = open_capture(file);
            Batch batch;
            while (source && packets < most_packets && (*source)->next(batch)) {
                packets += batch.frames.size();
                pairs.add(batch);
            }
            for (const PairTracker::Id id : pairs.in_order()) pairs.look_at(id, use);
            CHECK(sums.packets + pairs.left_out() == packets);
            if (by == FlowBy::ip) CHECK(sums == flows.sums);
            // Without the rule of a new SYN there are fewer flows.
            CHECK(flows_of_pairs <= flows.flows);
        }
    }
}

TEST_CASE("Seen from the other side, a flow is the same with its ends exchanged", "[laws][conversation]") {
    // The application of a flow is that of the responder's port, which is the initiator's then.
    const std::string columns =
        "initiator,start_time,end_time,state,history,end_reason,packets_ab,packets_ba,ip_bytes_ab,ip_bytes_ba,payload_bytes_ab,payload_"
        "bytes_ba,"
        "tcp_flags_ab,tcp_flags_ba,retransmissions_ab,retransmissions_ba,out_of_order_ab,out_of_order_ba,duplicate_acks_ab,duplicate_acks_"
        "ba,"
        "lost_segments_ab,lost_segments_ba,zero_windows_ab,zero_windows_ba,rtt_samples_ab,rtt_mean_ab,rtt_samples_ba,rtt_mean_ba,shape,"
        "fragments_ab,fragments_ba";
    for (const std::string& file : corpus_files()) {
        CAPTURE(file);
        const Run one{file, rules_for(columns), columns};
        const Run other{file, rules_for(columns), columns, mirror};
        // Packets that quote others, or are fragments of what quotes them, are not the same from the other side.
        if (one.text.view() != other.text.view()) FAIL_CHECK("the mirrored capture has other records");
        const Run ends{file, rules_for("basic"), "src,sport,dst,dport"};
        const Run mirrored{file, rules_for("basic"), "dst,dport,src,sport", mirror};
        CHECK(ends.flows == mirrored.flows);
    }
}
