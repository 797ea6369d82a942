/* Recursive filters of one and of two steps. */
#include "base/fp.h"
#include "base/roots.h"
#include "indicator/decay.h"
#include "indicator/memory.h"

static const kl_input_info filters_in[] = {{"x", "close"}};

/* ----------------------------------------------------------------------------------------------------- ewm --- */

enum { EWM_FIRST = 0, EWM_ZERO = 1 };

static double ewm_pole(const double *params) { return 1.0 - params[0]; }
static int64_t ewm_lookback(const double *params) { return (void)params, 0; }
static size_t ewm_size(const double *params) { return (void)params, sizeof(kl__average); }
static void ewm_init(void *state, const double *params) {
    kl__average_init(state, ewm_pole(params), params[1] == EWM_ZERO ? 0 : 1);
}
static void ewm_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__average *m = state;
    if (KL__LIKELY(m->decay.pole.b < 1.0)) {
        kl__average_run(m, in[0], n, out[0]);
        return;
    }
    if (m->seed.have < m->seed.n) m->seed.have = 1, kl__decay_seed(&m->decay, in[0][0], 0); /* nothing ever changes it */
    for (size_t j = 0; j < n; j++) out[0][j] = kl__decay_last(&m->decay, 0);
}
static int ewm_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    const kl__average *m = state;
    return m->decay.pole.b < 1.0 ? kl__average_try(state, in[0], n, out[0]) : KL__ATTEMPT_FAILED;
}
static void ewm_pack(void *state, kl__snap *p) { kl__average_pack(state, p); }
static double ewm_needed(const double *params, double digits) { return 1.0 + kl__decay_needed(ewm_pole(params), digits); }

static const char *const ewm_seeds[] = {"first", "zero", NULL};
static const kl_param_info ewm_par[] = {
    {"alpha", "weight of the newest value", KL_PARAM_REAL, 0.5, 0, 1, NULL},
    {"seed", "start: the first value, or 0 before it", KL_PARAM_CHOICE, EWM_FIRST, 0, 1, ewm_seeds}};
static const kl_output_info ewm_out[] = {{"ewm", "filtered value", KL__ANY, "price", 0, 1, 0}};
KL__MEMORY_TRIED(ewm, ewm_attempt, ewm, "Filter with one pole", "math", KL__HOLDS, ewm_needed, KL__PORTS(filters_in, ewm_par, ewm_out))

/* ------------------------------------------------------------------------------------------------- filter2 --- */

/* Where the coefficients add up to 1, all is measured from the newest value: equal values then give exactly themselves, and what is
 * rounded is rounded beside differences. What is below 2^-1000 becomes 0, so that no output creeps along in denormals. */
typedef struct {
    double b0, b1, b2, a1, a2;
    double x1, x2, y1, y2;
    uint64_t seen; /* values so far, at most 2 */
    uint64_t anchored;
} filter2_state;

static int64_t filter2_lookback(const double *params) { return (void)params, 0; }
static size_t filter2_size(const double *params) { return (void)params, sizeof(filter2_state); }
static void filter2_init(void *state, const double *params) {
    filter2_state *s = state;
    double size = 0.0, gain = -1.0;
    *s = (filter2_state){params[0], params[1], params[2], params[3], params[4], 0.0, 0.0, 0.0, 0.0, 0, 0};
    for (int i = 0; i < 5; i++) size += fabs(params[i]), gain += params[i];
    s->anchored = fabs(gain) <= size * 0x1p-51; /* as near to 1 as sums of rounded coefficients come */
}
KL__INLINE double filter2_flush(double y) { return fabs(y) < 0x1p-1000 ? 0.0 : y; }
static void filter2_run(void *state, const double *const *in, size_t n, double *const *out) {
    filter2_state s = *(filter2_state *)state;
    for (size_t j = 0; j < n; j++) {
        const double x = in[0][j];
        double y = x;
        if (KL__UNLIKELY(s.seen < 2)) s.seen++;
        else if (s.anchored)
            y = x + filter2_flush(((s.b1 * (s.x1 - x) + s.b2 * (s.x2 - x)) + s.a2 * (s.y2 - x)) + s.a1 * (s.y1 - x));
        else
            y = filter2_flush((((s.b0 * x + s.b1 * s.x1) + s.b2 * s.x2) + s.a2 * s.y2) + s.a1 * s.y1);
        s.x2 = s.x1, s.x1 = x, s.y2 = s.y1, s.y1 = y;
        out[0][j] = y;
    }
    *(filter2_state *)state = s;
}
static void filter2_pack(void *state, kl__snap *p) {
    filter2_state *s = state;
    kl__snap_f64(p, &s->x1, 1);
    kl__snap_f64(p, &s->x2, 1);
    kl__snap_f64(p, &s->y1, 1);
    kl__snap_f64(p, &s->y2, 1);
    kl__snap_u64(p, &s->seen, 2);
}
/* The greater pole of z^2 - a1 z - a2. A double one fades more slowly: one power of ten more. */
static double filter2_needed(const double *params, double digits) {
    const double a1 = params[3], a2 = params[4], square = a1 * a1 + 4.0 * a2;
    const double pole = square < 0.0 ? kl__sqrt(-a2) : 0.5 * (fabs(a1) + kl__sqrt(square));
    return 2.0 + kl__decay_needed(pole, digits + 1.0);
}

#define FILTER2_COEFFICIENT(name, title, usual) {name, title, KL_PARAM_REAL, usual, -4, 4, NULL}
static const kl_param_info filter2_par[] = {
    FILTER2_COEFFICIENT("b0", "weight of the value", 1), FILTER2_COEFFICIENT("b1", "weight of the one before", 0),
    FILTER2_COEFFICIENT("b2", "weight of the one before that", 0), FILTER2_COEFFICIENT("a1", "weight of the last output", 0),
    FILTER2_COEFFICIENT("a2", "weight of the one before that", 0)};
static const kl_output_info filter2_out[] = {{"filter2", "filtered value", KL__ANY, "price", 0, 1, 0}};
KL__MEMORY(filter2, filter2, "Filter with two poles", "math", KL__HOLDS, filter2_needed, KL__PORTS(filters_in, filter2_par, filter2_out))
