/* Series of other symbols of the store for kline eval, read along with the bars that they are aligned on. */
#include "eval.h"
#include <stdlib.h>
#include <string.h>

kl_status eval_other_open(eval_other *o, const cli_source *source, kl_store *store, size_t room, kl_error *error) {
    kl_series_key key;
    memset(o, 0, sizeof *o);
    kl_status status = cli_source_series(source, store, &o->stored, &key, error);
    if (status < 0) return status;
    strcpy(o->symbol, key.symbol);
    o->scan.verb = source->verb;
    o->scan.where = source->where;
    status = kl_stored_scan(o->stored, KL_TIME_MIN, source->to, &o->scan.scan, error);
    if (status < 0) return status;
    o->room = room;
    o->memory_bytes = (kl_series_columns_size(room) + 127) / 64 * 64;
    o->memory = aligned_alloc(64, o->memory_bytes);
    o->times = malloc(room * sizeof *o->times);
    o->read[0] = malloc(2 * EVAL_COLUMNS * room * sizeof(double));
    if (!o->memory || !o->times || !o->read[0]) return KL_E_MEMORY;
    for (size_t k = 0; k < EVAL_COLUMNS; k++) {
        o->read[k] = o->read[0] + k * room;
        o->columns[k] = o->read[0] + (EVAL_COLUMNS + k) * room;
    }
    return KL_OK;
}

void eval_other_free(eval_other *o) {
    kl_scan_free(o->scan.scan);
    kl_stored_close(o->stored);
    free(o->memory);
    free(o->times);
    free(o->read[0]);
}

/* Another block where the last one is used up. */
static kl_status other_block(eval_other *o, kl_error *error) {
    if (o->ended || o->used < o->scan.n) return KL_OK;
    kl_status status = cli_scan_next(&o->scan, error);
    o->used = 0;
    if (status == KL_END) o->ended = 1, o->scan.n = 0;
    return status < 0 ? status : KL_OK;
}

kl_status eval_other_fill(eval_other *o, kl_error *error) {
    while (o->n < o->room) {
        kl_series view;
        kl_columns c;
        kl_status status = other_block(o, error);
        if (status < 0 || o->ended) return status;
        const kl_kline *rows = o->scan.klines + o->used;
        size_t n = o->scan.n - o->used;
        if (n > o->room - o->n) n = o->room - o->n;
        if (n == 0) continue;
        memset(&view, 0, sizeof view);
        view.scale = o->scan.scale;
        view.n = view.capacity = n;
        memcpy(&view.rows, &rows, sizeof rows); /* read only */
        status = kl_series_columns(&view, o->memory, o->memory_bytes, &c);
        if (status < 0) return status;
        const double *const from[EVAL_COLUMNS] = {c.open, c.high, c.low, c.close, c.volume, c.quote_volume, c.trade_count, c.taker_buy_base, c.taker_buy_quote};
        for (int k = 0; k < EVAL_COLUMNS; k++) memcpy(o->read[k] + o->n, from[k], n * sizeof(double));
        for (size_t i = 0; i < n; i++) o->times[o->n + i] = rows[i].open_time_us;
        o->n += n;
        o->used += n;
    }
    return KL_OK;
}

static void other_drop(eval_other *o, size_t n) {
    o->n -= n;
    memmove(o->times, o->times + n, o->n * sizeof *o->times);
    for (int k = 0; k < EVAL_COLUMNS; k++) memmove(o->read[k], o->read[k] + n, o->n * sizeof(double));
}

kl_status eval_other_align(eval_other *o, const kl_time *times, size_t n, kl_error *error) {
    const double unknown = strtod("nan", NULL);
    size_t at = 0;
    kl_status status = KL_OK;
    for (size_t j = 0; j < n && status >= 0; j++) {
        while (status >= 0) { /* rows that the plan has no bar for are passed over */
            while (at < o->n && o->times[at] < times[j]) at++;
            if (at < o->n) break;
            other_drop(o, at);
            at = 0;
            status = eval_other_fill(o, error);
            if (o->n == 0) break;
        }
        const int there = at < o->n && o->times[at] == times[j];
        for (int k = 0; k < EVAL_COLUMNS; k++) o->columns[k][j] = there ? o->read[k][at] : unknown;
        at += there ? 1 : 0;
    }
    other_drop(o, at);
    double **d = o->columns;
    o->view = (kl_columns){.n = n, .open_time_us = times, .open = d[0], .high = d[1], .low = d[2], .close = d[3], .volume = d[4],
                           .quote_volume = d[5], .trade_count = d[6], .taker_buy_base = d[7], .taker_buy_quote = d[8]};
    return status;
}

kl_status eval_other_fold(eval_other *o, kl_time last, eval_coarse *coarse, kl_error *error) {
    for (;;) {
        kl_status status = other_block(o, error);
        if (status < 0 || o->ended) return status;
        const kl_kline *rows = o->scan.klines + o->used;
        size_t n = 0, left = o->scan.n - o->used;
        while (n < left && rows[n].open_time_us <= last) n++;
        if (n) status = eval_coarse_push(coarse, rows, n, &o->scan.scale, error);
        o->used += n;
        if (status < 0 || n < left) return status;
    }
}
