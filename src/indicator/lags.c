/* The value of some bars ago, and returns over as many. */
#include "base/fp.h"
#include "indicator/kind.h"
#include "indicator/memory.h"
#include "simd/level.h"
#include <string.h>

/* A ring of n values follows, the oldest at `at`. */
typedef struct {
    uint64_t n, at;
} lags_state;

KL__INLINE double *lags_ring(void *state) { return (double *)(void *)((lags_state *)state + 1); }

static int64_t lags_lookback(const double *params) { return (int64_t)params[0]; }
static size_t lags_size(const double *params) { return sizeof(lags_state) + sizeof(double) * (size_t)params[0]; }
static void lags_init(void *state, const double *params) {
    lags_state *s = state;
    s->n = (uint64_t)params[0], s->at = 0;
    for (uint64_t j = 0; j < s->n; j++) lags_ring(state)[j] = kl__nan();
}
static void lags_pack(void *state, kl__snap *p) {
    lags_state *s = state;
    const uint64_t at = s->at;
    if (p->mode == KL__SNAP_READ) s->at = 0;
    for (uint64_t j = 0; j < s->n; j++) {
        const uint64_t place = p->mode == KL__SNAP_READ ? j : at + j;
        kl__snap_f64(p, lags_ring(state) + (place < s->n ? place : place - s->n), 1);
    }
}

#define LAGS_FEW 8
/* x of n bars ago to `old`: values change places with those of the ring. */
static void lags_run(void *state, const double *const *in, size_t n, double *const *out) {
    lags_state *s = state;
    const double *x = in[0];
    double *old = out[0], *ring = lags_ring(state);
    const size_t all = (size_t)s->n, at = (size_t)s->at;
    if (n == 1 && all) {
        *old = ring[at], ring[at] = *x;
        s->at = at + 1 == all ? 0 : at + 1;
        return;
    }
    if (all <= LAGS_FEW && n >= all) { /* calls of memcpy cost more than a few values */
        for (size_t j = 0; j < all; j++) old[j] = ring[at + j < all ? at + j : at + j - all];
        memcpy(old + all, x, (n - all) * sizeof(double));
        for (size_t j = 0; j < all; j++) ring[j] = x[n - all + j];
        s->at = 0;
        return;
    }
    const size_t taken = n < all ? n : all, head = taken < all - at ? taken : all - at;
    memcpy(old, ring + at, head * sizeof(double));
    memcpy(old + head, ring, (taken - head) * sizeof(double));
    memcpy(old + taken, x, (n - taken) * sizeof(double));
    memcpy(ring + at, x + (n - taken), head * sizeof(double));
    memcpy(ring, x + (n - taken) + head, (taken - head) * sizeof(double));
    if (taken < all) s->at = at + taken < all ? at + taken : at + taken - all;
}

void kl__lag_take(void *state, const double *x, size_t n) {
    lags_state *s = state;
    const size_t all = (size_t)s->n;
    for (size_t j = 0; j < all; j++) lags_ring(state)[j] = kl__row_clean(x[n - all + j]);
    s->at = 0;
}

KL__INLINE void lags_return_body(const double *restrict x, double *restrict y, size_t n) {
    for (size_t j = 0; j < n; j++) y[j] = (x[j] - y[j]) / y[j] + 0.0; /* no -0.0 */
}
KL__SIMD_EACH(lags_return, (const double *restrict x, double *restrict y, size_t n), (x, y, n))
static void lags_ret_run(void *state, const double *const *in, size_t n, double *const *out) {
    static void (*const all[KL__SIMD_TIERS])(const double *restrict, double *restrict, size_t) = KL__SIMD_TABLE(lags_return);
    lags_run(state, in, n, out);
    if (n == 1) lags_return_baseline(in[0], out[0], n);
    else all[kl__simd_tier()](in[0], out[0], n);
}

/* ln(1 + u) of small returns u loses no digits to the 1: what was rounded away is put back. */
static double lags_log(double now, double before) {
    const double u = (now - before) / before, v = 1.0 + u;
    if (!(fabs(u) <= 0.5)) return kl_ln(now / before) + 0.0;
    return (kl_ln(v) + (u - (v - 1.0)) / v) + 0.0;
}
static void lags_logret_run(void *state, const double *const *in, size_t n, double *const *out) {
    lags_run(state, in, n, out);
    for (size_t j = 0; j < n; j++) out[0][j] = lags_log(in[0][j], out[0][j]);
}

#define lags_ret_lookback lags_lookback
#define lags_ret_size lags_size
#define lags_ret_init lags_init
#define lags_ret_pack lags_pack
#define lags_logret_lookback lags_lookback
#define lags_logret_size lags_size
#define lags_logret_init lags_init
#define lags_logret_pack lags_pack

static const kl_input_info lags_in[] = {{"x", "close"}};
static const kl_param_info lags_par[] = {{"n", "bars", KL_PARAM_INT, 1, 0, KL_PERIOD_MAX, NULL}};
static const kl_param_info lags_ret_par[] = {{"n", "bars", KL_PARAM_INT, 1, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info lags_out[] = {{"lag", "value of n bars ago", KL__ANY, "price", 0, 1, 0}};
static const kl_output_info lags_ret_out[] = {{"ret", "x / x[n] - 1", KL__ANY, "own", 0, 0, 0}};
static const kl_output_info lags_logret_out[] = {{"logret", "logarithm of x / x[n]", KL__ANY, "own", 0, 0, 0}};

KL__MEMORY(lags, lag, "Value of some bars ago", "math", KL__PASSES, NULL, KL__PORTS(lags_in, lags_par, lags_out))
KL__MEMORY(lags_ret, ret, "Simple return", "math", 0, NULL, KL__PORTS(lags_in, lags_ret_par, lags_ret_out))
KL__MEMORY(lags_logret, logret, "Logarithmic return", "math", 0, NULL, KL__PORTS(lags_in, lags_ret_par, lags_logret_out))
