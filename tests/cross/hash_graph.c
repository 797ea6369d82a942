/* Prints one hash for each reader of a correlation matrix, the EWMA covariance and alignment over fixed inputs: the lines must be
 * the same on every platform, by every compiler and level of optimisation. The inputs are made without libm. */
#include "base/fp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/endian.h"
#include "kline/corr.h"

enum { SYMBOLS = 45, PAIRS = SYMBOLS * (SYMBOLS - 1) / 2, ROUNDS = 30, ROWS = 200 };

static uint64_t seed = 3;
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
static void print(const char *name, uint64_t hash) { printf("%s %08x%08x\n", name, (unsigned)(hash >> 32), (unsigned)hash); }

static double now[PAIRS], before[PAIRS];
static void fill(int coarse) {
    for (size_t p = 0; p < PAIRS; p++) {
        now[p] = coarse ? (double)(next() % 9) / 4.0 - 1.0 : 2.0 * unit() - 1.0;
        before[p] = coarse ? (double)(next() % 9) / 4.0 - 1.0 : 2.0 * unit() - 1.0;
        if (next() % 17 == 0) now[p] = kl__bits_double(UINT64_C(0x7ff8000000000000));
    }
}

static int hash_readers(void) {
    uint64_t shift = 1, limit = 1, found = 1, sum = 1, tree = 1, degree = 1, central = 1;
    static kl_corr_break top[40];
    static kl_corr_edge edges[SYMBOLS];
    static double scratch[3 * SYMBOLS], value[SYMBOLS];
    static int64_t count[SYMBOLS];
    size_t total, n, bytes = kl_corr_centrality_size(SYMBOLS);
    void *memory = malloc(bytes);
    if (!memory) return 1;
    for (int64_t rows = 4; rows < 300; rows++) {
        double l = kl_corr_shift_limit(unit() * 8.0, rows);
        mix_all(&limit, &l, 1);
    }
    for (int round = 0; round < ROUNDS; round++) {
        kl_corr_summary s;
        fill(round % 2);
        for (size_t p = 0; p < PAIRS; p++) {
            double moved = kl_corr_shift(now[p], before[p]);
            mix_all(&shift, &moved, 1);
        }
        if (kl_corr_breaks(now, before, SYMBOLS, round / 2 % 2, 0.7, top, 40, &total) < 0) return 1;
        if (kl_corr_sum_up(now, SYMBOLS, &s) < 0) return 1;
        mix(&found, total);
        for (size_t b = 0; b < total && b < 40; b++) mix(&found, top[b].i * SYMBOLS + top[b].j), mix_all(&found, &top[b].change, 1);
        mix(&sum, s.known), mix(&sum, s.least_i * SYMBOLS + s.least_j), mix(&sum, s.greatest_i * SYMBOLS + s.greatest_j);
        mix_all(&sum, &s.average, 1), mix_all(&sum, &s.average_abs, 1), mix_all(&sum, &s.least, 1), mix_all(&sum, &s.greatest, 1);
        if (kl_corr_tree(now, SYMBOLS, scratch, edges, &n) < 0) return 1;
        for (size_t e = 0; e < n; e++) mix(&tree, edges[e].i * SYMBOLS + edges[e].j), mix_all(&tree, &edges[e].r, 1);
        mix(&degree, kl_corr_degree(now, SYMBOLS, 0.6, count, value));
        mix_all(&degree, value, SYMBOLS);
        for (int32_t kind = KL_CENTRALITY_DEGREE; kind <= KL_CENTRALITY_BETWEENNESS; kind++) {
            if (kl_corr_centrality(now, SYMBOLS, 0.5 + 0.015 * round, kind, memory, bytes, value) < 0) return 1;
            mix_all(&central, value, SYMBOLS);
        }
    }
    free(memory);
    print("shift", shift), print("limit", limit), print("breaks", found), print("sum_up", sum);
    print("tree", tree), print("degree", degree), print("centrality", central);
    return 0;
}

static int hash_ewma(void) {
    static uint8_t image[16384];
    static double x[SYMBOLS], r[PAIRS];
    uint64_t hash = 1, matrix = 1;
    size_t bytes = kl_ewma_size(SYMBOLS), used = 0;
    char *memory = (char *)malloc(bytes + 64);
    kl_ewma *ewma;
    if (!memory || kl_ewma_init(memory + (64 - (uintptr_t)memory % 64) % 64, bytes, SYMBOLS, 0.94, &ewma) < 0) return 1;
    for (int t = 0; t < ROWS; t++) {
        for (size_t i = 0; i < SYMBOLS; i++) {
            x[i] = (unit() - 0.5) * (next() % 97 == 0 ? 1e12 : 0.01);
            if (next() % 50 == 0) x[i] = kl__bits_double(next() | UINT64_C(0x7ff0000000000000));
        }
        if (kl_ewma_push(ewma, x) < 0 || kl_ewma_matrix(ewma, r) < 0) return 1;
        mix_all(&matrix, r, PAIRS);
    }
    if (kl_ewma_snapshot(ewma, image, sizeof image, &used) < 0) return 1;
    for (size_t k = 0; k < used; k++) mix(&hash, image[k]);
    free(memory);
    print("ewma", matrix), print("ewma snapshot", hash);
    return 0;
}

static int hash_align(void) {
    enum { SERIES = 5 };
    static kl_time opens[SERIES][ROWS], times[SERIES * ROWS];
    static double close[ROWS], out[SERIES * ROWS];
    kl_columns series[SERIES];
    size_t scratch[SERIES], n = 0;
    uint64_t hash = 1;
    for (size_t s = 0; s < SERIES; s++) {
        memset(&series[s], 0, sizeof series[s]);
        series[s].n = ROWS - s;
        series[s].open_time_us = opens[s];
        for (size_t t = 0; t < ROWS; t++)
            opens[s][t] = (t ? opens[s][t - 1] : KL_TIME_MIN) + INT64_C(3600000000) * (int64_t)(1 + (next() % 20 == 0));
    }
    for (size_t t = 0; t < ROWS; t++) close[t] = unit();
    for (int32_t how = KL_ALIGN_ANY; how <= KL_ALIGN_ALL; how++) {
        if (kl_align_times(series, SERIES, how, scratch, times, SERIES * ROWS, &n, NULL) < 0) return 1;
        for (size_t t = 0; t < n; t++) mix(&hash, (uint64_t)times[t]);
        for (size_t s = 0; s < SERIES; s++) {
            if (kl_align_column(&series[s], close, times, n, out, 1, NULL) < 0) return 1;
            mix_all(&hash, out, n);
        }
    }
    print("align", hash);
    return 0;
}

int main(void) { return hash_readers() || hash_ewma() || hash_align(); }
