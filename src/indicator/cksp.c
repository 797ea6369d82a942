#include "indicator/formula.h"

static const kl_input_info cksp_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info cksp_par[] = {
    {"n", "length of extremes and average true range in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"mult", "distance in average true ranges", KL_PARAM_REAL, 1, 0, 1000, NULL},
    {"stop_n", "bars over which the first stops are compared", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info cksp_out[] = {{"highstop", "highest of the stops below the highs", KL__ANY, "price", 0, 1, 0},
                                          {"lowstop", "lowest of the stops above the lows", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(cksp, "Chande Kroll stop", "overlap", KL_EXACT, "T. S. Chande, S. Kroll, The New Technical Trader, 1994",
    "width = mult * atr(high, low, close, n);"
    "highstop = max(max(high, n) - width, stop_n);"
    "lowstop = min(min(low, n) + width, stop_n);");
