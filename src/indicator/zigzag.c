#include "indicator/kernel.h"

typedef struct {
    double turn;                 /* share of the extreme that is a turn */
    double high, low;            /* extremes of the leg; before the first pivot both */
    uint64_t high_age, low_age;
    double pivot;
    uint64_t age;
    uint64_t begun, leg;         /* leg: 0 none yet, 1 up, 2 down */
} zigzag_state;

static int64_t zigzag_lookback(const double *params) { return (void)params, 1; }
static void zigzag_init(void *state, const double *params) { *(zigzag_state *)state = (zigzag_state){.turn = params[0] / 100.0}; }

static void zigzag_turned(zigzag_state *s, uint64_t leg, double high, double low) {
    s->pivot = leg == 1 ? s->low : s->high;
    s->age = leg == 1 ? s->low_age : s->high_age;
    s->leg = leg;
    if (leg == 1) s->high = high, s->high_age = 0;
    else s->low = low, s->low_age = 0;
}

/* A bar that sets a new extreme of its leg does not turn it, nor does one that is not away from the extreme. */
static void zigzag_bar(zigzag_state *s, double high, double low) {
    if (!s->begun) {
        s->begun = 1, s->high = high, s->low = low;
        return;
    }
    s->high_age++, s->low_age++, s->age++;
    int above = s->leg != 2 && high > s->high, below = s->leg != 1 && low < s->low;
    double falls = s->high - s->turn * fabs(s->high), rises = s->low + s->turn * fabs(s->low);
    if (above) s->high = high, s->high_age = 0;
    if (below) s->low = low, s->low_age = 0;
    if (s->leg != 2 && !above && low < s->high && low <= falls) zigzag_turned(s, 2, high, low);
    else if (s->leg != 1 && !below && high > s->low && high >= rises) zigzag_turned(s, 1, high, low);
}

static void zigzag_run(void *state, const double *const *in, size_t n, double *const *out) {
    zigzag_state *s = state;
    for (size_t j = 0; j < n; j++) {
        zigzag_bar(s, in[0][j], in[1][j]);
        out[0][j] = s->leg ? s->pivot : kl__nan();
        out[1][j] = s->leg ? (s->leg == 1 ? s->high : s->low) : kl__nan();
        out[2][j] = s->leg ? (double)s->age : kl__nan();
        out[3][j] = !s->leg ? kl__nan() : s->leg == 1 ? 1.0 : -1.0;
    }
}
static void zigzag_pack(void *state, kl__snap *p) {
    zigzag_state *s = state;
    kl__snap_u64(p, &s->begun, 1);
    kl__snap_u64(p, &s->leg, 2);
    kl__snap_u64(p, &s->age, UINT64_MAX);
    kl__snap_u64(p, &s->high_age, UINT64_MAX);
    kl__snap_u64(p, &s->low_age, UINT64_MAX);
    kl__snap_f64(p, &s->high, 1);
    kl__snap_f64(p, &s->low, 1);
    kl__snap_f64(p, &s->pivot, 1);
}

static const kl_input_info zigzag_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info zigzag_par[] = {{"percent", "move against the leg that turns it, in percent of its extreme", KL_PARAM_REAL, 5, 0, 100, NULL}};
static const kl_output_info zigzag_out[] = {{"pivot", "the last confirmed turning point", KL__FREE, "price", 0, 1, 0},
                                            {"extreme", "farthest price of the leg since, so far", KL__FREE, "price", 0, 1, 0},
                                            {"age", "bars since the turning point", 0, HUGE_VAL, "own", 0, 0, 0},
                                            {"direction", "of the leg since: 1 up, -1 down", -1, 1, "own", 0, 0, 0}};

KL__KERNEL(zigzag, "ZigZag", "levels", "turning points, known once the price has moved far enough away from them", kl__needed_never)
