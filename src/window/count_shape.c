/* Mean and sums of powers of deviations of the known values: tree_shape.c with counts, and the anchor in the node. */
#include "base/fp.h"
#include "window/count_engine.h"
#include "window/shape.h"

enum {
    COUNT_SHAPE_SUM = 1, COUNT_SHAPE_SCALE = 2, COUNT_SHAPE_K = 3, COUNT_SHAPE_M = 4, COUNT_SHAPE_M2 = 5, COUNT_SHAPE_M3 = 6,
    COUNT_SHAPE_M4 = 7, COUNT_SHAPE_FIELDS = 8
};

KL__INLINE void count_shape_leaf(const double *x, double *node) {
    node[COUNT_SHAPE_SUM] = node[COUNT_SHAPE_K] = x[0], node[COUNT_SHAPE_SCALE] = 1.0;
}

KL__INLINE void count_shape_merge(double *a, const double *b, double rows) {
    kl__shape newer = {a[COUNT_SHAPE_M], a[COUNT_SHAPE_M2], a[COUNT_SHAPE_M3], a[COUNT_SHAPE_M4]};
    kl__shape older = {b[COUNT_SHAPE_M], b[COUNT_SHAPE_M2], b[COUNT_SHAPE_M3], b[COUNT_SHAPE_M4]};
    double way = (b[COUNT_SHAPE_K] - a[COUNT_SHAPE_K]) + (older.m - newer.m);
    (void)rows;
    if (a[0] == b[0]) newer = kl__shape_up(newer, older, way, a[0]);
    else
        newer = kl__shape_join(newer, older, way, kl__shape_factors_of(a[0], b[0], kl__count_share(a[0], b[0]),
                                                                       kl__count_weight(a[0], b[0])));
    a[COUNT_SHAPE_M] = newer.m, a[COUNT_SHAPE_M2] = newer.m2, a[COUNT_SHAPE_M3] = newer.m3, a[COUNT_SHAPE_M4] = newer.m4;
    kl__count_mean_merge(&a[COUNT_SHAPE_SUM], &a[COUNT_SHAPE_SCALE], a[0], b[COUNT_SHAPE_SUM], b[COUNT_SHAPE_SCALE], b[0]);
}

KL__INLINE void count_shape_describe(const double *node, double *stat) {
    stat[0] = node[COUNT_SHAPE_SUM] * node[COUNT_SHAPE_SCALE] + 0.0;
    stat[1] = node[COUNT_SHAPE_M2];
    stat[2] = node[COUNT_SHAPE_M3];
    stat[3] = kl__shape_hold(node[COUNT_SHAPE_M2], node[COUNT_SHAPE_M4], node[0], kl__shape_limit(node[0]));
}

KL__COUNT_KIND(shape, 1, COUNT_SHAPE_FIELDS, 4, NULL, NULL)
