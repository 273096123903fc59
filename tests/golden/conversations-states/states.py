"""Writes a capture with a connection for each line of states.txt: NAME: PACKET, PACKET …
A packet is "> FLAGS SEQ ACK BYTES [WINDOW]", ">" sent by A, "<" by B; "!" behind it: its checksum does not fit."""
import struct
import sys

FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16}


def total(data):
    words = struct.unpack(f">{len(data) // 2}H", data)
    value = sum(words)
    while value >> 16:
        value = (value & 0xFFFF) + (value >> 16)
    return value


def frame(text, port):
    way, flags, seq, ack, size, *rest = text.removesuffix("!").split()
    window = int(rest[0]) if rest else 1000
    source, target = (port, 80) if way == ">" else (80, port)
    ends = bytes([192, 0, 2, 1, 192, 0, 2, 2] if way == ">" else [192, 0, 2, 2, 192, 0, 2, 1])
    bits = sum(FLAGS[flag] for flag in flags)
    base = 5000 if way == ">" else 9000
    other = 9000 if way == ">" else 5000
    number = other + int(ack) if "A" in flags else 0
    payload = b"x" * int(size)
    tcp = struct.pack(">HHIIBBHHH", source, target, base + int(seq), number, 0x50, bits, window, 0, 0) + payload
    pseudo = ends + struct.pack(">BBH", 0, 6, len(tcp)) + tcp
    checksum = 0xFFFF - total(pseudo + b"\0" * (len(pseudo) % 2))
    if text.endswith("!"):
        checksum ^= 1
    tcp = tcp[:16] + struct.pack(">H", checksum) + tcp[18:]
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + ends
    ip = ip[:10] + struct.pack(">H", 0xFFFF - total(ip)) + ip[12:]
    return bytes(6) + bytes(6) + b"\x08\x00" + ip + tcp


out = sys.stdout.buffer
out.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
with open("states.txt", encoding="utf-8") as lines:
    for number, line in enumerate(lines):
        for place, packet in enumerate(line.strip().split(": ")[1].split(", ")):
            data = frame(packet, 1001 + number)
            out.write(struct.pack("<IIII", 1700000000 + number, place * 100000, len(data), len(data)) + data)
