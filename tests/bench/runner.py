"""Runs commands in turn and takes medians."""

import json
import os
import shutil
import statistics
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Tools:
    """Where our programs are."""

    def __init__(self, build, folder):
        self.root = ROOT
        self.build = build
        self.folder = folder
        self.bin = os.path.join(build, "bin")
        self.make_captures = self._find("make_captures")
        self.measure = self._find("measure")
        os.makedirs(folder, exist_ok=True)

    def threads(self, command, number):
        """The words that choose threads; none for a command that always runs on one. None: it cannot run on so many."""
        told = subprocess.run([os.path.join(self.bin, "pcapline-" + command), "--help"], capture_output=True, text=True, check=True).stdout
        if "--threads" in told:
            return ["--threads", str(number)]
        return [] if number == 1 else None

    def _find(self, name):
        for place in ("bin", "tests/bench"):
            path = os.path.join(self.build, place, name)
            if os.access(path, os.X_OK):
                return path
        raise SystemExit(f"bench: {name} is not built in {self.build}")


class Contestant:
    """One command of a job. `ours` names the option set, `answer` extracts a comparable answer from its output. `fills`: a folder that is
    there and empty before each run, and gone after it."""

    def __init__(self, name, command, ours=False, answer=None, warm=None, fills=None):
        self.name = name
        self.command = command
        self.ours = ours
        self.answer = answer
        self.warm = warm
        self.fills = fills

    def installed(self):
        return bool(self.command) and (os.path.sep in self.command[0] or shutil.which(self.command[0]) is not None)


class Job:
    """Commands that do the same work on one input."""

    def __init__(self, name, path, contestants, bars=(), packets=None, rounds=None):
        self.name = name
        self.path = path
        self.contestants = contestants
        self.bars = bars  # (text, contestant, reference, limit): median(contestant) / median(reference) <= limit
        self.packets = packets
        self.rounds = rounds

    def run(self, tools, options):
        entered = [c for c in self.contestants if c.installed() and (c.ours or not options.against or c.name == "read")]
        if options.against:
            for c in [c for c in entered if c.ours]:
                command = [os.path.join(options.against, os.path.basename(c.command[0])), *c.command[1:]]
                entered.append(Contestant(f"{c.name} ({options.name})", command, True, c.answer, c.warm, c.fills))
        costs = {c.name: [] for c in entered}
        answers = {}
        for number in range(self.rounds or options.rounds):
            for c in entered:
                _warm(c.warm or self.path)
                keep = c.answer is not None and number == 0
                if c.fills:
                    os.makedirs(c.fills)
                try:
                    cost, out = _measured(tools, c.command, keep)
                finally:
                    if c.fills:
                        shutil.rmtree(c.fills)
                costs[c.name].append(cost)
                if keep:
                    answers[c.name] = _answer(c, out)
        figures = {}
        for c in entered:
            runs = costs[c.name]
            figures[c.name] = {
                "ours": c.ours, "command": c.command,
                "wall": statistics.median(r["wall"] for r in runs),
                "cpu": statistics.median(r["user"] + r["system"] for r in runs),
                "peak_mib": max(r["peak_kib"] for r in runs) / 1024, "exit_code": max(r["exit_code"] for r in runs),
            }
            if self.packets:
                figures[c.name]["ns_per_packet"] = figures[c.name]["cpu" if options.cpu else "wall"] * 1e9 / self.packets
        told = {json.dumps(a, sort_keys=True) for a in answers.values()}
        failed = [c.name for c in entered if c.ours and figures[c.name]["exit_code"] != 0]
        return {"job": self.name, "figures": figures, "bars": [b for b in (_bar(bar, figures, options.cpu) for bar in self.bars) if b],
                "answers": answers, "agrees": len(told) <= 1 and not failed, "failed": failed}


def _answer(contestant, out):
    try:
        return contestant.answer(out)
    except (ValueError, KeyError, TypeError) as error:
        return f"unreadable: {error}"


def _bar(bar, figures, cpu):
    text, contestant, measure, reference, limit = bar
    if contestant not in figures or (reference and reference not in figures):
        return None
    if cpu and measure == "wall":
        if "2 threads" in contestant:
            return None  # processor time says nothing of it
        measure = "cpu"
    value = figures[contestant][measure]
    if reference:
        value /= figures[reference][measure]
    return {"bar": text, "value": value, "limit": limit, "met": value <= limit}


def _warm(path):
    with open(path, "rb", buffering=0) as file:
        piece = bytearray(1 << 20)
        while file.readinto(piece):
            pass


def _measured(tools, command, keep):
    note = os.path.join(tools.folder, f"cost.{os.getpid()}")
    if os.path.exists(note):
        os.remove(note)
    done = subprocess.run([tools.measure, note, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if keep else subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, env=dict(os.environ, LC_ALL="C", TZ="UTC"), check=False)
    if keep:  # a pipe costs time: the first run only tells the answer
        os.remove(note)
        subprocess.run([tools.measure, note, *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env=dict(os.environ, LC_ALL="C", TZ="UTC"), check=False)
    with open(note, encoding="utf-8") as file:
        cost = json.loads(file.read())
    os.remove(note)
    return cost, done.stdout
