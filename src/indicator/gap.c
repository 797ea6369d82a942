#include "indicator/formula.h"

static const kl_input_info gap_in[] = {{"open", "open"}, {"close", "close"}};
static const kl_output_info gap_out[] = {{"gap", "open above the close before in percent", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA_PLAIN(gap, "Gap", "volatility", KL_EXACT, "own definition",
    "gap = 100*((open - close[1])/close[1]);");
