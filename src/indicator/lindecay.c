#include "base/fp.h"
#include "indicator/formula.h"
#include "indicator/kernel.h"

/* The peak and how long ago it was: a step subtracted bar by bar would collect its rounding errors. */
typedef struct {
    double peak, n;
    uint64_t age, begun;
} lindecay_state;

static int64_t lindecay_lookback(const double *params) { return (void)params, 0; }
static size_t lindecay_size(const double *params) { return (void)params, sizeof(lindecay_state); }
static void lindecay_init(void *state, const double *params) { *(lindecay_state *)state = (lindecay_state){0.0, params[0], 0, 0}; }
static void lindecay_run(void *state, const double *const *in, size_t n, double *const *out) {
    lindecay_state *s = state;
    double peak = s->begun ? s->peak : in[0][0];
    uint64_t age = s->age;
    for (size_t j = 0; j < n; j++) {
        double lower = peak - (double)++age / s->n;
        if (in[0][j] >= lower) peak = lower = in[0][j], age = 0;
        out[0][j] = lower;
    }
    s->peak = peak, s->age = age, s->begun = 1;
}
static void lindecay_pack(void *state, kl__snap *p) {
    lindecay_state *s = state;
    kl__snap_f64(p, &s->peak, 1);
    kl__snap_u64(p, &s->age, UINT64_MAX);
    kl__snap_u64(p, &s->begun, 1);
}

static const kl_input_info lindecay_in[] = {{"x", "close"}};
static const kl_param_info lindecay_par[] = {{"n", "bars in which 1 is lost", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info lindecay_out[] = {{"lindecay", "peak that falls by 1/n a bar", KL__ANY, "price", 0, KL_POWER_NONE, 0}};

const kl__indicator kl__ind_lindecay = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "lindecay", .title = "Linear decay", .group = "overlap",
            .since = "0.1", .source = "y = max(x, y - 1/n)", .cost = "O(1) a bar", .stability = KL_EXACT,
            KL__PORTS(lindecay_in, lindecay_par, lindecay_out)},
    .flags = KL__HOLDS, .lookback = lindecay_lookback, .size = lindecay_size, .init = lindecay_init, .run = lindecay_run,
    .pack = lindecay_pack, .needed = kl__needed_never, /* a peak lasts as long as it is high */
};
