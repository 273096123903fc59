"""The jobs of the benchmark: what runs against what, and the bars."""

import json
import os
import re
import shutil
import tempfile

from runner import Contestant, Job

# Where files cost no disk.
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
FIELDS = ["frame.number", "frame.time_epoch", "frame.len", "eth.src", "eth.dst", "ip.src", "ip.dst", "ip.proto", "tcp.srcport", "tcp.dstport",
          "tcp.flags", "udp.srcport", "udp.dstport"]
EIGHT = ["frame.number", "frame.time_epoch", "frame.len", "ip.src", "ip.dst", "tcp.srcport", "tcp.dstport", "udp.srcport"]
# All of the set basic but community_id, which is a SHA-1 a flow.
BASIC = ("flow,protocol,ip_protocol,src,sport,dst,dport,initiator,application,application_by,server_name,start_time,start_epoch,end_time,end_epoch,"
         "duration,end_reason,packets_ab,packets_ba,wire_bytes_ab,wire_bytes_ba,ip_bytes_ab,ip_bytes_ba,payload_bytes_ab,payload_bytes_ba,"
         "payload_packets_ab,payload_packets_ba,fragments_ab,fragments_ba,vlan,tunnel,interface,icmp_type,icmp_code")


def _chosen(names):
    return [word for name in names for word in ("-e", name)]


def _stats_answer(out):
    summary = json.loads(out)["summary"]
    return [summary["packets"], summary["wire_bytes"]]


def _capinfos_answer(out):
    packets = re.search(rb"Number of packets:\s+(\d+)", out)
    size = re.search(rb"Data size:\s+(\d+)", out)
    return [int(packets[1]), int(size[1])]


def _lines(header):
    return lambda out: out.count(b"\n") - header


def all_jobs(tools, made, options):
    def ours(command, *words, threads=None):
        chosen = tools.threads(command, threads) if threads else []
        return chosen is not None and [os.path.join(tools.bin, "pcapline-" + command), *chosen, *words]

    def stats(name, threads, path, **more):
        return Contestant(name, ours("stats", "-T", "json", path, threads=threads), ours=True, answer=_stats_answer, **more)

    def read(path):
        return Contestant("read", ["cat", path])

    def capinfos(path):
        # not its default, which hashes the file
        return Contestant("capinfos", ["capinfos", "-M", "-tEcsduaeyizxo", path], answer=_capinfos_answer)

    jobs = []
    mixed, small, sliced, quarter = (made[name]["path"] for name in ("mixed", "small", "slice", "quarter"))

    jobs.append(Job("stats, mixed", mixed, [
        read(mixed), stats("stats, 1 thread", 1, mixed), stats("stats, 2 threads", 2, mixed), capinfos(mixed),
        Contestant("tcpdump --count", ["tcpdump", "-nn", "--count", "-r", mixed]), Contestant("editcap", ["editcap", "-F", "pcap", mixed, "-"]),
    ], [
        ("1 thread: times read", "stats, 1 thread", "wall", "read", 1.3), ("2 threads: times read", "stats, 2 threads", "wall", "read", 0.85),
        ("peak memory, MiB", "stats, 2 threads", "peak_mib", None, 24),
    ], made["mixed"]["packets"]))
    jobs.append(Job("stats, slice of mixed against tshark", sliced, [
        read(sliced), stats("stats, 1 thread", 1, sliced), Contestant("tshark -z io,phs", ["tshark", "-n", "-q", "-z", "io,phs", "-r", sliced]),
    ], [], made["slice"]["packets"], rounds=1))
    jobs.append(Job("stats, small", small, [
        read(small), stats("stats, 1 thread", 1, small), stats("stats, 2 threads", 2, small), capinfos(small),
        Contestant("tcpdump --count", ["tcpdump", "-nn", "--count", "-r", small]),
    ], [("1 thread: ns a packet", "stats, 1 thread", "ns_per_packet", None, 30), ("peak memory, MiB", "stats, 2 threads", "peak_mib", None, 24)],
        made["small"]["packets"]))
    jobs.append(Job("stats, pcapng", mixed, [
        stats("stats, pcap", 1, mixed), stats("stats, pcapng", 1, made["mixed-ng"]["path"], warm=made["mixed-ng"]["path"]),
    ], [("pcapng: times pcap", "stats, pcapng", "wall", "stats, pcap", 1.1)], made["mixed"]["packets"]))
    jobs += _packets(ours, made, mixed, small, sliced)
    jobs += _conversations(ours, made, mixed, small, sliced)
    jobs += _split(ours, made, mixed)
    jobs.append(Job("cat, mixed", mixed, [
        read(mixed), Contestant("cat", ours("cat", "-w", "-", mixed), ours=True), Contestant("editcap", ["editcap", "-F", "pcap", mixed, "-"]),
    ], [], made["mixed"]["packets"]))
    jobs += _compressed(stats, made)
    tiny = made["tiny"]["path"]
    jobs.append(Job("start-up, 5 packets", tiny, [
        Contestant("stats", ours("stats", "-T", "json", tiny), ours=True), Contestant("packets", ours("packets", "-T", "ndjson", tiny), ours=True),
        Contestant("cat", ours("cat", "-w", "-", tiny), ours=True), Contestant("tshark", ["tshark", "-n", "-r", tiny]),
        Contestant("tcpdump", ["tcpdump", "-nn", "-r", tiny]), Contestant("capinfos", ["capinfos", "-tEcsduaeyizxo", tiny]),
    ], [(f"{name}: {what}", name, key, None, limit) for name in ("stats", "packets", "cat")
        for what, key, limit in (("seconds", "wall", 0.005), ("peak memory, MiB", "peak_mib", 8))], rounds=21))
    return jobs


def _packets(ours, made, mixed, small, sliced):
    jobs = []

    def csv(path, threads, answer=True):
        return Contestant(f"packets CSV, {threads} thread{'s' if threads > 1 else ''}",
                          ours("packets", "-T", "csv", "-r", path, *_chosen(FIELDS), threads=threads), ours=True,
                          answer=_lines(1) if answer else None)

    def ndjson(path, threads, answer=True):
        return Contestant(f"packets NDJSON, {threads} thread{'s' if threads > 1 else ''}",
                          ours("packets", "-T", "ndjson", "-r", path, *_chosen(FIELDS), threads=threads), ours=True,
                          answer=_lines(0) if answer else None)

    tcpdump = Contestant("tcpdump -nn", ["tcpdump", "-nn", "-r", mixed])
    jobs.append(Job("packets, 13 fields, mixed", mixed, [
        Contestant("read", ["cat", mixed]), csv(mixed, 1), ndjson(mixed, 1), csv(mixed, 2), ndjson(mixed, 2), tcpdump,
    ], [(f"{name}: part of tcpdump -nn's time", name, "wall", "tcpdump -nn", 1 / 12)
        for name in ("packets CSV, 1 thread", "packets NDJSON, 1 thread")], made["mixed"]["packets"], rounds=3))
    jobs.append(Job("packets, 13 fields, small", small, [
        Contestant("read", ["cat", small]), csv(small, 1, False), ndjson(small, 1, False), csv(small, 2, False), ndjson(small, 2, False),
    ], [], made["small"]["packets"], rounds=3))
    fields8 = ours("packets", "-n", "-T", "fields", "-r", sliced, *_chosen(EIGHT), threads=1)
    jobs.append(Job("packets, 8 fields, slice of mixed", sliced, [
        Contestant("packets fields, 1 thread", fields8, ours=True, answer=_lines(0)),
        Contestant("packets CSV, 1 thread", ours("packets", "-T", "csv", "-r", sliced, *_chosen(EIGHT), threads=1), ours=True),
        Contestant("packets NDJSON, 1 thread", ours("packets", "-T", "ndjson", "-r", sliced, *_chosen(EIGHT), threads=1), ours=True),
        Contestant("tshark -T fields", ["tshark", "-n", "-T", "fields", "-r", sliced, *_chosen(EIGHT)], answer=_lines(0)),
    ], [(f"{name}: part of tshark's time", name, "wall", "tshark -T fields", 1 / 150)
        for name in ("packets CSV, 1 thread", "packets NDJSON, 1 thread")], made["slice"]["packets"], rounds=1))
    ordinary = made["ordinary"]["path"]
    jobs.append(Job("packets, all layers and fields, ordinary traffic", ordinary, [
        Contestant("packets NDJSON, 1 thread", ours("packets", "-T", "ndjson", "-r", ordinary, threads=1), ours=True),
        Contestant("packets JSON, 1 thread", ours("packets", "-T", "json", "-r", ordinary, threads=1), ours=True),
        Contestant("tshark -T json", ["tshark", "-n", "-T", "json", "-r", ordinary]), Contestant("tshark -T ek", ["tshark", "-n", "-T", "ek", "-r", ordinary]),
    ], [("NDJSON: part of tshark -T json's time", "packets NDJSON, 1 thread", "wall", "tshark -T json", 0.01)], made["ordinary"]["packets"], rounds=1))
    return jobs


def _conversations(ours, made, mixed, small, sliced):
    def flows(name, columns, path, threads=1):
        return Contestant(name, ours("conversations", "--csv", "--columns", columns, path, threads=threads), ours=True, answer=_lines(1))

    records = os.path.join(MEMORY, "pcapline-bench-records")
    # Their flows end by timeouts, ours with the input: that the answers agree is shown against tshark.
    peers = [
        Contestant("argus and ra", ["sh", "-c", f"argus -r {mixed} -w - | ra -n -r -"] if shutil.which("argus") else []),
        Contestant("nfpcapd", ["nfpcapd", "-r", mixed, "-l", records], fills=records),
        Contestant("softflowd", ["softflowd", "-d", "-r", mixed, "-n", "127.0.0.1:9"]),
    ]
    return [
        Job("conversations, mixed", mixed, [
            Contestant("read", ["cat", mixed]), flows("basic, 1 thread", BASIC, mixed), flows("basic, 2 threads", BASIC, mixed, 2),
            flows("default columns, 1 thread", "basic,tcp", mixed), flows("default columns, 2 threads", "basic,tcp", mixed, 2), *peers,
        ], [
            ("basic, 1 thread: times read", "basic, 1 thread", "wall", "read", 1.8), ("basic, 2 threads: times read", "basic, 2 threads", "wall", "read", 1.1),
            ("default columns, 1 thread: times read", "default columns, 1 thread", "wall", "read", 2.8),
            ("default columns, 2 threads: times read", "default columns, 2 threads", "wall", "read", 1.7),
        ], made["mixed"]["packets"], rounds=3),
        Job("conversations, small", small, [
            Contestant("read", ["cat", small]), flows("basic, 1 thread", BASIC, small), flows("basic, 2 threads", BASIC, small, 2),
        ], [("basic, 1 thread: ns a packet", "basic, 1 thread", "ns_per_packet", None, 75)], made["small"]["packets"], rounds=3),
        Job("conversations, slice of mixed against tshark", sliced, [
            flows("default columns", "basic,tcp", sliced), Contestant("tshark -z conv,tcp", ["tshark", "-n", "-q", "-z", "conv,tcp", "-r", sliced]),
        ], [], made["slice"]["packets"], rounds=1),
    ]


def _split(ours, made, mixed):
    """Into files in memory: the disk is not what is measured."""
    out = os.path.join(MEMORY, "pcapline-bench-parts")

    def split(name, *words):
        return Contestant(name, ours("split-flow", "-d", out, *words), ours=True, fills=out)

    piped = " ".join(["cat", mixed, "|", *ours("split-flow", "-d", out, "-")])
    return [Job("split-flow, mixed, a file a session", mixed, [
        Contestant("read", ["cat", mixed]), split("file", mixed), Contestant("through a pipe", ["sh", "-c", piped], ours=True, fills=out),
        split("8 parts by hash", "--by", "hash:8", mixed), Contestant("tcpflow (payload of TCP only)", ["tcpflow", "-r", mixed, "-o", out], fills=out),
    ], [("file: times tcpflow", "file", "wall", "tcpflow (payload of TCP only)", 1.0)], made["mixed"]["packets"], rounds=3)]


def _compressed(stats, made):
    jobs = []
    for name, tool, threads in (("quarter.gz", ["igzip", "-dc"], 1), ("quarter.zst", ["zstd", "-dcq"], 1), ("slice.xz", ["xz", "-T2", "-dc"], 2),
                                ("slice-single.xz", ["xz", "-T2", "-dc"], 2), ("slice.bz2", ["lbzip2", "-dc"], 2)):
        path = made[name]["path"]
        jobs.append(Job(f"stats, {name}", path, [
            Contestant(" ".join(tool), [*tool, path]), stats("stats", threads, path),
        ], [("times the decompressor", "stats", "wall", " ".join(tool), 1.1)], made[name]["packets"]))
    return jobs
