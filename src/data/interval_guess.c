/* The interval that a run of open times lies on: the most frequent pair of (distance, phase) of neighbours. Frequent pairs
 * are found in one pass with a fixed number of counters (each pair with more than 1/17 of the weight keeps one), then counted
 * exactly in a second pass. */
#include "data/civil.h"
#include <string.h>

#define GUESS_COUNTERS 16
#define GUESS_N_MAX 100000
#define GUESS_MONTH_STEP 1 /* stands for 28..31 days; real distances are whole seconds */

typedef struct {
    int64_t step, phase; /* microseconds */
    size_t count;
    kl_time open; /* the first one seen */
} guess_pair;

/* Distance and phase of two neighbours; 0 where they say nothing. */
static int guess_of(kl_time open, kl_time next, guess_pair *pair) {
    if (next <= open || open < -(INT64_MAX / 2) || next > INT64_MAX / 2) return 0;
    int64_t step = next - open;
    if (step % KL__SECOND_US != 0) return 0;
    pair->open = open;
    pair->step = step;
    pair->phase = kl__floor_mod(open, step);
    if (step >= 28 * KL__DAY_US && step <= 31 * KL__DAY_US && step % KL__DAY_US == 0) {
        /* offset from the nearest start of a month; zones shift it by less than a day */
        int32_t year, month, day;
        kl__civil_from_days(kl__floor_div(open, KL__DAY_US), &year, &month, &day);
        int64_t of_day = kl__floor_mod(open, KL__DAY_US);
        if (day == 1) pair->phase = of_day;
        else if (day == kl__days_in_month(year, month) && of_day > 0) pair->phase = of_day - KL__DAY_US;
        else return 1;
        pair->step = GUESS_MONTH_STEP;
    }
    return 1;
}

static void guess_add(guess_pair *pairs, const guess_pair *pair) {
    size_t smallest = 0;
    for (size_t i = 0; i < GUESS_COUNTERS; i++) {
        if (pairs[i].count > 0 && pairs[i].step == pair->step && pairs[i].phase == pair->phase) {
            pairs[i].count++;
            return;
        }
        if (pairs[i].count < pairs[smallest].count) smallest = i;
    }
    if (pairs[smallest].count == 0) {
        pairs[smallest] = *pair;
        pairs[smallest].count = 1;
        return;
    }
    for (size_t i = 0; i < GUESS_COUNTERS; i++) pairs[i].count--;
}

static kl_status guess_interval(const guess_pair *pair, kl_interval *interval) {
    static const struct {
        int64_t us;
        int32_t unit;
    } guess_units[] = {{7 * KL__DAY_US, KL_WEEK}, {KL__DAY_US, KL_DAY}, {KL__HOUR_US, KL_HOUR},
                       {KL__MINUTE_US, KL_MINUTE}, {KL__SECOND_US, KL_SECOND}};
    interval->unit = KL_MONTH;
    interval->n = 1;
    interval->anchor_us = pair->phase;
    if (pair->step == GUESS_MONTH_STEP) return KL_OK;
    size_t i = 0;
    while (pair->step % guess_units[i].us != 0) i++;
    if (pair->step / guess_units[i].us > GUESS_N_MAX) return KL_E_INTERVAL;
    interval->unit = guess_units[i].unit;
    interval->n = (int32_t)(pair->step / guess_units[i].us);
    if (interval->unit == KL_DAY && interval->n > 1) interval->anchor_us = pair->open;
    if (interval->unit == KL_WEEK) { /* as near to a Monday as it is */
        int64_t monday = 4 * KL__DAY_US, off = kl__floor_mod(pair->open - monday, pair->step);
        if (off > pair->step - KL__DAY_US) off -= pair->step;
        interval->anchor_us = monday + off;
    }
    return KL_OK;
}

kl_status kl_interval_guess(const kl_time *open_times, size_t n, kl_interval *interval) {
    if ((!open_times && n > 0) || !interval) return KL_E_ARG;
    guess_pair pairs[GUESS_COUNTERS], pair;
    const guess_pair *best = NULL;
    size_t total = 0, multiples = 0;
    memset(pairs, 0, sizeof pairs);
    for (size_t i = 1; i < n; i++) {
        if (open_times[i] > open_times[i - 1]) total++;
        if (guess_of(open_times[i - 1], open_times[i], &pair)) guess_add(pairs, &pair);
    }
    for (size_t k = 0; k < GUESS_COUNTERS; k++)
        if (pairs[k].count == 0) pairs[k].step = -1; /* no distance */
        else pairs[k].count = 0;
    for (size_t i = 1; i < n; i++) {
        if (!guess_of(open_times[i - 1], open_times[i], &pair)) continue;
        for (size_t k = 0; k < GUESS_COUNTERS; k++)
            if (pairs[k].step == pair.step && pairs[k].phase == pair.phase) pairs[k].count++;
    }
    for (size_t k = 0; k < GUESS_COUNTERS; k++) {
        if (pairs[k].step < 0) continue;
        if (!best || pairs[k].count > best->count || (pairs[k].count == best->count && pairs[k].step < best->step))
            best = &pairs[k];
    }
    if (!best) return KL_E_INTERVAL;
    /* a sparse series has many distances, but nearly all are multiples of one */
    for (size_t i = 1; i < n; i++)
        if (guess_of(open_times[i - 1], open_times[i], &pair))
            multiples += best->step == GUESS_MONTH_STEP ? pair.step == GUESS_MONTH_STEP : pair.step % best->step == 0;
    if (multiples < total - total / 2 || best->count < total / 10) return KL_E_INTERVAL;
    kl_interval found;
    KL__TRY(guess_interval(best, &found));
    *interval = found;
    return KL_OK;
}
