#include "indicator/formula.h"

static const kl_input_info ttm_trend_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info ttm_trend_par[] = {{"n", "length of the mean in bars", KL_PARAM_INT, 6, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info ttm_trend_out[] = {
    {"ttm_trend", "1 where the close is above the mean of the middles, else -1", -1, 1, "own", 0, 0, 0}};
KL__FORMULA(ttm_trend, "TTM trend", "momentum", KL_EXACT, "John F. Carter",
    "ttm_trend = if(close > sma((high + low)/2, n), 1, -1);");
