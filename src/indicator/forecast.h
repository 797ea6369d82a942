/* The line of least squares through a window one bar ahead. */
#ifndef KL__FORECAST_H
#define KL__FORECAST_H
#include "indicator/formula.h"
#include "indicator/window.h"

/* A window of kl__tree_slope follows it: it has to be the last one of its state. */
typedef struct kl__forecast {
    double age, squares; /* of the bars: mean distance from the newest, sum of the squares of those from the middle */
    double next;         /* what is foretold of the next bar; NaN: nothing */
    uint64_t stale;      /* 1: `next` is that of an earlier bar */
} kl__forecast;

size_t kl__forecast_size(const double *params);
void kl__forecast_init(void *state, const double *params);
/* y: what each row foretells of the next one. away: how far each row is from what was foretold of it, in percent of it. */
void kl__forecast_run(kl__forecast *f, const double *x, size_t n, double *y, int away);
int kl__forecast_try(kl__forecast *f, const double *const *in, size_t n, double *const *out, int away);
void kl__forecast_settle(void *state);
void kl__forecast_pack(void *state, kl__snap *p);

#endif
