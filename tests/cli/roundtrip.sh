#!/bin/sh
# export -> import -> export is byte-identical, candles and trades; names give symbol and interval; the verbs agree.
# roundtrip.sh KLINE
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$tmp" || exit 1

# decimals without the zeros at their end: 1.50,2.00 -> 1.5,2
plain() { awk -F, -v OFS=, '{ for (i = 1; i <= NF; i++) if ($i ~ /^-?[0-9]+\.[0-9]+$/) { sub(/0+$/, "", $i); sub(/\.$/, "", $i) } print }' "$1"; }
# same STORE SYMBOL INTERVAL: through a file and a second store, in every time format and in JSON
same() {
    "$kline" export --store "$1" "$2" "$3" >one || fail "export $2 $3"
    [ "$(wc -l <one)" -gt 1 ] || fail "export $2 $3 is empty"
    for epoch in iso us ms; do
        rm -rf again
        "$kline" export --store "$1" "$2" "$3" --epoch $epoch >again.csv
        interval=$3; [ "$3" = trades ] || interval="--interval $3"
        [ "$3" = trades ] && interval=
        # shellcheck disable=SC2086
        "$kline" import again.csv --store again --symbol "$2" $interval 2>err || fail "import of the export of $2 $3: $(cat err)"
        "$kline" export --store again "$2" "$3" >two
        cmp one two || { fail "export -> import -> export of $2 $3, --epoch $epoch"; diff one two | head -n 4; }
    done
}

cp "$here/candles.csv" BTCUSDT-1h-2024-01.csv
"$kline" import BTCUSDT-1h-2024-01.csv --store s 2>err || fail "import: $(cat err)"
grep -q 'BTCUSDT 1h: 3 rows, 3 new, 0 same' err || fail "summary: $(cat err)"
"$kline" export --store s BTCUSDT 1h >got
cat >want <<'ROWS'
open_time,open,high,low,close,volume,close_time,quote_volume,trade_count,taker_buy_base,taker_buy_quote,flags
2024-01-01T00:00:00Z,100.00,110.00,90.00,105.00,10.000,2024-01-01T00:59:59.999999Z,1000.00000,50,5.000,500.00000,closed
2024-01-01T01:00:00Z,105.00,112.00,101.00,108.00,12.000,2024-01-01T01:59:59.999999Z,1290.00000,61,7.000,750.00000,closed
2024-01-01T02:00:00Z,108.00,109.00,95.00,97.00,31.000,2024-01-01T02:59:59.999999Z,3100.00000,99,9.000,900.00000,suspect
ROWS
cmp got want || { fail "export"; diff got want; }
same s BTCUSDT 1h
same s btc_usdt 1h
"$kline" ls --store s --json >got # the last bar may still change: not covered
grep -q '"rows":3,"first":"2024-01-01T00:00:00Z","last":"2024-01-01T02:00:00Z","gaps":0,"missing":0,"covered_from":"2024-01-01T00:00:00Z","covered_to":"2024-01-01T02:00:00Z","covered_ranges":1,"resume":"2024-01-01T02:00:00Z"' got || fail "ls: $(cat got)"
"$kline" export --store s BTCUSDT 1h --from 2024-01-01T01:00:00Z --to 1704074400 >got
sed -n '1p;3p' want | cmp - got || fail "export of a range: $(cat got)"
cat >trades.csv <<'ROWS'
id,first_id,last_id,time,price,quantity,buyer_maker
7,7,7,2024-01-01T00:00:01.500Z,100.50,0.1,true
8,11,12,2024-01-01T00:00:01.500Z,100.55,2.0,false
9,13,13,2024-01-01T00:00:02Z,100.50,0.3,
ROWS
"$kline" import trades.csv --store s --symbol BTCUSDT 2>err || fail "trades: $(cat err)"
"$kline" export --store s BTCUSDT trades | cmp - trades.csv || { fail "export of trades"; "$kline" export --store s BTCUSDT trades; }
same s BTCUSDT trades
ok "export -> import -> export of three candles"

# standard input, gzip, zip, folders, all into the same series
gzip -c BTCUSDT-1h-2024-01.csv >packed.gz
"$kline" import packed.gz --store s --symbol BTCUSDT --interval 1h 2>err || fail "gzip: $(cat err)"
grep -q '0 new, 3 same' err || fail "gzip: $(cat err)"
"$kline" import - --store s --symbol BTCUSDT <BTCUSDT-1h-2024-01.csv 2>err || fail "standard input: $(cat err)"
grep -q '0 new, 3 same' err || fail "standard input: $(cat err)"
mkdir -p BTCUSDT/1h && cp BTCUSDT-1h-2024-01.csv BTCUSDT/1h/2024-01-01.csv
"$kline" import BTCUSDT/1h/2024-01-01.csv --store s 2>err || fail "folders: $(cat err)"
grep -q 'BTCUSDT 1h: 3 rows, 0 new, 3 same' err || fail "folders: $(cat err)"
if command -v zip >/dev/null 2>&1; then
    zip -q BTCUSDT-1h.zip BTCUSDT-1h-2024-01.csv && "$kline" import BTCUSDT-1h.zip --store s 2>err || fail "zip: $(cat err)"
    grep -q '0 new, 3 same' err || fail "zip: $(cat err)"
else
    echo "SKIPPED: zip (no zip)"
fi
"$kline" export --store s BTCUSDT 1h | cmp - want || fail "the same file again changed the store"
ok "one file in five wrappings"

# a forming or suspect bar is replaced by the closed one, and never the other way round
"$kline" import BTCUSDT-1h-2024-01.csv --store s --as-of 2024-01-02 2>err || fail "as-of: $(cat err)"
grep -q ' 0 new' err || fail "as-of: $(cat err)"
"$kline" export --store s BTCUSDT 1h | tail -n 1 | grep -q ',closed$' || fail "as-of does not close the bar"
"$kline" import BTCUSDT-1h-2024-01.csv --store s 2>err
"$kline" export --store s BTCUSDT 1h | tail -n 1 | grep -q ',closed$' || fail "a suspect bar replaced a closed one"
ok "suspect, then closed"

"$kline" gen --format aggtrade-csv --symbols 1 --seed 3 --from 2024-01-01 --to 2024-01-03 --trades-per-minute 20 -o AAAUSDT-aggTrades-x.csv 2>/dev/null || fail "gen trades"
"$kline" gen --format kline-csv --symbols 1 --seed 3 --from 2024-01-01 --to 2024-01-03 --trades-per-minute 20 -o AAAUSDT-1m-x.csv 2>/dev/null || fail "gen klines"
"$kline" import AAAUSDT-aggTrades-x.csv AAAUSDT-1m-x.csv --store g 2>err || fail "import of generated files: $(cat err)"
same g AAAUSDT 1m
same g AAAUSDT trades
ok "export -> import -> export of generated candles and trades"

# a file and the store it went into are the same source
for to in 5m 1h 1d; do
    "$kline" resample AAAUSDT-1m-x.csv --to $to >one || fail "resample file"
    "$kline" resample --store g AAAUSDT 1m --to $to >two || fail "resample store"
    cmp one two || fail "resample to $to: file and store differ"
done
"$kline" resample AAAUSDT-1m-x.csv --to 5m --from 2024-01-01T07:00Z --until 2024-01-02 >one || fail "resample a range of a file"
"$kline" resample --store g AAAUSDT 1m --to 5m --from 2024-01-01T07:00Z --until 2024-01-02 >two || fail "resample a range of a store"
cmp one two || fail "resample of a range: file and store differ"
[ "$(wc -l <one)" = 205 ] || fail "resample of a range: $(wc -l <one) lines"
"$kline" resample AAAUSDT-1m-x.csv --to 1h >hours.csv
"$kline" resample hours.csv --interval 1h --to 1d | cut -d, -f1-11 >one
"$kline" resample AAAUSDT-1m-x.csv --to 1d | cut -d, -f1-11 | cmp - one || fail "1m -> 1h -> 1d is not 1m -> 1d"
"$kline" resample AAAUSDT-aggTrades-x.csv --to 1m | cut -d, -f1-6,8-11 >one
"$kline" export --store g AAAUSDT 1m | awk -F, 'NR == 1 || $9 > 0' | cut -d, -f1-6,8-11 >two
plain one >three; plain two | cmp - three || { fail "trades -> 1m are not the exchange's candles"; diff one two | head -n 4; }
"$kline" resample AAAUSDT-1m-x.csv --to 3d 2>err && fail "3d without a day to start on"
grep -q '(anchor)' err || fail "3d: $(cat err)"
"$kline" resample AAAUSDT-1m-x.csv --to 3d@2024-01-01 >one || fail "3d@2024-01-01"
"$kline" resample --store g AAAUSDT 1m --to 3d | cmp - one || fail "3d of a stored series"
[ "$(sed -n 2p one | cut -c1-20)" = 2024-01-01T00:00:00Z ] || fail "3d: $(sed -n 2p one)"
ok "resample: file = store, in steps = at once, trades = candles"

"$kline" eval AAAUSDT-1m-x.csv close 'rsi(14)' 'sma(close, n=3)' >one || fail "eval file"
"$kline" eval --store g AAAUSDT 1m close 'rsi(14)' 'sma(close, n=3)' >two || fail "eval store"
cmp one two || fail "eval: file and store differ"
[ "$(head -n 1 one)" = 'open_time,close,rsi(14),"sma(close, n=3)"' ] || fail "eval header: $(head -n 1 one)"
sed -n 2p one | grep -q ',,$' || fail "eval: a value before the lookback: $(sed -n 2p one)"
"$kline" eval AAAUSDT-1m-x.csv 'rsi(14)' --json | sed -n 1p | grep -q '"rsi(14)":null' || fail "eval --json: $("$kline" eval AAAUSDT-1m-x.csv 'rsi(14)' --json | sed -n 1p)"
ok "eval: file = store, header, unknown values"

"$kline" eval AAAUSDT-1m-x.csv close 'ema(rsi(close, 14), 9)' "sma(close@'15m', 3)" 'bbands()' --summary >one || fail "eval --summary"
"$kline" eval --store g AAAUSDT 1m close 'ema(rsi(close, 14), 9)' "sma(close@'15m', 3)" 'bbands()' --summary >two || fail "eval --summary of a store"
cmp one two || fail "eval --summary: file and store differ"
[ "$(wc -l <one)" = 7 ] || fail "eval --summary: $(wc -l <one) lines"
"$kline" eval AAAUSDT-1m-x.csv "sma(close@'15m', 3)" | tail -n 1 | cut -d, -f2- >last || fail "eval of a coarser interval"
[ "$(grep "15m" one | rev | cut -d, -f2 | rev)" = "$(cat last)" ] || fail "eval --summary: the last value is not that of the table"
# a coarser bar that the start cuts off is not known, and what is computed of coarser bars begins with the next one
sed '1,3d' AAAUSDT-1m-x.csv >AAAUSDT-1m-cut.csv
"$kline" eval AAAUSDT-1m-cut.csv "known(close@'15m')" "known(sma(close@'15m', 2))" "time@'15m' - time" --epoch s | tail -n +2 >cut || fail "eval of a cut history"
first=$(sed -n 1p cut | cut -d, -f1); whole=$(((first + 899) / 900 * 900))
[ $whole != "$first" ] || fail "eval of a cut history: nothing is cut"
[ "$(grep -n ',1,' cut | sed -n 1p | cut -d: -f1)" = $(((whole - first) / 60 + 15)) ] || fail "a bar that is cut off is known: $(grep ',1,' cut | sed -n 1p)"
[ "$(grep -n ',1,1,' cut | sed -n 1p | cut -d: -f1)" = $(((whole - first) / 60 + 30)) ] || fail "an average of a bar that is cut off: $(grep ',1,1,' cut | sed -n 1p)"
"$kline" resample AAAUSDT-1m-cut.csv --to 15m >/dev/null || fail "resample of a cut history"
ok "eval: summaries, coarser bars"
finish
