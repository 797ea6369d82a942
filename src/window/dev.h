/* Windows of up to 63 values in one pass with AVX-512, and what indicators make of them: eight windows at once, the nodes of
 * tree.h in registers, each value loaded where it lies, each result stored once. The bits of the trees of the same windows. */
#ifndef KL__DEV_H
#define KL__DEV_H
#include "window/tree.h"

#define KL__DEV_W 63 /* longest window */

/* What is made of each window; s: sqrt(M2 / a). */
enum {
    KL__DEV_VAR,   /* M2 / a */
    KL__DEV_STD,   /* s * b */
    KL__DEV_ERROR, /* s / b */
    KL__DEV_Z,     /* (newest - mean) / s */
    KL__DEV_PLACE, /* 0.5 + (newest - mean) / s / b */
    KL__DEV_BANDS, /* mean + b * s, mean, mean - b * s */
    KL__DEV_WIDTH, /* b * s / mean */
    /* of a pair y, x; C: sum of the products of deviations */
    KL__DEV_COV,   /* C / a */
    KL__DEV_CORR,  /* C / sqrt(M2 y * M2 x), held inside -1..1 */
    KL__DEV_R2,    /* the square of that */
    KL__DEV_BETA,  /* C / M2 x */
    KL__DEV_ALPHA  /* mean y - beta * mean x */
};
typedef struct kl__dev_made {
    uint32_t what;
    double a, b;
} kl__dev_made;

/* n more values of a tree of kl__tree_moments, `made` of n windows. 1: all values of the windows were ordinary, below 2^1000 and
 * never -0.0, so is what was made, and the tree has taken the values; its rings are stale. 0: not so, or there is no such way
 * for this tree and this machine: the tree is as it was; out may have been written to. */
int kl__dev_moments(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *const *out);
int kl__dev_tile(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *const *out); /* without AVX-512 */
/* The same of any values and windows; a result that is not finite is left to the caller. */
void kl__dev_moments_run(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *const *out);
/* As kl__dev_moments, of a tree of kl__tree_pair. */
int kl__dev_pair(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *out);

#endif
