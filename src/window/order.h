/* Order statistics of the last values: quantiles and ranks, exact, a function of the window's contents alone.
 *
 * Short windows in batch go by tiles (order_tile.c), in vector loops over time; everything else steps through a sorted copy
 * of the window (order_sorted.h). Both give the same bits, for an order statistic is one of the values, and what is
 * interpolated between two of them is written once, below.
 *
 * Missing values (NaN) are passed over. Inputs are NaN or finite, below 2^1000 in magnitude, and never -0.0. */
#ifndef KL__WINDOW_ORDER_H
#define KL__WINDOW_ORDER_H
#include "base/check.h"
#include "kline/window.h"
#include "simd/level.h"

#define KL__ORDER_ASKS_MAX 8

enum { /* kl__order_ask.what */
    KL__ORDER_QUANTILE = 1, /* q in 0..1 and rule KL_QUANTILE_x; the median is 0.5, KL_QUANTILE_LINEAR */
    KL__ORDER_RANK = 2,     /* rule KL_RANK_x; KL_RANK_BELOW: how many are smaller */
    KL__ORDER_PRANK = 3,    /* rank / n; KL_RANK_BELOW: how many are smaller / (n - 1), and 0 where n is 1 */
    KL__ORDER_LESS = 4,     /* how many are smaller */
    KL__ORDER_EQUAL = 5     /* how many are equal, the ranked value itself among them */
};
typedef struct kl__order_ask {
    int32_t what;
    int32_t rule;
    double q;
} kl__order_ask;

/* The head; its doubles follow it directly: raw values, sorted values and what leads to them. No pointers. */
typedef struct kl__order {
    uint32_t w;      /* most rows of a window */
    uint32_t at;     /* where the next raw value goes */
    uint32_t length; /* rows that the sorted values describe */
    uint32_t known;  /* how many of them are known */
    uint32_t stale;  /* 1: the sorted values lag behind the raw ones */
    uint32_t shift;  /* long windows: a block is 2^shift sorted values */
    uint32_t blocks; /* 0: a short window, in one array */
    uint32_t sorted; /* long windows: 1 + how many of the w - 1 newest rows the scratch holds sorted; 0: it does not */
} kl__order;

/* Bytes of a window of 1 <= w <= 2^20 rows, a multiple of 8. */
size_t kl__order_size(size_t w);
/* All w rows of the window are missing at first. */
void kl__order_init(kl__order *t, size_t w);
/* n values in; what is asked (1..KL__ORDER_ASKS_MAX) of the n windows that end with them out: out[a][j], unknown where no
 * value is known. `rows`: the length of each window, up to w; NULL: w. `probe`: the values to rank, each counted as one more
 * value of its window; NULL: the newest value of the window is ranked, which is in it. A missing one has no rank.
 * `known`: how many values each window knows, without the probe; or NULL. Outputs may not overlap anything. */
void kl__order_run(kl__order *t, const double *x, const double *probe, const uint32_t *rows, size_t n,
                   const kl__order_ask *asks, size_t n_asks, double *const *out, double *known);
/* A raw value: j = 0 is the oldest of w, j = w - 1 the newest. A snapshot holds these; pushing them after init restores. */
double *kl__order_value(kl__order *t, size_t j);
/* Sorts again what tiles left behind, so that the next step has not to. */
void kl__order_settle(kl__order *t);

/* Which sorted values a quantile of n > 0 values lies between, and where: frac is 0 where it is one of them. */
typedef struct kl__order_place {
    uint32_t low, high;
    double frac;
} kl__order_place;

/* h = (n - 1) * q, rounded once. */
KL__INLINE kl__order_place kl__order_place_of(const kl__order_ask *ask, uint32_t n) {
    double h = (double)(n - 1) * ask->q;
    uint32_t low = (uint32_t)h;
    if (low > n - 1) low = n - 1;
    double frac = h - (double)low;
    kl__order_place place = {low, low, 0.0};
    if (frac == 0.0 || low == n - 1) return place;
    switch (ask->rule) {
    case KL_QUANTILE_LOWER: break;
    case KL_QUANTILE_HIGHER: place.low = place.high = low + 1; break;
    case KL_QUANTILE_NEAREST: place.low = place.high = low + (uint32_t)(frac > 0.5 || (frac == 0.5 && (low & 1))); break;
    case KL_QUANTILE_MIDPOINT: place.high = low + 1, place.frac = 0.5; break;
    default: place.high = low + 1, place.frac = frac;
    }
    return place;
}

/* Half way is the midpoint, so that every rule that interpolates agrees with the median. */
KL__INLINE double kl__order_between(double low, double high, double frac) {
    return (frac == 0.5 ? (low + high) * 0.5 : low + (high - low) * frac) + 0.0;
}

/* The rank of one of n values, of which `less` are smaller and `equal` are equal, itself among them. */
KL__INLINE double kl__order_rank_of(int32_t what, int32_t rule, double less, double equal, double n) {
    if (what == KL__ORDER_LESS) return less;
    if (what == KL__ORDER_EQUAL) return equal;
    double rank = rule == KL_RANK_BELOW ? less : rule == KL_RANK_MIN ? less + 1.0 : rule == KL_RANK_MAX ? less + equal
                                               : less + (equal + 1.0) * 0.5;
    if (what == KL__ORDER_RANK) return rank;
    if (rule != KL_RANK_BELOW) return rank / n;
    return n > 1.0 ? rank / (n - 1.0) : 0.0;
}

/* Tiles: all values of the windows are in `span`, w - 1 + n of them, oldest first. */
#define KL__ORDER_TILE_W 36   /* longest window whose quantiles may go by tiles: the values must be known */
#define KL__ORDER_RANK_W 256  /* the same of ranks, also with missing values */
#define KL__ORDER_TILE 256    /* most windows of a tile of ranks */
#define KL__ORDER_TILE_ROWS 120 /* windows of a tile of quantiles and w - 1 more rows */
KL__INLINE size_t kl__order_tile_rows(size_t w) { return KL__ORDER_TILE_ROWS + 1 - w; }
/* Sorted values k[0 .. wanted - 1], from 0, of each window. */
void kl__order_tile_values(const double *span, size_t w, size_t n, const uint32_t *k, size_t wanted, double *const *out);
void kl__order_tile_quantiles(const double *span, size_t w, size_t n, const kl__order_ask *asks, size_t n_asks,
                              double *const *out);
/* probe: n values to rank; self 1.0 where they are no members of their windows, else 0.0. Fills `known` (not NULL) too. */
void kl__order_tile_ranks(const double *span, const double *probe, double self, size_t w, size_t n, const kl__order_ask *asks,
                          size_t n_asks, double *const *out, double *known);

KL__INLINE int kl__order_is_quantile(const kl__order_ask *ask) { return ask->what == KL__ORDER_QUANTILE; }

#endif
