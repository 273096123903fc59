# stats: applications, TCP counts and points in time, where a golden case is not enough.
load helpers

# big FILE: a capture of more than two ranges of 4 MiB, in which time also runs backwards.
big() {
    for _ in $(seq 70); do pcapline cat "$office" -w - -F nsecpcap | tail -c +25; done >body
    pcapline cat "$office" -c 1 -w - -F nsecpcap | head -c 24 | cat - body >"$1"
}

@test "any number of threads gives the same applications, TCP counts and series" {
    big big.pcap
    for words in "--applications --tcp -T json" "--all" "--series 10ms --by application --csv" "--series 1ms --by address --ndjson" \
        "--series 100ms --fill --by port -T json" "--series 1s" "--per-packet --csv"; do
        # shellcheck disable=SC2086 # words
        pcapline stats $words --threads 1 big.pcap >one
        [ -s one ]
        for threads in 2 8; do
            # shellcheck disable=SC2086
            pcapline stats $words --threads $threads big.pcap >many
            cmp one many
        done
        # shellcheck disable=SC2086
        [[ $words == --all ]] || pcapline stats $words - <big.pcap | cmp - one
    done
}

@test "applications and series add up to all packets" {
    for file in "$office" "$crafted"/*.pcap "$PCAPLINE_DATA"/*.pcap*; do
        packets=$(count "$file")
        [ "$(pcapline stats --applications -T json "$file" | jq '[.applications[].packets] | add // 0')" = "$packets" ]
        [ "$(pcapline stats --per-packet --ndjson "$file" | wc -l)" = "$packets" ]
        for by in application protocol interface vlan; do
            total=$(pcapline stats --series 10s --by $by -T json "$file" | jq '([.series[].packets] | add // 0) + (.left_out.no_time // 0)')
            [ "$total" = "$packets" ] || { echo "$file by $by: $total of $packets"; false; }
        done
    done
}

@test "the original's data series: one list of points for each application" {
    pcapline stats --per-packet -T json "$office" |
        jq -r 'to_entries[]|"Application: \(.key)",(.value[]|"Timestamp: \(.[0]) | Bytes: \(.[1])")' >series
    [ "$(grep -c ^Timestamp series)" = "$(count "$office")" ]
    [ "$(grep ^Application series | sort | uniq -d)" = "" ]
    grep -A1 "^Application: tls" series | grep -q "^Timestamp: [0-9.]* | Bytes: 74$"
    # the same points as a line each
    pcapline stats --per-packet --ndjson "$office" | jq -c '[.application,.time_epoch,.wire_bytes]' | sort >lines
    pcapline stats --per-packet -T json "$office" | jq -c 'to_entries[]|.key as $k|.value[]|[$k,.[0],.[1]]' | sort >lists
    cmp lines lists
}

@test "a series by application can be turned into columns" {
    pcapline stats --series 1s --by application --csv "$office" >series.csv
    pcapline stats --series 1s --by application --ndjson "$office" |
        jq -r '[.time,.time_epoch,.interval,.application,.packets,.wire_bytes,.ip_bytes,.payload_bytes]|map(tostring)|join(",")' |
        cut -d, -f1,4- >from_json
    tail -n +2 series.csv | cut -d, -f1,4- | cmp - from_json
    pcapline stats --series 1s --by application -T json "$office" |
        jq -e '.schema == "pcapline.series/1" and (.series|length) == .total_series and
               ([.series[]|select(.application=="tls").packets]|add) == 92' >/dev/null
}

@test "a series of too many rows ends in one line and nothing else: 3" {
    if sanitized; then skip "takes too much memory"; fi
    pcapline cat "$office" -c 1 -w - -F nsecpcap | head -c 24 >many.pcap
    python3 - >>many.pcap <<'END'
import struct, sys
frame = bytes.fromhex("00005e005301" "00005e00530a" "9999")
for second in range(5):
    sys.stdout.buffer.write(b"".join(struct.pack("<IIII", second, i, 14, 14) + frame for i in range(900_000)))
END
    for threads in 1 4; do
        run --separate-stderr -3 pcapline stats --series 1ns --threads $threads -o out.csv --csv many.pcap
        one_line "more than 4194304 rows"
        [ ! -e out.csv ]
    done
    run --separate-stderr -0 pcapline stats --series 1us --csv many.pcap
    [ "${#lines[@]}" = 4501 ]
}

@test "--fill over ten years of milliseconds is refused, not tried" {
    pcapline cat "$office" -c 1 -w - | cat >gap.pcap
    python3 - >>gap.pcap <<'END'
import struct, sys
sys.stdout.buffer.write(struct.pack("<IIII", 1795261638 + 10 * 365 * 86400, 0, 14, 14) + bytes(14))
END
    run --separate-stderr -2 pcapline stats --series 1ms --fill --csv -o out.csv gap.pcap
    one_line "--fill would write"
    [ ! -e out.csv ]
    run --separate-stderr -0 pcapline stats --series 1d --fill --csv gap.pcap
    [ "${#lines[@]}" = 3652 ]
    run --separate-stderr -0 pcapline stats --series 1ms --csv gap.pcap
    [ "${#lines[@]}" = 3 ]
}

@test "points are written as they come from a pipe, and what is written before damage stays" {
    mkfifo pipe
    pcapline stats --per-packet --ndjson pipe >points &
    reader=$!
    exec 9>pipe
    cat "$office" >&9
    for _ in $(seq 100); do [ "$(wc -l <points)" -ge 400 ] && break; sleep 0.1; done
    [ "$(wc -l <points)" -ge 400 ]
    exec 9>&-
    wait $reader
    [ "$(wc -l <points)" = "$(count "$office")" ]
    run --separate-stderr -1 pcapline stats --per-packet -T json "$crafted/damaged/packet-cut.pcap"
    jq -e . <<<"$output" >/dev/null
    run --separate-stderr -1 pcapline stats --series 1s -T json "$crafted/damaged/packet-cut.pcap"
    jq -e '.damage[0].offset' <<<"$output" >/dev/null
}
