/* Candles and trades: order of versions, scales, growable series. */
#include "kline/data.h"
#include "random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static kl_i128 wide(int64_t hi, uint64_t lo) {
    kl_i128 value = {lo, hi};
    return value;
}
static kl_scale scales(int32_t price, int32_t volume, int32_t quote) {
    kl_scale scale = {price, volume, quote, 0};
    return scale;
}

/* Few values for each field, so that equal ones meet. */
static kl_kline random_row(uint64_t *seed) {
    static const uint32_t flags[] = {0, KL_CLOSED, KL_SUSPECT, KL_CLOSED | KL_SUSPECT, KL_SYNTHETIC | KL_CLOSED, KL_CLOSED | KL_FILLER,
                                     KL_CLOSED | KL_REVISED, KL_CLOSED | KL_PARTIAL, KL_CLOSED | KL_REPAIRED};
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.flags = flags[random_below(seed, sizeof flags / sizeof flags[0])];
    row.known = random_below(seed, 3) ? KL_HAS_ALL : KL_HAS_OHLC | (uint32_t)random_below(seed, 4) << 4;
    row.authority = (int32_t)random_below(seed, 2) - (int32_t)random_below(seed, 2);
    row.as_of_us = (int64_t)random_below(seed, 2);
    int64_t *narrow[] = {&row.open, &row.high, &row.low, &row.close, &row.trade_count, &row.close_time_us, &row.first_trade_id,
                         &row.last_trade_id};
    for (size_t i = 0; i < 8; i++) *narrow[i] = random_below(seed, 6) ? 0 : (int64_t)random_below(seed, 3) - 1;
    kl_i128 *wides[] = {&row.volume, &row.quote_volume, &row.taker_buy_base, &row.taker_buy_quote};
    for (size_t i = 0; i < 4; i++)
        if (random_below(seed, 6) == 0) *wides[i] = wide((int64_t)random_below(seed, 3) - 1, random_below(seed, 2) - 1);
    return row;
}

static int sign(int32_t x) { return (x > 0) - (x < 0); }

static void rank_is_a_total_order(void **state) {
    (void)state;
    uint64_t seed = 61;
    int equal = 0;
    for (int i = 0; i < 200000; i++) {
        kl_kline a = random_row(&seed), b = random_row(&seed), c = random_row(&seed);
        if (i % 4 == 0) { /* neighbours: one field apart */
            b = a;
            c = a;
            uint64_t which = random_below(&seed, 6);
            if (which == 0) b.last_trade_id++;
            if (which == 1) b.taker_buy_quote.lo++;
            if (which == 2) b.flags ^= KL_OUTLIER;
            if (which == 3) b.close++;
            if (which == 4) c.close_time_us++;
        }
        int ab = sign(kl_kline_rank(&a, &b)), bc = sign(kl_kline_rank(&b, &c)), ac = sign(kl_kline_rank(&a, &c));
        assert_int_equal(ab, -sign(kl_kline_rank(&b, &a)));
        assert_int_equal(kl_kline_rank(&a, &a), 0);
        if (ab >= 0 && bc >= 0) assert_true(ac >= 0);
        if (ab > 0 && bc >= 0) assert_true(ac > 0);
        if (ab == 0) {
            equal++;
            assert_true(kl_kline_same(&a, &b));
            assert_true((a.flags & ~(uint32_t)(KL_REVISED | KL_SUSPECT)) == (b.flags & ~(uint32_t)(KL_REVISED | KL_SUSPECT)));
            assert_true(a.first_trade_id == b.first_trade_id && a.last_trade_id == b.last_trade_id);
        }
    }
    assert_true(equal > 1000);
}

static void rank_follows_the_rules(void **state) {
    (void)state;
    kl_kline base, better;
    memset(&base, 0, sizeof base);
    base.known = KL_HAS_OHLC;
    base.trade_count = 50; /* each rule beats all later ones */
    kl_kline rows[8];
    for (size_t i = 0; i < 8; i++) rows[i] = base;
    rows[0].flags = KL_SYNTHETIC | KL_CLOSED, rows[0].authority = 9, rows[0].as_of_us = 9;
    rows[1].authority = 9;                                    /* forming */
    rows[2].flags = KL_SUSPECT, rows[2].as_of_us = 9;         /* suspect */
    rows[3].flags = KL_CLOSED, rows[3].as_of_us = 9;          /* closed */
    rows[4].flags = KL_CLOSED, rows[4].authority = 1;         /* more authority */
    rows[5] = rows[4], rows[5].as_of_us = 1, rows[5].trade_count = 0;
    rows[6] = rows[5], rows[6].known |= KL_HAS_VOLUME;
    rows[7] = rows[6], rows[7].trade_count = 1;
    for (size_t i = 0; i < 8; i++)
        for (size_t k = 0; k < 8; k++) assert_int_equal(sign(kl_kline_rank(&rows[i], &rows[k])), (i > k) - (i < k));
    better = rows[7], better.quote_volume = wide(0, 1);
    assert_true(kl_kline_rank(&better, &rows[7]) > 0);
    better = rows[7], better.flags |= KL_REVISED; /* history, not content */
    assert_int_equal(kl_kline_rank(&better, &rows[7]), 0);
    better.flags |= KL_PARTIAL;
    assert_true(kl_kline_rank(&better, &rows[7]) < 0);
}

static void same_looks_at_content(void **state) {
    (void)state;
    uint64_t seed = 71;
    kl_kline a = random_row(&seed), b = a;
    b.flags ^= 0x1ff, b.authority++, b.as_of_us++, b.first_trade_id++, b.last_trade_id++;
    assert_true(kl_kline_same(&a, &b));
#define DIFFERS(change) do { b = a; change; assert_false(kl_kline_same(&a, &b)); } while (0)
    DIFFERS(b.open++);
    DIFFERS(b.high++);
    DIFFERS(b.low++);
    DIFFERS(b.close++);
    DIFFERS(b.volume.hi++);
    DIFFERS(b.quote_volume.lo++);
    DIFFERS(b.taker_buy_base.lo++);
    DIFFERS(b.taker_buy_quote.lo++);
    DIFFERS(b.trade_count++);
    DIFFERS(b.close_time_us++);
    DIFFERS(b.known ^= KL_HAS_TAKER_BASE);
#undef DIFFERS
}

static void rescale_exact_or_untouched(void **state) {
    (void)state;
    uint64_t seed = 81;
    for (int i = 0; i < 30000; i++) {
        kl_kline row, before;
        memset(&row, 0, sizeof row);
        row.open = (int64_t)random_u64(&seed) >> random_below(&seed, 64);
        row.high = (int64_t)random_u64(&seed) >> random_below(&seed, 64);
        row.volume = wide((int64_t)random_u64(&seed) >> random_below(&seed, 64), random_u64(&seed));
        row.taker_buy_quote = wide(-(int64_t)random_below(&seed, 3), random_u64(&seed));
        kl_scale from = scales((int32_t)random_below(&seed, 19), (int32_t)random_below(&seed, 19), (int32_t)random_below(&seed, 19));
        kl_scale to = scales((int32_t)random_below(&seed, 19), (int32_t)random_below(&seed, 19), (int32_t)random_below(&seed, 19));
        before = row;
        kl_status status = kl_kline_rescale(&row, &from, &to);
        if (status == KL_OK) { /* there and back again */
            assert_int_equal(kl_kline_rescale(&row, &to, &from), KL_OK);
        } else {
            assert_true(status == KL_E_OVERFLOW || status == KL_E_SCALE);
            if (status == KL_E_SCALE)
                assert_true(to.price < from.price || to.volume < from.volume || to.quote < from.quote);
            if (status == KL_E_OVERFLOW)
                assert_true(to.price > from.price || to.volume > from.volume || to.quote > from.quote);
        }
        assert_memory_equal(&row, &before, sizeof row);
    }
    kl_kline row;
    memset(&row, 0, sizeof row);
    kl_scale coarse = scales(2, 3, 4), fine = scales(8, 8, 8), bad = scales(19, 0, 0);
    row.open = -1234, row.volume = wide(-1, (uint64_t)-5), row.quote_volume = wide(1, 0);
    assert_int_equal(kl_kline_rescale(&row, &coarse, &fine), KL_OK);
    assert_true(row.open == -1234000000 && row.volume.hi == -1 && row.volume.lo == (uint64_t)-500000);
    assert_true(row.quote_volume.hi == 10000 && row.quote_volume.lo == 0);
    assert_int_equal(kl_kline_rescale(&row, &fine, &coarse), KL_OK);
    assert_true(row.open == -1234 && row.quote_volume.hi == 1);
    row.close = 1;
    assert_int_equal(kl_kline_rescale(&row, &fine, &coarse), KL_E_SCALE);
    row.close = INT64_MAX / 10;
    assert_int_equal(kl_kline_rescale(&row, &coarse, &fine), KL_E_OVERFLOW);
    assert_int_equal(kl_kline_rescale(&row, &coarse, &bad), KL_E_ARG);
}

static kl_kline simple_row(kl_time open, int64_t price, uint64_t volume) {
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.open_time_us = open;
    row.open = row.high = row.low = row.close = price;
    row.volume = wide(0, volume);
    row.known = KL_HAS_OHLC | KL_HAS_VOLUME;
    row.flags = KL_CLOSED;
    return row;
}

static void append_rescales(void **state) {
    (void)state;
    kl_series series;
    kl_error error;
    assert_int_equal(kl_series_init(&series, NULL), KL_OK);
    kl_kline first = simple_row(100, 1234, 5), second = simple_row(200, 7, 123456789), huge = simple_row(300, INT64_MAX, 1);
    kl_scale coarse = scales(2, 0, 0), fine = scales(1, 8, 0);
    assert_int_equal(kl_series_append(&series, &first, 1, &coarse, &error), KL_OK);
    assert_int_equal(kl_series_append(&series, &second, 1, &fine, &error), KL_OK);
    assert_true(series.n == 2 && series.scale.price == 2 && series.scale.volume == 8);
    assert_true(series.rows[0].open == 1234 && series.rows[0].volume.lo == 500000000);
    assert_true(series.rows[1].open == 70 && series.rows[1].volume.lo == 123456789);
    /* a row that cannot be held at the series' scale, and one whose scale the series cannot take */
    kl_kline two[2];
    two[0] = simple_row(300, 1, 1), two[1] = huge;
    kl_scale unit = scales(0, 0, 0);
    assert_int_equal(kl_series_append(&series, two, 2, &unit, &error), KL_E_OVERFLOW);
    assert_true(error.code == KL_E_OVERFLOW && error.row == 2);
    assert_int_equal(kl_series_append(&series, &huge, 1, &coarse, &error), KL_OK);
    kl_scale finer = scales(3, 9, 1);
    two[0] = simple_row(400, 1230, 50), two[1] = simple_row(500, 1234, 50);
    assert_int_equal(kl_series_append(&series, two, 2, &finer, &error), KL_E_OVERFLOW);
    assert_int_equal(error.row, 2); /* the row that brings the finer scale, not the one that does not fit it */
    assert_true(series.n == 3 && series.scale.price == 2 && series.scale.volume == 8 && series.scale.quote == 0);
    assert_true(series.rows[0].open == 1234 && series.rows[1].volume.lo == 123456789);
    assert_int_equal(kl_series_append(&series, NULL, 1, &unit, &error), KL_E_ARG);
    assert_int_equal(kl_series_append(&series, NULL, 0, &unit, &error), KL_OK);
    kl_series_free(&series);
    assert_true(series.rows == NULL && series.n == 0);
}

static void trim_lowers_scales(void **state) {
    (void)state;
    kl_series series;
    kl_series_init(&series, NULL);
    kl_scale scale = scales(8, 8, 8);
    kl_kline row = simple_row(100, 123400000, 5000000);
    row.quote_volume = wide(50000000, 0); /* 2^64 * 0.5 */
    assert_int_equal(kl_series_append(&series, &row, 1, &scale, NULL), KL_OK);
    kl_series_trim(&series);
    assert_true(series.scale.price == 3 && series.scale.volume == 2 && series.scale.quote == 0);
    assert_true(series.rows[0].open == 1234 && series.rows[0].volume.lo == 5);
    assert_true(series.rows[0].quote_volume.hi == 0 && series.rows[0].quote_volume.lo == UINT64_C(1) << 63);
    kl_series_free(&series);
}

static void find_and_sorted(void **state) {
    (void)state;
    kl_series series;
    kl_series_init(&series, NULL);
    kl_scale unit = scales(0, 0, 0);
    assert_true(kl_series_is_sorted(&series) && kl_series_find(&series, 5) == 0);
    for (int64_t i = 0; i < 100; i++) {
        kl_kline row = simple_row(10 * i, 1, 1);
        assert_int_equal(kl_series_append(&series, &row, 1, &unit, NULL), KL_OK);
        for (int64_t t = -5; t < 10 * i + 15; t += 5)
            assert_int_equal(kl_series_find(&series, t), t < 0 ? 0 : t > 10 * i ? i + 1 : (t + 9) / 10);
    }
    assert_true(kl_series_is_sorted(&series));
    series.rows[50].open_time_us = series.rows[49].open_time_us;
    assert_false(kl_series_is_sorted(&series));
    kl_series_free(&series);
}

static void closing(void **state) {
    (void)state;
    kl_interval hour = {KL_HOUR, 1, 0}, no_anchor = {KL_DAY, 3, KL_TIME_NONE};
    const kl_time end = INT64_C(3600000000);
    kl_time close = 5;
    kl_kline row = simple_row(0, 1, 1);
    row.flags = 0;
    assert_int_equal(kl_kline_nominal_close(&hour, 0, &close), KL_OK);
    assert_true(close == end - 1);
    assert_int_equal(kl_kline_nominal_close(&no_anchor, 0, &close), KL_E_ANCHOR);
    assert_true(close == end - 1);
    assert_false(kl_kline_is_closed(&row, &hour, end - 1));
    assert_true(kl_kline_is_closed(&row, &hour, end));
    assert_false(kl_kline_is_closed(&row, &hour, KL_TIME_NONE));
    assert_false(kl_kline_is_closed(&row, &no_anchor, end));
    row.flags = KL_CLOSED;
    assert_true(kl_kline_is_closed(&row, &hour, 0));
}

/* Every allocation fails once: no change, no leak. */
static void memory_failures(void **state) {
    (void)state;
    for (uint64_t at = 1; at < 12; at++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
        counter.fail_at = at;
        kl_series series;
        kl_trades trades;
        kl_series_init(&series, &alloc);
        kl_trades_init(&trades, &alloc);
        kl_scale unit = scales(0, 0, 0), fine = scales(1, 1, 1);
        kl_trade trade;
        memset(&trade, 0, sizeof trade);
        size_t rows = 0, prints = 0;
        for (int64_t i = 0; i < 100; i++) {
            kl_kline row = simple_row(i, 1, 1);
            const kl_scale *scale = i % 2 ? &unit : &fine;
            kl_status status = kl_series_append(&series, &row, 1, scale, NULL);
            assert_true(status == KL_OK || status == KL_E_MEMORY);
            rows += status == KL_OK;
            status = kl_trades_append(&trades, &trade, 1, scale, NULL);
            assert_true(status == KL_OK || status == KL_E_MEMORY);
            prints += status == KL_OK;
            assert_true(series.n == rows && trades.n == prints);
        }
        assert_true(rows + prints == 199 || counter.requests < at);
        assert_int_equal(kl_series_reserve(&series, SIZE_MAX), KL_E_MEMORY);
        kl_series_free(&series);
        kl_trades_free(&trades);
        assert_int_equal(counter.live_blocks, 0);
        assert_int_equal(counter.live_bytes, 0);
    }
}

static void trades_grow(void **state) {
    (void)state;
    kl_trades trades;
    kl_error error;
    kl_trades_init(&trades, NULL);
    kl_trade row;
    memset(&row, 0, sizeof row);
    row.price = 12, row.quantity = wide(0, 34);
    kl_scale coarse = scales(1, 1, 0), fine = scales(3, 0, 0);
    assert_int_equal(kl_trades_append(&trades, &row, 1, &coarse, &error), KL_OK);
    assert_int_equal(kl_trades_append(&trades, &row, 1, &fine, &error), KL_OK);
    assert_true(trades.scale.price == 3 && trades.scale.volume == 1);
    assert_true(trades.rows[0].price == 1200 && trades.rows[1].price == 12 && trades.rows[1].quantity.lo == 340);
    row.price = INT64_MAX;
    assert_int_equal(kl_trades_append(&trades, &row, 1, &coarse, &error), KL_E_OVERFLOW);
    assert_true(trades.n == 2 && error.row == 1);
    kl_trades_free(&trades);
}

static void book(void **state) {
    (void)state;
    kl_book_top top = {0, 99.0, 1.0, 101.0, 1.0};
    assert_true(kl_book_spread(&top) == 2.0 && kl_book_spread_bps(&top) == 200.0);
    top.bid = top.ask = 0.0;
    assert_true(kl_book_spread_bps(&top) != kl_book_spread_bps(&top));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rank_is_a_total_order), cmocka_unit_test(rank_follows_the_rules),
        cmocka_unit_test(same_looks_at_content), cmocka_unit_test(rescale_exact_or_untouched),
        cmocka_unit_test(append_rescales),       cmocka_unit_test(trim_lowers_scales),
        cmocka_unit_test(find_and_sorted),       cmocka_unit_test(closing),
        cmocka_unit_test(memory_failures),       cmocka_unit_test(trades_grow),
        cmocka_unit_test(book),
    };
    return cmocka_run_group_tests_name("data series", tests, NULL, NULL);
}
