#include "indicator/formula.h"

static const kl_input_info tsi_in[] = {{"x", "close"}};
static const kl_param_info tsi_par[] = {
    {"first", "length of the first average", KL_PARAM_INT, 25, 1, KL_PERIOD_MAX, NULL},
    {"second", "length of the second average", KL_PARAM_INT, 13, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info tsi_out[] = {
    {"tsi", "twice smoothed change in percent of the twice smoothed size of changes", -100, 100, "own", 0, 0, 0}};
KL__FORMULA(tsi, "True strength index", "momentum", KL_EXACT, "William Blau, Stocks & Commodities, 1991",
    "d = x - x[1];"
    "tsi = min2(max2(100*(ema(ema(d, first), second)/ema(ema(abs(d), first), second)), -100), 100);");
