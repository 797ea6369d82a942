/* One kind over rows or over one row: the only place where inputs are cleaned, missing bars taken out and put back, and
 * outputs finished. Run alone (run.c) or as a node of a program (program_run.c), it is this code. */
#ifndef KL__INDICATOR_KIND_H
#define KL__INDICATOR_KIND_H
#include "indicator/indicator.h"
#include "base/endian.h"

/* What is known of the rows of an array after one scan. */
enum {
    KL__ROWS_HOLED = 1, /* a value is missing */
    KL__ROWS_ROUGH = 2, /* a value is -0.0, infinite, too large or another NaN: it has to be copied before a kernel sees it */
    KL__ROWS_UNSEEN = 4, /* nobody looked, for a kind made it that finishes: there may be holes, but nothing rough */
    KL__ROWS_RAW = 8     /* nobody looked at what the caller gave: anything may be there */
};
uint32_t kl__rows_scan(const double *x, size_t n);   /* of an input */
uint32_t kl__rows_scan_ahead(const double *x, size_t n); /* and the next n rows are fetched, for columns that no cache holds */
uint32_t kl__rows_finish(double *y, size_t n);       /* of an output of a kernel: whatever is not finite becomes the one NaN */
/* A value as kernels see it: +0.0 for -0.0, NaN where it is missing. */
double kl__row_clean(double x);
/* rows at a time for which `count` arrays fit the scratch of kl__kind_rows */
size_t kl__kind_chunk(const kl__indicator *kind);

/* n rows of a kind. rough[i]: what kl__rows_scan or kl__rows_finish said of in[i], UNSEEN only for
 * kl__kind_own; made[o] receives it for out[o]. No output may
 * overlap an input. `missing`: NULL, or receives the number of rows with a missing input. */
void kl__kind_rows(const kl__indicator *kind, void *state, const double *const *in, const uint32_t *rough, size_t n, double *const *out,
                   uint32_t *made, size_t *missing);
/* 1 where each input may keep its own holes where they are, so that nobody has to look for them. */
KL__INLINE int kl__kind_own(const kl__indicator *kind) {
    return (kind->flags & KL__RAW) || (kind->pub.n_inputs == 1 && !(kind->flags & KL__HOLDS));
}
/* One row; in[i] and out[o] point to one double each. Returns 1 where an input is missing. */
int kl__kind_row(const kl__indicator *kind, void *state, const double *const *in, double *const *out);

#endif
