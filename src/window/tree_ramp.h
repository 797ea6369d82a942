/* Averages of short windows with weights in one pass: linear ones, and volumes. */
#ifndef KL__TREE_RAMP_H
#define KL__TREE_RAMP_H
#include "window/tree.h"

/* mean + share * G of kl__tree_linear. 1: done, values and results are ordinary; 0: nothing is done, out may be written to. */
int kl__tree_ramp_try(kl__tree *t, double share, const double *const *in, size_t n, double *const *out);
/* What kl__tree_vwap gives. 1: done, values are ordinary, and what is not in the results is the one NaN. */
int kl__tree_vwap_try(kl__tree *t, const double *const *in, size_t n, double *const *out);

#endif
