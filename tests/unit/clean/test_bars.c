/* Bars that time does not make, against a long form: lists of what is in each bar, trades that are split taken unit by unit. */
#include "clean_rows.h"
#include "random.h"

static unsigned long long taken; /* allocations so far */
#ifdef BARS_WRAP                /* the linker's --wrap counts them */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size) {
    taken++;
    return __real_malloc(size);
}
void *__wrap_calloc(size_t n, size_t size) {
    taken++;
    return __real_calloc(n, size);
}
void *__wrap_realloc(void *memory, size_t size) {
    taken++;
    return __real_realloc(memory, size);
}
#endif

enum { BARS_ROOM = 20000, BARS_TRADES = 1500, BARS_MEMORY = 128 };
typedef struct bars_list {
    kl_kline rows[BARS_ROOM];
    kl_bars_info info[BARS_ROOM];
    kl_scale scale;
    size_t n;
    size_t stop_at; /* 0: never; else the receiver fails at this bar, once */
} bars_list;
static bars_list out, other, want;
static kl_trade trades[BARS_TRADES];
static kl_kline candles[BARS_TRADES];

static kl_status take(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_bars_info *info) {
    bars_list *list = ctx;
    if (list->n == BARS_ROOM) return KL_E_CANCEL;
    if (list->stop_at && list->n + 1 == list->stop_at) {
        list->stop_at = 0;
        return KL_E_CANCEL;
    }
    list->rows[list->n] = *row;
    list->info[list->n++] = *info;
    list->scale = *scale;
    return KL_OK;
}

/* clean_scale is 2 decimals of prices, 8 of volumes: sizes here are in units of those. */
static kl_bars_options options_of(int32_t kind, int64_t units, bars_list *into) {
    kl_bars_options options;
    kl_bars_options_init(&options);
    options.kind = kind;
    options.size = clean_wide(units);
    options.size_scale = kind == KL_BARS_TICKS ? 0 : kind == KL_BARS_VOLUME ? 8 : kind == KL_BARS_DOLLAR ? 10 : 2;
    options.sink.ctx = into;
    options.sink.bar = take;
    memset(into, 0, sizeof *into);
    return options;
}

static kl_bars *bars_of(int64_t *memory, const kl_bars_options *options) {
    kl_bars *bars;
    assert_true(kl_bars_size() <= BARS_MEMORY * 8);
    assert_int_equal(kl_bars_init(memory, BARS_MEMORY * 8, options, &bars), KL_OK);
    return bars;
}

static void put(kl_bars *bars, const void *rows, size_t from, size_t n) {
    kl_error error;
    kl_status status = bars == NULL ? KL_E_ARG : KL_OK;
    if (rows == (const void *)trades) status = kl_bars_trades(bars, trades + from, n, &clean_scale, &error);
    if (rows == (const void *)candles) status = kl_bars_klines(bars, candles + from, n, &clean_scale, &error);
    if (status < 0) print_error("row %lld: %s\n", (long long)error.row, error.message);
    assert_int_equal(status, KL_OK);
}

static void make_trades(uint64_t *seed, int64_t step) {
    int64_t price = 10000 + (int64_t)random_below(seed, 1000), id = 100;
    kl_time time = CLEAN_T0;
    for (size_t i = 0; i < BARS_TRADES; i++) {
        kl_trade *t = &trades[i];
        memset(t, 0, sizeof *t);
        if (random_below(seed, 3) == 0) time += (int64_t)random_below(seed, 4);
        price += (int64_t)random_below(seed, 2 * (uint64_t)step + 1) - step;
        if (random_below(seed, 50) == 0) price += (int64_t)random_below(seed, 40 * (uint64_t)step + 1) - 20 * step;
        if (price < 1) price = 1;
        if (random_below(seed, 100) == 0) id += 3; /* a hole */
        int64_t singles = random_below(seed, 8) == 0 ? 1 + (int64_t)random_below(seed, 4) : 1;
        t->time_us = time;
        t->price = price;
        t->quantity = clean_wide((int64_t)random_below(seed, random_below(seed, 20) == 0 ? 200 : 12));
        t->id = (int64_t)i, t->first_id = id, t->last_id = id + singles - 1;
        t->flags = KL_TRADE_MAKER_KNOWN | (uint32_t)random_below(seed, 2);
        id += singles;
        if (random_below(seed, 60) == 0) { /* taken back */
            t->flags = KL_TRADE_NEUTRALISED;
            t->price = 0, t->quantity = clean_wide(0), t->id = t->first_id = t->last_id = -1;
            id -= singles;
        }
    }
}

/* ------------------------------------------------------------------------------------------- the long form --- */

typedef struct long_part { /* a row, or some units of it */
    size_t row;
    int64_t units;
    int whole, first; /* first: the part in which the row begins */
} long_part;
typedef struct long_bar {
    long_part part[4 * BARS_TRADES];
    size_t n;
    uint64_t skipped;
} long_bar;
static long_bar forming;
static int64_t long_last_id;
static kl_time long_key;

static int64_t sum_of(int what) { /* 0 volume, 1 value, 2 taker volume, 3 taker value, 4 trades */
    int64_t sum = 0;
    for (size_t i = 0; i < forming.n; i++) {
        const long_part *p = &forming.part[i];
        const kl_trade *t = &trades[p->row];
        int taker = !(t->flags & KL_TRADE_BUYER_MAKER);
        if (what == 4) sum += p->first ? t->last_id - t->first_id + 1 : 1;
        else if (what < 2 || taker) sum += p->units * (what & 1 ? t->price : 1);
    }
    return sum;
}

/* high or low of what is in the bar, without the first `from` parts. */
static int64_t extreme(size_t from, int high) {
    int64_t most = trades[forming.part[from].row].price;
    for (size_t i = from; i < forming.n; i++) {
        int64_t price = trades[forming.part[i].row].price;
        if (high ? price > most : price < most) most = price;
    }
    return most;
}

static void long_emit(const int64_t *edges /* open high low close */, size_t jump_row, int done) {
    kl_kline *row = &want.rows[want.n];
    kl_bars_info *info = &want.info[want.n];
    memset(row, 0, sizeof *row);
    memset(info, 0, sizeof *info);
    info->sequence = want.n++;
    info->skipped = forming.skipped;
    size_t first = forming.n ? forming.part[0].row : jump_row, last = forming.n ? forming.part[forming.n - 1].row : jump_row;
    info->first_us = trades[first].time_us, info->last_us = trades[last].time_us;
    row->open_time_us = info->first_us > long_key ? info->first_us : long_key + 1;
    row->close_time_us = info->last_us > row->open_time_us ? info->last_us : row->open_time_us;
    long_key = row->open_time_us;
    row->known = KL_HAS_ALL;
    row->first_trade_id = row->last_trade_id = -1;
    if (forming.n) {
        row->known |= KL_HAS_TRADE_IDS;
        row->open = trades[first].price, row->close = trades[last].price;
        row->high = extreme(0, 1), row->low = extreme(0, 0);
        row->first_trade_id = trades[first].first_id, row->last_trade_id = trades[last].last_id;
        int64_t ids = long_last_id;
        for (size_t i = 0; i < forming.n; i++) {
            const kl_trade *t = &trades[forming.part[i].row];
            if (!forming.part[i].first) continue;
            if (ids >= 0) info->missing_ids += (uint64_t)(t->first_id - ids - 1);
            ids = t->last_id;
        }
        long_last_id = ids;
        info->continued = !forming.part[0].first;
    }
    if (edges) row->open = edges[0], row->high = edges[1], row->low = edges[2], row->close = edges[3];
    if (edges) info->direction = edges[3] > edges[0] ? 1 : edges[3] < edges[0] ? -1 : 0;
    row->volume = clean_wide(sum_of(0)), row->quote_volume = clean_wide(sum_of(1));
    row->taker_buy_base = clean_wide(sum_of(2)), row->taker_buy_quote = clean_wide(sum_of(3));
    row->trade_count = sum_of(4);
    info->rows = forming.n;
    row->flags = (done ? KL_CLOSED : KL_PARTIAL) | (info->missing_ids ? KL_PARTIAL : 0u);
    memset(&forming, 0, sizeof forming);
}

static int long_reached(int32_t kind, int64_t size) {
    switch (kind) {
    case KL_BARS_TICKS: return sum_of(4) >= size;
    case KL_BARS_VOLUME: return sum_of(0) >= size;
    case KL_BARS_DOLLAR: return sum_of(1) >= size;
    default: return extreme(0, 1) - extreme(0, 0) >= size;
    }
}

static void long_add(size_t row, int64_t units, int first) {
    long_part *last = forming.n ? &forming.part[forming.n - 1] : NULL;
    if (last && last->row == row) {
        last->units += units;
        return;
    }
    long_part part = {row, units, 0, first};
    forming.part[forming.n++] = part;
}

static void long_form(const kl_bars_options *o) {
    int64_t size = (int64_t)o->size.lo, top = 0, bottom = 0, since_high = 0, since_low = 0, price = 0;
    int begun = 0;
    memset(&want, 0, sizeof want);
    memset(&forming, 0, sizeof forming);
    long_last_id = -1;
    long_key = CLEAN_T0 - 1;
    for (size_t i = 0; i < BARS_TRADES; i++) {
        const kl_trade *t = &trades[i];
        if (t->flags & KL_TRADE_NEUTRALISED || (t->price == 0 && t->quantity.lo == 0)) {
            forming.skipped++;
            continue;
        }
        int64_t units = (int64_t)t->quantity.lo;
        if (o->kind == KL_BARS_RENKO) {
            long_add(i, units, 1);
            price = t->price;
            if (!begun) top = bottom = o->from_first_price ? price : price / size * size, since_high = since_low = price;
            begun = 1;
            if (price > since_high) since_high = price;
            if (price < since_low) since_low = price;
            int jumped = 0;
            for (int up = 0; up < 2; up++)
                while (up ? price >= top + size : price <= bottom - size) {
                    int64_t open = up ? top : bottom, close = up ? top + size : bottom - size;
                    int64_t edges[4] = {open, up ? close : open, up ? open : close, close};
                    if (o->wicks && !jumped && !up && since_high > open) edges[1] = since_high;
                    if (o->wicks && !jumped && up && since_low < open) edges[2] = since_low;
                    long_emit(edges, i, 1);
                    top = up ? close : open, bottom = up ? open : close;
                    jumped = 1;
                }
            if (jumped) since_high = since_low = price;
        } else if (!o->split) {
            long_add(i, units, 1);
            if (long_reached(o->kind, size)) long_emit(NULL, i, 1);
        } else {
            if (!units) long_add(i, 0, 1);
            for (int64_t u = 0; u < units; u++) {
                long_add(i, 1, u == 0);
                if (long_reached(o->kind, size)) long_emit(NULL, i, 1);
            }
        }
    }
    if (!forming.n) return;
    int64_t open = price > top ? top : price < bottom ? bottom : price;
    int64_t edges[4] = {open, open > price ? open : price, open < price ? open : price, price};
    if (o->wicks && since_high > edges[1]) edges[1] = since_high;
    if (o->wicks && since_low < edges[2]) edges[2] = since_low;
    long_emit(o->kind == KL_BARS_RENKO ? edges : NULL, 0, 0);
}

static void same_lists(const bars_list *a, const bars_list *b) {
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        if (memcmp(&a->rows[i], &b->rows[i], sizeof a->rows[i]) || memcmp(&a->info[i], &b->info[i], sizeof a->info[i]))
            print_error("bar %u of %u: open %lld %lld, close %lld %lld, volume %llu %llu, flags %u %u\n", (unsigned)i, (unsigned)a->n,
                        (long long)a->rows[i].open, (long long)b->rows[i].open, (long long)a->rows[i].close, (long long)b->rows[i].close,
                        (unsigned long long)a->rows[i].volume.lo, (unsigned long long)b->rows[i].volume.lo, a->rows[i].flags, b->rows[i].flags);
        assert_memory_equal(&a->rows[i], &b->rows[i], sizeof a->rows[i]);
        assert_memory_equal(&a->info[i], &b->info[i], sizeof a->info[i]);
    }
}

/* sums of the bars are those of the trades, to the last unit. */
static void same_sums(const bars_list *list) {
    int64_t volume = 0, value = 0, taker = 0, taker_value = 0, count = 0, missing = 0;
    for (size_t i = 0; i < BARS_TRADES; i++) {
        const kl_trade *t = &trades[i];
        if (t->flags & KL_TRADE_NEUTRALISED || t->price == 0) continue;
        int64_t q = (int64_t)t->quantity.lo, bought = t->flags & KL_TRADE_BUYER_MAKER ? 0 : 1;
        volume += q, value += q * t->price, taker += bought * q, taker_value += bought * q * t->price;
        count += t->last_id - t->first_id + 1;
    }
    for (size_t i = 0; i < list->n; i++) {
        const kl_kline *r = &list->rows[i];
        volume -= (int64_t)r->volume.lo, value -= (int64_t)r->quote_volume.lo;
        taker -= (int64_t)r->taker_buy_base.lo, taker_value -= (int64_t)r->taker_buy_quote.lo;
        count -= r->trade_count - list->info[i].continued;
        missing += (int64_t)list->info[i].missing_ids;
        if (i) assert_true(r->open_time_us > r[-1].open_time_us);
        assert_true(r->close_time_us >= r->open_time_us);
        assert_true(r->high >= r->low && r->open <= r->high && r->open >= r->low && r->close <= r->high && r->close >= r->low);
    }
    assert_int_equal(volume, 0);
    assert_int_equal(value, 0);
    assert_int_equal(taker, 0);
    assert_int_equal(taker_value, 0);
    assert_int_equal(count, 0);
    (void)missing;
}

typedef struct bars_case {
    int32_t kind;
    int64_t size;
    int32_t split, wicks, first;
} bars_case;
static const bars_case cases[] = {
    {KL_BARS_TICKS, 1, 0, 0, 0},       {KL_BARS_TICKS, 7, 0, 0, 0},        {KL_BARS_TICKS, 5000, 0, 0, 0}, {KL_BARS_VOLUME, 1, 0, 0, 0},
    {KL_BARS_VOLUME, 40, 0, 0, 0},     {KL_BARS_VOLUME, 3, 1, 0, 0},       {KL_BARS_VOLUME, 40, 1, 0, 0},  {KL_BARS_DOLLAR, 300000, 0, 0, 0},
    {KL_BARS_DOLLAR, 300000, 1, 0, 0}, {KL_BARS_DOLLAR, 27001, 1, 0, 0},   {KL_BARS_RENKO, 10, 0, 0, 0},   {KL_BARS_RENKO, 10, 0, 1, 0},
    {KL_BARS_RENKO, 73, 0, 1, 0},      {KL_BARS_RENKO, 73, 0, 0, 1},       {KL_BARS_RENKO, 1, 0, 1, 1},    {KL_BARS_RANGE, 20, 0, 0, 0},
    {KL_BARS_RANGE, 1, 0, 0, 0},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

static kl_bars_options case_of(const bars_case *c, bars_list *into) {
    kl_bars_options o = options_of(c->kind, c->size, into);
    o.split = c->split, o.wicks = c->wicks, o.from_first_price = c->first;
    return o;
}

static void as_the_long_form(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY];
    uint64_t seed = 20260101;
    int rounds = getenv("KLINE_QUICK") ? 1 : getenv("KLINE_LONG") ? 40 : 4;
    for (int round = 0; round < rounds; round++) {
        make_trades(&seed, 3 + 4 * round);
        for (size_t c = 0; c < N_CASES; c++) {
            kl_bars_options o = case_of(&cases[c], &out);
            kl_bars *bars = bars_of(memory, &o);
            unsigned long long before = taken;
            put(bars, trades, 0, BARS_TRADES);
            assert_int_equal(kl_bars_finish(bars, NULL), KL_OK);
            assert_true(taken == before); /* no allocation */
            long_form(&o);
            same_lists(&out, &want);
            same_sums(&out);
            assert_true(out.n > (c == 2 ? 0u : 3u));
        }
    }
}

static void chunks_and_snapshots_change_nothing(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY], again[BARS_MEMORY];
    unsigned char image[1024], image2[1024];
    uint64_t seed = 77;
    make_trades(&seed, 5);
    for (size_t c = 0; c < N_CASES; c++) {
        kl_bars_options o = case_of(&cases[c], &out), p = case_of(&cases[c], &other);
        kl_bars *bars = bars_of(memory, &o), *pieces = bars_of(again, &p);
        put(bars, trades, 0, BARS_TRADES);
        for (size_t i = 0; i < BARS_TRADES;) { /* a fresh object for each chunk, by snapshot or by copy of the bytes */
            size_t n = 1 + random_below(&seed, c % 2 ? 2 : 30), used, used2;
            if (n > BARS_TRADES - i) n = BARS_TRADES - i;
            put(pieces, trades, i, n);
            i += n;
            assert_int_equal(kl_bars_snapshot(pieces, image, sizeof image, &used), KL_OK);
            assert_int_equal(used, kl_bars_snapshot_size(pieces));
            memset(again, 0xa5, sizeof again);
            pieces = bars_of(again, &p);
            assert_int_equal(kl_bars_restore(pieces, image, used, NULL), KL_OK);
            assert_int_equal(kl_bars_snapshot(pieces, image2, sizeof image2, &used2), KL_OK);
            assert_int_equal(used, used2);
            assert_memory_equal(image, image2, used);
            kl_kline row;
            kl_bars_info info;
            kl_scale scale;
            kl_status status = kl_bars_peek(pieces, &row, &scale, &info); /* what an end here would hand out, but for its flags */
            kl_bars *end;
            int64_t end_memory[BARS_MEMORY];
            kl_bars_options e = case_of(&cases[c], &want);
            end = bars_of(end_memory, &e);
            assert_int_equal(kl_bars_restore(end, image, used, NULL), KL_OK);
            assert_int_equal(kl_bars_finish(end, NULL), KL_OK);
            assert_int_equal(status, want.n ? KL_OK : KL_END);
            if (!want.n) continue;
            assert_int_equal(want.rows[0].flags, KL_PARTIAL);
            want.rows[0].flags = 0;
            assert_memory_equal(&row, &want.rows[0], sizeof row);
            assert_memory_equal(&info, &want.info[0], sizeof info);
            assert_int_equal(kl_bars_peek(end, &row, NULL, NULL), KL_END);
        }
        assert_int_equal(kl_bars_finish(bars, NULL), KL_OK);
        assert_int_equal(kl_bars_finish(pieces, NULL), KL_OK);
        same_lists(&out, &other);
    }
}

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
        assert_int_equal(one_trade(bars, CLEAN_T0 + 4, 10003, one, 51, &clean_scale, &error), KL_E_ORDER);
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

static void a_receiver_that_fails_gets_the_bars_again(void **state) {
    (void)state;
    int64_t memory[BARS_MEMORY];
    unsigned char before[1024], after[1024];
    size_t used;
    for (size_t c = 0; c < N_CASES; c++) {
        kl_bars_options o = case_of(&cases[c], &out);
        uint64_t seed = c;
        make_trades(&seed, 9);
        long_form(&o);
        size_t failed = 0;
        kl_bars *bars = bars_of(memory, &o);
        for (size_t i = 0; i < BARS_TRADES; i++) {
            assert_int_equal(kl_bars_snapshot(bars, before, sizeof before, &used), KL_OK);
            size_t n = out.n;
            out.stop_at = random_below(&seed, 2) ? n + 1 + random_below(&seed, 2) : 0;
            kl_error error;
            kl_status status = kl_bars_trades(bars, trades + i, 1, &clean_scale, &error);
            out.stop_at = 0;
            if (status >= 0) continue;
            assert_int_equal(status, KL_E_CANCEL);
            assert_int_equal(error.row, 1);
            failed++;
            assert_int_equal(kl_bars_snapshot(bars, after, sizeof after, &used), KL_OK);
            if (i) assert_memory_equal(before, after, used); /* the first row brings the scale */
            out.n = n; /* those of the row come again */
            put(bars, trades, i, 1);
        }
        assert_int_equal(kl_bars_finish(bars, NULL), KL_OK);
        same_lists(&out, &want);
        assert_true(failed > 0 || c == 2);
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
    }
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
        cmocka_unit_test(as_the_long_form),   cmocka_unit_test(chunks_and_snapshots_change_nothing),
        cmocka_unit_test(bricks_by_hand),     cmocka_unit_test(of_candles),
        cmocka_unit_test(bad_candles),        cmocka_unit_test(bad_options),
        cmocka_unit_test(bad_trades_change_nothing), cmocka_unit_test(a_receiver_that_fails_gets_the_bars_again),
        cmocka_unit_test(damaged_snapshots),  cmocka_unit_test(finer_rows_and_sizes),
        cmocka_unit_test(kinds_and_sizes_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
