/* Civil dates from day numbers and back, in integer arithmetic; years begin on 1 March inside, so that the leap day comes last.
 * One 400-year cycle has 146,097 days. */
#include "data/civil.h"

#define CIVIL_CYCLE_DAYS 146097
#define CIVIL_EPOCH_SHIFT 719468 /* days from 0000-03-01 to 1970-01-01 */

int32_t kl__is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int32_t kl__days_in_month(int64_t year, int32_t month) {
    static const int8_t civil_month_days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return civil_month_days[month - 1] + (month == 2 && kl__is_leap(year));
}

int64_t kl__days_from_civil(int64_t year, int32_t month, int32_t day) {
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t cycle = kl__floor_div(y, 400), in_cycle = y - cycle * 400;
    int64_t march_month = month <= 2 ? month + 9 : month - 3; /* 0 is March */
    int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    return cycle * CIVIL_CYCLE_DAYS + in_cycle * 365 + in_cycle / 4 - in_cycle / 100 + day_of_year - CIVIL_EPOCH_SHIFT;
}

void kl__civil_from_days(int64_t days, int32_t *year, int32_t *month, int32_t *day) {
    int64_t shifted = days + CIVIL_EPOCH_SHIFT, cycle = kl__floor_div(shifted, CIVIL_CYCLE_DAYS);
    uint32_t d = (uint32_t)(shifted - cycle * CIVIL_CYCLE_DAYS);               /* 0..146096 */
    uint32_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;                /* 0..399 */
    uint32_t day_of_year = d - (365 * y + y / 4 - y / 100), m = (5 * day_of_year + 2) / 153; /* from 1 March */
    *day = (int32_t)(day_of_year - (153 * m + 2) / 5 + 1);
    *month = (int32_t)(m < 10 ? m + 3 : m - 9);
    *year = (int32_t)(cycle * 400 + (int64_t)y + (m >= 10));
}

int64_t kl__month_from_days(int64_t days) {
    int32_t year, month, day;
    kl__civil_from_days(days, &year, &month, &day);
    return ((int64_t)year - 1970) * 12 + month - 1;
}

void kl_civil_from_time(kl_time time, kl_civil *civil) {
    if (!civil) return;
    int64_t days = kl__floor_div(time, KL__DAY_US), rest = kl__floor_mod(time, KL__DAY_US);
    int32_t seconds = (int32_t)(rest / KL__SECOND_US);
    kl__civil_from_days(days, &civil->year, &civil->month, &civil->day);
    civil->hour = seconds / 3600;
    civil->minute = seconds / 60 % 60;
    civil->second = seconds % 60;
    civil->microsecond = (int32_t)(rest % KL__SECOND_US);
}

kl_status kl_civil_to_time(const kl_civil *civil, kl_time *time) {
    if (!civil || !time) return KL_E_ARG;
    if (civil->year < -290000 || civil->year > 290000 || civil->month < 1 || civil->month > 12 || civil->day < 1 ||
        civil->day > kl__days_in_month(civil->year, civil->month))
        return KL_E_TIME;
    if (civil->hour < 0 || civil->hour > 23 || civil->minute < 0 || civil->minute > 59 || civil->second < 0 ||
        civil->second > 59 || civil->microsecond < 0 || civil->microsecond > 999999)
        return KL_E_TIME;
    int64_t seconds = (int64_t)civil->hour * 3600 + civil->minute * 60 + civil->second;
    *time = kl__days_from_civil(civil->year, civil->month, civil->day) * KL__DAY_US + seconds * KL__SECOND_US +
            civil->microsecond;
    return KL_OK;
}
