/* Long-form references: each indicator written down as its definition says, in arithmetic of 113 or more bits, without any
 * state that a mistake could hide in: O(n * w) and slow on purpose.
 *
 * ref_<name>(params, in, n, out, tol) fills out[o][k] with the value of output o at bar k (NaN: unknown) and tol[o][k] with
 * the absolute error that the indicator's page allows there. */
#ifndef KL_TEST_REFERENCE_H
#define KL_TEST_REFERENCE_H
#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* doubles become quads everywhere here, on purpose */
#pragma GCC diagnostic ignored "-Wdouble-promotion"

#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 quad;
#else
typedef long double quad; /* 113 bits on the machines without __float128 that we test on */
#endif

#define REF_U 0x1p-53

typedef void ref_function(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol);

#define KL__INDICATOR(name) ref_function ref_##name;
#include "indicator/indicators.def"
#undef KL__INDICATOR

/* NaN, infinite, or of a magnitude of 2^1000 and more. */
static inline int ref_missing(double x) { return !(fabs(x) < 0x1p1000); }
static inline quad ref_abs(quad x) { return x < 0 ? -x : x; }
static inline quad ref_max(quad a, quad b) { return a > b ? a : b; }

/* Square root by Newton's rule. */
static inline quad ref_sqrt(quad x) {
    if (!(x > 0)) return 0;
    quad scale = 1;
    while (x < 0x1p-200) x *= 0x1p400, scale *= 0x1p-200;
    while (x > 0x1p200) x *= 0x1p-400, scale *= 0x1p200;
    quad y = (quad)sqrt((double)x);
    for (int i = 0; i < 3; i++) y = (y + x / y) / 2;
    return y * scale;
}

static inline int ref_row_missing(const double *const *in, size_t inputs, size_t k) {
    for (size_t i = 0; i < inputs; i++)
        if (ref_missing(in[i][k])) return 1;
    return 0;
}

/* 1 where the window of w bars that ends at k is whole: inside the data, no bar missing. */
static inline int ref_window(const double *const *in, size_t inputs, size_t k, size_t w) {
    if (k + 1 < w) return 0;
    for (size_t j = k + 1 - w; j <= k; j++)
        if (ref_row_missing(in, inputs, j)) return 0;
    return 1;
}

/* Moves the rows without missing inputs together: row[i] is the bar of the i-th, the number of rows comes back. */
static inline size_t ref_known_rows(const double *const *in, size_t inputs, size_t n, size_t *row) {
    size_t m = 0;
    for (size_t k = 0; k < n; k++)
        if (!ref_row_missing(in, inputs, k)) row[m++] = k;
    return m;
}

static inline void ref_unknown(double *const *out, double *const *tol, size_t outputs, size_t n) {
    for (size_t o = 0; o < outputs; o++)
        for (size_t k = 0; k < n; k++) out[o][k] = NAN, tol[o][k] = 0;
}

/* y = b*y + (1-b)*x with a bound of the error that a filter in blocks of 8 may make: the level is rounded a few times a
 * block, each distance and its coefficient once a bar; what was wrong before fades with b. */
typedef struct {
    quad b, y, error, recent[8];
    size_t n;
} ref_decay;
static inline quad ref_decay_level(const ref_decay *d) {
    quad level = ref_abs(d->y);
    for (int i = 0; i < 8; i++) level = ref_max(level, d->recent[i]);
    return level;
}
static inline void ref_decay_step(ref_decay *d, quad x) {
    quad carried = ref_max(d->error, 3 * REF_U * ref_decay_level(d)); /* a block hands on its last value, rounded beside its anchor */
    d->recent[d->n++ % 8] = ref_abs(x);
    d->error = d->b * carried + REF_U * (ref_decay_level(d) / 2 + 2 * ref_abs(x - d->y));
    d->y = d->b * d->y + (1 - d->b) * x;
}
static inline double ref_decay_tol(const ref_decay *d) {
    return (double)(d->error + 3 * REF_U * ref_decay_level(d)) + 0x1p-995;
}

/* The mean of the first n values, then the filter; 1 from the seed on. */
typedef struct {
    ref_decay decay;
    size_t n, have;
    quad sum, top;
} ref_average;
static inline int ref_average_step(ref_average *m, quad x) {
    if (m->have >= m->n) {
        ref_decay_step(&m->decay, x);
        return 1;
    }
    m->sum += x, m->top = ref_max(m->top, ref_abs(x)), m->have++;
    m->decay.y = m->sum / (quad)m->n;
    m->decay.error = 2 * REF_U * m->top;
    return m->have == m->n;
}

#endif
