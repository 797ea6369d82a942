#include "indicator/formula.h"

static const kl_input_info aroonosc_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info aroonosc_par[] = {
    {"n", "bars of the window, beside the current one", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX - 1, NULL}};
static const kl_output_info aroonosc_out[] = {{"aroonosc", "up less down", -100, 100, "own", 0, 0, 0}};
KL__FORMULA(aroonosc, "Aroon oscillator", "momentum", KL_EXACT, "Tushar S. Chande, 1995",
    "aroonosc = 100*((argmin(low, n + 1) - argmax(high, n + 1))/n);");
