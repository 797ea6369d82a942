/* Windows in which values may be missing, and windows of varying length: the general way beside tree.h.
 *
 * The same tree, but a node knows how many known values it holds: an empty one is the neutral element, the anchor is the newest
 * known value, shares are quotients of counts. Where all values of the window are known and it is as long as the tree's, the bits
 * are those of the kind of the same name in tree.h. The window of a bar is its last `rows` rows, at most w; missing values (NaN)
 * in it are passed over; with two series a row is missing where either is. A window is a function of its rows alone. */
#ifndef KL__COUNT_H
#define KL__COUNT_H
#include "window/tree.h"

#define KL__COUNT_FIELDS_MAX 12
#define KL__COUNT_STRICT_W 65536 /* longest window for which known rows in a row go by the tree of the same name */

/* The head; its doubles follow it directly: raw values by series, nodes by level; then a kl__tree, where w is not above
 * KL__COUNT_STRICT_W. No pointers. */
typedef struct kl__count {
    uint64_t count; /* rows pushed so far */
    uint32_t w, top;
    uint32_t series, fields;
    uint32_t strict; /* 1: the last rows are known and went through the tree, the nodes lag behind */
    uint32_t run;    /* known rows up to the last, as far as 3 * w + 64 */
} kl__count;

typedef struct kl__count_kind {
    uint32_t series, fields, stats; /* as in kl__tree_kind */
    void (*run)(kl__count *t, const double *const *in, const uint32_t *rows, size_t n, double *const *stat, double *known);
    const kl__tree_kind *strict;             /* the kind of the same name, which fills the first statistics */
    void (*rest)(double w, double *stat);    /* the others, of a window of w known values; NULL: there are none */
} kl__count_kind;

/* Statistics as those of the kind of the same name in tree.h, NaN where no value is known, but for linear
 *     mean,  G = sum over known values of (mean age - age) * x,  mean age,  sum of (age - mean age)^2,
 * and for slope mean, M2 and then these three; where the age of a value is the number of rows after it in the window, missing ones too, and means and sums go over known
 * values. So the slope by row is G / sum of squares, and the mean weighted by rows - age is
 * mean + G / (known * (rows - mean age)).
 * The age of argmin and argmax counts missing rows too. */
extern const kl__count_kind kl__count_sum, kl__count_mean, kl__count_linear, kl__count_slope, kl__count_moments, kl__count_vwap,
    kl__count_min, kl__count_max, kl__count_argmin, kl__count_argmax, kl__count_shape, kl__count_pair;

/* Bytes of a window of at most 1 <= w <= 2^20 rows, a multiple of 8. */
size_t kl__count_size(const kl__count_kind *kind, size_t w);
void kl__count_init(kl__count *t, const kl__count_kind *kind, size_t w);
/* n rows in: rows[j] is the length of the window that ends at row j, 0..w (NULL: w, or all there are); stat and known (number
 * of known values in the window; NULL is fine) out; a statistic that is not wanted may be NULL. in and out must not overlap. */
void kl__count_run(kl__count *t, const kl__count_kind *kind, const double *const *in, const uint32_t *rows, size_t n,
                   double *const *stat, double *known);
/* A raw value of series s: j = 0 is the oldest of the last w rows, j = w - 1 the newest; NaN before the first. For snapshots:
 * a new window that has run over these w rows goes on with the same bits. */
double *kl__count_value(kl__count *t, size_t s, size_t j);

#endif
