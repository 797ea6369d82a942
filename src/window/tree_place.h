/* Where the extremes of short windows stand, in one pass. */
#ifndef KL__TREE_PLACE_H
#define KL__TREE_PLACE_H
#include "window/tree.h"

/* What is shown: the number of the bar of the least value, of the greatest, of both; how long ago the least and the greatest one were, as
 * shares of w - 1 counted down from 100; the second of these less the first. */
enum { KL__PLACE_LEAST, KL__PLACE_GREATEST, KL__PLACE_BOTH, KL__PLACE_SHARES, KL__PLACE_LEAN, KL__PLACE_WHATS };

/* trees: of kl__tree_argmin over in[0] and of kl__tree_argmax over in[1]; one that nothing is made of may be NULL. row: the number of the
 * first bar. 1: done, values and results are ordinary; 0: nothing is done, out may be written to. */
int kl__tree_place_try(kl__tree *least, kl__tree *greatest, int what, double row, const double *const *in, size_t n, double *const *out);

#endif
