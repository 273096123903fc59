#include "pcapline/conversation/host_pairs.h"

#include <algorithm>
#include <cctype>

#include "pcapline/conversation/cells.h"
#include "pcapline/decode/application.h"
#include "pcapline/decode/edges.h"
#include "pcapline/decode/glance.h"
#include "pcapline/output/json_writer.h"

namespace pcapline {
namespace {

/// Of one conversation, as the original named it.
std::string application_of(const FlowView& view) {
    const Proto transport = detail::edges.find(Space::ip_proto, view.key.protocol);
    if (has_ports(view.key.protocol) && view.key.lacks_ports == 0)
        return original_name(transport, view.flow.content, PortPair{view.a().port, view.b().port});
    return original_name(transport, view.flow.content, std::nullopt);
}

std::uint64_t as_sorted(std::int64_t time_ns) {
    return static_cast<std::uint64_t>(time_ns) ^ std::uint64_t{1} << 63;
}

/// (running + gap) / 2, to thousandths of a second, half to even.
std::uint64_t half_average(std::uint64_t running_ns, std::uint64_t gap_ns) {
    constexpr std::uint64_t two_milliseconds = 2'000'000;
    return *scaled_ratio(Wide{running_ns} + gap_ns, two_milliseconds, 0) * (two_milliseconds / 2);
}

void put_interval(JsonWriter& json, const PacketInterval& interval, bool original) {
    if (interval.gaps.count == 0) {
        json.null();
    } else {
        json.fixed(original ? interval.running_ns : *interval.gaps.mean(0), 9);
    }
}

void put_moment(JsonWriter& json, const std::optional<std::uint64_t>& ns) {
    if (ns) {
        json.fixed(*ns, 9);
    } else {
        json.null();
    }
}

}  // namespace

std::vector<RowColumn<HostPair>> host_pair_columns() {
    constexpr bool left = false;
    constexpr bool right = true;
    return {
        {"a", 15, left, [](const HostPair& pair, CellWriter& cell) { cell.text(pair.a); }},
        {"b", 15, left, [](const HostPair& pair, CellWriter& cell) { cell.text(pair.b); }},
        {"count", 5, right, [](const HostPair& pair, CellWriter& cell) { cell.number(pair.count); }},
        {"applications", 16, left,
         [](const HostPair& pair, CellWriter& cell) {
             cell.begin_list();
             for (const std::string& name : pair.applications) cell.text(name);
             cell.end_list();
         }},
        {"start_times", 20, left,
         [](const HostPair& pair, CellWriter& cell) {
             cell.begin_list();
             for (const std::int64_t time : pair.start_times) cell.epoch(time);
             cell.end_list();
         }},
        {"bytes", 10, right, [](const HostPair& pair, CellWriter& cell) { cell.number(pair.bytes); }},
        {"bad_packet_count", 6, right, [](const HostPair& pair, CellWriter& cell) { cell.number(pair.bad_packets); }},
        {"bytes_bad", 8, right, [](const HostPair& pair, CellWriter& cell) { cell.number(pair.bad_bytes); }},
        {"retransmit_count", 6, right, [](const HostPair& pair, CellWriter& cell) { cell.number(pair.retransmissions); }},
        {"retransmit_bytes", 8, right, [](const HostPair& pair, CellWriter& cell) { cell.number(pair.retransmitted_bytes); }},
        {"repeat_mean", 14, right,
         [](const HostPair& pair, CellWriter& cell) {
             if (const auto mean = pair.repeats.mean(0)) cell.fixed(*mean, 9);
         }},
        {"repeat_stdev", 14, right,
         [](const HostPair& pair, CellWriter& cell) {
             if (const auto stdev = pair.repeats.stdev(0)) cell.fixed(*stdev, 9);
         }},
    };
}

HostPairs::HostPairs(TrackRules rules, const HostPairRules& reckon)
    : reckon_(reckon),
      rules_([&] {
          rules.parts.tcp = true;
          return std::move(rules);
      }()),
      tracker_(rules_, [this](const FlowView& view) { end_flow(view); }) {
    tracker_.watch([this](const FlowHead& head, const PacketFacts& facts, Events events) { note(head, facts, events); });
}

void HostPairs::add(const Batch& batch) {
    for (const Frame& frame : batch.frames) {
        ++packets_;
        bytes_ += frame.wire_len;
        if (frame.has_time()) {
            first_ns_ = first_ns_ == no_time ? frame.time_ns : std::min(first_ns_, frame.time_ns);
            last_ns_ = std::max(last_ns_, frame.time_ns);
        }
        if (shape_of(frame) == Shape::other) count_unhandled(frame);
    }
    tracker_.add(batch, false);
}

void HostPairs::count_unhandled(const Frame& frame) {
    decode(frame, packet_);
    if (packet_.ip != Packet::no_layer) return;
    std::string name = packet_.depth == 0 ? "data" : std::string{protocol_table()[packet_.layers[packet_.depth - 1U].proto].name};
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    ++unhandled_types_[name];
    unhandled_bytes_ += frame.wire_len;
}

bool HostPairs::is_bad(Events events) const {
    constexpr TcpEvent bad_to_the_original[] = {TcpEvent::keep_alive,   TcpEvent::keep_alive_ack,    TcpEvent::window_update,
                                                TcpEvent::window_full,  TcpEvent::duplicate_ack,     TcpEvent::ack_lost_segment,
                                                TcpEvent::reused_ports, TcpEvent::zero_window_probe, TcpEvent::zero_window_probe_ack};
    const auto has = [&](TcpEvent event) { return events.has(event); };
    return events.has_any(bad_events) ||
           (reckon_.original_bad && std::any_of(std::begin(bad_to_the_original), std::end(bad_to_the_original), has));
}

void HostPairs::note(const FlowHead& head, const PacketFacts& facts, Events events) {
    Notes& notes = notes_[head.number];
    notes.bytes += facts.wire_bytes;
    flow_bytes_ += facts.wire_bytes;
    if (is_bad(events)) {
        ++notes.bad_packets;
        notes.bad_bytes += facts.wire_bytes;
    }
    if (events.has(TcpEvent::retransmission)) {
        ++notes.retransmissions;
        notes.retransmitted_bytes += facts.wire_bytes;
    }
    auto series = std::find_if(notes.series.begin(), notes.series.end(),
                               [&](const Series& one) { return one.size == facts.wire_bytes && one.way == facts.way; });
    if (series == notes.series.end()) series = notes.series.insert(series, Series{facts.wire_bytes, facts.way, no_time, {}});
    if (facts.time_ns == no_time) return;
    if (series->last_ns != no_time) {
        const std::uint64_t gap =
            facts.time_ns > series->last_ns ? static_cast<std::uint64_t>(facts.time_ns) - static_cast<std::uint64_t>(series->last_ns) : 0;
        PacketInterval& interval = series->interval;
        interval.running_ns = interval.gaps.count == 0 ? gap : half_average(interval.running_ns, gap);
        interval.gaps.add(gap);
    }
    series->last_ns = facts.time_ns;
}

void HostPairs::merge(HostPair::Intervals& intervals, const std::string& name, const PacketInterval& interval) const {
    const auto known = std::find_if(intervals.begin(), intervals.end(), [&](const auto& one) { return one.first == name; });
    if (known == intervals.end()) {
        intervals.emplace_back(name, interval);
        return;
    }
    if (interval.gaps.count != 0) known->second.running_ns = interval.running_ns;
    Moments& gaps = known->second.gaps;
    gaps.count += interval.gaps.count;
    gaps.sum += interval.gaps.sum;
    gaps.sum_of_squares += interval.gaps.sum_of_squares;
}

void HostPairs::end_flow(const FlowView& view) {
    const std::string a = address_text(view.key.family, view.a().address.data());
    const std::string b = address_text(view.key.family, view.b().address.data());
    const bool a_is_first = a <= b;
    Making& making = making_[a_is_first ? std::pair{a, b} : std::pair{b, a}];
    HostPair& pair = making.pair;
    const std::int64_t start = view.flow.counts.first_ns();
    const std::string application = application_of(view);
    ++pair.count;
    if (start != no_time) pair.start_times.push_back(start);
    making.first_flow = std::min<std::uint64_t>(making.first_flow, view.head.number);
    if (const std::uint64_t sorted = as_sorted(start); sorted < making.earliest) {
        making.earliest = sorted;
        making.a_began = a_is_first;
    }
    if (std::find(pair.applications.begin(), pair.applications.end(), application) == pair.applications.end())
        pair.applications.push_back(application);
    const auto noted = notes_.find(view.head.number);
    if (noted == notes_.end()) return;
    const Notes& notes = noted->second;
    for (const Series& series : notes.series) {
        const bool from_first = (series.way == Way::ab) == a_is_first;
        merge(from_first ? pair.ab : pair.ba, application + '_' + std::to_string(series.size) + 'B', series.interval);
    }
    pair.bytes += notes.bytes;
    pair.bad_packets += notes.bad_packets;
    pair.bad_bytes += notes.bad_bytes;
    pair.retransmissions += notes.retransmissions;
    pair.retransmitted_bytes += notes.retransmitted_bytes;
    notes_.erase(noted);
}

const std::vector<HostPair>& HostPairs::finish() {
    for (const FlowTracker::Id id : tracker_.in_order()) tracker_.look_at(id, [&](const FlowView& view) { end_flow(view); });
    std::vector<std::pair<std::uint64_t, HostPair>> ordered;
    for (auto& [hosts, making] : making_) {
        HostPair& pair = making.pair;
        pair.a = hosts.first;
        pair.b = hosts.second;
        if (!making.a_began) {
            std::swap(pair.a, pair.b);
            std::swap(pair.ab, pair.ba);
        }
        std::sort(pair.start_times.begin(), pair.start_times.end());
        constexpr std::size_t least_for_repeats = 3;
        for (std::size_t i = 1; i < pair.start_times.size() && pair.start_times.size() >= least_for_repeats; ++i)
            pair.repeats.add(static_cast<std::uint64_t>(pair.start_times[i]) - static_cast<std::uint64_t>(pair.start_times[i - 1]));
        ordered.emplace_back(making.first_flow, std::move(pair));
    }
    making_.clear();
    std::sort(ordered.begin(), ordered.end(), [](const auto& one, const auto& two) { return one.first < two.first; });
    for (auto& [number, pair] : ordered) pairs_.push_back(std::move(pair));
    return pairs_;
}

void HostPairs::put_json(TextBuffer& out, const HostPair& pair) const {
    JsonWriter json{out};
    json.begin_object().key("hosts").begin_array().text(pair.a).text(pair.b).end_array();
    json.key("count").number(pair.count).key("applications").begin_array();
    for (const std::string& name : pair.applications) json.text(name);
    json.end_array().key("start_times").begin_array();
    for (const std::int64_t time : pair.start_times) json.epoch(time);
    json.end_array().key("packet_intervals").begin_object();
    for (const bool ab : {true, false}) {
        json.key(ab ? "AB_intervals" : "BA_intervals").begin_object();
        for (const auto& [name, interval] : ab ? pair.ab : pair.ba) put_interval(json.key(name), interval, reckon_.original_interval);
        json.end_object();
    }
    json.end_object().key("bytes").number(pair.bytes).key("bad_packet_count").number(pair.bad_packets);
    json.key("bytes_bad").number(pair.bad_bytes).key("retransmit_count").number(pair.retransmissions);
    json.key("retransmit_bytes").number(pair.retransmitted_bytes);
    put_moment(json.key("repeat_mean"), pair.repeats.mean(0));
    put_moment(json.key("repeat_stdev"), pair.repeats.stdev(0));
    json.end_object();
}

void HostPairs::put_totals(TextBuffer& out) const {
    JsonWriter json{out};
    json.key("packet_count").number(packets_).key("bytes_total").number(bytes_);
    if (first_ns_ != no_time) json.key("duration").fixed(static_cast<std::uint64_t>(last_ns_) - static_cast<std::uint64_t>(first_ns_), 9);
    json.key("local_packets").number(tracker_.local()).key("local_bytes").number(bytes_ - flow_bytes_ - unhandled_bytes_);
    json.key("unhandled_packets").number(tracker_.not_ip()).key("unhandled_types").begin_object();
    for (const auto& [name, packets] : unhandled_types_) json.key(name).number(packets);
    json.end_object();
}

}  // namespace pcapline
