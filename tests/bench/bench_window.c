/* A step of rolling windows, in nanoseconds a bar: minimum of rounds. The batches are in peers_window.py. */
#include "kline/simd.h"
#include "kline/window.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BARS = 200000, ROUNDS = 25 };

static double now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double step_ns(const kl_roll_info *info, int64_t rows, const double *x, const double *y) {
    kl_roll_spec spec;
    size_t bytes = 0;
    double least = 1e300, sum = 0;
    kl_roll_spec_init(&spec, info->what, rows);
    if (info->what == KL_ROLL_QUANTILE) spec.stats[0].param = 0.9;
    if (info->what == KL_ROLL_LAG) spec.stats[0].param = 5;
    if (kl_roll_size(&spec, &bytes, NULL) < 0) return 0;
    void *memory = malloc(bytes);
    for (int round = 0; memory && round < ROUNDS; round++) {
        kl_roll *roll;
        kl_roll_init(memory, bytes, &spec, &roll, NULL);
        double begin = now_ns();
        for (size_t i = 0; i < BARS; i++) {
            double in[2] = {x[i], y[i]}, out;
            kl_roll_step(roll, 0, in, &out);
            sum += out == out ? out : 0;
        }
        double ns = (now_ns() - begin) / BARS;
        if (ns < least) least = ns;
    }
    free(memory);
    return sum == 1e300 ? 0 : least; /* the sum is wanted, so that nothing is left out */
}

int main(void) {
    static double x[BARS], y[BARS];
    uint64_t seed = 1;
    double price = 100;
    for (size_t i = 0; i < BARS; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
        price *= 1 + 1e-3 * ((double)(seed >> 11) * 0x1p-53 - 0.5);
        x[i] = price;
        y[i] = 1 + (double)(seed >> 40);
    }
    printf("step of a window, ns a bar (%s)\n%-12s %8s %8s %8s\n", kl_simd_name(kl_simd_level()), "", "24", "200", "1000");
    for (size_t i = 0; kl_roll_info_at(i); i++) {
        const kl_roll_info *info = kl_roll_info_at(i);
        printf("%-12s %8.1f %8.1f %8.1f\n", info->name, step_ns(info, 24, x, y), step_ns(info, 200, x, y), step_ns(info, 1000, x, y));
    }
    return 0;
}
