/* Calendar attributes of an instant, names, sessions of the day. */
#include "data/time.h"

kl_status kl_calendar_at(kl_time time, int32_t offset_minutes, kl_calendar *calendar) {
    if (!calendar || offset_minutes < -24 * 60 || offset_minutes > 24 * 60) return KL_E_ARG;
    if (time < INT64_MIN + 2 * KL__DAY_US || time > INT64_MAX - 2 * KL__DAY_US) return KL_E_TIME;
    kl_time local = time + offset_minutes * KL__MINUTE_US;
    int64_t days = kl__floor_div(local, KL__DAY_US);
    kl_civil_from_time(local, &calendar->civil);
    const int32_t year = calendar->civil.year;
    const int64_t new_year = kl__days_from_civil(year, 1, 1);
    const int32_t weekday = (int32_t)kl__floor_mod(days + 3, 7); /* 0 is Monday; 1970-01-01 was a Thursday */
    const int32_t first_weekday = (int32_t)kl__floor_mod(new_year + 3, 7);
    calendar->quarter = (calendar->civil.month + 2) / 3;
    calendar->day_of_year = (int32_t)(days - new_year) + 1;
    calendar->iso_weekday = weekday + 1;
    calendar->is_weekend = weekday >= 5;
    calendar->week_of_year = (calendar->day_of_year - 1 + first_weekday) / 7 + 1;
    /* an ISO week belongs to the year of its Thursday */
    int32_t unused_month, unused_day;
    const int64_t thursday = days - weekday + 3;
    kl__civil_from_days(thursday, &calendar->iso_week_year, &unused_month, &unused_day);
    calendar->iso_week = (int32_t)((thursday - kl__days_from_civil(calendar->iso_week_year, 1, 1)) / 7) + 1;
    calendar->is_pm = calendar->civil.hour >= 12;
    calendar->hour12 = calendar->civil.hour % 12 == 0 ? 12 : calendar->civil.hour % 12;
    return KL_OK;
}

const char *kl_day_name(int32_t iso_weekday) {
    static const char *const calendar_days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                "Friday", "Saturday", "Sunday"};
    return iso_weekday >= 1 && iso_weekday <= 7 ? calendar_days[iso_weekday - 1] : NULL;
}

const char *kl_month_name(int32_t month) {
    static const char *const calendar_months[] = {"January", "February", "March",     "April",   "May",      "June",
                                                  "July",    "August",   "September", "October", "November", "December"};
    return month >= 1 && month <= 12 ? calendar_months[month - 1] : NULL;
}

const char *kl_hour_label(int32_t hour) {
    static const char *const calendar_hours[] = {"12 AM", "1 AM", "2 AM", "3 AM", "4 AM",  "5 AM",
                                                 "6 AM",  "7 AM", "8 AM", "9 AM", "10 AM", "11 AM",
                                                 "12 PM", "1 PM", "2 PM", "3 PM", "4 PM",  "5 PM",
                                                 "6 PM",  "7 PM", "8 PM", "9 PM", "10 PM", "11 PM"};
    return hour >= 0 && hour <= 23 ? calendar_hours[hour] : NULL;
}

size_t kl_hhmm_print(kl_time time, int32_t offset_minutes, char *text) {
    if (!text) return 0;
    text[0] = '\0';
    if (time == KL_TIME_NONE || offset_minutes < -24 * 60 || offset_minutes > 24 * 60) return 0;
    /* the day does not matter, so neither sum can overflow */
    int64_t of_day = kl__floor_mod(kl__floor_mod(time, KL__DAY_US) + offset_minutes * KL__MINUTE_US, KL__DAY_US);
    char *out = kl__put_2(text, (uint32_t)(of_day / KL__HOUR_US));
    *out++ = ':';
    out = kl__put_2(out, (uint32_t)(of_day / KL__MINUTE_US % 60));
    *out = '\0';
    return (size_t)(out - text);
}

kl_status kl_session_mask(kl_time time, const kl_session *sessions, size_t n, uint32_t *mask) {
    static const kl_session calendar_sessions[] = {
        {KL_SESSION_ASIA, 0, 7}, {KL_SESSION_EUROPE, 7, 15}, {KL_SESSION_US, 13, 20}};
    if (!mask) return KL_E_ARG;
    if (!sessions) {
        sessions = calendar_sessions;
        n = sizeof calendar_sessions / sizeof calendar_sessions[0];
    }
    int32_t hour = (int32_t)(kl__floor_mod(time, KL__DAY_US) / KL__HOUR_US);
    uint32_t found = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t first = sessions[i].first_hour, last = sessions[i].last_hour;
        if (first < 0 || first > 23 || last < 0 || last > 23) return KL_E_ARG;
        int inside = first <= last ? hour >= first && hour <= last : hour >= first || hour <= last;
        if (inside) found |= sessions[i].bit;
    }
    *mask = found;
    return KL_OK;
}
