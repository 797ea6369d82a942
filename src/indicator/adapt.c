#include "base/fp.h"
#include "indicator/formula.h"

typedef struct {
    double y;
    uint64_t begun;
} adapt_state;

static int64_t adapt_lookback(const double *params) { return (void)params, 0; }
static size_t adapt_size(const double *params) { return (void)params, sizeof(adapt_state); }
static void adapt_init(void *state, const double *params) {
    (void)params;
    *(adapt_state *)state = (adapt_state){0.0, 0};
}
/* Between 0 and 1 no factor can send the line away from what it was and the new value. Returns 1 where one is above 1/2. */
static int adapt_factors(const double *restrict alpha, size_t n, double *restrict factor) {
    int above = 0;
    for (size_t j = 0; j < n; j++) {
        double most = alpha[j] < 1.0 ? alpha[j] : 1.0;
        factor[j] = most > 0.0 ? most : 0.0;
        above |= alpha[j] > 0.5;
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
    int choose = adapt_factors(in[1], n, factor);
    s->y = choose ? adapt_steps(in[0], factor, n, y, 1, out[0]) : adapt_steps(in[0], factor, n, y, 0, out[0]);
    s->begun = 1;
}
static void adapt_pack(void *state, kl__snap *p) {
    adapt_state *s = state;
    kl__snap_f64(p, &s->y, 1);
    kl__snap_u64(p, &s->begun, 1);
}

static const kl_input_info adapt_in[] = {{"x", "close"}, {"alpha", "close"}, {"first", "close"}};
static const kl_output_info adapt_out[] = {{"adapt", "filtered series", KL__ANY, "price", 0, KL_POWER_NONE, 0}};

const kl__indicator kl__ind_adapt = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "adapt", .title = "Filter with a factor for each bar",
            .group = "math", .since = "0.1", .source = "y = y + alpha * (x - y), alpha held between 0 and 1", .cost = "O(1) a bar, one after the other",
            .stability = KL_EXACT, .n_inputs = KL__COUNT(adapt_in), .n_outputs = KL__COUNT(adapt_out), .inputs = adapt_in,
            .outputs = adapt_out},
    .flags = KL__HOLDS, .lookback = adapt_lookback, .size = adapt_size, .init = adapt_init, .run = adapt_run, .pack = adapt_pack,
};
