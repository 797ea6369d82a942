/* Means, squared deviations and their product of the rows where both series are known: tree_pair.c with counts, and the anchors
 * in the node. */
#include "base/fp.h"
#include "window/count_engine.h"

enum {
    COUNT_PAIR_SCALE = 1, COUNT_PAIR_C = 2, COUNT_PAIR_SUM = 3, COUNT_PAIR_K = 5, COUNT_PAIR_M = 7, COUNT_PAIR_M2 = 9,
    COUNT_PAIR_FIELDS = 11 /* x, y of the last four */
};

KL__INLINE void count_pair_leaf(const double *x, double *node) {
    node[COUNT_PAIR_SCALE] = 1.0;
    for (size_t s = 0; s < 2; s++) node[COUNT_PAIR_SUM + s] = node[COUNT_PAIR_K + s] = x[s];
}

KL__INLINE void count_pair_merge(double *a, const double *b, double rows) {
    const double f = kl__count_share(a[0], b[0]), g = kl__count_weight(a[0], b[0]), scale = a[COUNT_PAIR_SCALE];
    double way[2];
    (void)rows;
    for (size_t s = 0; s < 2; s++) {
        way[s] = (b[COUNT_PAIR_K + s] - a[COUNT_PAIR_K + s]) + (b[COUNT_PAIR_M + s] - a[COUNT_PAIR_M + s]);
        a[COUNT_PAIR_M + s] = a[COUNT_PAIR_M + s] + way[s] * f;
        a[COUNT_PAIR_M2 + s] = (a[COUNT_PAIR_M2 + s] + b[COUNT_PAIR_M2 + s]) + (way[s] * way[s]) * g;
        a[COUNT_PAIR_SCALE] = scale; /* one for both series */
        kl__count_mean_merge(&a[COUNT_PAIR_SUM + s], &a[COUNT_PAIR_SCALE], a[0], b[COUNT_PAIR_SUM + s], b[COUNT_PAIR_SCALE],
                             b[0]);
    }
    a[COUNT_PAIR_C] = (a[COUNT_PAIR_C] + b[COUNT_PAIR_C]) + (way[0] * way[1]) * g;
}

KL__INLINE void count_pair_describe(const double *node, double *stat) {
    for (size_t s = 0; s < 2; s++) {
        stat[s] = node[COUNT_PAIR_SUM + s] * node[COUNT_PAIR_SCALE] + 0.0;
        stat[2 + s] = node[COUNT_PAIR_M2 + s];
    }
    stat[4] = node[COUNT_PAIR_C];
}

KL__COUNT_KIND(pair, 2, COUNT_PAIR_FIELDS, 5, NULL, NULL)
