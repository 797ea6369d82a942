/* Bars that time does not make: bricks by hand, of candles, what is refused, damaged snapshots, scales. */
#include "bars_support.h"

static void bricks_by_hand(void **state) {
    (void)state;
    static const int64_t prices[] = {1000, 1019, 1020, 1041, 1035, 1001, 1000, 945, 979, 980};
    static const struct { int64_t open, high, low, close, volume; } bricks[] = {
        {1000, 1020, 1000, 1020, 3}, {1020, 1040, 1020, 1040, 1}, /* up */
        {1020, 1041, 1000, 1000, 3}, /* 1001 is no two bricks down from 1040; the wick is 1041 */
        {1000, 1000, 980, 980, 1}, {980, 980, 960, 960, 0}, /* one jump: the later brick has no trades */
        /* 979 is not two bricks up from 960; 980 + 20 is */
    };
    int64_t memory[BARS_MEMORY];
    kl_bars_options o = options_of(KL_BARS_RENKO, 20, &out);
    o.wicks = 1;
    kl_bars *bars = bars_of(memory, &o);
    memset(trades, 0, sizeof trades);
    for (size_t i = 0; i < 10; i++) {
        trades[i].time_us = CLEAN_T0 + (int64_t)i, trades[i].price = prices[i], trades[i].quantity = clean_wide(1);
        trades[i].id = trades[i].first_id = trades[i].last_id = -1;
    }
    put(bars, trades, 0, 10);
    assert_int_equal(out.n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(out.rows[i].open, bricks[i].open);
        assert_int_equal(out.rows[i].high, bricks[i].high);
        assert_int_equal(out.rows[i].low, bricks[i].low);
        assert_int_equal(out.rows[i].close, bricks[i].close);
        assert_int_equal(out.rows[i].volume.lo, bricks[i].volume);
        assert_int_equal(out.info[i].direction, i < 2 ? 1 : -1);
        assert_int_equal(out.rows[i].flags, KL_CLOSED);
    }
    assert_int_equal(out.rows[3].open_time_us, CLEAN_T0 + 7);
    assert_int_equal(out.rows[4].open_time_us, CLEAN_T0 + 8); /* 1 us behind: the key is its own */
    assert_int_equal(out.info[4].first_us, CLEAN_T0 + 7);
    assert_int_equal(out.rows[4].known & KL_HAS_TRADE_COUNT, KL_HAS_TRADE_COUNT);
    kl_kline row;
    kl_bars_info info;
    assert_int_equal(kl_bars_peek(bars, &row, NULL, &info), KL_OK);
    assert_int_equal(row.open, 980); /* the price is at the upper edge of the last brick */
    assert_int_equal(row.open_time_us, CLEAN_T0 + 9); /* a bar after the jump opens behind its last key */
    assert_int_equal(info.first_us, CLEAN_T0 + 8);
    trades[10] = trades[9];
    trades[10].price = 1000, trades[10].time_us = CLEAN_T0 + 20;
    put(bars, trades, 10, 1);
    assert_int_equal(out.n, 6);
    assert_int_equal(out.rows[5].open, 980);
    assert_int_equal(out.rows[5].low, 945); /* the jump went further than its last brick */
    assert_int_equal(out.rows[5].volume.lo, 3);
}

/* --------------------------------------------------------------------------------------------------- candles --- */

static void of_candles(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY];
    static const int32_t kinds[] = {KL_BARS_TICKS, KL_BARS_VOLUME, KL_BARS_DOLLAR, KL_BARS_RANGE};
    static const int64_t sizes[] = {40, 20000000, 600000, 55}; /* units of 1, 1e-8, 1e-8, 1e-2 */
    for (size_t i = 0; i < 600; i++) {
        candles[i] = clean_bar((int64_t)i, (int64_t)(i * i % 7));
        if (i % 2 == 0) candles[i].volume = clean_wide(7000000);
        if (i % 31 == 5) candles[i].flags |= KL_SYNTHETIC, candles[i].high = INT64_MAX;
        if (i % 37 == 6) candles[i].trade_count = 0, candles[i].volume = clean_wide(0), candles[i].low = 1;
        if (i % 41 == 7) candles[i].flags = 0; /* forming */
        candles[i].as_of_us = (kl_time)(i * 7919 % 101), candles[i].authority = (int32_t)(i * 31 % 17) - 5;
        if (i % 43 == 8) candles[i].flags |= KL_PARTIAL | KL_REPAIRED;
        if (i % 47 == 9) candles[i].known &= ~(uint32_t)KL_HAS_TAKER_BASE, candles[i].taker_buy_base = clean_wide(0);
    }
    for (size_t k = 0; k < 4; k++) {
        kl_bars_options o = options_of(kinds[k], sizes[k], &out);
        if (kinds[k] == KL_BARS_DOLLAR) o.size_scale = 8;
        o.source = KL_BARS_OF_KLINES;
        kl_bars *bars = bars_of(memory, &o);
        put(bars, candles, 0, 600);
        assert_int_equal(kl_bars_finish(bars, NULL), KL_OK);
        assert_true(out.n > 5);
        size_t at = 0;
        for (size_t b = 0; b < out.n; b++) { /* by the rows themselves */
            const kl_kline *r = &out.rows[b];
            int64_t volume = 0, quote = 0, high = 0, low = INT64_MAX, close = 0, measure = 0;
            kl_time end = 0;
            uint64_t rows = 0, skipped = 0;
            int64_t count = 0;
            kl_time as_of = 0;
            int32_t authority = 99;
            uint32_t flags = KL_CLOSED, known = KL_HAS_ALL;
            size_t first = at;
            for (; at < 600 && measure < sizes[k]; at++) {
                const kl_kline *c = &candles[at];
                if ((c->flags & KL_SYNTHETIC) || c->trade_count == 0) {
                    skipped++;
                    if (!rows) first = at + 1;
                    continue;
                }
                rows++;
                volume += (int64_t)c->volume.lo, quote += (int64_t)c->quote_volume.lo, count += c->trade_count;
                if (c->high > high) high = c->high;
                if (c->low < low) low = c->low;
                if (c->as_of_us > as_of) as_of = c->as_of_us;
                if (c->authority < authority) authority = c->authority;
                close = c->close, end = c->close_time_us;
                known &= c->known;
                flags |= c->flags & (KL_PARTIAL | KL_REPAIRED);
                if (!(c->flags & KL_CLOSED)) flags &= ~(uint32_t)KL_CLOSED;
                measure = k == 0 ? count : k == 1 ? volume : k == 2 ? quote : high - low;
            }
            if (measure < sizes[k]) flags = (flags & ~(uint32_t)KL_CLOSED) | KL_PARTIAL; /* the end of the data */
            assert_int_equal(r->open, candles[first].open);
            assert_int_equal(r->open_time_us, candles[first].open_time_us);
            assert_int_equal(r->close_time_us, end);
            assert_int_equal(r->high, high);
            assert_int_equal(r->low, low);
            assert_int_equal(r->close, close);
            assert_int_equal(r->volume.lo, volume);
            assert_int_equal(r->quote_volume.lo, quote);
            assert_int_equal(r->trade_count, count);
            assert_int_equal(r->flags, flags);
            assert_int_equal(r->as_of_us, as_of);
            assert_int_equal(r->authority, authority);
            assert_int_equal(r->known, known);
            assert_int_equal(out.info[b].rows, rows);
            assert_int_equal(out.info[b].skipped, skipped);
        }
        assert_int_equal(at, 600);
    }
    kl_bars_options o = options_of(KL_BARS_RENKO, 9, &out), p = options_of(KL_BARS_RENKO, 9, &other);
    o.source = KL_BARS_OF_KLINES;
    kl_bars *bars = bars_of(memory, &o);
    put(bars, candles, 0, 600);
    int64_t of_trades[BARS_MEMORY]; /* the same bricks as of trades at the closes */
    kl_bars *closes = bars_of(of_trades, &p);
    memset(trades, 0, sizeof trades);
    for (size_t i = 0, n = 0; i < 600; i++) {
        if ((candles[i].flags & KL_SYNTHETIC) || candles[i].trade_count == 0) continue;
        trades[n].time_us = candles[i].open_time_us, trades[n].price = candles[i].close, trades[n].quantity = candles[i].volume;
        trades[n].first_id = -1;
        put(closes, trades, n++, 1);
    }
    assert_int_equal(out.n, other.n);
    assert_true(out.n > 100);
    for (size_t i = 0; i < out.n; i++) {
        assert_int_equal(out.rows[i].open, other.rows[i].open);
        assert_int_equal(out.rows[i].close, other.rows[i].close);
        assert_int_equal(out.rows[i].high, other.rows[i].high);
        assert_int_equal(out.rows[i].volume.lo, other.rows[i].volume.lo);
        assert_int_equal(out.rows[i].open_time_us, other.rows[i].open_time_us);
    }
}

/* -------------------------------------------------------------------------------------------- what is refused --- */

static kl_status one_trade(kl_bars *bars, kl_time time, int64_t price, kl_i128 quantity, int64_t id, const kl_scale *scale, kl_error *error) {
    kl_trade t;
    memset(&t, 0, sizeof t);
    t.time_us = time, t.price = price, t.quantity = quantity;
    t.id = t.first_id = t.last_id = id;
    return kl_bars_trades(bars, &t, 1, scale, error);
}

static void bad_trades_change_nothing(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY];
    unsigned char image[1024], now[1024];
    size_t used;
    kl_error error;
    const kl_i128 one = clean_wide(1), huge = {UINT64_MAX, INT64_MAX}, minus = clean_wide(-1);
    const kl_scale bad = {19, 0, 0, 0}, finer = {17, 8, 0, 0};
    for (size_t c = 0; c < N_CASES; c++) {
        kl_bars_options o = case_of(&cases[c], &out);
        kl_bars *bars = bars_of(memory, &o);
        (void)one_trade(bars, CLEAN_T0 + 5, 10003, one, 50, &clean_scale, NULL);
        assert_int_equal(kl_bars_snapshot(bars, image, sizeof image, &used), KL_OK);
        size_t n = out.n;
        assert_int_equal(one_trade(bars, CLEAN_T0 + 4, 10003, one, -1, &clean_scale, &error), KL_E_ORDER);
        assert_int_equal(error.row, 1);
        assert_int_equal(one_trade(bars, CLEAN_T0 + 5, 10003, one, 50, &clean_scale, &error), KL_E_ORDER);
        assert_int_equal(one_trade(bars, CLEAN_T0 + 5, 10003, minus, 51, &clean_scale, &error), KL_E_VOLUME);
        assert_int_equal(one_trade(bars, 5, 10003, one, 51, &clean_scale, &error), KL_E_TIME);
        assert_int_equal(one_trade(bars, KL_TIME_MAX, 10003, one, 51, &clean_scale, &error), KL_E_TIME);
        assert_int_equal(one_trade(bars, CLEAN_T0 + 6, 10003, huge, 51, &clean_scale, &error), KL_E_OVERFLOW);
        assert_int_equal(one_trade(bars, CLEAN_T0 + 6, 10003, one, 51, &bad, &error), KL_E_SCALE);
        if (cases[c].kind == KL_BARS_DOLLAR) assert_int_equal(one_trade(bars, CLEAN_T0 + 6, -1, one, 51, &clean_scale, &error), KL_E_PRICE);
        if (cases[c].kind == KL_BARS_DOLLAR) assert_int_equal(one_trade(bars, CLEAN_T0 + 6, 1, one, 51, &finer, &error), KL_E_SCALE);
        if (cases[c].kind == KL_BARS_RENKO && cases[c].size == 1)
            assert_int_equal(one_trade(bars, CLEAN_T0 + 6, INT64_MIN, one, 51, &clean_scale, &error), KL_E_OVERFLOW);
        if (cases[c].split) assert_int_equal(one_trade(bars, CLEAN_T0 + 6, 1, clean_wide(INT64_MAX), 51, &clean_scale, &error), KL_E_OVERFLOW);
        assert_int_equal(kl_bars_klines(bars, candles, 1, &clean_scale, &error), KL_E_STATE);
        assert_int_equal(kl_bars_trades(NULL, trades, 1, &clean_scale, &error), KL_E_ARG);
        assert_int_equal(kl_bars_trades(bars, NULL, 1, &clean_scale, &error), KL_E_ARG);
        assert_int_equal(kl_bars_trades(bars, trades, 1, NULL, &error), KL_E_ARG);
        assert_int_equal(kl_bars_snapshot(bars, now, sizeof now, &used), KL_OK);
        assert_memory_equal(image, now, used);
        assert_int_equal(out.n, n);
    }
}

static void bad_candles(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY];
    kl_error error;
    for (size_t c = 0; c < N_CASES; c++) {
        if (cases[c].split) continue;
        kl_bars_options o = case_of(&cases[c], &out);
        o.source = KL_BARS_OF_KLINES;
        kl_bars *bars = bars_of(memory, &o);
        kl_kline k = clean_bar(0, 0);
        k.known = 0, k.flags = KL_CLOSED;
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_E_COLUMNS);
        k = clean_bar(0, 0), k.open_time_us = 0;
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_E_TIME);
        k = clean_bar(0, 0), k.close_time_us = INT64_MAX;
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_E_TIME);
        k = clean_bar(0, 0), k.volume = clean_wide(-1);
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_E_VOLUME);
        k = clean_bar(0, 0), k.trade_count = -1;
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_E_VOLUME);
        k = clean_bar(0, 0), k.high = k.low - 1;
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_E_OHLC);
        k = clean_bar(1, 0);
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_OK);
        k = clean_bar(0, 0);
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_E_ORDER);
        assert_int_equal(kl_bars_trades(bars, trades, 1, &clean_scale, &error), KL_E_STATE);
        k = clean_bar(5, 0), k.flags |= KL_SYNTHETIC;
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_OK);
        k = clean_bar(4, 0);
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_E_ORDER); /* what was passed over has its time too */
    }
    kl_bars_options o = options_of(KL_BARS_RENKO, 10, &out);
    o.source = KL_BARS_OF_KLINES, o.wicks = 1;
    kl_bars *bars = bars_of(memory, &o);
    for (int64_t i = 0; i < 4; i++) { /* only the close is known */
        static const int64_t closes[] = {100, 118, 101, 89};
        kl_kline k = clean_bar(i, 0);
        k.known = KL_HAS_CLOSE, k.close = closes[i], k.open = k.high = k.low = 0;
        assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_OK);
    }
    assert_int_equal(out.n, 2);
    assert_int_equal(out.rows[0].close, 110);
    assert_int_equal(out.rows[1].close, 90);
    assert_int_equal(out.rows[1].high, 118);
    assert_int_equal(out.rows[1].low, 90);
    assert_int_equal(out.rows[1].known, KL_HAS_OHLC);
    kl_kline k = clean_bar(4, 0); /* a close beyond its high and low */
    k.close = 5, k.low = 50, k.high = 60;
    assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_OK);
    k = clean_bar(5, 0);
    k.close = 9, k.low = 7, k.high = 8;
    assert_int_equal(kl_bars_klines(bars, &k, 1, &clean_scale, &error), KL_OK);
    unsigned char image[1024];
    size_t used;
    assert_int_equal(kl_bars_snapshot(bars, image, sizeof image, &used), KL_OK);
    assert_int_equal(kl_bars_restore(bars, image, used, &error), KL_OK); /* what it wrote itself it takes */
}

static void bad_options(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY];
    kl_bars *bars;
    for (int bad = 0; bad < 13; bad++) {
        kl_bars_options o = options_of(KL_BARS_VOLUME, 5, &out);
        switch (bad) {
        case 0: o.kind = 0; break;
        case 1: o.kind = 6; break;
        case 2: o.size = clean_wide(0); break;
        case 3: o.size = clean_wide(-5); break;
        case 4: o.size_scale = 19; break;
        case 5: o.size_scale = -1; break;
        case 6: o.wicks = 1; break;
        case 7: o.from_first_price = 1; break;
        case 8: o.split = 2; break;
        case 9: o.source = KL_BARS_OF_KLINES, o.split = 1; break;
        case 10: o.sink.bar = NULL; break;
        case 11: o.kind = KL_BARS_TICKS; break; /* half a trade */
        default: o.struct_size = 2; break;
        }
        assert_int_equal(kl_bars_init(memory, sizeof memory, &o, &bars), KL_E_ARG);
    }
    kl_bars_options o = options_of(KL_BARS_VOLUME, 5, &out);
    assert_int_equal(kl_bars_init(memory, kl_bars_size() - 1, &o, &bars), KL_E_SIZE);
}

static void damaged_snapshots(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY], again[BARS_MEMORY];
    unsigned char image[1024], now[1024], first[1024];
    uint64_t seed = 5;
    size_t used, used2;
    make_trades(&seed, 5);
    for (size_t c = 0; c < N_CASES; c++) {
        kl_bars_options o = case_of(&cases[c], &out), p = case_of(&cases[c], &other);
        kl_bars *bars = bars_of(memory, &o), *target = bars_of(again, &p);
        put(bars, trades, 0, 700);
        assert_int_equal(kl_bars_snapshot(bars, image, sizeof image, &used), KL_OK);
        assert_int_equal(kl_bars_snapshot(bars, now, used - 1, &used2), KL_E_SIZE);
        assert_int_equal(used2, used);
        assert_int_equal(kl_bars_snapshot(target, first, sizeof first, &used2), KL_OK);
        for (size_t n = 0; n < used; n++) assert_int_equal(kl_bars_restore(target, image, n, NULL), KL_E_CORRUPT);
        for (size_t bit = 0; bit < 8 * used; bit++) {
            image[bit / 8] ^= (unsigned char)(1 << bit % 8);
            kl_status status = kl_bars_restore(target, image, used, NULL);
            assert_int_equal(kl_bars_snapshot(target, now, sizeof now, &used2), KL_OK);
            assert_memory_equal(now, status < 0 ? first : image, used); /* as it was, or exactly what it was given */
            if (status >= 0) { /* goes on, whatever it is */
                other.n = 0;
                (void)kl_bars_trades(target, trades + 700, 20, &clean_scale, NULL);
                (void)kl_bars_finish(target, NULL);
                target = bars_of(again, &p);
            }
            image[bit / 8] ^= (unsigned char)(1 << bit % 8);
        }
        o = case_of(&cases[(c + 1) % N_CASES], &out); /* of other bars */
        bars = bars_of(memory, &o);
        assert_int_equal(kl_bars_restore(bars, image, used, NULL), KL_E_DEFINITION);
    }
}

/* states that would never end a bar, or end it without end, are refused. */
static void impossible_snapshots(void **state) {
    (void)state;
    static const struct { int32_t kind; size_t word; int64_t value; kl_status status; } words[] = {
        {KL_BARS_VOLUME, 19, 39, KL_OK},          {KL_BARS_VOLUME, 19, 40, KL_E_CORRUPT}, {KL_BARS_VOLUME, 20, -1, KL_E_CORRUPT},
        {KL_BARS_DOLLAR, 21, 39, KL_OK},          {KL_BARS_DOLLAR, 21, 40, KL_E_CORRUPT}, {KL_BARS_DOLLAR, 22, -1, KL_E_CORRUPT},
        {KL_BARS_TICKS, 31, 40, KL_E_CORRUPT},    {KL_BARS_TICKS, 31, -1, KL_E_CORRUPT},  {KL_BARS_RANGE, 28, 60, KL_E_CORRUPT},
        {KL_BARS_RANGE, 29, 30, KL_E_CORRUPT},    {KL_BARS_RENKO, 13, 41, KL_E_CORRUPT},  {KL_BARS_RENKO, 13, 40, KL_OK},
        {KL_BARS_RENKO, 13, -40, KL_E_CORRUPT},   {KL_BARS_RENKO, 11, 1, KL_E_CORRUPT},   {KL_BARS_RENKO, 11, 30, KL_E_CORRUPT},   {KL_BARS_RENKO, 14, 19, KL_E_CORRUPT},
        {KL_BARS_RENKO, 18, 0, KL_E_CORRUPT},     {KL_BARS_VOLUME, 9, INT64_MAX, KL_E_CORRUPT}, {KL_BARS_VOLUME, 8, 5, KL_E_CORRUPT},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        int64_t memory[BARS_MEMORY];
        unsigned char image[1024];
        size_t used;
        kl_bars_options o = options_of(words[i].kind, words[i].kind == KL_BARS_RENKO ? 21 : 40, &out);
        o.from_first_price = o.kind == KL_BARS_RENKO;
        kl_bars *bars = bars_of(memory, &o);
        kl_error error;
        kl_trade t;
        memset(&t, 0, sizeof t);
        t.time_us = CLEAN_T0, t.price = 20, t.quantity = clean_wide(1), t.first_id = -1;
        assert_int_equal(kl_bars_trades(bars, &t, 1, &clean_scale, &error), KL_OK);
        assert_int_equal(kl_bars_snapshot(bars, image, sizeof image, &used), KL_OK);
        for (int b = 0; b < 8; b++) image[8 * words[i].word + (size_t)b] = (unsigned char)((uint64_t)words[i].value >> 8 * b);
        if (words[i].kind == KL_BARS_RENKO && words[i].word == 13) memcpy(image + 8 * 14, image + 8 * 13, 8); /* the extremes hold the price */
        if (words[i].kind == KL_BARS_RENKO && words[i].word == 13 && words[i].value < 0) memcpy(image + 8 * 15, image + 8 * 13, 8);
        kl_status status = kl_bars_restore(bars, image, used, &error);
        if (status != words[i].status) print_error("case %u\n", (unsigned)i);
        assert_int_equal(status, words[i].status);
    }
}

/* ------------------------------------------------------------------------------------------------- the scale --- */

static void finer_rows_and_sizes(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY];
    kl_bars_options o = options_of(KL_BARS_RENKO, 5, &out);
    o.size_scale = 1; /* 0.5, of prices in whole units, then in hundredths */
    const kl_scale whole = {0, 0, 0, 0}, cents = {2, 1, 0, 0};
    kl_bars *bars = bars_of(memory, &o);
    assert_int_equal(one_trade(bars, CLEAN_T0, 100, clean_wide(2), 1, &whole, NULL), KL_OK);
    assert_int_equal(one_trade(bars, CLEAN_T0, 10049, clean_wide(3), 2, &cents, NULL), KL_OK);
    assert_int_equal(out.n, 0);
    assert_int_equal(one_trade(bars, CLEAN_T0, 101, clean_wide(1), 3, &whole, NULL), KL_OK);
    assert_int_equal(out.n, 2);
    assert_int_equal(out.scale.price, 2);
    assert_int_equal(out.scale.volume, 1);
    assert_int_equal(out.scale.quote, 3);
    assert_int_equal(out.rows[0].close, 10050);
    assert_int_equal(out.rows[1].close, 10100);
    assert_int_equal(out.rows[0].volume.lo, 33); /* 2 + 0.3 + 1 */
    assert_int_equal(out.rows[0].quote_volume.lo, 200000 + 30147 + 101000);
    o = options_of(KL_BARS_DOLLAR, 1, &out); /* 0.001 at a quote scale of 0: volumes become finer */
    o.size_scale = 3, o.split = 1;
    bars = bars_of(memory, &o);
    assert_int_equal(one_trade(bars, CLEAN_T0, 3, clean_wide(1), 1, &whole, NULL), KL_OK);
    assert_int_equal(out.scale.volume, 3);
    assert_int_equal(out.n, 1000); /* 0.001 * 3 reaches 0.001 each */
    assert_int_equal(out.rows[0].quote_volume.lo, 3);
    assert_int_equal(out.rows[0].trade_count, 1);
    assert_int_equal(out.rows[999].open_time_us, CLEAN_T0 + 999);
    o = options_of(KL_BARS_VOLUME, 1, &out); /* beyond 64 bits: 1e18 bars' worth is split exactly */
    o.size.lo = 0, o.size.hi = 1, o.size_scale = 0, o.split = 1;
    bars = bars_of(memory, &o);
    const kl_i128 big = {5, 10};
    assert_int_equal(one_trade(bars, CLEAN_T0, 1000, big, 1, &whole, NULL), KL_OK);
    assert_int_equal(out.n, 10);
    assert_int_equal(out.rows[9].volume.hi, 1);
    assert_int_equal(out.rows[9].quote_volume.hi, 1000);
    kl_kline row;
    assert_int_equal(kl_bars_peek(bars, &row, NULL, NULL), KL_OK);
    assert_int_equal(row.volume.lo, 5);
    assert_int_equal(row.quote_volume.lo, 5000);
    o = options_of(KL_BARS_TICKS, 2, &out); /* price * quantity with too many decimals: unknown, never wrong */
    bars = bars_of(memory, &o);
    const kl_scale fine = {10, 9, 0, 0};
    assert_int_equal(one_trade(bars, CLEAN_T0, 100, clean_wide(1), 1, &whole, NULL), KL_OK);
    assert_int_equal(one_trade(bars, CLEAN_T0, 100, clean_wide(1), 2, &fine, NULL), KL_OK);
    assert_int_equal(out.n, 1);
    assert_int_equal(out.rows[0].known & (KL_HAS_QUOTE_VOLUME | KL_HAS_TAKER_QUOTE | KL_HAS_TAKER_BASE), 0);
    assert_int_equal(out.rows[0].quote_volume.lo, 0);
    assert_int_equal(out.rows[0].open, 1000000000000);
    const kl_i128 huge = {0, INT64_C(1) << 60};
    assert_int_equal(one_trade(bars, CLEAN_T0, INT64_MAX, huge, 3, &fine, NULL), KL_OK); /* a value that nobody knows does not pass 128 bits */
    kl_error error;
    o = options_of(KL_BARS_TICKS, 9, &out);
    bars = bars_of(memory, &o);
    assert_int_equal(one_trade(bars, CLEAN_T0, 100, clean_wide(1), 1, &whole, NULL), KL_OK);
    assert_int_equal(one_trade(bars, CLEAN_T0 - 1, 100, clean_wide(1), -1, &fine, &error), KL_E_ORDER);
    assert_int_equal(kl_bars_peek(bars, &row, NULL, NULL), KL_OK); /* a refused row brings its scale all the same */
    assert_int_equal(row.known & KL_HAS_QUOTE_VOLUME, 0);
    assert_int_equal(row.close, 1000000000000);
    o = options_of(KL_BARS_RENKO, 10, &out); /* prices below 0 */
    bars = bars_of(memory, &o);
    assert_int_equal(one_trade(bars, CLEAN_T0, -7, clean_wide(1), 1, &clean_scale, NULL), KL_OK);
    assert_int_equal(one_trade(bars, CLEAN_T0, -19, clean_wide(1), 2, &clean_scale, NULL), KL_OK);
    assert_int_equal(out.n, 0);
    assert_int_equal(one_trade(bars, CLEAN_T0, 0, clean_wide(1), 3, &clean_scale, NULL), KL_OK);
    assert_int_equal(out.n, 1);
    assert_int_equal(out.rows[0].open, -10);
    assert_int_equal(out.rows[0].close, 0);
    bars = bars_of(memory, &o);
    assert_int_equal(one_trade(bars, CLEAN_T0, INT64_MIN, clean_wide(0), 1, &clean_scale, NULL), KL_E_OVERFLOW); /* no multiple below */
}

static void kinds_and_sizes_as_text(void **state) {
    (void)state;
    static const struct { const char *text; int32_t kind, scale; uint64_t size; kl_status status; } texts[] = {
        {"ticks:1000", KL_BARS_TICKS, 0, 1000, KL_OK}, {"ticks:1e3", KL_BARS_TICKS, 0, 1000, KL_OK},
        {"volume:0.50", KL_BARS_VOLUME, 1, 5, KL_OK}, {"dollar:1e6", KL_BARS_DOLLAR, 0, 1000000, KL_OK},
        {"renko:50.00", KL_BARS_RENKO, 0, 50, KL_OK}, {"range:0.00000001", KL_BARS_RANGE, 8, 1, KL_OK},
        {"ticks:1.5", 0, 0, 0, KL_E_ARG}, {"volume:0", 0, 0, 0, KL_E_ARG}, {"volume:-1", 0, 0, 0, KL_E_ARG},
        {"volume:", 0, 0, 0, KL_E_NUMBER}, {"volume:1x", 0, 0, 0, KL_E_NUMBER}, {"volume:nan", 0, 0, 0, KL_E_NOT_FINITE},
        {"volume", 0, 0, 0, KL_E_UNKNOWN_NAME}, {"1h", 0, 0, 0, KL_E_UNKNOWN_NAME}, {"", 0, 0, 0, KL_E_UNKNOWN_NAME},
        {"tick:5", 0, 0, 0, KL_E_UNKNOWN_NAME}, {"volume:1e-19", 0, 0, 0, KL_E_SCALE}, {"volume:1e60", 0, 0, 0, KL_E_OVERFLOW},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        kl_bars_options o;
        kl_bars_options_init(&o);
        assert_int_equal(kl_bars_parse(texts[i].text, strlen(texts[i].text), &o), texts[i].status);
        assert_int_equal(o.kind, texts[i].kind);
        assert_int_equal(o.size_scale, texts[i].scale);
        assert_int_equal(o.size.lo, texts[i].size);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bricks_by_hand),    cmocka_unit_test(of_candles),           cmocka_unit_test(bad_trades_change_nothing),
        cmocka_unit_test(bad_candles),       cmocka_unit_test(bad_options),          cmocka_unit_test(damaged_snapshots),
        cmocka_unit_test(impossible_snapshots), cmocka_unit_test(finer_rows_and_sizes), cmocka_unit_test(kinds_and_sizes_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
