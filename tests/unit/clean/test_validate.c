/* Rules of a candle, close times, repair. */
#include "clean_rows.h"

static clean_out out;
static size_t bad_rows;
static kl_error last_bad;

static kl_status take_bad(void *ctx, const kl_error *why) {
    (void)ctx;
    bad_rows++;
    last_bad = *why;
    return KL_OK;
}

static kl_validator *validator_of(kl_validate_options *options) {
    static int64_t memory[128];
    kl_validator *validator;
    assert_true(kl_validator_size() <= sizeof memory);
    memset(&out, 0, sizeof out);
    bad_rows = 0;
    assert_int_equal(kl_validator_init(memory, sizeof memory, options, &validator), KL_OK);
    return validator;
}

static kl_validate_options options_of(const char *interval) {
    kl_validate_options options;
    kl_validate_options_init(&options);
    options.interval = clean_interval(interval);
    options.next.ctx = &out;
    options.next.klines = clean_take_klines;
    options.bad.bad = take_bad;
    return options;
}

static kl_status judge(kl_kline row, uint32_t *broken, kl_error *error) {
    kl_interval minute = clean_interval("1m");
    return kl_validate_kline(&row, &minute, broken, error);
}

static void each_rule_has_its_status_and_column(void **state) {
    (void)state;
    uint32_t broken;
    kl_error error;
    kl_kline good = clean_bar(3, 0), row;
    assert_int_equal(judge(good, &broken, NULL), KL_OK);
    assert_int_equal(broken, 0);
#define BREAK(change, status, rule, at)                                                                                        \
    row = good;                                                                                                                \
    change;                                                                                                                    \
    assert_int_equal(judge(row, &broken, &error), status);                                                                     \
    assert_int_equal(error.code, status);                                                                                      \
    assert_int_equal(error.column, at);                                                                                        \
    assert_true(broken & rule)
    BREAK(row.open = 0, KL_E_PRICE, KL_RULE_PRICE, 2);
    BREAK(row.low = -5, KL_E_PRICE, KL_RULE_PRICE, 4);
    BREAK(row.close = 0, KL_E_PRICE, KL_RULE_PRICE, 5);
    BREAK(row.high = row.close - 1, KL_E_OHLC, KL_RULE_OHLC, 3);
    BREAK(row.low = row.open + 1, KL_E_OHLC, KL_RULE_OHLC, 3);
    BREAK(row.volume = clean_wide(-1), KL_E_VOLUME, KL_RULE_VOLUME, 6);
    BREAK(row.quote_volume = clean_wide(-1), KL_E_VOLUME, KL_RULE_VOLUME, 8);
    BREAK(row.trade_count = -1, KL_E_VOLUME, KL_RULE_VOLUME, 9);
    BREAK(row.taker_buy_base = clean_wide(5000), KL_E_VOLUME, KL_RULE_VOLUME, 10);
    BREAK(row.taker_buy_base = clean_wide(-1), KL_E_VOLUME, KL_RULE_VOLUME, 10);
    BREAK(row.taker_buy_quote = clean_wide(500000000), KL_E_VOLUME, KL_RULE_VOLUME, 11);
    BREAK(row.close_time_us = row.open_time_us - 1, KL_E_CLOSE_TIME, KL_RULE_CLOSE_TIME, 7);
    BREAK(row.close_time_us = row.open_time_us + CLEAN_MINUTE + 1, KL_E_CLOSE_TIME, KL_RULE_CLOSE_TIME, 7);
    BREAK(row.open_time_us = KL_TIME_MIN - 1, KL_E_TIME, KL_RULE_TIME, 1);
    BREAK(row.open_time_us += 7, KL_E_INTERVAL, KL_RULE_ALIGNED, 1);
#undef BREAK
}

static void bug_2h__a_zero_price_does_not_pass(void **state) {
    (void)state;
    uint32_t broken;
    kl_kline row = clean_bar(0, 0);
    row.open = row.high = row.low = row.close = 0;
    assert_int_equal(judge(row, &broken, NULL), KL_E_PRICE);
    row.known &= ~(uint32_t)KL_HAS_TAKER_BASE; /* the other path */
    assert_int_equal(judge(row, &broken, NULL), KL_E_PRICE);
}

/* the short path for full rows and the long one for partly known rows judge alike: every combination of breaches. */
static void both_paths_agree(void **state) {
    (void)state;
    for (int bits = 0; bits < 1 << 10; bits++) {
        kl_kline row = clean_bar(bits, 0);
        if (bits & 1) row.open = -row.open;
        if (bits & 2) row.high = row.low - 10;
        if (bits & 4) row.low = 0;
        if (bits & 8) row.close = INT64_MIN;
        if (bits & 16) row.volume = clean_wide(-4);
        if (bits & 32) row.quote_volume.hi = INT64_MIN;
        if (bits & 64) row.trade_count = -1;
        if (bits & 128) row.taker_buy_base.hi = 1;
        if (bits & 256) row.taker_buy_quote = clean_wide(-1);
        if ((bits & 514) == 512) row.high = INT64_MAX;
        uint32_t all, part;
        kl_status a = judge(row, &all, NULL);
        assert_int_equal(a == KL_OK, all == 0);
        assert_int_equal(a == KL_OK, (bits & 0x1ff) == 0);
        if (bits & (128 | 256)) continue;
        row.known &= ~(uint32_t)(KL_HAS_TAKER_BASE | KL_HAS_TAKER_QUOTE);
        row.taker_buy_base = row.taker_buy_quote = clean_wide(0);
        judge(row, &part, NULL);
        assert_int_equal(part, all);
    }
}

static void unknown_fields_are_not_judged(void **state) {
    (void)state;
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.open_time_us = CLEAN_T0;
    row.close = 5;
    row.known = KL_HAS_CLOSE;
    uint32_t broken;
    assert_int_equal(judge(row, &broken, NULL), KL_OK);
    assert_int_equal(broken, 0);
}

static void close_times_become_nominal(void **state) {
    (void)state;
    kl_validate_options options = options_of("1m");
    kl_validator *validator = validator_of(&options);
    const int64_t before_end[] = {1, 1000, 1000000, 0, 2, 1001, 999, 30000000, 60000000};
    kl_kline rows[10];
    for (int i = 0; i < 9; i++) {
        rows[i] = clean_bar(i, 0);
        rows[i].close_time_us = rows[i].open_time_us + CLEAN_MINUTE - before_end[i];
    }
    rows[9] = clean_bar(9, 0);
    rows[9].close_time_us = 0;
    rows[9].known &= ~(uint32_t)KL_HAS_CLOSE_TIME;
    kl_kline_batch batch = {rows, NULL, 10, clean_scale};
    assert_int_equal(kl_validator_push(validator, &batch, NULL), KL_OK);
    assert_int_equal(out.n, 10);
    for (int i = 0; i < 10; i++) {
        kl_time nominal = out.rows[i].open_time_us + CLEAN_MINUTE - 1;
        if (i < 4 || i == 9)
            assert_int_equal(out.rows[i].close_time_us, nominal);
        else
            assert_int_equal(out.rows[i].close_time_us, nominal + 1 - before_end[i]);
    }
    assert_false(out.rows[9].known & KL_HAS_CLOSE_TIME);
    kl_validate_counts counts;
    kl_validator_counts(validator, &counts);
    assert_int_equal(counts.truncated_close_times, 5);
    assert_int_equal(counts.passed, 10);
}

static void months_and_listing_days_too(void **state) {
    (void)state;
    kl_validate_options options = options_of("1M");
    kl_validator *validator = validator_of(&options);
    kl_kline rows[24];
    for (int i = 0; i < 24; i++) {
        kl_civil civil = {2023 + i / 12, i % 12 + 1, 1, 0, 0, 0, 0}, next = {2023 + (i + 1) / 12, (i + 1) % 12 + 1, 1, 0, 0, 0, 0};
        rows[i] = clean_bar(0, 0);
        assert_int_equal(kl_civil_to_time(&civil, &rows[i].open_time_us), KL_OK);
        assert_int_equal(kl_civil_to_time(&next, &rows[i].close_time_us), KL_OK);
        rows[i].close_time_us -= 1000;
    }
    kl_kline_batch batch = {rows, NULL, 24, clean_scale};
    assert_int_equal(kl_validator_push(validator, &batch, NULL), KL_OK);
    assert_int_equal(out.n, 24);
    for (int i = 0; i < 24; i++) assert_int_equal((out.rows[i].close_time_us + 1) % CLEAN_DAY, 0);
    kl_validate_counts counts;
    kl_validator_counts(validator, &counts);
    assert_int_equal(counts.breaches[4], 0); /* ALIGNED */
    assert_int_equal(counts.truncated_close_times, 0);
}

static void bad_rows_are_reported_with_their_line(void **state) {
    (void)state;
    for (size_t chunk = 1; chunk <= 10; chunk++) {
        kl_validate_options options = options_of("1m");
        kl_validator *validator = validator_of(&options);
        for (size_t start = 0; start < 10; start += chunk) {
            kl_kline rows[10];
            int64_t lines[10];
            size_t n = 10 - start < chunk ? 10 - start : chunk;
            for (size_t i = 0; i < n; i++) {
                rows[i] = clean_bar((int64_t)(start + i), 0);
                lines[i] = 100 + (int64_t)(start + i);
                if (start + i == 3) rows[i].high = 1;
                if (start + i == 5) rows[i].open_time_us += 1000; /* unaligned: kept */
                if (start + i == 7) rows[i].open_time_us -= 4 * CLEAN_MINUTE, rows[i].close_time_us -= 4 * CLEAN_MINUTE;
                if (start + i == 8) rows[i].trade_count = 0, rows[i].volume = rows[i].taker_buy_base = clean_wide(0);
            }
            kl_kline_batch batch = {rows, lines, n, clean_scale};
            assert_int_equal(kl_validator_push(validator, &batch, NULL), KL_OK);
        }
        assert_int_equal(out.n, 9);
        assert_int_equal(bad_rows, 1);
        assert_int_equal(last_bad.code, KL_E_OHLC);
        assert_int_equal(last_bad.row, 103);
        assert_int_equal(out.line[3], 104);
        assert_true(out.rows[4].flags & KL_UNALIGNED);
        assert_true(out.rows[7].flags & KL_FILLER);
        kl_validate_counts counts;
        kl_validator_counts(validator, &counts);
        assert_int_equal(counts.rows, 10);
        assert_int_equal(counts.passed, 9);
        assert_int_equal(counts.rejected, 1);
        assert_int_equal(counts.breaches[1], 1);
        assert_int_equal(counts.breaches[4], 1);
        assert_int_equal(counts.breaches[5], 1);
        assert_int_equal(counts.fillers, 1);
        assert_int_equal(counts.zero_volume, 1);
    }
    kl_validate_options options = options_of("1m");
    options.bad.bad = NULL; /* no sink: stop with the error */
    kl_validator *validator = validator_of(&options);
    kl_kline rows[2] = {clean_bar(0, 0), clean_bar(1, 0)};
    rows[1].low = 0;
    kl_kline_batch batch = {rows, NULL, 2, clean_scale};
    kl_error error;
    assert_int_equal(kl_validator_push(validator, &batch, &error), KL_E_PRICE);
    assert_int_equal(error.row, 2);
    assert_int_equal(out.n, 0);
}

static void repair_mends_from_the_close(void **state) {
    (void)state;
    kl_kline row = clean_bar(0, 0), before = row;
    assert_int_equal(kl_repair_kline(&row), 0);
    assert_memory_equal(&row, &before, sizeof row);
    row.open = 0, row.high = -3, row.low = 0;
    row.known &= ~(uint32_t)(KL_HAS_LOW | KL_HAS_VOLUME);
    assert_int_equal(kl_repair_kline(&row), 1);
    assert_int_equal(row.open, row.close);
    assert_int_equal(row.high, row.close);
    assert_int_equal(row.low, row.close);
    assert_int_equal(row.volume.lo, 0);
    assert_true(row.known & KL_HAS_VOLUME && row.known & KL_HAS_LOW && row.flags & KL_REPAIRED);
    row = before, row.high = 1, row.low = 20000;
    assert_int_equal(kl_repair_kline(&row), 1);
    assert_int_equal(row.high, row.open > row.close ? row.open : row.close);
    assert_int_equal(row.low, row.open < row.close ? row.open : row.close);

    kl_validate_options options = options_of("1m");
    options.repair = KL_RULE_PRICE | KL_RULE_OHLC;
    kl_validator *validator = validator_of(&options);
    kl_kline rows[3] = {clean_bar(0, 0), clean_bar(1, 0), clean_bar(2, 0)};
    rows[0].open = 0, rows[1].high = 1, rows[2].close = 0; /* without a close nothing can be mended */
    kl_kline_batch batch = {rows, NULL, 3, clean_scale};
    assert_int_equal(kl_validator_push(validator, &batch, NULL), KL_OK);
    assert_int_equal(out.n, 2);
    assert_int_equal(last_bad.code, KL_E_PRICE);
    kl_validate_counts counts;
    kl_validator_counts(validator, &counts);
    assert_int_equal(counts.repaired, 2);
    assert_true(out.rows[0].flags & KL_REPAIRED);
}

static void wrong_calls_are_refused(void **state) {
    (void)state;
    int64_t memory[128];
    kl_validator *validator;
    kl_validate_options options = options_of("1m");
    assert_int_equal(kl_validator_init(memory, 8, &options, &validator), KL_E_SIZE);
    assert_int_equal(kl_validator_init(NULL, 8, &options, &validator), KL_E_ARG);
    options.reject = 1u << 20;
    assert_int_equal(kl_validator_init(memory, sizeof memory, &options, &validator), KL_E_ARG);
    options = options_of("3d"); /* without an anchor */
    assert_int_equal(kl_validator_init(memory, sizeof memory, &options, &validator), KL_E_ANCHOR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_its_status_and_column),
        cmocka_unit_test(bug_2h__a_zero_price_does_not_pass),
        cmocka_unit_test(both_paths_agree),
        cmocka_unit_test(unknown_fields_are_not_judged),
        cmocka_unit_test(close_times_become_nominal),
        cmocka_unit_test(months_and_listing_days_too),
        cmocka_unit_test(bad_rows_are_reported_with_their_line),
        cmocka_unit_test(repair_mends_from_the_close),
        cmocka_unit_test(wrong_calls_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
