/* Number text: every reader on the same bytes. They must agree with each other, and what is printed must read back. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/endian.h"
#include "base/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_number_require(int condition) {
    if (!condition) abort();
}

static void fuzz_number_text(const char *text, size_t size) {
    double value = 0, again = 0;
    kl_i128 mantissa, back;
    int32_t scale = 0, scale_back = 0;
    size_t used = 0, used_decimal = 0, used_again = 0;
    char out[KL_DECIMAL_TEXT_MAX];
    kl_status as_double = kl_double_parse(text, size, &value, &used);
    kl_status as_decimal = kl_decimal_parse(text, size, &mantissa, &scale, &used_decimal);
    fuzz_number_require((as_double == KL_OK) == (as_decimal != KL_E_NUMBER));
    if (as_decimal == KL_OK) {
        fuzz_number_require(used == used_decimal && scale >= 0 && scale <= KL_SCALE_MAX);
        double nearest = kl_decimal_to_double(&mantissa, scale);
        fuzz_number_require(nearest == value);
        size_t n = kl_decimal_print(&mantissa, scale, out);
        fuzz_number_require(n > 0 && n < sizeof out && kl_decimal_parse(out, n, &back, &scale_back, NULL) == KL_OK);
        fuzz_number_require(scale == scale_back && kl_i128_compare(&mantissa, &back) == 0);
    }
    if (as_double == KL_OK) {
        size_t n = kl_double_print(value, out);
        fuzz_number_require(n > 0 && n < KL_DOUBLE_TEXT_MAX);
        fuzz_number_require(kl_double_parse(out, n, &again, &used_again) == KL_OK && used_again == n);
        fuzz_number_require(kl__double_bits(again) == kl__double_bits(value));
    }
    uint64_t plain;
    int decimals;
    const char *after = kl__digits_parse(text, text + size, &plain, &decimals);
    if (after != NULL && (after == text + size || (*after | 0x20) != 'e'))
        fuzz_number_require(as_decimal == KL_OK && mantissa.lo == plain && scale == decimals);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size ? size : 1); /* of the exact size, so that a byte read too far is seen */
    if (!text) return 0;
    if (size) memcpy(text, data, size);
    fuzz_number_text(text, size);
    free(text);
    if (size >= 8) {
        double x = kl__load_f64(data), back = 0;
        char out[KL_DOUBLE_TEXT_MAX];
        size_t n = kl_double_print(x, out);
        fuzz_number_require(kl_double_parse(out, n, &back, NULL) == KL_OK);
        fuzz_number_require(x != x || kl__double_bits(back) == kl__double_bits(x));
        (void)kl_exp(x);
        (void)kl_ln(x);
    }
    return 0;
}
