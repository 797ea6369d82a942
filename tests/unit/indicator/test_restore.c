/* Snapshots that no run has written, with a checksum that fits, for every indicator: refused, or a state that goes on, in bounded time, with
 * outputs that are finite or the one NaN. */
#include "harness.h"
#include "base/endian.h"
#include <math.h>

#define RESTORE_BARS 160

static size_t restore_head(const kl_indicator *d) { return 24 + (strlen(d->name) + 7) / 8 * 8 + 8 + 8 * (size_t)d->n_params + (d->formula ? 8 : 0); }

static void restore_seal(uint8_t *image, size_t size) { kl__store_u64(image + size - 8, kl_crc32c(0, image, size - 8)); }

/* A word of the image becomes something else. */
static void restore_spoil(uint8_t *word, uint64_t *seed) {
    static const uint64_t odd[] = {UINT64_C(0x7ff8000000000000), UINT64_C(0x7ff0000000000000), UINT64_C(0xfff0000000000000), UINT64_C(0x8000000000000000), 1,
                                   UINT64_C(0x7fefffffffffffff), UINT64_C(0xffefffffffffffff), UINT64_MAX, UINT64_C(0x4000000000000000),
                                   UINT64_C(0xbff0000000000000), 1000, UINT64_C(0x0010000000000000), UINT64_C(0xc08f400000000000), UINT64_C(0x426d1a94a2000000)};
    uint64_t value = kl__load_u64(word);
    switch (random_below(seed, 4)) {
    case 0: value = odd[random_below(seed, sizeof odd / sizeof *odd)]; break;
    case 1: value ^= UINT64_C(1) << random_below(seed, 64); break;
    case 2: value = random_u64(seed); break;
    default: value += random_below(seed, 3) - 1; break;
    }
    kl__store_u64(word, value);
}

static void restore_go_on(const kl_indicator *d, const double *params, kl_run *run, const double *const *in) {
    for (size_t k = 0; k < RESTORE_BARS; k++) {
        double x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX];
        for (uint32_t i = 0; i < d->n_inputs; i++) x[i] = in[i][k];
        assert_int_equal(kl_run_step(run, x, y), KL_OK);
        for (uint32_t o = 0; o < d->n_outputs; o++)
            if (!(fabs(y[o]) < HUGE_VAL) && kl__double_bits(y[o]) != UINT64_C(0x7ff8000000000000))
                fail_msg("%s.%s after a false snapshot: bar %zu is %g", harness_name(d, params), d->outputs[o].name, k, y[o]);
    }
}

static void restores(void **state) {
    const kl_indicator *d = *state;
    uint64_t seed = harness_seed;
    double params[KL_PARAMS_MAX];
    const double *in[KL_INPUTS_MAX];
    harness_matrix made;
    double *out[KL_OUTPUTS_MAX];
    const int rounds = getenv("KLINE_QUICK") ? 4 : getenv("KLINE_LONG") ? 400 : 40;
    harness_outputs(made, out);
    market_fill(MARKET_HOLES, seed, HARNESS_ROWS, ohlcv);
    market_inputs(d, ohlcv, in);
    for (int round = 0; round < rounds; round++) {
        market_params(d, round % 4 ? 3 : 0, &seed, 30, params);
        kl_run *run = harness_make(d, params);
        const size_t size = kl_run_snapshot_size(run), head = restore_head(d), words = (size - 8 - head) / 8;
        size_t used;
        uint8_t *image = malloc(size);
        assert_non_null(image);
        assert_int_equal(kl_run_bars(run, in, 1 + random_below(&seed, RESTORE_BARS), out), KL_OK);
        assert_int_equal(kl_run_snapshot(run, image, size, &used), KL_OK);
        for (uint64_t times = 1 + random_below(&seed, random_below(&seed, 2) ? 2 : 12); times > 0; times--)
            restore_spoil(image + head + 8 * random_below(&seed, words), &seed);
        restore_seal(image, size);
        const kl_status status = kl_run_restore(run, image, size, NULL);
        if (status == KL_OK) restore_go_on(d, params, run, in);
        else assert_int_equal(status, KL_E_CORRUPT);
        free(image);
        free(run);
    }
}

/* The length of a cycle is how many bars are gone through. */
static void cycles(void **state) {
    static const char *const names[] = {"ht_dcphase", "ht_sine", "ht_trendline", "ht_trendmode", "ht_dcperiod", "ht_phasor", "mama"};
    static const double wrong[] = {1e300, 50.5, -1.0, (double)NAN, HUGE_VAL};
    (void)state;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++) {
            const kl_indicator *d = kl_indicator_find(names[k]);
            double params[KL_PARAMS_MAX];
            uint64_t seed = 1;
            assert_non_null(d);
            market_params(d, 0, &seed, 30, params);
            kl_run *run = harness_make(d, params);
            const size_t size = kl_run_snapshot_size(run), at = restore_head(d) + 8 * (2 + 1 + 4 + 48 + 8); /* seen, missing, bars, rings, values */
            size_t used;
            uint8_t *image = malloc(size);
            assert_non_null(image);
            assert_int_equal(kl_run_snapshot(run, image, size, &used), KL_OK);
            kl__store_f64(image + at, wrong[w]);
            restore_seal(image, size);
            assert_int_equal(kl_run_restore(run, image, size, NULL), KL_E_CORRUPT);
            kl__store_f64(image + at, 50.0);
            restore_seal(image, size);
            assert_int_equal(kl_run_restore(run, image, size, NULL), KL_OK);
            free(image);
            free(run);
        }
}

int main(int argc, char **argv) {
    static const harness_check checks[] = {{"false snapshots", restores}};
    const struct CMUnitTest tests[] = {cmocka_unit_test(cycles)};
    const int failed = argc < 2 || argv[1][0] == '0' ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
    return harness_main(argc, argv, checks, 1) + failed;
}
