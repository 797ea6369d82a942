#include "indicator/formula.h"

static const kl_input_info hma_in[] = {{"x", "close"}};
static const kl_param_info hma_par[] = {{"n", "length in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info hma_out[] = {{"hma", "Hull average", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(hma, "Hull moving average", "overlap", KL_EXACT, "A. Hull, 2005",
    "hma = wma(2 * wma(x, max2(floor(n / 2), 1)) - wma(x, n), floor(sqrt(n)));");
