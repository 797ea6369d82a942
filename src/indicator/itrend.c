#include "indicator/poles.h"

typedef struct {
    kl__lowpass filter;
} itrend_state;

static int64_t itrend_lookback(const double *params) { return (void)params, 0; }
static void itrend_init(void *state, const double *params) { kl__poles_trend(&((itrend_state *)state)->filter, params[0]); }
static void itrend_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__lowpass *f = &((itrend_state *)state)->filter;
    for (size_t j = 0; j < n; j++) {
        double old = f->seen ? f->y2 : in[0][j], line = kl__lowpass_step(f, in[0][j]);
        out[0][j] = kl__plain(line);
        out[1][j] = kl__plain(line + (line - old));
    }
}
static void itrend_pack(void *state, kl__snap *p) { kl__lowpass_pack(&((itrend_state *)state)->filter, p); }
static double itrend_needed(const double *params, double digits) { return 8.0 + ceil(3.0 * (digits + 2.0) / params[0]); }

static const kl_input_info itrend_in[] = {{"x", "close"}};
static const kl_param_info itrend_par[] = {{"alpha", "weight of the new; 2 / (n + 1) for n bars", KL_PARAM_REAL, 0.07, 0, 1, NULL}};
static const kl_output_info itrend_out[] = {{"itrend", "trend without lag", KL__FREE, "price", 0, 1, 0},
                                            {"trigger", "where it goes in two bars at its pace of the last two", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(itrend, "Ehlers' instantaneous trend line", "overlap", "John Ehlers, Cybernetic Analysis for Stocks and Futures, 2004", itrend_needed)
