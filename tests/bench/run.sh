#!/bin/sh
# Benches against peers in the same run; prints ratios, min of runs.   sh tests/bench/run.sh [MEGABYTES]
# MEGABYTES: size of the CSV file (default 1000). Peers come from PyPI into build/venv.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=${KLINE_BUILD:-$(pwd)/build}; dir=$work/bench; mkdir -p "$dir"
python3 tests/tools/amalgamate.py >"$dir/one.c"
cc -O3 -DKL_STATIC -Iinclude -Isrc -c "$dir/one.c" -o "$dir/one.o" || exit 1
for bench in tests/bench/bench_*.c; do
    cc -O3 -DKL_STATIC -Iinclude -Isrc "$bench" "$dir/one.o" -lm -o "$dir/$(basename "$bench" .c)" || exit 1
done
venv=$work/venv-bench
[ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && "$venv/bin/pip" -q install --disable-pip-version-check numpy pandas polars duckdb pyarrow TA-Lib \
        bottleneck setuptools wheel &&
    "$venv/bin/pip" -q install --disable-pip-version-check --no-build-isolation tulipy; }
KLINE_BENCH=$dir; KLINE_BENCH_MB=${1:-1000}; export KLINE_BENCH KLINE_BENCH_MB
cc -O3 -shared -fPIC -fvisibility=hidden -Iinclude -Isrc "$dir/one.c" -lm -o "$dir/libkline.so" && KLINE_LIBRARY=$dir/libkline.so && export KLINE_LIBRARY
cc -O2 -shared -fPIC -fvisibility=hidden -Iinclude -Isrc "$dir/one.c" -lm -o "$dir/libkline-O2.so" || exit 1
cc -O3 -DKL_STATIC -Iinclude -Isrc src/cli/*.c "$dir/one.o" -lm -o "$dir/kline" && KLINE=$dir/kline && export KLINE
echo "machine: $(uname -m), $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(cc --version | head -1)"
"$dir/bench_number"; "$dir/bench_fold"; "$dir/bench_window"; "$dir/bench_mart"; "$dir/bench_score"
for peers in tests/bench/peers_*.py; do
    echo "== $(basename "$peers" .py)"
    "$venv/bin/python" "$peers"
done
echo "== peers_indicator: -O2, without vectors beyond the baseline"
"$venv/bin/python" tests/bench/peers_indicator.py --level baseline --library "$dir/libkline-O2.so"
