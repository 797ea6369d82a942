/* Ehlers' filters of one and two poles, and what is made of them. Before the first row a filter has seen its value for ever. */
#include "series.h"

typedef struct {
    quad b0, b1, b2, a1, a2;
} filters_form;

/* y = b0 x + b1 x[1] + b2 x[2] + a1 y[1] + a2 y[2]; `low`: 1 where what is constant passes, 0 where it gives 0. */
static quad *filters_run(const quad *x, size_t m, filters_form f, int low) {
    quad *y = q_new(m);
    for (size_t k = 0; k < m; k++) {
        quad x1 = x[k > 1 ? k - 1 : 0], x2 = x[k > 2 ? k - 2 : 0], start = low ? x[0] : 0;
        quad y1 = k > 0 ? y[k - 1] : start, y2 = k > 1 ? y[k - 2] : start;
        y[k] = f.b0 * x[k] + f.b1 * x1 + f.b2 * x2 + f.a1 * y1 + f.a2 * y2;
    }
    return y;
}

static quad *filters_supersmoother(const quad *x, size_t m, quad n) {
    quad w = q_sqrt(2) * q_pi() / n, a = q_rounded(q_exp(-w)), turn = q_rounded(q_cos(w)), rest = 1 - 2 * a * turn + a * a;
    return filters_run(x, m, (filters_form){rest / 2, rest / 2, 0, 2 * a * turn, -a * a}, 1);
}
/* 1 - alpha, alpha = (cos w + sin w - 1) / cos w */
static quad filters_left(quad w) { return q_rounded(q_abs(q_cos(w)) > 0x1p-60 ? (1 - q_sin(w)) / q_cos(w) : 0); }
static quad *filters_highpass1(const quad *x, size_t m, quad n) {
    quad a = filters_left(2 * q_pi() / n);
    return filters_run(x, m, (filters_form){(1 + a) / 2, -(1 + a) / 2, 0, a, 0}, 0);
}
static quad *filters_cycle(const quad *x, size_t m, quad alpha) {
    quad b = (1 - alpha / 2) * (1 - alpha / 2), left = 1 - alpha;
    return filters_run(x, m, (filters_form){b, -2 * b, b, 2 * left, -left * left}, 0);
}
static quad *filters_highpass2(const quad *x, size_t m, quad n) { return filters_cycle(x, m, 1 - filters_left(q_sqrt(2) * q_pi() / n)); }
static quad filters_alpha(quad n) {
    quad beta = (quad)2.415 * (1 - q_cos(2 * q_pi() / n));
    return q_rounded(q_sqrt(beta * beta + 2 * beta) - beta);
}

typedef quad *filters_make(const quad *x, size_t m, const double *params);
static void filters_one(const double *params, const double *const *in, size_t n, quad *out, filters_make *make) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    q_spread(out, make(q_pack(in[0], row, m), m, params), row, m);
}

static quad *filters_make_supersmoother(const quad *x, size_t m, const double *p) { return filters_supersmoother(x, m, p[0]); }
static quad *filters_make_decycler(const quad *x, size_t m, const double *p) { return q_sub(x, filters_highpass1(x, m, p[0]), m); }
static quad *filters_make_highpass1(const quad *x, size_t m, const double *p) { return filters_highpass1(x, m, p[0]); }
static quad *filters_make_highpass(const quad *x, size_t m, const double *p) {
    return p[1] == 1 ? filters_highpass1(x, m, p[0]) : filters_highpass2(x, m, p[0]);
}
static quad *filters_make_gauss(const quad *x, size_t m, const double *p) {
    quad a = filters_alpha(p[0]), left = 1 - a;
    return filters_run(x, m, (filters_form){a * a, 0, 0, 2 * left, -left * left}, 1);
}
static quad *filters_make_butter(const quad *x, size_t m, const double *p) {
    quad a = filters_alpha(p[0]), left = 1 - a;
    return filters_run(x, m, (filters_form){a * a / 4, a * a / 2, a * a / 4, 2 * left, -left * left}, 1);
}
static quad *filters_make_2php(const quad *x, size_t m, const double *p) { return filters_cycle(x, m, filters_alpha(p[0])); }
static quad *filters_make_bp(const quad *x, size_t m, const double *p) {
    quad a = filters_left(4 * q_pi() * p[1] / p[0]), turn = q_rounded(q_cos(2 * q_pi() / p[0]));
    return filters_run(x, m, (filters_form){(1 - a) / 2, 0, -(1 - a) / 2, turn * (1 + a), -a}, 0);
}
static quad *filters_make_roofing(const quad *x, size_t m, const double *p) {
    return filters_supersmoother(filters_highpass2(x, m, p[0]), m, p[1]);
}
static quad *filters_make_ebsw(const quad *x, size_t m, const double *p) {
    quad *f = filters_supersmoother(filters_highpass1(x, m, p[0]), m, p[1]), *y = q_new(m);
    for (size_t k = 0; k < m; k++) {
        quad sum = 0, square = 0;
        for (size_t j = 0; j < 3 && j <= k; j++) sum += f[k - j], square += f[k - j] * f[k - j];
        y[k] = q_div(sum, q_sqrt(3 * square));
    }
    return y;
}

#define FILTERS(name, make) \
    void ref_##name(const double *params, const double *const *in, size_t n, quad *const *out) { filters_one(params, in, n, out[0], make); }
FILTERS(supersmoother, filters_make_supersmoother)
FILTERS(decycler, filters_make_decycler)
FILTERS(highpass, filters_make_highpass)
FILTERS(swak_gauss, filters_make_gauss)
FILTERS(swak_butter, filters_make_butter)
FILTERS(swak_hp, filters_make_highpass1)
FILTERS(swak_2php, filters_make_2php)
FILTERS(swak_bp, filters_make_bp)
FILTERS(roofing, filters_make_roofing)
FILTERS(ebsw, filters_make_ebsw)

void ref_cyber(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, m), *smooth = q_new(m);
    for (size_t k = 0; k < m; k++)
        smooth[k] = (x[k] + 2 * x[k > 1 ? k - 1 : 0] + 2 * x[k > 2 ? k - 2 : 0] + x[k > 3 ? k - 3 : 0]) / 6;
    quad *cycle = filters_cycle(smooth, m, params[0]);
    for (size_t k = 0; k < m; k++) out[0][row[k]] = cycle[k], out[1][row[k]] = k ? cycle[k - 1] : 0;
}

void ref_itrend(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad a = params[0], *x = q_pack(in[0], row, m);
    quad *line = filters_run(x, m, (filters_form){a - a * a / 4, a * a / 2, -(a - 3 * a * a / 4), 2 * (1 - a), -(1 - a) * (1 - a)}, 1);
    for (size_t k = 0; k < m; k++) out[0][row[k]] = line[k], out[1][row[k]] = 2 * line[k] - (k > 1 ? line[k - 2] : x[0]);
}

/* The four filters of Laguerre, rows after one another. */
static quad *filters_laguerre(const quad *x, size_t m, quad gamma, int which) {
    quad *before = q_constant(m ? x[0] : 0, m + 1), *l = q_new(m);
    for (size_t k = 0; k < m; k++) l[k] = (1 - gamma) * x[k] + gamma * (k ? l[k - 1] : x[0]);
    for (int i = 0; i < which; i++) {
        quad *next = q_new(m);
        before = l;
        for (size_t k = 0; k < m; k++)
            next[k] = -gamma * before[k] + (k ? before[k - 1] : x[0]) + gamma * (k ? next[k - 1] : x[0]);
        l = next;
    }
    return l;
}

void ref_laguerre(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, m), *l[4];
    quad gamma = q_rounded(params[0]);
    for (int i = 0; i < 4; i++) l[i] = filters_laguerre(x, m, gamma, i);
    for (size_t k = 0; k < m; k++) out[0][row[k]] = (l[0][k] + 2 * l[1][k] + 2 * l[2][k] + l[3][k]) / 6;
}

void ref_laguerre_rsi(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, m), *l[4];
    quad gamma = q_rounded(fmin(params[0], 0.999)); /* 1 - gamma is what matters near 1 */
    for (int i = 0; i < 4; i++) l[i] = filters_laguerre(x, m, gamma, i);
    for (size_t k = 0; k < m; k++) {
        quad up = 0, all = 0, away[4]; /* distances from the price, which are what a double holds */
        for (int i = 0; i < 4; i++) away[i] = q_rounded(l[i][k] - x[k]);
        for (int i = 0; i < 3; i++) up += l[i][k] > l[i + 1][k] ? away[i] - away[i + 1] : 0, all += l[i][k] != l[i + 1][k] ? q_abs(away[i] - away[i + 1]) : 0;
        out[0][row[k]] = q_div(up, all);
    }
}

void ref_decycler_osc(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, m);
    q_spread(out[0], q_sub(filters_highpass2(x, m, params[1]), filters_highpass2(x, m, params[0]), m), row, m);
}

/* Mean distance of the newest smoothed value from its last w ones (line: of a line through the first and the last of them), over the
 * root of its smoothed square. The distances are sums of moves from one known bar to the next, all of the window known. */
static void filters_flex(const double *params, const double *const *in, size_t n, quad *out, int line) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row), w = (size_t)params[0];
    quad *move = q_new(n), *smooth = filters_supersmoother(q_pack(in[0], row, m), m, (quad)params[0] / 2), ms = 0;
    for (size_t k = 0; k < m; k++) move[row[k]] = k ? smooth[k] - smooth[k - 1] : 0;
    for (size_t k = w - 1; k < n; k++) {
        quad sum = 0, far = 0;
        for (size_t i = 0; i < w; i++) far += move[k - i], sum += far; /* far: distance to the value before bar k - i */
        if (line) sum -= (quad)(w + 1) / 2 * far;
        if (!q_known(sum)) continue;
        ms = (quad)0.04 * sum * sum + (quad)0.96 * ms;
        out[k] = q_div(sum, q_sqrt(ms));
    }
}
void ref_trendflex(const double *params, const double *const *in, size_t n, quad *const *out) { filters_flex(params, in, n, out[0], 0); }
void ref_reflex(const double *params, const double *const *in, size_t n, quad *const *out) { filters_flex(params, in, n, out[0], 1); }

void ref_cg(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    size_t w = (size_t)params[0];
    for (size_t k = w - 1; k < n; k++) {
        quad moment = 0, sum = 0;
        for (size_t i = 0; i < w; i++) moment += (quad)(i + 1) * x[k - i], sum += x[k - i];
        out[0][k] = q_div(-moment, sum);
    }
}

void ref_msw(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 1, n, row), w = (size_t)params[0];
    quad *x = q_pack(in[0], row, m);
    for (size_t k = w - 1; k < m; k++) {
        quad real = 0, imag = 0, moved = 0;
        for (size_t j = 0; j < w; j++) {
            quad angle = 2 * q_pi() * (quad)j / (quad)w;
            real += q_cos(angle) * (x[k - j] - x[k]), imag += q_sin(angle) * (x[k - j] - x[k]), moved += q_abs(x[k - j] - x[k]);
        }
        quad top = q_max2(q_abs(real), q_abs(imag)), size = q_sqrt(real * real + imag * imag);
        if (!(top > (quad)0x1p-45 * moved)) continue;
        out[0][row[k]] = real / size, out[1][row[k]] = (real - imag) / size / q_sqrt(2);
    }
}

void ref_fisher(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 2, n, row), w = (size_t)params[0];
    quad *high = q_pack(in[0], row, m), *low = q_pack(in[1], row, m), *x = q_new(m), place = 0, fisher = 0;
    for (size_t k = 0; k < m; k++) x[k] = (double)((high[k] + low[k]) / 2);
    quad *top = q_max(x, m, w), *bottom = q_min(x, m, w);
    for (size_t k = w - 1; k < m; k++) {
        quad at = top[k] > bottom[k] ? (x[k] - bottom[k]) / (top[k] - bottom[k]) : (quad)0.5;
        place = (quad)0.33 * 2 * (at - (quad)0.5) + (quad)0.67 * place;
        if (place > (quad)0.99) place = (quad)0.999;
        if (place < (quad)-0.99) place = (quad)-0.999;
        out[1][row[k]] = fisher;
        fisher = (q_ln((1 + place) / (1 - place)) + fisher) / 2;
        out[0][row[k]] = fisher;
    }
}
