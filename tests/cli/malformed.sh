#!/bin/sh
# Malformed input, one small file each: the right status, row and column, exit code 3, and a store that is unchanged byte for byte;
# with --on-bad skip the good rows of the file go in.   malformed.sh KLINE
. "$(dirname "$0")/lib.sh"
store=$tmp/store
echo 0 >"$tmp/cases" # a file: the cases run in the subshells of pipes
# good rows of 2024-01-01T00:00, 01:00, 02:00 as the exchange writes them
a=1704067200000,100.0,110.0,90.0,105.0,10.0,1704070799999,1000.0,50,5.0,500.0,0
b=1704070800000,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0
c=1704074400000,108.0,109.0,95.0,97.0,31.0,1704077999999,3100.0,99,9.0,900.0,0
names=open_time,open,high,low,close,volume

printf '%s\n%s\n' "$a" "$b" >"$tmp/BTCUSDT-1h-2024-01.csv"
"$kline" import "$tmp/BTCUSDT-1h-2024-01.csv" --store "$store" 2>"$tmp/err" || { cat "$tmp/err"; fail "the good file is refused"; finish; }
before=$(state "$store")

# refused STATUS ROW COLUMN FILE [OPTIONS]: ROW and COLUMN 0 where there is none; content of the file is on standard input
refused() {
    status=$1 row=$2 column=$3 file=$tmp/$4; shift 4
    cat >"$file"
    cases=$(($(cat "$tmp/cases") + 1)); echo $cases >"$tmp/cases"
    where=$file
    [ "$row" = 0 ] || where=$where:$row
    [ "$row" = 0 ] || [ "$column" = 0 ] || where=$where:$column
    "$kline" import "$file" --store "$store" "$@" >"$tmp/out" 2>"$tmp/err"; code=$?
    said=$(head -n 1 "$tmp/err")
    case $said in
    "kline import: $where: "*" ($status)") ;;
    *) fail "case $cases, $status: expected '$where: ... ($status)', got '$said'"; return ;;
    esac
    [ $code = 3 ] || fail "case $cases, $status: exit $code"
    [ -s "$tmp/out" ] && fail "case $cases, $status: wrote to standard output"
    [ "$(state "$store")" = "$before" ] || fail "case $cases, $status: the store has changed"
}
# skipped ROWS BAD FILE: the same file with --on-bad skip into a store of its own keeps ROWS rows and reports BAD
skipped() {
    rows=$1 bad=$2 file=$tmp/$3; shift 3
    rm -rf "$tmp/skip"
    "$kline" import "$file" --store "$tmp/skip" --on-bad skip "$@" 2>"$tmp/err" || fail "skip, case $cases: exit $?: $(head -n 1 "$tmp/err")"
    grep -q "$bad bad" "$tmp/err" || fail "skip, case $cases: $(cat "$tmp/err")"
    [ "$("$kline" ls --store "$tmp/skip" | sed -n 2p | cut -d, -f5)" = "$rows" ] || fail "skip, case $cases: $("$kline" ls --store "$tmp/skip")"
}
# a bad row between two good ones
row() { refused "$1" 2 "$2" "$3" <<ROWS
$a
$4
$c
ROWS
    skipped 2 1 "$3"
}

f=ETHUSDT-1h-x.csv
row columns 3 $f '1704070800000,105.0,112.0'
row columns 13 $f "$b,1,2,3"
row number 2 $f '1704070800000,abc,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row number 3 $f '1704070800000,105.0,,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row number 5 $f '1704070800000,105.0,112.0,101.0,108.0x,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row number 4 $f '1704070800000,105.0,112.0,1.0.1,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row number 9 $f '1704070800000,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,6.5,7.0,750.0,0'
row not_finite 2 $f '1704070800000,NaN,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row not_finite 3 $f '1704070800000,105.0,inf,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row not_finite 6 $f '1704070800000,105.0,112.0,101.0,108.0,-Infinity,1704074399999,1290.0,61,7.0,750.0,0'
row price 2 $f '1704070800000,-105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row price 4 $f '1704070800000,105.0,112.0,0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row ohlc 3 $f '1704070800000,105.0,90.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row ohlc 3 $f '1704070800000,105.0,106.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row ohlc 3 $f '1704070800000,105.0,112.0,106.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row volume 6 $f '1704070800000,105.0,112.0,101.0,108.0,-12.0,1704074399999,1290.0,61,7.0,750.0,0'
row volume 9 $f '1704070800000,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,-61,7.0,750.0,0'
row volume 10 $f '1704070800000,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,12.1,750.0,0'
row close_time 7 $f '1704070800000,105.0,112.0,101.0,108.0,12.0,1704070799999,1290.0,61,7.0,750.0,0'
row close_time 7 $f '1704070800000,105.0,112.0,101.0,108.0,12.0,1704078000000,1290.0,61,7.0,750.0,0'
row time 1 $f '170407080000,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row time 1 $f '9999999999999999999,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row time 1 $f '1,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row time 1 $f 'yesterday,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row scale 2 $f '1704070800000,105.0000000000000000000000001,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
row overflow 2 $f '1704070800000,99999999999999999999999999,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0'
printf '%s\n%s\n1704074400000,108.0,109.0,95.0' "$a" "$b" | refused truncated 3 4 $f
skipped 2 1 $f
printf '%s\n1704070800000,105.0,11\000.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0\n%s\n' "$a" "$c" | refused text 2 3 $f
skipped 2 1 $f
{ printf '%s\n' "$a"; awk 'BEGIN { for (i = 0; i < 1048576; i++) printf "1234567890" }'; printf '\n%s\n' "$c"; } | refused line 2 0 $f
skipped 2 1 $f

# of two bad rows the first one is told, whichever stage finds it
printf '%s\n%s\n%s\n' "$a" '1704070800000,105.0,90.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0' '1704074400000,x' | refused ohlc 2 3 $f
skipped 1 2 $f

# whole files
: | refused empty 0 0 $f
printf '\n\n' | refused empty 0 0 $f
printf '[]\n' | refused empty 0 0 ETHUSDT-1h.json
printf '%s\n' "$names" | refused empty 0 0 $f
printf 'hello\nworld\n' | refused format 1 0 $f
printf '<html><body>403 Forbidden</body></html>\n' | refused format 1 0 ETHUSDT-1h.json
printf 'open_time,open,high,low\n1704067200000,1,2,0.5\n' | refused format 1 0 $f
printf '%s\n1704067200000,1,2,0.5,1.5,10\n1704070800000,1,2\n1704074400000,1,2,0.5,1.5,10\n' "$names" | refused columns 3 3 $f
skipped 2 1 $f
printf '%s\n2024-13-01,1,2,0.5,1.5,10\n2024-01-01T01:00:00Z,1,2,0.5,1.5,10\n' "$names" | refused time 2 1 $f
skipped 1 1 $f
printf '[[1704067200000,"1","2","0.5","1.5","10"],[1704070800000,"1","2"' | refused truncated 2 0 ETHUSDT-1h.json
printf '[[1704067200000,"1","2","0.5","1.5","10"],[1704070800000,"1","2","0.5","1.5","10"' | refused truncated 2 0 ETHUSDT-1h.json
printf '[[1704067200000,"1","2","0.5","1.5","10"],[1704070800000,"1","x","0.5","1.5","10"]]' | refused number 2 3 ETHUSDT-1h.json
skipped 1 1 ETHUSDT-1h.json
printf '[[1704067200000,"1","2","0.5","1.5","10"] [1704070800000,"1","2","0.5","1.5","10"]]' | refused json 1 0 ETHUSDT-1h.json
printf '{"code":-1121,"msg":"Invalid symbol."}' | refused empty 0 0 ETHUSDT-1h.json
printf '%s\n' "$a" | gzip | head -c 40 | refused truncated 0 0 ETHUSDT-1h.csv.gz
printf '%s\n%s\n' "$a" "$b" | gzip | { head -c 20; printf 'XXXX'; cat | tail -c +5; } | refused corrupt 0 0 ETHUSDT-1h.csv.gz

# of another symbol, out of order, off the grid, of an unknown interval, of two markets
printf 'symbol,%s\nBTCUSDT,1704067200000,1,2,0.5,1.5,10\n' "$names" | refused symbol 2 1 x.csv --symbol ETHUSDT --interval 1h
printf '%s\n%s\n%s\n' "$a" "$c" "$b" | refused order 3 1 $f --strict
printf '%s\n%s\n' "$a" '1704070801000,105.0,112.0,101.0,108.0,12.0,1704074399999,1290.0,61,7.0,750.0,0' | refused interval 2 1 $f --strict
printf '%s\n' '1704067200000,1,2,0.5,1.5,10' | refused interval 0 0 ETHUSDT.csv
printf '%s\n%s\n' "$a" "$b" | refused symbol 0 0 nameless-1h.csv
printf '%s\n%s\n' "$a" "$b" | refused interval 0 0 ETHUSDT-1d.csv
printf '%s\n%s\n' "$a" "$b" | refused interval 0 0 $f --interval 4h
awk -v names="$names,quote_volume" 'BEGIN {
    print names
    for (i = 0; i < 600; i++) printf "%d,100.25,110.25,90.25,105.25,10,%s\n", 1704067200 + 60 * i, ""
    for (; i < 900; i++) printf "%d,100.5,110.5,90.5,105.5,10,%s\n", 1704067200 + 60 * i, "1000.5" }' | refused mismatch 602 0 ETHUSDT-1m.csv

# a bad row behind so many good ones that the transaction has begun: rolled back, and no empty series is left behind
awk 'BEGIN { for (i = 0; i < 70000; i++) printf "%d,1,2,0.5,1.5,10\n", 1704067200 + 60 * i; print "x" }' >"$tmp/long-1m.csv"
for symbol in NEWUSDT NEWUSDT; do
    "$kline" import "$tmp/long-1m.csv" --symbol $symbol --store "$store" 2>"$tmp/err" && fail "a long file with a bad row is taken"
    grep -q ":70001:1: .*(columns)$" "$tmp/err" || fail "a long file with a bad row: $(cat "$tmp/err")"
    [ "$(state "$store" | grep -v '\.lock$')" = "$(echo "$before" | grep -v '\.lock$')" ] || fail "a long file with a bad row leaves a trace"
done
head -n 70000 "$tmp/long-1m.csv" | "$kline" import - --symbol NEWUSDT --store "$store" 2>"$tmp/err" || fail "long file: $(cat "$tmp/err")"
before=$(state "$store")
"$kline" import "$tmp/long-1m.csv" --symbol NEWUSDT --store "$store" 2>"$tmp/err" && fail "a long file with a bad row is taken"
[ "$(state "$store")" = "$before" ] || fail "a bad row after 70000 good ones changed a series"

# not malformed: CRLF, a byte order mark, blank lines, no newline at the end
printf '\357\273\277%s\r\n\r\n%s\r\n%s' "$a" "$b" "$c" >"$tmp/ETHUSDT-1h-odd.csv"
"$kline" import "$tmp/ETHUSDT-1h-odd.csv" --store "$tmp/odd" 2>"$tmp/err" || fail "CRLF and byte order mark: $(cat "$tmp/err")"
[ "$("$kline" ls --store "$tmp/odd" | sed -n 2p | cut -d, -f5)" = 3 ] || fail "CRLF and byte order mark: $("$kline" ls --store "$tmp/odd")"

cases=$(cat "$tmp/cases")
[ "$cases" -ge 40 ] || fail "only $cases cases"
ok "$cases malformed inputs: status, row, column, exit 3, store unchanged"
finish
