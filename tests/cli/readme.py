"""Runs the ```sh examples of README.md and doc/from-python-tools.md: each command must succeed, and say nothing on stderr."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

source = Path(os.environ["PCAPLINE_SOURCE"])
pages = "\n".join(page.read_text() for page in [source / "README.md", source / "doc" / "from-python-tools.md"])
data = Path(os.environ["PCAPLINE_DATA"])
lines = [line for block in re.findall(r"```sh\n(.*?)```", pages, re.S) for line in block.splitlines() if line and not line.startswith("#")]
failed = 0
with tempfile.TemporaryDirectory() as scratch:
    shutil.copy(data / "office.pcap", Path(scratch, "x.pcap"))
    shutil.copy(data / "vxlan.pcap", Path(scratch, "y.pcap"))
    environment = dict(os.environ, PATH=f"{os.environ['PCAPLINE_BIN']}:{os.environ['PATH']}")
    for line in lines:
        done = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=scratch, env=environment, capture_output=True, timeout=60)
        files = re.findall(r"(?:-o|-w|>) ?([\w.-]+\.\w+)", line)
        empty = not done.stdout and not all(Path(scratch, file).stat().st_size for file in files if Path(scratch, file).exists())
        if done.returncode or done.stderr or empty or (not done.stdout and not files):
            failed += 1
            print(f"{line}\n  exit {done.returncode}, {len(done.stdout)} bytes\n  {done.stderr.decode(errors='replace')}")
print(f"examples: {len(lines)} commands, {failed} failed")
sys.exit(1 if failed or len(lines) < 10 else 0)
