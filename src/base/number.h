/* What the number sources of base share: power tables, the rounding of decimals to doubles, shortest digits, integer
 * text. */
#ifndef KL__NUMBER_H
#define KL__NUMBER_H
#include "base/check.h"
#include "base/digits.h"
#include "base/endian.h"
#include "base/wide.h"

/* 10^q = (hi * 2^64 + lo) * 2^(floor(log2(10^q)) - 127), rounded up; exact for q in 0..55. */
#define KL__POW10_MIN (-342)
#define KL__POW10_MAX 324
extern const uint64_t kl__pow10_128[KL__POW10_MAX - KL__POW10_MIN + 1][2];
KL__INLINE const uint64_t *kl__pow10_row(int32_t q) { return kl__pow10_128[q - KL__POW10_MIN]; }

extern const double kl__ln2_42[2];
extern const double kl__ln2_128th[3];
extern const double kl__exp_table[128][2];
extern const double kl__ln_table[128][3];

#define KL__BITS_INFINITY UINT64_C(0x7ff0000000000000)
#define KL__BITS_NAN UINT64_C(0x7ff8000000000000) /* the only NaN that the library makes */
#define KL__BITS_SIGN (UINT64_C(1) << 63)

/* The bits of the double nearest to w * 10^q, ties to even; infinity where that is too large. */
uint64_t kl__double_from_decimal(uint64_t w, int64_t q);
/* The same for (w + something in (0,1)) * 10^q, where the exact digits are needed: text of digits with at most one
 * point. */
uint64_t kl__double_from_digits(uint64_t w, int64_t q, const char *digits, const char *end);

/* value > 0 and finite = *digits * 10^*exponent, the shortest such digits that read back, the closest of these. */
void kl__double_shortest(double value, uint64_t *digits, int32_t *exponent);

/* value = value / divisor, remainder returned; unsigned. */
uint64_t kl__wide_divide(kl_i128 *value, uint64_t divisor);

/* "nan", "inf" or "infinity" in any case: the length, or 0. */
size_t kl__not_finite_length(const char *p, const char *end, uint64_t *bits);
/* The exponent [+-]digits behind an 'e' at p: added to *exponent (saturating); returns the end, or p without digits. */
const char *kl__exponent_parse(const char *p, const char *end, int64_t *exponent);

/* The eight digits of v < 10^8, zeros in front. */
KL__INLINE void kl__digits_write_eight(char *text, uint32_t v) {
    uint64_t x = (uint64_t)(v / 10000) | ((uint64_t)(v % 10000) << 32), tens;
    tens = ((x * 10486) >> 20) & UINT64_C(0x0000007f0000007f);
    x = tens | ((x - tens * 100) << 16);
    tens = ((x * 103) >> 10) & UINT64_C(0x000f000f000f000f);
    x = tens | ((x - tens * 10) << 8);
    kl__store_u64(text, x | UINT64_C(0x3030303030303030));
}

/* v in decimal without leading zeros, at most 20 bytes; returns the length. */
KL__INLINE size_t kl__digits_print(char *text, uint64_t v) {
    char block[24];
    size_t from;
    if (v < 100000000) {
        kl__digits_write_eight(block, (uint32_t)v);
        from = 0;
        while (from < 7 && block[from] == '0') from++;
        memcpy(text, block + from, 8 - from);
        return 8 - from;
    }
    uint64_t high = v / 100000000;
    kl__digits_write_eight(block + 16, (uint32_t)(v % 100000000));
    kl__digits_write_eight(block + 8, (uint32_t)(high % 100000000));
    kl__digits_write_eight(block, (uint32_t)(high / 100000000));
    from = 0;
    while (block[from] == '0') from++;
    memcpy(text, block + from, 24 - from);
    return 24 - from;
}

#endif
