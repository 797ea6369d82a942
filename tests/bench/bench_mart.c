/* The marts of 7 symbols over 5 years of hours with their tables, one thread, minimum of rounds: milliseconds of the processor / of the
 * clock on the wall. The sum is of the four published ones; the market comes besides.   bench_mart [HOURS [ROUNDS]] */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "kline/mart.h"

#define SYMBOLS 7
static const char *const names[SYMBOLS] = {"BTCUSDT", "ETHUSDT", "ADAUSDT", "XRPUSDT", "SOLUSDT", "DOGEUSDT", "BNBUSDT"};

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

static double *column(size_t n) {
    double *x = (double *)malloc(n * SYMBOLS * sizeof *x);
    if (!x) exit(1);
    return x;
}

/* Wall and processor seconds of one mart and its table. */
static size_t bench(int32_t kind, uint32_t flags, const kl_mart_panel *panel, double *wall, double *processor) {
    kl_mart_spec spec;
    kl_mart *mart;
    kl_table *table;
    size_t bytes;
    kl_mart_spec_init(&spec, kind, SYMBOLS);
    spec.flags = flags;
    *wall = *processor = 0;
    kl_status status = kl_mart_size(&spec, &bytes, NULL);
    if (status == KL_E_UNSUPPORTED) return 0; /* the market has no KL_MART_COMPAT */
    if (status < 0) exit(1);
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!memory || kl_mart_init(memory, bytes, &spec, names, &mart, NULL) < 0 || kl_table_new(NULL, &table) < 0) exit(1);
    double began = now(CLOCK_MONOTONIC), worked = now(CLOCK_PROCESS_CPUTIME_ID);
    if (kl_mart_run(mart, panel, KL_TIME_NONE, table, NULL) < 0) exit(1);
    *wall = now(CLOCK_MONOTONIC) - began;
    *processor = now(CLOCK_PROCESS_CPUTIME_ID) - worked;
    size_t rows = kl_table_rows(table);
    kl_table_free(table);
    free(memory);
    return rows;
}

int main(int argc, char **argv) {
    size_t n = argc > 1 ? (size_t)atol(argv[1]) : 43800;
    int rounds = argc > 2 ? atoi(argv[2]) : 5;
    double *close = column(n), *volume = column(n), *quote = column(n), price[SYMBOLS];
    kl_time *time = (kl_time *)malloc(n * sizeof *time);
    if (!time) return 1;
    for (size_t s = 0; s < SYMBOLS; s++) price[s] = 100 * (double)(s + 1);
    for (size_t i = 0; i < n; i++) {
        double common = next();
        time[i] = (INT64_C(430000) + (int64_t)i) * INT64_C(3600000000);
        for (size_t s = 0; s < SYMBOLS; s++) {
            size_t at = i * SYMBOLS + s;
            close[at] = price[s] *= 1 + 0.01 * (common + next());
            volume[at] = 100 * (1 + next());
            quote[at] = volume[at] * close[at] * (1 + 0.001 * next());
        }
    }
    const kl_mart_panel panel = {n, time, close, volume, quote, NULL, NULL};
    const struct {
        const char *name;
        uint32_t flags;
    } ways[] = {{"on the grid", 0}, {"by rows", KL_MART_ROWS}, {"compat", KL_MART_COMPAT}};
    for (size_t w = 0; w < 3; w++) {
        double wall = 0, processor = 0;
        printf("%s:", ways[w].name);
        for (int32_t kind = KL_MART_RETURNS; kl_mart_name(kind); kind++) {
            double best = 1e9, worked = 1e9, a, b;
            size_t rows = 0;
            for (int k = 0; k < rounds; k++) {
                rows = bench(kind, ways[w].flags, &panel, &a, &b);
                if (a < best) best = a;
                if (b < worked) worked = b;
            }
            if (rows) printf(" %s %zu rows %.1f / %.1f ms,", kl_mart_name(kind), rows, 1e3 * worked, 1e3 * best);
            wall += kind <= KL_MART_CORRELATIONS ? best : 0;
            processor += kind <= KL_MART_CORRELATIONS ? worked : 0;
        }
        printf(" the four %.1f / %.1f ms\n", 1e3 * processor, 1e3 * wall);
    }
    free(close), free(volume), free(quote), free(time);
    return 0;
}
