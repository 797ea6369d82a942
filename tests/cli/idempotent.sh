#!/bin/sh
# Importing twice, in shuffled order, with overlapping files, or killed and repeated gives a byte-identical export.
# idempotent.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
rounds=${KLINE_LONG:+40}; rounds=${rounds:-${KLINE_QUICK:+2}}; rounds=${rounds:-8}

for seed in 1 2; do
    mkdir -p files$seed
    "$kline" gen --format kline-csv --symbols 2 --seed $seed --from 2024-01-25 --to 2024-02-05 --interval 1m --out files$seed --every day \
        --defects duplicates,disorder,corrections,gaps,forming --rate 0.01 --trades-per-minute 8 2>/dev/null || fail "gen"
done
"$kline" gen --format kline-csv --symbols 2 --symbol 0 --seed 1 --from 2024-01-27 --to 2024-02-01 --interval 1m -o files1/AAAUSDT-1m-overlap.csv \
    --trades-per-minute 8 2>/dev/null || fail "gen"
symbols=$(ls files1 | sed 's/-.*//' | sort -u)
exported() { for symbol in $symbols; do "$kline" export --store "$1" "$symbol" 1m || fail "export $1 $symbol"; done; }

"$kline" import files1/*.csv --store once 2>err || fail "import: $(grep '^kline' err)"
exported once >want
[ "$(wc -l <want)" -gt 20000 ] || fail "only $(wc -l <want) rows"
"$kline" import files1/*.csv --store once 2>err || fail "second import"
grep -v ' 0 new' err | grep -q . && fail "second import: $(grep -v ' 0 new' err | head -n 1)"
exported once | cmp - want || fail "imported twice: another export"
ok "imported twice"

for round in 1 2 3; do
    rm -rf shuffled
    ls files1/*.csv | awk -v seed=$round 'BEGIN { srand(seed) } { print rand(), $0 }' | sort -n | cut -d' ' -f2 | while read -r file; do
        "$kline" import "$file" --store shuffled 2>err || fail "shuffled: $(cat err)"
    done
    exported shuffled | cmp - want || fail "shuffled, round $round: another export"
done
ok "in shuffled order, files overlapping"

cat files1/AAAUSDT-1m-2024*.csv >stream.csv
"$kline" import - --store streamed --symbol AAAUSDT --interval 1m --rows-per-commit 1000 <stream.csv 2>err || fail "stream: $(cat err)"
"$kline" import - --store whole --symbol AAAUSDT --interval 1m <stream.csv 2>err || fail "stream: $(cat err)"
"$kline" export --store streamed AAAUSDT 1m >one; "$kline" export --store whole AAAUSDT 1m | cmp - one || fail "rows per commit change the export"
ok "commits every 1000 rows"

# killed at random moments, and repeated until it is through
round=0 kills=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    rm -rf killed
    tries=0
    while [ $tries -lt 6 ]; do
        tries=$((tries + 1))
        "$kline" import files1/*.csv --store killed >/dev/null 2>&1 &
        job=$!
        delay=$(awk -v seed=$((round * 100 + tries)) 'BEGIN { srand(seed); printf "%.3f", rand() * 0.15 }')
        sleep "$delay"
        kill -9 $job 2>/dev/null && kills=$((kills + 1))
        wait $job 2>/dev/null
        if [ -d killed ]; then # whatever is there reads, and is a part of the whole
            for symbol in $symbols; do
                "$kline" export --store killed "$symbol" 1m >part 2>err || grep -q not_found err || fail "after a kill: $(cat err)"
            done
        fi
    done
    "$kline" import files1/*.csv --store killed 2>err || fail "after kills: $(grep '^kline' err)"
    exported killed | cmp - want || fail "killed, round $round: another export"
done
[ $kills -gt 0 ] || fail "nothing was killed in time"
ok "killed $kills times and repeated"
finish
