#include "indicator/formula.h"

static const kl_input_info ad_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_output_info ad_out[] = {{"ad", "sum of volume by the place of the close in its bar", KL__ANY, "own", 0, 0, 1}};
KL__FORMULA_PLAIN(ad, "Accumulation/distribution line", "volume", KL_EXACT, "Marc Chaikin",
    "r = high - low;"
    "m = if(r > 0, ((close - low) - (high - close))/r, 0)*volume;"
    "ad = cumsum(m);");
