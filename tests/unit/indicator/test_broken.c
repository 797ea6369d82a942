/* Bars that cannot be, and prices that do not move: nothing that looks like a value comes out of what is none. */
#include "harness.h"
#include "kline/plan.h"

#define BARS 400

static void broken_eval(const char *text, double *const *bars, double *out) {
    const kl_columns columns = {.n = BARS, .open = bars[0], .high = bars[1], .low = bars[2], .close = bars[3], .volume = bars[4]};
    kl_error error = {0};
    if (kl_eval(&text, 1, NULL, &columns, NULL, &out, &error) < 0) fail_msg("%s: %s", text, error.message);
}

static size_t broken_known(const double *x) {
    size_t known = 0;
    for (size_t k = 0; k < BARS; k++) known += x[k] == x[k];
    return known;
}

static const char *const of_bars[] = {"ad()", "adosc()", "cmf()", "wvad()", "plus_di()", "minus_di()", "plus_dm()", "minus_dm()", "dx()", "adx()", "adxr()",
                                      "dmove().plus", "dmove().range", "ttm_squeeze().squeeze", "ttm_squeeze().momentum", "marketfi()", "massi()"};

/* The high is below the low: in all bars nothing is known, and in one of many it is as if that bar were missing. */
static void broken_bars(void **state) {
    (void)state;
    static double out[BARS], other[BARS];
    for (size_t t = 0; t < sizeof of_bars / sizeof *of_bars; t++) {
        market_fill(MARKET_WALK, 7, BARS, ohlcv);
        for (size_t k = 0; k < BARS; k++) {
            const double high = ohlcv[1][k];
            ohlcv[1][k] = ohlcv[2][k] - 0.01, ohlcv[2][k] = high + 0.01;
        }
        broken_eval(of_bars[t], ohlcv, out);
        if (broken_known(out)) fail_msg("%s of broken bars is known in %zu", of_bars[t], broken_known(out));
        market_fill(MARKET_WALK, 7, BARS, ohlcv);
        const double low = ohlcv[2][200];
        ohlcv[2][200] = ohlcv[1][200] + 0.5;
        broken_eval(of_bars[t], ohlcv, out);
        assert_true(out[200] != out[200]);
        assert_true(out[BARS - 1] == out[BARS - 1]);
        ohlcv[2][200] = low;
        ohlcv[1][200] = (double)NAN;
        broken_eval(of_bars[t], ohlcv, other);
        assert_memory_equal(out, other, sizeof out);
    }
}

static void no_volume_below_zero(void **state) {
    (void)state;
    static double out[BARS];
    market_fill(MARKET_WALK, 7, BARS, ohlcv);
    for (size_t k = 0; k < BARS; k++) ohlcv[4][k] = -1.0 - ohlcv[4][k];
    broken_eval("marketfi()", ohlcv, out);
    assert_int_equal(broken_known(out), 0);
}

/* What is documented of prices that stand still. */
static void flat_prices(void **state) {
    (void)state;
    static double out[BARS];
    static const struct {
        const char *text;
        double value;
    } all[] = {{"pfe()", (double)NAN}, {"crsi()", 100.0 / 3.0}, {"ttm_trend()", -1.0}, {"rsi()", 50.0}, {"rsi(5, sma, 40)", 40.0}, {"rsi(flat=40, zero_loss=hundred)", 100.0},
                 {"rsi(zero_loss=unknown)", (double)NAN}, {"rsi(5, sma, zero_loss=hundred)", 100.0}, {"rsi(5, sma, zero_loss=unknown)", (double)NAN}};
    for (size_t t = 0; t < sizeof all / sizeof *all; t++) {
        market_fill(MARKET_FLAT, 7, BARS, ohlcv);
        broken_eval(all[t].text, ohlcv, out);
        const double y = out[BARS - 1];
        if (all[t].value == all[t].value ? fabs(y - all[t].value) > 1e-12 : y == y) fail_msg("%s of flat prices: %.17g", all[t].text, y);
    }
}

/* Prices of 0 have no turns. */
static void of_nothing(void **state) {
    (void)state;
    static double out[BARS];
    static const char *const all[] = {"zigzag().pivot", "zigzag(0).direction", "zigzag().age"};
    market_fill(MARKET_FLAT, 7, BARS, ohlcv);
    for (int c = 0; c < 4; c++)
        for (size_t k = 0; k < BARS; k++) ohlcv[c][k] = 0.0;
    for (size_t t = 0; t < sizeof all / sizeof *all; t++) {
        broken_eval(all[t], ohlcv, out);
        assert_int_equal(broken_known(out), 0);
    }
}

/* What the index is where all changes are gains, and where one is a loss. */
static void zero_loss(void **state) {
    (void)state;
    static double out[3][BARS];
    static const char *const all[] = {"rsi(5, sma)", "rsi(5, sma, zero_loss=hundred)", "rsi(5, sma, zero_loss=unknown)"};
    static const char *const wilder[] = {"rsi(5)", "rsi(5, zero_loss=hundred)", "rsi(5, zero_loss=unknown)"};
    market_fill(MARKET_WALK, 7, BARS, ohlcv);
    for (size_t k = 0; k < BARS; k++) ohlcv[3][k] = 100.0 + (double)k - (k >= 200 ? 1.5 : 0.0);
    for (size_t t = 0; t < 3; t++) {
        broken_eval(all[t], ohlcv, out[t]);
        for (size_t k = 5; k < BARS; k++)
            if (k >= 200 && k < 205) assert_true(out[t][k] > 0.0 && out[t][k] < 100.0);
            else if (t < 2) assert_true(out[t][k] == 100.0);
            else assert_true(out[t][k] != out[t][k]);
        broken_eval(wilder[t], ohlcv, out[t]);
        assert_true(t < 2 ? out[t][199] == 100.0 : out[t][199] != out[t][199]);
        assert_true(out[t][210] < 100.0 && out[t][210] > 90.0 && out[t][BARS - 1] > 99.0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(broken_bars), cmocka_unit_test(no_volume_below_zero), cmocka_unit_test(flat_prices), cmocka_unit_test(zero_loss), cmocka_unit_test(of_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
