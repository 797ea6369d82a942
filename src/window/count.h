/* Windows in which values may be missing, and windows of varying length: the general way beside tree.h.
 *
 * The same tree, but a node knows how many known values it holds: an empty one is the neutral element, the anchor is the newest
 * known value, shares are quotients of counts. Where all values of the window are known and it is as long as the tree's, the bits
 * are those of the kind of the same name in tree.h. The window of a bar is its last `rows` rows, at most w; missing values (NaN)
 * in it are passed over. */
#ifndef KL__COUNT_H
#define KL__COUNT_H
#include "window/tree.h"

#define KL__COUNT_FIELDS_MAX 12

typedef struct kl__count {
    uint64_t count; /* rows pushed so far */
    uint32_t w, top;
    uint32_t series, fields;
} kl__count;

typedef struct kl__count_kind {
    uint32_t series, fields, stats;
    /* Makes the node of one row; field 0 is its number of known values: 1, or 0 where one of x is NaN. */
    void (*leaf)(const double *x, double *node);
    /* newer = merge(newer, older); newer spans newer_rows rows. */
    void (*merge)(double *newer, const double *older, size_t newer_rows);
    /* The statistics of the tree kind of the same name, unknown (NaN) where the node is empty. */
    void (*describe)(const double *node, double *stat);
} kl__count_kind;

extern const kl__count_kind kl__count_mean, kl__count_linear, kl__count_moments, kl__count_vwap, kl__count_min, kl__count_max,
    kl__count_argmin, kl__count_argmax, kl__count_shape, kl__count_pair;

/* Bytes of a window of at most 1 <= w <= 2^20 rows, a multiple of 8. */
size_t kl__count_size(const kl__count_kind *kind, size_t w);
void kl__count_init(kl__count *t, const kl__count_kind *kind, size_t w);
/* n rows in: rows[j] is the length of the window that ends at row j, 0..w (NULL: w, or all there are); stat and known (number
 * of known values in the window) out. in and out must not overlap. */
void kl__count_run(kl__count *t, const kl__count_kind *kind, const double *const *in, const uint32_t *rows, size_t n,
                   double *const *stat, double *known);
/* A raw value of series s: j = 0 is the oldest of the last w rows, j = w - 1 the newest; NaN before the first. For snapshots:
 * a window is what its last w raw rows make of it. */
double *kl__count_value(kl__count *t, size_t s, size_t j);

#endif
