# Every write counts: pipes, full disks, closed descriptors, limits.
load helpers

@test "a closed pipe ends a command by SIGPIPE, silently" {
    for words in "packets -T json" "packets --ndjson" "packets --csv" "packets" "cat -w -"; do
        # shellcheck disable=SC2086 # words
        run bash -c 'pcapline "${@:2}" "$1" "$1" "$1" "$1" 2>err | head -c 100 >/dev/null; echo "${PIPESTATUS[0]}"' - "$office" $words
        [ "$output" = 141 ] || { echo "$words: $output"; false; }
        [ ! -s err ]
    done
}

@test "a closed pipe where SIGPIPE is ignored is a failed output: 3" {
    run bash -c 'trap "" PIPE; pcapline packets -T json "$1" 2>err | head -c 100 >/dev/null; echo "${PIPESTATUS[0]}"' - "$office"
    [ "$output" = 3 ] || [ "$output" = 141 ]
}

@test "a closed standard output: 3" {
    for words in "packets" "packets -T json" "conversations" "conversations --csv" "stats" "stats -T json" "packets --list-fields" "--help" "--version"; do
        # shellcheck disable=SC2086
        run --separate-stderr -3 bash -c 'pcapline "${@:2}" >&-' - "$office" $words $([[ $words == --* ]] || echo "$office")
        one_line ""
    done
}

@test "a full device is noticed, however little is written: 3" {
    device full 7
    for words in "packets -c 1" "stats -T json" "conversations" "conversations --list-columns" "packets --list-fields" "stats" "cat -c 1 -w -"; do
        # shellcheck disable=SC2086
        run --separate-stderr -3 bash -c 'pcapline "${@:2}" "$1" >full' - "$office" $words
        one_line ""
    done
    run --separate-stderr -3 bash -c 'pcapline --help >full'
    run --separate-stderr -3 bash -c 'pcapline --version >full'
}

@test "a full disk: 3, the capture is a valid prefix, the report is not there" {
    small_disk 64k
    run --separate-stderr -3 pcapline cat "$office" "$office" -w disk/out.pcap
    one_line disk/out.pcap
    if [ -e disk/out.pcap ]; then
        run --separate-stderr pcapline stats --summary -T json disk/out.pcap
        [ "$status" = 0 ] || [ "$status" = 1 ]
        cmp -n "$(stat -c %s disk/out.pcap)" disk/out.pcap "$office"
    fi
    rm -f disk/*
    run --separate-stderr -3 pcapline packets -T json "$office" -o disk/report.json
    one_line disk/report.json
    [ -z "$(ls -A disk)" ]
}

@test "a limit on file sizes is like a full disk, not a death" {
    run --separate-stderr -3 bash -c 'ulimit -f 16; pcapline cat "$1" -w out.pcap' - "$office"
    one_line out.pcap
    run --separate-stderr -3 bash -c 'ulimit -f 16; pcapline packets -T json "$1" -o out.json' - "$office"
    [ ! -e out.json ]
}

@test "an existing file is not replaced, unless --force" {
    echo mine >there
    for words in "cat -w there" "packets -o there" "stats -T json -o there"; do
        # shellcheck disable=SC2086
        run --separate-stderr -3 pcapline $words "$office"
        one_line there
        [ "$(cat there)" = mine ]
        # shellcheck disable=SC2086
        run --separate-stderr -0 pcapline $words --force "$office"
        [ "$(head -c 4 there)" != mine ]
        echo mine >there
    done
    [ "$(ls)" = there ]
}

@test "an input is never written over" {
    cp "$office" same.pcap
    run --separate-stderr pcapline cat same.pcap -w same.pcap --force
    if [ "$status" = 0 ]; then [ "$(count same.pcap)" = "$(count "$office")" ]; else cmp same.pcap "$office"; fi
}

@test "-w and -o are one output where a command has only one" {
    pcapline stats -T json "$office" >expected
    pcapline stats -T json -o by-o "$office"
    pcapline stats -T json -w by-w "$office"
    cmp expected by-o
    cmp expected by-w
}

@test "a folder that does not exist or may not be written: 3" {
    run --separate-stderr -3 pcapline cat "$office" -w no/such/folder/out.pcap
    one_line no/such/folder
    run --separate-stderr -3 pcapline packets "$office" -o /proc/version-of-ours
    one_line /proc/
}

@test "devices and FIFOs are written to as they are" {
    device null 3
    run --separate-stderr -0 pcapline cat "$office" -w null
    [ -c null ]
    run --separate-stderr -0 pcapline packets "$office" -o null
    [ -c null ]
    mkfifo fifo
    cat fifo >got &
    run --separate-stderr -0 pcapline cat "$office" -w fifo
    wait
    [ -p fifo ]
    cmp got "$office"
}

@test "nothing but data on stdout, nothing on stderr" {
    for words in "packets" "packets -T json" "packets --ndjson" "packets --csv" "stats" "stats -T json" "cat -w out.pcap"; do
        # shellcheck disable=SC2086
        run --separate-stderr -0 pcapline $words "$office"
        [ -z "$stderr" ] || { echo "$words: $stderr"; false; }
    done
}

@test "--exit-empty tells that nothing matched: 5" {
    run --separate-stderr -0 pcapline packets -f "port 9" "$office"
    [ -z "$output" ]
    run --separate-stderr -5 pcapline packets --exit-empty -f "port 9" "$office"
}

@test "a copy is byte for byte the capture, and so is its copy through compression" {
    pcapline cat "$office" -w copy.pcap
    cmp copy.pcap "$office"
    pcapline cat "$office" -w - | cmp - "$office"
    for method in gzip xz zstd bzip2; do
        pcapline cat --compress "$method" "$office" -w "copy.$method"
        pcapline cat "copy.$method" -w - | cmp - "$office"
    done
    zstd -dc copy.zstd | cmp - "$office"
    gzip -dc <copy.gzip | cmp - "$office"
    xz -dc <copy.xz | cmp - "$office"
    bzip2 -dc <copy.bzip2 | cmp - "$office"
}

@test "JSON is closed and valid after damage and after -c" {
    for words in "packets -T json" "stats -T json"; do
        # shellcheck disable=SC2086
        pcapline $words -c 1 "$office" | jq -e . >/dev/null
        # shellcheck disable=SC2086
        run -1 bash -c 'pcapline "${@:2}" "$1" 2>/dev/null | jq -e ".damage[0].offset" >/dev/null; exit "${PIPESTATUS[0]}"' - "$crafted/damaged/packet-cut.pcap" $words
    done
}
