/* Every label at, above and below its limits; limits as parameters; names. */
#include "base/fp.h"
#include "kline/stat.h"
#include "kline/corr.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NONE ((double)NAN)

static void test_volatility(void **state) {
    (void)state;
    assert_int_equal(kl_volatility_regime(3.01, 2, NULL), KL_VOLATILITY_HIGH);
    assert_int_equal(kl_volatility_regime(3, 2, NULL), KL_VOLATILITY_MEDIUM); /* above 1.5 means, not at it */
    assert_int_equal(kl_volatility_regime(2.01, 2, NULL), KL_VOLATILITY_MEDIUM);
    assert_int_equal(kl_volatility_regime(2, 2, NULL), KL_VOLATILITY_LOW);
    assert_int_equal(kl_volatility_regime(0, 0, NULL), KL_VOLATILITY_LOW);
    assert_int_equal(kl_volatility_regime(NONE, 2, NULL), KL_VOLATILITY_UNKNOWN);
    assert_int_equal(kl_volatility_regime(2, NONE, NULL), KL_VOLATILITY_UNKNOWN);
    kl_label_rules rules;
    assert_int_equal(kl_label_rules_init(&rules), KL_OK);
    rules.volatility_high = 3;
    rules.volatility_medium = 2;
    assert_int_equal(kl_volatility_regime(4, 2, &rules), KL_VOLATILITY_LOW);
    assert_int_equal(kl_volatility_regime(5, 2, &rules), KL_VOLATILITY_MEDIUM);
    assert_int_equal(kl_volatility_regime(7, 2, &rules), KL_VOLATILITY_HIGH);
    assert_int_equal(kl_label_rules_init(NULL), KL_E_ARG);
}

static void test_zrank(void **state) {
    (void)state;
    const double z[] = {0, 1, 1.01, -1.01, 2, -2.01, NONE};
    const int32_t expect[] = {KL_ZRANK_STABLE, KL_ZRANK_STABLE, KL_ZRANK_HIGH, KL_ZRANK_HIGH, KL_ZRANK_HIGH, KL_ZRANK_EXTREME, KL_ZRANK_UNKNOWN};
    for (size_t i = 0; i < 7; i++) assert_int_equal(kl_zrank(z[i], NULL), expect[i]);
}

static void test_volume(void **state) {
    (void)state;
    assert_int_equal(kl_volume_spike(20, 10, NULL), 0);
    assert_int_equal(kl_volume_spike(20.1, 10, NULL), 1);
    assert_int_equal(kl_volume_spike(NONE, 10, NULL), -1);
    assert_int_equal(kl_volume_spike(20, NONE, NULL), -1);
    const double ratio[] = {0, 1.49, 1.5, 2, 2.01, NONE}, ratios[] = {NONE, 1, 2, (double)INFINITY, 6};
    const int32_t expect[] = {KL_ACTIVITY_NORMAL, KL_ACTIVITY_NORMAL, KL_ACTIVITY_ELEVATED, KL_ACTIVITY_ELEVATED, KL_ACTIVITY_HIGH,
                              KL_ACTIVITY_UNKNOWN};
    for (size_t i = 0; i < 6; i++) assert_int_equal(kl_activity_state(ratio[i], NULL), expect[i]);
    assert_true(kl_volume_pressure(ratios, 5) == 3);
    assert_true(isnan(kl_volume_pressure(ratios, 1)));
    double equal[49];
    for (size_t i = 0; i < 49; i++) equal[i] = 0.1;
    assert_true(kl_volume_pressure(equal, 49) == 0.1);
}

static void test_mover(void **state) {
    (void)state;
    assert_true(kl_mover_signal(-4, 2.5) == 10);
    assert_true(isnan(kl_mover_signal(NONE, 1)) && isnan(kl_mover_signal(1, NONE)));
    const double pct[] = {10, 9.99, 3, 2.99, 0, -0.0, -0.01, -2.99, -3, -9.99, -10, NONE};
    const int32_t expect[] = {KL_MOVER_STRONG_BULLISH, KL_MOVER_BULLISH, KL_MOVER_BULLISH, KL_MOVER_WEAK_BULLISH, KL_MOVER_WEAK_BULLISH,
                              KL_MOVER_WEAK_BULLISH, KL_MOVER_WEAK_BEARISH, KL_MOVER_WEAK_BEARISH, KL_MOVER_BEARISH, KL_MOVER_BEARISH,
                              KL_MOVER_STRONG_BEARISH, KL_MOVER_UNKNOWN};
    for (size_t i = 0; i < 12; i++) assert_int_equal(kl_mover_label(pct[i], NULL), expect[i]);
}

static void test_states(void **state) {
    (void)state;
    const struct {
        double volatility, correlation, ret;
        int32_t market;
    } market[] = {{1, 0.9, 0.5, KL_MARKET_CALM}, {1.01, 0.1, 0.5, KL_MARKET_TRANSITION}, {1.5, 0.9, 1, KL_MARKET_RISK_ON},
                  {1.51, 0.1, 5, KL_MARKET_TRANSITION}, {1, 0.5, -1, KL_MARKET_RISK_OFF}, {1, 0.49, -1, KL_MARKET_TRANSITION},
                  {1.51, 0, -1, KL_MARKET_RISK_OFF}, {1, 0.5, -0.99, KL_MARKET_CALM}, {NONE, 0.5, 1, KL_MARKET_UNKNOWN},
                  {1, NONE, 1, KL_MARKET_UNKNOWN}, {1, 0.5, NONE, KL_MARKET_UNKNOWN}};
    for (size_t i = 0; i < sizeof market / sizeof *market; i++)
        assert_int_equal(kl_market_state(market[i].volatility, market[i].correlation, market[i].ret, NULL), market[i].market);
    const struct {
        double drawdown, volatility;
        int32_t risk;
    } risk[] = {{0, 1, KL_RISK_LOW}, {-0.09, 1, KL_RISK_LOW}, {-0.1, 1, KL_RISK_MEDIUM}, {0, 1.01, KL_RISK_MEDIUM}, {-0.3, 0, KL_RISK_HIGH},
                {0, 1.51, KL_RISK_HIGH}, {-0.3, NONE, KL_RISK_HIGH}, {NONE, 2, KL_RISK_HIGH}, {-0.2, NONE, KL_RISK_UNKNOWN},
                {NONE, NONE, KL_RISK_UNKNOWN}};
    for (size_t i = 0; i < sizeof risk / sizeof *risk; i++)
        assert_int_equal(kl_risk_state(risk[i].drawdown, risk[i].volatility, NULL), risk[i].risk);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(kl_label_name(KL_LABEL_VOLATILITY, KL_VOLATILITY_HIGH), "High");
    assert_string_equal(kl_label_name(KL_LABEL_ZRANK, KL_ZRANK_EXTREME), "Extreme Outlier");
    assert_string_equal(kl_label_name(KL_LABEL_ACTIVITY, KL_ACTIVITY_HIGH), "High Activity");
    assert_string_equal(kl_label_name(KL_LABEL_MOVER, KL_MOVER_STRONG_BULLISH), "Strong Bullish");
    assert_string_equal(kl_label_name(KL_LABEL_MARKET, KL_MARKET_RISK_OFF), "Risk-Off");
    assert_string_equal(kl_label_name(KL_LABEL_RISK, KL_RISK_HIGH), "High Risk");
    assert_string_equal(kl_label_name(KL_LABEL_CORRELATION, KL_CORR_NONE), "None");
    assert_string_equal(kl_label_name(KL_LABEL_CORRELATION, KL_CORR_HIGH), "High");
    for (int32_t set = KL_LABEL_VOLATILITY; set <= KL_LABEL_CORRELATION; set++) {
        assert_string_equal(kl_label_name(set, 0), "Unknown");
        assert_null(kl_label_name(set, -1));
        assert_null(kl_label_name(set, 7));
    }
    assert_null(kl_label_name(KL_LABEL_RISK, 4));
    assert_null(kl_label_name(0, 0));
    assert_null(kl_label_name(8, 0));
}

static void test_check(void **state) {
    (void)state;
    kl_label_rules rules;
    kl_error error;
    kl_label_rules_init(&rules);
    assert_int_equal(kl_label_rules_check(&rules, &error), KL_OK);
    rules.spike = rules.corr_low = 0;
    rules.corr_medium = rules.corr_high;
    assert_int_equal(kl_label_rules_check(&rules, NULL), KL_OK);
    rules.market_together = NONE;
    assert_int_equal(kl_label_rules_check(&rules, &error), KL_E_ARG);
    assert_string_equal(error.message, "the limit market_together is no number from 0");
    double *const pairs[][2] = {{&rules.volatility_medium, &rules.volatility_high}, {&rules.zrank_high, &rules.zrank_extreme},
                                {&rules.activity_elevated, &rules.activity_high}, {&rules.mover_plain, &rules.mover_strong},
                                {&rules.market_calm, &rules.market_stress}, {&rules.risk_drawdown_medium, &rules.risk_drawdown_high},
                                {&rules.risk_volatility_medium, &rules.risk_volatility_high}, {&rules.corr_low, &rules.corr_medium},
                                {&rules.corr_medium, &rules.corr_high}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        kl_label_rules_init(&rules);
        *pairs[i][0] = *pairs[i][1];
        assert_int_equal(kl_label_rules_check(&rules, &error), KL_OK);
        *pairs[i][0] = nextafter(*pairs[i][1], 100);
        assert_int_equal(kl_label_rules_check(&rules, &error), KL_E_ARG);
    }
    kl_label_rules_init(&rules);
    rules.struct_size--;
    assert_int_equal(kl_label_rules_check(&rules, &error), KL_E_ARG);
    assert_int_equal(kl_label_rules_check(NULL, &error), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_volatility), cmocka_unit_test(test_zrank), cmocka_unit_test(test_volume),
                                       cmocka_unit_test(test_mover), cmocka_unit_test(test_states), cmocka_unit_test(test_names), cmocka_unit_test(test_check)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
