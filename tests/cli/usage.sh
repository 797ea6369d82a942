#!/bin/sh
# Help, wrong command lines, exit codes, lists.   usage.sh KLINE
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$tmp" || exit 1

# run CODE ARGUMENTS...
run() {
    want=$1; shift
    "$kline" "$@" >out 2>err </dev/null; code=$?
    [ $code = "$want" ] || fail "kline $*: exit $code instead of $want: $(head -n 1 err)"
}
verbs='import ls export check resample eval gen list'
run 2; run 0 --help; run 0 --version; run 2 nothing
for verb in $verbs; do
    run 0 "$verb" --help
    grep -q "usage: kline $verb" out || fail "$verb --help"
    [ -s err ] && fail "$verb --help writes to standard error"
    run 2 "$verb" --no-such-option
    grep -q "kline $verb: there is no option '--no-such-option'" err || fail "$verb: $(cat err)"
    [ -s out ] && fail "$verb: a usage error writes to standard output"
    man=$here/../../docs/man/kline.1
    grep -q "Cm $verb\$" "$man" || fail "$verb is not in the manual"
    "$kline" "$verb" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p' | while read -r option; do
        case $option in help|json|epoch|from|to|until|interval|symbol|store|anchor-day|utc-offset) continue ;; esac
        grep -q "Fl -$option" "$man" || fail "$verb --$option is not in the manual"
    done
done
run 2 resample x.csv --to 1h --to 1d; grep -q -- '--to is there twice' err || fail "$step: $(cat err)"
run 2 import x.csv; run 2 import --store s; run 2 import x.csv --store; run 2 import x.csv --store s --interval 7x
run 2 import x.csv --store s --on-bad maybe; run 2 import x.csv --store s --authority many; run 2 import x --strict=1
run 2 export --store s; run 2 export --store s BTCUSDT 1h --epoch ns; run 2 export --store s BTCUSDT 1h more; run 2 export --store s BTCUSDT 1h --from 1704067200x; run 2 ls; run 2 ls --store s x
run 2 resample "$here/candles.csv"; run 2 resample --to 1d; run 2 eval "$here/candles.csv"; run 2 eval "$here/candles.csv" 'nosuch(3)'
run 2 eval "$here/candles.csv" 'rsi('; run 2 list; run 2 list nothing; run 2 gen; run 2 gen --from 2024-01-02 --to 2024-01-01
run 2 gen --from 2024-01-01 --to 2024-01-02 --format excel; run 2 gen --from 2024-01-01 --to 2024-01-02 --defects dragons; run 2 check
run 4 resample no-such-file.csv --to 1d; run 4 resample . --to 1d; run 4 export --store no-such-store BTCUSDT 1h
run 3 resample "$here/candles.csv" --to 90m --interval 1h
grep -q 'do not fill' err || fail "1h -> 90m: $(cat err)"
if command -v mandoc >/dev/null 2>&1; then
    mandoc -T lint "$here/../../docs/man/kline.1" >out || fail "manual: $(cat out)"
else
    echo "SKIPPED: lint of the manual (no mandoc)"
fi
ok "help, wrong command lines, manual"

for list in indicators functions windows intervals statuses; do
    run 0 list $list; lines=$(($(wc -l <out) - 1))
    run 0 list $list --json
    [ "$(grep -c '^{"name":' out)" = $lines ] || fail "list $list --json"
done
[ "$("$kline" list intervals --json | wc -l)" = 16 ] || fail "sixteen intervals"
"$kline" list statuses | grep -q '^ohlc,high and low do not enclose open and close,-41,3$' || fail "list statuses"
ok "lists"

# a reader that goes away is no error; a full disk is one
"$kline" gen --from 2024-01-01 --to 2024-03-01 --trades-per-minute 1 2>err | head -n 1 >out
[ -s err ] && fail "closed pipe: $(cat err)"
if [ -w /dev/full ]; then
    "$kline" list statuses >/dev/full 2>err; code=$?
    [ $code = 4 ] || fail "full disk: exit $code"
    grep -q 'No space' err || fail "full disk: $(cat err)"
fi
ok "closed pipe, full disk"
finish
