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
