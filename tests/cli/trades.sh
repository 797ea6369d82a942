#!/bin/sh
# Trades: imported twice, shuffled, overlapping, killed; without ids; JSON and seconds; ranks of versions; a full disk.
# trades.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
exported() { "$kline" export --store "$1" "$symbol" trades || fail "export $1"; }
put() { store=$1; shift; "$kline" import "$@" --store "$store" 2>err || fail "import $*: $(cat err)"; }

"$kline" gen --format trade-csv --symbol 0 --seed 3 --from 2024-01-01 --to 2024-01-02 --trades-per-minute 20 -o AAAUSDT-trades-2024-01-01.csv 2>/dev/null || fail gen
rounds=${KLINE_QUICK:+2}; rounds=${rounds:-6}
symbol=AAAUSDT; rows=$(wc -l <AAAUSDT-trades-2024-01-01.csv); third=$((rows / 3))
[ "$rows" -gt 10000 ] || fail "only $rows trades"
# with ids, and without
cp AAAUSDT-trades-2024-01-01.csv ids.csv
{ echo time,price,quantity,buyer_maker; awk -F, '{ print $5 "," $2 "," $3 "," tolower($6) }' ids.csv; } >noids.csv
for kind in ids noids; do
    header=0; [ $kind = noids ] && header=1
    mkdir -p $kind; top=$(head -n $header $kind.csv)
    for part in 1 2 3; do # each overlaps the next; without ids the pieces are cut at a time, so that equal trades stay together
        awk -F, -v header=$header -v part=$part -v third=$third -v kind=$kind '
            NR <= header { next }
            { n = NR - header; time = kind == "ids" ? $5 : $1 }
            { from = (part - 1) * third + 1; to = part * third + 500; if (part == 3) to = 1e9 }
            { if (time != cut) { group = n; cut = time } if (group >= from && group <= to) print }' $kind.csv >body
        { [ -z "$top" ] || echo "$top"; cat body; } >$kind/AAAUSDT-trades-$part.csv
    done
    put once-$kind $kind.csv --symbol $symbol; exported once-$kind >want; [ "$(wc -l <want)" -gt 10000 ] || fail "$kind: $(wc -l <want) lines"
    put once-$kind $kind.csv --symbol $symbol; grep -q ' 0 new' err || fail "$kind twice: $(cat err)"; exported once-$kind | cmp -s - want || fail "$kind: twice"
    for order in '1 2 3' '3 2 1' '2 3 1 2'; do
        rm -rf parts
        for part in $order; do put parts $kind/AAAUSDT-trades-$part.csv; done
        exported parts >got; cmp -s got want || fail "$kind: overlapping parts $order: $(wc -l <got) lines instead of $(wc -l <want)"
    done
    tries=0
    while [ $tries -lt $rounds ]; do
        tries=$((tries + 1)); rm -rf killed
        "$kline" import $kind.csv --store killed --symbol $symbol >/dev/null 2>&1 &
        job=$!
        sleep "$(awk -v seed=$tries 'BEGIN { srand(seed); printf "%.3f", rand() * 0.05 }')"
        kill -9 $job 2>/dev/null; wait $job 2>/dev/null
        put killed $kind.csv --symbol $symbol; exported killed | cmp -s - want || fail "$kind: killed, round $tries"
    done
    ok "$kind: twice, overlapping in any order, killed"
done
awk -v seed=1 'BEGIN { srand(seed) } { print rand() "\t" $0 }' ids.csv | sort | cut -f2- >shuffled.csv
put shuffled shuffled.csv --symbol $symbol; exported shuffled >got; exported once-ids | cmp -s - got || fail "shuffled ids"
{ head -n 1 noids.csv; tail -n +2 noids.csv | head -n 20000 | awk 'BEGIN { srand(2) } { print rand() "\t" $0 }' | sort | cut -f2-; } >shuffled.csv
head -n 20001 noids.csv >straight.csv
put shuffled-noids shuffled.csv --symbol $symbol; put straight-noids straight.csv --symbol $symbol
exported shuffled-noids >got; exported straight-noids | cmp -s - got || fail "shuffled without ids"
ok "shuffled trades"

# the row of an error is the line of the file
sed '7s/^[^,]*/4999999999999/' straight.csv >far.csv
"$kline" import far.csv --store far --symbol $symbol 2>err && fail "a trade of 2128 is taken"
grep -q 'far.csv:7:' err || fail "line of a bad trade: $(cat err)"
{ head -n 1 noids.csv; tail -n +2 noids.csv | head -n 5; } >short.csv; sed '4s/,[^,]*,/,x,/' short.csv >far.csv
"$kline" import far.csv --store far --symbol $symbol 2>err && fail "a price x is taken"
grep -q 'far.csv:4:2:' err || fail "line of a bad trade: $(cat err)"
ok "lines of bad trades"

# export --json and --epoch s read back to the same
"$kline" gen --format kline-csv --symbol 0 --seed 3 --from 2024-01-01 --to 2024-01-03 --interval 1m --trades-per-minute 5 -o BBBUSDT-1m-x.csv 2>/dev/null
put candles BBBUSDT-1m-x.csv; "$kline" export --store candles BBBUSDT 1m >want
for how in --json '--json --epoch ms' '--json --epoch us' '--epoch s' '--json --epoch s'; do
    # shellcheck disable=SC2086
    "$kline" export --store candles BBBUSDT 1m $how >again.out; rm -rf again
    put again again.out --symbol BBBUSDT --interval 1m; "$kline" export --store again BBBUSDT 1m >got
    cmp -s got want || { fail "candles: export $how"; diff got want | head -n 4; }
done
exported once-ids >want
for how in --json '--json --epoch us' '--epoch ms'; do
    # shellcheck disable=SC2086
    "$kline" export --store once-ids $symbol trades $how >again.out; rm -rf again
    put again again.out --symbol $symbol; exported again >got
    cmp -s got want || { fail "trades: export $how"; diff got want | head -n 4; }
done
ok "JSON and seconds"

# versions of a candle: the same one wins, whatever the order of the files
t=1704067200
version() { printf '%d,1.5,2.25,0.5,%s,10\n%d,1.5,2.25,0.5,1.75,10\n' $t "$1" $((t + 3600)); }
version 1.6 >v1.csv; version 1.7 >v2.csv; version 1.8 >v3.csv
versions() { # STORE ORDER OPTION VALUES...: the first candle of the export
    rm -rf versions
    for v in $1; do
        case $v in 1) value=$3 ;; 2) value=$4 ;; *) value=$5 ;; esac
        put versions v$v.csv --symbol AAA --interval 1h "$2" "$value"
    done
    "$kline" export --store versions AAA 1h | sed -n 2p
}
for order in '1 2 3' '1 3 2' '2 1 3' '2 3 1' '3 1 2' '3 2 1'; do
    versions "$order" --authority 1 3 2 | grep -q ',1.70,' || fail "authority, order $order: $(versions "$order" --authority 1 3 2)"
    versions "$order" --as-of 2024-01-02 2024-01-03 2024-01-04 >got
    [ -z "${first:-}" ] && first=$(cat got)
    [ "$(cat got)" = "$first" ] || fail "as-of, order $order: $(cat got) instead of $first"
done
versions '1 2 3' --as-of 2024-01-01T00:30:00Z 2024-01-01T00:40:00Z 2024-01-05 | grep -q ',1.80,.*,closed' || fail "a closed version loses: $(cat got)"
for order in '1 2' '2 1'; do versions "$order" --as-of 2024-01-01T00:30:00Z 2024-01-01T00:40:00Z | grep -q ',1.70,' || fail "of two forming versions the earlier wins, order $order"; done
ok "ranks of versions in every order"

# a full disk: the file is refused as a whole, and the store is as before
mkdir disk
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=256k none disk 2>/dev/null; then
    trap 'umount "$tmp/disk" 2>/dev/null; rm -rf "$tmp"' EXIT
    head -n 50 ids.csv >few.csv
    put disk/s few.csv --symbol $symbol; exported disk/s >want
    "$kline" import ids.csv --store disk/s --symbol $symbol 2>err; code=$?
    [ $code = 4 ] || fail "full disk: exit $code: $(cat err)"
    grep -q '(no_space)' err || fail "full disk: $(cat err)"
    exported disk/s | cmp -s - want || fail "full disk: another export"
    "$kline" import BBBUSDT-1m-x.csv --store disk/s 2>err # whether it fits or not
    exported disk/s | cmp -s - want || fail "full disk: another export"
    umount disk
    ok "full disk"
else echo "SKIPPED: full disk: no root, or no tmpfs"; fi
finish
