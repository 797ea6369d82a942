/* Classes of correlations by their magnitude. */
#include "base/fp.h"
#include "base/check.h"
#include "kline/corr.h"
#include <math.h>

int32_t kl_corr_regime(double r, const double *limits) {
    static const double usual[3] = {0.3, 0.5, 0.8};
    const double *limit = limits ? limits : usual, magnitude = fabs(r);
    if (r != r || !(limit[0] <= limit[1] && limit[1] <= limit[2])) return KL_CORR_UNKNOWN;
    return KL_CORR_NONE + (magnitude >= limit[0]) + (magnitude >= limit[1]) + (magnitude >= limit[2]);
}
