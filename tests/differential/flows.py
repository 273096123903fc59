"""`pcapline conversations` against tshark: its TCP streams and the pairs of ends, as sums of what it says of each packet."""

import json
from collections import Counter, defaultdict

from tools import AGGREGATOR, SEPARATOR, TSHARK_OPTIONS, run

FIELDS = ["frame.len", "frame.protocols", "eth.src", "eth.dst", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.stream",
          "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport", "ip.frag_offset", "ip.flags.mf", "ipv6.fraghdr.offset",
          "ipv6.fraghdr.more"]


class Packet:
    """What tshark says of one packet, without what an ICMP error quotes."""

    def __init__(self, line):
        self.cells = dict(zip(FIELDS, ([] if not cell else cell.split(AGGREGATOR) for cell in line.split(SEPARATOR))))
        self.length = int(self.cells["frame.len"][0])
        stack = self.cells["frame.protocols"][0].split(":") if self.cells["frame.protocols"] else []
        icmp = next((i for i, name in enumerate(stack) if name in ("icmp", "icmpv6")), len(stack))
        self.stack = stack[:icmp]
        self.family = next((name for name in reversed(self.stack) if name in ("ip", "ipv6")), None)
        below = len(self.stack) - self.stack[::-1].index(self.family) if self.family else len(self.stack)
        self.above = self.stack[below:] if self.family else []
        self.links = self.stack[:below].count("eth")

    def last(self, field, layer, count=None):
        """The value of the last such layer that is the packet's own."""
        values = self.cells[field]
        at = (self.stack.count(layer) if count is None else count) - 1
        return values[at] if 0 <= at < len(values) else None

    def addresses(self):
        if not self.family:
            return None
        ends = self.last(f"{self.family}.src", self.family), self.last(f"{self.family}.dst", self.family)
        return ends if all(ends) else None

    def macs(self):
        ends = self.last("eth.src", "eth", self.links), self.last("eth.dst", "eth", self.links)
        return ends if all(ends) else None

    def is_fragment(self):
        flags = self.cells["ip.frag_offset"] + self.cells["ipv6.fraghdr.offset"]
        more = self.cells["ip.flags.mf"] + self.cells["ipv6.fraghdr.more"]
        return any(value != "0" for value in flags) or bool({"1", "True"} & set(more))


def _packets(capture, limit):
    command = ["tshark", *TSHARK_OPTIONS, "-r", capture.plain, "-c", str(limit), "-T", "fields", "-E", f"separator={SEPARATOR}",
               "-E", "occurrence=a", "-E", f"aggregator={AGGREGATOR}"]
    for field in FIELDS:
        command += ["-e", field]
    return [Packet(line) for line in run(command).lines()]


def _records(common, *words):
    return [json.loads(line) for line in run([*common, "--ndjson", *words]).lines()]


def _pairs(packets, ends_of):
    """(low end, high end) → packets and bytes, in the direction from the low end and back."""
    pairs = defaultdict(lambda: [0, 0, 0, 0])
    for packet in packets:
        ends = ends_of(packet)
        if ends:
            back = ends[0] > ends[1]
            counts = pairs[tuple(sorted(ends))]
            counts[back] += 1
            counts[2 + back] += packet.length
    return dict(pairs)


def _our_pairs(records):
    pairs = {}
    for record in records:
        back = record["a"] > record["b"]
        counts = [record["packets_ab"], record["packets_ba"], record["wire_bytes_ab"], record["wire_bytes_ba"]]
        pairs[tuple(sorted((record["a"], record["b"])))] = [counts[1], counts[0], counts[3], counts[2]] if back else counts
    return pairs


def _streams(packets, transport):
    """Of each stream its ends, packets and bytes. UDP by its ends: where a dissector expects an answer from another port, tshark
    makes one stream of both. Those with fragments are left out, tshark does not know the later ones."""
    streams, fragmented = defaultdict(Counter), set()
    for packet in packets:
        addresses = packet.addresses()
        if addresses and packet.is_fragment():
            fragmented.add(tuple(sorted(addresses)))
        if not addresses or transport not in packet.above:
            continue
        ports = packet.last(f"{transport}.srcport", transport), packet.last(f"{transport}.dstport", transport)
        if not all(ports):
            continue
        ends = tuple(sorted(zip(addresses, map(int, ports))))
        stream = streams[packet.last("tcp.stream", transport) if transport == "tcp" else ends]
        stream["ends"] = ends
        stream["packets"] += 1
        stream["bytes"] += packet.length
    return [stream for stream in streams.values() if tuple(sorted(end[0] for end in stream["ends"])) not in fragmented], fragmented


def _our_streams(records, transport, fragmented):
    streams = []
    for record in records:
        if record["protocol"] != transport or "sport" not in record or tuple(sorted((record["src"], record["dst"]))) in fragmented:
            continue
        stream = Counter(packets=record["packets_ab"] + record["packets_ba"], bytes=record["wire_bytes_ab"] + record["wire_bytes_ba"])
        stream["ends"] = tuple(sorted(((record["src"], record["sport"]), (record["dst"], record["dport"]))))
        streams.append(stream)
    return streams


def _counted(streams):
    return Counter((stream["ends"], stream["packets"], stream["bytes"]) for stream in streams)


def _is_beyond(packet, protocols):
    """tshark knows what carries the addresses or ports, and we do not."""
    layers = [i for i, name in enumerate(packet.stack) if name in ("ip", "ipv6", "tcp", "udp", "eth")]
    below = packet.stack[:layers[-1]] if layers else []
    return any(name not in protocols and name != "ethertype" for name in below)


def compare(capture, commands, protocols, limit, found):
    packets = _packets(capture, limit)
    if any(_is_beyond(packet, protocols) for packet in packets):
        found.beyond += len(packets)
        return
    common = [commands["conversations"], "-n", "-r", capture.path, "-c", str(limit)]
    records = _records(common)
    counted = sum(record["packets_ab"] + record["packets_ba"] for record in records)
    if not packets or not records or counted > len(packets):
        return  # damage, or a format that one of them does not read: fields.py tells
    for by, ends_of in (("ip", Packet.addresses), ("eth", Packet.macs)):
        ours, theirs = _our_pairs(_records(common, "--by", by)), _pairs(packets, ends_of)
        for ends in sorted(ours.keys() | theirs.keys()):
            found.check(f"pair {by}", ours.get(ends), theirs.get(ends), packet="-".join(ends))
    for transport in ("tcp", "udp"):
        theirs, fragmented = _streams(packets, transport)
        ours = _our_streams(records, transport, fragmented)
        mine, other = _counted(ours), _counted(theirs)
        found.compared += len(ours)
        for one in sorted((mine - other).keys() | (other - mine).keys(), key=str):
            found.add(f"{transport} flow", "differs", str(one[0]), mine[one] and one[1:], other[one] and one[1:])
