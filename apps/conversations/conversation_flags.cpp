#include "apps/conversations/conversation_flags.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "pcapline/base/text.h"
#include "pcapline/base/time.h"
#include "pcapline/io/sink.h"

namespace pcapline::cli {

void ConversationFlags::declare(App& app) {
    app.group("Flows");
    app.choice("--by", by_, {"flow", "ip", "eth", "host-pair"}, "a record per flow, pair of addresses, pair of hosts");
    flows_.declare(app);
    app.flag("--live", live_, "for a pipe from capture: records when flows end");
    app.value("--interim", interim_, "TIME", "records of flows that go on, so often");
    app.number("--max-flows", max_flows_, "N", "keep so many, write the longest idle early");
    app.value("--memory", memory_, "SIZE", "the same by the memory that flows take");
    app.value("--local", local_, "NETS", "leave out traffic inside of these networks");
    ports_.declare(app, "--ports,--port-names");
    app.choice("--interval", interval_, {"mean", "original"}, "of host-pair");
    app.choice("--bad", bad_, {"pcapline", "original"}, "of host-pair");
    app.group("Records");
    app.value("--columns", columns_, "SET|NAME,...", "sets basic, tcp, shape, link, all, or columns");
    app.flag("--list-columns", list_columns_, "print name, set and meaning of all columns");
    app.number("--first", first_, "N", "sizes of the first N packets too, and the times between");
    app.value("--sort", sort_, "KEY", "by a column; -KEY the other way round");
    app.number("--top", top_, "N", "only the first N records");
    app.flag("--nulls", nulls_, "JSON: absent values as null");
    app.list("-E", settings_, "header=y|n", "CSV, TSV, table: the header line", false);
    app.flag("-l,--line-buffered", line_buffered_, "write each record when it is complete");
}

Result<void> ConversationFlags::set_key(ConversationOptions& options) {
    constexpr std::int64_t minute = 60 * ns_per_second;
    KeyRules& rules = options.rules.key;
    if (by_ == "ip") rules.by = FlowBy::ip;
    if (by_ == "eth") rules.by = FlowBy::eth;
    options.by_host_pair = by_ == "host-pair";
    options.host_pairs = {interval_ == "original", bad_ == "original"};
    options.live = live_;
    options.rules.write_on_end = live_;
    if (live_) options.rules.limits.timeouts = {5 * minute, minute, 30 * minute};
    if (auto done = flows_.apply(options.rules); !done) return done;
    if (local_) {
        auto local = Networks::parse(*local_);
        if (!local) return local.error();
        options.rules.local = std::move(*local);
    }
    const auto applications = ports_.load();
    if (!applications) return applications.error();
    options.applications = *applications;
    if (!interim_) return {};
    const auto interim = parse_duration(*interim_);
    if (!interim) return interim.error();
    options.interim_ns = *interim;
    return {};
}

Result<void> ConversationFlags::set_limits(ConversationOptions& options) const {
    FlowLimits& limits = options.rules.limits;
    limits.max_flows = max_flows_.value_or(0);
    if (max_flows_ && *max_flows_ == 0) return Error{Errc::usage, "--max-flows takes 1 or more"};
    if (!memory_) return {};
    const auto memory = parse_size(*memory_);
    if (!memory) return memory.error();
    constexpr std::uint64_t least = 1024 * 1024;
    if (*memory < least) return Error{Errc::usage, "--memory takes 1MiB or more"};
    if (by_ == "flow" || options.by_host_pair) {
        limits.max_bytes = *memory;
        return {};
    }
    const std::uint64_t pairs = *memory / PairTracker::most_bytes_a_pair;
    limits.max_flows = max_flows_ ? std::min(*max_flows_, pairs) : pairs;
    return {};
}

Result<void> ConversationFlags::set_columns(ConversationOptions& options) const {
    if (!columns_ && options.style.format == Format::table) {
        options.columns = table_flow_columns();
    } else {
        auto columns = choose_flow_columns(columns_.value_or("basic,tcp"));
        if (!columns) return columns.error();
        options.columns = std::move(*columns);
    }
    options.rules.parts = parts_of(options.columns);
    options.top = top_;
    if (options.interim_ns != 0) options.columns.push_back(&interim_column());
    if (!first_) return {};
    if (*first_ == 0 || *first_ > std::numeric_limits<std::uint8_t>::max()) return Error{Errc::usage, "--first takes 1 to 255"};
    options.rules.parts.first = static_cast<std::uint8_t>(*first_);
    for (const FlowColumn& column : first_columns()) options.columns.push_back(&column);
    return {};
}

Result<void> ConversationFlags::set_sort(ConversationOptions& options) const {
    if (!sort_) return {};
    bool known = false;
    if (options.by_host_pair) {
        options.host_pair_sort = find_row_sort(*sort_, host_pair_columns());
        known = options.host_pair_sort.given();
    } else if (options.rules.key.by != FlowBy::flow) {
        options.pair_sort = find_row_sort(*sort_, pair_columns());
        known = options.pair_sort.given();
    } else {
        options.sort = find_row_sort(*sort_, row_columns(*choose_flow_columns("all")));
        known = options.sort.given();
        for (const RowColumn<FlowRow>& column : options.sort.columns) options.rules.parts.add(parts_of(*choose_flow_columns(column.name)));
    }
    if (known) return {};
    const char* const names = by_ == "flow" ? " (see --list-columns)" : " of the record";
    const char* const sums = options.by_host_pair ? "" : ", or packets, wire_bytes, ip_bytes, payload_bytes";
    return Error{Errc::usage, std::string("--sort takes a column") + names + sums + ": " + harmless(*sort_)};
}

/// What makes no sense for pairs is refused, not ignored.
Result<void> ConversationFlags::check_by(const ConversationOptions& options) const {
    if (live_ && (sort_ || top_)) return Error{Errc::usage, "--sort and --top want the end of the input; --live has none"};
    if (by_ == "flow") {
        if (interval_ != "mean" || bad_ != "pcapline") return Error{Errc::usage, "--interval and --bad are for --by host-pair"};
        return {};
    }
    if (columns_ || first_ || live_ || interim_) return Error{Errc::usage, "--columns, --first, --live and --interim are for --by flow"};
    if (!options.by_host_pair && (flows_.changes_ends() || flows_.changes_key()))
        return Error{Errc::usage, "timeouts, --key and --no-new-on-syn are for flows, not for --by " + by_};
    if (by_ == "eth" && local_) return Error{Errc::usage, "--local knows IP addresses: not for --by eth"};
    return {};
}

Result<void> ConversationFlags::set_style(ConversationOptions& options) const {
    options.style.plural = by_ == "flow" ? "flows" : "pairs";
    options.style.nulls = nulls_;
    options.line_buffered = line_buffered_;
    for (const std::string& setting : settings_) {
        if (setting != "header=y" && setting != "header=n") return Error{Errc::usage, "-E takes header=y or header=n here"};
        options.style.header = setting == "header=y";
    }
    return {};
}

Result<ConversationOptions> ConversationFlags::options(Format format) {
    ConversationOptions options;
    options.style.format = format;
    auto done = set_key(options);
    if (done) done = set_columns(options);
    if (done) done = set_sort(options);
    if (done) done = set_limits(options);
    if (done) done = set_style(options);
    if (done) done = check_by(options);
    if (!done) return done.error();
    return options;
}

int list_flow_columns(const App& app) {
    constexpr std::string_view sets[] = {"basic", "tcp", "shape", "link"};
    TextBuffer out;
    for (const FlowColumn& column : flow_columns()) {
        out.put(column.column.name);
        out.put('\t');
        out.put(sets[static_cast<std::size_t>(column.set)]);
        out.put('\t');
        out.put(column.meaning);
        out.put('\n');
    }
    const auto sink = stdout_sink();
    auto done = out.drain(*sink);
    if (done) done = sink->finish();
    return done ? exit_done : app.fail(done.error());
}

}  // namespace pcapline::cli
