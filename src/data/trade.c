/* Trades: scales, a growable series of them; tops of order books. */
#include "base/fp.h"
#include "data/grow.h"
#include "data/scale.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

kl_status kl_trade_rescale(kl_trade *trade, const kl_scale *from, const kl_scale *to) {
    if (!trade || !kl__scale_valid(from) || !kl__scale_valid(to)) return KL_E_ARG;
    kl_trade scaled = *trade;
    KL__TRY(kl__scale_i64(&scaled.price, to->price - from->price));
    KL__TRY(kl__scale_wide(&scaled.quantity, to->volume - from->volume));
    *trade = scaled;
    return KL_OK;
}

kl_status kl_trades_init(kl_trades *trades, const kl_alloc *alloc) {
    if (!trades) return KL_E_ARG;
    memset(trades, 0, sizeof *trades);
    trades->alloc = *(alloc ? alloc : kl_alloc_libc());
    return KL_OK;
}

void kl_trades_free(kl_trades *trades) {
    if (!trades) return;
    if (trades->rows) trades->alloc.give(trades->alloc.ctx, trades->rows, trades->capacity * sizeof *trades->rows);
    trades->rows = NULL;
    trades->n = trades->capacity = 0;
}

/* The first trade, from 1, that says more than the scale held. */
static int64_t trades_first_finer(const kl_trade *rows, size_t n, const kl_scale *scale, const kl_scale *held) {
    for (size_t i = 0; i < n; i++) {
        kl_trade copy = rows[i];
        if (kl_trade_rescale(&copy, scale, held) == KL_E_SCALE) return (int64_t)i + 1;
    }
    return 1;
}

kl_status kl_trades_append(kl_trades *trades, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error) {
    size_t total;
    if (!trades || (!rows && n > 0) || !kl__scale_valid(scale))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "trades, rows and their scale are needed");
    if (n == 0) return KL_OK;
    void *memory = trades->rows;
    if (kl__size_add(trades->n, n, &total) ||
        kl__grow(&trades->alloc, &memory, &trades->capacity, total, sizeof *trades->rows) < 0)
        return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for trades");
    trades->rows = (kl_trade *)memory;
    kl_scale to = trades->scale;
    if (scale->price > to.price) to.price = scale->price;
    if (scale->volume > to.volume) to.volume = scale->volume;
    /* the new rows are made behind the end, where nobody looks until n moves */
    memcpy(trades->rows + trades->n, rows, n * sizeof *rows);
    if (scale->price != to.price || scale->volume != to.volume) {
        for (size_t i = 0; i < n; i++) {
            kl_status status = kl_trade_rescale(trades->rows + trades->n + i, scale, &to);
            if (status < 0)
                return kl__fail(error, status, 0, (int64_t)i + 1, 0, "a number does not fit the finer scale of the trades");
        }
    }
    if (to.price != trades->scale.price || to.volume != trades->scale.volume) {
        for (size_t i = 0; i < trades->n; i++) { /* all must fit before any changes */
            kl_trade copy = trades->rows[i];
            kl_status status = kl_trade_rescale(&copy, &trades->scale, &to);
            if (status < 0)
                return kl__fail(error, status, 0, trades_first_finer(rows, n, scale, &trades->scale), 0,
                                "it brings a finer scale, which trade %zu of the series does not fit", i + 1);
        }
        for (size_t i = 0; i < trades->n; i++) kl_trade_rescale(trades->rows + i, &trades->scale, &to);
        trades->scale = to;
    }
    trades->n = total;
    return KL_OK;
}

double kl_book_spread(const kl_book_top *top) { return top ? top->ask - top->bid : (double)NAN; }

double kl_book_spread_bps(const kl_book_top *top) {
    if (!top) return (double)NAN;
    double mid = top->bid + (top->ask - top->bid) * 0.5;
    return mid > 0 ? (top->ask - top->bid) / mid * 1e4 : (double)NAN;
}
