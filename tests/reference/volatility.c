/* Group volatility. */
#include "series.h"

void ref_atr(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 3, n, row);
    quad *tr = q_tr(q_pack(in[0], row, rows), q_pack(in[1], row, rows), q_pack(in[2], row, rows), rows);
    static quad *(*const kinds[])(const quad *, size_t, size_t) = {q_rma, q_ema, q_mean};
    q_spread(out[0], kinds[(int)params[1]](tr, rows, (size_t)params[0]), row, rows);
}

void ref_bbw(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *mean = q_mean(x, n, (size_t)params[0]), *std = q_std(x, n, (size_t)params[0], 0);
    q_copy(out[0], q_quotient(q_scale(std, 2 * (quad)params[1], n), mean, n), n);
}

void ref_volatility(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *ratio = q_ratio(q_from(in[0], n), n, 1);
    q_copy(out[0], q_scale(q_std(ratio, n, (size_t)params[0], 0), q_sqrt(params[1]), n), n);
}

/* Logarithms of returns, as doubles hold them. */
static quad *risk_returns(const double *const *in, size_t n) {
    quad *x = q_from(in[0], n), *r = q_map(q_ratio(x, n, 1), n, q_ln);
    for (size_t k = 0; k < n; k++) r[k] = q_rounded(r[k]);
    return r;
}
static quad *risk_simple(const double *const *in, size_t n) {
    quad *x = q_from(in[0], n);
    return q_quotient(q_change(x, n, 1), q_lag(x, n, 1), n);
}
static quad *risk_squares(const quad *x, size_t n) { return q_mul(x, x, n); }
/* sqrt(factor * x) */
static void risk_root(const quad *x, quad factor, size_t n, quad *out) { q_copy(out, q_map(q_scale(x, factor, n), n, q_sqrt), n); }
/* ln(a/b) of two inputs, b of `before` bars ago */
static quad *risk_log(const double *const *in, size_t a, size_t b, size_t before, size_t n) {
    return q_map(q_quotient(q_from(in[a], n), q_lag(q_from(in[b], n), n, before), n), n, q_ln);
}
/* (m - x)/m, m the greatest of w values */
static quad *risk_below(const quad *x, const quad *m, size_t n) { return q_quotient(q_sub(m, x, n), m, n); }

void ref_parkinson(const double *params, const double *const *in, size_t n, quad *const *out) {
    risk_root(q_mean(risk_squares(risk_log(in, 0, 1, 0, n), n), n, (size_t)params[0]), (quad)params[1] / (4 * q_ln(2)), n, out[0]);
}
enum { RISK_OPEN, RISK_HIGH, RISK_LOW, RISK_CLOSE };
static quad *risk_garman(const double *const *in, size_t n) {
    quad *range = q_scale(risk_squares(risk_log(in, RISK_HIGH, RISK_LOW, 0, n), n), (quad)0.5, n);
    return q_sub(range, q_scale(risk_squares(risk_log(in, RISK_CLOSE, RISK_OPEN, 0, n), n), 2 * q_ln(2) - 1, n), n);
}
static quad *risk_rogers(const double *const *in, size_t n) {
    quad *high = q_mul(risk_log(in, RISK_HIGH, RISK_CLOSE, 0, n), risk_log(in, RISK_HIGH, RISK_OPEN, 0, n), n);
    return q_add(high, q_mul(risk_log(in, RISK_LOW, RISK_CLOSE, 0, n), risk_log(in, RISK_LOW, RISK_OPEN, 0, n), n), n);
}
void ref_garmanklass(const double *params, const double *const *in, size_t n, quad *const *out) {
    risk_root(q_mean(risk_garman(in, n), n, (size_t)params[0]), (quad)params[1], n, out[0]);
}
void ref_rogerssatchell(const double *params, const double *const *in, size_t n, quad *const *out) {
    risk_root(q_mean(risk_rogers(in, n), n, (size_t)params[0]), (quad)params[1], n, out[0]);
}
void ref_yangzhang(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad k = (quad)0.34 / ((quad)1.34 + ((quad)w + 1) / ((quad)w - 1));
    quad *gap = q_var(risk_log(in, RISK_OPEN, RISK_CLOSE, 1, n), n, w, 1), *body = q_var(risk_log(in, RISK_CLOSE, RISK_OPEN, 0, n), n, w, 1);
    quad *all = q_add(gap, q_add(q_scale(body, k, n), q_scale(q_mean(risk_rogers(in, n), n, w), 1 - k, n), n), n);
    risk_root(all, (quad)params[1], n, out[0]);
}
void ref_gkyz(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *gap = risk_squares(risk_log(in, RISK_OPEN, RISK_CLOSE, 1, n), n);
    risk_root(q_mean(q_add(gap, risk_garman(in, n), n), n, (size_t)params[0]), (quad)params[1], n, out[0]);
}
void ref_hv(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(q_std(risk_returns(in, n), n, (size_t)params[0], 1), q_sqrt((quad)params[1]), n), n);
}
void ref_rv(const double *params, const double *const *in, size_t n, quad *const *out) {
    risk_root(q_sum(risk_squares(risk_returns(in, n), n), n, (size_t)params[0]), (quad)params[1], n, out[0]);
}
void ref_bipower(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *r = risk_returns(in, n), *products = q_map(q_mul(r, q_lag(r, n, 1), n), n, q_abs);
    quad *b = q_scale(q_sum(products, n, w - 1), q_pi() / 2 * (quad)w / (quad)(w - 1), n), *all = q_sum(risk_squares(r, n), n, w);
    risk_root(b, 1, n, out[0]);
    for (size_t k = 0; k < n; k++) out[1][k] = q_max2(1 - q_div(b[k], all[k]), 0);
}
void ref_medrv(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *m = q_median(q_map(risk_returns(in, n), n, q_abs), n, 3), factor = q_pi() / (6 - 4 * q_sqrt(3) + q_pi());
    risk_root(q_sum(risk_squares(m, n), n, w - 2), factor * (quad)w / (quad)(w - 2) * (quad)params[1], n, out[0]);
}
void ref_minrv(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *r = q_map(risk_returns(in, n), n, q_abs), *m = q_new(n), factor = q_pi() / (q_pi() - 2);
    for (size_t k = 1; k < n; k++) m[k] = q_min2(r[k], r[k - 1]);
    risk_root(q_sum(risk_squares(m, n), n, w - 1), factor * (quad)w / (quad)(w - 1) * (quad)params[1], n, out[0]);
}
void ref_ewmavol(const double *params, const double *const *in, size_t n, quad *const *out) {
    risk_root(q_ewm(risk_squares(risk_returns(in, n), n), n, q_rounded(1 - (quad)params[0]), 1, 0), (quad)params[1], n, out[0]);
}
void ref_adr(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_mean(q_sub(q_from(in[0], n), q_from(in[1], n), n), n, (size_t)params[0]), n);
}
void ref_adrp(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *low = q_from(in[1], n);
    q_copy(out[0], q_scale(q_mean(q_quotient(q_sub(q_from(in[0], n), low, n), low, n), n, (size_t)params[0]), 100, n), n);
}
void ref_gap(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *before = q_lag(q_from(in[1], n), n, 1);
    (void)params;
    q_copy(out[0], q_scale(q_quotient(q_sub(q_from(in[0], n), before, n), before, n), 100, n), n);
}
void ref_ulcer(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *x = q_from(in[0], n);
    risk_root(q_mean(risk_squares(q_scale(risk_below(x, q_max(x, n, w), n), 100, n), n), n, w), 1, n, out[0]);
}
void ref_pain(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_scale(q_mean(risk_below(x, q_max(x, n, w), n), n, w), 100, n), n);
}
void ref_wvf(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(risk_below(q_from(in[0], n), q_max(q_from(in[1], n), n, (size_t)params[0]), n), 100, n), n);
}
void ref_semidev(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *r = risk_simple(in, n), *side[2] = {q_new(n), q_new(n)};
    for (size_t k = 0; k < n; k++) {
        quad over = q_rounded(r[k]) - (quad)params[1];
        side[0][k] = q_min2(over, 0), side[1][k] = q_max2(over, 0);
    }
    for (int i = 0; i < 2; i++) risk_root(q_mean(risk_squares(side[i], n), n, (size_t)params[0]), 1, n, out[i]);
}
void ref_volratio(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *r = risk_returns(in, n);
    q_copy(out[0], q_quotient(q_std(r, n, (size_t)params[0], 1), q_std(r, n, (size_t)params[1], 1), n), n);
}
void ref_vov(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *s = q_std(risk_returns(in, n), n, (size_t)params[0], 1);
    for (size_t k = 0; k < n; k++) s[k] = q_rounded(s[k]); /* as doubles hold them */
    q_copy(out[0], q_std(s, n, (size_t)params[1], 1), n);
}
/* Places alone count: the divisor of a deviation does not, nor its root. Two that are next to equal have no order once inputs are shaken. */
static quad risk_spread(const quad *x, size_t w, quad none) {
    quad mean = 0, squares = 0;
    (void)none;
    for (size_t j = 0; j < w; j++) mean += x[j] / (quad)w;
    for (size_t j = 0; j < w; j++) squares += (x[j] - mean) * (x[j] - mean);
    return squares;
}
void ref_hvp(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[1];
    quad *s = q_window(risk_returns(in, n), n, (size_t)params[0], risk_spread, 0);
    for (size_t k = w - 1; k < n; k++) {
        quad lower = 0;
        for (size_t j = k + 1 - w; j < k; j++) {
            int near = s[k] != 0 && q_abs(s[j] - s[k]) < s[k] * (quad)0x1p-40;
            lower += !q_known(s[j]) || (near && q_rounded(1) != 1) ? q_nan() : s[j] < s[k];
        }
        if (q_known(s[k])) out[0][k] = 100 * lower / (quad)(w - 1);
    }
}

/* ---- spreads, and what was lost ---- */

void ref_roll_spread(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *d = q_change(q_from(in[0], n), n, 1);
    for (size_t k = 0; k < n; k++) d[k] = q_rounded(d[k]); /* as doubles hold them */
    risk_root(q_cov(d, q_lag(d, n, 1), n, (size_t)params[0], 1), -4, n, out[0]);
}
void ref_underwater(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), peak = q_nan(), worst = q_nan(), bars = q_nan();
    (void)params;
    for (size_t k = 0; k < n; k++) {
        bars += 1;
        if (!q_known(x[k])) {
            out[2][k] = bars;
            continue;
        }
        if (!q_known(peak) || x[k] >= peak) peak = x[k], bars = 0;
        quad fall = q_div(peak - x[k], peak);
        if (q_known(fall) && !(worst >= fall)) worst = fall;
        out[0][k] = fall, out[1][k] = q_known(fall) ? worst : fall, out[2][k] = bars;
    }
}
