"""expected.tsv: the differences that are known, each with its reason.

Columns: file, what, kind, count, reason. File and what may hold shell patterns; the first line that matches takes a
difference, and its count is the sum of what it took. Lines of files that are not there (no corpus) do not count.
"""

import fnmatch

HEADER = "file\twhat\tkind\tcount\treason"
UNEXPLAINED = "?"


class Expected:
    def __init__(self, path, labels):
        self.path = path
        self.labels = labels
        self.lines = []  # [file, what, kind, count, reason, taken]
        try:
            with open(path, encoding="utf-8") as file:
                for line in file.read().splitlines()[1:]:
                    name, what, kind, count, reason = line.split("\t")
                    self.lines.append([name, what, kind, int(count), reason, 0])
        except FileNotFoundError:
            pass

    def take(self, record):
        """True if a line knows this difference."""
        for line in self.lines:
            if fnmatch.fnmatchcase(record["file"], line[0]) and fnmatch.fnmatchcase(record["what"], line[1]) and record["kind"] == line[2]:
                line[5] += record["count"]
                return line[4] != UNEXPLAINED
        return False

    def changed(self):
        """Lines that took another number of differences than they say."""
        return [line for line in self.lines if self._present(line) and line[3] != line[5]]

    def _present(self, line):
        return any(line[0].startswith((label + "/", "*")) for label in self.labels)

    def update(self, records):
        """Counts as they are now; lines of nothing go; new differences come with the reason `?`."""
        kept = [line for line in self.lines if line[5] or not self._present(line)]
        for line in kept:
            if self._present(line):
                line[3] = line[5]
        for record in records:
            if not any(fnmatch.fnmatchcase(record["file"], k[0]) and fnmatch.fnmatchcase(record["what"], k[1]) and record["kind"] == k[2] for k in kept):
                kept.append([record["file"], record["what"], record["kind"], record["count"], UNEXPLAINED, 0])
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(HEADER + "\n")
            for line in kept:
                file.write("\t".join(str(cell) for cell in line[:5]) + "\n")
