/* Signed 128-bit integers in plain C11: the targets include 32-bit ones, where compilers offer none. */
#ifndef KL__WIDE_H
#define KL__WIDE_H
#include "base/check.h"

KL__INLINE kl_i128 kl__wide(int64_t hi, uint64_t lo) {
    kl_i128 r;
    r.lo = lo, r.hi = hi;
    return r;
}
KL__INLINE kl_i128 kl__wide_from(int64_t v) { return kl__wide(v < 0 ? -1 : 0, (uint64_t)v); }
KL__INLINE int kl__wide_is_zero(kl_i128 a) { return (a.lo | (uint64_t)a.hi) == 0; }
KL__INLINE int kl__wide_is_negative(kl_i128 a) { return a.hi < 0; }
/* 1 where the value fits int64_t. */
KL__INLINE int kl__wide_fits(kl_i128 a) { return a.hi == ((int64_t)a.lo < 0 ? -1 : 0); }
KL__INLINE int kl__wide_compare(kl_i128 a, kl_i128 b) {
    if (a.hi != b.hi) return a.hi < b.hi ? -1 : 1;
    return a.lo < b.lo ? -1 : a.lo > b.lo;
}
KL__INLINE kl_i128 kl__wide_negate(kl_i128 a) {
    uint64_t lo = ~a.lo + 1;
    return kl__wide((int64_t)(~(uint64_t)a.hi + (lo == 0)), lo);
}
/* 1 where the sum does not fit. */
KL__INLINE int kl__wide_add(kl_i128 a, kl_i128 b, kl_i128 *sum) {
    uint64_t lo = a.lo + b.lo;
    uint64_t hi = (uint64_t)a.hi + (uint64_t)b.hi + (lo < a.lo);
    *sum = kl__wide((int64_t)hi, lo);
    return (int)((~((uint64_t)a.hi ^ (uint64_t)b.hi) & ((uint64_t)a.hi ^ hi)) >> 63);
}
KL__INLINE int kl__wide_sub(kl_i128 a, kl_i128 b, kl_i128 *difference) {
    uint64_t lo = a.lo - b.lo;
    uint64_t hi = (uint64_t)a.hi - (uint64_t)b.hi - (a.lo < b.lo);
    *difference = kl__wide((int64_t)hi, lo);
    return (int)((((uint64_t)a.hi ^ (uint64_t)b.hi) & ((uint64_t)a.hi ^ hi)) >> 63);
}
/* unsigned 64 x 64 -> 128 */
KL__INLINE void kl__mul_u64(uint64_t a, uint64_t b, uint64_t *hi, uint64_t *lo) {
#if defined(__SIZEOF_INT128__)
    __extension__ unsigned __int128 p = (unsigned __int128)a * b;
    *hi = (uint64_t)(p >> 64);
    *lo = (uint64_t)p;
#else
    uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
    uint64_t low = al * bl, mid1 = ah * bl + (low >> 32), mid2 = al * bh + (uint32_t)mid1;
    *hi = ah * bh + (mid1 >> 32) + (mid2 >> 32);
    *lo = (mid2 << 32) | (uint32_t)low;
#endif
}
/* int64 x int64, always fits. */
KL__INLINE kl_i128 kl__wide_mul64(int64_t a, int64_t b) {
    uint64_t hi, lo, ua = a < 0 ? ~(uint64_t)a + 1 : (uint64_t)a, ub = b < 0 ? ~(uint64_t)b + 1 : (uint64_t)b;
    kl__mul_u64(ua, ub, &hi, &lo);
    kl_i128 r = kl__wide((int64_t)hi, lo);
    return (a < 0) != (b < 0) ? kl__wide_negate(r) : r;
}
/* 1 where the product does not fit (INT128_MIN counts as not fitting). */
KL__INLINE int kl__wide_mul(kl_i128 a, kl_i128 b, kl_i128 *product) {
    int negative = (a.hi < 0) != (b.hi < 0);
    kl_i128 ua = a.hi < 0 ? kl__wide_negate(a) : a, ub = b.hi < 0 ? kl__wide_negate(b) : b;
    uint64_t hi, lo, c1h, c1, c2h, c2;
    if (ua.hi != 0 && ub.hi != 0) return 1;
    kl__mul_u64(ua.lo, ub.lo, &hi, &lo);
    kl__mul_u64((uint64_t)ua.hi, ub.lo, &c1h, &c1);
    kl__mul_u64(ua.lo, (uint64_t)ub.hi, &c2h, &c2);
    if (c1h | c2h) return 1;
    uint64_t sum = hi + c1;
    if (sum < hi) return 1;
    uint64_t top = sum + c2;
    if (top < sum || top >> 63) return 1;
    kl_i128 r = kl__wide((int64_t)top, lo);
    *product = negative ? kl__wide_negate(r) : r;
    return 0;
}

/* 10^0 .. 10^19 */
extern const uint64_t kl__pow10_u64[20];

#endif
