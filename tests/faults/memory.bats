# Every allocation failing, one after another: no crash, no hang, no false success.
load ../cli/helpers

# without_memory N COMMAND…: runs it with allocation N failing.
without_memory() { timeout 10 env FAIL_AT="$1" LD_PRELOAD="$PCAPLINE_BUILD/tests/libfail_malloc.so" "${@:2}" >out 2>err; }

each_allocation_of() {
    ! sanitized || PATH=$PCAPLINE_SOURCE/build/release/bin:$PATH   # a sanitizer has allocators of its own
    "$@" >expected
    # From 3 on: without the first two the C++ runtime itself has nothing to throw with.
    for n in $(seq 3 40) $(seq 41 7 400) $(seq 401 61 3000); do
        for mode in "" yes; do
            code=0
            if [ -n "$mode" ]; then FAIL_ON=1 without_memory "$n" "$@" || code=$?; else without_memory "$n" "$@" || code=$?; fi
            case $code in
                0) cmp out expected ;;                       # it could do without
                3) [ "$(wc -l <err)" = 1 ] ;;
                1) [ "$(wc -l <err)" = 1 ] ;;                # an input that could not be read on
                *) echo "allocation $n${mode:+ and all after}: exit $code" && cat err && return 1 ;;
            esac
        done
    done
}

@test "stats without memory" { each_allocation_of pcapline-stats -T json "$office"; }
@test "packets without memory" { each_allocation_of pcapline-packets -T json -c 20 "$office"; }
@test "packets -e from a compressed file without memory" { each_allocation_of pcapline-packets --csv -e ip.src -e dns.qry.name "$crafted/xz.pcap.xz"; }
@test "cat without memory" { each_allocation_of pcapline-cat --compress gzip "$office" -w -; }
