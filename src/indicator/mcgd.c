#include "base/fp.h"
#include "indicator/formula.h"
#include "indicator/kernel.h"

typedef struct {
    double y, share; /* share: of the distance that a price on the line closes */
    uint64_t seen, n; /* at most n */
} mcgd_state;

static int64_t mcgd_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t mcgd_size(const double *params) { return (void)params, sizeof(mcgd_state); }
static void mcgd_init(void *state, const double *params) {
    *(mcgd_state *)state = (mcgd_state){0.0, 1.0 / (params[1] * params[0]), 0, (uint64_t)params[0]};
}
/* A line at 0 would stay there: it begins again with the price. */
static void mcgd_run(void *state, const double *const *in, size_t n, double *const *out) {
    mcgd_state *s = state;
    const double *x = in[0];
    double y = s->y;
    for (size_t j = 0; j < n; j++) {
        double ratio = x[j] / y, square = ratio * ratio, share = s->share / (square * square);
        y = y == 0.0 ? x[j] : share < 1.0 ? y + share * (x[j] - y) : x[j];
        if (s->seen < s->n) s->seen++;
        out[0][j] = s->seen == s->n ? y : kl__nan();
    }
    s->y = y;
}
static void mcgd_pack(void *state, kl__snap *p) {
    mcgd_state *s = state;
    kl__snap_f64(p, &s->y, 1);
    kl__snap_u64(p, &s->seen, s->n);
}

static const kl_input_info mcgd_in[] = {{"x", "close"}};
static const kl_param_info mcgd_par[] = {{"n", "length in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
                                         {"k", "factor of the length: some write 0.6", KL_PARAM_REAL, 1, 0.01, 100, NULL}};
static const kl_output_info mcgd_out[] = {{"mcgd", "McGinley's line", KL__ANY, "price", 0, 1, 0}};

const kl__indicator kl__ind_mcgd = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "mcgd", .title = "McGinley dynamic", .group = "overlap",
            .since = "0.1", .source = "J. R. McGinley, MTA Journal, 1997: y = y + (x - y) / (k*n * (x/y)^4)",
            .cost = "O(1) a bar, one after the other", .stability = KL_EXACT, KL__PORTS(mcgd_in, mcgd_par, mcgd_out)},
    .flags = KL__HOLDS, .lookback = mcgd_lookback, .size = mcgd_size, .init = mcgd_init, .run = mcgd_run,
    .pack = mcgd_pack, .needed = kl__needed_never, /* far below the price it hardly moves, whatever the length */
};
