#include "indicator/formula.h"

static const kl_input_info reflex_in[] = {{"x", "close"}};
static const kl_param_info reflex_par[] = {{"length", "bars looked back on; twice the period that is smoothed", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info reflex_out[] = {{"reflex", "mean distance of a line through the smoothed value from its last ones, over its usual size", KL__ANY, "own", 0, 0, 0}};

KL__FORMULA(reflex, "Reflex", "cycle", KL_EXACT, "John Ehlers, Technical Analysis of Stocks & Commodities, 2/2020",
            "before = hold(x)[1];"
            "move = if(known(before), x - before, 0 * x);"
            "v = supersmoother(move, length / 2);"
            "d = slope(v, length);"
            "reflex = d / sqrt(ewm(d * d, 0.04, zero));");
