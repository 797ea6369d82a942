#include "indicator/formula.h"

static const kl_input_info asi_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info asi_par[] = {
    {"limit", "limit of a move, in units of the price", KL_PARAM_REAL, 3, 1e-09, 1000000000.0, NULL}};
static const kl_output_info asi_out[] = {{"asi", "sum of the swing index", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(asi, "Accumulative swing index", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "asi = cumsum(si(open, high, low, close, limit));");
