#include "base/fp.h"
#include "indicator/forecast.h"
#include "window/tree_line.h"
#include "window/tree_span.h"

static kl__tree *forecast_tree(kl__forecast *f) { return (kl__tree *)(void *)((uintptr_t)(f + 1)); }

size_t kl__forecast_size(const double *params) { return sizeof(kl__forecast) + kl__tree_size(&kl__tree_slope, (size_t)params[0]); }

void kl__forecast_init(void *state, const double *params) {
    kl__forecast *f = state;
    const double n = params[0];
    *f = (kl__forecast){(n - 1.0) * 0.5, n * (n * n - 1.0) / 12.0, kl__nan(), 0};
    kl__tree_init(forecast_tree(f), &kl__tree_slope, (size_t)n);
    forecast_tree(f)->spare = 2; /* squared deviations */
}

/* line + slope, each of them a value of its own */
KL__INLINE double forecast_one(double mean, double g, double age, double squares) {
    const double slope = g / squares, at = mean + slope * age, next = at + slope;
    return kl__span_seal(next + (kl__span_lost(slope) + kl__span_lost(at)));
}

KL__INLINE void forecast_rows_body(const double *restrict mean, const double *restrict g, size_t n, double age, double squares,
                                   double *restrict y) {
    for (size_t j = 0; j < n; j++) y[j] = forecast_one(mean[j], g[j], age, squares);
}
KL__SIMD_EACH(forecast_rows, (const double *restrict mean, const double *restrict g, size_t n, double age, double squares,
                              double *restrict y), (mean, g, n, age, squares, y))
KL__INLINE double forecast_away(double x, double next) {
    const double way = x - next;
    return kl__span_seal(100.0 * (way / x) + kl__span_lost(way));
}
KL__INLINE void forecast_away_rows_body(const double *restrict x, const double *restrict next, size_t n, double *restrict y) {
    for (size_t j = 0; j < n; j++) y[j] = forecast_away(x[j], next[j]);
}
KL__SIMD_EACH(forecast_away_rows, (const double *restrict x, const double *restrict next, size_t n, double *restrict y), (x, next, n, y))

/* From the values of the window. */
static void forecast_again(kl__forecast *f) {
    kl__tree *t = forecast_tree(f);
    double stat[KL__TREE_STATS_MAX];
    if (!f->stale) return;
    const uint64_t end = t->count;
    for (t->count = end - t->w; t->count != end; t->count++)
        kl__tree_slope.step(t, kl__tree_raw(t, 0) + (size_t)(t->count & (kl__tree_capacity(t) - 1)), stat);
    t->stale = 0, f->stale = 0;
    f->next = forecast_one(stat[0], stat[2], f->age, f->squares);
}

void kl__forecast_run(kl__forecast *f, const double *x, size_t n, double *y, int away) {
    static void (*const rows[])(const double *restrict, const double *restrict, size_t, double, double, double *restrict) =
        KL__SIMD_TABLE(forecast_rows);
    static void (*const away_rows[])(const double *restrict, const double *restrict, size_t, double *restrict) =
        KL__SIMD_TABLE(forecast_away_rows);
    double mean[KL__CHUNK], g[KL__CHUNK], next[1 + KL__CHUNK], *stat[3] = {mean, NULL, g};
    kl__tree *t = forecast_tree(f);
    forecast_again(f);
    kl__tree_run(t, &kl__tree_slope, &x, n, stat);
    next[0] = f->next;
    rows[kl__simd_tier()](mean, g, n, f->age, f->squares, away ? next + 1 : y);
    f->next = away ? next[n] : y[n - 1];
    if (away) away_rows[kl__simd_tier()](x, next, n, y);
}

int kl__forecast_try(kl__forecast *f, const double *const *in, size_t n, double *const *out, int away) {
    const kl__line line = {away ? KL__LINE_AWAY : KL__LINE_AHEAD, f->age};
    if (!kl__tree_line_try(forecast_tree(f), &line, in, n, out)) return KL__ATTEMPT_FAILED;
    f->stale = 1;
    return KL__ATTEMPT_ORDINARY;
}

void kl__forecast_settle(void *state) {
    kl__forecast *f = state;
    forecast_again(f);
    kl__tree_settle(forecast_tree(f), &kl__tree_slope);
}

void kl__forecast_pack(void *state, kl__snap *p) {
    kl__forecast *f = state;
    kl__snap_f64(p, &f->next, 1);
    kl__snap_tree(p, forecast_tree(f), &kl__tree_slope);
}
