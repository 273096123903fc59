// The report of `stats` in its formats.
#include <algorithm>
#include <string>

#include "apps/common/report.h"
#include "apps/stats/stats_job.h"
#include "pcapline/capture/link_type.h"

namespace pcapline::cli {
namespace {

/// Sizes of tables for people, where --top does not say otherwise.
constexpr std::uint64_t table_top = 10;

std::string interfaces_json(const FileReport& file) {
    TextBuffer out;
    JsonWriter json{out};
    json.begin_array();
    for (std::size_t i = 0; i < file.interfaces.size(); ++i) {
        const Interface& interface = file.interfaces[i];
        json.begin_object();
        json.key("interface").number(i);
        json.key("link_type").text(link_type_name(interface.link_type));
        json.key("snaplen").number(interface.snap_len);
        json.key("packets").number(file.packets_of_interface[i]);
        if (!interface.name.empty()) json.key("name").text(interface.name);
        if (!interface.description.empty()) json.key("description").text(interface.description);
        if (!interface.filter.empty()) json.key("filter").text(interface.filter);
        if (interface.drops) json.key("drops").number(*interface.drops);
        json.end_object();
    }
    json.end_array();
    return std::string{out.view()};
}

std::string comments_json(const std::vector<std::string>& comments) {
    TextBuffer out;
    JsonWriter json{out};
    json.begin_array();
    for (const std::string& comment : comments) json.text(comment);
    json.end_array();
    return std::string{out.view()};
}

/// Every link type once, in order of first use: "EN10MB,RAW".
std::string link_types(const FileReport& file) {
    std::string text;
    std::vector<std::uint16_t> seen;
    for (const Interface& interface : file.interfaces) {
        if (std::find(seen.begin(), seen.end(), interface.link_type) != seen.end()) continue;
        seen.push_back(interface.link_type);
        text += (text.empty() ? "" : ",") + link_type_name(interface.link_type);
    }
    return text;
}

std::uint64_t largest_snaplen(const FileReport& file) {
    std::uint64_t largest = 0;
    for (const Interface& interface : file.interfaces) largest = std::max<std::uint64_t>(largest, interface.snap_len);
    return largest;
}

Cell text_or_absent(const std::string& text) {
    return text.empty() ? Cell::absent() : Cell::of(text);
}

/// One row as `name value` lines.
void put_lines(TextBuffer& out, const Table& table) {
    std::size_t width = 0;
    for (const Column& column : table.columns) width = std::max(width, column.name.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.rows[0][i].kind == Cell::Kind::absent) continue;
        out.put("  ");
        out.put(table.columns[i].name);
        for (std::size_t pad = table.columns[i].name.size(); pad < width + 2; ++pad) out.put(' ');
        Table one{"", {{"value"}}, {{table.rows[0][i]}}};
        put_tsv(out, one, false);
    }
}

void put_text_report(TextBuffer& out, const StatsResult& result, const StatsOptions& options, Top top) {
    const Counters& counters = result.counters;
    const std::uint64_t packets = counters.totals.packets;
    bool first = true;
    const auto title = [&](const char* text) {
        if (!first) out.put('\n');
        first = false;
        out.put(text);
        out.put('\n');
    };
    const auto section = [&](bool wanted, const char* text, const Table& table) {
        if (!wanted) return;
        title(text);
        if (table.rows.empty()) {
            out.put("  none\n");
        } else {
            put_text_table(out, table);
        }
    };
    if (options.sections.summary) {
        title("Summary");
        put_lines(out, summary_table(counters.totals, result.recorded_drops));
    }
    section(options.sections.files, "Files", files_table(result));
    if (options.sections.protocols) section(true, "Protocols", protocols_table(counters.stacks, packets));
    if (options.sections.layers) section(true, "Layers", layers_table(counters.stacks, packets));
    if (options.sections.applications)
        section(true, "Applications", applications_table(counters.applications, *options.applications, packets, top));
    if (options.sections.endpoints) section(true, "Endpoints", endpoints_table(counters.endpoints, top));
    if (options.sections.ports) section(true, "Ports", ports_table(counters.ports, top));
    if (options.sections.lengths) {
        title("Lengths");
        put_lines(out, length_figures(counters.lengths));
        if (packets != 0) put_text_table(out, buckets_table(counters.lengths, packets));
    }
    if (options.sections.tcp) {
        title("TCP");
        put_lines(out, tcp_table(counters.tcp));
    }
    section(options.sections.damage && !result.damage.empty(), "Damage", damage_table(result.damage));
}

void put_json_report(TextBuffer& out, const StatsResult& result, const StatsOptions& options) {
    const Counters& counters = result.counters;
    const std::uint64_t packets = counters.totals.packets;
    out.put("{\"schema\":\"pcapline.stats/1\"");
    const auto key = [&](const char* name) {
        out.put(",\"");
        out.put(name);
        out.put("\":");
    };
    const auto section = [&](const Table& table) {
        key(table.name.c_str());
        put_json_array(out, table, options.nulls);
    };
    const auto single = [&](const Table& table) {
        key(table.name.c_str());
        put_json_object(out, table, table.rows[0], options.nulls);
    };
    if (options.sections.summary) single(summary_table(counters.totals, result.recorded_drops));
    if (options.sections.files) section(files_table(result));
    if (options.sections.protocols) section(protocols_table(counters.stacks, packets));
    if (options.sections.layers) section(layers_table(counters.stacks, packets));
    if (options.sections.applications) section(applications_table(counters.applications, *options.applications, packets, options.top));
    if (options.sections.endpoints) section(endpoints_table(counters.endpoints, options.top));
    if (options.sections.ports) section(ports_table(counters.ports, options.top));
    if (options.sections.lengths) {
        key("lengths");
        put_lengths_json(out, counters.lengths, packets);
    }
    if (options.sections.tcp) single(tcp_table(counters.tcp));
    if (options.sections.damage) section(damage_table(result.damage));
    if (options.top && (options.sections.applications || options.sections.endpoints || options.sections.ports)) {
        key("cut");
        JsonWriter json{out};
        json.begin_object();
        if (options.sections.applications) json.key("applications").number(*options.top);
        if (options.sections.endpoints) json.key("endpoints").number(*options.top);
        if (options.sections.ports) json.key("ports").number(*options.top);
        json.end_object();
    }
    out.put("}\n");
}

/// The one section that CSV and TSV hold; without a choice the files.
Result<Table> only_section(const StatsResult& result, const StatsOptions& options) {
    const Sections& s = options.sections;
    if (!options.chosen) return files_table(result);
    if (s.count() > 1) return Error{Errc::usage, "CSV and TSV hold one section; name one, or take -T json"};
    const Counters& counters = result.counters;
    const std::uint64_t packets = counters.totals.packets;
    if (s.summary) return summary_table(counters.totals, result.recorded_drops);
    if (s.protocols) return protocols_table(counters.stacks, packets);
    if (s.layers) return layers_table(counters.stacks, packets);
    if (s.applications) return applications_table(counters.applications, *options.applications, packets, options.top);
    if (s.endpoints) return endpoints_table(counters.endpoints, options.top);
    if (s.ports) return ports_table(counters.ports, options.top);
    if (s.lengths) return buckets_table(counters.lengths, packets);
    if (s.tcp) return tcp_table(counters.tcp);
    if (s.damage) return damage_table(result.damage);
    return files_table(result);
}

}  // namespace

Table files_table(const StatsResult& result) {
    Table table{"files",
                {{"file"},
                 {"format"},
                 {"byte_order"},
                 {"compression"},
                 {"time_digits"},
                 {"file_bytes"},
                 {"packets"},
                 {"captured_bytes"},
                 {"wire_bytes"},
                 {"first_time"},
                 {"last_time"},
                 {"duration"},
                 {"strict_order"},
                 {"damaged"},
                 {"interfaces", true, false},
                 {"link_types", false, true},
                 {"snaplen", false, true},
                 {"sha256"},
                 {"hardware", true, false},
                 {"os", true, false},
                 {"application", true, false},
                 {"comments", true, false}},
                {}};
    for (const FileReport& file : result.files) {
        const auto duration = duration_ns(file.totals);
        table.rows.push_back({Cell::of(file.file),
                              Cell::of(file.format),
                              Cell::of(file.byte_order),
                              Cell::of(file.compression),
                              Cell::of(std::uint64_t{file.time_digits}),
                              Cell::of(file.file_bytes),
                              Cell::of(file.totals.packets),
                              Cell::of(file.totals.captured_bytes),
                              Cell::of(file.totals.wire_bytes),
                              Cell::time(file.totals.first_time),
                              Cell::time(file.totals.last_time),
                              duration ? Cell::fixed(*duration, 9) : Cell::absent(),
                              Cell::truth(file.totals.steps_back == 0),
                              Cell::truth(file.damaged),
                              Cell::json(interfaces_json(file)),
                              Cell::of(link_types(file)),
                              Cell::of(largest_snaplen(file)),
                              text_or_absent(file.sha256),
                              text_or_absent(file.hardware),
                              text_or_absent(file.os),
                              text_or_absent(file.application),
                              file.comments.empty() ? Cell::absent() : Cell::json(comments_json(file.comments))});
    }
    return table;
}

Result<void> put_report(TextBuffer& out, const StatsResult& result, const StatsOptions& options) {
    switch (options.format) {
        case Format::json:
        case Format::ndjson:
            put_json_report(out, result, options);
            return {};
        case Format::csv:
        case Format::tsv: {
            auto table = only_section(result, options);
            if (!table) return table.error();
            if (options.format == Format::csv) {
                put_csv(out, *table, options.header);
            } else {
                put_tsv(out, *table, options.header);
            }
            return {};
        }
        case Format::table:
        case Format::fields:
            put_text_report(out, result, options, options.top ? options.top : Top{table_top});
            return {};
    }
    return {};
}

}  // namespace pcapline::cli
