/* Size arithmetic that cannot wrap: each returns 1 when the result does not fit. */
#ifndef KL__SIZE_H
#define KL__SIZE_H
#include "base/check.h"

KL__INLINE int kl__size_add(size_t a, size_t b, size_t *sum) {
    if (b > SIZE_MAX - a) return 1;
    *sum = a + b;
    return 0;
}
KL__INLINE int kl__size_mul(size_t a, size_t b, size_t *product) {
    if (b != 0 && a > SIZE_MAX / b) return 1;
    *product = a * b;
    return 0;
}
KL__INLINE int kl__add_i64(int64_t a, int64_t b, int64_t *sum) {
    if ((b > 0 && a > INT64_MAX - b) || (b < 0 && a < INT64_MIN - b)) return 1;
    *sum = a + b;
    return 0;
}
/* n rounded up to a multiple of step, a power of two. */
KL__INLINE size_t kl__round_up(size_t n, size_t step) { return (n + (step - 1)) & ~(step - 1); }

#endif
