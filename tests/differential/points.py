"""`pcapline stats --per-packet`, `--series` and `--tcp` against what tshark says of each packet."""

import json
from collections import Counter
from decimal import Decimal

from tools import AGGREGATOR, SEPARATOR, TSHARK_OPTIONS, run

FIELDS = ["frame.time_epoch", "frame.len", "frame.protocols", "tcp.flags", "tcp.window_size_value", "tcp.checksum.status",
          "frame.cap_len", "ip.flags.mf", "ip.bogus_ip_length", "ipv6.plen_exceeds_framing"]
# What is on top of a packet tells its application where tshark and we both know it.
TELLING = {"arp", "icmp", "icmpv6", "igmp", "dns", "tls"}
FIN, SYN, RST, ACK = 1, 2, 4, 16
BAD = "0"
STEP = Decimal("0.25")


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


def _is_plain(stack, protocols):
    """All of it is known to us."""
    return all(name in protocols or name == "ethertype" for name in stack)


def _tcp(packets, protocols):
    """The counts, or None if there are segments of which tshark tells more or other things: below what we do not decode, cut, fragmented."""
    counts = dict.fromkeys(("packets", "syn", "syn_ack", "fin", "rst", "zero_windows", "bad_checksums"), 0)
    for _, length, stack, flags, window, checksum, captured, fragment, *too_long in packets:
        stack = stack[0].split(":") if stack else []
        if not _innermost_tcp(stack):
            continue
        below = stack[:len(stack) - stack[::-1].index("tcp")]
        whole = length == captured and not {"1", "True"} & set(fragment) and not any(too_long)
        if not whole or not flags or not checksum or not _is_plain(below, protocols):
            return None
        bits = int(flags[-1], 16)
        counts["packets"] += 1
        counts["syn"] += bits & (SYN | ACK) == SYN
        counts["syn_ack"] += bits & (SYN | ACK) == SYN | ACK
        counts["fin"] += bits & FIN != 0
        counts["rst"] += bits & RST != 0
        counts["zero_windows"] += window[-1:] == ["0"] and bits & (SYN | FIN | RST) == 0
        counts["bad_checksums"] += checksum[-1:] == [BAD]
    return counts


def _points(ours, theirs, protocols, found):
    """False if the times of some packets cannot be compared (none here, or one that wiretap overflows); then the series cannot either."""
    comparable = True
    for number, (point, packet) in enumerate(zip(ours, theirs), 1):
        sane = "time_epoch" in point and not packet[0][0].startswith("-") and len(packet[0][0].split(".")[1]) == 9
        comparable = comparable and sane
        if sane:
            found.check("point time", point["time_epoch"], Decimal(packet[0][0]), packet=number)
        found.check("point length", point["wire_bytes"], int(packet[1][0]), packet=number)
        stack = packet[2][0].split(":") if packet[2] and packet[1] == packet[6] else []  # of a cut one tshark names more
        if stack and stack[-1] in TELLING and _is_plain(stack, protocols) and not {"icmp", "icmpv6"} & set(stack[:-1]):
            found.check("point application", point["application"], stack[-1], packet=number)
    return comparable


def compare(capture, commands, protocols, limit, found):
    theirs = _lines(capture, limit)
    common = [commands["stats"], "-n", "-r", capture.path, "-c", str(limit)]
    ours = [json.loads(line, parse_float=Decimal) for line in run([*common, "--per-packet", "--ndjson"]).lines()]
    if not theirs or len(ours) != len(theirs):
        return  # damage, or a format that one of them does not read: fields.py tells
    counts = _tcp(theirs, protocols)
    if counts:
        found.check("tcp counts", json.loads(run([*common, "--tcp", "-T", "json"]).out)["tcp"], counts)
    if not _points(ours, theirs, protocols, found):
        return
    packets, sizes = Counter(), Counter()
    for packet in theirs:
        begin = Decimal(packet[0][0]) // STEP * STEP
        packets[begin] += 1
        sizes[begin] += int(packet[1][0])
    rows = [line.split(",") for line in run([*common, "--series", "250ms", "--csv", "-E", "header=n"]).lines()]
    told = [(Decimal(row[1]), int(row[3]), int(row[4])) for row in rows]
    found.check("series", told, [(begin, packets[begin], sizes[begin]) for begin in sorted(packets)])
