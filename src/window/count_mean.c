/* The mean over known values. */
#include "base/fp.h"
#include "window/count_engine.h"

enum { COUNT_MEAN_SUM = 1, COUNT_MEAN_SCALE = 2, COUNT_MEAN_FIELDS = 3 };

KL__INLINE void count_mean_leaf(const double *x, double *node) { node[COUNT_MEAN_SUM] = x[0], node[COUNT_MEAN_SCALE] = 1.0; }

KL__INLINE void count_mean_merge(double *a, const double *b, double rows) {
    (void)rows;
    kl__count_mean_merge(&a[COUNT_MEAN_SUM], &a[COUNT_MEAN_SCALE], a[0], b[COUNT_MEAN_SUM], b[COUNT_MEAN_SCALE], b[0]);
}

KL__INLINE void count_mean_describe(const double *node, double *stat) {
    stat[0] = node[COUNT_MEAN_SUM] * node[COUNT_MEAN_SCALE] + 0.0;
}

KL__COUNT_KIND(mean, 1, COUNT_MEAN_FIELDS, 1, NULL, NULL)
