/* The mean and the first moment about the mean age of the known values,
 *     G = sum of (mean age - age) * x,  Q = sum of (age - mean age)^2.
 * Ages count rows, from the newest row of a node, missing or not. With d the distance of both mean ages,
 *     G = (G_A + G_B) + (mean_A - mean_B) * (nA*nB/n * d),  Q = (Q_A + Q_B) + d*d * (nA*nB/n).
 * In full windows d = n/2 and the mean age is (n - 1)/2: all factors are exact and G has the bits of tree_linear.c.
 * Equal values give G = 0 exactly. Sums of ages are exact integers. */
#include "base/fp.h"
#include "window/count_engine.h"

enum {
    COUNT_LINEAR_SUM = 1, COUNT_LINEAR_SCALE = 2, COUNT_LINEAR_G = 3, COUNT_LINEAR_AGES = 4, COUNT_LINEAR_Q = 5,
    COUNT_LINEAR_FIELDS = 6
};

KL__INLINE void count_linear_leaf(const double *x, double *node) {
    node[COUNT_LINEAR_SUM] = x[0], node[COUNT_LINEAR_SCALE] = 1.0; /* the others stay 0 */
}

KL__INLINE void count_linear_merge(double *a, const double *b, double rows) {
    const double n = a[0] + b[0];
    double d = rows + (b[COUNT_LINEAR_AGES] / b[0] - a[COUNT_LINEAR_AGES] / a[0]);
    double lever = (a[0] * b[0]) * (d / n), g = a[COUNT_LINEAR_G] + b[COUNT_LINEAR_G];
    if (a[COUNT_LINEAR_SCALE] == b[COUNT_LINEAR_SCALE])
        g = g + (a[COUNT_LINEAR_SUM] - b[COUNT_LINEAR_SUM]) * (lever * a[COUNT_LINEAR_SCALE]);
    else
        g = g + (a[COUNT_LINEAR_SUM] * a[COUNT_LINEAR_SCALE] - b[COUNT_LINEAR_SUM] * b[COUNT_LINEAR_SCALE]) * lever;
    a[COUNT_LINEAR_G] = g;
    a[COUNT_LINEAR_Q] = (a[COUNT_LINEAR_Q] + b[COUNT_LINEAR_Q]) + d * lever;
    a[COUNT_LINEAR_AGES] = a[COUNT_LINEAR_AGES] + (b[COUNT_LINEAR_AGES] + b[0] * rows);
    kl__count_mean_merge(&a[COUNT_LINEAR_SUM], &a[COUNT_LINEAR_SCALE], a[0], b[COUNT_LINEAR_SUM], b[COUNT_LINEAR_SCALE], b[0]);
}

KL__INLINE void count_linear_age(double *node, double rows) {
    node[COUNT_LINEAR_AGES] = node[COUNT_LINEAR_AGES] + node[0] * rows;
}

KL__INLINE void count_linear_describe(const double *node, double *stat) {
    stat[0] = node[COUNT_LINEAR_SUM] * node[COUNT_LINEAR_SCALE];
    stat[1] = node[COUNT_LINEAR_G];
    stat[2] = node[COUNT_LINEAR_AGES] / node[0];
    stat[3] = node[COUNT_LINEAR_Q];
}

/* Exact, as the merged ones are. */
KL__INLINE void count_linear_rest(double w, double *stat) { stat[2] = (w - 1.0) * 0.5, stat[3] = w * (w * w - 1.0) / 12.0; }

KL__COUNT_KIND(linear, 1, COUNT_LINEAR_FIELDS, 4, count_linear_age, count_linear_rest)
