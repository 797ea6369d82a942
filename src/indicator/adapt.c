#include "base/fp.h"
#include "indicator/decay.h"
#include "indicator/formula.h"

typedef struct {
    double y, least;
    uint64_t begun;
} adapt_state;

static int64_t adapt_lookback(const double *params) { return (void)params, 0; }
static size_t adapt_size(const double *params) { return (void)params, sizeof(adapt_state); }
static void adapt_init(void *state, const double *params) {
    *(adapt_state *)state = (adapt_state){0.0, params[0], 0};
}
/* Up to 1 no factor can send the line away from what it was and the new value. Returns 1 where one is above 1/2. */
static int adapt_factors(const double *restrict alpha, size_t n, double least, double *restrict factor) {
    int above = 0;
    for (size_t j = 0; j < n; j++) {
        double most = alpha[j] < 1.0 ? alpha[j] : 1.0;
        factor[j] = most > least ? most : least;
        above |= factor[j] > 0.5;
    }
    return above;
}
/* A step is taken from the nearer end: all of the way is x itself. Where all are short there is nothing to choose. */
static double adapt_steps(const double *restrict x, const double *restrict factor, size_t n, double y, int choose, double *restrict out) {
    for (size_t j = 0; j < n; j++) {
        double away = x[j] - y, near = y + factor[j] * away;
        if (choose && factor[j] > 0.5) near = x[j] - (1.0 - factor[j]) * away;
        y = near;
        out[j] = y + 0.0; /* no -0.0 */
    }
    return y;
}
static void adapt_run(void *state, const double *const *in, size_t n, double *const *out) {
    adapt_state *s = state;
    double factor[KL__CHUNK], y = s->begun ? s->y : in[2][0];
    int choose = adapt_factors(in[1], n, s->least, factor);
    s->y = choose ? adapt_steps(in[0], factor, n, y, 1, out[0]) : adapt_steps(in[0], factor, n, y, 0, out[0]);
    s->begun = 1;
}
static void adapt_pack(void *state, kl__snap *p) {
    adapt_state *s = state;
    kl__snap_f64(p, &s->y, 1);
    kl__snap_u64(p, &s->begun, 1);
}

/* Where a bar may close nothing of the distance, what was long ago lasts. */
static double adapt_needed(const double *params, double digits) {
    return params[0] > 0.0 ? 1.0 + kl__decay_needed(1.0 - params[0], digits) : HUGE_VAL;
}

static const kl_input_info adapt_in[] = {{"x", "close"}, {"alpha", "close"}, {"first", "close"}};
static const kl_param_info adapt_par[] = {{"least", "least factor of a bar", KL_PARAM_REAL, 0, 0, 1, NULL}};
static const kl_output_info adapt_out[] = {{"adapt", "filtered series", KL__ANY, "price", 0, KL_POWER_NONE, 0}};

const kl__indicator kl__ind_adapt = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "adapt", .title = "Filter with a factor for each bar",
            .group = "math", .since = "0.1", .source = "y = y + alpha * (x - y), alpha held between least and 1", .cost = "O(1) a bar, one after the other",
            .stability = KL_EXACT, KL__PORTS(adapt_in, adapt_par, adapt_out)},
    .flags = KL__HOLDS, .lookback = adapt_lookback, .size = adapt_size, .init = adapt_init, .run = adapt_run,
    .pack = adapt_pack, .needed = adapt_needed,
};
