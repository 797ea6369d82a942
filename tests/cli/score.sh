#!/bin/sh
# kline score: decisions bar by bar, of files and of a store, with coarser bars and other symbols; lint; errors.   score.sh KLINE
. "$(dirname "$0")/lib.sh"
examples=$(cd "$(dirname "$0")/../../examples/strategies" && pwd)
cd "$tmp" || exit 1
run() {
    want=$1; shift; step="kline $*"
    "$kline" "$@" >out 2>err </dev/null; code=$?
    [ $code = "$want" ] || fail "$step: exit $code instead of $want: $(head -n 2 err)"
}
says() { grep -q -- "$1" err || fail "$step: not '$1' but: $(head -n 2 err)"; }
is() { [ "$(cat out)" = "$1" ] || fail "$step: $(cat out)"; }
bars() { # FROM N STEP CLOSE RISE
    awk -v from="$1" -v n="$2" -v s="$3" -v c="$4" -v d="$5" \
        'BEGIN { for (i = 0; i < n; i++) { x = c + (i % 4 == 3 ? -3 * d : d * i); printf "%d,%g,%g,%g,%g,%d\n", from + s * i, x, x + 1, x - 1, x, i + 1 } }'
}
t=1704067200
bars $t 8 3600 10 1 >a.csv; bars $t 8 3600 50 -1 >b.csv
cat >s.toml <<'END'
[strategy]
interval = "1h"
[params]
n = { default = 2, min = 1, max = 9 }
[[metric]]
code = "UP"
side = "buy"
weight = 1.25
group = "trend"
when = "close > close[$n]"
[[metric]]
code = "DOWN"
side = "sell"
weight = 1
indicator = "close"
direction = "TREND_DOWN"
[decision]
buy.threshold = 1
sell.threshold = 1
END
run 0 score a.csv --interval 1h --strategy s.toml --epoch s
is "known_at,close,action,tradable,reason,buy,sell,edge,confidence,strength,trend_buy,trend_sell,fired,unknown
1704070800,10,SIDEWAY,0,UNKNOWN,0.000000,0.000000,0.000000,,,0.000000,0.000000,,UP DOWN
1704074400,11,SIDEWAY,0,UNKNOWN,0.000000,0.000000,0.000000,,,0.000000,0.000000,,UP
1704078000,12,BUY,1,,1.250000,0.000000,1.250000,1,WEAK,1.250000,0.000000,UP:1.25,
1704081600,7,SELL,1,,0.000000,1.000000,1.000000,1,WEAK,0.000000,0.000000,DOWN:1,
1704085200,14,BUY,1,,1.250000,0.000000,1.250000,1,WEAK,1.250000,0.000000,UP:1.25,
1704088800,15,BUY,1,,1.250000,0.000000,1.250000,1,WEAK,1.250000,0.000000,UP:1.25,
1704092400,16,BUY,1,,1.250000,0.000000,1.250000,1,WEAK,1.250000,0.000000,UP:1.25,
1704096000,7,SELL,1,,0.000000,1.000000,1.000000,1,WEAK,0.000000,0.000000,DOWN:1,"
run 0 score a.csv --interval 1h --strategy s.toml --epoch s --signals --from 1704081600 --set n=4
is "known_at,close,action,tradable,reason,buy,sell,edge,confidence,strength,trend_buy,trend_sell,fired,unknown
1704085200,14,BUY,1,,1.250000,0.000000,1.250000,1,WEAK,1.250000,0.000000,UP:1.25,
1704088800,15,BUY,1,,1.250000,0.000000,1.250000,1,WEAK,1.250000,0.000000,UP:1.25,
1704092400,16,BUY,1,,1.250000,0.000000,1.250000,1,WEAK,1.250000,0.000000,UP:1.25,
1704096000,7,SELL,1,,0.000000,1.000000,1.000000,1,WEAK,0.000000,0.000000,DOWN:1,"
cp out whole
run 0 import a.csv --store st --symbol AUSDT --interval 1h
run 0 import b.csv --store st --symbol BUSDT --interval 1h
run 0 score --store st AUSDT 1h --strategy s.toml --epoch s --signals --from 1704081600 --set n=4
cmp -s out whole || fail "$step: not as of the file"
run 0 score --store st AUSDT 1h --strategy s.toml --json --signals
[ "$(grep -c '"action":"BUY"' out)" = 4 ] || fail "$step: $(cat out)"
ok "scores of a file and of a store"

sed "s/close > close\[\$n\]/close@'2h' > 10 and 'BUSDT':close < 50 # \$n/; s/n = {.*//" s.toml >wide.toml
run 0 score --store st AUSDT 1h --strategy wide.toml --epoch s --signals
[ "$(grep -c BUY out)" -ge 3 ] || fail "$step: $(cat out)"
run 2 score a.csv --interval 1h --strategy wide.toml; [ "$(wc -l <out)" = 0 ] || fail "$step: prints"
ok "coarser bars and other symbols"

run 1 score --lint --strategy "$examples/btc-compatible.toml"
grep -q '^warning,band_point,buy' out || fail "$step: $(cat out)"
run 0 score --lint --strategy "$examples/btc-corrected.toml"
is "level,finding,side,metric,message"
ok "lint"

run 2 score a.csv --interval 1h; says 'give the strategy'
run 4 score a.csv --interval 1h --strategy none.toml; says 'none.toml'
sed 's/"1h"/"2h"/' s.toml >slow.toml
run 2 score a.csv --interval 1h --strategy slow.toml; says 'for bars of 2h, these are of 1h'
run 2 score a.csv --interval 1h --strategy s.toml --set m=1; says "no parameter 'm'"
run 2 score a.csv --interval 1h --strategy s.toml --set n=x; says 'is no number'
sed 's/close\[/closing[/' s.toml >bad.toml
run 2 score a.csv --interval 1h --strategy bad.toml; says 'bad.toml:10:17: '
printf '[strategy\n' >torn.toml
run 3 score a.csv --interval 1h --strategy torn.toml; says 'torn.toml:1:10: '
ok "errors"
finish
