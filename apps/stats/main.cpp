// stats – what is in a capture.
#include "apps/common/options.h"
#include "apps/common/port_names.h"
#include "apps/stats/stats_job.h"

using namespace pcapline;
using namespace pcapline::cli;

namespace {

About about() {
    return {
        "stats",
        "what is in a capture: summary, protocols, applications, endpoints, sizes",
        "[OPTION]... [FILE]...",
        "Reads captures once and reports what is in them. Several files are one input; the files section has a row for each.\n\n"
        "Without a section option: summary, files, protocols, lengths and damage, in bounded memory. Section options choose sections "
        "instead.\n\n"
        "The summary holds every figure of capinfos(1) as exact numbers: wire_bytes are original lengths, captured_bytes what the file "
        "holds, "
        "ip_bytes the total length of the innermost IP packet (not one that an ICMP error quotes), payload_bytes what follows the "
        "transport "
        "header, by the headers' lengths. first_time and last_time are the earliest and the latest time; strict_order is false where a "
        "packet is "
        "earlier than the one before it, steps_back counts those. local_packets counts packets between private addresses (10/8, 172.16/12, "
        "192.168/16, 169.254/16, 127/8, fc00::/7, fe80::/10, ::1), or between one and a multicast or broadcast address.\n\n"
        "Quantiles are exact: the smallest length with at least that share of the packets at or below it. Lengths above 262144 bytes are "
        "exact "
        "for the 65,536 smallest of them.\n\n"
        "The application of a packet is the topmost protocol that was decoded in it (dns, tls); if that is TCP, UDP or SCTP, what is "
        "usually "
        "behind its destination port, else behind its source port (ssh, http); else the transport or network protocol itself. So the "
        "column "
        "adds up to all packets. A FILE of --port-names says more of ports, or other things: lines such as \"8080/tcp shop\", for all "
        "three "
        "protocols without one; later lines count before earlier ones.\n\n"
        "TCP packets are counted by what they say, no connection is followed: syn has no ACK and syn_ack has one; zero_windows are packets "
        "without SYN, FIN and RST. bad_checksums are told of whole segments only, not of what the capture has cut or IP has fragmented; "
        "captures of sent packets show them where the network card fills them in.\n\n"
        "-T json gives one document; CSV and TSV hold one section, without a choice the files (a row each, the habit of capinfos -T).",
        {{"pcapline stats x.pcap", "summary, files, protocols, lengths"},
         {"pcapline stats --csv /cap/*.pcap > index.csv", "one row a file"},
         {"pcapline stats --endpoints --top 5 -T json x.pcap.zst | jq -r '.endpoints[].address'", "the five busiest addresses"}},
        "capinfos(1), tshark(1)"};
}

}  // namespace

int main(int argc, char** argv) {
    App app{about()};
    InputFlags input;
    OutputFlags output;
    RunFlags run;
    PortNames port_names;
    StatsOptions options;
    bool all = false;
    bool hash = false;
    std::optional<std::uint64_t> threads;
    std::vector<std::string> settings;
    input.declare(app);
    app.group("Sections");
    app.flag("--summary", options.sections.summary, "totals, times, rates");
    app.flag("--files", options.sections.files, "a row a file: format, precision, interfaces, comments");
    app.flag("--protocols", options.sections.protocols, "packets and bytes of each stack of protocols");
    app.flag("--layers", options.sections.layers, "packets of each protocol, wherever it stands");
    app.flag("--applications", options.sections.applications, "packets and bytes of each application");
    app.flag("--endpoints", options.sections.endpoints, "packets and bytes of each IP address (memory grows with their number)");
    app.flag("--ports", options.sections.ports, "packets and bytes of each TCP, UDP and SCTP port");
    app.flag("--lengths", options.sections.lengths, "sizes: mean, deviation, quantiles, buckets, and the count of every length (JSON)");
    app.flag("--tcp", options.sections.tcp, "TCP flags, zero windows and bad checksums");
    app.flag("--damage", options.sections.damage, "what is damaged, and where");
    app.flag("--all", all, "all of them");
    app.flag("--hash", hash, "SHA-256 of each file, in the files section");
    app.number("--top", options.top, "N", "keep the first N applications, endpoints and ports; tables: 10, other formats: all");
    port_names.declare(app);
    output.declare(app, {"table", "json", "ndjson", "csv", "tsv"});
    app.flag("--nulls", options.nulls, "JSON: absent values as null");
    app.list("-E", settings, "header=y|n", "CSV, TSV: with or without the header line", false);
    run.declare(app);
    app.number("--threads", threads, "N", "threads for plain files; default 1 below 64 MiB, else the CPUs allowed, at most 8");

    return app.run(argc, argv, [&] {
        Sections& s = options.sections;
        options.chosen = s.count() > 0 || all;
        if (all) s = {true, true, true, true, true, true, true, true, true, true};
        if (!options.chosen) s.summary = s.files = s.protocols = s.lengths = s.damage = true;
        if (threads && (*threads == 0 || *threads > 256)) return app.fail({Errc::usage, "--threads takes 1 to 256"});
        if (threads) options.threads = static_cast<unsigned>(*threads);
        for (const std::string& setting : settings) {
            if (setting != "header=y" && setting != "header=n") return app.fail({Errc::usage, "-E takes header=y or header=n here"});
            options.header = setting == "header=y";
        }
        const auto format = output.format();
        if (!format) return app.fail(format.error());
        options.format = format->value_or(Format::table);
        if ((options.format == Format::csv || options.format == Format::tsv) && options.chosen && s.count() > 1)
            return app.fail({Errc::usage, "CSV and TSV hold one section; name one, or take -T json"});
        if (port_names.given() && !s.applications) return app.fail({Errc::usage, "--port-names needs --applications"});
        if (s.applications) {
            auto names = port_names.load();
            if (!names) return app.fail(names.error());
            options.applications = *names;
        }
        auto in = input.options();
        if (!in) return app.fail(in.error());
        in->hash = hash;
        return run_stats(app, std::move(*in), options, output, run);
    });
}
