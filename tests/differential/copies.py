"""`pcapline cat` against editcap and mergecap, packet for packet."""

import os
import tempfile

import capture_file
from tools import run

_FORMS = [
    ("cat -F pcapng", ["-F", "pcapng"], ["-F", "pcapng"]),
    ("cat -F pcap", ["-F", "pcap"], ["-F", "pcap"]),
    ("cat -F nsecpcap", ["-F", "nsecpcap"], ["-F", "nsecpcap"]),
    ("cat --range", ["-F", "pcapng", "--range", "2-5,9-"], ["-F", "pcapng", "-r", None, "2-5", "9-4000000000"]),
    ("cat -s", ["-F", "pcapng", "-s", "60"], ["-F", "pcapng", "-s", "60"]),
    ("cat --shift", ["-F", "pcapng", "--shift", "1.25"], ["-F", "pcapng", "-t", "1.25"]),
]


def _same(what, ours, theirs, found):
    found.compared += len(theirs)
    if len(ours) != len(theirs):
        found.add(what, "number of packets", ours=len(ours), theirs=len(theirs))
    for number, (our, their) in enumerate(zip(ours, theirs), 1):
        for field in capture_file.Packet._fields:
            a, b = getattr(our, field), getattr(their, field)
            if a != b and not (field == "time_ns" and (a or 0) == (b or 0)):  # no time: editcap writes 0
                found.add(what, field, number, _shown(a), _shown(b))


def _shown(value):
    return value[:32].hex() if isinstance(value, bytes) else str(value)


def compare(capture, commands, found):
    whole = capture_file.read(capture.plain)
    if whole is None:
        return
    with tempfile.TemporaryDirectory(prefix="pcapline-diff-") as folder:
        mine = os.path.join(folder, "ours")
        copied = run([commands["cat"], "-w", mine, capture.path])
        if copied.code == 2:
            return  # stats tells of inputs that are refused
        if copied.code not in (0, 1):
            found.add("cat", "failed", ours=f"exit {copied.code} {copied.last_message()}", theirs="")
            return
        _same("cat", capture_file.read(mine) or [], whole, found)
        for number, (what, our_options, their_options) in enumerate(_FORMS):
            ours, theirs = f"{mine}{number}", os.path.join(folder, f"theirs{number}")
            if None in their_options:
                place = their_options.index(None)
                command = ["editcap", *their_options[:place], capture.plain, theirs, *their_options[place + 1:]]
            else:
                command = ["editcap", *their_options, capture.plain, theirs]
            told = run(command)
            said = run([commands["cat"], *our_options, "-w", ours, capture.path])
            expected = capture_file.read(theirs) if os.path.exists(theirs) else None
            if told.code != 0 or expected is None:
                continue  # editcap cannot
            if not os.path.exists(ours):
                found.add(what, "failed", ours=f"exit {said.code} {said.last_message()}", theirs=f"{len(expected)} packets")
                continue
            _same(what, capture_file.read(ours) or [], expected, found)


def compare_merge(first, second, commands, found):
    """Two captures of one folder, merged by time."""
    with tempfile.TemporaryDirectory(prefix="pcapline-diff-") as folder:
        mine, theirs = os.path.join(folder, "ours"), os.path.join(folder, "theirs")
        told = run(["mergecap", "-F", "pcapng", "-w", theirs, first.plain, second.plain])
        if told.code != 0:
            return
        said = run([commands["cat"], "--merge", "-F", "pcapng", "-w", mine, first.path, second.path])
        if said.code != 0:
            found.add("cat --merge", "failed", ours=f"exit {said.code} {said.last_message()}", theirs=f"with {second.name}")
            return
        _same("cat --merge", capture_file.read(mine) or [], capture_file.read(theirs) or [], found)
