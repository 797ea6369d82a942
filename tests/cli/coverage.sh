#!/bin/sh
# What an import calls covered: never the place of a refused or unfinished row; adjacent files join.   coverage.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
hours() { awk -v from="$1" -v n="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%d,1.5,2.25,0.5,1.75,%d\n", from + 3600 * i, i + 1 }'; }
# covered STORE WANT: from, to, ranges and resume of its one series
covered() {
    got=$("$kline" ls --store "$1" --epoch s | tail -n 1 | cut -d, -f10-13)
    [ "$got" = "$2" ] || fail "$step: covered $got instead of $2"
}
# take STORE EXIT FILE [OPTIONS]
take() {
    store=$1 want=$2; shift 2
    "$kline" import "$@" --store "$store" --symbol AAA --interval 1h >/dev/null 2>err; code=$?
    [ $code = "$want" ] || fail "$step: exit $code instead of $want: $(cat err)"
}
t=1704067200

step="a plain file"; hours $t 10 >a.csv; take plain 0 a.csv; covered plain "$t,$((t + 32400)),1,$((t + 32400))"
step="a gap without refused rows"; hours $t 10 | sed '4,6d' >a.csv; take gap 0 a.csv; covered gap "$t,$((t + 32400)),1,$((t + 32400))"
step="a refused row"; hours $t 10 | sed '5s/2.25/0.25/' >a.csv; take bad 0 a.csv --on-bad skip
covered bad "$t,$((t + 32400)),2,$((t + 14400))"
step="a torn row in a gap"; hours $t 10 | sed '4d;6d;5s/.*/17040/' >a.csv; take torn 0 a.csv --on-bad skip
covered torn "$t,$((t + 32400)),2,$((t + 10800))"
step="the refused row comes later"; hours $t 10 | sed -n '5p' >b.csv; take bad 0 b.csv --as-of now; covered bad "$t,$((t + 32400)),1,$((t + 32400))"
for flag in '' suspect; do
    step="a row flagged '$flag'"
    { echo open_time,open,high,low,close,volume,flags; hours $t 10 | sed "s/\$/,closed/;4s/closed/$flag/"; } >a.csv
    rm -rf flags; take flags 0 a.csv
    covered flags "$t,$((t + 36000)),2,$((t + 10800))"
    rm -rf flags; take flags 0 a.csv --rows-per-commit 3
    covered flags "$t,$((t + 36000)),2,$((t + 10800))"
done
step="out of order and refused"; hours $t 10 | sed '5s/2.25/0.25/' | awk '{ r[NR] = $0 } END { print r[1]; print r[2]; print r[7]; print r[5]; print r[3]; print r[8]; print r[9]; print r[10] }' >a.csv
take order 0 a.csv --on-bad skip; covered order "$t,$((t + 32400)),2,$((t + 10800))"
ok "refused and unfinished rows are not covered"

# (the last bar of a file is suspect until the next file comes)
for i in 0 1 2 3 4 5 6; do hours $((t + i * 36000)) 10 >part$i.csv; done
for order in '0 1 2 3 4 5 6' '6 5 4 3 2 1 0' '3 0 6 1 5 2 4'; do
    step="files in the order $order"; rm -rf join
    for i in $order; do take join 0 part$i.csv; done
    covered join "$t,$((t + 69 * 3600)),1,$((t + 69 * 3600))"
    "$kline" export --store join AAA 1h >got; [ "$(grep -c ',closed$' got)" = 69 ] || fail "$step: $(grep -c suspect got) bars are suspect"

done
step="a hole between files"; rm -rf join; take join 0 part0.csv part2.csv
covered join "$t,$((t + 29 * 3600)),2,$((t + 10 * 3600))"
ok "adjacent files join"

step=trades; awk -v t=$t 'BEGIN { for (i = 0; i < 10; i++) printf "%d,1.5,0.1,0.15,%d000,true\n", i + 1, t + i }' >AAAUSDT-trades-x.csv
"$kline" import AAAUSDT-trades-x.csv --store trades 2>err || fail "$step: $(cat err)"; covered trades "$t,$((t + 9)),1,$((t + 9))"
sed '5s/1.5/x/' AAAUSDT-trades-x.csv >AAAUSDT-trades-y.csv; rm -rf trades
"$kline" import AAAUSDT-trades-y.csv --store trades --on-bad skip 2>err || fail "$step: $(cat err)"; covered trades "$t,$((t + 9)),2,$((t + 3))"
ok "trades"

data=${KLINE_SHARED:-$(dirname "$0")/../../../shared}/data
case $data in /*) ;; *) data=$OLDPWD/$data ;; esac
if [ -d "$data" ]; then
    set -- "$data"/ginghong*/BTCUSDT-1h*.csv
    if [ -f "$1" ]; then
        "$kline" import "$@" --store real 2>err || fail "real files: $(cat err)"
        "$kline" ls --store real >got
        row=$(tail -n 1 got)
        [ "$(echo "$row" | cut -d, -f12)" = 1 ] || fail "real files: $row"
        [ "$(echo "$row" | cut -d, -f13)" = "$(echo "$row" | cut -d, -f7)" ] || fail "real files: resume: $row"
        ok "$# monthly files are one covered range"
    else echo "SKIPPED: monthly files: none in $data"; fi
else echo "SKIPPED: monthly files: there is no $data"; fi
finish
