# Sourced by tests/run.sh --long: what is due before a release or the end of an issue.

# the unit tests of some modules, as one static program each, under another compiler or emulator
# foreign NAME RUNNER COMPILER-AND-FLAGS -- MODULES
foreign() {
    name=$1; runner=$2; compiler=$3; shift 3
    dir=$work/$name; mkdir -p "$dir"
    # shellcheck disable=SC2086
    $compiler -DKL_STATIC -Iinclude -Isrc -c "$work/one/one.c" -o "$dir/one.o" >"$work/step.log" 2>&1 ||
        { bad "$name: library"; tail -n 15 "$work/step.log"; return; }
    for module in "$@"; do
        for test in tests/unit/"$module"/test_*.c; do
            [ -f "$test" ] || continue
            program=$dir/${module}_$(basename "$test" .c)
            # shellcheck disable=SC2086,SC2046
            if $compiler -DKL_STATIC -Iinclude -Isrc -Itests/support -Itests/reference $(extra_sources "$test") "$test" "$dir/one.o" \
                -lcmocka -lm -o "$program" >"$work/step.log" 2>&1; then
                KLINE_EMULATED=$runner; [ -z "$runner" ] && unset KLINE_EMULATED || export KLINE_EMULATED
                $runner "$program" >"$work/step.log" 2>&1
            else
                false
            fi
            case $? in
            0) ok "$name: $module $(basename "$test" .c)" "$(grep -ao '\[  PASSED  \] [0-9]* test' "$work/step.log" | awk '{n += $4} END {print n + 0}')" ;;
            77) skip "$name: $module $(basename "$test" .c)" ;;
            *) bad "$name: $module $(basename "$test" .c)"; tail -n 15 "$work/step.log" ;;
            esac
        done
    done
}

# cmocka for other architectures comes from Debian's own packages for them
foreign_cmocka() {
    for arch in "$@"; do
        dpkg --print-foreign-architectures | grep -qx "$arch" || dpkg --add-architecture "$arch"
    done
    apt-get update -qq
    for arch in "$@"; do
        dir=$work/cmocka-$arch; [ -d "$dir/usr" ] && continue
        mkdir -p "$dir" && (cd "$dir" && apt-get download -qq "libcmocka0:$arch" "libcmocka-dev:$arch" && for deb in *.deb; do dpkg-deb -x "$deb" .; done) ||
            skip "cmocka for $arch"
    done
}

all="base simd data io clean window checkpoint store indicator corr stat mart gen"
note "optimisation levels and compilers"
for level in -O0 -O1 -O2 -O3; do
    for compiler in gcc clang; do
        foreign "$compiler$level" "" "$compiler $level -march=native" base simd data clean window corr indicator mart
    done
done
# the same bits from each level of optimisation
for level in -O0 -O1 -O2 -O3; do
    for compiler in gcc clang; do
        $compiler $level -DKL_STATIC -Iinclude -Isrc -c "$work/one/one.c" -o "$work/cross/level.o"
        for program in tests/cross/hash_*.c; do
            name=$(basename "$program" .c)
            step "$name: $compiler $level" sh -c "$compiler $level -DKL_STATIC -Iinclude -Isrc $program $work/cross/level.o -lm -o $work/cross/$name.level &&
                $work/cross/$name.level | cmp - tests/cross/$name.expected"
        done
    done
done
note "soak: 1e8 bars through rolling windows"
soak() {
    cc -O2 -DKL_STATIC -Iinclude -Isrc -Itests/support -Itests/reference tests/soak/soak_window.c tests/reference/window_reference.c "$work/one/one.c" \
        -lm -o "$work/soak_window" || return 1
    "$work/soak_window" 1e8 24 >"$work/soak.24" 2>&1 & other=$!
    "$work/soak_window" 1e8 500; status=$?
    wait $other || status=1
    cat "$work/soak.24"; return $status
}
step "soak: windows of 24 and 500" soak; grep -aE '^(w=|count:)' "$work/step.log"
note "valgrind"
foreign valgrind "valgrind -q --error-exitcode=9 --leak-check=full" "cc -O1 -g" $all
note "thread sanitizer"
foreign tsan "" "clang -O1 -g -fsanitize=thread" base simd window corr indicator

note "other architectures"
if [ "$(id -u)" = 0 ] && have dpkg; then
    foreign_cmocka s390x arm64 i386 >"$work/step.log" 2>&1
    for target in s390x:s390x-linux-gnu:qemu-s390x-static: arm64:aarch64-linux-gnu:qemu-aarch64-static: i386:i686-linux-gnu:qemu-i386-static:-msse2\ -mfpmath=sse; do
        arch=$(echo "$target" | cut -d: -f1); triple=$(echo "$target" | cut -d: -f2); emulator=$(echo "$target" | cut -d: -f3)
        libs=$(dirname "$(find "$work/cmocka-$arch" -name 'libcmocka.so*' | head -1)" 2>/dev/null)
        [ -n "$libs" ] || { skip "$arch: no cmocka"; continue; }
        foreign "$arch" "$emulator -L /usr/$triple -E LD_LIBRARY_PATH=$libs:/usr/$triple/lib" \
            "$triple-gcc -O2 $(echo "$target" | cut -d: -f4) -I$work/cmocka-$arch/usr/include -L$libs" $all
    done
else
    skip "other architectures (needs root)"
fi

# 10 GB of 1 s candles through a pipe into a store, 100 M trades out of the generator: memory stays where it is
bounded_import() {
    rm -rf "$work/bounded"
    "$kline" gen --format kline-csv --from 2022-01-01 --to 2024-03-20 --interval 1s --trades-per-minute 30 |
        python3 tests/tools/rss.py 64 "$kline" import - --store "$work/bounded" --symbol AAAUSDT --interval 1s
    status=$?; rm -rf "$work/bounded"; return $status
}
bounded_gen() {
    python3 tests/tools/rss.py 64 "$kline" gen --format aggtrade-csv --from 2024-01-01 --to 2024-03-10 --trades-per-minute 1000 -o "$work/trades.csv"
    status=$?; wc -l <"$work/trades.csv"; rm -f "$work/trades.csv"; return $status
}
note "bounded memory"
kline=$work/gcc/src/cli/kline
step "import of a 10 GB stream under 64 MB" bounded_import; grep -a '^count:' "$work/step.log"
step "100 M trades generated under 64 MB" bounded_gen; grep -a '^count:' "$work/step.log"
