/* What is asked of the windows of a tile: quantiles from their order statistics; ranks by comparing each window's values with
 * the ranked one and counting; missing values compare as neither. */
#include "base/fp.h"
#include "window/order.h"
#include "base/endian.h"
#include "base/number.h"

KL__INLINE void order_between_body(double *restrict low, const double *restrict high, size_t n, double frac) {
    if (frac == 0.5)
        for (size_t j = 0; j < n; j++) low[j] = kl__order_between(low[j], high[j], 0.5);
    else
        for (size_t j = 0; j < n; j++) low[j] = kl__order_between(low[j], high[j], frac);
}

KL__SIMD_EACH(order_between, (double *low, const double *high, size_t n, double frac), (low, high, n, frac))
static void (*const order_between[KL__SIMD_TIERS])(double *, const double *, size_t, double) = KL__SIMD_TABLE(order_between);

void kl__order_tile_quantiles(const double *span, size_t w, size_t n, const kl__order_ask *asks, size_t n_asks,
                              double *const *out) {
    double high[KL__ORDER_ASKS_MAX][KL__ORDER_TILE_ROWS];
    double *to[2 * KL__ORDER_ASKS_MAX] = {NULL}, *low_of[KL__ORDER_ASKS_MAX], frac[KL__ORDER_ASKS_MAX];
    uint32_t k[2 * KL__ORDER_ASKS_MAX] = {0};
    size_t wanted = 0, pairs = 0;
    for (size_t a = 0; a < n_asks; a++) {
        if (!kl__order_is_quantile(&asks[a])) continue;
        kl__order_place place = kl__order_place_of(&asks[a], (uint32_t)w);
        k[wanted] = place.low, to[wanted++] = out[a];
        if (place.low == place.high) continue;
        k[wanted] = place.high, to[wanted++] = high[pairs];
        frac[pairs] = place.frac, low_of[pairs++] = out[a];
    }
    kl__order_tile_values(span, w, n, k, wanted, to);
    for (size_t p = 0; p < pairs; p++) order_between[kl__simd_tier()](low_of[p], high[p], n, frac[p]);
}

/* Counts of windows: rows known, below and equal to the ranked value. */
typedef struct {
    int64_t known[KL__ORDER_TILE], less[KL__ORDER_TILE], equal[KL__ORDER_TILE];
} order_counts;

#define ORDER_COUNT_8(is)                                                                                            \
    (((int64_t)(is(x[j])) + (int64_t)(is(x[j + 1]))) + ((int64_t)(is(x[j + 2])) + (int64_t)(is(x[j + 3])))) +        \
        (((int64_t)(is(x[j + 4])) + (int64_t)(is(x[j + 5]))) + ((int64_t)(is(x[j + 6])) + (int64_t)(is(x[j + 7]))))
#define ORDER_IS_KNOWN(value) (value) == (value)
#define ORDER_IS_LESS(value) (value) < v[j]
#define ORDER_IS_EQUAL(value) (value) == v[j]

/* Eight more rows of each window, from x[0] on. */
KL__INLINE void order_count_8(const double *restrict x, const double *restrict v, size_t n, int64_t *restrict known,
                              int64_t *restrict less, int64_t *restrict equal) {
    for (size_t j = 0; j < n; j++) known[j] += ORDER_COUNT_8(ORDER_IS_KNOWN);
    for (size_t j = 0; j < n; j++) less[j] += ORDER_COUNT_8(ORDER_IS_LESS);
    for (size_t j = 0; j < n; j++) equal[j] += ORDER_COUNT_8(ORDER_IS_EQUAL);
}

/* One more row. */
KL__INLINE void order_count_1(const double *restrict x, const double *restrict v, size_t n, int64_t *restrict known,
                              int64_t *restrict less, int64_t *restrict equal) {
    for (size_t j = 0; j < n; j++) known[j] += x[j] == x[j];
    for (size_t j = 0; j < n; j++) less[j] += x[j] < v[j];
    for (size_t j = 0; j < n; j++) equal[j] += x[j] == v[j];
}

KL__INLINE void order_ranks_body(const double *span, const double *probe, double self, size_t w, size_t n,
                                 const kl__order_ask *asks, size_t n_asks, double *const *out, double *known) {
    const double missing = kl__bits_double(KL__BITS_NAN);
    order_counts c;
    for (size_t j = 0; j < n; j++) c.known[j] = c.less[j] = 0, c.equal[j] = (int64_t)self;
    size_t r = 0;
    for (; r + 8 <= w; r += 8) order_count_8(span + r, probe, n, c.known, c.less, c.equal);
    for (; r < w; r++) order_count_1(span + r, probe, n, c.known, c.less, c.equal);
    for (size_t a = 0; a < n_asks; a++) {
        if (kl__order_is_quantile(&asks[a])) continue;
        for (size_t j = 0; j < n; j++) {
            double rank = kl__order_rank_of(asks[a].what, asks[a].rule, (double)c.less[j], (double)c.equal[j],
                                           (double)c.known[j] + self);
            out[a][j] = probe[j] == probe[j] ? rank : missing;
        }
    }
    for (size_t j = 0; j < n; j++) known[j] = (double)c.known[j];
}

KL__SIMD_EACH(order_ranks, (const double *span, const double *probe, double self, size_t w, size_t n, const kl__order_ask *asks,
                            size_t n_asks, double *const *out, double *known),
              (span, probe, self, w, n, asks, n_asks, out, known))
static void (*const order_ranks[KL__SIMD_TIERS])(const double *, const double *, double, size_t, size_t, const kl__order_ask *,
                                                 size_t, double *const *, double *) = KL__SIMD_TABLE(order_ranks);

void kl__order_tile_ranks(const double *span, const double *probe, double self, size_t w, size_t n, const kl__order_ask *asks,
                          size_t n_asks, double *const *out, double *known) {
    order_ranks[kl__simd_tier()](span, probe, self, w, n, asks, n_asks, out, known);
}
