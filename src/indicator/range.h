/* The average true range as a part of other kernels, smoothed by choice. */
#ifndef KL__RANGE_H
#define KL__RANGE_H
#include "indicator/decay.h"
#include "indicator/kernel.h"
#include "indicator/window.h"

enum { KL__RANGE_WILDER = 0, KL__RANGE_EMA = 1, KL__RANGE_SMA = 2 };
extern const char *const kl__average_range_kinds[];
#define KL__RANGE_KIND                                                                                                \
    {"kind", "average of the true range: Wilder's, exponential or simple", KL_PARAM_CHOICE, KL__RANGE_WILDER, 0, 2, kl__average_range_kinds}

/* A window for the simple average follows the struct: it has to be the last one of its state. */
typedef struct kl__average_range {
    uint64_t kind, seen;
    double close; /* of the bar before */
    kl__average average;
} kl__average_range;

size_t kl__average_range_size(double n, double kind); /* in all */
void kl__average_range_init(kl__average_range *r, double n, double kind);
/* in: high, low, close; range: NaN until n true ranges are there, the first of them with the second bar. */
void kl__average_range_run(kl__average_range *r, const double *const *in, size_t n, double *range);
/* Of values that nobody has looked at: KL__ATTEMPT_MADE or _FAILED. */
int kl__average_range_try(kl__average_range *r, const double *const *in, size_t n, double *range);
void kl__average_range_settle(kl__average_range *r);
void kl__average_range_pack(kl__average_range *r, kl__snap *p);

#endif
