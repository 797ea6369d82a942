#include "indicator/formula.h"

static const kl_input_info cmo_in[] = {{"x", "close"}};
static const kl_param_info cmo_par[] = {{"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info cmo_out[] = {{"cmo", "rises less falls in percent of both", -100, 100, "own", 0, 0, 0}};
KL__FORMULA(cmo, "Chande momentum oscillator", "momentum", KL_EXACT,
    "T. S. Chande and S. Kroll, The New Technical Trader, 1994, with the averages of TA-Lib",
    "d = x - x[1];"
    "up = max2(d, 0);"
    "down = max2(-d, 0);"
    "a = rma(up, n);"
    "b = rma(down, n);"
    "cmo = 100*((a - b)/(a + b));");
