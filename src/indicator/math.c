/* Arithmetic and functions of one row: group math. */
#include "base/fp.h"
#include "base/number.h"
#include "base/roots.h"
#include "indicator/rows.h"
#include "simd/ln_exp.h"

#define MATH_PI 3.14159265358979323846
#define MATH_PI_ABOVE 0x1.921fb54442d19p+1 /* the double above pi: what a rounded angle may be */

/* Whole numbers in plain arithmetic, which every instruction set has as vectors: beside 2^52 nothing else has room. */
KL__INLINE double math_whole(double size) {
    const double near = (size + 0x1p52) - 0x1p52, whole = near > size ? near - 1.0 : near;
    return size < 0x1p52 ? whole : size;
}
KL__INLINE double math_trunc(double a) { return copysign(math_whole(fabs(a)), a); }
KL__INLINE double math_floor(double a) {
    const double whole = math_trunc(a);
    return whole > a ? whole - 1.0 : whole;
}
KL__INLINE double math_ceil(double a) {
    const double whole = math_trunc(a);
    return whole < a ? whole + 1.0 : whole;
}
KL__INLINE double math_round(double a) {
    const double size = fabs(a), whole = math_whole(size);
    return copysign(size - whole >= 0.5 ? whole + 1.0 : whole, a);
}

/* No sum of values that are not -0.0 is -0.0. */
KL__ROWS2(add, kl__rows_limit(a + b))
KL__ROWS2(sub, kl__rows_limit(a - b))
KL__ROWS2(mult, kl__rows_seal(a * b))
KL__ROWS2(div, kl__rows_seal(a / b))
KL__ROWS1(neg, kl__rows_limit(0.0 - a))
KL__ROWS1(abs, fabs(a))
KL__ROWS1(sign, kl__rows_where(a, a, (a > 0.0 ? 1.0 : 0.0) - (a < 0.0 ? 1.0 : 0.0)))
KL__ROWS1(sqrt, kl__rows_seal(kl__sqrt(a)))
KL__ROWS1(floor, kl__rows_seal(math_floor(a)))
KL__ROWS1(ceil, kl__rows_seal(math_ceil(a)))
KL__ROWS1(trunc, kl__rows_seal(math_trunc(a)))
KL__ROWS1(round, kl__rows_seal(math_round(a)))
KL__ROWS1(todeg, kl__rows_seal(a * (180.0 / MATH_PI)))
KL__ROWS1(torad, kl__rows_seal(a * (MATH_PI / 180.0)))
KL__ROWS2(min2, kl__rows_where(a, b, a < b ? a : b))
KL__ROWS2(max2, kl__rows_where(a, b, a > b ? a : b))

/* A power of ten has a whole logarithm, which ln(x) / ln(10) may miss. */
static double math_log10(double x) {
    const double y = kl_ln(x) * 0.43429448190325182765, whole = floor(y + 0.5);
    if (fabs(y - whole) < 1e-9 && fabs(whole) <= 330.0 && kl__double_bits(x) == kl__double_from_decimal(1, (int64_t)whole)) return whole;
    return y;
}

/* Between 0 and b, with its sign; fmod is exact. */
static double math_mod(double a, double b) {
    const double rest = fmod(a, b);
    return rest != 0.0 && (rest < 0.0) != (b < 0.0) ? rest + b : rest;
}

/* Sealed, where x is known; raw values may be too large to be. */
KL__INLINE void math_seal_loop(const double *restrict x, size_t n, double *restrict y) {
    for (size_t j = 0; j < n; j++) {
        const uint64_t bad = 0 - (uint64_t)!(fabs(x[j]) < 0x1p1000), bits = kl__double_bits(kl__rows_seal(y[j]));
        y[j] = kl__bits_double((bits & ~bad) | (UINT64_C(0x7ff8000000000000) & bad));
    }
}
KL__INLINE void math_seal_body(const double *x, size_t n, double *y) { math_seal_loop(x, n, y); }
KL__SIMD_EACH(math_seal, (const double *x, size_t n, double *y), (x, n, y))
/* Of logarithms; returns 1 where one is close to a whole number. */
KL__INLINE void math_ten_loop(size_t n, double *restrict y, uint64_t *close) {
    uint64_t any = 0;
    for (size_t j = 0; j < n; j++) {
        y[j] *= 0.43429448190325182765;
        any |= fabs(y[j] - ((y[j] + 0x1.8p52) - 0x1.8p52)) < 1e-8;
    }
    *close = any;
}
KL__INLINE void math_ten_body(size_t n, double *y, uint64_t *close) { math_ten_loop(n, y, close); }
KL__SIMD_EACH(math_ten, (size_t n, double *y, uint64_t *close), (n, y, close))

static void math_log10_rows(const double *x, size_t n, double *y) {
    static void (*const ten[KL__SIMD_TIERS])(size_t, double *, uint64_t *) = KL__SIMD_TABLE(math_ten);
    uint64_t close;
    kl__ln_rows(x, n, y);
    ten[kl__simd_tier()](n, y, &close);
    for (size_t j = 0; close && j < n; j++) y[j] = math_log10(x[j]);
}

/* Loops of functions that have their own way over rows: the same for values that were looked at and for raw ones. */
#define MATH_PART 512
#define MATH_ROWS(name, value, all)                                                                                           \
    static void rows_own_##name(const double *const *in, uint32_t numbers, size_t n, double *out) {                           \
        static void (*const seal[KL__SIMD_TIERS])(const double *, size_t, double *) = KL__SIMD_TABLE(math_seal);              \
        (void)numbers;                                                                                                        \
        for (size_t at = 0, part; at < n; at += part) {                                                                       \
            part = n - at < MATH_PART ? n - at : MATH_PART;                                                                   \
            all(in[0] + at, part, out + at);                                                                                  \
            seal[kl__simd_tier()](in[0] + at, part, out + at);                                                                \
        }                                                                                                                     \
    }                                                                                                                         \
    static kl__rows *const rows_all_##name[KL__SIMD_TIERS] = {rows_own_##name, rows_own_##name, rows_own_##name};             \
    static kl__rows *const rows_any_##name[KL__SIMD_TIERS] = {rows_own_##name, rows_own_##name, rows_own_##name};             \
    static void rows_run_##name(void *state, const double *const *in, size_t n, double *const *out) {                         \
        const double a = in[0][0];                                                                                            \
        (void)state;                                                                                                          \
        if (n == 1) out[0][0] = kl__rows_seal(value);                                                                         \
        else rows_own_##name(in, 0, n, out[0]);                                                                               \
    }

MATH_ROWS(ln, kl_ln(a), kl__ln_rows)
MATH_ROWS(log10, math_log10(a), math_log10_rows)
MATH_ROWS(exp, kl_exp(a), kl__exp_rows)
KL__ROWS_CALL1(sin, sin(a))
KL__ROWS_CALL1(cos, cos(a))
KL__ROWS_CALL1(tan, tan(a))
KL__ROWS_CALL1(asin, asin(a))
KL__ROWS_CALL1(acos, acos(a))
KL__ROWS_CALL1(atan, atan(a))
KL__ROWS_CALL1(sinh, sinh(a))
KL__ROWS_CALL1(cosh, cosh(a))
KL__ROWS_CALL1(tanh, tanh(a))
KL__ROWS_CALL2(mod, math_mod(a, b))
KL__ROWS_CALL2(pow, pow(a, b) + kl__rows_unknown(a) + kl__rows_unknown(b)) /* pow(1, NaN) is 1 */

static const kl_input_info math_x[] = {{"x", "close"}};
static const kl_input_info math_ratio[] = {{"ratio", "close"}};
static const kl_input_info math_ab[] = {{"a", "close"}, {"b", "open"}};
#define MATH(name, title, in, stability, least, greatest, power) \
    KL__ROWS_KIND(name, title, "math", in, stability, 0, NULL, least, greatest, power)
#define MATH_CALL(name, title, in, stability, least, greatest, power) \
    KL__ROWS_CALL_KIND(name, title, "math", in, stability, 0, NULL, least, greatest, power)

MATH(add, "sum of two values", math_ab, KL_EXACT, -HUGE_VAL, HUGE_VAL, 1)
MATH(sub, "difference", math_ab, KL_EXACT, -HUGE_VAL, HUGE_VAL, 1)
MATH(mult, "product", math_ab, KL_EXACT, -HUGE_VAL, HUGE_VAL, 2)
MATH(div, "quotient", math_ab, KL_EXACT, -HUGE_VAL, HUGE_VAL, 0)
KL__ROWS_KIND(neg, "value with its sign changed", "math", math_x, KL_EXACT, KL__HIDDEN, NULL, -HUGE_VAL, HUGE_VAL, 1)
MATH(abs, "magnitude", math_x, KL_EXACT, 0, HUGE_VAL, 1)
MATH(sign, "1, 0 or -1", math_x, KL_EXACT, -1, 1, 0)
MATH(sqrt, "square root", math_x, KL_EXACT, 0, HUGE_VAL, KL_POWER_NONE)
MATH(ln, "natural logarithm", math_x, KL_EXACT, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
MATH(log10, "logarithm to the base of 10", math_x, KL_EXACT, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
MATH(exp, "e to the power of x", math_x, KL_EXACT, 0, HUGE_VAL, KL_POWER_NONE)
MATH(floor, "greatest whole number not above x", math_x, KL_EXACT, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
MATH(ceil, "least whole number not below x", math_x, KL_EXACT, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
MATH(round, "nearest whole number, halves away from 0", math_x, KL_EXACT, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
MATH(trunc, "whole number towards 0", math_x, KL_EXACT, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
MATH_CALL(sin, "sine", math_x, KL_EPS, -1, 1, KL_POWER_NONE)
MATH_CALL(cos, "cosine", math_x, KL_EPS, -1, 1, KL_POWER_NONE)
MATH_CALL(tan, "tangent", math_x, KL_EPS, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
MATH_CALL(asin, "angle of a sine", math_ratio, KL_EPS, -MATH_PI_ABOVE / 2, MATH_PI_ABOVE / 2, KL_POWER_NONE)
MATH_CALL(acos, "angle of a cosine", math_ratio, KL_EPS, 0, MATH_PI_ABOVE, KL_POWER_NONE)
MATH_CALL(atan, "angle of a tangent", math_x, KL_EPS, -MATH_PI_ABOVE / 2, MATH_PI_ABOVE / 2, KL_POWER_NONE)
MATH_CALL(sinh, "hyperbolic sine", math_x, KL_EPS, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
MATH_CALL(cosh, "hyperbolic cosine", math_x, KL_EPS, 1, HUGE_VAL, KL_POWER_NONE)
MATH_CALL(tanh, "hyperbolic tangent", math_x, KL_EPS, -1, 1, KL_POWER_NONE)
MATH(todeg, "degrees of an angle", math_x, KL_EXACT, -HUGE_VAL, HUGE_VAL, 1)
MATH(torad, "angle of degrees", math_x, KL_EXACT, -HUGE_VAL, HUGE_VAL, 1)
MATH(min2, "smaller of two values", math_ab, KL_EXACT, -HUGE_VAL, HUGE_VAL, 1)
MATH(max2, "greater of two values", math_ab, KL_EXACT, -HUGE_VAL, HUGE_VAL, 1)
MATH_CALL(mod, "remainder, with the sign of b", math_ab, KL_EXACT, -HUGE_VAL, HUGE_VAL, 1)
MATH_CALL(pow, "a to the power of b", math_ab, KL_EPS, -HUGE_VAL, HUGE_VAL, KL_POWER_NONE)
