/* Volume-weighted mean price of the rows where price and volume are known: tree_vwap.c. */
#include "base/fp.h"
#include "window/count_engine.h"

enum {
    COUNT_VWAP_V = 1, COUNT_VWAP_P = 2, COUNT_VWAP_LOW = 3, COUNT_VWAP_HIGH = 4, COUNT_VWAP_FIELDS = 5
};

KL__INLINE void count_vwap_leaf(const double *x, double *node) {
    node[COUNT_VWAP_LOW] = node[COUNT_VWAP_HIGH] = x[0];
    node[COUNT_VWAP_V] = x[1] < 0.0 ? kl__bits_double(UINT64_C(0x7ff8000000000000)) : x[1];
}

KL__INLINE void count_vwap_merge(double *a, const double *b, double rows) {
    (void)rows;
    const double low = b[COUNT_VWAP_LOW] < a[COUNT_VWAP_LOW] ? b[COUNT_VWAP_LOW] : a[COUNT_VWAP_LOW];
    a[COUNT_VWAP_P] = (a[COUNT_VWAP_P] + a[COUNT_VWAP_V] * (a[COUNT_VWAP_LOW] - low)) +
                      (b[COUNT_VWAP_P] + b[COUNT_VWAP_V] * (b[COUNT_VWAP_LOW] - low));
    a[COUNT_VWAP_V] = a[COUNT_VWAP_V] + b[COUNT_VWAP_V];
    a[COUNT_VWAP_LOW] = low;
    if (b[COUNT_VWAP_HIGH] > a[COUNT_VWAP_HIGH]) a[COUNT_VWAP_HIGH] = b[COUNT_VWAP_HIGH];
}

KL__INLINE void count_vwap_describe(const double *node, double *stat) {
    double p = node[COUNT_VWAP_P], v = node[COUNT_VWAP_V], mean = node[COUNT_VWAP_LOW] + p / v;
    if (!(v > 0.0) || p - p != 0.0) mean = kl__bits_double(UINT64_C(0x7ff8000000000000)); /* no volume, or P overflowed */
    else if (mean < node[COUNT_VWAP_LOW]) mean = node[COUNT_VWAP_LOW];
    else if (mean > node[COUNT_VWAP_HIGH]) mean = node[COUNT_VWAP_HIGH];
    stat[0] = mean;
}

KL__COUNT_KIND(vwap, 2, COUNT_VWAP_FIELDS, 1, NULL, NULL)
