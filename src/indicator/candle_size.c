#include "indicator/candle.h"
static const kl_param_info candle_size_par[] = {
    {"of", "what is averaged", KL_PARAM_CHOICE, 0, 0, 2, kl__candle_of},
    {"n", "how many bars before the bar, 0: the bar itself", KL_PARAM_INT, 10, 0, KL__CANDLE_N_MAX, NULL},
    {"factor", "times the average", KL_PARAM_REAL, 1, 0, KL__CANDLE_FACTOR_MAX, NULL}};
static const kl_output_info candle_size_out[] = {
    {"candle_size", "usual size of the candles before this one", KL__ANY, "own", 0, 1, 0}};
/* `if` of a plain number is one of its branches: nothing is left of the other */
KL__FORMULA_AS(candle_size, "Usual size of candles, times a factor", "price", KL_EXACT, "candle settings of TA-Lib",
    "shadows_both = candle_upper(open, high, close) + candle_lower(open, low, close);"
    "range = if(of == real_body, candle_body(open, close), if(of == high_low, high - low, shadows_both));"
    "weight = if(of == shadows, 0.5 * factor, factor);"
    "candle_size = weight * if(n == 0, range, mean(range, max2(n, 1))[1]);",
    KL__PORTS(kl__candle_in, candle_size_par, candle_size_out));
