#include "indicator/formula.h"

static const kl_input_info ibs_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info ibs_out[] = {{"ibs", "place of the close between low and high", 0, 1, "own", 0, 0, 0}};
KL__FORMULA_PLAIN(ibs, "Internal bar strength", "momentum", KL_EXACT, "own definition: place of the close in its bar",
    "ibs = min2(max2((close - low)/(high - low), 0), 1);");
