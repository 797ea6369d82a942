/* Intervals: names, and the grid of bucket starts that each one lays over time. */
#include "base/size.h"
#include "base/wide.h"
#include "data/time.h"
#include <string.h>

#define INTERVAL_N_MAX 100000
#define INTERVAL_MONDAY_US (4 * KL__DAY_US) /* 1970-01-05 */
#define INTERVAL_MONTH_CYCLE 4800           /* months after which the calendar repeats */
#define INTERVAL_MONTH_CYCLE_DAYS 146097

static const int64_t interval_unit_us[KL_WEEK + 1] = {
    0, KL__SECOND_US, KL__MINUTE_US, KL__HOUR_US, KL__DAY_US, 7 * KL__DAY_US,
};

static int64_t interval_default_anchor(int32_t unit, int32_t n) {
    if (unit == KL_DAY && n > 1) return KL_TIME_NONE;
    return unit == KL_WEEK ? INTERVAL_MONDAY_US : 0;
}

static kl_status interval_check(const kl_interval *interval) {
    if (!interval) return KL_E_ARG;
    if (interval->unit < KL_SECOND || interval->unit > KL_MONTH || interval->n < 1 || interval->n > INTERVAL_N_MAX)
        return KL_E_INTERVAL;
    if (interval->anchor_us == KL_TIME_NONE) return KL_E_ANCHOR;
    if (interval->unit == KL_MONTH && (interval->anchor_us <= -KL__DAY_US || interval->anchor_us >= KL__DAY_US))
        return KL_E_ANCHOR;
    return KL_OK;
}

int64_t kl_interval_length_us(const kl_interval *interval) {
    if (!interval || interval->unit < KL_SECOND || interval->unit > KL_WEEK) return 0;
    return interval->n < 1 ? 0 : interval_unit_us[interval->unit] * interval->n;
}

/* ------------------------------------------------------------------------------------------------------ grid --- */

/* Time from the anchor; 1 where it does not fit. */
static int interval_since(const kl_interval *interval, kl_time time, int64_t *since) {
    int64_t anchor = interval->anchor_us;
    if (anchor < 0 ? time > INT64_MAX + anchor : time < INT64_MIN + anchor) return 1;
    *since = time - anchor;
    return 0;
}

kl_status kl_interval_index(const kl_interval *interval, kl_time time, int64_t *index) {
    KL__TRY(interval_check(interval));
    if (!index) return KL_E_ARG;
    int64_t since;
    if (interval_since(interval, time, &since)) return KL_E_OVERFLOW;
    if (interval->unit == KL_MONTH)
        *index = kl__floor_div(kl__month_from_days(kl__floor_div(since, KL__DAY_US)), interval->n);
    else
        *index = kl__floor_div(since, kl_interval_length_us(interval));
    return KL_OK;
}

/* count * length + anchor */
static kl_status interval_scaled(int64_t count, int64_t length, int64_t anchor, kl_time *open) {
    kl_i128 us = kl__wide_mul64(count, length);
    if (!kl__wide_fits(us) || kl__add_i64((int64_t)us.lo, anchor, &us.hi)) return KL_E_OVERFLOW;
    *open = us.hi;
    return KL_OK;
}

static kl_status interval_month_open(const kl_interval *interval, int64_t index, kl_time *open) {
    const int64_t limit = 12 * INT64_C(300000); /* months within int64 microseconds */
    if (index < -limit || index > limit) return KL_E_OVERFLOW;
    int64_t month = index * interval->n, year = 1970 + kl__floor_div(month, 12);
    if (month < -limit || month > limit) return KL_E_OVERFLOW;
    int64_t days = kl__days_from_civil(year, (int32_t)kl__floor_mod(month, 12) + 1, 1);
    return interval_scaled(days, KL__DAY_US, interval->anchor_us, open);
}

kl_status kl_interval_open(const kl_interval *interval, int64_t index, kl_time *open) {
    KL__TRY(interval_check(interval));
    if (!open) return KL_E_ARG;
    if (interval->unit == KL_MONTH) return interval_month_open(interval, index, open);
    return interval_scaled(index, kl_interval_length_us(interval), interval->anchor_us, open);
}

kl_status kl_interval_floor(const kl_interval *interval, kl_time time, kl_time *open) {
    int64_t index;
    if (!open) return KL_E_ARG;
    if (!interval || interval->unit == KL_MONTH) {
        KL__TRY(kl_interval_index(interval, time, &index));
        return kl_interval_open(interval, index, open);
    }
    KL__TRY(interval_check(interval));
    int64_t since;
    if (interval_since(interval, time, &since)) return KL_E_OVERFLOW;
    int64_t rest = kl__floor_mod(since, kl_interval_length_us(interval));
    if (time < INT64_MIN + rest) return KL_E_OVERFLOW;
    *open = time - rest;
    return KL_OK;
}

kl_status kl_interval_next(const kl_interval *interval, kl_time open, kl_time *next) {
    int64_t index;
    if (!next) return KL_E_ARG;
    if (!interval || interval->unit == KL_MONTH) {
        KL__TRY(kl_interval_index(interval, open, &index));
        return kl_interval_open(interval, index + 1, next);
    }
    kl_time start;
    KL__TRY(kl_interval_floor(interval, open, &start));
    return kl__add_i64(start, kl_interval_length_us(interval), next) ? KL_E_OVERFLOW : KL_OK;
}

/* Index of the first bucket that opens at `time` or later. */
static kl_status interval_index_up(const kl_interval *interval, kl_time time, int64_t *index) {
    kl_time open;
    KL__TRY(kl_interval_index(interval, time, index));
    KL__TRY(kl_interval_open(interval, *index, &open));
    *index += open != time;
    return KL_OK;
}

kl_status kl_interval_count(const kl_interval *interval, kl_time from, kl_time to, int64_t *count) {
    int64_t first, last;
    KL__TRY(interval_check(interval));
    if (!count) return KL_E_ARG;
    if (to <= from) return *count = 0, KL_OK;
    KL__TRY(interval_index_up(interval, from, &first));
    KL__TRY(interval_index_up(interval, to, &last));
    *count = last - first;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------- divisibility --- */

/* A grid of fixed step: 1 and its step and phase. Months repeat only after 400 years, where they too have one. */
static int interval_fixed(const kl_interval *interval, int64_t *step, int64_t *phase) {
    if (interval->unit == KL_MONTH) {
        if (interval->n % INTERVAL_MONTH_CYCLE != 0) return 0;
        *step = interval->n / INTERVAL_MONTH_CYCLE * INTERVAL_MONTH_CYCLE_DAYS * KL__DAY_US;
    } else {
        *step = kl_interval_length_us(interval);
    }
    *phase = kl__floor_mod(interval->anchor_us, *step);
    return 1;
}

int32_t kl_interval_divides(const kl_interval *small, const kl_interval *large) {
    int64_t step = 1, phase = 0, large_step = 0, large_phase = 0;
    if (interval_check(small) < 0 || interval_check(large) < 0) return 0;
    int small_fixed = interval_fixed(small, &step, &phase), large_fixed = interval_fixed(large, &large_step, &large_phase);
    if (!small_fixed) return large->unit == KL_MONTH && large->n % small->n == 0 && large->anchor_us == small->anchor_us;
    if (!large_fixed) { /* starts of months are whole days apart, and no coarser step fits them all */
        large_step = KL__DAY_US;
        large_phase = kl__floor_mod(large->anchor_us, large_step);
    }
    return large_step % step == 0 && kl__floor_mod(large_phase, step) == phase;
}

/* ------------------------------------------------------------------------------------------------------ text --- */

typedef struct {
    char text[4];
    int32_t unit;
} interval_unit_name;

/* m and M differ; the other letters may come in both cases. The first name of a unit is the one that is printed. */
static const interval_unit_name interval_units[] = {
    {"s", KL_SECOND}, {"m", KL_MINUTE}, {"h", KL_HOUR}, {"d", KL_DAY},  {"w", KL_WEEK}, {"M", KL_MONTH},
    {"S", KL_SECOND}, {"H", KL_HOUR},   {"D", KL_DAY},  {"W", KL_WEEK}, {"mo", KL_MONTH}, {"min", KL_MINUTE},
};

static int interval_unit_parse(const char *text, size_t length, int32_t *unit) {
    for (size_t i = 0; i < sizeof interval_units / sizeof interval_units[0]; i++) {
        if (strlen(interval_units[i].text) == length && memcmp(interval_units[i].text, text, length) == 0) {
            *unit = interval_units[i].unit;
            return 0;
        }
    }
    return 1;
}

/* A date or instant, or [+-]hh:mm[:ss] off the default anchor. */
static kl_status interval_anchor_parse(const char *text, size_t length, kl_interval *interval) {
    kl_time time;
    if (kl_time_parse(text, length, &time) == KL_OK) {
        if (interval->unit == KL_MONTH) return KL_E_ANCHOR; /* months start on the first, only their hour can move */
        interval->anchor_us = time;
        return KL_OK;
    }
    size_t used = length > 0 && (text[0] == '+' || text[0] == '-');
    int64_t of_day_us;
    if (kl__clock_parse(text, length, &used, &of_day_us) || used != length || interval->anchor_us == KL_TIME_NONE)
        return KL_E_ANCHOR;
    interval->anchor_us += text[0] == '-' ? -of_day_us : of_day_us;
    return KL_OK;
}

kl_status kl_interval_parse(const char *text, size_t length, kl_interval *interval) {
    if (!text || !interval) return KL_E_ARG;
    kl_interval found = {0, 0, 0};
    size_t used = 0, end;
    while (used < length && (uint32_t)(unsigned char)text[used] - '0' <= 9) {
        found.n = found.n * 10 + (text[used++] - '0');
        if (found.n > INTERVAL_N_MAX || found.n == 0) return KL_E_INTERVAL;
    }
    const char *at = memchr(text, '@', length);
    end = at ? (size_t)(at - text) : length;
    if (found.n == 0 || interval_unit_parse(text + used, end - used, &found.unit)) return KL_E_INTERVAL;
    found.anchor_us = interval_default_anchor(found.unit, found.n);
    if (at) KL__TRY(interval_anchor_parse(at + 1, length - end - 1, &found));
    *interval = found;
    return KL_OK;
}

/* Shortest form that interval_anchor_parse reads back. */
static char *interval_anchor_print(const kl_interval *interval, char *out) {
    int64_t base = interval_default_anchor(interval->unit, interval->n), anchor = interval->anchor_us;
    if (anchor == base || anchor == KL_TIME_NONE) return out;
    *out++ = '@';
    if (base != KL_TIME_NONE && anchor > base - KL__DAY_US && anchor < base + KL__DAY_US) {
        if (anchor < base) *out++ = '-';
        return out + kl__clock_print(anchor < base ? base - anchor : anchor - base, 0, out);
    }
    size_t length = kl_time_print(anchor, out);
    if (kl__floor_mod(anchor, KL__DAY_US) == 0) length -= strlen("T00:00:00Z");
    return out + length;
}

size_t kl_interval_print(const kl_interval *interval, char *text) {
    if (!text) return 0;
    text[0] = '\0';
    if (!interval || interval->unit < KL_SECOND || interval->unit > KL_MONTH || interval->n < 1 ||
        interval->n > INTERVAL_N_MAX)
        return 0;
    char digits[8], *out = text;
    size_t count = 0;
    for (int32_t n = interval->n; n > 0; n /= 10) digits[count++] = (char)('0' + n % 10);
    while (count > 0) *out++ = digits[--count];
    *out++ = interval_units[interval->unit - 1].text[0];
    out = interval_anchor_print(interval, out);
    *out = '\0';
    return (size_t)(out - text);
}

kl_status kl_interval_at(size_t index, kl_interval *interval) {
    static const char interval_names[][4] = {"1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h",
                                             "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"};
    if (!interval) return KL_E_ARG;
    if (index >= sizeof interval_names / sizeof interval_names[0]) return KL_END;
    return kl_interval_parse(interval_names[index], strlen(interval_names[index]), interval);
}
