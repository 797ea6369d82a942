/* Engines that look at values while they work: whatever comes that is not clean, and wherever, outputs, counts and snapshots are
 * those of steps, which clean each value by itself. */
#include "base/fp.h"
#include "window_run.h"

enum { N = 70000 }; /* more than two of the longest chunks */
static double x[N];

static const double strange[] = {-0.0, (double)NAN, HUGE_VAL, -HUGE_VAL, 0x1p1000, -0x1p1000, 0x1.fffffffffffffp999, -0x1.fffffffffffffp999,
                                 -0x1p-1074, 0.0, -0x1.fffffffffffffp1023};

static void by_steps(const kl_roll_spec *spec, double **want, void *image, size_t room, size_t *used) {
    const double *in[2] = {x, x};
    kl_roll *roll = roll_new(spec);
    roll_parts(roll, 1, 1, NULL, in, N, -2, want);
    assert_int_equal(kl_roll_snapshot(roll, image, room, used), KL_OK);
    free(roll);
}

static void same_as_steps(int32_t what, int64_t w, uint64_t seed) {
    const kl_roll_stat stat = {what, 0, 0};
    const kl_roll_spec spec = spec_of(w, 0, 0, &stat, 1);
    double **want = outputs_new(N), **got = outputs_new(N);
    kl_roll *roll = roll_new(&spec);
    const size_t room = kl_roll_snapshot_size(roll);
    unsigned char *image = (unsigned char *)malloc(room), *other = (unsigned char *)malloc(room);
    size_t used = 0, used_other = 0;
    by_steps(&spec, want, image, room, &used);
    const size_t lead = (size_t)random_below(&seed, 9), cut = (size_t)random_below(&seed, 3) * 20000 + lead;
    const double *in[2] = {x, x};
    double *rest = got[0] + cut;
    if (cut) roll_parts(roll, 1, 1, NULL, in, cut, 0, got);
    in[0] = x + cut;
    assert_int_equal(kl_roll_run(roll, NULL, in, N - cut, &rest, NULL), KL_OK);
    for (size_t k = 0; k < N; k++)
        if (memcmp(&want[0][k], &got[0][k], sizeof **got)) fail_msg("%s of %lld: row %zu is %a and must be %a", stat_text(&stat), (long long)w, k, got[0][k], want[0][k]);
    assert_int_equal(kl_roll_snapshot(roll, other, room, &used_other), KL_OK);
    assert_int_equal(used, used_other);
    assert_memory_equal(image, other, used);
    free(roll);
    roll = roll_new(&spec);
    memcpy(rest = got[0], x, sizeof x); /* the output right where the input is */
    in[0] = rest;
    assert_int_equal(kl_roll_run(roll, NULL, in, N, &rest, NULL), KL_OK);
    assert_memory_equal(rest, want[0], sizeof x);
    free(roll), free(image), free(other), outputs_free(want), outputs_free(got);
}

static void test_unclean_anywhere(void **state) {
    (void)state;
    static const int32_t whats[] = {KL_ROLL_SUM, KL_ROLL_MEAN, KL_ROLL_MIN, KL_ROLL_MAX};
    static const size_t every[] = {N + 1, 50000, 3000, 90, 3};
    uint64_t seed = 5;
    for (size_t i = 0; i < sizeof whats / sizeof *whats; i++)
        for (int64_t w = 1; w <= 34; w += getenv("KLINE_QUICK") ? 11 : 1) {
            const size_t often = every[(size_t)random_below(&seed, 5)];
            for (size_t k = 0; k < N; k++) x[k] = (double)random_below(&seed, 2000) - (w % 2 ? 1000.0 : 0.0);
            for (size_t k = (size_t)random_below(&seed, often); k < N; k += 1 + (size_t)random_below(&seed, 2 * often))
                x[k] = strange[random_below(&seed, sizeof strange / sizeof *strange)];
            same_as_steps(whats[i], w, seed);
        }
}

/* Each strange value alone, at each place of a vector and at both ends. */
static void test_one(void **state) {
    (void)state;
    static const size_t places[] = {0, 1, 18, 19, 20, 511, 512, 4099, 32767, 32768, 40001, 40002, 40003, 40004, 40005, 40006, 40007, N - 2, N - 1};
    for (size_t p = 0; p < sizeof places / sizeof *places; p += getenv("KLINE_QUICK") ? 5 : 1)
        for (size_t v = 0; v < sizeof strange / sizeof *strange; v++) {
            for (size_t k = 0; k < N; k++) x[k] = v % 2 ? 100.0 + (double)(k % 7) : (double)(k % 5) - 2.0;
            x[places[p]] = strange[v];
            if (p + 1 < sizeof places / sizeof *places && v % 3 == 0) x[places[p] + 1] = strange[v];
            same_as_steps((p + v) % 4 == 0 ? KL_ROLL_SUM : (p + v) % 4 == 1 ? KL_ROLL_MEAN : (p + v) % 4 == 2 ? KL_ROLL_MIN : KL_ROLL_MAX, 2 + (int64_t)(p * 5 + v) % 30, v);
        }
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_unclean_anywhere), cmocka_unit_test(test_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
