#include "indicator/session.h"

typedef kl__periods cpr_state;

static int64_t cpr_lookback(const double *params) { return (void)params, 1; }
static void cpr_init(void *state, const double *params) {
    kl__periods *s = state;
    *s = (kl__periods){.known = 0};
    kl__session_init(&s->session, params[0], params[1]);
}
static void cpr_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__periods *s = state;
    for (size_t j = 0; j < n; j++) {
        kl__periods_step(s, in[0][j], in[3][j], in[1][j], in[2][j], in[3][j]);
        double pivot = (s->last[1] + s->last[2] + s->last[3]) / 3.0, middle = 0.5 * (s->last[1] + s->last[2]), other = pivot + (pivot - middle);
        out[0][j] = s->known ? kl__plain(pivot) : kl__nan();
        out[1][j] = s->known ? kl__plain(kl__max2(middle, other)) : kl__nan();
        out[2][j] = s->known ? kl__plain(kl__min2(middle, other)) : kl__nan();
    }
}
static void cpr_pack(void *state, kl__snap *p) { kl__periods_pack(state, p); }

static const kl_input_info cpr_in[] = {{"time", "time"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info cpr_par[] = {KL__SESSION_PERIOD, KL__SESSION_OFFSET};
static const kl_output_info cpr_out[] = {{"p", "pivot", KL__FREE, "price", 0, 1, 0}, {"tc", "upper end of the range", KL__FREE, "price", 0, 1, 0},
                                         {"bc", "lower end of the range", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(cpr, "Central pivot range", "levels", "Mark Fisher, The Logical Trader, 2002", kl__needed_never)
