/* Exact decimals: a 128-bit mantissa and a number of decimals, from and to text and doubles. */
#include "base/fp.h"
#include "base/number.h"

const uint64_t kl__pow10_u64[20] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

kl_status kl_i128_add(const kl_i128 *a, const kl_i128 *b, kl_i128 *sum) {
    kl_i128 r;
    if (!a || !b || !sum) return KL_E_ARG;
    if (kl__wide_add(*a, *b, &r)) return KL_E_OVERFLOW;
    *sum = r;
    return KL_OK;
}

kl_status kl_i128_sub(const kl_i128 *a, const kl_i128 *b, kl_i128 *difference) {
    kl_i128 r;
    if (!a || !b || !difference) return KL_E_ARG;
    if (kl__wide_sub(*a, *b, &r)) return KL_E_OVERFLOW;
    *difference = r;
    return KL_OK;
}

kl_status kl_i128_mul(const kl_i128 *a, const kl_i128 *b, kl_i128 *product) {
    kl_i128 r;
    if (!a || !b || !product) return KL_E_ARG;
    if (kl__wide_mul(*a, *b, &r)) return KL_E_OVERFLOW;
    *product = r;
    return KL_OK;
}

int32_t kl_i128_compare(const kl_i128 *a, const kl_i128 *b) { return kl__wide_compare(*a, *b); }

uint64_t kl__wide_divide(kl_i128 *value, uint64_t divisor) {
    uint64_t hi = (uint64_t)value->hi, lo = value->lo, rest;
    value->hi = (int64_t)(hi / divisor);
    rest = hi % divisor;
#if defined(__SIZEOF_INT128__)
    __extension__ unsigned __int128 whole = (unsigned __int128)rest << 64 | lo;
    value->lo = (uint64_t)(whole / divisor);
    return (uint64_t)(whole % divisor);
#else
    uint64_t quotient = 0;
    if (rest == 0) {
        value->lo = lo / divisor;
        return lo % divisor;
    }
    for (int i = 63; i >= 0; i--) { /* long division, a bit a step */
        uint64_t carry = rest >> 63;
        rest = rest << 1 | (lo >> i & 1);
        quotient <<= 1;
        if (carry || rest >= divisor) rest -= divisor, quotient |= 1;
    }
    value->lo = quotient;
    return rest;
#endif
}

/* The magnitude as unsigned; also right for the smallest number. */
static kl_i128 decimal_magnitude(const kl_i128 *mantissa) {
    return kl__wide_is_negative(*mantissa) ? kl__wide_negate(*mantissa) : *mantissa;
}

/* m *= 10^n, 1 where it does not fit. */
static int decimal_multiply_pow10(kl_i128 *m, int64_t n) {
    if (kl__wide_is_zero(*m)) return 0;
    if (n > 38) return 1;
    for (; n > 0; n -= 18)
        if (kl__wide_mul(*m, kl__wide_from((int64_t)kl__pow10_u64[n < 18 ? n : 18]), m)) return 1;
    return 0;
}

/* Mantissa without its trailing zeros, their number, and decimals, made into mantissa and scale. */
static kl_status decimal_settle(kl_i128 *m, int64_t zeros, int64_t decimals, int32_t *scale) {
    if (decimals < 0) zeros -= decimals, decimals = 0;
    if (decimals > KL_SCALE_MAX) {
        zeros -= decimals - KL_SCALE_MAX, decimals = KL_SCALE_MAX;
        if (zeros < 0 && !kl__wide_is_zero(*m)) return KL_E_SCALE;
    }
    if (decimal_multiply_pow10(m, zeros)) return KL_E_OVERFLOW;
    *scale = (int32_t)decimals;
    return KL_OK;
}

static kl_status decimal_parse_long(const char *p, const char *end, kl_i128 *mantissa, int32_t *scale,
                                    const char **stop) {
    const kl_i128 ten = kl__wide_from(10);
    kl_i128 m = kl__wide_from(0);
    int64_t zeros = 0, decimals = 0;
    int point = 0, any = 0, too_long = 0;
    for (; p != end; p++) {
        unsigned digit = (unsigned)(uint8_t)*p - '0';
        if (*p == '.' && !point) {
            point = 1;
            continue;
        }
        if (digit >= 10) break;
        any = 1;
        decimals += point;
        if (digit == 0) {
            zeros++;
            continue;
        }
        too_long |= decimal_multiply_pow10(&m, zeros) || kl__wide_mul(m, ten, &m) ||
                    kl__wide_add(m, kl__wide_from((int64_t)digit), &m);
        zeros = 0;
    }
    if (!any) {
        uint64_t bits;
        size_t n = kl__not_finite_length(p, end, &bits);
        *stop = p + n;
        return n && !point ? KL_E_NOT_FINITE : KL_E_NUMBER;
    }
    int64_t exponent = 0;
    *stop = kl__exponent_parse(p, end, &exponent);
    if (too_long) return decimals > KL_SCALE_MAX + exponent ? KL_E_SCALE : KL_E_OVERFLOW;
    KL__TRY(decimal_settle(&m, zeros, decimals - exponent, scale));
    *mantissa = m;
    return KL_OK;
}

kl_status kl_decimal_parse(const char *text, size_t length, kl_i128 *mantissa, int32_t *scale, size_t *used) {
    if (!text || !mantissa || !scale) return KL_E_ARG;
    const char *p = text, *end = text + length, *after;
    uint64_t m;
    int decimals, negative = 0;
    if (p != end && (*p == '-' || *p == '+')) negative = *p++ == '-';
    after = kl__digits_parse(p, end, &m, &decimals);
    if (after != NULL && (after == end || (*after | 0x20) != 'e')) {
        *mantissa = kl__wide_from(negative ? -(int64_t)m : (int64_t)m);
        *scale = decimals;
    } else {
        kl_status status = decimal_parse_long(p, end, mantissa, scale, &after);
        if (status < 0) return status;
        if (negative) *mantissa = kl__wide_negate(*mantissa);
    }
    if (used) *used = (size_t)(after - text);
    return KL_OK;
}

size_t kl_decimal_print(const kl_i128 *mantissa, int32_t scale, char *text) {
    if (!mantissa || !text || scale < 0 || scale > KL_SCALE_MAX) return 0;
    kl_i128 m = decimal_magnitude(mantissa);
    char digits[KL_DECIMAL_TEXT_MAX], *out = text;
    size_t n, whole;
    if (m.hi == 0) {
        n = kl__digits_print(digits, m.lo);
    } else { /* 16 digits at a time from the right */
        kl_i128 high = m;
        uint64_t low = kl__wide_divide(&high, kl__pow10_u64[16]), middle = 0, top = high.lo;
        if (high.hi != 0 || high.lo >= kl__pow10_u64[16]) {
            middle = kl__wide_divide(&high, kl__pow10_u64[16]);
            top = high.lo;
            n = kl__digits_print(digits, top);
            kl__digits_write_eight(digits + n, (uint32_t)(middle / 100000000));
            kl__digits_write_eight(digits + n + 8, (uint32_t)(middle % 100000000));
            n += 16;
        } else {
            n = kl__digits_print(digits, top);
        }
        kl__digits_write_eight(digits + n, (uint32_t)(low / 100000000));
        kl__digits_write_eight(digits + n + 8, (uint32_t)(low % 100000000));
        n += 16;
    }
    if (kl__wide_is_negative(*mantissa)) *out++ = '-';
    if (n <= (size_t)scale) {
        *out++ = '0';
        whole = 0;
    } else {
        whole = n - (size_t)scale;
        memcpy(out, digits, whole);
        out += whole;
    }
    if (scale > 0) {
        *out++ = '.';
        for (size_t i = n; i < (size_t)scale; i++) *out++ = '0';
        memcpy(out, digits + whole, n - whole);
        out += n - whole;
    }
    *out = '\0';
    return (size_t)(out - text);
}

kl_status kl_decimal_rescale(kl_i128 *mantissa, int32_t from, int32_t to) {
    if (!mantissa || from < 0 || from > KL_SCALE_MAX || to < 0 || to > KL_SCALE_MAX) return KL_E_ARG;
    kl_i128 m;
    if (to >= from) {
        if (to == from) return KL_OK;
        if (kl__wide_mul(*mantissa, kl__wide_from((int64_t)kl__pow10_u64[to - from]), &m)) return KL_E_OVERFLOW;
        *mantissa = m;
        return KL_OK;
    }
    m = decimal_magnitude(mantissa);
    if (kl__wide_divide(&m, kl__pow10_u64[from - to]) != 0) return KL_E_SCALE;
    *mantissa = kl__wide_is_negative(*mantissa) ? kl__wide_negate(m) : m;
    return KL_OK;
}

/* Above 64 bits: 19 digits and the rest apart; the text of all of them decides where that is not enough. */
static uint64_t decimal_to_bits_wide(kl_i128 m, int32_t scale) {
    char digits[KL_DECIMAL_TEXT_MAX];
    size_t n = kl_decimal_print(&m, 0, digits);
    uint64_t rest = 0, kept;
    int64_t q = -scale;
    kl_i128 head = m;
    const char *start = digits;
    if (*start == '-') start++, n--; /* only of 2^127, which has no positive counterpart */
    for (size_t drop = n - 19; drop > 0;) {
        size_t step = drop < 19 ? drop : 19;
        rest |= kl__wide_divide(&head, kl__pow10_u64[step]);
        drop -= step;
    }
    q += (int64_t)n - 19;
    kept = head.lo;
    return rest ? kl__double_from_digits(kept, q, start, start + n) : kl__double_from_decimal(kept, q);
}

double kl_decimal_to_double(const kl_i128 *mantissa, int32_t scale) {
    if (!mantissa || scale < 0 || scale > KL_SCALE_MAX) return kl__bits_double(KL__BITS_NAN);
    kl_i128 m = decimal_magnitude(mantissa);
    uint64_t sign = kl__wide_is_negative(*mantissa) ? KL__BITS_SIGN : 0;
    uint64_t bits = m.hi == 0 ? kl__double_from_decimal(m.lo, -scale) : decimal_to_bits_wide(m, scale);
    return kl__bits_double(bits | sign);
}

kl_status kl_decimal_from_double(double value, kl_i128 *mantissa, int32_t *scale) {
    if (!mantissa || !scale) return KL_E_ARG;
    uint64_t bits = kl__double_bits(value), magnitude = bits & ~KL__BITS_SIGN, digits = 0;
    int32_t exponent = 0, decimals = 0;
    if (magnitude >= KL__BITS_INFINITY) return KL_E_NOT_FINITE;
    if (magnitude) kl__double_shortest(kl__bits_double(magnitude), &digits, &exponent);
    kl_i128 m = kl__wide(0, digits);
    KL__TRY(decimal_settle(&m, 0, -(int64_t)exponent, &decimals));
    *mantissa = bits >> 63 ? kl__wide_negate(m) : m;
    *scale = decimals;
    return KL_OK;
}
