"""Instruction counts, which do not depend on the machine's load."""

import os
import re
import subprocess

from jobs import EIGHT, FIELDS, _chosen


def count(tools, made, options):
    """Instructions a packet of each job on a fixed slice, start-up taken off."""
    sliced, tiny = made["ordinary"], made["tiny"]
    jobs = {
        "stats": ["stats", "-T", "json"],
        "packets, fields": ["packets", "-n", "-T", "fields", *_chosen(EIGHT), "-r"],
        "packets, CSV, 13 fields": ["packets", "-T", "csv", *_chosen(FIELDS), "-r"],
        "packets, NDJSON, 13 fields": ["packets", "-T", "ndjson", *_chosen(FIELDS), "-r"],
        "packets, NDJSON, all": ["packets", "-T", "ndjson", "-r"],
        "packets, table": ["packets", "-r"],
        "cat": ["cat", "-w", "-"],
    }
    results = []
    folders = [("now", tools.bin)] + ([(options.name, options.against)] if options.against else [])
    lines = ["| job | " + " | ".join(name for name, _ in folders) + " |", "|---" * (1 + len(folders)) + "|"]
    for name, words in jobs.items():
        if options.only and not any(word in name for word in options.only):
            continue
        figures = {}
        for label, folder in folders:
            command = [os.path.join(folder, "pcapline-" + words[0]), *(tools.threads(words[0], 1) or []), *words[1:]]
            whole = _instructions(tools, [*command, sliced["path"]])
            start = _instructions(tools, [*command, tiny["path"]])
            figures[label] = (whole - start) / (sliced["packets"] - tiny["packets"])
            figures[label + ", start-up"] = start
        results.append({"job": name, "instructions_a_packet": figures})
        lines.append(f"| {name} | " + " | ".join(f"{figures[label]:.0f} (+ {figures[label + ', start-up'] / 1e6:.2f} M)" for label, _ in folders) + " |")
    title = f"Instructions a packet (and at start-up), {sliced['packets']} packets of ordinary traffic"
    return title + "\n\n" + "\n".join(lines) + "\n", results


def _instructions(tools, command):
    out = os.path.join(tools.folder, "callgrind.out")
    told = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *command], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=True)
    return int(re.search(rb"Collected : (\d+)", told.stderr)[1])
