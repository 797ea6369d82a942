/* What the two ways to correlations share: the columns, and the rows once correlations are known. */
#ifndef KL__MART_CORRELATIONS_H
#define KL__MART_CORRELATIONS_H
#include "mart/mart.h"

/* What is said of some rows: correlation, the one before and the one of the baseline (NULL: none) of each. */
typedef struct mart_pair_rows {
    size_t n;
    const size_t *place; /* row of the table for each, MART_NONE: not wanted */
    const double *r, *before, *baseline;
    double shift_limit;
} mart_pair_rows;

enum { MART_PAIR_BASE, MART_PAIR_RELATED, MART_PAIR_TIME }; /* columns that kl__mart_put_pairs leaves to the caller */

size_t kl__mart_pairs_columns(const kl_mart_spec *spec, mart_column *c);
void kl__mart_pairs_start(mart_run *run);
double kl__mart_shift_limit(const kl_mart_spec *spec);
void kl__mart_put_pairs(const mart_run *run, const mart_pair_rows *rows);

#endif
