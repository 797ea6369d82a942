/* Coarser bars for expressions such as sma(close@'1h', 20): folded exactly from the bars that come, known when they are closed. One that
 * the start of the source cuts off is none. */
#include "eval.h"
#include <stdlib.h>
#include <string.h>

static void eval_coarse_view(eval_coarse *c) {
    double **d = c->columns;
    c->view = (kl_columns){.n = c->n, .open_time_us = c->times, .open = d[0], .high = d[1], .low = d[2], .close = d[3], .volume = d[4],
                           .quote_volume = d[5], .trade_count = d[6], .taker_buy_base = d[7], .taker_buy_quote = d[8]};
}

/* Bars of another symbol may begin long before those of the plan. */
static kl_status eval_coarse_grow(eval_coarse *c) {
    const size_t room = 2 * c->room;
    kl_time *times = realloc(c->times, room * sizeof *times);
    if (!times) return KL_E_MEMORY;
    c->times = times;
    double *all = malloc(EVAL_COLUMNS * room * sizeof *all);
    if (!all) return KL_E_MEMORY;
    for (size_t k = 0; k < EVAL_COLUMNS; k++) memcpy(all + k * room, c->columns[k], c->n * sizeof *all);
    free(c->columns[0]);
    for (size_t k = 0; k < EVAL_COLUMNS; k++) c->columns[k] = all + k * room;
    c->room = room;
    return KL_OK;
}

static kl_status eval_coarse_candle(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    eval_coarse *c = ctx;
    union {
        double aligned;
        unsigned char bytes[2048];
    } room;
    kl_series view;
    kl_columns one;
    (void)info;
    if (row->open_time_us < c->begin) return KL_OK;
    memset(&view, 0, sizeof view);
    view.scale = *scale;
    view.n = view.capacity = 1;
    memcpy(&view.rows, &row, sizeof row); /* read only */
    kl_status status = c->n < c->room ? KL_OK : eval_coarse_grow(c);
    if (status >= 0) status = kl_series_columns(&view, room.bytes, sizeof room.bytes, &one);
    if (status < 0) return status;
    const double *const columns[EVAL_COLUMNS] = {one.open, one.high, one.low, one.close, one.volume, one.quote_volume, one.trade_count,
                                                 one.taker_buy_base, one.taker_buy_quote};
    for (int k = 0; k < EVAL_COLUMNS; k++) c->columns[k][c->n] = columns[k][0];
    c->times[c->n++] = row->open_time_us;
    return KL_OK;
}

kl_status eval_coarse_open(eval_coarse *c, const kl_interval *bars, const kl_interval *to, size_t room, kl_error *error) {
    kl_fold_options options;
    kl_fold_options_init(&options);
    options.from = *bars;
    options.to = *to;
    options.sink.ctx = c;
    options.sink.candle = eval_coarse_candle;
    size_t bytes = kl_fold_size(&options);
    c->room = room;
    c->bars = *bars;
    c->to = *to;
    c->memory = malloc(bytes);
    c->times = malloc(room * sizeof *c->times);
    c->columns[0] = malloc(EVAL_COLUMNS * room * sizeof(double));
    if (!c->memory || !c->times || !c->columns[0]) return KL_E_MEMORY;
    for (size_t k = 1; k < EVAL_COLUMNS; k++) c->columns[k] = c->columns[0] + k * room;
    eval_coarse_view(c);
    kl_status status = kl_fold_init(c->memory, bytes, &options, &c->fold);
    return status < 0 ? cli_set_error(error, status, 0, "the bars do not fill the coarser ones that an expression names") : KL_OK;
}

void eval_coarse_free(eval_coarse *c) {
    free(c->memory);
    free(c->times);
    free(c->columns[0]);
}

/* The fold waits for the next bar; where the last one ended the coarser one, that is known at once. */
static kl_status eval_coarse_ended(eval_coarse *c, kl_time last, kl_error *error) {
    kl_kline forming;
    kl_time end, close;
    if (kl_fold_peek(c->fold, &forming, NULL, NULL) != KL_OK) return KL_OK;
    if (kl_interval_next(&c->to, forming.open_time_us, &end) < 0 || kl_interval_next(&c->bars, last, &close) < 0 || end > close) return KL_OK;
    return kl_fold_finish(c->fold, error);
}

kl_status eval_coarse_push(eval_coarse *c, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    if (!c->begun && n) c->begun = 1, c->begin = rows[0].open_time_us;
    kl_status status = kl_fold_klines(c->fold, rows, n, scale, error);
    if (status >= 0 && n) status = eval_coarse_ended(c, rows[n - 1].open_time_us, error);
    eval_coarse_view(c);
    return status;
}

void eval_coarse_taken(eval_coarse *c, size_t n) {
    c->n -= n;
    memmove(c->times, c->times + n, c->n * sizeof *c->times);
    for (int k = 0; k < EVAL_COLUMNS; k++) memmove(c->columns[k], c->columns[k] + n, c->n * sizeof(double));
    eval_coarse_view(c);
}
