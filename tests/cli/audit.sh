#!/bin/sh
# Words of the command line, names, archives, anchors, damage: what the tool refuses, and how.   audit.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
# run CODE ARGUMENTS...: output in out and err
run() {
    want=$1; shift; step="kline $*"
    "$kline" "$@" >out 2>err </dev/null; code=$?
    [ $code = "$want" ] || fail "$step: exit $code instead of $want: $(head -n 2 err)"
}
says() { grep -q -- "$1" err || fail "$step: not '$1' but: $(head -n 2 err)"; }
hours() { awk -v from="$1" -v n="$2" -v step="${3:-3600}" 'BEGIN { for (i = 0; i < n; i++) printf "%d,1.5,2.25,0.5,1.75,%d\n", from + step * i, i + 1 }'; }
series() { "$kline" ls --store "$1" | tail -n +2 | cut -d, -f1-5 | sort | tr '\n' ' '; }
t=1704067200
hours $t 10 >plain.csv

# contracts, canonical symbols
hours $t 5 >BTCUSDT-1h-2024-01.csv; hours $t 6 >BTCUSDT_240628-1h-2024-01.csv; hours $t 7 >BTCUSD_PERP-1h-2024-01.csv
run 0 import BTCUSDT-1h-2024-01.csv BTCUSDT_240628-1h-2024-01.csv BTCUSD_PERP-1h-2024-01.csv --store contracts
[ "$(series contracts)" = ',,BTCUSDT,1h,5 ,,BTCUSDT_240628,1h,6 ,,BTCUSD_PERP,1h,7 ' ] || fail "contracts: $(series contracts)"
run 0 import plain.csv --store canon --symbol btc/usdt --interval 1h
run 0 import plain.csv --store canon --symbol BTC-USDT --interval 1h
run 0 import plain.csv --store canon --symbol btcusdt-240628 --interval 1h
[ "$(series canon)" = ',,BTCUSDT,1h,10 ,,BTCUSDT_240628,1h,10 ' ] || fail "canonical: $(series canon)"
run 0 export --store canon btcusdt_240628 1h
long=$(printf '%060d' 0)
for verb in "import plain.csv --store x --interval 1h" "check plain.csv" "resample plain.csv --to 1d" "eval plain.csv close"; do
    # shellcheck disable=SC2086
    { run 2 $verb --symbol "$long"; says 'too long for a symbol'; run 2 $verb --symbol 'A"B'; says 'cannot be a symbol'; run 2 $verb --symbol ''; }
done
run 2 export --store canon "$long" 1h; says 'too long'
ok "symbols"

# venue and market
run 0 import plain.csv --store venues --symbol AAA --interval 1h --venue one --market spot
head -n 5 plain.csv >five.csv; run 0 import five.csv --store venues --symbol AAA --interval 1h --venue two
run 4 export --store venues AAA 1h; says 'several series'
run 0 export --store venues AAA 1h --venue one --market spot; [ "$(wc -l <out)" = 11 ] || fail "$step"
run 0 export --store venues AAA 1h --venue two; [ "$(wc -l <out)" = 6 ] || fail "$step"
run 0 eval --store venues AAA 1h close --venue two; [ "$(wc -l <out)" = 6 ] || fail "$step"
run 0 resample --store venues AAA 1h --to 2h --market spot; [ "$(wc -l <out)" = 6 ] || fail "$step"
run 4 export --store venues AAA 1h --venue three
run 0 check --store venues --venue one; sed -n 2p out | grep -q '^venues,one,spot,AAA,1h,' || fail "$step: $(cat out)"; [ "$(wc -l <out)" = 2 ] || fail "$step"
for verb in "import plain.csv --store x --symbol A --interval 1h" "check --store venues" "export --store venues AAA 1h" "resample --store venues AAA 1h --to 2h"; do
    # shellcheck disable=SC2086
    { run 2 $verb --venue abcdefghijklmnopqrstuvwxyz; says 'too long for a venue'; run 2 $verb --market abcdefghijklmnopqrstuvwxyz; run 2 $verb --market 'a b'; }
done
ok "venues and markets"

# anchors: the phase alone counts
hours 1502928000 9 259200 >days.csv # from 2017-08-17 on
run 0 import days.csv --store anchors --symbol AAA --interval 3d
run 0 import days.csv --store anchors --symbol AAA --interval 3d@2017-08-20; says ' 0 new'
[ "$(series anchors)" = ',,AAA,3d@1970-01-02,9 ' ] || fail "anchors: $(series anchors)"
for at in 3d 3d@2017-08-17 3d@1970-01-02 3d@2020-01-01; do run 0 export --store anchors AAA $at; [ "$(wc -l <out)" = 10 ] || fail "$step"; done
run 4 export --store anchors AAA 3d@2017-08-18
run 0 check --store anchors AAA 3d@2017-08-17
ok "anchors"

# an interval that is not that of the rows
hours $t 40 86400 >daily.csv
run 3 import daily.csv --store refused --symbol AAA --interval 1M; says '(interval)'
run 3 import daily.csv --store refused --symbol AAA --interval 1h; says '(interval)'
hours $t 40 420 >seven.csv; run 3 import seven.csv --store refused --symbol AAA --interval 5m; says '(interval)'
hours $((t + 60)) 40 >shifted.csv; run 0 import shifted.csv --store unaligned --symbol AAA --interval 1h; says '40 unaligned'
hours $t 2000 | awk 'BEGIN { srand(4) } { print rand() "\t" $0 }' | sort | cut -f2- >mixed.csv; run 0 import mixed.csv --store shuffled --symbol AAA --interval 1h
ok "intervals that do not fit"

# one file that is missing, one without a good row, a long file that is refused late
run 4 import nothing.csv plain.csv --store batch --symbol AAA --interval 1h; says '10 new'
sed 's/2.25/0.25/' plain.csv >none.csv; run 3 import none.csv --store none --symbol AAA --interval 1h --on-bad skip; says '(empty)'
sed 's/1.5/x/' plain.csv >none.csv; run 3 import none.csv --store none --symbol AAA --interval 1h --on-bad skip; says '(empty)'
[ -z "$(ls none)" ] || fail "a refused file leaves $(ls none)"
hours $t 40000 60 | sed '39000s/2.25/x/' >late.csv; run 3 import late.csv --store late --symbol AAA --interval 1m; says ':39000:3: '
[ -z "$(ls -A late)" ] || fail "a file refused late leaves $(ls -A late)"
ok "missing, empty and refused files"

# output files
echo keep >kept; run 4 eval nothing.csv close -o kept; [ "$(cat kept)" = keep ] || fail "$step: the output was emptied"
run 3 resample none.csv --interval 1h --to 1d -o kept; [ "$(cat kept)" = keep ] || fail "$step: the output was emptied"
run 4 export --store canon NOPE 1h -o kept; [ "$(cat kept)" = keep ] || fail "$step: the output was emptied"
cp plain.csv same.csv; run 2 resample same.csv --to 2h -o same.csv; cmp -s same.csv plain.csv || fail "$step: the source was emptied"
run 4 export --store canon BTCUSDT 1h -o nowhere/file; says nowhere/file
run 0 export --store canon BTCUSDT 1h -o kept; [ "$(wc -l <kept)" = 11 ] || fail "$step"
ok "output files"

# ranges and other words
for verb in "export --store canon BTCUSDT 1h --from 2024-02-01 --to 2024-01-01" "eval plain.csv close --from 2024-02-01 --to 2024-01-01" \
    "resample plain.csv --to 2h --from 2024-02-01 --until 2024-01-01" "check plain.csv --outlier nan" "check plain.csv --outlier -1" \
    "check plain.csv --utc-offset 1440" "import plain.csv --store x --utc-offset 1440" "eval plain.csv close close" "eval plain.csv sma(3) sma(3)" \
    "eval plain.csv macd(3,5,2) macd(3,5,2).hist"; do
    # shellcheck disable=SC2086
    run 2 $verb
done
[ ! -e x ] || fail "a wrong command line made a store"
run 0 eval plain.csv 'ema(3)' 'sma(3)'; cp out all
run 0 eval plain.csv 'ema(3)' 'sma(3)' --from $((t + 7 * 3600)); { head -n 1 all; tail -n 3 all; } | cmp -s - out || fail "$step: values depend on --from"
run 0 eval --store canon BTCUSDT 1h 'ema(3)' 'sma(3)' --from $((t + 7 * 3600)) --to $((t + 9 * 3600)); { head -n 1 all; tail -n 3 all | head -n 2; } | cmp -s - out || fail "$step"
ok "ranges and words"

# trades that come twice in a file; ids of gaps; times finer than they are printed
trades() { awk -v t=$t 'BEGIN { for (i = 0; i < 20; i++) printf "%d,1.5,0.1,0.15,%d000,true\n", i + 1, t + i }'; }
trades >AAAUSDT-trades-x.csv; trades | sed 5p >AAAUSDT-trades-twice.csv; trades | sed '5h;5d;6G' >AAAUSDT-trades-back.csv
run 0 resample AAAUSDT-trades-x.csv --to 1m; cp out once
run 0 resample AAAUSDT-trades-twice.csv --to 1m; cmp -s out once || fail "$step: counted twice"
run 3 resample AAAUSDT-trades-back.csv --to 1m; says 'import them'
trades | sed '8,9d' >AAAUSDT-trades-gap.csv; run 1 check --gaps AAAUSDT-trades-gap.csv; grep -q ',8,10,2$' out || fail "$step: $(cat out)"
printf '1,1.5,0.1,0.15,1704067200000123,true\n2,1.5,0.1,0.15,1704067201000123,true\n' >BBBUSDT-trades-us.csv
run 0 import BBBUSDT-trades-us.csv --store fine
run 3 export --store fine BBBUSDT trades --epoch ms; says 'epoch us'; run 3 export --store fine BBBUSDT trades --epoch s; run 0 export --store fine BBBUSDT trades --epoch us
ok "trades"

# archives: their members name what they do not
if command -v zip >/dev/null 2>&1; then
    mkdir -p z/__MACOSX; hours $t 5 >z/ETHUSDT-1h-2024-01.csv; hours $((t + 18000)) 5 >z/ETHUSDT-1h-2024-02.csv; hours $t 5 >z/XRPUSDT-1h-2024-01.csv
    hours $t 300 60 >z/ETHUSDT-1m-2024-01.csv
    echo 'abc  x' >z/ETHUSDT-1h-2024-01.csv.CHECKSUM; echo junk >z/__MACOSX/._x.csv
    (cd z && zip -qr ../download.zip __MACOSX ETHUSDT-1h-2024-01.csv.CHECKSUM ETHUSDT-1h-2024-01.csv ETHUSDT-1h-2024-02.csv &&
        zip -q ../two.zip ETHUSDT-1h-2024-01.csv XRPUSDT-1h-2024-01.csv && zip -q ../XRPUSDT-1h.zip ETHUSDT-1h-2024-01.csv &&
        zip -q ../mix.zip ETHUSDT-1h-2024-01.csv ETHUSDT-1m-2024-01.csv)
    run 0 import download.zip --store zip; [ "$(series zip)" = ',,ETHUSDT,1h,10 ' ] || fail "$step: $(series zip)"
    run 0 check download.zip; grep -q '^download.zip,,,ETHUSDT,1h,klines,ok' out || fail "$step: $(cat out)"
    run 0 resample download.zip --to 2h
    run 3 import two.zip --store zips; says 'XRPUSDT.*(symbol)'
    run 3 import two.zip --store zips --symbol ETHUSDT; says '(symbol)'
    run 3 import XRPUSDT-1h.zip --store zips; says 'ETHUSDT.*(symbol)'
    run 3 import mix.zip --store zips; says '(interval)'
    run 3 check two.zip; says '(symbol)'
    [ -z "$(ls -A zips)" ] || fail "refused archives leave $(ls -A zips)"
    run 0 import XRPUSDT-1h.zip --store zips --symbol ETHUSDT
    ok "archives"
else echo "SKIPPED: archives: there is no zip"; fi

# damage: told once for each range, the rows behind it are printed
awk 'BEGIN { for (i = 0; i < 40000; i++) printf "%d,1.5,2.25,0.5,1.%02d,%d\n", 1704067200 + 60 * i, i % 100, i % 977 + 1 }' >rows-1m.csv
run 0 import rows-1m.csv --store damage --symbol AAA
run 0 export --store damage AAA 1m; cp out whole
file=$(ls damage/*.kls); size=$(wc -c <"$file")
printf 'ZZZZZZZZ' | dd of="$file" bs=1 seek=$((size / 3)) conv=notrunc 2>/dev/null
run 3 export --store damage AAA 1m; says '(corrupt)'
[ "$(grep -c '(corrupt)' err)" = 1 ] || fail "$step: $(cat err)"
rows=$(wc -l <out); [ "$rows" -gt 20000 ] && [ "$rows" -lt 40001 ] || fail "$step: $rows lines"
[ "$(tail -n 1 out)" = "$(tail -n 1 whole)" ] || fail "$step: what lies behind the damage is missing"
run 3 eval --store damage AAA 1m close; [ "$(wc -l <out)" = "$rows" ] || fail "$step: $(wc -l <out) lines"; says '(corrupt)'
run 3 resample --store damage AAA 1m --to 1h; [ "$(wc -l <out)" -gt 500 ] || fail "$step: $(wc -l <out) lines"; says '(corrupt)'
run 3 check --store damage; grep -q ",AAA,1m,klines,corrupt,.*,$((rows - 1)),$((rows - 1))," out || fail "$step: $(cat out)"
ok "damage"
run 0 import rows-1m.csv --store damage --symbol AAA; run 0 export --store damage AAA 1m
cmp -s out whole || fail "$step: the same file does not heal the series"
run 0 ls --store damage; run 0 check --store damage AAA 1m --outlier 1
ok "healed by the same file"
finish
