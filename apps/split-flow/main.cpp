// split-flow – one output per session (or host, time, size, count, N parts).
#include "apps/common/options.h"
#include "apps/split-flow/split_flags.h"
#include "apps/split-flow/split_job.h"

using namespace pcapline;
using namespace pcapline::cli;

namespace {

About about() {
    return {
        "split-flow",
        "one output per session, host, port, time, size or count",
        "[OPTION]... -d DIR [FILE]...",
        "Writes every packet into the file of its session: protocol, both addresses and both ports, in both directions. Packets are copied "
        "byte for byte; precision, link type, original length, and (pcapng) interface and comments are kept. Packets of no session go to "
        "000000_other. Sessions are those of pcapline-conversations(1), with the same numbers.\n\n"
        "--by cuts by other things. host and port put a packet into the file of each of its two ends; everything else puts it into one "
        "file only. time:DURATION makes bins that are aligned to the epoch; count:N and size:SIZE begin a new file before the packet that "
        "would be too much; hash:N makes N parts by a published hash of the session: addresses, ports and protocol, the same on every "
        "machine.\n\n"
        "Names are made of --name, default {seq}_{time}_{proto}_{src}_{sport}_{dst}_{dport}. {seq} is the number of the part by its first "
        "packet, {time} the time of that packet (with --by time, the beginning of the bin); {src} and {sport} are of who began: who sent "
        "the first packet, unless that answers a SYN. {key} is what the packets have in common. Every character but letters, digits, dot, "
        "underscore and hyphen becomes a hyphen; a placeholder without a value goes with the separator in front of it; a name that is "
        "there "
        "already is followed by a number. A name that ends in .pcap or .pcapng stands for that --type.\n\n"
        "Nothing is written outside of DIR, symbolic links are not followed, and existing files are replaced with --force only. Any number "
        "of files works with any limit of descriptors. Plain files are read twice, part by part; pipes and compressed files once, with "
        "64 MiB of buffers.\n\n"
        "--type json writes DIR/INPUT.json (flows.json for several inputs): an array with, for each TCP and UDP session, timestamp[], "
        "payload[] (the payload length by the headers, + sent by src, - by dst), src_ip, src_port, dst_ip, dst_port and protocol. ndjson "
        "is an object a line. tar is an archive of the captures.\n\n"
        "--manifest names every file, with its packets and bytes and the record of its flow (see pcapline-conversations(1)), and what was "
        "left out, by reason. Where packets were read that are neither in a file nor left out, the exit code is 3.",
        {{"pcapline split-flow -d out x.pcap", "a capture for each session"},
         {"pcapline split-flow --by time:1h -d hours --name '{time}.pcapng' x.pcap", "a capture for each hour"},
         {"pcapline split-flow --type ndjson -o - x.pcap | jq -c 'select(.dst_port==443)|.payload'",
          "the sizes of what went to and fro in sessions with port 443"}},
        "editcap(1), tcpflow(1)"};
}

}  // namespace

int main(int argc, char** argv) {
    App app{about()};
    InputFlags input;
    SplitFlags flags;
    RunFlags run;
    input.declare(app);
    flags.declare(app);
    run.declare(app);

    return app.run(argc, argv, [&] {
        auto options = flags.options();
        if (!options) return app.fail(options.error());
        auto in = input.options();
        if (!in) return app.fail(in.error());
        return run_split(app, std::move(*in), *options, run);
    });
}
