/* Instants: epoch numbers of unknown unit, ISO 8601 text. */
#include "data/time.h"
#include <string.h>

kl_status kl_time_from_epoch(int64_t value, kl_time *time, int32_t *unit) {
    /* 2000-01-01 and 2100-01-01 in seconds; the ranges of the units do not overlap */
    const int64_t low = INT64_C(946684800), high = INT64_C(4102444800);
    int32_t found = KL_EPOCH_NONE;
    if (!time) return KL_E_ARG;
    if (value >= low * 1000000 && value <= high * 1000000) {
        *time = value;
        found = KL_EPOCH_US;
    } else if (value >= low * 1000 && value <= high * 1000) {
        *time = value * 1000;
        found = KL_EPOCH_MS;
    } else if (value >= low && value <= high) {
        *time = value * 1000000;
        found = KL_EPOCH_S;
    } else if (value >= low * 1000000000 && value <= high * 1000000000) {
        *time = value / 1000;
        found = KL_EPOCH_NS;
    }
    if (found == KL_EPOCH_NONE) return KL_E_TIME;
    if (unit) *unit = found;
    return KL_OK;
}

/* Exactly `count` digits at *used. */
static int time_digits(const char *text, size_t length, size_t *used, size_t count, int32_t *value) {
    if (length - *used < count) return 1;
    int32_t v = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t digit = (uint32_t)(unsigned char)text[*used + i] - '0';
        if (digit > 9) return 1;
        v = v * 10 + (int32_t)digit;
    }
    *used += count;
    *value = v;
    return 0;
}

static int time_skip(const char *text, size_t length, size_t *used, char c) {
    if (*used >= length || text[*used] != c) return 0;
    ++*used;
    return 1;
}

/* Decimals of a second as microseconds; finer digits, up to 9, are cut. */
static int time_fraction(const char *text, size_t length, size_t *used, int32_t *us) {
    int32_t value = 0, count = 0;
    while (*used < length && (uint32_t)(unsigned char)text[*used] - '0' <= 9) {
        if (++count > 9) return 1;
        if (count <= 6) value = value * 10 + (text[*used] - '0');
        ++*used;
    }
    if (count == 0) return 1;
    for (; count < 6; count++) value *= 10;
    *us = value;
    return 0;
}

int kl__clock_parse(const char *text, size_t length, size_t *used, int64_t *of_day_us) {
    int32_t hour, minute, second = 0, us = 0;
    if (time_digits(text, length, used, 2, &hour) || !time_skip(text, length, used, ':')) return 1;
    if (time_digits(text, length, used, 2, &minute)) return 1;
    if (time_skip(text, length, used, ':')) {
        if (time_digits(text, length, used, 2, &second)) return 1;
        if (time_skip(text, length, used, '.') && time_fraction(text, length, used, &us)) return 1;
    }
    if (hour > 23 || minute > 59 || second > 59) return 1;
    *of_day_us = hour * KL__HOUR_US + minute * KL__MINUTE_US + second * KL__SECOND_US + us;
    return 0;
}

/* Z, UTC, +hh, +hhmm, +hh:mm or nothing, to the end of the text. */
static int time_zone(const char *text, size_t length, size_t used, int64_t *offset_us) {
    *offset_us = 0;
    if (used == length) return 0;
    size_t word = used + (text[used] == ' ');
    if (length - word == 3 && memcmp(text + word, "UTC", 3) == 0) return 0;
    char sign = text[used++];
    if (sign == 'Z' || sign == 'z') return used != length;
    int32_t hours, minutes = 0;
    if ((sign != '+' && sign != '-') || time_digits(text, length, &used, 2, &hours)) return 1;
    int colon = time_skip(text, length, &used, ':');
    if ((colon || used < length) && time_digits(text, length, &used, 2, &minutes)) return 1;
    if (used != length || hours > 23 || minutes > 59) return 1;
    *offset_us = hours * KL__HOUR_US + minutes * KL__MINUTE_US;
    if (sign == '-') *offset_us = -*offset_us;
    return 0;
}

kl_status kl_time_parse(const char *text, size_t length, kl_time *time) {
    if (!text || !time) return KL_E_ARG;
    size_t used = 0;
    int32_t year, month, day;
    int64_t of_day_us = 0, offset_us = 0;
    if (time_digits(text, length, &used, 4, &year) || !time_skip(text, length, &used, '-')) return KL_E_TIME;
    if (time_digits(text, length, &used, 2, &month) || !time_skip(text, length, &used, '-')) return KL_E_TIME;
    if (time_digits(text, length, &used, 2, &day)) return KL_E_TIME;
    if (month < 1 || month > 12 || day < 1 || day > kl__days_in_month(year, month)) return KL_E_TIME;
    if (used < length) {
        char c = text[used++];
        if (c != 'T' && c != 't' && c != ' ') return KL_E_TIME;
        if (kl__clock_parse(text, length, &used, &of_day_us)) return KL_E_TIME;
        if (time_zone(text, length, used, &offset_us)) return KL_E_TIME;
    }
    *time = kl__days_from_civil(year, month, day) * KL__DAY_US + of_day_us - offset_us;
    return KL_OK;
}

size_t kl__clock_print(int64_t of_day_us, int seconds, char *text) {
    uint32_t s = (uint32_t)(of_day_us / KL__SECOND_US), us = (uint32_t)(of_day_us % KL__SECOND_US);
    char *out = kl__put_2(text, s / 3600);
    *out++ = ':';
    out = kl__put_2(out, s / 60 % 60);
    if (seconds || us != 0 || s % 60 != 0) {
        *out++ = ':';
        out = kl__put_2(out, s % 60);
    }
    if (us != 0) {
        uint32_t digits = us % 1000 ? 6 : 3, rest = us % 1000 ? us : us / 1000;
        *out++ = '.';
        for (uint32_t i = digits; i-- > 0; rest /= 10) out[i] = (char)('0' + rest % 10);
        out += digits;
    }
    return (size_t)(out - text);
}

/* Years outside 0..9999 have a sign and at least six digits, as ISO 8601 asks for. */
static char *time_put_year(char *out, int32_t year) {
    uint32_t y = year < 0 ? (uint32_t)-year : (uint32_t)year;
    if (year >= 0 && year <= 9999) {
        out = kl__put_2(out, y / 100);
        return kl__put_2(out, y % 100);
    }
    *out++ = year < 0 ? '-' : '+';
    for (uint32_t i = 6; i-- > 0; y /= 10) out[i] = (char)('0' + y % 10);
    return out + 6;
}

size_t kl_time_print(kl_time time, char *text) {
    if (!text) return 0;
    text[0] = '\0';
    if (time == KL_TIME_NONE) return 0;
    int32_t year, month, day;
    kl__civil_from_days(kl__floor_div(time, KL__DAY_US), &year, &month, &day);
    char *out = time_put_year(text, year);
    *out++ = '-';
    out = kl__put_2(out, (uint32_t)month);
    *out++ = '-';
    out = kl__put_2(out, (uint32_t)day);
    *out++ = 'T';
    out += kl__clock_print(kl__floor_mod(time, KL__DAY_US), 1, out);
    *out++ = 'Z';
    *out = '\0';
    return (size_t)(out - text);
}

kl_time kl_ingestion_time(kl_time stamped, kl_time now) {
    return stamped >= KL_TIME_MIN && stamped <= now ? stamped : now;
}
