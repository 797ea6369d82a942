/* Decisions on given scores: the rules of the reference system row by row, and every rule against a long form in exact fractions. */
#include "score_test.h"

static kl_decision_rules btc(void) {
    kl_decision_rules r;
    kl_decision_rules_init(&r);
    r.order = KL_DECIDE_LABELLED, r.conflict = KL_CONFLICT_BOTH, r.clamp = 0, r.round_digits = 4;
    r.threshold_u[0] = r.threshold_u[1] = 2000000;
    r.max_score_u[0] = r.max_score_u[1] = 5000000;
    r.min_edge_u[0] = r.min_edge_u[1] = 1000000;
    r.strong_edge_u[0] = r.strong_edge_u[1] = 2500000;
    r.band[0][0] = r.band[0][1] = (kl_band){620000, 800000};
    r.band[1][0] = (kl_band){550000, 900000};
    r.band[1][1] = (kl_band){450000, 0};
    return r;
}

static const struct {
    int64_t buy, sell;
    int32_t action, reason, tradable, strength;
    double confidence;
} btc_rows[] = {
    {3100000, 0, KL_ACTION_BUY, KL_REASON_NONE, 1, KL_STRENGTH_STRONG, 0.62},
    {2300000, 0, KL_ACTION_BUY, KL_REASON_LOW_CONF, 0, KL_STRENGTH_WEAK, 0.46},
    {4100000, 0, KL_ACTION_BUY, KL_REASON_OVER_CONF, 0, KL_STRENGTH_STRONG, 0.82},
    {3100000, 2200000, KL_ACTION_BUY, KL_REASON_WEAK_EDGE, 0, KL_STRENGTH_WEAK, 0.62},
    {3300000, 2100000, KL_ACTION_BUY, KL_REASON_CONFLICT, 0, KL_STRENGTH_WEAK, 0.66},
    {1900000, 0, KL_ACTION_SIDEWAY, KL_REASON_NO_EDGE, 0, KL_STRENGTH_WEAK, 0.38},
    {3000000, 3000000, KL_ACTION_SIDEWAY, KL_REASON_NO_EDGE, 0, KL_STRENGTH_NONE, 0.6},
    {0, 2300000, KL_ACTION_SELL, KL_REASON_LOW_CONF, 0, KL_STRENGTH_WEAK, 0.46},
    {0, 2500000, KL_ACTION_SELL, KL_REASON_NONE, 1, KL_STRENGTH_STRONG, 0.5},
    {1300000, 3000000, KL_ACTION_SELL, KL_REASON_NONE, 1, KL_STRENGTH_WEAK, 0.6},
    {0, 6600000, KL_ACTION_SELL, KL_REASON_NONE, 1, KL_STRENGTH_STRONG, 1.32},
};

static void test_btc(void **state) {
    (void)state;
    kl_decision_rules r = btc();
    for (size_t i = 0; i < sizeof btc_rows / sizeof *btc_rows; i++) {
        kl_decision d;
        assert_int_equal(kl_decide(&r, btc_rows[i].buy, btc_rows[i].sell, 0, 0, &d), KL_OK);
        if (d.action != btc_rows[i].action || d.reason != btc_rows[i].reason || d.strength != btc_rows[i].strength ||
            (int)(d.flags & KL_DECISION_TRADABLE) != btc_rows[i].tradable || d.confidence != btc_rows[i].confidence)
            fail_msg("row %d: action %d reason %s strength %d flags %u confidence %g", (int)i, (int)d.action, kl_reason_name(d.reason), (int)d.strength, (unsigned)d.flags, d.confidence);
        assert_true(d.known_at_us == KL_TIME_NONE && isnan(d.close) && (d.flags & KL_DECISION_KNOWN));
    }
    r.clamp = 1;
    kl_decision d;
    assert_int_equal(kl_decide(&r, 0, 6600000, 0, 0, &d), KL_OK);
    assert_true(d.confidence == 1.0 && (d.flags & KL_DECISION_CLAMPED));
}

static void test_single(void **state) {
    (void)state;
    kl_decision_rules r;
    kl_decision d;
    kl_decision_rules_init(&r);
    r.mode = KL_SCORE_SINGLE_SUM, r.threshold_u[0] = 6000000, r.threshold_u[1] = 3000000, r.max_score_u[0] = 10000000;
    r.band[0][0] = r.band[1][0] = (kl_band){400000, 600000};
    assert_int_equal(kl_decide(&r, 4000000, 2000000, 0, 0, &d), KL_OK);
    assert_true(d.action == KL_ACTION_BUY && d.confidence == 0.6 && d.edge_u == 6000000);
    assert_int_equal(kl_decide(&r, 4000000, 2100000, 0, 0, &d), KL_OK);
    assert_true(d.action == KL_ACTION_SIDEWAY && d.reason == KL_REASON_OVER_CONF);
    assert_int_equal(kl_decide(&r, 1000000, 2000000, 0, 0, &d), KL_OK); /* no sell can be in the band */
    assert_true(d.action == KL_ACTION_SIDEWAY && d.reason == KL_REASON_LOW_CONF);
    r.mode = KL_SCORE_SINGLE_DIFFERENCE, r.max_score_u[1] = 10000000, r.band[1][0] = (kl_band){0, 0};
    assert_int_equal(kl_decide(&r, 1000000, 5000000, 0, 0, &d), KL_OK);
    assert_true(d.action == KL_ACTION_SELL && d.edge_u == -4000000 && d.confidence == 0.4);
}

static void test_guards_and_unknown(void **state) {
    (void)state;
    kl_decision_rules r;
    kl_decision d;
    kl_decision_rules_init(&r);
    r.threshold_u[0] = r.threshold_u[1] = KL_MICRO, r.max_unknown_u = 250000, r.max_score_u[0] = r.max_score_u[1] = 4 * KL_MICRO;
    assert_int_equal(kl_decide(&r, KL_MICRO, 0, 0, KL_VETO_SELL, &d), KL_OK);
    assert_true(d.action == KL_ACTION_BUY && d.confidence == 0.25);
    assert_int_equal(kl_decide(&r, KL_MICRO, 0, 0, KL_VETO_BUY, &d), KL_OK);
    assert_true(d.action == KL_ACTION_SIDEWAY && d.reason == KL_REASON_GUARD);
    assert_int_equal(kl_decide(&r, 0, 0, 0, KL_VETO_BOTH, &d), KL_OK);
    assert_true(d.reason == KL_REASON_NO_EDGE);
    assert_int_equal(kl_decide(&r, KL_MICRO, 0, 250000, 0, &d), KL_OK);
    assert_true(d.action == KL_ACTION_BUY && !(d.flags & KL_DECISION_KNOWN));
    assert_int_equal(kl_decide(&r, KL_MICRO, 0, 250001, 0, &d), KL_OK);
    assert_true(d.reason == KL_REASON_UNKNOWN && isnan(d.confidence));
    r.unknown = KL_UNKNOWN_IS_FALSE;
    assert_int_equal(kl_decide(&r, KL_MICRO, 0, KL_MICRO, 0, &d), KL_OK);
    assert_true(d.action == KL_ACTION_BUY);
    assert_int_equal(kl_decide(&r, KL_MICRO, KL_MICRO, 0, 0, &d), KL_OK);
    assert_true(d.reason == KL_REASON_CONFLICT && (d.flags & KL_DECISION_CONFLICT));
    assert_string_equal(kl_reason_name(KL_REASON_WEAK_EDGE), "WEAK_EDGE");
    assert_null(kl_reason_name(8));
    assert_null(kl_reason_name(-1));
}

/* Mirrored scores and rules give the mirrored decision; a higher edge is never WEAK where a lower one was not; a band is hit exactly. */
static void test_properties(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 200000; i++) {
        kl_decision_rules r, m;
        kl_decision d, e;
        kl_decision_rules_init(&r);
        r.order = (int32_t)random_below(&seed, 2), r.conflict = (int32_t)random_below(&seed, 3), r.clamp = (int32_t)random_below(&seed, 2);
        r.round_digits = (int32_t)random_below(&seed, 8) - 1;
        for (int s = 0; s < 2; s++) {
            r.threshold_u[s] = 1 + (int64_t)random_below(&seed, 5000000), r.max_score_u[s] = 1 + (int64_t)random_below(&seed, 6000000);
            r.min_edge_u[s] = (int64_t)random_below(&seed, 2000000), r.strong_edge_u[s] = (int64_t)random_below(&seed, 4000000);
            for (int k = 0; k < 2; k++) {
                int32_t low = (int32_t)random_below(&seed, 900000);
                r.band[s][k] = random_below(&seed, 3) ? (kl_band){low, low + (int32_t)random_below(&seed, 500000) + 1} : (kl_band){0, 0};
            }
        }
        int64_t buy = (int64_t)random_below(&seed, 7000000), sell = random_below(&seed, 20) ? (int64_t)random_below(&seed, 7000000) : buy;
        int32_t vetoes = (int32_t)random_below(&seed, 4);
        assert_int_equal(kl_decide(&r, buy, sell, 0, vetoes, &d), KL_OK);
        m = r;
        for (int s = 0; s < 2; s++) {
            m.threshold_u[s] = r.threshold_u[!s], m.max_score_u[s] = r.max_score_u[!s], m.min_edge_u[s] = r.min_edge_u[!s], m.strong_edge_u[s] = r.strong_edge_u[!s];
            m.band[s][0] = r.band[!s][0], m.band[s][1] = r.band[!s][1];
        }
        assert_int_equal(kl_decide(&m, sell, buy, 0, (vetoes & 1) << 1 | vetoes >> 1, &e), KL_OK);
        if (buy != sell && (d.action != -e.action || d.reason != e.reason || d.confidence != e.confidence || d.strength != e.strength || d.flags != e.flags))
            fail_msg("%d: not mirrored", i);
        const int side = sell > buy;
        const int64_t top = side ? sell : buy, edge = buy > sell ? buy - sell : sell - buy;
        if (d.flags & KL_DECISION_TRADABLE) {
            assert_true(top >= r.threshold_u[side] && edge >= r.min_edge_u[side] && !(vetoes >> side & 1));
            const kl_band *band = &r.band[side][d.strength == KL_STRENGTH_STRONG];
            if (r.round_digits < 0 && !(d.flags & KL_DECISION_CLAMPED) && band->high_u)
                assert_true(top * KL_MICRO >= band->low_u * r.max_score_u[side] && top * KL_MICRO <= band->high_u * r.max_score_u[side]);
        } else assert_true(d.reason != KL_REASON_NONE);
        if (r.round_digits < 0 && !r.clamp) assert_true(d.confidence == (double)top / (double)r.max_score_u[side]);
    }
}

static void test_wrong(void **state) {
    (void)state;
    kl_decision d;
    kl_decision_rules r = btc();
    assert_int_equal(kl_decide(&r, 0, 0, -1, 0, &d), KL_E_ARG);
    assert_int_equal(kl_decide(&r, INT64_MAX, 0, 0, 0, &d), KL_E_ARG);
    assert_int_equal(kl_decide(NULL, 0, 0, 0, 0, &d), KL_E_ARG);
    r.threshold_u[0] = 0;
    assert_int_equal(kl_decide(&r, 0, 0, 0, 0, &d), KL_E_ARG);
    r = btc(), r.round_digits = 7;
    assert_int_equal(kl_decide(&r, 0, 0, 0, 0, &d), KL_E_ARG);
    r = btc(), r.band[0][0].low_u = 900000;
    assert_int_equal(kl_decide(&r, 0, 0, 0, 0, &d), KL_E_ARG);
    r = btc(), r.min_edge_u[1] = -1;
    assert_int_equal(kl_decide(&r, 0, 0, 0, 0, &d), KL_E_ARG);
    r = btc(), r.mode = KL_SCORE_SINGLE_SUM;
    assert_int_equal(kl_decide(&r, 0, 0, 0, 0, &d), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_btc), cmocka_unit_test(test_single), cmocka_unit_test(test_guards_and_unknown),
                                       cmocka_unit_test(test_properties), cmocka_unit_test(test_wrong)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
