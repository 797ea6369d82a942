/* Group statistics. */
#include "series.h"

void ref_avgdev(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_avgdev(q_from(in[0], n), n, (size_t)params[0]), n);
}

/* Least squares over 1, 2 .. w; `at`: the value there, or 0 for the rise. Each abscissa may be rounded: where the weight of an outlier
 * happens to be 0, what its own rounding moves would say that nothing may be off. */
static quad *statistics_line(const quad *x, size_t n, size_t w, size_t at) {
    quad *result = q_new(n), *t = q_new(w);
    for (size_t k = w - 1; k < n; k++) {
        quad tm = 0, xm = 0, tx = 0, tt = 0;
        for (size_t j = 0; j < w; j++) t[j] = q_rounded((quad)(j + 1)), tm += t[j] / (quad)w, xm += x[k + 1 + j - w] / (quad)w;
        for (size_t j = 0; j < w; j++) tx += (t[j] - tm) * (x[k + 1 + j - w] - xm), tt += (t[j] - tm) * (t[j] - tm);
        result[k] = at ? xm + tx / tt * ((quad)at - tm) : tx / tt;
    }
    return result;
}
static quad statistics_angle(quad rise) { return q_atan(rise) * 180 / q_pi(); }
void ref_linearreg_angle(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_map(statistics_line(q_from(in[0], n), n, (size_t)params[0], 0), n, statistics_angle), n);
}
void ref_tsf(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_add(q_intercept(x, n, (size_t)params[0]), q_scale(q_slope(x, n, (size_t)params[0]), params[0], n), n), n);
}
void ref_stddev(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(q_std(q_from(in[0], n), n, (size_t)params[0], 0), params[1], n), n);
}
void ref_stderror(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(q_std(q_from(in[0], n), n, (size_t)params[0], 0), 1 / q_sqrt(params[0]), n), n);
}
void ref_beta(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_ratio(q_from(in[0], n), n, 1), *y = q_ratio(q_from(in[1], n), n, 1);
    q_copy(out[0], q_regbeta(x, y, n, (size_t)params[0]), n);
}
void ref_minmax(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_min(q_from(in[0], n), n, (size_t)params[0]), n);
    q_copy(out[1], q_max(q_from(in[0], n), n, (size_t)params[0]), n);
}
/* The row of an age. */
static quad *statistics_rows(const quad *age, size_t n) {
    quad *result = q_new(n);
    for (size_t k = 0; k < n; k++) result[k] = (quad)k - age[k];
    return result;
}
void ref_maxindex(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], statistics_rows(q_argmax(q_from(in[0], n), n, (size_t)params[0]), n), n);
}
void ref_minindex(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], statistics_rows(q_argmin(q_from(in[0], n), n, (size_t)params[0]), n), n);
}
void ref_minmaxindex(const double *params, const double *const *in, size_t n, quad *const *out) {
    ref_minindex(params, in, n, out);
    ref_maxindex(params, in, n, out + 1);
}

static quad *stat_simple(const double *const *in, size_t n) {
    quad *x = q_from(in[0], n), *r = q_quotient(q_change(x, n, 1), q_lag(x, n, 1), n);
    for (size_t k = 0; k < n; k++) r[k] = q_rounded(r[k]); /* as doubles hold them */
    return r;
}
static quad *stat_logs(const double *const *in, size_t n, size_t d) {
    quad *r = q_map(q_ratio(q_from(in[0], n), n, d), n, q_ln);
    for (size_t k = 0; k < n; k++) r[k] = q_rounded(r[k]);
    return r;
}
static quad *stat_squares(const quad *x, size_t n) { return q_mul(x, x, n); }
static quad *stat_root(const quad *x, size_t n) { return q_map(x, n, q_sqrt); }
/* max(sign * (x - from), 0) */
static quad *stat_beyond(const quad *x, quad from, quad sign, size_t n) {
    quad *y = q_new(n);
    for (size_t k = 0; k < n; k++) y[k] = q_max2(sign * (x[k] - from), 0);
    return y;
}
static void stat_sorted(const quad *x, size_t w, quad *y) {
    for (size_t i = 0; i < w; i++) {
        size_t j = i;
        for (; j > 0 && y[j - 1] > x[i]; j--) y[j] = y[j - 1];
        y[j] = x[i];
    }
}
static quad stat_middle(const quad *x, size_t w) {
    quad *y = q_new(w);
    stat_sorted(x, w, y);
    return (y[(w - 1) / 2] + y[w / 2]) / 2;
}

static quad stat_nearest(const quad *x, size_t w, quad percent) {
    quad *y = q_new(w), rank = q_ceil(percent * (quad)w / 100);
    stat_sorted(x, w, y);
    return y[rank > 1 ? (size_t)rank - 1 : 0];
}
void ref_percentile(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_nearest, (quad)params[1]), n);
}
static quad stat_lower(const quad *x, size_t w, quad none) {
    size_t lower = 0;
    (void)none;
    for (size_t j = 0; j + 1 < w; j++) lower += x[j] < x[w - 1];
    return 100 * (quad)lower / (quad)(w - 1);
}
void ref_percentrank(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0] + 1, stat_lower, 0), n);
}
void ref_autocorr(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_corr(x, q_lag(x, n, (size_t)params[1]), n, (size_t)params[0]), n);
}
void ref_iqr(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_sub(q_quantile(x, n, (size_t)params[0], (quad)0.75), q_quantile(x, n, (size_t)params[0], (quad)0.25), n), n);
}
static quad stat_mad(const quad *x, size_t w, quad factor) {
    quad *d = q_new(w), middle = stat_middle(x, w);
    for (size_t i = 0; i < w; i++) d[i] = q_abs(x[i] - middle);
    return factor * stat_middle(d, w);
}
void ref_mad(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_mad, (quad)params[1]), n);
}
static quad stat_mzscore(const quad *x, size_t w, quad factor) { return factor * q_div(x[w - 1] - stat_middle(x, w), stat_mad(x, w, 1)); }
void ref_mzscore(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_mzscore, (quad)0.6745), n);
}
void ref_halflife(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *d = q_change(x, n, 1), *b;
    for (size_t k = 0; k < n; k++) d[k] = q_rounded(d[k]);
    b = q_regbeta(q_lag(x, n, 1), d, n, (size_t)params[0]);
    for (size_t k = 0; k < n; k++)
        if (b[k] < 0 && b[k] > -1) out[0][k] = -q_ln(2) / q_ln(1 + b[k]);
}
/* Sum of squares around the mean: in a ratio of two variances no divisor is left. */
static quad stat_spread(const quad *x, size_t w, quad none) {
    quad mean = 0, squares = 0;
    (void)none;
    for (size_t i = 0; i < w; i++) mean += x[i] / (quad)w;
    for (size_t i = 0; i < w; i++) squares += (x[i] - mean) * (x[i] - mean);
    return squares;
}
void ref_variance_ratio(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0], d = (size_t)params[1];
    quad *one = q_window(stat_logs(in, n, 1), n, w, stat_spread, 0), *many = q_window(stat_logs(in, n, d), n, w, stat_spread, 0);
    q_copy(out[0], q_quotient(many, q_scale(one, (quad)d, n), n), n);
}
static quad stat_residual(const quad *x, size_t w, quad ddof) {
    quad mean = 0, middle = (quad)(w - 1) / 2, tx = 0, tt = 0, squares = 0;
    for (size_t i = 0; i < w; i++) mean += (x[i] - x[0]) / (quad)w; /* from the first on: equal values leave nothing */
    mean += x[0];
    for (size_t i = 0; i < w; i++) tx += ((quad)i - middle) * (x[i] - mean), tt += ((quad)i - middle) * ((quad)i - middle);
    for (size_t i = 0; i < w; i++) {
        quad e = x[i] - mean - tx / tt * ((quad)i - middle);
        squares += e * e;
    }
    return q_sqrt(squares / ((quad)w - ddof));
}
void ref_residual(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_residual, (quad)params[1]), n);
}
static void stat_bands(const quad *middle, const quad *width, size_t n, quad *const *out) {
    q_copy(out[0], q_add(middle, width, n), n), q_copy(out[1], middle, n), q_copy(out[2], q_sub(middle, width, n), n);
}
void ref_lrc(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *e = q_window(x, n, (size_t)params[0], stat_residual, 1);
    stat_bands(statistics_line(x, n, (size_t)params[0], (size_t)params[0]), q_scale(e, (quad)params[1], n), n, out);
}
void ref_seb(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t smooth = (size_t)params[2];
    quad *x = q_from(in[0], n), *e = q_mean(q_window(x, n, (size_t)params[0], stat_residual, 2), n, smooth);
    stat_bands(q_mean(statistics_line(x, n, (size_t)params[0], (size_t)params[0]), n, smooth), q_scale(e, (quad)params[1], n), n, out);
}
/* Least squares by the normal equations of 1, t, t*t; t = 0 at the newest value, which is asked for. */
static quad stat_parabola(const quad *x, size_t w, quad none) {
    quad m[3][4] = {{0}};
    (void)none;
    for (size_t i = 0; i < w; i++) {
        quad t = ((quad)i - (quad)(w - 1)) / (quad)w, power[3] = {1, t, t * t};
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) m[r][c] += power[r] * power[c];
            m[r][3] += power[r] * (x[i] - x[w - 1]);
        }
    }
    for (int p = 2; p > 0; p--) /* away with t*t, then with t */
        for (int r = 0; r < p; r++) {
            quad factor = m[r][p] / m[p][p];
            for (int c = 0; c < 4; c++) m[r][c] -= factor * m[p][c];
        }
    return x[w - 1] + m[0][3] / m[0][0];
}
void ref_polyreg(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_parabola, 0), n);
}
static quad stat_range(const quad *x, size_t w, quad none) {
    quad mean = 0, walk = 0, least = 0, most = 0, squares = 0;
    (void)none;
    for (size_t i = 0; i < w; i++) mean += x[i] / (quad)w;
    for (size_t i = 0; i < w; i++) {
        walk += x[i] - mean, squares += (x[i] - mean) * (x[i] - mean);
        least = walk < least ? walk : least, most = walk > most ? walk : most;
    }
    return q_abs(x[0]) > 0 && squares < x[0] * x[0] * (quad)0x1p-200 ? q_nan() : q_div(most - least, q_sqrt(squares / (quad)w));
}
void ref_rescaled_range(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_range, 0), n);
}
void ref_hurst(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *range = q_window(stat_logs(in, n, 1), n, (size_t)params[0], stat_range, 0);
    q_copy(out[0], q_scale(q_map(range, n, q_ln), 1 / q_ln((quad)params[0]), n), n);
}
static quad stat_normal(const quad *x, size_t w, quad none) {
    quad mean = 0, m[5] = {0}, skew, kurt;
    (void)none;
    for (size_t i = 0; i < w; i++) mean += x[i] / (quad)w;
    for (size_t i = 0; i < w; i++)
        for (int p = 2; p < 5; p++) m[p] += q_pow(x[i] - mean, p) / (quad)w;
    skew = q_rounded(q_div(m[3], m[2] * q_sqrt(m[2]))), kurt = q_rounded(q_div(m[4], m[2] * m[2]) - 3);
    return (quad)w / 6 * (skew * skew + kurt * kurt / 4);
}
void ref_jarque_bera(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(stat_logs(in, n, 1), n, (size_t)params[0], stat_normal, 0), n);
}
/* Shares of values and their entropy over that of equal ones. */
static quad stat_disorder(const size_t *count, size_t kinds, size_t all) {
    quad sum = 0;
    for (size_t i = 0; i < kinds; i++)
        if (count[i]) sum -= (quad)count[i] / (quad)all * q_ln((quad)count[i] / (quad)all);
    return sum / q_ln((quad)kinds);
}
static quad stat_entropy(const quad *x, size_t w, quad bins) {
    size_t count[1001] = {0};
    quad least = x[0], most = x[0];
    for (size_t i = 0; i < w; i++) least = q_min2(least, x[i]), most = q_max2(most, x[i]);
    for (size_t i = 0; i < w; i++) {
        quad place = most > least ? (x[i] - least) / (most - least) * bins : 0;
        quad edge = q_abs(place - q_floor(place + (quad)0.5));
        if (x[i] != least && x[i] != most && edge < place * (quad)0x1p-44 && q_rounded(1) != 1) return q_nan(); /* rounding decides */
        count[place < bins ? (size_t)place : (size_t)bins - 1]++;
    }
    return stat_disorder(count, (size_t)bins, w);
}
void ref_entropy(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_entropy, (quad)params[1]), n);
}
/* Of three in a row: how many of the two before are above the last, and whether the second is below the first. */
static quad stat_orders(const quad *x, size_t w, quad none) {
    size_t count[6] = {0};
    (void)none;
    for (size_t i = 2; i < w; i++) count[(x[i - 2] > x[i]) + (x[i - 1] > x[i]) + 3 * (x[i - 1] < x[i - 2])]++;
    return stat_disorder(count, 6, w - 2);
}
void ref_pentropy(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0] + 2, stat_orders, 0), n);
}
/* cuts: how many of the least values, and 1024 times how many of the greatest. */
static quad stat_trimmed(const quad *x, size_t w, quad cuts) {
    size_t low = (size_t)cuts % 1024, high = (size_t)cuts / 1024;
    quad *y = q_new(w), sum = 0;
    stat_sorted(x, w, y);
    for (size_t i = low; i + high < w; i++) sum += y[i];
    return low + high < w ? sum / (quad)(w - low - high) : q_nan();
}
static quad stat_whole(double share, double w) { return q_floor((quad)share * (quad)w + (quad)1e-9); }
void ref_trimmed_mean(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad cuts = stat_whole(params[1], params[0]) + 1024 * stat_whole(params[2], params[0]);
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_trimmed, cuts), n);
}
void ref_cvar(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad cuts = 1024 * stat_whole(1 - params[1], params[0]);
    q_copy(out[0], q_scale(q_window(stat_simple(in, n), n, (size_t)params[0], stat_trimmed, cuts), -1, n), n);
}
static quad stat_sign(quad a, quad b) { return a > b ? 1 : a < b ? -1 : 0; }
static quad stat_kendall(const quad *a, const quad *b, size_t w) {
    quad agree = 0, of_a = 0, of_b = 0;
    for (size_t i = 0; i < w; i++)
        for (size_t j = i + 1; j < w; j++) {
            agree += stat_sign(a[i], a[j]) * stat_sign(b[i], b[j]);
            of_a += a[i] != a[j], of_b += b[i] != b[j];
        }
    return q_div(agree, q_sqrt(of_a) * q_sqrt(of_b));
}
static void stat_ranks(const quad *x, size_t w, quad *rank) {
    for (size_t i = 0; i < w; i++) {
        size_t lower = 0, same = 0;
        for (size_t j = 0; j < w; j++) lower += x[j] < x[i], same += x[j] == x[i];
        rank[i] = (quad)lower + (quad)(same + 1) / 2;
    }
}
static quad stat_spearman(const quad *a, const quad *b, size_t w) {
    quad *ra = q_new(w), *rb = q_new(w), mean = ((quad)w + 1) / 2, ab = 0, aa = 0, bb = 0;
    stat_ranks(a, w, ra), stat_ranks(b, w, rb);
    for (size_t i = 0; i < w; i++) {
        quad da = ra[i] - mean, db = rb[i] - mean;
        ab += da * db, aa += da * da, bb += db * db;
    }
    return q_div(ab, q_sqrt(aa) * q_sqrt(bb));
}
static void stat_pairs(const double *const *in, size_t n, double length, quad (*of)(const quad *, const quad *, size_t), quad *out) {
    size_t w = (size_t)length;
    quad *a = q_in(in, 2, 0, n), *b = q_in(in, 2, 1, n), *known = q_sum(q_add(a, b, n), n, w);
    for (size_t k = w - 1; k < n; k++)
        if (q_known(known[k])) out[k] = of(a + (k + 1 - w), b + (k + 1 - w), w);
}
void ref_kendall(const double *params, const double *const *in, size_t n, quad *const *out) { stat_pairs(in, n, params[0], stat_kendall, out[0]); }
void ref_spearman(const double *params, const double *const *in, size_t n, quad *const *out) { stat_pairs(in, n, params[0], stat_spearman, out[0]); }

void ref_rms(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], stat_root(q_mean(stat_squares(q_from(in[0], n), n), n, (size_t)params[0]), n), n);
}
void ref_geomean(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *logs = q_map(q_from(in[0], n), n, q_ln);
    for (size_t k = 0; k < n; k++) logs[k] = q_rounded(logs[k]); /* as doubles hold them */
    q_copy(out[0], q_map(q_mean(logs, n, (size_t)params[0]), n, q_exp), n);
}
void ref_harmean(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *one = q_constant(1, n);
    q_copy(out[0], q_quotient(one, q_mean(q_quotient(one, q_from(in[0], n), n), n, (size_t)params[0]), n), n);
}
void ref_cv(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_quotient(q_std(x, n, (size_t)params[0], 1), q_mean(x, n, (size_t)params[0]), n), n);
}

/* ---- returns and what they cost ---- */

void ref_sharpe(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *r = stat_simple(in, n), *excess = q_sub(q_mean(r, n, w), q_constant((quad)params[1], n), n);
    q_copy(out[0], q_scale(q_quotient(excess, q_std(r, n, w, 1), n), q_sqrt((quad)params[2]), n), n);
}
void ref_sortino(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *r = stat_simple(in, n), *excess = q_sub(q_mean(r, n, w), q_constant((quad)params[1], n), n);
    quad *risk = stat_root(q_mean(stat_squares(stat_beyond(r, (quad)params[1], -1, n), n), n, w), n);
    q_copy(out[0], q_scale(q_quotient(excess, risk, n), q_sqrt((quad)params[2]), n), n);
}
void ref_omega(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *r = stat_simple(in, n), mar = (quad)params[1];
    q_copy(out[0], q_quotient(q_sum(stat_beyond(r, mar, 1, n), n, w), q_sum(stat_beyond(r, mar, -1, n), n, w), n), n);
}
void ref_gainpain(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *r = stat_simple(in, n);
    q_copy(out[0], q_quotient(q_sum(r, n, w), q_sum(stat_beyond(r, 0, -1, n), n, w), n), n);
}
void ref_kelly(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *r = stat_simple(in, n);
    q_copy(out[0], q_quotient(q_sub(q_mean(r, n, w), q_constant((quad)params[1], n), n), q_var(r, n, w, 1), n), n);
}
void ref_hvar(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(q_quantile(stat_simple(in, n), n, (size_t)params[0], (quad)params[1]), -1, n), n);
}
void ref_tail_ratio(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *r = stat_simple(in, n), *up = q_quantile(r, n, w, 1 - (quad)params[1]), *down = q_quantile(r, n, w, (quad)params[1]);
    q_copy(out[0], q_map(q_quotient(up, down, n), n, q_abs), n);
}
static quad stat_fall(const quad *x, size_t w, quad none) {
    quad worst = 0;
    (void)none;
    for (size_t i = 0; i < w; i++)
        for (size_t j = i; j < w; j++) worst = q_max2(worst, q_div(x[i] - x[j], x[i]));
    for (size_t i = 0; i < w; i++)
        if (x[i] <= 0) return q_nan();
    return worst;
}
void ref_maxdd(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_window(q_from(in[0], n), n, (size_t)params[0], stat_fall, 0), n);
}
void ref_calmar(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *x = q_from(in[0], n), *gain = q_quotient(q_change(x, n, w), q_lag(x, n, w), n);
    q_copy(out[0], q_quotient(gain, q_window(x, n, w + 1, stat_fall, 0), n), n);
}
static quad *stat_below(const quad *x, size_t n, size_t w) {
    quad *top = q_max(x, n, w);
    return q_quotient(q_sub(top, x, n), top, n);
}
void ref_martin(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *x = q_from(in[0], n), *gain = q_quotient(q_change(x, n, w), q_lag(x, n, w), n);
    q_copy(out[0], q_quotient(gain, stat_root(q_mean(stat_squares(stat_below(x, n, w), n), n, w), n), n), n);
}
void ref_drawdown(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], stat_below(q_from(in[0], n), n, (size_t)params[0]), n);
}
