/* kl_ln and kl_exp: the error in ulp against long double (or __float128 where the compiler has it), special cases, and
 * a hash of their bits that must be the same on every platform. */
#include "base/fp.h"
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/endian.h"
#include "base/number.h"
#include "random.h"

static uint64_t seed = 7;
static size_t rounds(size_t n) { return getenv("KLINE_QUICK") ? n / 50 : getenv("KLINE_LONG") ? n * 20 : n; }

#if LDBL_MANT_DIG >= 64
/* distance of got from the exact value, in units of the last place of a double at the exact value */
static double ulps(double got, long double exact) {
    int exponent;
    frexpl(exact, &exponent);
    if (exponent < -1021) exponent = -1021;
    return (double)fabsl(((long double)got - exact) * ldexpl(1.0L, 53 - exponent));
}

static void test_error(void **state) {
    (void)state;
    volatile long double one = 1, tiny = 0x1p-60L;
    if (one + tiny == one) { /* valgrind computes long double in double */
        print_message("skip: long double is computed in double here\n");
        return;
    }
    double worst_ln = 0, worst_exp = 0, at_ln = 0, at_exp = 0;
    for (size_t i = 0, n = rounds(2000000); i < n; i++) {
        double x = kl__bits_double(random_u64(&seed) % KL__BITS_INFINITY),
               unit = (double)(random_u64(&seed) >> 11) * 0x1p-53;
        if (i % 4 == 1) x = 0.6 + unit;                                  /* around the tables */
        if (i % 4 == 2) x = 1 + (unit - 0.5) * ldexp(1, -(int)(i % 50)); /* around the root */
        if (i % 64 == 3) x = kl__bits_double(random_u64(&seed) >> 12);   /* subnormal */
        if (x > 0) {
            double u = ulps(kl_ln(x), logl((long double)x));
            if (u > worst_ln) worst_ln = u, at_ln = x;
        }
        x = (unit - 0.5) * 1420;
        if (i % 4 == 1) x = (unit - 0.5) * ldexp(1, -(int)(i % 60));
        if (i % 4 == 2) x = (unit - 0.5) * 4;
        if (i % 64 == 3) x = -708 - unit * 38; /* subnormal results */
        double y = kl_exp(x);
        if (y - y == 0) {
            double u = ulps(y, expl((long double)x));
            if (u > worst_exp) worst_exp = u, at_exp = x;
        }
    }
    print_message("ln: at most %.4f ulp (at %a); exp: at most %.4f ulp (at %a)\n", worst_ln, at_ln, worst_exp, at_exp);
    assert_true(worst_ln < 0.55 && worst_exp < 0.55);
}
#else
static void test_error(void **state) {
    (void)state;
    print_message("skip: long double is no wider than double here\n");
}
#endif

static void expect(double got, uint64_t bits, const char *what) {
    if (kl__double_bits(got) != bits) fail_msg("%s is %a, not %a", what, got, kl__bits_double(bits));
}

static void test_special(void **state) {
    (void)state;
    const double inf = kl__bits_double(KL__BITS_INFINITY), nan = kl__bits_double(KL__BITS_NAN | KL__BITS_SIGN | 1);
    expect(kl_ln(0.0), KL__BITS_INFINITY | KL__BITS_SIGN, "ln 0");
    expect(kl_ln(-0.0), KL__BITS_INFINITY | KL__BITS_SIGN, "ln -0");
    expect(kl_ln(1.0), 0, "ln 1");
    expect(kl_ln(inf), KL__BITS_INFINITY, "ln inf");
    expect(kl_ln(-1.0), KL__BITS_NAN, "ln -1");
    expect(kl_ln(-5e-324), KL__BITS_NAN, "ln of a negative subnormal");
    expect(kl_ln(-inf), KL__BITS_NAN, "ln -inf");
    expect(kl_ln(nan), KL__BITS_NAN, "ln nan");
    expect(kl_exp(0.0), kl__double_bits(1.0), "exp 0");
    expect(kl_exp(-0.0), kl__double_bits(1.0), "exp -0");
    expect(kl_exp(5e-324), kl__double_bits(1.0), "exp of the smallest");
    expect(kl_exp(inf), KL__BITS_INFINITY, "exp inf");
    expect(kl_exp(-inf), 0, "exp -inf");
    expect(kl_exp(nan), KL__BITS_NAN, "exp nan");
    expect(kl_exp(1e308), KL__BITS_INFINITY, "exp 1e308");
    expect(kl_exp(-1e308), 0, "exp -1e308");
    expect(kl_exp(0x1.62e42fefa39efp+9), UINT64_C(0x7fefffffffffff2a), "exp of the largest argument");
    expect(kl_exp(0x1.62e42fefa39f0p+9), KL__BITS_INFINITY, "exp of one more");
    expect(kl_exp(-745.1332191019411), 1, "exp of the smallest argument");
    expect(kl_exp(-745.1332191019412), 0, "exp of one less");
}

static void test_order(void **state) {
    (void)state; /* neighbours never come out in the wrong order by more than the rounding allows; exp rises over table
                    borders */
    double last = 0;
    for (int i = -74600; i <= 70979; i++) {
        double y = kl_exp(i * 0.01);
        assert_true(y >= last);
        last = y;
    }
    last = kl_ln(5e-324);
    for (double x = 1e-320; x < 1e308; x *= 1.001) {
        double y = kl_ln(x);
        assert_true(y > last || x < 1e-319);
        last = y;
    }
}

static void test_bits(void **state) {
    (void)state; /* made on x86-64; tests/cross/hash_base.c prints the same kind of hash for other machines */
    uint64_t hash = UINT64_C(0xcbf29ce484222325), own = 99;
    for (int i = 0; i < 20000; i++) {
        double unit = (double)(random_u64(&own) >> 11) * 0x1p-53;
        uint64_t a = kl__double_bits(kl_ln(kl__bits_double(random_u64(&own) % KL__BITS_INFINITY)));
        uint64_t b = kl__double_bits(kl_exp((unit - 0.5) * 1500));
        hash = (hash ^ kl__double_bits(kl_ln(0.6 + unit))) * UINT64_C(0x100000001b3);
        hash = (hash ^ a) * UINT64_C(0x100000001b3);
        hash = (hash ^ b) * UINT64_C(0x100000001b3);
    }
    if (hash != UINT64_C(0xaf7df56a16321a5e)) fail_msg("the bits have changed: 0x%016llx", (unsigned long long)hash);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_error), cmocka_unit_test(test_special),
                                       cmocka_unit_test(test_order), cmocka_unit_test(test_bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
