#include "indicator/pivot.h"

typedef struct {
    double price[2];           /* of the last pivot high and low */
    uint64_t age[2], known[2];
    kl__pivot pivot;
} swing_state;

static int64_t swing_lookback(const double *params) { return (int64_t)(params[0] + params[1]); }
static size_t swing_size(const double *params) { return sizeof(swing_state) - sizeof(kl__pivot) + kl__pivot_size(params[0], params[1]); }
static void swing_init(void *state, const double *params) {
    swing_state *s = state;
    for (int k = 0; k < 2; k++) s->price[k] = 0.0, s->age[k] = s->known[k] = 0;
    kl__pivot_init(&s->pivot, params[0], params[1]);
}
static void swing_run(void *state, const double *const *in, size_t n, double *const *out) {
    swing_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double price[2] = {0.0, 0.0};
        unsigned found = kl__pivot_step(&s->pivot, in[0][j], in[1][j], &price[0], &price[1]);
        for (unsigned k = 0; k < 2; k++) {
            s->age[k] += s->known[k];
            if (found >> k & 1) s->price[k] = price[k], s->age[k] = s->pivot.right, s->known[k] = 1;
            out[k][j] = s->known[k] ? s->price[k] : kl__nan();
            out[2 + k][j] = s->known[k] ? (double)s->age[k] : kl__nan();
        }
    }
}
static void swing_pack(void *state, kl__snap *p) {
    swing_state *s = state;
    kl__snap_f64(p, s->price, 2);
    for (int k = 0; k < 2; k++) kl__snap_u64(p, &s->age[k], UINT64_MAX), kl__snap_u64(p, &s->known[k], 1);
    kl__pivot_pack(&s->pivot, p);
}

static const kl_input_info swing_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info swing_par[] = {{"left", "bars before a pivot", KL_PARAM_INT, 5, 1, KL__PIVOT_MAX, NULL},
                                          {"right", "bars after a pivot, until it is known", KL_PARAM_INT, 5, 1, KL__PIVOT_MAX, NULL}};
static const kl_output_info swing_out[] = {{"high", "last pivot high", KL__FREE, "price", 0, 1, 0}, {"low", "last pivot low", KL__FREE, "price", 0, 1, 0},
                                           {"high_age", "bars since it", 0, HUGE_VAL, "own", 0, 0, 0}, {"low_age", "bars since it", 0, HUGE_VAL, "own", 0, 0, 0}};

KL__KERNEL_AS(swing, "Swing highs and lows", "levels", "pivots confirmed by the bars after them", "O(left + right) a bar", swing_size, NULL,
              kl__needed_never, KL__PORTS(swing_in, swing_par, swing_out));
