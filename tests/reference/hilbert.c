/* Ehlers' homodyne discriminator: ht_*, mama. */
#include "series.h"

/* All of it over packed rows; indices before the first row hold 0, or with seed first what the first smoothed price implies. */
typedef struct {
    size_t start; /* first row with a smoothed price that counts */
    quad *smooth, *inphase, *quadrature, *re, *im, *period, *smoothed_period;
} hilbert;

static quad hilbert_at(const quad *x, size_t k, size_t back, size_t start, quad before) {
    return k >= start + back ? x[k - back] : before;
}
static quad hilbert_turn(const quad *x, size_t k, size_t late, size_t start, quad before, quad gain) {
    /* differences first: equal prices cancel exactly */
    quad outer = hilbert_at(x, k, late, start, before) - hilbert_at(x, k, late + 6, start, before);
    quad inner = hilbert_at(x, k, late + 2, start, before) - hilbert_at(x, k, late + 4, start, before);
    return gain * ((quad)0.0962 * outer + (quad)0.5769 * inner);
}
static quad hilbert_clip(quad x, quad low, quad high) { return x < low ? low : x > high ? high : x; }

static hilbert hilbert_of(const quad *x, size_t m, int zero, size_t skip) {
    hilbert h = {3 + (zero ? skip : 0), q_new(m), q_new(m), q_new(m), q_new(m), q_new(m), q_new(m), q_new(m)};
    quad *d = q_new(m), *i2 = q_new(m), *q2 = q_new(m), re = 0, im = 0, period = 0, smoothed = 0;
    for (size_t k = h.start; k < m; k++) {
        h.smooth[k] = (4 * x[k] + 3 * x[k - 1] + 2 * x[k - 2] + x[k - 3]) / 10;
        quad gain = (quad)0.075 * period + (quad)0.54, oldest = zero ? 0 : h.smooth[h.start];
        d[k] = hilbert_turn(h.smooth, k, 0, h.start, oldest, gain);
        h.quadrature[k] = hilbert_turn(d, k, 0, h.start, 0, gain);
        h.inphase[k] = hilbert_at(d, k, 3, h.start, 0);
        quad ji = hilbert_turn(d, k, 3, h.start, 0, gain), jq = hilbert_turn(h.quadrature, k, 0, h.start, 0, gain);
        quad i2before = hilbert_at(i2, k, 1, h.start, 0), q2before = hilbert_at(q2, k, 1, h.start, 0);
        i2[k] = (quad)0.2 * (h.inphase[k] - jq) + (quad)0.8 * i2before;
        q2[k] = (quad)0.2 * (h.quadrature[k] + ji) + (quad)0.8 * q2before;
        re = (quad)0.2 * (i2[k] * i2before + q2[k] * q2before) + (quad)0.8 * re;
        im = (quad)0.2 * (i2[k] * q2before - q2[k] * i2before) + (quad)0.8 * im;
        quad turned = period;
        if (re != 0 && q_abs(im) > 0x1p-40 * q_abs(re)) turned = 2 * q_pi() / q_atan(im / re);
        turned = hilbert_clip(turned, (quad)0.67 * period, (quad)1.5 * period);
        period = (quad)0.2 * hilbert_clip(turned, 6, 50) + (quad)0.8 * period;
        smoothed = (quad)0.33 * period + (quad)0.67 * smoothed;
        h.re[k] = re, h.im[k] = im, h.period[k] = period, h.smoothed_period[k] = smoothed;
    }
    return h;
}

void ref_ht_dcperiod(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    hilbert h = hilbert_of(q_pack(in[0], row, m), m, params[0] != 0, 9);
    for (size_t k = 32; k < m; k++)
        if (h.re[k] != 0 || h.im[k] != 0) out[0][row[k]] = h.smoothed_period[k];
}

void ref_ht_phasor(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    hilbert h = hilbert_of(q_pack(in[0], row, m), m, params[0] != 0, 9);
    for (size_t k = 32; k < m; k++) out[0][row[k]] = h.inphase[k], out[1][row[k]] = h.quadrature[k];
}

void q_mama(const quad *x, size_t n, quad fast, quad slow, int zero, quad *to_mama, quad *to_fama) {
    size_t *row = q_rows(n), m = 0;
    quad *packed = q_new(n), mama = 0, fama = 0, before = 0;
    for (size_t k = 0; k < n; k++)
        if (q_known(x[k])) packed[m] = x[k], row[m++] = k;
    hilbert h = hilbert_of(packed, m, zero, 9);
    if (m && !zero) mama = fama = packed[0];
    for (size_t k = h.start; k < m; k++) {
        quad phase = h.inphase[k] != 0 ? q_atan(h.quadrature[k] / h.inphase[k]) * 180 / q_pi() : 0, turn = before - phase, alpha = fast;
        if (turn > 1) alpha = q_max2(alpha / turn, slow);
        before = phase;
        mama = alpha * packed[k] + (1 - alpha) * mama;
        fama = alpha / 2 * mama + (1 - alpha / 2) * fama;
        if (k >= 32) to_mama[row[k]] = mama, to_fama[row[k]] = fama;
    }
}

void ref_mama(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_mama(q_from(in[0], n), n, params[0], params[1], params[2] != 0, out[0], out[1]);
}

/* Degrees, and the trend line, of every row from h->start on. */
static quad *hilbert_phases(const hilbert *h, size_t m, quad **trendline, const quad *x) {
    quad *phase = q_new(m), *mean = q_new(m);
    *trendline = q_new(m);
    for (size_t k = h->start; k < m; k++) {
        size_t cycle = (size_t)(double)q_floor(h->smoothed_period[k] + (quad)0.5);
        quad real = 0, imag = 0, size = 0, sum = 0;
        for (size_t j = 0; j < cycle; j++) {
            quad angle = 2 * q_pi() * (quad)j / (quad)cycle, v = hilbert_at(h->smooth, k, j, h->start, 0) - h->smooth[k];
            real += q_sin(angle) * v, imag += q_cos(angle) * v, size += q_abs(v), sum += x[k - j];
        }
        mean[k] = cycle ? sum / (quad)cycle : x[k];
        (*trendline)[k] = (4 * mean[k] + 3 * hilbert_at(mean, k, 1, h->start, 0) + 2 * hilbert_at(mean, k, 2, h->start, 0) +
                           hilbert_at(mean, k, 3, h->start, 0)) / 10;
        quad rounding = 0x1p-45 * size + 0x1p-50 * (quad)cycle * q_abs(h->smooth[k]);
        if (q_abs(real) <= rounding && q_abs(imag) <= rounding) continue;
        quad degrees = imag != 0 ? q_atan(real / imag) * 180 / q_pi() : real < 0 ? -90 : 90;
        degrees += 90 + 360 / h->smoothed_period[k] + (imag < 0 ? 180 : 0);
        phase[k] = degrees > 315 ? degrees - 360 : degrees;
    }
    return phase;
}

static quad hilbert_sine(quad degrees) { return q_sin(degrees * q_pi() / 180); }

void ref_ht_dcphase(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, m), *line;
    hilbert h = hilbert_of(x, m, params[0] != 0, 34);
    quad *phase = hilbert_phases(&h, m, &line, x);
    for (size_t k = 63; k < m; k++) out[0][row[k]] = phase[k];
}

void ref_ht_sine(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, m), *line;
    hilbert h = hilbert_of(x, m, params[0] != 0, 34);
    quad *phase = hilbert_phases(&h, m, &line, x);
    for (size_t k = 63; k < m; k++)
        if (q_known(phase[k])) out[0][row[k]] = hilbert_sine(phase[k]), out[1][row[k]] = hilbert_sine(phase[k] + 45);
}

void ref_ht_trendline(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, m), *line;
    hilbert h = hilbert_of(x, m, params[0] != 0, 34);
    hilbert_phases(&h, m, &line, x);
    for (size_t k = 63; k < m; k++) out[0][row[k]] = line[k];
}

void ref_ht_trendmode(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, m), *line, before = 0, sine = 0, lead = 0;
    hilbert h = hilbert_of(x, m, params[0] != 0, 34);
    quad *phase = hilbert_phases(&h, m, &line, x);
    double days = 0;
    for (size_t k = h.start; k < m; k++) {
        days++;
        if (!q_known(phase[k])) continue;
        quad now = hilbert_sine(phase[k]), ahead = hilbert_sine(phase[k] + 45), step = (phase[k] - before) * h.smoothed_period[k] / 360;
        int crossed = (now > ahead && sine <= lead) || (now < ahead && sine >= lead);
        if (crossed) days = 1;
        int cycle = crossed || days < h.smoothed_period[k] / 2 || (step > (quad)0.67 && step < (quad)1.5);
        if (line[k] != 0 && q_abs((h.smooth[k] - line[k]) / line[k]) >= (quad)0.015) cycle = 0;
        before = phase[k], sine = now, lead = ahead;
        if (k >= 63) out[0][row[k]] = !cycle;
    }
}
