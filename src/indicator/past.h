/* The last values of one series, in a row in memory, for windows that are gone through value by value. */
#ifndef KL__INDICATOR_PAST_H
#define KL__INDICATOR_PAST_H
#include "indicator/indicator.h"

/* Its doubles follow it: 2 * keep + KL__CHUNK. */
typedef struct kl__past {
    uint64_t keep;  /* values before the current one */
    uint64_t at;    /* where the next value goes */
    uint64_t known; /* values without a missing one among them, up to the last; at most keep */
} kl__past;

/* rows windows of w values: window[j .. j + w - 1] for y[j], all of them known. */
typedef void kl__past_rows(const void *context, const double *window, size_t w, size_t rows, double *y);

/* 1 <= w <= KL_PERIOD_MAX, the length of the window. */
size_t kl__past_size(size_t w);
void kl__past_init(kl__past *p, size_t w);
/* Takes 1..KL__CHUNK values; calls `rows` where windows are whole, NaN elsewhere. */
void kl__past_run(kl__past *p, const double *x, size_t n, kl__past_rows *rows, const void *context, double *y);
void kl__past_pack(kl__past *p, kl__snap *s);

#endif
