"""Cuts every capture of tests/data in every way, and those of $PCAPLINE_CORPUS by session and in one more way, which changes from
capture to capture: no packet is lost, changed or put elsewhere.

The parts are read by a reader that shares no code with the library. The same cut from a pipe gives the same bytes, the manifest
says what is there, sessions are the flows of `conversations`, and parts that are cut by flow have the flows of the whole."""
import collections
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(os.environ["PCAPLINE_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests" / "differential"))
import capture_file  # noqa: E402

LARGEST = 1_500_000  # bytes of a file
WAYS = ("session", "host", "host-pair", "port", "vlan", "time:0.5", "size:20k", "count:50", "hash:4")
ENVIRONMENT = dict(os.environ, PATH=f"{os.environ['PCAPLINE_BIN']}:{os.environ['PATH']}")
ENDINGS = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz")
failures = []


def run(*words, piped=b""):
    done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, input=piped, timeout=300)
    return done.returncode, done.stdout.decode()


def fail(*what):
    failures.append(" ".join(str(part) for part in what))
    print("FAILED", failures[-1])


def packets_of(path):
    # One without a time may have got time 0: only the packets of a file's first interface can say that they have none.
    return [packet._replace(time_ns=packet.time_ns or 0) for packet in capture_file.read(path) or []]


def check(capture, whole, way, folder):
    out, piped = folder / "out", folder / "piped"
    code, text = run("pcapline", "split-flow", "--by", way, "-d", out, "--manifest", "-", capture)
    if code not in (0, 1):
        return fail(capture, way, "exit", code)
    lines = [json.loads(line) for line in text.splitlines()]
    files = {line["file"]: line for line in lines}
    if sorted(files) != sorted(path.name for path in out.iterdir()) or list(files) != sorted(files):
        fail(capture, way, "the manifest names other files than there are, or in another order")
    parts = {name: packets_of(out / name) for name in files}
    for name, line in files.items():
        if len(parts[name]) != line["packets"] or (out / name).stat().st_size != line["file_bytes"]:
            fail(capture, way, name, "has other packets or bytes than its manifest says")
        if sum(packet.wire_length for packet in parts[name]) != line["wire_bytes"]:
            fail(capture, way, name, "has other wire bytes")
    got = collections.Counter(packet for packets in parts.values() for packet in packets)
    expected = collections.Counter(whole)
    if way in ("host", "port"):
        shared = sum(line.get("shared_packets", 0) for line in files.values())
        if sum(got.values()) != len(whole) + shared // 2 or set(got) != set(expected):
            fail(capture, way, "packets are not in the files of both ends")
    elif got != expected:
        fail(capture, way, "is not what the capture was:", sum((expected - got).values()), "missing", sum((got - expected).values()), "new")
    if way.startswith(("size", "count")) and [packet for name in sorted(parts) for packet in parts[name]] != whole:
        fail(capture, way, "in order of names is not the capture")
    if way.startswith("time") and "000000_other.pcapng" not in files and "000000_other.pcap" not in files:  # all have a time
        bins = sorted((line["key"], name) for name, line in files.items())
        joined = [packet for _, name in bins for packet in parts[name]]
        if sorted(joined, key=lambda packet: packet.time_ns) != sorted(whole, key=lambda packet: packet.time_ns):
            fail(capture, way, "in order of time is not the capture")
    if way == "session":
        check_flows(capture, files)
    if way.startswith("hash"):
        check_parts(capture, [out / name for name in files])
    code_piped, _ = run("pcapline", "split-flow", "--by", way, "-d", piped, "-", piped=capture.read_bytes())
    if code_piped != code or any((out / name).read_bytes() != (piped / name).read_bytes() for name in files):
        fail(capture, way, "comes out of a pipe differently")


def check_flows(capture, files):
    _, text = run("pcapline", "conversations", "--ndjson", "--columns", "all", capture)
    flows = {flow["flow"]: flow for flow in map(json.loads, text.splitlines())}
    sessions = {line["flow"]: line for line in files.values() if "flow" in line}
    if sorted(flows) != sorted(sessions):
        return fail(capture, "has other sessions than flows")
    for number, flow in flows.items():
        if any(sessions[number].get(key) != value for key, value in flow.items()):
            fail(capture, "session", number, "has another record than the flow")
        if sessions[number]["packets"] != flow["packets_ab"] + flow["packets_ba"]:
            fail(capture, "session", number, "has other packets than the flow")


def flows_of(*captures):
    """The records without what depends on the file: the number of the flow, and that of the interface."""
    flows = collections.Counter()
    for capture in captures:
        _, text = run("pcapline", "conversations", "--ndjson", "--columns", "all", capture)
        for flow in map(json.loads, text.splitlines()):
            flows[json.dumps({key: value for key, value in flow.items() if key not in ("flow", "interface")})] += 1
    return flows


def check_parts(capture, parts):
    if flows_of(*parts) != flows_of(capture):
        fail(capture, "has other flows than its parts, which were cut by flow")


def captures(folder):
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file() and path.name.endswith(ENDINGS) and path.stat().st_size <= LARGEST:
            yield path


def jobs():
    for capture in captures(os.environ["PCAPLINE_DATA"]):
        yield capture, WAYS
    for i, capture in enumerate(captures(os.environ["PCAPLINE_CORPUS"]) if os.environ.get("PCAPLINE_CORPUS") else []):
        yield capture, (WAYS[0], WAYS[1 + i % (len(WAYS) - 1)])


count = 0
for capture, ways in jobs():
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch, "whole.pcapng")
        code, _ = run("pcapline", "cat", "-F", "pcapng", "-w", plain, capture)
        if code not in (0, 1):
            continue
        whole = packets_of(plain)
        if not whole or len(whole) > 20_000:
            continue
        count += 1
        for way in ways:
            with tempfile.TemporaryDirectory() as folder:
                check(capture, whole, way, Path(folder))
print(f"split: {count} captures, {len(failures)} failures")
sys.exit(1 if failures or count < 20 else 0)
