/* Least and greatest known values, and where they stand; of equal ones the newest. Ages count rows, missing ones too. */
#include "base/fp.h"
#include "window/count_engine.h"

enum { COUNT_EXTREME_VALUE = 1, COUNT_EXTREME_AGE = 2, COUNT_EXTREME_FIELDS = 3 };

KL__INLINE void count_extreme_leaf(const double *x, double *node) { node[COUNT_EXTREME_VALUE] = x[0]; }

/* The value without its age is one field less. */
KL__INLINE void count_extreme_merge(double *a, const double *b, double rows, int greatest, int at) {
    int take = greatest ? b[COUNT_EXTREME_VALUE] > a[COUNT_EXTREME_VALUE] : b[COUNT_EXTREME_VALUE] < a[COUNT_EXTREME_VALUE];
    a[COUNT_EXTREME_VALUE] = take ? b[COUNT_EXTREME_VALUE] : a[COUNT_EXTREME_VALUE];
    if (at) a[COUNT_EXTREME_AGE] = take ? b[COUNT_EXTREME_AGE] + rows : a[COUNT_EXTREME_AGE];
}

KL__INLINE void count_extreme_age(double *node, double rows) { node[COUNT_EXTREME_AGE] = node[COUNT_EXTREME_AGE] + rows; }

#define COUNT_EXTREME_KIND(name, greatest, at)                                                                        \
    KL__INLINE void count_##name##_leaf(const double *x, double *node) { count_extreme_leaf(x, node); }               \
    KL__INLINE void count_##name##_merge(double *a, const double *b, double rows) {                                   \
        count_extreme_merge(a, b, rows, greatest, at);                                                                \
    }                                                                                                                 \
    KL__INLINE void count_##name##_describe(const double *node, double *stat) {                                       \
        stat[0] = node[COUNT_EXTREME_VALUE];                                                                          \
        if (at) stat[1] = node[COUNT_EXTREME_AGE];                                                                    \
    }                                                                                                                 \
    KL__COUNT_KIND(name, 1, COUNT_EXTREME_FIELDS - !(at), 1 + (at), (at) ? count_extreme_age : NULL, NULL)

COUNT_EXTREME_KIND(min, 0, 0)
COUNT_EXTREME_KIND(max, 1, 0)
COUNT_EXTREME_KIND(argmin, 0, 1)
COUNT_EXTREME_KIND(argmax, 1, 1)
