#include "indicator/formula.h"

static const kl_input_info linearreg_angle_in[] = {{"x", "close"}};
static const kl_param_info linearreg_angle_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 14, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info linearreg_angle_out[] = {
    {"linearreg_angle", "angle in degrees", -90, 90, "own", 0, KL_POWER_NONE, 0}};
KL__FORMULA(linearreg_angle, "Angle of the line of least squares", "statistics", KL_EPS, "least squares",
    "linearreg_angle = max2(min2(todeg(atan(slope(x, n))), 90), -90);");
