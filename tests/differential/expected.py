"""expected.tsv: the differences that are known, each with its reason.

Columns: file, what, kind, their number in tests/data, in the corpus, reason. File and what may hold shell patterns; the
first line that matches takes a difference. The numbers of files that are not there (no corpus) do not count.
"""

import fnmatch

HEADER = "file\twhat\tkind\tdata\tcorpus\treason"
LABELS = ("tests/data", "corpus")
UNEXPLAINED = "?"


class Line:
    def __init__(self, file, what, kind, counts, reason):
        self.file, self.what, self.kind, self.counts, self.reason = file, what, kind, counts, reason
        self.taken = [0] * len(LABELS)

    def matches(self, record):
        return record["kind"] == self.kind and fnmatch.fnmatchcase(record["file"], self.file) and fnmatch.fnmatchcase(record["what"], self.what)

    def take(self, record):
        place = next((i for i, label in enumerate(LABELS) if record["file"].startswith(label + "/")), 0)
        self.taken[place] += record["count"]

    def __str__(self):
        return "\t".join([self.file, self.what, self.kind, *map(str, self.counts), self.reason])


class Expected:
    def __init__(self, path, labels):
        self.path = path
        self.present = [label in labels for label in LABELS]
        self.lines = []
        try:
            with open(path, encoding="utf-8") as file:
                for line in file.read().splitlines()[1:]:
                    name, what, kind, data, corpus, reason = line.split("\t")
                    self.lines.append(Line(name, what, kind, [int(data), int(corpus)], reason))
        except FileNotFoundError:
            pass

    def take(self, record):
        """True if a line knows this difference."""
        for line in self.lines:
            if line.matches(record):
                line.take(record)
                return line.reason != UNEXPLAINED
        return False

    def _now(self, line):
        """What the line's numbers would be after this run."""
        return [taken if present else count for taken, present, count in zip(line.taken, self.present, line.counts)]

    def changed(self):
        """Lines that took another number of differences than they say: (line, numbers now)."""
        return [(line, self._now(line)) for line in self.lines if self._now(line) != line.counts]

    def update(self, new):
        """The numbers as they are now; lines of nothing go; new differences come with the reason `?`."""
        for record in new:
            line = next((line for line in self.lines if line.matches(record)), None)
            if line is None:
                line = Line(record["file"], record["what"], record["kind"], [0] * len(LABELS), UNEXPLAINED)
                line.take(record)
                self.lines.append(line)
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(HEADER + "\n")
            for line in self.lines:
                line.counts = self._now(line)
                if any(line.counts):
                    file.write(f"{line}\n")
