#include "indicator/range.h"

typedef struct {
    double mult, upper, lower, close; /* the bands, and the close before */
    uint64_t up, begun;
    kl__average_range range;
} supertrend_state;

static int64_t supertrend_lookback(const double *params) { return (int64_t)params[0]; }
static size_t supertrend_size(const double *params) {
    return sizeof(supertrend_state) - sizeof(kl__average_range) + kl__average_range_size(params[0], params[2]);
}
static void supertrend_init(void *state, const double *params) {
    supertrend_state *s = state;
    s->mult = params[1];
    s->upper = s->lower = s->close = 0.0;
    s->up = 1, s->begun = 0;
    kl__average_range_init(&s->range, params[0], params[2]);
}

/* Each band goes towards the price only, until a close has been beyond it. */
static void supertrend_bar(supertrend_state *s, double upper, double lower, double close) {
    if (!s->begun || upper < s->upper || s->close > s->upper) s->upper = upper;
    if (!s->begun || lower > s->lower || s->close < s->lower) s->lower = lower;
    if (s->begun && s->up && close < s->lower) s->up = 0;
    else if (s->begun && !s->up && close > s->upper) s->up = 1;
    s->close = close, s->begun = 1;
}

static void supertrend_run(void *state, const double *const *in, size_t n, double *const *out) {
    supertrend_state *s = state;
    double range[KL__CHUNK];
    kl__average_range_run(&s->range, in, n, range);
    for (size_t j = 0; j < n; j++) {
        if (range[j] != range[j]) {
            out[0][j] = out[1][j] = kl__nan();
            continue;
        }
        double middle = 0.5 * (in[0][j] + in[1][j]), band = s->mult * range[j];
        supertrend_bar(s, middle + band, middle - band, in[2][j]);
        out[0][j] = kl__plain(s->up ? s->lower : s->upper);
        out[1][j] = s->up ? 1.0 : -1.0;
    }
}
static void supertrend_settle(void *state) { kl__average_range_settle(&((supertrend_state *)state)->range); }
static void supertrend_pack(void *state, kl__snap *p) {
    supertrend_state *s = state;
    kl__snap_u64(p, &s->up, 1);
    kl__snap_u64(p, &s->begun, 1);
    kl__snap_f64(p, &s->upper, 1);
    kl__snap_f64(p, &s->lower, 1);
    kl__snap_f64(p, &s->close, 1);
    kl__average_range_pack(&s->range, p);
}

static const kl_input_info supertrend_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info supertrend_par[] = {{"n", "length of the average true range in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
                                               {"mult", "distance of the bands in ranges", KL_PARAM_REAL, 3, 0, 1000, NULL},
                                               KL__RANGE_KIND};
static const kl_output_info supertrend_out[] = {{"supertrend", "the band that trails the trend", KL__FREE, "price", 0, 1, 0},
                                                {"trend", "1 up, -1 down", -1, 1, "own", 0, 0, 0}};

KL__KERNEL_AS(supertrend, "SuperTrend", "overlap", "Olivier Seban: bands of the average true range that go towards the price only", "O(1) a bar",
              supertrend_size, supertrend_settle, kl__needed_never, KL__PORTS(supertrend_in, supertrend_par, supertrend_out));
