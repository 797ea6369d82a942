/* The packed triangle of pairs i < j by rows, as the readers of a matrix walk it. */
#ifndef KL__TRIANGLE_H
#define KL__TRIANGLE_H
#include "base/check.h"
#include "kline/corr.h"

/* Where the pairs (i, i + 1) .. (i, symbols - 1) begin. */
KL__INLINE size_t kl__triangle_row(size_t symbols, size_t i) { return i * (2 * symbols - i - 1) / 2; }

/* i < j */
KL__INLINE size_t kl__triangle_at(size_t symbols, size_t i, size_t j) { return kl__triangle_row(symbols, i) + (j - i - 1); }

#endif
