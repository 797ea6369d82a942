#include "indicator/range.h"

typedef struct {
    double mult, high, low, stop; /* extremes of the close since the trend began */
    uint64_t up, begun;
    kl__average_range range;
} vstop_state;

static int64_t vstop_lookback(const double *params) { return (int64_t)params[0]; }
static size_t vstop_size(const double *params) { return sizeof(vstop_state) - sizeof(kl__average_range) + kl__average_range_size(params[0], params[2]); }
static void vstop_init(void *state, const double *params) {
    vstop_state *s = state;
    s->mult = params[1];
    s->high = s->low = s->stop = 0.0;
    s->up = 1, s->begun = 0;
    kl__average_range_init(&s->range, params[0], params[2]);
}

static void vstop_bar(vstop_state *s, double x, double band) {
    if (!s->begun) {
        s->begun = 1, s->high = s->low = x, s->stop = x - band;
        return;
    }
    s->high = kl__max2(s->high, x), s->low = kl__min2(s->low, x);
    s->stop = s->up ? kl__max2(s->stop, s->high - band) : kl__min2(s->stop, s->low + band);
    uint64_t up = x >= s->stop;
    if (up == s->up) return;
    s->up = up, s->high = s->low = x;
    s->stop = up ? x - band : x + band;
}

static void vstop_run(void *state, const double *const *in, size_t n, double *const *out) {
    vstop_state *s = state;
    double range[KL__CHUNK];
    kl__average_range_run(&s->range, in, n, range);
    for (size_t j = 0; j < n; j++) {
        int known = range[j] == range[j];
        if (known) vstop_bar(s, in[2][j], s->mult * range[j]);
        out[0][j] = known ? kl__plain(s->stop) : kl__nan();
        out[1][j] = !known ? kl__nan() : s->up ? 1.0 : -1.0;
    }
}
static void vstop_settle(void *state) { kl__average_range_settle(&((vstop_state *)state)->range); }
static void vstop_pack(void *state, kl__snap *p) {
    vstop_state *s = state;
    kl__snap_u64(p, &s->up, 1);
    kl__snap_u64(p, &s->begun, 1);
    kl__snap_f64(p, &s->high, 1);
    kl__snap_f64(p, &s->low, 1);
    kl__snap_f64(p, &s->stop, 1);
    kl__average_range_pack(&s->range, p);
}

static const kl_input_info vstop_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info vstop_par[] = {{"n", "length of the average true range in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
                                          {"mult", "distance of the stop in ranges", KL_PARAM_REAL, 2, 0, 1000, NULL}, KL__RANGE_KIND};
static const kl_output_info vstop_out[] = {{"stop", "stop of the trend", KL__FREE, "price", 0, 1, 0},
                                           {"trend", "1 up, -1 down", -1, 1, "own", 0, 0, 0}};

KL__KERNEL_AS(vstop, "Volatility stop", "overlap", "Wilder's volatility system, 1978: the stop trails the best close since the trend began",
              "O(1) a bar", vstop_size, vstop_settle, kl__needed_never, KL__PORTS(vstop_in, vstop_par, vstop_out));
