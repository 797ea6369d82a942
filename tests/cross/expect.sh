#!/bin/sh
# Writes tests/cross/hash_*.expected anew, after a change of bits that is meant: see CONTRIBUTING.md.   sh tests/cross/expect.sh [NAME...]
set -eu
cd "$(dirname "$0")/../.."
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 tests/tools/amalgamate.py >"$dir/one.c"
cc -O2 -DKL_STATIC -Iinclude -Isrc -c "$dir/one.c" -o "$dir/one.o"
[ $# -gt 0 ] || set -- tests/cross/hash_*.c
for program in "$@"; do
    name=$(basename "$program" .c)
    cc -O2 -DKL_STATIC -Iinclude -Isrc "tests/cross/$name.c" tests/support/force_simd.c "$dir/one.o" -lm -o "$dir/$name"
    "$dir/$name" >"$dir/$name.lines"
    mv "$dir/$name.lines" "tests/cross/$name.expected"
done
git diff --stat -- tests/cross || true
