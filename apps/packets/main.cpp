// packets – one record per packet.
#include <algorithm>

#include "apps/common/options.h"
#include "apps/common/progress.h"
#include "apps/packets/packet_job.h"
#include "apps/packets/record_flags.h"

using namespace pcapline;
using namespace pcapline::cli;

namespace {

About about() {
    return {"packets",
            "one record per packet: fields, JSON, NDJSON, CSV, TSV, text",
            "[OPTION]... [FILE]...",
            "Reads captures and writes one record for each packet. Without -e, a line for people (-T table), or with -T json and -T ndjson "
            "every "
            "decoded layer in order, or with -T csv and -T tsv the twelve columns number, time, time_epoch, length, captured, protocols, "
            "src, dst, "
            "sport, dport, protocol and info.\n\n"
            "With -e, just those fields. Their names are Wireshark's. In JSON they nest by one level: tcp.flags.syn is .tcp.flags_syn. A "
            "field that "
            "can occur several times in one layer is always an array, any other one only where its layer repeats.\n\n"
            "Some fields follow from the packets before: frame.time_delta, frame.time_relative, tcp.stream, udp.stream, tcp.seq, tcp.ack, "
            "tcp.nxtseq, tcp.window_size, tcp.time_delta, tcp.time_relative and tcp.analysis.* (--list-fields marks them). Only -e gives "
            "them. They see the packets that pass -f, --from and --to. For those of tcp and udp a record of each stream is kept until the "
            "end of the input, about 100 bytes for UDP, 400 to 1,000 for TCP and 32 for each segment that is not acknowledged, at most "
            "10,000 a "
            "direction; for all other fields nothing is kept.\n\n"
            "-T fields is tshark's output: TAB between fields, no header, numbers spelled as tshark spells them. Every other format "
            "carries typed "
            "values: decimal numbers, true and false, ISO 8601 times in UTC with nine digits, bytes as hexadecimal.\n\n"
            "Text out of packets cannot drive a terminal: control characters and bytes that are not UTF-8 are written as \\xNN (JSON: "
            "\\u00NN).",
            {{"pcapline packets -T fields -e ip.src -e tcp.dstport x.pcap | sort | uniq -c | sort -rn", "count who talks to which port"},
             {"pcapline packets --ndjson x.pcap | jq -r '.layers[]|select(.layer==\"dns\")|.qry_name[]?'", "all names that were asked for"},
             {"pcapline packets --csv -e frame.time_epoch -e ip.src -e frame.len -o p.csv x.pcap.gz", "a CSV file for pandas"}},
            "tshark(1), tcpdump(1), jq(1)"};
}

int list_all_fields(const App& app) {
    TextBuffer out;
    for (const FieldListing& field : list_fields())
        out.put(field.name + '\t' + field.json_path + '\t' + field.type + '\t' + field.repeat + '\t' + field.description + '\n');
    const auto sink = stdout_sink();
    auto done = out.drain(*sink);
    if (done) done = sink->finish();
    return done ? exit_done : app.fail(done.error());
}

}  // namespace

int main(int argc, char** argv) {
    App app{about()};
    InputFlags input;
    RecordFlags records;
    OutputFlags output;
    RunFlags run;
    input.declare(app);
    records.declare(app);
    output.declare(app, {"table", "fields", "json", "ndjson", "csv", "tsv"});
    run.declare(app);

    return app.run(argc, argv, [&] {
        if (records.list_fields()) return list_all_fields(app);
        // tshark's -o name:value sets a preference; ours names the output.
        if (const std::string& path = output.path(); path.find(':') != std::string::npos && path.find('/') == std::string::npos)
            return app.fail({Errc::usage, "-o is the output file here; tshark's preferences (-o name:value) do not exist (write ./" + path +
                                              " for such a file)"});
        const auto format = output.format();
        if (!format) return app.fail(format.error());
        auto record = records.options(*format);
        if (!record) return app.fail(record.error());
        auto options = input.options();
        if (!options) return app.fail(options.error());
        options->first_number = records.first_number();
        options->read_ahead = true;
        return run_packets(app, std::move(*options), std::move(*record), output, run, records.line_buffered());
    });
}
