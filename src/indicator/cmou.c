#include "indicator/formula.h"

static const kl_input_info cmou_in[] = {{"x", "close"}};
static const kl_param_info cmou_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info cmou_out[] = {{"cmou", "rises less falls in percent of both", -100, 100, "own", 0, 0, 0}};
KL__FORMULA(cmou, "Chande momentum oscillator, unsmoothed", "momentum", KL_EXACT,
    "T. S. Chande and S. Kroll, The New Technical Trader, 1994",
    "d = x - x[1];"
    "up = max2(d, 0);"
    "down = max2(-d, 0);"
    "a = sum(up, n);"
    "b = sum(down, n);"
    "cmou = 100*((a - b)/(a + b));");
