#include "indicator/formula.h"

static const kl_input_info fosc_in[] = {{"x", "close"}};
static const kl_param_info fosc_par[] = {{"n", "length of the line of least squares", KL_PARAM_INT, 5, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info fosc_out[] = {{"fosc", "distance from the forecast in percent", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(fosc, "Forecast oscillator", "momentum", KL_EXACT, "Tushar S. Chande",
    "f = (line(x, n) + slope(x, n))[1];"
    "fosc = 100*((x - f)/x);");
