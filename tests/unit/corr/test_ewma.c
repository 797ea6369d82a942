/* EWMA covariance: the recursion pair by pair, positive semidefinite without holes, missing values, any instruction set, snapshots
 * whole and damaged. */
#include "base/fp.h"
#include "base/endian.h"
#include "kline/corr.h"
#include "kline/simd.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SYMBOLS 37
#define LAMBDA 0.94

typedef struct {
    kl_ewma *ewma;
    void *memory;
    size_t bytes, symbols;
} made;

static made make(size_t symbols, double lambda) {
    made m = {NULL, NULL, kl_ewma_size(symbols), symbols};
    assert_true(m.bytes > 0);
    m.memory = aligned_alloc(64, (m.bytes + 63) / 64 * 64);
    assert_non_null(m.memory);
    memset(m.memory, 0x55, m.bytes);
    assert_int_equal(kl_ewma_init(m.memory, m.bytes, symbols, lambda, &m.ewma), KL_OK);
    return m;
}

static int same(double a, double b) { return kl__double_bits(a) == kl__double_bits(b) || (a != a && b != b); }

/* Returns with a common part; `holes`: one of 10 is missing. */
static void row(uint64_t *seed, size_t symbols, int holes, double *x) {
    double common = (double)(int64_t)random_u64(seed) * 0x1p-70;
    for (size_t i = 0; i < symbols; i++) {
        x[i] = common + (double)(int64_t)random_u64(seed) * 0x1p-70;
        if (holes && random_below(seed, 10) == 0)
            x[i] = random_below(seed, 3) == 0 ? (double)NAN : random_below(seed, 2) ? (double)INFINITY : -0x1p500;
    }
}

static void test_recursion(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 2, 7, 8, 9, 16, 17, SYMBOLS};
    static double wanted[SYMBOLS][SYMBOLS], packed[SYMBOLS * SYMBOLS];
    double x[SYMBOLS], cov, r;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int holes = 0; holes < 2; holes++) {
            size_t s = sizes[k], at = 0;
            uint64_t seed = 10 * k + (uint64_t)holes;
            made m = make(s, LAMBDA);
            for (size_t i = 0; i < s * s; i++) wanted[i / s][i % s] = (double)NAN;
            for (int t = 0; t < 300; t++) {
                row(&seed, s, holes, x);
                if (s > 2 && t < 50) x[2] = (double)NAN; /* comes late */
                assert_int_equal(kl_ewma_push(m.ewma, x), KL_OK);
                for (size_t i = 0; i < s; i++)
                    for (size_t j = 0; j < s; j++) {
                        if (!(fabs(x[i]) < 0x1p500 && fabs(x[j]) < 0x1p500)) continue;
                        double before = wanted[i][j];
                        wanted[i][j] = before == before ? LAMBDA * before + (1.0 - LAMBDA) * (x[i] * x[j]) : x[i] * x[j];
                    }
                if (t != 0 && t != 49 && t < 290) continue;
                assert_int_equal(kl_ewma_matrix(m.ewma, packed), KL_OK);
                for (size_t i = at = 0; i < s; i++)
                    for (size_t j = i; j < s; j++) {
                        assert_int_equal(kl_ewma_pair(m.ewma, j, i, &cov, &r), KL_OK);
                        assert_true(same(cov, wanted[i][j]));
                        double exact = wanted[i][j] / sqrt(wanted[i][i]) / sqrt(wanted[j][j]);
                        exact = i == j && exact == exact ? 1.0 : exact > 1.0 ? 1.0 : exact < -1.0 ? -1.0 : exact;
                        assert_true(same(r, exact));
                        if (i != j) assert_true(same(packed[at++], r));
                    }
            }
            free(m.memory);
        }
}

/* Without holes C is a sum of squares: C plus a trace of the diagonal has a Cholesky factor, also with fewer rows than symbols. */
static void test_semidefinite(void **state) {
    (void)state;
    static double c[SYMBOLS][SYMBOLS];
    double x[SYMBOLS];
    uint64_t seed = 21;
    made m = make(SYMBOLS, LAMBDA);
    for (int t = 1; t <= 200; t++) {
        row(&seed, SYMBOLS, 0, x);
        assert_int_equal(kl_ewma_push(m.ewma, x), KL_OK);
        if (t % 20 != 5) continue;
        double trace = 0.0;
        for (size_t i = 0; i < SYMBOLS; i++)
            for (size_t j = 0; j < SYMBOLS; j++) kl_ewma_pair(m.ewma, i, j, &c[i][j], NULL);
        for (size_t i = 0; i < SYMBOLS; i++) trace += c[i][i];
        for (size_t i = 0; i < SYMBOLS; i++) c[i][i] += trace * 0x1p-46;
        for (size_t j = 0; j < SYMBOLS; j++) {
            for (size_t k = 0; k < j; k++) c[j][j] -= c[j][k] * c[j][k];
            assert_true(c[j][j] > 0.0);
            c[j][j] = sqrt(c[j][j]);
            for (size_t i = j + 1; i < SYMBOLS; i++) {
                for (size_t k = 0; k < j; k++) c[i][j] -= c[i][k] * c[j][k];
                c[i][j] /= c[j][j];
            }
        }
    }
    free(m.memory);
}

/* Flat symbols, extremes, the way down to 0. */
static void test_edges(void **state) {
    (void)state;
    made m = make(3, 0.5);
    double cov, r, x[3] = {0.0, 0x1.8p499, -0x1.8p499};
    kl_ewma_pair(m.ewma, 0, 1, &cov, &r);
    assert_true(isnan(cov) && isnan(r));
    assert_int_equal(kl_ewma_push(m.ewma, x), KL_OK);
    kl_ewma_pair(m.ewma, 0, 1, &cov, &r);
    assert_true(cov == 0.0 && isnan(r)); /* flat */
    kl_ewma_pair(m.ewma, 0, 0, &cov, &r);
    assert_true(cov == 0.0 && isnan(r));
    kl_ewma_pair(m.ewma, 2, 1, &cov, &r);
    assert_true(cov == -0x1.2p999 && r == -1.0);
    kl_ewma_pair(m.ewma, 2, 2, NULL, &r);
    assert_true(r == 1.0);
    x[1] = x[2] = 0x1p-490;
    for (int t = 0; t < 2100; t++) kl_ewma_push(m.ewma, x);
    kl_ewma_pair(m.ewma, 1, 2, &cov, &r);
    assert_true(cov > 0.0 && r > 0.999); /* the spike is forgotten */
    x[1] = x[2] = 0.0;
    for (int t = 0; t < 19; t++) kl_ewma_push(m.ewma, x);
    kl_ewma_pair(m.ewma, 1, 2, &cov, &r);
    assert_true(cov >= 0x1p-1000 && r > 0.999);
    for (int t = 0; t < 5; t++) kl_ewma_push(m.ewma, x);
    kl_ewma_pair(m.ewma, 1, 2, &cov, &r);
    assert_true(cov == 0.0 && isnan(r));
    free(m.memory);
}

/* The same bits from every table, and of a copy of the bytes. */
static void test_levels(void **state) {
    (void)state;
    int32_t used = kl_simd_level();
    double x[SYMBOLS];
    uint8_t *first = NULL, *got = NULL;
    size_t n = 0, size = 0;
    for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
        if (kl_simd_force(level) != KL_OK) continue;
        uint64_t seed = 31;
        made m = make(SYMBOLS, 0.97), copy = make(SYMBOLS, 0.5);
        for (int t = 0; t < 200; t++) {
            row(&seed, SYMBOLS, t % 2, x);
            if (t == 100) memcpy(copy.memory, m.memory, m.bytes);
            kl_ewma_push(m.ewma, x);
            if (t >= 100) kl_ewma_push(copy.ewma, x);
        }
        size = kl_ewma_snapshot_size(m.ewma);
        got = malloc(size);
        assert_int_equal(kl_ewma_snapshot(m.ewma, got, size, &n), KL_OK);
        if (!first) first = malloc(size), memcpy(first, got, size);
        assert_memory_equal(got, first, size);
        assert_int_equal(kl_ewma_snapshot(copy.ewma, got, size, &n), KL_OK);
        assert_memory_equal(got, first, size);
        free(got);
        free(m.memory);
        free(copy.memory);
    }
    free(first);
    kl_simd_force(used);
}

static uint8_t image[8192], again[8192];

static void seal(size_t n) { kl__store_u64(image + n - 8, kl_crc32c(0, image, n - 8)); }

static void test_snapshot(void **state) {
    (void)state;
    double x[SYMBOLS];
    uint64_t seed = 41;
    made m = make(SYMBOLS, LAMBDA), other = make(SYMBOLS, LAMBDA);
    size_t n = 0, used;
    for (int t = 0; t < 120; t++) {
        row(&seed, SYMBOLS, 1, x);
        x[5] = (double)NAN; /* never there */
        kl_ewma_push(m.ewma, x);
        assert_int_equal(kl_ewma_snapshot(m.ewma, image, sizeof image, &n), KL_OK);
        assert_int_equal(n, kl_ewma_snapshot_size(m.ewma));
        if (t % 3) row(&seed, SYMBOLS, 1, x), kl_ewma_push(other.ewma, x); /* in any state */
        assert_int_equal(kl_ewma_restore(other.ewma, image, n, NULL), KL_OK);
        assert_int_equal(kl_ewma_snapshot(other.ewma, again, sizeof again, &used), KL_OK);
        assert_memory_equal(image, again, n);
        row(&seed, SYMBOLS, 1, x);
        kl_ewma_push(m.ewma, x);
        kl_ewma_push(other.ewma, x);
        kl_ewma_snapshot(m.ewma, image, sizeof image, &n);
        kl_ewma_snapshot(other.ewma, again, sizeof again, &used);
        assert_memory_equal(image, again, n);
        static double a[SYMBOLS * SYMBOLS], b[SYMBOLS * SYMBOLS];
        kl_ewma_matrix(m.ewma, a);
        kl_ewma_matrix(other.ewma, b);
        for (size_t p = 0; p < SYMBOLS * (SYMBOLS - 1) / 2; p++) assert_true(same(a[p], b[p]));
    }
    assert_int_equal(kl_ewma_snapshot(m.ewma, image, n - 1, &used), KL_E_SIZE);
    free(m.memory);
    free(other.memory);
}

static void test_damage(void **state) {
    (void)state;
    double x[4] = {0.5, -0.25, (double)NAN, 2.0};
    made m = make(4, LAMBDA), fewer = make(3, LAMBDA), slower = make(4, 0.97);
    kl_error error;
    size_t n, used;
    for (int t = 0; t < 9; t++) kl_ewma_push(m.ewma, x);
    assert_int_equal(kl_ewma_snapshot(m.ewma, image, sizeof image, &n), KL_OK);
    assert_int_equal(kl_ewma_restore(fewer.ewma, image, n, &error), KL_E_DEFINITION);
    assert_int_equal(kl_ewma_restore(slower.ewma, image, n, &error), KL_E_DEFINITION);
    for (size_t at = 0; at < n; at++)
        for (int bit = 0; bit < 8; bit++) {
            image[at] ^= (uint8_t)(1 << bit);
            assert_true(kl_ewma_restore(m.ewma, image, n, &error) < 0);
            image[at] ^= (uint8_t)(1 << bit);
        }
    for (size_t cut = 0; cut < n; cut++) assert_int_equal(kl_ewma_restore(m.ewma, image, cut, &error), KL_E_CORRUPT);
    static const struct {
        size_t cell;
        uint64_t bits;
    } bad[] = {{0, UINT64_C(0x7ff0000000000000)}, /* infinite */
               {1, UINT64_C(0x7ff8000000000001)}, /* another NaN */
               {1, UINT64_C(0xfff8000000000000)},
               {0, UINT64_C(0xbfe0000000000000)}, /* a negative variance */
               {0, UINT64_C(0x8000000000000000)},
               {0, UINT64_C(0x7ff8000000000000)}, /* no variance, but pairs */
               {1, UINT64_C(0x0000000000000001)}, /* too small to be */
               {1, UINT64_C(0x8000000000000000)},
               {1, UINT64_C(0x7fe0000000000000)}, /* too large */
               {2, UINT64_C(0x3fe0000000000000)}  /* a pair with a symbol that never came */};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        uint64_t was = kl__load_u64(image + 32 + 8 * bad[k].cell);
        kl__store_u64(image + 32 + 8 * bad[k].cell, bad[k].bits);
        seal(n);
        assert_int_equal(kl_ewma_restore(m.ewma, image, n, &error), KL_E_CORRUPT);
        kl__store_u64(image + 32 + 8 * bad[k].cell, was);
    }
    memset(image + n - 8, 0, 16);
    seal(n + 8); /* too long */
    assert_int_equal(kl_ewma_restore(m.ewma, image, n + 8, &error), KL_E_CORRUPT);
    image[7] = 2;
    seal(n);
    assert_int_equal(kl_ewma_restore(m.ewma, image, n, &error), KL_E_VERSION);
    image[7] = 1;
    seal(n);
    assert_int_equal(kl_ewma_snapshot(m.ewma, again, sizeof again, &used), KL_OK); /* nothing had changed */
    assert_memory_equal(image, again, n);
    assert_int_equal(kl_ewma_restore(m.ewma, image, n, &error), KL_OK);
    free(m.memory);
    free(fewer.memory);
    free(slower.memory);
}

static void test_refusals(void **state) {
    (void)state;
    made m = make(4, LAMBDA);
    kl_ewma *ewma = m.ewma;
    double x[4] = {1, 2, 3, 4}, r = 7.0;
    size_t n;
    assert_int_equal(kl_ewma_size(0), 0);
    assert_int_equal(kl_ewma_size(KL_CORR_SYMBOLS_MAX + 1), 0);
    assert_true(kl_ewma_size(KL_CORR_SYMBOLS_MAX) > (size_t)256 << 20);
    assert_int_equal(kl_ewma_init(m.memory, m.bytes - 1, 4, LAMBDA, &ewma), KL_E_SIZE);
    assert_int_equal(kl_ewma_init(m.memory, m.bytes, 0, LAMBDA, &ewma), KL_E_ARG);
    assert_int_equal(kl_ewma_init(m.memory, m.bytes, 4, 0.0, &ewma), KL_E_ARG);
    assert_int_equal(kl_ewma_init(m.memory, m.bytes, 4, 1.0, &ewma), KL_E_ARG);
    assert_int_equal(kl_ewma_init(m.memory, m.bytes, 4, (double)NAN, &ewma), KL_E_ARG);
    assert_int_equal(kl_ewma_init((char *)m.memory + 8, m.bytes, 4, LAMBDA, &ewma), KL_E_ARG);
    assert_int_equal(kl_ewma_init(NULL, m.bytes, 4, LAMBDA, &ewma), KL_E_ARG);
    assert_int_equal(kl_ewma_init(m.memory, m.bytes, 4, LAMBDA, NULL), KL_E_ARG);
    assert_int_equal(kl_ewma_push(NULL, x), KL_E_ARG);
    assert_int_equal(kl_ewma_push(m.ewma, NULL), KL_E_ARG);
    assert_int_equal(kl_ewma_pair(m.ewma, 0, 4, &r, NULL), KL_E_ARG);
    assert_int_equal(kl_ewma_pair(m.ewma, 4, 0, NULL, &r), KL_E_ARG);
    assert_int_equal(kl_ewma_pair(NULL, 0, 0, &r, NULL), KL_E_ARG);
    assert_true(r == 7.0);
    assert_int_equal(kl_ewma_pair(m.ewma, 0, 1, NULL, NULL), KL_OK);
    assert_int_equal(kl_ewma_matrix(m.ewma, NULL), KL_E_ARG);
    assert_int_equal(kl_ewma_matrix(NULL, x), KL_E_ARG);
    assert_int_equal(kl_ewma_snapshot_size(NULL), 0);
    assert_int_equal(kl_ewma_snapshot(m.ewma, NULL, 1000, &n), KL_E_ARG);
    assert_int_equal(kl_ewma_restore(NULL, x, 8, NULL), KL_E_ARG);
    assert_int_equal(kl_ewma_restore(m.ewma, NULL, 8, NULL), KL_E_ARG);
    free(m.memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recursion), cmocka_unit_test(test_semidefinite), cmocka_unit_test(test_edges),
        cmocka_unit_test(test_levels),    cmocka_unit_test(test_snapshot),     cmocka_unit_test(test_damage),
        cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests_name("ewma", tests, NULL, NULL);
}
