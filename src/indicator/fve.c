#include "indicator/formula.h"

static const kl_input_info fve_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info fve_par[] = {
    {"n", "length of the sums in bars", KL_PARAM_INT, 22, 1, KL_PERIOD_MAX, NULL},
    {"factor", "cutoff in percent of the close", KL_PARAM_REAL, 0.3, 0, 100, NULL}};
static const kl_output_info fve_out[] = {{"fve", "volume that flows in percent of all", -100, 100, "own", 0, 0, 0}};
KL__FORMULA(fve, "Finite volume elements", "volume", KL_EXACT,
    "Markos Katsanos, Technical Analysis of Stocks & Commodities, 2003",
    "p = (high + low + close)/3;"
    "m = (close - (high + low)/2) + (p - p[1]);"
    "least = factor*close/100;"
    "fve = min2(max2(100*(sum(volume*((m > least) - (m < -least)), n)/sum(volume, n)), -100), 100);");
