/* Plain decimals ("16541.77000000", "0", "1502942428322") at the speed of the loads: eight digits a step, no table
 * look-up per digit, no state. Whatever is not plain (sign, exponent, no digit on one side of the point, more than 18
 * digits) makes these functions return NULL, and the caller asks kl_decimal_parse, which knows every form and every
 * error.
 *
 *      const char *after = kl__digits_parse(p, end, &mantissa, &decimals);
 *      if (after == NULL || after == end || *after != ',') -> the slow way
 *
 * They never read at or beyond `end`, so no padding is needed; they are fastest where 8 more bytes follow. */
#ifndef KL__DIGITS_H
#define KL__DIGITS_H
#include "base/bits.h"
#include "base/check.h"
#include "base/endian.h"
#include "base/wide.h"

#define KL__DIGITS_MAX 18 /* any number of that many digits fits int64_t */

/* The eight bytes at p, the first in the lowest bits, digits as 0..9; what lies beyond end is no digit. */
KL__INLINE uint64_t kl__digits_load(const char *p, const char *end) {
    uint64_t word = 0;
    if (KL__LIKELY(end - p >= 8)) {
        word = kl__load_u64(p);
    } else {
        for (int i = (int)(end - p) - 1; i >= 0; i--) word = (word << 8) | (uint8_t)p[i];
    }
    return word ^ UINT64_C(0x3030303030303030);
}

/* The top bit of each byte of a loaded word that is no digit. Bytes above the first such one may be wrong (carries). */
KL__INLINE uint64_t kl__digits_stops(uint64_t word) {
    return ((word + UINT64_C(0x7676767676767676)) | word) & UINT64_C(0x8080808080808080);
}

/* The number that eight digits make, the first one the highest: pairs, then fours, then all, three multiplications. */
KL__INLINE uint32_t kl__digits_eight(uint64_t word) {
    const uint64_t mask = UINT64_C(0x000000ff000000ff);
    word = word * 10 + (word >> 8);
    word = (word & mask) * (100 + (UINT64_C(1000000) << 32)) + ((word >> 16) & mask) * (1 + (UINT64_C(10000) << 32));
    return (uint32_t)(word >> 32);
}

/* Up to eight digits at p: how many there are, and their value. */
KL__INLINE unsigned kl__digits_word(const char *p, const char *end, uint64_t *value) {
    uint64_t word = kl__digits_load(p, end), stops = kl__digits_stops(word);
    unsigned n = 8;
    if (stops) {
        n = kl__trailing_zeros_u64(stops) >> 3;
        word = (word << (56 - 8 * n)) << 8; /* leading zeros; two steps, since n may be 0 */
    }
    *value = kl__digits_eight(word);
    return n;
}

/* What follows a full first word of eight digits; *count becomes more than KL__DIGITS_MAX where there are too many. */
static inline const char *kl__digits_more(const char *p, const char *end, uint64_t *value, unsigned *count) {
    uint64_t next;
    unsigned n = kl__digits_word(p, end, &next);
    *value = *value * kl__pow10_u64[n] + next;
    *count = 8 + n;
    p += n;
    if (n == 8)
        while (p != end && (unsigned)(uint8_t)*p - '0' < 10) {
            if (++*count > KL__DIGITS_MAX) break;
            *value = *value * 10 + ((unsigned)(uint8_t)*p++ - '0');
        }
    return p;
}

/* A run of digits at p, 0..KL__DIGITS_MAX of them; returns where it ends. */
KL__INLINE const char *kl__digits_run(const char *p, const char *end, uint64_t *value, unsigned *count) {
    unsigned n = kl__digits_word(p, end, value);
    p += n;
    *count = n;
    if (n == 8 && p != end && (unsigned)(uint8_t)*p - '0' < 10) return kl__digits_more(p, end, value, count);
    return p;
}

/* digits[.digits] at p, at most 18 in all: value = *mantissa / 10^*decimals, trailing zeros counted. Returns the first
 * byte after the number (which may be an exponent's 'e': look at it), or NULL where the text is not of this form. */
KL__INLINE const char *kl__digits_parse(const char *p, const char *end, uint64_t *mantissa, int *decimals) {
    uint64_t whole, part;
    unsigned n, d;
    p = kl__digits_run(p, end, &whole, &n);
    if (KL__UNLIKELY(n - 1 >= KL__DIGITS_MAX)) return NULL;
    if (p == end || *p != '.') {
        *mantissa = whole, *decimals = 0;
        return p;
    }
    p = kl__digits_run(p + 1, end, &part, &d);
    if (KL__UNLIKELY(d == 0 || n + d > KL__DIGITS_MAX)) return NULL;
    *mantissa = whole * kl__pow10_u64[d] + part, *decimals = (int)d;
    return p;
}

/* digits at p, at most 18, for ids and times: returns the first byte after them, or NULL. */
KL__INLINE const char *kl__digits_integer(const char *p, const char *end, uint64_t *value) {
    unsigned n;
    p = kl__digits_run(p, end, value, &n);
    return KL__LIKELY(n - 1 < KL__DIGITS_MAX) ? p : NULL;
}

#endif
