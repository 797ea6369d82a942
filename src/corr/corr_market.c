/* The common part of all symbols, without the matrix: the sum of what each moved, in units of its own length. */
#include "base/fp.h"
#include "base/roots.h"
#include "corr/corr.h"
#include <string.h>

/* Length of the sum of all in units of their number, below which only rounding is left of it. */
#define CORR_MARKET_LEAST 0x1p-40

/* The way of a symbol from its mean in row t of the window's ring, so scaled that its squares add up to 1. */
typedef struct corr_market_symbol {
    const double *x;
    double anchor, mean, scale;
} corr_market_symbol;

KL__INLINE double corr_market_z(const corr_market_symbol *s, size_t t) {
    return ((s->x[t * KL__CORR_L] - s->anchor) - s->mean) * s->scale;
}

/* 0 where symbol i has a hole or is flat. */
static int corr_market_take(const kl_corr *corr, const kl__corr_parts *parts, size_t i, corr_market_symbol *s) {
    const kl__corr_now *now = kl__corr_now_of(corr, parts, i / KL__CORR_L);
    const size_t lane = i % KL__CORR_L;
    s->x = kl__corr_part(corr, parts->x) + kl__corr_lane((size_t)corr->rows, i);
    s->anchor = kl__corr_sums_of(corr, parts, i / KL__CORR_L)->anchor[lane];
    s->mean = now->mean[lane];
    s->scale = now->scale[lane];
    return s->scale == s->scale;
}

int64_t kl_corr_market(const kl_corr *corr, double *scratch, double *average, double *each) {
    if (!corr || !scratch) return KL_E_ARG;
    kl__corr_parts parts;
    corr_market_symbol s;
    const size_t rows = (size_t)corr->rows, symbols = (size_t)corr->symbols;
    double square = 0.0;
    int64_t known = 0;
    (void)kl__corr_layout(symbols, rows, &parts);
    memset(scratch, 0, rows * sizeof *scratch);
    for (size_t i = 0; i < symbols; i++) {
        if (!corr_market_take(corr, &parts, i, &s)) continue;
        known++;
        for (size_t t = 0; t < rows; t++) scratch[t] += corr_market_z(&s, t);
    }
    for (size_t t = 0; t < rows; t++) square += scratch[t] * scratch[t];
    if (average) {
        double r = known > 1 ? (square - (double)known) / ((double)known * (double)(known - 1)) : (double)NAN;
        r = 1.0 < r ? 1.0 : r;
        *average = -1.0 > r ? -1.0 : r;
    }
    if (!each) return known;
    const double length = kl__sqrt(square), least = (double)known * CORR_MARKET_LEAST;
    for (size_t i = 0; i < symbols; i++) {
        double r = 0.0;
        int takes_part = corr_market_take(corr, &parts, i, &s);
        for (size_t t = 0; takes_part && t < rows; t++) r += corr_market_z(&s, t) * scratch[t];
        r = takes_part && length >= least ? r / length : (double)NAN;
        r = 1.0 < r ? 1.0 : r;
        each[i] = -1.0 > r ? -1.0 : r;
    }
    return known;
}
