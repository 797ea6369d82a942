#!/bin/sh
# Tick, volume, dollar, Renko and range bars: file = store, sums are those of the trades, keys rise, what is refused.
# bars.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
run() { # CODE ARGS...
    want=$1; shift
    "$kline" "$@" >out 2>err; code=$?
    [ $code = "$want" ] || fail "kline $*: exit $code instead of $want: $(cat err)"
}
"$kline" gen --format trade-csv --symbol 0 --seed 3 --from 2024-01-01 --to 2024-01-02 --trades-per-minute 8 -o AAAUSDT-trades-x.csv 2>/dev/null || fail gen
run 0 import AAAUSDT-trades-x.csv --store s
# decimals as integers: awk adds doubles, which hold these exactly
sums() { tail -n +2 out | awk -F, '{ sub(/\./, "", $6); v += $6; n += $9 } END { printf "%.0f %.0f\n", v, n }'; }
total=$(awk -F, '{ sub(/\./, "", $3); v += $3; n++ } END { printf "%.0f %.0f", v, n }' AAAUSDT-trades-x.csv)
for to in ticks:1 ticks:1000 volume:2.5 dollar:1e5 renko:50 renko:0.01 range:100; do
    run 0 resample AAAUSDT-trades-x.csv --to $to; cp out one
    [ "$(sums)" = "$total" ] || fail "$to: sums $(sums) instead of $total"
    run 0 resample --store s AAAUSDT trades --to $to; cmp -s out one || fail "$to: file and store differ"
    run 0 resample AAAUSDT-trades-x.csv --to $to --epoch us
    tail -n +2 out | awk -F, 'NR > 1 && $1 <= last { exit 1 } { last = $1 } $7 < $1 { exit 1 } END { if (NR < 10) exit 1 }' || fail "$to: open times"
    [ "$(tail -n +2 one | sed '$d' | grep -vc ',closed$')" = 0 ] || fail "$to: bars before the last are not closed"
done
ok "sums, keys, file = store"

for to in volume:2.5 dollar:1e5; do # split: all but the last have their size
    run 0 resample AAAUSDT-trades-x.csv --to $to --split
    [ "$(sums | cut -d' ' -f1)" = "${total% *}" ] || fail "$to --split: sums $(sums) instead of $total"
    cp out split
done
run 0 resample AAAUSDT-trades-x.csv --to volume:2.5 --split
[ "$(tail -n +2 out | sed '$d' | cut -d, -f6 | sort -u)" = 2.50000000 ] || fail "volume:2.5 --split: $(tail -n +2 out | cut -d, -f6 | sort -u | head -n 3)"
run 0 resample AAAUSDT-trades-x.csv --to renko:50 --wicks; cp out wicks
run 0 resample AAAUSDT-trades-x.csv --to renko:50
cut -d, -f1,2,5-11 wicks | sed '$d' >one; cut -d, -f1,2,5-11 out | sed '$d' | cmp -s - one || fail "wicks change more than high and low"
tail -n +2 out | sed '$d' | awk -F, '{ d = $5 - $2; if (d != 50 && d != -50) exit 1; if ($2 / 50 != int($2 / 50)) exit 1; if (NR > 1 && $2 != (d == last ? to : from)) exit 1; last = d; from = $2; to = $5 }' ||
    fail "bricks of 50 do not join"
run 0 resample AAAUSDT-trades-x.csv --to renko:50 --from-first-price
[ "$(sed -n 2p out | cut -d, -f2)" = "$(head -n 1 AAAUSDT-trades-x.csv | cut -d, -f2)" ] || fail "from-first-price: $(sed -n 2p out)"
ok "split trades, bricks"

run 0 resample AAAUSDT-trades-x.csv --to 1m; cp out AAAUSDT-1m-x.csv
for to in ticks:100 volume:2.5 dollar:1e5 renko:50 range:100; do
    run 0 resample AAAUSDT-1m-x.csv --to $to
    [ "$(sums)" = "$total" ] || fail "candles to $to: sums $(sums) instead of $total"
    [ "$(wc -l <out)" -gt 5 ] || fail "candles to $to: $(wc -l <out) lines"
done
ok "of candles"

for to in ticks:0 ticks:1.5 volume: volume:-1 volume:x dollar:nan renko:1e-30 brick:5 ticks trades; do run 2 resample AAAUSDT-1m-x.csv --to $to; done
run 2 resample AAAUSDT-1m-x.csv --to ticks:5 --split; run 2 resample AAAUSDT-1m-x.csv --to 1h --wicks; run 2 resample AAAUSDT-1m-x.csv --to volume:5 --from-first-price
"$kline" resample AAAUSDT-1m-x.csv --to volume:5 --split 2>err && fail "candles are split"
grep -q 'never split' err || fail "split candles: $(cat err)"
printf 'time,price,quantity\n1704067200,1,1\n1704067201,9000000,1\n' >AAAUSDT-trades-wild.csv
run 3 resample AAAUSDT-trades-wild.csv --to renko:1; grep -q '(overflow)' err || fail "a jump of 9 million bricks: $(cat err)"
printf 'id,price,qty,quoteQty,time,maker\n1,5,1,5,1704067203,true\n2,5,1,5,1704067202,true\n3,5,1,5,1704067204,true\n' >AAAUSDT-trades-back.csv
run 3 resample AAAUSDT-trades-back.csv --to ticks:2; run 0 import AAAUSDT-trades-back.csv --store back # its ids vouch for the order
run 0 resample --store back AAAUSDT trades --to ticks:2; [ "$(cut -d, -f1,7 out | sed -n 2p)" = 2024-01-01T00:00:03Z,2024-01-01T00:00:03Z ] || fail "times that step back: $(cat out)"
printf 'time,price,quantity\n' >AAAUSDT-trades-none.csv
"$kline" resample AAAUSDT-trades-none.csv --to ticks:5 >out 2>err
ok "what is refused"

for to in ticks:7 volume:2.5 dollar:1e5 renko:50 renko:0.5 range:100; do # and back: bars that have no interval
    run 0 resample AAAUSDT-trades-x.csv --to $to --epoch us; cp out b.csv
    run 0 eval b.csv close volume --epoch us
    tail -n +2 b.csv | awk -F, '{ printf "%d %.8f %.8f\n", $1, $5, $6 }' >one
    tail -n +2 out | awk -F, '{ printf "%d %.8f %.8f\n", $1, $2, $3 }' | cmp -s - one || fail "$to: eval of bars"
    run 0 eval b.csv 'rsi(14)' --summary; cp out one
    "$kline" eval - 'rsi(14)' --summary <b.csv >out 2>err || fail "$to: eval of a pipe: $(cat err)"; cmp -s out one || fail "$to: pipe and file differ"
    run 0 eval b.csv 'rsi(14)' --summary --interval none; cmp -s out one || fail "$to: --interval none"
    run 0 resample b.csv --to ticks:1000
done
run 3 eval b.csv "sma(close@'1h', 3)"; grep -q 'these bars have no interval' err || fail "@ of bars: $(cat err)"
run 3 resample b.csv --to 1h; grep -q 'these bars have no interval' err || fail "resample of bars: $(cat err)"
run 2 import b.csv --store s --interval none; grep -q 'only for eval and resample' err || fail "import of bars: $(cat err)"
run 2 eval --store s AAAUSDT none close
ok "round trip"
finish
