/* Running windows in tests: every variant of every statistic of the registry, whole columns at once, bits compared. */
#ifndef KL_TEST_WINDOW_RUN_H
#define KL_TEST_WINDOW_RUN_H
#include "kline/window.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define VARIANTS_MAX 128

typedef struct variants {
    size_t n;
    kl_roll_stat stats[VARIANTS_MAX];
    const kl_roll_info *info[VARIANTS_MAX];
} variants;

static inline void variants_add(variants *v, const kl_roll_info *info, int32_t rule, double param) {
    assert_true(v->n < VARIANTS_MAX);
    v->stats[v->n].what = info->what, v->stats[v->n].rule = rule, v->stats[v->n].param = param;
    v->info[v->n++] = info;
}

/* Every rule and a few parameters of each statistic with `inputs` inputs (0: of all). */
static inline variants variants_of(uint32_t inputs) {
    static const double parts[] = {0.0, 0.1, 0.25, 1.0 / 3.0, 0.5, 0.9, 1.0};
    variants v;
    v.n = 0;
    const kl_roll_info *info;
    for (size_t i = 0; (info = kl_roll_info_at(i)) != NULL; i++) {
        if (inputs && info->inputs != inputs) continue;
        if (info->what == KL_ROLL_QUANTILE) {
            for (int32_t rule = 0; rule <= KL_QUANTILE_MIDPOINT; rule++)
                for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
                    if (rule == 0 || p % 3 == 1) variants_add(&v, info, rule, parts[p]);
        } else if (info->what == KL_ROLL_LAG) {
            variants_add(&v, info, 0, 0), variants_add(&v, info, 0, 1), variants_add(&v, info, 0, 4);
        } else if (info->uses_rule) {
            for (int32_t rule = 0; rule <= KL_RANK_BELOW; rule++) variants_add(&v, info, rule, 0);
        } else {
            variants_add(&v, info, 0, 0);
        }
    }
    return v;
}

/* At least one statistic of the registry has landed: tests of an empty registry would pass for nothing. */
static inline void registry_is_whole(void) {
    for (int32_t what = KL_ROLL_SUM; what <= KL_ROLL_REG_R2; what++) {
        const kl_roll_info *info = NULL;
        for (size_t i = 0; (info = kl_roll_info_at(i)) != NULL && info->what != what;) i++;
        if (!info) fail_msg("no statistic %d in the registry", what);
        assert_ptr_equal(kl_roll_info_find(info->name), info);
    }
}

static inline kl_roll_spec spec_of(int64_t rows, int32_t ddof, int64_t min_count, const kl_roll_stat *stats, size_t n) {
    kl_roll_spec spec;
    assert_true(n >= 1 && n <= KL_ROLL_STATS_MAX);
    assert_int_equal(kl_roll_spec_init(&spec, stats[0].what, rows), KL_OK);
    spec.ddof = ddof, spec.min_count = min_count, spec.n_stats = (uint32_t)n;
    memcpy(spec.stats, stats, n * sizeof *stats);
    return spec;
}

static inline const char *stat_text(const kl_roll_stat *stat) {
    static char text[4][80];
    static unsigned at;
    const kl_roll_info *info = NULL;
    for (size_t i = 0; (info = kl_roll_info_at(i)) != NULL && info->what != stat->what;) i++;
    char *to = text[at++ % 4];
    snprintf(to, 80, "%s(rule %d, %.4g)", info ? info->name : "?", (int)stat->rule, stat->param);
    return to;
}

static inline void *roll_memory(const kl_roll_spec *spec, size_t *bytes) {
    kl_error error;
    kl_status status = kl_roll_size(spec, bytes, &error);
    if (status != KL_OK) fail_msg("kl_roll_size: %s (%d), argument %d", error.message, (int)status, (int)error.arg);
    void *memory = malloc(*bytes);
    assert_non_null(memory);
    memset(memory, 0xa5, *bytes);
    return memory;
}

static inline kl_roll *roll_new(const kl_roll_spec *spec) {
    size_t bytes;
    void *memory = roll_memory(spec, &bytes);
    kl_roll *roll = NULL;
    assert_int_equal(kl_roll_init(memory, bytes, spec, &roll, NULL), KL_OK);
    assert_ptr_equal(roll, memory);
    return roll;
}

/* `part` rows a call; 0: all at once; -1: parts of changing size; -2: one step after the other. */
static inline void roll_parts(kl_roll *roll, uint32_t inputs, uint32_t stats, const kl_time *time, const double *const *in, size_t n,
                              long part, double *const *out) {
    uint64_t seed = n;
    for (size_t done = 0, m; done < n; done += m) {
        m = part == 0 ? n : part > 0 ? (size_t)part : part == -2 ? 1 : 1 + (size_t)random_below(&seed, random_below(&seed, 4) ? 40 : 1500);
        if (m > n - done) m = n - done;
        const double *from[2] = {in[0] + done, inputs > 1 ? in[1] + done : NULL};
        double *to[KL_ROLL_STATS_MAX];
        for (uint32_t s = 0; s < stats; s++) to[s] = out[s] ? out[s] + done : NULL;
        if (part == -2) {
            double row[2] = {from[0][0], inputs > 1 ? from[1][0] : 0.0}, result[KL_ROLL_STATS_MAX];
            assert_int_equal(kl_roll_step(roll, time ? time[done] : 0, row, result), KL_OK);
            for (uint32_t s = 0; s < stats; s++)
                if (to[s]) *to[s] = result[s];
        } else {
            kl_error error;
            kl_status status = kl_roll_run(roll, time ? time + done : NULL, from, m, to, &error);
            if (status != KL_OK) fail_msg("kl_roll_run: %s (%d)", error.message, (int)status);
        }
    }
}

static inline void roll_all(const kl_roll_spec *spec, const kl_time *time, const double *const *in, size_t n, long part, double *const *out) {
    kl_roll *roll = roll_new(spec);
    roll_parts(roll, kl_roll_inputs(spec), spec->n_stats, time, in, n, part, out);
    free(roll);
}

static inline uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* Finite, not -0.0, or the one NaN. */
static inline int is_canonical(double x) {
    uint64_t bits = bits_of(x);
    return isfinite(x) ? bits != UINT64_C(0x8000000000000000) : bits == UINT64_C(0x7ff8000000000000);
}

/* Room for the outputs of one spec. */
static inline double **outputs_new(size_t rows) {
    double **out = (double **)malloc(KL_ROLL_STATS_MAX * sizeof *out);
    assert_non_null(out);
    for (int s = 0; s < KL_ROLL_STATS_MAX; s++) {
        out[s] = (double *)malloc((rows ? rows : 1) * sizeof(double));
        assert_non_null(out[s]);
        for (size_t k = 0; k < rows; k++) out[s][k] = -777.0;
    }
    return out;
}
static inline void outputs_free(double **out) {
    for (int s = 0; s < KL_ROLL_STATS_MAX; s++) free(out[s]);
    free(out);
}

#endif
