/* Logarithms and exponentials of many values have the bits of one: any bits at all, and the ends of the ranges, on every tier. */
#include "base/fp.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/endian.h"
#include "kline.h"
#include "simd/ln_exp.h"

enum { LN_EXP_N = 20011 };

static uint64_t ln_exp_random(void) {
    static uint64_t s = UINT64_C(88172645463325252);
    s ^= s << 13, s ^= s >> 7, s ^= s << 17;
    return s;
}

static double ln_exp_value(int round) {
    static const double ends[] = {0.0, -0.0, (double)NAN, HUGE_VAL, -HUGE_VAL, 1.0, 0x1p-54, 0x1p-53, -0x1p-60, 700, -700, -708.3, 709.7, 709.8, -745.2, 5e-324};
    const uint64_t bits = ln_exp_random();
    const double share = (double)(ln_exp_random() >> 11) * 0x1p-53;
    if (bits % 61 == 0) return ends[bits / 61 % (sizeof ends / sizeof *ends)];
    return round % 3 == 0 ? kl__bits_double(bits) : round % 3 == 1 ? (share - 0.5) * 1600 : share * 3;
}

static void ln_exp_check(const char *name, double (*one)(double), void (*all)(const double *, size_t, double *), int round) {
    static double x[LN_EXP_N], y[LN_EXP_N];
    const size_t n = LN_EXP_N - ln_exp_random() % 100;
    for (size_t j = 0; j < n; j++) x[j] = ln_exp_value(round);
    all(x, n, y);
    for (size_t j = 0; j < n; j++) {
        const double wanted = one(x[j]);
        if (kl__double_bits(wanted) != kl__double_bits(y[j])) fail_msg("%s(%a): %a, of many %a, level %d", name, x[j], wanted, y[j], (int)kl_simd_level());
    }
}

static void test_ln_exp(void **state) {
    (void)state;
    for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_AVX512; level++)
        for (int round = 0; round < (getenv("KLINE_QUICK") ? 3 : 30); round++) {
            if (kl_simd_force(level) < 0) break;
            ln_exp_check("ln", kl_ln, kl__ln_rows, round);
            ln_exp_check("exp", kl_exp, kl__exp_rows, round);
        }
    kl_simd_force(KL_SIMD_BEST);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ln_exp)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
