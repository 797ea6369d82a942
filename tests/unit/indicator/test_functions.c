/* Functions of the language by hand: values, edges, truth tables; windows against kl_roll bit by bit; what is needed of the past. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "market.h"
#include "indicator/indicator.h"
#include "kline/plan.h"
#include "kline/simd.h"
#include "kline/window.h"

#define U NAN /* unknown */
#define ROWS 700

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The same bits; unknown is the one NaN. */
static int same(double got, double want) {
    return isnan(want) ? bits_of(got) == UINT64_C(0x7ff8000000000000) : bits_of(got) == bits_of(want);
}

static kl_run *make(const kl_indicator *d, const double *params) {
    size_t bytes;
    kl_run *run;
    assert_non_null(d);
    assert_int_equal(kl_run_size(d, params, &bytes, NULL), KL_OK);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_run_init(memory, bytes, d, params, &run, NULL), KL_OK);
    return run;
}

/* Rows in chunks of `size`. */
static void run_chunks(const char *name, const double *params, const double *const *in, size_t n, size_t size, double *out) {
    const kl_indicator *d = kl_indicator_find(name);
    kl_run *run = make(d, params);
    for (size_t done = 0, part; done < n; done += part) {
        const double *from[KL_INPUTS_MAX];
        double *to[1] = {out + done};
        part = n - done < size ? n - done : size;
        for (uint32_t i = 0; i < d->n_inputs; i++) from[i] = in[i] + done;
        assert_int_equal(kl_run_bars(run, from, part, to), KL_OK);
    }
    free(run);
}

/* ------------------------------------------------------------------------------------------------- row by row --- */

typedef struct {
    const char *name;
    double in[3], want;
} row_case;

static const row_case rows_exact[] = {
    {"add", {1, 2, 0}, 3}, {"add", {1e300, 1e300, 0}, 2e300}, {"add", {U, 2, 0}, U}, {"add", {-0.0, -0.0, 0}, 0.0}, {"add", {HUGE_VAL, 1, 0}, U},
    {"sub", {1, 2, 0}, -1}, {"sub", {2, 2, 0}, 0}, {"sub", {2, U, 0}, U},
    {"mult", {3, 4, 0}, 12}, {"mult", {1e200, 1e200, 0}, U}, {"mult", {-1, 0, 0}, 0.0}, {"mult", {0, U, 0}, U},
    {"div", {1, 4, 0}, 0.25}, {"div", {1, 0, 0}, U}, {"div", {0, 0, 0}, U}, {"div", {0, -5, 0}, 0.0}, {"div", {1, 5e-324, 0}, U},
    {"neg", {3, 0, 0}, -3}, {"neg", {0, 0, 0}, 0.0}, {"neg", {U, 0, 0}, U},
    {"abs", {-3, 0, 0}, 3}, {"abs", {-0.0, 0, 0}, 0.0}, {"abs", {-HUGE_VAL, 0, 0}, U},
    {"sign", {-3, 0, 0}, -1}, {"sign", {5e-324, 0, 0}, 1}, {"sign", {-0.0, 0, 0}, 0.0}, {"sign", {U, 0, 0}, U},
    {"sqrt", {9, 0, 0}, 3}, {"sqrt", {-1, 0, 0}, U}, {"sqrt", {-0.0, 0, 0}, 0.0},
    {"ln", {1, 0, 0}, 0}, {"ln", {0, 0, 0}, U}, {"ln", {-1, 0, 0}, U},
    {"log10", {1000, 0, 0}, 3}, {"log10", {0.001, 0, 0}, -3}, {"log10", {1e22, 0, 0}, 22}, {"log10", {1e-300, 0, 0}, -300},
    {"log10", {1e300, 0, 0}, 300}, {"log10", {0, 0, 0}, U}, {"log10", {-10, 0, 0}, U}, {"log10", {1, 0, 0}, 0},
    {"exp", {0, 0, 0}, 1}, {"exp", {1000, 0, 0}, U}, {"exp", {-1000, 0, 0}, 0}, {"exp", {U, 0, 0}, U},
    {"floor", {-1.5, 0, 0}, -2}, {"ceil", {-1.5, 0, 0}, -1}, {"ceil", {-0.5, 0, 0}, 0.0}, {"trunc", {-1.5, 0, 0}, -1}, {"trunc", {-0.5, 0, 0}, 0.0},
    {"round", {2.5, 0, 0}, 3}, {"round", {-2.5, 0, 0}, -3}, {"round", {0.49999999999999994, 0, 0}, 0}, {"round", {-0.2, 0, 0}, 0.0},
    {"floor", {1e300, 0, 0}, 1e300}, {"floor", {U, 0, 0}, U},
    {"min2", {1, 2, 0}, 1}, {"max2", {1, 2, 0}, 2}, {"min2", {U, 2, 0}, U}, {"min2", {2, U, 0}, U}, {"max2", {U, 2, 0}, U}, {"max2", {2, U, 0}, U},
    {"min2", {-0.0, 0.0, 0}, 0.0},
    {"mod", {7, 3, 0}, 1}, {"mod", {-1, 7, 0}, 6}, {"mod", {1, -7, 0}, -6}, {"mod", {-7, 7, 0}, 0.0}, {"mod", {1, 0, 0}, U}, {"mod", {5.5, 2, 0}, 1.5},
    {"pow", {2, 10, 0}, 1024}, {"pow", {-1, 0.5, 0}, U}, {"pow", {1, U, 0}, U}, {"pow", {U, 0, 0}, U}, {"pow", {0, -1, 0}, U}, {"pow", {0, 0, 0}, 1},
    {"sin", {0, 0, 0}, 0}, {"cos", {0, 0, 0}, 1}, {"tan", {0, 0, 0}, 0}, {"asin", {0, 0, 0}, 0}, {"acos", {1, 0, 0}, 0}, {"atan", {0, 0, 0}, 0},
    {"asin", {1.5, 0, 0}, U}, {"acos", {-1.5, 0, 0}, U}, {"sinh", {0, 0, 0}, 0}, {"cosh", {0, 0, 0}, 1}, {"tanh", {1e10, 0, 0}, 1},
    {"todeg", {0, 0, 0}, 0}, {"torad", {180, 0, 0}, 3.141592653589793}, {"todeg", {3.141592653589793, 0, 0}, 180},
    {"lt", {1, 2, 0}, 1}, {"lt", {2, 2, 0}, 0}, {"lt", {U, 2, 0}, U}, {"lt", {2, U, 0}, U}, {"le", {2, 2, 0}, 1}, {"le", {3, 2, 0}, 0}, {"le", {3, U, 0}, U},
    {"gt", {3, 2, 0}, 1}, {"gt", {2, 2, 0}, 0}, {"gt", {U, U, 0}, U}, {"ge", {2, 2, 0}, 1}, {"ge", {1, 2, 0}, 0}, {"ge", {U, 0, 0}, U},
    {"eq", {2, 2, 0}, 1}, {"eq", {-0.0, 0.0, 0}, 1}, {"eq", {1, 2, 0}, 0}, {"eq", {U, U, 0}, U}, {"ne", {1, 2, 0}, 1}, {"ne", {2, 2, 0}, 0}, {"ne", {U, 2, 0}, U},
    {"if", {1, 5, 7}, 5}, {"if", {0, 5, 7}, 7}, {"if", {U, 5, 7}, U}, {"if", {-2, 5, U}, 5}, {"if", {0, U, 7}, 7}, {"if", {1, U, 7}, U}, {"if", {-0.0, 5, 7}, 7},
    {"coalesce", {1, 2, 0}, 1}, {"coalesce", {U, 2, 0}, 2}, {"coalesce", {U, U, 0}, U}, {"coalesce", {1, U, 0}, 1}, {"coalesce", {HUGE_VAL, 2, 0}, 2},
    {"known", {1, 0, 0}, 1}, {"known", {U, 0, 0}, 0}, {"known", {HUGE_VAL, 0, 0}, 0}, {"known", {0, 0, 0}, 1}};

/* A row alone, and as one of many at every place of a vector. */
static void check_row(const row_case *c) {
    const kl_indicator *d = kl_indicator_find(c->name);
    double column[3][37], out[37], one;
    const double *in[3] = {column[0], column[1], column[2]};
    kl_run *run = make(d, NULL);
    assert_int_equal(kl_run_step(run, c->in, &one), KL_OK);
    if (!same(one, c->want)) fail_msg("%s(%g, %g, %g) is %.17g, not %.17g", c->name, c->in[0], c->in[1], c->in[2], one, c->want);
    for (size_t at = 0; at < 37; at++) {
        for (size_t k = 0; k < 37; k++)
            for (int i = 0; i < 3; i++) column[i][k] = k == at ? c->in[i] : 0.25 * (double)(k % 5);
        run_chunks(c->name, NULL, in, 37, 37, out);
        if (!same(out[at], c->want)) fail_msg("%s at %zu of many: %.17g, not %.17g", c->name, at, out[at], c->want);
    }
    free(run);
}

static void test_rows(void **state) {
    (void)state;
    for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
        if (kl_simd_force(level) < 0) continue;
        for (size_t i = 0; i < sizeof rows_exact / sizeof *rows_exact; i++) check_row(&rows_exact[i]);
    }
    kl_simd_force(KL_SIMD_BEST);
    /* against the C library, within two units in the last place */
    static const struct {
        const char *name;
        double (*f)(double);
    } functions[] = {{"ln", log}, {"exp", exp}, {"log10", log10}, {"sin", sin}, {"cos", cos}, {"tan", tan}, {"asin", asin}, {"acos", acos},
                     {"atan", atan}, {"sinh", sinh}, {"cosh", cosh}, {"tanh", tanh}, {"sqrt", sqrt}};
    uint64_t seed = 5;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        kl_run *run = make(kl_indicator_find(functions[i].name), NULL);
        for (int k = 0; k < 500; k++) {
            double x = market_noise(&seed), y, want = functions[i].f(x);
            assert_int_equal(kl_run_step(run, &x, &y), KL_OK);
            if (isnan(y) != !isfinite(want) || fabs(y - want) > 0x1p-51 * fabs(want))
                fail_msg("%s(%.17g) is %.17g, not %.17g", functions[i].name, x, y, want);
        }
        free(run);
    }
}

static void test_truth(void **state) {
    (void)state;
    static const double value[3] = {0, 1, U};
    static const double both[3][3] = {{0, 0, 0}, {0, 1, U}, {0, U, U}}, one[3][3] = {{0, 1, U}, {1, 1, 1}, {U, 1, U}}, none[3] = {1, 0, U};
    for (int a = 0; a < 3; a++) {
        check_row(&(row_case){"not", {value[a], 0, 0}, none[a]});
        for (int b = 0; b < 3; b++) {
            check_row(&(row_case){"and", {value[a], value[b], 0}, both[a][b]});
            check_row(&(row_case){"or", {value[a], value[b], 0}, one[a][b]});
            check_row(&(row_case){"and", {value[a] * -3, value[b] * 0.1, 0}, both[a][b]});
            check_row(&(row_case){"or", {value[a] * 5e-324, value[b] * -7, 0}, one[a][b]});
        }
    }
}

/* ------------------------------------------------------------------------------------------------ with memory --- */

enum { LENGTH = 10 };
typedef struct {
    const char *name;
    double params[5];
    double a[LENGTH], b[LENGTH], want[LENGTH];
} memory_case;

static const memory_case memories[] = {
    {"lag", {2}, {1, 2, U, 4, 5, 6, 7, 8, 9, 10}, {0}, {U, U, 1, 2, U, 4, 5, 6, 7, 8}},
    {"lag", {0}, {1, 2, U, 4, 5, 6, 7, 8, 9, -0.0}, {0}, {1, 2, U, 4, 5, 6, 7, 8, 9, 0}},
    {"ret", {1}, {1, 2, 1, 0, 1, U, 4, 6, 6, -6}, {0}, {U, 1, -0.5, -1, U, U, U, 0.5, 0, -2}},
    {"ret", {2}, {1, 2, 4, -4, 1, U, 4, 6, 6, 6}, {0}, {U, U, 3, -3, -0.75, U, 3, U, 0.5, 0}},
    {"cross_up", {0}, {1, 3, 3, 1, 2, 3, U, 3, 1, 5}, {2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, {U, 1, 0, 0, 0, 1, U, U, 0, 1}},
    {"cross_down", {0}, {1, 3, 2, 1, 2, 3, U, 3, 1, 5}, {2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, {U, 0, 0, 1, 0, 0, U, U, 1, 0}},
    {"rising", {1}, {1, 2, 2, 3, 1, U, 1, 2, 3, 4}, {0}, {U, 1, 0, 1, 0, U, U, 1, 1, 1}},
    {"rising", {2}, {1, 2, 3, 4, 1, U, 1, 2, 3, 3}, {0}, {U, U, 1, 1, 0, U, U, U, 1, 0}},
    {"falling", {2}, {5, 4, 3, 2, 1, U, 3, 2, 1, 1}, {0}, {U, U, 1, 1, 1, U, U, U, 1, 0}},
    {"streak", {0}, {1, 2, 3, U, 4, 3, 2, 2, 1, 5}, {0}, {U, 1, 2, U, 3, -1, -2, 0, -1, 1}},
    {"since", {0}, {0, U, 1, 0, U, 0, -1, 1, 0, 0}, {0}, {U, U, 0, 1, 2, 3, 0, 0, 1, 2}},
    {"hold", {0}, {U, 1, U, U, 2, HUGE_VAL, -0.0, U, 3, U}, {0}, {U, 1, 1, 1, 2, 2, 0, 0, 3, 3}},
    {"value_when", {0}, {0, 1, 0, U, 1, 1, 0, 0, 1, 0}, {9, 8, 7, 6, 5, U, 3, 2, 1, 0}, {U, 8, 8, 8, 5, U, U, U, 1, 1}},
    {"value_when", {2}, {1, 1, 0, 1, 0, 1, 0, 1, 1, 1}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, {U, U, U, 9, 9, 8, 8, 6, 4, 2}},
    {"cumsum", {0}, {U, 1, 2, U, 3, -3, HUGE_VAL, 1e17, 1, -1e17}, {0}, {U, 1, 3, U, 6, 3, U, 1e17, 1e17, 4}},
    {"cumsum_since", {0}, {1, 2, 3, 4, U, 6, 7, U, 9, 1}, {0, 0, 1, U, 0, 0, 1, 1, 0, 0}, {U, U, 3, 7, U, 13, 7, U, 9, 10}},
    {"max_since", {0}, {9, 2, 3, 1, U, 6, 5, U, 4, 5}, {U, 0, 1, U, 0, 0, 1, 1, 0, 0}, {U, U, 3, 3, U, 6, 5, U, 4, 5}},
    {"min_since", {0}, {0, 2, 3, 1, U, 6, 5, U, 4, 5}, {U, 0, 1, U, 0, 0, 1, 1, 0, 0}, {U, U, 3, 1, U, 1, 5, U, 4, 4}},
    {"ewm", {0.5, 0}, {2, 4, U, 4, 4, 4, 4, 4, 4, 4}, {0}, {2, 3, U, 3.5, 3.75, 3.875, 3.9375, 3.96875, 3.984375, 3.9921875}},
    {"ewm", {0.5, 1}, {2, 4, U, 4, 4, 4, 4, 4, 4, 4}, {0}, {1, 2.5, U, 3.25, 3.625, 3.8125, 3.90625, 3.953125, 3.9765625, 3.98828125}},
    {"ewm", {0, 0}, {0.1, 4, U, 4, 4, 4, 4, 4, 4, 4}, {0}, {0.1, 0.1, U, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}},
    {"ewm", {1, 0}, {0.1, 4, U, 5, 4, 4, 4, 4, 4, 4}, {0}, {0.1, 4, U, 5, 4, 4, 4, 4, 4, 4}},
    {"filter2", {1, -2, 1, 0, 0}, {1, 2, 4, U, 7, 7, 7, 7, 0, 0}, {0}, {1, 2, 1, U, 1, -3, 0, 0, -7, 7}},
    {"filter2", {0.25, 0.25, 0, 0.25, 0.25}, {8, 8, 8, U, 0, 0, 0, 8, 8, 8}, {0}, {8, 8, 8, U, 6, 3.5, 2.375, 3.46875, 5.4609375, 6.232421875}},
    {"filter2", {0.2, 0.2, 0.2, 0.3, 0.1}, {0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, U, 0.7, 0.7}, {0}, {0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, U, 0.7, 0.7}},
    {"ema", {3, 0, 2}, {9, U, 9, 1, 2, 3, 4, 4, U, 8}, {0}, {U, U, U, U, U, 2, 3, 3.5, U, 5.75}},
    {"ema", {3, 1, 2}, {9, U, 9, 1, 2, 3, 4, 4, U, 8}, {0}, {U, U, U, 1, 1.5, 2.25, 3.125, 3.5625, U, 5.78125}},
    {"rma", {2, 0, 1}, {9, 1, 3, 4, 4, 4, U, 4, 4, 4}, {0}, {U, U, 2, 3, 3.5, 3.75, U, 3.875, 3.9375, 3.96875}}};

static void test_memory(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof memories / sizeof *memories; i++) {
        const memory_case *c = &memories[i];
        const double *in[2] = {c->a, c->b};
        double out[LENGTH];
        for (size_t size = 1; size <= LENGTH; size++) {
            run_chunks(c->name, c->params, in, LENGTH, size, out);
            for (size_t k = 0; k < LENGTH; k++)
                if (!same(out[k], c->want[k])) fail_msg("case %zu, %s by %zu: bar %zu is %.17g, not %.17g", i, c->name, size, k, out[k], c->want[k]);
        }
    }
}

/* Small logarithmic returns keep their digits; a sum of ten million values is not off. */
static void test_digits(void **state) {
    (void)state;
    double params[1] = {1}, x[2] = {1e8, 1e8 + 1}, out[2];
    const double *in[1] = {x};
    run_chunks("logret", params, in, 2, 2, out);
    assert_true(fabs(out[1] - 9.9999999500000003333e-9) < 1e-24);
    x[1] = 3e8;
    run_chunks("logret", params, in, 2, 2, out);
    assert_true(fabs(out[1] - 1.0986122886681098) < 4e-16);
    size_t n = getenv("KLINE_QUICK") ? 10000 : 1000000;
    double step = 0.1, sum = 0;
    kl_run *run = make(kl_indicator_find("cumsum"), NULL);
    for (size_t k = 0; k < n; k++) assert_int_equal(kl_run_step(run, &step, &sum), KL_OK);
    assert_true(fabs(sum - (double)n * 0.1) <= 0x1p-52 * sum);
    free(run);
}

/* ---------------------------------------------------------------------------------------------------- windows --- */

static const char *const windows[] = {"sum", "mean", "var", "std", "zscore", "skew", "kurt", "min", "max", "argmin", "argmax", "rangepos", "wsum",
                                      "wmean", "slope", "intercept", "line", "line_r2", "median", "quantile", "rank", "prank", "count", "cov",
                                      "corr", "regbeta", "regalpha", "reg_r2", "vwma"};

/* What kl_roll says with the same parameters. */
static void roll(const kl_indicator *d, const double *params, const double *const *in, size_t n, double *out) {
    const kl_roll_info *info = kl_roll_info_find(strcmp(d->name, "vwma") == 0 ? "vwap" : d->name);
    kl_roll_spec spec;
    double *to[1] = {out};
    assert_non_null(info);
    kl_roll_spec_init(&spec, info->what, (int64_t)params[0]);
    for (uint32_t i = 1; i < d->n_params; i++) {
        const char *name = d->params[i].name;
        if (strcmp(name, "min_count") == 0) spec.min_count = (int64_t)(params[i] < params[0] ? params[i] : params[0]);
        else if (strcmp(name, "ddof") == 0) spec.ddof = (int32_t)params[i];
        else if (strcmp(name, "q") == 0) spec.stats[0].param = params[i];
        else if (strcmp(name, "rule") == 0) spec.stats[0].rule = (int32_t)params[i];
        else fail_msg("%s has a parameter %s", d->name, name);
    }
    assert_int_equal(kl_roll_batch(&spec, NULL, in, n, NULL, NULL, to, NULL), KL_OK);
}

static void test_windows(void **state) {
    (void)state;
    static double column[5][ROWS], got[ROWS], want[ROWS];
    double *const ohlcv[5] = {column[0], column[1], column[2], column[3], column[4]};
    static const int kinds[] = {MARKET_WALK, MARKET_HOLES, MARKET_TIES, MARKET_INFINITE, MARKET_FLAT};
    static const size_t sizes[] = {1, 7, 64, ROWS};
    uint64_t seed = 77;
    size_t rows = getenv("KLINE_QUICK") ? 150 : ROWS;
    for (size_t w = 0; w < sizeof windows / sizeof *windows; w++) {
        const kl_indicator *d = kl_indicator_find(windows[w]);
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
            for (int set = 0; set < 5; set++) {
                double params[KL_PARAMS_MAX];
                const double *in[KL_INPUTS_MAX];
                market_params(d, set == 4 ? 0 : set, &seed, set == 3 ? 200 : 40, params);
                if (set == 4 && d->n_params > 1) params[0] = 31; /* whole windows of an odd length */
                market_fill(kinds[kind], seed, rows, ohlcv);
                market_inputs(d, ohlcv, in);
                roll(d, params, in, rows, want);
                for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
                    run_chunks(d->name, params, in, rows, sizes[s], got);
                    for (size_t k = 0; k < rows; k++)
                        if (!same(got[k], want[k]))
                            fail_msg("%s(%g,%g,%g,%g) on %s by %zu: bar %zu is %.17g, of kl_roll %.17g", d->name, params[0], params[1], params[2],
                                     params[3], market_names[kinds[kind]], sizes[s], k, got[k], want[k]);
                }
            }
    }
    double params[3] = {20, 0, 1};
    const double *in[1] = {column[3]};
    market_fill(MARKET_HOLES, 3, rows, ohlcv);
    run_chunks("mean", params, in, rows, 50, got);
    run_chunks("sma", params, in, rows, 50, want);
    for (size_t k = 0; k < rows; k++) assert_true(same(got[k], want[k]));
}

/* --------------------------------------------------------------------------------------------------- registry --- */

/* What came before as many bars as a kind says it needs does not matter to so many digits. */
static void test_needed(void **state) {
    (void)state;
    enum { BEFORE = 400, BARS = 4400 };
    static double one[BARS], two[BARS], out[BARS], again[BARS];
    static const struct {
        const char *name;
        double params[5];
    } cases[] = {{"ema", {20}}, {"rma", {14}}, {"ema", {20, 1, 5}}, {"ewm", {0.05}}, {"filter2", {0.02, 0.02, 0, 1.5, -0.54}},
                 {"filter2", {0.04, 0, 0, 1.6, -0.64}}, {"rsi", {14, 0, 50}}, {"macd", {12, 26, 9}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const kl_indicator *d = kl_indicator_find(cases[i].name);
        const kl__indicator *kind = (const kl__indicator *)(const void *)d;
        uint64_t seed = 9;
        assert_non_null(kind->needed);
        for (double digits = 3; digits < 13; digits += 3) {
            double needed = kind->needed(cases[i].params, digits), top = 0;
            assert_true(needed >= 1 && needed < BARS - BEFORE);
            for (size_t k = 0; k < BARS; k++) {
                one[k] = 100 + market_noise(&seed);
                two[k] = k < BEFORE ? 100 + 20 * market_noise(&seed) : one[k];
            }
            const double *in[1] = {one}, *other[1] = {two};
            double *to[3] = {out, NULL, NULL}, *to_again[3] = {again, NULL, NULL};
            kl_run *run = make(d, cases[i].params), *run_again = make(d, cases[i].params);
            assert_int_equal(kl_run_bars(run, in, BARS, to), KL_OK);
            assert_int_equal(kl_run_bars(run_again, other, BARS, to_again), KL_OK);
            free(run), free(run_again);
            for (size_t k = BARS - 100; k < BARS; k++) top = fmax(top, fabs(out[k]));
            size_t k = BEFORE + (size_t)needed;
            if (fabs(out[k] - again[k]) > pow(10, -digits) * top) fail_msg("%s needs more than %g bars for %g digits", d->name, needed, digits);
        }
    }
    assert_true(((const kl__indicator *)(const void *)kl_indicator_find("cumsum"))->needed(NULL, 6) == HUGE_VAL);
    assert_true(((const kl__indicator *)(const void *)kl_indicator_find("obv"))->needed(NULL, 6) == HUGE_VAL);
}

static void test_names(void **state) {
    (void)state;
    const char *alias, *name, *last = "";
    size_t n = 0;
    for (; (alias = kl_indicator_alias_at(n, &name)) != NULL; n++, last = alias) {
        assert_true(strcmp(last, alias) < 0);
        const kl_indicator *found = kl_indicator_find(alias);
        if (!found) fail_msg("%s is a name of nothing: %s", alias, name);
        assert_string_equal(found->name, name);
        assert_string_not_equal(alias, name);
    }
    assert_true(n > 10);
    assert_null(kl_indicator_alias_at(n, NULL));
    assert_string_equal(kl_indicator_alias_at(0, NULL), "accdist");
    assert_int_equal(kl_indicator_is_function(kl_indicator_find("min2")), KL_FUNCTION_NAME);
    assert_int_equal(kl_indicator_is_function(kl_indicator_find("lt")), KL_FUNCTION_SIGN);
    assert_int_equal(kl_indicator_is_function(kl_indicator_find("std")), 0);
    assert_int_equal(kl_indicator_is_function(NULL), 0);
    for (size_t i = 0; i < kl_indicator_count(); i++) assert_ptr_equal(kl_indicator_find(kl_indicator_at(i)->name), kl_indicator_at(i));
    assert_null(kl_indicator_find(""));
    assert_null(kl_indicator_find("zzz"));
    assert_null(kl_indicator_find("macdx"));
}

/* Transforms of a bar with plain numbers among their inputs, which have a loop of their own. */
static void test_numbers_in_bars(void **state) {
    static const char *const pairs[][2] = {
        {"typprice(high, 5, close)", "(high + 5 + close) / 3"}, {"typprice(high, low, 7)", "(high + low + 7) / 3"},
        {"wclprice(high, low, 7)", "0.25 * (high + low + 14)"}, {"avgprice(open, 3, low, 4)", "0.25 * ((open + 3) + (low + 4))"},
        {"bop(open, high, 80, close)", "(close - open) / (high - 80)"}, {"marketfi(high, low, 4)", "(high - low) / 4"},
        {"medprice(high, 3)", "0.5 * (high + 3)"}, {"marketfi(200, low, volume)", "(200 - low) / volume"}};
    static double x[5][ROWS], rows[2][ROWS];
    (void)state;
    for (size_t j = 0; j < ROWS; j++) {
        x[0][j] = 100.0 + (double)(j % 7), x[1][j] = 110.0 + (double)(j % 5), x[2][j] = 90.0 - (double)(j % 3), x[3][j] = 101.0 + (double)(j % 11);
        x[4][j] = 1.0 + (double)(j % 13);
    }
    x[1][7] = NAN, x[2][8] = -0.0, x[0][9] = HUGE_VAL, x[3][10] = 0x1p1000;
    const kl_columns bars = {.n = ROWS, .open = x[0], .high = x[1], .low = x[2], .close = x[3], .volume = x[4]};
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        double *const out[2] = {rows[0], rows[1]};
        assert_int_equal(kl_eval(pairs[k], 2, NULL, &bars, NULL, out, NULL), KL_OK);
        for (size_t j = 0; j < ROWS; j++)
            if (bits_of(rows[0][j]) != bits_of(rows[1][j])) fail_msg("%s at %d: %g, not %g", pairs[k][0], (int)j, rows[0][j], rows[1][j]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows),    cmocka_unit_test(test_truth),  cmocka_unit_test(test_memory),
                                       cmocka_unit_test(test_digits),  cmocka_unit_test(test_windows), cmocka_unit_test(test_needed),
                                       cmocka_unit_test(test_numbers_in_bars), cmocka_unit_test(test_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
