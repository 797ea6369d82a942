/* Strategy files: what they say as structs, places of errors, writing and reading back, memory. */
#include "score_test.h"

static const char whole[] = "[strategy]\nname = \"all of it\"\ninterval = \"2h\"\nabout = 'for tests'\n"
                            "[params]\nfast = { default = 12, min = 2, max = 200 }\nlow = -0.25\n"
                            "[[metric]]\ncode = \"UP\"\nside = \"buy\"\nweight = 1.3\ngroup = \"trend\"\nwhen = [\"ema($fast) > ema(50) # up\", \"rising(close)\"]\n"
                            "[[metric]]\ncode = 'OFF'\nside = \"SELL\"\nweight = 0.000001\nindicator = \"adx(14)\"\ndirection = \"below\"\nthreshold_start = 20\n"
                            "inclusive = true\nwindow = 6\nunit = \"hours\"\ntitle = \"weak \\\"trend\\\"\"\n"
                            "[[metric]]\ncode = 'G'\nside = 'guard'\nvetoes = 'buy'\nrequire = true\nwhen = 'close > 0'\n"
                            "[[metric]]\ncode = 'C'\nside = 'context'\nindicator = 'zscore(close, 24)'\ndirection = 'BETWEEN'\nthreshold_start = \"$low\"\nthreshold_end = 2.5\nactive = false\n"
                            "[decision]\norder = 'labelled'\nconflict = 'both'\nunknown = 'is_false'\nmax_unknown = 0.25\nclamp = false\nround_digits = 4\n"
                            "buy = { threshold = 2.0, max_score = 5, min_edge = 1, strong_edge = 2.5, weak = [0.62, 0.8], strong = [0.45] }\n"
                            "[decision.sell]\nthreshold = 2\n"
                            "[[exit]]\nanything = 1\n[backtest]\npreset = 'kline'\n";

static kl_strategy *read_file(const char *text, const double *values) {
    kl_strategy *s = NULL;
    kl_error error = {0};
    if (kl_strategy_read(text, strlen(text), NULL, values, NULL, &s, &error) != KL_OK)
        fail_msg("%lld:%lld: %s", (long long)error.row, (long long)error.column, error.message);
    return s;
}

static void test_whole(void **state) {
    (void)state;
    kl_strategy *s = read_file(whole, NULL);
    kl_strategy_spec spec;
    assert_int_equal(kl_strategy_spec_of(s, &spec), KL_OK);
    assert_string_equal(spec.name, "all of it");
    assert_true(spec.interval.unit == KL_HOUR && spec.interval.n == 2);
    assert_int_equal(spec.n_params, 2);
    assert_true(spec.params[0].value == 12 && spec.params[0].min == 2 && spec.params[0].max == 200 && spec.params[1].value == -0.25 && isnan(spec.params[1].min));
    assert_int_equal(spec.n_metrics, 4);
    const kl_metric *m = spec.metrics;
    assert_string_equal(m[0].when, "(ema($fast) > ema(50) # up\n) and (rising(close))");
    assert_true(m[0].weight_u == 1300000 && m[0].side == KL_SIDE_BUY && m[0].flags == 0);
    assert_string_equal(m[0].group, "trend");
    assert_true(m[1].weight_u == 1 && m[1].direction == KL_DIRECTION_BELOW && m[1].flags == KL_METRIC_INCLUSIVE && m[1].window == 6 &&
                m[1].window_unit == KL_WINDOW_HOURS && m[1].threshold_start == 20 && isnan(m[1].threshold_end));
    assert_string_equal(m[1].title, "weak \"trend\"");
    assert_true(m[2].side == KL_SIDE_GUARD && m[2].vetoes == KL_VETO_BUY && m[2].flags == KL_METRIC_REQUIRE);
    assert_true(m[3].flags == KL_METRIC_INACTIVE && m[3].threshold_start == -0.25 && m[3].threshold_end == 2.5);
    const kl_decision_rules *r = &spec.rules;
    assert_true(r->mode == KL_SCORE_TWO_SIDED && r->order == KL_DECIDE_LABELLED && r->conflict == KL_CONFLICT_BOTH && r->unknown == KL_UNKNOWN_IS_FALSE);
    assert_true(r->max_unknown_u == 250000 && r->clamp == 0 && r->round_digits == 4);
    assert_true(r->threshold_u[0] == 2000000 && r->threshold_u[1] == 2000000 && r->max_score_u[0] == 5000000 && r->max_score_u[1] == 0 &&
                r->min_edge_u[0] == 1000000 && r->strong_edge_u[0] == 2500000 && r->min_edge_u[1] == 0);
    assert_true(r->band[0][0].low_u == 620000 && r->band[0][0].high_u == 800000 && r->band[0][1].low_u == 450000 && r->band[0][1].high_u == 0);
    kl_strategy_free(s);
    const double values[2] = {20, 1};
    s = read_file(whole, values);
    assert_int_equal(kl_strategy_spec_of(s, &spec), KL_OK);
    assert_true(spec.metrics[3].threshold_start == 1);
    kl_strategy_free(s);
}

static void test_define(void **state) {
    (void)state;
    static const char defined[] = "[params]\nn = 5\n[define]\nfast = \"ema(close, $n)\"\nup = \"$fast > ema(close, 50) # up\"\n[[metric]]\ncode='A'\nside='buy'\nweight=1\n"
                                  "when=\"$up and $fast > close\"\n[decision]\nbuy.threshold=1\nsell.threshold=1\n";
    kl_strategy *s = read_file(defined, NULL), *t;
    char text[256], text_plain[256];
    size_t used;
    assert_int_equal(kl_plan_describe(kl_strategy_plan(s), text, sizeof text, &used), KL_OK);
    text[used] = 0;
    t = read_file("[[metric]]\ncode='A'\nside='buy'\nweight=1\nwhen='ema(close, 5) > ema(close, 50) and ema(close, 5) > close'\n[decision]\nbuy.threshold=1\nsell.threshold=1\n", NULL);
    assert_int_equal(kl_plan_describe(kl_strategy_plan(t), text_plain, sizeof text_plain, &used), KL_OK);
    text_plain[used] = 0;
    assert_string_equal(text, text_plain);
    kl_strategy_free(s), kl_strategy_free(t);
}

#define HEAD "[decision]\nbuy.threshold = 1\nsell.threshold = 1\n[[metric]]\ncode = 'A'\nside = 'buy'\nweight = 1\n"
/* text, status, line, column, part of the sentence */
static const struct {
    const char *text;
    kl_status status;
    int line, column;
    const char *why;
} wrong[] = {
    {"[strategy", KL_E_TOML, 1, 10, "] was expected"},
    {"", KL_E_ARG, 1, 1, "no [[metric]]"},
    {"[[metric]]\ncode = 'A'\nside='buy'\nwhen='close > 0'\n", KL_E_ARG, 1, 1, "no [decision]"},
    {"[stratgy]\n", KL_E_UNKNOWN_NAME, 1, 2, "no key 'stratgy'"},
    {"[strategy]\ninterval = '7x'\n", KL_E_INTERVAL, 2, 12, "no interval 7x"},
    {"[params]\nfast = 'x'\n", KL_E_NUMBER, 2, 8, "a number"},
    {"[params]\nfast = {default = 1, min = 2}\n", KL_E_ARG, 2, 8, "out of its range"},
    {"[params]\nfast = {min = 2}\n", KL_E_ARG, 2, 8, "no value"},
    {HEAD "when = 'close > rsy(14)'\n", KL_E_UNKNOWN_NAME, 8, 17, "A: 'rsy' is no function"},
    {HEAD "when = \"close > \\u0072sy(14)\"\n", KL_E_UNKNOWN_NAME, 8, 17, "rsy"},
    {HEAD "when = '''\nclose > 0 and\n  rsy(14) > 0'''\n", KL_E_UNKNOWN_NAME, 10, 3, "rsy"},
    {HEAD "when = ['close > 0 # a', \"open > rsy()\"]\n", KL_E_UNKNOWN_NAME, 8, 34, "rsy"},
    {HEAD "when = ['rsy > 0', 'close > 0']\n", KL_E_UNKNOWN_NAME, 8, 10, "rsy"},
    {HEAD "when = 'close > $x'\n", KL_E_UNKNOWN_NAME, 8, 17, "no such parameter"},
    {HEAD "when = 'close > '\n", KL_E_FORMAT, 8, 17, "A: "},
    {HEAD "when = 5\n", KL_E_TEXT, 8, 8, "expression in quotes"},
    {HEAD "when = ['a', 5]\n", KL_E_TEXT, 8, 14, "expression in quotes"},
    {HEAD "when = []\n", KL_E_TEXT, 8, 8, "expression in quotes"},
    {HEAD "when = 'close > 0'\nindicator = 'rsi'\n", KL_E_ARG, 5, 8, "either"},
    {HEAD "indicator = 'rsi(14'\ndirection = 'ABOVE'\nthreshold_start = 3\n", KL_E_FORMAT, 8, 20, "A: "},
    {HEAD "indicator = 'rsi'\ndirection = 'CROSS_UP'\nagainst = 'emma(2)'\n", KL_E_UNKNOWN_NAME, 10, 12, "emma"},
    {HEAD "indicator = 'rsi'\ndirection = 'SIDEWARD'\n", KL_E_UNKNOWN_NAME, 9, 13, "ABOVE BELOW"},
    {HEAD "indicator = 'rsi'\ndirection = 'ABOVE'\n", KL_E_ARG, 5, 8, "threshold_start"},
    {HEAD "whn = 'x'\n", KL_E_UNKNOWN_NAME, 8, 1, "no key 'whn'"},
    {HEAD "when = 'close > 0'\n[[metric]]\ncode = 'A'\nside = 'buy'\nwhen = 'close'\n", KL_E_DUPLICATE, 10, 8, "twice"},
    {"[[metric]]\nweight = 1.0000001\n", KL_E_SCALE, 2, 10, "six decimals"},
    {"[[metric]]\nweight = 99999\n", KL_E_OVERFLOW, 2, 10, "too large"},
    {"[[metric]]\nweight = '1'\n", KL_E_NUMBER, 2, 10, "a number"},
    {"[[metric]]\nweight = '$w'\n", KL_E_UNKNOWN_NAME, 2, 10, "no parameter w"},
    {"[[metric]]\nwindow = 1.5\n", KL_E_NUMBER, 2, 10, "whole number"},
    {"[[metric]]\nactive = 1\n", KL_E_TOML, 2, 10, "true or false"},
    {"[[metric]]\ncode = \"\\u0000\"\n", KL_E_TEXT, 2, 8, "NUL"},
    {HEAD "when = 'close > $x'\n[define]\nx = 'rsy(3)'\n", KL_E_UNKNOWN_NAME, 10, 6, "x: 'rsy'"},
    {HEAD "when = 'close > $x'\n[define]\nx = '$y'\ny = '1'\n", KL_E_UNKNOWN_NAME, 10, 6, "x: there is no such"},
    {HEAD "when = 'close > $x'\n[define]\nx = 1\n", KL_E_TEXT, 10, 5, "text in quotes"},
    {HEAD "when = 'close > $x'\n[params]\nx = 1\n[define]\nx = 'close'\n", KL_E_DUPLICATE, 12, 1, "the name x"},
    {"[metric]\ncode = 'A'\n", KL_E_TOML, 1, 2, "[[metric]]"},
    {"[[metric]]\ncode='A'\nside='buy'\nwhen='close > 0'\n[decision]\nbuy.threshold = 0\n", KL_E_ARG, 5, 2, "thresholds"},
    {"[[metric]]\ncode='A'\nside='buy'\nwhen='close > 0'\n[decision]\nbuy = {weak = [1,2,3]}\n", KL_E_TOML, 6, 15, "[low, high]"},
};

static void test_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        kl_strategy *s = NULL;
        kl_error error = {0};
        kl_status status = kl_strategy_read(wrong[i].text, strlen(wrong[i].text), NULL, NULL, NULL, &s, &error);
        if (status != wrong[i].status || error.row != wrong[i].line || error.column != wrong[i].column || !strstr(error.message, wrong[i].why))
            print_error("%s: %d (not %d), %lld:%lld (not %d:%d): %s\n", wrong[i].text, (int)status, (int)wrong[i].status, (long long)error.row, (long long)error.column,
                        wrong[i].line, wrong[i].column, error.message);
        assert_int_equal(status, wrong[i].status);
        assert_true(error.row == wrong[i].line && error.column == wrong[i].column && strstr(error.message, wrong[i].why));
        assert_null(s);
    }
}

/* any strategy as structs, written, read, written again: the same text, and the same decisions */
static void test_round_trip(void **state) {
    (void)state;
    static const char *const groups[] = {"a b", NULL, "\"quoted\" \\ \x01\x7f\t\xC3\xA9"};
    static char text[1 << 16], again[1 << 16], codes[30][8];
    static kl_decision a[400], b[400];
    static kl_metric m[30];
    kl_columns bars = bars_make(8, 400, 1);
    const kl_columns *sources[1] = {&bars};
    for (uint64_t round = 0; round < 200; round++) {
        uint64_t seed = round;
        kl_strategy_param params[2] = {{"fast", 3 + (double)random_below(&seed, 20), 1, NAN}, {"level", 0.1 * (double)random_below(&seed, 7) - 0.3, NAN, NAN}};
        static const kl_strategy_define defines[2] = {{"z", "zscore(close, $fast)"}, {"far", "abs($z) > 1 # \"far\""}};
        kl_strategy_spec spec;
        kl_strategy_spec_init(&spec);
        spec.interval = (kl_interval){KL_HOUR, 2, 0}, spec.name = "round \"trip\"\n", spec.params = params, spec.n_params = 2, spec.metrics = m, spec.defines = defines, spec.n_defines = 2;
        spec.n_metrics = 1 + random_below(&seed, 29);
        for (size_t i = 0; i < spec.n_metrics; i++) {
            sprintf(codes[i], "M%d", (int)i);
            m[i] = metric_table(codes[i], 1 + (int32_t)random_below(&seed, 4), "zscore(close, 24)", 1 + (int32_t)random_below(&seed, 11),
                                (double)(int64_t)(random_u64(&seed) % 100000) * 1e-5 - 0.5, 0.6);
            if (m[i].side <= KL_SIDE_SELL) m[i].weight_u = (int32_t)random_below(&seed, 3000000) - 1000000;
            m[i].window = (int32_t)random_below(&seed, 4) * 2, m[i].window_unit = (int32_t)random_below(&seed, 2) * KL_WINDOW_HOURS;
            m[i].flags = (uint32_t)random_below(&seed, 4) & (i ? 3u : 2u), m[i].group = groups[random_below(&seed, 3)];
            if (m[i].direction == KL_DIRECTION_CROSS_UP) m[i].against = "zscore(close, $fast)";
            if (random_below(&seed, 3) == 0) m[i] = metric_when(codes[i], m[i].side, m[i].weight_u, random_below(&seed, 2) ? "$far" : "rsi(14) > 50 +\n $level # \"x\"");
        }
        kl_decision_rules *r = &spec.rules;
        r->order = (int32_t)random_below(&seed, 2), r->unknown = (int32_t)random_below(&seed, 2), r->max_unknown_u = (int32_t)random_below(&seed, KL_MICRO);
        r->clamp = (int32_t)random_below(&seed, 2), r->round_digits = (int32_t)random_below(&seed, 8) - 1;
        for (int s = 0; s < 2; s++) {
            r->threshold_u[s] = 1 + (int64_t)random_below(&seed, 2000000), r->min_edge_u[s] = (int64_t)random_below(&seed, 500000);
            r->band[s][0] = (kl_band){(int32_t)random_below(&seed, 500000), random_below(&seed, 2) ? 900000 : 0};
        }
        kl_strategy *s, *t;
        kl_strategy_state *run;
        kl_error error = {0};
        size_t used, used_again, bytes;
        if (kl_strategy_new(&spec, NULL, NULL, &s, &error) != KL_OK) fail_msg("%s", error.message);
        assert_int_equal(kl_strategy_write(s, text, sizeof text, &used), KL_OK);
        t = read_file(text, NULL);
        assert_int_equal(kl_strategy_write(t, again, used, &used_again), KL_E_SIZE);
        assert_int_equal(kl_strategy_write(t, again, used + 1, &used_again), KL_OK);
        assert_string_equal(text, again);
        assert_int_equal(kl_strategy_state_size(s, 1, &bytes), KL_OK);
        void *memory = malloc(bytes);
        assert_int_equal(kl_strategy_state_init(memory, bytes, s, 1, &run), KL_OK);
        assert_int_equal(kl_strategy_run(run, sources, NULL, a, NULL), KL_OK);
        assert_int_equal(kl_strategy_state_init(memory, bytes, t, 1, &run), KL_OK);
        assert_int_equal(kl_strategy_run(run, sources, NULL, b, NULL), KL_OK);
        assert_memory_equal(a, b, sizeof a);
        free(memory);
        kl_strategy_free(s), kl_strategy_free(t);
    }
}

static void test_memory(void **state) {
    (void)state;
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_strategy *s;
    kl_alloc_counter_init(&counter, NULL, &alloc);
    for (uint64_t fail = 1;; fail++) {
        counter.fail_at = counter.requests + fail;
        kl_status status = kl_strategy_read(whole, strlen(whole), NULL, NULL, &alloc, &s, NULL);
        if (status == KL_OK) break;
        assert_int_equal(status, KL_E_MEMORY);
        assert_true(counter.live_blocks == 0 && counter.live_bytes == 0);
    }
    kl_strategy_free(s);
    assert_true(counter.live_blocks == 0 && counter.live_bytes == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_define), cmocka_unit_test(test_wrong), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
