#include "pcapline/stats/report.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pcapline/base/text.h"
#include "pcapline/decode/field.h"

namespace pcapline {
namespace {

Cell percent(std::uint64_t part, std::uint64_t whole) {
    return ratio_cell(static_cast<Wide>(part) * 100, whole, 2);
}

std::string address_text(const EndpointCounts::Address& address) {
    char text[ipv6_chars];
    char* const end = address.v6 ? put_ipv6(text, address.bytes.data()) : put_ipv4(text, address.bytes.data());
    return std::string(text, end);
}

/// Keeps the first `top` of the rows that `before` puts in front.
template <class Row, class Before>
void sort_and_cut(std::vector<Row>& rows, Top top, Before before) {
    if (top && *top < rows.size()) {
        std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(*top), rows.end(), before);
        rows.resize(static_cast<std::size_t>(*top));
    } else {
        std::sort(rows.begin(), rows.end(), before);
    }
}

struct Figures {
    Moments moments;
    std::uint64_t min = 0;
    std::uint64_t max = 0;
    std::vector<std::uint64_t> quantiles;
};

constexpr std::pair<const char*, unsigned> quantile_names[] = {{"p1", 1},   {"p5", 5},   {"p25", 25}, {"p50", 50},
                                                               {"p75", 75}, {"p95", 95}, {"p99", 99}};

Figures figures_of(const LengthCounts& lengths) {
    Figures figures;
    lengths.each([&](std::uint64_t length, std::uint64_t packets) {
        if (figures.moments.count == 0) figures.min = length;
        figures.max = length;
        figures.moments.add(length, packets);
    });
    if (figures.moments.count == 0) return figures;
    std::size_t at = 0;
    std::uint64_t below = 0;
    lengths.each([&](std::uint64_t length, std::uint64_t packets) {
        below += packets;
        // nearest rank: the smallest length with at least q·N packets at or below it
        while (at < std::size(quantile_names) &&
               static_cast<Wide>(below) * 100 >= static_cast<Wide>(figures.moments.count) * quantile_names[at].second) {
            figures.quantiles.push_back(length);
            ++at;
        }
    });
    return figures;
}

}  // namespace

Cell ratio_cell(Wide numerator, Wide denominator, std::uint8_t decimals) {
    const auto scaled = scaled_ratio(numerator, denominator, decimals);
    return scaled ? Cell::fixed(*scaled, decimals) : Cell::absent();
}

std::optional<std::uint64_t> duration_ns(const Totals& totals) {
    if (totals.first_time == no_time) return std::nullopt;
    return static_cast<std::uint64_t>(totals.last_time) - static_cast<std::uint64_t>(totals.first_time);
}

Table summary_table(const Totals& totals, std::uint64_t recorded_drops) {
    Table table{"summary", {}, {{}}};
    const auto add = [&](const char* name, Cell cell) {
        table.columns.push_back({name});
        table.rows[0].push_back(std::move(cell));
    };
    const std::optional<std::uint64_t> duration = duration_ns(totals);
    const auto rate = [&](std::uint64_t amount) {
        return duration ? ratio_cell(static_cast<Wide>(amount) * ns_per_second, *duration, 3) : Cell::absent();
    };
    add("packets", Cell::of(totals.packets));
    add("captured_bytes", Cell::of(totals.captured_bytes));
    add("wire_bytes", Cell::of(totals.wire_bytes));
    add("ip_bytes", Cell::of(totals.ip_bytes));
    add("payload_bytes", Cell::of(totals.payload_bytes));
    add("first_time", Cell::time(totals.first_time));
    add("first_epoch", Cell::epoch(totals.first_time));
    add("last_time", Cell::time(totals.last_time));
    add("last_epoch", Cell::epoch(totals.last_time));
    add("duration", duration ? Cell::fixed(*duration, 9) : Cell::absent());
    add("packets_per_second", rate(totals.packets));
    add("wire_bytes_per_second", rate(totals.wire_bytes));
    add("wire_bits_per_second",
        duration ? ratio_cell(static_cast<Wide>(totals.wire_bytes) * 8 * ns_per_second, *duration, 3) : Cell::absent());
    add("mean_length", ratio_cell(totals.wire_bytes, totals.packets, 3));
    add("strict_order", Cell::truth(totals.steps_back == 0));
    add("steps_back", Cell::of(totals.steps_back));
    add("cut_packets", Cell::of(totals.cut_packets));
    add("local_packets", Cell::of(totals.local_packets));
    add("recorded_drops", Cell::of(recorded_drops));
    return table;
}

Table protocols_table(const StackCounts& stacks, std::uint64_t packets) {
    std::map<std::string, StackCounts::Count> by_path;
    stacks.each([&](const std::vector<Proto>& stack, const StackCounts::Count& count) {
        std::string path;
        for (const Proto proto : stack) {
            if (!path.empty()) path += ':';
            path += protocol_table()[proto].name;
            by_path[path].packets += count.packets;
            by_path[path].wire_bytes += count.wire_bytes;
        }
    });
    Table table{"protocols", {{"protocols"}, {"packets"}, {"wire_bytes"}, {"percent"}}, {}};
    for (const auto& [path, count] : by_path)
        table.rows.push_back({Cell::of(path), Cell::of(count.packets), Cell::of(count.wire_bytes), percent(count.packets, packets)});
    return table;
}

Table layers_table(const StackCounts& stacks, std::uint64_t packets) {
    std::map<std::string_view, std::uint64_t> by_name;
    stacks.each([&](const std::vector<Proto>& stack, const StackCounts::Count& count) {
        for (const Proto proto : std::set<Proto>(stack.begin(), stack.end())) by_name[protocol_table()[proto].name] += count.packets;
    });
    std::vector<std::pair<std::string_view, std::uint64_t>> rows{by_name.begin(), by_name.end()};
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    Table table{"layers", {{"layer"}, {"packets"}, {"percent"}}, {}};
    for (const auto& [name, count] : rows) table.rows.push_back({Cell::of(std::string{name}), Cell::of(count), percent(count, packets)});
    return table;
}

Table applications_table(const ApplicationCounts& counts, const Applications& names, std::uint64_t packets, Top top) {
    using Row = std::pair<std::string_view, ApplicationCounts::Count>;
    std::vector<Row> rows;
    for (std::size_t id = 0; id < counts.counts().size(); ++id)
        if (const auto& count = counts.counts()[id]; count.packets != 0)
            rows.emplace_back(names.name(static_cast<ApplicationId>(id)), count);
    sort_and_cut(rows, top, [](const Row& a, const Row& b) {
        return a.second.packets != b.second.packets ? a.second.packets > b.second.packets : a.first < b.first;
    });
    Table table{"applications", {{"application"}, {"packets"}, {"wire_bytes"}, {"payload_bytes"}, {"percent"}}, {}};
    for (const auto& [name, count] : rows)
        table.rows.push_back({Cell::of(std::string{name}), Cell::of(count.packets), Cell::of(count.wire_bytes),
                              Cell::of(count.payload_bytes), percent(count.packets, packets)});
    return table;
}

Table tcp_table(const TcpTotals& tcp) {
    return {"tcp",
            {{"packets"}, {"syn"}, {"syn_ack"}, {"fin"}, {"rst"}, {"zero_windows"}, {"bad_checksums"}},
            {{Cell::of(tcp.packets), Cell::of(tcp.syn), Cell::of(tcp.syn_ack), Cell::of(tcp.fin), Cell::of(tcp.rst),
              Cell::of(tcp.zero_windows), Cell::of(tcp.bad_checksums)}}};
}

Table endpoints_table(const EndpointCounts& endpoints, Top top) {
    using Row = std::pair<EndpointCounts::Address, EndpointCounts::Count>;
    std::vector<Row> rows{endpoints.counts().begin(), endpoints.counts().end()};
    sort_and_cut(rows, top, [](const Row& a, const Row& b) {
        if (a.second.packets != b.second.packets) return a.second.packets > b.second.packets;
        return address_text(a.first) < address_text(b.first);
    });
    Table table{
        "endpoints",
        {{"address"}, {"packets"}, {"wire_bytes"}, {"packets_sent"}, {"packets_received"}, {"wire_bytes_sent"}, {"wire_bytes_received"}},
        {}};
    for (const auto& [address, count] : rows)
        table.rows.push_back({Cell::of(address_text(address)), Cell::of(count.packets), Cell::of(count.wire_bytes),
                              Cell::of(count.packets_sent), Cell::of(count.packets_received), Cell::of(count.wire_bytes_sent),
                              Cell::of(count.wire_bytes_received)});
    return table;
}

Table ports_table(const PortCounts& ports, Top top) {
    struct Row {
        std::string_view protocol;
        std::uint64_t port;
        PortCounts::Count count;
    };
    std::vector<Row> rows;
    for (const auto& [proto, counts] : ports.counts())
        for (std::size_t port = 0; port < counts.size(); ++port)
            if (counts[port].packets != 0) rows.push_back({protocol_table()[proto].name, port, counts[port]});
    sort_and_cut(rows, top, [](const Row& a, const Row& b) {
        if (a.count.packets != b.count.packets) return a.count.packets > b.count.packets;
        return std::pair{a.protocol, a.port} < std::pair{b.protocol, b.port};
    });
    Table table{"ports", {{"protocol"}, {"port"}, {"packets"}, {"wire_bytes"}, {"payload_bytes"}}, {}};
    for (const Row& row : rows)
        table.rows.push_back({Cell::of(std::string{row.protocol}), Cell::of(row.port), Cell::of(row.count.packets),
                              Cell::of(row.count.wire_bytes), Cell::of(row.count.payload_bytes)});
    return table;
}

Table buckets_table(const LengthCounts& lengths, std::uint64_t packets) {
    struct Bucket {
        std::uint64_t packets = 0;
        std::uint64_t wire_bytes = 0;
    };
    constexpr std::uint64_t starts[] = {0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120};
    std::array<Bucket, std::size(starts)> buckets{};
    lengths.each([&](std::uint64_t length, std::uint64_t count) {
        const auto above = std::upper_bound(std::begin(starts), std::end(starts), length);
        Bucket& bucket = buckets[static_cast<std::size_t>(above - std::begin(starts)) - 1];
        bucket.packets += count;
        bucket.wire_bytes += length * count;
    });
    Table table{"lengths", {{"from"}, {"to"}, {"packets"}, {"wire_bytes"}, {"percent"}}, {}};
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        if (buckets[i].packets == 0) continue;
        table.rows.push_back({Cell::of(starts[i]), i + 1 < std::size(starts) ? Cell::of(starts[i + 1] - 1) : Cell::absent(),
                              Cell::of(buckets[i].packets), Cell::of(buckets[i].wire_bytes), percent(buckets[i].packets, packets)});
    }
    return table;
}

Table length_figures(const LengthCounts& lengths) {
    Table table{"lengths", {}, {{}}};
    const auto add = [&](const char* name, Cell cell) {
        table.columns.push_back({name});
        table.rows[0].push_back(std::move(cell));
    };
    const Figures figures = figures_of(lengths);
    if (figures.moments.count == 0) return table;
    add("min", Cell::of(figures.min));
    add("mean", ratio_cell(figures.moments.sum, figures.moments.count, 3));
    add("max", Cell::of(figures.max));
    const auto stdev = figures.moments.stdev_thousandths();
    add("stdev", stdev ? Cell::fixed(*stdev, 3) : Cell::absent());
    for (std::size_t i = 0; i < figures.quantiles.size(); ++i) add(quantile_names[i].first, Cell::of(figures.quantiles[i]));
    return table;
}

void put_lengths_json(TextBuffer& out, const LengthCounts& lengths, std::uint64_t packets) {
    put_json_object(out, length_figures(lengths), length_figures(lengths).rows[0]);
    out.cut(out.size() - 1);  // more members follow
    if (packets != 0) out.put(',');
    out.put("\"buckets\":");
    put_json_array(out, buckets_table(lengths, packets));
    out.put(",\"counts\":[");
    bool first = true;
    lengths.each([&](std::uint64_t length, std::uint64_t count) {
        out.put(first ? std::string_view{"["} : std::string_view{",["});
        first = false;
        out.decimal(length);
        out.put(',');
        out.decimal(count);
        out.put(']');
    });
    out.put("]}");
}

}  // namespace pcapline
