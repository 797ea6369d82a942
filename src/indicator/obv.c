#include "base/fp.h"
#include "indicator/indicator.h"
#include <math.h>

/* A running total that does not drift: the rounding errors of the sum are summed beside it. */
typedef struct {
    double previous, sum, error;
    uint64_t seen; /* 0: no bar yet */
} obv_state;

static int64_t obv_lookback(const double *params) { return (void)params, 0; }
static size_t obv_size(const double *params) { return (void)params, sizeof(obv_state); }
static void obv_init(void *state, const double *params) {
    (void)params;
    *(obv_state *)state = (obv_state){0.0, 0.0, 0.0, 0};
}

/* Constants in the choices: compilers make masks of them, where prices would mispredict branches. */
static void obv_signed(const double *close, const double *before, const double *volume, size_t n, double *restrict out) {
    for (size_t j = 0; j < n; j++) {
        double up = close[j] > before[j] ? 1.0 : 0.0, down = close[j] < before[j] ? 1.0 : 0.0;
        out[j] = (up - down) * volume[j];
    }
}

static void obv_run(void *state, const double *const *in, size_t n, double *const *out) {
    obv_state *s = state;
    const double *close = in[0], *volume = in[1];
    double signed_volume[KL__CHUNK], sum = s->sum, error = s->error;
    obv_signed(close + 1, close, volume + 1, n - 1, signed_volume + 1);
    obv_signed(close, &s->previous, volume, 1, signed_volume);
    if (!s->seen) signed_volume[0] = volume[0];
    for (size_t j = 0; j < n; j++) {
        double v = signed_volume[j], next = sum + v, back = next - sum;
        error += (sum - (next - back)) + (v - back);
        sum = next;
        out[0][j] = sum + error;
    }
    s->previous = close[n - 1], s->sum = sum, s->error = error, s->seen = 1;
}

static void obv_pack(void *state, kl__snap *p) {
    obv_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, &s->previous, 1);
    kl__snap_f64(p, &s->sum, 1);
    kl__snap_f64(p, &s->error, 1);
}

static double obv_needed(const double *params, double digits) { return (void)params, (void)digits, HUGE_VAL; }

static const kl_input_info obv_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_output_info obv_out[] = {{"obv", "volume of rising bars minus that of falling ones", -HUGE_VAL, HUGE_VAL, "own", 0, 0, 1}};

const kl__indicator kl__ind_obv = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "obv", .title = "On-balance volume", .group = "volume",
            .since = "0.1", .source = "Joseph Granville, New Key to Stock Market Profits, 1963", .cost = "O(1) a bar",
            .stability = KL_EXACT, .n_inputs = KL__COUNT(obv_in), .n_params = 0, .n_outputs = KL__COUNT(obv_out), .inputs = obv_in,
            .params = NULL, .outputs = obv_out},
    .flags = KL__HOLDS, .lookback = obv_lookback, .size = obv_size, .init = obv_init, .run = obv_run, .pack = obv_pack,
    .needed = obv_needed,
};
