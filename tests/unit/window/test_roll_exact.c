/* Rolling statistics against their definitions: every window taken apart, in arithmetic of 113 bits. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hostile.h"
#include "kline/window.h"

#define ROWS 700
#define U 0x1p-53

static double series[2][ROWS], out[KL_ROLL_STATS_MAX][ROWS];
static kl_time times[ROWS];
static double worst[64]; /* error over what is allowed, by kind */

static int quick(void) { return getenv("KLINE_QUICK") != NULL; }

/* The known values of a window, oldest first. */
typedef struct {
    double y[ROWS], x[ROWS], age[ROWS]; /* first input, second, rows after it */
    size_t n, rows;
    int none; /* there is no such window */
    double current;
} window;

static double clean(double v) { return fabs(v) < 0x1p1000 ? v + 0.0 : (double)NAN; }
static int known(size_t j, uint32_t inputs) {
    return fabs(series[0][j]) < 0x1p1000 && (inputs < 2 || fabs(series[1][j]) < 0x1p1000);
}
static kl_time period_of(const kl_roll_spec *spec, size_t j) {
    kl_time open;
    assert_int_equal(kl_interval_floor(&spec->period, times[j], &open), KL_OK);
    return open;
}

/* The rows of the window of row j: first .. last, that is none where first > last. */
static void bounds(const kl_roll_spec *spec, size_t j, long *first, long *last, int *none) {
    long before = (spec->flags & KL_ROLL_BEFORE) != 0;
    *none = 0;
    *last = (long)j - before;
    if (spec->period.unit && (spec->flags & KL_ROLL_WHOLE)) {
        for (*last = (long)j; *last >= 0 && period_of(spec, (size_t)*last) == period_of(spec, j);) --*last;
        *none = *last < 0;
        for (*first = *last; *first > 0 && period_of(spec, (size_t)*first - 1) == period_of(spec, (size_t)*last);) --*first;
    } else if (spec->period.unit) {
        for (*first = (long)j; *first > 0 && period_of(spec, (size_t)*first - 1) == period_of(spec, j);) --*first;
    } else if (spec->span_us) {
        for (*first = 0; *first < (long)j && times[j] - times[*first] >= spec->span_us + before;) ++*first;
    } else {
        *first = *last - (long)spec->rows + 1 > 0 ? *last - (long)spec->rows + 1 : 0;
    }
}

static int take_apart(const kl_roll_spec *spec, uint32_t inputs, size_t j, window *w) {
    long first, last;
    bounds(spec, j, &first, &last, &w->none);
    w->n = 0;
    w->rows = w->none || first > last ? 0 : (size_t)(last - first + 1);
    for (long r = first; r <= last && !w->none; r++)
        if (known((size_t)r, inputs)) {
            w->y[w->n] = series[0][r] + 0.0, w->x[w->n] = series[1][r] + 0.0, w->age[w->n] = (double)(last - r);
            w->n++;
        }
    w->current = known(j, inputs) ? clean(series[0][j]) : (double)NAN;
    if (spec->min_count) return w->n >= (size_t)spec->min_count;
    return w->rows > 0 && w->n == w->rows && (spec->span_us || spec->period.unit || w->rows == (size_t)spec->rows);
}

static quad sqrt_of(quad v) {
    if (v <= 0) return 0;
    quad r = (quad)sqrt((double)v);
    for (int i = 0; i < 4; i++) r = (r + v / r) / 2;
    return r;
}
static quad mean_of(const double *a, size_t n) {
    quad sum = 0;
    for (size_t i = 0; i < n; i++) sum += (quad)a[i];
    return sum / (quad)n;
}
/* Sum of the products of deviations, each raised so often. */
static quad power_of(const double *a, int p, const double *b, int q, size_t n) {
    quad ma = mean_of(a, n), mb = mean_of(b, n), sum = 0;
    for (size_t i = 0; i < n; i++) {
        quad term = 1;
        for (int k = 0; k < p; k++) term *= (quad)a[i] - ma;
        for (int k = 0; k < q; k++) term *= (quad)b[i] - mb;
        sum += term;
    }
    return sum;
}
static double top_of(const double *a, size_t n) {
    double top = 0.0;
    for (size_t i = 0; i < n; i++) top = fmax(top, fabs(a[i]));
    return top;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static quad quantile(const window *w, double q, int32_t rule, quad *allowed) {
    static double sorted[ROWS];
    memcpy(sorted, w->y, w->n * sizeof(double));
    qsort(sorted, w->n, sizeof(double), by_value);
    double h = (double)(w->n - 1) * q;
    size_t low = (size_t)h, high = low + (h > (double)low);
    double frac = h - (double)low;
    *allowed = 0;
    if (rule == KL_QUANTILE_LOWER) return (quad)sorted[low];
    if (rule == KL_QUANTILE_HIGHER) return (quad)sorted[high];
    if (rule == KL_QUANTILE_NEAREST) return (quad)sorted[frac > 0.5 || (frac == 0.5 && low % 2) ? high : low];
    if (rule == KL_QUANTILE_MIDPOINT && high > low) frac = 0.5;
    *allowed = (quad)(3 * U) * (quad)top_of(w->y, w->n);
    return (quad)sorted[low] + ((quad)sorted[high] - (quad)sorted[low]) * (quad)frac;
}

static quad rank(const kl_roll_spec *spec, const kl_roll_stat *stat, const window *w) {
    size_t less = 0, equal = 0, n = w->n;
    for (size_t i = 0; i < w->n; i++) less += w->y[i] < w->current, equal += w->y[i] == w->current;
    if (spec->flags & (KL_ROLL_BEFORE | KL_ROLL_WHOLE)) equal++, n++; /* it counts as one more */
    quad r = stat->rule == KL_RANK_BELOW ? (quad)less : stat->rule == KL_RANK_MIN ? (quad)less + 1
             : stat->rule == KL_RANK_MAX ? (quad)(less + equal) : (quad)less + (quad)(equal + 1) / 2;
    if (stat->what == KL_ROLL_RANK) return r;
    if (stat->rule == KL_RANK_BELOW) return n > 1 ? r / (quad)(n - 1) : 0;
    return r / (quad)n;
}

static quad extreme(const window *w, int greatest, quad *age) {
    size_t at = 0;
    for (size_t i = 1; i < w->n; i++)
        if (greatest ? w->y[i] >= w->y[at] : w->y[i] <= w->y[at]) at = i;
    *age = (quad)w->age[at];
    return (quad)w->y[at];
}

/* Lines through the values over the rows. */
static quad line(int32_t what, const window *w, quad *allowed, int *unknown) {
    const size_t n = w->n;
    quad q = power_of(w->age, 2, w->age, 0, n), slope = -power_of(w->age, 1, w->y, 1, n) / q;
    quad at = mean_of(w->age, n), level = mean_of(w->y, n), m2 = power_of(w->y, 2, w->y, 0, n), weights = 0, sum = 0;
    double top = top_of(w->y, n);
    for (size_t i = 0; i < n; i++) {
        weights += (quad)w->rows - (quad)w->age[i];
        sum += ((quad)w->rows - (quad)w->age[i]) * (quad)w->y[i];
    }
    *allowed = (quad)(8 * U * top);
    if (what == KL_ROLL_WMEAN) return sum / weights;
    *allowed *= (quad)((double)n * (double)w->rows);
    if (what == KL_ROLL_WSUM) return sum;
    *unknown = n < 2;
    *allowed = *allowed / q;
    if (what == KL_ROLL_SLOPE) return slope;
    quad off = *allowed * (quad)w->rows + (quad)(8 * U * top);
    *allowed = off;
    if (what == KL_ROLL_LINE) return level + slope * at;
    if (what == KL_ROLL_INTERCEPT) return level - slope * ((quad)w->rows - 1 - at);
    *unknown = *unknown || m2 == 0;
    quad s = sqrt_of(m2), r = slope * sqrt_of(q) / s;
    *allowed = *unknown ? 0 : (quad)(16 * U) + (quad)(16 * U * top * sqrt((double)n)) / s;
    return r * r;
}

static quad pair(const kl_roll_spec *spec, int32_t what, const window *w, quad *allowed, int *unknown) {
    const size_t n = w->n;
    quad c = power_of(w->y, 1, w->x, 1, n), m2y = power_of(w->y, 2, w->y, 0, n), m2x = power_of(w->x, 2, w->x, 0, n);
    quad sy = sqrt_of(m2y), sx = sqrt_of(m2x), u = (quad)(((double)n + 16) * U), beta = m2x > 0 ? c / m2x : 0;
    *unknown = n <= (size_t)spec->ddof;
    *allowed = *unknown ? 0 : u * sy * sx / (quad)((int64_t)n - spec->ddof);
    if (what == KL_ROLL_COV) return *unknown ? 0 : c / (quad)((int64_t)n - spec->ddof);
    *unknown = m2x == 0 || (m2y == 0 && (what == KL_ROLL_CORR || what == KL_ROLL_REG_R2));
    if (*unknown) return 0;
    *allowed = u * sy / sx;
    if (what == KL_ROLL_REGBETA) return beta;
    *allowed = *allowed * (quad)top_of(w->x, n) + (quad)(8 * U * top_of(w->y, n)) + (quad)(8 * U * top_of(w->x, n)) * (beta < 0 ? -beta : beta);
    if (what == KL_ROLL_REGALPHA) return mean_of(w->y, n) - beta * mean_of(w->x, n);
    quad r = c / (sy * sx);
    *allowed = 2 * u;
    return what == KL_ROLL_CORR ? r : r * r;
}

static quad moments(const kl_roll_spec *spec, int32_t what, const window *w, quad *allowed, int *unknown) {
    const double n = (double)w->n, d = n - spec->ddof;
    quad m2 = power_of(w->y, 2, w->y, 0, w->n), m3 = power_of(w->y, 3, w->y, 0, w->n), m4 = power_of(w->y, 4, w->y, 0, w->n);
    *unknown = d <= 0;
    quad var = *unknown ? 0 : m2 / (quad)d, std = sqrt_of(var);
    *allowed = var * (quad)(32 * U);
    if (what == KL_ROLL_VAR) return var;
    *allowed = std * (quad)(8 * U); /* 4 ulp */
    if (what == KL_ROLL_STD) return std;
    *unknown = *unknown || m2 == 0;
    if (what == KL_ROLL_ZSCORE) {
        *unknown = *unknown || w->current != w->current;
        if (*unknown) return 0;
        quad z = ((quad)w->current - mean_of(w->y, w->n)) / std;
        *allowed = (quad)((16 + 2 * sqrt(n)) * U) * (z > 1 ? z : z < -1 ? -z : 1);
        return z;
    }
    *unknown = m2 == 0 || (spec->ddof && n < (what == KL_ROLL_SKEW ? 3 : 4));
    if (*unknown) return 0;
    quad g = (quad)n * m4 / (m2 * m2), scale = spec->ddof ? (quad)((n - 1) / ((n - 2) * (n - 3))) * (quad)(n + 1) : 1;
    *allowed = (quad)(24 * U) * g * scale + (quad)(32 * U) * (scale > 1 ? scale : 1);
    if (what == KL_ROLL_KURT) return spec->ddof ? scale * (g - 3) + (quad)(6 * (n - 1) / ((n - 2) * (n - 3))) : g - 3;
    g = sqrt_of((quad)n) * m3 / (m2 * sqrt_of(m2));
    scale = spec->ddof ? sqrt_of((quad)(n * (n - 1))) / (quad)(n - 2) : 1;
    *allowed = (quad)(24 * U) * scale * (g > 1 ? g : g < -1 ? -g : 1);
    return g * scale;
}

/* What a statistic is, and what it may be off by. */
static quad exact(const kl_roll_spec *spec, const kl_roll_stat *stat, const window *w, quad *allowed, int *unknown) {
    quad age, low = 0, high = 0, v = 0, pv = 0;
    *allowed = 0;
    *unknown = 0;
    switch (stat->what) {
    case KL_ROLL_SUM: *allowed = (quad)(4 * U * (double)w->n * top_of(w->y, w->n)); return mean_of(w->y, w->n) * (quad)w->n;
    case KL_ROLL_MEAN: *allowed = (quad)(4 * U * top_of(w->y, w->n)); return mean_of(w->y, w->n);
    case KL_ROLL_VAR: case KL_ROLL_STD: case KL_ROLL_ZSCORE: case KL_ROLL_SKEW: case KL_ROLL_KURT:
        return moments(spec, stat->what, w, allowed, unknown);
    case KL_ROLL_MIN: return extreme(w, 0, &age);
    case KL_ROLL_MAX: return extreme(w, 1, &age);
    case KL_ROLL_ARGMIN: extreme(w, 0, &age); return age;
    case KL_ROLL_ARGMAX: extreme(w, 1, &age); return age;
    case KL_ROLL_RANGEPOS:
        low = extreme(w, 0, &age), high = extreme(w, 1, &age);
        *unknown = low == high || w->current != w->current;
        if (*unknown) return 0;
        pv = ((quad)w->current - low) / (high - low);
        *allowed = (pv < 0 ? -pv : pv) * (quad)(4 * U);
        return pv;
    case KL_ROLL_MEDIAN: return quantile(w, 0.5, KL_QUANTILE_LINEAR, allowed);
    case KL_ROLL_QUANTILE: return quantile(w, stat->param, stat->rule, allowed);
    case KL_ROLL_RANK: case KL_ROLL_PRANK:
        *unknown = w->current != w->current;
        *allowed = stat->what == KL_ROLL_PRANK ? (quad)U : 0;
        return rank(spec, stat, w);
    case KL_ROLL_VWAP:
        for (size_t i = 0; i < w->n; i++) v += (quad)w->x[i], pv += (quad)w->x[i] * (quad)w->y[i];
        *unknown = !(v > 0);
        *allowed = (quad)(8 * U * top_of(w->y, w->n));
        return *unknown ? 0 : pv / v;
    case KL_ROLL_COV: case KL_ROLL_CORR: case KL_ROLL_REGBETA: case KL_ROLL_REGALPHA: case KL_ROLL_REG_R2:
        return pair(spec, stat->what, w, allowed, unknown);
    default: return line(stat->what, w, allowed, unknown);
    }
}

static void check_value(const kl_roll_spec *spec, uint32_t s, size_t j, uint32_t inputs, const char *data) {
    static window w;
    const kl_roll_stat *stat = &spec->stats[s];
    const double got = out[s][j];
    int enough = take_apart(spec, inputs, j, &w), unknown = 0;
    quad allowed = 0, want;
    if (stat->what == KL_ROLL_LAG) {
        size_t lag = (size_t)stat->param;
        unknown = lag > j || !known(j - lag, inputs);
        want = unknown ? 0 : (quad)clean(series[0][j - lag]);
    } else if (stat->what == KL_ROLL_COUNT) {
        unknown = w.none;
        want = (quad)w.n;
    } else {
        unknown = !enough || w.n == 0;
        want = unknown ? 0 : exact(spec, stat, &w, &allowed, &unknown);
    }
    if (unknown) {
        if (got == got) fail_msg("kind %d on %s, row %zu, %zu of %zu rows known: %.17g, not unknown", stat->what, data, j, w.n, w.rows, got);
        return;
    }
    double off = hostile_off(want, got);
    if (!(off <= (double)allowed))
        fail_msg("kind %d rule %d param %g, rows %d flags %u, on %s, row %zu, %zu of %zu rows known: %.17g, exactly %.17g, off %g, may be %g",
                 stat->what, stat->rule, stat->param, (int)spec->rows, (unsigned)spec->flags, data, j, w.n, w.rows, got, (double)want, off,
                 (double)allowed);
    if (off > 0) worst[stat->what] = fmax(worst[stat->what], off / (double)allowed);
}

static void check_spec(const kl_roll_spec *spec, int data, size_t every) {
    size_t bytes;
    kl_roll *roll;
    kl_error error;
    const double *in[2] = {series[0], series[1]};
    double *to[KL_ROLL_STATS_MAX];
    for (size_t s = 0; s < KL_ROLL_STATS_MAX; s++) to[s] = out[s];
    assert_int_equal(kl_roll_size(spec, &bytes, NULL), KL_OK);
    void *memory = malloc(bytes);
    assert_int_equal(kl_roll_init(memory, bytes, spec, &roll, NULL), KL_OK);
    if (kl_roll_run(roll, times, in, ROWS, to, &error) != KL_OK) fail_msg("%s", error.message);
    for (uint32_t s = 0; s < spec->n_stats; s++)
        for (size_t j = 0; j < ROWS; j += every) check_value(spec, s, j, kl_roll_inputs(spec), hostile_names[data]);
    free(memory);
}

static void fill(int data, uint64_t seed, unsigned holes) {
    const int64_t minute = INT64_C(60000000);
    hostile_fill(data, seed, holes, series[0], ROWS);
    hostile_fill(seed % 2 ? HOSTILE_TIES : HOSTILE_WALK, seed + 1, holes, series[1], ROWS);
    for (size_t j = 0; j < ROWS; j++) series[1][j] = fabs(series[1][j]); /* volumes, too */
    for (size_t j = 0; j < ROWS; j++) {
        if (holes && random_below(&seed, 40) == 0) series[j % 2][j] = j % 3 ? (double)INFINITY : -0x1p1000;
        if (holes && random_below(&seed, 40) == 0) series[j % 2][j] = -0.0;
        times[j] = (j ? times[j - 1] : INT64_C(1699999980000000)) + minute * (int64_t)(random_below(&seed, 9) ? 1 : random_below(&seed, 200) + 1);
    }
}

static void draw(kl_roll_spec *spec, uint64_t *seed) {
    const int64_t minute = INT64_C(60000000);
    assert_int_equal(kl_roll_spec_init(spec, 0, 1 + (int64_t)random_below(seed, random_below(seed, 4) ? 40 : 300)), KL_OK);
    uint64_t shape = random_below(seed, 5);
    if (shape == 1) spec->span_us = minute * spec->rows - (int64_t)random_below(seed, 3) * minute / 2;
    if (shape == 2 || shape == 3) {
        spec->period.unit = KL_HOUR;
        spec->period.n = 1 + (int32_t)random_below(seed, 5);
        spec->period.anchor_us = (int64_t)random_below(seed, 60) * minute;
        spec->rows = 60 * spec->period.n;
        if (shape == 3) spec->flags |= KL_ROLL_WHOLE;
    }
    if (random_below(seed, 2)) spec->flags |= KL_ROLL_BEFORE;
    if (random_below(seed, 3)) spec->min_count = 1 + (int64_t)random_below(seed, (uint64_t)(spec->rows < 6 ? spec->rows : 6));
    spec->ddof = (int32_t)random_below(seed, 2);
}

static void test_definitions(void **state) {
    static const int data[] = {HOSTILE_WALK, HOSTILE_OFFSET, HOSTILE_SPIKES, HOSTILE_TIES, HOSTILE_TREND, HOSTILE_RUNS, HOSTILE_FLAT};
    uint64_t seed = 4242;
    (void)state;
    const kl_roll_info *info;
    for (size_t at = 0; (info = kl_roll_info_at(at)) != NULL; at++)
        for (int turn = 0; turn < (quick() ? 3 : 25); turn++) {
            kl_roll_spec spec;
            int kind = data[random_below(&seed, 7)];
            draw(&spec, &seed);
            spec.n_stats = turn % 5 == 4 ? 2 : 1;
            spec.stats[0].what = info->what;
            if (info->what == KL_ROLL_QUANTILE) spec.stats[0].rule = (int32_t)random_below(&seed, 5);
            else if (info->uses_rule) spec.stats[0].rule = (int32_t)random_below(&seed, 4);
            if (info->what == KL_ROLL_LAG) spec.stats[0].param = (double)random_below(&seed, 60);
            else if (info->uses_param) spec.stats[0].param = (double)random_below(&seed, 101) / 100.0;
            spec.stats[1].what = KL_ROLL_COV; /* makes rows missing where the second input is */
            fill(kind, seed, turn % 2 ? 0 : 4);
            check_spec(&spec, kind, spec.rows < 41 ? 3 : 13);
        }
    for (size_t at = 0; (info = kl_roll_info_at(at)) != NULL; at++)
        if (worst[info->what] > 0) print_message("%s: %.2f of the error allowed\n", info->name, worst[info->what]);
}

/* Sums of whole numbers are exact. */
static void test_whole_numbers(void **state) {
    (void)state;
    uint64_t seed = 3;
    for (int64_t rows = 1; rows < 300; rows += 13) {
        kl_roll_spec spec;
        assert_int_equal(kl_roll_spec_init(&spec, KL_ROLL_SUM, rows), KL_OK);
        fill(HOSTILE_WALK, 1, 0);
        for (size_t j = 0; j < ROWS; j++) series[0][j] = (double)((int64_t)random_below(&seed, 1u << 30) - (1 << 29));
        check_spec(&spec, HOSTILE_WALK, ROWS);
        for (size_t j = (size_t)rows - 1; j < ROWS; j++) {
            int64_t sum = 0;
            for (int64_t k = 0; k < rows; k++) sum += (int64_t)series[0][j - (size_t)k];
            assert_true(out[0][j] == (double)sum);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_definitions), cmocka_unit_test(test_whole_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
