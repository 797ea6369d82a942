/* Time: epoch units, ISO text, civil dates against counting day by day. */
#include "kline/data.h"
#include "random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define DAY INT64_C(86400000000)

static kl_status parse(const char *text, kl_time *time) { return kl_time_parse(text, strlen(text), time); }

static void epoch_units(void **state) {
    (void)state;
    const int64_t low = 946684800, high = 4102444800, factor[] = {1, 1000, 1000000, 1000000000};
    for (int u = 0; u < 4; u++) {
        kl_time time;
        int32_t unit;
        assert_int_equal(kl_time_from_epoch(low * factor[u], &time, &unit), KL_OK);
        assert_true(time == KL_TIME_MIN && unit == u + 1);
        assert_int_equal(kl_time_from_epoch(high * factor[u], &time, &unit), KL_OK);
        assert_true(time == KL_TIME_MAX && unit == u + 1);
        time = 7, unit = 7;
        assert_int_equal(kl_time_from_epoch(low * factor[u] - 1, &time, &unit), KL_E_TIME);
        assert_int_equal(kl_time_from_epoch(high * factor[u] + 1, &time, &unit), KL_E_TIME);
        assert_true(time == 7 && unit == 7);
    }
    kl_time time;
    const int64_t bad[] = {0, -1, INT64_MIN, INT64_MAX, 1};
    for (size_t i = 0; i < 5; i++) assert_int_equal(kl_time_from_epoch(bad[i], &time, NULL), KL_E_TIME);
    assert_int_equal(kl_time_from_epoch(INT64_C(1700000000123456789), &time, NULL), KL_OK);
    assert_true(time == INT64_C(1700000000123456));
    assert_int_equal(kl_time_from_epoch(1, NULL, NULL), KL_E_ARG);
}

/* Counts day by day from a date whose number is known, and checks both directions, weeks and names with it. */
static void civil_day_by_day(void **state) {
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 1890, month = 1, day = 1, weekday = 3, day_of_year = 1; /* 1890-01-01 was a Wednesday */
    int week_of_year = 1;
    for (int64_t days = -29219; year < 2210; days++) {
        kl_civil civil;
        kl_time time;
        kl_civil_from_time(days * DAY + DAY - 1, &civil);
        assert_true(civil.year == year && civil.month == month && civil.day == day);
        assert_true(civil.hour == 23 && civil.minute == 59 && civil.second == 59 && civil.microsecond == 999999);
        assert_int_equal(kl_civil_to_time(&civil, &time), KL_OK);
        assert_true(time == days * DAY + DAY - 1);
        kl_calendar calendar;
        assert_int_equal(kl_calendar_at(days * DAY, 0, &calendar), KL_OK);
        assert_true(calendar.iso_weekday == weekday && calendar.day_of_year == day_of_year);
        assert_true(calendar.is_weekend == (weekday > 5) && calendar.quarter == (month + 2) / 3);
        assert_int_equal(calendar.week_of_year, week_of_year);
        int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        weekday = weekday % 7 + 1;
        day_of_year++;
        if (weekday == 1) week_of_year++;
        if (++day > lengths[month - 1] + (month == 2 && leap)) day = 1, month++;
        if (month > 12) month = 1, year++, day_of_year = 1, week_of_year = 1;
    }
}

/* ISO week by its definition: the week of a day is that of its Thursday, counted from the first Thursday of the year. */
static void iso_weeks(void **state) {
    (void)state;
    for (int64_t days = -29219; days < 80000; days++) {
        kl_calendar calendar, other;
        assert_int_equal(kl_calendar_at(days * DAY, 0, &calendar), KL_OK);
        int64_t thursday = days - (calendar.iso_weekday - 4);
        assert_int_equal(kl_calendar_at(thursday * DAY, 0, &other), KL_OK);
        assert_int_equal(calendar.iso_week_year, other.civil.year);
        assert_int_equal(calendar.iso_week, (other.day_of_year - 1) / 7 + 1);
    }
}

static void civil_refuses(void **state) {
    (void)state;
    static const kl_civil bad[] = {
        {2023, 2, 29, 0, 0, 0, 0}, {1900, 2, 29, 0, 0, 0, 0}, {2023, 13, 1, 0, 0, 0, 0}, {2023, 0, 1, 0, 0, 0, 0},
        {2023, 1, 0, 0, 0, 0, 0},  {2023, 4, 31, 0, 0, 0, 0}, {2023, 1, 1, 24, 0, 0, 0}, {2023, 1, 1, 0, 60, 0, 0},
        {2023, 1, 1, 0, 0, 60, 0}, {2023, 1, 1, 0, 0, 0, 1000000}, {2023, 1, 1, -1, 0, 0, 0}, {400000, 1, 1, 0, 0, 0, 0}};
    kl_time time = 5;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_int_equal(kl_civil_to_time(&bad[i], &time), KL_E_TIME);
    assert_true(time == 5);
}

static void text_both_ways(void **state) {
    (void)state;
    static const struct {
        const char *text, *printed;
    } rows[] = {
        {"2023-01-01", "2023-01-01T00:00:00Z"},
        {"2023-01-01T00:00:00Z", "2023-01-01T00:00:00Z"},
        {"2023-01-01 12:34", "2023-01-01T12:34:00Z"},
        {"2023-01-01 12:34:56.5", "2023-01-01T12:34:56.500Z"},
        {"2023-01-01T12:34:56.123456789Z", "2023-01-01T12:34:56.123456Z"},
        {"2023-01-01t12:34:56.123z", "2023-01-01T12:34:56.123Z"},
        {"2023-01-01 00:00:00+00:00", "2023-01-01T00:00:00Z"},
        {"2023-01-01 05:30:00+05:30", "2023-01-01T00:00:00Z"},
        {"2022-12-31T16:00-0800", "2023-01-01T00:00:00Z"},
        {"2023-01-01T08+08", NULL},
        {"2023-01-01T08:00+08", "2023-01-01T00:00:00Z"},
        {"2023-01-01 00:00:00 UTC", "2023-01-01T00:00:00Z"},
        {"2023-01-01 00:00:00UTC", "2023-01-01T00:00:00Z"},
        {"2024-02-29", "2024-02-29T00:00:00Z"},
        {"2400-02-29", "2400-02-29T00:00:00Z"}, {"1600-02-29", "1600-02-29T00:00:00Z"},
        {"2500-02-29", NULL}, {"2100-02-29", NULL}, {"1900-02-29", NULL},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
        {"0001-01-01", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
        {"", NULL}, {"2023", NULL}, {"2023-1-1", NULL}, {"2023-02-29", NULL}, {"2023-13-01", NULL}, {"2023-00-01", NULL},
        {"2023-01-01T", NULL}, {"2023-01-01T24:00:00", NULL}, {"2023-01-01T00:60:00", NULL}, {"2023-01-01T00:00:60", NULL},
        {"2023-01-01T00:00:00.", NULL}, {"2023-01-01T00:00:00.1234567890", NULL}, {"2023-01-01T00:00:00ZZ", NULL},
        {"2023-01-01T00:00:00+", NULL}, {"2023-01-01T00:00:00+1", NULL}, {"2023-01-01T00:00:00+01:", NULL},
        {"2023-01-01T00:00:00+24:00", NULL}, {"2023-01-01T00:00:00+01:60", NULL}, {" 2023-01-01", NULL},
        {"2023-01-01 ", NULL}, {"2023/01/01", NULL}, {"2023-01-01T00:00:00 ", NULL}, {"2023-01-01T00:00:00 GMT", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kl_time time;
        char text[KL_TIME_TEXT_MAX];
        if (!rows[i].printed) {
            assert_int_equal(parse(rows[i].text, &time), KL_E_TIME);
            continue;
        }
        assert_int_equal(parse(rows[i].text, &time), KL_OK);
        assert_int_equal(kl_time_print(time, text), strlen(rows[i].printed));
        assert_string_equal(text, rows[i].printed);
    }
    char text[KL_TIME_TEXT_MAX];
    assert_int_equal(kl_time_print(KL_TIME_NONE, text), 0);
    assert_string_equal(text, "");
    assert_true(kl_time_print(INT64_MAX, text) < sizeof text);
    assert_string_equal(text, "+294247-01-10T04:00:54.775807Z");
    kl_time_print(INT64_MIN + 1, text);
    assert_string_equal(text, "-290308-12-21T19:59:05.224193Z");
}

static void text_random(void **state) {
    (void)state;
    uint64_t seed = 11;
    for (int i = 0; i < 20000; i++) {
        kl_time time = (int64_t)random_below(&seed, (uint64_t)KL_TIME_MAX * 2) - KL_TIME_MAX / 2, back;
        if (i % 3 == 1) time -= time % 1000;
        if (i % 3 == 2) time -= time % 1000000;
        char text[KL_TIME_TEXT_MAX];
        size_t length = kl_time_print(time, text);
        assert_int_equal(kl_time_parse(text, length, &back), KL_OK);
        assert_true(back == time);
    }
}

static void ingestion_time(void **state) {
    (void)state;
    const kl_time now = INT64_C(1700000000000000);
    assert_true(kl_ingestion_time(now - 5, now) == now - 5);
    assert_true(kl_ingestion_time(now, now) == now);
    assert_true(kl_ingestion_time(now + 1, now) == now);
    assert_true(kl_ingestion_time(KL_TIME_MIN, now) == KL_TIME_MIN);
    assert_true(kl_ingestion_time(KL_TIME_MIN - 1, now) == now);
    assert_true(kl_ingestion_time(KL_TIME_NONE, now) == now);
}

static void calendar_zone(void **state) {
    (void)state;
    kl_time time;
    char text[6];
    kl_calendar calendar;
    assert_int_equal(parse("2023-12-31T18:30:00Z", &time), KL_OK);
    assert_int_equal(kl_calendar_at(time, 330, &calendar), KL_OK); /* India */
    assert_true(calendar.civil.year == 2024 && calendar.civil.day == 1 && calendar.civil.hour == 0);
    assert_true(calendar.hour12 == 12 && calendar.is_pm == 0 && calendar.iso_week == 1 && calendar.iso_week_year == 2024);
    assert_int_equal(kl_hhmm_print(time, 330, text), 5);
    assert_string_equal(text, "00:00");
    assert_int_equal(kl_hhmm_print(time, 75, text), 5);
    assert_string_equal(text, "19:45");
    assert_int_equal(kl_calendar_at(time, 0, &calendar), KL_OK);
    assert_true(calendar.hour12 == 6 && calendar.is_pm == 1 && calendar.iso_week == 52 && calendar.week_of_year == 53);
    assert_int_equal(kl_calendar_at(time, 24 * 60 + 1, &calendar), KL_E_ARG);
    assert_int_equal(kl_calendar_at(KL_TIME_NONE, 0, &calendar), KL_E_TIME);
}

static void names(void **state) {
    (void)state;
    assert_string_equal(kl_day_name(1), "Monday");
    assert_string_equal(kl_day_name(7), "Sunday");
    assert_null(kl_day_name(0));
    assert_null(kl_day_name(8));
    assert_string_equal(kl_month_name(1), "January");
    assert_string_equal(kl_month_name(12), "December");
    assert_null(kl_month_name(0));
    assert_null(kl_month_name(13));
    static const char *const hours[] = {"12 AM", "1 AM", "11 AM", "12 PM", "1 PM", "11 PM"};
    static const int32_t of[] = {0, 1, 11, 12, 13, 23};
    for (size_t i = 0; i < 6; i++) assert_string_equal(kl_hour_label(of[i]), hours[i]);
    assert_null(kl_hour_label(24));
    assert_null(kl_hour_label(-1));
}

static void sessions(void **state) {
    (void)state;
    /* as system 000 has them: hour 7 Asia and Europe, 13..15 Europe and US, 21..23 none */
    for (int32_t hour = 0; hour < 24; hour++) {
        uint32_t mask, want = 0;
        if (hour <= 7) want |= KL_SESSION_ASIA;
        if (hour >= 7 && hour <= 15) want |= KL_SESSION_EUROPE;
        if (hour >= 13 && hour <= 20) want |= KL_SESSION_US;
        for (int64_t day = -2; day < 3; day++) {
            assert_int_equal(kl_session_mask(day * DAY + hour * (DAY / 24) + DAY / 24 - 1, NULL, 0, &mask), KL_OK);
            assert_int_equal(mask, want);
        }
        const kl_session own[] = {{1, 22, 3}, {2, 5, 5}, {4, 4, 4}};
        want = (hour >= 22 || hour <= 3 ? 1u : 0) | (hour == 5 ? 2u : 0) | (hour == 4 ? 4u : 0);
        assert_int_equal(kl_session_mask(hour * (DAY / 24), own, 3, &mask), KL_OK);
        assert_int_equal(mask, want);
    }
    uint32_t mask;
    const kl_session bad = {1, 0, 24};
    assert_int_equal(kl_session_mask(0, &bad, 1, &mask), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epoch_units),    cmocka_unit_test(civil_day_by_day), cmocka_unit_test(iso_weeks),
        cmocka_unit_test(civil_refuses),  cmocka_unit_test(text_both_ways),   cmocka_unit_test(text_random),
        cmocka_unit_test(ingestion_time), cmocka_unit_test(calendar_zone),    cmocka_unit_test(names),
        cmocka_unit_test(sessions),
    };
    return cmocka_run_group_tests_name("data time", tests, NULL, NULL);
}
