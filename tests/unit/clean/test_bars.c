/* Bars that time does not make, against a long form: lists of what is in each bar, trades that are split taken unit by unit. */
#include "bars_support.h"

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

static bars_list want;

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
            if (t->time_us > info->last_us) info->last_us = t->time_us;
            if (!forming.part[i].first) continue;
            if (ids >= 0) info->missing_ids += (uint64_t)(t->first_id - ids - 1);
            ids = t->last_id;
        }
        long_last_id = ids;
        info->continued = !forming.part[0].first;
    }
    row->close_time_us = info->last_us > row->open_time_us ? info->last_us : row->open_time_us;
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_long_form),
        cmocka_unit_test(chunks_and_snapshots_change_nothing),
        cmocka_unit_test(a_receiver_that_fails_gets_the_bars_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
