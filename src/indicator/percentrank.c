#include "indicator/formula.h"

static const kl_input_info percentrank_in[] = {{"x", "close"}};
static const kl_param_info percentrank_par[] = {{"n", "values before it is compared with", KL_PARAM_INT, 100, 1, 99999, NULL}};
static const kl_output_info percentrank_out[] = {
    {"percentrank", "percent of the values before that are lower", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(percentrank, "Percent rank", "statistics", KL_EXACT, "own definition",
    "percentrank = 100*prank(x, n + 1, below);");
