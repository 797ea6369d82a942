/* Every indicator against its long-form reference in 113 bits (tests/reference/series.h).
 *
 * What a bar may be off is not written down by hand: the reference runs again on inputs moved by up to 2 ulp, several times, and
 * what its output moves by is what rounding of inputs alone does there. Equal values move together, so flat stays flat and
 * ties stay ties. Allowed:
 *     ALLOWED_INPUT  * the greatest move of the last RECENT rows
 *   + ALLOWED_OUTPUT * ulp of the greatest |value| of the last RECENT rows, or of its range where it has one
 * A bar where moved inputs change what is known, or move the output by more than LOOSE of its size (a jump), says nothing;
 * a market with too many of them does not count, and one indicator without enough bars that say something fails. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "market.h"
#include "../../reference/series.h"

#define ROWS 1500
#define ROUNDS 4
#define ALLOWED_INPUT 32.0
#define ALLOWED_OUTPUT 16.0
#define RECENT 100
#define LOOSE 1e-6

/* Weak: one that is missing is a test that fails, not a build that does. */
#define KL__INDICATOR(name) extern ref_function ref_##name __attribute__((weak));
#include "indicator/indicators.def"
#undef KL__INDICATOR
static const struct {
    const char *name;
    ref_function *run;
} references[] = {
#define KL__INDICATOR(name) {#name, ref_##name},
#include "indicator/indicators.def"
#undef KL__INDICATOR
};

static double column[5][ROWS], moved[KL_INPUTS_MAX][ROWS], got[KL_OUTPUTS_MAX][ROWS], allowed[KL_OUTPUTS_MAX][ROWS];
static double *const ohlcv[5] = {column[0], column[1], column[2], column[3], column[4]};
static quad exact[KL_OUTPUTS_MAX][ROWS], shaken[KL_OUTPUTS_MAX][ROWS];
static double move[KL_OUTPUTS_MAX][ROWS];
static int unclear[KL_OUTPUTS_MAX][ROWS];
static size_t slice, slices = 1;
static size_t judged[KL_OUTPUTS_MAX]; /* bars of the indicator under way that could tell right from wrong */
static double worst, worst_share;

static void reference(size_t at, const double *params, const double *const *in, size_t n, quad (*to)[ROWS]) {
    quad *out[KL_OUTPUTS_MAX];
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) {
        out[o] = to[o];
        for (size_t k = 0; k < n; k++) to[o][k] = q_nan();
    }
    references[at].run(params, in, n, out);
    q_free_all();
}

/* x moved by -2 .. 2 ulp: by the same for the same x. */
static double moved_value(double x, uint64_t round) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits ^ round) * UINT64_C(0x9e3779b97f4a7c15);
    bits = (bits ^ bits >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return x + x * 0x1p-52 * ((double)(bits >> 32 & 0xffff) / 16384.0 - 2.0);
}

static double as_double(quad x) { return q_abs(x) <= 0x1.fffffffffffffp1023 ? (double)x : (double)NAN; }

static double within(const double *v, size_t k) {
    double top = 0;
    for (size_t j = k < RECENT ? 0 : k - RECENT; j <= k; j++) top = v[j] > top ? v[j] : top;
    return top;
}

static void allow(size_t at, const double *params, const double *const *in, size_t n, uint64_t *seed) {
    const kl_indicator *d = kl_indicator_at(at);
    const double *from[KL_INPUTS_MAX];
    static double size[ROWS];
    reference(at, params, in, n, exact);
    memset(move, 0, sizeof move), memset(unclear, 0, sizeof unclear);
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t turn = random_u64(seed);
        for (uint32_t i = 0; i < d->n_inputs; i++) {
            from[i] = moved[i];
            for (size_t k = 0; k < n; k++) moved[i][k] = q_missing(in[i][k]) ? in[i][k] : moved_value(in[i][k], turn);
        }
        q_shake(turn);
        reference(at, params, from, n, shaken);
        q_shake(0);
        for (uint32_t o = 0; o < d->n_outputs; o++)
            for (size_t k = 0; k < n; k++) {
                double a = as_double(exact[o][k]), b = as_double(shaken[o][k]);
                if (isnan(a) != isnan(b)) unclear[o][k] = 1;
                else if (!isnan(a)) move[o][k] = fmax(move[o][k], fabs((double)(shaken[o][k] - exact[o][k])));
            }
    }
    for (uint32_t o = 0; o < d->n_outputs; o++) {
        double low = d->outputs[o].min, high = d->outputs[o].max, range = isfinite(low) && isfinite(high) ? fmax(fabs(low), fabs(high)) : 0;
        for (size_t k = 0; k < n; k++) {
            size[k] = fabs(as_double(exact[o][k]));
            if (move[o][k] > LOOSE * fmax(size[k], range)) unclear[o][k] = 1, move[o][k] = 0;
        }
        for (size_t k = 0; k < n; k++)
            allowed[o][k] = ALLOWED_INPUT * within(move[o], k) + ALLOWED_OUTPUT * 0x1p-53 * fmax(within(size, k), range) + 0x1p-990;
    }
}

/* On huge prices: 1 where one is near, and squares and products may overflow. */
static int overflows(const kl_indicator *d, const double *const *in, size_t k) {
    for (uint32_t i = 0; i < d->n_inputs; i++)
        for (size_t j = k < RECENT ? 0 : k - RECENT; j <= k; j++)
            if (fabs(in[i][j]) > 1e200) return 1;
    return 0;
}

static void compare(const kl_indicator *d, const double *params, const char *market, const double *const *in, size_t n) {
    for (uint32_t o = 0; o < d->n_outputs; o++)
        for (size_t k = 0; k < n; k++) {
            double y = got[o][k], r = as_double(exact[o][k]), off = fabs((double)(y - exact[o][k]));
            if (unclear[o][k] || (market == market_names[MARKET_HUGE] && (isnan(y) || overflows(d, in, k)))) continue;
            judged[o] += isnan(r) ? 0 : 1;
            if (isnan(y) != isnan(r) || (!isnan(r) && !(off <= allowed[o][k])))
                fail_msg("%s(%g,%g,%g,%g).%s on %s: bar %zu is %.17g, the reference %.17g, allowed %g", d->name, params[0], params[1],
                         params[2], params[3], d->outputs[o].name, market, k, y, r, allowed[o][k]);
            if (!isnan(r)) worst_share = fmax(worst_share, off / allowed[o][k]);
        }
}

static void check(size_t at, int set, int kind, uint64_t *seed, double longest, size_t n) {
    const kl_indicator *d = kl_indicator_at(at);
    double params[KL_PARAMS_MAX] = {0}, *to[KL_OUTPUTS_MAX];
    const double *in[KL_INPUTS_MAX];
    market_params(d, set, seed, longest, params);
    market_fill(kind, random_u64(seed), n, ohlcv);
    market_inputs(d, ohlcv, in);
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) to[o] = got[o];
    size_t bytes;
    kl_run *run;
    assert_int_equal(kl_run_size(d, params, &bytes, NULL), KL_OK);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_run_init(memory, bytes, d, params, &run, NULL), KL_OK);
    assert_int_equal(kl_run_bars(run, in, n, to), KL_OK);
    free(memory);
    allow(at, params, in, n, seed);
    compare(d, params, market_names[kind], in, n);
}

static void test_all(void **state) {
    (void)state;
    uint64_t seed = getenv("KLINE_SEED") ? strtoull(getenv("KLINE_SEED"), NULL, 10) : 20260103;
    const char *only = getenv("KLINE_ONLY"); /* the name of one */
    int sets = getenv("KLINE_LONG") ? 40 : getenv("KLINE_QUICK") ? 2 : 4;
    size_t bars = getenv("KLINE_QUICK") ? 160 : 320;
    int failed = 0;
    print_message("seed %llu\n", (unsigned long long)seed);
    assert_int_equal(sizeof references / sizeof *references, kl_indicator_count());
    for (size_t at = slice; at < kl_indicator_count(); at += slices) {
        const kl_indicator *d = kl_indicator_at(at);
        assert_string_equal(references[at].name, d->name);
        if (only && strcmp(only, d->name) != 0) continue;
        if (!references[at].run) {
            print_message("%s has no reference\n", d->name), failed++;
            continue;
        }
        memset(judged, 0, sizeof judged), worst_share = 0;
        for (int kind = 0; kind < MARKET_KINDS; kind++)
            for (int set = 0; set < sets && kind != MARKET_DENORMAL; set++) check(at, set, kind, &seed, set < 3 ? 20 : 70, bars);
        check(at, 2, MARKET_WALK, &seed, 300, 2 * bars);
        for (uint32_t o = 0; o < d->n_outputs; o++)
            if (judged[o] < bars) print_message("%s.%s: only %zu bars could tell\n", d->name, d->outputs[o].name, judged[o]), failed++;
        worst = fmax(worst, worst_share);
        if (getenv("KLINE_LONG") || only) print_message("%s: at most %.3f of what is allowed\n", d->name, worst_share);
    }
    print_message("at most %.3f of what is allowed\n", worst);
    assert_int_equal(failed, 0);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};
    if (argc == 3) slice = strtoul(argv[1], NULL, 10), slices = strtoul(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
