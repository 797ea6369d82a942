#!/bin/sh
# kline check: exact counts of a file with one of each defect, gaps, freshness, stores, exit codes.   check.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# has NAME=VALUE...: the first line of `out`, which is JSON, says so
has() {
    for pair in "$@"; do
        grep -q "\"${pair%%=*}\":\"\{0,1\}${pair#*=}\"\{0,1\}[,}]" out || fail "$step: no $pair in $(head -n 1 out)"
    done
}
# run CODE ARGUMENTS...
run() {
    want=$1; shift; step="kline check $*"
    "$kline" check "$@" >out 2>err </dev/null; code=$?
    [ $code = "$want" ] || fail "$step: exit $code instead of $want: $(head -n 1 err)"
}

cat >AAAUSDT-1h-clean.csv <<'ROWS'
1704067200000,100.0,110.0,90.0,105.0,10.0,1704070799999,1000.0,50,5.0,500.0,0
1704070800000,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0
1704074400000,108.0,109.0,95.0,97.0,31.0,1704077999999,3100.0,99,9.0,900.0,0
ROWS
run 0 --json AAAUSDT-1h-clean.csv
has file=AAAUSDT-1h-clean.csv symbol=AAAUSDT interval=1h content=klines status=ok findings=0 rows=3 unique=3 duplicates=0 gaps=0 \
    suspect=1 bad_rows=0 unit_changes=0 first=2024-01-01T00:00:00Z last=2024-01-01T02:00:00Z
ok "a clean file"

cat >AAAUSDT-1h-all.csv <<'ROWS'
1704067200000,100.0,110.0,90.0,105.0,10.0,1704070799999,1000.0,50,5.0,500.0,0
1704067200000,100.0,110.0,90.0,105.0,10.0,1704070799999,1000.0,50,5.0,500.0,0
1704070800000000,105.0,112.0,101.0,108.0,12.0,1704074399999999,1290.0,61,7.0,750.0,0
1704074400000,108.0,109.0,95.0,97.0,31.0,1704077999999,3100.0,99,9.0,900.0,0
1704070800000,105.0,112.0,101.0,108.5,12.0,1704074399999,1290.0,61,7.0,750.0,0
1704088800000,97.0,97.0,97.0,97.0,0.0,1704090000000,0.0,0,0.0,0.0,0
1704092400000,97.0,96.0,95.0,97.0,1.0,1704095999999,97.0,1,1.0,97.0,0
1704096000000,97.0,300.0,95.0,290.0,1.0,1704099599999,97.0,1,1.0,97.0,0
1704099600000,abc,300.0,95.0,290.0,1.0,1704103199999,97.0,1,1.0,97.0,0
1704103200000,290.0,300.0,0.0,290.0,1.0,1704106799999,97.0,1,2.0,97.0,0
1704106800000,290.0,300.0,280.0,290.0,1.0,1704110399999,97.0,1,1.0,97.0,0
ROWS
run 1 --json AAAUSDT-1h-all.csv
has rows=10 unique=8 duplicates=1 conflicts=1 out_of_order=1 gaps=2 missing=4 bad_ohlc=1 bad_price=1 bad_volume=1 zero_volume=1 fillers=1 \
    truncated_close_times=1 outliers=1 bad_rows=1 unit_changes=2
grep -q 'all.csv:9:2: .*(number)$' err || fail "bad row: $(cat err)"
run 1 --gaps AAAUSDT-1h-all.csv
cat >want <<'ROWS'
file,venue,market,symbol,interval,from,to,from_id,to_id,missing
AAAUSDT-1h-all.csv,,,AAAUSDT,1h,2024-01-01T03:00:00Z,2024-01-01T06:00:00Z,,,3
AAAUSDT-1h-all.csv,,,AAAUSDT,1h,2024-01-01T09:00:00Z,2024-01-01T10:00:00Z,,,1
ROWS
cmp out want || fail "gaps: $(cat out)"
ok "one of each defect"

printf '7,100.5,0.1,0,1704067200000,True,True\n8,100.5,0.1,0,1704067201000,True,True\n8,100.5,0.1,0,1704067201000,True,True\n11,100.5,0.1,0,1704067202000,False,True\n' >AAAUSDT-trades-x.csv
run 1 --json AAAUSDT-trades-x.csv
has content=trades interval=trades rows=4 unique=3 duplicates=1 gaps=1 missing=2
ok "trades"

run 4 nothing.csv AAAUSDT-1h-clean.csv
grep -q '^AAAUSDT-1h-clean.csv,,,AAAUSDT,1h,klines,ok,0,' out || fail "a file behind a missing one: $(cat out)"
: >empty.csv
run 3 empty.csv; grep -q '(empty)$' err || fail "empty: $(cat err)"
run 1 AAAUSDT-1h-clean.csv --min-rows 4
run 0 AAAUSDT-1h-clean.csv --json --now 2024-01-01T03:30:00Z --warn-after 1h --error-after 2h; has freshness=ok
run 1 AAAUSDT-1h-clean.csv --json --now 2024-01-01T04:30:00Z --warn-after 1h --error-after 2h; has freshness=warn
run 1 AAAUSDT-1h-clean.csv --json --now 2024-01-02 --warn-after 1h --error-after 2h; has freshness=error
ok "exit codes, freshness"

"$kline" import AAAUSDT-1h-clean.csv AAAUSDT-trades-x.csv --store s 2>err || fail "import: $(cat err)"
run 0 --store s AAAUSDT 1h --json; has rows=3 findings=0 suspect=1
run 1 --store s AAAUSDT trades --json; has rows=3 duplicates=0 gaps=1 missing=2
run 1 --store s; [ "$(wc -l <out)" = 3 ] || fail "check --store: $(cat out)"
run 4 --store s BBBUSDT
ok "stores"
finish
