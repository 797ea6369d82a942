#include "indicator/formula.h"

static const kl_input_info amihud_in[] = {{"close", "close"}, {"quote", "quote_volume"}};
static const kl_param_info amihud_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"scale", "factor that makes numbers handy", KL_PARAM_REAL, 1000000, 0, 1000000000000.0, NULL}};
static const kl_output_info amihud_out[] = {{"amihud", "return without its sign by turnover", KL__ANY, "own", 0, 0, -1}};
KL__FORMULA(amihud, "Amihud's illiquidity", "volume", KL_EXACT, "Yakov Amihud, Journal of Financial Markets, 2002",
    "amihud = scale*sma(abs(ret(close))/quote, n);");
