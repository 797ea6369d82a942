#!/bin/sh
# Every candle and trade file of the real data imports, or is refused for a reason that its manifest explains.
# real.sh KLINE; the data are in $KLINE_SHARED/data
. "$(dirname "$0")/lib.sh"
data=${KLINE_SHARED:-$(dirname "$0")/../../../shared}/data
[ -d "$data" ] || { echo "SKIPPED: real files: there is no $data"; exit 0; }
[ -z "${KLINE_QUICK:-}" ] || { echo "SKIPPED: real files (quick run)"; exit 0; }
cd "$data" || exit 1
folders='finom_static-klines ginghong_backtest_jup andresciancio_freqtrade-docker-strategy damiankluk_freqtrade
gnguyenquant_pair_trading_binance kidogb_strategy_bactest intabyu_interview-at owlacar-dotcom_isda AstralMoonlight_battle_hymn
XyloTech_TF.bk freqtrade_freqtrade'
# shellcheck disable=SC2086
{ find $folders -type f ! -name '*.feather'; find nautechsystems_nautilus_trader -type f \( -name '*.csv' -o -name '*.csv.gz' \); } | sort >"$tmp/list"
# this one names no symbol anywhere
nameless=freqtrade_freqtrade/orderflow_public_trades_list_simple_example.csv
"$kline" import "$nameless" --store "$tmp/store" 2>"$tmp/err" && fail "a file without a symbol is taken without --symbol"
grep -q '(symbol)' "$tmp/err" || fail "no symbol: $(cat "$tmp/err")"
"$kline" import "$nameless" --symbol BTCUSDT --store "$tmp/named" 2>"$tmp/err" || fail "$nameless: $(cat "$tmp/err")"
# aggregates of a symbol whose other files say nothing of that: their ids are another count, so they need a series of their own
aggregates=freqtrade_freqtrade/XRP_OLD-trades.json.gz
"$kline" import "$aggregates" --store "$tmp/aggregates" 2>"$tmp/err" || fail "$aggregates: $(cat "$tmp/err")"
"$kline" import freqtrade_freqtrade/XRP_ETH-trades.json.gz --store "$tmp/aggregates" 2>"$tmp/err" && fail "aggregates and single trades in one series"
grep -q '(mismatch)' "$tmp/err" || fail "aggregates: $(cat "$tmp/err")"
grep -v -e "$nameless" -e "$aggregates" "$tmp/list" >"$tmp/rest"; mv "$tmp/rest" "$tmp/list"
xargs "$kline" import --store "$tmp/store" <"$tmp/list" >"$tmp/out" 2>"$tmp/err"
code=$?
grep -v '^kline import: ' "$tmp/err" | sed 's/: .*//' | sort -u >"$tmp/imported"
grep '^kline import: ' "$tmp/err" | grep -v ': taken as ' | sed 's/^kline import: //' | sort >"$tmp/refused"
# what the manifest calls glued markets and an empty file
cat >"$tmp/expected" <<'LIST'
AstralMoonlight_battle_hymn/BTCUSDT_1m.csv.gz mismatch
freqtrade_freqtrade/NOPAIR_XXX-4m.json empty
LIST
sed 's/^\([^:]*\):.*(\([a-z_]*\))$/\1 \2/' "$tmp/refused" | diff - "$tmp/expected" >"$tmp/diff" || { fail "other files are refused:"; cat "$tmp/refused"; }
files=$(wc -l <"$tmp/list"); imported=$(wc -l <"$tmp/imported")
[ $((imported + 2)) = "$files" ] || fail "$files files, but $imported imported"
[ "$files" -ge 300 ] || fail "only $files files"
[ $code != 0 ] || fail "exit 0 although files were refused"
: >"$tmp/zero-8m.csv"
"$kline" import "$tmp/zero-8m.csv" --store "$tmp/store" 2>"$tmp/err" && fail "zero bytes are no error"
grep -q '(empty)' "$tmp/err" || fail "zero bytes: $(cat "$tmp/err")"
sed 's/^/refused: /' "$tmp/refused"
ok "real files: $((imported + 2)) of $((files + 2)) imported, 2 refused as the manifest explains"

# all of it once more, the other way round
sort -r "$tmp/list" | xargs "$kline" import --store "$tmp/again" >/dev/null 2>&1
"$kline" ls --store "$tmp/store" | cut -d, -f3,4,5,6,7 | tail -n +2 >"$tmp/series"
"$kline" ls --store "$tmp/again" | cut -d, -f3,4,5,6,7 | tail -n +2 | cmp - "$tmp/series" || fail "reverse order: other series"
rows=0
while IFS=, read -r symbol interval count first last; do
    rows=$((rows + count))
    "$kline" export --store "$tmp/store" "$symbol" "$interval" >"$tmp/one" || fail "export $symbol $interval"
    "$kline" export --store "$tmp/again" "$symbol" "$interval" | cmp - "$tmp/one" || fail "reverse order: $symbol $interval differs"
    with="--interval $interval"; [ "$interval" = trades ] && with=
    rm -rf "$tmp/third"
    # shellcheck disable=SC2086
    "$kline" import - --symbol "$symbol" $with --store "$tmp/third" <"$tmp/one" 2>"$tmp/err" || fail "import of the export of $symbol $interval: $(cat "$tmp/err")"
    "$kline" export --store "$tmp/third" "$symbol" "$interval" | cmp - "$tmp/one" || fail "export -> import -> export of $symbol $interval"
done <"$tmp/series"
echo "count: $(wc -l <"$tmp/series") series, $rows rows: same export in either order of files and through a second store"
ok "real files: either order, export -> import -> export"
finish
