/* Rows of conditions as bits, 64 rows in a word: row j is bit j % 64 of word j / 64. */
#ifndef KL__MASKS_H
#define KL__MASKS_H
#include <stddef.h>
#include <stdint.h>

/* Comparisons of rows a with rows b, or of rows a with one number. */
enum { KL__MASKS_LT = 0, KL__MASKS_LE = 1, KL__MASKS_EQ = 2, KL__MASKS_GT = 3, KL__MASKS_GE = 4 };
/* n rows; rows behind them in the last word are 0. A comparison with NaN is 0. Returns 0 where none is true. */
uint64_t kl__masks_compare(uint32_t how, const double *a, const double *b, size_t n, uint64_t *bits);
uint64_t kl__masks_compare_number(uint32_t how, const double *a, double b, size_t n, uint64_t *bits);
/* out = base + (bit of `a` ? x : 0) + (bit of `b` ? y : 0): whole numbers, of which no sum is rounded. */
void kl__masks_spread(const uint64_t *a, double x, const uint64_t *b, double y, double base, size_t n, double *out);
/* The same added to what is there. */
void kl__masks_add(const uint64_t *a, double x, const uint64_t *b, double y, size_t n, double *out);
/* 1 where the magnitudes of all n rows are below 2^900, and none is NaN. */
int kl__masks_moderate(const double *x, size_t n);

#endif
