#include "base/fp.h"
#include "indicator/formula.h"
#include "indicator/past.h"

enum { MAVP_SMA = 0, MAVP_WMA = 1 };

/* The window of the longest length follows. */
typedef struct {
    double min, max;
    uint64_t weighted;
} mavp_state;

typedef struct {
    const mavp_state *state;
    const double *periods, *y; /* of the first row of the call */
} mavp_call;

KL__INLINE kl__past *mavp_past(void *state) { return (kl__past *)(void *)((mavp_state *)state + 1); }

static double mavp_longest(const double *params) { return params[1] > params[0] ? params[1] : params[0]; }
static int64_t mavp_lookback(const double *params) { return (int64_t)mavp_longest(params) - 1; }
static size_t mavp_size(const double *params) { return sizeof(mavp_state) + kl__past_size((size_t)mavp_longest(params)); }
static void mavp_init(void *state, const double *params) {
    *(mavp_state *)state = (mavp_state){params[0], mavp_longest(params), params[2] == MAVP_WMA};
    kl__past_init(mavp_past(state), (size_t)mavp_longest(params));
}

/* Mean of the values before `end`, with weights 1 .. n or all alike; distances from the newest. Four sums: none waits for another. */
static double mavp_mean(const double *end, size_t n, uint64_t weighted) {
    const double *x = end - n, newest = end[-1], all = weighted ? (double)n * ((double)n + 1.0) * 0.5 : (double)n, step = weighted ? 1.0 : 0.0;
    double a = 0.0, b = 0.0, c = 0.0, d = 0.0, weight = 1.0;
    for (; n >= 4; n -= 4, x += 4, weight += 4.0 * step) {
        a += weight * (x[0] - newest);
        b += (weight + step) * (x[1] - newest);
        c += (weight + 2.0 * step) * (x[2] - newest);
        d += (weight + 3.0 * step) * (x[3] - newest);
    }
    for (; n > 0; n--, x++, weight += step) a += weight * (*x - newest);
    return newest + ((a + b) + (c + d)) / all;
}
static void mavp_windows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    const mavp_call *call = context;
    const double *periods = call->periods + (y - call->y);
    for (size_t j = 0; j < rows; j++) {
        double n = floor(periods[j] < call->state->min ? call->state->min : periods[j] > call->state->max ? call->state->max : periods[j]);
        y[j] = mavp_mean(window + j + w, (size_t)n, call->state->weighted);
    }
}
static void mavp_run(void *state, const double *const *in, size_t n, double *const *out) {
    mavp_call call = {state, in[1], out[0]};
    kl__past_run(mavp_past(state), in[0], n, mavp_windows, &call, out[0]);
}
static void mavp_pack(void *state, kl__snap *p) { kl__past_pack(mavp_past(state), p); }

static const char *const mavp_kinds[] = {"sma", "wma", NULL};
static const kl_input_info mavp_in[] = {{"x", "close"}, {"periods", "volume"}};
static const kl_param_info mavp_par[] = {{"minperiod", "shortest length in bars", KL_PARAM_INT, 2, 1, KL_PERIOD_MAX, NULL},
                                         {"maxperiod", "longest length in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL},
                                         {"ma", "kind of average", KL_PARAM_CHOICE, MAVP_SMA, 0, 1, mavp_kinds}};
static const kl_output_info mavp_out[] = {{"mavp", "average over as many bars as `periods` says", KL__ANY, "price", 0, 1, KL_POWER_NONE}};

const kl__indicator kl__ind_mavp = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "mavp", .title = "Moving average with variable period",
            .group = "overlap", .since = "0.1", .source = "own definition of the mean of the last periods[t] values",
            .cost = "O(periods) a bar", .stability = KL_EXACT, KL__PORTS(mavp_in, mavp_par, mavp_out)},
    .lookback = mavp_lookback, .size = mavp_size, .init = mavp_init, .run = mavp_run, .pack = mavp_pack,
};
