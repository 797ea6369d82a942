/* What the tests that go through the registry share: making and running an indicator, markets for its inputs, slices. */
#ifndef KL_TEST_HARNESS_H
#define KL_TEST_HARNESS_H
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "market.h"
#include "indicator/indicator.h"

#define HARNESS_ROWS 1500

typedef double harness_matrix[KL_OUTPUTS_MAX][HARNESS_ROWS];
static double harness_column[5][HARNESS_ROWS];
static double *const ohlcv[5] = {harness_column[0], harness_column[1], harness_column[2], harness_column[3], harness_column[4]};
static uint64_t harness_seed = 20260103;

static inline uint32_t harness_flags(const kl_indicator *d) { return ((const kl__indicator *)(const void *)d)->flags; }

static inline void harness_outputs(harness_matrix m, double **out) {
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) out[o] = m[o];
}

/* "rsi(14, 0, 50)"; a few of them in turn, for messages with several. */
static inline const char *harness_name(const kl_indicator *d, const double *params) {
    static char text[4][256];
    static int turn;
    char *to = text[turn++ % 4];
    int at = snprintf(to, 256, "%s(", d->name);
    for (uint32_t i = 0; i < d->n_params && at < 200; i++) at += snprintf(to + at, (size_t)(256 - at), i ? ", %g" : "%g", params[i]);
    snprintf(to + at, (size_t)(256 - at), ")");
    return to;
}

static inline kl_run *harness_make(const kl_indicator *d, const double *params) {
    size_t bytes;
    kl_run *run;
    kl_error error = {0};
    if (kl_run_size(d, params, &bytes, &error) != KL_OK) fail_msg("%s: %s", harness_name(d, params), error.message);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    if (kl_run_init(memory, bytes, d, params, &run, &error) != KL_OK) fail_msg("%s: %s", harness_name(d, params), error.message);
    return run;
}

static inline void harness_run(const kl_indicator *d, const double *params, const double *const *in, size_t n, harness_matrix result) {
    double *to[KL_OUTPUTS_MAX];
    kl_run *run = harness_make(d, params);
    harness_outputs(result, to);
    assert_int_equal(kl_run_bars(run, in, n, to), KL_OK);
    free(run);
}

/* Row numbers from..n-1 of both have the same bits. */
static inline void harness_same(const kl_indicator *d, const double *params, harness_matrix a, harness_matrix b, size_t from, size_t n,
                                const char *market, const char *way) {
    for (uint32_t o = 0; o < d->n_outputs; o++)
        for (size_t k = from; k < n; k++)
            if (memcmp(&a[o][k], &b[o][k], sizeof(double)) != 0)
                fail_msg("%s.%s on %s, %s: bar %zu is %.17g, not %.17g", harness_name(d, params), d->outputs[o].name, market, way, k, b[o][k],
                         a[o][k]);
}

typedef struct harness_check {
    const char *name;
    CMUnitTestFunction run; /* its state: the descriptor */
} harness_check;

/* Each check for every indicator of the slice argv[1] of argv[2], or for the one that KLINE_ONLY names. */
static inline int harness_main(int argc, char **argv, const harness_check *checks, size_t n_checks) {
    const char *only = getenv("KLINE_ONLY");
    size_t count = kl_indicator_count(), n = 0, slice = 0, slices = 1;
    struct CMUnitTest *tests = calloc(count * n_checks, sizeof *tests);
    char(*names)[64] = calloc(count * n_checks, sizeof *names);
    if (!tests || !names) abort();
    if (argc == 3) slice = strtoul(argv[1], NULL, 10), slices = strtoul(argv[2], NULL, 10);
    if (getenv("KLINE_SEED")) harness_seed = strtoull(getenv("KLINE_SEED"), NULL, 10);
    print_message("seed %llu\n", (unsigned long long)harness_seed);
    for (size_t c = 0; c < n_checks; c++)
        for (size_t at = slice; at < count; at += slices) {
            const kl_indicator *d = kl_indicator_at(at);
            if (only && strcmp(only, d->name) != 0) continue;
            snprintf(names[n], sizeof names[n], "%s: %s", d->name, checks[c].name);
            tests[n].name = names[n], tests[n].test_func = checks[c].run;
            tests[n].initial_state = (void *)(uintptr_t)d;
            n++;
        }
    int failed = n ? _cmocka_run_group_tests("registry", tests, n, NULL, NULL) : 0;
    free(tests), free(names);
    return failed;
}

#endif
