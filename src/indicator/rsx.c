#include "indicator/formula.h"

static const kl_input_info rsx_in[] = {{"x", "close"}};
static const kl_param_info rsx_par[] = {{"n", "length in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rsx_out[] = {{"rsx", "smoothed rises in percent of all moves", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(rsx, "Relative strength without lag", "momentum", KL_EXACT, "own rendering of the common form; after Mark Jurik",
    "d = x - x[1];"
    "f = 3/(n + 2);"
    "a1 = ewm(d, f, zero);"
    "a2 = ewm(a1, f, zero);"
    "a = 1.5*a1 - 0.5*a2;"
    "b1 = ewm(a, f, zero);"
    "b2 = ewm(b1, f, zero);"
    "b = 1.5*b1 - 0.5*b2;"
    "c1 = ewm(b, f, zero);"
    "c2 = ewm(c1, f, zero);"
    "c = 1.5*c1 - 0.5*c2;"
    "u1 = ewm(abs(d), f, zero);"
    "u2 = ewm(u1, f, zero);"
    "u = 1.5*u1 - 0.5*u2;"
    "v1 = ewm(u, f, zero);"
    "v2 = ewm(v1, f, zero);"
    "v = 1.5*v1 - 0.5*v2;"
    "w1 = ewm(v, f, zero);"
    "w2 = ewm(w1, f, zero);"
    "w = 1.5*w1 - 0.5*w2;"
    "rsx = min2(max2(50*(c/w + 1), 0), 100);");
