# INT, TERM and friends while a job runs. The input is a pipe that stays open, so the job is surely still running.
load helpers

# started COMMAND…: runs it with a pipe as input that has brought some packets and stays open; its pid in $job.
started() {
    mkfifo input
    "$@" - <input >out 2>err &
    job=$!
    exec 5>input
    cat "$office" >&5
    sleep 0.7
}

@test "INT and TERM end a job on a pipe by their signal, with valid output" {
    for signal in 2 15; do
        rm -f input
        started env --default-signal=INT pcapline packets -T json
        kill -"$signal" "$job"
        exec 5>&-
        code=0
        wait "$job" || code=$?
        [ "$code" = $((128 + signal)) ]
        jq -e . out >/dev/null
    done
}

@test "a job that is interrupted renames nothing" {
    started env --default-signal=INT pcapline packets -T json -o report.json
    kill -TERM "$job"
    exec 5>&-
    code=0
    wait "$job" || code=$?
    [ "$code" = 143 ]
    [ ! -e report.json ]
    [ -z "$(find . -name '*report*')" ]
}

@test "USR1 prints counters and nothing else changes" {
    started pcapline packets --csv
    kill -USR1 "$job"
    tail -c +25 "$office" >&5
    exec 5>&-
    wait "$job"
    pcapline packets --csv -E header=n "$office" "$office" | cmp - <(tail -n +2 out)
    [ "$(grep -c packets err)" = 1 ]
}

@test "-l writes a record when it is complete" {
    started pcapline packets -l
    [ "$(wc -l <out)" -ge 400 ]
    exec 5>&-
    wait "$job"
}

@test "signals at random moments leave no damaged output" {
    mapfile -t copies < <(yes "$office" | head -40)
    pcapline cat "${copies[@]}" -w big.pcap
    for pause in 0.001 0.003 0.005 0.008 0.012 0.02 0.03 0.05; do
        rm -f copy.pcap
        pcapline cat big.pcap big.pcap big.pcap -w copy.pcap &
        job=$!
        sleep "$pause"
        kill -TERM "$job" 2>/dev/null || true
        wait "$job" || true
        if [ -s copy.pcap ]; then
            run --separate-stderr pcapline stats --summary copy.pcap
            [ "$status" = 0 ]
        fi
    done
}
