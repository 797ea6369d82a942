#!/bin/sh
# The one test command.   sh tests/run.sh [--long]
#
# Installs what it needs on a bare Debian (as root), builds with gcc and clang, runs everything, ends with a line
# `N passed, N failed, N skipped`. --long adds what is due before a release: 60 s per fuzzer, whole suites under qemu, valgrind, TSan,
# optimisation levels, soaks. KLINE_SHARED names the folder of real data (default: ../shared).
set -u
cd "$(dirname "$0")/.." || exit 1
root=$(pwd)
long=; [ "${1:-}" = "--long" ] && long=1
KLINE_SHARED=${KLINE_SHARED:-$root/../shared}; export KLINE_SHARED
work=${KLINE_BUILD:-$root/build}
mkdir -p "$work"
passed=0; failed=0; skipped=0; failures=

have() { command -v "$1" >/dev/null 2>&1; }
note() { printf '\n== %s\n' "$*"; }
ok() { passed=$((passed + ${2:-1})); echo "ok: $1${2:+ ($2)}"; }
bad() { failed=$((failed + 1)); failures="$failures
  $1"; echo "FAILED: $1"; }
skip() { skipped=$((skipped + 1)); echo "SKIPPED: $1"; }
# step NAME COMMAND...: one counted test; its output is shown when it fails
step() {
    step=$1; shift
    if "$@" >"$work/step.log" 2>&1; then ok "$step"; else bad "$step"; tail -n 40 "$work/step.log"; fi
}

needs() {
    missing=
    for pair in meson:meson ninja:ninja-build gcc:gcc g++:g++ clang:clang pkg-config:pkg-config python3:python3 zip:zip mandoc:mandoc \
        qemu-s390x-static:qemu-user-static s390x-linux-gnu-gcc:gcc-s390x-linux-gnu aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu \
        i686-linux-gnu-gcc:gcc-i686-linux-gnu; do
        have "${pair%%:*}" || missing="$missing ${pair##*:}"
    done
    [ -f /usr/include/cmocka.h ] || missing="$missing libcmocka-dev"
    ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer*-"$(uname -m)".a >/dev/null 2>&1 || missing="$missing libclang-rt-14-dev"
    [ -n "$long" ] && { have valgrind || missing="$missing valgrind"; }
    python3 -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3-venv"
    [ -z "$missing" ] && return
    if [ "$(id -u)" = 0 ] && have apt-get; then
        note "installing$missing"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
            libc6-dev-s390x-cross libc6-dev-arm64-cross libc6-dev-i386-cross >"$work/apt.log" 2>&1 || tail -n 5 "$work/apt.log"
    else
        echo "missing:$missing"
    fi
}

# suite NAME BUILDDIR SETUP-ARGS...: configures, builds without a warning, runs meson test, counts the cmocka tests
suite() {
    name=$1; dir=$work/$2; shift 2
    if ! { [ -f "$dir/build.ninja" ] || meson setup "$dir" -Dwerror=true "$@"; } >"$work/$name.log" 2>&1 ||
        ! ninja -C "$dir" >>"$work/$name.log" 2>&1; then
        bad "$name: build"; tail -n 30 "$work/$name.log"; return
    fi
    meson test -C "$dir" --no-rebuild --print-errorlogs -t "${patience:-1}" >"$work/$name.log" 2>&1
    status=$?
    log=$dir/meson-logs/testlog.txt
    count=$(grep -ao '\[  PASSED  \] [0-9]* test' "$log" | awk '{n += $4} END {print n + 0}')
    scripts=$(grep -ac '^ok: ' "$log")
    grep -a 'SKIPPED: ' "$log" | sed "s/SKIPPED:/SKIPPED: $name:/"
    skips=$(grep -ac 'SKIPPED: ' "$log"); skipped=$((skipped + skips))
    if [ $status = 0 ] && [ "$count" -gt 0 ]; then
        ok "$name" $((count + scripts))
        [ "$name" = gcc ] && grep -a '^count: ' "$log"
    else
        bad "$name"; grep -a -B2 -A25 -E 'FAILED|ERROR|TIMEOUT|runtime error' "$work/$name.log" | tail -n 120
    fi
}

# the suites with kernels that differ by instruction set, once on each table that is not the widest
tables() {
    for level in baseline avx2; do
        if KLINE_SIMD=$level meson test -C "$work/gcc" --no-rebuild --print-errorlogs --suite simd --suite window --suite corr \
            --suite indicator --suite mart --suite clean >"$work/tables.log" 2>&1; then
            log=$work/gcc/meson-logs/testlog.txt
            count=$(grep -ao '\[  PASSED  \] [0-9]* test' "$log" | awk '{n += $4} END {print n + 0}')
            if [ "$count" -gt 0 ]; then ok "tables: $level" "$count"; else skip "tables: $level (not on this machine)"; fi
        else
            bad "tables: $level"; tail -n 60 "$work/tables.log"
        fi
    done
}

# what a test is linked with besides the library
extra_sources() {
    echo tests/support/force_simd.c
    case $1 in
    *indicator/test_exact* | *indicator/test_candle*) ls tests/reference/*.c ;;
    *test_corr_alloc*) echo "-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=aligned_alloc" ;;
    *window*) ls tests/reference/window_*.c 2>/dev/null ;;
    esac
}

# share COMMAND WORDS...: COMMAND k for each k below the number of cores, all at the same time; fails where one does. A command takes
# those lines of its list that `mine k` leaves it.
cores=$(nproc 2>/dev/null || echo 1)
share() {
    k=0; tasks=
    while [ $k -lt "$cores" ]; do "$@" $k & tasks="$tasks $!"; k=$((k + 1)); done
    shared=0
    for task in $tasks; do wait "$task" || shared=1; done
    return $shared
}
mine() { awk -v cores="$cores" -v k="$1" 'NR % cores == k'; }

# one translation unit, plain cc -O3, the same unit tests
one_tests() {
    ls tests/unit/*/test_*.c | mine "$1" | while read -r test; do
        program=$dir/$(basename "$(dirname "$test")")_$(basename "$test" .c)
        cc -O1 -DKL_STATIC -Iinclude -Isrc -Itests/support -Itests/reference $(extra_sources "$test") "$test" "$dir/one.o" -lcmocka -lm -o "$program" &&
            { "$program" </dev/null || [ $? = 77 ]; } || { echo "one translation unit: $test"; exit 1; }
    done
}
one_unit() {
    dir=$work/one; mkdir -p "$dir"
    python3 tests/tools/amalgamate.py >"$dir/one.c" || return 1
    cc -O3 -DKL_STATIC -Iinclude -Isrc -c "$dir/one.c" -o "$dir/one.o" || return 1
    share one_tests
}

# fuzz SECONDS: every fuzzer first replays its corpus, then runs for SECONDS
fuzz_targets() {
    ls tests/fuzz/fuzz_*.c | mine "$2" | while read -r target; do
        name=$(basename "$target" .c); corpus=tests/fuzz/corpus/${name#fuzz_}; log=$dir/$name
        rm -f "$log.built" "$log.replayed" "$log.clean"
        clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -DKL_STATIC -Iinclude -Isrc "$target" "$dir/one.o" -lm \
            -o "$dir/$name" >"$log.log" 2>&1 </dev/null && touch "$log.built" || continue
        mkdir -p "$dir/$name.corpus"
        "$dir/$name" -runs=0 "$corpus" >"$log.log" 2>&1 </dev/null && touch "$log.replayed" || continue
        "$dir/$name" -max_total_time="$1" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$dir/" "$dir/$name.corpus" "$corpus" >"$log.log" 2>&1 </dev/null &&
            touch "$log.clean"
    done
}
fuzz() {
    dir=$work/fuzz; mkdir -p "$dir"
    clang -g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -DKL_STATIC -Iinclude -Isrc \
        -c "$work/one/one.c" -o "$dir/one.o" >"$work/fuzz.log" 2>&1 || { bad "fuzz: build"; tail -n 20 "$work/fuzz.log"; return; }
    share fuzz_targets "$1"
    for target in tests/fuzz/fuzz_*.c; do
        name=$(basename "$target" .c); log=$dir/$name
        [ -f "$log.built" ] || { bad "$name: build"; tail -n 20 "$log.log"; continue; }
        [ -f "$log.replayed" ] || { bad "$name: corpus"; tail -n 40 "$log.log"; continue; }
        ok "$name: corpus"
        if [ -f "$log.clean" ]; then ok "$name: $1 s"; else bad "$name: $1 s"; tail -n 40 "$log.log"; fi
        grep -aE '^(Done|#[0-9]+.*DONE)' "$log.log" | tail -n 1
    done
}

# the same bits on every platform: each hash program, compiled for each target, prints the same lines; and the lines that are committed
# (after an intended change of bits: sh tests/cross/expect.sh). Each target: name, compiler and flags, what runs its programs.
hash_targets="native|cc -O2|
clang -O3 -march=native|clang -O3 -march=native|
s390x|s390x-linux-gnu-gcc -O2 -static|qemu-s390x-static
arm64|aarch64-linux-gnu-gcc -O2 -static|qemu-aarch64-static
i386|i686-linux-gnu-gcc -O2 -static -msse2 -mfpmath=sse|qemu-i386-static"

# hash_one NAME FILE: compares the lines of a program with those that are committed
hash_one() {
    if cmp "$2" "tests/cross/${1%%:*}.expected"; then ok "$1"; else bad "$1"; diff "tests/cross/${1%%:*}.expected" "$2" | head -5; fi
}

hashes() {
    dir=$work/cross; mkdir -p "$dir"
    # the library once for each target, all at the same time
    echo "$hash_targets" | { while IFS='|' read -r target compiler _; do
        have "${compiler%% *}" && $compiler -DKL_STATIC -Iinclude -Isrc -c "$work/one/one.c" -o "$dir/${target%% *}.o" 2>"$dir/${target%% *}.log" &
    done; wait; }
    echo "$hash_targets" >"$dir/targets"
    while IFS='|' read -r target compiler emulator <&3; do
        if ! have "${compiler%% *}" || { [ -n "$emulator" ] && ! have "$emulator"; }; then skip "hashes: $target (no compiler or emulator)"; continue; fi
        for program in tests/cross/hash_*.c; do
            name=$(basename "$program" .c); binary=$dir/$name.${target%% *}
            if $compiler -DKL_STATIC -Iinclude -Isrc "$program" tests/support/force_simd.c "$dir/${target%% *}.o" -lm -o "$binary" 2>"$work/step.log" &&
                $emulator "$binary" >"$binary.got" 2>>"$work/step.log"; then
                hash_one "$name: $target" "$binary.got"
            else
                bad "$name: $target"; tail -n 5 "$dir/${target%% *}.log" "$work/step.log"
            fi
            [ "$target" = native ] || continue
            cp "$binary.got" "$dir/$name.want"
            for level in baseline avx2; do
                KLINE_SIMD=$level "$binary" >"$binary.got" 2>"$work/step.log"
                case $? in
                0) hash_one "$name: $level" "$binary.got" ;;
                77) skip "$name: $level (not on this machine)" ;;
                *) bad "$name: $level" ;;
                esac
            done
        done
    done 3<"$dir/targets"
}

# installed into a prefix, found by pkg-config, static too
consumer() {
    prefix=$work/prefix; rm -rf "$prefix"
    DESTDIR= meson install -C "$work/gcc" --no-rebuild --quiet --destdir "$prefix" || return 1
    pc=$(dirname "$(find "$prefix" -name kline.pc)")
    PKG_CONFIG_PATH=$pc PKG_CONFIG_SYSROOT_DIR=$prefix; export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
    printf '#include <kline.h>\n#include <stdio.h>\nint main(void) { return puts(kl_version()) < 0; }\n' >"$work/consumer.c"
    cc "$work/consumer.c" $(pkg-config --cflags --libs kline) -o "$work/consumer" || return 1
    LD_LIBRARY_PATH=$(dirname "$(find "$prefix" -name libkline.so)") "$work/consumer" | grep -qx 0.1.0 || return 1
    cc -DKL_STATIC "$work/consumer.c" $(pkg-config --cflags kline) "$(find "$prefix" -name libkline.a)" -lm -o "$work/consumer" || return 1
    "$work/consumer" | grep -qx 0.1.0
}

# independent computations by other projects; each script prints ok:/SKIPPED:/FAILED: lines
peers() {
    venv=$work/venv
    if [ ! -x "$venv/bin/python" ]; then
        python3 -m venv "$venv" && "$venv/bin/pip" -q install --disable-pip-version-check numpy pandas polars duckdb TA-Lib tulipy >"$work/pip.log" 2>&1 ||
            { tail -n 3 "$work/pip.log"; }
    fi
    KLINE=$work/gcc/src/cli/kline KLINE_LIBRARY=$(find "$work/gcc" -maxdepth 1 -name 'libkline.so'); export KLINE KLINE_LIBRARY
    for script in tests/peers/test_*.py; do
        [ -f "$script" ] || continue
        name=$(basename "$script" .py)
        if "$venv/bin/python" "$script" >"$work/$name.log" 2>&1; then
            grep -a 'SKIPPED: ' "$work/$name.log"; skipped=$((skipped + $(grep -ac 'SKIPPED: ' "$work/$name.log")))
            ok "$name" "$(grep -ac '^ok: ' "$work/$name.log")"; grep -a '^count: ' "$work/$name.log"
        else
            bad "$name"; tail -n 30 "$work/$name.log"
        fi
    done
}

needs
note "the house"
step "tools: each check can fail" python3 tests/tools/test_tools.py
step "layers" python3 tests/tools/check_layers.py
step "comments" python3 tests/tools/check_comments.py
step "headers: C99 and C++11" python3 tests/tools/check_headers.py
note "suites"
[ -n "$long" ] && { export KLINE_LONG=1; patience=20; }
suite gcc gcc --buildtype=release
unset KLINE_LONG
export KLINE_QUICK=1 # from here on: slower builds, fewer rounds
tables
step "symbols and libraries" python3 tests/tools/check_symbols.py "$(find "$work/gcc" -maxdepth 1 -name 'libkline.so.*.*.*' -o -maxdepth 1 -name libkline.so | sort | head -1)"
CC=clang CXX=clang++; export CC CXX
suite clang clang --buildtype=debugoptimized
unset CC CXX
suite sanitizers asan -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false -Ddefault_library=static
step "one translation unit, plain cc -O3" one_unit
step "consumer: install, pkg-config, shared and static" consumer
note "documents"
[ -f tests/tools/check_snippets.py ] && step "snippets of README and docs" python3 tests/tools/check_snippets.py "$work/gcc"
note "hashes: the same bits everywhere"
hashes
note "fuzz"
fuzz "$([ -n "$long" ] && echo 60 || echo 6)"
note "peers"
peers
[ -n "$long" ] && . tests/long.sh

[ -n "$failures" ] && printf '\nfailed:%s\n' "$failures"
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
