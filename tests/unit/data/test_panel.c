/* The panel: steps in rising time, sealing, late bars, replay. */
#include "kline/data.h"
#include "random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MINUTE INT64_C(60000000)
#define SYMBOLS 4

typedef struct {
    kl_time open;
    int32_t sealed;
    int64_t close[SYMBOLS]; /* -1: missing */
} step;
typedef struct {
    step steps[4096];
    size_t n, fail_at;
} recording;

static kl_status record(void *ctx, kl_time open, const kl_kline *rows, const uint8_t *present, size_t symbols, int32_t sealed) {
    recording *to = (recording *)ctx;
    assert_int_equal(symbols, SYMBOLS);
    if (to->fail_at != 0 && to->n + 1 == to->fail_at) {
        to->fail_at = 0;
        return KL_E_CANCEL;
    }
    step *s = &to->steps[to->n++];
    memset(s, 0, sizeof *s);
    s->open = open;
    s->sealed = sealed;
    int32_t complete = 1;
    for (size_t i = 0; i < symbols; i++) {
        s->close[i] = present[i] ? rows[i].close : -1;
        if (present[i]) assert_true(rows[i].open_time_us == open);
        complete &= present[i];
    }
    assert_int_equal(sealed, !complete);
    if (to->n > 1) assert_true(open > to->steps[to->n - 2].open);
    return KL_OK;
}

static kl_kline bar(int64_t minute, int64_t close) {
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.open_time_us = minute * MINUTE;
    row.close = close;
    row.flags = KL_CLOSED;
    row.known = KL_HAS_CLOSE;
    return row;
}

static kl_panel *panel_new(recording *to, size_t pending) {
    kl_interval minute = {KL_MINUTE, 1, 0};
    kl_panel_sink sink = {to, record};
    kl_panel *panel;
    size_t bytes = kl_panel_size(SYMBOLS, pending);
    void *memory = malloc(bytes);
    memset(to, 0, sizeof *to);
    assert_int_equal(kl_panel_init(memory, bytes - 1, SYMBOLS, pending, &minute, &sink, &panel), KL_E_SIZE);
    assert_int_equal(kl_panel_init(memory, bytes, SYMBOLS, pending, &minute, &sink, &panel), KL_OK);
    return panel;
}

static kl_status push(kl_panel *panel, size_t symbol, int64_t minute) {
    kl_kline row = bar(minute, minute * 10 + (int64_t)symbol);
    return kl_panel_push(panel, symbol, &row, NULL);
}

static recording one, two;

static void steps_wait_for_all(void **state) {
    (void)state;
    kl_panel *panel = panel_new(&one, 4);
    for (size_t s = 0; s < SYMBOLS; s++) {
        assert_int_equal(one.n, 0);
        assert_int_equal(push(panel, s, 5), KL_OK);
    }
    assert_int_equal(one.n, 1);
    assert_true(one.steps[0].close[3] == 53 && one.steps[0].open == 5 * MINUTE);
    /* a complete step behind an incomplete one waits */
    for (size_t s = 0; s < SYMBOLS; s++) assert_int_equal(push(panel, s, 7), KL_OK);
    assert_int_equal(one.n, 2); /* nobody had a bar for 6 */
    for (size_t s = 0; s < 3; s++) assert_int_equal(push(panel, s, 9), KL_OK);
    for (size_t s = 0; s < SYMBOLS; s++) assert_int_equal(push(panel, s, 10), KL_OK);
    assert_int_equal(one.n, 2);
    assert_int_equal(push(panel, 0, 8), KL_OK); /* earlier than all that waits, and not too late */
    assert_int_equal(push(panel, 1, 12), KL_E_STATE); /* 8..12 are five steps */
    assert_int_equal(kl_panel_seal(panel, 8 * MINUTE + 5), KL_OK);
    assert_int_equal(one.n, 3);
    assert_true(one.steps[2].sealed && one.steps[2].close[0] == 80 && one.steps[2].close[1] == -1);
    assert_int_equal(push(panel, 1, 12), KL_OK);
    assert_int_equal(push(panel, 3, 9), KL_OK);
    assert_int_equal(one.n, 5);
    assert_true(!one.steps[3].sealed && !one.steps[4].sealed);
    assert_int_equal(kl_panel_late(panel), 0);
    assert_int_equal(push(panel, 1, 8), KL_KEPT);
    assert_int_equal(push(panel, 1, 6), KL_KEPT);
    assert_int_equal(kl_panel_late(panel), 2);
    /* sealing time in which nothing waits closes it */
    assert_int_equal(kl_panel_seal(panel, 11 * MINUTE), KL_OK);
    assert_int_equal(push(panel, 0, 11), KL_KEPT);
    assert_int_equal(kl_panel_seal(panel, 3 * MINUTE), KL_OK);
    assert_int_equal(one.n, 5);
    assert_int_equal(kl_panel_seal(panel, 100 * MINUTE), KL_OK);
    assert_true(one.n == 6 && one.steps[5].close[1] == 121);
    free(panel);
}

static void versions_and_refusals(void **state) {
    (void)state;
    kl_panel *panel = panel_new(&one, 4);
    kl_error error;
    kl_kline row = bar(5, 1);
    assert_int_equal(kl_panel_push(panel, 0, &row, &error), KL_OK);
    assert_int_equal(kl_panel_push(panel, 0, &row, &error), KL_SAME);
    row.close = 2;
    assert_int_equal(kl_panel_push(panel, 0, &row, &error), KL_REPLACED);
    row.close = 1;
    assert_int_equal(kl_panel_push(panel, 0, &row, &error), KL_KEPT);
    assert_int_equal(kl_panel_late(panel), 0);
    assert_int_equal(kl_panel_push(panel, SYMBOLS, &row, &error), KL_E_ARG);
    row.open_time_us++;
    assert_int_equal(kl_panel_push(panel, 1, &row, &error), KL_E_INTERVAL);
    row = bar(5, 1);
    row.flags = 0;
    assert_int_equal(kl_panel_push(panel, 1, &row, &error), KL_E_STATE);
    row.flags = KL_CLOSED;
    row.open_time_us = INT64_MIN;
    assert_true(kl_panel_push(panel, 1, &row, &error) < 0);
    assert_int_equal(kl_panel_seal(panel, 5 * MINUTE), KL_OK);
    assert_true(one.n == 1 && one.steps[0].close[0] == 2);
    free(panel);
    assert_true(kl_panel_size(0, 1) == SIZE_MAX && kl_panel_size(SIZE_MAX / 8, 9) == SIZE_MAX);
}

static void sink_refuses_once(void **state) {
    (void)state;
    kl_panel *panel = panel_new(&one, 4);
    one.fail_at = 1;
    for (size_t s = 0; s < 3; s++) assert_int_equal(push(panel, s, 5), KL_OK);
    assert_int_equal(push(panel, 3, 5), KL_E_CANCEL);
    assert_int_equal(one.n, 0);
    assert_int_equal(push(panel, 0, 6), KL_OK); /* the step is offered again */
    assert_true(one.n == 1 && one.steps[0].close[3] == 53);
    one.fail_at = 2;
    assert_int_equal(kl_panel_seal(panel, 6 * MINUTE), KL_E_CANCEL);
    assert_int_equal(kl_panel_seal(panel, 6 * MINUTE), KL_OK);
    assert_true(one.n == 2 && one.steps[1].sealed);
    free(panel);
}

/* What a live run recorded, pushed in any order within each step and sealed where it was sealed, gives the same steps. */
static void replay_is_the_same(void **state) {
    (void)state;
    uint64_t seed = 101;
    for (int round = 0; round < 20; round++) {
        kl_panel *panel = panel_new(&one, 8);
        int64_t next[SYMBOLS];
        for (size_t s = 0; s < SYMBOLS; s++) next[s] = 100;
        uint64_t pushed = 0, refused = 0;
        for (int i = 0; i < 2000; i++) {
            size_t s = random_below(&seed, SYMBOLS);
            kl_status status = push(panel, s, next[s]);
            if (status == KL_E_STATE) { /* too far ahead: the oldest must go */
                refused++;
                assert_int_equal(kl_panel_seal(panel, (next[s] - 8) * MINUTE), KL_OK);
                status = push(panel, s, next[s]);
                if (status == KL_E_STATE) { /* far behind instead: it comes too late */
                    assert_int_equal(kl_panel_seal(panel, next[s] * MINUTE), KL_OK);
                    assert_int_equal(push(panel, s, next[s]), KL_KEPT);
                }
            }
            pushed++;
            next[s] += random_below(&seed, 10) == 0 ? 2 : 1;
        }
        assert_int_equal(kl_panel_seal(panel, 100000 * MINUTE), KL_OK);
        uint64_t seen = 0;
        for (size_t i = 0; i < one.n; i++)
            for (size_t s = 0; s < SYMBOLS; s++) seen += one.steps[i].close[s] >= 0;
        assert_true(seen + kl_panel_late(panel) == pushed && refused > 0);
        kl_panel *again = panel_new(&two, 1 + random_below(&seed, 3));
        for (size_t i = 0; i < one.n; i++) {
            size_t start = random_below(&seed, SYMBOLS);
            for (size_t k = 0; k < SYMBOLS; k++) {
                size_t s = (start + k) % SYMBOLS;
                if (one.steps[i].close[s] < 0) continue;
                kl_kline row = bar(one.steps[i].open / MINUTE, one.steps[i].close[s]);
                assert_int_equal(kl_panel_push(again, s, &row, NULL), KL_OK);
            }
            if (one.steps[i].sealed) assert_int_equal(kl_panel_seal(again, one.steps[i].open), KL_OK);
        }
        assert_int_equal(two.n, one.n);
        assert_memory_equal(two.steps, one.steps, one.n * sizeof one.steps[0]);
        assert_int_equal(kl_panel_late(again), 0);
        free(panel);
        free(again);
    }
}

/* The bytes of a panel are a panel of their own. */
static void copies_are_clones(void **state) {
    (void)state;
    kl_panel *panel = panel_new(&one, 4);
    for (size_t s = 0; s < 3; s++) push(panel, s, 5);
    size_t bytes = kl_panel_size(SYMBOLS, 4);
    kl_panel *copy = (kl_panel *)malloc(bytes);
    memcpy(copy, panel, bytes);
    free(panel);
    assert_int_equal(push(copy, 3, 5), KL_OK);
    assert_true(one.n == 1 && one.steps[0].close[0] == 50);
    free(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_wait_for_all), cmocka_unit_test(versions_and_refusals), cmocka_unit_test(sink_refuses_once),
        cmocka_unit_test(replay_is_the_same), cmocka_unit_test(copies_are_clones),
    };
    return cmocka_run_group_tests_name("data panel", tests, NULL, NULL);
}
