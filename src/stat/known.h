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
double kl__return_log(double before, double now);

#endif
