/* Mean, squared deviations and the first moment about the mean age of the known values: tree_slope.c with counts, the anchor in
 * the node, and the ages of count_linear.c. With d the distance of both mean ages and D that of the means,
 *     G = (G_A + G_B) - D * (nA*nB/n * d),  Q = (Q_A + Q_B) + d*d * (nA*nB/n). */
#include "base/fp.h"
#include "window/count_engine.h"

enum {
    COUNT_SLOPE_SUM = 1, COUNT_SLOPE_SCALE = 2, COUNT_SLOPE_K = 3, COUNT_SLOPE_M = 4, COUNT_SLOPE_M2 = 5, COUNT_SLOPE_G = 6,
    COUNT_SLOPE_AGES = 7, COUNT_SLOPE_Q = 8, COUNT_SLOPE_FIELDS = 9
};

KL__INLINE void count_slope_leaf(const double *x, double *node) {
    node[COUNT_SLOPE_SUM] = node[COUNT_SLOPE_K] = x[0], node[COUNT_SLOPE_SCALE] = 1.0; /* the others stay 0 */
}

KL__INLINE void count_slope_merge(double *a, const double *b, double rows) {
    const double n = a[0] + b[0];
    double d = rows + (b[COUNT_SLOPE_AGES] / b[0] - a[COUNT_SLOPE_AGES] / a[0]), lever = (a[0] * b[0]) * (d / n);
    double way = (b[COUNT_SLOPE_K] - a[COUNT_SLOPE_K]) + (b[COUNT_SLOPE_M] - a[COUNT_SLOPE_M]);
    a[COUNT_SLOPE_M] = a[COUNT_SLOPE_M] + way * kl__count_share(a[0], b[0]);
    a[COUNT_SLOPE_M2] = (a[COUNT_SLOPE_M2] + b[COUNT_SLOPE_M2]) + (way * way) * kl__count_weight(a[0], b[0]);
    a[COUNT_SLOPE_G] = (a[COUNT_SLOPE_G] + b[COUNT_SLOPE_G]) - way * lever;
    a[COUNT_SLOPE_Q] = (a[COUNT_SLOPE_Q] + b[COUNT_SLOPE_Q]) + d * lever;
    a[COUNT_SLOPE_AGES] = a[COUNT_SLOPE_AGES] + (b[COUNT_SLOPE_AGES] + b[0] * rows);
    kl__count_mean_merge(&a[COUNT_SLOPE_SUM], &a[COUNT_SLOPE_SCALE], a[0], b[COUNT_SLOPE_SUM], b[COUNT_SLOPE_SCALE], b[0]);
}

KL__INLINE void count_slope_age(double *node, double rows) { node[COUNT_SLOPE_AGES] = node[COUNT_SLOPE_AGES] + node[0] * rows; }

KL__INLINE void count_slope_describe(const double *node, double *stat) {
    stat[0] = node[COUNT_SLOPE_SUM] * node[COUNT_SLOPE_SCALE] + 0.0;
    stat[1] = node[COUNT_SLOPE_M2];
    stat[2] = node[COUNT_SLOPE_G];
    stat[3] = node[COUNT_SLOPE_AGES] / node[0];
    stat[4] = node[COUNT_SLOPE_Q];
}

/* Exact, as the merged ones are. */
KL__INLINE void count_slope_rest(double w, double *stat) { stat[3] = (w - 1.0) * 0.5, stat[4] = w * (w * w - 1.0) / 12.0; }

KL__COUNT_KIND(slope, 1, COUNT_SLOPE_FIELDS, 5, count_slope_age, count_slope_rest)
