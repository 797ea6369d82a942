/* The quality report counts what was put in. */
#include "clean_rows.h"
#include "random.h"

static void every_defect_is_counted(void **state) {
    (void)state;
    kl_series series;
    kl_series_init(&series, NULL);
    series.key.interval = clean_interval("1m");
    for (int i = 0; i < 100; i++) {
        kl_kline row = clean_bar(i, 0);
        if (i == 5 || i == 6 || i == 50) continue;                                    /* two gaps, three bars */
        if (i == 10) row.open = -1;                                                   /* price; low is then above open: ohlc */
        if (i == 11) row.high = row.low - 1;                                          /* ohlc */
        if (i == 12) row.trade_count = -2;                                            /* volume */
        if (i == 13) row.close_time_us = row.open_time_us - 1;                        /* close time */
        if (i == 14) row.close_time_us -= 12345;                                      /* truncated */
        if (i == 15) row.volume = row.taker_buy_base = clean_wide(0), row.trade_count = 0; /* filler, zero volume */
        if (i == 16) row.close *= 3, row.high = row.close;                            /* outlier */
        if (i == 17) row.known &= ~(uint32_t)KL_HAS_VOLUME;
        if (i == 18) row.flags = KL_SUSPECT;
        if (i == 19) row.flags = 0;
        if (i == 20) row.flags |= KL_SYNTHETIC;
        if (i == 21) row.open_time_us += 30, row.close_time_us += 10;                 /* unaligned */
        assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
        if (i == 30 || i == 31) assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
        if (i == 31) row.close++, row.high++, assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
    }
    kl_kline late = clean_bar(40, 0);
    assert_int_equal(kl_series_append(&series, &late, 1, &clean_scale, NULL), KL_OK);
    kl_quality_options options;
    kl_quality_options_init(&options);
    options.now_us = CLEAN_T0 + 200 * CLEAN_MINUTE;
    options.warn_after_us = 30 * CLEAN_MINUTE, options.error_after_us = 3 * CLEAN_HOUR;
    options.min_rows = 1000, options.min_trades = 5;
    kl_quality q;
    assert_int_equal(kl_series_quality(&series, &options, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.rows, 101), assert_int_equal(q.unique, 97);
    assert_int_equal(q.duplicates, 3), assert_int_equal(q.conflicts, 1), assert_int_equal(q.out_of_order, 1);
    assert_int_equal(q.gaps, 2), assert_int_equal(q.missing, 3);
    assert_int_equal(q.bad_price, 1), assert_int_equal(q.bad_ohlc, 2), assert_int_equal(q.bad_volume, 1);
    assert_int_equal(q.bad_close_time, 1), assert_int_equal(q.unaligned, 1), assert_int_equal(q.truncated_close_times, 1);
    assert_int_equal(q.zero_volume, 1), assert_int_equal(q.fillers, 1), assert_int_equal(q.synthetic, 1);
    assert_int_equal(q.suspect, 1), assert_int_equal(q.forming, 1), assert_int_equal(q.outliers, 1), assert_int_equal(q.unknown_fields, 1);
    assert_int_equal(q.first_us, CLEAN_T0), assert_int_equal(q.last_us, CLEAN_T0 + 99 * CLEAN_MINUTE);
    assert_int_equal(q.freshness, KL_FRESH_WARN);
    assert_int_equal(q.findings, 14); /* all but the informative counts */
    kl_series_free(&series);
}

static void a_clean_series_has_no_finding(void **state) {
    (void)state;
    kl_series series;
    kl_series_init(&series, NULL);
    for (int i = 0; i < 100; i++) {
        kl_kline row = clean_bar(i, 0);
        assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
    }
    kl_quality q;
    assert_int_equal(kl_series_quality(&series, NULL, NULL, NULL, &q, NULL), KL_OK); /* the interval is guessed */
    assert_int_equal(q.findings, 0);
    assert_int_equal(kl_interval_length_us(&q.interval), CLEAN_MINUTE);
    assert_int_equal(q.freshness, KL_FRESH_UNKNOWN);
    kl_quality_options options;
    kl_quality_options_init(&options);
    options.now_us = CLEAN_T0 + 101 * CLEAN_MINUTE;
    options.warn_after_us = 10 * CLEAN_MINUTE;
    options.min_trades = 30;
    assert_int_equal(kl_series_quality(&series, &options, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.findings, 0);
    assert_int_equal(q.freshness, KL_FRESH_OK);
    series.n = 1; /* one row has no neighbours */
    assert_int_equal(kl_series_quality(&series, NULL, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.findings, 0);
    series.n = 0;
    assert_int_equal(kl_series_quality(&series, NULL, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.rows, 0);
    series.n = 100;
    kl_series_free(&series);
}

static uint64_t outliers_of(const int64_t *closes, size_t n) {
    kl_series series;
    kl_series_init(&series, NULL);
    for (size_t i = 0; i < n; i++) {
        kl_kline row = clean_bar((int64_t)i, 0);
        row.open = row.close = row.high = row.low = closes[i];
        assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
    }
    kl_quality q;
    assert_int_equal(kl_series_quality(&series, NULL, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.findings, q.outliers != 0);
    kl_series_free(&series);
    return q.outliers;
}

static void bug_2c__a_spike_counts_once(void **state) {
    (void)state;
    assert_int_equal(outliers_of((const int64_t[]){100, 100, 1000, 100, 100}, 5), 1);
    assert_int_equal(outliers_of((const int64_t[]){100, 101, 40, 101, 100}, 5), 1);
    assert_int_equal(outliers_of((const int64_t[]){100, 150, 100, 51, 26}, 5), 0);             /* at the limit is inside */
    assert_int_equal(outliers_of((const int64_t[]){100, 300, 305, 100, 310, 100}, 6), 3);      /* no level yet */
    assert_int_equal(outliers_of((const int64_t[]){100, 300, 305, 310, 300, 900, 310, 100}, 8), 3); /* a move counts once, then a spike */
}

static void bug_2a__a_recorded_stream_is_healthy(void **state) {
    (void)state;
    kl_series series;
    kl_series_init(&series, NULL);
    for (int i = 0; i < 50; i++)
        for (int step = 0; step < 5; step++) { /* forming, twice the same, then closed; the last bar is still forming */
            kl_kline row = clean_bar(i, step < 2 ? 0 : step < 4 ? 1 : 2);
            row.as_of_us = row.open_time_us + step;
            row.flags = step == 4 ? KL_CLOSED : 0;
            if (i == 49 && step == 4) continue;
            assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
        }
    kl_quality q;
    assert_int_equal(kl_series_quality(&series, NULL, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.findings, 0), assert_int_equal(q.duplicates, 0), assert_int_equal(q.conflicts, 0);
    assert_int_equal(q.unique, 50), assert_int_equal(q.updates, 49 * 4 + 3), assert_int_equal(q.forming, 50 * 4);
    kl_kline other = clean_bar(7, 3), same = clean_bar(8, 2); /* closed rows that contradict and repeat */
    assert_int_equal(kl_series_append(&series, &other, 1, &clean_scale, NULL), KL_OK);
    assert_int_equal(kl_series_append(&series, &same, 1, &clean_scale, NULL), KL_OK);
    assert_int_equal(kl_series_quality(&series, NULL, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.conflicts, 1), assert_int_equal(q.duplicates, 1), assert_int_equal(q.updates, 49 * 4 + 3);
    kl_series_free(&series);
}

/* many versions of few keys: the counts are those of the definition, and quick. */
static void duplicates_and_conflicts_by_definition(void **state) {
    (void)state;
    uint64_t seed = 4;
    kl_series series;
    kl_series_init(&series, NULL);
    size_t same[10][7];
    memset(same, 0, sizeof same);
    size_t n = getenv("KLINE_QUICK") ? 5000 : 50000, unique = 0, versions = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t key = (int64_t)random_below(&seed, 10), salt = (int64_t)random_below(&seed, 7);
        kl_kline row = clean_bar(key, salt);
        same[key][salt]++;
        assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
    }
    for (int k = 0; k < 10; k++) {
        size_t here = 0;
        for (int s = 0; s < 7; s++) here += same[k][s] != 0;
        unique += here != 0, versions += here;
    }
    kl_quality_options options;
    kl_quality_options_init(&options);
    options.interval = clean_interval("1m");
    kl_quality q;
    assert_int_equal(kl_series_quality(&series, &options, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.unique, unique);
    assert_int_equal(q.conflicts, versions - unique);
    assert_int_equal(q.duplicates, n - versions);
    kl_series_free(&series);
}

static void trades_too(void **state) {
    (void)state;
    kl_trades trades;
    kl_trades_init(&trades, NULL);
    const kl_scale scale = {2, 8, 0, 0};
    const int64_t ids[] = {1, 2, 3, 3, 5, 4, 9, 9, -1, -1};
    for (int i = 0; i < 10; i++) {
        kl_trade t;
        memset(&t, 0, sizeof t);
        t.id = t.first_id = t.last_id = ids[i];
        t.time_us = CLEAN_T0 + ids[i] * 1000000;
        t.price = i == 7 ? 999 : 100, t.quantity = clean_wide(i == 4 ? 0 : 10);
        assert_int_equal(kl_trades_append(&trades, &t, 1, &scale, NULL), KL_OK);
    }
    kl_quality q;
    assert_int_equal(kl_trades_quality(&trades, NULL, NULL, NULL, &q, NULL), KL_OK);
    assert_int_equal(q.rows, 10), assert_int_equal(q.unique, 8);
    assert_int_equal(q.duplicates, 1), assert_int_equal(q.conflicts, 1), assert_int_equal(q.out_of_order, 2);
    assert_int_equal(q.gaps, 1), assert_int_equal(q.missing, 3);
    assert_int_equal(q.zero_volume, 1);
    kl_alloc_counter counter;
    kl_alloc alloc;
    memset(&counter, 0, sizeof counter);
    assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
    counter.fail_at = 1;
    assert_int_equal(kl_trades_quality(&trades, NULL, &alloc, NULL, &q, NULL), KL_E_MEMORY);
    kl_trades_free(&trades);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_defect_is_counted),
        cmocka_unit_test(a_clean_series_has_no_finding),
        cmocka_unit_test(bug_2c__a_spike_counts_once),
        cmocka_unit_test(bug_2a__a_recorded_stream_is_healthy),
        cmocka_unit_test(duplicates_and_conflicts_by_definition),
        cmocka_unit_test(trades_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
