/* Moving mantissas between decimal scales, exactly. */
#include "data/scale.h"

static const int64_t scale_pow10[KL_SCALE_MAX + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, INT64_C(10000000000),
    INT64_C(100000000000), INT64_C(1000000000000), INT64_C(10000000000000), INT64_C(100000000000000),
    INT64_C(1000000000000000), INT64_C(10000000000000000), INT64_C(100000000000000000), INT64_C(1000000000000000000),
};

int32_t kl__scale_valid(const kl_scale *scale) {
    return scale && scale->price >= 0 && scale->price <= KL_SCALE_MAX && scale->volume >= 0 &&
           scale->volume <= KL_SCALE_MAX && scale->quote >= 0 && scale->quote <= KL_SCALE_MAX;
}

kl_status kl__scale_i64(int64_t *value, int32_t shift) {
    if (shift >= 0) {
        kl_i128 scaled = kl__wide_mul64(*value, scale_pow10[shift]);
        if (!kl__wide_fits(scaled)) return KL_E_OVERFLOW;
        *value = (int64_t)scaled.lo;
        return KL_OK;
    }
    if (*value % scale_pow10[-shift] != 0) return KL_E_SCALE;
    *value /= scale_pow10[-shift];
    return KL_OK;
}

/* Divides a magnitude by a divisor below 2^32 in 32-bit digits; returns the remainder. */
static uint32_t scale_divide(kl_i128 *value, uint32_t divisor) {
    uint64_t digits[4] = {(uint64_t)value->hi >> 32, (uint32_t)(uint64_t)value->hi, value->lo >> 32, (uint32_t)value->lo};
    uint64_t rest = 0;
    for (int i = 0; i < 4; i++) {
        uint64_t part = rest << 32 | digits[i];
        digits[i] = part / divisor;
        rest = part % divisor;
    }
    value->hi = (int64_t)(digits[0] << 32 | digits[1]);
    value->lo = digits[2] << 32 | digits[3];
    return (uint32_t)rest;
}

static kl_status scale_divide_exactly(kl_i128 *value, int32_t power) {
    int negative = kl__wide_is_negative(*value);
    kl_i128 magnitude = negative ? kl__wide_negate(*value) : *value;
    while (power > 0) {
        int32_t part = power < 9 ? power : 9; /* 10^9 < 2^32 */
        if (scale_divide(&magnitude, (uint32_t)scale_pow10[part]) != 0) return KL_E_SCALE;
        power -= part;
    }
    *value = negative ? kl__wide_negate(magnitude) : magnitude;
    return KL_OK;
}

kl_status kl__scale_wide(kl_i128 *value, int32_t shift) {
    if (shift == 0) return KL_OK;
    if (kl__wide_fits(*value) && shift > 0) {
        *value = kl__wide_mul64((int64_t)value->lo, scale_pow10[shift]);
        return KL_OK;
    }
    if (shift > 0) return kl__wide_mul(*value, kl__wide_from(scale_pow10[shift]), value) ? KL_E_OVERFLOW : KL_OK;
    return scale_divide_exactly(value, -shift);
}

int32_t kl__scale_used_i64(int64_t value, int32_t scale) {
    if (value == 0) return 0;
    for (; scale > 0 && value % 10 == 0; value /= 10) scale--;
    return scale;
}

int32_t kl__scale_used_wide(const kl_i128 *value, int32_t scale) {
    if (kl__wide_fits(*value)) return kl__scale_used_i64((int64_t)value->lo, scale);
    kl_i128 rest = *value;
    while (scale > 0 && scale_divide_exactly(&rest, 1) == KL_OK) scale--;
    return scale;
}
