/* Trades as columns of doubles -> candles as columns. */
#include "base/fp.h"
#include "clean_rows.h"
#include "random.h"
#include "simd/runs.h"
#include <math.h>

enum { N = 20000, ROOM = 4000 };
static kl_time times[N];
static double prices[N], quantities[N];
static uint8_t makers[N];

typedef struct column_room {
    kl_time open_time[ROOM];
    double value[9][ROOM];
    kl_candle_columns columns;
} column_room;
static column_room a, b;

static kl_candle_columns *room_of(column_room *room) {
    memset(room, 0, sizeof *room);
    kl_candle_columns *c = &room->columns;
    c->capacity = ROOM;
    c->open_time_us = room->open_time;
    c->open = room->value[0], c->high = room->value[1], c->low = room->value[2], c->close = room->value[3];
    c->volume = room->value[4], c->quote_volume = room->value[5], c->taker_buy_base = room->value[6];
    c->taker_buy_quote = room->value[7], c->trade_count = room->value[8];
    return c;
}

static void make_trades(uint64_t seed, uint64_t mean) {
    kl_time time = CLEAN_T0;
    for (size_t i = 0; i < N; i++) {
        time += (kl_time)random_below(&seed, 2 * mean);
        times[i] = time;
        prices[i] = (double)(10000 + random_below(&seed, 10000)) / 100.0;
        quantities[i] = (double)(1 + random_below(&seed, 1000000)) / 1e6;
        makers[i] = (uint8_t)(random_below(&seed, 2) * 255); /* any value but 0 is a maker */
    }
}

static double tree_of(const double *v, const uint8_t *maker, size_t n, const double *times_what) {
    double lane[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < n; i++) {
        double x = times_what ? v[i] * times_what[i] : v[i];
        lane[i % 8] += maker ? x * (maker[i] ? 0.0 : 1.0) : x;
    }
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/* the definition, bucket by bucket; dense and sparse trades. */
static void each_candle_is_its_definition(void **state) {
    (void)state;
    const uint64_t means[] = {1000, 1000, 60000, 60000, 3000000, 3000000, 30000000, 30000000};
    kl_interval minute = clean_interval("1m");
    for (size_t m = 0; m < 8; m++) {
        make_trades(m + 1, means[m]);
        size_t n = N, made;
        while (n && (times[n - 1] - CLEAN_T0) / CLEAN_MINUTE >= ROOM) n--;
        kl_trade_columns trades = {n, times, prices, quantities, makers, (int32_t)(m % 2), 0}; /* both ways: the same bits */
        kl_candle_columns *out = room_of(&a);
        assert_int_equal(kl_trade_columns_fold(&trades, &minute, out, &made, NULL), KL_OK);
        size_t c = 0;
        for (size_t i = 0, end; i < n; i = end, c++) {
            kl_time open = times[i] - times[i] % CLEAN_MINUTE;
            double high = prices[i], low = prices[i];
            for (end = i; end < n && times[end] < open + CLEAN_MINUTE; end++) {
                high = prices[end] > high ? prices[end] : high;
                low = prices[end] < low ? prices[end] : low;
            }
            assert_true(c < made);
            assert_int_equal(out->open_time_us[c], open);
            assert_true(out->open[c] == prices[i] && out->close[c] == prices[end - 1] && out->high[c] == high && out->low[c] == low);
            assert_true(out->trade_count[c] == (double)(end - i));
            assert_true(out->volume[c] == tree_of(quantities + i, NULL, end - i, NULL));
            assert_true(out->quote_volume[c] == tree_of(prices + i, NULL, end - i, quantities + i));
            assert_true(out->taker_buy_base[c] == tree_of(quantities + i, makers + i, end - i, NULL));
            assert_true(out->taker_buy_quote[c] == tree_of(prices + i, makers + i, end - i, quantities + i));
        }
        assert_int_equal(c, made);
        /* taker unknown, columns left out: the same bits in the others */
        kl_candle_columns *less = room_of(&b);
        trades.buyer_maker = NULL;
        less->quote_volume = NULL;
        assert_int_equal(kl_trade_columns_fold(&trades, &minute, less, &made, NULL), KL_OK);
        assert_memory_equal(a.value[4], b.value[4], sizeof a.value[4]);
        assert_memory_equal(a.value[1], b.value[1], sizeof a.value[1]);
        assert_true(made && isnan(less->taker_buy_base[0]) && b.value[5][0] == 0);
    }
}

/* the exact fold of the same trades agrees to the last digits of a double. */
static void it_agrees_with_the_exact_fold(void **state) {
    (void)state;
    make_trades(9, 200000);
    kl_trades exact;
    kl_trades_init(&exact, NULL);
    const kl_scale scale = {2, 6, 0, 0};
    for (size_t i = 0; i < N; i++) {
        kl_trade t;
        memset(&t, 0, sizeof t);
        t.id = t.first_id = t.last_id = (int64_t)i;
        t.time_us = times[i];
        t.price = (int64_t)floor(prices[i] * 100 + 0.5), t.quantity = clean_wide((int64_t)floor(quantities[i] * 1e6 + 0.5));
        t.flags = KL_TRADE_MAKER_KNOWN | (makers[i] ? KL_TRADE_BUYER_MAKER : 0);
        assert_int_equal(kl_trades_append(&exact, &t, 1, &scale, NULL), KL_OK);
    }
    kl_interval minute = clean_interval("5m");
    kl_series series;
    kl_series_init(&series, NULL);
    assert_int_equal(kl_trades_fold(&exact, &minute, &series, NULL), KL_OK);
    kl_trade_columns trades = {N, times, prices, quantities, makers, 0, 0};
    size_t made;
    kl_candle_columns *out = room_of(&a);
    assert_int_equal(kl_trade_columns_fold(&trades, &minute, out, &made, NULL), KL_OK);
    assert_int_equal(made, series.n);
    for (size_t i = 0; i < made; i++) {
        const kl_kline *row = &series.rows[i];
        assert_int_equal(row->open_time_us, out->open_time_us[i]);
        assert_true(out->high[i] == (double)row->high / 100 && out->close[i] == (double)row->close / 100);
        assert_true(out->trade_count[i] == (double)row->trade_count);
        double volume = kl_decimal_to_double(&row->volume, 6), quote = kl_decimal_to_double(&row->quote_volume, 8);
        double taker = kl_decimal_to_double(&row->taker_buy_quote, 8);
        assert_true(fabs(out->volume[i] - volume) <= 1e-13 * volume);
        assert_true(fabs(out->quote_volume[i] - quote) <= 1e-13 * quote);
        assert_true(fabs(out->taker_buy_quote[i] - taker) <= 1e-13 * quote);
    }
    kl_series_free(&series), kl_trades_free(&exact);
}

/* plain C, SSE2 and AVX2: the same bits for every length, with NaN and infinities too. */
static void every_instruction_set_gives_the_same_bits(void **state) {
    (void)state;
    make_trades(5, 1000);
    prices[77] = NAN, quantities[300] = NAN, prices[1000] = INFINITY, prices[2000] = -INFINITY, quantities[3000] = -0.0;
    const kl__run_kernels *plain = kl__run_kernels_at(0);
    for (int level = 1; level < 3; level++) {
        const kl__run_kernels *other = kl__run_kernels_at(level);
        if (!other) continue;
        for (size_t n = 1; n < 200; n++)
            for (size_t from = 0; from < 4000; from += 113) {
                kl__run_sums want, got, less;
                plain->sums(prices + from, quantities + from, n, &want);
                other->sums(prices + from, quantities + from, n, &got);
                other->sums_without_amount(prices + from, quantities + from, n, &less);
                assert_memory_equal(&want, &got, offsetof(kl__run_sums, amount));
                assert_memory_equal(&want, &less, offsetof(kl__run_sums, amount));
                assert_true(memcmp(&want.amount, &got.amount, sizeof want.amount) == 0 || (isnan(want.amount) && isnan(got.amount)));
                assert_int_equal(other->rises(times + from, n), 1);
                kl_time keep = times[from + n - 1];
                times[from + n - 1] = times[from] - 1;
                assert_int_equal(other->rises(times + from, n), n == 1);
                assert_int_equal(plain->rises(times + from, n), n == 1);
                times[from + n - 1] = keep;
            }
    }
}

static void wrong_input_is_refused(void **state) {
    (void)state;
    make_trades(2, 60000000);
    kl_interval minute = clean_interval("1m");
    kl_trade_columns trades = {100, times, prices, quantities, makers, 0, 0};
    size_t made;
    kl_error error;
    kl_candle_columns *out = room_of(&a);
    out->capacity = 3;
    assert_int_equal(kl_trade_columns_fold(&trades, &minute, out, &made, &error), KL_E_SIZE);
    assert_int_equal(made, 3);
    out->capacity = ROOM;
    times[50] = CLEAN_T0;
    assert_int_equal(kl_trade_columns_fold(&trades, &minute, out, &made, &error), KL_E_ORDER);
    assert_int_equal(error.row, 51);
    make_trades(2, 1000);
    times[70] = times[69] - 1; /* inside a bucket */
    assert_int_equal(kl_trade_columns_fold(&trades, &minute, out, &made, &error), KL_E_ORDER);
    assert_int_equal(error.row, 71);
    times[70] = times[69]; /* equal times keep the order of the columns */
    assert_int_equal(kl_trade_columns_fold(&trades, &minute, out, &made, &error), KL_OK);
    trades.price = NULL;
    assert_int_equal(kl_trade_columns_fold(&trades, &minute, out, &made, &error), KL_E_ARG);
    trades.n = 0;
    assert_int_equal(kl_trade_columns_fold(&trades, &minute, out, &made, &error), KL_OK);
    assert_int_equal(made, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_candle_is_its_definition),
        cmocka_unit_test(it_agrees_with_the_exact_fold),
        cmocka_unit_test(every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(wrong_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
