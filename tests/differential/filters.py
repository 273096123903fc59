"""BPF: how many packets a capture filter lets through, against tcpdump."""

import json
import re

from tools import run

EXPRESSIONS = [
    "ip", "ip6 and udp", "tcp", "udp port 53", "arp or icmp or icmp6", "net 10.0.0.0/8 or net 192.168.0.0/16",
    "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "ip[6:2] & 0x3fff != 0", "greater 500", "vlan", "not port 443 and less 1000",
]


def _counted(path, expression):
    answer = run(["tcpdump", "-nn", "--count", "-r", path, *([expression] if expression else [])])
    if b"expression rejects all packets" in answer.err:
        return 0
    match = re.search(rb"^(\d+) packets?", answer.out, re.M)
    return int(match[1]) if answer.code == 0 and match else None


def compare(capture, commands, found):
    if _counted(capture.plain, None) is None:
        return  # damaged, or not a format of libpcap's
    for expression in EXPRESSIONS:
        theirs = _counted(capture.plain, expression)
        answer = run([commands["stats"], "-f", expression, "--summary", "-T", "json", capture.path])
        try:
            ours = json.loads(answer.out)["summary"]["packets"] if answer.code in (0, 1) else None
        except (ValueError, KeyError):
            ours = f"exit {answer.code} {answer.last_message()}"
        if ours is None and theirs is not None:
            ours = f"exit {answer.code} {answer.last_message()}"
        found.check(f"filter {expression}", ours, theirs)
