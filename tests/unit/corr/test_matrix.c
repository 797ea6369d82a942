/* The rolling matrix against its definition, bit for bit, and against exact arithmetic. */
#include "base/fp.h"
#include "window.h"
#include <float.h>

#define MANY 40
static double packed[MANY * (MANY - 1) / 2], square[MANY * MANY], window_x[MANY][1200];

/* All that is known of the last row t of x, against the definition. */
static void check_row(kl_corr *corr, const double *x, ptrdiff_t t, size_t symbols, size_t rows, int64_t index, int whole) {
    const size_t p = window_place(index, rows);
    double r, c, m2[2];
    for (size_t i = 0; i < symbols; i++) window_take(x, symbols, i, t, rows, window_x[i]);
    if (whole) {
        assert_int_equal(kl_corr_matrix(corr, packed), KL_OK);
        assert_int_equal(kl_corr_cov_matrix(corr, 1, square), KL_OK);
    }
    for (size_t i = 0; i < symbols; i++)
        for (size_t j = i; j < symbols; j++) {
            double want = window_r(window_x[i], window_x[j], rows, p), moment = window_comoment(window_x[i], window_x[j], rows, p, m2);
            if (i == j) want = m2[0] >= 0x1p-1000 ? 1.0 : (double)NAN, moment = m2[0];
            assert_int_equal(kl_corr_pair(corr, j, i, &r), KL_OK);
            if (!window_same(r, want)) fail_msg("rows %zu, row %td: r(%zu, %zu) is %.17g, not %.17g", rows, t, i, j, r, want);
            assert_int_equal(kl_corr_pair(corr, i, j, &r), KL_OK);
            assert_true(window_same(r, want));
            assert_int_equal(kl_corr_cov(corr, i, j, 0, &c), KL_OK);
            if (!window_same(c, moment / (double)rows)) fail_msg("rows %zu: cov(%zu, %zu) is %.17g, not %.17g", rows, i, j, c, moment / (double)rows);
            if (!whole) continue;
            if (i != j && !window_same(packed[kl_pair_index(symbols, i, j)], want))
                fail_msg("rows %zu, row %td: matrix (%zu, %zu) is %.17g, not %.17g", rows, t, i, j, packed[kl_pair_index(symbols, i, j)], want);
            assert_int_equal(kl_corr_cov(corr, j, i, 1, &c), KL_OK);
            assert_true(window_same(c, moment / (double)(rows - 1)));
            assert_true(window_same(c, square[i * symbols + j]) && window_same(c, square[j * symbols + i]));
        }
}

/* Every kind of history, rows that are left out, matrices read now and then. */
static void test_definition(void **state) {
    (void)state;
    static const size_t lengths[] = {2, 3, 5, 8, 24, 61}, counts[] = {2, 3, 7, 8, 9, 17, 25};
    const size_t n = getenv("KLINE_QUICK") ? 60 : 190;
    uint64_t seed = 3;
    double *x = (double *)malloc(2 * n * MANY * sizeof *x);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int kind = 0; kind < HOSTILE_KINDS; kind++) {
            size_t rows = lengths[l], symbols = counts[random_below(&seed, sizeof counts / sizeof *counts)];
            int64_t first = (int64_t)random_below(&seed, 1000) - 500;
            kl_corr *corr = window_corr(symbols, rows, 0);
            window_history(kind, seed, kind % 2 ? 61 : 0, x, n, symbols);
            check_row(corr, x, -1, symbols, rows, first, 1);
            for (size_t t = 0; t < n; t++) {
                uint64_t dice = random_below(&seed, 29);
                if (t && (dice == 0 || (dice < 4 && t % 50 == 0))) { /* rows are left out */
                    size_t out = dice ? rows + dice : 1;
                    for (size_t k = t; k < t + out && k < n; k++)
                        for (size_t i = 0; i < symbols; i++) x[k * symbols + i] = (double)NAN;
                    t += out;
                    if (t >= n) break;
                }
                assert_int_equal(kl_corr_push(corr, first + (int64_t)t, x + t * symbols, NULL), KL_OK);
                if (random_below(&seed, 3)) check_row(corr, x, (ptrdiff_t)t, symbols, rows, first + (int64_t)t, random_below(&seed, 2) == 0);
            }
            free(corr);
        }
    free(x);
}

/* r within (rows/16 + 8) * 2^-53 of exact arithmetic. */
static void test_accuracy(void **state) {
    (void)state;
    static const size_t lengths[] = {2, 3, 14, 24, 168, 720};
    const size_t symbols = 6, n = getenv("KLINE_QUICK") ? 800 : 1700;
    double *x = (double *)malloc(n * symbols * sizeof *x), worst = 0;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int kind = 0; kind < HOSTILE_KINDS; kind++) {
            const size_t rows = lengths[l];
            const double allowed = ((double)rows / 16 + 8) * 0x1p-53;
            kl_corr *corr = window_corr(symbols, rows, 0);
            window_history(kind, 77 + l, 0, x, n, symbols);
            for (size_t t = 0; t < n; t++) {
                assert_int_equal(kl_corr_push(corr, (int64_t)t, x + t * symbols, NULL), KL_OK);
                if (t + 1 < rows || t % (rows < 100 ? 7 : 41)) continue;
                for (size_t i = 0; i < symbols; i++) window_take(x, symbols, i, (ptrdiff_t)t, rows, window_x[i]);
                for (size_t i = 0; i < symbols; i++)
                    for (size_t j = i + 1; j < symbols; j++) {
                        quad a = 0, b = 0, aa = 0, bb = 0, ab = 0;
                        double r;
                        for (size_t k = 0; k < rows; k++) a += (quad)window_x[i][k], b += (quad)window_x[j][k];
                        a /= (quad)(double)rows, b /= (quad)(double)rows;
                        for (size_t k = 0; k < rows; k++) {
                            quad u = (quad)window_x[i][k] - a, v = (quad)window_x[j][k] - b;
                            aa += u * u, bb += v * v, ab += u * v;
                        }
                        assert_int_equal(kl_corr_pair(corr, i, j, &r), KL_OK);
                        int flat = 1, flat_j = 1;
                        for (size_t k = 1; k < rows; k++) flat &= window_x[i][k] == window_x[i][0], flat_j &= window_x[j][k] == window_x[j][0];
                        if (flat | flat_j || aa < (quad)0x1p-1000 || bb < (quad)0x1p-1000) {
                            assert_true(r != r);
                            continue;
                        }
                        double off = hostile_off(ab / (hostile_sqrt(aa) * hostile_sqrt(bb)), r);
                        if (off / allowed > worst) worst = off / allowed;
                        if (!(off <= allowed))
                            fail_msg("%s, rows %zu, row %zu, pair %zu %zu: %.17g is off by %.3g * 2^-53", hostile_names[kind], rows, t, i, j, r, off * 0x1p53);
                    }
            }
            free(corr);
        }
    print_message("worst error %.2f of what is allowed\n", worst);
    free(x);
}

/* One bad value costs the windows that hold it and no other. */
static void test_locality(void **state) {
    (void)state;
    static const double bad[] = {(double)NAN, HUGE_VAL, -HUGE_VAL, 1e308, -1e300, 0x1p500};
    const size_t symbols = 5, rows = 24, n = 140;
    double x[140 * 5], clean, r;
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++)
        for (size_t at = rows; at < 2 * rows; at++) {
            kl_corr *corr = window_corr(symbols, rows, 0), *other = window_corr(symbols, rows, 0);
            window_history(HOSTILE_WALK, 5, 0, x, n, symbols);
            for (size_t t = 0; t < n; t++) {
                double row[5];
                memcpy(row, x + t * symbols, sizeof row);
                if (t == at) row[2] = bad[b];
                assert_int_equal(kl_corr_push(corr, (int64_t)t - 70, row, NULL), KL_OK);
                assert_int_equal(kl_corr_push(other, (int64_t)t - 70, x + t * symbols, NULL), KL_OK);
                for (size_t i = 0; i < symbols; i++)
                    for (size_t j = 0; j < symbols; j++) {
                        assert_int_equal(kl_corr_pair(corr, i, j, &r), KL_OK);
                        assert_int_equal(kl_corr_pair(other, i, j, &clean), KL_OK);
                        if ((i == 2 || j == 2) && t >= at && t < at + rows) assert_true(r != r);
                        else assert_true(window_same(r, clean));
                        assert_true(t + 1 < rows ? clean != clean : clean == clean);
                    }
            }
            free(corr);
            free(other);
        }
}

/* Small values keep every digit down to where they count as flat: the bound, to the last place, on both ways to a correlation. */
static void test_least(void **state) {
    (void)state;
    static const double at[] = {0x1p-501, 0x1.fffffffffffffp-502, 0x1p-537, 0x1p-1074};
    const size_t rows = 4, symbols = 3;
    for (size_t min_count = 0; min_count <= 2; min_count += 2)
        for (size_t k = 0; k < sizeof at / sizeof *at; k++)
            for (size_t hole = 0; hole <= min_count / 2; hole++) {
                kl_corr *corr = window_corr(symbols, hole ? rows + 1 : rows, min_count);
                double r, all[3], average, each[3], scratch[5];
                for (size_t t = 0; t < rows; t++) { /* squared deviations of symbol 0: 4 at^2 */
                    const double row[3] = {t % 2 ? at[k] : -at[k], t < 2 ? 1.0 : -1.0, t % 2 ? 2.0 : -2.0};
                    assert_int_equal(kl_corr_push(corr, 5 * (int64_t)rows + (int64_t)t, row, NULL), KL_OK);
                }
                assert_int_equal(kl_corr_pair(corr, 0, 2, &r), KL_OK);
                assert_true(k == 0 ? r == 1.0 : r != r);
                assert_int_equal(kl_corr_pair(corr, 0, 0, &r), KL_OK);
                assert_true(k == 0 ? r == 1.0 : r != r);
                assert_int_equal(kl_corr_matrix(corr, all), KL_OK);
                assert_true(k == 0 ? all[0] == 0.0 && all[1] == 1.0 : all[0] != all[0] && all[1] != all[1]);
                assert_true(all[2] == 0.0);
                if (!hole) assert_int_equal(kl_corr_market(corr, scratch, &average, each), k == 0 ? 3 : 2);
                free(corr);
            }
}

/* Values of any finite magnitude that counts: nothing overflows, and a power of two changes no bit. */
static void test_magnitudes(void **state) {
    (void)state;
    const size_t rows = 500;
    kl_corr *corr = window_corr(3, rows, 0), *small = window_corr(3, rows, 0);
    uint64_t seed = 8;
    double r, want;
    for (size_t t = 0; t < 1300; t++) {
        double base[3] = {hostile_noise(&seed), hostile_noise(&seed), hostile_noise(&seed)}, row[3];
        for (int i = 0; i < 3; i++) row[i] = ldexp(base[i], i == 0 ? 500 : i == 1 ? -495 : 0);
        assert_int_equal(kl_corr_push(corr, (int64_t)t, row, NULL), KL_OK);
        assert_int_equal(kl_corr_push(small, (int64_t)t, base, NULL), KL_OK);
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++) {
                assert_int_equal(kl_corr_pair(corr, i, j, &r), KL_OK);
                assert_int_equal(kl_corr_pair(small, i, j, &want), KL_OK);
                if (t + 1 >= rows && !window_same(r, want)) fail_msg("r(%zu, %zu) is %.17g, not %.17g", i, j, r, want);
            }
    }
    free(corr);
    free(small);
}

static void test_arguments(void **state) {
    (void)state;
    kl_corr_spec spec;
    kl_error error;
    size_t bytes = 7;
    kl_corr *corr = NULL;
    _Alignas(64) static unsigned char memory[4096];
    assert_int_equal(kl_corr_spec_init(NULL, 2, 2), KL_E_ARG);
    static const int64_t bad[][4] = {{1, 5, 0, 0}, {8193, 5, 0, 0}, {2, 1, 0, 0}, {2, 65537, 0, 0}, {2, 5, 0, 2}, {2, 5, 1, 1}, {2, 5, 1, 6}, {2, 5, 2, 0}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_int_equal(kl_corr_spec_init(&spec, bad[k][0], bad[k][1]), KL_OK);
        spec.flags = (uint32_t)bad[k][2];
        spec.min_count = bad[k][3];
        assert_int_equal(kl_corr_size(&spec, &bytes, &error), KL_E_ARG);
        assert_int_equal(error.arg, 1);
        assert_true(bytes == 7 && error.message[0]);
        assert_int_equal(kl_corr_init(memory, sizeof memory, &spec, &corr, &error), KL_E_ARG);
        assert_int_equal(error.arg, 3);
    }
    assert_int_equal(kl_corr_spec_init(&spec, 2, 3), KL_OK);
    assert_int_equal(kl_corr_size(&spec, &bytes, NULL), KL_OK);
    assert_true(bytes <= sizeof memory - 64);
    assert_int_equal(kl_corr_init(memory, bytes - 1, &spec, &corr, &error), KL_E_SIZE);
    assert_int_equal(kl_corr_init(memory + 8, bytes, &spec, &corr, &error), KL_E_ARG);
    assert_int_equal(kl_corr_init(NULL, bytes, &spec, &corr, &error), KL_E_ARG);
    assert_int_equal(kl_corr_init(memory, bytes, &spec, NULL, &error), KL_E_ARG);
    assert_null(corr);
    memset(memory, 0x5a, sizeof memory);
    assert_int_equal(kl_corr_init(memory, bytes, &spec, &corr, &error), KL_OK);
    const double x[2] = {1, 2};
    double r = 3;
    assert_int_equal(kl_corr_push(corr, INT64_MIN, x, NULL), KL_OK);
    assert_int_equal(kl_corr_push(corr, INT64_MIN, x, &error), KL_E_ORDER);
    assert_int_equal(error.arg, 2);
    assert_int_equal(kl_corr_push(corr, INT64_MAX, x, NULL), KL_OK);
    assert_int_equal(kl_corr_push(corr, INT64_MAX, x, NULL), KL_E_ORDER);
    assert_int_equal(kl_corr_push(NULL, 1, x, NULL), KL_E_ARG);
    assert_int_equal(kl_corr_push(corr, 1, NULL, NULL), KL_E_ARG);
    assert_int_equal(kl_corr_pair(corr, 0, 2, &r), KL_E_ARG);
    assert_int_equal(kl_corr_pair(corr, 2, 0, &r), KL_E_ARG);
    assert_int_equal(kl_corr_pair(NULL, 0, 1, &r), KL_E_ARG);
    assert_int_equal(kl_corr_pair(corr, 0, 1, NULL), KL_E_ARG);
    assert_int_equal(kl_corr_cov(corr, 0, 1, 2, &r), KL_E_ARG);
    assert_int_equal(kl_corr_cov(corr, 0, 1, -1, &r), KL_E_ARG);
    assert_int_equal(kl_corr_matrix(corr, NULL), KL_E_ARG);
    assert_int_equal(kl_corr_matrix(NULL, &r), KL_E_ARG);
    assert_int_equal(kl_corr_cov_matrix(corr, 2, &r), KL_E_ARG);
    assert_true(r == 3);
    for (size_t k = bytes; k < sizeof memory; k++) assert_int_equal(memory[k], 0x5a);
}

static void test_pairs(void **state) {
    (void)state;
    size_t i, j, count = 0;
    assert_true(kl_pair_count(0) == 0 && kl_pair_count(1) == 0 && kl_pair_count(2) == 1 && kl_pair_count(500) == 124750);
    assert_true(kl_pair_count(KL_CORR_SYMBOLS_MAX + 1) == 0 && kl_pair_count(SIZE_MAX) == 0);
    for (size_t a = 0; a < 60; a++)
        for (size_t b = a + 1; b < 60; b++, count++) {
            assert_true(kl_pair_index(60, a, b) == count && kl_pair_index(60, b, a) == count);
            assert_int_equal(kl_pair_at(60, count, &i, &j), KL_OK);
            assert_true(i == a && j == b);
        }
    const size_t most = KL_CORR_SYMBOLS_MAX;
    assert_true(kl_pair_index(most, most - 2, most - 1) == kl_pair_count(most) - 1);
    assert_int_equal(kl_pair_at(most, kl_pair_count(most) - 1, &i, &j), KL_OK);
    assert_true(i == most - 2 && j == most - 1);
    assert_int_equal(kl_pair_at(2, 0, &i, &j), KL_OK);
    assert_true(i == 0 && j == 1);
    assert_int_equal(kl_pair_at(60, count, &i, &j), KL_E_ARG);
    assert_int_equal(kl_pair_at(60, 0, NULL, &j), KL_E_ARG);
    assert_int_equal(kl_pair_at(1, 0, &i, &j), KL_E_ARG);
    assert_true(kl_pair_index(60, 3, 3) == SIZE_MAX && kl_pair_index(60, 60, 3) == SIZE_MAX && kl_pair_index(most + 1, 0, 1) == SIZE_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),    cmocka_unit_test(test_arguments), cmocka_unit_test(test_definition),
        cmocka_unit_test(test_accuracy), cmocka_unit_test(test_locality),  cmocka_unit_test(test_magnitudes),
        cmocka_unit_test(test_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
