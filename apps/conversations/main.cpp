// conversations – one record per flow.
#include "apps/common/options.h"
#include "apps/common/threads.h"
#include "apps/conversations/conversation_flags.h"
#include "apps/conversations/conversation_job.h"

using namespace pcapline;
using namespace pcapline::cli;

namespace {

About about() {
    return {
        "conversations",
        "one record per flow: counters, TCP quality, state, applications",
        "[OPTION]... [FILE]...",
        "Reads captures and writes one record for each flow: protocol, both addresses and both ports, both directions together. A (src, "
        "sport) is the initiator: who sent the SYN, else who sent the first packet; the column initiator says which. Columns that end in "
        "_ab are of what A sent, those in _ba of what B sent.\n\n"
        "IPv4 and IPv6, TCP, UDP, SCTP, DCCP, UDP-Lite, ICMP (request and reply are one flow) and every other IP protocol. The addresses "
        "are those of the innermost IP header, unless --tunnel outer. IP fragments belong to their flow. A TCP SYN with another "
        "sequence number begins a new flow. Without --idle-timeout and --active-timeout a flow lasts to the end of the input. Time is "
        "that of the packets only.\n\n"
        "--columns chooses what is tracked: the sets basic, tcp, shape and link, or single columns (--list-columns). What is not asked "
        "for takes neither time nor memory. Without it, -T table shows what fits a line, the other formats basic and tcp. --sort puts "
        "numbers and times in descending, text in ascending order; packets, wire_bytes (also bytes), ip_bytes and payload_bytes are the "
        "sums of both ways. --first N adds first_sizes, the original lengths of the flow's first N packets, those of B negative, and "
        "first_gaps, the seconds between them (0 where time went back or is not known).\n\n"
        "Records are written at the end, by start, then by first packet. With --max-flows or --memory, a flow for which there is no room "
        "any more is written early, with end_reason evicted, and the others when they end: nothing is lost. --memory is for what is "
        "known of flows (of pairs of hosts only for their flows); the program itself takes some 10 MiB, fragments at most 9 MiB more. "
        "--live is for a pipe from capture: a flow ends after 5 "
        "minutes without a packet if it is TCP, after 1 minute if not, and after 30 minutes; its record is written then, and has no "
        "number. --interim writes records of flows that go on, in that interval of packet time, marked interim.\n\n"
        "--local leaves out packets between these networks, or between them and multicast or broadcast addresses: "
        "192.168.0.0/16,2001:db8::/32, or private (10/8, 172.16/12, 192.168/16, 169.254/16, 127/8, fc00::/7, fe80::/10, ::1). JSON counts "
        "them in left_out, beside packets of no flow. A FILE of --ports names applications before the well-known ones: lines such as "
        "\"8080/tcp shop\", for all protocols without one.\n\n"
        "--by ip and --by eth count for pairs of addresses: a, b, flows, packets, bytes and times. --by host-pair is the report that "
        "fieldedge-pcap made, with its keys, and its sums really summed: per pair of hosts the conversations, applications, starts, bytes, "
        "bad packets (retransmission, out of order, gap before it, zero window, bad checksum), retransmissions, the mean time between "
        "packets of one size and direction, and mean and deviation of the times between starts. --interval original gives its running "
        "half-average in place of means, --bad "
        "original counts keep-alives, window updates and duplicate ACKs as bad too.\n\n"
        "Files of 64 MiB and more are read by as many threads as there are CPUs, at most 8; pipes, compressed files and smaller ones by "
        "one, "
        "and so is everything with --live, --interim, --max-flows and --memory. The answer is the same.\n\n"
        "state is the conn_state and history the history of Zeek; retransmissions and the like are what Wireshark's tcp.analysis says. "
        "Checksums that do not fit are counted, and never a reason to leave a packet out. community_id is version 1 with seed 0.",
        {{"pcapline conversations --sort bytes --top 10 x.pcap", "the ten largest flows"},
         {"pcapline conversations --ndjson x.pcap | jq -r 'select(.state==\"S0\")|[.src,.dst,.dport]|@tsv'",
          "connections that nobody answered"},
         {"pcapline conversations --columns basic --csv x.pcap.zst > flows.csv", "counters only, quickly"}},
        "tshark(1), ra(1), nfdump(1)"};
}

}  // namespace

int main(int argc, char** argv) {
    App app{about()};
    InputFlags input;
    ConversationFlags flags;
    OutputFlags output;
    RunFlags run;
    ThreadFlag threads;
    input.declare(app);
    flags.declare(app);
    output.declare(app, {"table", "json", "ndjson", "csv", "tsv"});
    run.declare(app);
    threads.declare(app);

    return app.run(argc, argv, [&] {
        if (flags.list_columns()) return list_flow_columns(app);
        const auto format = output.format();
        if (!format) return app.fail(format.error());
        auto options = flags.options(format->value_or(Format::table));
        if (!options) return app.fail(options.error());
        const auto count = threads.threads();
        if (!count) return app.fail(count.error());
        options->threads = *count;
        auto in = input.options();
        if (!in) return app.fail(in.error());
        return run_conversations(app, std::move(*in), *options, output, run);
    });
}
