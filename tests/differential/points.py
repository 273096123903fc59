"""`pcapline stats --per-packet`, `--series` and `--tcp` against what tshark says of each packet."""

import json
from collections import Counter
from decimal import Decimal

from tools import AGGREGATOR, SEPARATOR, TSHARK_OPTIONS, run

FIELDS = ["frame.time_epoch", "frame.len", "frame.protocols", "tcp.flags", "tcp.window_size_value", "tcp.checksum.status"]
# What is on top of a packet tells its application where tshark and we both know it.
TELLING = {"arp", "icmp", "icmpv6", "igmp", "dns", "tls"}
FIN, SYN, RST, ACK = 1, 2, 4, 16
BAD = "0"


def _lines(capture, limit):
    """tshark's fields, a list of lists of all occurrences for each packet."""
    command = ["tshark", *TSHARK_OPTIONS, "-r", capture.plain, "-c", str(limit), "-T", "fields", "-E", f"separator={SEPARATOR}",
               "-E", "occurrence=a", "-E", f"aggregator={AGGREGATOR}"]
    for field in FIELDS:
        command += ["-e", field]
    return [[cell.split(AGGREGATOR) if cell else [] for cell in line.split(SEPARATOR)] for line in run(command).lines()]


def _innermost_tcp(stack):
    """Is TCP the packet's own, or only in what an ICMP error quotes?"""
    if "tcp" not in stack:
        return False
    at = len(stack) - 1 - stack[::-1].index("tcp")
    return not {"icmp", "icmpv6"} & set(stack[:at])


def _tcp(packets):
    counts = dict.fromkeys(("packets", "syn", "syn_ack", "fin", "rst", "zero_windows", "bad_checksums"), 0)
    for _, _, stack, flags, window, checksum in packets:
        if not flags or not _innermost_tcp(stack[0].split(":")):
            continue
        bits = int(flags[-1], 16)
        counts["packets"] += 1
        counts["syn"] += bits & (SYN | ACK) == SYN
        counts["syn_ack"] += bits & (SYN | ACK) == SYN | ACK
        counts["fin"] += bits & FIN != 0
        counts["rst"] += bits & RST != 0
        counts["zero_windows"] += window[-1:] == ["0"] and bits & (SYN | FIN | RST) == 0
        counts["bad_checksums"] += checksum[-1:] == [BAD]
    return counts


def _points(ours, theirs, found):
    """False if some packet has no time here: then the series differs too."""
    timed = True
    for number, (point, packet) in enumerate(zip(ours, theirs), 1):
        if "time_epoch" in point:
            found.check("stats point time", point["time_epoch"], Decimal(packet[0][0]), packet=number)
        timed = timed and "time_epoch" in point
        found.check("stats point length", point["wire_bytes"], int(packet[1][0]), packet=number)
        stack = packet[2][0].split(":") if packet[2] else []
        if stack and stack[-1] in TELLING and not {"icmp", "icmpv6"} & set(stack[:-1]):
            found.check("stats point application", point["application"], stack[-1], packet=number)
    return timed


def compare(capture, commands, limit, found):
    theirs = _lines(capture, limit)
    common = [commands["stats"], "-n", "-r", capture.path, "-c", str(limit)]
    ours = [json.loads(line, parse_float=Decimal) for line in run([*common, "--per-packet", "--ndjson"]).lines()]
    if not theirs or len(ours) != len(theirs):
        return  # damage, or a format that one of them does not read: fields.py tells
    found.check("stats tcp", json.loads(run([*common, "--tcp", "-T", "json"]).out)["tcp"], _tcp(theirs))
    if not _points(ours, theirs, found):
        return
    packets, sizes = Counter(), Counter()
    for packet in theirs:
        begin = Decimal(packet[0][0]) // Decimal("0.25") * Decimal("0.25")
        if Decimal(packet[0][0]) < begin:
            begin -= Decimal("0.25")
        packets[begin] += 1
        sizes[begin] += int(packet[1][0])
    rows = [line.split(",") for line in run([*common, "--series", "250ms", "--csv", "-E", "header=n"]).lines()]
    told = [(Decimal(row[1]), int(row[3]), int(row[4])) for row in rows]
    found.check("stats series", told, [(begin, packets[begin], sizes[begin]) for begin in sorted(packets)])
