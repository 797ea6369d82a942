/* Until expressions are compiled: no formula is known. Goes with the first version of expression.c. */
#include "indicator/program.h"

kl_status kl__formula_build(kl__build *build, const kl_indicator *kind, const double *params, const uint32_t *in, uint32_t *out, kl_error *error) {
    (void)build, (void)params, (void)in, (void)out;
    return kl__fail(error, KL_E_UNSUPPORTED, 0, 0, 0, "%s is a formula", kind->name);
}
