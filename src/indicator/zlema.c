#include "indicator/formula.h"

static const kl_input_info zlema_in[] = {{"x", "close"}};
static const kl_param_info zlema_par[] = {{"n", "length of the average in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info zlema_out[] = {
    {"zlema", "exponential average of a price that is moved ahead", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(zlema, "Zero-lag exponential moving average", "overlap", KL_EXACT, "J. Ehlers, R. Way, Zero Lag, 2010",
    "zlema = ema(x + (x - lag(x, floor((n - 1) / 2))), n);");
