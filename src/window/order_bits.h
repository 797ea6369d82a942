/* Quantiles of long windows in batch: a stretch of values is sorted once, each value becomes its place in that order, and the
 * window is a set of bits over the places. A row sets one bit, clears others and finds bit k near where it was found last. */
#ifndef KL__WINDOW_ORDER_BITS_H
#define KL__WINDOW_ORDER_BITS_H
#include "window/order.h"

#define KL__ORDER_BITS_MIN_W 129
#define KL__ORDER_BITS_MAX_W 8192

KL__INLINE int kl__order_bits_serve(size_t w) { return w >= KL__ORDER_BITS_MIN_W && w <= KL__ORDER_BITS_MAX_W; }
/* Doubles of scratch for a window of w rows. */
size_t kl__order_bits_doubles(size_t w);
/* Sorts the known ones of w values; `sorted` lies in the scratch. Returns how many they are. */
size_t kl__order_bits_sort(double *scratch, size_t w, const double *x, const double **sorted);
/* The windows of the n rows of x, which follow the w rows of the ring `raw`, the oldest of them at `at`. As kl__order_run,
 * quantiles only. */
void kl__order_bits_run(double *scratch, size_t w, const double *raw, size_t at, const double *x, const uint32_t *rows, size_t n,
                        const kl__order_ask *asks, size_t n_asks, double *const *out, double *known);

#endif
