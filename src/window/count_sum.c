/* The sum of the known values. */
#include "base/fp.h"
#include "window/count_engine.h"

enum { COUNT_SUM_SUM = 1, COUNT_SUM_FIELDS = 2 };

KL__INLINE void count_sum_leaf(const double *x, double *node) { node[COUNT_SUM_SUM] = x[0]; }

KL__INLINE void count_sum_merge(double *a, const double *b, double rows) {
    (void)rows;
    a[COUNT_SUM_SUM] = a[COUNT_SUM_SUM] + b[COUNT_SUM_SUM];
}

KL__INLINE void count_sum_describe(const double *node, double *stat) { stat[0] = node[COUNT_SUM_SUM]; }

KL__COUNT_KIND(sum, 1, COUNT_SUM_FIELDS, 1, NULL, NULL)
