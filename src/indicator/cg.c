#include "indicator/formula.h"

static const kl_input_info cg_in[] = {{"x", "close"}};
static const kl_param_info cg_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info cg_out[] = {{"cg", "minus the mean age of the window's bars, from 1, weighted by their values", KL__ANY, "own", 0, 0, 0}};

KL__FORMULA(cg, "Ehlers' centre of gravity", "cycle", KL_EXACT, "John Ehlers, Technical Analysis of Stocks & Commodities, 5/2002",
            "cg = 0.5 * (n + 1) * wmean(x, n) / mean(x, n) - (n + 1);");
