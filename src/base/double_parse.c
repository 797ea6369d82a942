/* Decimal text to the nearest double. Three steps, each tried where the one before cannot decide:
 *  1. mantissa and power of ten both exact in a double: one multiplication or division (Clinger 1990);
 *  2. 64-bit mantissa times a 128-bit power of ten: the bits of the product decide (Lemire 2021; that no case stays
 * open for a mantissa that fits: Mushtak, Lemire 2023);
 *  3. more digits than fit, and the two neighbours of the cut mantissa round differently: exact comparison of all
 * digits with the point half-way between the two doubles, in big integers. */
#include "base/fp.h"
#include "base/number.h"

static const double double_parse_pow10[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Step 2, for w not 0. */
static uint64_t double_parse_product(uint64_t w, int32_t q) {
    unsigned zeros = kl__leading_zeros_u64(w);
    const uint64_t *row = kl__pow10_row(q);
    uint64_t hi, lo, row_lo = row[1] - (q > 55); /* the table is rounded up; positive powers are wanted cut */
    w <<= zeros;
    kl__mul_u64(w, row[0], &hi, &lo);
    if ((hi & 0x1ff) == 0x1ff) { /* the lower half of the power may carry into the bits that count */
        uint64_t more, rest;
        kl__mul_u64(w, row_lo, &more, &rest);
        lo += more;
        hi += lo < more;
    }
    unsigned top = (unsigned)(hi >> 63);
    uint64_t m = hi >> (top + 9); /* 54 bits: one more than the double holds */
    int32_t power = ((217706 * q) >> 16) + 63 + (int32_t)top - (int32_t)zeros + 1023;
    if (power <= 0) { /* subnormal: no tie is possible this far down */
        if (power <= -63) return 0;
        m >>= 1 - power;
        m += m & 1;
        return m >> 1; /* a carry into bit 52 is the smallest normal number, as it should be */
    }
    /* exactly half-way: the remainder of the product is 0, and only small powers of five can do that */
    if (lo <= 1 && q >= -4 && q <= 23 && (m & 3) == 1 && m << (top + 9) == hi) m &= ~UINT64_C(1);
    m += m & 1;
    m >>= 1;
    if (m >> 53) m >>= 1, power++;
    if (power >= 0x7ff) return KL__BITS_INFINITY;
    return (m & ((UINT64_C(1) << 52) - 1)) | ((uint64_t)power << 52);
}

uint64_t kl__double_from_decimal(uint64_t w, int64_t q) {
    if (w == 0 || q < KL__POW10_MIN) return 0;
    if (q > 308) return KL__BITS_INFINITY;
    if (w <= UINT64_C(1) << 53 && q >= -22 && q <= 22) {
        double x = (double)(int64_t)w;
        return kl__double_bits(q < 0 ? x / double_parse_pow10[-q] : x * double_parse_pow10[q]);
    }
    return double_parse_product(w, (int32_t)q);
}

/* ------------------------------------------------------------------------------------------------- exact step --- */

#define DOUBLE_PARSE_LIMBS 100  /* 3,200 bits; the largest number met is 2^54 * 5^1120, 2,655 bits */
#define DOUBLE_PARSE_DIGITS 780 /* a half-way point has at most 768 digits: what follows only says "a little more" */

typedef struct {
    uint32_t limbs[DOUBLE_PARSE_LIMBS];
    size_t n;
} double_parse_big;

static void big_multiply_add(double_parse_big *big, uint32_t factor, uint32_t addend) {
    uint64_t carry = addend;
    for (size_t i = 0; i < big->n; i++) {
        carry += (uint64_t)big->limbs[i] * factor;
        big->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry && big->n < DOUBLE_PARSE_LIMBS) big->limbs[big->n++] = (uint32_t)carry;
}

static void big_multiply_pow5(double_parse_big *big, uint32_t power) {
    for (; power >= 13; power -= 13) big_multiply_add(big, 1220703125u, 0);
    for (; power > 0; power--) big_multiply_add(big, 5, 0);
}

static void big_shift_left(double_parse_big *big, uint32_t bits) {
    size_t limbs = bits / 32;
    if (big->n == 0) return;
    if (big->n + limbs > DOUBLE_PARSE_LIMBS) limbs = DOUBLE_PARSE_LIMBS - big->n; /* cannot happen: sizes are bounded */
    memmove(big->limbs + limbs, big->limbs, big->n * sizeof *big->limbs);
    memset(big->limbs, 0, limbs * sizeof *big->limbs);
    big->n += limbs;
    if (bits % 32) big_multiply_add(big, 1u << (bits % 32), 0);
}

static int big_compare(const double_parse_big *a, const double_parse_big *b) {
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    for (size_t i = a->n; i-- > 0;)
        if (a->limbs[i] != b->limbs[i]) return a->limbs[i] < b->limbs[i] ? -1 : 1;
    return 0;
}

/* big = the digits of the text; returns the power of ten that they are to be multiplied with, when the last digit of
 * the text has the power `last`. */
static int64_t big_read(double_parse_big *big, const char *p, const char *end, int64_t last) {
    uint32_t taken = 0, rest = 0;
    big->n = 0;
    for (; p != end; p++) {
        if (*p == '.') continue;
        uint32_t digit = (uint32_t)(*p - '0');
        if (taken == 0 && digit == 0) continue;
        if (taken < DOUBLE_PARSE_DIGITS) {
            taken++;
            big_multiply_add(big, 10, digit);
        } else {
            last++;
            rest |= digit;
        }
    }
    if (rest) big_multiply_add(big, 10, 1), last--;
    return last;
}

/* -1, 0, 1: the exact number is below, at, above the middle between the double `bits` and the next one up. */
static int double_parse_against_middle(double_parse_big *number, int64_t power, uint64_t bits) {
    double_parse_big middle;
    uint64_t m = bits & ((UINT64_C(1) << 52) - 1);
    int64_t exponent = (int64_t)(bits >> 52);
    if (exponent)
        m |= UINT64_C(1) << 52;
    else
        exponent = 1;
    exponent -= 1076;
    m = 2 * m + 1;
    middle.limbs[0] = (uint32_t)m, middle.limbs[1] = (uint32_t)(m >> 32);
    middle.n = middle.limbs[1] ? 2 : 1;
    if (power >= 0)
        big_multiply_pow5(number, (uint32_t)power);
    else
        big_multiply_pow5(&middle, (uint32_t)-power);
    int64_t shift = power - exponent;
    if (shift >= 0)
        big_shift_left(number, (uint32_t)shift);
    else
        big_shift_left(&middle, (uint32_t)-shift);
    return big_compare(number, &middle);
}

uint64_t kl__double_from_digits(uint64_t w, int64_t q, const char *digits, const char *end) {
    uint64_t low = kl__double_from_decimal(w, q), high = kl__double_from_decimal(w + 1, q);
    if (low == high) return low;
    int64_t last = q; /* of the last digit of the text: q belongs to the last one that w holds, the 19th that counts */
    int32_t counted = 0;
    for (const char *p = digits; p != end; p++) {
        if (*p == '.' || (counted == 0 && *p == '0')) continue;
        if (++counted > 19) last--;
    }
    double_parse_big number;
    last = big_read(&number, digits, end, last);
    int order = double_parse_against_middle(&number, last, low);
    return low + (order > 0 || (order == 0 && (low & 1)));
}

/* ------------------------------------------------------------------------------------------------------- text --- */

size_t kl__not_finite_length(const char *p, const char *end, uint64_t *bits) {
    static const char names[3][9] = {"infinity", "inf", "nan"};
    for (int i = 0; i < 3; i++) {
        size_t length = strlen(names[i]), k = 0;
        if ((size_t)(end - p) < length) continue;
        while (k < length && ((uint8_t)p[k] | 0x20) == (uint8_t)names[i][k]) k++;
        if (k < length) continue;
        *bits = i == 2 ? KL__BITS_NAN : KL__BITS_INFINITY;
        return length;
    }
    return 0;
}

const char *kl__exponent_parse(const char *p, const char *end, int64_t *exponent) {
    const char *start = p;
    int negative = 0;
    int64_t e = 0;
    if (p == end || (*p | 0x20) != 'e') return start;
    if (++p != end && (*p == '-' || *p == '+')) negative = *p++ == '-';
    if (p == end || (unsigned)(uint8_t)*p - '0' >= 10) return start;
    for (; p != end && (unsigned)(uint8_t)*p - '0' < 10; p++)
        if (e < INT64_C(1000000000000000000) / 10 - 1) e = e * 10 + (*p - '0');
    *exponent += negative ? -e : e;
    return p;
}

/* Any number of digits: the first 19 that count go to w, the places of the others to the exponent. */
static const char *double_parse_long(const char *p, const char *end, uint64_t *bits) {
    const char *start = p, *stop;
    uint64_t w = 0, cut = 0;
    int64_t q = 0;
    int32_t counted = 0, any = 0, point = 0;
    for (; p != end; p++) {
        unsigned digit = (unsigned)(uint8_t)*p - '0';
        if (*p == '.' && !point) {
            point = 1;
            continue;
        }
        if (digit >= 10) break;
        any = 1;
        if (counted < 19) {
            w = w * 10 + digit;
            counted += w != 0;
            q -= point;
        } else {
            cut |= digit;
            q += !point;
        }
    }
    if (!any) return NULL;
    stop = p;
    p = kl__exponent_parse(p, end, &q);
    *bits = cut ? kl__double_from_digits(w, q, start, stop) : kl__double_from_decimal(w, q);
    return p;
}

kl_status kl_double_parse(const char *text, size_t length, double *value, size_t *used) {
    if (!text || !value) return KL_E_ARG;
    const char *p = text, *end = text + length, *after;
    uint64_t bits, w, sign = 0;
    int decimals;
    if (p != end && (*p == '-' || *p == '+')) sign = *p++ == '-' ? KL__BITS_SIGN : 0;
    after = kl__digits_parse(p, end, &w, &decimals);
    if (KL__LIKELY(after != NULL)) {
        int64_t q = -decimals;
        if (after != end && (*after | 0x20) == 'e') after = kl__exponent_parse(after, end, &q);
        if (KL__LIKELY(w <= UINT64_C(1) << 53 && q <= 0 && q >= -22))
            bits = kl__double_bits((double)(int64_t)w / double_parse_pow10[-q]);
        else
            bits = kl__double_from_decimal(w, q);
    } else if ((after = double_parse_long(p, end, &bits)) == NULL) {
        size_t n = kl__not_finite_length(p, end, &bits);
        if (n == 0) return KL_E_NUMBER;
        after = p + n;
    }
    *value = kl__bits_double(bits == KL__BITS_NAN ? bits : bits | sign);
    if (used) *used = (size_t)(after - text);
    return KL_OK;
}
