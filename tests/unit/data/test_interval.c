/* Intervals: names, grids, divisibility, guesses. */
#include "kline/data.h"
#include "random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define HOUR INT64_C(3600000000)
#define DAY (24 * HOUR)

static kl_interval of(const char *text) {
    kl_interval interval;
    assert_int_equal(kl_interval_parse(text, strlen(text), &interval), KL_OK);
    return interval;
}
static kl_time at(const char *text) {
    kl_time time;
    assert_int_equal(kl_time_parse(text, strlen(text), &time), KL_OK);
    return time;
}

static void names(void **state) {
    (void)state;
    static const struct {
        const char *text, *printed;
        int32_t unit, n;
        int64_t anchor;
    } rows[] = {
        {"1s", "1s", KL_SECOND, 1, 0},
        {"1m", "1m", KL_MINUTE, 1, 0},
        {"90s", "90s", KL_SECOND, 90, 0},
        {"15min", "15m", KL_MINUTE, 15, 0},
        {"4H", "4h", KL_HOUR, 4, 0},
        {"1D", "1d", KL_DAY, 1, 0},
        {"1w", "1w", KL_WEEK, 1, 4 * DAY},
        {"1W", "1w", KL_WEEK, 1, 4 * DAY},
        {"1M", "1M", KL_MONTH, 1, 0},
        {"1mo", "1M", KL_MONTH, 1, 0},
        {"3d", "3d", KL_DAY, 3, KL_TIME_NONE},
        {"3d@2017-08-17", "3d@2017-08-17", KL_DAY, 3, INT64_C(1502928000000000)},
        {"3d@2017-08-17T16:00:00Z", "3d@2017-08-17T16:00:00Z", KL_DAY, 3, INT64_C(1502985600000000)},
        {"3d@1970-01-01", "3d@1970-01-01", KL_DAY, 3, 0},
        {"1d@16:00", "1d@16:00", KL_DAY, 1, 16 * HOUR},
        {"1d@-08:00", "1d@-08:00", KL_DAY, 1, -8 * HOUR},
        {"1w@16:00", "1w@16:00", KL_WEEK, 1, 4 * DAY + 16 * HOUR},
        {"1w@1970-01-01", "1w@1970-01-01", KL_WEEK, 1, 0},
        {"1M@-08:00", "1M@-08:00", KL_MONTH, 1, -8 * HOUR},
        {"1h@00:15", "1h@00:15", KL_HOUR, 1, HOUR / 4},
        {"7m@00:00:01.5", "7m@00:00:01.500", KL_MINUTE, 7, 1500000},
        {"100000w", "100000w", KL_WEEK, 100000, 4 * DAY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kl_interval interval = of(rows[i].text);
        assert_true(interval.unit == rows[i].unit && interval.n == rows[i].n && interval.anchor_us == rows[i].anchor);
        char text[KL_INTERVAL_TEXT_MAX];
        assert_int_equal(kl_interval_print(&interval, text), strlen(rows[i].printed));
        assert_string_equal(text, rows[i].printed);
    }
    static const char *const bad[] = {"", "m", "0m", "1", "1x", "100001m", "1mm", "-1m", "1m ", " 1m", "99999999999m", "1m@",
                                      "1m@x", "3d@16:00", "1M@2017-01-01", "1d@24:00", "1d@16", "01@", "1d@16:00x", "1mO"};
    kl_interval interval = {9, 9, 9};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_true(kl_interval_parse(bad[i], strlen(bad[i]), &interval) < 0);
    assert_true(interval.unit == 9 && interval.n == 9 && interval.anchor_us == 9);
    size_t count = 0;
    while (kl_interval_at(count, &interval) == KL_OK) count++;
    assert_int_equal(count, 16);
}

static void known_buckets(void **state) {
    (void)state;
    static const struct {
        const char *interval, *time, *open, *next;
    } rows[] = {
        {"1h", "2023-03-24T12:59:59.999999Z", "2023-03-24T12:00:00Z", "2023-03-24T13:00:00Z"},
        {"1w", "2017-08-17", "2017-08-14", "2017-08-21"},
        {"1w", "2017-08-14", "2017-08-14", "2017-08-21"},
        {"1w", "2017-08-13T23:59:59Z", "2017-08-07", "2017-08-14"},
        {"1w@1970-01-01", "2017-08-17", "2017-08-17", "2017-08-24"}, /* a Thursday, as one venue has its weeks */
        {"3d@2017-08-17", "2017-08-25", "2017-08-23", "2017-08-26"},
        {"3d@2017-08-17", "2017-08-16", "2017-08-14", "2017-08-17"},
        {"1M", "2024-02-29T23:00:00Z", "2024-02-01", "2024-03-01"},
        {"1M", "1969-12-31", "1969-12-01", "1970-01-01"},
        {"1M@-08:00", "2024-02-29T23:00:00Z", "2024-02-29T16:00:00Z", "2024-03-31T16:00:00Z"},
        {"1M@05:00", "2024-03-01T04:59:59Z", "2024-02-01T05:00:00Z", "2024-03-01T05:00:00Z"},
        {"3M", "2024-02-29", "2024-01-01", "2024-04-01"},
        {"1d@16:00", "2024-02-29T15:00:00Z", "2024-02-28T16:00:00Z", "2024-02-29T16:00:00Z"},
        {"12h@-08:00", "2024-02-29T15:00:00Z", "2024-02-29T04:00:00Z", "2024-02-29T16:00:00Z"},
        {"1d", "1969-12-31T12:00:00Z", "1969-12-31", "1970-01-01"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kl_interval interval = of(rows[i].interval);
        kl_time open, next;
        assert_int_equal(kl_interval_floor(&interval, at(rows[i].time), &open), KL_OK);
        assert_true(open == at(rows[i].open));
        assert_int_equal(kl_interval_next(&interval, open, &next), KL_OK);
        assert_true(next == at(rows[i].next));
        assert_int_equal(kl_interval_next(&interval, at(rows[i].time), &next), KL_OK);
        assert_true(next == at(rows[i].next));
    }
}

static kl_interval random_interval(uint64_t *seed) {
    kl_interval interval;
    interval.unit = 1 + (int32_t)random_below(seed, 6);
    interval.n = 1 + (int32_t)(random_below(seed, 4) ? random_below(seed, 40) : random_below(seed, 100000));
    if (interval.unit == KL_MONTH) {
        interval.n = 1 + (interval.n - 1) % 5000;
        interval.anchor_us = (int64_t)random_below(seed, 2 * (uint64_t)DAY - 1) - DAY + 1;
    } else {
        interval.anchor_us = (int64_t)random_below(seed, 4 * (uint64_t)KL_TIME_MAX) - 2 * KL_TIME_MAX;
    }
    if (random_below(seed, 3) == 0) interval.anchor_us = 0;
    return interval;
}

static void grid_laws(void **state) {
    (void)state;
    uint64_t seed = 21;
    for (int i = 0; i < 40000; i++) {
        kl_interval interval = random_interval(&seed), back;
        kl_time t = (int64_t)random_below(&seed, 4 * (uint64_t)KL_TIME_MAX) - 2 * KL_TIME_MAX, open, next, again;
        int64_t index, index_open, count;
        assert_int_equal(kl_interval_floor(&interval, t, &open), KL_OK);
        assert_int_equal(kl_interval_next(&interval, open, &next), KL_OK);
        assert_true(open <= t && t < next);
        assert_int_equal(kl_interval_index(&interval, t, &index), KL_OK);
        assert_int_equal(kl_interval_open(&interval, index, &again), KL_OK);
        assert_true(again == open);
        assert_int_equal(kl_interval_index(&interval, open, &index_open), KL_OK);
        assert_true(index_open == index);
        assert_int_equal(kl_interval_index(&interval, open - 1, &index_open), KL_OK);
        assert_true(index_open == index - 1);
        assert_int_equal(kl_interval_open(&interval, index + 1, &again), KL_OK);
        assert_true(again == next);
        kl_time u = t + (int64_t)random_below(&seed, 400 * (uint64_t)DAY), open_u;
        int64_t index_u;
        assert_int_equal(kl_interval_floor(&interval, u, &open_u), KL_OK);
        assert_int_equal(kl_interval_index(&interval, u, &index_u), KL_OK);
        assert_int_equal(kl_interval_count(&interval, open, open_u, &count), KL_OK);
        assert_true(count == index_u - index);
        assert_int_equal(kl_interval_count(&interval, t, u, &count), KL_OK); /* opens in [t, u) */
        assert_true(count == index_u + (open_u != u) - index - (open != t));
        assert_int_equal(kl_interval_count(&interval, open, u, &count), KL_OK);
        assert_true(count == index_u + (open_u != u) - index);
        assert_int_equal(kl_interval_count(&interval, t, open_u, &count), KL_OK);
        assert_true(count == (open_u > t ? index_u - index - (open != t) : 0));
        assert_int_equal(kl_interval_count(&interval, u, t, &count), KL_OK);
        assert_true(count == 0);
        char text[KL_INTERVAL_TEXT_MAX];
        size_t length = kl_interval_print(&interval, text);
        assert_true(length > 0 && length < sizeof text);
        assert_int_equal(kl_interval_parse(text, length, &back), KL_OK);
        assert_true(back.unit == interval.unit && back.n == interval.n && back.anchor_us == interval.anchor_us);
    }
}

static void refusals(void **state) {
    (void)state;
    kl_interval no_anchor = of("3d"), minute = of("1m"), month = of("1M"), bad = {0, 1, 0};
    kl_time time = 7;
    int64_t index = 7;
    assert_int_equal(kl_interval_floor(&no_anchor, 0, &time), KL_E_ANCHOR);
    assert_int_equal(kl_interval_next(&no_anchor, 0, &time), KL_E_ANCHOR);
    assert_int_equal(kl_interval_index(&no_anchor, 0, &index), KL_E_ANCHOR);
    assert_int_equal(kl_interval_open(&no_anchor, 0, &time), KL_E_ANCHOR);
    assert_int_equal(kl_interval_count(&no_anchor, 0, 1, &index), KL_E_ANCHOR);
    assert_int_equal(kl_interval_divides(&no_anchor, &no_anchor), 0);
    assert_int_equal(kl_interval_floor(&bad, 0, &time), KL_E_INTERVAL);
    bad.unit = 7;
    assert_int_equal(kl_interval_index(&bad, 0, &index), KL_E_INTERVAL);
    bad.unit = KL_DAY, bad.n = 0;
    assert_int_equal(kl_interval_next(&bad, 0, &time), KL_E_INTERVAL);
    assert_true(kl_interval_length_us(&bad) == 0 && kl_interval_length_us(&month) == 0);
    assert_int_equal(kl_interval_floor(NULL, 0, &time), KL_E_ARG);
    /* the ends of int64 */
    assert_int_equal(kl_interval_next(&minute, INT64_MAX, &time), KL_E_OVERFLOW);
    assert_int_equal(kl_interval_floor(&minute, INT64_MIN, &time), KL_E_OVERFLOW);
    assert_int_equal(kl_interval_open(&minute, INT64_MAX, &time), KL_E_OVERFLOW);
    assert_int_equal(kl_interval_open(&minute, INT64_MIN, &time), KL_E_OVERFLOW);
    assert_int_equal(kl_interval_open(&month, INT64_MAX, &time), KL_E_OVERFLOW);
    assert_int_equal(kl_interval_open(&month, -12 * INT64_C(299000), &time), KL_E_OVERFLOW);
    assert_int_equal(kl_interval_next(&month, INT64_MAX, &time), KL_E_OVERFLOW);
    assert_true(time == 7 && index == 7);
    kl_interval shifted = {KL_MINUTE, 1, INT64_MAX};
    assert_int_equal(kl_interval_floor(&shifted, INT64_MIN + 5, &time), KL_E_OVERFLOW);
    assert_int_equal(kl_interval_floor(&shifted, -2, &time), KL_E_OVERFLOW);
}

static void divides_table(void **state) {
    (void)state;
    static const struct {
        const char *small, *large;
        int32_t want;
    } rows[] = {
        {"1m", "1m", 1},           {"1m", "3m", 1},
        {"3m", "5m", 0},           {"5m", "3m", 0},
        {"15m", "1h", 1},          {"1h", "1d", 1},
        {"1d", "1w", 1},           {"1d", "1M", 1},
        {"1w", "1M", 0},           {"1M", "1w", 0},
        {"1M", "3M", 1},           {"2M", "3M", 0},
        {"1d", "3d@2017-08-17", 1}, {"3d@2017-08-17", "3d@2017-08-20", 1},
        {"3d@2017-08-17", "3d@2017-08-18", 0}, {"3d@2017-08-17", "6d@2017-08-14", 1},
        {"3d@2017-08-17", "1w", 0}, {"3d@2017-08-17", "3w", 1}, {"3d@2017-08-18", "3w", 0},
        {"3d@2017-08-14", "3w@2017-08-14", 1}, {"3d@2017-08-17", "1M", 0},
        {"1h", "1d@16:00", 1},     {"12h", "1d@16:00", 0},
        {"4h", "1d@16:00", 1},     {"1h", "1d@16:30", 0},
        {"30m", "1d@16:30", 1},    {"12h@-08:00", "1d@16:00", 1},
        {"1d", "1w@1970-01-01", 1}, {"1w", "1w@1970-01-01", 0},
        {"1h", "1M@-08:00", 1},    {"1d", "1M@-08:00", 0},
        {"1d@16:00", "1M@-08:00", 1}, {"1M", "1M@-08:00", 0},
        {"7h", "1d", 0},           {"7h", "1w", 0},
        {"7h@1970-01-05", "1w", 1}, {"1s", "1M", 1},
        {"90s", "1d", 1},          {"90s", "1m", 0},
        {"1w@1970-01-01", "4800M", 1}, {"1w", "4800M", 0}, {"4800M", "9600M", 1}, {"2400M", "4800M", 1}, {"1d", "4800M", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kl_interval small = of(rows[i].small), large = of(rows[i].large);
        if (kl_interval_divides(&small, &large) != rows[i].want) fail_msg("%s -> %s", rows[i].small, rows[i].large);
    }
}

/* By the definition: each of many starts of the large grid must be a start of the small one. */
static void divides_by_definition(void **state) {
    (void)state;
    uint64_t seed = 31;
    static const int32_t counts[] = {1, 2, 3, 4, 6, 8, 12, 24, 7, 14};
    int yes = 0;
    for (int i = 0; i < 6000; i++) {
        kl_interval pair[2];
        for (int k = 0; k < 2; k++) {
            pair[k].unit = 3 + (int32_t)random_below(&seed, 4);
            pair[k].n = counts[random_below(&seed, 10)];
            pair[k].anchor_us = random_below(&seed, 2) ? 0 : (int64_t)random_below(&seed, 24) * HOUR;
            if (pair[k].unit == KL_WEEK) pair[k].anchor_us += 4 * DAY;
        }
        int32_t want = 1;
        for (int64_t index = -60; index < 600 && want; index++) {
            kl_time open, floor;
            assert_int_equal(kl_interval_open(&pair[1], index, &open), KL_OK);
            assert_int_equal(kl_interval_floor(&pair[0], open, &floor), KL_OK);
            want = floor == open;
        }
        yes += want;
        assert_int_equal(kl_interval_divides(&pair[0], &pair[1]), want);
    }
    assert_true(yes > 300);
}

static void guess_regular(void **state) {
    (void)state;
    static const char *const intervals[] = {"1s",  "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d",
                                            "1w", "1M", "1d@16:00", "1M@-08:00", "1w@-08:00", "90s", "12h@04:00", "1h@00:30",
                                            "1w@1970-01-09", "2w"};
    uint64_t seed = 41;
    for (size_t k = 0; k < sizeof intervals / sizeof intervals[0]; k++) {
        kl_interval interval = of(intervals[k]), found;
        kl_time times[200];
        int64_t first;
        assert_int_equal(kl_interval_index(&interval, at("2021-05-07"), &first), KL_OK);
        for (int64_t i = 0; i < 200; i++) kl_interval_open(&interval, first + i, &times[i]);
        for (size_t n = 2; n <= 200; n++) {
            assert_int_equal(kl_interval_guess(times, n, &found), KL_OK);
            if (memcmp(&found, &interval, sizeof found) != 0) fail_msg("%s from %u rows", intervals[k], (unsigned)n);
        }
        /* gaps, duplicates, one row shifted by an outage */
        for (int i = 0; i < 40; i++) times[1 + random_below(&seed, 198)] = times[random_below(&seed, 199)];
        times[0] += 494789000;
        assert_int_equal(kl_interval_guess(times, 200, &found), KL_OK);
        if (memcmp(&found, &interval, sizeof found) != 0) fail_msg("%s with defects", intervals[k]);
    }
}

static void guess_special(void **state) {
    (void)state;
    kl_interval found = {9, 9, 9};
    kl_time times[64];
    uint64_t seed = 51;
    for (int64_t i = 0; i < 64; i++) times[i] = at("2017-08-17") + i * 3 * DAY;
    assert_int_equal(kl_interval_guess(times, 64, &found), KL_OK);
    assert_true(found.unit == KL_DAY && found.n == 3 && found.anchor_us == at("2017-08-17"));
    /* months without a February among them, and 28-day rows that are no months */
    times[0] = at("2023-02-01"), times[1] = at("2023-03-01");
    assert_int_equal(kl_interval_guess(times, 2, &found), KL_OK);
    assert_true(found.unit == KL_MONTH && found.n == 1 && found.anchor_us == 0);
    for (int64_t i = 0; i < 64; i++) times[i] = at("2023-01-02") + i * 28 * DAY;
    assert_int_equal(kl_interval_guess(times, 64, &found), KL_OK);
    assert_true(found.unit == KL_WEEK && found.n == 4);
    times[0] = at("2023-01-31"), times[1] = at("2023-02-28"); /* ends of months are not their starts */
    assert_int_equal(kl_interval_guess(times, 2, &found), KL_OK);
    assert_true(found.unit == KL_WEEK && found.n == 4);
    /* a sparse series: minutes with holes of random length */
    times[0] = at("2023-01-01");
    for (int i = 1; i < 64; i++) times[i] = times[i - 1] + (int64_t)(1 + random_below(&seed, 4)) * 60000000;
    assert_int_equal(kl_interval_guess(times, 64, &found), KL_OK);
    assert_true(found.unit == KL_MINUTE && found.anchor_us == 0);
    /* nothing to go by */
    kl_interval before = found;
    assert_int_equal(kl_interval_guess(times, 0, &found), KL_E_INTERVAL);
    assert_int_equal(kl_interval_guess(times, 1, &found), KL_E_INTERVAL);
    for (int i = 0; i < 64; i++) times[i] = at("2023-01-01");
    assert_int_equal(kl_interval_guess(times, 64, &found), KL_E_INTERVAL);
    for (int i = 1; i < 64; i++) times[i] = times[i - 1] + 60000000 + (int64_t)random_below(&seed, 59999999);
    assert_int_equal(kl_interval_guess(times, 64, &found), KL_E_INTERVAL);
    times[0] = INT64_MIN, times[1] = INT64_MAX, times[2] = INT64_MIN + 1;
    assert_int_equal(kl_interval_guess(times, 3, &found), KL_E_INTERVAL);
    assert_memory_equal(&found, &before, sizeof found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),         cmocka_unit_test(known_buckets), cmocka_unit_test(grid_laws),
        cmocka_unit_test(refusals),      cmocka_unit_test(divides_table), cmocka_unit_test(divides_by_definition),
        cmocka_unit_test(guess_regular), cmocka_unit_test(guess_special),
    };
    return cmocka_run_group_tests_name("data interval", tests, NULL, NULL);
}
