"""Fields and protocol stacks of every packet, against tshark."""

import json
import re
from collections import Counter

from tools import AGGREGATOR, SEPARATOR, TSHARK_OPTIONS, run

_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|[0-7]{3}|.)", re.S)
_SHORT = {b"t": b"\t", b"n": b"\n", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v", b"0": b"\0"}


class Fields:
    """The fields of `pcapline packets --list-fields` that tshark has too."""

    def __init__(self, names, flags, protocols, unknown):
        self.names = names          # in the order of the columns, after frame.number and frame.protocols
        self.flags = flags          # those of `names` that are there or not
        self.protocols = protocols  # names of our protocols
        self.unknown = unknown      # ours only

    @staticmethod
    def load(packets):
        listed = run([packets, "--list-fields"])
        if listed.code != 0:
            raise SystemExit(f"pcapline-packets --list-fields: exit {listed.code}: {listed.last_message()}")
        ours = [line.split("\t") for line in listed.lines()]  # name, JSON path, type, one or list, description
        theirs = set()
        for line in run(["tshark", "-G", "fields"]).lines():
            parts = line.split("\t")
            if parts[0] in ("F", "P"):
                theirs.add(parts[2])
        protocols = {parts[0] for parts in ours if parts[2] == "protocol"}
        names = list(dict.fromkeys(parts[0] for parts in ours if parts[0] not in protocols | {"frame.number", "frame.protocols"}))
        flags = {parts[0] for parts in ours if parts[0].startswith("tcp.analysis.") and parts[2] == "boolean"}
        return Fields([n for n in names if n in theirs], flags, protocols, [n for n in sorted({*names, *protocols}) if n not in theirs and not n.startswith("_ws.")])


def stack_of(protocols):
    """A comparable stack: without what tshark adds to a stack, and without adjacent repeats."""
    stack = []
    for name in protocols.split(":"):
        if not name or name in ("ethertype", "data") or name.startswith(("x509", "_ws.")):
            continue
        if not stack or stack[-1] != name:
            stack.append(name)
    return stack


def plain(value):
    """The bytes that an escaped text stands for: tshark escapes CR as \\r, we as \\x0d."""
    if "\\" not in value:
        return value.encode()

    def byte(match):
        code = match.group(1)
        if code[:1] == b"x" and len(code) == 3:
            return bytes([int(code[1:], 16)])
        if len(code) == 3:
            return bytes([int(code, 8) & 255])
        return _SHORT.get(code, code)
    return _ESCAPE.sub(byte, value.encode())


# Protocols whose fields tshark calls by another protocol's name.
_FIELDS_OF = {"mdns": "dns", "llmnr": "dns", "udplite": "udp", "pppoes": "pppoe", "pppoed": "pppoe"}
_NOT_PACKETS = 100  # how many blocks without packet the first packets of a file may hold between them
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_TIME = re.compile(r"([A-Z][a-z]{2}) +(\d+), (\d{4}) ([\d:]+\.\d{9}) UTC")


def _iso(match):
    return f"{match[3]}-{_MONTHS[match[1]]:02}-{int(match[2]):02}T{match[4]}Z"


def same(ours, theirs):
    """The same values, where we spell differently on purpose: times are ISO, control characters and bytes that are not UTF-8
    \\xNN, a backslash doubled (tshark escapes some texts and not others), no bytes are nothing (tshark: <none>)."""
    our_values = [value for value in ours.split(AGGREGATOR) if value]
    their_values = [value for value in theirs.split(AGGREGATOR) if value not in ("", "<none>")]
    return len(our_values) == len(their_values) and all(
        our == their or our == _TIME.sub(_iso, their) or _text(our) in (_text(their), their) for our, their in zip(our_values, their_values))


def _text(value):
    return plain(value).decode("utf-8", "replace")


class _Streams:
    """The numbers of one protocol's streams. Where tshark knows streams in what we rightly do not decode, or a difference has been
    told, its later numbers are higher than ours: then only which packets are of one stream is compared."""

    def __init__(self):
        self._theirs, self._taken, self._shifted = {}, set(), False

    def in_their_numbers(self, ours, theirs):
        """Our values, with the numbers that tshark gave these streams."""
        our_values, their_values = ours.split(AGGREGATOR), theirs.split(AGGREGATOR)
        self._shifted |= len(their_values) > len(our_values) or bool(theirs and not ours)
        for our, their in zip(our_values, their_values):
            if our and our not in self._theirs and (our == their or self._shifted) and their not in self._taken:
                self._theirs[our] = their
                self._taken.add(their)
        numbers = [self._theirs.get(our, our) for our in our_values]
        self._shifted |= numbers != their_values
        return AGGREGATOR.join(numbers)


def _present(theirs):
    """tshark gives some flags twice, as value and as text."""
    return AGGREGATOR.join(sorted(set(theirs.split(AGGREGATOR))))


def owner(field):
    return field.split(".", 1)[0]


def compare(capture, commands, fields, limit, found):
    """Compares the first `limit` packets; returns how many both sides read."""
    columns = ["frame.number", "frame.protocols"] + fields.names
    chosen = [word for name in columns for word in ("-e", name)]
    style = ["-E", f"separator={SEPARATOR}", "-E", f"aggregator={AGGREGATOR}"]
    theirs = run(["tshark", *TSHARK_OPTIONS, "-r", capture.plain, "-c", str(limit + _NOT_PACKETS), "-T", "fields", "-E", "occurrence=a", *style,
                  "-e", "frame.encap_type", *chosen])
    ours = run([commands["packets"], "-n", "-r", capture.path, "-c", str(limit), "-T", "fields", "-E", "occurrence=a", *style, *chosen])
    if theirs.code is None or ours.code is None:
        found.add("packets", "too slow", ours="too slow" if ours.code is None else "", theirs="too slow" if theirs.code is None else "")
        return 0
    if ours.code not in (0, 1, 2):
        found.add("packets", "exit code", ours=f"{ours.code} {ours.last_message()}", theirs=str(theirs.code))
    their_lines, our_lines = _packets(theirs.lines())[:limit], ours.lines()
    found.check("packets", len(our_lines), len(their_lines), "number of packets")
    if ours.code == 2 and their_lines:
        found.add("packets", "refused", ours=ours.last_message(), theirs=f"{len(their_lines)} packets")
    streams = {name: _Streams() for name in ("tcp.stream", "udp.stream")}
    for our_line, their_line in zip(our_lines, their_lines):
        _compare_line(our_line, their_line, fields, streams, found)
    _own_forms(capture, commands, limit, style, chosen, our_lines, found)
    return min(len(our_lines), len(their_lines))


def _packets(lines):
    """tshark numbers blocks that hold no packet (custom, journal) too: only packets have an encapsulation, the first column."""
    return [line.split(SEPARATOR, 1)[1] for line in lines if not line.startswith(SEPARATOR)]


def _compare_line(our_line, their_line, fields, streams, found):
    theirs = their_line.split(SEPARATOR)
    found.compared += len(theirs) - theirs.count("") - 2
    if our_line == their_line:
        for name, numbers in streams.items():
            cell = theirs[2 + fields.names.index(name)]
            if cell:
                numbers.in_their_numbers(cell, cell)
        return
    ours = our_line.split(SEPARATOR)
    packet = ours[0]
    if len(ours) != len(theirs):
        found.add("line", "number of columns", packet, len(ours), len(theirs))
        return
    remaining, astray = _compare_stack(packet, ours[1], theirs[1], fields, found)
    for name, our, their in zip(fields.names, ours[2:], theirs[2:]):
        if name in streams and (our or their):
            our = streams[name].in_their_numbers(our, their)
        elif name in fields.flags:
            our, their = _present(our), _present(their)
        if our == their:
            continue
        if same(our, their):
            continue
        our_values = our.split(AGGREGATOR) if our else []
        their_values = their.split(AGGREGATOR) if their else []
        if owner(name) in astray or owner(name) in remaining and same(our, AGGREGATOR.join(their_values[:len(our_values)])):
            found.beyond += 1
        elif not our_values:
            found.add(name, "missing", packet, "", their[:200])
        elif not their_values:
            found.add(name, "extra", packet, our[:200], "")
        elif not same(our_values[0], their_values[0]):
            found.add(name, "first", packet, our[:200], their[:200])
        elif not same(our_values[-1], their_values[-1]):
            found.add(name, "last", packet, our[:200], their[:200])
        else:
            found.add(name, "between", packet, our[:200], their[:200])


def _compare_stack(packet, ours, theirs, fields, found):
    """Returns two sets of first parts of names: of protocols that tshark decodes and we rightly do not (what we show must be
    the beginning of what it shows), and of those whose fields follow from a difference of the stacks, which is told as such."""
    our_stack, their_stack = stack_of(ours), stack_of(theirs)
    found.compared += 1
    if our_stack == their_stack:
        return set(), set()
    common = 0
    while common < min(len(our_stack), len(their_stack)) and our_stack[common] == their_stack[common]:
        common += 1
    remaining = {_FIELDS_OF.get(name, owner(name)) for name in their_stack[common:]}
    if common == len(our_stack):
        if their_stack[common] in fields.protocols:
            found.add(f"stack …:{their_stack[common]}", "stops early", packet, ours, theirs)
        return remaining, set()
    if common == len(their_stack):
        found.add(f"stack …:{our_stack[common]}", "goes on", packet, ours, theirs)
    else:
        found.add(f"stack {our_stack[common]} for {their_stack[common]}", "differs", packet, ours, theirs)
    return set(), remaining | {owner(name) for name in our_stack[common:]}


def _own_forms(capture, commands, limit, style, chosen, our_lines, found):
    """occurrence=f and =l are the ends of occurrence=a; JSON tells the same stacks; `stats` counts the same paths."""
    everything = [[cell.split(AGGREGATOR) for cell in line.split(SEPARATOR)] for line in our_lines]
    for letter, end in (("f", 0), ("l", -1)):
        answer = run([commands["packets"], "-n", "-r", capture.path, "-c", str(limit), "-T", "fields", "-E", f"occurrence={letter}", *style, *chosen])
        for values, line in zip(everything, answer.lines()):
            expected = SEPARATOR.join(cell[end] for cell in values)
            if line != expected:
                found.add(f"occurrence={letter}", "not an end of occurrence=a", values[0][0])
        found.check(f"occurrence={letter}", len(answer.lines()), len(our_lines), "number of packets")
    stacks = [[name for name in line.split(SEPARATOR, 2)[1].split(":") if name and name != "ethertype"] for line in our_lines]
    if not stacks:
        return
    answer = run([commands["packets"], "-n", "-r", capture.path, "-c", str(limit), "-T", "ndjson"])
    records = answer.lines()
    found.check("ndjson", len(records), len(stacks), "number of packets")
    for number, (record, stack) in enumerate(zip(records, stacks), 1):
        try:
            told = json.loads(record)
        except ValueError as error:
            found.add("ndjson", "not JSON", number, record[:200], str(error))
            continue
        found.check("ndjson protocols", told.get("protocols", ""), ":".join(stack), "not frame.protocols", number)
    paths = Counter()
    for stack in stacks:
        for end in range(1, len(stack) + 1):
            paths[":".join(stack[:end])] += 1
    answer = run([commands["stats"], "-n", "-r", capture.path, "-c", str(limit), "--protocols", "-T", "json"])
    try:
        told = {row["protocols"]: row["packets"] for row in json.loads(answer.out)["protocols"]}
    except (ValueError, KeyError, TypeError) as error:
        found.add("stats protocols", "not readable", ours=f"exit {answer.code} {answer.last_message()}", theirs=str(error))
        return
    for path in sorted(paths.keys() | told.keys()):
        found.check("stats protocols", f"{path} {told.get(path, 0)}", f"{path} {paths.get(path, 0)}", "not what packets says")
