#include "indicator/formula.h"

static const kl_input_info mfi_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info mfi_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info mfi_out[] = {{"mfi", "flow of rising bars in percent of all", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(mfi, "Money flow index", "momentum", KL_EXACT,
    "Gene Quong and Avrum Soudack, Technical Analysis of Stocks & Commodities, 1989",
    "p = (high + low + close)/3;"
    "d = p - p[1];"
    "f = p*volume;"
    "up = sum(f*(d > 0), n);"
    "down = sum(f*(d < 0), n);"
    "mfi = min2(max2(100*(up/(up + down)), 0), 100);");
