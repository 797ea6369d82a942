/* The executor that runs everything in the calling thread, in order. */
#include "base/check.h"

static kl_status executor_serial_run(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n) {
    kl_status first = KL_OK;
    (void)ctx;
    if (!fn) return KL_E_ARG;
    /* every task runs even after one failed, so that a serial run leaves the same behind as a parallel one */
    for (size_t i = 0; i < n; i++) {
        kl_status status = fn(arg, i);
        if (status < 0 && first == KL_OK) first = status;
    }
    return first;
}

static const kl_executor executor_serial = {NULL, executor_serial_run};

const kl_executor *kl_executor_serial(void) { return &executor_serial; }
