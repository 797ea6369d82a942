/* kl_ln and kl_exp of many values: the same bits. */
#ifndef KL__LN_EXP_H
#define KL__LN_EXP_H
#include <stddef.h>

/* x and y must not overlap. */
void kl__ln_rows(const double *x, size_t n, double *y);
void kl__exp_rows(const double *x, size_t n, double *y);

#endif
