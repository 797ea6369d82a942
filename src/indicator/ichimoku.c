#include "indicator/formula.h"

static const kl_input_info ichimoku_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info ichimoku_par[] = {
    {"tenkan_n", "bars of the conversion line", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL},
    {"kijun_n", "bars of the base line", KL_PARAM_INT, 26, 1, KL_PERIOD_MAX, NULL},
    {"senkou_n", "bars of the slower span", KL_PARAM_INT, 52, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info ichimoku_out[] = {{"tenkan", "conversion line", KL__ANY, "price", 0, 1, 0},
                                              {"kijun", "base line", KL__ANY, "price", 0, 1, 0},
                                              {"senkou_a", "faster edge of the cloud", KL__ANY, "price", 26, 1, 0},
                                              {"senkou_b", "slower edge of the cloud", KL__ANY, "price", 26, 1, 0},
                                              {"chikou", "close, drawn back", KL__ANY, "price", -26, 1, 0}};
KL__FORMULA(ichimoku, "Ichimoku kinko hyo", "overlap", KL_EXACT, "G. Hosoda, 1969",
    "tenkan = (max(high, tenkan_n) + min(low, tenkan_n)) / 2;"
    "kijun = (max(high, kijun_n) + min(low, kijun_n)) / 2;"
    "senkou_a = (tenkan + kijun) / 2;"
    "senkou_b = (max(high, senkou_n) + min(low, senkou_n)) / 2;"
    "chikou = close;");
