#include "indicator/formula.h"

static const kl_input_info imi_in[] = {{"open", "open"}, {"close", "close"}};
static const kl_param_info imi_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info imi_out[] = {{"imi", "rises within bars in percent of all moves", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(imi, "Intraday momentum index", "momentum", KL_EXACT, "Tushar S. Chande",
    "d = close - open;"
    "up = sum(max2(d, 0), n);"
    "imi = 100*(up/(up + sum(max2(-d, 0), n)));");
