#!/usr/bin/env python3
"""Runs golden cases: run.py [--update] [CASE…] (default: all of them).

A case is a folder here: `cmd` is run by bash in a scratch folder of its own, with the commands under test first
in PATH ($PCAPLINE_BIN), `data` as a link to tests/data, and copies of the case's other files. What it prints must
equal `stdout` and `stderr` byte by byte (no file: nothing printed), its exit code `status` (no file: 0), and each
file in `out/` one of the same name that it has written. --update writes what came out and shows the difference.
"""
import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXPECTED = ("stdout", "stderr", "status")


def run(case, bin_folder):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        (scratch / "data").symlink_to(HERE.parent / "data")
        for file in case.iterdir():
            if file.is_file() and file.name not in EXPECTED + ("cmd",):
                shutil.copy(file, scratch / file.name)
        environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        environment.update(PATH=f"{bin_folder}:{os.environ['PATH']}", HOME=str(scratch), LC_ALL="C.UTF-8", TZ="America/St_Johns", TERM="xterm")
        done = subprocess.run(["bash", "-o", "pipefail", "-c", (case / "cmd").read_text()], cwd=scratch, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        got = {"stdout": done.stdout, "stderr": done.stderr, "status": b"" if done.returncode == 0 else b"%d\n" % done.returncode}
        for file in sorted((case / "out").glob("*")):
            made = scratch / file.name
            got[f"out/{file.name}"] = made.read_bytes() if made.is_file() else b"(not written)\n"
        return got


def difference(name, old, new):
    lines = [data.decode("utf-8", "backslashreplace").splitlines() for data in (old, new)]
    text = list(difflib.unified_diff(*lines, f"{name} (expected)", f"{name} (got)", lineterm=""))
    return "\n".join(text or [f"{name}: same lines, other bytes"])


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    names = [name for name in arguments if name != "--update"] or sorted(path.parent.name for path in HERE.glob("*/cmd"))
    bin_folder = os.environ.get("PCAPLINE_BIN")
    if not bin_folder or not Path(bin_folder, "pcapline").exists():
        sys.exit("golden: set PCAPLINE_BIN to the folder of the built commands (build/dev/bin)")
    failed = 0
    for name in names:
        case = HERE / name
        same = True
        for what, data in run(case, bin_folder).items():
            file = case / what
            old = file.read_bytes() if file.exists() else b""
            if data == old:
                continue
            same = False
            print(difference(f"{name}/{what}", old, data))
            if update and data:
                file.write_bytes(data)
            elif update:
                file.unlink()
        failed += not same and not update
    print(f"golden: {len(names)} cases, {failed} failed" if not update else f"golden: {len(names)} cases brought up to date")
    sys.exit(1 if failed else 0)


main()
