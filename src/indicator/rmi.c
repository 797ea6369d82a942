#include "indicator/formula.h"

static const kl_input_info rmi_in[] = {{"x", "close"}};
static const kl_param_info rmi_par[] = {
    {"n", "length of Wilder's averages in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"momentum", "bars back", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rmi_out[] = {{"rmi", "rises in percent of all moves", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(rmi, "Relative momentum index", "momentum", KL_EXACT,
    "Roger Altman, Technical Analysis of Stocks & Commodities, 1993",
    "d = x - x[momentum];"
    "up = rma(max2(d, 0), n);"
    "rmi = 100*(up/(up + rma(max2(-d, 0), n)));");
