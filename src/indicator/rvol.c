#include "indicator/formula.h"

static const kl_input_info rvol_in[] = {{"volume", "volume"}};
static const kl_param_info rvol_par[] = {
    {"n", "bars before, whose mean is the measure", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rvol_out[] = {{"rvol", "volume over the mean of the bars before", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(rvol, "Relative volume", "volume", KL_EXACT, "own definition",
    "rvol = volume/sma(volume, n)[1];");
