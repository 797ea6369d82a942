#include "indicator/formula.h"

static const kl_input_info minus_dm_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info minus_dm_par[] = {
    {"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info minus_dm_out[] = {{"minus_dm", "smoothed sum of moves down", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA(minus_dm, "Minus directional movement", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "minus_dm = n*rma(dmove(high, low, low).minus, n, 0, n == 1);");
