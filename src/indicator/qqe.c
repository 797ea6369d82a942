#include "indicator/formula.h"

static const kl_input_info qqe_in[] = {{"x", "close"}};
static const kl_param_info qqe_par[] = {
    {"n", "length of the RSI", KL_PARAM_INT, 14, 1, 50000, NULL},
    {"smooth", "length of its exponential average", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL},
    {"factor", "distance of the line in averaged steps", KL_PARAM_REAL, 4.236, 0, 1000, NULL}};
static const kl_output_info qqe_out[] = {
    {"qqe", "exponential average of the RSI", 0, 100, "own", 0, 0, 0},
    {"line", "line that trails it", KL__ANY, "own", 0, 0, 0},
    {"trend", "1 up, -1 down", -1, 1, "own", 0, 0, 0}};
KL__FORMULA(qqe, "Quantitative qualitative estimation", "momentum", KL_EXACT, "common; Igor Livshin",
    "qqe = min2(max2(ema(rsi(x, n), smooth), 0), 100);"
    "w = 2*n - 1;"
    "d = factor*ema(ema(abs(qqe - qqe[1]), w), w);"
    "line = trail(qqe, d).line;"
    "trend = trail(qqe, d).trend;");
