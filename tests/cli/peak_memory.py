"""peak_memory.py COMMAND…: runs it, then prints "peak KiB: N" as the last line of stderr; the exit code is COMMAND's."""
import os
import resource
import subprocess
import sys

code = subprocess.call(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(f"peak KiB: {peak}", file=sys.stderr)
sys.stderr.flush()
os._exit(code if code >= 0 else 128 - code)
