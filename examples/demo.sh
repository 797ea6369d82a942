#!/bin/sh
# From raw files to marts, in one command:   sh examples/demo.sh [DIR]
#
# Builds the tool, takes the exchange files in DIR (klines and trades, CSV or JSON, plain, .gz or .zip, in folders as deep as they
# like; without DIR the tool makes up a market with the defects that real files have), and carries them through import, ls, check,
# resample 1m -> 15m -> 1h -> 1d, eval, the signals of a strategy and the marts. What it makes is left in build/demo (or $KLINE_DEMO).
set -eu
LC_ALL=C; export LC_ALL
data=${1:-}
case $data in ''|/*) ;; *) data=$(pwd)/$data ;; esac
cd "$(dirname "$0")/.."
work=${KLINE_DEMO:-$(pwd)/build/demo}
mkdir -p "$work"
start=$(date +%s)
title() { printf '\n-- %s\n' "$*"; }
# a CSV as aligned columns: table NAME,NAME..., at most $rows rows
table() {
    awk -F, -v want="$*" -v limit="${rows:-12}" '
        BEGIN { n = split(want, name, ",") }
        NR == 1 { for (c = 1; c <= NF; c++) for (i = 1; i <= n; i++) if ($c == name[i]) column[i] = c }
        NR > limit + 1 { more++; next }
        { for (i = 1; i <= n; i++) { cell[NR, i] = $column[i]; if (length($column[i]) > width[i]) width[i] = length($column[i]) } shown = NR }
        END {
            for (r = 1; r <= shown; r++) { line = "  "; for (i = 1; i <= n; i++) line = line sprintf("%-" width[i] + 2 "s", cell[r, i]); sub(/ +$/, "", line); print line }
            if (more) printf "  ... %d more\n", more
        }'
}

title "build"
kline=${KLINE:-}
if [ -z "$kline" ] && command -v meson >/dev/null 2>&1 && command -v ninja >/dev/null 2>&1; then
    [ -f "$work/meson/build.ninja" ] || meson setup "$work/meson" --buildtype=release -Ddefault_library=static >"$work/build.log" 2>&1
    ninja -C "$work/meson" src/cli/kline >>"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; exit 1; }
    kline=$work/meson/src/cli/kline
elif [ -z "$kline" ]; then
    kline=$work/kline
    # shellcheck disable=SC2046
    ${CC:-cc} -O3 -DKL_STATIC -ffp-contract=off -Iinclude -Isrc $(ls src/*/*.c | grep -v '^src/tools/') -lm -o "$kline"
fi
"$kline" --version

if [ -z "$data" ]; then
    title "a made-up market: three symbols, a month of minutes and two days of trades, with defects"
    data=$work/files
    rm -rf "$data"
    "$kline" gen --format kline-csv --symbols 3 --seed 7 --from 2024-11-15 --to 2024-12-15 --interval 1m --rate 0.002 \
        --defects duplicates,disorder,gaps,corrections,zero-volume,forming --out "$data"
    "$kline" gen --format aggtrade-csv --symbols 3 --symbol 0 --seed 7 --from 2024-11-15 --to 2024-11-17 --out "$data" --every day
    "$kline" gen --format kline-json --symbols 3 --symbol 1 --seed 7 --from 2024-11-15 --to 2024-11-25 --interval 1m --out "$data"
    printf 'open_time,open,high,low,close,volume\n1734134400000,1.5,abc,1.0,1.2,10\n' >"$data/CCCUSDT-1m-bad.csv"
fi
[ -d "$data" ] || { echo "demo: $data is no folder" >&2; exit 2; }

title "import: every file as a whole, or not at all"
store=$work/store
rm -rf "$store"
find "$data" -type f \( -name '*.csv' -o -name '*.json' -o -name '*.jsonl' -o -name '*.txt' -o -name '*.gz' -o -name '*.zip' -o -name '*.ws.*' \) \
    | sort | tr '\n' '\0' | xargs -0 "$kline" import --store "$store" >"$work/import.log" 2>&1 || true
grep -v '^kline import: ' "$work/import.log" >"$work/imported" || true
grep '^kline import: ' "$work/import.log" | grep -v ': taken as ' >"$work/refused" || true
sed "s|^$data/||; s|^|  |" "$work/imported" | head -n 12
[ "$(wc -l <"$work/imported")" -le 12 ] || echo "  ... $(($(wc -l <"$work/imported") - 12)) more"
if [ -s "$work/refused" ]; then
    echo "  refused, with the reason:"
    sed "s|^kline import: ||; s|^$data/||; s|^|    |" "$work/refused" | head -n 30
    [ "$(wc -l <"$work/refused")" -le 30 ] || echo "    ... $(($(wc -l <"$work/refused") - 30)) more"
fi

title "ls: what the store holds"
"$kline" ls --store "$store" >"$work/ls.csv"
table symbol,interval,rows,first,last,gaps,missing,bytes <"$work/ls.csv"

title "check: series with findings"
"$kline" check --store "$store" >"$work/check.csv" || [ $? = 1 ]
awk -F, 'NR == 1 { for (c = 1; c <= NF; c++) if ($c == "findings") f = c; print; next } $f > 0' "$work/check.csv" |
    table symbol,interval,findings,rows,gaps,missing,zero_volume,truncated_close_times,outliers

# the series to go on with: the smallest interval that fills a day, with most rows
pick=$(awk -F, 'NR > 1 && $4 ~ /^(1|3|5|15)m$/ || $4 ~ /^1h$/ { u = $4 ~ /h$/ ? 60 : 1; print ($4 + 0) * u, $5, $3, $4 }' "$work/ls.csv" | sort -k1,1n -k2,2nr | head -n 1)
if [ -n "$pick" ]; then
    symbol=$(echo "$pick" | cut -d' ' -f3); interval=$(echo "$pick" | cut -d' ' -f4)
    title "resample: $symbol $interval -> 15m -> 1h -> 1d"
    from=$interval; set -- --store "$store" "$symbol" "$interval"
    for to in 15m 1h 1d; do
        [ "$from" = "$to" ] && continue
        case $from in 1h) [ "$to" = 15m ] && continue ;; esac
        "$kline" resample "$@" --to $to >"$work/$symbol-$to.csv"
        echo "  $from -> $to: $(($(wc -l <"$work/$symbol-$to.csv") - 1)) candles"
        from=$to; set -- "$work/$symbol-$to.csv"
    done
    "$kline" resample --store "$store" "$symbol" "$interval" --to 1d | cut -d, -f1-11 >"$work/direct.csv"
    if cut -d, -f1-11 "$work/$symbol-1d.csv" | cmp -s - "$work/direct.csv"; then
        echo "  $interval -> 1d at once gives the same candles, digit by digit"
    else
        echo "  $interval -> 1d at once gives OTHER candles"; exit 1
    fi
    rows=5 table open_time,open,high,low,close,volume,flags <"$work/$symbol-1d.csv"

    title "eval: indicators on $symbol 1h"
    hours="$work/$symbol-1h.csv"; [ -f "$hours" ] || "$kline" export --store "$store" "$symbol" "$interval" >"$hours"
    "$kline" eval "$hours" close 'rsi(14)' 'macd(12,26,9).hist' 'bbands(20).upper' 'bbands(20).lower' >"$work/eval.csv"
    { echo 'open_time,close,rsi(14),macd hist,bbands upper,bbands lower'; tail -n 5 "$work/eval.csv" | awk -F, -v OFS=, '{ for (i = 2; i <= NF; i++) $i = sprintf("%.4f", $i); print }'; } | table 'open_time,close,rsi(14),macd hist,bbands upper,bbands lower'

    # the strategy is one for bars of two hours
    if "$kline" resample "$hours" --to 2h >"$work/$symbol-2h.csv" 2>/dev/null; then
        title "score: btc-corrected.toml on $symbol 2h"
        "$kline" score "$work/$symbol-2h.csv" --interval 2h --strategy examples/strategies/btc-corrected.toml >"$work/score.csv"
        awk -F, 'NR > 1 { n++; r = $4 == 1 ? $3 : "no trade, " ($5 == "" ? "-" : $5); seen[r]++ } END { printf "  %d bars:", n; for (r in seen) printf " %s %d;", r, seen[r]; print "" }' "$work/score.csv"
        { head -n 1 "$work/score.csv"; awk -F, 'NR > 1 && $4 == 1' "$work/score.csv" | tail -n 5; } | table known_at,close,action,buy,sell,edge,confidence,strength,fired
    fi
fi

# the marts take hours: those of the store where two symbols have them, otherwise folded from what is there
hours=$store
if [ "$(awk -F, 'NR > 1 && $4 == "1h" { print $3 }' "$work/ls.csv" | sort -u | wc -l)" -lt 2 ]; then
    hours=$work/hours
    rm -rf "$hours" "$work/hours-files"; mkdir -p "$work/hours-files"
    awk -F, 'NR > 1 && $4 ~ /^(1|3|5|15|30)m$/ { print $4 + 0, $3, $4 }' "$work/ls.csv" | sort -k2,2 -k1,1n | awk '!seen[$2]++ { print $2, $3 }' |
        while read -r name size; do "$kline" resample --store "$store" "$name" "$size" --to 1h >"$work/hours-files/$name-1h.csv"; done
    find "$work/hours-files" -name '*.csv' | sort | xargs "$kline" import --store "$hours" >"$work/hours.log" 2>&1 || cat "$work/hours.log"
fi
symbols=$("$kline" ls --store "$hours" 2>/dev/null | awk -F, 'NR > 1 && $4 == "1h"' | wc -l)
# the last rows of a mart, numbers cut to six digits
last() {
    head -n 1 "$1" >"$work/last"; tail -n "$2" "$1" | awk -F, -v OFS=, '{ for (i = 1; i <= NF; i++) if ($i ~ /^-?[0-9.]+(e-?[0-9]+)?$/) $i = sprintf("%.6g", $i); print }' >>"$work/last"
    shift 2; table "$*" <"$work/last"
}
if [ "$symbols" -ge 2 ]; then
    title "marts: $symbols symbols by the hour"
    for mart in returns volume movers correlations market; do
        "$kline" marts $mart --store "$hours" >"$work/mart-$mart.csv" 2>"$work/marts.log"
        echo "  $mart: $(($(wc -l <"$work/mart-$mart.csv") - 1)) rows"
    done
    shown=$symbols; [ "$shown" -gt 7 ] && shown=7
    pairs=$((symbols * (symbols - 1) / 2)); [ "$pairs" -gt 7 ] && pairs=7
    last "$work/mart-returns.csv" "$shown" symbol,open_time,close,return_pct,rolling_vol_24h,volatility_regime,drawdown_pct
    last "$work/mart-volume.csv" "$shown" symbol,open_time,volume,avg_volume_24h,volume_spike_ratio,vwap_24h,activity
    last "$work/mart-movers.csv" "$shown" symbol,open_time,return_pct,mover_signal,label,rank
    last "$work/mart-correlations.csv" "$pairs" base,related,open_time,corr_24h,correlation_regime,breakdown_alert
    last "$work/mart-market.csv" 3 "$(head -n 1 "$work/mart-market.csv")"
    mkdir -p "$work/states"
    "$kline" marts returns --store "$hours" --state "$work/states/returns.$$" >/dev/null 2>&1
    again=$("$kline" marts returns --store "$hours" --state "$work/states/returns.$$" 2>/dev/null | wc -l); rm -f "$work/states/returns.$$"
    echo "  run again with its state kept: $((again - 1)) rows are new"
fi

title "summary"
awk -F, 'NR > 1 { rows += $5; missing += $9; bytes += $18 } END { printf "  %d series, %.0f rows, %.1f MB in the store, %.0f rows missing in gaps\n", NR - 1, rows, bytes / 1e6, missing }' "$work/ls.csv"
printf '  %d files imported, %d refused; %d s with the build; everything is in %s\n' "$(wc -l <"$work/imported")" "$(wc -l <"$work/refused")" "$(($(date +%s) - start))" "$work"
