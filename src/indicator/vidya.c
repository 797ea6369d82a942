#include "indicator/formula.h"

static const kl_input_info vidya_in[] = {{"x", "close"}};
static const kl_param_info vidya_par[] = {
    {"n", "length of the average in bars when the index is 1", KL_PARAM_INT, 12, 1, KL_PERIOD_MAX, NULL},
    {"m", "bars of the index", KL_PARAM_INT, 9, 2, KL_PERIOD_MAX, NULL},
    {"longer", "bars of the standard deviation to which that of m bars is compared; 0: the index is the momentum oscillator of Chande", KL_PARAM_INT, 0, 0, KL_PERIOD_MAX, NULL}};
static const kl_output_info vidya_out[] = {{"vidya", "adaptive average", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(vidya, "Variable index dynamic average", "overlap", KL_EXACT,
    "T. S. Chande, Technical Analysis of Stocks & Commodities, 1992 and 1995",
    "way = if(longer == 0, sum(abs(x - x[1]), m), std(x, max2(longer, 2), ddof=0));"
    "size = if(longer == 0, abs(x - lag(x, m)), std(x, m, ddof=0));"
    "vidya = adapt(x, 2 / (n + 1) * if(way == 0, size - size, size / way), x[1]);");
