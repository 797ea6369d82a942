/* Nanoseconds a pair and row of the correlation matrix: scan, and push with the whole matrix; one thread, minimum of rounds, on each
 * instruction set of the machine. Scans by processor time, rows by the clock, which is cheaper to read.   bench_corr [SYMBOLS ROWS [HISTORY]] */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "kline/corr.h"
#include "kline/simd.h"

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double next(void) {
    static uint64_t state = 1;
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53 - 0.5;
}

static double sum_seen;
static kl_status touch(void *ctx, const kl_corr_tile *tile) {
    (void)ctx;
    sum_seen += tile->r[tile->n_j - 1];
    return KL_OK;
}

static double bench_scan(const kl_corr_spec *spec, const double *x, size_t n, size_t symbols, int rounds) {
    double best = 1e9;
    for (int k = 0; k < rounds; k++) {
        double begin = now(CLOCK_PROCESS_CPUTIME_ID);
        if (kl_corr_scan(spec, 0, x, n, symbols, NULL, NULL, touch, NULL, NULL) < 0) exit(1);
        double took = now(CLOCK_PROCESS_CPUTIME_ID) - begin;
        if (took < best) best = took;
    }
    return best;
}

/* Each row's least time of some rounds; their mean and their greatest. */
static void bench_push(const kl_corr_spec *spec, const double *x, size_t n, size_t symbols, int rounds, double *mean, double *worst) {
    size_t bytes = 0, rows = (size_t)spec->rows;
    if (kl_corr_size(spec, &bytes, NULL) < 0) exit(1);
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    double *packed = (double *)malloc(kl_pair_count(symbols) * sizeof *packed), *least = (double *)malloc(n * sizeof *least);
    if (!memory || !packed || !least) exit(1);
    for (size_t t = 0; t < n; t++) least[t] = 1e9;
    for (int k = 0; k < rounds; k++) {
        kl_corr *corr = NULL;
        if (kl_corr_init(memory, bytes, spec, &corr, NULL) < 0) exit(1);
        for (size_t t = 0; t < n; t++) {
            double begin = now(CLOCK_MONOTONIC);
            if (kl_corr_push(corr, (int64_t)t, x + t * symbols, NULL) < 0 || kl_corr_matrix(corr, packed) < 0) exit(1);
            double took = now(CLOCK_MONOTONIC) - begin;
            if (took < least[t]) least[t] = took;
            sum_seen += packed[0] == packed[0] ? packed[0] : 0;
        }
    }
    *mean = *worst = 0;
    for (size_t t = rows; t < n; t++) {
        *mean += least[t] / (double)(n - rows);
        if (least[t] > *worst) *worst = least[t];
    }
    free(memory), free(packed), free(least);
}

static void bench(size_t symbols, size_t rows, size_t n) {
    kl_corr_spec spec;
    double *x = (double *)malloc(n * symbols * sizeof *x), mean, worst;
    const double pairs = (double)kl_pair_count(symbols);
    if (!x) exit(1);
    for (size_t t = 0; t < n; t++) {
        double market = next();
        for (size_t i = 0; i < symbols; i++) x[t * symbols + i] = 0.01 * (next() + 0.7 * market);
    }
    kl_corr_spec_init(&spec, (int64_t)symbols, (int64_t)rows);
    const size_t some = n < 4 * rows + 8 ? n : 4 * rows + 8;
    for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
        if (kl_simd_force(level) < 0) continue;
        double scan = bench_scan(&spec, x, n, symbols, 7);
        bench_push(&spec, x, some, symbols, 7, &mean, &worst);
        printf("corr %4zu symbols, %4zu rows, %-8s scan %.3f ns a pair and row (%.1f us a row); push and matrix %.3f ns, %.1f us, worst row %.1f us\n",
               symbols, rows, kl_simd_name(level), scan * 1e9 / (pairs * (double)n), scan * 1e6 / (double)n, mean * 1e9 / pairs, mean * 1e6,
               worst * 1e6);
    }
    kl_simd_force(KL_SIMD_BEST);
    free(x);
}

int main(int count, char **words) {
    if (count > 2) {
        bench((size_t)atol(words[1]), (size_t)atol(words[2]), count > 3 ? (size_t)atol(words[3]) : 2000);
        return 0;
    }
    static const struct {
        size_t symbols, rows, history;
    } cases[] = {{7, 24, 20000}, {10, 24, 20000}, {50, 24, 8000}, {500, 24, 960}, {2000, 24, 96}, {7, 168, 20000}, {50, 168, 8000}, {500, 168, 1344}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) bench(cases[k].symbols, cases[k].rows, cases[k].history);
    return !(sum_seen < 1e300);
}
