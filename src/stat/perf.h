/* What the sources of performance figures share. */
#ifndef KL__PERF_H
#define KL__PERF_H
#include "base/number.h"
#include "base/roots.h"
#include "data/civil.h"
#include "kline/stat.h"
#include "stat/known.h"
#include "stat/moments.h"

/* A history as figures are made of it. */
typedef struct kl__perf_history {
    const double *returns, *benchmark; /* as sampled; benchmark or NULL */
    size_t n, periods;                 /* returns; how many count in growth */
    const double *curve;               /* every row, the start in front */
    size_t points, marks;              /* marks: points that count in the ulcer index, from the end */
    const kl_time *time_us;            /* of the points from `before` on; NULL: none */
    size_t before;
    double years;
    double *sorted, *spare;            /* n values each */
    int32_t only;                      /* the figure that is wanted; -1: all */
} kl__perf_history;

/* One NaN, and what is the matter with it. */
KL__INLINE void kl__perf_put(kl_perf *perf, int32_t figure, double value) {
    perf->value[figure] = value == value ? value + 0.0 : (double)NAN;
    perf->state[figure] = value != value ? KL_PERF_UNDEFINED : kl__known(value) ? KL_PERF_DEFINED : KL_PERF_INFINITE;
}
KL__INLINE void kl__perf_none(kl_perf *perf, int32_t figure, int32_t state) {
    perf->value[figure] = (double)NAN;
    perf->state[figure] = (uint8_t)state;
}
/* 0/0 is undefined, x/0 infinite. */
KL__INLINE double kl__perf_ratio(double top, double bottom) {
    if (bottom == 0 && top != 0) return top > 0 ? (double)INFINITY : -(double)INFINITY;
    return bottom == 0 ? (double)NAN : top / bottom;
}
/* x^y for x from 0. */
KL__INLINE double kl__perf_power(double x, double y) {
    if (!(x >= 0)) return (double)NAN;
    return x == 0 ? (y > 0 ? 0.0 : (double)NAN) : x == 1 ? 1.0 : kl_exp(y * kl_ln(x));
}

/* 0 where the conventions (NULL: the library's own) cannot be used. */
int kl__perf_conventions_copy(kl_perf_conventions *to, const kl_perf_conventions *from);
/* Fills in what is open where there are no times. 0 where the periods of a year are not known. */
int kl__perf_untimed(kl_perf_conventions *c);
double kl__perf_untimed_years(const kl_perf_conventions *c, size_t periods);
/* Sorts n values upwards; none is NaN. */
void kl__perf_sort(double *value, double *spare, size_t n);
/* Of n sorted values, n above 0, by linear interpolation. */
double kl__perf_quantile(const double *sorted, size_t n, double level);
/* The deepest fall below the peak so far, 0 or less; unknown values are passed over; NaN without a value above 0. */
double kl__worst_drawdown(const double *curve, size_t n);

/* The figures of one group. */
void kl__perf_growth(kl_perf *perf, const kl__perf_history *history);
void kl__perf_ratios(kl_perf *perf, const kl__perf_history *history);
void kl__perf_tails(kl_perf *perf, const kl__perf_history *history);
void kl__perf_drawdowns(kl_perf *perf, const kl__perf_history *history);
void kl__perf_benchmark(kl_perf *perf, const kl__perf_history *history);
/* All of them. */
void kl__perf_all(kl_perf *perf, const kl__perf_history *history);

/* One figure of untimed returns, by conventions of kl__perf_untimed; scratch: KL__PERF_SCRATCH(n) values. */
#define KL__PERF_SCRATCH(n) (3 * ((n) + 1))
double kl__perf_one(int32_t figure, const kl_perf_conventions *c, const double *returns, const double *benchmark, size_t n, double *scratch);
/* 0: not made of returns; 2: of a benchmark too; otherwise 1. */
int kl__perf_made_of(int32_t figure);

/* What a sweep wants of each trial, in one pass over equity that is known everywhere; the same bits as kl_perf_equity by rows. */
typedef struct kl__perf_light {
    double rows, total_return, max_drawdown, mean, deviation; /* a period; sample */
    double sharpe;                                            /* a period; NaN where the deviation is 0 */
} kl__perf_light;
void kl__perf_light_of(const double *equity, size_t n, kl__perf_light *light);

#endif
