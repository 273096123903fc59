"""What is measured and what it is measured on: the release build and the captures."""

import json
import os
import subprocess

# Traffic without packets that are pathological for tshark's JSON (hundreds of equal fields in one packet).
ORDINARY = ["netflix.pcap", "reddit.pcap", "teams.pcap", "wechat.pcap", "surfshark.pcap", "top-https.pcap"]


def build(root, folder):
    if not os.path.exists(os.path.join(folder, "CMakeCache.txt")):
        subprocess.run(["cmake", "-S", root, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"], check=True, stdout=subprocess.DEVNULL)
    targets = ["pcapline-packets", "pcapline-stats", "pcapline-cat", "bench_tools"]
    subprocess.run(["cmake", "--build", folder, "--target", *targets], check=True, stdout=subprocess.DEVNULL)


def _folders(root):
    corpus = os.environ.get("PCAPLINE_CORPUS", "")
    if os.path.isdir(corpus):
        return [os.path.join(corpus, name) for name in ("applications", "mixed", "tcp")]
    return [os.path.join(root, "tests", "data")]


def make(tools, quick):
    """Makes the captures that are not there yet; returns {name: {"path", "packets", …}}."""
    folder = os.path.join(tools.folder, "quick" if quick else "full")
    os.makedirs(folder, exist_ok=True)
    unit = (1 << 30) // (16 if quick else 1)
    folders = _folders(tools.root)
    ordinary = [os.path.join(folders[1], name) for name in ORDINARY] if len(folders) > 1 else folders
    captures = {
        "mixed": ["mixed", "--bytes", str(unit), *folders],
        "mixed-ng": ["mixed", "--format", "pcapng", "--bytes", str(unit), *folders],
        "small": ["small", "--packets", str(10_000_000 // (16 if quick else 1)), "--flows", str(1_000_000 // (16 if quick else 1))],
        "quarter": ["mixed", "--bytes", str(unit // 4), *folders],
        "slice": ["mixed", "--bytes", str(unit // 16), *folders],
        "ordinary": ["mixed", "--bytes", str(unit // 64), *ordinary],
        "tiny": ["small", "--packets", "5", "--flows", "5"],
    }
    made = {}
    for name, words in captures.items():
        path = os.path.join(folder, name + (".pcapng" if name == "mixed-ng" else ".pcap"))
        made[name] = dict(_generated(tools, path, words), path=path)
    compressions = {
        "quarter.gz": ("quarter", ["gzip", "-6", "-c"]), "quarter.zst": ("quarter", ["zstd", "-q", "-3", "-c"]),
        "slice.xz": ("slice", ["xz", "-T2", "--block-size=4MiB", "-3", "-c"]), "slice-single.xz": ("slice", ["xz", "-T1", "-3", "-c"]),
        "slice.bz2": ("slice", ["bzip2", "-9", "-c"]),
    }
    for name, (source, command) in compressions.items():
        base, kind = name.split(".")
        path = os.path.join(folder, f"{base}.pcap.{kind}")
        if not os.path.exists(path):
            with open(path + ".new", "wb") as out:
                subprocess.run([*command, made[source]["path"]], check=True, stdout=out)
            os.rename(path + ".new", path)
        made[name] = dict(made[source], path=path)
    return made


def _generated(tools, path, words):
    """Runs the generator, unless this file was already made with the same words by the same generator."""
    note = path + ".json"
    stamp = [words, os.path.getmtime(tools.make_captures)]
    try:
        with open(note, encoding="utf-8") as file:
            known = json.load(file)
        if known["stamp"] == stamp and os.path.getsize(path) == known["file_bytes"]:
            return known
    except (OSError, ValueError, KeyError):
        pass
    said = subprocess.run([tools.make_captures, *words, "--out", path], check=True, capture_output=True, text=True).stdout
    known = dict(json.loads(said), stamp=stamp)
    for leftover in os.listdir(os.path.dirname(path)):  # compressed copies of an older file
        if leftover.startswith(os.path.basename(path) + ".") and not leftover.endswith(".json"):
            os.remove(os.path.join(os.path.dirname(path), leftover))
        base = os.path.basename(path)[:-5]
        if leftover.startswith(base + "-single.pcap."):
            os.remove(os.path.join(os.path.dirname(path), leftover))
    with open(note, "w", encoding="utf-8") as file:
        json.dump(known, file)
    return known
