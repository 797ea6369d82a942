#include "indicator/kernel.h"

/* One side: 0 buy, 1 sell. */
typedef struct {
    uint64_t setup, counts, countdown; /* counts: a countdown is under way */
    double eighth;                     /* close of its 8th bar */
} td_sequential_side;
typedef struct {
    double close[4], high[2], low[2]; /* of the bars before, newest first */
    uint64_t seen;                    /* up to 4 */
    td_sequential_side side[2];
} td_sequential_state;

static int64_t td_sequential_lookback(const double *params) { return (void)params, 4; }
static void td_sequential_init(void *state, const double *params) { (void)params, *(td_sequential_state *)state = (td_sequential_state){.seen = 0}; }

/* Returns the countdown to show. A countdown begins with the 9th bar of its setup, ends with its 13th or a 9th bar of the other side's. */
static uint64_t td_sequential_step(td_sequential_side *s, td_sequential_side *other, int up, int counts, double close, double low, int sell) {
    s->setup = up ? s->setup + 1 : 0;
    if (s->setup == 9) {
        other->counts = other->countdown = 0;
        if (!s->counts) s->counts = 1, s->countdown = 0, s->eighth = 0.0;
    }
    if (!s->counts || !counts) return s->countdown;
    int last = s->countdown == 12, ends = sell ? low >= s->eighth : low <= s->eighth;
    if (last && !ends) return s->countdown;
    s->countdown++;
    if (s->countdown == 8) s->eighth = close;
    if (!last) return s->countdown;
    s->counts = s->countdown = 0;
    return 13;
}

static void td_sequential_run(void *state, const double *const *in, size_t n, double *const *out) {
    td_sequential_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double high = in[0][j], low = in[1][j], close = in[2][j];
        if (s->seen == 4) {
            uint64_t buy = td_sequential_step(&s->side[0], &s->side[1], close < s->close[3], close <= s->low[1], close, low, 0);
            uint64_t sell = td_sequential_step(&s->side[1], &s->side[0], close > s->close[3], close >= s->high[1], close, high, 1);
            if (s->side[1].setup == 9) buy = 0;
            out[0][j] = (double)s->side[0].setup, out[1][j] = (double)s->side[1].setup;
            out[2][j] = (double)buy, out[3][j] = (double)sell;
        } else {
            s->seen++;
            for (int k = 0; k < 4; k++) out[k][j] = kl__nan();
        }
        for (int k = 3; k > 0; k--) s->close[k] = s->close[k - 1];
        s->close[0] = close, s->high[1] = s->high[0], s->high[0] = high, s->low[1] = s->low[0], s->low[0] = low;
    }
}
static void td_sequential_pack(void *state, kl__snap *p) {
    td_sequential_state *s = state;
    kl__snap_u64(p, &s->seen, 4);
    kl__snap_f64(p, s->close, 4);
    kl__snap_f64(p, s->high, 2);
    kl__snap_f64(p, s->low, 2);
    for (int k = 0; k < 2; k++) {
        kl__snap_u64(p, &s->side[k].setup, UINT64_MAX);
        kl__snap_u64(p, &s->side[k].counts, 1);
        kl__snap_u64(p, &s->side[k].countdown, 13);
        kl__snap_f64(p, &s->side[k].eighth, 1);
    }
}

static const kl_input_info td_sequential_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info td_sequential_out[] = {{"buy_setup", "closes in a row below the close of 4 bars before", 0, HUGE_VAL, "own", 0, 0, 0},
                                                   {"sell_setup", "closes in a row above it", 0, HUGE_VAL, "own", 0, 0, 0},
                                                   {"buy_countdown", "closes at or below the low of 2 bars before, since a setup of 9", 0, 13, "own", 0, 0, 0},
                                                   {"sell_countdown", "closes at or above the high of 2 bars before", 0, 13, "own", 0, 0, 0}};

KL__KERNEL_PLAIN(td_sequential, "TD sequential", "levels", "Tom DeMark, The New Science of Technical Analysis, 1994", kl__needed_never)
