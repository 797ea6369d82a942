/* Columns of doubles from exact candles and back; the text key of a trade. */
#include "base/fp.h"
#include "kline/data.h"
#include "random.h"
#include <math.h>
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

/* The nearest double by way of the text. */
static double nearest(kl_i128 mantissa, int32_t scale) {
    char text[KL_DECIMAL_TEXT_MAX];
    double value;
    size_t used, length = kl_decimal_print(&mantissa, scale, text);
    assert_int_equal(kl_double_parse(text, length, &value, &used), KL_OK);
    return value;
}
static kl_i128 narrow(int64_t value) { return wide(value < 0 ? -1 : 0, (uint64_t)value); }

static kl_kline random_row(uint64_t *seed, kl_time open, int bits) {
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.open_time_us = open;
    row.close_time_us = open + 59999999;
    row.first_trade_id = row.last_trade_id = -1;
    int64_t *prices[] = {&row.open, &row.high, &row.low, &row.close, &row.trade_count};
    kl_i128 *volumes[] = {&row.volume, &row.quote_volume, &row.taker_buy_base, &row.taker_buy_quote};
    const uint32_t price_bits[] = {KL_HAS_OPEN, KL_HAS_HIGH, KL_HAS_LOW, KL_HAS_CLOSE, KL_HAS_TRADE_COUNT};
    const uint32_t volume_bits[] = {KL_HAS_VOLUME, KL_HAS_QUOTE_VOLUME, KL_HAS_TAKER_BASE, KL_HAS_TAKER_QUOTE};
    for (size_t k = 0; k < 5; k++) {
        if (random_below(seed, 10) == 0) continue;
        *prices[k] = (int64_t)random_u64(seed) >> (64 - bits + (int)random_below(seed, (uint64_t)bits));
        row.known |= price_bits[k];
    }
    for (size_t k = 0; k < 4; k++) {
        if (random_below(seed, 10) == 0) continue;
        *volumes[k] = narrow((int64_t)(random_u64(seed) >> (64 - bits)));
        if (bits == 63 && random_below(seed, 2)) volumes[k]->hi = (int64_t)random_below(seed, 1 << 20) - (1 << 19);
        row.known |= volume_bits[k];
    }
    if (random_below(seed, 4)) row.known |= KL_HAS_CLOSE_TIME;
    else row.close_time_us = 0;
    row.flags = (uint32_t)random_below(seed, 512);
    return row;
}

static void same_double(double got, int known, double want) {
    if (known) assert_memory_equal(&got, &want, sizeof got);
    else assert_true(got != got);
}

static void columns_are_nearest(void **state) {
    (void)state;
    uint64_t seed = 111;
    for (int round = 0; round < 40; round++) {
        kl_series series;
        kl_series_init(&series, NULL);
        kl_scale scale = {(int32_t)random_below(&seed, 19), (int32_t)random_below(&seed, 19), (int32_t)random_below(&seed, 19), 0};
        size_t n = random_below(&seed, 70);
        for (size_t i = 0; i < n; i++) {
            kl_kline row = random_row(&seed, (int64_t)i * 60000000, 63);
            assert_int_equal(kl_series_append(&series, &row, 1, &scale, NULL), KL_OK);
        }
        size_t bytes = kl_series_columns_size(n), shift = random_below(&seed, 64);
        unsigned char *memory = (unsigned char *)malloc(bytes + shift);
        kl_columns c;
        assert_int_equal(kl_series_columns(&series, memory + shift, bytes - 1, &c), KL_E_SIZE);
        assert_int_equal(kl_series_columns(&series, memory + shift, bytes, &c), KL_OK);
        assert_int_equal(c.n, n);
        assert_true((uintptr_t)c.open % 64 == 0 && (uintptr_t)c.flags % 64 == 0 && (uintptr_t)c.open_time_us % 64 == 0);
        for (size_t i = 0; i < n; i++) {
            const kl_kline *row = &series.rows[i];
            assert_true(c.open_time_us[i] == row->open_time_us && c.flags[i] == row->flags);
            assert_true(c.close_time_us[i] == (row->known & KL_HAS_CLOSE_TIME ? row->close_time_us : KL_TIME_NONE));
            same_double(c.open[i], row->known & KL_HAS_OPEN, nearest(narrow(row->open), scale.price));
            same_double(c.high[i], row->known & KL_HAS_HIGH, nearest(narrow(row->high), scale.price));
            same_double(c.low[i], row->known & KL_HAS_LOW, nearest(narrow(row->low), scale.price));
            same_double(c.close[i], row->known & KL_HAS_CLOSE, nearest(narrow(row->close), scale.price));
            same_double(c.volume[i], row->known & KL_HAS_VOLUME, nearest(row->volume, scale.volume));
            same_double(c.quote_volume[i], row->known & KL_HAS_QUOTE_VOLUME, nearest(row->quote_volume, scale.quote));
            same_double(c.trade_count[i], row->known & KL_HAS_TRADE_COUNT, (double)row->trade_count);
            same_double(c.taker_buy_base[i], row->known & KL_HAS_TAKER_BASE, nearest(row->taker_buy_base, scale.volume));
            same_double(c.taker_buy_quote[i], row->known & KL_HAS_TAKER_QUOTE, nearest(row->taker_buy_quote, scale.quote));
        }
        if (n >= 3) {
            kl_columns slice;
            assert_int_equal(kl_columns_slice(&c, 1, n - 2, &slice), KL_OK);
            assert_true(slice.n == n - 2 && slice.low == c.low + 1 && slice.flags == c.flags + 1);
            c.volume = NULL;
            assert_int_equal(kl_columns_slice(&c, n, 0, &c), KL_OK);
            assert_true(c.n == 0 && c.volume == NULL);
            assert_int_equal(kl_columns_slice(&slice, n - 1, 0, &slice), KL_E_ARG);
            assert_int_equal(kl_columns_slice(&slice, 1, SIZE_MAX, &slice), KL_E_ARG);
        }
        free(memory);
        kl_series_free(&series);
    }
    assert_true(kl_series_columns_size(SIZE_MAX / 2) == SIZE_MAX);
}

/* exact -> doubles -> exact, at a given scale and at the shortest decimals. */
static void there_and_back(void **state) {
    (void)state;
    uint64_t seed = 121;
    for (int round = 0; round < 40; round++) {
        kl_series series, back;
        kl_series_init(&series, NULL);
        kl_series_init(&back, NULL);
        kl_scale scale = {(int32_t)random_below(&seed, 10), (int32_t)random_below(&seed, 10), (int32_t)random_below(&seed, 10), 0};
        for (int64_t i = 0; i < 50; i++) {
            kl_kline row = random_row(&seed, i * 60000000, 49); /* 15 digits survive a double */
            assert_int_equal(kl_series_append(&series, &row, 1, &scale, NULL), KL_OK);
        }
        size_t bytes = kl_series_columns_size(series.n);
        void *memory = malloc(bytes);
        kl_columns c;
        assert_int_equal(kl_series_columns(&series, memory, bytes, &c), KL_OK);
        assert_int_equal(kl_series_from_columns(&back, &c, &scale, NULL), KL_OK);
        assert_true(back.n == series.n && memcmp(&back.scale, &scale, sizeof scale) == 0);
        assert_memory_equal(back.rows, series.rows, series.n * sizeof *series.rows);
        kl_series_free(&back);
        kl_series_trim(&series);
        kl_series_init(&back, NULL);
        assert_int_equal(kl_series_from_columns(&back, &c, NULL, NULL), KL_OK);
        assert_memory_equal(&back.scale, &series.scale, sizeof scale);
        assert_memory_equal(back.rows, series.rows, series.n * sizeof *series.rows);
        kl_series_free(&back);
        kl_series_free(&series);
        free(memory);
    }
}

static void rounding(void **state) {
    (void)state;
    static const struct {
        double value;
        int32_t scale;
        int64_t mantissa;
    } rows[] = {
        {0.0012345678901234567, 8, 123457}, {1e-300, 18, 0},   {4e-19, 18, 0},     {5e-19, 18, 0},    {6e-19, 18, 1},
        {0.125, 2, 12},                     {0.375, 2, 38},    {-0.125, 2, -12},   {-0.0, 2, 0},      {2.675, 2, 268},
        {1e15, 2, INT64_C(100000000000000000)}, {9007199254740993.0, 0, INT64_C(9007199254740992)},
        {1e17, 0, INT64_C(100000000000000000)}, {0.5, 0, 0}, {1.5, 0, 2}, {123456.789, 0, 123457}, {99999.99999999, 7, INT64_C(1000000000000)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kl_time open = 0;
        kl_columns c = {0};
        kl_scale scale = {rows[i].scale, 0, 0, 0};
        kl_series series;
        kl_series_init(&series, NULL);
        c.n = 1, c.open_time_us = &open, c.close = &rows[i].value;
        assert_int_equal(kl_series_from_columns(&series, &c, &scale, NULL), KL_OK);
        if (series.rows[0].close != rows[i].mantissa) fail_msg("row %d", (int)i);
        assert_true(series.rows[0].known == KL_HAS_CLOSE && series.rows[0].flags == KL_CLOSED);
        kl_series_free(&series);
    }
}

static void from_columns_refuses(void **state) {
    (void)state;
    kl_time opens[2] = {0, 60000000};
    double closes[2] = {1.5, 1e30}, volumes[2] = {1e30, 2};
    kl_columns c = {0};
    kl_scale scale = {2, 2, 2, 0};
    kl_series series;
    kl_error error;
    kl_series_init(&series, NULL);
    c.n = 2, c.open_time_us = opens, c.close = closes;
    assert_int_equal(kl_series_from_columns(&series, &c, &scale, &error), KL_E_OVERFLOW);
    assert_true(error.row == 2 && series.n == 0);
    closes[1] = (double)INFINITY;
    assert_int_equal(kl_series_from_columns(&series, &c, &scale, &error), KL_E_NOT_FINITE);
    assert_int_equal(kl_series_from_columns(&series, &c, NULL, &error), KL_E_NOT_FINITE);
    closes[1] = 1e-19;
    assert_int_equal(kl_series_from_columns(&series, &c, NULL, &error), KL_E_SCALE);
    assert_true(error.row == 2 && series.n == 0);
    closes[1] = (double)NAN;
    c.volume = volumes;
    assert_int_equal(kl_series_from_columns(&series, &c, &scale, &error), KL_OK);
    assert_true(nearest(series.rows[0].volume, 2) == 1e30);
    assert_true(series.rows[1].known == KL_HAS_VOLUME);
    volumes[0] = 1e37; /* 1e39 > 2^127 */
    assert_int_equal(kl_series_from_columns(&series, &c, &scale, &error), KL_E_OVERFLOW);
    c.open_time_us = NULL;
    assert_int_equal(kl_series_from_columns(&series, &c, &scale, &error), KL_E_ARG);
    assert_int_equal(series.n, 2);
    kl_series_free(&series);
    /* each allocation fails once */
    c.open_time_us = opens, volumes[0] = 1;
    for (uint64_t at = 1; at < 4; at++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        kl_alloc_counter_init(&counter, NULL, &alloc);
        counter.fail_at = at;
        kl_series_init(&series, &alloc);
        assert_int_equal(kl_series_from_columns(&series, &c, &scale, &error), at < 3 ? KL_E_MEMORY : KL_OK);
        assert_int_equal(series.n, at < 3 ? 0 : 2);
        kl_series_free(&series);
        assert_int_equal(counter.live_blocks, 0);
    }
}

static void trade_keys(void **state) {
    (void)state;
    kl_trade trade;
    memset(&trade, 0, sizeof trade);
    kl_scale scale = {2, 8, 0, 0};
    char text[200], other[200];
    trade.id = 17, trade.time_us = INT64_C(1700000000123456), trade.price = 123450, trade.quantity = wide(0, 150000000);
    trade.flags = KL_TRADE_MAKER_KNOWN | KL_TRADE_BUYER_MAKER;
    size_t length = kl_trade_key_print(&trade, &scale, text, sizeof text);
    assert_string_equal(text, "1700000000123456-17-1234.5-1.5-m");
    assert_int_equal(length, strlen(text));
    /* another source with other decimals */
    kl_scale finer = {4, 8, 0, 0};
    kl_trade same = trade;
    assert_int_equal(kl_trade_rescale(&same, &scale, &finer), KL_OK);
    kl_trade_key_print(&same, &finer, other, sizeof other);
    assert_string_equal(text, other);
    trade.id = -1, trade.flags = KL_TRADE_MAKER_KNOWN, trade.price = 0;
    kl_trade_key_print(&trade, &scale, text, sizeof text);
    assert_string_equal(text, "1700000000123456--0-1.5-t");
    trade.flags = 0;
    assert_int_equal(kl_trade_key_print(&trade, &scale, text, 25), 24);
    assert_int_equal(kl_trade_key_print(&trade, &scale, text, 24), 0);
    assert_string_equal(text, "");
    trade.quantity = wide(INT64_MIN, 0), trade.price = INT64_MIN, trade.id = INT64_MAX, trade.time_us = INT64_MIN;
    assert_true(kl_trade_key_print(&trade, &scale, text, sizeof text) > 60);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_nearest),  cmocka_unit_test(there_and_back), cmocka_unit_test(rounding),
        cmocka_unit_test(from_columns_refuses), cmocka_unit_test(trade_keys),
    };
    return cmocka_run_group_tests_name("data columns", tests, NULL, NULL);
}
