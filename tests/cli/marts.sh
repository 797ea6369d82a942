#!/bin/sh
# A mart that is run after every day's import, and prints only what is new or changed, equals one run over everything, byte for
# byte: with a symbol that comes late, a day that comes late, corrections of the past, and runs that are repeated or killed.
# marts.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
marts='returns volume movers correlations'

"$kline" gen --format kline-csv --symbols 3 --seed 11 --from 2024-01-01 --to 2024-01-15 --interval 1h --out files --every day \
    --defects gaps --rate 0.02 2>err || fail "gen: $(cat err)"
late=AACUSDT; hole=AABUSDT-1h-2024-01-05
[ -f files/$hole.csv ] && [ -f files/$late-1h-2024-01-01.csv ] || fail "gen: $(ls files | head -3)"
# a later version of a day, all of its closes one cent higher
mkdir corrected
awk -F, -v OFS=, 'NR > 1 || $1 + 0 { $5 = sprintf("%.8f", $5 * 1.0001); if ($5 > $3) $3 = $5 } { print }' files/AAAUSDT-1h-2024-01-03.csv >corrected/AAAUSDT-1h-2024-01-03.csv
import() { "$kline" import --store "$@" 2>err >/dev/null || fail "import $*: $(cat err)"; }

# upsert FILE: puts the rows of standard input into FILE by their key, sorted
upsert() {
    touch "$1"
    awk -F, -v old="$1" '
        function key() { k = ""; for (i = 1; i <= n; i++) if (name[i] ~ /^(symbol|base|related|open_time)$/) k = k "," $i; return k }
        BEGIN { while ((getline line <old) > 0) { $0 = line; if (!n) { header = line; n = split(line, name, ",") } else row[key()] = line } close(old) }
        FNR == 1 { if (!n) { header = $0; n = split($0, name, ",") } else if ($0 != header) { print "another header: " $0; exit } next }
        { row[key()] = $0 }
        END { print header; for (k in row) print row[k] | "sort" }' >"$1.new" && mv "$1.new" "$1"
}
whole() { # STORE MART OPTIONS...
    store=$1; shift
    "$kline" marts "$@" --store "$store" >out 2>err || fail "marts $*: $(cat err)"
    head -n 1 out; tail -n +2 out | sort
}
# after NAME: the marts of the daily store so far equal those of one run over the same store
after() {
    for options in '' '--compat'; do
        for mart in $marts ${options:-market}; do
            [ "$mart" = --compat ] && continue # the market was never published
            "$kline" marts "$mart" --store daily $options --incremental >part 2>err || fail "$1: $mart $options: $(cat err)"
            upsert "daily-$mart$options" <part
            whole daily "$mart" $options | cmp - "daily-$mart$options" || fail "$1: $mart $options: daily runs and one run differ"
        done
    done
}

day=1
while [ $day -le 14 ]; do
    date=2024-01-$(printf '%02d' $day)
    for file in files/*-"$date".csv; do
        case $file in */$late-*) [ $day -gt 8 ] || continue ;; */$hole.csv) continue ;; esac
        import daily "$file"
    done
    case $day in
    8) for file in files/$late-*-0[1-8].csv; do import daily "$file"; done ;;
    10) import daily files/$hole.csv ;;
    12) import daily corrected/*.csv --authority 1 ;;
    esac
    case ${KLINE_QUICK:+$((day % 4))} in ''|0|2) after "day $day" ;; esac
    day=$((day + 1))
done
after "the end"
[ "$(wc -l <daily-returns)" -gt 900 ] || fail "only $(wc -l <daily-returns) rows"
ok "daily runs equal one run: late symbol, late day, corrections"

import once files/*.csv
import once corrected/*.csv --authority 1
for mart in $marts; do whole once "$mart" | cmp - "daily-$mart" || fail "$mart: imported at once, another mart"; done
ok "the order of imports does not matter"

for mart in $marts; do
    "$kline" marts $mart --store daily --incremental >part 2>err || fail "again: $(cat err)"
    [ "$(wc -l <part)" = 1 ] || fail "$mart: a run with nothing new gives $(wc -l <part) lines"
done
ok "nothing new, nothing printed"

state=daily/mart-returns-1h.state
[ -f $state ] || fail "no state file"
head -c 100 $state >cut && cp cut $state
"$kline" marts returns --store daily --incremental >part 2>err || fail "a cut state: exit $?"
grep -q 'corrupt' err || fail "a cut state is not told: $(cat err)"
{ head -n 1 part; tail -n +2 part | sort; } | cmp - daily-returns || fail "after a cut state the mart is not whole"
"$kline" marts returns --store daily --incremental --rows 12 >part 2>err || fail "other rows: $(cat err)"
[ "$(wc -l <part)" -gt 900 ] || fail "another spec goes on from the state of the first"
ok "a state that is cut or of another mart is made anew"

# a new symbol together with another way of asking: all rows, not only those of the new one
mkdir few; "$kline" import files/AA[AB]USDT-*.csv --store few 2>err >/dev/null || fail "few: $(cat err)"
"$kline" marts returns --store few --state st >/dev/null 2>err || fail "few: $(cat err)"
import few files/$late-*.csv
"$kline" marts returns --store few --state st --rows 12 >out 2>err || fail "another way: $(cat err)"
grep -q 'in another way' err || fail "another way is not told: $(cat err)"
{ head -n 1 out; tail -n +2 out | sort; } >part; whole few returns --rows 12 | cmp - part || fail "a new symbol and other rows: not all is given"
"$kline" marts volume --store few --state st >out 2>err || fail "another mart: $(cat err)"
{ head -n 1 out; tail -n +2 out | sort; } >part; whole few volume | cmp - part || fail "the state of another mart: not all is given"
ok "another mart, other options, more symbols at once"

echo hello >own.csv; cp own.csv own.kept
"$kline" marts returns --store few --state own.csv >out 2>err && fail "a file of somebody's own is taken as state"
cmp own.csv own.kept || fail "a file of somebody's own is overwritten"
ok "other files are left alone"

# a damaged range would go into all that follows: nothing is given till it is mended
rm -f st; "$kline" marts movers --store few --state st >whole.csv 2>err || fail "movers: $(cat err)"
cp -r few broken; cp st st.kept
series=$(ls broken/*AAAUSDT*.kls | head -n 1)
size=$(wc -c <"$series"); printf 'damage damage damage' | dd of="$series" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
"$kline" marts movers --store broken --state st >out 2>err; code=$?
[ $code = 3 ] && [ ! -s out ] || fail "damaged: exit $code, $(wc -l <out) lines"
cmp st st.kept || fail "damaged: the state went on"
"$kline" marts movers --store few --state st >out 2>err && [ "$(wc -l <out)" = 1 ] || fail "mended: $(wc -l <out) lines"
ok "a damaged store stops incremental runs"

# a symbol that is gone is told
mkdir fewer; "$kline" import files/AA[AC]USDT-*.csv --store fewer 2>err >/dev/null
"$kline" marts movers --store fewer --state st >out 2>err || fail "gone: $(cat err)"
grep -q 'AABUSDT is gone' err || fail "a symbol that is gone is not told: $(cat err)"
{ head -n 1 out; tail -n +2 out | sort; } >part; whole fewer movers | cmp - part || fail "a symbol is gone: not all is given"
ok "a symbol that is gone"

for words in '' 'nothing --store daily' 'returns' 'returns --store daily --interval 3m' 'returns --store daily XXXUSDT' \
    'returns --store daily --limits bad=1' 'returns --store daily --limits spike=x' 'returns --store daily --rows 1' \
    'invest --store daily AAAUSDT' 'invest --store daily --amount 10' 'returns --store daily --amount 5' 'invest AAAUSDT --store daily --amount -1' \
    'movers --store daily --ratio x' 'returns --store daily --incremental --from 2024-01-02' 'correlations --store daily AAAUSDT'; do
    # shellcheck disable=SC2086
    if "$kline" marts $words >out 2>err; then fail "accepted: marts $words"; fi
    [ -s err ] || fail "no word about: marts $words"
done
"$kline" marts movers --store daily --json | head -n 1 | grep -q '^{"' || fail "no JSON"
"$kline" marts returns --store daily aab_usdt --from 2024-01-02 --to 2024-01-03 --epoch us >out || fail "symbol and range"
[ "$(wc -l <out)" -gt 20 ] && ! grep -q AAAUSDT out || fail "symbol and range: $(wc -l <out) lines"
"$kline" marts invest AAAUSDT --store daily --amount 1000 --from 2024-01-02 >out 2>err || fail "invest: $(cat err)"
awk -F, 'NR == 2 { first = $2; if ($3 != 1000 || $6 != 0) exit 1 } END { want = 1000 * $2 / first; if ($3 - want > 1e-6 || want - $3 > 1e-6) exit 1 }' out ||
    fail "invest: $(sed -n 2p out) ... $(tail -n 1 out)"
grep -q '1000.00 USDT' err || fail "invest: no sentence: $(cat err)"
ok "words"
finish
