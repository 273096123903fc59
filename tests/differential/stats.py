"""`pcapline stats` against capinfos: every figure of its report."""

import hashlib
import json
import os
import re
from decimal import Decimal

from tools import run


def _capinfos(text):
    """capinfos -M -S as {"key": value, "comments": […], "interfaces": [{…}]}."""
    report = {"comments": [], "interfaces": []}
    section = None
    for line in text.split("\n"):
        if match := re.match(r"Interface #\d+ info:", line):
            section = {}
            report["interfaces"].append(section)
        elif section is not None and (match := re.match(r"\s{21}(.*?) = (.*)", line)):
            section.setdefault(match[1], match[2])
        elif match := re.match(r"Capture comment:\s*(.*)", line):
            report["comments"].append(match[1])
        elif match := re.match(r"([A-Z][\w \-]*?):\s+(.*)", line):
            section = None
            report.setdefault(match[1], match[2].strip())
    return report


def _number(text):
    match = re.match(r"-?[\d.]+", text or "n/a")
    return Decimal(match[0]) if match else None


def _near(ours, theirs, found, what, duration=None):
    """A figure that capinfos prints with two decimals; rates it computes from times in floating point (0.25 µs)."""
    slack = Decimal("0.0051")
    if theirs is not None:
        slack += abs(theirs) * (Decimal("0.0000005") / duration if duration else Decimal("1e-9"))
    found.compared += 1
    if ours is None and theirs is None:
        return
    if ours is None or theirs is None or abs(ours - theirs) > slack:
        found.add(what, "differs", ours=str(ours), theirs=str(theirs))


def _words(text, lines=None):
    """A text as capinfos shows it: blanks do not count, and of an interface only the first line is shown."""
    return text and " ".join("\n".join(text.splitlines()[:lines]).split())


def _epoch(iso):
    """An ISO time as seconds since 1970."""
    from datetime import datetime, timezone
    if iso is None:
        return None
    whole = datetime.strptime(iso[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return Decimal(int((whole - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds())) + Decimal("0" + iso[19:-1])


def compare(capture, commands, found):
    theirs = run(["capinfos", "-M", "-S", capture.plain])
    ours = run([commands["stats"], "--summary", "--files", "--damage", "--hash", "-T", "json", capture.path])
    readable = re.search(rb"Number of packets:", theirs.out) is not None
    if ours.code == 2 or not readable:
        if (ours.code == 2) != (not readable):
            found.add("stats", "refused" if readable else "not refused", ours=f"exit {ours.code} {ours.last_message()}",
                      theirs=theirs.last_message())
        found.compared += 1
        return
    try:
        report = json.loads(ours.out, parse_float=Decimal)
    except ValueError as error:
        found.add("stats", "not JSON", ours=f"exit {ours.code} {ours.last_message()}", theirs=str(error))
        return
    told = _capinfos(theirs.out.decode("utf-8", "replace"))
    file, summary = report["files"][0], report["summary"]
    found.check("stats damaged", file["damaged"], theirs.code != 0)
    found.check("stats exit code", ours.code, 1 if file["damaged"] else 0)
    found.check("stats packets", file["packets"], int(told["Number of packets"]))
    found.check("stats wire_bytes", file["wire_bytes"], int(_number(told["Data size"])))
    found.check("stats strict_order", file["strict_order"], told["Strict time order"] == "True")
    found.check("stats file_bytes", file["file_bytes"], os.path.getsize(capture.path))
    with open(capture.path, "rb") as opened:
        found.check("stats sha256", file.get("sha256"), hashlib.sha256(opened.read()).hexdigest())
    found.check("stats format", file["format"], "pcapng" if told["File type"] == "pcapng" else "pcap")
    _times(file, summary, told, found)
    for key, name in (("hardware", "Capture hardware"), ("os", "Capture oper-sys"), ("application", "Capture application")):
        found.check(f"stats {key}", _words(file.get(key)), _words(told.get(name)))
    found.check("stats comments", [_words(comment) for comment in file.get("comments", [])], [_words(comment) for comment in told["comments"]])
    _interfaces(file, told, found)


def _times(file, summary, told, found):
    for what, key in (("first_time", "First packet time"), ("last_time", "Last packet time")):
        theirs = _number(told.get(key))
        ours = _epoch(file.get(what))
        found.check(f"stats {what}", ours, theirs)
    duration = _number(told.get("Capture duration"))
    found.check("stats duration", file.get("duration"), duration)
    _near(summary.get("wire_bytes_per_second"), _number(told.get("Data byte rate")), found, "stats wire_bytes_per_second", file.get("duration"))
    _near(summary.get("wire_bits_per_second"), _number(told.get("Data bit rate")), found, "stats wire_bits_per_second", file.get("duration"))
    _near(summary.get("packets_per_second"), _number(told.get("Average packet rate")), found, "stats packets_per_second", file.get("duration"))
    if file["packets"]:
        _near(summary.get("mean_length"), _number(told.get("Average packet size")), found, "stats mean_length")


def _interfaces(file, told, found):
    if not told["interfaces"]:
        return
    found.check("stats interfaces", len(file["interfaces"]), len(told["interfaces"]))
    for number, (ours, theirs) in enumerate(zip(file["interfaces"], told["interfaces"])):
        found.check("stats interface packets", ours["packets"], int(theirs["Number of packets"]), packet=f"interface {number}")
        if theirs.get("Capture length", "0") != "0":
            found.check("stats interface snaplen", ours.get("snaplen"), int(theirs["Capture length"]), packet=f"interface {number}")
        for key, name in (("name", "Name"), ("description", "Description"), ("filter", "Filter string")):
            found.check(f"stats interface {key}", _words(ours.get(key), 1), _words(theirs.get(name)), packet=f"interface {number}")
