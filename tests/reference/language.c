/* Row by row functions, functions with memory and windows: groups math, logic and window. */
#include "series.h"

/* Row by row: the value of a row from those of its inputs. */
#define ROWS1(name, value)                                                                              \
    void ref_##name(const double *params, const double *const *in, size_t n, quad *const *out) {        \
        const quad *x = q_from(in[0], n);                                                               \
        (void)params;                                                                                   \
        for (size_t k = 0; k < n; k++) {                                                                \
            const quad a = x[k];                                                                        \
            out[0][k] = value;                                                                          \
        }                                                                                               \
    }
#define ROWS2(name, value)                                                                              \
    void ref_##name(const double *params, const double *const *in, size_t n, quad *const *out) {        \
        const quad *x = q_from(in[0], n), *y = q_from(in[1], n);                                        \
        (void)params;                                                                                   \
        for (size_t k = 0; k < n; k++) {                                                                \
            const quad a = x[k], b = y[k];                                                              \
            out[0][k] = value;                                                                          \
        }                                                                                               \
    }

static quad known2(quad a, quad b, quad value) { return q_known(a) && q_known(b) ? value : q_nan(); }
static quad known1(quad a, quad value) { return q_known(a) ? value : q_nan(); }
static int is_true(quad c) { return q_known(c) && c != 0; }
static int is_false(quad c) { return c == 0; }
/* An angle without its whole turns. */
static quad turned(quad a) { return a - 2 * q_pi() * q_floor(a / (2 * q_pi()) + (quad)0.5); }

ROWS2(add, a + b)
ROWS2(sub, a - b)
ROWS2(mult, a * b)
ROWS2(div, q_div(a, b))
ROWS1(neg, -a)
ROWS1(abs, q_abs(a))
ROWS1(sign, q_sign(a))
ROWS1(sqrt, q_sqrt(a))
ROWS1(floor, q_floor(a))
ROWS1(ceil, q_ceil(a))
ROWS1(round, a < 0 ? -q_floor(-a + (quad)0.5) : q_floor(a + (quad)0.5))
ROWS1(trunc, a < 0 ? q_ceil(a) : q_floor(a))
ROWS1(ln, q_ln(a))
ROWS1(log10, q_ln(a) / q_ln(10))
ROWS1(exp, q_exp(a))
ROWS1(sin, q_sin(turned(a)))
ROWS1(cos, q_cos(turned(a)))
ROWS1(tan, q_tan(turned(a)))
ROWS1(asin, q_abs(a) <= 1 ? q_asin(a) : q_nan())
ROWS1(acos, q_abs(a) <= 1 ? q_acos(a) : q_nan())
ROWS1(atan, q_atan(a))
ROWS1(sinh, (q_exp(a) - q_exp(-a)) / 2)
ROWS1(cosh, (q_exp(a) + q_exp(-a)) / 2)
ROWS1(tanh, a > 400 ? 1 : a < -400 ? -1 : 1 - 2 / (q_exp(2 * a) + 1))
ROWS1(todeg, a * 180 / q_pi())
ROWS1(torad, a * q_pi() / 180)
ROWS2(min2, q_min2(a, b))
ROWS2(max2, q_max2(a, b))
ROWS2(mod, a - b * q_floor(q_div(a, b)))
ROWS2(pow, q_pow(a, b))
ROWS2(lt, known2(a, b, a < b))
ROWS2(le, known2(a, b, a <= b))
ROWS2(gt, known2(a, b, a > b))
ROWS2(ge, known2(a, b, a >= b))
ROWS2(eq, known2(a, b, a == b))
ROWS2(ne, known2(a, b, a != b))
ROWS2(and, is_false(a) || is_false(b) ? 0 : known2(a, b, 1))
ROWS2(or, is_true(a) || is_true(b) ? 1 : known2(a, b, 0))
ROWS1(not, known1(a, is_false(a)))
ROWS2(coalesce, q_known(a) ? a : b)
ROWS1(known, q_known(a))

void ref_if(const double *params, const double *const *in, size_t n, quad *const *out) {
    const quad *c = q_from(in[0], n), *a = q_from(in[1], n), *b = q_from(in[2], n);
    (void)params;
    for (size_t k = 0; k < n; k++) out[0][k] = is_true(c[k]) ? a[k] : known1(c[k], b[k]);
}

/* With memory. */
#define MEMORY(name) void ref_##name(const double *params, const double *const *in, size_t n, quad *const *out)

MEMORY(lag) { q_copy(out[0], q_lag(q_from(in[0], n), n, (size_t)params[0]), n); }
MEMORY(ret) {
    quad *x = q_from(in[0], n), *old = q_lag(x, n, (size_t)params[0]);
    for (size_t k = 0; k < n; k++) out[0][k] = q_div(x[k] - old[k], old[k]);
}
MEMORY(logret) {
    quad *x = q_from(in[0], n), *old = q_lag(x, n, (size_t)params[0]);
    for (size_t k = 0; k < n; k++) out[0][k] = q_ln(q_div(x[k], old[k]));
}

static void cross(const double *a_in, const double *b_in, size_t n, quad *out) {
    quad *a = q_from(a_in, n), *b = q_from(b_in, n);
    for (size_t k = 1; k < n; k++)
        if (q_known(a[k]) && q_known(b[k]) && q_known(a[k - 1]) && q_known(b[k - 1])) out[k] = a[k - 1] <= b[k - 1] && a[k] > b[k];
}
MEMORY(cross_up) { (void)params, cross(in[0], in[1], n, out[0]); }
MEMORY(cross_down) { (void)params, cross(in[1], in[0], n, out[0]); }

static void each_step(const double *x_in, size_t n, size_t steps, int sign, quad *out) {
    quad *x = q_from(x_in, n);
    for (size_t k = steps; k < n; k++) {
        quad all = 1;
        for (size_t j = k + 1 - steps; j <= k; j++) all *= known2(x[j], x[j - 1], (x[j] - x[j - 1]) * sign > 0);
        out[k] = all;
    }
}
MEMORY(rising) { each_step(in[0], n, (size_t)params[0], 1, out[0]); }
MEMORY(falling) { each_step(in[0], n, (size_t)params[0], -1, out[0]); }

MEMORY(streak) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, rows);
    (void)params;
    for (size_t k = 1; k < rows; k++) {
        size_t length = 0;
        while (length < k && x[k - length] > x[k - length - 1]) length++;
        out[0][row[k]] = length;
        if (length) continue;
        while (length < k && x[k - length] < x[k - length - 1]) length++;
        out[0][row[k]] = -(quad)length;
    }
}

MEMORY(since) { (void)params, q_copy(out[0], q_since(q_from(in[0], n), n), n); }
MEMORY(hold) { (void)params, q_copy(out[0], q_hold(q_from(in[0], n), n), n); }
MEMORY(value_when) {
    quad *c = q_from(in[0], n), *x = q_from(in[1], n);
    for (size_t k = 0; k < n; k++) {
        size_t times = 0, j = k + 1;
        while (j > 0 && times < (size_t)params[0] + 1) times += is_true(c[--j]) ? 1 : 0;
        if (times == (size_t)params[0] + 1) out[0][k] = x[j];
    }
}
MEMORY(cumsum) { (void)params, q_copy(out[0], q_cumsum(q_from(in[0], n), n), n); }

/* what: 0 sum, 1 greatest, -1 least; of the known values since c was true. */
static void since_true(const double *const *in, size_t n, int what, quad *out) {
    quad *x = q_from(in[0], n), *c = q_from(in[1], n);
    for (size_t first = 0; first < n; first++) {
        if (!is_true(c[first])) continue;
        quad all = q_nan();
        for (size_t k = first; k < n && (k == first || !is_true(c[k])); k++) {
            if (!q_known(x[k])) continue;
            all = !q_known(all) ? x[k] : what > 0 ? q_max2(all, x[k]) : what < 0 ? q_min2(all, x[k]) : all + x[k];
            out[k] = all;
        }
    }
}
MEMORY(cumsum_since) { (void)params, since_true(in, n, 0, out[0]); }
MEMORY(max_since) { (void)params, since_true(in, n, 1, out[0]); }
MEMORY(min_since) { (void)params, since_true(in, n, -1, out[0]); }

MEMORY(ewm) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], params[1] == 1 ? q_ewm_zero(x, n, params[0]) : q_ewm(x, n, params[0], 1, 0), n);
}
MEMORY(filter2) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, rows), *y = q_new(rows), p[5];
    for (int i = 0; i < 5; i++) p[i] = q_rounded(params[i]);
    for (size_t k = 0; k < rows; k++)
        y[k] = k < 2 ? x[k] : p[0] * x[k] + p[1] * x[k - 1] + p[2] * x[k - 2] + p[3] * y[k - 1] + p[4] * y[k - 2];
    q_spread(out[0], y, row, rows);
}
