#include "indicator/formula.h"

static const kl_input_info mzscore_in[] = {{"x", "close"}};
static const kl_param_info mzscore_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, 1000, NULL}};
static const kl_output_info mzscore_out[] = {{"mzscore", "distance from the median in deviations", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(mzscore, "Modified z-score", "statistics", KL_EXACT,
    "Boris Iglewicz and David Hoaglin, How to Detect and Handle Outliers, 1993",
    "mzscore = 0.6745*((x - median(x, n))/mad(x, n));");
