#include "indicator/formula.h"
#include "indicator/average_types.h"

static const kl_input_info kst_in[] = {{"x", "close"}};
static const kl_param_info kst_par[] = {
    {"roc1", "bars back of the first change", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"roc2", "bars back of the second", KL_PARAM_INT, 15, 1, KL_PERIOD_MAX, NULL},
    {"roc3", "bars back of the third", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"roc4", "bars back of the fourth", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL},
    {"n1", "length of the mean of the first", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"n2", "length of the mean of the second", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"n3", "length of the mean of the third", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"n4", "length of the mean of the fourth", KL_PARAM_INT, 15, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the signal's mean", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL},
    {"matype", "kind of the four means", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types},
    {"signalmatype", "kind of the signal's", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types}};
static const kl_output_info kst_out[] = {
    {"kst", "weighted sum of means of changes", KL__ANY, "own", 0, 0, 0},
    {"signal", "mean of kst", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(kst, "Know sure thing", "momentum", KL_EXACT, "Martin J. Pring, 1992",
    "a = ma(roc(x, roc1), n1, matype);"
    "b = ma(roc(x, roc2), n2, matype);"
    "c = ma(roc(x, roc3), n3, matype);"
    "d = ma(roc(x, roc4), n4, matype);"
    "kst = a + 2*b + 3*c + 4*d;"
    "signal = ma(kst, signal, signalmatype);");
