/* Group volume. */
#include "series.h"

void ref_obv(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 2, n, row);
    quad *close = q_pack(in[0], row, rows), *volume = q_pack(in[1], row, rows), *sign = q_map(q_change(close, rows, 1), rows, q_sign);
    (void)params;
    if (rows) sign[0] = 1;
    q_spread(out[0], q_cumsum(q_mul(sign, volume, rows), rows), row, rows);
}

void ref_vwap(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *close = q_in(in, 4, 2, n), *volume = q_in(in, 4, 3, n);
    quad *price = params[1] == 1 ? close : q_typical(q_in(in, 4, 0, n), q_in(in, 4, 1, n), close, n);
    quad *least = q_min(volume, n, w), *vwap = q_quotient(q_sum(q_mul(price, volume, n), n, w), q_sum(volume, n, w), n);
    for (size_t k = 0; k < n; k++)
        if (least[k] >= 0) out[0][k] = vwap[k];
}

static quad vol_up(quad x) { return q_known(x) ? x > 0 : x; }
static quad vol_down(quad x) { return q_known(x) ? x < 0 : x; }
static quad vol_still(quad x) { return q_known(x) ? x == 0 : x; }
/* The difference of a series of its own, which doubles hold, and the value before. */
static quad *vol_moves(const double *const *in, size_t n, size_t which) { return q_change(q_from(in[which], n), n, 1); }
static quad *vol_percent(const quad *a, const quad *b, size_t n) { return q_scale(q_quotient(a, b, n), 100, n); }
/* x where y is known */
static quad *vol_where(const quad *x, const quad *y, size_t n) {
    quad *z = q_new(n);
    for (size_t k = 0; k < n; k++)
        if (q_known(y[k])) z[k] = x[k];
    return z;
}
static quad vol_clip(quad x, quad top) { return q_max2(q_min2(x, top), -top); }

/* Volume by the place of the close between low (-1) and high (1). */
static quad *vol_placed(const quad *high, const quad *low, const quad *close, const quad *volume, size_t n) {
    quad *m = q_new(n);
    for (size_t k = 0; k < n; k++) {
        if (!q_known(high[k] + low[k] + close[k] + volume[k])) continue;
        m[k] = high[k] > low[k] ? (2 * close[k] - low[k] - high[k]) / (high[k] - low[k]) * volume[k] : high[k] < low[k] ? q_nan() : 0;
    }
    return m;
}
static quad *vol_flow(const double *const *in, size_t n) {
    return vol_placed(q_from(in[0], n), q_from(in[1], n), q_from(in[2], n), q_from(in[3], n), n);
}

void ref_ad(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    q_copy(out[0], q_cumsum(vol_flow(in, n), n), n);
}
void ref_adosc(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *ad = q_cumsum(vol_flow(in, n), n);
    for (size_t k = 0; k < n; k++) ad[k] = q_rounded(ad[k]);
    q_copy(out[0], q_sub(q_ewm(ad, n, 2 / ((quad)params[0] + 1), 1, 0), q_ewm(ad, n, 2 / ((quad)params[1] + 1), 1, 0), n), n);
}
void ref_cmf(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    q_copy(out[0], q_quotient(q_sum(vol_flow(in, n), n, w), q_sum(q_from(in[3], n), n, w), n), n);
}
void ref_efi(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_ema(q_mul(vol_moves(in, n, 0), q_from(in[1], n), n), n, (size_t)params[0]), n);
}
void ref_pvo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *volume = q_from(in[0], n), *a[2], *pvo, *signal;
    for (int i = 0; i < 2; i++) { /* fast, slow: each a value of its own, which a double has to hold */
        a[i] = q_average_kind(volume, n, (size_t)(i ? fmax(params[0], params[1]) : fmin(params[0], params[1])), (int)params[3]);
        for (size_t k = 0; k < n; k++) a[i][k] = q_rounded(a[i][k]);
    }
    pvo = vol_percent(q_sub(a[0], a[1], n), a[1], n);
    for (size_t k = 0; k < n; k++)
        if (q_abs(pvo[k]) > 1e300) pvo[k] = q_nan();
    signal = q_ema(pvo, n, (size_t)params[2]);
    q_copy(out[0], pvo, n), q_copy(out[1], signal, n), q_copy(out[2], q_sub(pvo, signal, n), n);
}
void ref_pvt(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *close = q_from(in[0], n);
    (void)params;
    q_copy(out[0], q_cumsum(q_mul(q_from(in[1], n), q_quotient(q_change(close, n, 1), q_lag(close, n, 1), n), n), n), n);
}
void ref_rvol(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *volume = q_from(in[0], n);
    q_copy(out[0], q_quotient(volume, q_lag(q_mean(volume, n, (size_t)params[0]), n, 1), n), n);
}

/* Ranges of the bars of a trend, and of the bar before it, up to this bar. */
void ref_kvo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *close = q_from(in[2], n), *volume = q_from(in[3], n);
    quad *force = q_new(n), *kvo, trend = 0, ranges = 0;
    for (size_t k = 1; k < n; k++) {
        quad sign = q_sign((high[k] + low[k] + close[k]) - (high[k - 1] + low[k - 1] + close[k - 1])), range = high[k] - low[k];
        if (q_known(sign) && sign != 0 && sign != trend) trend = sign, ranges = high[k - 1] - low[k - 1];
        if (q_known(range)) ranges += range;
        if (trend != 0 && q_known(range + volume[k])) force[k] = 100 * trend * volume[k] * q_abs(2 * q_div(range, ranges) - 1);
    }
    kvo = q_sub(q_ewm(force, n, 2 / ((quad)params[0] + 1), 1, 0), q_ewm(force, n, 2 / ((quad)params[1] + 1), 1, 0), n);
    q_copy(out[0], kvo, n), q_copy(out[1], q_ema(kvo, n, (size_t)params[2]), n);
}
void ref_vosc(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *volume = q_from(in[0], n), *slow = q_mean(volume, n, (size_t)params[1]);
    q_copy(out[0], vol_percent(q_sub(q_mean(volume, n, (size_t)params[0]), slow, n), slow, n), n);
}
void ref_vzo(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *volume = q_from(in[1], n), *s = q_mul(q_map(vol_moves(in, n, 0), n, q_sign), volume, n);
    quad *vzo = vol_percent(q_ema(s, n, (size_t)params[0]), q_ema(vol_where(volume, s, n), n, (size_t)params[0]), n);
    for (size_t k = 0; k < n; k++) out[0][k] = vol_clip(vzo[k], 100);
}
void ref_tsv(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *tsv = q_sum(q_mul(vol_moves(in, n, 0), q_from(in[1], n), n), n, (size_t)params[0]);
    q_copy(out[0], tsv, n), q_copy(out[1], q_mean(tsv, n, (size_t)params[1]), n);
}
void ref_twiggs(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *close = q_from(in[2], n), *volume = q_from(in[3], n), *m;
    for (size_t k = n; k-- > 0;) {
        quad before = k ? close[k - 1] : q_nan();
        high[k] = q_max2(high[k], before), low[k] = q_min2(low[k], before);
    }
    m = vol_placed(high, low, close, volume, n);
    q_copy(out[0], q_quotient(q_rma(m, n, (size_t)params[0]), q_rma(vol_where(volume, m, n), n, (size_t)params[0]), n), n);
}

/* Volume of bars whose close moved this way. */
static quad *vol_bars(const double *const *in, size_t n, quad (*way)(quad)) { return q_mul(q_map(vol_moves(in, n, 0), n, way), q_from(in[1], n), n); }
void ref_updown_volume(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    q_copy(out[0], q_quotient(q_sum(vol_bars(in, n, vol_up), n, w), q_sum(vol_bars(in, n, vol_down), n, w), n), n);
}
void ref_vr(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *same = q_scale(q_sum(vol_bars(in, n, vol_still), n, w), (quad)0.5, n);
    q_copy(out[0], vol_percent(q_add(q_sum(vol_bars(in, n, vol_up), n, w), same, n), q_add(q_sum(vol_bars(in, n, vol_down), n, w), same, n), n), n);
}

/* volume with the sign of m where it is beyond `least`, else 0. Where rounding alone decides it is unknown once inputs are shaken. */
static quad *vol_beyond(const quad *m, const quad *least, const quad *price, const quad *volume, size_t n) {
    quad *y = q_new(n);
    for (size_t k = 0; k < n; k++) {
        if (!q_known(m[k] + least[k] + volume[k])) continue;
        quad apart = q_abs(q_abs(m[k]) - least[k]);
        if (apart != 0 && apart < q_abs(price[k]) * (quad)0x1p-44 && q_rounded(1) != 1) continue;
        y[k] = m[k] > least[k] ? volume[k] : m[k] < -least[k] ? -volume[k] : 0;
    }
    return y;
}
static quad *vol_typical(const double *const *in, size_t n) {
    quad *p = q_typical(q_from(in[0], n), q_from(in[1], n), q_from(in[2], n), n);
    for (size_t k = 0; k < n; k++) p[k] = q_rounded(p[k]);
    return p;
}
void ref_fve(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *middle = q_median_price(q_from(in[0], n), q_from(in[1], n), n), *close = q_from(in[2], n), *volume = q_from(in[3], n);
    quad *m = q_add(q_sub(close, middle, n), q_change(vol_typical(in, n), n, 1), n);
    quad *fve = vol_percent(q_sum(vol_beyond(m, q_scale(close, (quad)params[1] / 100, n), close, volume, n), n, w), q_sum(volume, n, w), n);
    for (size_t k = 0; k < n; k++) out[0][k] = vol_clip(fve[k], 100);
}
void ref_pvr(const double *params, const double *const *in, size_t n, quad *const *out) {
    static const int rank[2][2] = {{1, 2}, {4, 3}}; /* by: price falls, volume falls */
    (void)params;
    for (size_t k = 1; k < n; k++) {
        quad price = q_missing(in[0][k]) || q_missing(in[0][k - 1]) ? q_nan() : (quad)in[0][k] - in[0][k - 1];
        quad volume = q_missing(in[1][k]) || q_missing(in[1][k - 1]) ? q_nan() : (quad)in[1][k] - in[1][k - 1];
        if (q_known(price) && q_known(volume)) out[0][k] = rank[price < 0][volume < 0];
    }
}
void ref_wvad(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *open = q_from(in[0], n), *high = q_from(in[1], n), *low = q_from(in[2], n), *close = q_from(in[3], n), *volume = q_from(in[4], n);
    quad *m = q_new(n);
    for (size_t k = 0; k < n; k++)
        if (q_known(open[k] + high[k] + low[k] + close[k] + volume[k]))
            m[k] = high[k] > low[k] ? (close[k] - open[k]) / (high[k] - low[k]) * volume[k] : high[k] < low[k] ? q_nan() : 0;
    q_copy(out[0], q_sum(m, n, (size_t)params[0]), n);
}
/* ---- who took ---- */

static quad *vol_delta(const double *const *in, size_t n) { return q_sub(q_scale(q_from(in[1], n), 2, n), q_from(in[0], n), n); }
void ref_delta(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_sum(vol_delta(in, n), n, (size_t)params[0]), n);
}
void ref_cvd(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    q_copy(out[0], q_cumsum(vol_delta(in, n), n), n);
}
static void vol_share(const quad *x, const quad *of, size_t n, double w, quad *out) {
    q_copy(out, q_quotient(q_sum(x, n, (size_t)w), q_sum(of, n, (size_t)w), n), n);
}
void ref_taker_ratio(const double *params, const double *const *in, size_t n, quad *const *out) {
    vol_share(q_from(in[1], n), q_from(in[0], n), n, params[0], out[0]);
}
void ref_taker_imbalance(const double *params, const double *const *in, size_t n, quad *const *out) {
    vol_share(vol_delta(in, n), q_from(in[0], n), n, params[0], out[0]);
}
void ref_vpin(const double *params, const double *const *in, size_t n, quad *const *out) {
    vol_share(q_map(vol_delta(in, n), n, q_abs), q_from(in[0], n), n, params[0], out[0]);
}
void ref_trade_size(const double *params, const double *const *in, size_t n, quad *const *out) {
    vol_share(q_from(in[0], n), q_from(in[1], n), n, params[0], out[0]);
}
void ref_amihud(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *close = q_from(in[0], n), *ret = q_quotient(q_change(close, n, 1), q_lag(close, n, 1), n);
    q_copy(out[0], q_scale(q_mean(q_quotient(q_map(ret, n, q_abs), q_from(in[1], n), n), n, (size_t)params[0]), (quad)params[1], n), n);
}
void ref_kyle(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_regbeta(vol_delta(in + 1, n), vol_moves(in, n, 0), n, (size_t)params[0]), n);
}
