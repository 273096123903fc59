#include "apps/common/options.h"

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <limits>

#include "pcapline/base/text.h"

namespace pcapline::cli {

void InputFlags::declare(App& app) {
    app.operands(operands_,
                 "Captures to read, in this order, as one input; \"-\" is standard input, which is also read when no file is given "
                 "and it is no terminal. pcap and pcapng, plain or compressed by gzip, bzip2, xz, zstd or lz4, found by content.");
    app.group("Input");
    app.list("-r,--read", read_, "FILE", "read this capture; may be repeated", false);
    app.value("-f,--filter", filter_, "EXPR", "only packets that match this capture filter (BPF, see pcap-filter(7))");
    app.flag("--resolve", resolve_, "allow host names in the capture filter (they are looked up)");
    app.number("-c,--count", count_, "N", "stop after N packets, counted after the filters");
    app.number("--read-count", read_count_, "N", "stop after N packets, counted before the filters");
    app.value("--from", from_, "TIME",
              "only packets at or after TIME: ISO 8601 (UTC where it names no zone), epoch seconds, +DURATION after the first packet, or "
              "-DURATION before the last");
    app.value("--to", to_, "TIME", "only packets before TIME");
    app.flag("--strict", strict_, "stop at the first damaged or unreadable input");
    app.flag("-n", numeric_, "accepted and ignored: names are never looked up");
}

namespace {

/// False only for what certainly is not there: other failures are told by whoever opens it.
bool exists(const std::string& path) {
    struct stat status {};
    return path == "-" || stat(path.c_str(), &status) == 0 || errno != ENOENT;
}

}  // namespace

Result<InputOptions> InputFlags::options() const {
    InputOptions options;
    options.files = read_;
    for (const std::string& word : operands_) {
        if (!read_.empty() && !exists(word))
            return Error{Errc::usage,
                         "no such file: " + harmless(word) + " (a capture filter goes behind -f, in one word: -f 'tcp port 80')"};
        options.files.push_back(word);
    }
    if (options.files.empty()) {
        if (isatty(STDIN_FILENO)) return Error{Errc::usage, "no input: name a capture, or pipe one in"};
        options.files.push_back("-");
    }
    if (std::count(options.files.begin(), options.files.end(), "-") > 1) return Error{Errc::usage, "standard input can be read only once"};
    options.filter = filter_;
    options.resolve = resolve_;
    options.count = count_;
    options.read_count = read_count_;
    options.strict = strict_;
    for (const auto& [text, to] : {std::pair{&from_, &options.from}, std::pair{&to_, &options.to}}) {
        if (!*text) continue;
        auto time = parse_time(**text);
        if (!time) return time.error();
        *to = *time;
    }
    return options;
}

void OutputFlags::declare(App& app, const std::vector<std::string>& formats) {
    app.group("Output");
    app.choice("-T,--format", format_, formats, "format of the output");
    app.flag("--json", json_, "the same as -T json");
    app.flag("--ndjson", ndjson_, "the same as -T ndjson");
    app.flag("--csv", csv_, "the same as -T csv");
    app.value("-o,-w,--output", path_, "FILE", "write to FILE (renamed into place when whole) instead of standard output");
    app.flag("--force", force_, "replace an existing file");
}

Result<std::optional<Format>> OutputFlags::format() const {
    std::vector<std::string> asked;
    if (!format_.empty()) asked.push_back(format_);
    if (json_) asked.emplace_back("json");
    if (ndjson_) asked.emplace_back("ndjson");
    if (csv_) asked.emplace_back("csv");
    if (asked.empty()) return std::optional<Format>{};
    for (const std::string& other : asked)
        if (other != asked.front()) return Error{Errc::usage, "two formats: " + asked.front() + " and " + other};
    constexpr std::pair<const char*, Format> known[] = {{"table", Format::table},   {"fields", Format::fields}, {"json", Format::json},
                                                        {"ndjson", Format::ndjson}, {"csv", Format::csv},       {"tsv", Format::tsv}};
    for (const auto& [word, format] : known)
        if (asked.front() == word) return std::optional<Format>{format};
    return Error{Errc::usage, "unknown format: " + asked.front()};
}

Result<std::unique_ptr<Sink>> OutputFlags::open() const {
    if (to_stdout()) return stdout_sink();
    return open_sink(path_, {.naming = Naming::when_whole, .force = force_, .compression = ""});
}

void RunFlags::declare(App& app) {
    app.group("Run");
    app.flag("-q,--quiet", quiet_, "no progress");
    app.choice("--progress", progress_, {"auto", "always", "never", "json"}, "progress on standard error; auto: on a terminal, after 1 s");
    app.flag("--exit-empty", exit_empty_, "exit 5 if no packet matched");
}

Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> parse_ranges(const std::string& text) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    const Error bad{Errc::usage, "not a range of packet numbers: " + harmless(text) + " (such as 1-1000,2000,5000-)"};
    const auto number = [](const std::string& digits) -> std::optional<std::uint64_t> {
        if (digits.empty() || digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
        return std::stoull(digits);
    };
    std::size_t at = 0;
    while (at <= text.size()) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        const std::string part = text.substr(at, comma - at);
        at = comma + 1;
        const std::size_t dash = part.find('-');
        const auto first = number(part.substr(0, dash));
        auto last = first;
        if (dash != std::string::npos) {
            last = dash + 1 == part.size() ? std::numeric_limits<std::uint64_t>::max() : number(part.substr(dash + 1));
        }
        if (!first || !last || *first == 0 || *last < *first) return bad;
        ranges.emplace_back(*first, *last);
    }
    std::sort(ranges.begin(), ranges.end());
    std::vector<std::pair<std::uint64_t, std::uint64_t>> joined;  // overlapping ones as one, so that they can be searched
    for (const auto& range : ranges) {
        if (!joined.empty() && range.first <= joined.back().second) {
            joined.back().second = std::max(joined.back().second, range.second);
        } else {
            joined.push_back(range);
        }
    }
    return joined;
}

}  // namespace pcapline::cli
