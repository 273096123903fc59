# What commands do with inputs of every kind.
load helpers

@test "a file, -r, standard input and - are the same input" {
    pcapline packets "$office" >expected
    pcapline packets -r "$office" | cmp - expected
    pcapline packets - <"$office" | cmp - expected
    # shellcheck disable=SC2002 # a pipe is meant
    cat "$office" | pcapline packets | cmp - expected
    mkfifo fifo
    cat "$office" >fifo &
    pcapline packets fifo | cmp - expected
}

@test "every compression is found by its magic, in files and in pipes" {
    pcapline packets "$crafted/pcap-little.pcap" >expected
    for file in gzip.pcap.gz gzip-members.pcap.gz bzip2.pcap.bz2 xz.pcap.xz zstd.pcap.zst lz4.pcap.lz4; do
        pcapline packets "$crafted/$file" | cmp - expected
        # shellcheck disable=SC2002
        cat "$crafted/$file" | pcapline packets - | cmp - expected
        cp "$crafted/$file" misnamed.txt
        pcapline packets misnamed.txt | cmp - expected
    done
}

@test "every variant of the formats holds the same packets" {
    for file in pcap-little pcap-big pcap-nano pcap-nano-big pcap-modified pcap-modified-big; do
        [ "$(pcapline packets -T fields -e ip.src -e dns.id "$crafted/$file.pcap" | cksum)" = "$(pcapline packets -T fields -e ip.src -e dns.id "$crafted/pcap-little.pcap" | cksum)" ]
    done
    for file in little big; do
        pcapline packets "$crafted/pcapng-$file.pcapng" >ng
        pcapline packets "$crafted/pcapng-little.pcapng" | cmp - ng
    done
}

@test "several files are one input: numbers run on, in the order given" {
    run --separate-stderr -0 pcapline packets -T fields -e frame.number -e dns.id "$crafted/pcap-little.pcap" "$crafted/link-raw.pcap" "$crafted/pcap-big.pcap"
    [ "${#lines[@]}" = 8 ]
    [[ ${lines[0]} == 1* && ${lines[7]} == 8* ]]
}

@test "a missing file, a folder, an empty file, garbage, a cut header: 2 if it is the only input" {
    mkdir folder
    for input in missing.pcap folder "$crafted/damaged/empty.pcap" "$crafted/damaged/garbage.pcap" "$crafted/damaged/page.pcap" "$crafted/damaged/header-cut.pcap"; do
        for command in packets stats conversations "split-flow -d out" cat; do
            # shellcheck disable=SC2086 # words
            run --separate-stderr -2 pcapline $command "$input"
            [ -z "$output" ]
            one_line "$input"
        done
    done
}

@test "an unreadable input beside a good one costs only itself: 1" {
    mkdir folder
    for input in missing.pcap folder "$crafted/damaged/empty.pcap" "$crafted/damaged/garbage.pcap" "$crafted/damaged/header-cut.pcap"; do
        run --separate-stderr -1 pcapline packets -T fields -e frame.number "$crafted/pcap-little.pcap" "$input" "$crafted/link-raw.pcap"
        [ "${#lines[@]}" = 5 ]
        one_line "$input"
    done
}

@test "standard input that is empty or closed is no readable input: 2" {
    run --separate-stderr -2 pcapline stats - </dev/null
    one_line "standard input"
    run --separate-stderr -2 bash -c 'pcapline stats - <&-'
    one_line ""
}

@test "a header and no packet is an empty capture: 0" {
    run --separate-stderr -0 pcapline stats --summary -T json "$crafted/pcap-header-only.pcap"
    [ "$(jq .summary.packets <<<"$output")" = 0 ]
    run --separate-stderr -0 pcapline packets -T json "$crafted/pcap-header-only.pcap"
    [ "$(jq -c '[.packets, .total_packets]' <<<"$output")" = "[[],0]" ]
    run --separate-stderr -0 pcapline packets "$crafted/pcapng-no-interface-packets.pcapng"
    [ -z "$output" ]
}

@test "/dev/zero is refused at once" {
    run --separate-stderr -2 timeout 5 pcapline stats /dev/zero
    one_line /dev/zero
}

@test "endless words are refused at once, and behind a header they end in one line and bounded memory" {
    run --separate-stderr -2 bash -c 'yes | head -c 1G | timeout 20 pcapline stats -'
    one_line "standard input"
    run --separate-stderr -1 bash -c '{ head -c 24 "$1"; yes | head -c 200M; } | timeout 60 python3 "$2" pcapline stats --summary -T json - 2>&1 >report' - "$office" "$BATS_TEST_DIRNAME/peak_memory.py"
    [ "$(jq .summary.packets report)" = 0 ]
}

@test "memory does not grow with the input" {
    mapfile -t copies < <(yes "$office" | head -200)
    pcapline cat "${copies[@]}" -w big.pcap
    python3 "$BATS_TEST_DIRNAME/peak_memory.py" pcapline stats "$office" >/dev/null 2>small
    python3 "$BATS_TEST_DIRNAME/peak_memory.py" pcapline stats big.pcap >/dev/null 2>big
    sanitized || [ "$(grep -oE '[0-9]+$' big)" -le $(($(grep -oE '[0-9]+$' small) + 8192)) ]
    sanitized || [ "$(grep -oE '[0-9]+$' big)" -le 32768 ]
}

@test "damage: everything before it is used, one line says what, where and how many, exit 1" {
    while read -r file packets; do
        run --separate-stderr -1 pcapline packets -T fields -e frame.number "$crafted/damaged/$file"
        [ "${#lines[@]}" = "$packets" ] || { echo "$file: ${#lines[@]} packets, not $packets"; false; }
        one_line "$file"
        [[ $stderr == *byte* && $stderr == *"$packets"* ]]
    done <<END
packet-cut.pcap 2
packet-header-cut.pcap 1
huge-packet.pcap 1
block-cut.pcapng 1
block-zero.pcapng 1
block-huge.pcapng 1
gzip-checksum.pcap.gz 3
END
}

@test "no damaged file crashes anything or goes unsaid" {
    for file in "$crafted"/damaged/*; do
        for command in packets stats; do
            run --separate-stderr timeout 10 pcapline "$command" "$file"
            [ "$status" = 1 ] || [ "$status" = 2 ] || { echo "$command $file: $status"; [[ $file == *longer-than-wire* || $file == *option-beyond* || $file == *trailing* || $file == *zeros-inside* ]]; }
            [ "$status" = 0 ] || one_line ""
        done
    done
}

@test "--strict stops at the first damage" {
    run --separate-stderr -1 pcapline packets --strict -T fields -e frame.number "$crafted/damaged/packet-cut.pcap" "$crafted/pcap-little.pcap"
    [ "${#lines[@]}" -le 2 ]
}

@test "a file cut at every byte of its first 2 KiB gives all whole packets and the right exit code" {
    python3 "$BATS_TEST_DIRNAME/cut_everywhere.py" "$office" 2048
}

@test "thousands of inputs need few descriptors" {
    mkdir many
    for i in $(seq 3000); do ln "$crafted/pcap-little.pcap" "many/$i.pcap" 2>/dev/null || cp "$crafted/pcap-little.pcap" "many/$i.pcap"; done
    [ "$(ulimit -n 20; count many/*.pcap)" = 9000 ]
    (ulimit -n 20; pcapline cat many/*.pcap -w all.pcap)
    [ "$(count all.pcap)" = 9000 ]
}

@test "a name that would drive a terminal does not" {
    name=$'esc\e[31m\nnext.pcap'
    run --separate-stderr -2 pcapline stats "$name"
    [[ $stderr != *$'\e'* && $stderr != *$'\n'* ]]
    cp "$office" "$name"
    run --separate-stderr -0 pcapline stats "$name"
    [[ $output != *$'\e'* ]]
}

@test "fields that need the packets before: filters come first, and later packets change nothing" {
    fields=(-T fields -e frame.time_delta -e tcp.stream -e udp.stream -e tcp.seq -e tcp.time_delta -e tcp.analysis.flags -e tcp.analysis.bytes_in_flight)
    pcapline cat -f "not port 7002" -w part.pcap "$PCAPLINE_DATA/tcp.pcap"
    pcapline packets "${fields[@]}" part.pcap >part
    pcapline packets "${fields[@]}" -f "not port 7002" "$PCAPLINE_DATA/tcp.pcap" | cmp - part
    pcapline packets "${fields[@]}" "$PCAPLINE_DATA/tcp.pcap" >whole
    run -1 cmp whole part
    for n in 0 1 17 60; do
        pcapline packets "${fields[@]}" -c "$n" "$PCAPLINE_DATA/tcp.pcap" | cmp - <(head -n "$n" whole)
    done
    # Some in JSON, where each of them is present or absent.
    pcapline packets --ndjson -e tcp.analysis.retransmission -e tcp.len "$PCAPLINE_DATA/tcp.pcap" | jq -e -s 'map(.tcp.analysis_retransmission) | unique == [null, true]'
}

@test "text of packets cannot drive a terminal" {
    for format in table csv tsv ndjson json; do
        pcapline packets -T "$format" "$crafted/applications.pcap" >out
        run ! grep -P '[\x00-\x08\x0b-\x1f\x7f]' out
    done
    pcapline packets -T fields -e dns.qry.name "$crafted/applications.pcap" >out
    run ! grep -P '[\x00-\x08\x0b-\x1f\x7f]' out
    pcapline packets --ndjson "$crafted/applications.pcap" | jq -e . >/dev/null
}
