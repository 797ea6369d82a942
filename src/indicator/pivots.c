#include "indicator/session.h"

enum { PIVOTS_CLASSIC, PIVOTS_FIBONACCI, PIVOTS_CAMARILLA, PIVOTS_WOODIE, PIVOTS_DEMARK };

typedef struct {
    kl__periods periods;
    uint64_t kind;
    double level[9]; /* p, r1..r4, s1..s4 of the last period */
} pivots_state;

static int64_t pivots_lookback(const double *params) { return (void)params, 1; }
static void pivots_init(void *state, const double *params) {
    pivots_state *s = state;
    *s = (pivots_state){.kind = (uint64_t)params[0]};
    kl__session_init(&s->periods.session, params[1], params[2]);
}

/* Levels at p + by[j] and p - by[j]. */
static void pivots_around(double *level, double p, double a, double b, double c, double d) {
    const double by[4] = {a, b, c, d};
    for (int j = 0; j < 4; j++) level[1 + j] = p + by[j], level[5 + j] = p - by[j];
}
static void pivots_levels(const double *last, uint64_t kind, double *level) {
    double open = last[0], high = last[1], low = last[2], close = last[3], range = high - low, none = kl__nan();
    double p = kind == PIVOTS_WOODIE ? (high + low + 2.0 * close) / 4.0 : (high + low + close) / 3.0;
    if (kind == PIVOTS_DEMARK) {
        double x = close < open ? high + 2.0 * low + close : close > open ? 2.0 * high + low + close : high + low + 2.0 * close;
        p = x / 4.0;
        pivots_around(level, p, none, none, none, none);
        level[1] = x / 2.0 - low, level[5] = x / 2.0 - high;
    } else if (kind == PIVOTS_FIBONACCI) {
        pivots_around(level, p, 0.382 * range, 0.618 * range, range, none);
    } else if (kind == PIVOTS_CAMARILLA) {
        pivots_around(level, close, 1.1 * range / 12.0, 1.1 * range / 6.0, 1.1 * range / 4.0, 1.1 * range / 2.0);
    } else {
        double up = p - low, down = high - p;
        level[1] = p + up, level[2] = p + range, level[3] = high + 2.0 * up;
        level[5] = p - down, level[6] = p - range, level[7] = low - 2.0 * down;
        level[4] = kind == PIVOTS_WOODIE ? level[3] + range : high + 3.0 * up;
        level[8] = kind == PIVOTS_WOODIE ? level[7] - range : low - 3.0 * down;
    }
    level[0] = p;
}

static void pivots_run(void *state, const double *const *in, size_t n, double *const *out) {
    pivots_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double id = s->periods.session.id;
        kl__periods_step(&s->periods, in[0][j], in[1][j], in[2][j], in[3][j], in[4][j]);
        if (s->periods.session.id != id && s->periods.known) pivots_levels(s->periods.last, s->kind, s->level);
        for (int k = 0; k < 9; k++) out[k][j] = s->periods.known ? kl__plain(s->level[k]) : kl__nan();
    }
}
static void pivots_pack(void *state, kl__snap *p) {
    pivots_state *s = state;
    kl__periods_pack(&s->periods, p);
    kl__snap_f64(p, s->level, 9);
}

static const char *const pivots_kinds[] = {"classic", "fibonacci", "camarilla", "woodie", "demark", NULL};
static const kl_input_info pivots_in[] = {{"time", "time"}, {"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info pivots_par[] = {{"kind", "whose formulas", KL_PARAM_CHOICE, 0, 0, 4, pivots_kinds}, KL__SESSION_PERIOD, KL__SESSION_OFFSET};
#define PIVOTS_LEVEL(name, title) {name, title, KL__FREE, "price", 0, 1, 0}
static const kl_output_info pivots_out[] = {
    PIVOTS_LEVEL("p", "pivot"), PIVOTS_LEVEL("r1", "first resistance"), PIVOTS_LEVEL("r2", "second resistance"),
    PIVOTS_LEVEL("r3", "third resistance"), PIVOTS_LEVEL("r4", "fourth resistance"), PIVOTS_LEVEL("s1", "first support"),
    PIVOTS_LEVEL("s2", "second support"), PIVOTS_LEVEL("s3", "third support"), PIVOTS_LEVEL("s4", "fourth support")};

KL__KERNEL(pivots, "Pivot points", "levels", "floor traders; Camarilla by Nick Scott, 1989; Tom DeMark; Ken Wood", kl__needed_never)
