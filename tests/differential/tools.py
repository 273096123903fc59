"""Running programs, and the captures that are compared."""

import bz2
import lzma
import os
import subprocess
import tempfile
import zlib

SEPARATOR = "\x1e"
AGGREGATOR = "\x1f"

# Reassembly has cases of its own; here each packet stands for itself.
TSHARK_OPTIONS = [
    "-n",
    "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE",
    "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
]


class Answer:
    """What a program said: exit code (None: too slow), stdout, stderr."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def lines(self):
        return self.out.decode("utf-8", "replace").split("\n")[:-1] if self.out else []

    def last_message(self):
        said = [line for line in self.err.decode("utf-8", "replace").splitlines() if "Running as user" not in line]
        return said[-1][:200] if said else ""


def run(command, timeout=120, env=None):
    """Runs a program to its end; its group dies with it."""
    environment = dict(os.environ, LC_ALL="C", TZ="UTC", **(env or {}))
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return Answer(None, b"", b"too slow")
        return Answer(process.returncode, out, err)


class Capture:
    """One file of the corpus. `name` is how expected.tsv calls it; `plain` is a path that every peer can read."""

    def __init__(self, root, label, relative):
        self.path = os.path.join(root, relative)
        self.name = f"{label}/{relative}"
        self._temporary = None

    @property
    def plain(self):
        """The path itself, or a decompressed copy where tshark and tcpdump do not decompress."""
        if self._temporary:
            return self._temporary.name
        opened = self._decompressed()
        if opened is None:
            return self.path
        self._temporary = tempfile.NamedTemporaryFile(prefix="pcapline-diff-")
        self._temporary.write(opened)
        self._temporary.flush()
        return self._temporary.name

    def _decompressed(self):
        with open(self.path, "rb") as file:
            magic = file.read(6)
        if magic == b"\xfd7zXZ\0":
            return _keep_whole(lzma.LZMADecompressor, self.path)
        if magic[:3] == b"BZh":
            return _keep_whole(bz2.BZ2Decompressor, self.path)
        if magic[:2] == b"\x1f\x8b":
            return _keep_whole(lambda: zlib.decompressobj(31), self.path)
        if magic[:4] in (b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18"):
            tool = "zstd" if magic[0] == 0x28 else "lz4"
            return run([tool, "-dcq", self.path]).out
        return None

    def close(self):
        if self._temporary:
            self._temporary.close()
            self._temporary = None


def _keep_whole(kind, path):
    """Everything that can be decompressed before any damage; several streams one after another."""
    data = bytearray()
    with open(path, "rb") as file:
        rest = file.read()
    size = 4096 if len(rest) > 65536 else 1  # what a damaged step would have given is lost
    decompressor = kind()
    try:
        while rest:
            step, rest = rest[:size], rest[size:]
            data += decompressor.decompress(step)
            if decompressor.eof:
                rest = decompressor.unused_data + rest
                decompressor = kind()
    except (OSError, EOFError, lzma.LZMAError, zlib.error):
        pass
    return bytes(data)


def corpus(root, label, only=()):
    """All captures under a folder, sorted by name."""
    found = []
    for folder, folders, files in os.walk(root):
        folders.sort()
        if "licences" in folders:
            folders.remove("licences")
        for name in sorted(files):
            relative = os.path.relpath(os.path.join(folder, name), root)
            if name.endswith((".md", ".txt", ".json", ".csv", ".tsv", ".sh", ".py")):
                continue
            capture = Capture(root, label, relative)
            if not only or any(word in capture.name for word in only):
                found.append(capture)
    return found


class Differences:
    """What differs in one file, grouped by what and kind, with the first examples."""

    EXAMPLES = 5

    def __init__(self, name):
        self.name = name
        self.compared = 0
        self.beyond = 0  # values of protocols in which we stop, rightly
        self._groups = {}

    def add(self, what, kind, packet=None, ours=None, theirs=None):
        group = self._groups.setdefault((what, kind), {"count": 0, "examples": []})
        group["count"] += 1
        if len(group["examples"]) < self.EXAMPLES:
            group["examples"].append({"packet": packet, "ours": ours, "theirs": theirs})

    def check(self, what, ours, theirs, kind="differs", packet=None):
        """Counts one value; notes it if it differs."""
        self.compared += 1
        if ours != theirs:
            self.add(what, kind, packet, str(ours), str(theirs))

    def records(self):
        return [{"file": self.name, "what": what, "kind": kind, "count": group["count"], "examples": group["examples"]}
                for (what, kind), group in sorted(self._groups.items())]
