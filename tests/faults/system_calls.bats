# System calls that are interrupted, short or failing, by injection (strace), on the paths of our own files only.
load ../cli/helpers

# injected PATH RULE COMMAND…
injected() { ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 LSAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -P "$1" -e trace=all -e "inject=$2" "${@:3}"; }

@test "interrupted reads and writes change nothing" {
    cp "$office" in.pcap
    pcapline-packets --csv in.pcap >expected
    injected "$PWD/in.pcap" read,pread64:error=EINTR:when=1+2 pcapline-packets --csv in.pcap >out
    cmp out expected
    grep -q EINTR trace
    : >out
    injected "$PWD/out" write,writev:error=EINTR:when=1+2 pcapline-packets --csv in.pcap >out
    cmp out expected
    grep -q EINTR trace
    injected "$PWD/copy.pcap" write,writev,pwrite64:error=EINTR:when=1+2 pcapline-cat in.pcap -w copy.pcap
    cmp copy.pcap in.pcap
}

@test "a write that fails, the first or any later one, is exit 3 and leaves a valid prefix" {
    mapfile -t copies < <(yes "$office" | head -20)
    cat "${copies[@]}" >/dev/null
    for n in 1 2 3 5 8; do
        for error in ENOSPC EIO EDQUOT; do
            rm -f out.pcap
            code=0
            injected "$PWD/out.pcap" "write,writev,pwrite64:error=$error:when=$n+" pcapline-cat "${copies[@]}" -w out.pcap 2>err || code=$?
            [ "$code" = 3 ]
            [ "$(wc -l <err)" = 1 ]
            if [ -s out.pcap ]; then
                run pcapline stats --summary out.pcap
                [ "$status" -le 1 ]
            fi
        done
        code=0
        injected "$PWD/out.json" "write,writev:error=ENOSPC:when=$n+" pcapline-packets -T json "${copies[@]}" >out.json 2>err || code=$?
        [ "$code" = 3 ]
    done
}

@test "a close that fails is a failed output" {
    code=0
    injected "$PWD/out.pcap" close:error=EIO pcapline-cat "$office" -w out.pcap 2>err || code=$?
    [ "$code" = 3 ]
}

@test "an input that cannot be read on is damage: what came before it counts" {
    mapfile -t copies < <(yes "$office" | head -20)
    pcapline cat "${copies[@]}" -w in.pcap
    code=0
    injected "$PWD/in.pcap" read,pread64:error=EIO:when=3+ pcapline-stats --threads 1 --summary -T json in.pcap >out 2>err || code=$?
    [ "$code" = 1 ]
    [ "$(wc -l <err)" = 1 ]
    [ "$(jq .summary.packets out)" -gt 0 ]
}

@test "an input that cannot be opened for want of permission is unreadable" {
    cp "$office" secret.pcap
    chmod 600 secret.pcap
    chmod 755 .
    run --separate-stderr -2 injected "$PWD/secret.pcap" openat:error=EACCES pcapline-stats "$PWD/secret.pcap"
    [[ $stderr == *secret.pcap*ermission* ]]
}
