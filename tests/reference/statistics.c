/* Group statistics. */
#include "series.h"

void ref_avgdev(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_avgdev(q_from(in[0], n), n, (size_t)params[0]), n);
}
