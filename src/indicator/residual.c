#include "base/fp.h"
#include "base/roots.h"
#include "indicator/past_kind.h"

/* Distances from the newest value and from the middle of time: a straight line leaves no more than their rounding. */
static double residual_of(const double *x, size_t w, double ddof) {
    const double anchor = x[w - 1], middle = (double)(w - 1) / 2.0;
    double mean = 0.0, slope = 0.0, squares = 0.0;
    for (size_t i = 0; i < w; i++) mean += x[i] - anchor, slope += ((double)i - middle) * (x[i] - anchor);
    mean /= (double)w;
    slope /= (double)w * ((double)w * (double)w - 1.0) / 12.0;
    for (size_t i = 0; i < w; i++) {
        const double e = ((x[i] - anchor) - mean) - slope * ((double)i - middle);
        squares += e * e;
    }
    return kl__sqrt(squares / ((double)w - ddof));
}

static void residual_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    const double ddof = kl__past_kind_param(context, 1);
    for (size_t j = 0; j < rows; j++) y[j] = residual_of(window + j, w, ddof);
}

static const kl_input_info residual_in[] = {{"x", "close"}};
static const kl_param_info residual_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 3, KL_PERIOD_MAX, NULL},
    {"ddof", "taken off the number of values: 2 for the standard error of the estimate", KL_PARAM_INT, 2, 0, 2, NULL}};
static const kl_output_info residual_out[] = {
    {"residual", "standard deviation around the line of least squares", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__PAST_KIND(residual, "Deviation from the line of least squares", "statistics",
    "sqrt(sum of (x - line)^2 / (n - ddof))", "O(n) a bar");
