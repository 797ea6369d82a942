#include "indicator/session.h"

typedef kl__periods prev_period_state;

static int64_t prev_period_lookback(const double *params) { return (void)params, 1; }
static void prev_period_init(void *state, const double *params) {
    kl__periods *s = state;
    *s = (kl__periods){.known = 0};
    kl__session_init(&s->session, params[0], params[1]);
}
static void prev_period_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__periods *s = state;
    for (size_t j = 0; j < n; j++) {
        kl__periods_step(s, in[0][j], in[1][j], in[2][j], in[3][j], in[4][j]);
        for (int k = 0; k < 4; k++) out[k][j] = s->known ? s->last[k] : kl__nan();
    }
}
static void prev_period_pack(void *state, kl__snap *p) { kl__periods_pack(state, p); }

static const kl_input_info prev_period_in[] = {{"time", "time"}, {"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info prev_period_par[] = {KL__SESSION_PERIOD, KL__SESSION_OFFSET};
static const kl_output_info prev_period_out[] = {{"open", "its first price", KL__FREE, "price", 0, 1, 0}, {"high", "its highest price", KL__FREE, "price", 0, 1, 0},
                                                 {"low", "its lowest price", KL__FREE, "price", 0, 1, 0}, {"close", "its last price", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(prev_period, "Prices of the period before", "levels", "own definition", kl__needed_never)
