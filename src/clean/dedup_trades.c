/* One version per trade id, of single trades and of aggregates, whose ids count apart; trades without ids are told apart only on request (F26). */
#include "base/size.h"
#include "base/wide.h"
#include "clean/sort.h"
#include "kline/clean.h"
#include <string.h>

/* single trades before aggregates */
static int dedup_trade_kinds(const kl_trade *a, const kl_trade *b) {
    return (int)(a->flags & KL_TRADE_AGGREGATE) - (int)(b->flags & KL_TRADE_AGGREGATE);
}

/* equal in all that a trade says; a missing maker flag is content too. */
static int dedup_trade_compare(const kl_trade *a, const kl_trade *b) {
    int neutral = (int)(a->flags & KL_TRADE_NEUTRALISED) - (int)(b->flags & KL_TRADE_NEUTRALISED);
    if (neutral) return neutral; /* the venue took the other one back */
    if ((a->flags ^ b->flags) & KL_TRADE_MAKER_KNOWN) return a->flags & KL_TRADE_MAKER_KNOWN ? 1 : -1;
    if (a->time_us != b->time_us) return a->time_us < b->time_us ? -1 : 1;
    if (a->price != b->price) return a->price < b->price ? -1 : 1;
    int quantity = kl__wide_compare(a->quantity, b->quantity);
    if (quantity) return quantity;
    if (a->first_id != b->first_id) return a->first_id < b->first_id ? -1 : 1;
    if (a->last_id != b->last_id) return a->last_id < b->last_id ? -1 : 1;
    return a->flags == b->flags ? 0 : a->flags < b->flags ? -1 : 1;
}

/* one number for all content of a trade without id: equal trades stand side by side when sorted by it. */
static int64_t dedup_trade_mix(const kl_trade *t) {
    uint64_t h = (uint64_t)t->price * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ (h >> 29) ^ t->quantity.lo) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ (h >> 32) ^ (uint64_t)t->quantity.hi ^ t->flags) * UINT64_C(0x94D049BB133111EB);
    return (int64_t)(h ^ (h >> 31));
}

/* sets drop[i] for each trade without id that repeats an earlier one. keys has room for 2 n keys. */
static void dedup_trades_mark(const kl_trades *trades, kl__sort_key *keys, uint8_t *drop) {
    size_t n = 0;
    for (size_t i = 0; i < trades->n; i++) {
        if (trades->rows[i].id >= 0) continue;
        keys[n].major = trades->rows[i].time_us;
        keys[n].minor = dedup_trade_mix(&trades->rows[i]);
        keys[n++].index = i;
    }
    kl__sort_keys(keys, keys + trades->n, n);
    for (size_t i = 1, first = 0; i < n; i++) {
        if (keys[i].major != keys[first].major || keys[i].minor != keys[first].minor) {
            first = i;
            continue;
        }
        for (size_t j = first; j < i; j++)
            if (!drop[keys[j].index] && !dedup_trade_compare(&trades->rows[keys[j].index], &trades->rows[keys[i].index])) {
                drop[keys[i].index] = 1;
                break;
            }
    }
}

static size_t dedup_trades_collect(const kl_trades *trades, const kl__sort_key *keys, const uint8_t *drop, kl_trade *out,
                             kl_dedup_counts *counts) {
    size_t n = 0;
    for (size_t i = 0; i < trades->n; i++) {
        const kl_trade *row = &trades->rows[keys[i].index];
        if (drop && drop[keys[i].index]) {
            counts->same++;
        } else if (n && row->id >= 0 && row->id == out[n - 1].id && !dedup_trade_kinds(row, &out[n - 1])) {
            int order = dedup_trade_compare(row, &out[n - 1]);
            counts->same += order == 0;
            counts->replaced += order > 0;
            counts->kept += order < 0;
            if (order > 0) out[n - 1] = *row;
        } else {
            out[n++] = *row;
        }
    }
    counts->unique = n;
    return n;
}

static int dedup_trade_before(const kl_trade *a, const kl_trade *b) {
    int kinds = dedup_trade_kinds(a, b);
    if (kinds) return kinds < 0;
    return a->id != b->id ? a->id < b->id : a->time_us < b->time_us;
}

static kl_status dedup_trades_rebuild(kl_trades *trades, int32_t drop_equal_rows, kl_dedup_counts *counts, kl_error *error) {
    size_t n = trades->n, key_bytes, row_bytes, total;
    if (kl__size_mul(n, 2 * sizeof(kl__sort_key) + 1, &key_bytes) || kl__size_mul(n, sizeof(kl_trade), &row_bytes) ||
        kl__size_add(key_bytes, row_bytes, &total))
        return kl__fail(error, KL_E_OVERFLOW, 1, 0, 0, "there are too many trades to sort");
    kl_trade *rows = (kl_trade *)trades->alloc.take(trades->alloc.ctx, row_bytes);
    kl__sort_key *keys = rows ? (kl__sort_key *)trades->alloc.take(trades->alloc.ctx, key_bytes) : NULL;
    if (!keys) {
        if (rows) trades->alloc.give(trades->alloc.ctx, rows, row_bytes);
        return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory to sort %zu trades", n);
    }
    uint8_t *drop = (uint8_t *)(keys + 2 * n);
    memset(drop, 0, n);
    if (drop_equal_rows) dedup_trades_mark(trades, keys, drop);
    size_t single = 0, made; /* ids of single trades and of aggregates are two countings: one after the other */
    for (size_t i = 0; i < n; i++) single += !(trades->rows[i].flags & KL_TRADE_AGGREGATE);
    made = single;
    for (size_t i = 0, at = 0; i < n; i++) {
        kl__sort_key *key = &keys[trades->rows[i].flags & KL_TRADE_AGGREGATE ? made++ : at++];
        key->major = trades->rows[i].id;
        key->minor = trades->rows[i].time_us;
        key->index = i;
    }
    kl__sort_keys(keys, keys + n, single);
    kl__sort_keys(keys + single, keys + n, n - single);
    trades->n = dedup_trades_collect(trades, keys, drop, rows, counts);
    trades->alloc.give(trades->alloc.ctx, keys, key_bytes);
    trades->alloc.give(trades->alloc.ctx, trades->rows, trades->capacity * sizeof(kl_trade));
    trades->rows = rows;
    trades->capacity = n;
    return KL_OK;
}

kl_status kl_trades_dedup(kl_trades *trades, int32_t drop_equal_rows, kl_dedup_counts *counts, kl_error *error) {
    if (!trades) return kl__fail(error, KL_E_ARG, 1, 0, 0, "trades are missing");
    kl_dedup_counts made;
    memset(&made, 0, sizeof made);
    made.rows = made.unique = trades->n;
    int rising = 1;
    for (size_t i = 1; i < trades->n; i++) {
        const kl_trade *a = &trades->rows[i - 1], *b = &trades->rows[i];
        made.out_of_order += (uint64_t)dedup_trade_before(b, a);
        int kinds = dedup_trade_kinds(a, b);
        rising &= kinds < 0 || (kinds == 0 && a->id < b->id) || (kinds == 0 && a->id < 0 && a->id == b->id && a->time_us <= b->time_us && !drop_equal_rows);
    }
    if (!rising) KL__TRY(dedup_trades_rebuild(trades, drop_equal_rows, &made, error));
    if (counts) *counts = made;
    return KL_OK;
}
