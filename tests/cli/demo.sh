#!/bin/sh
# The demo goes through, on files that it makes up itself.   demo.sh KLINE
. "$(dirname "$0")/lib.sh"
KLINE=$kline KLINE_DEMO=$tmp/demo sh "$(dirname "$0")/../../examples/demo.sh" >"$tmp/out" 2>&1 || fail "demo: exit $?: $(tail -n 5 "$tmp/out")"
for line in 'gives the same candles, digit by digit' '9 files imported, 1 refused' 'CCCUSDT-1m-bad.csv:2:3: .*(number)' '1h -> 1d: 30 candles' 'marts: 3 symbols by the hour' \
    'bars: .*BUY [1-9]' 'correlations: [1-9][0-9]* rows' 'with its state kept: 0 rows are new'; do
    grep -q "$line" "$tmp/out" || fail "demo: no line '$line': $(tail -n 20 "$tmp/out")"
done
ok "demo"
finish
