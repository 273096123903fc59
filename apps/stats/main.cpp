// stats – what is in a capture.
#include "apps/common/options.h"
#include "apps/common/port_names.h"
#include "apps/common/threads.h"
#include "apps/stats/series_job.h"

using namespace pcapline;
using namespace pcapline::cli;

namespace {

About about() {
    return {"stats",
            "what is in a capture: summary, protocols, applications, endpoints, sizes",
            "[OPTION]... [FILE]...",
            "Reads captures once and reports what is in them. Several files are one input; the files section has a row for each.\n\n"
            "Without a section option: summary, files, protocols, lengths and damage, in bounded memory. Section options choose "
            "sections instead.\n\n"
            "The summary holds every figure of capinfos(1) as exact numbers: wire_bytes are original lengths, captured_bytes what "
            "the file holds, ip_bytes the total length of the innermost IP packet (not one that an ICMP error quotes), "
            "payload_bytes what follows the transport header, by the headers' lengths. first_time and last_time are the earliest "
            "and the latest time; strict_order is false where a packet is earlier than the one before it, steps_back counts those. "
            "local_packets counts packets between private addresses (10/8, 172.16/12, 192.168/16, 169.254/16, 127/8, fc00::/7, "
            "fe80::/10, ::1), or between one and a multicast or broadcast address.\n\n"
            "Memory for endpoints grows with their number. JSON holds the count of every length. Quantiles are exact: the smallest "
            "length with at least that share of the packets at or below it. Lengths above 262144 bytes are exact for the 65,536 "
            "smallest of them.\n\n"
            "The application of a packet is the topmost protocol that was decoded in it (dns, tls); if that is TCP, UDP or SCTP, "
            "what is usually behind its destination port, else behind its source port (ssh, http); else the transport or network "
            "protocol itself. So the column adds up to all packets. A FILE of --port-names adds ports or renames them: lines such as "
            "\"8080/tcp shop\", without a protocol for all three; later lines count before earlier ones, # begins a comment.\n\n"
            "TCP packets are counted by what they say, no connection is followed: syn has no ACK and syn_ack has one; zero_windows "
            "are packets without SYN, FIN and RST. bad_checksums are told of whole segments only, not of what the capture has cut "
            "or IP has fragmented; captures of sent packets show them where the network card fills them in.\n\n"
            "--series counts packets and bytes in intervals of time instead: half-open ones that begin at multiples of DURATION "
            "since 1970, by time, then by what --by says; empty ones are left out unless --fill asks for them. Each packet counts "
            "for both of its addresses, and for both of its ports; protocol is the topmost one that was decoded, vlan the outermost "
            "tag. Packets without what --by asks for (no IP address, no tag) have rows without it. Packets may stand in any order. "
            "Those without a time are in no row; JSON counts them in left_out, else one line on standard error does. At most "
            "4194304 rows are held, in 250 MB of memory (by address up to 800 MB); if there would be more, nothing is written and the "
            "exit code is 3. --fill writes at most 16777216 rows.\n\n"
            "--per-packet gives application, time and length of every packet, in input order and as they come. Only -T json holds "
            "them until the end (12 bytes a packet): there they are lists of [time, length] by application, in the order of first "
            "packets.\n\n"
            "--split-bad follows the connections, in one thread, as conversations(1) does and in its memory, and tells the bad packets "
            "from the good ones: TCP segments that are retransmissions or out of order, before which bytes are missing, or which announce "
            "a window of zero, and packets whose TCP or UDP checksum does not fit; the bad_packet_count of conversations --by host-pair. "
            "--series has the columns bad_packets and bad_wire_bytes then, of what packets and wire_bytes count; --per-packet has the "
            "column bad, and its JSON two lists for each application, good and bad.\n\n"
            "-T json gives one document; CSV and TSV hold one section, without a choice the files (a row each, the habit of "
            "capinfos -T).",
            {{"pcapline stats x.pcap", "summary, files, protocols, lengths"},
             {"pcapline stats --csv /cap/*.pcap > index.csv", "one row a file"},
             {"pcapline stats --series 1s --by application --csv x.pcap", "packets and bytes a second of each application"}},
            "capinfos(1), tshark(1)"};
}

/// The words of --by.
constexpr std::pair<const char*, SeriesBy> series_keys[] = {{"application", SeriesBy::application}, {"protocol", SeriesBy::protocol},
                                                            {"address", SeriesBy::address},         {"port", SeriesBy::port},
                                                            {"interface", SeriesBy::interface},     {"vlan", SeriesBy::vlan}};

/// What is asked for beside a report of sections.
struct SeriesFlags {
    std::optional<std::string> interval;
    std::string by;
    bool fill = false;
    bool per_packet = false;
    bool split_bad = false;

    void declare(App& app) {
        std::vector<std::string> words;
        for (const auto& [word, key] : series_keys) words.emplace_back(word);
        app.group("Time series");
        app.value("--series", interval, "DURATION", "no report, but packets and bytes of each interval");
        app.choice("--by", by, words, "of each of these in each interval");
        app.flag("--fill", fill, "write empty intervals too");
        app.flag("--per-packet", per_packet, "no report, but application, time and length of each packet");
        app.flag("--split-bad", split_bad, "of both: tell bad packets (sent again, late ...) from good ones");
    }
    bool given() const { return interval || per_packet; }
    /// True if applications are named.
    bool names_applications() const { return per_packet || by == "application"; }
    Result<SeriesOptions> options() const {
        if (interval && per_packet) return Error{Errc::usage, "--series or --per-packet, not both"};
        if (!interval && (!by.empty() || fill)) return Error{Errc::usage, std::string{fill ? "--fill" : "--by"} + " needs --series"};
        if (split_bad && !given()) return Error{Errc::usage, "--split-bad needs --series or --per-packet"};
        SeriesOptions asked;
        asked.fill = fill;
        asked.split_bad = split_bad;
        for (const auto& [word, key] : series_keys)
            if (by == word) asked.by = key;
        if (!interval) return asked;
        const auto ns = parse_duration(*interval);
        if (!ns) return ns.error();
        if (*ns == 0) return Error{Errc::usage, "--series takes more than 0 seconds"};
        asked.interval_ns = *ns;
        return asked;
    }
};

}  // namespace

int main(int argc, char** argv) {
    App app{about()};
    InputFlags input;
    OutputFlags output;
    RunFlags run;
    PortNames port_names;
    SeriesFlags series;
    StatsOptions options;
    bool all = false;
    bool hash = false;
    ThreadFlag threads;
    std::vector<std::string> settings;
    input.declare(app);
    app.group("Sections");
    app.flag("--summary", options.sections.summary, "totals, times, rates");
    app.flag("--files", options.sections.files, "a row a file: format, precision, interfaces, comments");
    app.flag("--protocols", options.sections.protocols, "packets and bytes of each stack of protocols");
    app.flag("--layers", options.sections.layers, "packets of each protocol, wherever it stands");
    app.flag("--applications", options.sections.applications, "packets and bytes of each application");
    app.flag("--endpoints", options.sections.endpoints, "packets and bytes of each IP address");
    app.flag("--ports", options.sections.ports, "packets and bytes of each TCP, UDP and SCTP port");
    app.flag("--lengths", options.sections.lengths, "sizes: mean, deviation, quantiles, buckets");
    app.flag("--tcp", options.sections.tcp, "TCP flags, zero windows and bad checksums");
    app.flag("--damage", options.sections.damage, "what is damaged, and where");
    app.flag("--all", all, "all of them");
    app.flag("--hash", hash, "SHA-256 of each file, in the files section");
    app.number("--top", options.top, "N", "most applications, endpoints, ports; tables: 10, else all");
    port_names.declare(app);
    series.declare(app);
    output.declare(app, {"table", "json", "ndjson", "csv", "tsv"});
    app.flag("--nulls", options.nulls, "JSON: absent values as null");
    app.list("-E", settings, "header=y|n", "CSV, TSV: with or without the header line", false);
    run.declare(app);
    threads.declare(app);

    return app.run(argc, argv, [&] {
        Sections& s = options.sections;
        options.chosen = s.count() > 0 || all;
        if (all) s = {true, true, true, true, true, true, true, true, true, true};
        if (!options.chosen) s.summary = s.files = s.protocols = s.lengths = s.damage = true;
        const auto count = threads.threads();
        if (!count) return app.fail(count.error());
        options.threads = *count;
        for (const std::string& setting : settings) {
            if (setting != "header=y" && setting != "header=n") return app.fail({Errc::usage, "-E takes header=y or header=n here"});
            options.header = setting == "header=y";
        }
        const auto format = output.format();
        if (!format) return app.fail(format.error());
        options.format = format->value_or(Format::table);
        if ((options.format == Format::csv || options.format == Format::tsv) && options.chosen && s.count() > 1)
            return app.fail({Errc::usage, "CSV and TSV hold one section; name one, or take -T json"});
        const auto asked = series.options();
        if (!asked) return app.fail(asked.error());
        if (series.given() && (options.chosen || options.top || hash))
            return app.fail({Errc::usage, "--series and --per-packet stand alone: without sections, --top and --hash"});
        const bool names = series.given() ? series.names_applications() : s.applications;
        if (port_names.given() && !names)
            return app.fail({Errc::usage, "--port-names needs --applications, --per-packet or --series with --by application"});
        if (names) {
            auto loaded = port_names.load();
            if (!loaded) return app.fail(loaded.error());
            options.applications = *loaded;
        }
        auto in = input.options();
        if (!in) return app.fail(in.error());
        in->hash = hash;
        if (series.per_packet) return run_points(app, std::move(*in), options, *asked, output, run);
        if (series.interval) return run_series(app, std::move(*in), options, *asked, output, run);
        return run_stats(app, std::move(*in), options, output, run);
    });
}
