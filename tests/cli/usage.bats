# Help, versions, wrong words.
load helpers

@test "--help and -h print on stdout and exit 0, for every command" {
    for command in "${commands[@]}"; do
        for option in --help -h; do
            run --separate-stderr -0 pcapline "$command" "$option"
            [[ -z $stderr && $output == *"pcapline $command"* ]]
        done
        run --separate-stderr -0 "pcapline-$command" --help
        [ -z "$stderr" ]
    done
    run --separate-stderr -0 pcapline --help
    for command in "${commands[@]}"; do [[ $output == *"$command"* ]]; done
}

@test "-h is one screen with three examples" {
    for command in "${commands[@]}"; do
        pcapline "$command" -h >help
        [ "$(wc -l <help)" -le 75 ]
        [ "$(grep -c "^ *pcapline $command\|| pcapline $command" help)" -ge 3 ]
    done
}

@test "--version names the version first, then the libraries" {
    for command in "" "${commands[@]}"; do
        # shellcheck disable=SC2086 # nothing, or one word
        run --separate-stderr -0 pcapline $command --version
        [[ ${lines[0]} =~ ^pcapline\ [0-9]+\.[0-9]+\.[0-9]+$ && -z $stderr ]]
        [[ $output == *libpcap* && $output == *gzip* ]]
    done
}

@test "the dispatcher finds its commands beside itself, not only in PATH" {
    run --separate-stderr -0 env PATH=/usr/bin:/bin "$PCAPLINE_BIN/pcapline" stats --summary "$office"
}

@test "pcapline help COMMAND shows the man page or the help" {
    run --separate-stderr -0 pcapline help stats
    [[ $output == *stats* ]]
}

@test "an unknown command is wrong usage and says so in one line" {
    run --separate-stderr -2 pcapline nonsense
    [ -z "$output" ]
    one_line nonsense
}

@test "an unknown option is wrong usage, named, in one line" {
    for command in "${commands[@]}"; do
        run --separate-stderr -2 pcapline "$command" --no-such-option "$office"
        [ -z "$output" ]
        one_line --no-such-option
    done
}

@test "options of commands that are not built yet are refused" {
    run --separate-stderr -2 pcapline capture
    [ -z "$output" ]
    run --separate-stderr -2 pcapline import "$office"
}

@test "wrong values of options are wrong usage" {
    for words in "-c minus" "-c -1" "-T nonsense" "-f (((" "--from yesterday"; do
        # shellcheck disable=SC2086 # words
        run --separate-stderr -2 pcapline packets $words "$office"
        [ -z "$output" ]
        one_line ""
    done
}

@test "a host name in a capture filter is refused" {
    run --separate-stderr -2 pcapline packets -f "host www.example.com" "$office"
    one_line ""
}

@test "all unknown fields are named" {
    run --separate-stderr -2 pcapline packets "$office" -e ip.src -e ip.nonsense -e nonsense.port
    [[ $stderr == *ip.nonsense* && $stderr == *nonsense.port* ]]
}

@test "-T fields without -e is wrong usage" {
    run --separate-stderr -2 pcapline packets -T fields "$office"
    one_line -e
}

@test "a filter where files stand is told where it belongs" {
    run --separate-stderr -2 pcapline packets -nr "$office" tcp port 80
    one_line -f
}

@test "repeatable options take one value each, or several joined by commas" {
    pcapline packets -T fields -e ip.src,ip.dst "$office" >joined
    pcapline packets -T fields -e ip.src -e ip.dst "$office" >apart
    cmp joined apart
}

@test "short options cluster" {
    pcapline packets -nr "$office" >clustered
    pcapline packets -n -r "$office" >apart
    cmp clustered apart
}

@test "-- ends the options" {
    cp "$office" ./-odd.pcap
    run --separate-stderr -0 pcapline stats --summary -- -odd.pcap
    [ -z "$stderr" ]
}

@test "every field of --list-fields has a name, a JSON path of its own, a type, and a description" {
    pcapline packets --list-fields >fields
    [ "$(wc -l <fields)" -ge 100 ]
    awk -F'\t' 'NF != 5 || $4 !~ /^(list|one)$/ || $5 == "" { print; bad = 1 } END { exit bad }' fields
    cut -f1 fields | sort | uniq -d | { ! grep .; }
    cut -f2 fields | sort | uniq -d | { ! grep .; }
}

@test "a locale and a time zone change nothing" {
    for command in "packets" "stats -T json" "packets --ndjson" "stats"; do
        # shellcheck disable=SC2086 # words
        LC_ALL=C TZ=UTC pcapline $command "$office" >here
        # shellcheck disable=SC2086
        LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8 TZ=Asia/Kathmandu pcapline $command "$office" >there
        cmp here there
    done
}
