/* Prints one hash per way through the correlation matrix over fixed inputs: the lines must be the same on every platform, by
 * every compiler and level of optimisation, and within a case the ways must agree. The inputs are made without libm. */
#include "base/fp.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/endian.h"
#include "kline/corr.h"

enum { SYMBOLS = 21, HISTORY = 400, PAIRS = SYMBOLS * (SYMBOLS - 1) / 2 };

static uint64_t seed = 1;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }
static void mix(uint64_t *hash, uint64_t v) { *hash = (*hash ^ v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }
static void mix_all(uint64_t *hash, const double *v, size_t n) {
    for (size_t k = 0; k < n; k++) mix(hash, v[k] == v[k] ? kl__double_bits(v[k]) : 1);
}

static double x[HISTORY * SYMBOLS], packed[HISTORY * PAIRS], square[SYMBOLS * SYMBOLS];

static void history(void) {
    for (size_t t = 0; t < HISTORY; t++) {
        double market = unit() - 0.5;
        for (size_t i = 0; i < SYMBOLS; i++) {
            double *v = &x[t * SYMBOLS + i];
            *v = 0.01 * (unit() - 0.5 + market);
            if (next() % 499 == 0) *v = kl__bits_double(next() | UINT64_C(0x7ff0000000000000));
            if (next() % 499 == 0) *v = 1e12 * unit();
            if (i == 3) *v = (double)(next() % 3);
        }
    }
}

static int fail(const char *what) {
    fprintf(stderr, "hash_corr: %s failed\n", what);
    return 1;
}

static int hash_case(int64_t rows, int64_t min_count) {
    kl_corr_spec spec;
    size_t bytes = 0;
    kl_corr *corr = NULL;
    uint64_t run = 1, push = 1, cov = 1;
    double scratch[168], each[SYMBOLS], average, c;
    kl_corr_spec_init(&spec, SYMBOLS, rows);
    if (min_count) spec.flags = KL_CORR_PAIRWISE, spec.min_count = min_count;
    if (kl_corr_run(&spec, -17, x, HISTORY, SYMBOLS, NULL, NULL, packed, NULL) < 0) return fail("run");
    mix_all(&run, packed, (size_t)HISTORY * PAIRS);
    if (kl_corr_size(&spec, &bytes, NULL) < 0) return fail("size");
    char *memory = (char *)malloc(bytes + 64);
    if (!memory) return fail("malloc");
    if (kl_corr_init(memory + (64 - (uintptr_t)memory % 64) % 64, bytes, &spec, &corr, NULL) < 0) return fail("init");
    for (size_t t = 0; t < HISTORY; t++) {
        if (kl_corr_push(corr, (int64_t)t - 17, x + t * SYMBOLS, NULL) < 0 || kl_corr_matrix(corr, packed) < 0) return fail("push");
        mix_all(&push, packed, PAIRS);
        if (t % 7) continue;
        if (kl_corr_cov_matrix(corr, 1, square) < 0 || kl_corr_market(corr, scratch, &average, each) < 0) return fail("covariances");
        mix_all(&cov, square, (size_t)SYMBOLS * SYMBOLS);
        mix_all(&cov, &average, 1);
        mix_all(&cov, each, SYMBOLS);
        if (kl_corr_cov(corr, 2, 1, 0, &c) < 0) return fail("covariance");
        mix_all(&cov, &c, 1);
    }
    free(memory);
    if (run != push) return fail("agreement of run and push");
    printf("corr %lld %lld %016llx %016llx\n", (long long)rows, (long long)min_count, (unsigned long long)run, (unsigned long long)cov);
    return 0;
}

int main(void) {
    static const int64_t cases[][2] = {{2, 0}, {3, 0}, {24, 0}, {168, 0}, {5, 3}, {24, 2}, {50, 40}};
    history();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        if (hash_case(cases[k][0], cases[k][1])) return 1;
    return 0;
}
