/* Coverage sets against a bitmap; resume points. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "kline/checkpoint.h"
#include "random.h"

enum { SPACE = 200 };
static uint8_t bitmap[SPACE], holes[SPACE];

static kl_status on_hole(void *ctx, const kl_range *range) {
    kl_time *last = (kl_time *)ctx;
    assert_true(range->from < range->to && range->from > *last);
    *last = range->to; /* in order, and never two that touch */
    for (kl_time t = range->from; t < range->to; t++) holes[t] = 1;
    return KL_OK;
}
static kl_status on_first(void *ctx, const kl_range *range) {
    *(kl_range *)ctx = *range;
    return KL_E_CANCEL;
}

static void check(const kl_coverage *c, kl_time from, kl_time to) {
    size_t runs = 0;
    int all = 1;
    for (int t = 0; t < SPACE; t++) runs += bitmap[t] && (t == 0 || !bitmap[t - 1]);
    assert_int_equal(c->n, runs);
    for (size_t i = 0; i < c->n; i++) {
        assert_true(c->ranges[i].from < c->ranges[i].to && (i == 0 || c->ranges[i - 1].to < c->ranges[i].from));
        for (kl_time t = c->ranges[i].from; t < c->ranges[i].to; t++) assert_true(bitmap[t]);
    }
    for (kl_time t = from; t < to; t++) all &= bitmap[t];
    assert_int_equal(kl_coverage_has(c, from, to), all);
    kl_time end = from;
    while (end < SPACE && bitmap[end]) end++;
    assert_true(kl_coverage_contiguous(c, from) == end);
    kl_time last = -1;
    memset(holes, 0, sizeof holes);
    assert_int_equal(kl_coverage_holes(c, from, to, on_hole, &last), KL_OK);
    for (kl_time t = 0; t < SPACE; t++) assert_int_equal(holes[t], t >= from && t < to && !bitmap[t]);
}

static void test_against_bitmap(void **state) {
    (void)state;
    int rounds = getenv("KLINE_LONG") ? 400 : getenv("KLINE_QUICK") ? 4 : 40;
    for (int round = 0; round < rounds; round++) {
        uint64_t seed = (uint64_t)round;
        kl_coverage c;
        kl_coverage_init(&c, NULL);
        memset(bitmap, 0, sizeof bitmap);
        for (int i = 0; i < 300; i++) {
            kl_time from = (kl_time)random_below(&seed, SPACE),
                    to = from + (kl_time)random_below(&seed, 1 + (uint64_t)(i % 40));
            int add = random_below(&seed, 5) != 0;
            if (to > SPACE) to = SPACE;
            assert_int_equal(add ? kl_coverage_add(&c, from, to) : kl_coverage_remove(&c, from, to), KL_OK);
            for (kl_time t = from; t < to; t++) bitmap[t] = (uint8_t)add;
            from = (kl_time)random_below(&seed, SPACE);
            to = from + (kl_time)random_below(&seed, (uint64_t)(SPACE - from));
            check(&c, from, to);
        }
        kl_coverage_free(&c);
    }
}

static void test_edges(void **state) {
    (void)state;
    kl_coverage c;
    kl_range hole;
    kl_coverage_init(&c, NULL);
    assert_int_equal(kl_coverage_add(&c, 5, 4), KL_E_ARG);
    assert_int_equal(kl_coverage_add(&c, INT64_MIN, INT64_MAX), KL_OK);
    assert_int_equal(kl_coverage_remove(&c, 0, 10), KL_OK);
    assert_int_equal(c.n, 2);
    assert_int_equal(kl_coverage_holes(&c, -5, 50, on_first, &hole), KL_E_CANCEL);
    assert_true(hole.from == 0 && hole.to == 10);
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_coverage_free(&c);
    kl_alloc_counter_init(&counter, NULL, &alloc);
    counter.fail_at = 1;
    kl_coverage_init(&c, &alloc);
    assert_int_equal(kl_coverage_add(&c, 1, 2), KL_E_MEMORY);
    assert_int_equal(c.n, 0);
    kl_coverage_free(&c);
}

static void test_resume_point(void **state) {
    (void)state;
    const kl_time t0 = INT64_C(1672531200000000), minute = 60000000;
    kl_interval m1, month;
    kl_time from;
    assert_int_equal(kl_interval_parse("1m", 2, &m1), KL_OK);
    assert_int_equal(kl_interval_parse("1M", 2, &month), KL_OK);
    assert_int_equal(kl_resume_point(t0 + 10 * minute, &m1, 3, t0, &from), KL_OK);
    assert_true(from == t0 + 7 * minute);
    assert_int_equal(kl_resume_point(t0 + 10 * minute + 5, &m1, 0, t0, &from), KL_OK);
    assert_true(from == t0 + 10 * minute);
    assert_int_equal(kl_resume_point(t0 + 10 * minute, &m1, 30, t0, &from), KL_OK);
    assert_true(from == t0);
    assert_int_equal(kl_resume_point(KL_TIME_NONE, &m1, 3, t0, &from), KL_OK);
    assert_true(from == t0);
    assert_int_equal(kl_resume_point(KL_TIME_NONE, &m1, 3, KL_TIME_NONE, &from), KL_E_NOT_FOUND);
    assert_int_equal(kl_resume_point(t0, &month, 1, KL_TIME_NONE, &from), KL_OK);
    assert_true(from == t0 - 31 * 1440 * minute); /* December 2022 */
    assert_int_equal(kl_resume_point(t0, &m1, -1, t0, &from), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_bitmap), cmocka_unit_test(test_edges),
                                       cmocka_unit_test(test_resume_point)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
