#include "indicator/poles.h"
#include "indicator/angle.h"

void kl__lowpass_pack(kl__lowpass *f, kl__snap *p) {
    kl__snap_u64(p, &f->seen, 1);
    kl__snap_f64(p, &f->x1, 1);
    kl__snap_f64(p, &f->x2, 1);
    kl__snap_f64(p, &f->y1, 1);
    kl__snap_f64(p, &f->y2, 1);
}
void kl__highpass_pack(kl__highpass *f, kl__snap *p) {
    kl__snap_u64(p, &f->seen, 1);
    kl__snap_f64(p, &f->x1, 1);
    kl__snap_f64(p, &f->x2, 1);
    kl__snap_f64(p, &f->y1, 1);
    kl__snap_f64(p, &f->y2, 1);
}

/* Critically damped Butterworth of two poles; the input is the mean of two bars. */
void kl__poles_supersmoother(kl__lowpass *f, double n) {
    double w = 0x1.6a09e667f3bcdp+0 * KL__PI / n, a = kl_exp(-w);
    *f = (kl__lowpass){.b1 = 0.5 * (1.0 - (2.0 * a * kl__cos(w) - a * a)), .a1 = 2.0 * a * kl__cos(w), .a2 = -a * a};
}

/* (cos w + sin w - 1) / cos w, which is 1 - a: a = (1 - sin w) / cos w = tan(pi/4 - w/2), well behaved at w = pi/2 */
static double poles_damping(double w) {
    double turn = 0.25 * KL__PI - 0.5 * w;
    return kl__sin(turn) / kl__cos(turn);
}

void kl__poles_highpass1(kl__highpass *f, double n) {
    double a = poles_damping(2.0 * KL__PI / n);
    *f = (kl__highpass){.b1 = 0.5 * (1.0 + a), .a1 = a};
}
void kl__poles_highpass2(kl__highpass *f, double n) {
    double a = poles_damping(0x1.6a09e667f3bcdp-1 * 2.0 * KL__PI / n);
    *f = (kl__highpass){.b0 = 0.25 * (1.0 + a) * (1.0 + a), .a1 = 2.0 * a, .a2 = -a * a};
}

void kl__poles_highpass(kl__highpass *f, double n, double poles) {
    if (poles == 1.0) kl__poles_highpass1(f, n);
    else kl__poles_highpass2(f, n);
}
void kl__poles_decycler(kl__lowpass *f, double n) {
    double a = poles_damping(2.0 * KL__PI / n);
    *f = (kl__lowpass){.b1 = 0.5 * (1.0 - a), .a1 = a};
}

/* alpha of `Swiss Army Knife Indicator`, two poles */
static double poles_alpha(double n) {
    double s = kl__sin(KL__PI / n), beta = 2.415 * 2.0 * s * s;
    return 2.0 * beta / (beta + sqrt(beta * beta + 2.0 * beta)); /* sqrt(b^2 + 2 b) - b without cancellation */
}

void kl__poles_gauss(kl__lowpass *f, double n, int smooth) {
    double alpha = poles_alpha(n), left = 1.0 - alpha, gain = smooth ? 0.25 * alpha * alpha : 0.0;
    *f = (kl__lowpass){.b1 = 2.0 * gain, .b2 = gain, .a1 = 2.0 * left, .a2 = -left * left};
}

void kl__poles_gauss_highpass(kl__highpass *f, double n) {
    double alpha = poles_alpha(n);
    kl__poles_cycle(f, alpha);
}

void kl__poles_bandpass(kl__highpass *f, double n, double delta) {
    double a = poles_damping(4.0 * KL__PI * delta / n);
    *f = (kl__highpass){.b2 = 0.5 * (1.0 - a), .a1 = kl__cos(2.0 * KL__PI / n) * (1.0 + a), .a2 = -a};
}

void kl__poles_cycle(kl__highpass *f, double alpha) {
    double left = 1.0 - alpha;
    *f = (kl__highpass){.b0 = (1.0 - 0.5 * alpha) * (1.0 - 0.5 * alpha), .a1 = 2.0 * left, .a2 = -left * left};
}

void kl__poles_trend(kl__lowpass *f, double alpha) {
    double left = 1.0 - alpha;
    *f = (kl__lowpass){.b1 = 0.5 * alpha * alpha, .b2 = 0.75 * alpha * alpha - alpha, .a1 = 2.0 * left, .a2 = -left * left};
}

double kl__poles_needed(double n, double digits) { return ceil(8.0 + n * (digits + 2.0)); }
