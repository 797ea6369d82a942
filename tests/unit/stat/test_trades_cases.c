/* Published figures of trades, counted, and those of a whole run of backtesting.py from its trades. */
#include "base/fp.h"
#include "data/civil.h"
#include "kline/stat.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cases.h"

enum { ROOM = 3000, FIELDS = 20 };
static double pnl[ROOM], ret[ROOM], fee[ROOM], mae[ROOM], mfe[ROOM];
static kl_time entry[ROOM], closed[ROOM];

static int check(const char *what, double got, double expect, double tolerance) {
    int ok = cases_near(got, expect, tolerance * (fabs(expect) > 1 ? fabs(expect) : 1));
    if (!ok) printf("%s: %.17g, expected %.17g\n", what, got, expect);
    return ok;
}

/* A table of commas, fields of the k-th row at fields[k]; 0 where there is no such file. */
static size_t table_read(const char *name, char (*fields)[FIELDS][32], size_t room) {
    char path[1200], line[1024];
    const char *shared = getenv("KLINE_SHARED");
    snprintf(path, sizeof path, "%s/cases/backtest/%s", shared ? shared : "../shared", name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        printf("skipped: %s is not there\n", path);
        return 0;
    }
    size_t n = 0;
    for (int first = 1; n < room && fgets(line, sizeof line, f); first = 0) {
        size_t k = 0, length = 0;
        if (first) continue;
        for (const char *p = line; *p && *p != '\n' && *p != '\r' && k < FIELDS; p++) {
            if (*p == ',') k++, length = 0;
            else if (length < 31) fields[n][k][length++] = *p, fields[n][k][length] = 0;
        }
        n++;
    }
    fclose(f);
    return n;
}
static double field_number(const char *text) {
    double x = (double)NAN;
    kl_double_parse(text, strlen(text), &x, NULL);
    return x;
}
static kl_time field_date(const char *text) {
    return kl__days_from_civil((int64_t)field_number(text), (int32_t)field_number(text + 5), (int32_t)field_number(text + 8)) * KL__DAY_US;
}

static void test_nautilus(void **state) {
    (void)state;
    cases_file file;
    size_t cursor = 0, passed = 0, all = 0;
    kl_json block, list, row, input;
    if (!cases_open(&file, "misc_metrics_fills.json")) return;
    block = cases_get(&file.root, "nautilus");
    list = cases_get(&block, "cases");
    while (kl_json_next(&list, &cursor, NULL, &row) == KL_OK) {
        char metric[40];
        kl_closed_trades t = {0};
        kl_perf perf = {0};
        kl_perf_conventions c;
        kl_json value = cases_get(&row, "metric");
        input = cases_get(&row, "pnl");
        if (!input.text) continue;
        cases_text(&value, metric, sizeof metric);
        t.n = cases_numbers(&input, pnl, ROOM), t.pnl = pnl;
        kl_perf_conventions_preset(&c, KL_PRESET_NAUTILUS);
        assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_OK);
        passed += (size_t)check(metric, perf.value[strcmp(metric, "avg_loser") ? KL_PERF_EXPECTANCY : KL_PERF_AVG_LOSS], cases_member(&row, "value"), 1e-12);
        all++;
    }
    printf("nautilus, of trades: %zu of %zu\n", passed, all);
    assert_true(all > 0 && passed == all);
    free(file.text);
}

static const struct {
    const char *metric;
    int32_t figure;
    double sign, tolerance;
} freqtrade_figures[] = {
    {"n_trades", KL_PERF_TRADES, 1, 0}, {"wins", KL_PERF_WINS, 1, 0}, {"losses", KL_PERF_LOSSES, 1, 0}, {"draws", KL_PERF_ZEROS, 1, 0}, /* of rounded returns */
    {"expectancy", KL_PERF_EXPECTANCY, 1, 1e-12}, {"expectancy_ratio", KL_PERF_EXPECTANCY_RATIO, 1, 1e-12},
    {"sharpe", KL_PERF_TRADE_SHARPE, 1, 1e-8}, {"sortino", KL_PERF_TRADE_SORTINO, 1, 1e-6}, {"calmar", KL_PERF_TRADE_CALMAR, 1, 1e-8},
    {"max_drawdown_relative", KL_PERF_CLOSED_DRAWDOWN_RATIO, -1, 1e-8}, {"max_drawdown_abs", KL_PERF_CLOSED_DRAWDOWN, -1, 1e-7},
    {"profit_factor", KL_PERF_PROFIT_FACTOR, 1, 1e-12}, {"profit_total_abs", KL_PERF_NET, 1, 1e-12}, {"profit_mean_ratio", KL_PERF_AVG_RETURN, 1, 1e-12},
    {"holding_avg_s", KL_PERF_AVG_TIME, 1, 1}};

static size_t freqtrade_trades(void) {
    static char fields[200][FIELDS][32];
    size_t n = table_read("freqtrade_trades179.csv", fields, 200);
    for (size_t i = 0; i < n; i++) {
        size_t at = i; /* into closing order, equal ones as they come */
        kl_time close_us = (kl_time)field_number(fields[i][3]) * 1000;
        for (; at > 0 && closed[at - 1] > close_us; at--)
            closed[at] = closed[at - 1], entry[at] = entry[at - 1], pnl[at] = pnl[at - 1], ret[at] = ret[at - 1];
        closed[at] = close_us, entry[at] = (kl_time)field_number(fields[i][2]) * 1000;
        ret[at] = field_number(fields[i][10]), pnl[at] = field_number(fields[i][11]);
    }
    return n;
}

static void test_freqtrade(void **state) {
    (void)state;
    cases_file file;
    kl_json list, row, small;
    size_t cursor = 0, passed = 0, all = 0, left_out = 0;
    kl_closed_trades t = {0};
    kl_perf perf;
    kl_perf_conventions c;
    if (!cases_open(&file, "freqtrade_metrics.json")) return;
    t.n = freqtrade_trades(), t.pnl = pnl, t.ret = ret, t.entry_us = entry, t.exit_us = closed;
    list = cases_get(&file.root, "on_trade_file");
    kl_perf_conventions_preset(&c, KL_PRESET_FREQTRADE);
    while (t.n > 0 && kl_json_next(&list, &cursor, NULL, &row) == KL_OK) {
        char metric[40];
        kl_json value = cases_get(&row, "metric");
        size_t k = 0, count = sizeof freqtrade_figures / sizeof *freqtrade_figures;
        cases_text(&value, metric, sizeof metric);
        while (k < count && strcmp(metric, freqtrade_figures[k].metric) != 0) k++;
        if (k == count) {
            left_out++;
            continue;
        }
        double start = cases_member(&row, "start_balance");
        c.start_balance = start == start ? start : 0.01;
        t.pnl = k > 0 && k < 4 ? ret : pnl;
        memset(&perf, 0, sizeof perf);
        assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_OK);
        passed += (size_t)check(metric, freqtrade_figures[k].sign * perf.value[freqtrade_figures[k].figure], cases_member(&row, "value"),
                                freqtrade_figures[k].tolerance);
        all++;
    }
    memset(&t, 0, sizeof t);
    small = cases_get(&file.root, "expectancy_small");
    list = cases_get(&small, "profit_abs");
    t.n = cases_numbers(&list, pnl, ROOM), t.pnl = pnl;
    memset(&perf, 0, sizeof perf);
    assert_int_equal(kl_perf_trades(&t, NULL, &perf), KL_OK);
    passed += (size_t)check("expectancy", perf.value[KL_PERF_EXPECTANCY], cases_member(&small, "expectancy"), 1e-12);
    passed += (size_t)check("ratio", perf.value[KL_PERF_EXPECTANCY_RATIO], cases_member(&small, "expectancy_ratio"), 1e-8);
    all += 2;
    list = cases_get(&file.root, "drawdown");
    c.numerator = KL_NUMERATOR_MEAN; /* no times there */
    for (cursor = 0; kl_json_next(&list, &cursor, NULL, &row) == KL_OK;) {
        char pick[16];
        kl_json profits = cases_get(&row, "profits"), value = cases_get(&row, "pick");
        cases_text(&value, pick, sizeof pick);
        t.n = cases_numbers(&profits, pnl, ROOM);
        c.start_balance = cases_member(&row, "start_balance");
        memset(&perf, 0, sizeof perf);
        assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_OK);
        double deepest = cases_member(&row, "abs"), ratio = cases_member(&row, "relative");
        if (strcmp(pick, "relative") != 0) passed += (size_t)check("deepest", -perf.value[KL_PERF_CLOSED_DRAWDOWN], deepest == deepest ? deepest : 0, 1e-9);
        else passed += (size_t)check("deepest share", -perf.value[KL_PERF_CLOSED_DRAWDOWN_RATIO], ratio, 1e-6);
        all++;
    }
    printf("freqtrade, of trades: %zu of %zu (%zu are no figures here)\n", passed, all, left_out);
    assert_true(all > 0 && passed == all);
    free(file.text);
}

static const struct {
    const char *name;
    int32_t figure;
} lean_figures[] = {
    {"TotalNumberOfTrades", KL_PERF_TRADES}, {"NumberOfWinningTrades", KL_PERF_WINS}, {"NumberOfLosingTrades", KL_PERF_LOSSES},
    {"TotalProfitLoss", KL_PERF_NET}, {"AverageProfitLoss", KL_PERF_EXPECTANCY}, {"AverageProfit", KL_PERF_AVG_WIN},
    {"AverageLoss", KL_PERF_AVG_LOSS}, {"AverageTradeDuration", KL_PERF_AVG_TIME}, {"MaxConsecutiveWinningTrades", KL_PERF_WIN_STREAK},
    {"MaxConsecutiveLosingTrades", KL_PERF_LOSS_STREAK}, {"ProfitLossRatio", KL_PERF_PAYOFF}, {"WinRate", KL_PERF_WIN_RATE},
    {"AverageMAE", KL_PERF_AVG_MAE}, {"AverageMFE", KL_PERF_AVG_MFE}, {"MaximumClosedTradeDrawdown", KL_PERF_CLOSED_DRAWDOWN},
    {"MaximumIntraTradeDrawdown", KL_PERF_INTRA_DRAWDOWN}, {"ProfitFactor", KL_PERF_PROFIT_FACTOR}, {"SharpeRatio", KL_PERF_TRADE_SHARPE},
    {"SortinoRatio", KL_PERF_TRADE_SORTINO}, {"ProfitToMaxDrawdownRatio", KL_PERF_TRADE_CALMAR}, {"MaximumEndTradeDrawdown", KL_PERF_END_DRAWDOWN},
    {"TotalFees", KL_PERF_FEES}};

static void test_lean(void **state) {
    (void)state;
    cases_file file;
    kl_json block, list, row, trades, trade, expect, value;
    size_t cursor = 0, passed = 0, all = 0;
    if (!cases_open(&file, "lean_cases.json")) return;
    block = cases_get(&file.root, "trade_statistics");
    list = cases_get(&block, "cases");
    while (kl_json_next(&list, &cursor, NULL, &row) == KL_OK) {
        kl_closed_trades t = {0, pnl, NULL, fee, mae, mfe, entry, closed};
        kl_perf perf = {0};
        kl_perf_conventions c;
        kl_perf_conventions_preset(&c, KL_PRESET_LEAN);
        trades = cases_get(&row, "trades");
        expect = cases_get(&row, "expected");
        for (size_t at = 0; kl_json_next(&trades, &at, NULL, &trade) == KL_OK; t.n++) {
            entry[t.n] = (kl_time)cases_member(&trade, "entry_min") * KL__MINUTE_US;
            closed[t.n] = (kl_time)cases_member(&trade, "exit_min") * KL__MINUTE_US;
            pnl[t.n] = cases_member(&trade, "pnl"), fee[t.n] = cases_member(&trade, "fee");
            mae[t.n] = cases_member(&trade, "mae"), mfe[t.n] = cases_member(&trade, "mfe");
        }
        assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_OK);
        for (size_t k = 0; k < sizeof lean_figures / sizeof *lean_figures; k++) {
            char name[80];
            kl_json title = cases_get(&row, "name");
            cases_text(&title, name, 40);
            snprintf(name + strlen(name), 40, " %s", lean_figures[k].name);
            value = cases_get(&expect, lean_figures[k].name);
            double number = value.kind == KL_JSON_OBJECT ? cases_member(&value, "seconds") : cases_number(&value);
            double got = perf.value[lean_figures[k].figure]; /* what is undefined here is 0 there */
            if (perf.state[lean_figures[k].figure] != KL_PERF_DEFINED && !(fabs(got) <= c.cap)) got = 0;
            passed += (size_t)check(name, got, number, 1e-12);
            all++;
        }
    }
    printf("Lean, of trades: %zu of %zu\n", passed, all);
    assert_true(all > 0 && passed == all);
    free(file.text);
}

/* In fraction or days of 24 hours; days are rounded up there. */
static const struct {
    const char *name;
    int32_t figure;
    double scale;
    int days;
} smacross_figures[] = {
    {"# Trades", KL_PERF_TRADES, 1, 0}, {"Avg. Drawdown Duration [days]", KL_PERF_AVG_DRAWDOWN_TIME, 1, 1}, {"Avg. Drawdown [%]", KL_PERF_AVG_DRAWDOWN, 100, 0},
    {"Avg. Trade Duration [days]", KL_PERF_AVG_TIME, 1, 1}, {"Avg. Trade [%]", KL_PERF_AVG_RETURN, 100, 0}, {"Best Trade [%]", KL_PERF_BEST, 100, 0},
    {"Calmar Ratio", KL_PERF_CALMAR, 1, 0}, {"Equity Final [$]", KL_PERF_FINAL, 1, 0}, {"Equity Peak [$]", KL_PERF_PEAK, 1, 0},
    {"Expectancy [%]", KL_PERF_EXPECTANCY, 100, 0}, {"Max. Drawdown Duration [days]", KL_PERF_DRAWDOWN_TIME, 1, 1},
    {"Max. Drawdown [%]", KL_PERF_MAX_DRAWDOWN, 100, 0}, {"Max. Trade Duration [days]", KL_PERF_MAX_TIME, 1, 1},
    {"Profit Factor", KL_PERF_PROFIT_FACTOR, 1, 0}, {"Return (Ann.) [%]", KL_PERF_ANNUAL_RETURN, 100, 0}, {"Return [%]", KL_PERF_TOTAL_RETURN, 100, 0},
    {"Volatility (Ann.) [%]", KL_PERF_VOLATILITY, 100, 0}, {"CAGR [%]", KL_PERF_CAGR, 100, 0}, {"SQN", KL_PERF_SQN, 1, 0},
    {"Kelly Criterion", KL_PERF_KELLY, 1, 0}, {"Sharpe Ratio", KL_PERF_SHARPE, 1, 0}, {"Sortino Ratio", KL_PERF_SORTINO, 1, 0},
    {"Win Rate [%]", KL_PERF_WIN_RATE, 100, 0}, {"Worst Trade [%]", KL_PERF_WORST, 100, 0}};

static void test_backtestingpy(void **state) {
    (void)state;
    static char bars[ROOM][FIELDS][32], rows[100][FIELDS][32];
    static double equity[ROOM];
    static kl_time times[ROOM];
    cases_file file;
    kl_json block, expect;
    kl_perf perf;
    kl_perf_conventions c;
    size_t passed = 0, all = sizeof smacross_figures / sizeof *smacross_figures;
    size_t n = table_read("backtestingpy_GOOG.csv", bars, ROOM), trades = table_read("backtestingpy_smacross_trades_derived.csv", rows, 100);
    if (n == 0 || trades == 0 || !cases_open(&file, "backtestingpy_cases.json")) return;
    for (size_t i = 0; i < n; i++) times[i] = field_date(bars[i][0]), equity[i] = 10000;
    for (size_t k = 0; k < trades; k++) { /* closes mark what is open, a closed trade stays */
        double size = field_number(rows[k][1]), in = field_number(rows[k][6]), out = field_number(rows[k][7]);
        size_t from = (size_t)field_number(rows[k][2]), to = (size_t)field_number(rows[k][3]);
        for (size_t i = from; i < n; i++) equity[i] += size * ((i < to ? field_number(bars[i][4]) : out) - in);
        pnl[k] = size * (out - in), ret[k] = (size > 0 ? 1 : -1) * (out / in - 1);
        entry[k] = times[from], closed[k] = times[to];
    }
    kl_closed_trades t = {0};
    t.n = trades, t.pnl = pnl, t.ret = ret, t.entry_us = entry, t.exit_us = closed;
    kl_perf_conventions_preset(&c, KL_PRESET_BACKTESTINGPY);
    assert_int_equal(kl_perf_equity(equity, times, n, &c, NULL, &perf), KL_OK);
    assert_int_equal(kl_perf_trades(&t, NULL, &perf), KL_OK);
    block = cases_get(&file.root, "smacross");
    expect = cases_get(&block, "expected");
    for (size_t k = 0; k < all; k++) {
        double got = perf.value[smacross_figures[k].figure] * smacross_figures[k].scale;
        if (smacross_figures[k].days) got = ceil(got / 86400);
        passed += (size_t)check(smacross_figures[k].name, got, cases_member(&expect, smacross_figures[k].name), 1e-8);
    }
    printf("backtesting.py, of trades and equity: %zu of %zu\n", passed, all);
    assert_true(passed == all);
    free(file.text);
}

static void test_backtrader(void **state) {
    (void)state;
    cases_file file;
    kl_json run, buys, sells;
    double buy[20], sell[20];
    kl_closed_trades t = {0};
    kl_perf perf = {0};
    kl_perf_conventions c;
    if (!cases_open(&file, "backtrader_cases.json")) return;
    run = cases_get(&file.root, "long_only_period_15");
    buys = cases_get(&run, "buy_fills"), sells = cases_get(&run, "sell_fills");
    cases_numbers(&buys, buy, 20);
    t.n = cases_numbers(&sells, sell, 20), t.pnl = pnl;
    for (size_t i = 0; i < t.n; i++) pnl[i] = 10 * (sell[i] - buy[i]) - 4; /* one future of 10, 2 a side */
    kl_perf_conventions_preset(&c, KL_PRESET_BACKTRADER);
    assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_OK);
    int passed = check("SQN", perf.value[KL_PERF_SQN], cases_member(&run, "sqn_population_std"), 1e-12) +
                 check("trades", perf.value[KL_PERF_TRADES], cases_member(&run, "closed_trades"), 0);
    printf("backtrader, of trades: %d of 2\n", passed);
    assert_int_equal(passed, 2);
    free(file.text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nautilus), cmocka_unit_test(test_freqtrade), cmocka_unit_test(test_lean),
                                       cmocka_unit_test(test_backtestingpy), cmocka_unit_test(test_backtrader)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
