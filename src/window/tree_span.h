/* Ranges of short windows in one pass: the greatest of one series, the least of another, and what is made of them. */
#ifndef KL__TREE_SPAN_H
#define KL__TREE_SPAN_H
#include "window/tree.h"

/* What is shown: the middle; least and greatest; greatest, middle and least; the place of a third series between them from 0 to 100, and
 * from the greatest down to -100. The series are the highs, the lows and the third. */
enum { KL__SPAN_MIDDLE, KL__SPAN_BOTH, KL__SPAN_CHANNEL, KL__SPAN_PLACE, KL__SPAN_BELOW };

/* One row of each; lanes do the same. Values of a magnitude below 2^1000 or NaN. */
double kl__span_middle(double greatest, double least);
double kl__span_place(double greatest, double least, double x);
double kl__span_below(double greatest, double least, double x);
/* trees: of kl__tree_max over the highs and of kl__tree_min over the lows. 1: done, all values were ordinary, and what is not in the
 * results is the one NaN; 0: nothing is done, out may be written to. */
int kl__tree_span_try(kl__tree *greatest, kl__tree *least, int what, const double *const *in, size_t n, double *const *out);

#endif
