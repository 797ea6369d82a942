/* Quantiles of long windows in batch: a stretch of values is sorted once, each value becomes its place in that order, and the
 * window is a set of bits over the places. A row sets one bit, clears others and finds bit k near where it was found last. */
#ifndef KL__WINDOW_ORDER_BITS_H
#define KL__WINDOW_ORDER_BITS_H
#include "window/order.h"

#define KL__ORDER_BITS_MIN_W 65
#define KL__ORDER_BITS_MAX_W 8192

KL__INLINE int kl__order_bits_serve(size_t w) { return w >= KL__ORDER_BITS_MIN_W && w <= KL__ORDER_BITS_MAX_W; }
/* Doubles of scratch for a window of w rows: at its front the sorted w - 1 newest rows, with their times, from call to call. */
size_t kl__order_bits_doubles(size_t w);
/* Sorts the w - 1 newest rows of the ring `raw` of w rows, the oldest at `at`. Returns how many are known. */
size_t kl__order_bits_begin(double *scratch, size_t w, const double *raw, size_t at);
/* The `known` values that were sorted. */
const double *kl__order_bits_sorted(const double *scratch);
/* The windows of n more rows, as kl__order_run, quantiles only. Returns how many of the w - 1 newest rows are known then. */
size_t kl__order_bits_run(double *scratch, size_t w, size_t known, const double *x, const uint32_t *rows, size_t n,
                          const kl__order_ask *asks, size_t n_asks, double *const *out, double *counts);

#endif
