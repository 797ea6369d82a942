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
/* Between 0 and 1 no factor can send the line away from what it was and the new value. */
KL__INLINE double adapt_factor(double alpha) {
    double most = alpha < 1.0 ? alpha : 1.0;
    return most > 0.0 ? most : 0.0;
}
static void adapt_run(void *state, const double *const *in, size_t n, double *const *out) {
    adapt_state *s = state;
    double y = s->begun ? s->y : in[2][0];
    for (size_t j = 0; j < n; j++) {
        double alpha = adapt_factor(in[1][j]), x = in[0][j], away = x - y;
        y = alpha > 0.5 ? x - (1.0 - alpha) * away : y + alpha * away; /* from the nearer end: all of the way is x itself */
        out[0][j] = y + 0.0; /* no -0.0 */
    }
    s->y = y, s->begun = 1;
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
