#include "indicator/formula.h"

static const char *const kc_prices[] = {"typical", "close", NULL};
static const char *const kc_averages[] = {"ema", "sma", NULL};
static const char *const kc_ranges[] = {"atr", "hl", NULL};
static const kl_input_info kc_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info kc_par[] = {
    {"n", "length of the average in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"range_n", "length of the average range in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"mult", "distance of the bands in average ranges", KL_PARAM_REAL, 2, 0, 1000, NULL},
    {"price", "what is averaged", KL_PARAM_CHOICE, 0, 0, 1, kc_prices},
    {"average", "of the price", KL_PARAM_CHOICE, 0, 0, 1, kc_averages},
    {"range", "average true range, or simple average of high - low", KL_PARAM_CHOICE, 0, 0, 1, kc_ranges}};
static const kl_output_info kc_out[] = {{"upper", "upper band", KL__ANY, "price", 0, 1, 0},
                                        {"middle", "average price", KL__ANY, "price", 0, 1, 0},
                                        {"lower", "lower band", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(kc, "Keltner channel", "overlap", KL_EXACT, "C. W. Keltner, 1960; L. B. Raschke",
    "value = if(price == typical, (high + low + close) / 3, close);"
    "middle = if(average == ema, ema(value, n), sma(value, n));"
    "width = mult * if(range == atr, atr(high, low, close, range_n), sma(high - low, range_n));"
    "upper = middle + width;"
    "lower = middle - width;");
