#include "indicator/session.h"

typedef struct {
    kl__session session;
    double length, high, low;
    uint64_t any; /* 1: bars were within the range of this period */
} opening_range_state;

static int64_t opening_range_lookback(const double *params) { return (void)params, 1; }
static void opening_range_init(void *state, const double *params) {
    opening_range_state *s = state;
    *s = (opening_range_state){.length = params[0]};
    kl__session_init(&s->session, params[1], params[2]);
}
static void opening_range_run(void *state, const double *const *in, size_t n, double *const *out) {
    opening_range_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double time = in[0][j], high = in[1][j], low = in[2][j];
        if (kl__session_begins(&s->session, time)) s->any = 0, s->high = s->low = 0.0;
        int within = kl__session_age(&s->session, time) < s->length;
        if (within && s->session.whole) {
            s->high = s->any ? kl__max2(s->high, high) : high;
            s->low = s->any ? kl__min2(s->low, low) : low;
            s->any = 1;
        }
        int known = !within && s->any;
        out[0][j] = known ? s->high : kl__nan();
        out[1][j] = known ? s->low : kl__nan();
        out[2][j] = known ? kl__plain(0.5 * (s->high + s->low)) : kl__nan();
    }
}
static void opening_range_pack(void *state, kl__snap *p) {
    opening_range_state *s = state;
    kl__session_pack(&s->session, p);
    kl__snap_u64(p, &s->any, 1);
    kl__snap_f64(p, &s->high, 1);
    kl__snap_f64(p, &s->low, 1);
}

static const kl_input_info opening_range_in[] = {{"time", "time"}, {"high", "high"}, {"low", "low"}};
static const kl_param_info opening_range_par[] = {{"length", "length of the range in seconds", KL_PARAM_REAL, 3600, 1, 1e9, NULL}, KL__SESSION_PERIOD,
                                                  KL__SESSION_OFFSET};
static const kl_output_info opening_range_out[] = {{"high", "highest price of the range", KL__FREE, "price", 0, 1, 0},
                                                   {"low", "lowest price of the range", KL__FREE, "price", 0, 1, 0},
                                                   {"middle", "mean of the two", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(opening_range, "Opening range", "levels", "Toby Crabel, Day Trading With Short Term Price Patterns and Opening Range Breakout, 1990", kl__needed_never)
