# split-flow: folders, links, limits, full disks, streams.
load helpers

# flows FILE N: a capture of N flows of one packet each, out of order of their addresses.
flows() {
    python3 - "$1" "$2" <<'END'
import struct, sys
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for i in range(int(sys.argv[2])):
        udp = struct.pack(">HHHH", 1024 + i % 50000, 53, 12, 0) + b"data"
        ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), i & 0xffff, 0, 64, 17, 0, 0x0a000000 + i * 7919 % 1000003, 0x0a640001)
        frame = b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip + udp
        out.write(struct.pack("<IIII", 1714550400 + i // 1000, i % 1000, len(frame), len(frame)) + frame)
END
}

# sum FOLDER: packets in all its captures.
sum() { find "$1" -type f -print0 | xargs -0 -n 500 pcapline stats --summary -T json | jq -s 'map(.summary.packets) | add'; }

@test "a capture for each session, and for what has none" {
    run --separate-stderr -0 pcapline split-flow -d out "$office"
    [ -z "$output$stderr" ]
    flows=$(pcapline conversations --ndjson "$office" | wc -l)
    [ "$(find out -type f | wc -l)" -eq $((flows + 1)) ]
    [ -s out/000000_other.pcap ]
    [ "$(sum out)" = "$(count "$office")" ]
}

@test "-v tells what was done, on one line; -q and pipes are silent" {
    run --separate-stderr -0 pcapline split-flow -v --min-packets 10 -d out "$office"
    one_line "$(count "$office") packets"
    [[ $stderr == *"left out"* ]]
}

@test "existing files stay and stop the job: 3; --force replaces them" {
    mkdir out
    echo mine >out/000000_other.pcap
    run --separate-stderr -3 pcapline split-flow -d out "$office"
    one_line "file exists (--force replaces it)"
    [ "$(cat out/000000_other.pcap)" = mine ]
    rm -r out
    pcapline split-flow -d out "$office"
    pcapline split-flow -d out --force "$office"
    [ "$(sum out)" = "$(count "$office")" ]
}

@test "symbolic links are never followed, whether they are the folder or in it" {
    mkdir elsewhere
    ln -s elsewhere out
    run --separate-stderr -3 pcapline split-flow -d out "$office"
    one_line "symbolic link"
    rm out
    mkdir out
    ln -s ../elsewhere/target out/000000_other.pcap
    for words in "" "--force"; do
        # shellcheck disable=SC2086
        run --separate-stderr -3 pcapline split-flow $words -d out "$office"
        one_line "symbolic link"
    done
    ln -s ../elsewhere/target out/office.pcap.json
    run --separate-stderr -3 pcapline split-flow --type json --force -d out "$office"
    one_line "symbolic link"
    [ -z "$(ls elsewhere)" ]
}

@test "a name can neither leave the folder nor hide" {
    cp "$office" ./..-x.pcap
    run --separate-stderr -2 pcapline split-flow -d out --name '../{seq}' "$office"
    one_line "without '/'"
    pcapline split-flow -d out --name '..{input}-{proto}' ./..-x.pcap
    [ "$(find . -name '*.pcap' ! -path './out/*' ! -name '..-x.pcap' | wc -l)" = 0 ]
    [ "$(find out -name '.*' | wc -l)" = 0 ]
    [ "$(sum out)" = "$(count "$office")" ]
}

@test "names that are the same are numbered" {
    pcapline split-flow -d out --name '{proto}' "$office"
    [ -e out/tcp.pcap ] && [ -e out/tcp_2.pcap ] && [ -e out/udp_3.pcap ]
    [ "$(sum out)" = "$(count "$office")" ]
}

@test "few descriptors and many flows lose nothing, from a file and from a pipe" {
    flows many.pcap 3000
    run --separate-stderr -0 bash -c 'ulimit -n 64; pcapline split-flow -d by-file many.pcap && cat many.pcap | pcapline split-flow -d by-pipe -'
    [ -z "$stderr" ]
    [ "$(find by-file -type f | wc -l)" = 3000 ]
    diff -r by-file by-pipe
    [ "$(sum by-file)" = 3000 ]
    run --separate-stderr -0 bash -c 'ulimit -n 64; pcapline split-flow --by host -d hosts many.pcap many.pcap'
    [ "$(sum hosts)" = 12000 ]
}

@test "a full disk: 3, one line, and no file ends within a packet" {
    small_disk 128k
    flows many.pcap 3000
    for words in "-d disk/a many.pcap" "-d disk/b -" "--by count:1000 -d disk/c $office $office" "--by hash:2 -d disk/d - "; do
        # shellcheck disable=SC2086
        run --separate-stderr -3 bash -c 'cat many.pcap | pcapline split-flow '"$words"
        one_line "No space left on device"
        while read -r file; do
            run --separate-stderr -0 pcapline stats --summary "$file"
        done < <(find disk -type f | head -20)
        rm -rf disk/*
    done
    run --separate-stderr -3 pcapline split-flow --type ndjson -d disk/e "$office" "$office" many.pcap many.pcap many.pcap
    one_line ""
    [ -z "$(find disk -type f)" ]
}

@test "a damaged capture: what was good is split, 1" {
    run --separate-stderr -1 pcapline split-flow -d out "$crafted/damaged/packet-cut.pcap"
    one_line "packet cut short"
    [ "$(sum out)" = "$(pcapline stats --summary -T json "$crafted/damaged/packet-cut.pcap" 2>/dev/null | jq .summary.packets)" ]
}

@test "nothing to read: 2, and no folder is made" {
    run --separate-stderr -2 pcapline split-flow -d out missing.pcap
    [ ! -e out ]
    run --separate-stderr -0 pcapline split-flow -d out "$crafted/pcap-header-only.pcap"
    [ -z "$(ls out)" ]
    run --separate-stderr -5 pcapline split-flow --exit-empty -d out "$crafted/pcap-header-only.pcap"
}

@test "INT ends a job on a pipe with 130, and every file is whole" {
    mkfifo input
    env --default-signal=INT pcapline split-flow -d out - <input &
    job=$!
    exec 5>input
    cat "$office" >&5
    sleep 0.7
    kill -INT "$job"
    exec 5>&-
    code=0
    wait "$job" || code=$?
    [ "$code" = 130 ]
    for file in out/*; do pcapline stats --summary "$file" >/dev/null; done
}

@test "parts of a capture that goes on grow as it does" {
    mkfifo input
    pcapline split-flow --by count:100 -d out - <input &
    job=$!
    exec 5>input
    cat "$office" >&5
    sleep 0.7
    [ "$(sum out)" -gt 300 ]
    exec 5>&-
    wait "$job"
    [ "$(sum out)" = "$(count "$office")" ]
}

@test "signals at random moments leave no damaged file" {
    flows many.pcap 3000
    for pause in 0.001 0.004 0.008 0.015 0.03; do
        rm -rf out
        pcapline split-flow -d out many.pcap "$office" &
        job=$!
        sleep "$pause"
        kill -TERM "$job" 2>/dev/null || true
        wait "$job" || true
        [ ! -d out ] || find out -type f -print0 | xargs -0 -r -n 500 pcapline stats --summary >/dev/null
    done
}

@test "an archive holds what the folder does" {
    pcapline split-flow -d out "$office"
    pcapline split-flow --type tar -o - "$office" >archive.tar
    mkdir from-file from-pipe from-folder
    tar -xf archive.tar -C from-file
    diff -r out from-file
    pcapline split-flow --type tar -o - < <(cat "$office") | tar -x -C from-pipe
    diff -r out from-pipe
    pcapline split-flow --type tar -d folder "$office"
    tar -xf folder/office.pcap.tar -C from-folder
    diff -r out from-folder
    gzip -dc "$crafted/gzip.pcap.gz" >plain.pcap
    pcapline split-flow --type tar -o two.tar "$crafted/gzip.pcap.gz" plain.pcap
    pcapline split-flow -d two plain.pcap plain.pcap
    mkdir from-two
    tar -xf two.tar -C from-two
    diff -r two from-two
}

@test "lists of payloads are JSON, one array or an object a line" {
    pcapline split-flow --type json -d out "$office"
    [ "$(jq length out/office.pcap.json)" = "$(pcapline conversations --ndjson "$office" | jq -s 'map(select(.protocol=="tcp" or .protocol=="udp")) | length')" ]
    jq -e 'all(.[]; (.timestamp|length) == (.payload|length) and (.src_port|type) == "number" and all(.payload[]; test("^[+-][0-9]+$")))' out/office.pcap.json
    pcapline split-flow --type ndjson -o - "$office" | jq -s . | jq -e --slurpfile array out/office.pcap.json '. == $array[0]'
    pcapline split-flow --type json --compat -o compat.json "$office"
    jq -e 'all(.[]; (.src_port|type) == "string")' compat.json
    pcapline split-flow --type json -d out "$office" "$office"
    [ -s out/flows.json ]
}

@test "payloads add up to what conversations counts" {
    pcapline split-flow --type ndjson -o - "$office" | jq -c '[.src_ip,.src_port,([.payload[]|select(startswith("+"))|.[1:]|tonumber]|add // 0)]' >got
    pcapline conversations --ndjson "$office" | jq -c 'select(.protocol=="tcp" or .protocol=="udp")' | jq -s 'sort_by(.flow)[]' |
        jq -c '[.src,.sport,.payload_bytes_ab]' | cmp - got
}

@test "sessions without their first SYN, and short ones, are left out and counted" {
    pcapline cat --range 5- "$PCAPLINE_DATA/tcp.pcap" -w late.pcap
    pcapline split-flow -d out --manifest m.ndjson --tcp-from-first-packet --min-packets 3 late.pcap
    [ "$(jq -s 'map(.packets) | add' m.ndjson)" = "$(count late.pcap)" ]
    [ "$(jq -s 'map(select(.file)) | length' m.ndjson)" = "$(find out -type f | wc -l)" ]
    jq -se 'any(.left_out == "no_start") and any(.left_out == "min_packets")' m.ndjson
    # From a pipe it is known only at the end who is left out.
    pcapline split-flow -d piped --tcp-from-first-packet --min-packets 3 - < <(cat late.pcap)
    diff -r out piped
}

@test "what does not go together is wrong usage: 2, and nothing is done" {
    for words in "" "-d out -o -" "-o out.pcap" "--by nonsense -d out" "--by filter:tcp -d out" "--by host --type json -d out" "--by host --tcp-from-first-packet -d out" \
        "--by port --key +vlan -d out" "--name {what} -d out" "--type pcap --name {seq}.pcapng -d out" "--type ndjson -o - --manifest -" "--compat -d out" "-T csv -d out"; do
        # shellcheck disable=SC2086
        run --separate-stderr -2 pcapline split-flow $words "$office"
        one_line ""
        [ ! -e out ]
    done
}

@test "precision, link types, interfaces and comments are kept" {
    pcapline split-flow -d nano "$crafted/pcap-nano.pcap"
    pcapline stats --files -T json nano/* | jq -e 'all(.files[]; .time_digits == 9)'
    pcapline split-flow -d ng "$PCAPLINE_DATA/three-interfaces.pcapng"
    [ "$(sum ng)" = "$(count "$PCAPLINE_DATA/three-interfaces.pcapng")" ]
    pcapline split-flow --by time:1h -d hours --name '{time}.pcapng' "$office"
    [ "$(head -c 4 hours/*.pcapng | od -An -tx1 | tr -d ' \n')" = 0a0d0d0a ]
    run --separate-stderr -3 pcapline split-flow --by count:1000 --type pcap -d mixed "$PCAPLINE_DATA/three-interfaces.pcapng"
    one_line "--type pcapng"
}
