/* Doubles to the shortest decimal that reads back to the same bits: the interval of reals that round to the double is
 * scaled by one 128-bit power of ten so that it holds one to a few integers, and the shortest of these is picked
 * (Giulietti, "The Schubfach way to render doubles", 2020). */
#include "base/fp.h"
#include "base/number.h"

/* floor(g * c / 2^127) of the paper in essence: the upper bits of a 192-bit product, the lowest one "sticky". */
static uint64_t shortest_scale(const uint64_t *power, uint64_t c) {
    uint64_t mid_hi, mid_lo, hi, lo;
    kl__mul_u64(power[1], c, &mid_hi, &mid_lo);
    kl__mul_u64(power[0], c, &hi, &lo);
    lo += mid_hi;
    hi += lo < mid_hi;
    return hi | (lo > 1);
}

static void shortest_strip_zeros(uint64_t *digits, int32_t *exponent) {
    uint64_t d = *digits;
    int32_t e = *exponent;
    while (d % 100000000 == 0) d /= 100000000, e += 8;
    if (d % 10000 == 0) d /= 10000, e += 4;
    if (d % 100 == 0) d /= 100, e += 2;
    if (d % 10 == 0) d /= 10, e += 1;
    *digits = d, *exponent = e;
}

void kl__double_shortest(double value, uint64_t *digits, int32_t *exponent) {
    uint64_t bits = kl__double_bits(value), fraction = bits & ((UINT64_C(1) << 52) - 1);
    int32_t biased = (int32_t)(bits >> 52) & 0x7ff, q = (biased ? biased : 1) - 1075;
    uint64_t c = biased ? fraction | UINT64_C(1) << 52 : fraction;
    if (q <= 0 && q > -53 &&
        (c & ((UINT64_C(1) << -q) - 1)) == 0) { /* an integer below 2^53: its digits are the shortest */
        *digits = c >> -q, *exponent = 0;
        shortest_strip_zeros(digits, exponent);
        return;
    }
    int32_t closer = fraction == 0 && biased > 1; /* the double below is only half as far away */
    uint64_t open = c & 1;                        /* ends of the interval belong to it for even mantissas */
    int32_t k = (q * 1262611 - (closer ? 524031 : 0)) >> 22;
    int32_t shift = q + ((-k * 1741647) >> 19) + 1;
    const uint64_t *power = kl__pow10_row(-k);
    uint64_t lower = shortest_scale(power, (4 * c - 2 + (uint64_t)closer) << shift) + open;
    uint64_t middle = shortest_scale(power, (4 * c) << shift);
    uint64_t upper = shortest_scale(power, (4 * c + 2) << shift) - open;
    uint64_t s = middle / 4, tens = s / 10;
    if (s >= 10) { /* one digit less? at most one multiple of ten is inside */
        int down = lower <= 40 * tens, up = 40 * tens + 40 <= upper;
        if (down != up) {
            *digits = tens + (uint64_t)up, *exponent = k + 1;
            shortest_strip_zeros(digits, exponent);
            return;
        }
    }
    int down = lower <= 4 * s, up = 4 * s + 4 <= upper;
    if (down == up) up = middle > 4 * s + 2 || (middle == 4 * s + 2 && (s & 1)); /* both inside: the closer one */
    *digits = s + (uint64_t)up, *exponent = k;
    shortest_strip_zeros(digits, exponent);
}

/* d.ddde-07 */
static char *double_print_scientific(char *out, const char *digits, int32_t n, int32_t exponent) {
    *out++ = digits[0];
    if (n > 1) {
        *out++ = '.';
        memcpy(out, digits + 1, (size_t)n - 1);
        out += n - 1;
    }
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    if (exponent < 0) exponent = -exponent;
    if (exponent >= 100) *out++ = (char)('0' + exponent / 100);
    *out++ = (char)('0' + exponent / 10 % 10);
    *out++ = (char)('0' + exponent % 10);
    return out;
}

/* 0.00001 .. 100000000000000000000: n digits of which `whole` are before the point (0 or less: zeros after it) */
static char *double_print_plain(char *out, const char *digits, int32_t n, int32_t whole) {
    if (whole <= 0) {
        *out++ = '0', *out++ = '.';
        for (; whole < 0; whole++) *out++ = '0';
        memcpy(out, digits, (size_t)n);
        return out + n;
    }
    if (whole >= n) {
        memcpy(out, digits, (size_t)n);
        out += n;
        for (; whole > n; whole--) *out++ = '0';
        return out;
    }
    memcpy(out, digits, (size_t)whole);
    out[whole] = '.';
    memcpy(out + whole + 1, digits + whole, (size_t)(n - whole));
    return out + n + 1;
}

size_t kl_double_print(double value, char *text) {
    uint64_t bits = kl__double_bits(value);
    char *out = text, digits_text[24];
    if (value != value) {
        memcpy(text, "nan", 4);
        return 3;
    }
    if (bits >> 63) *out++ = '-';
    bits &= ~KL__BITS_SIGN;
    if (bits == KL__BITS_INFINITY) {
        memcpy(out, "inf", 3);
        out += 3;
    } else if (bits == 0) {
        *out++ = '0';
    } else {
        uint64_t digits;
        int32_t exponent, n;
        kl__double_shortest(kl__bits_double(bits), &digits, &exponent);
        n = (int32_t)kl__digits_print(digits_text, digits);
        int32_t power = n + exponent - 1; /* of the first digit */
        out = power >= -5 && power < 21 ? double_print_plain(out, digits_text, n, power + 1)
                                        : double_print_scientific(out, digits_text, n, power);
    }
    *out = '\0';
    return (size_t)(out - text);
}
