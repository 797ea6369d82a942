#include "indicator/formula.h"

static const kl_input_info plus_dm_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info plus_dm_par[] = {
    {"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info plus_dm_out[] = {{"plus_dm", "smoothed sum of moves up", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA(plus_dm, "Plus directional movement", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "plus_dm = n*rma(dmove(high, low, low).plus, n, 0, n == 1);");
