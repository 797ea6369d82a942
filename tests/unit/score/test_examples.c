/* The example strategies: conditions of the compatible ones against a long form of what that system computes, decisions against its rules; what lint finds in them, and in
 * made-up ones. Files are read from $KLINE_EXAMPLES, else from examples/ under the folder of the tests or the current one. */
#include "score_test.h"

#define N 1200
static kl_strategy *load(const char *name) {
    static char text[1 << 16];
    const char *set = getenv("KLINE_EXAMPLES");
    char path[512];
    kl_error error = {0};
    kl_strategy *s;
#ifndef EXAMPLES
#define EXAMPLES "examples"
#endif
    snprintf(path, sizeof path, "%s/strategies/%s.toml", set ? set : EXAMPLES, name);
    FILE *file = fopen(path, "rb");
    if (!file) skip();
    size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    if (kl_strategy_read(text, n, NULL, NULL, NULL, &s, &error) != KL_OK) fail_msg("%s:%lld:%lld: %s", path, (long long)error.row, (long long)error.column, error.message);
    return s;
}

static double macd[N], hist[N], rsi[N], adx[N], ema200[N], mean20[N], std20[N], width[N], dev[N], vma[N];

/* y += a (x - y) from the first value on */
static void ema(const double *x, int n, double *y) {
    for (int k = 0; k < N; k++) y[k] = k ? y[k - 1] + 2.0 / (n + 1.0) * (x[k] - y[k - 1]) : x[k];
}

static void indicators(const kl_columns *b) {
    static double t[8][N], e12[N], e26[N], signal[N];
    double pv = 0.0, v = 0.0;
    ema(b->close, 12, e12), ema(b->close, 26, e26), ema(b->close, 200, ema200);
    for (int k = 0; k < N; k++) macd[k] = e12[k] - e26[k];
    ema(macd, 9, signal);
    for (int k = 0; k < N; k++) {
        const double change = k ? b->close[k] - b->close[k - 1] : 0.0, up = k ? b->high[k] - b->high[k - 1] : 0.0, down = k ? b->low[k - 1] - b->low[k] : 0.0;
        const int from = k < 19 ? 0 : k - 19;
        double sum = 0.0, squares = 0.0, volume = 0.0;
        hist[k] = macd[k] - signal[k];
        t[0][k] = fmax(change, 0.0), t[1][k] = fmax(-change, 0.0);
        t[2][k] = up > down && up > 0.0 ? up : 0.0, t[3][k] = down > up && down > 0.0 ? down : 0.0;
        t[4][k] = k ? fmax(b->high[k] - b->low[k], fmax(fabs(b->high[k] - b->close[k - 1]), fabs(b->low[k] - b->close[k - 1]))) : b->high[k] - b->low[k];
        for (int j = from; j <= k; j++) sum += b->close[j], volume += b->volume[j];
        mean20[k] = sum / (k - from + 1), vma[k] = volume / (k - from + 1);
        for (int j = from; j <= k; j++) squares += (b->close[j] - mean20[k]) * (b->close[j] - mean20[k]);
        std20[k] = k ? sqrt(squares / (k - from)) : NAN;
        width[k] = 4.0 * std20[k] / mean20[k];
        if (k == 0 || b->open_time_us[k] / INT64_C(86400000000) != b->open_time_us[k - 1] / INT64_C(86400000000)) pv = v = 0.0;
        pv += b->close[k] * b->volume[k], v += b->volume[k];
        dev[k] = (b->close[k] - pv / v) / (pv / v);
    }
    for (int i = 0; i < 5; i++) {
        static double smooth[5][N];
        ema(t[i], 14, smooth[i]);
        memcpy(t[i], smooth[i], sizeof t[i]);
    }
    for (int k = 0; k < N; k++) {
        const double plus = t[2][k] / t[4][k], minus = t[3][k] / t[4][k];
        rsi[k] = t[1][k] > 0.0 ? 100.0 - 100.0 / (1.0 + t[0][k] / t[1][k]) : NAN;
        t[5][k] = plus + minus == 0.0 ? 0.0 : 100.0 * fabs(plus - minus) / (plus + minus);
    }
    ema(t[5], 14, adx);
}

/* 1 or 0; -1 where the value is so near its threshold that rounding decides */
static int more(double x, double y) { return fabs(x - y) <= 1e-9 * (fabs(x) + fabs(y)) ? -1 : x > y; }
static int both(int a, int b) { return a == 0 || b == 0 ? 0 : a < 0 || b < 0 ? -1 : 1; }
static int within(double x, double low, double high) { return both(more(x, low), more(high, x)); }

static int condition(const char *code, const kl_columns *b, int k) {
    const double c = b->close[k], high = mean20[k] + 2.0 * std20[k], low = mean20[k] - 2.0 * std20[k];
    const int rise = k ? more(hist[k], hist[k - 1]) : 0, fall = k ? more(hist[k - 1], hist[k]) : 0;
#define IS(name) (!strcmp(code, name))
    if (IS("ADX_STRONG")) return more(adx[k], 20);
    if (IS("BUY_MACD_BULL")) return both(more(macd[k], 0), k ? more(macd[k], macd[k - 1]) : 0);
    if (IS("BUY_RSI_BULL")) return more(rsi[k], 50);
    if (IS("BUY_VOL_OK")) return more(width[k], 0.03);
    if (IS("SELL_TREND_DOWN")) return k ? more(ema200[k - 1], ema200[k]) : 0;
    if (IS("SELL_ADX_WEAK")) return more(20, adx[k]);
    if (IS("SELL_MACD_BEAR")) return both(more(0, macd[k]), k ? more(macd[k - 1], macd[k]) : 0);
    if (IS("SELL_RSI_BEAR")) return more(45, rsi[k]);
    if (IS("SELL_FAIL_BB_UP")) return k ? both(more(high, c), more(b->close[k - 1], mean20[k - 1] + 2.0 * std20[k - 1])) : 0;
    if (IS("TREND_GUARD")) return more(35, adx[k]);
    if (IS("BUY_VWAP_DEV_OK")) return within(dev[k], -0.008, -0.002);
    if (IS("SELL_VWAP_DEV_HIGH")) return within(dev[k], 0.002, 0.008);
    if (IS("BUY_VOLATILITY_OK") || IS("SELL_VOLATILITY_OK")) return within(width[k], 0.04, 0.14);
    if (IS("BUY_MACD_RECOVERING") || IS("BUY_MACD_STABILIZE")) return rise;
    if (IS("SELL_MACD_WEAKENING") || IS("SELL_MACD_FALLING") || IS("SELL_MACD_HIST_DOWN")) return fall;
    if (IS("SELL_VOL_CONFIRM") || IS("BUY_VOL_CONFIRM") || IS("BUY_VOLUME_CONFIRM")) return more(b->volume[k], vma[k]);
    if (IS("SELL_VOLUME_CONFIRM")) return more(vma[k], b->volume[k]);
    if (IS("GUARD_BUY_BREAKDOWN") || IS("SELL_BREAK_BB_DOWN")) return more(low, c);
    if (IS("GUARD_SELL_SQUEEZE")) return more(c, high);
    if (IS("BUY_PRICE_NEAR_VWAP")) return more(0.003, fabs(dev[k]));
    if (IS("BUY_PRICE_BELOW_VWAP")) return more(0, dev[k]);
    if (IS("BUY_MACD_POSITIVE")) return more(hist[k], 0);
    if (IS("SELL_MACD_NEGATIVE")) return more(0, hist[k]);
    if (IS("BUY_LOW_VOL")) return within(width[k], 0.03, 0.12);
    if (IS("SELL_VOL_EXPAND")) return more(width[k], 0.12);
    if (IS("BUY_ABOVE_EMA200")) return more(c, ema200[k]);
    if (IS("SELL_BELOW_EMA200")) return more(ema200[k], c);
#undef IS
    fail_msg("no such metric: %s", code);
    return 0;
}

/* The decision of that system: a reason (NULL: tradable) and an action, from sums of weights. */
static const char *rules(const char *name, double buy, double sell, int *action) {
    const double edge = fabs(buy - sell), conf = (buy > sell ? buy : sell) / 5.0;
    if (name[0] == 'b' && name[1] == 'n') {
        const double score = buy + sell, part = score / 10.0;
        *action = score >= 6.0 ? 1 : score <= 3.0 ? -1 : 0;
        return *action == 0 ? "NO_EDGE" : part < 0.40 - 1e-9 ? "LOW_CONF" : part > 0.60 + 1e-9 ? "OVER_CONF" : NULL;
    }
    const int btc = name[0] == 'b';
    *action = buy >= (btc ? 2.0 : 2.2) - 1e-9 && buy > sell + 1e-9 ? 1 : sell >= 2.0 - 1e-9 && sell > buy + 1e-9 ? -1 : 0;
    if (*action == 0) return "NO_EDGE";
    if (edge < (btc ? 1.0 : 0.8) - 1e-9) return "WEAK_EDGE";
    if (buy >= (btc ? 2.0 : 2.2) - 1e-9 && sell >= 2.0 - 1e-9) return "CONFLICT";
    const double low = !btc ? 0.55 : *action > 0 ? 0.62 : edge >= 2.5 - 1e-9 ? 0.45 : 0.55;
    const double high = !btc ? 0.90 : *action > 0 ? 0.80 : edge >= 2.5 - 1e-9 ? 9.0 : 0.90;
    return conf < low - 1e-9 ? "LOW_CONF" : conf > high + 1e-9 ? "OVER_CONF" : NULL;
}

static void compare(const char *name) {
    static kl_decision rows[N];
    kl_strategy *s = load(name);
    kl_strategy_spec spec;
    kl_strategy_state *run;
    size_t bytes, fired = 0, actions = 0, tradable = 0;
    kl_columns bars = bars_make(31, N, 0);
    for (int k = 0; k < N; k++) { /* calmer than the walk of the other tests: bands between 3 and 14 per cent */
        if (k) bars_data[0][k] = bars_data[3][k - 1];
    }
    const kl_columns *sources[1] = {&bars};
    indicators(&bars);
    kl_strategy_spec_of(s, &spec);
    kl_strategy_state_size(s, 1, &bytes);
    void *memory = malloc(bytes);
    kl_strategy_state_init(memory, bytes, s, 1, &run);
    assert_int_equal(kl_strategy_run(run, sources, NULL, rows, NULL), KL_OK);
    for (int k = 0; k < N; k++) {
        double side[2] = {0.0, 0.0};
        int sure = 1, action;
        for (size_t i = 0; i < spec.n_metrics; i++) {
            const kl_metric *m = &spec.metrics[i];
            const int want = condition(m->code, &bars, k), got = (int)(rows[k].fired[0] >> i & 1);
            if (want >= 0 && want != got) fail_msg("%s row %d: %s is %d", name, k, m->code, got);
            sure &= want >= 0;
            fired += (size_t)got;
            if (got && m->side <= KL_SIDE_SELL) side[m->side - 1] += m->weight_u / 1e6;
        }
        if (!sure) continue;
        const char *reason = rules(name, side[0], side[1], &action);
        if (rows[k].action != action || strcmp(kl_reason_name(rows[k].reason), reason ? reason : "") != 0)
            fail_msg("%s row %d: %d %s, not %d %s", name, k, (int)rows[k].action, kl_reason_name(rows[k].reason), action, reason ? reason : "-");
        actions += action != 0, tradable += rows[k].flags & KL_DECISION_TRADABLE;
    }
    print_message("%s: %d conditions held, %d actions, %d tradable in %d bars\n", name, (int)fired, (int)actions, (int)tradable, N);
    assert_true(fired > N && actions > 50 && tradable > 5);
    free(memory);
    kl_strategy_free(s);
}

static void test_btc(void **state) { (void)state; compare("btc-compatible"); }
static void test_eth(void **state) { (void)state; compare("eth-compatible"); }
static void test_bnb(void **state) { (void)state; compare("bnb-compatible"); }

/* kinds and sides of all findings of level 2, in their order: "3b 6s" */
static void findings(kl_strategy *s, const char *name, const char *want) {
    kl_lint found[64];
    size_t total, n = 0;
    char text[256] = "";
    assert_int_equal(kl_strategy_lint(s, NULL, found, 64, &total), KL_OK);
    assert_true(total <= 64);
    for (size_t i = 0; i < total; i++) {
        if (found[i].level < 2 || found[i].kind == KL_LINT_UNUSED_METRIC) continue;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%d%s", n ? " " : "", (int)found[i].kind, found[i].side == KL_SIDE_BUY ? "b" : found[i].side == KL_SIDE_SELL ? "s" : "");
    }
    if (strcmp(text, want) != 0) {
        for (size_t i = 0; i < total; i++) print_error("%d: %s\n", (int)found[i].kind, found[i].message);
        fail_msg("%s: %s, not %s", name, text, want);
    }
    assert_int_equal(kl_strategy_lint(s, NULL, NULL, 0, &n), KL_OK);
    assert_int_equal(n, total);
    kl_strategy_free(s);
}

static void test_lint_examples(void **state) {
    (void)state;
    findings(load("btc-compatible"), "btc", "6s 3b"); /* sell sums up to 6.6 of 5; a buy is 3.1 or nothing */
    findings(load("bnb-compatible"), "bnb", "8 3b 2s"); /* one score of both; buy is 6.0 or nothing; sell never */
    findings(load("btc-corrected"), "corrected", "");
    kl_strategy *s = load("btc-corrected");
    size_t total;
    assert_int_equal(kl_strategy_lint(s, NULL, NULL, 0, &total), KL_OK);
    assert_int_equal(total, 0);
    kl_strategy_free(s);
}

static kl_strategy *one(const char *decision, const char *more_metrics) {
    static char text[2048];
    kl_strategy *s;
    kl_error error = {0};
    snprintf(text, sizeof text, "[[metric]]\ncode='A'\nside='buy'\nweight=1\nwhen='close > 1'\n[[metric]]\ncode='B'\nside='sell'\nweight=1\nwhen='close < 1'\n%s[decision]\n%s", more_metrics, decision);
    if (kl_strategy_read(text, strlen(text), NULL, NULL, NULL, &s, &error) != KL_OK) fail_msg("%s", error.message);
    return s;
}

static void test_lint(void **state) {
    (void)state;
    findings(one("buy.threshold = 1\nsell.threshold = 1\n", ""), "plain", "");
    findings(one("buy.threshold = 1.5\nsell.threshold = 1\n", ""), "threshold", "1b");
    findings(one("buy.threshold = 1\nsell = {threshold = 1, min_edge = 1.5}\n", ""), "edge", "1s");
    findings(one("buy = {threshold = 1, strong_edge = 2}\nsell.threshold = 1\n", ""), "strong", "4b");
    findings(one("buy = {threshold = 1, strong_edge = 0.5}\nsell.threshold = 1\n", ""), "weak", "4b");
    findings(one("buy = {threshold = 1, weak = [0.1, 0.9]}\nsell.threshold = 1\n", ""), "band", "2b");
    findings(one("buy.threshold = 1\nsell.threshold = 1\n[params]\nx = 1\n[define]\ny = 'close'\n", ""), "params", "12 12");
    findings(one("buy = {threshold = 1, max_score = 2}\nsell.threshold = 1\n", "[[metric]]\ncode='C'\nside='buy'\nweight=1.5\nwhen='close > 2'\n"), "one", "6b");
    kl_lint found[4];
    size_t total;
    kl_strategy *s = one("buy.threshold = 1\nsell.threshold = 1\n", "[[metric]]\ncode='C'\nside='buy'\nweight=0\nwhen='(close) > 1'\n");
    assert_int_equal(kl_strategy_lint(s, NULL, found, 4, &total), KL_OK);
    assert_int_equal(total, 2);
    assert_true(found[0].kind == KL_LINT_UNUSED_METRIC && found[0].metric == 2 && found[1].kind == KL_LINT_SAME && strstr(found[1].message, "C is the same condition as A"));
    kl_strategy_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_btc), cmocka_unit_test(test_eth), cmocka_unit_test(test_bnb), cmocka_unit_test(test_lint_examples),
                                       cmocka_unit_test(test_lint)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
