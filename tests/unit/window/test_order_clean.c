/* What sorting networks are handed: src/window/order_tile.c is compiled as if NaN, infinities and -0.0 did not exist (docs/adr/0016), so
 * none may reach it. The linker's --wrap puts a look at every span in front of it; where it does not, nothing can be seen. */
#include "base/fp.h"
#include "window_run.h"
#include "base/endian.h"
#include "kline/simd.h"

#if defined(ORDER_WRAPPED)
static size_t spans, unclean;

void __real_kl__order_tile_values(const double *span, size_t w, size_t n, const uint32_t *k, size_t wanted, double *const *out);
void __wrap_kl__order_tile_values(const double *span, size_t w, size_t n, const uint32_t *k, size_t wanted, double *const *out);
void __wrap_kl__order_tile_values(const double *span, size_t w, size_t n, const uint32_t *k, size_t wanted, double *const *out) {
    spans++;
    for (size_t j = 0; j < w - 1 + n; j++) {
        const uint64_t bits = kl__double_bits(span[j]);
        unclean += (bits >> 52 & 0x7ff) == 0x7ff || bits == UINT64_C(1) << 63;
    }
    __real_kl__order_tile_values(span, w, n, k, wanted, out);
}

static void test_clean(void **state) {
    (void)state;
    enum { N = 4000 };
    static double x[N];
    static const double strange[] = {-0.0, (double)NAN, HUGE_VAL, -HUGE_VAL, 0x1p1000, -0x1.fffffffffffffp1023, -0.0, 0x1p-1074};
    static const kl_roll_stat stats[] = {{KL_ROLL_MEDIAN, 0, 0}, {KL_ROLL_QUANTILE, KL_QUANTILE_MIDPOINT, 0.3}};
    const double *in[2] = {x, x};
    double **out = outputs_new(N);
    for (int64_t w = 2; w <= 36; w++)
        for (size_t every = 1; every < 2000; every = every * 3 + 1)
            for (int way = 0; way < 3; way++) {
                uint64_t seed = (uint64_t)w * 1000 + every;
                kl_roll_spec spec = spec_of(w, 1, way == 1, stats, 2);
                if (way == 2) spec.flags = KL_ROLL_BEFORE;
                for (size_t k = 0; k < N; k++) x[k] = k % every ? (double)random_below(&seed, 50) - 25.0 : strange[random_below(&seed, 8)];
                for (size_t k = N / 2; k < N; k++) /* here nothing is missing */
                    if (!(fabs(x[k]) < 0x1p1000)) x[k] = -0.0;
                roll_all(&spec, NULL, in, N, 0, out);
            }
    outputs_free(out);
    assert_true(spans > 1000);
    assert_true(unclean == 0);
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_clean)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void) {
    print_message("SKIPPED: the spans cannot be seen without --wrap\n");
    return 77;
}
#endif
