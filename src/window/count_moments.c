/* Mean and squared deviations of the known values: tree_moments.c with counts, and the anchor in the node. */
#include "base/fp.h"
#include "window/count_engine.h"

enum {
    COUNT_MOMENTS_SUM = 1, COUNT_MOMENTS_SCALE = 2, COUNT_MOMENTS_K = 3, COUNT_MOMENTS_M = 4, COUNT_MOMENTS_M2 = 5,
    COUNT_MOMENTS_FIELDS = 6
};

KL__INLINE void count_moments_leaf(const double *x, double *node) {
    node[COUNT_MOMENTS_SUM] = node[COUNT_MOMENTS_K] = x[0], node[COUNT_MOMENTS_SCALE] = 1.0;
}

KL__INLINE void count_moments_merge(double *a, const double *b, double rows) {
    (void)rows;
    double way = (b[COUNT_MOMENTS_K] - a[COUNT_MOMENTS_K]) + (b[COUNT_MOMENTS_M] - a[COUNT_MOMENTS_M]);
    a[COUNT_MOMENTS_M] = a[COUNT_MOMENTS_M] + way * kl__count_share(a[0], b[0]);
    a[COUNT_MOMENTS_M2] = (a[COUNT_MOMENTS_M2] + b[COUNT_MOMENTS_M2]) + (way * way) * kl__count_weight(a[0], b[0]);
    kl__count_mean_merge(&a[COUNT_MOMENTS_SUM], &a[COUNT_MOMENTS_SCALE], a[0], b[COUNT_MOMENTS_SUM], b[COUNT_MOMENTS_SCALE],
                         b[0]);
}

KL__INLINE void count_moments_describe(const double *node, double *stat) {
    stat[0] = node[COUNT_MOMENTS_SUM] * node[COUNT_MOMENTS_SCALE] + 0.0;
    stat[1] = node[COUNT_MOMENTS_M2];
    stat[2] = node[COUNT_MOMENTS_M];
}

KL__COUNT_KIND(moments, 1, COUNT_MOMENTS_FIELDS, 3, NULL, NULL)
