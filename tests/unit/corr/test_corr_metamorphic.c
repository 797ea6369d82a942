/* Changes of a history that must not change a bit of its correlations, and those that must change just some. */
#include "base/fp.h"
#include "window.h"

enum { ROWS_MAX = 60, SYMBOLS = 11, PAIRS = SYMBOLS * (SYMBOLS - 1) / 2, FIRST = -37 };
static double x[200 * SYMBOLS], changed[200 * SYMBOLS], before[200 * PAIRS], after[200 * PAIRS];
static size_t n;

/* A window and its holes: all tests go through these. */
typedef struct shape {
    size_t rows, min_count;
} shape;
static const shape shapes[] = {{2, 0}, {5, 0}, {24, 0}, {60, 0}, {5, 3}, {24, 2}, {60, 30}};
#define EACH_SHAPE(s) for (const shape *s = shapes; s < shapes + sizeof shapes / sizeof *shapes; s++)

static int setup(void **state) {
    (void)state;
    n = getenv("KLINE_QUICK") ? 2 * ROWS_MAX + 10 : 200;
    return 0;
}

static void run(const shape *s, int64_t index, const double *values, size_t rows, size_t symbols, double *packed) {
    kl_corr_spec spec;
    assert_int_equal(kl_corr_spec_init(&spec, (int64_t)symbols, (int64_t)s->rows), KL_OK);
    if (s->min_count) spec.flags = KL_CORR_PAIRWISE, spec.min_count = (int64_t)s->min_count;
    assert_int_equal(kl_corr_run(&spec, index, values, rows, symbols, NULL, NULL, packed, NULL), KL_OK);
}

static void start(const shape *s, int kind, unsigned holes) {
    window_history(kind, 90 + s->rows, holes, x, n, SYMBOLS);
    memcpy(changed, x, n * SYMBOLS * sizeof *x);
    run(s, FIRST, x, n, SYMBOLS, before);
}

static void same(const shape *s, const char *what) {
    for (size_t k = 0; k < n * PAIRS; k++)
        if (!window_same(before[k], after[k]))
            fail_msg("%s, %zu rows: row %zu, pair %zu was %.17g and is %.17g", what, s->rows, k / PAIRS, k % PAIRS, before[k], after[k]);
}

/* Each symbol in another unit, a power of two apart. */
static void test_units(void **state) {
    (void)state;
    static const int kinds[] = {HOSTILE_WALK, HOSTILE_OFFSET, HOSTILE_SPIKES, HOSTILE_REGIMES};
    uint64_t seed = 5;
    EACH_SHAPE(s)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            start(s, kinds[k], k % 2 ? 41 : 0);
            for (size_t i = 0; i < SYMBOLS; i++) {
                int power = (int)random_below(&seed, 841) - 420;
                for (size_t t = 0; t < n; t++)
                    if (fabs(x[t * SYMBOLS + i]) < 0x1p500) changed[t * SYMBOLS + i] = ldexp(x[t * SYMBOLS + i], power);
            }
            run(s, FIRST, changed, n, SYMBOLS, after);
            same(s, "units");
        }
}

/* Whole numbers moved by whole numbers: exact differences. */
static void test_translation(void **state) {
    (void)state;
    uint64_t seed = 6;
    EACH_SHAPE(s) {
        start(s, HOSTILE_WALK, 41);
        for (size_t k = 0; k < n * SYMBOLS; k++)
            if (fabs(x[k]) < 0x1p500) x[k] = floor(x[k] * 64);
        for (size_t i = 0; i < SYMBOLS; i++) {
            double way = (double)random_below(&seed, UINT64_C(1) << 42) - 0x1p41;
            for (size_t t = 0; t < n; t++) changed[t * SYMBOLS + i] = x[t * SYMBOLS + i] + way;
        }
        run(s, FIRST, x, n, SYMBOLS, before);
        run(s, FIRST, changed, n, SYMBOLS, after);
        same(s, "translation");
    }
}

/* A pair has its bits among any other symbols, in any place, while the lower one stays lower. */
static void test_subsets(void **state) {
    (void)state;
    uint64_t seed = 7;
    EACH_SHAPE(s)
        for (int round = 0; round < 12; round++) {
            size_t kept[SYMBOLS], count = 0;
            start(s, HOSTILE_SPIKES, 41);
            for (size_t i = 0; i < SYMBOLS; i++)
                if (random_below(&seed, 3) || SYMBOLS - i <= 2 - (count < 2 ? count : 2)) kept[count++] = i;
            for (size_t t = 0; t < n; t++)
                for (size_t k = 0; k < count; k++) changed[t * count + k] = x[t * SYMBOLS + kept[k]];
            run(s, FIRST, changed, n, count, after);
            for (size_t t = 0; t < n; t++)
                for (size_t a = 0; a < count; a++)
                    for (size_t b = a + 1; b < count; b++)
                        assert_true(window_same(after[t * kl_pair_count(count) + kl_pair_index(count, a, b)],
                                                before[t * PAIRS + kl_pair_index(SYMBOLS, kept[a], kept[b])]));
        }
}

/* What lies in front of a window is no part of it, whatever it was; nor how often the blocks went round. */
static void test_past(void **state) {
    (void)state;
    static const double garbage[] = {(double)NAN, HUGE_VAL, -0x1p499, 1e308, 0x1p-1074, 0.0, 7e40};
    uint64_t seed = 8;
    EACH_SHAPE(s)
        for (int round = 0; round < 8; round++) {
            const size_t end = 1 + random_below(&seed, n - s->rows);
            start(s, HOSTILE_WALK, 83);
            for (size_t k = 0; k < end * SYMBOLS; k++) changed[k] = garbage[random_below(&seed, sizeof garbage / sizeof *garbage)];
            run(s, FIRST + (int64_t)s->rows * (int64_t)random_below(&seed, 1000), changed, n, SYMBOLS, after);
            for (size_t k = (end + s->rows - 1) * PAIRS; k < n * PAIRS; k++) assert_true(window_same(before[k], after[k]));
        }
}

/* One bad value costs exactly the windows that hold it, and only pairs of its symbol. */
static void test_damage(void **state) {
    (void)state;
    static const double bad[] = {(double)NAN, HUGE_VAL, -HUGE_VAL, 1e308, 0x1p500};
    uint64_t seed = 9;
    EACH_SHAPE(s)
        for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
            const size_t row = s->rows - 1 + random_below(&seed, n - 2 * s->rows + 2), i = random_below(&seed, SYMBOLS);
            size_t lost = 0, moved = 0;
            start(s, HOSTILE_WALK, 0);
            changed[row * SYMBOLS + i] = bad[b];
            run(s, FIRST, changed, n, SYMBOLS, after);
            for (size_t k = 0; k < n * PAIRS; k++) {
                size_t low, high, t = k / PAIRS;
                assert_int_equal(kl_pair_at(SYMBOLS, k % PAIRS, &low, &high), KL_OK);
                const int holds = (low == i || high == i) && t >= row && t < row + s->rows;
                if (!holds) assert_true(window_same(before[k], after[k]));
                lost += before[k] == before[k] && after[k] != after[k];
                moved += holds && after[k] == after[k];
            }
            assert_int_equal(lost + moved, s->rows * (SYMBOLS - 1));
            assert_int_equal(lost, s->min_count && s->rows > s->min_count ? 0 : s->rows * (SYMBOLS - 1));
        }
}

/* A symbol turned round has the opposite correlations. */
static void test_sign(void **state) {
    (void)state;
    EACH_SHAPE(s)
        for (size_t i = 0; i < SYMBOLS; i += 5) {
            start(s, HOSTILE_OFFSET, 41);
            for (size_t t = 0; t < n; t++) changed[t * SYMBOLS + i] = -x[t * SYMBOLS + i];
            run(s, FIRST, changed, n, SYMBOLS, after);
            for (size_t k = 0; k < n * PAIRS; k++) {
                size_t low, high;
                assert_int_equal(kl_pair_at(SYMBOLS, k % PAIRS, &low, &high), KL_OK);
                if (low == i || high == i) after[k] = 0.0 - after[k], before[k] = before[k] + 0.0;
            }
            same(s, "sign");
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units), cmocka_unit_test(test_translation), cmocka_unit_test(test_subsets),
        cmocka_unit_test(test_past),  cmocka_unit_test(test_damage),      cmocka_unit_test(test_sign),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
