/* Civil-date arithmetic of the proleptic Gregorian calendar, and division that rounds down. */
#ifndef KL__CIVIL_H
#define KL__CIVIL_H
#include "base/check.h"
#include "kline/data.h"

#define KL__SECOND_US INT64_C(1000000)
#define KL__MINUTE_US (60 * KL__SECOND_US)
#define KL__HOUR_US (60 * KL__MINUTE_US)
#define KL__DAY_US (24 * KL__HOUR_US)

/* b > 0 */
KL__INLINE int64_t kl__floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }
KL__INLINE int64_t kl__floor_mod(int64_t a, int64_t b) {
    int64_t r = a % b;
    return r < 0 ? r + b : r;
}

/* Days since 1970-01-01 of a date; month 1..12; |year| up to a few millions. */
int64_t kl__days_from_civil(int64_t year, int32_t month, int32_t day);
void kl__civil_from_days(int64_t days, int32_t *year, int32_t *month, int32_t *day);
int32_t kl__is_leap(int64_t year);
int32_t kl__days_in_month(int64_t year, int32_t month);
/* Months since 1970-01 of the month that holds a day. */
int64_t kl__month_from_days(int64_t days);

#endif
