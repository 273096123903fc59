#include "pcapline/conversation/flow_columns.h"

#include <algorithm>
#include <array>
#include <optional>

#include "pcapline/base/text.h"
#include "pcapline/conversation/cells.h"
#include "pcapline/decode/edges.h"
#include "pcapline/flow/community_id.h"

namespace pcapline {
namespace {

constexpr std::size_t at(Way way) {
    return static_cast<std::size_t>(way);
}
const FlowTracker& tracker(const FlowRow& row) {
    return row.view.of;
}
void put_if(CellWriter& cell, std::string_view text) {
    if (!text.empty()) cell.text(text);
}
void put_word_if(CellWriter& cell, std::string_view text) {
    if (!text.empty()) cell.word(text);
}
void put_mac_address(CellWriter& cell, const std::array<std::uint8_t, 6>& address) {
    cell.word(address_text(Family::ethernet, address.data()));
}
bool ports_known(const FlowKey& key) {
    return has_ports(key.protocol) && key.lacks_ports == 0;
}
bool is_icmp(const FlowRow& row) {
    return row.view.key.protocol == 1 || row.view.key.protocol == 58;
}
std::string_view flag_letters(std::uint16_t flags, std::array<char, 16>& text) {
    constexpr std::string_view letters = "FSRPAUECN";
    std::size_t count = 0;
    for (std::size_t bit = 0; bit < letters.size(); ++bit)
        if ((flags >> bit & 1U) != 0) text[count++] = letters[bit];
    return {text.data(), count};
}

template <Way way, auto Member>
constexpr auto put_count = detail::put_way_count<FlowRow, way, Member>;
template <Way way, auto Member>
void put_tcp(const FlowRow& row, CellWriter& cell) {
    if (row.tcp != nullptr) cell.number(row.of_tcp[at(way)].*Member);
}
template <Way way>
void put_flags(const FlowRow& row, CellWriter& cell) {
    if (row.tcp == nullptr) return;
    std::array<char, 16> text{};
    cell.word(flag_letters(row.of_tcp[at(way)].tcp_flags, text));
}
template <Way way>
void put_bad_checksums(const FlowRow& row, CellWriter& cell) {
    if (row.state != nullptr) cell.number(row.state->bad_checksums[at(way)]);
}
template <Way way, auto Member>
void put_rtt(const FlowRow& row, CellWriter& cell) {
    const TcpCounts& counts = row.of_tcp[at(way)];
    if (row.tcp != nullptr && counts.rtt_samples != 0) cell.fixed(static_cast<std::uint64_t>(counts.*Member), 9);
}
template <Way way>
void put_rtt_mean(const FlowRow& row, CellWriter& cell) {
    if (row.tcp == nullptr) return;
    const TcpCounts& counts = row.of_tcp[at(way)];
    if (const auto mean = scaled_ratio(static_cast<std::uint64_t>(counts.rtt_sum), counts.rtt_samples, 0)) cell.fixed(*mean, 9);
}
const ShapeCounts::Shape* shape_of(const FlowRow& row, Way way) {
    return row.more == nullptr ? nullptr : &row.more->shape.shapes[at(way)];
}
template <Way way, auto Member>
void put_size(const FlowRow& row, CellWriter& cell) {
    const ShapeCounts::Shape* const shape = shape_of(row, way);
    if (shape != nullptr && shape->sizes.count != 0) cell.number(shape->*Member);
}
void put_moment(CellWriter& cell, const std::optional<std::uint64_t>& value, unsigned decimals) {
    if (value) cell.fixed(*value, decimals);
}
template <Way way>
void put_size_mean(const FlowRow& row, CellWriter& cell) {
    if (const auto* const shape = shape_of(row, way)) put_moment(cell, shape->sizes.mean(3), 3);
}
template <Way way>
void put_size_stdev(const FlowRow& row, CellWriter& cell) {
    if (const auto* const shape = shape_of(row, way)) put_moment(cell, shape->sizes.stdev(3), 3);
}
template <Way way, auto Member>
void put_gap(const FlowRow& row, CellWriter& cell) {
    const ShapeCounts::Shape* const shape = shape_of(row, way);
    if (shape != nullptr && shape->gaps.count != 0) cell.fixed(shape->*Member, 9);
}
template <Way way>
void put_gap_mean(const FlowRow& row, CellWriter& cell) {
    if (const auto* const shape = shape_of(row, way)) put_moment(cell, shape->gaps.mean(0), 9);
}
template <Way way>
void put_gap_stdev(const FlowRow& row, CellWriter& cell) {
    if (const auto* const shape = shape_of(row, way)) put_moment(cell, shape->gaps.stdev(0), 9);
}
void put_list(CellWriter& cell, const std::vector<std::uint16_t>& values) {
    if (values.empty()) return;
    cell.begin_list();
    for (const std::uint16_t value : values) cell.number(value);
    cell.end_list();
}
void put_list(CellWriter& cell, const std::vector<std::string>& values) {
    if (values.empty()) return;
    cell.begin_list();
    for (const std::string& value : values) cell.text(value);
    cell.end_list();
}

constexpr bool left = false;
constexpr bool right = true;
constexpr Way ab = Way::ab;
constexpr Way ba = Way::ba;
using enum ColumnSet;

const std::array columns = {
    FlowColumn{{"flow", 7, right, [](const FlowRow& row, CellWriter& cell) { if (row.numbered) cell.number(row.view.head.number); }}, basic,
               "number by first packet, from 1"},
    FlowColumn{{"community_id", 30, left,
                [](const FlowRow& row, CellWriter& cell) {
                    std::array<char, community_id_chars> text{};
                    const char* const past = put_community_id(text.data(), row.view.key, row.view.head);
                    if (past != nullptr) cell.word(std::string_view{text.data(), static_cast<std::size_t>(past - text.data())});
                }},
               basic, "community id, version 1, seed 0"},
    FlowColumn{{"protocol", 8, left, [](const FlowRow& row, CellWriter& cell) { cell.word(ip_protocol_name(row.view.key.protocol)); }}, basic,
               "name of the IP protocol, or its number"},
    FlowColumn{{"ip_protocol", 3, right, [](const FlowRow& row, CellWriter& cell) { cell.number(row.view.key.protocol); }}, basic,
               "number of the IP protocol"},
    FlowColumn{{"src", 15, left, [](const FlowRow& row, CellWriter& cell) { put_address(cell, row.view.key.family, row.view.a()); }}, basic,
               "address of A, the initiator"},
    FlowColumn{{"sport", 5, right, [](const FlowRow& row, CellWriter& cell) { if (ports_known(row.view.key)) cell.number(row.view.a().port); }}, basic,
               "port of A"},
    FlowColumn{{"dst", 15, left, [](const FlowRow& row, CellWriter& cell) { put_address(cell, row.view.key.family, row.view.b()); }}, basic,
               "address of B"},
    FlowColumn{{"dport", 5, right, [](const FlowRow& row, CellWriter& cell) { if (ports_known(row.view.key)) cell.number(row.view.b().port); }}, basic,
               "port of B"},
    FlowColumn{{"initiator", 7, left,
                [](const FlowRow& row, CellWriter& cell) {
                    cell.word(row.view.head.initiator_by_syn ? std::string_view("syn") : std::string_view("guessed"));
                }},
               basic, "how A is known: syn, or guessed (it sent the first packet)"},
    FlowColumn{{"application", 8, left,
                [](const FlowRow& row, CellWriter& cell) {
                    put_if(cell, row.applications.name(row.application.id));
                }},
               basic, "by what was decoded, else by port"},
    FlowColumn{{"application_by", 7, left, [](const FlowRow& row, CellWriter& cell) { put_word_if(cell, known_by_name(row.application.by)); }},
               basic, "payload or port"},
    FlowColumn{{"server_name", 20, left, [](const FlowRow& row, CellWriter& cell) { put_if(cell, tracker(row).server_name(row.view)); }},
               basic, "TLS server name"},
    FlowColumn{{"start_time", 30, left, [](const FlowRow& row, CellWriter& cell) { cell.time(row.view.flow.counts.first_ns()); }}, basic,
               "time of the earliest packet"},
    FlowColumn{{"start_epoch", 20, right, [](const FlowRow& row, CellWriter& cell) { cell.epoch(row.view.flow.counts.first_ns()); }}, basic,
               "the same, in seconds since 1970"},
    FlowColumn{{"end_time", 30, left, [](const FlowRow& row, CellWriter& cell) { cell.time(row.view.flow.counts.last_ns()); }}, basic,
               "time of the latest packet"},
    FlowColumn{{"end_epoch", 20, right, [](const FlowRow& row, CellWriter& cell) { cell.epoch(row.view.flow.counts.last_ns()); }}, basic,
               "the same, in seconds since 1970"},
    FlowColumn{{"duration", 14, right,
                [](const FlowRow& row, CellWriter& cell) {
                    if (row.view.flow.counts.first_ns() != no_time) cell.fixed(row.view.flow.counts.duration_ns(), 9);
                }},
               basic, "end less start, seconds"},
    FlowColumn{{"state", 6, left, [](const FlowRow& row, CellWriter& cell) {
                    if (row.state != nullptr) cell.word(row.state->state.conn_state());
                }},
               tcp, "Zeek's conn_state"},
    FlowColumn{{"history", 10, left, [](const FlowRow& row, CellWriter& cell) {
                    if (row.state != nullptr) put_word_if(cell, row.state->state.history());
                }},
               tcp, "Zeek's history; upper case: sent by A"},
    FlowColumn{{"end_reason", 7, left, [](const FlowRow& row, CellWriter& cell) { if (!row.interim) cell.word(name_of(tracker(row).end_reason(row.view))); }},
               basic, "fin rst idle active reuse eof evicted"},
    FlowColumn{{"packets_ab", 7, right, put_count<ab, &WayCounts::packets>}, basic, "packets sent by A"},
    FlowColumn{{"packets_ba", 7, right, put_count<ba, &WayCounts::packets>}, basic, "packets sent by B"},
    FlowColumn{{"wire_bytes_ab", 11, right, put_count<ab, &WayCounts::wire_bytes>}, basic, "their original lengths"},
    FlowColumn{{"wire_bytes_ba", 11, right, put_count<ba, &WayCounts::wire_bytes>}, basic, "their original lengths"},
    FlowColumn{{"ip_bytes_ab", 11, right, put_count<ab, &WayCounts::ip_bytes>}, basic, "lengths of their IP packets"},
    FlowColumn{{"ip_bytes_ba", 11, right, put_count<ba, &WayCounts::ip_bytes>}, basic, "lengths of their IP packets"},
    FlowColumn{{"payload_bytes_ab", 11, right, put_count<ab, &WayCounts::payload_bytes>}, basic, "bytes behind the transport headers"},
    FlowColumn{{"payload_bytes_ba", 11, right, put_count<ba, &WayCounts::payload_bytes>}, basic, "bytes behind the transport headers"},
    FlowColumn{{"payload_packets_ab", 7, right, put_count<ab, &WayCounts::payload_packets>}, basic, "packets that have such bytes"},
    FlowColumn{{"payload_packets_ba", 7, right, put_count<ba, &WayCounts::payload_packets>}, basic, "packets that have such bytes"},
    FlowColumn{{"tcp_flags_ab", 9, left, put_flags<ab>}, tcp, "union of TCP flags, of FSRPAUECN"},
    FlowColumn{{"tcp_flags_ba", 9, left, put_flags<ba>}, tcp, "union of TCP flags, of FSRPAUECN"},
    FlowColumn{{"retransmissions_ab", 6, right, put_tcp<ab, &TcpCounts::retransmissions>}, tcp, "retransmitted segments of A"},
    FlowColumn{{"retransmissions_ba", 6, right, put_tcp<ba, &TcpCounts::retransmissions>}, tcp, "retransmitted segments of B"},
    FlowColumn{{"retransmitted_bytes_ab", 8, right, put_tcp<ab, &TcpCounts::retransmitted_bytes>}, tcp, "their payload bytes"},
    FlowColumn{{"retransmitted_bytes_ba", 8, right, put_tcp<ba, &TcpCounts::retransmitted_bytes>}, tcp, "their payload bytes"},
    FlowColumn{{"out_of_order_ab", 6, right, put_tcp<ab, &TcpCounts::out_of_order>}, tcp, "segments of A that came late"},
    FlowColumn{{"out_of_order_ba", 6, right, put_tcp<ba, &TcpCounts::out_of_order>}, tcp, "segments of B that came late"},
    FlowColumn{{"duplicate_acks_ab", 6, right, put_tcp<ab, &TcpCounts::duplicate_acks>}, tcp, "duplicate ACKs sent by A"},
    FlowColumn{{"duplicate_acks_ba", 6, right, put_tcp<ba, &TcpCounts::duplicate_acks>}, tcp, "duplicate ACKs sent by B"},
    FlowColumn{{"lost_segments_ab", 6, right, put_tcp<ab, &TcpCounts::lost_segments>}, tcp, "gaps in what A sent that nothing filled"},
    FlowColumn{{"lost_segments_ba", 6, right, put_tcp<ba, &TcpCounts::lost_segments>}, tcp, "gaps in what B sent that nothing filled"},
    FlowColumn{{"zero_windows_ab", 6, right, put_tcp<ab, &TcpCounts::zero_windows>}, tcp, "zero windows announced by A"},
    FlowColumn{{"zero_windows_ba", 6, right, put_tcp<ba, &TcpCounts::zero_windows>}, tcp, "zero windows announced by B"},
    FlowColumn{{"keep_alives_ab", 6, right, put_tcp<ab, &TcpCounts::keep_alives>}, tcp, "keep-alives sent by A"},
    FlowColumn{{"keep_alives_ba", 6, right, put_tcp<ba, &TcpCounts::keep_alives>}, tcp, "keep-alives sent by B"},
    FlowColumn{{"resets_ab", 6, right, put_tcp<ab, &TcpCounts::resets>}, tcp, "resets sent by A"},
    FlowColumn{{"resets_ba", 6, right, put_tcp<ba, &TcpCounts::resets>}, tcp, "resets sent by B"},
    FlowColumn{{"bad_checksums_ab", 6, right, put_bad_checksums<ab>}, tcp, "packets of A with a checksum that does not fit"},
    FlowColumn{{"bad_checksums_ba", 6, right, put_bad_checksums<ba>}, tcp, "packets of B with a checksum that does not fit"},
    FlowColumn{{"rtt_handshake", 12, right, [](const FlowRow& row, CellWriter& cell) {
                    if (row.tcp != nullptr && row.tcp->flow.rtt_handshake() != no_time) cell.fixed(static_cast<std::uint64_t>(row.tcp->flow.rtt_handshake()), 9);
                }},
               tcp, "from the SYN to the ACK of the SYN+ACK, seconds"},
    FlowColumn{{"rtt_samples_ab", 6, right, put_tcp<ab, &TcpCounts::rtt_samples>}, tcp, "segments of A whose ACK was timed"},
    FlowColumn{{"rtt_min_ab", 12, right, put_rtt<ab, &TcpCounts::rtt_min>}, tcp, "the shortest of these times, seconds"},
    FlowColumn{{"rtt_mean_ab", 12, right, put_rtt_mean<ab>}, tcp, "their mean"},
    FlowColumn{{"rtt_max_ab", 12, right, put_rtt<ab, &TcpCounts::rtt_max>}, tcp, "the longest"},
    FlowColumn{{"rtt_samples_ba", 6, right, put_tcp<ba, &TcpCounts::rtt_samples>}, tcp, "segments of B whose ACK was timed"},
    FlowColumn{{"rtt_min_ba", 12, right, put_rtt<ba, &TcpCounts::rtt_min>}, tcp, "the shortest of these times, seconds"},
    FlowColumn{{"rtt_mean_ba", 12, right, put_rtt_mean<ba>}, tcp, "their mean"},
    FlowColumn{{"rtt_max_ba", 12, right, put_rtt<ba, &TcpCounts::rtt_max>}, tcp, "the longest"},
    FlowColumn{{"size_min_ab", 6, right, put_size<ab, &ShapeCounts::Shape::smallest>}, shape, "smallest original length of A's packets"},
    FlowColumn{{"size_mean_ab", 9, right, put_size_mean<ab>}, shape, "their mean"},
    FlowColumn{{"size_max_ab", 6, right, put_size<ab, &ShapeCounts::Shape::largest>}, shape, "the largest"},
    FlowColumn{{"size_stdev_ab", 9, right, put_size_stdev<ab>}, shape, "their standard deviation"},
    FlowColumn{{"size_min_ba", 6, right, put_size<ba, &ShapeCounts::Shape::smallest>}, shape, "smallest original length of B's packets"},
    FlowColumn{{"size_mean_ba", 9, right, put_size_mean<ba>}, shape, "their mean"},
    FlowColumn{{"size_max_ba", 6, right, put_size<ba, &ShapeCounts::Shape::largest>}, shape, "the largest"},
    FlowColumn{{"size_stdev_ba", 9, right, put_size_stdev<ba>}, shape, "their standard deviation"},
    FlowColumn{{"gap_min_ab", 12, right, put_gap<ab, &ShapeCounts::Shape::shortest_gap>}, shape, "shortest time between packets of A, seconds"},
    FlowColumn{{"gap_mean_ab", 12, right, put_gap_mean<ab>}, shape, "their mean"},
    FlowColumn{{"gap_max_ab", 12, right, put_gap<ab, &ShapeCounts::Shape::longest_gap>}, shape, "the longest"},
    FlowColumn{{"gap_stdev_ab", 12, right, put_gap_stdev<ab>}, shape, "their standard deviation"},
    FlowColumn{{"gap_min_ba", 12, right, put_gap<ba, &ShapeCounts::Shape::shortest_gap>}, shape, "shortest time between packets of B, seconds"},
    FlowColumn{{"gap_mean_ba", 12, right, put_gap_mean<ba>}, shape, "their mean"},
    FlowColumn{{"gap_max_ba", 12, right, put_gap<ba, &ShapeCounts::Shape::longest_gap>}, shape, "the longest"},
    FlowColumn{{"gap_stdev_ba", 12, right, put_gap_stdev<ba>}, shape, "their standard deviation"},
    FlowColumn{{"fragments_ab", 6, right, put_count<ab, &WayCounts::fragments>}, basic, "IP fragments sent by A"},
    FlowColumn{{"fragments_ba", 6, right, put_count<ba, &WayCounts::fragments>}, basic, "IP fragments sent by B"},
    FlowColumn{{"src_mac", 17, left, [](const FlowRow& row, CellWriter& cell) {
                    if (row.more != nullptr && row.more->has_mac) put_mac_address(cell, row.more->src_mac);
                }},
               link, "Ethernet address of A, in the first packet"},
    FlowColumn{{"dst_mac", 17, left, [](const FlowRow& row, CellWriter& cell) {
                    if (row.more != nullptr && row.more->has_mac) put_mac_address(cell, row.more->dst_mac);
                }},
               link, "Ethernet address of B, in the first packet"},
    FlowColumn{{"vlan", 4, left, [](const FlowRow& row, CellWriter& cell) { put_list(cell, tracker(row).origin(row.view).vlan); }}, basic,
               "VLANs of the first packet, outermost first"},
    FlowColumn{{"tunnel", 20, left, [](const FlowRow& row, CellWriter& cell) { put_list(cell, tracker(row).origin(row.view).tunnel); }}, basic,
               "tunnels around the first packet, outermost first"},
    FlowColumn{{"interface", 3, right, [](const FlowRow& row, CellWriter& cell) {
                    const Origin& origin = tracker(row).origin(row.view);
                    if (origin.has_interface) cell.number(origin.interface);
                }},
               basic, "interface of the first packet, where the file names one"},
    FlowColumn{{"icmp_type", 3, right, [](const FlowRow& row, CellWriter& cell) { if (is_icmp(row) && row.view.key.lacks_ports == 0) cell.number(row.view.head.icmp_type); }}, basic,
               "ICMP type of the first packet"},
    FlowColumn{{"icmp_code", 3, right, [](const FlowRow& row, CellWriter& cell) { if (is_icmp(row) && row.view.key.lacks_ports == 0) cell.number(row.view.head.icmp_code); }}, basic,
               "ICMP code of the first packet"},
    FlowColumn{{"fast_retransmissions_ab", 6, right, put_tcp<ab, &TcpCounts::fast_retransmissions>}, tcp, "fast retransmissions of A"},
    FlowColumn{{"fast_retransmissions_ba", 6, right, put_tcp<ba, &TcpCounts::fast_retransmissions>}, tcp, "fast retransmissions of B"},
    FlowColumn{{"spurious_retransmissions_ab", 6, right, put_tcp<ab, &TcpCounts::spurious_retransmissions>}, tcp, "retransmissions of A of what was acknowledged"},
    FlowColumn{{"spurious_retransmissions_ba", 6, right, put_tcp<ba, &TcpCounts::spurious_retransmissions>}, tcp, "retransmissions of B of what was acknowledged"},
    FlowColumn{{"window_full_ab", 6, right, put_tcp<ab, &TcpCounts::window_full>}, tcp, "segments of A that filled B's window"},
    FlowColumn{{"window_full_ba", 6, right, put_tcp<ba, &TcpCounts::window_full>}, tcp, "segments of B that filled A's window"},
    FlowColumn{{"acked_unseen_ab", 6, right, put_tcp<ab, &TcpCounts::acked_unseen>}, tcp, "ACKs of A for bytes that were not captured"},
    FlowColumn{{"acked_unseen_ba", 6, right, put_tcp<ba, &TcpCounts::acked_unseen>}, tcp, "ACKs of B for bytes that were not captured"},
    FlowColumn{{"overlaps_ab", 6, right, put_tcp<ab, &TcpCounts::overlaps>}, tcp, "segments of A with bytes seen before and new ones"},
    FlowColumn{{"overlaps_ba", 6, right, put_tcp<ba, &TcpCounts::overlaps>}, tcp, "segments of B with bytes seen before and new ones"},
};

constexpr std::string_view in_tables[] = {"start_time",    "protocol",      "src",     "sport",      "dst",
                                          "dport",         "application",   "state",   "packets_ab", "packets_ba",
                                          "wire_bytes_ab", "wire_bytes_ba", "duration"};

std::optional<ColumnSet> set_named(std::string_view name) {
    if (name == "basic") return basic;
    if (name == "tcp") return tcp;
    if (name == "shape") return shape;
    if (name == "link") return link;
    return std::nullopt;
}

}  // namespace

FlowRow::FlowRow(const FlowView& flow, const Applications& names, bool with_number, bool goes_on)
    : view(flow),
      applications(names),
      numbered(with_number),
      interim(goes_on),
      tcp(flow.of.tcp(flow)),
      state(tcp != nullptr ? tcp : flow.of.state(flow)),
      more(flow.of.more(flow)) {
    for (const Way way : {ab, ba}) {
        counts[at(way)] = flow.of.counts(flow, way);
        if (tcp != nullptr) of_tcp[at(way)] = flow.of.tcp_counts(*tcp, way);
    }
    const Proto transport = detail::edges.find(Space::ip_proto, flow.key.protocol);
    if (transport != no_proto && ports_known(flow.key))
        application = names.of_flow(flow.flow.content, transport, flow.a().port, flow.b().port);
}

std::span<const FlowColumn> flow_columns() {
    return columns;
}

Result<std::vector<const FlowColumn*>> choose_flow_columns(std::string_view choice) {
    std::vector<bool> chosen(columns.size());
    std::string unknown;
    while (!choice.empty()) {
        const std::string_view name = choice.substr(0, choice.find(','));
        choice.remove_prefix(std::min(choice.size(), name.size() + 1));
        const auto set = set_named(name);
        bool found = name == "all" || set;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const bool is = name == "all" || (set ? columns[i].set == *set : columns[i].column.name == name);
            if (is) chosen[i] = found = true;
        }
        if (!found) unknown += (unknown.empty() ? "" : ", ") + harmless(name);
    }
    if (!unknown.empty()) return Error{Errc::usage, "no such column: " + unknown + " (see --list-columns)"};
    std::vector<const FlowColumn*> result;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (chosen[i]) result.push_back(&columns[i]);
    if (result.empty()) return Error{Errc::usage, "--columns names none"};
    return result;
}

std::vector<const FlowColumn*> table_flow_columns() {
    std::vector<const FlowColumn*> result;
    for (const std::string_view name : in_tables)
        result.push_back(
            &*std::find_if(columns.begin(), columns.end(), [&](const FlowColumn& column) { return column.column.name == name; }));
    return result;
}

TrackedParts parts_of(std::span<const FlowColumn* const> chosen) {
    TrackedParts parts;
    for (const FlowColumn* const column : chosen) {
        parts.tcp = parts.tcp || column->set == tcp;
        parts.shape = parts.shape || column->set == shape;
        parts.link = parts.link || column->set == link;
    }
    return parts;
}

std::vector<RowColumn<FlowRow>> row_columns(std::span<const FlowColumn* const> chosen) {
    std::vector<RowColumn<FlowRow>> result;
    for (const FlowColumn* const column : chosen) result.push_back(column->column);
    return result;
}

std::string ip_protocol_name(std::uint8_t protocol) {
    if (const Proto proto = detail::edges.find(Space::ip_proto, protocol); proto != no_proto)
        return std::string{protocol_table()[proto].name};
    switch (protocol) {
        case 8:
            return "egp";
        case 33:
            return "dccp";
        case 46:
            return "rsvp";
        case 50:
            return "esp";
        case 51:
            return "ah";
        case 88:
            return "eigrp";
        case 89:
            return "ospf";
        case 103:
            return "pim";
        case 108:
            return "ipcomp";
        case 112:
            return "vrrp";
        case 115:
            return "l2tp";
        case 136:
            return "udplite";
        default:
            return std::to_string(protocol);
    }
}

}  // namespace pcapline
