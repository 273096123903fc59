#include "apps/split-flow/split_flags.h"

#include <unistd.h>

#include <array>
#include <utility>

#include "pcapline/base/text.h"

namespace pcapline::cli {

void SplitFlags::declare(App& app) {
    app.group("Parts");
    app.value("--by", by_, "WHAT",
              "session (default), host, host-pair, port, vlan, time:DURATION, size:SIZE, count:N, or hash:N (N parts, no flow in two)");
    app.number("--min-packets", min_packets_, "N", "leave out parts with fewer packets");
    app.flag("--tcp-from-first-packet", from_first_packet_, "leave out TCP sessions whose first SYN was not captured");
    flows_.declare(app);
    app.group("Output");
    app.value("-d,--directory", folder_, "DIR", "write into this folder, which is created; nothing is written outside of it");
    app.choice("--type", type_, {"pcap", "pcapng", "json", "ndjson", "tar"},
               "captures (default: the input's format), lists of times and payload lengths by session, or one archive of captures");
    app.value("-o,-w,--output", stream_, "FILE", "with --type json, ndjson and tar: write FILE (- is standard output) instead of a folder");
    app.value("--name", name_, "TEMPLATE",
              "names of files, made of {seq} {time} {proto} {src} {sport} {dst} {dport} {input} {cid} {key} {vlan} and text");
    app.flag("--force", force_, "replace existing files; write an archive to a terminal");
    app.flag("--compat", compat_, "JSON: ports as text");
    app.value("--manifest", manifest_, "FILE",
              "write what became of every packet: a record a file, with that of its flow (- is standard output)");
    app.choice("-T,--format", manifest_format_, {"ndjson", "csv"},
               "format of the manifest; default: ndjson, or csv where FILE ends in .csv");
    app.flag("-v,--verbose", verbose_, "totals on standard error, also where that is no terminal");
}

Result<void> SplitFlags::set_output(SplitOptions& options) const {
    constexpr std::array<std::pair<const char*, SplitType>, 5> types{{{"pcap", SplitType::pcap},
                                                                      {"pcapng", SplitType::pcapng},
                                                                      {"json", SplitType::json},
                                                                      {"ndjson", SplitType::ndjson},
                                                                      {"tar", SplitType::tar}}};
    for (const auto& [word, type] : types)
        if (type_ == word) options.type = type;
    options.folder = folder_;
    options.stream = stream_;
    options.force = force_;
    if (folder_.empty() == stream_.empty())
        return Error{Errc::usage, folder_.empty() ? "where to? Name a folder with -d" : "-d and -o are two outputs: take one of them"};
    const bool many_files = options.type == SplitType::as_input || options.type == SplitType::pcap || options.type == SplitType::pcapng;
    if (!stream_.empty() && many_files) return Error{Errc::usage, "-o is for --type json, ndjson or tar; captures go into a folder (-d)"};
    if (stream_ == "-" && options.type == SplitType::tar && isatty(STDOUT_FILENO) && !force_)
        return Error{Errc::usage, "an archive is not for a terminal: pipe it on, name a file, or give --force"};
    return {};
}

Result<void> SplitFlags::set_names(SplitOptions& options) const {
    auto names = NameTemplate::parse(name_ ? std::string_view{*name_} : options.by.default_name());
    if (!names) return names.error();
    options.names = std::move(*names);
    // A name that ends like a capture says which, where nothing else does.
    for (const auto& [ending, type] : {std::pair{".pcap", SplitType::pcap}, std::pair{".pcapng", SplitType::pcapng}}) {
        if (options.names.ending() != ending) continue;
        if (options.type == SplitType::as_input) options.type = type;
        if (options.type != type) return Error{Errc::usage, std::string("--name ends in ") + ending + ", but --type is " + type_};
        options.names.drop_ending();
        break;
    }
    return {};
}

Result<void> SplitFlags::set_manifest(SplitOptions& options) const {
    options.manifest = manifest_;
    options.manifest_csv = manifest_format_ == "csv" || (manifest_format_.empty() && manifest_.ends_with(".csv"));
    if (manifest_.empty() && !manifest_format_.empty())
        return Error{Errc::usage, "-T is the format of the manifest: name that with --manifest"};
    if (manifest_ == "-" && stream_ == "-") return Error{Errc::usage, "--manifest and -o cannot both be standard output"};
    return {};
}

/// What goes together.
Result<void> SplitFlags::check(const SplitOptions& options) const {
    const bool session = options.by.kind == SplitBy::Kind::session;
    const bool pair = options.by.kind == SplitBy::Kind::host_pair;
    if (options.sequences() && !session) return Error{Errc::usage, "--type " + type_ + " is for --by session"};
    if (options.sequences() && name_) return Error{Errc::usage, "--name is for captures: --type " + type_ + " makes one file"};
    if (compat_ && !options.sequences()) return Error{Errc::usage, "--compat is for --type json and ndjson"};
    if (!session && (from_first_packet_ || flows_.changes_ends()))
        return Error{Errc::usage, "--tcp-from-first-packet, --no-new-on-syn and timeouts are for --by session"};
    if (!session && !pair && flows_.changes_key()) return Error{Errc::usage, "--key is for --by session and host-pair"};
    return {};
}

Result<SplitOptions> SplitFlags::options() const {
    SplitOptions options;
    auto by = SplitBy::parse(by_);
    if (!by) return by.error();
    options.by = *by;
    options.min_packets = min_packets_.value_or(1);
    options.from_first_packet = from_first_packet_;
    options.compat = compat_;
    options.verbose = verbose_;
    auto done = flows_.apply(options.rules);
    if (done) done = set_output(options);
    if (done) done = set_names(options);
    if (done) done = set_manifest(options);
    if (done) done = check(options);
    if (!done) return done.error();
    return options;
}

}  // namespace pcapline::cli
