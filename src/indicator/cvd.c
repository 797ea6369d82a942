#include "indicator/formula.h"

static const kl_input_info cvd_in[] = {{"volume", "volume"}, {"taker", "taker_buy_base"}};
static const kl_output_info cvd_out[] = {{"cvd", "sum of volume delta", KL__ANY, "own", 0, 0, 1}};
KL__FORMULA_PLAIN(cvd, "Cumulative volume delta", "volume", KL_EXACT, "own definition",
    "cvd = cumsum(taker - (volume - taker));");
