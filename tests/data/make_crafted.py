#!/usr/bin/env python3
"""Writes the crafted captures of tests/data/crafted: make_crafted.py [FOLDER].

Packets are put together from headers, files from the formats' own structures, so that every odd case is
exactly the one meant. The output depends on nothing but this file; a test makes it again and compares.
"""
import bz2
import lzma
import struct
import sys
import zlib
from pathlib import Path

EPOCH = 1714550400  # 2024-05-01T08:00:00Z


# --- packets ----------------------------------------------------------------------------------------------

def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def ip4(text):
    return bytes(int(part) for part in text.split("."))


def ip6(text):
    head, _, tail = text.partition("::")
    left = [int(word, 16) for word in head.split(":") if word]
    right = [int(word, 16) for word in tail.split(":") if word]
    return struct.pack("!8H", *left, *[0] * (8 - len(left) - len(right)), *right)


A, B = mac("00:00:5e:00:53:0a"), mac("00:00:5e:00:53:01")
SRC, DST = ip4("192.0.2.10"), ip4("198.51.100.7")
SRC6, DST6 = ip6("2001:db8::10"), ip6("2001:db8:7::7")


def eth(ethertype, payload, pad=0):
    return (B + A + struct.pack("!H", ethertype) + payload).ljust(pad, b"\0")


def ipv4(proto, payload, src=SRC, dst=DST, ttl=64, ident=1, flags=0x4000, options=b"", total=None):
    size = 20 + len(options)
    head = struct.pack("!BBHHHBBH", 0x40 | size // 4, 0, size + len(payload) if total is None else total, ident, flags, ttl, proto, 0)
    head += src + dst + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(proto, payload, src=SRC6, dst=DST6, hops=64, length=None):
    return struct.pack("!IHBB", 0x60000000, len(payload) if length is None else length, proto, hops) + src + dst + payload


def pseudo(proto, payload, src, dst):
    if len(src) == 4:
        return src + dst + struct.pack("!BBH", 0, proto, len(payload))
    return src + dst + struct.pack("!IHBB", len(payload), 0, 0, proto)


def udp(sport, dport, payload, src=SRC, dst=DST, length=None, good=True):
    head = struct.pack("!HHHH", sport, dport, 8 + len(payload) if length is None else length, 0)
    total = checksum(pseudo(17, head + payload, src, dst) + head + payload) or 0xFFFF
    return head[:6] + struct.pack("!H", total if good else total ^ 1) + payload


def tcp(sport, dport, flags, seq=1, ack=0, payload=b"", options=b"", window=64240, src=SRC, dst=DST, good=True):
    options = options.ljust((len(options) + 3) // 4 * 4, b"\0")
    head = struct.pack("!HHIIHHHH", sport, dport, seq, ack, (5 + len(options) // 4) << 12 | flags, window, 0, 0) + options
    total = checksum(pseudo(6, head + payload, src, dst) + head + payload)
    return head[:16] + struct.pack("!H", total if good else total ^ 1) + head[18:] + payload


def icmp(kind, code, rest):
    head = struct.pack("!BBH", kind, code, 0) + rest
    return head[:2] + struct.pack("!H", checksum(head)) + head[4:]


def icmpv6(kind, code, rest, src=SRC6, dst=DST6):
    head = struct.pack("!BBH", kind, code, 0) + rest
    return head[:2] + struct.pack("!H", checksum(pseudo(58, head, src, dst) + head)) + head[4:]


def dns_name(name):
    return b"".join(bytes([len(part)]) + part for part in name.split(b".")) + b"\0"


def dns_query(name=b"www.example.com", ident=0x3A7C, kind=1):
    return struct.pack("!HHHHHH", ident, 0x0100, 1, 0, 0, 0) + dns_name(name) + struct.pack("!HH", kind, 1)


def dns_answer(name=b"www.example.com", ident=0x3A7C, address=DST):
    head = struct.pack("!HHHHHH", ident, 0x8180, 1, 1, 0, 0) + dns_name(name) + struct.pack("!HH", 1, 1)
    return head + struct.pack("!HHHIH", 0xC00C, 1, 1, 300, 4) + address


def echo(kind=8, number=1):
    return icmp(kind, 0, struct.pack("!HH", 77, number) + b"abcdefgh")


def sctp(chunks, sport=2905, dport=2905):
    packet = struct.pack("<HHII", *struct.unpack("<HH", struct.pack("!HH", sport, dport)), 7, 0) + chunks
    total = 0xFFFFFFFF  # CRC32c (RFC 9260, appendix A)
    for byte in packet:
        total ^= byte
        for _ in range(8):
            total = total >> 1 ^ (0x82F63B78 if total & 1 else 0)
    return packet[:8] + struct.pack("<I", total ^ 0xFFFFFFFF) + packet[12:]


ASK = ipv4(17, udp(53124, 53, dns_query()))
TELL = ipv4(17, udp(53, 53124, dns_answer(), src=DST, dst=SRC), src=DST, dst=SRC)
PING = ipv4(1, echo())
ASK6 = ipv6(17, udp(53124, 53, dns_query(), src=SRC6, dst=DST6))
PING6 = ipv6(58, icmpv6(128, 0, struct.pack("!HH", 77, 1) + b"abcdefgh"))
SYN = ipv4(6, tcp(51514, 443, 0x02, seq=1000, options=bytes.fromhex("020405b40402080a0000000100000000") + b"\x01\x03\x03\x07"))


# --- files ------------------------------------------------------------------------------------------------

def pcap(packets, link=1, order="<", magic=0xA1B2C3D4, snap=262144, version=(2, 4), zone=0):
    """packets: bytes, or (bytes, time in ticks, original length). The magic decides the rest."""
    out = [struct.pack(order + "IHHiIII", magic, *version, zone, 0, snap, link)]
    ticks = 1000000000 if magic == 0xA1B23C4D else 1000000
    for i, packet in enumerate(packets):
        data, time, length = packet if isinstance(packet, tuple) else (packet, None, None)
        if time is None:
            time = EPOCH * ticks + i * ticks // 10 + i * 1001
        seconds, part = time if isinstance(time, tuple) else divmod(time, ticks)
        out.append(struct.pack(order + "IIII", seconds, part, len(data), len(data) if length is None else length))
        if magic == 0xA1B2CD34:  # Kuznetzov's: interface, protocol, packet type, padding
            out.append(struct.pack(order + "IHBB", 2, 0x0800, 0, 0))
        out.append(data)
    return b"".join(out)


class Pcapng:
    def __init__(self, order="<"):
        self.order, self.parts = order, []

    def block(self, kind, body):
        body += b"\0" * (-len(body) % 4)
        size = struct.pack(self.order + "I", len(body) + 12)
        self.parts.append(struct.pack(self.order + "I", kind) + size + body + size)
        return self

    def options(self, *pairs, pad=b"\0"):
        if not pairs:
            return b""
        out = b""
        for code, value in pairs:
            out += struct.pack(self.order + "HH", code, len(value)) + value + pad * (-len(value) % 4)
        return out + struct.pack(self.order + "HH", 0, 0)

    def section(self, *options):
        return self.block(0x0A0D0D0A, struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + self.options(*options))

    def interface(self, link=1, snap=262144, *options):
        return self.block(1, struct.pack(self.order + "HHI", link, 0, snap) + self.options(*options))

    def packet(self, data, ticks, interface=0, length=None, *options, pad=b"\0"):
        stamp = struct.pack(self.order + "II", ticks >> 32, ticks & 0xFFFFFFFF)
        size = struct.pack(self.order + "II", len(data), len(data) if length is None else length)
        body = struct.pack(self.order + "I", interface) + stamp + size + data + pad * (-len(data) % 4)
        return self.block(6, body + self.options(*options, pad=pad))

    def simple(self, data, length=None):
        return self.block(3, struct.pack(self.order + "I", len(data) if length is None else length) + data)

    def old_packet(self, data, ticks, interface=0, drops=0):
        stamp = struct.pack(self.order + "II", ticks >> 32, ticks & 0xFFFFFFFF)
        return self.block(2, struct.pack(self.order + "HH", interface, drops) + stamp + struct.pack(self.order + "II", len(data), len(data)) + data)

    def bytes(self):
        return b"".join(self.parts)


def gzip(data):
    """One member, without name and time (RFC 1952)."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(data) + deflate.flush()
    return bytes.fromhex("1f8b08000000000002ff") + body + struct.pack("<II", zlib.crc32(data), len(data))


def micro(i=0):
    return EPOCH * 1000000 + i * 100000


def three():
    return [eth(0x0800, ASK), eth(0x0800, TELL), eth(0x0800, PING)]


def format_files():
    """Every variant of the two file formats around the same three packets."""
    plain = pcap(three())
    yield "pcap-little.pcap", plain
    yield "pcap-big.pcap", pcap(three(), order=">")
    yield "pcap-nano.pcap", pcap(three(), magic=0xA1B23C4D)
    yield "pcap-nano-big.pcap", pcap(three(), magic=0xA1B23C4D, order=">")
    yield "pcap-modified.pcap", pcap(three(), magic=0xA1B2CD34)
    yield "pcap-modified-big.pcap", pcap(three(), magic=0xA1B2CD34, order=">")
    yield "pcap-header-only.pcap", pcap([])
    yield "pcap-snapped.pcap", pcap([(packet[:60], None, len(packet)) for packet in three()], snap=60)
    yield "pcap-empty-packets.pcap", pcap([(b"", None, 0), (b"", None, 60), three()[0]])
    yield "pcap-fcs.pcap", pcap([packet + b"\x11\x22\x33\x44" for packet in three()], link=1 | 0x24000000)
    yield "pcap-times.pcap", pcap([
        (three()[0], (EPOCH, 0), None), (three()[0], (0, 0), None), (three()[0], (EPOCH, 2000000), None),
        (three()[0], (0x7FFFFFFF, 999999), None), (three()[0], (0xFFFFFFFF, 999999), None), (three()[0], (EPOCH - 3600, 0), None)])
    for order, name in (("<", "little"), (">", "big")):
        ng = Pcapng(order).section((2, b"crafted"), (3, b"no system"), (4, b"make_crafted.py"), (1, b"a section comment"))
        ng.interface(1, 262144, (2, b"eth0"), (3, b"the first"), (9, b"\x06"))
        for i, packet in enumerate(three()):
            ng.packet(packet, micro(i))
        yield f"pcapng-{name}.pcapng", ng.bytes()

    ng = Pcapng().section().interface(1, 65535, (2, b"eth0"), (9, b"\x09")).interface(101, 0, (2, b"tun0"), (11, b"\0ip host 192.0.2.10"))
    ng.interface(113, 262144, (9, b"\x80\x20"[:1])).interface(1, 0, (9, b"\x83"), (14, struct.pack("<q", EPOCH)))
    ng.packet(three()[0], EPOCH * 10**9 + 123456789, 0, None, (1, "a comment – näïve".encode()))
    ng.packet(ASK, micro(1), 1, None, (2, struct.pack("<I", 1)), (1, b"one"), (1, b"two"))
    ng.packet(struct.pack("!HHH8sH", 0, 1, 6, A + b"\0\0", 0x0800) + PING, EPOCH, 2)
    ng.packet(three()[2], 3, 3)  # 3/8 s after the interface's offset
    ng.block(5, struct.pack("<III", 0, 0, 0) + ng.options((4, struct.pack("<Q", 100)), (5, struct.pack("<Q", 7))))
    ng.block(4, struct.pack("<HH", 1, 16) + DST + b"www.example" + b"\0" + struct.pack("<HH", 0, 0))
    ng.block(0x0BAD, struct.pack("<I", 32473) + b"a custom block")
    yield "pcapng-interfaces.pcapng", ng.bytes()

    ng = Pcapng().section((1, b"first")).interface(1).packet(three()[0], micro())
    parts = ng.bytes() + Pcapng(">").section((1, b"second")).interface(101).interface(1).packet(ASK, micro(1), 0).packet(three()[1], micro(2), 1).bytes()
    yield "pcapng-sections.pcapng", parts
    ng = Pcapng().section().interface(1, 60)
    yield "pcapng-simple.pcapng", ng.simple(three()[0][:60], 75).simple(three()[2]).bytes()
    yield "pcapng-old-packet.pcapng", Pcapng().section().interface(1).old_packet(three()[0], micro()).old_packet(three()[1], micro(1), 0, 5).bytes()
    ng = Pcapng().section().interface(1, 0, (2, b"eth0"))
    yield "pcapng-padding.pcapng", ng.packet(three()[0], micro(), 0, None, (1, b"odd"), pad=b"\xff").packet(three()[1], micro(1), pad=b"\xaa").bytes()
    ng = Pcapng().section().interface(1, 0, (9, b"\x3f")).interface(1, 0, (9, b"\xff")).interface(1, 0, (9, b"\x00"))
    yield "pcapng-time-scales.pcapng", ng.packet(three()[0], 2**64 - 1, 0).packet(three()[0], 2**64 - 1, 1).packet(three()[0], EPOCH, 2).bytes()
    yield "pcapng-no-interface-packets.pcapng", Pcapng().section().interface(1).bytes()

    yield "gzip.pcap.gz", gzip(plain)
    cut = 24 + 16 + len(three()[0])
    yield "gzip-members.pcap.gz", gzip(plain[:cut]) + gzip(plain[cut:])
    yield "bzip2.pcap.bz2", bz2.compress(plain)
    yield "xz.pcap.xz", lzma.compress(plain)
    # Frames of stored blocks, by the formats' own structures: no compressor of our own is needed to test theirs.
    yield "zstd.pcap.zst", struct.pack("<IBI", 0xFD2FB528, 0xA0, len(plain)) + struct.pack("<I", len(plain) << 3 | 1)[:3] + plain
    yield "lz4.pcap.lz4", bytes.fromhex("04224d186040" + "82") + struct.pack("<I", len(plain) | 0x80000000) + plain + b"\0\0\0\0"


def damaged_files():
    plain = pcap(three())
    second = 24 + 16 + len(three()[0])
    yield "empty.pcap", b""
    yield "garbage.pcap", bytes(range(1, 200))
    yield "page.pcap", b"<!DOCTYPE html><html><body>404</body></html>\n"
    yield "header-cut.pcap", plain[:20]
    yield "packet-cut.pcap", plain[:-5]
    yield "packet-header-cut.pcap", plain[:second + 7]
    yield "huge-packet.pcap", plain[:second + 8] + struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF) + plain[second + 16:]
    yield "longer-than-wire.pcap", pcap([three()[0], (three()[1], None, 20), three()[2]])
    yield "zeros-inside.pcap", plain[:second] + b"\0" * 64 + plain[second:]
    yield "gzip-cut.pcap.gz", gzip(plain)[:-30]
    good = gzip(plain)
    yield "gzip-checksum.pcap.gz", good[:-8] + bytes([good[-8] ^ 1]) + good[-7:]
    yield "gzip-trailing.pcap.gz", good + b"not a member"
    yield "xz-cut.pcap.xz", lzma.compress(plain)[:-20]
    yield "bzip2-cut.pcap.bz2", bz2.compress(plain)[:-20]
    ng = Pcapng().section().interface(1).packet(three()[0], micro()).bytes()
    more = Pcapng().packet(three()[1], micro(1)).bytes()
    yield "block-cut.pcapng", ng + more[:-9]
    yield "block-zero.pcapng", ng + struct.pack("<II", 6, 0) + more
    yield "block-huge.pcapng", ng + struct.pack("<II", 6, 0xFFFFFFFC) + more
    yield "block-trailer.pcapng", ng + more[:-4] + struct.pack("<I", 16)
    yield "no-such-interface.pcapng", ng + Pcapng().packet(three()[1], micro(1), 9).bytes()
    yield "packet-beyond-block.pcapng", ng + more[:20] + struct.pack("<II", 5000, 5000) + more[28:]
    yield "no-interface.pcapng", Pcapng().section().packet(three()[0], micro()).bytes()
    yield "option-beyond-block.pcapng", ng + Pcapng().block(6, struct.pack("<IIIII", 0, 0, 0, 4, 4) + b"abcd" + struct.pack("<HH", 1, 400) + b"short").bytes()
    yield "section-cut.pcapng", ng[:14]


def link_types():
    """One or two IP packets under every link type that is not Ethernet."""
    sll = struct.pack("!HHH8sH", 0, 1, 6, A + b"\0\0", 0x0800)
    yield "link-null-little.pcap", pcap([struct.pack("<I", 2) + PING, struct.pack("<I", 30) + PING6, struct.pack("<I", 10) + PING6], link=0)
    yield "link-null-big.pcap", pcap([struct.pack(">I", 2) + PING, struct.pack(">I", 24) + PING6], link=0, order=">")
    yield "link-loop.pcap", pcap([struct.pack(">I", 2) + PING, struct.pack(">I", 28) + PING6], link=108)
    yield "link-raw.pcap", pcap([PING, PING6], link=101)
    yield "link-raw-12.pcap", pcap([PING, PING6], link=12)
    yield "link-raw-14.pcap", pcap([PING], link=14)
    yield "link-ipv4.pcap", pcap([PING], link=228)
    yield "link-ipv6.pcap", pcap([PING6], link=229)
    yield "link-sll.pcap", pcap([sll + PING, sll[:-2] + struct.pack("!H", 0x86DD) + PING6], link=113)
    yield "link-sll2.pcap", pcap([struct.pack("!HHIHBB8s", 0x0800, 0, 2, 1, 0, 6, A + b"\0\0") + PING], link=276)
    yield "link-ppp.pcap", pcap([b"\xff\x03\x00\x21" + PING, b"\x00\x57" + PING6, b"\x21" + PING], link=9)
    yield "link-ppp-hdlc.pcap", pcap([b"\xff\x03\x00\x21" + PING], link=50)
    yield "link-chdlc.pcap", pcap([b"\x0f\x00\x08\x00" + PING, b"\x0f\x00\x86\xdd" + PING6], link=104)
    yield "link-unknown.pcap", pcap([b"somebody's own link type"], link=147)
    snap = b"\xaa\xaa\x03\0\0\0\x08\x00"
    wifi = bytes.fromhex("0801 2c00") + B + A + B + b"\x10\x00" + snap + PING
    yield "link-wifi.pcap", pcap([wifi], link=105)
    yield "link-radiotap.pcap", pcap([bytes.fromhex("0000 0800 00000000") + wifi], link=127)


def ethernet():
    """What stands between Ethernet and IP."""
    arp = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + A + SRC + b"\0" * 6 + ip4("192.0.2.1")
    tag = lambda number, kind: struct.pack("!HH", number, kind)
    lacp = bytes.fromhex("0101") + b"\x01\x14" + b"\0" * 106
    packets = [
        eth(0x0806, arp, 60),
        eth(0x8100, tag(5, 0x0800) + PING),
        eth(0x8100, tag(0x2005, 0x8100) + tag(6, 0x0800) + PING),
        eth(0x88A8, tag(100, 0x8100) + tag(200, 0x86DD) + PING6),
        eth(0x9100, tag(7, 0x0800) + PING),
        eth(0x8847, struct.pack("!II", 16 << 12 | 64, 17 << 12 | 0x100 | 63) + PING),
        eth(0x8848, struct.pack("!I", 18 << 12 | 0x100 | 63) + PING6),
        eth(0x8864, struct.pack("!BBHHH", 0x11, 0, 9, 2 + len(PING), 0x0021) + PING),
        eth(0x8863, struct.pack("!BBHH", 0x11, 9, 0, 4) + b"\x01\x01\0\0", 60),
        eth(38, b"\x42\x42\x03" + b"\0" * 35, 60),            # 802.3, LLC: spanning tree
        eth(8 + len(PING), b"\xaa\xaa\x03\0\0\0\x08\x00" + PING, 60),  # SNAP
        eth(0x8809, lacp), eth(0x88CC, bytes.fromhex("0207 0400005e00530a 0405 0565746830 0602 0078 0000"), 60),
        eth(0x88E5, bytes.fromhex("2c00 00000001") + b"\x55" * 60),   # MACsec
        eth(0x894F, bytes.fromhex("0105 0000 000040ff") + PING), eth(0x1234, b"nobody knows this type"),
        eth(0x0800, PING, 60), eth(0x0800, b""), eth(0x86DD, PING6[:39]),
    ]
    yield "ethernet.pcap", pcap(packets)


def network():
    """IPv4, IPv6, ICMP and kin, the odd ones among them."""
    nothing = b"\0" * 8
    hop = lambda following, body=b"\x01\x04\0\0\0\0": bytes([following, 0]) + body
    packets = [eth(0x0800, packet) for packet in (
        PING, ipv4(1, echo(0), src=DST, dst=SRC), ipv4(17, udp(1, 2, b"x"), options=b"\x94\x04\0\0"),
        ipv4(1, icmp(3, 3, b"\0" * 4 + ASK[:28]), src=DST, dst=SRC), ipv4(1, icmp(11, 0, b"\0" * 4 + SYN[:28]), src=DST, dst=SRC),
        ipv4(1, icmp(5, 1, ip4("192.0.2.254") + PING), src=DST, dst=SRC),
        ipv4(2, bytes.fromhex("16000904e00000fb"), dst=ip4("224.0.0.251"), ttl=1),
        ipv4(17, udp(7, 7, b"a" * 1000)[:1000], flags=0x2000, ident=9), ipv4(17, udp(7, 7, b"a" * 1000)[1000:], flags=125, ident=9),
        ipv4(51, bytes([17, 4]) + b"\0\0" + b"\0\0\0\x07\0\0\0\x01" + b"\x99" * 12 + udp(53124, 53, dns_query())),
        ipv4(50, struct.pack("!II", 7, 1) + b"\x88" * 40), ipv4(89, b"\x02\x01" + b"\0" * 42), ipv4(253, b"experiment"),
        ipv4(1, echo(), total=0), ipv4(17, udp(1, 2, b"12345678"), total=24), ipv4(17, udp(1, 2, b"1234"), total=500),
        b"\x44" + PING[1:], b"\x65" + PING[1:], PING[:10] + b"\xff\xff" + PING[12:],
        ipv4(112, bytes.fromhex("210a640100640000c0000201"), dst=ip4("224.0.0.18"), ttl=255),
    )]
    packets += [eth(0x86DD, packet) for packet in (
        PING6, ASK6, ipv6(0, hop(58) + PING6[40:]), ipv6(60, hop(43) + bytes([17, 2, 4, 1]) + b"\0" * 4 + DST6 + ASK6[40:]),
        ipv6(44, struct.pack("!BBHI", 17, 0, 1, 5) + ASK6[40:48]), ipv6(44, struct.pack("!BBHI", 17, 0, 8, 5) + ASK6[48:]),
        ipv6(44, struct.pack("!BBHI", 17, 0, 0, 6) + ASK6[40:]), ipv6(59, b""), ipv6(135, bytes([59, 0, 0, 0]) + b"\0" * 4),
        ipv6(51, bytes([17, 4]) + b"\0\0" + nothing + b"\x99" * 12 + ASK6[40:]),
        ipv6(58, icmpv6(135, 0, b"\0" * 4 + DST6 + b"\x01\x01" + A, dst=ip6("ff02::1:ff00:7")), dst=ip6("ff02::1:ff00:7"), hops=255),
        ipv6(58, icmpv6(134, 0, bytes.fromhex("4000070800000000 00000000"), src=ip6("fe80::1"), dst=ip6("ff02::1")), src=ip6("fe80::1"), dst=ip6("ff02::1"), hops=255),
        ipv6(58, icmpv6(1, 4, b"\0" * 4 + ASK6[:48])), ipv6(0, b"".join(hop(0) for _ in range(40)) + hop(59)),
        ipv6(17, ASK6[40:], length=0), ipv6(17, ASK6[40:], length=4000),
    )]
    yield "network.pcap", pcap(packets)


def transport():
    chunk = lambda kind, flags, body: struct.pack("!BBH", kind, flags, 4 + len(body)) + body + b"\0" * (-len(body) % 4)
    data = chunk(0, 3, struct.pack("!IHHI", 1, 0, 0, 3) + b"sctp data")
    packets = [eth(0x0800, packet) for packet in (
        SYN, ipv4(6, tcp(443, 51514, 0x12, seq=5000, ack=1001, src=DST, dst=SRC), src=DST, dst=SRC),
        ipv4(6, tcp(51514, 443, 0x10, seq=1001, ack=5001, options=b"\x01\x01\x05\x0a\0\0\x13\x89\0\0\x13\x99")),
        ipv4(6, tcp(51514, 443, 0x18, seq=1001, ack=5001, payload=b"text", good=False)),
        ipv4(6, tcp(51514, 443, 0x04, seq=1005)), ipv4(6, tcp(51514, 443, 0x1FF, seq=1)), ipv4(6, tcp(51514, 443, 0, seq=1)),
        ipv4(6, SYN[20:32] + b"\x20" + SYN[33:]), ipv4(6, SYN[20:32] + b"\xf0" + SYN[33:]), ipv4(6, SYN[20:30]),
        ipv4(6, tcp(51514, 443, 0x02, options=b"\x02\x00\x03\x40")), ipv4(6, tcp(0, 0, 0x02)),
        ipv4(17, udp(1, 2, b"payload", good=False)), ipv4(17, udp(1, 2, b"none")[:6] + b"\0\0none"),
        ipv4(17, udp(1, 2, b"1234", length=7)), ipv4(17, udp(1, 2, b"1234", length=400)), ipv4(17, udp(1, 2, b"1234", length=10)),
        ipv4(17, udp(1, 2, b"1234", length=0)), ipv4(17, b"\0\x01\0"),
        ipv4(132, sctp(chunk(1, 0, struct.pack("!IIHHI", 9, 65536, 10, 10, 1)))), ipv4(132, sctp(data + data)),
        ipv4(132, sctp(chunk(3, 0, struct.pack("!IIHH", 1, 65536, 0, 0)))), ipv4(132, sctp(b"\0\x03\0\x02")),
        ipv4(33, struct.pack("!HHBBHBBHI", 5001, 5002, 4, 0, 0, 0x00, 0, 0, 1) + struct.pack("!I", 42)),
        ipv4(136, struct.pack("!HHHH", 1, 2, 8, 0) + b"lite"),
    )]
    yield "transport.pcap", pcap(packets)


def tunnels():
    inner = eth(0x0800, ASK)
    gre = lambda flags, kind, rest=b"": struct.pack("!HH", flags, kind) + rest
    packets = [eth(0x0800, packet) for packet in (
        ipv4(4, ASK), ipv4(41, ASK6), ipv4(47, gre(0, 0x0800) + ASK), ipv4(47, gre(0x2000, 0x6558, b"\0\0\0\x07") + inner),
        ipv4(47, gre(0xB000, 0x0800, b"\0\0\0\0\0\0\0\x07\0\0\0\x01") + ASK), ipv4(47, gre(0x3001, 0x880B, struct.pack("!HHI", 4 + len(ASK), 1, 1)) + b"\xff\x03\x00\x21" + ASK),
        ipv4(47, gre(0x1000, 0x88BE, b"\0\0\0\x05") + bytes.fromhex("1064 0007 00000000") + inner),
        ipv4(17, udp(50000, 4789, bytes.fromhex("0800000000138900") + inner)), ipv4(17, udp(50000, 6081, bytes.fromhex("0000655800000900") + inner)),
        ipv4(17, udp(50000, 4790, bytes.fromhex("0c00000100000700") + ASK)),
        ipv4(17, udp(2152, 2152, struct.pack("!BBHI", 0x30, 255, len(ASK), 1) + ASK)), ipv4(17, udp(1701, 1701, struct.pack("!HHHH", 2, 1, 2, 0) + b"\xff\x03\x00\x21" + ASK)),
        ipv4(17, udp(50000, 3544, ASK6)), ipv4(17, udp(4500, 4500, struct.pack("!II", 7, 1) + b"\x88" * 40)), ipv4(17, udp(4500, 4500, b"\xff")),
        ipv4(94, ASK),
    )]
    nested = ASK
    for _ in range(30):
        nested = ipv4(4, nested)
    packets.append(eth(0x0800, nested))
    packets.append(eth(0x86DD, ipv6(4, ASK)))
    packets.append(eth(0x86DD, ipv6(41, ASK6)))
    packets.append(eth(0x86DD, ipv6(47, gre(0, 0x86DD) + ASK6)))
    yield "tunnels.pcap", pcap(packets)


def applications():
    ask = lambda payload, sport=53124, dport=53: eth(0x0800, ipv4(17, udp(sport, dport, payload)))
    stream = lambda payload, sport=51514, dport=80: eth(0x0800, ipv4(6, tcp(sport, dport, 0x18, seq=1, ack=1, payload=payload)))
    loop = struct.pack("!HHHHHH", 1, 0x0100, 1, 0, 0, 0) + b"\xc0\x0c" + struct.pack("!HH", 1, 1)
    control = struct.pack("!HHHHHH", 2, 0x0100, 1, 0, 0, 0) + b"\x05a\x1b[2J\x04\xff\xfe\\.\x03com\0" + struct.pack("!HH", 1, 1)
    bidi = struct.pack("!HHHHHH", 3, 0x0100, 1, 0, 0, 0) + bytes([11]) + "a\u202eb\u0085c\"".encode()[:11].ljust(11, b"x") + b"\0" + struct.pack("!HH", 1, 1)
    packets = [
        ask(dns_query()), eth(0x0800, TELL), ask(loop), ask(control), ask(bidi), ask(dns_query(b"=cmd|' /C calc'!A0.example")), ask(dns_query()[:11]),
        ask(dns_query(), 5353, 5353), ask(struct.pack("!HHHHHH", 1, 0x8180, 0, 0xFFFF, 0, 0)), ask(b"\x17" + b"\0" * 47, 123, 123),
        stream(b"GET /index.html?q=1 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: crafted\r\n\r\n"),
        stream(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: \x1b]0;title\x07\r\n\r\nok", 80, 51514), stream(b"GET /half HTTP/1.1\r\nHost: ", 51514, 8080),
        stream(b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03", 51514, 443), stream(b"\x15\x03\x03\x00\x02\x02\x28\x17\x03\x03\x00\x04abcd", 443, 51514),
        stream(b"\x16\x03\x01\xff\xff" + b"\x01" * 40, 51514, 443), stream(b"SSH-2.0-crafted\r\n", 51514, 22), stream(b"", 51514, 80),
    ]
    yield "applications.pcap", pcap(packets)


def main():
    out = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "crafted")
    out.mkdir(parents=True, exist_ok=True)
    (out / "damaged").mkdir(exist_ok=True)
    for kind in (format_files, link_types, ethernet, network, transport, tunnels, applications):
        for name, data in kind():
            (out / name).write_bytes(data)
    for name, data in damaged_files():
        (out / "damaged" / name).write_bytes(data)


if __name__ == "__main__":
    main()
