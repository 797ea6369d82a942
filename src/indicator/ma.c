#include "indicator/formula.h"

static const char *const ma_types[] = {"sma", "ema", "wma", "dema", "tema", "trima", "kama", "mama", "t3", "rma", "hma", "zlema", NULL};
static const kl_input_info ma_in[] = {{"x", "close"}};
static const kl_param_info ma_par[] = {
    {"n", "length in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL},
    {"type", "kind of average, the first nine in the order of TA-Lib", KL_PARAM_CHOICE, 0, 0, 11, ma_types}};
static const kl_output_info ma_out[] = {{"ma", "average", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(ma, "Moving average of a chosen kind", "overlap", KL_EXACT, "that of the kind",
    "ma = if(n == 1, x, if(type == sma, sma(x, n), if(type == ema, ema(x, n), if(type == wma, wma(x, n), "
    "if(type == dema, dema(x, n), if(type == tema, tema(x, n), if(type == trima, trima(x, n), if(type == kama, kama(x, n), "
    "if(type == mama, mama(x).mama, if(type == t3, t3(x, n), if(type == rma, rma(x, n), if(type == hma, hma(x, n), "
    "zlema(x, n)))))))))))));");
