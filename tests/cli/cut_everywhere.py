"""cut_everywhere.py CAPTURE LIMIT: stats over the first 0, 1, … LIMIT bytes of a little-endian pcap file."""
import json
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

data = Path(sys.argv[1]).read_bytes()
limit = int(sys.argv[2])
ends = [24]
while ends[-1] < limit:
    ends.append(ends[-1] + 16 + struct.unpack_from("<I", data, ends[-1] + 8)[0])


def check(size):
    """What is wrong with the answer over `size` bytes, or nothing."""
    done = subprocess.run(["pcapline", "stats", "--summary", "-T", "json", "-"], input=data[:size], capture_output=True, timeout=60)
    lines = done.stderr.decode().splitlines()
    if size < 24:
        good = done.returncode == 2 and not done.stdout and len(lines) == 1
    else:
        packets = sum(end <= size for end in ends) - 1
        whole = size in ends
        report = json.loads(done.stdout) if done.stdout else {"summary": {"packets": -1}}
        good = done.returncode == (0 if whole else 1) and report["summary"]["packets"] == packets and len(lines) == (0 if whole else 1)
    return None if good else f"{size} bytes: exit {done.returncode}, {done.stdout[:200]!r}, {lines}"


with ThreadPoolExecutor(2) as pool:
    wrong = [answer for answer in pool.map(check, range(limit + 1)) if answer]
print("\n".join(wrong[:10]))
sys.exit(1 if wrong else 0)
