#include "indicator/poles.h"
#include "indicator/angle.h"

void kl__poles_pack(kl__poles *f, kl__snap *p) {
    double *const one[] = {&f->x1, &f->x2, &f->v, &f->v_rest, &f->y, &f->y_rest};
    kl__snap_u64(p, &f->seen, 1);
    for (size_t j = 0; j < sizeof one / sizeof *one; j++) kl__snap_f64(p, one[j], 1);
}

/* 1 - e^-w */
static double poles_fade(double w) {
    double sum = 0.0;
    if (w > 0.25) return 1.0 - kl_exp(-w);
    for (int j = 12; j >= 1; j--) sum = (w / (double)j) * (1.0 - sum);
    return sum;
}

/* A pair of poles at e^-w (cos w +- i sin w); the input is the mean of two bars. */
void kl__poles_supersmoother(kl__poles *f, double n) {
    double w = 0x1.6a09e667f3bcdp+0 * KL__PI / n, fade = poles_fade(w), a = 1.0 - fade, s = kl__sin(0.5 * w);
    double g = fade * fade + 4.0 * a * (s * s);
    *f = (kl__poles){.q = fade * (2.0 - fade), .g = g, .b1 = 0.5 * g};
}

/* alpha = (cos w + sin w - 1) / cos w = 2 t / (1 + t), t = tan(w/2) */
static double poles_weight(double w) {
    double t = kl__sin(0.5 * w) / kl__cos(0.5 * w);
    return 2.0 * t / (1.0 + t);
}

void kl__poles_decycler(kl__poles *f, double n) {
    double alpha = poles_weight(2.0 * KL__PI / n);
    *f = (kl__poles){.q = 1.0, .g = alpha, .b1 = 0.5 * alpha};
}
void kl__poles_highpass(kl__poles *f, double n, double poles) {
    if (poles == 1.0) {
        double alpha = poles_weight(2.0 * KL__PI / n);
        *f = (kl__poles){.q = 1.0, .g = alpha, .b1 = 1.0 - 0.5 * alpha};
    } else {
        kl__poles_cycle(f, poles_weight(0x1.6a09e667f3bcdp+0 * KL__PI / n));
    }
}

/* sqrt(beta^2 + 2 beta) - beta, beta = 2.415 (1 - cos(2 pi / n)), without cancellation */
static double poles_alpha(double n) {
    double s = kl__sin(KL__PI / n), beta = 2.415 * 2.0 * s * s;
    return 2.0 * beta / (beta + sqrt(beta * beta + 2.0 * beta));
}

void kl__poles_gauss(kl__poles *f, double n, int smooth) {
    double alpha = poles_alpha(n), g = alpha * alpha;
    *f = (kl__poles){.q = alpha * (2.0 - alpha), .g = g, .b1 = smooth ? 0.5 * g : 0.0, .b2 = smooth ? 0.25 * g : 0.0};
}
void kl__poles_gauss_highpass(kl__poles *f, double n) { kl__poles_cycle(f, poles_alpha(n)); }

void kl__poles_bandpass(kl__poles *f, double n, double delta) {
    double alpha = poles_weight(4.0 * KL__PI * delta / n), a = 1.0 - alpha, s = kl__sin(KL__PI / n);
    *f = (kl__poles){.q = alpha, .g = (1.0 + a) * 2.0 * (s * s), .b2 = 0.5 * alpha};
}

void kl__poles_cycle(kl__poles *f, double alpha) {
    *f = (kl__poles){.q = alpha * (2.0 - alpha), .g = alpha * alpha, .b1 = 2.0 * alpha, .share = (1.0 - 0.5 * alpha) * (1.0 - 0.5 * alpha)};
}

void kl__poles_trend(kl__poles *f, double alpha) {
    double g = alpha * alpha;
    *f = (kl__poles){.q = alpha * (2.0 - alpha), .g = g, .b1 = 0.5 * g, .b2 = 0.75 * g - alpha};
}

double kl__poles_needed(double n, double digits) { return ceil(8.0 + n * (digits + 2.0)); }
