#include "indicator/formula.h"

static const kl_input_info roll_spread_in[] = {{"x", "close"}};
static const kl_param_info roll_spread_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 50, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info roll_spread_out[] = {
    {"roll_spread", "spread that bouncing between bid and ask implies", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA(roll_spread, "Roll's spread", "volatility", KL_EXACT, "Richard Roll, Journal of Finance, 1984",
    "d = x - x[1];"
    "roll_spread = 2*sqrt(-cov(d, d[1], n));");
