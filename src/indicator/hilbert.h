/* Ehlers' homodyne discriminator: smooths the price, turns it by a quarter of a cycle and measures the length of the cycle from bar
 * to bar. Shared by ht_* and mama. */
#ifndef KL__HILBERT_H
#define KL__HILBERT_H
#include "indicator/indicator.h"

enum { KL__HILBERT_FIRST = 0, KL__HILBERT_ZERO = 1 }; /* what the filters hold before their first bar */
#define KL__HILBERT_SEED                                                                                             \
    {"seed", "what the filters hold at the start: the first price, or 0 as in TA-Lib", KL_PARAM_CHOICE, KL__HILBERT_FIRST, 0, 1, \
     kl__hilbert_seeds}
extern const char *const kl__hilbert_seeds[];

#define KL__HILBERT_RING 16
typedef struct kl__hilbert {
    uint64_t bars, skip;                                          /* seen; before the filters start */
    double zero;                                                  /* 1: from 0 */
    double x[4];                                                  /* the last prices, newest first */
    double s[KL__HILBERT_RING], d[KL__HILBERT_RING], q[KL__HILBERT_RING]; /* smoothed, detrended, quadrature; by bar modulo 16 */
    double smoothed, inphase, quadrature;                         /* of this bar */
    double i2, q2, re, im, period, smooth_period;
} kl__hilbert;

/* `skip`: bars that TA-Lib passes over before it starts from 0 (9 or 34). */
void kl__hilbert_init(kl__hilbert *h, double seed, uint64_t skip);
/* 1 once the filters run; before that nothing of it is known. */
int kl__hilbert_step(kl__hilbert *h, double x);
void kl__hilbert_pack(kl__hilbert *h, kl__snap *p);

/* The phase of the dominant cycle, with the prices that it needs. */
#define KL__HILBERT_LONGEST 50
typedef struct kl__hilbert_phase {
    kl__hilbert hilbert;
    double s[KL__HILBERT_LONGEST], x[KL__HILBERT_LONGEST]; /* rings by bar modulo 50: smoothed and plain prices */
    double phase;                                          /* degrees; NaN where nothing moves */
    double mean[3];                                        /* of the plain price over the cycle, of the last bars */
    double trendline;
} kl__hilbert_phase;

#define KL__HILBERT_PHASE_LOOKBACK 63
void kl__hilbert_phase_init(kl__hilbert_phase *h, double seed);
enum { KL__HILBERT_PHASE = 1, KL__HILBERT_LINE = 2 }; /* what is wanted of a step, always the same */
int kl__hilbert_phase_step(kl__hilbert_phase *h, double x, unsigned what); /* 1 once 63 bars are behind */
void kl__hilbert_phase_pack(kl__hilbert_phase *h, kl__snap *p);

#endif
