#include "indicator/formula.h"

static const kl_input_info vhf_in[] = {{"x", "close"}};
static const kl_param_info vhf_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 28, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info vhf_out[] = {{"vhf", "range of the values over the way they went", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(vhf, "Vertical horizontal filter", "momentum", KL_EXACT, "Adam White, Futures, 1991",
    "vhf = (max(x, n) - min(x, n))/sum(abs(x - x[1]), n);");
