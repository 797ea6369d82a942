/* Any bytes as the snapshot of a rolling window: refused, or a state that is written out as it was read, and goes on. The first
 * byte chooses the window; where the rest begins as a snapshot of it does, its checksum is made to fit. */
#include <stdlib.h>
#include <string.h>
#include "kline/window.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void choose(uint8_t which, kl_roll_spec *spec) {
    (void)kl_roll_spec_init(spec, 1 + which % 30, 5);
    spec->n_stats = 2;
    spec->stats[1].what = which & 32 ? KL_ROLL_ZSCORE : KL_ROLL_MEDIAN;
    if (which & 64) spec->min_count = 2;
    if (which & 32) spec->flags = KL_ROLL_BEFORE;
    if (which >> 6 == 2) spec->span_us = 1000;
    if (which >> 6 == 3) spec->period.unit = KL_SECOND, spec->period.n = 1, spec->flags |= KL_ROLL_WHOLE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int64_t memory[8192];
    static uint8_t image[8192], again[8192];
    kl_roll_spec spec;
    kl_roll *roll;
    size_t used;
    double row[2] = {1.5, 2.5}, out[KL_ROLL_STATS_MAX];
    if (size < 17 || size > sizeof image) return 0;
    choose(data[0], &spec);
    if (kl_roll_init(memory, sizeof memory, &spec, &roll, NULL) < 0) abort();
    const size_t n = size - 1;
    memcpy(image, data + 1, n);
    if (data[0] & 1) { /* half of them; the others need one of their own */
        uint64_t crc = kl_crc32c(0, image, n - 8);
        for (size_t b = 0; b < 8; b++) image[n - 8 + b] = (uint8_t)(crc >> 8 * b);
    }
    if (kl_roll_restore(roll, image, n, NULL) < 0) return 0;
    if (kl_roll_snapshot(roll, again, sizeof again, &used) < 0 || used != n || memcmp(again, image, n) != 0) abort();
    for (int64_t t = 0; t < 4; t++) (void)kl_roll_step(roll, INT64_C(1700000000000000) + t * 400000, row, out);
    (void)kl_roll_peek(roll, again, sizeof again, INT64_MAX, row, out);
    return 0;
}
