#include "indicator/formula.h"

static const kl_input_info pentropy_in[] = {{"x", "close"}};
static const kl_param_info pentropy_par[] = {
    {"n", "threes of bars that are counted", KL_PARAM_INT, 100, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info pentropy_out[] = {
    {"pentropy", "entropy of the six orders of three bars, 1 where all are as frequent", 0, 1, "own", 0, 0, 0}};
KL__FORMULA(pentropy, "Permutation entropy", "statistics", KL_EXACT,
    "Christoph Bandt and Bernd Pompe, Physical Review Letters, 2002",
    "p1 = mean(x[2] <= x[1] and x[1] <= x, n);"
    "p2 = mean(x[2] <= x and x < x[1], n);"
    "p3 = mean(x < x[2] and x[2] <= x[1], n);"
    "p4 = mean(x[1] < x[2] and x[2] <= x, n);"
    "p5 = mean(x[1] <= x and x < x[2], n);"
    "p6 = mean(x < x[1] and x[1] < x[2], n);"
    "e1 = if(p1 > 0, p1*ln(p1), 0);"
    "e2 = if(p2 > 0, p2*ln(p2), 0);"
    "e3 = if(p3 > 0, p3*ln(p3), 0);"
    "e4 = if(p4 > 0, p4*ln(p4), 0);"
    "e5 = if(p5 > 0, p5*ln(p5), 0);"
    "e6 = if(p6 > 0, p6*ln(p6), 0);"
    "pentropy = min2(max2(-(e1 + e2 + e3 + e4 + e5 + e6)/ln(6), 0), 1);");
