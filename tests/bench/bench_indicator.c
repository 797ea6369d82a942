/* Nanoseconds a bar of every indicator: a whole run over columns, the stream step, size of state and of its snapshot. */
#define _POSIX_C_SOURCE 199309L
#include "kline/indicator.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BARS 1000000
#define ROUNDS 9

static double now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double *column[5]; /* open high low close volume */
static double *result[KL_OUTPUTS_MAX];

static void market(void) {
    uint64_t seed = 1;
    double close = 100.0;
    for (int c = 0; c < 5; c++) column[c] = malloc(BARS * sizeof(double));
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) result[o] = calloc(BARS, sizeof(double));
    for (size_t k = 0; k < BARS; k++) {
        double e[3];
        for (int i = 0; i < 3; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            e[i] = (double)(seed >> 11) * 0x1p-53;
        }
        column[0][k] = close;
        close *= 1.0 + 0.002 * (e[0] - 0.5);
        column[1][k] = (close > column[0][k] ? close : column[0][k]) * (1.0 + 0.001 * e[1]);
        column[2][k] = (close < column[0][k] ? close : column[0][k]) * (1.0 - 0.001 * e[1]);
        column[3][k] = close;
        column[4][k] = 1000.0 * e[2];
    }
}

static void inputs(const kl_indicator *indicator, const double **in) {
    static const char *const names[] = {"open", "high", "low", "close", "volume"};
    for (uint32_t i = 0; i < indicator->n_inputs; i++)
        for (int c = 0; c < 5; c++)
            if (strcmp(indicator->inputs[i].usual, names[c]) == 0) in[i] = column[c];
}

static void bench(const kl_indicator *indicator, const double *params) {
    size_t bytes;
    kl_run *run;
    const double *in[KL_INPUTS_MAX] = {0};
    double x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX], batch = HUGE_VAL, step = HUGE_VAL;
    inputs(indicator, in);
    if (kl_run_size(indicator, params, &bytes, NULL) < 0) return;
    void *memory = malloc(bytes);
    for (int round = 0; round < ROUNDS; round++) {
        kl_run_init(memory, bytes, indicator, params, &run, NULL);
        double begin = now_ns();
        kl_run_bars(run, in, BARS, result);
        double took = (now_ns() - begin) / BARS;
        batch = took < batch ? took : batch;
    }
    for (int round = 0; round < 3; round++) {
        kl_run_init(memory, bytes, indicator, params, &run, NULL);
        double begin = now_ns();
        for (size_t k = 0; k < BARS / 4; k++) {
            for (uint32_t i = 0; i < indicator->n_inputs; i++) x[i] = in[i][k];
            kl_run_step(run, x, y);
        }
        double took = (now_ns() - begin) / (BARS / 4);
        step = took < step ? took : step;
    }
    printf("%-8s n=%-5g batch %6.3f ns/bar   step %6.1f ns   state %6zu B   snapshot %6zu B\n", indicator->name, params[0],
           batch, step, bytes, kl_run_snapshot_size(run));
    free(memory);
}

int main(void) {
    static const double lengths[] = {5, 14, 20, 50, 200, 500, 1000};
    market();
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *indicator = kl_indicator_at(i);
        double params[KL_PARAMS_MAX];
        kl_indicator_params(indicator, NULL, 0, params, NULL);
        if (indicator->n_params == 0 || strcmp(indicator->params[0].name, "n") != 0) bench(indicator, params);
        else
            for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) params[0] = lengths[k], bench(indicator, params);
    }
    return 0;
}
