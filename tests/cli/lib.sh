# Shared by the scripts of this folder: a temporary folder, and lines that the test runner counts.
# usage of each script: SCRIPT.sh KLINE
set -u
LC_ALL=C; export LC_ALL
kline=${1:-${KLINE:-build/gcc/src/cli/kline}}
[ -x "$kline" ] || { echo "FAILED: there is no tool at $kline"; exit 1; }
case $kline in /*) ;; *) kline=$(pwd)/$kline ;; esac
tmp=$(mktemp -d "${TMPDIR:-/tmp}/kline-test.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
ok() { [ -s "$tmp/failed" ] || echo "ok: $*"; } # not after a failure
fail() { echo "FAILED: $*" | tee -a "$tmp/failed"; } # a file: it works in subshells too
finish() { [ ! -s "$tmp/failed" ] || exit 1; exit 0; }
# every file of a folder with its checksum: two equal lists are two equal folders
state() { [ -d "$1" ] && (cd "$1" && find . -type f | sort | while read -r f; do cksum "$f"; done); }
