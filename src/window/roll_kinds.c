/* The kinds of rolling statistics: what each needs, and the loop that makes it. */
#include "base/fp.h"
#include "base/roots.h"
#include "window/roll.h"
#include <string.h>

#define ROLL_BIT(slot) (UINT32_C(1) << KL__ROLL_S_##slot)

#define ROLL_BITS2(a, b) (ROLL_BIT(a) | ROLL_BIT(b))
#define ROLL_ENGINE(name) &kl__tree_##name, &kl__count_##name

const kl__roll_family kl__roll_families[KL__ROLL_FAMILIES] = {
    [KL__ROLL_F_SUM] = {ROLL_ENGINE(sum), ROLL_BIT(SUM), -1, KL__ROLL_G_LINEAR, 0, 1, {KL__ROLL_S_SUM}},
    [KL__ROLL_F_MOMENTS] = {ROLL_ENGINE(moments), ROLL_BITS2(M2, M), KL__ROLL_F_MEAN, KL__ROLL_G_LINEAR, 1, 3,
                            {KL__ROLL_S_MEAN, KL__ROLL_S_M2, KL__ROLL_S_M}},
    [KL__ROLL_F_MEAN] = {ROLL_ENGINE(mean), ROLL_BIT(MEAN), -1, KL__ROLL_G_LINEAR, 0, 1, {KL__ROLL_S_MEAN}},
    [KL__ROLL_F_LINEAR] = {ROLL_ENGINE(linear), ROLL_BIT(G), -1, KL__ROLL_G_LINEAR, 0, 4,
                           {KL__ROLL_S_LINE, KL__ROLL_S_G, KL__ROLL_S_AGE, KL__ROLL_S_Q}},
    [KL__ROLL_F_SLOPE] = {ROLL_ENGINE(slope), ROLL_BIT(ROW_G), -1, KL__ROLL_G_SLOPE, 1, 5,
                          {KL__ROLL_S_ROW_MEAN, KL__ROLL_S_ROW_M2, KL__ROLL_S_ROW_G, KL__ROLL_S_ROW_AGE, KL__ROLL_S_ROW_Q}},
    [KL__ROLL_F_VWAP] = {ROLL_ENGINE(vwap), ROLL_BIT(VWAP), -1, KL__ROLL_G_VWAP, 0, 1, {KL__ROLL_S_VWAP}},
    [KL__ROLL_F_ARGMIN] = {ROLL_ENGINE(argmin), ROLL_BIT(ARGMIN), KL__ROLL_F_MIN, KL__ROLL_G_EXTREMES, 0, 2,
                            {KL__ROLL_S_MIN, KL__ROLL_S_ARGMIN}},
    [KL__ROLL_F_MIN] = {ROLL_ENGINE(min), ROLL_BIT(MIN), -1, KL__ROLL_G_EXTREMES, 0, 1, {KL__ROLL_S_MIN}},
    [KL__ROLL_F_ARGMAX] = {ROLL_ENGINE(argmax), ROLL_BIT(ARGMAX), KL__ROLL_F_MAX, KL__ROLL_G_EXTREMES, 0, 2,
                            {KL__ROLL_S_MAX, KL__ROLL_S_ARGMAX}},
    [KL__ROLL_F_MAX] = {ROLL_ENGINE(max), ROLL_BIT(MAX), -1, KL__ROLL_G_EXTREMES, 0, 1, {KL__ROLL_S_MAX}},
    [KL__ROLL_F_SHAPE] = {ROLL_ENGINE(shape), ROLL_BIT(SHAPE2), -1, KL__ROLL_G_SHAPE, 1, 4,
                          {KL__ROLL_S_SHAPE, KL__ROLL_S_SHAPE2, KL__ROLL_S_M3, KL__ROLL_S_M4}},
    [KL__ROLL_F_PAIR] = {ROLL_ENGINE(pair), ROLL_BIT(C), -1, KL__ROLL_G_PAIR, 1, 5,
                         {KL__ROLL_S_MEAN_Y, KL__ROLL_S_MEAN_X, KL__ROLL_S_M2_Y, KL__ROLL_S_M2_X, KL__ROLL_S_C}},
};

/* One statistic of row j each. */
#define ROLL_AT(name) KL__INLINE double roll_of_##name(const kl__roll_frame *f, size_t j)
#define ROLL_SLOT(name) (f->slot[KL__ROLL_S_##name][j])

/* What is added where a statistic asks for more than `least` values; a choice between constants is no branch. */
KL__INLINE double roll_beyond(double n, double least) { return n > least ? 0.0 : kl__roll_nan(); }

/* What is added where a statistic divides by a sum of squares: NaN below `least`, where what underflowed may count, and where
 * the sum overflowed. */
KL__INLINE double roll_held(double squares, double least) {
    return (squares >= least ? 0.0 : kl__roll_nan()) + (squares - squares);
}
#define ROLL_LEAST2 0x1p-1000 /* a sum of squares: 2^20 times the least number, 2^-1074, is less than a rounding of it */
#define ROLL_LEAST3 0x1p-666 /* a mean of squares whose power 3/2 is that */
#define ROLL_LEAST4 0x1p-500 /* and whose square is */

ROLL_AT(var) { return ROLL_SLOT(M2) / (f->known[j] - f->ddof); }
ROLL_AT(std) { return kl__sqrt(roll_of_var(f, j)); }
/* From the anchor on, never x - mean: K and M are exact where the mean is not. */
ROLL_AT(zscore) { return ((f->x[j] - f->anchor[j]) - ROLL_SLOT(M)) / roll_of_std(f, j) + roll_held(ROLL_SLOT(M2), ROLL_LEAST2); }

/* c / sqrt(a * b), held inside -1..1: one root of the product, which is exact where a is 2^k times b, so that equal series
 * have exactly 1; powers of two keep the product inside the range. Unknown where a sum of squares is too small or overflowed. */
KL__INLINE double roll_r(double c, double a, double b) {
    double product = a * b, scale = product < 0x1p-900 ? 0x1p600 : 1.0;
    scale = product > 0x1p900 ? 0x1p-600 : scale;
    product = (a * scale) * (b * scale);
    double r = kl__roll_seal_lane((c * scale) / kl__sqrt(product)) + roll_held(a, ROLL_LEAST2) + roll_held(b, ROLL_LEAST2);
    const uint64_t one = kl__double_bits(1.0), sign = kl__double_bits(r) & UINT64_C(0x8000000000000000);
    const uint64_t beyond = fabs(r) > 1.0 ? ~UINT64_C(0) : 0;
    return kl__bits_double((kl__double_bits(r) & ~beyond) | ((sign | one) & beyond));
}

/* The sum of the weights rows - age of the known values. */
ROLL_AT(weights) { return f->known[j] * (f->rows[j] - ROLL_SLOT(AGE)); }
ROLL_AT(wsum) { return ROLL_SLOT(G) + ROLL_SLOT(SUM) * (f->rows[j] - ROLL_SLOT(AGE)); }
ROLL_AT(wmean) { return ROLL_SLOT(LINE) + ROLL_SLOT(G) * (1.0 / roll_of_weights(f, j)); }
ROLL_AT(slope) { return ROLL_SLOT(ROW_G) / ROLL_SLOT(ROW_Q); }
ROLL_AT(intercept) { return ROLL_SLOT(ROW_MEAN) - roll_of_slope(f, j) * ((f->rows[j] - 1.0) - ROLL_SLOT(ROW_AGE)); }
ROLL_AT(line) { return ROLL_SLOT(ROW_MEAN) + roll_of_slope(f, j) * ROLL_SLOT(ROW_AGE); }
ROLL_AT(line_r2) {
    double r = roll_r(ROLL_SLOT(ROW_G), ROLL_SLOT(ROW_M2), ROLL_SLOT(ROW_Q));
    return r * r;
}

/* M3 / M2 over the standard deviation; G1 = g1 * sqrt(n(n-1)) / (n-2) */
ROLL_AT(skew) {
    double n = f->known[j], square = ROLL_SLOT(SHAPE2) / n;
    double g1 = (ROLL_SLOT(M3) / ROLL_SLOT(SHAPE2)) / kl__sqrt(square) + roll_held(square, ROLL_LEAST3);
    double sample = g1 * (kl__sqrt(n * (n - 1.0)) / (n - 2.0)) + roll_beyond(n, 2.0);
    return f->ddof > 0.0 ? sample : g1;
}
/* G2 = ((n+1) g2 + 6) (n-1) / ((n-2)(n-3)) */
ROLL_AT(kurt) {
    double n = f->known[j], square = ROLL_SLOT(SHAPE2) / n, g2 = (ROLL_SLOT(M4) / ROLL_SLOT(SHAPE2)) / square - 3.0;
    g2 = (g2 < -2.0 ? -2.0 : g2) + roll_held(square, ROLL_LEAST4);
    double sample = ((n + 1.0) * g2 + 6.0) * ((n - 1.0) / ((n - 2.0) * (n - 3.0))) + roll_beyond(n, 3.0);
    return f->ddof > 0.0 ? sample : g2;
}

ROLL_AT(rangepos) { return (f->x[j] - ROLL_SLOT(MIN)) / (ROLL_SLOT(MAX) - ROLL_SLOT(MIN)); }

ROLL_AT(cov) { return ROLL_SLOT(C) / (f->known[j] - f->ddof); }
ROLL_AT(corr) { return roll_r(ROLL_SLOT(C), ROLL_SLOT(M2_Y), ROLL_SLOT(M2_X)); }
ROLL_AT(regbeta) { return ROLL_SLOT(C) / ROLL_SLOT(M2_X) + roll_held(ROLL_SLOT(M2_X), ROLL_LEAST2); }
ROLL_AT(regalpha) { return ROLL_SLOT(MEAN_Y) - roll_of_regbeta(f, j) * ROLL_SLOT(MEAN_X); }
ROLL_AT(reg_r2) {
    double r = roll_of_corr(f, j);
    return r * r;
}

/* Written out, so that compilers see through it. */
KL__INLINE kl__roll_frame roll_frame_of(kl__roll_row *row) {
    double *a = row->slot;
    kl__roll_frame f = {.n = 1, .x = &row->x, .anchor = &row->anchor, .known = &row->known, .rows = &row->rows, .ddof = row->ddof,
                        .slot = {&a[0],  &a[1],  &a[2],  &a[3],  &a[4],  &a[5],  &a[6],  &a[7],  &a[8],  &a[9],  &a[10],
                                 &a[11], &a[12], &a[13], &a[14], &a[15], &a[16], &a[17], &a[18], &a[19], &a[20], &a[21],
                                 &a[22], &a[23], &a[24], &a[25], &a[26]}};
    _Static_assert(KL__ROLL_SLOTS == 27, "all of them");
    return f;
}

#define ROLL_LOOP(name)                                                                             \
    KL__INLINE void roll_##name##_body(const kl__roll_frame *f, double *restrict out) {             \
        for (size_t j = 0; j < f->n; j++) out[j] = kl__roll_seal_lane(roll_of_##name(f, j));        \
    }                                                                                               \
    KL__SIMD_EACH(roll_##name, (const kl__roll_frame *f, double *out), (f, out))                    \
    static double roll_one_##name(kl__roll_row *row) {                                              \
        const kl__roll_frame f = roll_frame_of(row);                                                \
        return kl__roll_seal(roll_of_##name(&f, 0));                                                \
    }

ROLL_LOOP(var)
ROLL_LOOP(std)
ROLL_LOOP(zscore)
ROLL_LOOP(wsum)
ROLL_LOOP(wmean)
ROLL_LOOP(slope)
ROLL_LOOP(intercept)
ROLL_LOOP(line)
ROLL_LOOP(line_r2)
ROLL_LOOP(skew)
ROLL_LOOP(kurt)
ROLL_LOOP(rangepos)
ROLL_LOOP(cov)
ROLL_LOOP(corr)
ROLL_LOOP(regbeta)
ROLL_LOOP(regalpha)
ROLL_LOOP(reg_r2)

KL__INLINE void roll_seal_body(double *out, size_t n) {
    for (size_t j = 0; j < n; j++) out[j] = kl__roll_seal_lane(out[j]);
}
KL__SIMD_EACH(roll_seal, (double *out, size_t n), (out, n))
void (*const kl__roll_seal_all[KL__SIMD_TIERS])(double *out, size_t n) = KL__SIMD_TABLE(roll_seal);

#define ROLL_WEIGHTED (ROLL_BITS2(LINE, G) | ROLL_BITS2(AGE, Q))
#define ROLL_SLOPE (ROLL_BIT(ROW_G) | ROLL_BITS2(ROW_AGE, ROW_Q))
#define ROLL_R (ROLL_BIT(C) | ROLL_BITS2(M2_Y, M2_X))
#define ROLL_ANY -HUGE_VAL, HUGE_VAL
/* sqrt(n), -6 at n = 4 and n, for the longest window; one more than the greatest for what is rounded */
#define ROLL_SKEW_MAX 1025.0
#define ROLL_KURT_LEAST -6.0
#define ROLL_KURT_MAX (KL_ROLL_ROWS_MAX + 1)
#define ROLL_MADE(name) -1, 1, KL__SIMD_TABLE(roll_##name), roll_one_##name
#define ROLL_ELSE -1, 1, {NULL}, NULL
#define ROLL_IS(name, sealed) KL__ROLL_S_##name, sealed, {NULL}, NULL

/* By KL_ROLL_x from 1; info: name, title, what, inputs, ddof, rule, param, current, least, greatest. */
const kl__roll_kind kl__roll_kinds[] = {
    {{"sum", "sum", KL_ROLL_SUM, 1, 0, 0, 0, 0, ROLL_ANY}, ROLL_BIT(SUM), KL__ROLL_G_LINEAR, ROLL_IS(SUM, 1)},
    {{"mean", "arithmetic mean", KL_ROLL_MEAN, 1, 0, 0, 0, 0, ROLL_ANY}, ROLL_BIT(MEAN), KL__ROLL_G_LINEAR, ROLL_IS(MEAN, 1)},
    {{"var", "variance", KL_ROLL_VAR, 1, 1, 0, 0, 0, 0.0, HUGE_VAL}, ROLL_BIT(M2), KL__ROLL_G_LINEAR, ROLL_MADE(var)},
    {{"std", "standard deviation", KL_ROLL_STD, 1, 1, 0, 0, 0, 0.0, HUGE_VAL}, ROLL_BIT(M2), KL__ROLL_G_LINEAR, ROLL_MADE(std)},
    {{"zscore", "distance from the mean in standard deviations", KL_ROLL_ZSCORE, 1, 1, 0, 0, 1, ROLL_ANY},
     ROLL_BITS2(M2, M), KL__ROLL_G_LINEAR, ROLL_MADE(zscore)},
    {{"skew", "skewness", KL_ROLL_SKEW, 1, 1, 0, 0, 0, -ROLL_SKEW_MAX, ROLL_SKEW_MAX},
     ROLL_BITS2(SHAPE2, M3), KL__ROLL_G_SHAPE, ROLL_MADE(skew)},
    {{"kurt", "excess kurtosis", KL_ROLL_KURT, 1, 1, 0, 0, 0, ROLL_KURT_LEAST, ROLL_KURT_MAX},
     ROLL_BITS2(SHAPE2, M4), KL__ROLL_G_SHAPE, ROLL_MADE(kurt)},
    {{"min", "least value", KL_ROLL_MIN, 1, 0, 0, 0, 0, ROLL_ANY}, ROLL_BIT(MIN), KL__ROLL_G_EXTREMES, ROLL_IS(MIN, 1)},
    {{"max", "greatest value", KL_ROLL_MAX, 1, 0, 0, 0, 0, ROLL_ANY}, ROLL_BIT(MAX), KL__ROLL_G_EXTREMES, ROLL_IS(MAX, 1)},
    {{"argmin", "rows since the least value", KL_ROLL_ARGMIN, 1, 0, 0, 0, 0, 0.0, KL_ROLL_ROWS_MAX},
     ROLL_BITS2(MIN, ARGMIN), KL__ROLL_G_EXTREMES, ROLL_IS(ARGMIN, 1)},
    {{"argmax", "rows since the greatest value", KL_ROLL_ARGMAX, 1, 0, 0, 0, 0, 0.0, KL_ROLL_ROWS_MAX},
     ROLL_BITS2(MAX, ARGMAX), KL__ROLL_G_EXTREMES, ROLL_IS(ARGMAX, 1)},
    {{"rangepos", "place between least and greatest value", KL_ROLL_RANGEPOS, 1, 0, 0, 0, 1, ROLL_ANY},
     ROLL_BITS2(MIN, MAX), KL__ROLL_G_EXTREMES, ROLL_MADE(rangepos)},
    {{"wsum", "sum with weights 1, 2, 3 ... from the oldest row", KL_ROLL_WSUM, 1, 0, 0, 0, 0, ROLL_ANY},
     ROLL_BIT(SUM) | ROLL_WEIGHTED, KL__ROLL_G_LINEAR, ROLL_MADE(wsum)},
    {{"wmean", "mean with weights 1, 2, 3 ... from the oldest row", KL_ROLL_WMEAN, 1, 0, 0, 0, 0, ROLL_ANY},
     ROLL_WEIGHTED, KL__ROLL_G_LINEAR, ROLL_MADE(wmean)},
    {{"slope", "rise per row of the line of least squares", KL_ROLL_SLOPE, 1, 0, 0, 0, 0, ROLL_ANY},
     ROLL_SLOPE, KL__ROLL_G_SLOPE, ROLL_MADE(slope)},
    {{"intercept", "the line of least squares at the oldest row", KL_ROLL_INTERCEPT, 1, 0, 0, 0, 0, ROLL_ANY},
     ROLL_SLOPE | ROLL_BIT(ROW_MEAN), KL__ROLL_G_SLOPE, ROLL_MADE(intercept)},
    {{"line", "the line of least squares at the newest row", KL_ROLL_LINE, 1, 0, 0, 0, 0, ROLL_ANY},
     ROLL_SLOPE | ROLL_BIT(ROW_MEAN), KL__ROLL_G_SLOPE, ROLL_MADE(line)},
    {{"line_r2", "coefficient of determination of the line of least squares", KL_ROLL_LINE_R2, 1, 0, 0, 0, 0, 0.0, 1.0},
     ROLL_SLOPE | ROLL_BIT(ROW_M2), KL__ROLL_G_SLOPE, ROLL_MADE(line_r2)},
    {{"median", "median", KL_ROLL_MEDIAN, 1, 0, 0, 0, 0, ROLL_ANY}, 0, KL__ROLL_G_ORDER, ROLL_ELSE},
    {{"quantile", "quantile", KL_ROLL_QUANTILE, 1, 0, 1, 1, 0, ROLL_ANY}, 0, KL__ROLL_G_ORDER, ROLL_ELSE},
    {{"rank", "rank of the current value", KL_ROLL_RANK, 1, 0, 1, 0, 1, 0.0, KL_ROLL_ROWS_MAX + 1},
     0, KL__ROLL_G_ORDER, ROLL_ELSE},
    {{"prank", "rank of the current value as a share", KL_ROLL_PRANK, 1, 0, 1, 0, 1, 0.0, 1.0}, 0, KL__ROLL_G_ORDER, ROLL_ELSE},
    {{"lag", "value of some rows ago", KL_ROLL_LAG, 1, 0, 0, 1, 0, ROLL_ANY}, 0, KL__ROLL_G_NONE, ROLL_ELSE},
    {{"count", "known values", KL_ROLL_COUNT, 1, 0, 0, 0, 0, 0.0, KL_ROLL_ROWS_MAX}, 0, KL__ROLL_G_NONE, ROLL_ELSE},
    {{"vwap", "volume-weighted mean price", KL_ROLL_VWAP, 2, 0, 0, 0, 0, ROLL_ANY},
     ROLL_BIT(VWAP), KL__ROLL_G_VWAP, ROLL_IS(VWAP, 0)},
    {{"cov", "covariance", KL_ROLL_COV, 2, 1, 0, 0, 0, ROLL_ANY}, ROLL_BIT(C), KL__ROLL_G_PAIR, ROLL_MADE(cov)},
    {{"corr", "correlation", KL_ROLL_CORR, 2, 0, 0, 0, 0, -1.0, 1.0}, ROLL_R, KL__ROLL_G_PAIR, ROLL_MADE(corr)},
    {{"regbeta", "slope of the first input over the second", KL_ROLL_REGBETA, 2, 0, 0, 0, 0, ROLL_ANY},
     ROLL_BITS2(C, M2_X), KL__ROLL_G_PAIR, ROLL_MADE(regbeta)},
    {{"regalpha", "the first input where the second is 0, by that line", KL_ROLL_REGALPHA, 2, 0, 0, 0, 0, ROLL_ANY},
     ROLL_BITS2(C, M2_X) | ROLL_BITS2(MEAN_Y, MEAN_X), KL__ROLL_G_PAIR, ROLL_MADE(regalpha)},
    {{"reg_r2", "coefficient of determination of that line", KL_ROLL_REG_R2, 2, 0, 0, 0, 0, 0.0, 1.0},
     ROLL_R, KL__ROLL_G_PAIR, ROLL_MADE(reg_r2)},
};
#define ROLL_KINDS (sizeof kl__roll_kinds / sizeof *kl__roll_kinds)

const kl__roll_kind *kl__roll_kind_of(int32_t what) {
    return what >= 1 && (size_t)what <= ROLL_KINDS ? &kl__roll_kinds[what - 1] : NULL;
}

const kl_roll_info *kl_roll_info_at(size_t index) { return index < ROLL_KINDS ? &kl__roll_kinds[index].info : NULL; }

const kl_roll_info *kl_roll_info_find(const char *name) {
    for (size_t i = 0; name && i < ROLL_KINDS; i++)
        if (strcmp(name, kl__roll_kinds[i].info.name) == 0) return &kl__roll_kinds[i].info;
    return NULL;
}
