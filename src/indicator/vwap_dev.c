#include "indicator/formula.h"

static const kl_input_info vwap_dev_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info vwap_dev_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info vwap_dev_out[] = {{"vwap_dev", "close over the rolling VWAP, minus 1", KL__ANY, "own", 0, 0, 0}};

KL__FORMULA(vwap_dev, "Deviation from the rolling VWAP", "volume", KL_EXACT, "(close - vwap) / vwap",
            "v = vwap(high, low, close, volume, n);"
            "vwap_dev = (close - v) / v;");
