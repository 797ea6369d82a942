/* What counts as known in src/stat and src/mart. */
#ifndef KL__KNOWN_H
#define KL__KNOWN_H
#include "base/check.h"
#include <float.h>
#include <math.h>

KL__INLINE int kl__known(double x) { return fabs(x) <= DBL_MAX; }
KL__INLINE int kl__known_price(double x) { return x > 0 && x <= DBL_MAX; }
/* One NaN for all that is unknown; -0.0 becomes 0. */
KL__INLINE double kl__output(double x) { return kl__known(x) ? x + 0.0 : (double)NAN; }

/* Prices are known here. */
KL__INLINE double kl__return_simple(double before, double now) { return (now - before) / before; }
double kl__return_log_wide(double before, double now);
/* (high + low + close) / 3, NaN where one is missing. */
double kl__price_typical(double high, double low, double close);

#define KL__RETURN_SMALL 0x1p-6
/* ln(1 + u) for |u| up to KL__RETURN_SMALL, where u is a simple return: its series, the first term untouched by the others. */
KL__INLINE double kl__return_log_small(double u) {
    double tail = 1.0 / 10;
    tail = 1.0 / 9 - u * tail;
    tail = 1.0 / 8 - u * tail;
    tail = 1.0 / 7 - u * tail;
    tail = 1.0 / 6 - u * tail;
    tail = 1.0 / 5 - u * tail;
    tail = 1.0 / 4 - u * tail;
    tail = 1.0 / 3 - u * tail;
    tail = 1.0 / 2 - u * tail;
    return u - (u * u) * tail;
}
KL__INLINE double kl__return_log(double before, double now) {
    double u = kl__return_simple(before, now);
    return fabs(u) <= KL__RETURN_SMALL ? kl__return_log_small(u) : kl__return_log_wide(before, now);
}

#endif
