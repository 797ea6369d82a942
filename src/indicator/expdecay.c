#include "base/fp.h"
#include "indicator/decay.h"
#include "indicator/formula.h"

typedef struct {
    double y, keep;
    uint64_t begun;
} expdecay_state;

static int64_t expdecay_lookback(const double *params) { return (void)params, 0; }
static size_t expdecay_size(const double *params) { return (void)params, sizeof(expdecay_state); }
static void expdecay_init(void *state, const double *params) { *(expdecay_state *)state = (expdecay_state){0.0, (params[0] - 1.0) / params[0], 0}; }
static void expdecay_run(void *state, const double *const *in, size_t n, double *const *out) {
    expdecay_state *s = state;
    double y = s->begun ? s->y : in[0][0];
    size_t j = 0;
    if (!s->begun) out[0][j++] = y;
    for (; j < n; j++) {
        double lower = y * s->keep;
        y = in[0][j] > lower ? in[0][j] : lower;
        out[0][j] = y + 0.0; /* no -0.0 */
    }
    s->y = y, s->begun = 1;
}
static void expdecay_pack(void *state, kl__snap *p) {
    expdecay_state *s = state;
    kl__snap_f64(p, &s->y, 1);
    kl__snap_u64(p, &s->begun, 1);
}

static double expdecay_needed(const double *params, double digits) { return 1.0 + kl__decay_needed(kl__decay_wilder(params[0]), digits); }

static const kl_input_info expdecay_in[] = {{"x", "close"}};
static const kl_param_info expdecay_par[] = {{"n", "each bar keeps (n - 1) / n", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info expdecay_out[] = {{"expdecay", "peak that loses 1/n of itself a bar", KL__ANY, "price", 0, 1, 0}};

const kl__indicator kl__ind_expdecay = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "expdecay", .title = "Exponential decay", .group = "overlap",
            .since = "0.1", .source = "y = max(x, y * (n-1)/n)", .cost = "O(1) a bar", .stability = KL_EXACT,
            KL__PORTS(expdecay_in, expdecay_par, expdecay_out)},
    .flags = KL__HOLDS, .lookback = expdecay_lookback, .size = expdecay_size, .init = expdecay_init, .run = expdecay_run,
    .pack = expdecay_pack, .needed = expdecay_needed,
};
