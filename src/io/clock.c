/* The system's clock. */
#include "base/check.h"
#include "kline/io.h"
#include <time.h>

static kl_status clock_system_now(void *ctx, int64_t *utc_us) {
    struct timespec now;
    (void)ctx;
    if (!utc_us) return KL_E_ARG;
    if (timespec_get(&now, TIME_UTC) != TIME_UTC) return KL_E_IO;
    *utc_us = (int64_t)now.tv_sec * 1000000 + (int64_t)now.tv_nsec / 1000;
    return KL_OK;
}

static const kl_clock clock_system = {NULL, clock_system_now};

const kl_clock *kl_clock_system(void) { return &clock_system; }
