#include "base/fp.h"
#include "indicator/angle.h"
#include "indicator/indicator.h"
#include <math.h>

#define ANGLE_MAX 1e6
/* pi/2 in three parts, the first two of 33 bits: multiples up to 2^20 of them are exact */
#define ANGLE_HALF_1 0x1.921fb54400000p+0
#define ANGLE_HALF_2 0x1.0b4611a600000p-34
#define ANGLE_HALF_3 0x1.3198a2e037073p-69

/* Taylor's sums on |r| <= pi/4; what is left off is below 2^-60. */
static double angle_sin_sum(double r) {
    double q = r * r;
    double s = 1.0 / 355687428096000.0;
    s = s * q - 1.0 / 1307674368000.0;
    s = s * q + 1.0 / 6227020800.0;
    s = s * q - 1.0 / 39916800.0;
    s = s * q + 1.0 / 362880.0;
    s = s * q - 1.0 / 5040.0;
    s = s * q + 1.0 / 120.0;
    s = s * q - 1.0 / 6.0;
    return r + r * (q * s);
}
static double angle_cos_sum(double r) {
    double q = r * r;
    double s = 1.0 / 20922789888000.0;
    s = s * q - 1.0 / 87178291200.0;
    s = s * q + 1.0 / 479001600.0;
    s = s * q - 1.0 / 3628800.0;
    s = s * q + 1.0 / 40320.0;
    s = s * q - 1.0 / 720.0;
    s = s * q + 1.0 / 24.0;
    return 1.0 - (0.5 * q - q * q * s);
}

/* sin(x + quarter * pi/2) */
static double angle_turn(double x, int quarter) {
    if (!(fabs(x) <= ANGLE_MAX)) return kl__nan();
    double k = floor(x * 0x1.45f306dc9c883p-1 + 0.5);
    double r = ((x - k * ANGLE_HALF_1) - k * ANGLE_HALF_2) - k * ANGLE_HALF_3;
    switch (((int)k + quarter) & 3) {
    case 0: return angle_sin_sum(r);
    case 1: return angle_cos_sum(r);
    case 2: return -angle_sin_sum(r);
    default: return -angle_cos_sum(r);
    }
}

double kl__sin(double x) { return angle_turn(x, 0); }
double kl__cos(double x) { return angle_turn(x, 1); }

/* atan(x) = atan(k/8) + atan(t), |t| <= 1/16 */
double kl__atan(double x) {
    static const double eighths[9] = {0.0, 0x1.fd5ba9aac2f6ep-4, 0x1.f5b75f92c80ddp-3, 0x1.6f61941e4def1p-2, 0x1.dac670561bb4fp-2,
                                      0x1.1e00babdefeb4p-1, 0x1.4978fa3269ee1p-1, 0x1.700a7c5784634p-1, 0x1.921fb54442d18p-1};
    if (x != x) return kl__nan();
    double a = fabs(x), beyond = a > 1.0 ? 1.0 : 0.0;
    if (a > 1.0) a = 1.0 / a;
    int k = (int)(a * 8.0 + 0.5);
    double c = (double)k * 0.125, t = (a - c) / (1.0 + a * c), q = t * t;
    double qq = q * q, low = (1.0 / 3.0 - q * 0.2) + qq * (1.0 / 7.0 - q * (1.0 / 9.0));
    double s = low + (qq * qq) * ((1.0 / 11.0 - q * (1.0 / 13.0)) + qq * (1.0 / 15.0));
    double y = eighths[k] + (t - t * (q * s));
    if (beyond != 0.0) y = 0.5 * KL__PI - y;
    return x < 0.0 ? -y : y;
}
