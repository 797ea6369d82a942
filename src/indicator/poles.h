/* Filters of one and two poles, serial in time. Each step adds to the last output what it moves by, and to that what it changes by:
 * v += ... - q v, y += v, with the roundings of both kept beside them. So what does not move gives exactly itself (low pass) or exactly 0
 * (high pass), and long periods, whose poles lie close to 1, lose nothing. */
#ifndef KL__POLES_H
#define KL__POLES_H
#include "indicator/kernel.h"

/* Of y = input + a1 y[1] + a2 y[2]: q = 1 + a2, g = 1 - a1 - a2. Before its first value a filter has seen that value for ever. */
typedef struct kl__poles {
    double q, g, b1, b2, share;
    double x1, x2, v, v_rest, y, y_rest; /* y + y_rest is the last output */
    uint64_t seen;
} kl__poles;

/* Below 2^-1000 is 0: nothing creeps along in denormals. */
KL__INLINE double kl__pole_flush(double y) { return fabs(y) < 0x1p-1000 ? 0.0 : y; }

/* *sum + *rest += step */
KL__INLINE void kl__poles_add(double *sum, double *rest, double step) {
    double by = step + *rest, next = *sum + by, back = next - *sum;
    *rest = kl__pole_flush((*sum - (next - back)) + (by - back));
    *sum = kl__pole_flush(next);
}
KL__INLINE double kl__poles_move(kl__poles *f, double x, double input, double from) {
    kl__poles_add(&f->v, &f->v_rest, (f->g * from + input) - f->q * (f->v + f->v_rest));
    kl__poles_add(&f->y, &f->y_rest, f->v + f->v_rest);
    f->x2 = f->x1, f->x1 = x;
    return f->y;
}
/* The input is g x + b1 (x[1] - x) + b2 (x[2] - x): what is constant passes. */
KL__INLINE double kl__lowpass_step(kl__poles *f, double x) {
    if (!f->seen) f->x1 = f->x2 = f->y = x, f->seen = 1;
    return kl__poles_move(f, x, f->b1 * (f->x1 - x) + f->b2 * (f->x2 - x), (x - f->y) - f->y_rest);
}
/* What is constant gives 0. With `share`: that of x - y, y the low pass with the input 2 alpha (x[1] - x[2]) + g x[2], which makes it
 * share (x - 2 x[1] + x[2]) + ..., without taking differences of differences of far jumps. Else the input is b1 (x - x[1]) + b2 (x - x[2]). */
KL__INLINE double kl__highpass_step(kl__poles *f, double x) {
    if (!f->seen) f->x1 = f->x2 = x, f->y = f->share != 0.0 ? x : 0.0, f->seen = 1;
    if (f->share == 0.0) return kl__poles_move(f, x, f->b1 * (x - f->x1) + f->b2 * (x - f->x2), -f->y - f->y_rest);
    kl__poles_move(f, x, f->b1 * (f->x1 - f->x2), (f->x2 - f->y) - f->y_rest);
    double left = (x - f->y) - f->y_rest;
    return fabs(left) <= 0x1p-90 * fabs(x) ? 0.0 : f->share * left; /* less is rounding */
}
void kl__poles_pack(kl__poles *f, kl__snap *p);

/* Coefficients; `n`: the period in bars at which half the power passes. */
void kl__poles_supersmoother(kl__poles *f, double n);         /* low */
void kl__poles_decycler(kl__poles *f, double n);              /* low: what the high pass of one pole leaves */
void kl__poles_highpass(kl__poles *f, double n, double poles); /* high, 1 or 2 poles */
void kl__poles_gauss(kl__poles *f, double n, int smooth);     /* low; smooth: the input is averaged 1 2 1 */
void kl__poles_gauss_highpass(kl__poles *f, double n);        /* high */
void kl__poles_bandpass(kl__poles *f, double n, double delta); /* high */
void kl__poles_cycle(kl__poles *f, double alpha);             /* high */
void kl__poles_trend(kl__poles *f, double alpha);             /* low */
/* Bars after which a filter whose slowest wave is `n` bars long has forgotten all but 10^-digits. */
double kl__poles_needed(double n, double digits);

#endif
