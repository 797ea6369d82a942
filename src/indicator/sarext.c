#include "indicator/parabolic.h"

typedef kl__sar sarext_state;

static int64_t sarext_lookback(const double *params) { return (void)params, 1; }
static void sarext_init(void *state, const double *params) {
    kl__sar *s = state;
    kl__sar_side up = {params[2], params[3], params[4]}, down = {params[5], params[6], params[7]};
    s->side[0] = down, s->side[1] = up, s->begin = params[0], s->offset = params[1];
    kl__sar_init(s);
}
static void sarext_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__sar_run(state, in[0], in[1], n, out[0], 1);
}
static void sarext_pack(void *state, kl__snap *p) { kl__sar_pack(state, p); }

static const kl_input_info sarext_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info sarext_par[] = {
    {"startvalue", "first stop: above 0 of a long trade, below 0 of a short one; 0: by the first two bars", KL_PARAM_REAL, 0, -1e15, 1e15, NULL},
    {"offsetonreverse", "share by which the stop is moved away when the trade reverses", KL_PARAM_REAL, 0, 0, 1, NULL},
    {"accelerationinitlong", "long: share of the way to the extreme at first", KL_PARAM_REAL, 0.02, 0, 1, NULL},
    {"accelerationlong", "long: what each new extreme adds", KL_PARAM_REAL, 0.02, 0, 1, NULL},
    {"accelerationmaxlong", "long: greatest share", KL_PARAM_REAL, 0.2, 0, 1, NULL},
    {"accelerationinitshort", "short: share of the way to the extreme at first", KL_PARAM_REAL, 0.02, 0, 1, NULL},
    {"accelerationshort", "short: what each new extreme adds", KL_PARAM_REAL, 0.02, 0, 1, NULL},
    {"accelerationmaxshort", "short: greatest share", KL_PARAM_REAL, 0.2, 0, 1, NULL}};
static const kl_output_info sarext_out[] = {{"sarext", "stop, with a minus sign while short", KL__FREE, "own", 0, KL_POWER_NONE, 0}};

KL__KERNEL(sarext, "Parabolic stop and reverse, extended", "overlap", "Wilder's stop and reverse with settings of its own for each side, as in TA-Lib", kl__needed_never)
