/* Candles and strategies for the tests of src/score. */
#ifndef SCORE_TEST_H
#define SCORE_TEST_H
#include "kline.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define BARS_MAX 4096
static double bars_data[5][BARS_MAX];
static kl_time bars_time[BARS_MAX];

/* A walk of two-hour bars with holes: a part of the rows have a missing price. */
static inline kl_columns bars_make(uint64_t seed, size_t n, int holes) {
    double price = 30000.0;
    for (size_t k = 0; k < n; k++) {
        double step[4];
        for (int i = 0; i < 4; i++) step[i] = ((double)(random_u64(&seed) >> 11) * 0x1p-53 - 0.5) * 0.02;
        bars_time[k] = INT64_C(1700006400000000) + (kl_time)k * INT64_C(7200000000);
        bars_data[0][k] = price;
        bars_data[3][k] = price *= 1.0 + step[0];
        bars_data[1][k] = fmax(bars_data[0][k], bars_data[3][k]) * (1.0 + fabs(step[1]));
        bars_data[2][k] = fmin(bars_data[0][k], bars_data[3][k]) * (1.0 - fabs(step[2]));
        bars_data[4][k] = 100.0 + 2000.0 * fabs(step[3]);
        if (holes && random_below(&seed, 97) == 0) bars_data[3][k] = NAN;
        if (holes && random_below(&seed, 97) == 0) bars_data[4][k] = NAN;
    }
    return (kl_columns){.n = n, .open_time_us = bars_time, .open = bars_data[0], .high = bars_data[1], .low = bars_data[2], .close = bars_data[3], .volume = bars_data[4]};
}

static inline kl_metric metric_when(const char *code, int32_t side, int32_t weight_u, const char *when) {
    kl_metric m;
    kl_metric_init(&m);
    m.code = code, m.side = side, m.weight_u = weight_u, m.when = when;
    return m;
}

static inline kl_metric metric_table(const char *code, int32_t side, const char *x, int32_t direction, double start, double end) {
    kl_metric m;
    kl_metric_init(&m);
    m.code = code, m.side = side, m.indicator = x, m.direction = direction, m.threshold_start = start, m.threshold_end = end;
    m.weight_u = side <= KL_SIDE_SELL ? KL_MICRO : 0;
    return m;
}

#endif
