"""A small reader of pcap and pcapng: an oracle that shares no code with the library."""

import struct
from collections import namedtuple

Packet = namedtuple("Packet", "time_ns data wire_length link_type comments")

_PCAP = {0xA1B2C3D4: 1000, 0xA1B23C4D: 1}
_MODIFIED = 0xA1B2CD34


def read(path, limit=None):
    """The packets of a capture, up to its damage; None if it is neither format."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 12:
        return None
    for order in "<>":
        magic = struct.unpack(order + "I", data[:4])[0]
        if magic in _PCAP or magic == _MODIFIED:
            return _pcap(data, order, _PCAP.get(magic, 1000), 24 if magic == _MODIFIED else 16, limit)
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        return _pcapng(data, limit)
    return None


def _pcap(data, order, unit, header, limit):
    packets = []
    if len(data) < 24:
        return None
    link_type = struct.unpack(order + "I", data[20:24])[0] & 0xFFFF
    at = 24
    while at + header <= len(data) and (limit is None or len(packets) < limit):
        seconds, fraction, captured, wire = struct.unpack(order + "IIII", data[at:at + 16])
        if at + header + captured > len(data):
            break
        packets.append(Packet(seconds * 10**9 + fraction * unit, data[at + header:at + header + captured], max(wire, captured), link_type, ()))
        at += header + captured
    return packets


def _options(data, order):
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack(order + "HH", data[at:at + 4])
        if code == 0 or at + 4 + length > len(data):
            return
        yield code, data[at + 4:at + 4 + length]
        at += 4 + length + -length % 4


def _to_ns(ticks, resolution, offset):
    if resolution & 0x80:
        return offset * 10**9 + (ticks * 10**9 >> (resolution & 0x7F))
    return offset * 10**9 + ticks * 10**9 // 10**resolution


def _pcapng(data, limit):
    packets, interfaces, order, at = [], [], "<", 0
    while at + 12 <= len(data) and (limit is None or len(packets) < limit):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
            if struct.unpack(order + "H", data[at + 12:at + 14])[0] != 1:
                break  # another version
        kind, length = struct.unpack(order + "II", data[at:at + 8])
        if length < 12 or at + length > len(data) or data[at + 4:at + 8] != data[at + length - 4:at + length]:
            break
        body = data[at + 8:at + length - 4]
        at += length
        if kind == 1 and len(body) >= 8:
            resolution, offset = 6, 0
            for code, value in _options(body[8:], order):
                if code == 9 and value:
                    resolution = value[0]
                elif code == 14 and len(value) == 8:
                    offset = struct.unpack(order + "q", value)[0]
            link_type, _, snaplen = struct.unpack(order + "HHI", body[:8])
            interfaces.append((link_type, snaplen, resolution, offset))
        elif kind in (6, 2) and len(body) >= 20:
            if kind == 6:
                number, high, low, captured, wire = struct.unpack(order + "IIIII", body[:20])
            else:
                number, _, high, low, captured, wire = struct.unpack(order + "HHIIII", body[:20])
            if number >= len(interfaces) or 20 + captured > len(body):
                break
            link_type, _, resolution, offset = interfaces[number]
            rest = body[20 + captured + -captured % 4:]
            comments = tuple(value for code, value in _options(rest, order) if code == 1)
            packets.append(Packet(_to_ns(high << 32 | low, resolution, offset), body[20:20 + captured], max(wire, captured), link_type, comments))
        elif kind == 3 and len(body) >= 4 and interfaces:
            wire = struct.unpack(order + "I", body[:4])[0]
            captured = min(wire, len(body) - 4, interfaces[0][1] or wire)
            packets.append(Packet(None, body[4:4 + captured], wire, interfaces[0][0], ()))
    return packets
