/* The steps of 8 symbols: what is summed up of each alone, and how the two sides of its window meet. */
#ifndef KL__CORR_SYMBOLS_H
#define KL__CORR_SYMBOLS_H
#include "corr/corr.h"

/* A run of rows of 8 symbols: value t of symbol l at [t * step + l]. */
typedef struct kl__corr_lane_rows {
    const double *x;
    double *increment, *mean, *m2; /* mean and m2 of the items fed up to this one */
    ptrdiff_t x_step, increment_step, state_step;
} kl__corr_lane_rows;

/* sum + rest = sum + rest + x, exactly but for the rounding of rest. */
KL__INLINE void kl__corr_two_sum(double *sum, double *rest, double x) {
    double all = *sum + x, part = all - *sum;
    *rest += (*sum - (all - part)) + (x - part);
    *sum = all;
}

/* Feeds n rows as the items `first` + 1, ... of the sums; with first = 0 they begin anew. The increment of an item is n times its way from
 * the mean of all n. */
KL__INLINE void kl__corr_feed(kl__corr_sums *sums, const kl__corr_tables *tables, size_t first, size_t n,
                             const kl__corr_lane_rows *lanes) {
    kl__corr_sums s = *sums;
    const double *x = lanes->x;
    double *increment = lanes->increment, *mean = lanes->mean, *m2 = lanes->m2;
    for (size_t k = 0; k < n; k++) {
        const double count = (double)(first + k + 1), weight = tables->weight[first + k + 1], inverse = tables->inverse[first + k + 1];
        if (first + k == 0)
            for (size_t l = 0; l < KL__CORR_L; l++) {
                s.anchor[l] = x[l];
                s.s[l] = s.s_rest[l] = s.m2[l] = s.m2_rest[l] = x[l] - x[l]; /* NaN where it is missing */
            }
        for (size_t l = 0; l < KL__CORR_L; l++) {
            double d = x[l] - s.anchor[l];
            kl__corr_two_sum(&s.s[l], &s.s_rest[l], d);
            double total = s.s[l] + s.s_rest[l], q = d * count - total;
            kl__corr_two_sum(&s.m2[l], &s.m2_rest[l], (weight * q) * q);
            increment[l] = q;
            mean[l] = total * inverse;
            m2[l] = s.m2[l] + s.m2_rest[l];
        }
        x += lanes->x_step;
        increment += lanes->increment_step;
        mean += lanes->state_step;
        m2 += lanes->state_step;
    }
    *sums = s;
}

/* Merges the prefix that ends at p with the suffix that goes on there, whose states are given; NULL for the last place. */
KL__INLINE void kl__corr_merge(const kl__corr_tables *tables, size_t rows, size_t p, const double *anchor, const double *mean,
                               const double *m2, const double *past, const double *past_mean, const double *past_m2,
                               double *bridge, double *window_m2, double *window_mean) {
    const double weight = tables->bridge[p], share = tables->share[p];
    for (size_t l = 0; l < KL__CORR_L; l++) {
        double way = p + 1 < rows ? (anchor[l] - past[l]) + (mean[l] - past_mean[l]) : 0.0;
        bridge[l] = way;
        window_m2[l] = p + 1 < rows ? (past_m2[l] + m2[l]) + (weight * way) * way : m2[l];
        window_mean[l] = mean[l] - way * share;
    }
}

/* kl__corr_feed for the instruction set of the machine. */
typedef void (*kl__corr_feed_fn)(kl__corr_sums *sums, const kl__corr_tables *tables, size_t first, size_t n, const kl__corr_lane_rows *lanes);
kl__corr_feed_fn kl__corr_feed_best(void);

#endif
