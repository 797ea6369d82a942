#!/bin/sh
# Damaged stores, and two writers at a time.   damage.sh KLINE
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
awk 'BEGIN { for (i = 0; i < 40000; i++) printf "%d,1.5,2.25,0.5,1.%02d,%d\n", 1704067200 + 60 * i, i % 100, i % 977 + 1 }' >rows-1m.csv
for symbol in AAA BBB; do "$kline" import rows-1m.csv --store s --symbol $symbol 2>err || fail "import: $(cat err)"; done
"$kline" export --store s AAA 1m >want
file=$(ls s/*AAA*.kls); size=$(wc -c <"$file"); cp "$file" good

# damage NAME EXIT...: what ls, export and check make of it: they say so, and the other series is there
damage() {
    name=$1; shift
    "$kline" export --store s AAA 1m >out 2>err; code=$?
    case " $* " in *" $code "*) ;; *) fail "$name: export ends with $code: $(cat err)" ;; esac
    [ $code = 0 ] || grep -q '(corrupt)\|(not_found)' err || fail "$name: $(cat err)"
    # success means everything, and whatever is printed is true
    [ $code != 0 ] || cmp out want || fail "$name: rows are missing and nothing is said"
    awk 'NR == FNR { is[$0]; next } !($0 in is)' want out >wrong
    [ -s wrong ] && fail "$name: rows that never were: $(head -n 1 wrong)"
    "$kline" ls --store s 2>err | grep -q '^,,BBB,1m,40000,' || fail "$name: the other series is gone"
    "$kline" check --store s >out 2>err; code=$?
    [ $code -le 3 ] || fail "$name: check ends with $code"
    cp good "$file"
}
for at in 10000 100000 $((size / 2)) $((size - 100)); do
    printf 'ZZZZ' | dd of="$file" bs=1 seek=$at conv=notrunc 2>/dev/null
    damage "four bytes at $at" 0 3
done
for at in 0 100 5000 9000 $((size / 3)) $((size - 1)); do
    head -c $at good >"$file"
    damage "cut at $at" 0 3 4
done
cp rows-1m.csv "$file"
damage "another file" 3
"$kline" export --store s AAA 1m | cmp - want || fail "the good file reads otherwise now"
ok "damaged store files"

# a second writer is turned away, and the first one is not disturbed
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "%d,1.5,2.25,0.5,1.75,3\n", 1604067200 - 1604067200 % 60 + 60 * i }' >long.csv
mkfifo fifo
"$kline" import - --store s --symbol CCC --interval 1m <fifo 2>first &
job=$!
exec 3>fifo
cat long.csv >&3
tries=0 # it holds the lock as soon as it has seen enough rows
while "$kline" import rows-1m.csv --store s --symbol CCC 2>second; do
    tries=$((tries + 1)); [ $tries -lt 20 ] || break
done
grep -q '(locked)' second || fail "a second writer: $(cat second)"
"$kline" import rows-1m.csv --store s --symbol CCC 2>second; code=$?
[ $code = 4 ] || fail "a second writer: exit $code"
exec 3>&-
wait $job || fail "the first writer: $(cat first)"
grep -q 'CCC 1m: 200000 rows' first || fail "the first writer: $(cat first)"
ok "two writers"
finish
