# Loaded by every .bats file: a scratch folder as the current one, the commands under test first in PATH.
bats_require_minimum_version 1.5.0

setup() {
    : "${PCAPLINE_BIN:?set it to the folder of the built commands}" "${PCAPLINE_DATA:?set it to tests/data}"
    PATH=$PCAPLINE_BIN:$PATH
    mkdir "$BATS_TEST_TMPDIR/work"   # bats keeps files of its own beside it
    cd "$BATS_TEST_TMPDIR/work" || return 1
    # shellcheck disable=SC2034 # used by the tests
    office=$PCAPLINE_DATA/office.pcap crafted=$PCAPLINE_DATA/crafted
    # shellcheck disable=SC2034
    commands=(packets stats conversations split-flow cat)
}

# sanitized: is this a sanitizer build, whose memory and speed say nothing?
sanitized() { grep -q '^PCAPLINE_SANITIZE:[A-Z]*=.' "${PCAPLINE_BUILD:-/nonexistent}/CMakeCache.txt" 2>/dev/null; }

# one_line TEXT: stderr of the last `run --separate-stderr` is one line, of the form that scripts rely on, and holds TEXT.
one_line() {
    # shellcheck disable=SC2154 # set by run
    [[ $stderr =~ ^pcapline(\ [a-z-]+)?:\  && $stderr != *$'\n'* && $stderr == *"$1"* ]] || { echo "stderr: $stderr" >&2; return 1; }
}

# count FILE…: packets of the inputs, as stats says.
count() { pcapline stats --summary -T json "$@" | jq .summary.packets; }

# small_disk SIZE: a disk of our own in ./disk, until the test ends.
small_disk() {
    mkdir disk
    mount -t tmpfs -o size="$1" pcapline-test disk 2>/dev/null || skip "no right to mount a disk (faults/system_calls.bats injects the errors)"
}

# device NAME MINOR: a device node of our own; /dev/full and /dev/null may have been changed by others.
device() { mknod "$1" c 1 "$2" 2>/dev/null || skip "no right to make a device node"; }

teardown() {
    cd / || return 1
    if mountpoint -q "$BATS_TEST_TMPDIR/work/disk"; then umount "$BATS_TEST_TMPDIR/work/disk"; fi
}
