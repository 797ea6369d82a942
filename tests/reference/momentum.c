/* Oscillators of price: group momentum. */
#include "series.h"
#include <stdlib.h>

/* A series that is a value of its own, which a double has to hold: differences of such values show its rounding. */
static quad *mom_held(quad *x, size_t n) {
    for (size_t k = 0; k < n; k++) x[k] = q_rounded(x[k]);
    return x;
}

/* The line of least squares at the newest row, of a mean and a slope that doubles hold. */
static quad *mom_line(const quad *x, size_t n, size_t w) {
    return q_add(mom_held(q_mean(x, n, w), n), q_scale(mom_held(q_slope(x, n, w), n), (quad)(w - 1) / 2, n), n);
}

typedef quad *mom_smoothing(const quad *x, size_t n, size_t w);

static quad mom_up(quad x) { return q_known(x) ? (x > 0 ? x : 0) : x; }
static quad mom_down(quad x) { return q_known(x) ? (x < 0 ? -x : 0) : x; }
/* 1 where a > b, else 0. Where only rounding tells them apart it is unknown once inputs are shaken: such a bar says nothing. */
static quad mom_above(quad a, quad b) {
    if (a != b && q_abs(a - b) < q_abs(a) * (quad)0x1p-48 && q_rounded(1) != 1) return q_nan();
    return q_known(a - b) ? a > b : q_nan();
}
static quad mom_cut(quad x, quad low, quad high) { return q_max2(q_min2(x, high), low); }
/* 100 a / b */
static quad *mom_percent(const quad *a, const quad *b, size_t n) { return q_scale(q_quotient(a, b, n), 100, n); }
/* 100 a / (a + b) */
static quad *mom_share(const quad *a, const quad *b, size_t n) { return mom_percent(a, q_add(a, b, n), n); }
static quad *mom_middle(const double *const *in, size_t n) { return q_median_price(q_from(in[0], n), q_from(in[1], n), n); }
static quad *mom_typical(const double *const *in, size_t n) { return q_typical(q_from(in[0], n), q_from(in[1], n), q_from(in[2], n), n); }
static quad *mom_tr(const double *const *in, size_t n) { return q_tr(q_from(in[0], n), q_from(in[1], n), q_from(in[2], n), n); }

/* Place of the close within the range of w bars of high and low, in percent. */
static quad *mom_place(const double *const *in, size_t n, size_t w) {
    quad *top = q_max(q_from(in[0], n), n, w), *bottom = q_min(q_from(in[1], n), n, w);
    quad *place = mom_percent(q_sub(q_from(in[2], n), bottom, n), q_sub(top, bottom, n), n);
    for (size_t k = 0; k < n; k++) place[k] = mom_cut(place[k], 0, 100);
    return place;
}

/* --------------------------------------------------------------------------------------------------- changes --- */

void ref_mom(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_change(q_from(in[0], n), n, (size_t)params[0]), n);
}
static quad *mom_roc(const quad *x, size_t n, size_t d) { return mom_held(mom_percent(q_change(x, n, d), q_lag(x, n, d), n), n); }
void ref_roc(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], mom_roc(q_from(in[0], n), n, (size_t)params[0]), n);
}
void ref_rocp(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_quotient(q_change(x, n, (size_t)params[0]), q_lag(x, n, (size_t)params[0]), n), n);
}
void ref_rocr(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_ratio(q_from(in[0], n), n, (size_t)params[0]), n);
}
void ref_rocr100(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(q_ratio(q_from(in[0], n), n, (size_t)params[0]), 100, n), n);
}
void ref_cmo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *d = q_change(q_from(in[0], n), n, 1), *a = q_rma(q_map(d, n, mom_up), n, (size_t)params[0]), *b = q_rma(q_map(d, n, mom_down), n, (size_t)params[0]);
    q_copy(out[0], mom_percent(q_sub(a, b, n), q_add(a, b, n), n), n);
}
void ref_cmou(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *d = q_change(q_from(in[0], n), n, 1), *a = q_sum(q_map(d, n, mom_up), n, (size_t)params[0]), *b = q_sum(q_map(d, n, mom_down), n, (size_t)params[0]);
    q_copy(out[0], mom_percent(q_sub(a, b, n), q_add(a, b, n), n), n);
}
void ref_rmi(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *d = q_change(q_from(in[0], n), n, (size_t)params[1]);
    q_copy(out[0], mom_share(q_rma(q_map(d, n, mom_up), n, (size_t)params[0]), q_rma(q_map(d, n, mom_down), n, (size_t)params[0]), n), n);
}
void ref_imi(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *d = mom_held(q_sub(q_from(in[1], n), q_from(in[0], n), n), n);
    q_copy(out[0], mom_share(q_sum(q_map(d, n, mom_up), n, (size_t)params[0]), q_sum(q_map(d, n, mom_down), n, (size_t)params[0]), n), n);
}
void ref_demarker(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *up = q_sum(q_map(q_change(q_from(in[0], n), n, 1), n, mom_up), n, (size_t)params[0]);
    quad *down = q_sum(q_map(q_change(q_from(in[1], n), n, 1), n, mom_down), n, (size_t)params[0]);
    q_copy(out[0], q_quotient(up, q_add(up, down, n), n), n);
}
void ref_qstick(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_mean(mom_held(q_sub(q_from(in[1], n), q_from(in[0], n), n), n), n, (size_t)params[0]), n);
}
void ref_coppock(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_wmean(q_add(mom_roc(x, n, (size_t)params[1]), mom_roc(x, n, (size_t)params[2]), n), n, (size_t)params[0]), n);
}
void ref_kst(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *kst = q_constant(0, n);
    for (size_t i = 0; i < 4; i++)
        kst = q_add(kst, q_scale(mom_held(q_average_kind(mom_roc(x, n, (size_t)params[i]), n, (size_t)params[4 + i], (int)params[9]), n), (quad)(i + 1), n), n);
    q_copy(out[0], kst, n);
    q_copy(out[1], q_average_kind(mom_held(kst, n), n, (size_t)params[8], (int)params[10]), n);
}
void ref_pmo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *a = q_scale(q_ewm(mom_roc(q_from(in[0], n), n, 1), n, q_rounded(2 / (quad)params[0]), 1, 0), 10, n);
    quad *pmo = q_ewm(a, n, q_rounded(2 / (quad)params[1]), 1, 0);
    q_copy(out[0], pmo, n);
    q_copy(out[1], q_ema(pmo, n, (size_t)params[2]), n);
}
void ref_tsi(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t first = (size_t)params[0], second = (size_t)params[1];
    quad *d = q_change(q_from(in[0], n), n, 1), *top = q_ema(q_ema(d, n, first), n, second);
    quad *tsi = mom_percent(top, q_ema(q_ema(q_map(d, n, q_abs), n, first), n, second), n);
    for (size_t k = 0; k < n; k++) out[0][k] = mom_cut(tsi[k], -100, 100);
}
void ref_rsx(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad f = q_rounded(3 / ((quad)params[0] + 2)), *d[2];
    d[0] = q_change(q_from(in[0], n), n, 1), d[1] = q_map(d[0], n, q_abs);
    for (int i = 0; i < 2; i++)
        for (int stage = 0; stage < 3; stage++) {
            quad *once = q_ewm_zero(d[i], n, f), *twice = q_ewm_zero(once, n, f);
            d[i] = q_sub(q_scale(once, (quad)1.5, n), q_scale(twice, (quad)0.5, n), n);
        }
    for (size_t k = 0; k < n; k++) out[0][k] = mom_cut(50 * (q_div(d[0][k], d[1][k]) + 1), 0, 100);
}
void ref_er(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *way = q_sum(q_map(q_change(x, n, 1), n, q_abs), n, (size_t)params[0]);
    q_copy(out[0], q_quotient(q_map(q_change(x, n, (size_t)params[0]), n, q_abs), way, n), n);
}
void ref_vhf(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *x = q_from(in[0], n), *way = q_sum(q_map(q_change(x, n, 1), n, q_abs), n, w);
    q_copy(out[0], q_quotient(q_sub(q_max(x, n, w), q_min(x, n, w), n), way, n), n);
}
void ref_pfe(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *x = q_from(in[0], n), *d = q_change(x, n, w), *s = q_change(x, n, 1), *step = q_new(n), *pfe = q_new(n);
    for (size_t k = 0; k < n; k++) step[k] = q_sqrt(s[k] * s[k] + 1);
    step = q_sum(step, n, w);
    quad *most = q_max(q_map(s, n, q_abs), n, w);
    for (size_t k = 0; k < n; k++)
        if (most[k] > 0) pfe[k] = (d[k] < 0 ? -100 : 100) * q_sqrt(d[k] * d[k] + (quad)w * (quad)w) / step[k];
    q_copy(out[0], q_ema(pfe, n, (size_t)params[1]), n);
}
void ref_disparity(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *m = mom_held(q_mean(x, n, (size_t)params[0]), n);
    q_copy(out[0], mom_percent(q_sub(x, m, n), m, n), n);
}

/* ------------------------------------------------------------------------------------------- lines and means --- */

void ref_dpo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_sub(q_lag(x, n, (size_t)params[0] / 2 + 1), mom_held(q_mean(x, n, (size_t)params[0]), n), n), n);
}
void ref_fosc(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *x = q_from(in[0], n), *next = mom_held(q_add(mom_line(x, n, w), q_slope(x, n, w), n), n);
    q_copy(out[0], mom_percent(q_sub(x, q_lag(next, n, 1), n), x, n), n);
}
void ref_cti(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *time = q_new(n);
    for (size_t k = 0; k < n; k++) time[k] = (quad)k;
    q_copy(out[0], q_corr(q_from(in[0], n), time, n, (size_t)params[0]), n);
}
static quad *mom_ao(const double *params, const double *const *in, size_t n) {
    quad *m = mom_middle(in, n);
    return mom_held(q_sub(mom_held(q_mean(m, n, (size_t)params[0]), n), mom_held(q_mean(m, n, (size_t)params[1]), n), n), n);
}
void ref_ao(const double *params, const double *const *in, size_t n, quad *const *out) { q_copy(out[0], mom_ao(params, in, n), n); }
void ref_ac(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *ao = mom_ao(params, in, n);
    q_copy(out[0], q_sub(ao, mom_held(q_mean(ao, n, (size_t)params[2]), n), n), n);
}
void ref_apo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    size_t fast = (size_t)fmin(params[0], params[1]), slow = (size_t)fmax(params[0], params[1]);
    q_copy(out[0], q_sub(mom_held(q_average_kind(x, n, fast, (int)params[2]), n), mom_held(q_average_kind(x, n, slow, (int)params[2]), n), n), n);
}
void ref_ppo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    size_t fast = (size_t)fmin(params[0], params[1]), slow = (size_t)fmax(params[0], params[1]);
    quad *a = mom_held(q_average_kind(x, n, fast, (int)params[2]), n), *b = mom_held(q_average_kind(x, n, slow, (int)params[2]), n);
    q_copy(out[0], mom_percent(q_sub(a, b, n), b, n), n);
}
/* The lines less the signal; all three only where all are known. */
static void mom_macd(const quad *line, const quad *signal, size_t n, quad *const *out) {
    for (size_t k = 0; k < n; k++)
        if (q_known(signal[k])) out[0][k] = line[k], out[1][k] = signal[k], out[2][k] = line[k] - signal[k];
}
/* Bars that an average of the kind needs before its first value. */
static size_t mom_before(size_t w, double type) {
    if (w == 1) return 0;
    return type == 6 ? w : type == 7 ? 32 : (w - 1) * (type == 3 ? 2 : type == 4 ? 3 : type == 8 ? 6 : 1);
}
void ref_macdext(const double *params, const double *const *in, size_t n, quad *const *out) {
    int swap = params[2] < params[0];
    size_t w[2] = {(size_t)params[swap ? 2 : 0], (size_t)params[swap ? 0 : 2]};
    double type[2] = {params[swap ? 3 : 1], params[swap ? 1 : 3]};
    size_t before[2] = {mom_before(w[0], type[0]), mom_before(w[1], type[1])}, both = before[0] > before[1] ? before[0] : before[1];
    quad *x = q_from(in[0], n), *a[2];
    for (int i = 0; i < 2; i++)
        a[i] = type[i] == 1 ? q_ewm(x, n, 2 / ((quad)w[i] + 1), w[i], both - before[i]) : q_average_kind(x, n, w[i], (int)type[i]);
    quad *line = mom_held(q_sub(mom_held(a[0], n), mom_held(a[1], n), n), n);
    mom_macd(line, q_average_kind(line, n, (size_t)params[4], (int)params[5]), n, out);
}
void ref_macdfix(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *line = q_sub(q_ewm(x, n, q_rounded((quad)15 / 100), 12, 14), q_ewm(x, n, q_rounded((quad)75 / 1000), 26, 0), n);
    mom_macd(line, q_ema(line, n, (size_t)params[0]), n, out);
}
void ref_trix(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *a = q_from(in[0], n);
    for (int i = 0; i < 3; i++) a = q_ema(a, n, (size_t)params[0]);
    q_copy(out[0], mom_roc(mom_held(a, n), n, 1), n);
}
void ref_eri(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *e = mom_held(q_ema(q_from(in[2], n), n, (size_t)params[0]), n);
    q_copy(out[0], q_sub(q_from(in[0], n), e, n), n);
    q_copy(out[1], q_sub(q_from(in[1], n), e, n), n);
}
void ref_massi(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *r = q_sub(q_from(in[0], n), q_from(in[1], n), n);
    for (size_t k = 0; k < n; k++)
        if (r[k] < 0) r[k] = q_nan();
    quad *e = mom_held(q_ema(mom_held(r, n), n, (size_t)params[0]), n);
    q_copy(out[0], q_sum(mom_held(q_quotient(e, q_ema(e, n, (size_t)params[0]), n), n), n, (size_t)params[1]), n);
}
void ref_cvi(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], mom_roc(q_ema(q_sub(q_from(in[0], n), q_from(in[1], n), n), n, (size_t)params[0]), n, (size_t)params[1]), n);
}
void ref_pgo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *c = q_from(in[2], n);
    q_copy(out[0], q_quotient(q_sub(c, mom_held(q_mean(c, n, (size_t)params[0]), n), n), q_ema(mom_tr(in, n), n, (size_t)params[0]), n), n);
}
void ref_wavetrend(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *p = mom_held(mom_typical(in, n), n), *off = q_sub(p, mom_held(q_ema(p, n, w), n), n), *d = q_ema(q_map(off, n, q_abs), n, w);
    quad *wave = mom_held(q_ema(mom_held(q_quotient(off, q_scale(d, q_rounded((quad)15 / 1000), n), n), n), n, (size_t)params[1]), n);
    q_copy(out[0], wave, n);
    q_copy(out[1], q_mean(wave, n, (size_t)params[2]), n);
}

void ref_macd(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t fast = (size_t)fmin(params[0], params[1]), slow = (size_t)fmax(params[0], params[1]), smooth = (size_t)params[2];
    quad *x = q_from(in[0], n);
    quad *line = q_sub(q_ewm(x, n, 2 / ((quad)fast + 1), fast, slow - fast), q_ema(x, n, slow), n), *signal = q_ema(line, n, smooth);
    for (size_t k = 0; k < n; k++) {
        if (!q_known(signal[k])) continue;
        out[0][k] = line[k], out[1][k] = signal[k], out[2][k] = line[k] - signal[k];
    }
}

void ref_rsi(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad length = params[0], alpha = params[1] == 1 ? 2 / (length + 1) : 1 / length;
    size_t *row = q_rows(n), rows = q_known_rows(in, 1, n, row);
    quad *change = q_change(q_pack(in[0], row, rows), rows, 1), *up = q_new(rows), *down = q_new(rows), *rsi = q_new(rows);
    for (size_t k = 1; k < rows; k++) up[k] = change[k] > 0 ? change[k] : 0, down[k] = change[k] < 0 ? -change[k] : 0;
    if (params[1] == 2) up = q_mean(up, rows, (size_t)length), down = q_mean(down, rows, (size_t)length);
    else up = q_ewm(up, rows, alpha, (size_t)length, 0), down = q_ewm(down, rows, alpha, (size_t)length, 0);
    for (size_t k = 0; k < rows; k++) {
        if (!q_known(up[k])) continue;
        quad sum = (up[k] < 0x1p-1000 ? 0 : up[k]) + (down[k] < 0x1p-1000 ? 0 : down[k]); /* gone */
        rsi[k] = sum > 0 ? 100 * (up[k] < 0x1p-1000 ? 0 : up[k]) / sum : params[3] == 1 ? 100 : params[2];
        if (params[3] == 2 && down[k] < 0x1p-1000) rsi[k] = q_nan();
    }
    q_spread(out[0], rsi, row, rows);
}

/* ------------------------------------------------------------------------------------------ places in ranges --- */

void ref_stoch(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *k = q_average_kind(mom_place(in, n, (size_t)params[0]), n, (size_t)params[1], (int)params[2]);
    q_copy(out[0], k, n);
    q_copy(out[1], q_average_kind(k, n, (size_t)params[3], (int)params[4]), n);
}
void ref_stochf(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *k = mom_place(in, n, (size_t)params[0]);
    q_copy(out[0], k, n);
    q_copy(out[1], q_average_kind(k, n, (size_t)params[1], (int)params[2]), n);
}
void ref_stochrsi(const double *params, const double *const *in, size_t n, quad *const *out) {
    const double index[4] = {params[0], 0, 50, 0};
    quad *r = q_new(n), *k;
    ref_rsi(index, in, n, &r);
    mom_held(r, n);
    quad *bottom = q_min(r, n, (size_t)params[1]), *range = q_sub(q_max(r, n, (size_t)params[1]), bottom, n);
    for (size_t i = 0; i < n; i++)
        if (range[i] < (quad)1e-9) range[i] = q_nan(); /* it did not move */
    k = mom_percent(q_sub(r, bottom, n), range, n);
    q_copy(out[0], k, n);
    q_copy(out[1], q_average_kind(k, n, (size_t)params[2], (int)params[3]), n);
}
void ref_rsv(const double *params, const double *const *in, size_t n, quad *const *out) { q_copy(out[0], mom_place(in, n, (size_t)params[0]), n); }
void ref_willr(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *k = mom_place(in, n, (size_t)params[0]);
    for (size_t i = 0; i < n; i++) out[0][i] = k[i] - 100;
}
void ref_kdj(const double *params, const double *const *in, size_t n, quad *const *out) {
    static mom_smoothing *const kinds[] = {q_rma, q_mean, q_ema};
    mom_smoothing *smooth = kinds[(int)params[3]];
    quad *k = smooth(mom_place(in, n, (size_t)params[0]), n, (size_t)params[1]), *d = smooth(k, n, (size_t)params[2]);
    for (size_t i = 0; i < n; i++) out[0][i] = k[i], out[1][i] = d[i], out[2][i] = 3 * k[i] - 2 * d[i];
}
void ref_smi(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0], fast = (size_t)params[1], slow = (size_t)params[2];
    quad *top = q_max(q_from(in[0], n), n, w), *bottom = q_min(q_from(in[1], n), n, w), *c = q_from(in[2], n);
    quad *off = mom_held(q_sub(c, q_scale(q_add(top, bottom, n), (quad)0.5, n), n), n), *half = mom_held(q_scale(q_sub(top, bottom, n), (quad)0.5, n), n);
    quad *smi = mom_percent(q_ema(q_ema(off, n, slow), n, fast), q_ema(q_ema(half, n, slow), n, fast), n);
    for (size_t k = 0; k < n; k++) smi[k] = mom_cut(smi[k], -100, 100);
    q_copy(out[0], smi, n);
    q_copy(out[1], q_ema(smi, n, (size_t)params[3]), n);
}
void ref_pso(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *k = mom_place(in, n, (size_t)params[0]);
    for (size_t i = 0; i < n; i++) k[i] = (k[i] - 50) / 10;
    k = q_ema(q_ema(k, n, (size_t)params[1]), n, (size_t)params[1]);
    for (size_t i = 0; i < n; i++) out[0][i] = q_known(k[i]) ? (q_exp(k[i]) - 1) / (q_exp(k[i]) + 1) : q_nan();
}
void ref_ibs(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    quad *place = q_scale(mom_place(in, n, 1), 1 / (quad)100, n);
    q_copy(out[0], place, n);
}
/* Place of x in the range of w values; where it is flat the place before, while x is known. */
static quad *mom_held_place(const quad *x, size_t n, size_t w) {
    quad *bottom = q_min(x, n, w), *place = q_hold(mom_held(mom_percent(q_sub(x, bottom, n), q_sub(q_max(x, n, w), bottom, n), n), n), n);
    for (size_t k = 0; k < n; k++)
        if (!q_known(x[k])) place[k] = q_nan();
    return place;
}
void ref_stc(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *x = q_from(in[0], n), *y = q_sub(mom_held(q_ema(x, n, (size_t)params[1]), n), mom_held(q_ema(x, n, (size_t)params[2]), n), n);
    for (int i = 0; i < 2; i++) y = mom_held(q_ewm(mom_held_place(y, n, w), n, params[3], 1, 0), n);
    for (size_t k = 0; k < n; k++) out[0][k] = mom_cut(y[k], 0, 100);
}
void ref_cci(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *p = mom_held(mom_typical(in, n), n), *off = q_sub(p, mom_held(q_mean(p, n, (size_t)params[0]), n), n);
    q_copy(out[0], q_quotient(off, q_scale(q_avgdev(p, n, (size_t)params[0]), q_rounded((quad)15 / 1000), n), n), n);
}
void ref_ttm_squeeze(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    double *high = malloc(n * sizeof *high);
    const double *const bars[3] = {high, in[1], in[2]};
    if (!high) abort();
    for (size_t k = 0; k < n; k++) high[k] = in[0][k] >= in[1][k] ? in[0][k] : (double)NAN;
    quad *c = q_from(in[2], n), *wide = q_std(c, n, w, 0), *range = q_mean(mom_tr(bars, n), n, w), *mean = q_mean(c, n, w), *off = q_new(n);
    quad *top = q_max(q_from(high, n), n, w), *bottom = q_min(q_from(in[1], n), n, w);
    for (size_t k = 0; k < n; k++) {
        off[k] = c[k] - q_rounded(((top[k] + bottom[k]) / 2 + q_rounded(mean[k])) / 2);
        out[0][k] = mom_above(params[2] * range[k], params[1] * wide[k]);
    }
    q_copy(out[1], mom_line(off, n, w), n);
    free(high);
}
void ref_ttm_trend(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *m = q_mean(mom_middle(in, n), n, (size_t)params[0]), *c = q_from(in[2], n);
    for (size_t k = 0; k < n; k++) out[0][k] = 2 * mom_above(c[k], m[k]) - 1;
}

/* ------------------------------------------------------------------------------------------------- direction --- */

void ref_aroon(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *low = q_argmin(q_from(in[1], n), n, w + 1), *high = q_argmax(q_from(in[0], n), n, w + 1);
    for (size_t k = 0; k < n; k++) out[0][k] = 100 * ((quad)w - low[k]) / (quad)w, out[1][k] = 100 * ((quad)w - high[k]) / (quad)w;
}
void ref_aroonosc(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *both[2] = {q_new(n), q_new(n)};
    ref_aroon(params, in, n, both);
    q_copy(out[0], q_sub(both[1], both[0], n), n);
}
/* Moves up, moves down, true ranges of the rows of which all `inputs` are known; the first one has none. */
static void mom_moves(const double *const *in, size_t inputs, size_t n, quad *const *moves) {
    size_t *row = q_rows(n), all = q_known_rows(in, inputs, n, row), rows = 0;
    for (size_t k = 0; k < all; k++)
        if (in[0][row[k]] >= in[1][row[k]]) row[rows++] = row[k]; /* a bar whose high is below its low is none */
    quad *high = q_pack(in[0], row, rows), *low = q_pack(in[1], row, rows), *tr = q_new(rows), *plus = q_constant(0, rows), *minus = q_constant(0, rows);
    if (inputs == 3) tr = q_tr(high, low, q_pack(in[2], row, rows), rows);
    if (rows) tr[0] = 0;
    for (size_t k = 1; k < rows; k++) {
        quad up = high[k] - high[k - 1], down = low[k - 1] - low[k];
        if (up > down && up > 0) plus[k] = up;
        if (down > up && down > 0) minus[k] = down;
    }
    q_spread(moves[0], plus, row, rows);
    q_spread(moves[1], minus, row, rows);
    q_spread(moves[2], tr, row, rows);
}
void ref_dmove(const double *params, const double *const *in, size_t n, quad *const *out) { (void)params, mom_moves(in, 3, n, out); }
/* kind: 0 Wilder's average, 1 exponential. Alone, the first bar has nothing to say. */
static quad *mom_smooth(const quad *moves, size_t n, double w, double kind) {
    return q_average(moves, n, (size_t)w, kind == 0 ? 1 / (quad)w : 2 / ((quad)w + 1), 0, w == 1);
}
/* which: 0 up, 1 down */
static void mom_dm(int which, const double *params, const double *const *in, size_t n, quad *out) {
    quad *moves[3] = {q_new(n), q_new(n), q_new(n)};
    mom_moves(in, 2, n, moves);
    q_copy(out, q_scale(mom_smooth(moves[which], n, params[0], 0), params[0], n), n);
}
void ref_plus_dm(const double *params, const double *const *in, size_t n, quad *const *out) { mom_dm(0, params, in, n, out[0]); }
void ref_minus_dm(const double *params, const double *const *in, size_t n, quad *const *out) { mom_dm(1, params, in, n, out[0]); }
static void mom_di(int which, const double *params, const double *const *in, size_t n, quad *out) {
    quad *moves[3] = {q_new(n), q_new(n), q_new(n)};
    mom_moves(in, 3, n, moves);
    quad *di = mom_percent(mom_smooth(moves[which], n, params[0], params[1]), mom_smooth(moves[2], n, params[0], params[1]), n);
    for (size_t k = 0; k < n; k++) out[k] = q_min2(di[k], 100);
}
void ref_plus_di(const double *params, const double *const *in, size_t n, quad *const *out) { mom_di(0, params, in, n, out[0]); }
void ref_minus_di(const double *params, const double *const *in, size_t n, quad *const *out) { mom_di(1, params, in, n, out[0]); }
static quad *mom_dx(const double *params, const double *const *in, size_t n) {
    quad *moves[3] = {q_new(n), q_new(n), q_new(n)};
    mom_moves(in, 2, n, moves);
    quad *a = mom_smooth(moves[0], n, params[0], params[1]), *b = mom_smooth(moves[1], n, params[0], params[1]);
    return mom_percent(q_map(q_sub(a, b, n), n, q_abs), q_add(a, b, n), n);
}
void ref_dx(const double *params, const double *const *in, size_t n, quad *const *out) { q_copy(out[0], mom_dx(params, in, n), n); }
/* The first dx of a longer one is left out. */
static quad *mom_adx(const double *params, const double *const *in, size_t n) {
    const quad w = params[0];
    return q_average(mom_dx(params, in, n), n, (size_t)params[0], params[1] == 0 ? 1 / w : 2 / (w + 1), 0, w > 1);
}
void ref_adx(const double *params, const double *const *in, size_t n, quad *const *out) { q_copy(out[0], mom_adx(params, in, n), n); }
void ref_adxr(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *adx = mom_adx(params, in, n);
    q_copy(out[0], q_scale(q_add(adx, q_lag(adx, n, (size_t)params[0] - 1), n), (quad)0.5, n), n);
}
void ref_vortex(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *tr = q_sum(mom_tr(in, n), n, (size_t)params[0]);
    for (int i = 0; i < 2; i++) {
        quad *move = i ? q_sub(low, q_lag(high, n, 1), n) : q_sub(high, q_lag(low, n, 1), n);
        q_copy(out[i], q_quotient(q_sum(q_map(move, n, q_abs), n, (size_t)params[0]), tr, n), n);
    }
}
void ref_chop(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *before = params[1] == 1 ? q_lag(q_from(in[2], n), n, 1) : NULL, *way = q_sum(mom_tr(in, n), n, w);
    for (size_t k = 0; params[1] == 1 && k < n; k++) high[k] = q_max2(high[k], before[k]), low[k] = q_min2(low[k], before[k]);
    quad *range = q_sub(q_max(high, n, w), q_min(low, n, w), n);
    for (size_t k = 0; k < n; k++) out[0][k] = 100 * q_ln(q_div(way[k], range[k])) / q_ln((quad)w);
}
void ref_rwi(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *walk = q_new(n), *high = q_from(in[0], n), *low = q_from(in[1], n);
    const double wilder[2] = {params[0], 0};
    ref_atr(wilder, in, n, &walk);
    walk = q_scale(walk, q_sqrt((quad)w), n);
    q_copy(out[0], q_quotient(q_sub(high, q_lag(low, n, w), n), walk, n), n);
    q_copy(out[1], q_quotient(q_sub(q_lag(high, n, w), low, n), walk, n), n);
}
void ref_rvgi(const double *params, const double *const *in, size_t n, quad *const *out) {
    const quad weights[4] = {1, 2, 2, 1};
    quad *move = mom_held(q_sub(q_from(in[3], n), q_from(in[0], n), n), n), *range = mom_held(q_sub(q_from(in[1], n), q_from(in[2], n), n), n);
    quad *rvgi = q_quotient(q_sum(q_weighted(move, n, 4, weights), n, (size_t)params[0]), q_sum(q_weighted(range, n, 4, weights), n, (size_t)params[0]), n);
    q_copy(out[0], rvgi, n);
    q_copy(out[1], q_scale(q_weighted(rvgi, n, 4, weights), 1 / (quad)6, n), n);
}
static quad *mom_si(const double *params, const double *const *in, size_t n) {
    quad *open = q_from(in[0], n), *high = q_from(in[1], n), *low = q_from(in[2], n), *close = q_from(in[3], n), *si = q_new(n);
    for (size_t k = 1; k < n; k++) {
        quad a = q_abs(high[k] - close[k - 1]), b = q_abs(low[k] - close[k - 1]), c = high[k] - low[k], g = q_abs(close[k - 1] - open[k - 1]) / 4;
        quad move = close[k] - close[k - 1] + (close[k] - open[k]) / 2 + (close[k - 1] - open[k - 1]) / 4;
        quad r = a >= b && a >= c ? a - b / 2 + g : b >= c ? b - a / 2 + g : c + g;
        if (q_known(move) && q_known(a) && q_known(b)) si[k] = r == 0 ? 0 : 50 * move / r * q_max2(a, b) / params[0];
    }
    return si;
}
void ref_si(const double *params, const double *const *in, size_t n, quad *const *out) { q_copy(out[0], mom_si(params, in, n), n); }
void ref_asi(const double *params, const double *const *in, size_t n, quad *const *out) { q_copy(out[0], q_cumsum(mom_si(params, in, n), n), n); }

/* --------------------------------------------------------------------------------------- volatility, volume --- */

/* Standard deviation of the population. What is asked for are its proportions, which do not show the divisor. */
static quad mom_deviation(const quad *x, size_t w, quad arg) {
    quad mean = 0, sum = arg;
    for (size_t i = 0; i < w; i++) mean += x[i] / (quad)w;
    for (size_t i = 0; i < w; i++) sum += (x[i] - mean) * (x[i] - mean);
    return q_sqrt(sum);
}
static quad *mom_rvi(const double *params, const double *x, size_t n) {
    quad *v = q_from(x, n), *d = q_change(v, n, 1), *s = q_window(v, n, (size_t)params[1], mom_deviation, 0), *up = q_new(n), *down = q_new(n);
    for (size_t k = 0; k < n; k++)
        if (q_known(d[k]) && q_known(s[k])) up[k] = d[k] > 0 ? s[k] : 0, down[k] = d[k] < 0 ? s[k] : 0;
    return mom_share(q_rma(up, n, (size_t)params[0]), q_rma(down, n, (size_t)params[0]), n);
}
void ref_rvi(const double *params, const double *const *in, size_t n, quad *const *out) { q_copy(out[0], mom_rvi(params, in[0], n), n); }
void ref_rvir(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(q_add(mom_rvi(params, in[0], n), mom_rvi(params, in[1], n), n), (quad)0.5, n), n);
}
void ref_inertia(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], mom_line(mom_rvi(params + 1, in[0], n), n, (size_t)params[0]), n);
}
void ref_trange(const double *params, const double *const *in, size_t n, quad *const *out) { (void)params, q_copy(out[0], mom_tr(in, n), n); }
void ref_natr(const double *params, const double *const *in, size_t n, quad *const *out) {
    const double wilder[2] = {params[0], 0};
    quad *atr = q_new(n);
    ref_atr(wilder, in, n, &atr);
    q_copy(out[0], mom_percent(atr, q_from(in[2], n), n), n);
}
void ref_mfi(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *p = mom_typical(in, n), *flow = q_mul(p, q_from(in[3], n), n), *up = q_new(n), *down = q_new(n);
    for (size_t k = 1; k < n; k++) up[k] = flow[k] * mom_above(p[k], p[k - 1]), down[k] = flow[k] * mom_above(p[k - 1], p[k]);
    q_copy(out[0], mom_share(q_sum(up, n, (size_t)params[0]), q_sum(down, n, (size_t)params[0]), n), n);
}
void ref_marketfi(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    q_copy(out[0], q_quotient(q_sub(q_from(in[0], n), q_from(in[1], n), n), q_from(in[2], n), n), n);
    for (size_t k = 0; k < n; k++)
        if (in[0][k] < in[1][k] || in[2][k] < 0) out[0][k] = q_nan();
}
void ref_emv(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *move = q_mul(q_change(mom_middle(in, n), n, 1), q_sub(q_from(in[0], n), q_from(in[1], n), n), n);
    q_copy(out[0], q_mean(q_scale(q_quotient(move, q_from(in[2], n), n), params[1], n), n, (size_t)params[0]), n);
}
void ref_wad(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *close = q_from(in[2], n), *move = q_new(n);
    for (size_t k = 1; k < n; k++) {
        quad c = close[k - 1];
        if (q_known(c + close[k] + high[k] + low[k])) move[k] = close[k] > c ? close[k] - q_min2(low[k], c) : close[k] < c ? close[k] - q_max2(high[k], c) : 0;
    }
    q_copy(out[0], q_cumsum(move, n), n);
}
void ref_ultosc(const double *params, const double *const *in, size_t n, quad *const *out) {
    double w[3] = {params[0], params[1], params[2]};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++)
            if (w[j] > w[j + 1]) {
                double t = w[j];
                w[j] = w[j + 1], w[j + 1] = t;
            }
    quad *close = q_from(in[2], n), *before = q_lag(close, n, 1), *low = q_from(in[1], n), *tr = mom_tr(in, n), *buying = q_new(n);
    for (size_t k = 0; k < n; k++) buying[k] = close[k] - q_min2(low[k], before[k]), out[0][k] = 0;
    for (int i = 0; i < 3; i++) {
        quad *part = mom_percent(q_sum(buying, n, (size_t)w[i]), q_sum(tr, n, (size_t)w[i]), n);
        for (size_t k = 0; k < n; k++) out[0][k] += (quad)(4 >> i) * part[k] / 7;
    }
    for (size_t k = 0; k < n; k++) out[0][k] = mom_cut(out[0][k], 0, 100);
}
/* Values in a row that rose (or, negative, fell), of the known ones; the test frees nothing of it: a series of quads is its room. */
static const double *mom_streaks(const double *x, size_t n) {
    size_t *row = q_rows(n), rows = q_known_rows(&x, 1, n, row);
    double *streak = (double *)(void *)q_new(n), last = 0;
    for (size_t k = 0; k < n; k++) streak[k] = (double)NAN;
    for (size_t i = 1; i < rows; i++) {
        double now = x[row[i]], before = x[row[i - 1]];
        last = now > before ? (last > 0 ? last : 0) + 1 : now < before ? (last < 0 ? last : 0) - 1 : 0;
        streak[row[i]] = last;
    }
    return streak;
}
/* 100 gain / (gain + loss) with Wilder's averages, gone through bar by bar over known values. */
static quad *mom_index(const double *x, size_t n, size_t w) {
    size_t *row = q_rows(n), rows = q_known_rows(&x, 1, n, row);
    quad *index = q_new(n), up = 0, down = 0;
    for (size_t i = 1; i < rows; i++) {
        quad d = (quad)x[row[i]] - (quad)x[row[i - 1]], share = 1 / (quad)w;
        if (i <= w) up += mom_up(d) * share, down += mom_down(d) * share;
        else up += (mom_up(d) - up) * share, down += (mom_down(d) - down) * share;
        if (up < 0x1p-1000) up = 0;
        if (down < 0x1p-1000) down = 0;
        if (i >= w) index[row[i]] = up + down > 0 ? 100 * up / (up + down) : 50;
    }
    return index;
}
void ref_crsi(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[2];
    quad *x = q_from(in[0], n), *ratio = q_ratio(x, n, 1), *a = mom_index(in[0], n, (size_t)params[0]), *b = mom_index(mom_streaks(in[0], n), n, (size_t)params[1]);
    for (size_t k = w; k < n; k++) {
        quad less = 0;
        for (size_t j = k - w; j < k; j++) less += mom_above(ratio[k], ratio[j]);
        out[0][k] = (a[k] + b[k] + 100 * less / (quad)w) / 3;
    }
}

static void mom_trail(const quad *x, const quad *width, size_t n, quad *line, quad *trend) {
    quad below = 0, above = 0, before = 0;
    int up = 1, begun = 0;
    for (size_t k = 0; k < n; k++) {
        if (!q_known(x[k]) || !q_known(width[k])) continue;
        quad low = x[k] - width[k], high = x[k] + width[k];
        int keep_low = begun && before > below && x[k] > below, keep_high = begun && before < above && x[k] < above;
        if (begun && up ? x[k] < below : begun && x[k] > above) up = !up;
        below = keep_low && below > low ? below : low;
        above = keep_high && above < high ? above : high;
        line[k] = up ? below : above, trend[k] = up ? 1 : -1;
        before = x[k], begun = 1;
    }
}
void ref_trail(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    mom_trail(q_from(in[0], n), q_from(in[1], n), n, out[0], out[1]);
}
void ref_qqe(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = 2 * (size_t)params[0] - 1;
    quad *index = mom_held(q_ema(mom_index(in[0], n, (size_t)params[0]), n, (size_t)params[1]), n);
    quad *step = q_ema(q_ema(q_map(q_change(index, n, 1), n, q_abs), n, w), n, w);
    q_copy(out[0], index, n);
    mom_trail(index, q_scale(step, params[2], n), n, out[1], out[2]);
}
