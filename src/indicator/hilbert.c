#include "base/fp.h"
#include "indicator/hilbert.h"
#include "indicator/angle.h"
#include <math.h>

const char *const kl__hilbert_seeds[] = {"first", "zero", NULL};

#define HILBERT_A 0.0962
#define HILBERT_B 0.5769
#define HILBERT_STILL 0x1p-40 /* a turn below this share of the whole is rounding, not a cycle */
#define HILBERT_TINY 0x1p-480

void kl__hilbert_init(kl__hilbert *h, double seed, uint64_t skip) {
    *h = (kl__hilbert){.zero = seed, .skip = 3 + (seed == KL__HILBERT_ZERO ? skip : 0)};
}

KL__INLINE double hilbert_flush(double x) { return fabs(x) < HILBERT_TINY ? 0.0 : x; }

/* The Hilbert transform of ring `r`, whose newest value lies at `at`. */
KL__INLINE double hilbert_turn(const double *r, uint64_t at, double gain) {
    const uint64_t m = KL__HILBERT_RING - 1;
    return (HILBERT_A * (r[at & m] - r[(at - 6) & m]) + HILBERT_B * (r[(at - 2) & m] - r[(at - 4) & m])) * gain;
}

static void hilbert_period(kl__hilbert *h) {
    double before = h->period, period = before;
    if (h->re != 0.0 && fabs(h->im) > HILBERT_STILL * fabs(h->re)) period = 360.0 / (kl__atan(h->im / h->re) * KL__DEGREES);
    if (period > 1.5 * before) period = 1.5 * before;
    if (period < 0.67 * before) period = 0.67 * before;
    if (period < 6.0) period = 6.0;
    if (period > 50.0) period = 50.0;
    h->period = 0.2 * period + 0.8 * before;
    h->smooth_period = 0.33 * h->period + 0.67 * h->smooth_period;
}

int kl__hilbert_step(kl__hilbert *h, double x) {
    for (int j = 3; j > 0; j--) h->x[j] = h->x[j - 1];
    h->x[0] = x;
    uint64_t at = h->bars++;
    if (at < h->skip) return 0;
    h->smoothed = x + (3.0 * (h->x[1] - x) + 2.0 * (h->x[2] - x) + (h->x[3] - x)) / 10.0;
    if (at == h->skip && h->zero == KL__HILBERT_FIRST)
        for (int j = 0; j < KL__HILBERT_RING; j++) h->s[j] = h->smoothed;
    const uint64_t m = KL__HILBERT_RING - 1;
    double gain = 0.075 * h->period + 0.54, i2 = h->i2, q2 = h->q2;
    h->s[at & m] = h->smoothed;
    h->d[at & m] = hilbert_turn(h->s, at, gain);
    h->q[at & m] = h->quadrature = hilbert_turn(h->d, at, gain);
    h->inphase = h->d[(at - 3) & m];
    double ji = hilbert_turn(h->d, at - 3, gain), jq = hilbert_turn(h->q, at, gain);
    h->q2 = hilbert_flush(0.2 * (h->quadrature + ji) + 0.8 * q2);
    h->i2 = hilbert_flush(0.2 * (h->inphase - jq) + 0.8 * i2);
    h->re = 0.2 * (h->i2 * i2 + h->q2 * q2) + 0.8 * h->re;
    h->im = 0.2 * (h->i2 * q2 - h->q2 * i2) + 0.8 * h->im;
    if (fabs(h->re) < HILBERT_TINY * HILBERT_TINY && fabs(h->im) < HILBERT_TINY * HILBERT_TINY) h->re = h->im = 0.0;
    if (!(fabs(h->re) < HUGE_VAL && fabs(h->im) < HUGE_VAL)) h->re = h->im = 0.0; /* overflow must not stay */
    hilbert_period(h);
    return 1;
}

void kl__hilbert_pack(kl__hilbert *h, kl__snap *p) {
    kl__snap_u64(p, &h->bars, UINT64_MAX);
    kl__snap_f64(p, h->x, 4);
    kl__snap_f64(p, h->s, KL__HILBERT_RING);
    kl__snap_f64(p, h->d, KL__HILBERT_RING);
    kl__snap_f64(p, h->q, KL__HILBERT_RING);
    double *const one[] = {&h->smoothed, &h->inphase, &h->quadrature, &h->i2, &h->q2, &h->re, &h->im};
    for (size_t j = 0; j < sizeof one / sizeof *one; j++) kl__snap_f64(p, one[j], 1);
    kl__snap_within(p, &h->period, 1, 0.0, KL__HILBERT_LONGEST);
    kl__snap_within(p, &h->smooth_period, 1, 0.0, KL__HILBERT_LONGEST); /* so many bars are gone through */
}

void kl__hilbert_phase_init(kl__hilbert_phase *h, double seed) {
    *h = (kl__hilbert_phase){.phase = 0.0};
    kl__hilbert_init(&h->hilbert, seed, 34);
}

/* The phase of the wave of `cycle` bars in the smoothed price; distances from the newest one, as the wave's mean is 0. */
static double hilbert_phase_of(const kl__hilbert_phase *h, uint64_t at, uint64_t cycle) {
    double step_c = cycle ? kl__cos(2.0 * KL__PI / (double)cycle) : 1.0, step_s = cycle ? kl__sin(2.0 * KL__PI / (double)cycle) : 0.0;
    double c = 1.0, s = 0.0, real = 0.0, imag = 0.0, moved = 0.0;
    for (uint64_t j = 0, i = at % KL__HILBERT_LONGEST; j < cycle; j++, i = i ? i - 1 : KL__HILBERT_LONGEST - 1) {
        double v = h->s[i] - h->hilbert.smoothed, turned = c * step_c - s * step_s;
        real += s * v, imag += c * v, moved += fabs(v);
        s = s * step_c + c * step_s, c = turned;
    }
    double rounding = 0x1p-45 * moved + 0x1p-50 * (double)cycle * fabs(h->hilbert.smoothed);
    if (fabs(real) <= rounding && fabs(imag) <= rounding) return kl__nan();
    double phase = imag != 0.0 ? kl__atan(real / imag) * KL__DEGREES : real < 0.0 ? -90.0 : 90.0;
    phase += 90.0 + 360.0 / h->hilbert.smooth_period; /* the weighted average lags one bar */
    if (imag < 0.0) phase += 180.0;
    return phase > 315.0 ? phase - 360.0 : phase;
}

static void hilbert_trendline(kl__hilbert_phase *h, uint64_t at, uint64_t cycle) {
    double sum = 0.0, x = h->hilbert.x[0];
    for (uint64_t j = 0, i = at % KL__HILBERT_LONGEST; j < cycle; j++, i = i ? i - 1 : KL__HILBERT_LONGEST - 1) sum += h->x[i] - x;
    double mean = x + (cycle ? sum / (double)cycle : 0.0);
    h->trendline = mean + (3.0 * (h->mean[0] - mean) + 2.0 * (h->mean[1] - mean) + (h->mean[2] - mean)) / 10.0;
    h->mean[2] = h->mean[1], h->mean[1] = h->mean[0], h->mean[0] = mean;
}

int kl__hilbert_phase_step(kl__hilbert_phase *h, double x, unsigned what) {
    int runs = kl__hilbert_step(&h->hilbert, x);
    uint64_t at = h->hilbert.bars + KL__HILBERT_LONGEST - 1; /* never below 0 minus a cycle */
    h->x[at % KL__HILBERT_LONGEST] = x;
    if (!runs) return 0;
    h->s[at % KL__HILBERT_LONGEST] = h->hilbert.smoothed;
    uint64_t cycle = (uint64_t)(h->hilbert.smooth_period + 0.5);
    if (what & KL__HILBERT_PHASE) h->phase = hilbert_phase_of(h, at, cycle);
    if (what & KL__HILBERT_LINE) hilbert_trendline(h, at, cycle);
    return h->hilbert.bars > KL__HILBERT_PHASE_LOOKBACK;
}

void kl__hilbert_phase_pack(kl__hilbert_phase *h, kl__snap *p) {
    kl__hilbert_pack(&h->hilbert, p);
    kl__snap_f64(p, h->s, KL__HILBERT_LONGEST);
    kl__snap_f64(p, h->x, KL__HILBERT_LONGEST);
    kl__snap_f64(p, &h->phase, 1);
    kl__snap_f64(p, h->mean, 3);
    kl__snap_f64(p, &h->trendline, 1);
}
