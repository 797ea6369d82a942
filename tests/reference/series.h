/* The toolkit of the long-form references: whole series in arithmetic of 113 bits, each function written down as its definition
 * says, O(n * w) and slow on purpose, without any state that a mistake could hide in.
 *
 *     void ref_NAME(const double *params, const double *const *in, size_t n, quad *const *out)
 *
 * fills out[o][k] with output o at bar k; all of them are unknown (NaN) when it is called. There are no tolerances: the tests
 * derive what a result may be off from what the reference itself does when its inputs move by an ulp.
 *
 * A series is an array of n quads, unknown where NaN. Arithmetic with an unknown is unknown all by itself. Comparisons with an
 * unknown are false in C: look at q_known first. Series that functions return belong to the toolkit; the test gives them
 * back (q_free_all) after each reference. */
#ifndef KL_TEST_SERIES_H
#define KL_TEST_SERIES_H
#include "base/fp.h"
#include "quad.h"

typedef void ref_function(const double *params, const double *const *in, size_t n, quad *const *out);
#define KL__INDICATOR(name) ref_function ref_##name;
#include "indicator/indicators.def"
#undef KL__INDICATOR

/* Numbers. q_div, q_sqrt, q_ln ... are unknown where the result is not a finite number. */
static inline int q_known(quad x) { return x == x; }
static inline quad q_nan(void) { return (quad)NAN; }
static inline quad q_abs(quad x) { return x < 0 ? -x : x; }
static inline quad q_min2(quad a, quad b) { return q_known(a) && q_known(b) ? (a < b ? a : b) : q_nan(); }
static inline quad q_max2(quad a, quad b) { return q_known(a) && q_known(b) ? (a > b ? a : b) : q_nan(); }
static inline quad q_div(quad a, quad b) { return b != 0 ? a / b : q_nan(); }
static inline quad q_sign(quad x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
quad q_sqrt(quad x);
quad q_ln(quad x);
quad q_exp(quad x);
quad q_pow(quad x, quad y); /* whole y exactly; else x > 0 */
quad q_sin(quad x);
quad q_cos(quad x);
quad q_tan(quad x);
quad q_asin(quad x);
quad q_acos(quad x);
quad q_atan(quad x);
quad q_floor(quad x);
quad q_ceil(quad x);
quad q_pi(void);

/* Inputs. NaN, infinite, or of a magnitude of 2^1000 and more is missing, which is unknown. */
static inline int q_missing(double x) { return !(fabs(x) < 0x1p1000); }
quad *q_new(size_t n); /* all unknown */
quad *q_from(const double *x, size_t n);
quad *q_in(const double *const *in, size_t inputs, size_t which, size_t n); /* unknown also where another of the inputs is missing */
quad *q_constant(quad x, size_t n);
void q_free_all(void);
/* What a coefficient that a double has to hold may be instead: itself, or after q_shake(not 0) something within an ulp of it. */
quad q_rounded(quad coefficient);
void q_shake(uint64_t turn);
/* Makes one tool wrong, on purpose, so that a test can see whether it would be found; 1 where it was used since. */
enum { Q_RIGHT = 0, Q_DDOF, Q_WINDOW, Q_SEED, Q_ALPHA, Q_LAG, Q_MUTATIONS };
void q_mutate(int mutation);
int q_mutated(void);
void q_copy(quad *to, const quad *x, size_t n);
/* For what has state and holds it: row[i] is the bar of the i-th row without a missing input; returns how many there are. */
size_t q_known_rows(const double *const *in, size_t inputs, size_t n, size_t *row);
size_t *q_rows(size_t n); /* room for them */
quad *q_pack(const double *x, const size_t *row, size_t rows); /* x of these rows alone, moved together */
void q_spread(quad *out, const quad *x, const size_t *row, size_t rows); /* and back: out[row[i]] = x[i] */

/* Row by row. */
quad *q_add(const quad *a, const quad *b, size_t n);
quad *q_sub(const quad *a, const quad *b, size_t n);
quad *q_mul(const quad *a, const quad *b, size_t n);
quad *q_quotient(const quad *a, const quad *b, size_t n); /* unknown where b is 0 */
quad *q_scale(const quad *a, quad by, size_t n);
quad *q_map(const quad *x, size_t n, quad (*f)(quad));
quad *q_lag(const quad *x, size_t n, size_t d); /* the value of d rows ago */
quad *q_change(const quad *x, size_t n, size_t d); /* x - lag(x, d) */
quad *q_ratio(const quad *x, size_t n, size_t d);  /* x / lag(x, d) */

/* Windows of w rows: unknown until there are w, and while one value in it is unknown. */
typedef quad q_statistic(const quad *x, size_t w, quad arg); /* x: the window, oldest first */
quad *q_window(const quad *x, size_t n, size_t w, q_statistic *f, quad arg);
quad *q_sum(const quad *x, size_t n, size_t w);
quad *q_mean(const quad *x, size_t n, size_t w);
quad *q_var(const quad *x, size_t n, size_t w, int ddof);
quad *q_std(const quad *x, size_t n, size_t w, int ddof);
quad *q_avgdev(const quad *x, size_t n, size_t w); /* mean of |x - mean| */
quad *q_min(const quad *x, size_t n, size_t w);
quad *q_max(const quad *x, size_t n, size_t w);
quad *q_argmin(const quad *x, size_t n, size_t w); /* rows since the least value, of equal ones the newest: 0 is the current row */
quad *q_argmax(const quad *x, size_t n, size_t w);
quad *q_wmean(const quad *x, size_t n, size_t w); /* weights 1 (oldest) .. w */
quad *q_slope(const quad *x, size_t n, size_t w); /* line of least squares: rise per row */
quad *q_intercept(const quad *x, size_t n, size_t w); /* its value at the oldest row */
quad *q_median(const quad *x, size_t n, size_t w);
quad *q_quantile(const quad *x, size_t n, size_t w, quad q); /* between two values linear */
quad *q_cov(const quad *x, const quad *y, size_t n, size_t w, int ddof);
quad *q_corr(const quad *x, const quad *y, size_t n, size_t w);
quad *q_regbeta(const quad *x, const quad *y, size_t n, size_t w); /* rise of y per x; unknown where x is flat */
quad *q_weighted(const quad *x, size_t n, size_t w, const quad *weights); /* sum of weights[j] * x of the j-th row, oldest first */

/* Filters y = (1 - alpha) y + alpha x. They hold on unknown values: there the output is unknown, and the next known value goes on.
 * The seed is the mean of `seed` known values (1: the first one) once `start` known ones are left out. */
quad *q_ewm(const quad *x, size_t n, quad alpha, size_t seed, size_t start);
quad *q_ewm_zero(const quad *x, size_t n, quad alpha); /* begins as if y had been 0 */
quad *q_ema(const quad *x, size_t n, size_t w); /* alpha = 2 / (w + 1), seeded by the mean of w */
quad *q_rma(const quad *x, size_t n, size_t w); /* alpha = 1 / w, seeded by the mean of w */
quad *q_average(const quad *x, size_t n, size_t w, quad alpha, double seed, double start); /* of ema, rma: seed 0 mean of w, 1 first value */
quad *q_average_kind(const quad *x, size_t n, size_t w, int kind); /* of `ma`: 0 sma, 1 ema ...; overlap.c */
void q_mama(const quad *x, size_t n, quad fast, quad slow, int zero, quad *mama, quad *fama); /* hilbert.c */

/* With memory. */
quad *q_cumsum(const quad *x, size_t n); /* of known values; unknown where x is */
quad *q_hold(const quad *x, size_t n);   /* the last known value */
quad *q_since(const quad *c, size_t n);  /* rows since c was last known and not 0 */
quad *q_value_when(const quad *c, const quad *x, size_t n);

/* Prices. */
quad *q_tr(const quad *high, const quad *low, const quad *close, size_t n); /* unknown in the first row */
quad *q_typical(const quad *high, const quad *low, const quad *close, size_t n); /* (h + l + c) / 3 */
quad *q_median_price(const quad *high, const quad *low, size_t n);

#endif
