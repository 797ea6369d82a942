#include "indicator/formula.h"

static const kl_input_info tsv_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_param_info tsv_par[] = {
    {"n", "length of the sum in bars", KL_PARAM_INT, 18, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the mean of the line", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info tsv_out[] = {
    {"tsv", "sum of move times volume", KL__ANY, "own", 0, 1, 1},
    {"signal", "mean of tsv", KL__ANY, "own", 0, 1, 1}};
KL__FORMULA(tsv, "Time segmented volume", "volume", KL_EXACT, "Don Worden, Worden Brothers",
    "tsv = sum((close - close[1])*volume, n);"
    "signal = sma(tsv, signal);");
