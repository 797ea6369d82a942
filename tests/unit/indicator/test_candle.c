/* Candle patterns: a textbook example of each; and markets made of distorted examples, in which hits and near misses are
 * frequent, against the long-form references, where every parameter has to be seen. */
#include "harness.h"
#include "candle_examples.h"
#include "../../reference/series.h"

#define ROWS HARNESS_ROWS
#define TICK 0.25
#define MARKETS 6

#define KL__INDICATOR(name) extern ref_function ref_##name __attribute__((weak));
#include "indicator/indicators.def"
#undef KL__INDICATOR
static const struct {
    const char *name;
    ref_function *run;
} candle_references[] = {
#define KL__INDICATOR(name) {#name, ref_##name},
#include "indicator/indicators.def"
#undef KL__INDICATOR
};

static harness_matrix got;
static double want[3][ROWS];

static int is_candle(const kl_indicator *d) { return strcmp(d->group, "candle") == 0; }

static void put(size_t k, const int *bar, int mirror) {
    for (int i = 0; i < 4; i++) {
        int from = mirror && (i == 1 || i == 2) ? 3 - i : i;
        ohlcv[i][k] = TICK * (1000 + (mirror ? 10 - bar[from] : bar[from]));
    }
}

static const int quiet[2][4] = {{0, 15, -5, 10}, {10, 15, -5, 0}};

static void test_examples(void **state) {
    size_t n_examples = sizeof candle_examples / sizeof *candle_examples, before = 20;
    (void)state;
    for (size_t e = 0; e < n_examples; e++)
        for (int mirror = 0; mirror <= candle_examples[e].mirror; mirror++) {
            const candle_example *x = &candle_examples[e];
            const kl_indicator *d = kl_indicator_find(x->name);
            double params[KL_PARAMS_MAX], value = mirror ? -x->value : x->value;
            if (!d) fail_msg("%s is not there", x->name);
            assert_int_equal(kl_indicator_params(d, NULL, 0, params, NULL), KL_OK);
            for (size_t k = 0; k < before; k++) put(k, quiet[k % 2], mirror);
            for (int k = 0; k < x->n; k++) put(before + (size_t)k, x->bars[k], mirror);
            size_t n = before + (size_t)x->n;
            harness_run(d, params, (const double *const *)ohlcv, n, got);
            if (got[0][n - 1] != value)
                fail_msg("%s: example %zu%s is %g, not %g", x->name, e, mirror ? ", upside down," : "", got[0][n - 1], value);
        }
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        size_t have = 0;
        for (size_t e = 0; e < n_examples; e++) have += strcmp(candle_examples[e].name, kl_indicator_at(i)->name) == 0;
        if (is_candle(kl_indicator_at(i)) && !have) fail_msg("%s has no example", kl_indicator_at(i)->name);
    }
}

/* A bar of `size` quarters of its size, moved by up to `by` ticks in each price, its high and low still its high and low. */
static void put_near(size_t k, const int *bar, int mirror, int size, unsigned by, uint64_t *seed) {
    int moved[4];
    for (int i = 0; i < 4; i++) moved[i] = 5 + (bar[i] - 5) * size / 4 + (int)random_below(seed, 2 * by + 1) - (int)by;
    for (int i = 0; i < 4; i += 3) {
        if (moved[1] < moved[i]) moved[1] = moved[i];
        if (moved[2] > moved[i]) moved[2] = moved[i];
    }
    put(k, moved, mirror);
}

/* Examples of one pattern between quiet bars, all more or less distorted. */
static void fill(const char *name, uint64_t *seed) {
    size_t n_examples = sizeof candle_examples / sizeof *candle_examples;
    for (size_t k = 0; k < ROWS;) {
        const candle_example *x = &candle_examples[random_below(seed, n_examples)];
        while (strcmp(x->name, name) != 0) x = x + 1 == candle_examples + n_examples ? candle_examples : x + 1;
        int mirror = x->mirror && random_below(seed, 2) == 0, size = random_below(seed, 2) ? 4 : 1 + (int)random_below(seed, 16);
        unsigned by = (unsigned)random_below(seed, 4);
        for (size_t still = 4 + random_below(seed, 10); still > 0 && k < ROWS; still--)
            put_near(k++, quiet[still % 2], mirror, 4, by, seed);
        for (int j = 0; j < x->n && k < ROWS; j++) {
            int odd = random_below(seed, 5) == 0 ? 1 + (int)random_below(seed, 16) : size;
            put_near(k++, x->bars[j], mirror, odd, by, seed);
        }
    }
}

static ref_function *reference_of(const kl_indicator *d) {
    for (size_t i = 0; i < sizeof candle_references / sizeof *candle_references; i++)
        if (strcmp(candle_references[i].name, d->name) == 0 && candle_references[i].run) return candle_references[i].run;
    fail_msg("%s has no reference", d->name);
    return NULL;
}

static void reference(const kl_indicator *d, const double *params, double *to) {
    static quad exact[ROWS];
    quad *out[1] = {exact};
    for (size_t k = 0; k < ROWS; k++) exact[k] = q_nan();
    reference_of(d)(params, (const double *const *)ohlcv, ROWS, out);
    q_free_all();
    for (size_t k = 0; k < ROWS; k++) to[k] = (double)exact[k];
}

static int equal(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

/* A bar that turns when factors do by 1e-9 is a tie in binary, which rounding decides. */
static size_t compare(const kl_indicator *d, const double *params) {
    double moved[KL_PARAMS_MAX];
    size_t hits = 0, ties = 0;
    for (int turn = 0; turn < 3; turn++) {
        for (uint32_t p = 0; p < d->n_params; p++)
            moved[p] = d->params[p].kind == KL_PARAM_REAL ? params[p] * (1 + 1e-9 * (turn - 1)) : params[p];
        reference(d, moved, want[turn]);
    }
    harness_run(d, params, (const double *const *)ohlcv, ROWS, got);
    for (size_t k = 0; k < ROWS; k++) {
        int tie = !equal(want[0][k], want[1][k]) || !equal(want[1][k], want[2][k]);
        if (!tie && !equal(got[0][k], want[1][k]))
            fail_msg("%s: bar %zu is %g, the reference %g", harness_name(d, params), k, got[0][k], want[1][k]);
        ties += (size_t)tie;
        hits += !tie && !isnan(want[1][k]) && want[1][k] != 0;
    }
    assert_true(ties < ROWS / 4);
    return hits;
}

static void test_distorted(void **state) {
    static const double factors[] = {0.0, 0.125, 0.3, 0.5, 0.9, 1.0, 1.7};
    uint64_t seed = harness_seed;
    int markets = getenv("KLINE_QUICK") ? 3 : getenv("KLINE_LONG") ? 10 * MARKETS : MARKETS;
    (void)state;
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        double params[KL_PARAMS_MAX];
        size_t hits = 0;
        if (!is_candle(d)) continue;
        for (int market = 0; market < markets; market++) {
            assert_int_equal(kl_indicator_params(d, NULL, 0, params, NULL), KL_OK);
            for (uint32_t p = 0; market % 3 == 2 && p < d->n_params; p++)
                params[p] = d->params[p].kind == KL_PARAM_CHOICE ? (double)random_below(&seed, 3)
                            : d->params[p].kind == KL_PARAM_INT  ? (double)random_below(&seed, 13)
                                                                 : factors[random_below(&seed, sizeof factors / sizeof *factors)];
            fill(d->name, &seed);
            if (market % 4 == 1)
                for (size_t hole = 200; hole < ROWS; hole += 150) ohlcv[hole % 4][hole] = (double)NAN;
            hits += compare(d, params);
        }
        if (hits < 5 * (size_t)markets) fail_msg("%s: only %zu hits", d->name, hits);
    }
}

/* Another value of a parameter, another bar of an input, is seen. */
static void test_would_tell(void **state) {
    (void)state;
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        double params[KL_PARAMS_MAX], other[KL_PARAMS_MAX];
        size_t seen[KL_PARAMS_MAX] = {0};
        uint64_t seed = harness_seed;
        if (!is_candle(d)) continue;
        assert_int_equal(kl_indicator_params(d, NULL, 0, params, NULL), KL_OK);
        for (int market = 0, blind = 1; market < 30 && blind; market++) {
            blind = 0;
            fill(d->name, &seed);
            harness_run(d, params, (const double *const *)ohlcv, ROWS, got);
            for (uint32_t p = 0; p < d->n_params; p++)
                for (int turn = 0; turn < 3 && !seen[p]; turn++) {
                    static const double times[] = {1.5, 0.5, 4};
                    memcpy(other, params, sizeof other);
                    other[p] = d->params[p].kind == KL_PARAM_CHOICE ? fmod(params[p] + 1 + turn, 3)
                               : d->params[p].kind == KL_PARAM_INT  ? floor(params[p] * times[turn]) + 1
                                                                    : params[p] * times[turn];
                    reference(d, other, want[0]);
                    for (size_t k = 0; k < ROWS; k++)
                        seen[p] += !isnan(want[0][k]) && !isnan(got[0][k]) && want[0][k] != got[0][k];
                }
            for (uint32_t p = 0; p < d->n_params; p++) blind |= !seen[p];
        }
        for (uint32_t p = 0; p < d->n_params; p++)
            if (!seen[p]) fail_msg("%s: nobody would see another %s", d->name, d->params[p].name);
    }
}

/* The sizes themselves are unknown as long as their windows are, and patterns with them: never known to be absent. */
static void test_unknown(void **state) {
    (void)state;
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        double params[KL_PARAMS_MAX];
        int64_t bars;
        uint64_t seed = harness_seed;
        if (!is_candle(d)) continue;
        assert_int_equal(kl_indicator_params(d, NULL, 0, params, NULL), KL_OK);
        assert_int_equal(kl_indicator_lookback(d, params, &bars), KL_OK);
        fill(d->name, &seed);
        harness_run(d, params, (const double *const *)ohlcv, ROWS, got);
        for (size_t k = 0; k < ROWS; k++)
            if (isnan(got[0][k]) != (k < (size_t)bars)) fail_msg("%s: bar %zu, its lookback is %d", d->name, k, (int)bars);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples), cmocka_unit_test(test_distorted),
                                       cmocka_unit_test(test_would_tell), cmocka_unit_test(test_unknown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
