#include "indicator/formula.h"

static const kl_input_info swma_in[] = {{"x", "close"}};
static const kl_output_info swma_out[] = {{"swma", "weighted mean of four values", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA_PLAIN(swma, "Symmetrically weighted moving average", "overlap", KL_EXACT, "weights 1, 2, 2, 1",
    "swma = x[1] + ((x - x[1]) + 2 * (x[2] - x[1]) + (x[3] - x[1])) / 6;");
