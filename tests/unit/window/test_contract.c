/* The contract of rolling statistics: every statistic of the registry against references of 113 bits, on hostile and recorded
 * columns, for short and long windows; which rows are known; and the table of the worst errors. */
#include "base/fp.h"
#include "market_data.h"
#include "window_reference.h"
#include "window_run.h"

#define ROWS_MAX 24000

static const int64_t lengths[] = {1, 2, 3, 5, 14, 20, 24, 50, 168, 200, 500, 1000, 5000};
enum { LENGTHS = sizeof lengths / sizeof *lengths, WHATS = KL_ROLL_REG_R2 + 1 };

static double x[ROWS_MAX], y[ROWS_MAX], volume[ROWS_MAX];
static size_t rows;
static double work; /* rows of windows that each column and length is checked with */
static double worst[WHATS][LENGTHS + 1]; /* the last: windows of other shapes; [0]: VWAP of prices close together */
static uint64_t checked;

static int promises(const char *data, const kl_roll_spec *spec, uint32_t s, size_t k, double got, const ref_value *want, size_t length) {
    const kl_roll_stat *stat = &spec->stats[s];
    checked++;
    if (!is_canonical(got)) return print_error("%s of %lld on %s: row %zu is not canonical: %a\n", stat_text(stat), (long long)spec->rows, data, k, got), 0;
    if (want->known != (isfinite(got) != 0))
        return print_error("%s of %lld (ddof %d, min_count %d, flags %u) on %s: row %zu is %.17g, but %sknown%s: %.17g\n", stat_text(stat), (long long)spec->rows,
                           (int)spec->ddof, (int)spec->min_count, (unsigned)spec->flags, data, k, got, want->known ? "" : "un", want->known ? "" : " here", (double)want->value), 0;
    if (!want->known) return 1;
    quad off = ref_abs((quad)got - want->value);
    if (!(want->unit > 0)) {
        if (off > 0)
            return print_error("%s of %lld on %s: row %zu is %.17g and must be %.17g\n", stat_text(stat), (long long)spec->rows, data, k, got, (double)want->value), 0;
        return 1;
    }
    double units = (double)(off / want->unit), promise = want->limit > 0 ? want->limit : ref_promise(stat->what, (double)spec->rows);
    double *place = &worst[want->limit > 0 ? 0 : stat->what][length];
    if (units > *place) *place = units;
    if (units > promise)
        return print_error("%s of %lld (ddof %d) on %s: row %zu is %.17g, the reference %.17g: off by %.4g > %.4g of %s\n", stat_text(stat), (long long)spec->rows,
                           (int)spec->ddof, data, k, got, (double)want->value, units, promise, ref_unit_name(stat->what)), 0;
    return 1;
}

/* What holds whatever the reference says. */
static int invariants(const kl_roll_spec *spec, const kl_time *time, size_t k, const ref_value *want, double *const *out, const double *const *in) {
    int fine = 1;
    for (uint32_t s = 0; s < spec->n_stats; s++) {
        double got = out[s][k];
        const kl_roll_info *info = NULL;
        for (size_t i = 0; (info = kl_roll_info_at(i)) != NULL && info->what != spec->stats[s].what;) i++;
        if (!isfinite(got)) continue;
        if (!(got >= info->least && got <= info->greatest) && !(spec->flags & (KL_ROLL_BEFORE | KL_ROLL_WHOLE)))
            fine = (print_error("%s of %lld: row %zu is %.17g, outside of %g .. %g\n", info->name, (long long)spec->rows, k, got, info->least, info->greatest), 0);
        if ((info->what == KL_ROLL_VAR || info->what == KL_ROLL_STD) && want[s].known) {
            int flat = !(want[s].value > 0);
            if (!(got >= 0) || (want[s].value > 0x1p-1000 || flat) != ((got > 0) || flat) || (flat && got > 0))
                fine = (print_error("%s of %lld: row %zu is %.17g where all are %s\n", info->name, (long long)spec->rows, k, got, flat ? "equal" : "not equal"), 0);
        }
        if (info->what == KL_ROLL_VWAP) {
            double least = HUGE_VAL, greatest = -HUGE_VAL;
            ref_rows r = ref_roll_rows(spec, time, k);
            for (size_t j = r.first; j < r.end; j++) {
                if (ref_missing(in[0][j]) || ref_missing(in[1][j])) continue;
                if (in[0][j] < least) least = in[0][j];
                if (in[0][j] > greatest) greatest = in[0][j];
            }
            if (got < least || got > greatest)
                fine = (print_error("vwap of %lld: row %zu is %.17g, outside of %.17g .. %.17g\n", (long long)spec->rows, k, got, least, greatest), 0);
        }
    }
    return fine;
}

/* Rows are taken so that all their windows together hold about `work` rows: the first whole ones, the last, and random ones. */
static int against_reference(const char *data, const kl_roll_spec *spec, const kl_time *time, const double *const *in, size_t n,
                             size_t length, double *const *out) {
    ref_scratch *scratch = ref_scratch_new(n + 1);
    ref_value want[KL_ROLL_STATS_MAX];
    uint64_t seed = (uint64_t)spec->rows;
    double whole = work / (double)(spec->rows + 4);
    size_t wanted = whole < 6 ? 6 : (size_t)whole, w = (size_t)spec->rows;
    int every = wanted >= n, fine = 1;
    if (every) wanted = n;
    for (size_t i = 0; i < wanted && fine; i++) {
        size_t k = every ? i : i < 2 ? w - 1 + i : i == 2 ? n - 1 : i == 3 && w > 1 ? w - 2 : (size_t)random_below(&seed, n);
        if (k >= n) continue;
        assert_true(ref_roll(spec, time, in, k, scratch, want));
        for (uint32_t s = 0; s < spec->n_stats; s++) fine &= promises(data, spec, s, k, out[s][k], &want[s], length);
        fine &= invariants(spec, time, k, want, out, in);
    }
    ref_scratch_free(scratch);
    return fine;
}

/* All variants, as many together as a spec takes. */
static int check_columns(const char *data, const double *const *in, size_t n, size_t length, uint32_t inputs, int pair) {
    variants all = variants_of(inputs);
    double **out = outputs_new(n);
    int fine = 1;
    for (int32_t ddof = 0; ddof < 2; ddof++)
        for (size_t from = 0; from < all.n;) {
            kl_roll_stat stats[KL_ROLL_STATS_MAX];
            size_t m = 0;
            for (; from < all.n && m < KL_ROLL_STATS_MAX; from++) {
                if (ddof == 0 && !all.info[from]->uses_ddof) continue;
                if (pair >= 0 && pair != (all.info[from]->what == KL_ROLL_VWAP)) continue;
                stats[m++] = all.stats[from];
            }
            if (m == 0) continue;
            kl_roll_spec spec = spec_of(lengths[length], ddof, 0, stats, m);
            roll_all(&spec, NULL, in, n, 0, out);
            fine &= against_reference(data, &spec, NULL, in, n, length, out);
        }
    outputs_free(out);
    return fine;
}

static void check_kind(int kind, size_t n) {
    const double *single[] = {x}, *pair[] = {x, y}, *money[] = {x, volume};
    int fine = 1;
    for (size_t l = 0; l < LENGTHS; l++) {
        if ((size_t)lengths[l] > n) continue;
        fine &= check_columns(data_names[kind], single, n, l, 1, -1);
        fine &= check_columns(data_names[kind], pair, n, l, 2, 0);
        fine &= check_columns(data_names[kind], money, n, l, 2, 1);
    }
    assert_true(fine);
}

#define GENERATED(name, kind)                                                                                                  \
    static void name(void **state) {                                                                                           \
        (void)state;                                                                                                           \
        data_fill(kind, 20260101 + kind, rows, x, y, volume);                                                                  \
        check_kind(kind, rows);                                                                                                \
    }
GENERATED(test_returns, DATA_RETURNS)
GENERATED(test_walk, DATA_WALK)
GENERATED(test_offset, DATA_OFFSET)
GENERATED(test_spikes, DATA_SPIKES)
GENERATED(test_flat_runs, DATA_FLAT_RUNS)
GENERATED(test_ticks, DATA_TICKS)
GENERATED(test_regimes, DATA_REGIMES)
GENERATED(test_exponents, DATA_EXPONENTS)
GENERATED(test_ulps, DATA_ULPS)
GENERATED(test_two_sided, DATA_TWO_SIDED)
GENERATED(test_integers, DATA_INTEGERS)

static void test_recorded(void **state) {
    (void)state;
    size_t n = data_recorded(ROWS_MAX, x, y, volume);
    if (n == 0) {
        printf("SKIPPED: no recorded hourly candles\n");
        return;
    }
    assert_true(n > 10000);
    check_kind(DATA_REAL, n < rows ? n : rows);
}

static void test_registry(void **state) {
    (void)state;
    registry_is_whole();
    for (size_t i = 0; kl_roll_info_at(i); i++) assert_string_not_equal(ref_unit_name(kl_roll_info_at(i)->what), "?");
}

/* Every shape of window on a short column with holes: which rows are known, and the values. */
static void test_shapes(void **state) {
    (void)state;
    enum { N = 260 };
    static kl_time time[N];
    const int64_t hour = INT64_C(3600000000);
    static const struct {
        uint32_t flags;
        int64_t rows, span_hours, min_count;
        int period;
    } shapes[] = {
        {0, 1, 0, 0, 0}, {0, 7, 0, 0, 0}, {0, 7, 0, 1, 0}, {0, 7, 0, 4, 0}, {0, 7, 0, 7, 0}, {0, 24, 0, 3, 0},
        {KL_ROLL_BEFORE, 1, 0, 0, 0}, {KL_ROLL_BEFORE, 7, 0, 0, 0}, {KL_ROLL_BEFORE, 7, 0, 2, 0}, {KL_ROLL_BEFORE, 20, 0, 1, 0},
        {0, 40, 1, 0, 0}, {0, 40, 7, 0, 0}, {0, 40, 24, 0, 0}, {0, 40, 24, 2, 0}, {KL_ROLL_BEFORE, 40, 7, 0, 0}, {KL_ROLL_BEFORE, 40, 24, 2, 0},
        {0, 40, 0, 0, 1}, {0, 40, 0, 3, 1}, {KL_ROLL_BEFORE, 40, 0, 0, 1}, {KL_ROLL_BEFORE, 40, 0, 1, 1},
        {KL_ROLL_WHOLE, 40, 0, 0, 1}, {KL_ROLL_WHOLE, 40, 0, 5, 1},
    };
    uint64_t seed = 5;
    double **out = outputs_new(N);
    int fine = 1;
    for (int holes = 0; holes < 3; holes++) {
        data_fill(DATA_INTEGERS, 9 + (uint64_t)holes, N, x, y, volume);
        kl_time t = INT64_C(1700000000) * 1000000;
        for (size_t k = 0; k < N; k++) {
            t += hour * (int64_t)(1 + (random_below(&seed, 9) == 0 ? random_below(&seed, 40) : 0));
            time[k] = t;
            if (holes && random_below(&seed, holes == 1 ? 20 : 2) == 0) x[k] = random_below(&seed, 2) ? (double)NAN : 1e308;
            if (holes && random_below(&seed, 20) == 0) y[k] = volume[k] = -HUGE_VAL;
        }
        for (size_t sh = 0; sh < sizeof shapes / sizeof *shapes; sh++)
            for (uint32_t inputs = 1; inputs <= 2; inputs++)
                for (int money = 0; money < (inputs == 2 ? 2 : 1); money++) {
                    variants all = variants_of(inputs);
                    const double *in[2] = {x, money ? volume : y};
                    for (size_t v = 0; v < all.n; v++) {
                        if (inputs == 2 && money != (all.info[v]->what == KL_ROLL_VWAP)) continue;
                        kl_roll_spec spec = spec_of(shapes[sh].rows, (int32_t)(v % 2), shapes[sh].min_count, &all.stats[v], 1);
                        spec.flags = shapes[sh].flags, spec.span_us = shapes[sh].span_hours * hour;
                        if (shapes[sh].period) spec.period.unit = KL_DAY, spec.period.n = 1, spec.period.anchor_us = 5 * hour;
                        int timed = spec.span_us || spec.period.unit;
                        roll_all(&spec, timed ? time : NULL, in, N, 0, out);
                        double keep = work;
                        work = 1e9;
                        int same = against_reference(timed ? "times with gaps" : "holes", &spec, time, in, N, LENGTHS, out);
                        if (!same) print_error("  shape %zu: flags %u, span %lld h, period %d, holes %d\n", sh, (unsigned)spec.flags, (long long)shapes[sh].span_hours, shapes[sh].period, holes);
                        work = keep, fine &= same;
                    }
                }
    }
    outputs_free(out);
    assert_true(fine);
}

static void print_table(void) {
    printf("worst errors over all columns (%llu values)\n%-10s %-22s", (unsigned long long)checked, "statistic", "unit");
    for (size_t l = 0; l < LENGTHS; l++) printf(" %7lld", (long long)lengths[l]);
    printf("  others\n");
    for (size_t i = 0; kl_roll_info_at(i); i++) {
        const kl_roll_info *info = kl_roll_info_at(i);
        if (info->what < 1 || info->what >= WHATS) continue;
        printf("%-10s %-22s", info->name, ref_unit_name(info->what));
        for (size_t l = 0; l <= LENGTHS; l++) printf(" %7.3g", worst[info->what][l]);
        printf("\n");
    }
    printf("%-10s %-22s", "vwap", "ulp, prices within 1.5");
    for (size_t l = 0; l <= LENGTHS; l++) printf(" %7.3g", worst[0][l]);
    printf("\n");
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registry), cmocka_unit_test(test_shapes), cmocka_unit_test(test_returns), cmocka_unit_test(test_walk),
        cmocka_unit_test(test_offset), cmocka_unit_test(test_spikes), cmocka_unit_test(test_flat_runs), cmocka_unit_test(test_ticks),
        cmocka_unit_test(test_regimes), cmocka_unit_test(test_exponents), cmocka_unit_test(test_ulps), cmocka_unit_test(test_integers),
        cmocka_unit_test(test_two_sided),
        cmocka_unit_test(test_recorded)};
    if (!REF_QUAD) {
        printf("SKIPPED: no arithmetic of 113 bits for the references\n");
        return 0;
    }
    rows = getenv("KLINE_LONG") ? 20000 : 7000;
    work = getenv("KLINE_LONG") ? 3e5 : getenv("KLINE_QUICK") ? 1000 : 9000;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    print_table();
    return failed;
}
