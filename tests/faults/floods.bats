# Floods of flows of one packet each: memory has its bounds, and nobody can choose keys that make them dear.
load ../cli/helpers

# Memory and instructions are those of the release build: a sanitizer has many of its own.
release_build() { ! sanitized || PATH=$PCAPLINE_SOURCE/build/release/bin:$PATH; }
flows() { "$PCAPLINE_BUILD/tests/make_flows" "$@"; }
conversations() { python3 "$PCAPLINE_SOURCE/tests/cli/peak_memory.py" pcapline-conversations --csv --columns basic,tcp -E header=n "$@" >rows 2>err; }
peak_below() { [ "$(sed -n 's/^peak KiB: //p' err)" -le "$1" ] || { cat err; return 1; }; }

@test "a million flows of one packet take at most 320 MB, TCP or not" {
    release_build
    for kind in syn udp; do
        flows "$kind" 1000000 >in.pcap
        conversations in.pcap
        [ "$(wc -l <rows)" = 1000000 ]
        peak_below 312500
    done
}

@test "--memory 64M holds, 16 MiB for the program aside, and loses nothing: what has no room is marked evicted" {
    release_build
    for kind in syn udp; do
        flows "$kind" 1000000 >in.pcap
        conversations --memory 64M in.pcap
        [ "$(wc -l <rows)" = 1000000 ]
        evicted=$(grep -c ',evicted,' rows)
        [ "$evicted" -gt 300000 ]
        [ "$((evicted + $(grep -c ',eof,' rows)))" = 1000000 ]
        peak_below $((80 * 1024))
    done
}

@test "keys chosen to collide cost less than three times the instructions of random ones" {
    release_build
    instructions() {
        flows "$1" 50000 >in.pcap
        timeout 60 valgrind --tool=callgrind --callgrind-out-file=/dev/null pcapline-conversations --csv in.pcap 2>err >rows
        [ "$(wc -l <rows)" = 50001 ]
        sed -n 's/.*Collected : //p' err
    }
    random=$(instructions syn)
    for kind in published unkeyed; do
        chosen=$(instructions "$kind")
        echo "random: $random, $kind: $chosen"
        [ "$chosen" -lt "$((3 * random))" ]
    done
}
