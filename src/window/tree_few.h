/* What is made of the means of one or two short windows over the same values, in one pass. */
#ifndef KL__TREE_FEW_H
#define KL__TREE_FEW_H
#include "window/tree.h"

enum { KL__FEW_X, KL__FEW_MIDDLE, KL__FEW_LESS }; /* the values: of in[0]; half the sum of two columns; their difference */
/* What is shown of the means f and s: f; the sum instead; f - s; 100 * ((f - s) / s); the value of some bars ago less f. */
enum { KL__FEW_MEAN, KL__FEW_SUM, KL__FEW_AWAY, KL__FEW_PERCENT, KL__FEW_BACK };
typedef struct kl__few {
    int32_t of, what;
    uint32_t back; /* bars ago; not before the window by more than one */
} kl__few;

/* The values of rows, as the pass makes them. */
KL__INLINE double kl__few_value(const kl__few *few, const double *const *in, size_t j) {
    if (few->of == KL__FEW_MIDDLE) return (in[0][j] + in[1][j]) / 2.0;
    return few->of == KL__FEW_LESS ? in[0][j] - in[1][j] : in[0][j];
}
/* trees: of means (or sums) over the values; the second one may be NULL. 1: done, and what is not in the results is the one NaN; of
 * KL__FEW_X and but for PERCENT values and results are ordinary. 0: nothing is done, out may be written to. */
int kl__tree_few_try(kl__tree *const *trees, const kl__few *few, const double *const *in, size_t n, double *const *out);

#endif
