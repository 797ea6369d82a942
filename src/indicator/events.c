/* Crosses, rises, and what conditions count or keep. */
#include "base/fp.h"
#include "indicator/memory.h"
#include "simd/level.h"

static const kl_input_info events_x[] = {{"x", "close"}};
static const kl_input_info events_c[] = {{"c", "close"}};
static const kl_input_info events_ab[] = {{"a", "close"}, {"b", "open"}};
static const kl_input_info events_cx[] = {{"c", "close"}, {"x", "close"}};
static const kl_param_info events_n[] = {{"n", "steps", KL_PARAM_INT, 1, 1, KL_PERIOD_MAX, NULL}};
static const kl_param_info events_k[] = {{"k", "times before the last one", KL_PARAM_INT, 0, 0, 100, NULL}};

/* 0, or NaN where x is unknown. */
KL__INLINE double events_unknown(double x) { return x - x; }

/* ------------------------------------------------------------------------------------------------- crosses --- */

typedef struct {
    double a, b; /* of the last bar */
} cross_state;

static int64_t cross_lookback(const double *params) { return (void)params, 1; }
static size_t cross_size(const double *params) { return (void)params, sizeof(cross_state); }
static void cross_init(void *state, const double *params) {
    (void)params;
    *(cross_state *)state = (cross_state){kl__nan(), kl__nan()};
}
static void cross_pack(void *state, kl__snap *p) {
    kl__snap_f64(p, &((cross_state *)state)->a, 1);
    kl__snap_f64(p, &((cross_state *)state)->b, 1);
}
KL__INLINE void cross_rows_body(const double *restrict a, const double *restrict b, const double *restrict a_before,
                                const double *restrict b_before, size_t n, double *restrict out) {
    for (size_t j = 0; j < n; j++)
        out[j] = ((a[j] > b[j] ? 1.0 : 0.0) * (a_before[j] <= b_before[j] ? 1.0 : 0.0)) + (events_unknown(a[j]) + events_unknown(b[j])) +
                 (events_unknown(a_before[j]) + events_unknown(b_before[j]));
}
KL__SIMD_EACH(cross_rows, (const double *restrict a, const double *restrict b, const double *restrict a_before,
                           const double *restrict b_before, size_t n, double *restrict out), (a, b, a_before, b_before, n, out))

static void cross_over(cross_state *s, const double *a, const double *b, size_t n, double *out) {
    static void (*const all[KL__SIMD_TIERS])(const double *restrict, const double *restrict, const double *restrict,
                                             const double *restrict, size_t, double *restrict) = KL__SIMD_TABLE(cross_rows);
    cross_rows_baseline(a, b, &s->a, &s->b, 1, out);
    if (n > 1) all[kl__simd_tier()](a + 1, b + 1, a, b, n - 1, out + 1);
    s->a = a[n - 1], s->b = b[n - 1];
}
static void cross_up_run(void *state, const double *const *in, size_t n, double *const *out) {
    cross_over(state, in[0], in[1], n, out[0]);
}
/* a falls below b where b rises above a. */
static void cross_down_run(void *state, const double *const *in, size_t n, double *const *out) {
    cross_over(state, in[1], in[0], n, out[0]);
}
#define cross_up_lookback cross_lookback
#define cross_up_size cross_size
#define cross_up_init cross_init
#define cross_up_pack cross_pack
#define cross_down_lookback cross_lookback
#define cross_down_size cross_size
#define cross_down_init cross_init
#define cross_down_pack cross_pack
static const kl_output_info cross_up_out[] = {{"cross_up", "1 where a rose above b, else 0", 0, 1, "own", 0, 0, 0}};
static const kl_output_info cross_down_out[] = {{"cross_down", "1 where a fell below b, else 0", 0, 1, "own", 0, 0, 0}};
KL__MEMORY(cross_up, cross_up, "Rise above", "logic", 0, NULL, KL__MEMORY_PLAIN(events_ab, cross_up_out))
KL__MEMORY(cross_down, cross_down, "Fall below", "logic", 0, NULL, KL__MEMORY_PLAIN(events_ab, cross_down_out))

/* --------------------------------------------------------------------------------------------------- rises --- */

typedef struct {
    double previous, n, known, went; /* steps in a row that are known, and that went the way; at most n is counted */
} rising_state;

static int64_t rising_lookback(const double *params) { return (int64_t)params[0]; }
static size_t rising_size(const double *params) { return (void)params, sizeof(rising_state); }
static void rising_init(void *state, const double *params) { *(rising_state *)state = (rising_state){kl__nan(), params[0], 0.0, 0.0}; }
static void rising_pack(void *state, kl__snap *p) {
    rising_state *s = state;
    kl__snap_f64(p, &s->previous, 1);
    kl__snap_f64(p, &s->known, 1);
    kl__snap_f64(p, &s->went, 1);
}
/* sign: 1 or -1 */
KL__INLINE void rising_steps(rising_state *s, const double *x, size_t n, double *out, double sign) {
    double previous = s->previous, known = s->known, went = s->went;
    const double most = s->n;
    for (size_t j = 0; j < n; j++) {
        const double step = (x[j] - previous) * sign;
        known = step == step ? known + 1.0 : 0.0;
        went = step > 0.0 ? went + 1.0 : 0.0;
        known = known > most ? most : known;
        went = went > most ? most : went;
        out[j] = known < most ? kl__nan() : went < most ? 0.0 : 1.0;
        previous = x[j];
    }
    s->previous = previous, s->known = known, s->went = went;
}
static void rising_run(void *state, const double *const *in, size_t n, double *const *out) { rising_steps(state, in[0], n, out[0], 1.0); }
static void falling_run(void *state, const double *const *in, size_t n, double *const *out) { rising_steps(state, in[0], n, out[0], -1.0); }
#define falling_lookback rising_lookback
#define falling_size rising_size
#define falling_init rising_init
#define falling_pack rising_pack
static const kl_output_info rising_out[] = {{"rising", "1 where each of the last n steps went up, else 0", 0, 1, "own", 0, 0, 0}};
static const kl_output_info falling_out[] = {{"falling", "1 where each of the last n steps went down, else 0", 0, 1, "own", 0, 0, 0}};
KL__MEMORY(rising, rising, "Each step went up", "logic", 0, NULL, KL__PORTS(events_x, events_n, rising_out))
KL__MEMORY(falling, falling, "Each step went down", "logic", 0, NULL, KL__PORTS(events_x, events_n, falling_out))

typedef struct {
    double previous, streak;
} streak_state;

static int64_t streak_lookback(const double *params) { return (void)params, 1; }
static size_t streak_size(const double *params) { return (void)params, sizeof(streak_state); }
static void streak_init(void *state, const double *params) {
    (void)params;
    *(streak_state *)state = (streak_state){kl__nan(), 0.0};
}
static void streak_pack(void *state, kl__snap *p) {
    kl__snap_f64(p, &((streak_state *)state)->previous, 1);
    kl__snap_f64(p, &((streak_state *)state)->streak, 1);
}
static void streak_run(void *state, const double *const *in, size_t n, double *const *out) {
    streak_state *s = state;
    double previous = s->previous, streak = s->streak;
    for (size_t j = 0; j < n; j++) {
        const double x = in[0][j], longer = (streak > 0.0 ? streak : 0.0) + 1.0, lower = (streak < 0.0 ? streak : 0.0) - 1.0;
        streak = x > previous ? longer : x < previous ? lower : 0.0;
        out[0][j] = streak + events_unknown(previous);
        previous = x;
    }
    s->previous = previous, s->streak = streak;
}
static const kl_output_info streak_out[] = {{"streak", "bars that x has been rising in a row, below 0 falling", KL__ANY, "own", 0, 0, 0}};
KL__MEMORY(streak, streak, "Rises or falls in a row", "math", KL__HOLDS, kl__memory_forever, KL__MEMORY_PLAIN(events_x, streak_out))

/* ---------------------------------------------------------------------------------------------- conditions --- */

/* The state is the count itself, unknown before the first. */
static int64_t since_lookback(const double *params) { return (void)params, 0; }
static size_t since_size(const double *params) { return (void)params, sizeof(double); }
static void since_init(void *state, const double *params) { (void)params, *(double *)state = kl__nan(); }
static void since_pack(void *state, kl__snap *p) { kl__snap_f64(p, state, 1); }
static void since_run(void *state, const double *const *in, size_t n, double *const *out) {
    double count = *(double *)state;
    for (size_t j = 0; j < n; j++) {
        count = kl__is_true(in[0][j]) ? 0.0 : count + 1.0;
        out[0][j] = count;
    }
    *(double *)state = count;
}
static const kl_output_info since_out[] = {{"since", "bars since c was last true, 0 in that bar", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__MEMORY(since, since, "Bars since a condition", "math", KL__RAW, kl__memory_forever, KL__MEMORY_PLAIN(events_c, since_out))

/* The last known value. */
#define hold_lookback since_lookback
#define hold_size since_size
#define hold_init since_init
#define hold_pack since_pack
static void hold_run(void *state, const double *const *in, size_t n, double *const *out) {
    double last = *(double *)state;
    for (size_t j = 0; j < n; j++) {
        last = in[0][j] == in[0][j] ? in[0][j] : last;
        out[0][j] = last;
    }
    *(double *)state = last;
}
static const kl_output_info hold_out[] = {{"hold", "last known value", KL__ANY, "price", 0, 1, 0}};
KL__MEMORY(hold, hold, "Last known value", "math", KL__RAW, kl__memory_forever, KL__MEMORY_PLAIN(events_x, hold_out))

/* The values of the last `room` times, the oldest at `at`. */
typedef struct {
    uint64_t room, at;
} when_state;

KL__INLINE double *when_ring(void *state) { return (double *)(void *)((when_state *)state + 1); }
static int64_t when_lookback(const double *params) { return (int64_t)params[0]; }
static size_t when_size(const double *params) { return sizeof(when_state) + sizeof(double) * ((size_t)params[0] + 1); }
static void when_init(void *state, const double *params) {
    when_state *s = state;
    s->room = (uint64_t)params[0] + 1, s->at = 0;
    for (uint64_t j = 0; j < s->room; j++) when_ring(state)[j] = kl__nan();
}
static void when_pack(void *state, kl__snap *p) {
    when_state *s = state;
    const uint64_t at = s->at;
    if (p->mode == KL__SNAP_READ) s->at = 0;
    for (uint64_t j = 0; j < s->room; j++)
        kl__snap_f64(p, when_ring(state) + (p->mode == KL__SNAP_READ ? j : (at + j) % s->room), 1);
}
static void when_run(void *state, const double *const *in, size_t n, double *const *out) {
    when_state *s = state;
    double *ring = when_ring(state);
    size_t at = (size_t)s->at;
    const size_t last = (size_t)s->room - 1;
    for (size_t j = 0; j < n; j++) {
        if (kl__is_true(in[0][j])) ring[at] = in[1][j], at = at == last ? 0 : at + 1;
        out[0][j] = ring[at];
    }
    s->at = at;
}
static const kl_output_info when_out[] = {{"value_when", "x where c was true", KL__ANY, "price", 0, 1, 0}};
KL__MEMORY(when, value_when, "Value when a condition was true", "math", KL__RAW, kl__memory_forever, KL__PORTS(events_cx, events_k, when_out))
