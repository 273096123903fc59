// cat – concatenate, slice, filter, convert, compress captures.
#include <unistd.h>

#include <limits>

#include "apps/cat/cat_job.h"
#include "apps/common/options.h"

using namespace pcapline;
using namespace pcapline::cli;

namespace {

About about() {
    return {"cat",
            "concatenate, slice, filter, convert, compress captures",
            "[OPTION]... [FILE]... [-w OUTPUT]",
            "Writes the packets of all inputs, in the order given, as one capture: in the format and precision of the first input, or as "
            "pcapng where "
            "some input is pcapng or link types or clocks differ. Packets are copied byte for byte; precision, link type, original length, "
            "interfaces, "
            "comments and (pcapng to pcapng) all other blocks are kept.\n\n"
            "A capture is written under its own name from the start and grows; it never replaces an existing file without --force. On a "
            "terminal "
            "nothing is written without --force.\n\n"
            "-F pcap holds one link type with microseconds, -F nsecpcap with nanoseconds.",
            {{"pcapline cat --range 1-1000 x.pcap -w first.pcap", "the first thousand packets"},
             {"pcapline cat --from 2024-05-01T08:00 --to +10m x.pcap -w y.pcap", "ten minutes"},
             {"pcapline cat -f 'tcp port 443' -s 96 day-*.pcap.gz -w tls.pcapng.zst", "filter, cut, convert and compress"}},
            "mergecap(1), editcap(1)"};
}

}  // namespace

int main(int argc, char** argv) {
    App app{about()};
    InputFlags input;
    RunFlags run;
    CatOptions options;
    std::string range;
    std::string format;
    std::string shift;
    std::optional<std::uint64_t> snap_len;
    input.declare(app);
    app.value("--range", range, "RANGE",
              "only packets with these numbers, such as 1-1000,2000,5000- (counted over all inputs, before every filter)");
    app.group("Output");
    app.value("-w,-o,--write", options.path, "FILE", "write to FILE instead of standard output; .gz .zst .xz .bz2 .lz4 compress");
    app.choice("-F,--file-format", format, {"pcap", "nsecpcap", "pcapng"}, "format of the output; default: the first input's");
    app.choice("--compress", options.compression, {"gzip", "xz", "zstd", "bzip2", "lz4"}, "compress the output");
    app.number("-s,--snaplen", snap_len, "BYTES", "cut packets to this length; the original length is kept");
    app.value("--shift", shift, "SEC", "add this many seconds to every time, such as 0.5, -3600 or 2h");
    app.flag("--force", options.force, "replace an existing file; write to a terminal");
    run.declare(app);

    return app.run(argc, argv, [&] {
        auto in = input.options();
        if (!in) return app.fail(in.error());
        if (!range.empty()) {
            auto ranges = parse_ranges(range);
            if (!ranges) return app.fail(ranges.error());
            in->ranges = std::move(*ranges);
        }
        if (!shift.empty()) {
            auto by = parse_duration(shift, true);
            if (!by) return app.fail(by.error());
            options.shift_ns = *by;
        }
        if (snap_len && (*snap_len == 0 || *snap_len > std::numeric_limits<std::uint32_t>::max()))
            return app.fail({Errc::usage, "-s takes 1 to 4294967295 bytes"});
        if (snap_len) options.snap_len = static_cast<std::uint32_t>(*snap_len);
        if (format == "pcap") options.format = WriteFormat::pcap;
        if (format == "nsecpcap") options.format = WriteFormat::nsecpcap;
        if (format == "pcapng") options.format = WriteFormat::pcapng;
        if ((options.path.empty() || options.path == "-") && isatty(STDOUT_FILENO) && !options.force)
            return app.fail({Errc::usage, "a capture is not for a terminal: name a file with -w, pipe it on, or give --force"});
        return run_cat(app, std::move(*in), options, run);
    });
}
