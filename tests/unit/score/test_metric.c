/* Metrics in table form: the expression of each direction, what they find on candles, what contradicts itself. */
#include "score_test.h"

static const kl_interval two_hours = {KL_HOUR, 2, 0};

static const struct {
    int32_t side, direction, window, unit;
    uint32_t flags;
    double start, end;
    const char *against, *want;
} forms[] = {
    {1, KL_DIRECTION_ABOVE, 0, 0, 0, 20, NAN, NULL, "(x) > 20"},
    {1, KL_DIRECTION_ABOVE, 1, 0, KL_METRIC_INCLUSIVE, 20.5, NAN, NULL, "(x) >= 20.5"},
    {1, KL_DIRECTION_ABOVE, 3, 0, 0, NAN, NAN, "ema(20)[5]", "min((x) > (ema(20)[5]), 3) == 1"},
    {1, KL_DIRECTION_BELOW, 0, 0, 0, -0.008, NAN, NULL, "(x) < -0.008"},
    {1, KL_DIRECTION_BELOW, 0, 0, KL_METRIC_INCLUSIVE, NAN, 7, NULL, "(x) <= 7"},
    {1, KL_DIRECTION_BETWEEN, 0, 0, 0, 0.04, 0.14, NULL, "(x) >= 0.04 and (x) <= 0.14"},
    {2, KL_DIRECTION_OUTSIDE, 2, 0, 0, -1, 1, NULL, "min((x) < -1 or (x) > 1, 2) == 1"},
    {2, KL_DIRECTION_TREND_UP, 0, 0, 0, NAN, NAN, NULL, "rising((x), 1)"},
    {2, KL_DIRECTION_TREND_DOWN, 6, KL_WINDOW_HOURS, 0, NAN, NAN, NULL, "falling((x), 3)"},
    {1, KL_DIRECTION_CROSS_UP, 0, 0, 0, 30, NAN, NULL, "cross_up((x), 30)"},
    {1, KL_DIRECTION_CROSS_DOWN, 1, KL_WINDOW_DAYS, 0, NAN, NAN, "sma(5)", "max(cross_down((x), (sma(5))), 12) == 1"},
    {1, KL_DIRECTION_EXPAND, 3, 0, 0, NAN, NAN, NULL, "(x) > (x)[3]"},
    {1, KL_DIRECTION_EXPAND, 0, 0, 0, 0.1, NAN, NULL, "(x) > (x)[1] * (1 + 0.1)"},
    {1, KL_DIRECTION_CONTRACT, 120, KL_WINDOW_MINUTES, 0, 0.25, NAN, NULL, "(x) < (x)[1] * (1 - 0.25)"},
    {2, KL_DIRECTION_REJECT, 0, 0, 0, NAN, NAN, "bbands(20).upper", "(x)[1] >= (bbands(20).upper)[1] and (x) < (bbands(20).upper)"},
    {1, KL_DIRECTION_REJECT, 3, 0, 0, 30, 70, NULL, "max((x)[1] <= 30, 3) == 1 and (x) > 30"},
    {3, KL_DIRECTION_REJECT, 0, 0, 0, 30, 70, NULL, "(x)[1] >= 70 and (x) < 70 or (x)[1] <= 30 and (x) > 30"},
    {4, KL_DIRECTION_REJECT, 0, 0, 0, NAN, 70, NULL, "(x)[1] >= 70 and (x) < 70"},
};

static kl_metric form(size_t i) {
    kl_metric m = metric_table("M", forms[i].side, "x", forms[i].direction, forms[i].start, forms[i].end);
    m.window = forms[i].window, m.window_unit = forms[i].unit, m.flags = forms[i].flags, m.against = forms[i].against;
    return m;
}

static void test_expressions(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        kl_metric m = form(i);
        char text[256];
        size_t used = 0, n = 0;
        kl_error error = {0};
        if (kl_metric_expression(&m, &two_hours, text, sizeof text, &used, &error) != KL_OK) fail_msg("%s: %s", forms[i].want, error.message);
        assert_string_equal(text, forms[i].want);
        assert_int_equal(used, strlen(text));
        assert_int_equal(kl_metric_expression(&m, &two_hours, text, used, &n, NULL), KL_E_SIZE);
        assert_int_equal(n, used);
        assert_int_equal(kl_metric_expression(&m, &two_hours, NULL, 0, &n, NULL), KL_E_SIZE);
        assert_int_equal(kl_metric_expression(&m, &two_hours, text, used + 1, &n, NULL), KL_OK);
    }
    kl_metric m = metric_when("W", KL_SIDE_BUY, 1, "rsi < 30 # cheap");
    char text[64];
    size_t used;
    assert_int_equal(kl_metric_expression(&m, NULL, text, sizeof text, &used, NULL), KL_OK);
    assert_string_equal(text, "rsi < 30 # cheap\n");
}

/* every form is an expression that compiles, over candles that give both answers */
static void test_compile(void **state) {
    (void)state;
    static double out[500];
    double *const to[1] = {out};
    kl_columns bars = bars_make(3, 500, 0);
    kl_plan_options options;
    kl_plan_options_init(&options);
    options.interval = two_hours;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        kl_metric m = form(i);
        char text[256];
        const char *texts[1] = {text};
        size_t used, yes = 0, no = 0;
        kl_error error = {0};
        m.indicator = "rsi(14) # momentum";
        assert_int_equal(kl_metric_expression(&m, &two_hours, text, sizeof text, &used, &error), KL_OK);
        if (kl_eval(texts, 1, &options, &bars, NULL, to, &error) != KL_OK) fail_msg("%s: %s", text, error.message);
        for (size_t k = 0; k < bars.n; k++) yes += out[k] == 1.0, no += out[k] == 0.0;
        assert_true(yes + no > 400);
    }
}

static void refused(const kl_metric *m, const kl_interval *interval, kl_status want, const char *why) {
    char text[256];
    size_t used;
    kl_error error = {0};
    kl_status status = kl_metric_expression(m, interval, text, sizeof text, &used, &error);
    if (status != want || !strstr(error.message, why)) fail_msg("%s: %d: %s", why, (int)status, error.message);
}

static void test_contradictions(void **state) {
    (void)state;
    kl_metric m = metric_table("M", KL_SIDE_BUY, "x", KL_DIRECTION_ABOVE, NAN, NAN);
    refused(&m, NULL, KL_E_ARG, "threshold_start");
    m.direction = 12, m.threshold_start = 1;
    refused(&m, NULL, KL_E_ARG, "no direction 12");
    m.direction = KL_DIRECTION_BETWEEN;
    refused(&m, NULL, KL_E_ARG, "threshold_start and threshold_end");
    m.threshold_end = 0.5;
    refused(&m, NULL, KL_E_ARG, "above threshold_end");
    m.threshold_end = 2, m.against = "y";
    refused(&m, NULL, KL_E_ARG, "compares with nothing");
    m.against = NULL, m.window = 3, m.window_unit = KL_WINDOW_HOURS;
    refused(&m, NULL, KL_E_INTERVAL, "fixed interval");
    refused(&m, &two_hours, KL_E_INTERVAL, "whole number of bars");
    m.window = -1;
    refused(&m, NULL, KL_E_ARG, "window");
    m.window = 0, m.when = "y";
    refused(&m, NULL, KL_E_ARG, "either");
    m.when = m.indicator = NULL;
    refused(&m, NULL, KL_E_ARG, "no condition");
    m = metric_when("a b", KL_SIDE_BUY, 1, "x");
    refused(&m, NULL, KL_E_ARG, "code");
    m = metric_when("C", 5, 1, "x");
    refused(&m, NULL, KL_E_ARG, "side");
    m = metric_when("C", KL_SIDE_GUARD, 1, "x");
    refused(&m, NULL, KL_E_ARG, "no weight");
    m = metric_when("C", KL_SIDE_BUY, 1, "x");
    m.vetoes = KL_VETO_BUY;
    refused(&m, NULL, KL_E_ARG, "only guards");
    m.vetoes = 0, m.struct_size = 8;
    refused(&m, NULL, KL_E_ARG, "struct_size");
    assert_int_equal(kl_metric_expression(NULL, NULL, NULL, 0, NULL, NULL), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_expressions), cmocka_unit_test(test_compile), cmocka_unit_test(test_contradictions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
