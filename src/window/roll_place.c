/* Which rows are in the window of a row, and how many of them are known. */
#include "base/fp.h"
#include "window/roll.h"

/* The times of rows that come: an array, or what a snapshot holds. */
typedef struct roll_clock {
    const int64_t *time;
    const uint8_t *image;
} roll_clock;

static int64_t roll_time_of(const kl_roll *roll, roll_clock clock, uint64_t row) {
    if (row < roll->seen) return kl__roll_times(roll)[kl__roll_at(roll, roll->seen - row)];
    return clock.image ? kl__load_i64(clock.image + 8 * (row - roll->seen)) : clock.time[row - roll->seen];
}

static kl_status roll_next_period(const kl_roll *roll, kl__roll_place *place, uint64_t row, int64_t t) {
    kl_time open;
    KL__TRY(kl_interval_floor(&roll->spec.period, t, &open));
    if (kl_interval_next(&roll->spec.period, open, &place->period_next) < 0) place->period_next = INT64_MAX;
    place->last_start = place->period_start;
    place->period_start = place->start = row;
    place->changed = 1;
    return KL_OK;
}

/* Moves on to row `j` of those that come. */
static kl_status roll_move(const kl_roll *roll, kl__roll_place *place, roll_clock clock, size_t j) {
    const kl_roll_spec *spec = &roll->spec;
    const uint64_t row = roll->seen + j, rows = (uint64_t)spec->rows;
    place->end = row + 1 - roll->delayed;
    place->changed = 0;
    if (!roll->timed) {
        place->start = place->end - roll->origin > rows ? place->end - rows : roll->origin;
        return KL_OK;
    }
    const int64_t t = roll_time_of(roll, clock, row);
    if (place->begun && t <= place->last_time) return KL_E_ORDER;
    if (spec->period.unit) {
        if (!place->begun || t >= place->period_next) KL__TRY(roll_next_period(roll, place, row, t));
    } else {
        /* rising times: the difference of two is positive, and fits without sign */
        const uint64_t span = (uint64_t)spec->span_us - !roll->delayed;
        while (place->start < row && (uint64_t)t - (uint64_t)roll_time_of(roll, clock, place->start) > span) place->start++;
    }
    place->begun = 1;
    place->last_time = t;
    return place->end - place->start > rows ? KL_E_SIZE : KL_OK;
}

static kl_status roll_check_clock(const kl_roll *roll, roll_clock clock, size_t n, kl_error *error) {
    if (!roll->timed) return KL_OK;
    kl__roll_place place = roll->place;
    for (size_t j = 0; j < n; j++) {
        kl_status status = roll_move(roll, &place, clock, j);
        if (status == KL_E_ORDER) return kl__fail(error, status, 2, (int64_t)j + 1, 0, "the time is not after the one before it");
        if (status == KL_E_SIZE)
            return kl__fail(error, status, 2, (int64_t)j + 1, 0, "the window holds more than %lld rows", (long long)roll->spec.rows);
        if (status < 0) return kl__fail(error, status, 2, (int64_t)j + 1, 0, "the time is in no period");
    }
    return KL_OK;
}

kl_status kl__roll_check_times(const kl_roll *roll, const int64_t *time, size_t n, kl_error *error) {
    const roll_clock clock = {time, NULL};
    return roll_check_clock(roll, clock, n, error);
}

kl_status kl__roll_check_image(const kl_roll *roll, const uint8_t *times, size_t n) {
    const roll_clock clock = {NULL, times};
    return roll_check_clock(roll, clock, n, NULL);
}

/* Nothing is missing in the chunk, nor in the windows before it: what is known are all rows. */
static int roll_count_full(kl_roll *roll, const double *feed, size_t n, kl__roll_windows *to) {
    if (roll->timed || roll->known != roll->place.end - roll->place.start) return 0;
    const uint64_t first = roll->seen + 1 - roll->delayed - roll->origin, longest = (uint64_t)roll->spec.rows;
    for (size_t j = 0; to->full < n && j < n; j++) {
        to->length[j] = (uint32_t)(first + j < longest ? first + j : longest);
        to->known[j] = to->rows[j] = to->length[j];
        to->anchor[j] = feed[j];
    }
    if (first >= longest && to->full < n) to->full = n;
    (void)roll_move(roll, &roll->place, (roll_clock){NULL, NULL}, n - 1);
    roll->known = to->length[n - 1];
    roll->anchor = feed[n - 1];
    return 1;
}

static double roll_value_of(const kl_roll *roll, const double *x, uint64_t row) {
    return row >= roll->seen ? x[row - roll->seen] : kl__roll_raw(roll, 0)[kl__roll_at(roll, roll->seen - row)];
}

void kl__roll_count(kl_roll *roll, const int64_t *time, const double *x, const double *feed, int holes, size_t n, kl__roll_windows *to) {
    const roll_clock clock = {time, NULL};
    if (!holes && roll_count_full(roll, feed, n, to)) return;
    to->full = 0;
    for (size_t j = 0; j < n; j++) {
        const uint64_t start = roll->place.start, end = roll->place.end;
        (void)roll_move(roll, &roll->place, clock, j); /* it was tried before */
        const uint64_t gone = roll->place.start < end ? roll->place.start : end;
        for (uint64_t row = start; row < gone; row++) {
            double value = roll_value_of(roll, x, row);
            roll->known -= value == value;
        }
        for (uint64_t row = end > roll->place.start ? end : roll->place.start; row < roll->place.end; row++) {
            double value = roll_value_of(roll, x, row);
            roll->known += value == value;
            if (value == value) roll->anchor = value;
        }
        to->length[j] = (uint32_t)(roll->place.end - roll->place.start);
        to->rows[j] = to->length[j];
        to->known[j] = (double)roll->known;
        to->anchor[j] = roll->anchor;
        to->changed[j] = (uint8_t)roll->place.changed;
    }
}
