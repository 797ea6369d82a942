/* Reading a series: range scans, whole ranges, coverage, checkpoint, what there is. */
#include "store/stored.h"

struct kl_scan {
    kl_stored *stored;
    kl__merge *merge;
    kl_time from, to;
    kl_scale scale;
    int32_t kind;
    int32_t damage; /* known damage in the range, to be told first */
    int64_t last;   /* greatest key of the series */
};

static kl_status scan_fail(kl_error *error, kl_status status) {
    return kl__fail(error, status, 0, 0, 0, "%s",
                    status == KL_E_CORRUPT ? "a block of the series is damaged; its range is uncovered now"
                                           : kl_status_text(status));
}

/* Keys that rows of [from, to) may have: times are keys, but for trades with ids, whose order is by id. */
static int scan_keys(const kl_stored *s, kl_time from, kl_time to, int64_t *first, int64_t *last) {
    *first = from, *last = to - 1;
    if (s->totals.kind != KL__KIND_TRADES_ID) return 1;
    int any = 0;
    for (size_t i = 0; i < s->w.blocks_before || (!s->w.open && i < s->blocks.n); i++) {
        const kl__entry *e = &s->blocks.entries[i];
        if (e->dead || e->last_time < from || e->first_time >= to) continue;
        if (!any || e->first_key < *first) *first = e->first_key;
        if (!any || e->last_key > *last) *last = e->last_key;
        any = 1;
    }
    return any;
}

/* 1 where rows of the range were lost that no commit has recorded yet. */
static int32_t scan_damage(const kl_stored *s, kl_time from, kl_time to) {
    int32_t any = s->lost;
    for (size_t i = 0; i < s->dead_n; i++) {
        const kl__dead *d = &s->dead[i];
        any |= d->first_time < d->last_time && d->first_time < to && d->last_time > from;
    }
    return any;
}

static int64_t scan_last_key(const kl_stored *s, size_t blocks) {
    int64_t last = INT64_MIN;
    if (!s->recount) return s->totals.rows ? s->totals.last_key : last;
    for (size_t i = 0; i < blocks; i++) {
        const kl__entry *e = &s->blocks.entries[i];
        if (!e->dead && e->last_key > last) last = e->last_key;
    }
    return last;
}

kl_status kl_stored_scan(kl_stored *stored, kl_time from, kl_time to, kl_scan **scan, kl_error *error) {
    int64_t first, last;
    if (!stored || !scan) return kl__fail(error, KL_E_ARG, stored ? 4 : 1, 0, 0, "an argument is missing");
    kl_scan *s = (kl_scan *)kl__stored_take(stored, sizeof *s);
    if (!s) return scan_fail(error, KL_E_MEMORY);
    memset(s, 0, sizeof *s);
    s->stored = stored;
    s->from = from, s->to = to;
    s->scale = stored->totals.scale;
    s->kind = stored->totals.kind;
    size_t blocks = stored->w.open ? stored->w.blocks_before : stored->blocks.n;
    s->last = scan_last_key(stored, blocks);
    s->damage = from < to && scan_damage(stored, from, to);
    if (from < to && scan_keys(stored, from, to, &first, &last)) {
        kl_status status = kl__merge_new(stored, first, last, blocks, &s->scale, &s->merge);
        if (status < 0) {
            kl__stored_give(stored, s, sizeof *s);
            return scan_fail(error, status);
        }
    }
    *scan = s;
    return KL_OK;
}

void kl_scan_free(kl_scan *scan) {
    if (!scan) return;
    kl__merge_free(scan->merge);
    kl__stored_give(scan->stored, scan, sizeof *scan);
}

static kl_status scan_next(kl_scan *scan, void **rows, size_t *n, kl_scale *scale, kl_error *error) {
    *rows = NULL;
    *n = 0;
    if (scale) *scale = scan->scale;
    if (scan->damage) {
        scan->damage = 0;
        return scan_fail(error, KL_E_CORRUPT);
    }
    if (!scan->merge) return KL_END;
    kl_status status = kl__merge_batch(scan->merge, rows, n);
    return status < 0 ? scan_fail(error, status) : status;
}

/* The last row of a source lacks proof that it is closed: a later row of the series is that proof. */
static void scan_close_klines(const kl_scan *scan, kl_kline *rows, size_t n) {
    for (size_t i = 0; i < n; i++)
        if ((rows[i].flags & KL_SUSPECT) && rows[i].open_time_us < scan->last)
            rows[i].flags = (rows[i].flags & ~(uint32_t)KL_SUSPECT) | KL_CLOSED;
}

kl_status kl_scan_klines(kl_scan *scan, const kl_kline **rows, size_t *n, kl_scale *scale, kl_error *error) {
    void *found;
    if (!scan || !rows || !n) return kl__fail(error, KL_E_ARG, scan ? rows ? 3 : 2 : 1, 0, 0, "an argument is missing");
    if (scan->kind != KL__KIND_KLINES) return kl__fail(error, KL_E_MISMATCH, 1, 0, 0, "the series holds trades");
    kl_status status = scan_next(scan, &found, n, scale, error);
    if (status == KL_OK) scan_close_klines(scan, (kl_kline *)found, *n);
    *rows = status == KL_OK ? (const kl_kline *)found : NULL;
    return status;
}

/* Drops trades outside the range and what only the store knows. */
static size_t scan_keep_trades(const kl_scan *scan, kl_trade *rows, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].time_us < scan->from || rows[i].time_us >= scan->to) continue;
        if (kept != i) rows[kept] = rows[i];
        rows[kept++].reserved = 0;
    }
    return kept;
}

kl_status kl_scan_trades(kl_scan *scan, const kl_trade **rows, size_t *n, kl_scale *scale, kl_error *error) {
    void *found;
    if (!scan || !rows || !n) return kl__fail(error, KL_E_ARG, scan ? rows ? 3 : 2 : 1, 0, 0, "an argument is missing");
    if (scan->kind == KL__KIND_KLINES) return kl__fail(error, KL_E_MISMATCH, 1, 0, 0, "the series holds candles");
    *rows = NULL;
    for (;;) {
        kl_status status = scan_next(scan, &found, n, scale, error);
        if (status != KL_OK) return status;
        *n = scan_keep_trades(scan, (kl_trade *)found, *n);
        *rows = (const kl_trade *)found;
        if (*n) return KL_OK;
    }
}

kl_status kl_stored_read(kl_stored *stored, kl_time from, kl_time to, kl_series *series, kl_error *error) {
    kl_scan *scan;
    if (!series) return kl__fail(error, KL_E_ARG, 4, 0, 0, "the series to fill is missing");
    KL__TRY(kl_stored_scan(stored, from, to, &scan, error));
    size_t before = series->n, n;
    const kl_kline *rows;
    kl_scale scale;
    kl_status status;
    while ((status = kl_scan_klines(scan, &rows, &n, &scale, error)) == KL_OK)
        if ((status = kl_series_append(series, rows, n, &scale, error)) < 0) break;
    kl_scan_free(scan);
    if (status < 0) {
        series->n = before;
        return status;
    }
    series->key = stored->key;
    return KL_OK;
}

kl_status kl_stored_read_trades(kl_stored *stored, kl_time from, kl_time to, kl_trades *trades, kl_error *error) {
    kl_scan *scan;
    if (!trades) return kl__fail(error, KL_E_ARG, 4, 0, 0, "the trades to fill are missing");
    KL__TRY(kl_stored_scan(stored, from, to, &scan, error));
    size_t before = trades->n, n;
    const kl_trade *rows;
    kl_scale scale;
    kl_status status;
    while ((status = kl_scan_trades(scan, &rows, &n, &scale, error)) == KL_OK)
        if ((status = kl_trades_append(trades, rows, n, &scale, error)) < 0) break;
    kl_scan_free(scan);
    if (status < 0) {
        trades->n = before;
        return status;
    }
    trades->key = stored->key;
    return KL_OK;
}

kl_status kl_stored_coverage(kl_stored *stored, kl_coverage *coverage, kl_error *error) {
    if (!stored || !coverage) return kl__fail(error, KL_E_ARG, stored ? 2 : 1, 0, 0, "an argument is missing");
    kl_coverage fresh;
    kl_coverage_init(&fresh, &coverage->alloc);
    for (size_t i = 0; i < stored->coverage.n; i++) {
        kl_status status = kl_coverage_add(&fresh, stored->coverage.ranges[i].from, stored->coverage.ranges[i].to);
        if (status < 0) {
            kl_coverage_free(&fresh);
            return scan_fail(error, status);
        }
    }
    kl_coverage_free(coverage);
    *coverage = fresh;
    return KL_OK;
}

kl_status kl_stored_checkpoint(kl_stored *stored, kl_checkpoint *checkpoint, kl_error *error) {
    kl__header h;
    uint8_t *image;
    if (!stored || !checkpoint) return kl__fail(error, KL_E_ARG, stored ? 2 : 1, 0, 0, "an argument is missing");
    if (!stored->totals.state) return kl__fail(error, KL_E_NOT_FOUND, 0, 0, 0, "the series holds no checkpoint");
    kl_status status = kl__stored_header(stored, stored->totals.state, KL__BLOCK_STATE, &h);
    if (status >= 0) status = kl__stored_lead(stored, &h, &image);
    if (status < 0)
        return kl__fail(error, status, 0, 0, 0, "the checkpoint of the series cannot be read: %s",
                        kl_status_text(status));
    status = kl_checkpoint_decode(checkpoint, image, h.lead, error);
    kl__stored_give(stored, image, h.lead);
    return status;
}

kl_status kl_stored_info_get(kl_stored *stored, kl_stored_info *info, kl_error *error) {
    if (!stored || !info) return kl__fail(error, KL_E_ARG, stored ? 2 : 1, 0, 0, "an argument is missing");
    if (stored->recount) {
        size_t blocks = stored->w.open ? stored->w.blocks_before : stored->blocks.n;
        kl_status status = kl__stored_recount(stored, blocks, &stored->totals);
        if (status < 0) return scan_fail(error, status);
        if (!stored->w.open) stored->recount = 0; /* the transaction has to count for itself */
    }
    const kl__totals *t = &stored->totals;
    const kl_coverage *c = &stored->coverage;
    memset(info, 0, sizeof *info);
    info->key = stored->key;
    info->scale = t->scale;
    info->rows = t->rows;
    info->versions = t->versions;
    info->first_us = t->rows ? t->first_time : KL_TIME_NONE;
    info->last_us = t->rows ? t->last_time : KL_TIME_NONE;
    info->first_id = info->last_id = -1;
    if (t->kind == KL__KIND_TRADES_ID && t->rows) info->first_id = t->first_key, info->last_id = t->last_key;
    info->bytes = stored->end;
    info->commits = t->commits;
    info->torn_bytes = stored->torn_bytes;
    info->damaged_blocks = t->damaged + stored->dead_n + (uint64_t)stored->lost;
    info->covered_from = c->n ? c->ranges[0].from : KL_TIME_NONE;
    info->covered_to = c->n ? c->ranges[c->n - 1].to : KL_TIME_NONE;
    info->covered_ranges = c->n;
    return KL_OK;
}

/* Every byte of every block that is alive. Goes on behind damage. */
kl_status kl_stored_verify(kl_stored *stored, kl_error *error) {
    kl_status result = KL_OK;
    if (!stored) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the series is missing");
    if (stored->w.open) return kl__fail(error, KL_E_STATE, 1, 0, 0, "a transaction is open");
    for (size_t i = 0; i < stored->blocks.n; i++) {
        kl__entry e = stored->blocks.entries[i];
        kl__header h;
        if (e.dead) continue;
        kl_status status = kl__stored_header(stored, e.offset, KL__BLOCK_ROWS_TYPE, &h);
        if (status >= 0) status = kl__stored_check_block(stored, &h);
        if (status == KL_E_CORRUPT) {
            result = status;
            status = kl__stored_damage(stored, e.offset, e.first_time, e.last_time);
        }
        if (status < 0) return scan_fail(error, status);
    }
    if (stored->totals.state) {
        kl__header h;
        kl_status status = kl__stored_header(stored, stored->totals.state, KL__BLOCK_STATE, &h);
        if (status >= 0) status = kl__stored_check_block(stored, &h);
        if (status < 0) return kl__fail(error, status, 0, 0, 0, "the checkpoint of the series is damaged");
    }
    if (result == KL_OK && (stored->dead_n || stored->lost)) result = KL_E_CORRUPT;
    return result < 0 ? scan_fail(error, result) : KL_OK;
}
