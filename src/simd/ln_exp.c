/* The arithmetic of base/ln_exp.c, step by step over tiles of rows: what is arithmetic goes in vectors, tables are read one by one.
 * Values outside the usual range go by the functions themselves. */
#include "base/fp.h"
#include "base/endian.h"
#include "base/number.h"
#include "simd/level.h"
#include "simd/ln_exp.h"

#define LN_EXP_TILE 64
#define LN_ROWS_OFFSET UINT64_C(0x3fe6000000000000) /* 0.6875 */
#define LN_ROWS_MANTISSA ((UINT64_C(1) << 52) - 1)
#define LN_ROWS_NORMAL (UINT64_C(1) << 52)
#define EXP_ROWS_LEAST UINT64_C(0x3c90000000000000) /* 2^-54 */
#define EXP_ROWS_MOST UINT64_C(0x4085e00000000000)  /* 700 */

KL__INLINE uint64_t ln_rows_unusual(double x) {
    return kl__double_bits(x) - LN_ROWS_NORMAL >= UINT64_C(0x7ff0000000000000) - LN_ROWS_NORMAL;
}
KL__INLINE void ln_tile_loop(const double *restrict x, double *restrict y) {
    double z[LN_EXP_TILE], kd[LN_EXP_TILE], row[3][LN_EXP_TILE];
    uint64_t index[LN_EXP_TILE];
    for (size_t j = 0; j < LN_EXP_TILE; j++) { /* x = 2^k z, as there */
        const uint64_t shifted = kl__double_bits(x[j]) - LN_ROWS_OFFSET + (UINT64_C(1024) << 52);
        kd[j] = kl__bits_double(shifted >> 52 | UINT64_C(0x4330000000000000)) - (0x1p52 + 1024.0);
        index[j] = shifted >> 45 & 127;
        z[j] = kl__bits_double((shifted & LN_ROWS_MANTISSA) + LN_ROWS_OFFSET);
    }
    for (size_t j = 0; j < LN_EXP_TILE; j++) {
        const double *from = kl__ln_table[index[j]];
        row[0][j] = from[0], row[1][j] = from[1], row[2][j] = from[2];
    }
    const double ln2 = kl__ln2_42[0], ln2_rest = kl__ln2_42[1];
    for (size_t j = 0; j < LN_EXP_TILE; j++) {
        const double z_hi = kl__bits_double(kl__double_bits(z[j]) & ~((UINT64_C(1) << 26) - 1)), z_lo = z[j] - z_hi;
        const double r_hi = z_hi * row[0][j] - 1.0, r_lo = z_lo * row[0][j];
        const double r = r_hi + r_lo, r_back = r - r_hi, r_lost = (r_hi - (r - r_back)) + (r_lo - r_back);
        const double base = kd[j] * ln2 + row[1][j];
        const double sum = base + r, back = sum - base, lost = (base - (sum - back)) + (r - back);
        const double r2 = r * r;
        const double tail = r2 * r * (1.0 / 3 + r * (-1.0 / 4 + r * (1.0 / 5 + r * (-1.0 / 6 + r * (1.0 / 7 + r * (-1.0 / 8))))));
        y[j] = sum + (lost + (r_lost + (kd[j] * ln2_rest + row[2][j])) + (-0.5 * r2 + tail));
    }
    uint64_t unusual = 0;
    for (size_t j = 0; j < LN_EXP_TILE; j++) unusual |= ln_rows_unusual(x[j]);
    for (size_t j = 0; unusual && j < LN_EXP_TILE; j++)
        if (ln_rows_unusual(x[j])) y[j] = kl_ln(x[j]);
}

KL__INLINE uint64_t exp_rows_unusual(double x) {
    return (kl__double_bits(x) & UINT64_C(0x7fffffffffffffff)) - EXP_ROWS_LEAST >= EXP_ROWS_MOST - EXP_ROWS_LEAST;
}
KL__INLINE void exp_tile_loop(const double *restrict x, double *restrict y) {
    const double to_integer = 6755399441055744.0, per_turn = kl__ln2_128th[2], first = kl__ln2_128th[0], second = kl__ln2_128th[1];
    double r[LN_EXP_TILE], row[2][LN_EXP_TILE];
    uint64_t turn[LN_EXP_TILE];
    for (size_t j = 0; j < LN_EXP_TILE; j++) {
        const double turns = x[j] * per_turn + to_integer, nd = turns - to_integer;
        turn[j] = kl__double_bits(turns) - kl__double_bits(to_integer); /* the integer, with sign */
        r[j] = (x[j] - nd * first) - nd * second;
    }
    for (size_t j = 0; j < LN_EXP_TILE; j++) {
        const double *from = kl__exp_table[turn[j] & 127];
        row[0][j] = from[0], row[1][j] = from[1];
    }
    for (size_t j = 0; j < LN_EXP_TILE; j++) {
        const double r1 = r[j], r2 = r1 * r1;
        const double p = r1 + r2 * (0.5 + r1 * (1.0 / 6 + r1 * (1.0 / 24 + r1 * (1.0 / 120))));
        const double lo = row[1][j] + row[0][j] * p;
        y[j] = (row[0][j] + lo) * kl__bits_double(((turn[j] & ~UINT64_C(127)) << 45) + (UINT64_C(1023) << 52));
    }
    uint64_t unusual = 0;
    for (size_t j = 0; j < LN_EXP_TILE; j++) unusual |= exp_rows_unusual(x[j]);
    for (size_t j = 0; unusual && j < LN_EXP_TILE; j++)
        if (exp_rows_unusual(x[j])) y[j] = kl_exp(x[j]);
}

KL__INLINE void ln_tile_body(const double *x, double *y) { ln_tile_loop(x, y); }
KL__INLINE void exp_tile_body(const double *x, double *y) { exp_tile_loop(x, y); }
KL__SIMD_EACH(ln_tile, (const double *x, double *y), (x, y))
KL__SIMD_EACH(exp_tile, (const double *x, double *y), (x, y))

/* Rows that fill no tile are computed beside others. */
static void ln_exp_rows(void (*tile)(const double *, double *), double (*one)(double), const double *x, size_t n, double *y) {
    size_t j = 0;
    double few[LN_EXP_TILE], made[LN_EXP_TILE];
    for (; j + LN_EXP_TILE <= n; j += LN_EXP_TILE) tile(x + j, y + j);
    if (n - j < LN_EXP_TILE / 8) {
        for (; j < n; j++) y[j] = one(x[j]);
        return;
    }
    for (size_t k = 0; k < LN_EXP_TILE; k++) few[k] = j + k < n ? x[j + k] : 1.0;
    tile(few, made);
    for (size_t k = 0; j + k < n; k++) y[j + k] = made[k];
}

void kl__ln_rows(const double *x, size_t n, double *y) {
    static void (*const all[KL__SIMD_TIERS])(const double *, double *) = KL__SIMD_TABLE(ln_tile);
    ln_exp_rows(all[kl__simd_tier()], kl_ln, x, n, y);
}
void kl__exp_rows(const double *x, size_t n, double *y) {
    static void (*const all[KL__SIMD_TIERS])(const double *, double *) = KL__SIMD_TABLE(exp_tile);
    ln_exp_rows(all[kl__simd_tier()], kl_exp, x, n, y);
}
