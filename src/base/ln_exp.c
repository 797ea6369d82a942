/* Natural logarithm and exponential from + - * / and tables alone: no libm, no fused operation, so the same bits
 * wherever doubles are IEEE 754. Arguments are reduced to within 1/128 of a table point, the rest is a short
 * polynomial, and the part that the last rounding depends on is carried in two doubles (Tang 1989, 1990). */
#include "base/fp.h"
#include "base/number.h"

#define LN_OFFSET UINT64_C(0x3fe6000000000000) /* 0.6875 */
#define LN_MANTISSA ((UINT64_C(1) << 52) - 1)

double kl_ln(double x) {
    uint64_t bits = kl__double_bits(x);
    int32_t k = 0;
    if (KL__UNLIKELY(bits - (UINT64_C(1) << 52) >= KL__BITS_INFINITY - (UINT64_C(1) << 52))) { /* no positive normal */
        if ((bits & ~KL__BITS_SIGN) == 0) return kl__bits_double(KL__BITS_INFINITY | KL__BITS_SIGN);
        if (bits == KL__BITS_INFINITY) return x;
        if (bits > KL__BITS_INFINITY) return kl__bits_double(KL__BITS_NAN);
        bits = kl__double_bits(x * 4503599627370496.0);
        k = -52;
    }
    /* x = 2^k z, z in [0.6875, 1.375), and the table's c is near 1/z */
    uint64_t shifted = bits - LN_OFFSET + (UINT64_C(1024) << 52);
    k += (int32_t)(shifted >> 52) - 1024;
    const double *row = kl__ln_table[shifted >> 45 & 127];
    uint64_t z_bits = (shifted & LN_MANTISSA) + LN_OFFSET;
    /* r = z c - 1 exactly, as r_hi + r_lo: c has 11 bits, each part of z at most 27 */
    double z = kl__bits_double(z_bits), z_hi = kl__bits_double(z_bits & ~((UINT64_C(1) << 26) - 1)), z_lo = z - z_hi;
    double r_hi = z_hi * row[0] - 1.0, r_lo = z_lo * row[0];
    double r = r_hi + r_lo, r_back = r - r_hi, r_lost = (r_hi - (r - r_back)) + (r_lo - r_back);
    /* k ln2 - ln c + r: the first sum is exact (multiples of 2^-42), the second as two doubles */
    double kd = (double)k, base = kd * kl__ln2_42[0] + row[1];
    double sum = base + r, back = sum - base, lost = (base - (sum - back)) + (r - back);
    double r2 = r * r;
    double tail = r2 * r * (1.0 / 3 + r * (-1.0 / 4 + r * (1.0 / 5 + r * (-1.0 / 6 + r * (1.0 / 7 + r * (-1.0 / 8))))));
    return sum + (lost + (r_lost + (kd * kl__ln2_42[1] + row[2])) + (-0.5 * r2 + tail));
}

/* (hi + lo) * 2^k, k below the normal range: rounded once, on the grid of the subnormal numbers. */
static double exp_scale_down(double hi, double lo, int32_t k) {
    if (k < -1080) return 0.0;
    /* by 2^1022, where the grid is 2^-52: adding 1 rounds to it */
    double step = kl__bits_double((uint64_t)(1023 + 1022 + k) << 52);
    double a = hi * step, b = lo * step, up = 1.0 + a;
    double rounded = up + (((1.0 - up) + a) + b);
    return (rounded - 1.0) * kl__bits_double(UINT64_C(1) << 52);
}

double kl_exp(double x) {
    const double to_integer = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to an integer, in the lowest bits */
    uint64_t magnitude = kl__double_bits(x) & ~KL__BITS_SIGN;
    if (KL__UNLIKELY(magnitude >= UINT64_C(0x4086200000000000))) { /* 708 */
        if (magnitude > KL__BITS_INFINITY) return kl__bits_double(KL__BITS_NAN);
        if (x > 709.79) return kl__bits_double(KL__BITS_INFINITY);
        if (x < -746.0) return 0.0;
    }
    if (KL__UNLIKELY(magnitude < UINT64_C(0x3c90000000000000))) return 1.0 + x; /* 2^-54 */
    double turns = x * kl__ln2_128th[2] + to_integer;
    int32_t n = (int32_t)(uint32_t)kl__double_bits(turns);
    double nd = turns - to_integer;
    double r = (x - nd * kl__ln2_128th[0]) - nd * kl__ln2_128th[1]; /* |r| < 0.0028; the first difference is exact */
    uint32_t index = (uint32_t)n & 127;
    int32_t k = (n - (int32_t)index) / 128;
    double hi = kl__exp_table[index][0], r2 = r * r;
    double p = r + r2 * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120))));
    double lo = kl__exp_table[index][1] + hi * p;
    double y = hi + lo;
    if (KL__UNLIKELY(k < -1021 && (k < -1022 || y < 1.0))) return exp_scale_down(hi, lo, k);
    if (KL__UNLIKELY(k > 1023)) return y * 2.0 * kl__bits_double((uint64_t)(1023 + k - 1) << 52);
    return y * kl__bits_double((uint64_t)(1023 + k) << 52);
}
