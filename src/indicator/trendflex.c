#include "indicator/formula.h"

static const kl_input_info trendflex_in[] = {{"x", "close"}};
static const kl_param_info trendflex_par[] = {{"length", "bars looked back on; twice the period that is smoothed", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info trendflex_out[] = {{"trendflex", "mean distance of the smoothed value from its last ones, over its usual size", KL__ANY, "own", 0, 0, 0}};

KL__FORMULA(trendflex, "Trendflex", "cycle", KL_EXACT, "John Ehlers, Technical Analysis of Stocks & Commodities, 2/2020",
            "before = hold(x)[1];"
            "move = if(known(before), x - before, 0 * x);"
            "v = supersmoother(move, length / 2);"
            "d = wmean(v, length);"
            "trendflex = d / sqrt(ewm(d * d, 0.04, zero));");
