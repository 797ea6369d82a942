/* What every indicator owes to the meaning of its numbers, by a loop over the registry: prices and volumes in other units scale
 * the outputs exactly, nothing knows the future, a missing bar leaves no trace but the declared one, and what is made of nothing
 * is unknown. */
#include "harness.h"

static harness_matrix one, two;
static double changed[KL_INPUTS_MAX][HARNESS_ROWS];
static const double *from[KL_INPUTS_MAX];

static void copy_inputs(const kl_indicator *d, const double *const *in, size_t n) {
    for (uint32_t i = 0; i < d->n_inputs; i++) memcpy(changed[i], in[i], n * sizeof(double)), from[i] = changed[i];
}

static void prepare(const kl_indicator *d, int set, int kind, uint64_t *seed, size_t n, double *params, const double **in) {
    memset(params, 0, KL_PARAMS_MAX * sizeof(double));
    market_params(d, set, seed, 40, params);
    market_fill(kind, random_u64(seed), n, ohlcv);
    market_inputs(d, ohlcv, in);
    copy_inputs(d, in, n);
}

/* Prices times 2^a, volumes times 2^b. */
static void test_scaling(void **state) {
    const kl_indicator *d = (const kl_indicator *)*state;
    static const int scales[][2] = {{1, 0}, {-7, 0}, {0, 3}, {20, -11}};
    static const int kinds[] = {MARKET_WALK, MARKET_TIES, MARKET_HOLES, MARKET_GAPS, MARKET_FLAT};
    uint64_t seed = harness_seed;
    size_t n = 300;
    double params[KL_PARAMS_MAX];
    const double *in[KL_INPUTS_MAX];
    for (size_t turn = 0; turn < 4 * sizeof kinds / sizeof *kinds; turn++) {
        int kind = kinds[turn / 4], a = scales[turn % 4][0], b = scales[turn % 4][1];
        prepare(d, turn % 4 == 0 ? 0 : turn % 4 == 1 ? 1 : 3, kind, &seed, n, params, in);
        for (uint32_t i = 0; i < d->n_inputs; i++) {
            int dimension = market_dimension(d, i);
            for (size_t k = 0; k < n; k++) changed[i][k] = ldexp(in[i][k], dimension == 1 ? a : dimension == 2 ? b : 0);
        }
        harness_run(d, params, in, n, one);
        harness_run(d, params, from, n, two);
        for (uint32_t o = 0; o < d->n_outputs; o++) {
            const kl_output_info *out = &d->outputs[o];
            if ((a && out->price_power == KL_POWER_NONE) || (b && out->volume_power == KL_POWER_NONE)) continue;
            int power = (a ? a * out->price_power : 0) + (b ? b * out->volume_power : 0);
            for (size_t k = 0; k < n; k++) {
                double want = ldexp(one[o][k], power);
                if (memcmp(&want, &two[o][k], sizeof want) != 0 && !(isnan(want) && isnan(two[o][k])))
                    fail_msg("%s.%s on %s: prices 2^%d, volumes 2^%d: bar %zu is %.17g, not %.17g", harness_name(d, params),
                             out->name, market_names[kind], a, b, k, two[o][k], want);
            }
        }
    }
}

/* The future of every input is rewritten: nothing before changes. */
static void test_causality(void **state) {
    const kl_indicator *d = (const kl_indicator *)*state;
    uint64_t seed = harness_seed;
    size_t n = 260;
    double params[KL_PARAMS_MAX];
    const double *in[KL_INPUTS_MAX];
    for (int turn = 0; turn < 12; turn++) {
        prepare(d, turn < 3 ? turn : 3, turn % 2 ? MARKET_WALK : MARKET_TIES, &seed, n, params, in);
        size_t cut = random_below(&seed, n);
        for (uint32_t i = 0; i < d->n_inputs; i++)
            for (size_t k = cut; k < n; k++) {
                double u = market_noise(&seed);
                changed[i][k] = turn % 3 == 0 ? (double)NAN : turn % 3 == 1 ? 100.0 + 50.0 * u : in[i][k] * (2.0 + u);
            }
        harness_run(d, params, in, n, one);
        harness_run(d, params, from, n, two);
        harness_same(d, params, one, two, 0, cut, "a market", "with another future");
    }
}

/* One bar is NaN, infinite or beyond 2^1000 in one input or in all: it is missing, and how does not matter. A kind that holds
 * goes on as if the bar had not been there; a window forgets it after its length; whatever it is, it comes back. */
static void test_missing(void **state) {
    const kl_indicator *d = (const kl_indicator *)*state;
    static const double bad[] = {(double)NAN, HUGE_VAL, -HUGE_VAL, 1e308, -1e308};
    uint64_t seed = harness_seed;
    size_t n = 700, hole = 333;
    double params[KL_PARAMS_MAX];
    const double *in[KL_INPUTS_MAX];
    for (uint32_t which = 0; which <= d->n_inputs; which++) {
        int64_t bars;
        prepare(d, which ? 3 : 0, MARKET_WALK, &seed, n, params, in);
        assert_int_equal(kl_indicator_lookback(d, params, &bars), KL_OK);
        for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
            for (uint32_t i = 0; i < d->n_inputs; i++)
                if (which == d->n_inputs || i == which) changed[i][hole] = bad[b];
            harness_run(d, params, from, n, b ? two : one);
            if (b) harness_same(d, params, one, two, 0, n, "a walk", "missing is missing");
        }
        uint32_t flags = harness_flags(d);
        if (!d->formula && (flags & KL__HOLDS)) {
            for (uint32_t o = 0; o < d->n_outputs; o++) {
                if (!isnan(one[o][hole])) fail_msg("%s is known in a missing bar", harness_name(d, params));
                memmove(&one[o][hole], &one[o][hole + 1], (n - 1 - hole) * sizeof(double));
            }
            for (uint32_t i = 0; i < d->n_inputs; i++) memmove(&changed[i][hole], &in[i][hole + 1], (n - 1 - hole) * sizeof(double));
            harness_run(d, params, from, n - 1, two);
            harness_same(d, params, two, one, 0, n - 1, "a walk", "as if the bar had not been there");
        } else if (!d->formula && !(flags & KL__RAW)) {
            const kl__indicator *kind = (const kl__indicator *)(const void *)d;
            double length = kind->needed ? kind->needed(params, 16.0) : (double)bars + 1.0;
            harness_run(d, params, in, n, two);
            if (length < (double)n) harness_same(d, params, two, one, hole + (size_t)length, n, "a walk", "gone after its length");
        }
        for (uint32_t o = 0; o < d->n_outputs; o++) {
            int known = 0, again = 0;
            for (size_t k = 0; k < n; k++) known |= k < hole && !isnan(one[o][k]), again |= k > n / 2 + 100 && !isnan(one[o][k]);
            if (known && !again) fail_msg("%s.%s never comes back", harness_name(d, params), d->outputs[o].name);
        }
    }
}

/* What an input without any known value leaves known did not need it; without all of them nothing is known. */
static void test_nothing(void **state) {
    const kl_indicator *d = (const kl_indicator *)*state;
    uint64_t seed = harness_seed;
    size_t n = 200;
    double params[KL_PARAMS_MAX];
    const double *in[KL_INPUTS_MAX];
    if ((harness_flags(d) & KL__RAW) && !d->formula) return; /* known(x), coalesce(x, y), or ...: it is their meaning */
    for (uint32_t which = 0; which <= d->n_inputs; which++) {
        prepare(d, 0, MARKET_WALK, &seed, n, params, in);
        harness_run(d, params, in, n, one);
        for (uint32_t i = 0; i < d->n_inputs; i++)
            for (size_t k = 0; k < n; k++)
                if (which == d->n_inputs || i == which) changed[i][k] = (double)NAN;
        harness_run(d, params, from, n, two);
        for (uint32_t o = 0; o < d->n_outputs; o++)
            for (size_t k = 0; k < n; k++)
                if (!isnan(two[o][k]) && (which == d->n_inputs || memcmp(&one[o][k], &two[o][k], sizeof(double)) != 0))
                    fail_msg("%s.%s without any %s: bar %zu is %.17g", harness_name(d, params), d->outputs[o].name,
                             which == d->n_inputs ? "input" : d->inputs[which].name, k, two[o][k]);
    }
}

int main(int argc, char **argv) {
    static const harness_check checks[] = {{"scaling", test_scaling}, {"causality", test_causality},
                                            {"missing bars", test_missing}, {"nothing", test_nothing}};
    return harness_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
