#include "indicator/formula.h"

static const kl_input_info pvt_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_output_info pvt_out[] = {{"pvt", "sum of volume times return", KL__ANY, "own", 0, 0, 1}};
KL__FORMULA_PLAIN(pvt, "Price volume trend", "volume", KL_EXACT, "own definition",
    "pvt = cumsum(volume*ret(close));");
