#include "indicator/range.h"

typedef struct {
    double mult, close, stop;
    uint64_t begun;
    kl__average_range range;
} atrts_state;

static int64_t atrts_lookback(const double *params) { return (int64_t)params[0]; }
static size_t atrts_size(const double *params) { return sizeof(atrts_state) - sizeof(kl__average_range) + kl__average_range_size(params[0], params[2]); }
static void atrts_init(void *state, const double *params) {
    atrts_state *s = state;
    s->mult = params[1];
    s->close = s->stop = 0.0;
    s->begun = 0;
    kl__average_range_init(&s->range, params[0], params[2]);
}

/* The stop goes towards the price while two closes in a row are on its same side, and jumps to the other side otherwise. */
static double atrts_bar(atrts_state *s, double x, double band) {
    double up = x - band, down = x + band, before = s->stop;
    int above = x > before, was_above = s->close > before, below = x < before, was_below = s->close < before;
    if (!s->begun) s->stop = up;
    else if (above) s->stop = was_above ? kl__max2(before, up) : up;
    else if (below) s->stop = was_below ? kl__min2(before, down) : down;
    else if (was_above) s->stop = kl__max2(before, up); /* a close on the stop stays with its side */
    else if (was_below) s->stop = kl__min2(before, down);
    s->close = x, s->begun = 1;
    return s->stop;
}

static void atrts_run(void *state, const double *const *in, size_t n, double *const *out) {
    atrts_state *s = state;
    double range[KL__CHUNK];
    kl__average_range_run(&s->range, in, n, range);
    for (size_t j = 0; j < n; j++)
        out[0][j] = range[j] == range[j] ? kl__plain(atrts_bar(s, in[2][j], s->mult * range[j])) : kl__nan();
}
static void atrts_settle(void *state) { kl__average_range_settle(&((atrts_state *)state)->range); }
static void atrts_pack(void *state, kl__snap *p) {
    atrts_state *s = state;
    kl__snap_u64(p, &s->begun, 1);
    kl__snap_f64(p, &s->close, 1);
    kl__snap_f64(p, &s->stop, 1);
    kl__average_range_pack(&s->range, p);
}

static const kl_input_info atrts_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info atrts_par[] = {{"n", "length of the average true range in bars", KL_PARAM_INT, 21, 1, KL_PERIOD_MAX, NULL},
                                          {"mult", "distance of the stop in ranges", KL_PARAM_REAL, 3, 0, 1000, NULL}, KL__RANGE_KIND};
static const kl_output_info atrts_out[] = {{"atrts", "stop", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL_AS(atrts, "ATR trailing stop", "overlap", "Sylvain Vervoort, Technical Analysis of Stocks & Commodities, 6/2009", "O(1) a bar",
              atrts_size, atrts_settle, kl__needed_never, KL__PORTS(atrts_in, atrts_par, atrts_out));
