/* One version per candle and per trade, whatever the order of arrival. */
#include "clean_rows.h"

static clean_out out; /* large */

static kl_dedup *dedup_of(int32_t policy) {
    static int64_t memory[256];
    assert_true(kl_dedup_size() <= sizeof memory);
    memset(&out, 0, sizeof out);
    kl_kline_sink next = {&out, clean_take_klines};
    kl_change_sink changes = {&out, clean_take_change};
    kl_dedup *dedup;
    assert_int_equal(kl_dedup_init(memory, sizeof memory, policy, &next, &changes, &dedup), KL_OK);
    return dedup;
}

static void push(kl_dedup *dedup, const kl_kline *rows, size_t n) {
    kl_kline copy[64];
    int64_t lines[64];
    assert_true(n <= 64);
    memcpy(copy, rows, n * sizeof *rows);
    for (size_t i = 0; i < n; i++) lines[i] = (int64_t)i + 1;
    kl_kline_batch batch = {copy, lines, n, clean_scale};
    assert_int_equal(kl_dedup_push(dedup, &batch, NULL), KL_OK);
}

static kl_kline version(int64_t i, int64_t salt, uint32_t flags, kl_time as_of) {
    kl_kline row = clean_bar(i, salt);
    row.flags = flags;
    row.as_of_us = as_of;
    return row;
}

static void bug_2a__a_forming_bar_is_replaced_by_the_closed_one(void **state) {
    (void)state;
    kl_kline rows[3] = {version(0, 1, 0, 0), version(0, 2, KL_CLOSED, 0), version(1, 0, KL_CLOSED, 0)};
    kl_dedup *dedup = dedup_of(KL_DEDUP_RANK);
    push(dedup, rows, 3);
    assert_int_equal(kl_dedup_finish(dedup, NULL), KL_OK);
    assert_int_equal(out.n, 2);
    assert_true(kl_kline_same(&out.rows[0], &rows[1]));
    assert_int_equal(out.rows[0].flags, KL_CLOSED); /* replacing a forming bar is no revision */
    kl_dedup_counts counts;
    kl_dedup_counts_get(dedup, &counts);
    assert_int_equal(counts.rows, 3);
    assert_int_equal(counts.unique, 2);
    assert_int_equal(counts.replaced, 1);
    assert_int_equal(counts.revisions, 0);
    assert_int_equal(out.changes, 1);
}

static void bug_4l__a_closed_bar_is_never_replaced_by_a_forming_one(void **state) {
    (void)state;
    kl_kline rows[3] = {version(0, 2, KL_CLOSED, 0), version(0, 1, 0, CLEAN_T0), version(0, 3, KL_SUSPECT, CLEAN_T0)};
    kl_dedup *dedup = dedup_of(KL_DEDUP_RANK);
    for (int i = 0; i < 3; i++) push(dedup, rows + i, 1);
    assert_int_equal(kl_dedup_finish(dedup, NULL), KL_OK);
    assert_int_equal(out.n, 1);
    assert_true(kl_kline_same(&out.rows[0], &rows[0]));
    /* and a correction of the closed bar lands */
    kl_kline fix = version(0, 9, KL_CLOSED, CLEAN_T0 + 1);
    push(dedup, rows, 1);
    push(dedup, &fix, 1);
    assert_int_equal(kl_dedup_finish(dedup, NULL), KL_OK);
    assert_int_equal(out.n, 2);
    assert_true(kl_kline_same(&out.rows[1], &fix));
    assert_int_equal(out.rows[1].flags, KL_CLOSED | KL_REVISED);
}

static void bug_0c__late_rows_land(void **state) {
    (void)state;
    kl_series series;
    kl_series_init(&series, NULL);
    kl_kline rows[8];
    for (int i = 0; i < 8; i++) rows[i] = clean_bar(i, 0);
    assert_int_equal(kl_series_append(&series, rows + 5, 3, &clean_scale, NULL), KL_OK);
    assert_int_equal(kl_series_append(&series, rows, 5, &clean_scale, NULL), KL_OK); /* before what was there */
    kl_kline correction = version(2, 30, KL_CLOSED, CLEAN_T0 + CLEAN_DAY);
    assert_int_equal(kl_series_append(&series, &correction, 1, &clean_scale, NULL), KL_OK);
    kl_dedup_counts counts;
    assert_int_equal(kl_series_dedup(&series, KL_DEDUP_RANK, NULL, &counts, NULL), KL_OK);
    assert_int_equal(series.n, 8);
    assert_true(kl_series_is_sorted(&series));
    assert_true(kl_kline_same(&series.rows[2], &correction));
    assert_true(series.rows[2].flags & KL_REVISED);
    assert_int_equal(counts.revisions, 1);
    assert_int_equal(counts.out_of_order, 2);
    kl_series_free(&series);
}

static void bug_4n__the_same_rows_again_change_nothing(void **state) {
    (void)state;
    kl_kline rows[10];
    kl_series series;
    kl_series_init(&series, NULL);
    for (int i = 0; i < 10; i++) rows[i] = clean_bar(i, 0);
    for (int run = 0; run < 3; run++) assert_int_equal(kl_series_append(&series, rows, 10, &clean_scale, NULL), KL_OK);
    kl_dedup_counts counts;
    assert_int_equal(kl_series_dedup(&series, KL_DEDUP_RANK, NULL, &counts, NULL), KL_OK);
    assert_int_equal(series.n, 10);
    assert_memory_equal(series.rows, rows, sizeof rows);
    assert_int_equal(counts.same, 20);
    assert_int_equal(counts.unique, 10);
    assert_int_equal(counts.revisions + counts.replaced + counts.kept, 0);
    kl_series_free(&series);
}

static uint32_t seed = 12345;
static uint32_t draw(uint32_t n) {
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)seed * n) >> 32);
}

/* any order of arrival, streaming (rows of one key in any order) and series-wide: the same rows with the same flags. */
static void any_order_gives_the_same_rows(void **state) {
    (void)state;
    enum { KEYS = 12, N = 40 };
    for (int round = 0; round < (getenv("KLINE_LONG") ? 20000 : 500); round++) {
        kl_kline rows[N], first[N];
        size_t first_n = 0;
        for (int i = 0; i < N; i++) {
            rows[i] = version(draw(KEYS), draw(3), draw(3) ? KL_CLOSED : draw(2) ? KL_SUSPECT : 0, (kl_time)draw(2));
            if (draw(8) == 0) rows[i].flags = KL_SYNTHETIC | KL_CLOSED;
        }
        for (int shuffle = 0; shuffle < 4; shuffle++) {
            for (int i = N - 1; i > 0; i--) {
                uint32_t j = draw((uint32_t)i + 1);
                kl_kline swap = rows[i];
                rows[i] = rows[j], rows[j] = swap;
            }
            kl_series series;
            kl_series_init(&series, NULL);
            assert_int_equal(kl_series_append(&series, rows, N, &clean_scale, NULL), KL_OK);
            kl_dedup_counts counts;
            assert_int_equal(kl_series_dedup(&series, KL_DEDUP_RANK, NULL, &counts, NULL), KL_OK);
            assert_int_equal(counts.rows, counts.unique + counts.same + counts.replaced + counts.kept);
            if (shuffle == 0) memcpy(first, series.rows, series.n * sizeof *first), first_n = series.n;
            assert_int_equal(series.n, first_n);
            assert_memory_equal(series.rows, first, first_n * sizeof *first);
            /* streaming: keys in order, versions of a key in the shuffled order, in random chunks */
            kl_dedup *dedup = dedup_of(KL_DEDUP_RANK);
            kl_kline sorted[N];
            size_t n = 0;
            for (int key = 0; key < KEYS; key++)
                for (int i = 0; i < N; i++)
                    if (rows[i].open_time_us == CLEAN_T0 + key * CLEAN_MINUTE) sorted[n++] = rows[i];
            for (size_t i = 0; i < n;) {
                size_t chunk = 1 + draw(9);
                if (chunk > n - i) chunk = n - i;
                push(dedup, sorted + i, chunk);
                i += chunk;
            }
            assert_int_equal(kl_dedup_finish(dedup, NULL), KL_OK);
            assert_int_equal(out.n, first_n);
            assert_memory_equal(out.rows, first, first_n * sizeof *first);
            kl_series_free(&series);
        }
    }
}

static void first_and_last_are_options(void **state) {
    (void)state;
    kl_kline rows[3] = {version(0, 1, KL_CLOSED, 0), version(0, 5, KL_CLOSED, 0), version(0, 2, KL_CLOSED, 0)};
    for (int policy = KL_DEDUP_FIRST; policy <= KL_DEDUP_LAST; policy++) {
        kl_dedup *dedup = dedup_of(policy);
        push(dedup, rows, 3);
        assert_int_equal(kl_dedup_finish(dedup, NULL), KL_OK);
        assert_int_equal(out.n, 1);
        assert_true(kl_kline_same(&out.rows[0], &rows[policy == KL_DEDUP_FIRST ? 0 : 2]));
        assert_true(out.rows[0].flags & KL_REVISED);
    }
}

static void rows_that_step_back_are_handed_on(void **state) {
    (void)state;
    const int order[] = {3, 4, 1, 5, 5, 2, 6, 0};
    kl_kline rows[8];
    for (int i = 0; i < 8; i++) rows[i] = clean_bar(order[i], 0);
    for (size_t chunk = 1; chunk <= 8; chunk++) {
        kl_dedup *dedup = dedup_of(KL_DEDUP_RANK);
        for (size_t i = 0; i < 8; i += chunk) push(dedup, rows + i, 8 - i < chunk ? 8 - i : chunk);
        assert_int_equal(kl_dedup_finish(dedup, NULL), KL_OK);
        kl_dedup_counts counts;
        kl_dedup_counts_get(dedup, &counts);
        assert_int_equal(counts.out_of_order, 3);
        assert_int_equal(counts.same, 1);
        assert_int_equal(out.n, 7);
        const int want[] = {3, 1, 4, 2, 5, 0, 6}; /* a late row goes out before the newest, which is held back */
        for (int i = 0; i < 7; i++) assert_int_equal(out.rows[i].open_time_us, CLEAN_T0 + want[i] * CLEAN_MINUTE);
    }
}

static void versions_of_different_scale_meet(void **state) {
    (void)state;
    kl_kline a = clean_bar(0, 0), b = a;
    kl_scale fine = {4, 8, 8, 0};
    assert_int_equal(kl_kline_rescale(&b, &clean_scale, &fine), KL_OK);
    kl_dedup *dedup = dedup_of(KL_DEDUP_RANK);
    push(dedup, &a, 1);
    kl_kline_batch batch = {&b, NULL, 1, fine};
    assert_int_equal(kl_dedup_push(dedup, &batch, NULL), KL_OK);
    push(dedup, &a, 1);
    assert_int_equal(kl_dedup_finish(dedup, NULL), KL_OK);
    assert_int_equal(out.n, 1);
    assert_int_equal(out.scale.price, 4);
    assert_int_equal(out.changes, 0);
}

static kl_status stop_change(void *ctx, const kl_kline *winner, const kl_kline *loser, const kl_scale *scale) {
    (void)ctx, (void)winner, (void)loser, (void)scale;
    return KL_E_CANCEL;
}

static void a_failure_leaves_the_series_as_it_was(void **state) {
    (void)state;
    kl_kline rows[20];
    for (int i = 0; i < 20; i++) rows[i] = clean_bar((i * 7) % 15, i);
    for (uint64_t fail = 1; fail < 6; fail++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        memset(&counter, 0, sizeof counter);
        assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
        kl_series series;
        kl_series_init(&series, &alloc);
        assert_int_equal(kl_series_append(&series, rows, 20, &clean_scale, NULL), KL_OK);
        counter.fail_at = counter.requests + fail;
        kl_status status = kl_series_dedup(&series, KL_DEDUP_RANK, NULL, NULL, NULL);
        if (status == KL_OK)
            assert_int_equal(series.n, 15);
        else
            assert_int_equal(status, KL_E_MEMORY), assert_memory_equal(series.rows, rows, sizeof rows);
        assert_int_equal(status < 0, fail <= 2);
        kl_series_free(&series);
        assert_int_equal(counter.live_bytes, 0);
    }
    kl_series series;
    kl_series_init(&series, NULL);
    kl_change_sink stop = {NULL, stop_change};
    assert_int_equal(kl_series_append(&series, rows, 20, &clean_scale, NULL), KL_OK);
    assert_int_equal(kl_series_dedup(&series, KL_DEDUP_RANK, &stop, NULL, NULL), KL_E_CANCEL);
    assert_memory_equal(series.rows, rows, sizeof rows);
    kl_series_free(&series);
}

static kl_trade trade(int64_t id, kl_time time, int64_t price, int64_t quantity) {
    kl_trade t;
    memset(&t, 0, sizeof t);
    t.id = t.first_id = t.last_id = id;
    t.time_us = time, t.price = price, t.quantity = clean_wide(quantity);
    t.flags = KL_TRADE_MAKER_KNOWN;
    return t;
}

static void bug_3a__many_trades_of_one_millisecond_are_kept(void **state) {
    (void)state;
    kl_trades trades;
    kl_trades_init(&trades, NULL);
    const kl_scale scale = {2, 8, 0, 0};
    for (int i = 9; i >= 0; i--) {
        kl_trade t = trade(i, CLEAN_T0, 100 + i % 2, 5);
        assert_int_equal(kl_trades_append(&trades, &t, 1, &scale, NULL), KL_OK);
    }
    kl_dedup_counts counts;
    assert_int_equal(kl_trades_dedup(&trades, 0, &counts, NULL), KL_OK);
    assert_int_equal(trades.n, 10);
    for (int i = 0; i < 10; i++) assert_int_equal(trades.rows[i].id, i);
    kl_trade again = trade(4, CLEAN_T0, 100, 5), other = trade(5, CLEAN_T0, 777, 5), gone = trade(6, CLEAN_T0, 0, 0);
    gone.flags |= KL_TRADE_NEUTRALISED;
    assert_int_equal(kl_trades_append(&trades, &again, 1, &scale, NULL), KL_OK);
    assert_int_equal(kl_trades_append(&trades, &other, 1, &scale, NULL), KL_OK);
    assert_int_equal(kl_trades_append(&trades, &gone, 1, &scale, NULL), KL_OK);
    assert_int_equal(kl_trades_dedup(&trades, 0, &counts, NULL), KL_OK);
    assert_int_equal(trades.n, 10);
    assert_int_equal(counts.same, 1);
    assert_int_equal(counts.replaced, 2);
    assert_int_equal(trades.rows[5].price, 777);
    assert_true(trades.rows[6].flags & KL_TRADE_NEUTRALISED);
    kl_trades_free(&trades);
}

static void aggregates_and_single_trades_count_apart(void **state) {
    (void)state;
    kl_trades trades;
    kl_dedup_counts counts;
    kl_trades_init(&trades, NULL);
    const kl_scale scale = {2, 8, 0, 0};
    for (int i = 0; i < 30; i++) { /* ids 0..4 as single, aggregate, single again, ... at changing times */
        kl_trade t = trade(i % 5, CLEAN_T0 + i / 5, 100, 5);
        if (i / 5 % 2) t.flags |= KL_TRADE_AGGREGATE;
        assert_int_equal(kl_trades_append(&trades, &t, 1, &scale, NULL), KL_OK);
    }
    assert_int_equal(kl_trades_dedup(&trades, 0, &counts, NULL), KL_OK);
    assert_int_equal(trades.n, 10);
    assert_int_equal(counts.unique, 10);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(trades.rows[i].id, i % 5);
        assert_int_equal(trades.rows[i].flags & KL_TRADE_AGGREGATE, i < 5 ? 0 : KL_TRADE_AGGREGATE);
    }
    assert_int_equal(kl_trades_dedup(&trades, 0, &counts, NULL), KL_OK);
    assert_int_equal(trades.n, 10);
    assert_int_equal(counts.out_of_order, 0);
    kl_trades_free(&trades);
}

static void bug_3i__equal_rows_without_ids_are_distinct_trades(void **state) {
    (void)state;
    const kl_scale scale = {2, 8, 0, 0};
    for (int drop = 0; drop < 2; drop++) {
        kl_trades trades;
        kl_trades_init(&trades, NULL);
        for (int i = 0; i < 60; i++) { /* same second, price and size are common */
            kl_trade t = trade(-1, CLEAN_T0 + i / 20 * 1000000, 100 + i % 3, 1000000 + i % 2);
            assert_int_equal(kl_trades_append(&trades, &t, 1, &scale, NULL), KL_OK);
        }
        kl_dedup_counts counts;
        assert_int_equal(kl_trades_dedup(&trades, drop, &counts, NULL), KL_OK);
        assert_int_equal(trades.n, drop ? 18 : 60);
        assert_int_equal(counts.same, drop ? 42 : 0);
        for (size_t i = 1; i < trades.n; i++) assert_true(trades.rows[i].time_us >= trades.rows[i - 1].time_us);
        assert_int_equal(trades.rows[0].price, 100); /* those that stay keep their order */
        assert_int_equal(trades.rows[1].price, 101);
        kl_trades_free(&trades);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bug_2a__a_forming_bar_is_replaced_by_the_closed_one),
        cmocka_unit_test(bug_4l__a_closed_bar_is_never_replaced_by_a_forming_one),
        cmocka_unit_test(bug_0c__late_rows_land),
        cmocka_unit_test(bug_4n__the_same_rows_again_change_nothing),
        cmocka_unit_test(any_order_gives_the_same_rows),
        cmocka_unit_test(first_and_last_are_options),
        cmocka_unit_test(rows_that_step_back_are_handed_on),
        cmocka_unit_test(versions_of_different_scale_meet),
        cmocka_unit_test(a_failure_leaves_the_series_as_it_was),
        cmocka_unit_test(bug_3a__many_trades_of_one_millisecond_are_kept),
        cmocka_unit_test(aggregates_and_single_trades_count_apart),
        cmocka_unit_test(bug_3i__equal_rows_without_ids_are_distinct_trades),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
