/* Lines of least squares through short windows in one pass over values and results: the bits of kl__tree_slope and of what
 * indicators make of it. */
#ifndef KL__TREE_LINE_H
#define KL__TREE_LINE_H
#include "window/tree.h"

enum { KL__LINE_SLOPE, KL__LINE_AT, KL__LINE_AHEAD, KL__LINE_AWAY };
typedef struct kl__line {
    int32_t what; /* the slope; the line `at` bars after the middle of the window; one bar ahead of that; the distance of the value
                     from what was ahead a bar ago, in percent of it */
    double at;
} kl__line;

/* n rows over a tree of kl__tree_slope: 1: done, all values and results are ordinary; 0: nothing is done, out may be written to. */
int kl__tree_line_try(kl__tree *t, const kl__line *line, const double *const *in, size_t n, double *const *out);

#endif
