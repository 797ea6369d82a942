/* Filters of two poles y = input + a1 y[1] + a2 y[2], serial in time. Written by distances, so that what does not move gives exactly
 * itself (low pass) or exactly 0 (high pass) whatever the rounding of the coefficients. */
#ifndef KL__POLES_H
#define KL__POLES_H
#include "indicator/kernel.h"

/* y = x + b1 (x[1] - x) + b2 (x[2] - x) + a1 (y[1] - x) + a2 (y[2] - x): unity gain for what is constant.
 * Before its first value it has seen that value for ever. */
typedef struct kl__lowpass {
    double b1, b2, a1, a2;
    double x1, x2, y1, y2;
    uint64_t seen;
} kl__lowpass;
/* y = b0 (x - 2 x[1] + x[2]) + b1 (x - x[1]) + b2 (x - x[2]) + a1 y[1] + a2 y[2]: what is constant gives 0. */
typedef struct kl__highpass {
    double b0, b1, b2, a1, a2;
    double x1, x2, y1, y2;
    uint64_t seen;
} kl__highpass;

/* Below 2^-1000 is 0: nothing creeps along in denormals. */
KL__INLINE double kl__pole_flush(double y) { return fabs(y) < 0x1p-1000 ? 0.0 : y; }

KL__INLINE double kl__lowpass_step(kl__lowpass *f, double x) {
    if (!f->seen) f->x1 = f->x2 = f->y1 = f->y2 = x, f->seen = 1;
    double y = x + ((f->b1 * (f->x1 - x) + f->b2 * (f->x2 - x)) + (f->a2 * (f->y2 - x) + f->a1 * (f->y1 - x)));
    f->x2 = f->x1, f->x1 = x;
    f->y2 = f->y1, f->y1 = y;
    return y;
}
KL__INLINE double kl__highpass_step(kl__highpass *f, double x) {
    if (!f->seen) f->x1 = f->x2 = x, f->seen = 1;
    double moved = x - f->x1;
    double y = kl__pole_flush((f->b0 * (moved - (f->x1 - f->x2)) + f->b1 * moved + f->b2 * (x - f->x2)) + (f->a2 * f->y2 + f->a1 * f->y1));
    f->x2 = f->x1, f->x1 = x;
    f->y2 = f->y1, f->y1 = y;
    return y;
}
void kl__lowpass_pack(kl__lowpass *f, kl__snap *p);
void kl__highpass_pack(kl__highpass *f, kl__snap *p);

/* Coefficients; `n`: the period in bars at which half the power passes. */
void kl__poles_supersmoother(kl__lowpass *f, double n);
void kl__poles_highpass1(kl__highpass *f, double n); /* one pole */
void kl__poles_highpass2(kl__highpass *f, double n); /* two poles */
void kl__poles_highpass(kl__highpass *f, double n, double poles);
void kl__poles_decycler(kl__lowpass *f, double n); /* what the high pass of one pole leaves */
/* The two-pole low pass of the Swiss army knife, and with `smooth` the one that averages its input 1 2 1. */
void kl__poles_gauss(kl__lowpass *f, double n, int smooth);
void kl__poles_gauss_highpass(kl__highpass *f, double n);
void kl__poles_bandpass(kl__highpass *f, double n, double delta);
/* With alpha instead of a period. */
void kl__poles_cycle(kl__highpass *f, double alpha);
void kl__poles_trend(kl__lowpass *f, double alpha);
/* Bars after which a filter whose slowest pole lies `n` bars long has forgotten all but 10^-digits. */
double kl__poles_needed(double n, double digits);

#endif
