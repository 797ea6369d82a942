#include "indicator/formula.h"

static const kl_input_info decycler_osc_in[] = {{"x", "close"}};
static const kl_param_info decycler_osc_par[] = {{"fast", "period of the faster decycler in bars", KL_PARAM_REAL, 30, 3, KL_PERIOD_MAX, NULL},
                                                 {"slow", "period of the slower decycler in bars", KL_PARAM_REAL, 60, 3, KL_PERIOD_MAX, NULL}};
static const kl_output_info decycler_osc_out[] = {{"decycler_osc", "faster minus slower decycler", KL__ANY, "own", 0, 1, 0}};

KL__FORMULA(decycler_osc, "Ehlers' decycler oscillator", "cycle", KL_EXACT, "John Ehlers, Technical Analysis of Stocks & Commodities, 9/2015",
            "decycler_osc = highpass(x, slow, 2) - highpass(x, fast, 2);");
