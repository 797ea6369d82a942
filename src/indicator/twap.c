#include "indicator/session.h"

typedef struct {
    kl__session session;
    kl__weighing weighing; /* by bars, each of weight 1 */
} twap_state;

static int64_t twap_lookback(const double *params) { return (void)params, 0; }
static void twap_init(void *state, const double *params) {
    twap_state *s = state;
    kl__session_init(&s->session, params[0], params[1]);
    kl__weighing_clear(&s->weighing);
}
static void twap_run(void *state, const double *const *in, size_t n, double *const *out) {
    twap_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double close = in[4][j], price = close + (((in[1][j] - close) + (in[2][j] - close)) + (in[3][j] - close)) / 4.0;
        if (kl__session_begins(&s->session, in[0][j])) kl__weighing_clear(&s->weighing);
        out[0][j] = kl__plain(kl__weighing_add(&s->weighing, price, 1.0));
    }
}
static void twap_pack(void *state, kl__snap *p) {
    twap_state *s = state;
    kl__session_pack(&s->session, p);
    kl__weighing_pack(&s->weighing, p);
}

static const kl_input_info twap_in[] = {{"time", "time"}, {"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info twap_par[] = {KL__SESSION_PERIOD, KL__SESSION_OFFSET};
static const kl_output_info twap_out[] = {{"twap", "mean of (open + high + low + close) / 4 since the period began", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(twap, "Time-weighted average price of the session", "overlap", "mean of the bars' mean prices since the period began", kl__needed_never)
