#include "series.h"
#include <stdlib.h>
#include <string.h>

/* Series in use, chained, so that references need no clean-up. */
typedef struct series_block {
    struct series_block *next;
    quad *values;
} series_block;
static series_block *series_all;

quad *q_new(size_t n) {
    series_block *b = (series_block *)malloc(sizeof *b);
    if (!b) abort();
    b->values = (quad *)malloc((n ? n : 1) * sizeof(quad));
    if (!b->values) abort();
    for (size_t k = 0; k < n; k++) b->values[k] = q_nan();
    b->next = series_all;
    series_all = b;
    return b->values;
}

void q_free_all(void) {
    while (series_all) {
        series_block *b = series_all;
        series_all = b->next;
        free(b->values);
        free(b);
    }
}

static uint64_t series_turn;
void q_shake(uint64_t turn) { series_turn = turn; }
quad q_rounded(quad coefficient) {
    if (!series_turn) return coefficient;
    series_turn = series_turn * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return coefficient * (1 + ((quad)(int32_t)(series_turn >> 32) * 0x1p-31) * 0x1p-52);
}

static int series_mutation, series_mutated;
void q_mutate(int mutation) { series_mutation = mutation, series_mutated = 0; }
int q_mutated(void) { return series_mutated; }
static int series_wrong(int mutation) {
    if (series_mutation != mutation) return 0;
    series_mutated = 1;
    return 1;
}

void q_copy(quad *to, const quad *x, size_t n) {
    for (size_t k = 0; k < n; k++) to[k] = x[k];
}

quad *q_from(const double *x, size_t n) {
    quad *y = q_new(n);
    for (size_t k = 0; k < n; k++)
        if (!q_missing(x[k])) y[k] = x[k];
    return y;
}

quad *q_in(const double *const *in, size_t inputs, size_t which, size_t n) {
    quad *y = q_from(in[which], n);
    for (size_t i = 0; i < inputs; i++)
        for (size_t k = 0; k < n; k++)
            if (q_missing(in[i][k])) y[k] = q_nan();
    return y;
}

quad *q_constant(quad x, size_t n) {
    quad *y = q_new(n);
    for (size_t k = 0; k < n; k++) y[k] = x;
    return y;
}

size_t q_known_rows(const double *const *in, size_t inputs, size_t n, size_t *row) {
    size_t rows = 0;
    for (size_t k = 0; k < n; k++) {
        int missing = 0;
        for (size_t i = 0; i < inputs; i++) missing |= q_missing(in[i][k]);
        if (!missing) row[rows++] = k;
    }
    return rows;
}

size_t *q_rows(size_t n) { return (size_t *)(void *)q_new(n); }

quad *q_pack(const double *x, const size_t *row, size_t rows) {
    quad *y = q_new(rows);
    for (size_t i = 0; i < rows; i++) y[i] = x[row[i]];
    return y;
}

void q_spread(quad *out, const quad *x, const size_t *row, size_t rows) {
    for (size_t i = 0; i < rows; i++) out[row[i]] = x[i];
}

/* ---- numbers ---- */

quad q_pi(void) { return (quad)0x1.921fb54442d18p1 + (quad)0x1.1a62633145c07p-53 + (quad)-0x1.f1976b7ed8fbcp-109; }
static quad q_ln2(void) { return (quad)0x1.62e42fefa39efp-1 + (quad)0x1.abc9e3b39803fp-56 + (quad)0x1.7b57a079a1934p-111; }

/* Newton's rule. */
quad q_sqrt(quad x) {
    if (!(x > 0)) return x < 0 ? q_nan() : x;
    quad scale = 1;
    while (x < 0x1p-200) x *= 0x1p400, scale *= 0x1p-200;
    while (x > 0x1p200) x *= 0x1p-400, scale *= 0x1p200;
    quad y = (quad)sqrt((double)x);
    for (int i = 0; i < 3; i++) y = (y + x / y) / 2;
    return y * scale;
}

quad q_floor(quad x) {
    if (!(q_abs(x) < 0x1p62)) return x;
    quad y = (quad)(int64_t)x;
    return y > x ? y - 1 : y;
}
quad q_ceil(quad x) { return -q_floor(-x); }

/* 2^k e^r with |r| <= ln 2 / 2, e^r as (e^(r/256))^256. */
quad q_exp(quad x) {
    if (!q_known(x)) return x;
    if (x > 720) return q_nan();
    if (x < -800) return 0;
    quad k = q_floor(x / q_ln2() + (quad)0.5), r = (x - k * q_ln2()) / 256, term = 1, y = 0;
    for (int i = 1; i < 24; i++) term = term * r / i, y += term; /* e^r - 1 */
    for (int i = 0; i < 8; i++) y = y * (2 + y);
    y += 1;
    for (; k > 0; k -= 1) y *= 2;
    for (; k < 0; k += 1) y /= 2;
    return y;
}

/* m in 1/sqrt(2) .. sqrt(2): 2 atanh((m - 1) / (m + 1)). */
quad q_ln(quad x) {
    if (!(x > 0)) return q_nan();
    int e = 0;
    while (x > 0x1p64) x *= 0x1p-64, e += 64;
    while (x < 0x1p-64) x *= 0x1p64, e -= 64;
    while (x > 0x1.6a09e667f3bcdp0) x /= 2, e++;
    while (x < 0x1.6a09e667f3bcdp-1) x *= 2, e--;
    quad z = (x - 1) / (x + 1), zz = z * z, power = z, y = 0;
    for (int i = 1; i < 90; i += 2) y += power / i, power *= zz;
    return 2 * y + e * q_ln2();
}

quad q_pow(quad x, quad y) {
    if (!q_known(x) || !q_known(y)) return q_nan();
    if (y == q_floor(y) && q_abs(y) < 1024) {
        quad r = 1;
        for (int i = (int)q_abs(y); i > 0; i--) r *= x;
        return y < 0 ? q_div(1, r) : r;
    }
    return x == 0 && y > 0 ? 0 : q_exp(y * q_ln(x));
}

/* r - r^3/3! + ... (first 1), or 1 - r^2/2! + ... (first 0). */
static quad q_sine_series(quad r, int first) {
    static quad factor[40]; /* 1 / i! */
    quad y = 0;
    if (factor[0] == 0) {
        factor[0] = 1;
        for (int i = 1; i < 40; i++) factor[i] = factor[i - 1] / i;
    }
    for (int i = 34 + first; i >= 0; i -= 2) y = factor[i] - y * (r * r);
    return first ? y * r : y;
}

/* sin(x + quarter * pi/2); beyond 2^40 the digits of pi do not reach: unknown. */
static quad q_sine(quad x, int quarter) {
    if (!(q_abs(x) < 0x1p40)) return q_nan();
    quad k = q_floor(x / (q_pi() / 2) + (quad)0.5), r = x - k * (q_pi() / 2);
    int turn = (int)(((int64_t)k % 4 + 4 + quarter) % 4);
    quad y = q_sine_series(r, turn % 2 == 0);
    return turn >= 2 ? -y : y;
}
quad q_sin(quad x) { return q_sine(x, 0); }
quad q_cos(quad x) { return q_sine(x, 1); }
quad q_tan(quad x) { return q_div(q_sin(x), q_cos(x)); }

quad q_atan(quad x) {
    if (!q_known(x)) return x;
    if (x < 0) return -q_atan(-x);
    if (x > 1) return q_pi() / 2 - q_atan(1 / x);
    for (int i = 0; i < 4; i++) x = x / (1 + q_sqrt(1 + x * x)); /* half the angle, four times */
    quad power = x, y = 0;
    for (int i = 1; i < 60; i += 2) y += (i % 4 == 1 ? power : -power) / i, power *= x * x;
    return 16 * y;
}
quad q_asin(quad x) {
    if (!(q_abs(x) <= 1)) return q_nan();
    return q_abs(x) == 1 ? x * q_pi() / 2 : q_atan(x / q_sqrt((1 - x) * (1 + x)));
}
quad q_acos(quad x) {
    if (!(q_abs(x) <= 1)) return q_nan();
    return x == -1 ? q_pi() : 2 * q_atan(q_sqrt((1 - x) / (1 + x)));
}

/* ---- row by row ---- */

#define SERIES_ROWS(expression)                          \
    quad *y = q_new(n);                                  \
    for (size_t k = 0; k < n; k++) y[k] = (expression);  \
    return y
quad *q_add(const quad *a, const quad *b, size_t n) { SERIES_ROWS(a[k] + b[k]); }
quad *q_sub(const quad *a, const quad *b, size_t n) { SERIES_ROWS(a[k] - b[k]); }
quad *q_mul(const quad *a, const quad *b, size_t n) { SERIES_ROWS(a[k] * b[k]); }
quad *q_quotient(const quad *a, const quad *b, size_t n) { SERIES_ROWS(q_div(a[k], b[k])); }
quad *q_scale(const quad *a, quad by, size_t n) { SERIES_ROWS(a[k] * by); }
quad *q_map(const quad *x, size_t n, quad (*f)(quad)) { SERIES_ROWS(q_known(x[k]) ? f(x[k]) : x[k]); }
quad *q_lag(const quad *x, size_t n, size_t d) {
    if (series_wrong(Q_LAG)) d++;
    SERIES_ROWS(k >= d ? x[k - d] : q_nan());
}
quad *q_change(const quad *x, size_t n, size_t d) { return q_sub(x, q_lag(x, n, d), n); }
quad *q_ratio(const quad *x, size_t n, size_t d) { return q_quotient(x, q_lag(x, n, d), n); }

/* ---- windows ---- */

quad *q_window(const quad *x, size_t n, size_t w, q_statistic *f, quad arg) {
    quad *y = q_new(n);
    if (w > 1 && series_wrong(Q_WINDOW)) w--;
    for (size_t k = w - 1, run = 0, seen = 0; k < n; k++) {
        for (; seen <= k; seen++) run = q_known(x[seen]) ? run + 1 : 0;
        if (run >= w) y[k] = f(x + (k + 1 - w), w, arg);
    }
    return y;
}

static quad series_sum(const quad *x, size_t w, quad arg) {
    quad sum = 0;
    (void)arg;
    for (size_t j = 0; j < w; j++) sum += x[j];
    return sum;
}
static quad series_mean(const quad *x, size_t w, quad arg) { return series_sum(x, w, arg) / w; }
static quad series_var(const quad *x, size_t w, quad ddof) {
    quad mean = series_mean(x, w, 0), square = 0;
    if (w > 1 && series_wrong(Q_DDOF)) ddof = 1 - ddof;
    for (size_t j = 0; j < w; j++) square += (x[j] - mean) * (x[j] - mean);
    return (quad)w > ddof ? square / (w - ddof) : q_nan();
}
static quad series_std(const quad *x, size_t w, quad ddof) { return q_sqrt(series_var(x, w, ddof)); }
static quad series_avgdev(const quad *x, size_t w, quad arg) {
    quad mean = series_mean(x, w, arg), sum = 0;
    for (size_t j = 0; j < w; j++) sum += q_abs(x[j] - mean);
    return sum / w;
}
static quad series_argmin(const quad *x, size_t w, quad arg) {
    size_t at = 0;
    (void)arg;
    for (size_t j = 1; j < w; j++)
        if (x[j] <= x[at]) at = j;
    return w - 1 - at;
}
static quad series_argmax(const quad *x, size_t w, quad arg) {
    size_t at = 0;
    (void)arg;
    for (size_t j = 1; j < w; j++)
        if (x[j] >= x[at]) at = j;
    return w - 1 - at;
}
static quad series_min(const quad *x, size_t w, quad arg) { return x[w - 1 - (size_t)series_argmin(x, w, arg)]; }
static quad series_max(const quad *x, size_t w, quad arg) { return x[w - 1 - (size_t)series_argmax(x, w, arg)]; }
static quad series_wmean(const quad *x, size_t w, quad arg) {
    quad sum = 0, weights = 0;
    (void)arg;
    for (size_t j = 0; j < w; j++) sum += x[j] * (j + 1), weights += j + 1;
    return sum / weights;
}
static quad series_slope(const quad *x, size_t w, quad arg) {
    quad mean = series_mean(x, w, arg), middle = (quad)(w - 1) / 2, up = 0, down = 0;
    for (size_t j = 0; j < w; j++) up += (j - middle) * (x[j] - mean), down += (j - middle) * (j - middle);
    return q_div(up, down);
}
static quad series_intercept(const quad *x, size_t w, quad arg) {
    return series_mean(x, w, arg) - series_slope(x, w, arg) * (w - 1) / 2;
}

static int series_compare(const void *a, const void *b) {
    quad x = *(const quad *)a, y = *(const quad *)b;
    return x < y ? -1 : x > y;
}
static quad series_quantile(const quad *x, size_t w, quad q) {
    quad *sorted = (quad *)malloc(w * sizeof(quad)), at = (w - 1) * q;
    if (!sorted) abort();
    for (size_t j = 0; j < w; j++) sorted[j] = x[j];
    qsort(sorted, w, sizeof(quad), series_compare);
    size_t low = (size_t)at, high = low + 1 < w ? low + 1 : low;
    quad y = sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    free(sorted);
    return y;
}

quad *q_sum(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_sum, 0); }
quad *q_mean(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_mean, 0); }
quad *q_var(const quad *x, size_t n, size_t w, int ddof) { return q_window(x, n, w, series_var, ddof); }
quad *q_std(const quad *x, size_t n, size_t w, int ddof) { return q_window(x, n, w, series_std, ddof); }
quad *q_avgdev(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_avgdev, 0); }
quad *q_min(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_min, 0); }
quad *q_max(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_max, 0); }
quad *q_argmin(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_argmin, 0); }
quad *q_argmax(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_argmax, 0); }
quad *q_wmean(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_wmean, 0); }
quad *q_slope(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_slope, 0); }
quad *q_intercept(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_intercept, 0); }
quad *q_median(const quad *x, size_t n, size_t w) { return q_window(x, n, w, series_quantile, (quad)0.5); }
quad *q_quantile(const quad *x, size_t n, size_t w, quad q) { return q_window(x, n, w, series_quantile, q); }

/* 1 where rows k-w+1 .. k are there and known in both. */
static int series_pairs(const quad *x, const quad *y, size_t k, size_t w) {
    if (k + 1 < w) return 0;
    for (size_t j = k + 1 - w; j <= k; j++)
        if (!q_known(x[j]) || !q_known(y[j])) return 0;
    return 1;
}
static quad series_product(const quad *x, const quad *y, size_t w) { /* sum of products of deviations */
    quad mean_x = series_mean(x, w, 0), mean_y = series_mean(y, w, 0), sum = 0;
    for (size_t j = 0; j < w; j++) sum += (x[j] - mean_x) * (y[j] - mean_y);
    return sum;
}

quad *q_cov(const quad *x, const quad *y, size_t n, size_t w, int ddof) {
    quad *z = q_new(n);
    for (size_t k = 0; k < n; k++)
        if (series_pairs(x, y, k, w)) z[k] = q_div(series_product(x + (k + 1 - w), y + (k + 1 - w), w), (quad)w - ddof);
    return z;
}

quad *q_corr(const quad *x, const quad *y, size_t n, size_t w) {
    quad *z = q_new(n);
    for (size_t k = 0; k < n; k++) {
        if (!series_pairs(x, y, k, w)) continue;
        const quad *a = x + (k + 1 - w), *b = y + (k + 1 - w);
        z[k] = q_div(series_product(a, b, w), q_sqrt(series_product(a, a, w)) * q_sqrt(series_product(b, b, w)));
    }
    return z;
}

quad *q_regbeta(const quad *x, const quad *y, size_t n, size_t w) {
    quad *z = q_new(n);
    for (size_t k = 0; k < n; k++) {
        if (!series_pairs(x, y, k, w)) continue;
        const quad *a = x + (k + 1 - w), *b = y + (k + 1 - w);
        z[k] = q_div(series_product(a, b, w), series_product(a, a, w));
    }
    return z;
}

quad *q_weighted(const quad *x, size_t n, size_t w, const quad *weights) {
    quad *y = q_new(n);
    for (size_t k = 0; k < n; k++) {
        if (!series_pairs(x, x, k, w)) continue;
        y[k] = 0;
        for (size_t j = 0; j < w; j++) y[k] += weights[j] * x[k + 1 - w + j];
    }
    return y;
}

/* ---- filters ---- */

quad *q_ewm(const quad *x, size_t n, quad alpha, size_t seed, size_t start) {
    if (alpha < 1 && seed > 1 && series_wrong(Q_SEED)) start += seed - 1, seed = 1;
    if (alpha < 1 && series_wrong(Q_ALPHA)) alpha *= (quad)1.000001;
    quad *y = q_new(n), last = 0, b = q_rounded(1 - alpha);
    for (size_t k = 0, seen = 0; k < n; k++) {
        if (!q_known(x[k]) || seen++ < start) continue;
        size_t have = seen - start; /* known values from `start` on */
        if (have <= seed) last += x[k];
        if (have == seed) last /= seed;
        if (have > seed) last = b * last + (1 - b) * x[k];
        if (have >= seed) y[k] = last;
    }
    return y;
}

quad *q_ewm_zero(const quad *x, size_t n, quad alpha) {
    quad *y = q_new(n), last = 0, b = q_rounded(1 - alpha);
    for (size_t k = 0; k < n; k++)
        if (q_known(x[k])) y[k] = last = b * last + (1 - b) * x[k];
    return y;
}

quad *q_ema(const quad *x, size_t n, size_t w) { return q_ewm(x, n, (quad)2 / (w + 1), w, 0); }
quad *q_rma(const quad *x, size_t n, size_t w) { return q_ewm(x, n, (quad)1 / w, w, 0); }
quad *q_average(const quad *x, size_t n, size_t w, quad alpha, double seed, double start) {
    return q_ewm(x, n, alpha, seed == 1 ? 1 : w, (size_t)start);
}

/* ---- with memory ---- */

quad *q_cumsum(const quad *x, size_t n) {
    quad *y = q_new(n), sum = 0;
    for (size_t k = 0; k < n; k++)
        if (q_known(x[k])) y[k] = sum += x[k];
    return y;
}

quad *q_hold(const quad *x, size_t n) {
    quad *y = q_new(n), last = q_nan();
    for (size_t k = 0; k < n; k++) y[k] = last = q_known(x[k]) ? x[k] : last;
    return y;
}

quad *q_since(const quad *c, size_t n) {
    quad *y = q_new(n), rows = q_nan();
    for (size_t k = 0; k < n; k++) y[k] = rows = q_known(c[k]) && c[k] != 0 ? 0 : rows + 1;
    return y;
}

quad *q_value_when(const quad *c, const quad *x, size_t n) {
    quad *y = q_new(n), last = q_nan();
    for (size_t k = 0; k < n; k++) y[k] = last = q_known(c[k]) && c[k] != 0 ? x[k] : last;
    return y;
}

/* ---- prices ---- */

quad *q_tr(const quad *high, const quad *low, const quad *close, size_t n) {
    quad *y = q_new(n);
    for (size_t k = 1; k < n; k++) y[k] = q_max2(high[k], close[k - 1]) - q_min2(low[k], close[k - 1]);
    return y;
}
quad *q_typical(const quad *high, const quad *low, const quad *close, size_t n) { SERIES_ROWS((high[k] + low[k] + close[k]) / 3); }
quad *q_median_price(const quad *high, const quad *low, size_t n) { SERIES_ROWS((high[k] + low[k]) / 2); }
