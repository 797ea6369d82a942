#include "indicator/formula.h"

static const kl_input_info pvr_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_output_info pvr_out[] = {
    {"pvr", "1 both rise, 2 price rises and volume falls, 3 both fall, 4 price falls and volume rises", 1, 4, "own", 0, 0, 0}};
KL__FORMULA_PLAIN(pvr, "Price volume rank", "volume", KL_EXACT,
    "Anthony J. Macek, Technical Analysis of Stocks & Commodities, 1994",
    "v = volume < volume[1];"
    "pvr = if(close < close[1], if(v, 3, 4), if(v, 2, 1));");
