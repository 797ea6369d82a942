#include "indicator/session.h"

typedef struct {
    kl__weighing weighing;
    double dev, anchor;
    uint64_t price; /* 0 typical, 1 close */
} vwap_anchored_state;

static int64_t vwap_anchored_lookback(const double *params) { return (void)params, 0; }
static void vwap_anchored_init(void *state, const double *params) {
    vwap_anchored_state *s = state;
    kl__weighing_clear(&s->weighing);
    s->anchor = params[0], s->dev = params[1], s->price = (uint64_t)params[2];
}
static void vwap_anchored_run(void *state, const double *const *in, size_t n, double *const *out) {
    vwap_anchored_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double close = in[3][j], price = s->price ? close : close + ((in[1][j] - close) + (in[2][j] - close)) / 3.0;
        double mean = in[0][j] >= s->anchor ? kl__weighing_add(&s->weighing, price, in[4][j]) : kl__nan(), band = s->dev * kl__weighing_std(&s->weighing);
        out[0][j] = kl__plain(mean);
        out[1][j] = kl__plain(mean + band);
        out[2][j] = kl__plain(mean - band);
        out[3][j] = kl__plain((close - mean) / mean);
    }
}
static void vwap_anchored_pack(void *state, kl__snap *p) {
    vwap_anchored_state *s = state;
    kl__weighing_pack(&s->weighing, p);
}

static const char *const vwap_anchored_prices[] = {"typical", "close", NULL};
static const kl_input_info vwap_anchored_in[] = {{"time", "time"}, {"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info vwap_anchored_par[] = {{"anchor", "opening time of the first bar, in seconds since 1970", KL_PARAM_REAL, 1767571200, -1e12, 1e12, NULL},
                                                  {"dev", "distance of the bands in deviations", KL_PARAM_REAL, 2, 0, 1000, NULL},
                                                 {"price", "price of a bar", KL_PARAM_CHOICE, 0, 0, 1, vwap_anchored_prices}};
static const kl_output_info vwap_anchored_out[] = {{"vwap", "mean price by volume since the anchor", KL__FREE, "price", 0, 1, 0},
                                                  {"upper", "dev deviations above", KL__FREE, "price", 0, 1, 0},
                                                  {"lower", "dev deviations below", KL__FREE, "price", 0, 1, 0},
                                                  {"deviation", "close over vwap, minus 1", KL__FREE, "own", 0, 0, 0}};

KL__KERNEL(vwap_anchored, "Anchored volume-weighted average price", "volume", "sum of price times volume over sum of volume, since the anchor", kl__needed_never)
