#include "indicator/session.h"

typedef struct {
    kl__session session;
    kl__weighing weighing;
    double dev;
    uint64_t price; /* 0 typical, 1 close */
} vwap_session_state;

static int64_t vwap_session_lookback(const double *params) { return (void)params, 0; }
static void vwap_session_init(void *state, const double *params) {
    vwap_session_state *s = state;
    kl__session_init(&s->session, params[2], params[3]);
    kl__weighing_clear(&s->weighing);
    s->dev = params[0], s->price = (uint64_t)params[1];
}
static void vwap_session_run(void *state, const double *const *in, size_t n, double *const *out) {
    vwap_session_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double close = in[3][j], price = s->price ? close : close + ((in[1][j] - close) + (in[2][j] - close)) / 3.0;
        if (kl__session_begins(&s->session, in[0][j])) kl__weighing_clear(&s->weighing);
        double mean = kl__weighing_add(&s->weighing, price, in[4][j]), band = s->dev * kl__weighing_std(&s->weighing);
        out[0][j] = kl__plain(mean);
        out[1][j] = kl__plain(mean + band);
        out[2][j] = kl__plain(mean - band);
        out[3][j] = kl__plain((close - mean) / mean);
    }
}
static void vwap_session_pack(void *state, kl__snap *p) {
    vwap_session_state *s = state;
    kl__session_pack(&s->session, p);
    kl__weighing_pack(&s->weighing, p);
}

static const char *const vwap_session_prices[] = {"typical", "close", NULL};
static const kl_input_info vwap_session_in[] = {{"time", "time"}, {"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info vwap_session_par[] = {{"dev", "distance of the bands in deviations", KL_PARAM_REAL, 2, 0, 1000, NULL},
                                                 {"price", "price of a bar", KL_PARAM_CHOICE, 0, 0, 1, vwap_session_prices},
                                                 KL__SESSION_PERIOD, KL__SESSION_OFFSET};
static const kl_output_info vwap_session_out[] = {{"vwap", "mean price by volume since the period began", KL__FREE, "price", 0, 1, 0},
                                                  {"upper", "dev deviations above", KL__FREE, "price", 0, 1, 0},
                                                  {"lower", "dev deviations below", KL__FREE, "price", 0, 1, 0},
                                                  {"deviation", "close over vwap, minus 1", KL__FREE, "own", 0, 0, 0}};

KL__KERNEL(vwap_session, "Volume-weighted average price of the session", "volume", "sum of price times volume over sum of volume, since the period began", kl__needed_never)
