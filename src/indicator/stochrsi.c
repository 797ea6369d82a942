#include "indicator/formula.h"
#include "indicator/average_types.h"

static const kl_input_info stochrsi_in[] = {{"x", "close"}};
static const kl_param_info stochrsi_par[] = {
    {"n", "length of the RSI", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
    {"fastk", "bars of its range", KL_PARAM_INT, 5, 2, KL_PERIOD_MAX, NULL},
    {"fastd", "length of the average that makes %D", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"fastd_matype", "its kind", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types}};
static const kl_output_info stochrsi_out[] = {
    {"fastk", "place of the RSI in its range", 0, 100, "own", 0, 0, 0},
    {"fastd", "its average", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(stochrsi, "Stochastic RSI", "momentum", KL_EXACT, "T. S. Chande and S. Kroll, The New Technical Trader, 1994",
    "r = rsi(x, n);"
    "least = min(r, fastk);"
    "range = max(r, fastk) - least;"
    "k = 100*((r - least)/(range*(range > 0.000000001)));"
    "fastd = ma(k, fastd, fastd_matype);"
    "fastk = k;");
