#include "indicator/formula.h"

static const kl_input_info natr_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info natr_par[] = {{"n", "length of Wilder's average in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info natr_out[] = {{"natr", "average true range in percent of the close", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(natr, "Normalised average true range", "volatility", KL_EXACT,
    "J. Forman, Technical Analysis of Stocks & Commodities, 2006",
    "natr = 100*(atr(high, low, close, n)/close);");
