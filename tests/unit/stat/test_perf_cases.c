/* Published figures of other libraries under their presets, counted: "159 of 159". What is left out has no figure here. */
#include "base/fp.h"
#include "kline/stat.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cases.h"

enum { ROOM = 1100, COLUMNS = 3 };
#define DAY INT64_C(86400000000)
typedef struct {
    double v[COLUMNS][ROOM];
    size_t n, columns;
} series;
typedef struct {
    kl_json row, args, series;
    kl_perf_conventions c;
    series r, b, out;      /* arguments; what is computed: a column each, out.n values */
    size_t passed, failed, left_out;
} run;

static double figure(const kl_perf *perf, int32_t f) { return perf->value[f]; }

static void series_read(const kl_json *value, series *s) {
    kl_json item;
    size_t cursor = 0;
    s->n = 0, s->columns = 1;
    if (value->kind == KL_JSON_NUMBER) {
        for (s->n = 0; s->n < 9; s->n++) s->v[0][s->n] = cases_number(value);
    } else if (value->kind == KL_JSON_OBJECT) {
        kl_json line = cases_get(value, "linspace");
        double each = cases_member(value, "repeat");
        s->n = (size_t)cases_member(value, "n");
        for (size_t i = 0; i < s->n; i++) s->v[0][i] = line.kind == KL_JSON_ARRAY ? (double)i / (double)(s->n - 1) : each;
    } else if (kl_json_next(value, &cursor, NULL, &item) == KL_OK && item.kind == KL_JSON_ARRAY) {
        cursor = 0;
        for (s->columns = 0; kl_json_next(value, &cursor, NULL, &item) == KL_OK;) s->n = cases_numbers(&item, s->v[s->columns++], ROOM);
    } else {
        s->n = cases_numbers(value, s->v[0], ROOM);
    }
}

/* "mixed_returns", "-mixed_returns", "mixed_returns[1:]", or a number. */
static int series_named(run *t, const char *argument, series *s) {
    char name[64];
    kl_json value = cases_get(&t->args, argument);
    s->n = 0, s->columns = 1;
    if (!value.text) return 0;
    if (value.kind != KL_JSON_STRING) {
        series_read(&value, s);
        return 1;
    }
    cases_text(&value, name, sizeof name);
    int minus = name[0] == '-';
    char *cut = strchr(name, '[');
    if (cut) *cut = 0;
    kl_json named = cases_get(&t->series, name + minus);
    series_read(&named, s);
    if (cut) memmove(s->v[0], s->v[0] + 1, --s->n * sizeof(double));
    for (size_t i = 0; minus && i < s->n; i++) s->v[0][i] = -s->v[0][i];
    return 1;
}

static void perf_of(const run *t, const double *r, const double *b, size_t n, kl_perf *perf) {
    assert_int_equal(kl_perf_returns(r, b, NULL, n, &t->c, NULL, perf), KL_OK);
}

static void check(run *t, const char *what, double tolerance, int relative) {
    kl_json value = cases_get(&t->row, "expected"), item;
    double expect[ROOM * 2];
    size_t n = 0, cursor = 0, bad = 0, total = t->out.n * t->out.columns;
    if (value.kind != KL_JSON_ARRAY) {
        expect[n++] = cases_number(&value);
    } else {
        while (kl_json_next(&value, &cursor, NULL, &item) == KL_OK) {
            if (item.kind == KL_JSON_ARRAY) n += cases_numbers(&item, expect + n, ROOM - n);
            else expect[n++] = cases_number(&item);
        }
    }
    for (size_t i = 0; i < n && n == total; i++) {
        double got = t->out.v[i % t->out.columns][i / t->out.columns];
        bad += !cases_near(got, expect[i], relative && fabs(expect[i]) > 1 ? tolerance * fabs(expect[i]) : tolerance);
        if (bad) printf("%s: %.17g, expected %.17g\n", what, got, expect[i]);
    }
    if (n != total) printf("%s: %zu values, expected %zu\n", what, total, n);
    if (bad || n != total) t->failed++;
    else t->passed++;
}

static const struct {
    const char *metric;
    int32_t first, second; /* -1: none */
} empyrical_figures[] = {
    {"cum_returns_final", KL_PERF_TOTAL_RETURN, -1}, {"max_drawdown", KL_PERF_MAX_DRAWDOWN, -1}, {"annual_ret", KL_PERF_ANNUAL_RETURN, -1},
    {"annual_volatility", KL_PERF_VOLATILITY, -1}, {"calmar", KL_PERF_CALMAR, -1}, {"omega", KL_PERF_OMEGA, -1},
    {"sharpe_ratio", KL_PERF_SHARPE, -1}, {"downside_risk", KL_PERF_DOWNSIDE, -1}, {"sortino", KL_PERF_SORTINO, -1},
    {"excess_sharpe", KL_PERF_EXCESS_SHARPE, -1}, {"alpha_beta", KL_PERF_ALPHA, KL_PERF_BETA}, {"alpha", KL_PERF_ALPHA, -1},
    {"beta", KL_PERF_BETA, -1}, {"stability_of_timeseries", KL_PERF_STABILITY, -1}, {"tail_ratio", KL_PERF_TAIL, -1}, {"cagr", KL_PERF_CAGR, -1},
    {"capture_ratio", KL_PERF_CAPTURE, -1}, {"down_capture", KL_PERF_DOWN_CAPTURE, -1}, {"up_capture", KL_PERF_UP_CAPTURE, -1},
    {"up_down_capture", KL_PERF_UP_CAPTURE, -2}, {"up_alpha_beta", KL_PERF_ALPHA, KL_PERF_BETA}, {"down_alpha_beta", KL_PERF_ALPHA, KL_PERF_BETA},
    {"roll_max_drawdown", KL_PERF_MAX_DRAWDOWN, -1}, {"roll_sharpe_ratio", KL_PERF_SHARPE, -1}, {"roll_alpha_beta", KL_PERF_ALPHA, KL_PERF_BETA},
    {"roll_up_down_capture", KL_PERF_UP_CAPTURE, -2}, {"roll_down_capture", KL_PERF_DOWN_CAPTURE, -1}, {"roll_up_capture", KL_PERF_UP_CAPTURE, -1}};

static void empyrical_conventions(run *t) {
    char period[16];
    kl_json value = cases_get(&t->args, "period");
    kl_perf_conventions_preset(&t->c, KL_PRESET_EMPYRICAL);
    cases_text(&value, period, sizeof period);
    if (strcmp(period, "weekly") == 0) t->c.periods_per_year = 52;
    if (strcmp(period, "monthly") == 0) t->c.periods_per_year = 12;
    if (strcmp(period, "yearly") == 0) t->c.periods_per_year = 1;
}

/* Thresholds that are a number are a convention; those that are a series are taken off. */
static void empyrical_threshold(run *t, const char *argument, double *convention) {
    kl_json value = cases_get(&t->args, argument);
    series off;
    if (!value.text) return;
    if (value.kind == KL_JSON_NUMBER) {
        *convention = cases_number(&value);
    } else if (series_named(t, argument, &off)) {
        for (size_t i = 0; i < t->r.n; i++) t->r.v[0][i] -= off.v[0][i];
    }
}

static void empyrical_case(run *t, const char *metric) {
    size_t k = 0, count = sizeof empyrical_figures / sizeof *empyrical_figures, window = 0;
    kl_perf perf;
    while (k < count && strcmp(metric, empyrical_figures[k].metric) != 0) k++;
    int omega = strcmp(metric, "omega") == 0, side = strncmp(metric, "up_alpha", 8) == 0 ? 1 : strncmp(metric, "down_alpha", 10) == 0 ? -1 : 0;
    empyrical_threshold(t, "risk_free", &t->c.risk_free);
    empyrical_threshold(t, "required_return", omega ? &t->c.omega_threshold : &t->c.mar);
    int with = series_named(t, "benchmark", &t->b) || series_named(t, "factor_returns", &t->b);
    if (strncmp(metric, "roll_", 5) == 0) window = (size_t)cases_member(&t->args, "window");
    for (size_t i = 0; side && i < t->b.n; i++)
        if (!(side * t->b.v[0][i] > 0)) t->b.v[0][i] = (double)NAN;
    size_t last = window ? (t->r.n >= window ? t->r.n - window + 1 : 0) : 1;
    if (!(window || t->r.columns > 1)) t->out.columns = empyrical_figures[k].second >= 0 ? 2 : 1;
    else t->out.columns = window && empyrical_figures[k].second >= 0 ? 2 : t->r.columns;
    t->out.n = last;
    for (size_t c = 0; c < t->r.columns; c++)
        for (size_t i = 0; i < last; i++) {
            perf_of(t, t->r.v[c] + i, with ? t->b.v[0] + i : NULL, window ? window : t->r.n, &perf);
            t->out.v[c][i] = figure(&perf, empyrical_figures[k].first);
            if (empyrical_figures[k].second >= 0) t->out.v[1][i] = figure(&perf, empyrical_figures[k].second);
            if (empyrical_figures[k].second == -2) t->out.v[c][i] /= figure(&perf, KL_PERF_DOWN_CAPTURE);
            double start = cases_member(&t->args, "starting_value");
            if (start > 0) t->out.v[0][0] = start * (1 + t->out.v[0][0]);
        }
}

static int empyrical_known(const char *metric) {
    for (size_t k = 0; k < sizeof empyrical_figures / sizeof *empyrical_figures; k++)
        if (strcmp(metric, empyrical_figures[k].metric) == 0) return 1;
    return 0;
}

static void test_empyrical(void **state) {
    (void)state;
    static run t;
    cases_file file;
    kl_json list;
    size_t cursor = 0;
    kl_perf perf;
    if (!cases_open(&file, "empyrical_metrics.json")) return;
    t.series = cases_get(&file.root, "series");
    list = cases_get(&file.root, "cases");
    while (kl_json_next(&list, &cursor, NULL, &t.row) == KL_OK) {
        char metric[40], id[16];
        kl_json value = cases_get(&t.row, "metric"), name = cases_get(&t.row, "id");
        t.args = cases_get(&t.row, "args");
        cases_text(&value, metric, sizeof metric);
        cases_text(&name, id, sizeof id);
        empyrical_conventions(&t);
        t.out.n = t.out.columns = 1;
        if (!series_named(&t, "returns", &t.r) && !series_named(&t, "values", &t.r)) series_named(&t, "prices", &t.r);
        if (strcmp(metric, "cum_returns") == 0) {
            t.out.n = t.r.n;
            for (size_t i = 0; i < t.r.n; i++) perf_of(&t, t.r.v[0], NULL, i + 1, &perf), t.out.v[0][i] = figure(&perf, KL_PERF_TOTAL_RETURN);
        } else if (strcmp(metric, "value_at_risk") == 0) {
            t.c.var_level = cases_member(&t.args, "cutoff");
            perf_of(&t, t.r.v[0], NULL, t.r.n, &perf);
            t.out.v[0][0] = figure(&perf, KL_PERF_VAR);
        } else if (strcmp(metric, "simple_returns") == 0 && t.r.n < 100) { /* the long one has a price of 0 */
            double out[ROOM];
            kl_returns(KL_RETURN_SIMPLE, t.r.v[0], t.r.n, (double)NAN, out);
            t.out.n = t.r.n - 1;
            memcpy(t.out.v[0], out + 1, t.out.n * sizeof *out);
        } else if (empyrical_known(metric)) {
            empyrical_case(&t, metric);
        } else {
            t.left_out++;
            continue;
        }
        check(&t, id, 1.5 * pow(10, -cases_member(&t.row, "decimals")), 0);
    }
    printf("empyrical: %zu of %zu (%zu are no figures here: resampling, tail fits, a price of 0)\n", t.passed, t.passed + t.failed, t.left_out);
    assert_true(t.passed > 0 && t.failed == 0);
    free(file.text);
}

static const struct {
    const char *metric;
    int32_t figure;
} vectorbt_figures[] = {{"total", KL_PERF_TOTAL_RETURN}, {"annualized", KL_PERF_CAGR}, {"annualized_volatility", KL_PERF_VOLATILITY},
                        {"calmar_ratio", KL_PERF_CALMAR}, {"omega_ratio", KL_PERF_OMEGA}, {"sharpe_ratio", KL_PERF_SHARPE},
                        {"downside_risk", KL_PERF_DOWNSIDE}, {"sortino_ratio", KL_PERF_SORTINO}, {"tail_ratio", KL_PERF_TAIL},
                        {"value_at_risk", KL_PERF_VAR}, {"cond_value_at_risk", KL_PERF_CVAR}, {"max_drawdown", KL_PERF_MAX_DRAWDOWN}};

static void vectorbt_conventions(run *t) {
    kl_json kwargs = cases_get(&t->row, "kwargs");
    kl_perf_conventions_preset(&t->c, KL_PRESET_VECTORBT);
    t->c.risk_free = 0.01, t->c.mar = 0.1, t->c.omega_threshold = 0.1;
    if (cases_get(&kwargs, "risk_free").text) t->c.risk_free = cases_member(&kwargs, "risk_free");
}

/* Prices of each column, and figures of the first 1, 2 ... of them or of all. */
static void vectorbt_case(run *t, const series *values, int32_t f, int rolling) {
    kl_perf perf;
    t->out.columns = 3, t->out.n = rolling ? values->n : 1;
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < t->out.n; i++) {
            assert_int_equal(kl_perf_equity(values->v[c], NULL, rolling ? i + 1 : values->n, &t->c, NULL, &perf), KL_OK);
            t->out.v[c][i] = figure(&perf, f);
            if (rolling && i == 0) t->out.v[c][i] = (double)NAN; /* its only return is unknown there */
        }
}

static void vectorbt_deflated(run *t, const series *values) {
    double sharpe[3], skew[3], kurtosis[3], n = (double)values->n, mean = 0, variance = 0;
    for (size_t c = 0; c < 3; c++) { /* there an unknown return is 0 in the moments */
        double r[ROOM] = {0};
        kl_moments m;
        kl_perf perf;
        for (size_t i = 1; i < values->n; i++) r[i] = values->v[c][i] / values->v[c][i - 1] - 1;
        kl_moments_of(r, values->n, &m);
        skew[c] = m.skew, kurtosis[c] = m.kurtosis - 3;
        kl_perf_equity(values->v[c], NULL, values->n, &t->c, NULL, &perf);
        sharpe[c] = figure(&perf, KL_PERF_SHARPE) / sqrt(365);
        mean += sharpe[c] / 3;
    }
    for (size_t c = 0; c < 3; c++) variance += (sharpe[c] - mean) * (sharpe[c] - mean) / 2;
    t->out.columns = 3, t->out.n = 1;
    for (size_t c = 0; c < 3; c++) t->out.v[c][0] = kl_dsr(sharpe[c], n, skew[c], kurtosis[c], variance, 3);
}

static void test_vectorbt(void **state) {
    (void)state;
    static run t;
    static series values;
    cases_file file;
    kl_json list, inputs, columns;
    size_t cursor = 0;
    if (!cases_open(&file, "vectorbt_returns.json")) return;
    inputs = cases_get(&file.root, "inputs");
    columns = cases_get(&inputs, "values");
    const char *const names[3] = {"a", "b", "c"};
    for (size_t c = 0; c < 3; c++) {
        kl_json column = cases_get(&columns, names[c]);
        values.n = cases_numbers(&column, values.v[c], ROOM);
    }
    list = cases_get(&file.root, "cases");
    while (kl_json_next(&list, &cursor, NULL, &t.row) == KL_OK) {
        char metric[40];
        kl_json value = cases_get(&t.row, "metric");
        cases_text(&value, metric, sizeof metric);
        int rolling = strncmp(metric, "rolling_", 8) == 0;
        size_t k = 0, count = sizeof vectorbt_figures / sizeof *vectorbt_figures;
        vectorbt_conventions(&t);
        while (k < count && strcmp(metric + 8 * rolling, vectorbt_figures[k].metric) != 0) k++;
        if (k < count) {
            vectorbt_case(&t, &values, vectorbt_figures[k].figure, rolling);
        } else if (strcmp(metric, "annual") == 0) {
            vectorbt_case(&t, &values, KL_PERF_TOTAL_RETURN, 0);
        } else if (strcmp(metric, "cumulative") == 0) {
            vectorbt_case(&t, &values, KL_PERF_TOTAL_RETURN, 1);
            for (size_t c = 0; c < 3; c++) t.out.v[c][0] = 0;
        } else if (strcmp(metric, "drawdown") == 0) {
            t.out.n = values.n, t.out.columns = 3;
            for (size_t c = 0; c < 3; c++) {
                double peak = (double)NAN;
                kl_drawdown(values.v[c], values.n, &peak, NULL, t.out.v[c]);
            }
        } else if (strcmp(metric, "deflated_sharpe_ratio") == 0) {
            vectorbt_deflated(&t, &values);
        } else {
            t.left_out++;
            continue;
        }
        check(&t, metric, 1e-8, 1);
    }
    printf("vectorbt: %zu of %zu, %zu left out\n", t.passed, t.passed + t.failed, t.left_out);
    assert_true(t.passed > 0 && t.failed == 0);
    free(file.text);
}

/* One series, and what it is under each preset. */
typedef struct {
    const char *group, *name;
    int32_t preset;
    double periods;
    int32_t figure;
} disagreement;
static const disagreement disagreements[] = {
    {"sharpe", "empyrical_quantstats_nautilus_ffn_252", KL_PRESET_EMPYRICAL, 0, KL_PERF_SHARPE},
    {"sharpe", "empyrical_quantstats_nautilus_ffn_252", KL_PRESET_QUANTSTATS, 0, KL_PERF_SHARPE},
    {"sharpe", "empyrical_quantstats_nautilus_ffn_252", KL_PRESET_NAUTILUS, 0, KL_PERF_SHARPE},
    {"sharpe", "vectorbt_jesse_365", KL_PRESET_VECTORBT, 0, KL_PERF_SHARPE},
    {"sharpe", "vectorbt_jesse_365", KL_PRESET_KLINE, 365, KL_PERF_SHARPE},
    {"sharpe", "population_std_252", KL_PRESET_BACKTRADER, 0, KL_PERF_SHARPE},
    {"sharpe", "lean_252", KL_PRESET_LEAN, 0, KL_PERF_SHARPE},
    {"sharpe", "backtestingpy_252", KL_PRESET_BACKTESTINGPY, 252, KL_PERF_SHARPE},
    {"sharpe", "backtestingpy_365", KL_PRESET_BACKTESTINGPY, 365, KL_PERF_SHARPE},
    {"sortino", "target_downside_252", KL_PRESET_EMPYRICAL, 0, KL_PERF_SORTINO},
    {"sortino", "target_downside_365", KL_PRESET_VECTORBT, 0, KL_PERF_SORTINO},
    {"sortino", "lean_sample_std_of_losers_252", KL_PRESET_LEAN, 0, KL_PERF_SORTINO},
    {"sortino", "backtestingpy_252", KL_PRESET_BACKTESTINGPY, 252, KL_PERF_SORTINO},
    {"cagr", "n_over_252", KL_PRESET_EMPYRICAL, 0, KL_PERF_CAGR},
    {"cagr", "n_over_365", KL_PRESET_VECTORBT, 0, KL_PERF_CAGR},
    {"cagr", "first_to_last_day_365", KL_PRESET_FREQTRADE, 0, KL_PERF_CAGR},
    {"cagr", "n_days_36525", KL_PRESET_KLINE, 365, KL_PERF_CAGR},
    {"calmar", "d252", KL_PRESET_EMPYRICAL, 0, KL_PERF_CALMAR},
    {"calmar", "d365", KL_PRESET_VECTORBT, 0, KL_PERF_CALMAR},
    {"var95", "historical_linear", KL_PRESET_KLINE, 365, KL_PERF_VAR},
    {"var95", "gaussian_sample_std", KL_PRESET_QUANTSTATS, 0, KL_PERF_VAR},
    {"cvar95", "empyrical", KL_PRESET_EMPYRICAL, 0, KL_PERF_CVAR},
    {"ulcer", "divide_n", KL_PRESET_KLINE, 365, KL_PERF_ULCER},
    {"ulcer", "divide_n_minus_1", KL_PRESET_QUANTSTATS, 0, KL_PERF_ULCER},
    {"other", "max_drawdown", KL_PRESET_KLINE, 365, KL_PERF_MAX_DRAWDOWN},
    {"other", "omega_0", KL_PRESET_KLINE, 365, KL_PERF_OMEGA}};

static void test_disagreement(void **state) {
    (void)state;
    cases_file file;
    kl_json block, list, inference, row;
    double r[ROOM];
    kl_perf perf;
    kl_moments m;
    size_t passed = 0, all = sizeof disagreements / sizeof *disagreements, cursor = 0;
    if (!cases_open(&file, "misc_metrics_fills.json")) return;
    block = cases_get(&file.root, "disagreement");
    list = cases_get(&block, "returns");
    size_t n = cases_numbers(&list, r, ROOM);
    for (size_t k = 0; k < all; k++) {
        const disagreement *d = &disagreements[k];
        kl_perf_conventions c;
        kl_json group = cases_get(&block, d->group);
        kl_perf_conventions_preset(&c, d->preset);
        if (d->periods > 0) c.periods_per_year = d->periods;
        c.year_days = c.periods_per_year;
        assert_int_equal(kl_perf_returns(r, NULL, NULL, n, &c, NULL, &perf), KL_OK);
        int ok = cases_near(figure(&perf, d->figure) / cases_member(&group, d->name), 1, 1e-12);
        if (!ok) printf("%s %s: %.17g, expected %.17g\n", d->group, d->name, figure(&perf, d->figure), cases_member(&group, d->name));
        passed += (size_t)ok;
    }
    inference = cases_get(&file.root, "sharpe_inference");
    list = cases_get(&inference, "probabilistic");
    kl_moments_of(r, n, &m);
    double sharpe = m.mean / sqrt(m.variance);
    for (size_t k = 0; kl_json_next(&list, &cursor, NULL, &row) == KL_OK; k++) {
        double got = k == 0 ? kl_psr(sharpe, 0, (double)n, m.skew, m.kurtosis) : kl_psr(sharpe, 0, (double)n, m.skew_adjusted, m.excess_adjusted + 3);
        int ok = cases_near(got, cases_member(&row, "value"), 1e-12);
        if (!ok) printf("psr %zu: %.17g, expected %.17g\n", k, got, cases_member(&row, "value"));
        passed += (size_t)ok;
        all++;
    }
    printf("one series under all presets: %zu of %zu\n", passed, all);
    assert_int_equal(passed, all);
    free(file.text);
}

static void test_nautilus(void **state) {
    (void)state;
    cases_file file;
    kl_json block, list, row, input;
    size_t cursor = 0, passed = 0, all = 0;
    if (!cases_open(&file, "misc_metrics_fills.json")) return;
    block = cases_get(&file.root, "nautilus");
    list = cases_get(&block, "cases");
    while (kl_json_next(&list, &cursor, NULL, &row) == KL_OK) {
        char metric[40];
        double r[ROOM], got = (double)NAN, tolerance = cases_member(&row, "tol");
        kl_json value = cases_get(&row, "metric");
        kl_perf perf;
        kl_moments m;
        kl_perf_conventions c;
        cases_text(&value, metric, sizeof metric);
        input = cases_get(&row, "returns");
        if (!input.text) continue; /* made of trades */
        size_t n = cases_numbers(&input, r, ROOM);
        if (input.kind == KL_JSON_STRING)
            for (n = 0; n < 252; n++) r[n] = 0.001; /* "0.001 x 252" */
        kl_perf_conventions_preset(&c, KL_PRESET_NAUTILUS);
        assert_int_equal(kl_perf_returns(r, NULL, NULL, n, &c, NULL, &perf), KL_OK);
        kl_moments_of(r, n, &m);
        if (strcmp(metric, "sharpe") == 0) got = figure(&perf, KL_PERF_SHARPE);
        if (strcmp(metric, "sortino") == 0) got = figure(&perf, KL_PERF_SORTINO);
        if (strcmp(metric, "volatility_annual") == 0) got = figure(&perf, KL_PERF_VOLATILITY);
        if (strcmp(metric, "mean_over_std") == 0) got = figure(&perf, KL_PERF_SHARPE) / sqrt(252);
        if (strcmp(metric, "skewness_adjusted") == 0) got = figure(&perf, KL_PERF_SKEW);
        if (strcmp(metric, "kurtosis_excess_adjusted") == 0) got = m.excess_adjusted;
        if (strcmp(metric, "max_drawdown") == 0) got = figure(&perf, KL_PERF_MAX_DRAWDOWN);
        if (strcmp(metric, "cagr") == 0) got = figure(&perf, KL_PERF_CAGR);
        int ok = cases_near(got, cases_member(&row, "value"), tolerance > 0 ? tolerance : 1e-12);
        if (!ok) printf("nautilus %s: %.17g, expected %.17g\n", metric, got, cases_member(&row, "value"));
        passed += (size_t)ok;
        all++;
    }
    printf("nautilus, of returns: %zu of %zu\n", passed, all);
    assert_true(all > 0 && passed == all);
    free(file.text);
}

/* Recoveries in days of equity by day, and growth by days. */
static void test_days(void **state) {
    (void)state;
    cases_file file;
    kl_json list, row, input;
    kl_time times[ROOM];
    double e[ROOM];
    size_t cursor = 0, passed = 0, all = 0;
    kl_perf perf;
    kl_perf_conventions c;
    for (size_t i = 0; i < ROOM; i++) times[i] = (kl_time)i * DAY;
    if (!cases_open(&file, "lean_cases.json")) return;
    list = cases_get(&file.root, "drawdown_recovery_days");
    kl_perf_conventions_preset(&c, KL_PRESET_LEAN);
    while (kl_json_next(&list, &cursor, NULL, &row) == KL_OK) {
        input = cases_get(&row, "equity");
        size_t n = cases_numbers(&input, e, ROOM);
        assert_int_equal(kl_perf_equity(e, times, n, &c, NULL, &perf), KL_OK);
        passed += figure(&perf, KL_PERF_RECOVERY_TIME) == 86400 * cases_member(&row, "recovery_days");
        all++;
    }
    printf("recoveries of Lean: %zu of %zu\n", passed, all);
    assert_true(all > 0 && passed == all);
    free(file.text);
    if (!cases_open(&file, "freqtrade_metrics.json")) return;
    kl_perf_conventions_preset(&c, KL_PRESET_FREQTRADE);
    list = cases_get(&file.root, "cagr");
    cursor = passed = all = 0;
    while (kl_json_next(&list, &cursor, NULL, &row) == KL_OK) {
        kl_time two[2] = {0, (kl_time)cases_member(&row, "days") * DAY};
        e[0] = cases_member(&row, "start"), e[1] = cases_member(&row, "final");
        assert_int_equal(kl_perf_equity(e, two, 2, &c, NULL, &perf), KL_OK);
        passed += (size_t)cases_near(figure(&perf, KL_PERF_CAGR), cases_member(&row, "value_4dp"), 5.1e-5);
        all++;
    }
    printf("growth of freqtrade: %zu of %zu\n", passed, all);
    assert_true(all > 0 && passed == all);
    free(file.text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_empyrical), cmocka_unit_test(test_vectorbt), cmocka_unit_test(test_disagreement),
                                       cmocka_unit_test(test_nautilus), cmocka_unit_test(test_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
