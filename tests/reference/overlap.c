/* Averages and bands: group overlap. */
#include "series.h"

static void overlap_bands(const double *params, const quad *x, const quad *middle, quad up, quad down, size_t n, quad *const *out) {
    quad *std = q_std(x, n, (size_t)params[0], 0);
    for (size_t k = 0; k < n; k++) {
        out[1][k] = middle[k];
        if (std[k] * std[k] * (quad)params[0] > 0x1p1023) continue; /* beyond what a double holds */
        out[0][k] = middle[k] + up * std[k];
        out[2][k] = middle[k] - down * std[k];
    }
}
void ref_stdbands(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    overlap_bands(params, x, q_mean(x, n, (size_t)params[0]), params[1], params[1], n, out);
}
void ref_bbands(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), down = params[2] < 0 ? params[1] : params[2];
    overlap_bands(params, x, q_average_kind(x, n, (size_t)params[0], (int)params[3]), params[1], down, n, out);
}

void ref_ema(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_average(q_from(in[0], n), n, (size_t)params[0], 2 / ((quad)params[0] + 1), params[1], params[2]), n);
}

void ref_rma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_average(q_from(in[0], n), n, (size_t)params[0], 1 / (quad)params[0], params[1], params[2]), n);
}

void ref_sma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_mean(q_from(in[0], n), n, (size_t)params[0]), n);
}

void ref_wma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_wmean(q_from(in[0], n), n, (size_t)params[0]), n);
}

/* y goes from `first` by alpha (least..1) of the distance to x; rows with an unknown input are left out. */
static quad *overlap_adapt(const quad *x, const quad *alpha, const quad *first, double least, size_t n) {
    quad *result = q_new(n), y = q_nan();
    for (size_t k = 0; k < n; k++) {
        if (!q_known(x[k]) || !q_known(alpha[k]) || !q_known(first[k])) continue;
        if (!q_known(y)) y = first[k];
        quad a = q_max2(q_min2(alpha[k], 1), least);
        result[k] = y = (1 - a) * y + a * x[k];
    }
    return result;
}

void ref_adapt(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_adapt(q_in(in, 3, 0, n), q_in(in, 3, 1, n), q_in(in, 3, 2, n), params[0], n), n);
}

void ref_alma(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *weight = q_new(w), s = (quad)w / (quad)params[1], m = (quad)params[2] * (quad)(w - 1), sum = 0;
    if (params[3] == 1) m = q_floor(m);
    for (size_t j = 0; j < w; j++) {
        quad d = (quad)j - m;
        sum += weight[j] = q_exp(-d * d / (2 * s * s));
    }
    q_copy(out[0], q_scale(q_weighted(q_from(in[0], n), n, w, weight), 1 / sum, n), n);
}

void ref_mavp(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_in(in, 2, 0, n), *periods = q_in(in, 2, 1, n);
    double least = params[0], greatest = params[1] > params[0] ? params[1] : params[0];
    quad *whole = q_sum(x, n, (size_t)greatest);
    for (size_t k = 0; k < n; k++) {
        if (!q_known(whole[k])) continue;
        size_t w = (size_t)(periods[k] < least ? least : periods[k] > greatest ? greatest : (double)periods[k]);
        if (w > k + 1) continue; /* where the window above was made wrong on purpose */
        quad sum = 0, weights = 0;
        for (size_t j = 0; j < w; j++) {
            quad weight = params[2] == 1 ? (quad)(w - j) : 1;
            sum += weight * x[k - j], weights += weight;
        }
        out[0][k] = sum / weights;
    }
}

void ref_mcgd(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, rows), y = 0;
    for (size_t i = 0; i < rows; i++) {
        quad r = y != 0 ? x[i] / y : 0, divisor = (quad)params[0] * (quad)params[1] * r * r * r * r;
        y = y == 0 || divisor <= 1 ? x[i] : y + (x[i] - y) / divisor;
        if ((double)i + 1 >= params[0]) out[0][row[i]] = y;
    }
}

static quad *overlap_dema(const quad *x, size_t n, size_t w) {
    quad *a = q_ema(x, n, w), *b = q_ema(a, n, w);
    return q_sub(q_scale(a, 2, n), b, n);
}
static quad *overlap_tema(const quad *x, size_t n, size_t w) {
    quad *a = q_ema(x, n, w), *b = q_ema(a, n, w), *c = q_ema(b, n, w);
    return q_add(q_scale(q_sub(a, b, n), 3, n), c, n);
}
/* Weights 1, 2, 3 ... 3, 2, 1, with two of the greatest where w is even. */
static quad *overlap_trima(const quad *x, size_t n, size_t w) {
    quad *weight = q_new(w), sum = 0;
    for (size_t j = 0; j < w; j++) sum += weight[j] = (quad)(j < w - 1 - j ? j + 1 : w - j);
    return q_scale(q_weighted(x, n, w, weight), 1 / sum, n);
}
static quad *overlap_t3(const quad *x, size_t n, size_t w, quad v) {
    quad *e[7] = {q_new(n)}, *result = q_new(n);
    q_copy(e[0], x, n);
    for (int i = 1; i < 7; i++) e[i] = q_ema(e[i - 1], n, w);
    for (size_t k = 0; k < n; k++)
        result[k] = -v * v * v * e[6][k] + (3 * v * v + 3 * v * v * v) * e[5][k] + (-6 * v * v - 3 * v - 3 * v * v * v) * e[4][k] +
                    (1 + 3 * v + v * v * v + 3 * v * v) * e[3][k];
    return result;
}
static quad *overlap_hma(const quad *x, size_t n, size_t w) {
    size_t half = w / 2 ? w / 2 : 1, root = 1;
    while ((root + 1) * (root + 1) <= w) root++;
    return q_wmean(q_sub(q_scale(q_wmean(x, n, half), 2, n), q_wmean(x, n, w), n), n, root);
}
static quad *overlap_zlema(const quad *x, size_t n, size_t w) { return q_ema(q_sub(q_scale(x, 2, n), q_lag(x, n, (w - 1) / 2), n), n, w); }
static quad *overlap_kama(const quad *x, size_t n, size_t w, quad fast, quad slow) {
    quad *path = q_sum(q_map(q_change(x, n, 1), n, q_abs), n, w), *alpha = q_new(n);
    for (size_t k = w; k < n; k++) {
        quad e = path[k] == 0 ? 1 : q_abs(x[k] - x[k - w]) / path[k], s = e * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1);
        alpha[k] = s * s;
    }
    return overlap_adapt(x, alpha, q_lag(x, n, 1), 0, n);
}

void ref_dema(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_dema(q_from(in[0], n), n, (size_t)params[0]), n);
}
void ref_tema(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_tema(q_from(in[0], n), n, (size_t)params[0]), n);
}
void ref_trima(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_trima(q_from(in[0], n), n, (size_t)params[0]), n);
}
void ref_t3(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_t3(q_from(in[0], n), n, (size_t)params[0], params[1]), n);
}
void ref_hma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_hma(q_from(in[0], n), n, (size_t)params[0]), n);
}
void ref_zlema(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_zlema(q_from(in[0], n), n, (size_t)params[0]), n);
}
void ref_kama(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_kama(q_from(in[0], n), n, (size_t)params[0], params[1], params[2]), n);
}

void ref_vidya(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *alpha = q_new(n), *d = q_change(x, n, 1);
    size_t m = (size_t)params[1], longer = (size_t)params[2];
    for (size_t k = 0; k < n; k++) {
        quad index = 0;
        if (longer == 0) { /* (ups - downs) / (ups + downs) of the last m changes */
            if (k < m) continue;
            quad up = 0, down = 0;
            for (size_t j = k + 1 - m; j <= k; j++) {
                up += d[j] == d[j] ? q_max2(d[j], 0) : q_nan();
                down += d[j] == d[j] ? q_max2(-d[j], 0) : q_nan();
            }
            index = up + down == 0 ? 0 : q_abs(up - down) / (up + down);
        } else {
            if (k + 1 < (m > longer ? m : longer)) continue;
            quad *std[2] = {NULL, NULL};
            size_t w[2] = {m, longer};
            for (int i = 0; i < 2; i++) std[i] = q_std(x + (k + 1 - w[i]), w[i], w[i], 0) + (w[i] - 1);
            index = *std[1] == 0 ? 0 * *std[0] : *std[0] / *std[1];
        }
        alpha[k] = 2 / ((quad)params[0] + 1) * index;
    }
    q_copy(out[0], overlap_adapt(x, alpha, q_lag(x, n, 1), 0, n), n);
}

void ref_frama(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *p = q_median_price(high, low, n), *alpha = q_new(n);
    size_t half = ((size_t)params[0] + 1) / 2;
    quad *top = q_max(high, n, half), *bottom = q_min(low, n, half);
    for (size_t k = half; k < n; k++) {
        quad newer = top[k] - bottom[k], older = top[k - half] - bottom[k - half];
        quad whole = q_max2(top[k], top[k - half]) - q_min2(bottom[k], bottom[k - half]);
        if (!q_known(newer) || !q_known(older)) continue;
        if (newer == 0 || older == 0) alpha[k] = 1;
        else {
            quad dimension = q_ln(q_rounded((newer / (quad)half + older / (quad)half) / (whole / (quad)(2 * half)))) / q_ln(2);
            alpha[k] = q_min2(q_exp((quad)-4.6 * (dimension - 1)), 1);
        }
    }
    q_copy(out[0], overlap_adapt(p, alpha, q_lag(p, n, 1), 0, n), n);
}

void ref_swma(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    quad weight[4] = {1, 2, 2, 1};
    q_copy(out[0], q_scale(q_weighted(q_from(in[0], n), n, 4, weight), (quad)1 / 6, n), n);
}

void ref_gmma(const double *params, const double *const *in, size_t n, quad *const *out) {
    static const size_t lengths[12] = {3, 5, 8, 10, 12, 15, 30, 35, 40, 45, 50, 60};
    (void)params;
    for (int o = 0; o < 12; o++) q_copy(out[o], q_ema(q_from(in[0], n), n, lengths[o]), n);
}

void ref_rainbow(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    for (int o = 0; o < 10; o++) q_copy(out[o], x = q_mean(x, n, (size_t)params[0]), n);
}

void ref_jma(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), length = (quad)0.45 * ((quad)params[0] - 1), beta = length / (length + 2), keep = q_pow(beta, params[2]);
    quad *a = q_ewm(x, n, 1 - keep, 1, 0), *b = q_ewm_zero(q_sub(x, a, n), n, 1 - beta);
    quad *c = q_add(a, q_scale(b, (quad)params[1] / 100 + (quad)1.5, n), n);
    q_copy(out[0], q_ewm(q_ewm(c, n, 1 - keep, 1, 0), n, 1 - keep, 1, 0), n);
}

void ref_evwma(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *volume = q_from(in[1], n);
    q_copy(out[0], overlap_adapt(x, q_quotient(volume, q_sum(volume, n, (size_t)params[0]), n), x, 0, n), n);
}

quad *q_average_kind(const quad *x, size_t n, size_t w, int kind) {
    quad *mama = q_new(n);
    switch (w == 1 ? 0 : kind) {
    case 0: return q_mean(x, n, w);
    case 1: return q_ema(x, n, w);
    case 2: return q_wmean(x, n, w);
    case 3: return overlap_dema(x, n, w);
    case 4: return overlap_tema(x, n, w);
    case 5: return overlap_trima(x, n, w);
    case 6: return overlap_kama(x, n, w, 2, 30);
    case 7: q_mama(x, n, 0.5, 0.05, 0, mama, q_new(n)); return mama;
    case 8: return overlap_t3(x, n, w, 0.7);
    case 9: return q_rma(x, n, w);
    case 10: return overlap_hma(x, n, w);
    default: return overlap_zlema(x, n, w);
    }
}

void ref_ma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_average_kind(q_from(in[0], n), n, (size_t)params[0], (int)params[1]), n);
}

static quad *overlap_middle(const quad *high, const quad *low, size_t n, size_t w) {
    return q_scale(q_add(q_max(high, n, w), q_min(low, n, w), n), (quad)1 / 2, n);
}
void ref_midpoint(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], overlap_middle(x, x, n, (size_t)params[0]), n);
}
void ref_midprice(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], overlap_middle(q_from(in[0], n), q_from(in[1], n), n, (size_t)params[0]), n);
}
void ref_donchian(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n);
    size_t w = (size_t)params[0];
    q_copy(out[0], q_max(high, n, w), n), q_copy(out[1], overlap_middle(high, low, n, w), n), q_copy(out[2], q_min(low, n, w), n);
}

void ref_accbands(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *up = q_new(n), *down = q_new(n);
    for (size_t k = 0; k < n; k++) {
        quad sum = high[k] + low[k], width = sum == 0 ? 0 : params[1] * (high[k] - low[k]) / sum;
        up[k] = high[k] + high[k] * width, down[k] = low[k] - low[k] * width;
    }
    q_copy(out[0], q_mean(up, n, (size_t)params[0]), n);
    q_copy(out[1], q_mean(q_from(in[2], n), n, (size_t)params[0]), n);
    q_copy(out[2], q_mean(down, n, (size_t)params[0]), n);
}

/* Of inputs that begin with high, low, close. */
static quad *overlap_atr(const double *const *in, size_t n, double w) {
    const double wilder[2] = {w, 0};
    quad *result = q_new(n), *const to[1] = {result};
    ref_atr(wilder, in, n, to);
    return result;
}
static void overlap_around(const quad *middle, const quad *width, quad by, size_t n, quad *upper, quad *lower) {
    q_copy(upper, q_add(middle, q_scale(width, by, n), n), n);
    q_copy(lower, q_sub(middle, q_scale(width, by, n), n), n);
}

void ref_kc(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *close = q_from(in[2], n);
    quad *price = params[3] == 0 ? q_typical(high, low, close, n) : close;
    quad *middle = params[4] == 0 ? q_ema(price, n, (size_t)params[0]) : q_mean(price, n, (size_t)params[0]);
    quad *width = params[5] == 0 ? overlap_atr(in, n, params[1]) : q_mean(q_sub(high, low, n), n, (size_t)params[1]);
    q_copy(out[1], middle, n);
    overlap_around(middle, width, params[2], n, out[0], out[2]);
}
void ref_starc(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[1], q_mean(q_from(in[2], n), n, (size_t)params[0]), n);
    overlap_around(out[1], overlap_atr(in, n, params[1]), params[2], n, out[0], out[2]);
}
void ref_atrbands(const double *params, const double *const *in, size_t n, quad *const *out) {
    overlap_around(q_from(in[2], n), overlap_atr(in, n, params[0]), params[1], n, out[0], out[1]);
}
void ref_chandelier(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *width = q_scale(overlap_atr(in, n, params[0]), params[1], n);
    q_copy(out[0], q_sub(q_max(q_from(in[0], n), n, (size_t)params[0]), width, n), n);
    q_copy(out[1], q_add(q_min(q_from(in[1], n), n, (size_t)params[0]), width, n), n);
}
void ref_cksp(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *first[2] = {q_new(n), q_new(n)};
    ref_chandelier(params, in, n, first);
    q_copy(out[0], q_max(first[0], n, (size_t)params[2]), n);
    q_copy(out[1], q_min(first[1], n, (size_t)params[2]), n);
}

void ref_envelope(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *middle = params[2] == 0 ? q_mean(x, n, (size_t)params[0]) : q_ema(x, n, (size_t)params[0]);
    q_copy(out[1], middle, n);
    overlap_around(middle, middle, (quad)params[1] / 100, n, out[0], out[2]);
}

void ref_ichimoku(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n);
    q_copy(out[0], overlap_middle(high, low, n, (size_t)params[0]), n);
    q_copy(out[1], overlap_middle(high, low, n, (size_t)params[1]), n);
    q_copy(out[2], q_scale(q_add(out[0], out[1], n), (quad)1 / 2, n), n);
    q_copy(out[3], overlap_middle(high, low, n, (size_t)params[2]), n);
    q_copy(out[4], q_from(in[2], n), n);
}

void ref_alligator(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *middle = q_median_price(q_from(in[0], n), q_from(in[1], n), n);
    for (int o = 0; o < 3; o++) q_copy(out[o], q_rma(middle, n, (size_t)params[o]), n);
}

void ref_hilo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *above = q_mean(q_from(in[0], n), n, (size_t)params[0]), *below = q_mean(q_from(in[1], n), n, (size_t)params[0]);
    quad *close = q_from(in[2], n), trend = q_nan();
    for (size_t k = 1; k < n; k++) {
        int known = q_known(close[k]) && q_known(above[k - 1]) && q_known(below[k - 1]);
        if (known && close[k] > above[k - 1]) trend = 1;
        if (known && close[k] < below[k - 1]) trend = -1;
        out[1][k] = trend;
        out[0][k] = trend > 0 ? below[k] : trend < 0 ? above[k] : q_nan();
    }
}

void ref_ha(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 4, n, row);
    (void)params;
    for (size_t i = 0; i < rows; i++) {
        size_t k = row[i], before = i ? row[i - 1] : 0;
        quad high = in[1][k], low = in[2][k], all = (quad)in[0][k] + high + low + in[3][k];
        out[0][k] = i ? (out[0][before] + out[3][before]) / 2 : ((quad)in[0][k] + in[3][k]) / 2;
        out[3][k] = all / 4;
        out[1][k] = q_max2(high, q_max2(out[0][k], out[3][k]));
        out[2][k] = q_min2(low, q_min2(out[0][k], out[3][k]));
    }
}

void ref_percentb(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *mean = q_mean(x, n, (size_t)params[0]), *std = q_std(x, n, (size_t)params[0], 0);
    for (size_t k = 0; k < n; k++) {
        quad lower = mean[k] - params[1] * std[k], upper = mean[k] + params[1] * std[k];
        out[0][k] = q_div(x[k] - lower, upper - lower);
    }
}

void ref_gator(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *jaw = q_new(n), *teeth = q_new(n), *lips = q_new(n), *const line[3] = {jaw, teeth, lips};
    ref_alligator(params, in, n, line);
    for (size_t k = 5; k < n; k++) {
        if (k >= 8) out[0][k] = q_abs(jaw[k - 8] - teeth[k - 5]);
        out[1][k] = -q_abs(teeth[k - 5] - lips[k - 3]);
    }
}

void ref_bop(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *open = q_in(in, 4, 0, n), *high = q_in(in, 4, 1, n), *low = q_in(in, 4, 2, n), *close = q_in(in, 4, 3, n);
    (void)params;
    for (size_t k = 0; k < n; k++) out[0][k] = high[k] == low[k] ? 0 : (close[k] - open[k]) / (high[k] - low[k]);
}
