#!/bin/sh
# kline eval with other symbols of a store, and over many side by side.   panel.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
run() {
    want=$1; shift; step="kline $*"
    "$kline" "$@" >out 2>err </dev/null; code=$?
    [ $code = "$want" ] || fail "$step: exit $code instead of $want: $(head -n 2 err)"
}
says() { grep -q -- "$1" err || fail "$step: not '$1' but: $(head -n 2 err)"; }
is() { [ "$(cat out)" = "$1" ] || fail "$step: $(cat out)"; }
# bars FROM N CLOSE RISE [WITHOUT]: minutes; bar WITHOUT is missing
bars() {
    awk -v from="$1" -v n="$2" -v c="$3" -v d="$4" -v out="${5:--1}" \
        'BEGIN { for (i = 0; i < n; i++) { x = c + d * i; if (i != out) printf "%d,%g,%g,%g,%g,%d\n", from + 60 * i, x, x + 1, x - 1, x, i + 1 } }'
}
t=1704067200
bars $t 6 10 1 >a.csv; bars $((t + 120)) 4 40 2 1 >b.csv; bars $((t - 7200)) 126 100 1 >c.csv
for s in a b c; do run 0 import $s.csv --store st --symbol "${s}usdt" --interval 1m; done

run 0 eval --store st AUSDT 1m close "'BUSDT':close" "close + 'CUSDT':close[1]" --epoch s
is "open_time,close,'BUSDT':close,close + 'CUSDT':close[1]
1704067200,10,,
1704067260,11,,231
1704067320,12,40,233
1704067380,13,,235
1704067440,14,44,237
1704067500,15,46,239"
ok "other symbols"

# two hours of CUSDT were over before the first bar, a third is not over
run 0 eval --store st AUSDT 1m "'CUSDT':close@'1h'" "'CUSDT':close@'1h'[1]" "'CUSDT':sma(close, 2)@'2m'" --epoch s
is "open_time,'CUSDT':close@'1h','CUSDT':close@'1h'[1],\"'CUSDT':sma(close, 2)@'2m'\"
1704067200,219,159,218
1704067260,219,159,220
1704067320,219,159,220
1704067380,219,159,222
1704067440,219,159,222
1704067500,219,159,224"
# the plan's symbol named as another one is itself, coarser bars too
run 0 eval --store st CUSDT 1m "rsi(14) - 'cusdt':rsi(14)" "'CUSDT':sma(close@'5m', 3) - sma(close@'5m', 3)"
tail -n 1 out | grep -q ',0,0$' || fail "$step: $(tail -n 1 out)"
cut -d, -f2,3 out | tail -n +2 | sort -u | grep -v '^0\{0,1\},0\{0,1\}$' && fail "$step"
ok "coarser bars of other symbols"

run 0 eval --store st --symbols BUSDT,AUSDT 1m close 'panel_mean(close)' 'panel_rank(close)' "close - 'CUSDT':close" --epoch s --from $((t + 60))
is "symbol,open_time,close,panel_mean(close),panel_rank(close),close - 'CUSDT':close
AUSDT,1704067260,11,11,1,-210
BUSDT,1704067320,40,26,2,-182
AUSDT,1704067320,12,26,1,-210
AUSDT,1704067380,13,13,1,-210
BUSDT,1704067440,44,29,2,-180
AUSDT,1704067440,14,29,1,-210
BUSDT,1704067500,46,30.5,2,-179
AUSDT,1704067500,15,30.5,1,-210"
run 0 eval --store st --symbols ALL 1m 'ema(close, 3)' 'panel_count(close)' --epoch s
[ "$(wc -l <out)" = 136 ] || fail "$step: $(wc -l <out) lines"
grep ^CUSDT out | cut -d, -f2,3 >panel; run 0 eval --store st CUSDT 1m 'ema(close, 3)' --epoch s; tail -n +2 out | cmp -s - panel || fail "$step: not as in the panel"
run 0 eval --store st --symbols ALL 1m close --to $((t - 7200 + 60)) --json --epoch s; is '{"symbol":"CUSDT","open_time":1704060000,"close":100}'
ok "panels"

# many pieces: long series, long gaps
bars $t 9000 100 1 17 >d.csv; bars $((t + 60 * 5000)) 3000 5 1 >e.csv
for s in d e; do run 0 import $s.csv --store long --symbol $s --interval 1m; done
run 0 eval --store long D 1m "'E':close - close" "'E':sma(close, 3)@'5m'"
[ "$(cut -d, -f2 out | grep -c '^-5095$')" = 3000 ] || fail "$step: $(cut -d, -f2 out | sort | uniq -c | head -3)"
run 0 eval --store long --symbols ALL 1m 'panel_sum(close)' --epoch s
[ "$(wc -l <out)" = 12000 ] || fail "$step: $(wc -l <out) lines"
[ "$(sed -n '$p' out)" = "D,$((t + 60 * 8999)),9099" ] || fail "$step: $(tail -n 1 out)"
grep -q "^E,$((t + 60 * 7999)),11103\$" out || fail "$step: $(grep ^E out | tail -n 1)"
ok "pieces"

run 0 eval --store st --symbols BUSDT,AUSDT 1m 'ema(close, 3)' volume --summary; cp out both
[ "$(head -n 1 both)" = symbol,column,rows,known,last,hash ] || fail "$step: $(head -n 1 both)"
[ "$(wc -l <both)" = 5 ] || fail "$step: $(wc -l <both) lines"
for symbol in AUSDT BUSDT; do
    run 0 eval --store st $symbol 1m 'ema(close, 3)' volume --summary
    grep "^$symbol," both | cut -d, -f2- >part; tail -n +2 out | cmp -s - part || fail "$step: not as in the panel"
done
ok "summaries"

run 2 eval --store st --symbols ALL 1m "sma(close@'5m', 2)"; says 'no expression may have @'
run 2 eval --symbols ALL 1m close; says '--symbols are those of a store'
run 2 eval --store st --symbols ALL AUSDT 1m close; says 'no symbol stands before it'
run 2 eval --store st --symbols ALL 1m; says 'give an expression'
run 2 eval --store st --symbols A,A 1m; says 'give an expression'
run 2 eval a.csv --interval 1m "'BUSDT':close"; says 'a store may have both'
run 4 eval --store st AUSDT 1m "'NONE':close"; says 'no series NONE 1m'
run 4 eval --store st --symbols AUSDT,NONE 1m close; says 'no series NONE 1m'
run 4 eval --store st --symbols ALL 5m close; says 'no series of that interval'
run 2 eval --store st --symbols AUSDT,ausdt 1m close; says 'there twice'
run 3 eval --store st --symbols AUSDT,,BUSDT 1m close; says 'cannot be a symbol'
run 3 eval --store st --symbols '' 1m close; says 'cannot be a symbol'
run 3 eval --store st --symbols AUSDT, 1m close; says 'cannot be a symbol'
ok "what is refused"
finish
