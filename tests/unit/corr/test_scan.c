/* Scans of histories give the bits of rows that come one by one, in any cut, thread and order; holes, market, snapshots. */
#include "base/fp.h"
#include "window.h"
#include "kline/window.h"
#include <float.h>

#define ROWS_MAX 300
#define SYMBOLS_MAX 40
static double x[ROWS_MAX * (SYMBOLS_MAX + 3)];
static double *wanted, *got; /* ROWS_MAX packed matrices */

static int setup(void **state) {
    (void)state;
    wanted = (double *)malloc(sizeof(double) * ROWS_MAX * SYMBOLS_MAX * (SYMBOLS_MAX - 1) / 2);
    got = (double *)malloc(sizeof(double) * ROWS_MAX * SYMBOLS_MAX * (SYMBOLS_MAX - 1) / 2);
    return !wanted || !got;
}

static int teardown(void **state) {
    (void)state;
    free(wanted);
    free(got);
    return 0;
}

static kl_corr_spec spec_of(size_t symbols, size_t rows, size_t min_count) {
    kl_corr_spec spec;
    assert_int_equal(kl_corr_spec_init(&spec, (int64_t)symbols, (int64_t)rows), KL_OK);
    if (min_count) spec.flags = KL_CORR_PAIRWISE, spec.min_count = (int64_t)min_count;
    return spec;
}

/* An executor that runs its tasks from the last to the first, each at once. */
static kl_status backward_run(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n) {
    kl_status first = KL_OK;
    (void)ctx;
    for (size_t i = n; i-- > 0;) {
        kl_status status = fn(arg, i);
        if (status < 0) first = status;
    }
    return first;
}
static const kl_executor backward = {NULL, backward_run};

static void push_all(const kl_corr_spec *spec, int64_t index, size_t n, size_t stride) {
    const size_t symbols = (size_t)spec->symbols, pairs = kl_pair_count(symbols);
    kl_corr *corr = window_corr(symbols, (size_t)spec->rows, (size_t)spec->min_count);
    for (size_t t = 0; t < n; t++) {
        assert_int_equal(kl_corr_push(corr, index + (int64_t)t, x + t * stride, NULL), KL_OK);
        assert_int_equal(kl_corr_matrix(corr, wanted + t * pairs), KL_OK);
    }
    free(corr);
}

static void compare(const kl_corr_spec *spec, size_t n, const char *how) {
    const size_t pairs = kl_pair_count((size_t)spec->symbols);
    for (size_t k = 0; k < n * pairs; k++)
        if (!window_same(wanted[k], got[k]))
            fail_msg("%s, %d symbols, %d rows, min_count %d: row %zu, pair %zu is %.17g, not %.17g", how, (int)spec->symbols, (int)spec->rows,
                     (int)spec->min_count, k / pairs, k % pairs, got[k], wanted[k]);
}

static void test_run(void **state) {
    (void)state;
    static const size_t lengths[] = {2, 3, 7, 24, 100}, counts[] = {2, 7, 8, 9, 16, 17, 24, 40};
    const size_t n = getenv("KLINE_QUICK") ? 70 : 230;
    uint64_t seed = 12;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            for (int pairwise = 0; pairwise < 2; pairwise++) {
                size_t rows = lengths[l], symbols = counts[c], stride = symbols + c % 3;
                int64_t index = (int64_t)random_below(&seed, 200) - 100;
                double *columns = (double *)malloc(n * symbols * sizeof *columns);
                kl_corr_spec spec = spec_of(symbols, rows, pairwise ? 2 + random_below(&seed, rows - 1) : 0);
                window_history((int)random_below(&seed, HOSTILE_KINDS), seed, c % 2 ? 67 : 0, columns, n, symbols);
                for (size_t t = 0; t < n; t++) memcpy(x + t * stride, columns + t * symbols, symbols * sizeof *x);
                push_all(&spec, index, n, stride);
                assert_int_equal(kl_corr_run(&spec, index, x, n, stride, NULL, NULL, got, NULL), KL_OK);
                compare(&spec, n, "run");
                assert_int_equal(kl_corr_run(&spec, index, x, n, stride, &backward, NULL, got, NULL), KL_OK);
                compare(&spec, n, "run backward");
                /* a slice gives the rows of the whole from where its windows are full; those in front are unknown */
                size_t skip = random_below(&seed, n / 2), pairs = kl_pair_count(symbols);
                assert_int_equal(kl_corr_run(&spec, index + (int64_t)skip, x + skip * stride, n - skip, stride, kl_executor_serial(), NULL, got, NULL), KL_OK);
                for (size_t t = rows - 1; t < n - skip; t++)
                    for (size_t k = 0; k < pairs; k++) assert_true(window_same(got[t * pairs + k], wanted[(t + skip) * pairs + k]));
                free(columns);
            }
}

/* Pairs with holes: common rows only, full windows as ever. */
static void test_pairwise(void **state) {
    (void)state;
    static const size_t lengths[] = {2, 5, 24, 60};
    const size_t symbols = 6, n = getenv("KLINE_QUICK") ? 80 : 150;
    double a[60], b[60], worst = 0;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int kind = 0; kind < HOSTILE_KINDS; kind++)
            for (size_t min_count = 2; min_count <= lengths[l]; min_count += 11) {
                const size_t rows = lengths[l];
                kl_corr *corr = window_corr(symbols, rows, min_count), *strict = window_corr(symbols, rows, 0), *shifted = window_corr(symbols, rows, min_count);
                window_history(kind, 40 + l, kind % 2 ? 9 : 50, x, n, symbols);
                for (size_t t = 0; t < n; t++) {
                    assert_int_equal(kl_corr_push(corr, (int64_t)t, x + t * symbols, NULL), KL_OK);
                    assert_int_equal(kl_corr_push(strict, (int64_t)t, x + t * symbols, NULL), KL_OK);
                    assert_int_equal(kl_corr_push(shifted, (int64_t)t + 3, x + t * symbols, NULL), KL_OK);
                    for (size_t i = 0; i < symbols; i++)
                        for (size_t j = 0; j < symbols; j++) {
                            double r, c, full, other;
                            size_t count = 0;
                            window_take(x, symbols, i, (ptrdiff_t)t, rows, a);
                            window_take(x, symbols, j, (ptrdiff_t)t, rows, b);
                            quad ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
                            int flat = 1, flat_b = 1;
                            double first_a = 0, first_b = 0;
                            for (size_t k = 0; k < rows; k++)
                                if (a[k] == a[k] && b[k] == b[k]) {
                                    if (!count++) first_a = a[k], first_b = b[k];
                                    flat &= a[k] == first_a, flat_b &= b[k] == first_b;
                                    ma += (quad)a[k], mb += (quad)b[k];
                                }
                            assert_int_equal(kl_corr_pair(corr, i, j, &r), KL_OK);
                            assert_int_equal(kl_corr_cov(corr, i, j, 1, &c), KL_OK);
                            assert_int_equal(kl_corr_pair(strict, i, j, &full), KL_OK);
                            if (count == rows) {
                                assert_true(window_same(r, full));
                                continue;
                            }
                            assert_true(full != full);
                            assert_int_equal(kl_corr_pair(shifted, i, j, &other), KL_OK);
                            assert_true(window_same(r, other)); /* no phase */
                            if (count < min_count) {
                                assert_true(r != r && c != c);
                                continue;
                            }
                            ma /= (quad)(double)count, mb /= (quad)(double)count;
                            for (size_t k = 0; k < rows; k++)
                                if (a[k] == a[k] && b[k] == b[k]) {
                                    quad u = (quad)a[k] - ma, v = (quad)b[k] - mb;
                                    aa += u * u, bb += v * v, ab += u * v;
                                }
                            quad length = hostile_sqrt(aa) * hostile_sqrt(bb), moment = ab / (quad)(double)(count - 1);
                            assert_true(hostile_off(moment, c) <= 16 * 0x1p-53 * (double)(length / (quad)(double)(count - 1)));
                            if (flat | flat_b || aa < (quad)0x1p-1000 || bb < (quad)0x1p-1000) {
                                assert_true(r != r);
                                continue;
                            }
                            if (i == j) assert_true(r == 1.0);
                            double off = hostile_off(ab / length, r);
                            if (off > worst) worst = off;
                            if (off > 8 * 0x1p-53) fail_msg("%s: %zu of %zu rows: %.17g is off by %.3g * 2^-53", hostile_names[kind], count, rows, r, off * 0x1p53);
                        }
                }
                free(corr);
                free(strict);
                free(shifted);
            }
    print_message("worst error of pairs with holes %.2f * 2^-53\n", worst * 0x1p53);
}

/* What tiles say they are: each pair of each row once, inside the bounds. */
typedef struct seen {
    size_t symbols, tiles, stop_at;
    unsigned char *count;
} seen;
static kl_status seen_tile(void *ctx, const kl_corr_tile *tile) {
    seen *s = (seen *)ctx;
    if (++s->tiles == s->stop_at) return KL_E_STATE;
    for (size_t row = 0; row < tile->n_rows; row++)
        for (size_t a = 0; a < tile->n_i; a++)
            for (size_t b = 0; b < tile->n_j; b++) {
                double r = tile->r[row * tile->row_stride + a * tile->i_stride + b];
                size_t i = tile->i + a, j = tile->j + b;
                assert_true(i < s->symbols && j < s->symbols);
                if (i >= j) assert_true(r != r);
                else s->count[(tile->first_row + row) * kl_pair_count(s->symbols) + kl_pair_index(s->symbols, i, j)]++;
            }
    return KL_OK;
}

static void test_tiles(void **state) {
    (void)state;
    const size_t n = 60, pairs = kl_pair_count(19);
    kl_corr_spec spec = spec_of(19, 24, 0);
    kl_error error;
    seen s = {19, 0, 0, (unsigned char *)calloc(n * pairs, 1)};
    window_history(HOSTILE_WALK, 2, 0, x, n, 19);
    assert_int_equal(kl_corr_scan(&spec, 7, x, n, 19, NULL, NULL, seen_tile, &s, NULL), KL_OK);
    for (size_t k = 0; k < n * pairs; k++) assert_int_equal(s.count[k], 1);
    const size_t all = s.tiles;
    for (s.stop_at = 1; s.stop_at <= all; s.stop_at++) {
        s.tiles = 0;
        assert_int_equal(kl_corr_scan(&spec, 7, x, n, 19, s.stop_at % 2 ? NULL : &backward, NULL, seen_tile, &s, &error), KL_E_STATE);
        assert_int_equal(error.code, KL_E_STATE);
        assert_true(s.tiles == s.stop_at);
    }
    free(s.count);
}

static void test_memory(void **state) {
    (void)state;
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_error error;
    kl_corr_spec spec = spec_of(9, 5, 2);
    window_history(HOSTILE_WALK, 2, 30, x, 100, 9);
    for (int threads = 0; threads < 2; threads++) {
        assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
        assert_int_equal(kl_corr_run(&spec, 0, x, 100, 9, threads ? &backward : NULL, &alloc, got, &error), KL_OK);
        const uint64_t requests = counter.requests;
        assert_true(counter.live_bytes == 0 && requests == (threads ? 21 : 2));
        for (uint64_t k = 1; k <= requests; k++) {
            assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
            counter.fail_at = k;
            assert_int_equal(kl_corr_run(&spec, 0, x, 100, 9, threads ? &backward : NULL, &alloc, got, &error), KL_E_MEMORY);
            assert_true(counter.live_bytes == 0 && counter.live_blocks == 0);
            assert_int_equal(error.code, KL_E_MEMORY);
        }
    }
}

static void test_arguments(void **state) {
    (void)state;
    kl_corr_spec spec = spec_of(3, 2, 0), bad = spec;
    kl_error error;
    bad.rows = 1;
    assert_int_equal(kl_corr_run(&bad, 0, x, 4, 3, NULL, NULL, got, &error), KL_E_ARG);
    assert_int_equal(kl_corr_run(NULL, 0, x, 4, 3, NULL, NULL, got, &error), KL_E_ARG);
    assert_int_equal(kl_corr_run(&spec, 0, NULL, 4, 3, NULL, NULL, got, &error), KL_E_ARG);
    assert_int_equal(error.arg, 3);
    assert_int_equal(kl_corr_run(&spec, INT64_MAX - 2, x, 4, 3, NULL, NULL, got, &error), KL_E_ARG);
    assert_int_equal(error.arg, 4);
    assert_int_equal(kl_corr_run(&spec, 0, x, 4, 2, NULL, NULL, got, &error), KL_E_ARG);
    assert_int_equal(error.arg, 5);
    assert_int_equal(kl_corr_run(&spec, 0, x, 4, 3, NULL, NULL, NULL, &error), KL_E_ARG);
    assert_int_equal(error.arg, 8);
    assert_int_equal(kl_corr_scan(&spec, 0, x, 4, 3, NULL, NULL, NULL, NULL, &error), KL_E_ARG);
    assert_int_equal(kl_corr_run(&spec, 0, NULL, 0, 3, NULL, NULL, NULL, &error), KL_OK);
    assert_int_equal(kl_corr_run(&spec, INT64_MIN, x, 4, 3, NULL, NULL, got, &error), KL_OK);
}

/* The average of the market is that of the matrix, each symbol's correlation that with the sum of all. */
static void test_market(void **state) {
    (void)state;
    const size_t symbols = 9, rows = 24, n = 120;
    double scratch[24], average, each[9], packed[36], z[9][24];
    kl_corr *corr = window_corr(symbols, rows, 0);
    window_history(HOSTILE_WALK, 21, 60, x, n, symbols);
    for (size_t t = 30; t < 80; t++) x[t * symbols + 4] = 3.25; /* flat for a while */
    assert_int_equal(kl_corr_market(corr, scratch, &average, each), 0);
    assert_true(average != average && each[0] != each[0]);
    for (size_t t = 0; t < n; t++) {
        assert_int_equal(kl_corr_push(corr, (int64_t)t, x + t * symbols, NULL), KL_OK);
        assert_int_equal(kl_corr_matrix(corr, packed), KL_OK);
        int64_t known = 0, count = kl_corr_market(corr, scratch, &average, each);
        double sum = 0, all[24] = {0}, length = 0;
        size_t pairs = 0;
        for (size_t i = 0; i < symbols; i++) {
            double self, mean = 0, square = 0;
            assert_int_equal(kl_corr_pair(corr, i, i, &self), KL_OK);
            if (self != self) {
                assert_true(each[i] != each[i]);
                continue;
            }
            known++;
            window_take(x, symbols, i, (ptrdiff_t)t, rows, z[i]);
            for (size_t k = 0; k < rows; k++) mean += z[i][k] / (double)rows;
            for (size_t k = 0; k < rows; k++) square += (z[i][k] - mean) * (z[i][k] - mean);
            for (size_t k = 0; k < rows; k++) z[i][k] = (z[i][k] - mean) / sqrt(square), all[k] += z[i][k];
        }
        for (size_t k = 0; k < 36; k++)
            if (packed[k] == packed[k]) sum += packed[k], pairs++;
        assert_true(count == known);
        assert_true(pairs ? fabs(average - sum / (double)pairs) < 1e-12 : average != average);
        for (size_t k = 0; k < rows; k++) length += all[k] * all[k];
        for (size_t i = 0; i < symbols; i++) {
            double dot = 0;
            for (size_t k = 0; k < rows; k++) dot += z[i][k] * all[k];
            if (each[i] == each[i]) assert_true(fabs(each[i] - dot / sqrt(length)) < 1e-12);
        }
        if (t == 79) assert_true(each[4] != each[4]);
    }
    assert_int_equal(kl_corr_market(corr, NULL, &average, each), KL_E_ARG);
    assert_int_equal(kl_corr_market(NULL, scratch, &average, each), KL_E_ARG);
    assert_true(kl_corr_market(corr, scratch, NULL, NULL) > 0);
    free(corr);
}

/* Symbols that cancel have no correlation with their sum, whatever rounding leaves of it; the average is known. */
static void test_cancelling(void **state) {
    (void)state;
    const size_t rows = 24;
    double scratch[24], average, each[4];
    for (size_t symbols = 2; symbols <= 4; symbols += 2) {
        kl_corr *corr = window_corr(symbols, rows, 0);
        window_history(HOSTILE_WALK, 5, 0, x, 100, 2);
        for (size_t t = 0; t < 100; t++) {
            const double a = x[2 * t], b = x[2 * t + 1], row[4] = {a, 7.3 - 0.1 * a, b, 0.3 - 1.7 * b};
            assert_int_equal(kl_corr_push(corr, (int64_t)t, row, NULL), KL_OK);
            if (t + 1 < rows) continue;
            assert_int_equal(kl_corr_market(corr, scratch, &average, each), (int64_t)symbols);
            assert_true(fabs(average + 1.0 / ((double)symbols - 1)) < 1e-12);
            for (size_t i = 0; i < symbols; i++) assert_true(each[i] != each[i]);
        }
        free(corr);
    }
}

/* Restored at any row, in any state, an object goes on as the one that was never stopped. */
static void test_snapshot(void **state) {
    (void)state;
    const size_t symbols = 10, rows = 12, n = 70, pairs = 45;
    uint8_t image[64 + 12 * 10 * 8 + 8], again[sizeof image];
    size_t used = 0;
    kl_error error;
    for (size_t min_count = 0; min_count <= 4; min_count += 4) {
        kl_corr *corr = window_corr(symbols, rows, min_count), *other = window_corr(symbols, rows, min_count);
        kl_corr_spec spec = spec_of(symbols, rows, min_count);
        window_history(HOSTILE_SPIKES, 9, 40, x, n, symbols);
        push_all(&spec, -20, n, symbols);
        assert_true(kl_corr_snapshot_size(corr) == sizeof image && kl_corr_snapshot_size(NULL) == 0);
        for (size_t t = 0; t < n; t++) {
            assert_int_equal(kl_corr_snapshot(corr, image, sizeof image, &used), KL_OK);
            assert_int_equal(used, sizeof image);
            assert_int_equal(kl_corr_restore(other, image, used, &error), KL_OK);
            assert_int_equal(kl_corr_snapshot(other, again, sizeof again, &used), KL_OK);
            assert_memory_equal(image, again, sizeof image);
            for (size_t k = t; k < n && k < t + 15; k++) {
                if (k == t && t) {
                    assert_int_equal(kl_corr_matrix(other, got), KL_OK);
                    for (size_t v = 0; v < pairs; v++) assert_true(window_same(got[v], wanted[(t - 1) * pairs + v]));
                    assert_int_equal(kl_corr_push(other, -20 + (int64_t)t - 1, x, NULL), KL_E_ORDER);
                }
                assert_int_equal(kl_corr_push(other, -20 + (int64_t)k, x + k * symbols, NULL), KL_OK);
                assert_int_equal(kl_corr_matrix(other, got), KL_OK);
                for (size_t v = 0; v < pairs; v++) assert_true(window_same(got[v], wanted[k * pairs + v]));
            }
            assert_int_equal(kl_corr_push(corr, -20 + (int64_t)t, x + t * symbols, NULL), KL_OK);
        }
        assert_int_equal(kl_corr_snapshot(corr, image, sizeof image - 1, &used), KL_E_SIZE);
        assert_int_equal(kl_corr_snapshot(corr, image, sizeof image, &used), KL_OK);
        for (size_t at = 0; at < sizeof image; at += 13) { /* damage is seen and changes nothing */
            memcpy(again, image, sizeof image);
            again[at] ^= 0x40;
            kl_status status = kl_corr_restore(other, again, sizeof again, &error);
            assert_true(status == KL_E_CORRUPT || status == KL_E_VERSION);
            assert_int_equal(kl_corr_restore(other, image, at, &error), KL_E_CORRUPT);
        }
        kl_corr *wider = window_corr(symbols + 1, rows, min_count), *longer = window_corr(symbols, rows + 1, min_count),
                *counted = window_corr(symbols, rows, min_count + 2);
        assert_int_equal(kl_corr_restore(wider, image, sizeof image, &error), KL_E_DEFINITION);
        assert_int_equal(kl_corr_restore(longer, image, sizeof image, &error), KL_E_DEFINITION);
        assert_int_equal(kl_corr_restore(counted, image, sizeof image, &error), KL_E_DEFINITION);
        assert_int_equal(kl_corr_restore(NULL, image, sizeof image, &error), KL_E_ARG);
        free(wider), free(longer), free(counted), free(corr), free(other);
    }
}

/* The window statistic of one pair and the matrix agree to (rows/8 + 16) * 2^-53. */
static void test_roll(void **state) {
    (void)state;
    static const size_t lengths[] = {2, 5, 24, 168};
    const size_t symbols = 4, n = 280, pairs = 6;
    double a[280], b[280], r[280], *out = r;
    const double *in[2] = {a, b};
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int kind = 0; kind < HOSTILE_KINDS; kind++) {
            const double allowed = ((double)lengths[l] / 8 + 16) * 0x1p-53;
            kl_corr_spec spec = spec_of(symbols, lengths[l], 0);
            kl_roll_spec roll;
            if (kind == HOSTILE_DENORMAL) continue;
            window_history(kind, 60 + l, kind % 2 ? 200 : 0, x, n, symbols);
            assert_int_equal(kl_corr_run(&spec, 11, x, n, symbols, NULL, NULL, got, NULL), KL_OK);
            assert_int_equal(kl_roll_spec_init(&roll, KL_ROLL_CORR, (int64_t)lengths[l]), KL_OK);
            for (size_t i = 0; i < symbols; i++)
                for (size_t j = i + 1; j < symbols; j++) {
                    for (size_t t = 0; t < n; t++) a[t] = window_known(x[t * symbols + i]), b[t] = window_known(x[t * symbols + j]);
                    assert_int_equal(kl_roll_batch(&roll, NULL, in, n, NULL, NULL, &out, NULL), KL_OK);
                    for (size_t t = 0; t < n; t++) {
                        double mine = got[t * pairs + kl_pair_index(symbols, i, j)];
                        if (mine == mine || r[t] == r[t])
                            if (!(fabs(mine - r[t]) <= allowed))
                                fail_msg("%s, %zu rows, row %zu: %.17g and %.17g", hostile_names[kind], lengths[l], t, mine, r[t]);
                    }
                }
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run),       cmocka_unit_test(test_pairwise), cmocka_unit_test(test_tiles),    cmocka_unit_test(test_memory),
        cmocka_unit_test(test_arguments), cmocka_unit_test(test_market),   cmocka_unit_test(test_snapshot),
        cmocka_unit_test(test_roll),      cmocka_unit_test(test_cancelling),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
