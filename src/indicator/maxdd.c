#include "base/fp.h"
#include "indicator/past_kind.h"

/* Greatest fall from a value to a later one, as a share of it: each peak has its lowest value before the next peak. */
static double maxdd_of(const double *x, size_t w) {
    double peak = x[0], bottom = x[0], least = x[0], worst = 0.0;
    for (size_t i = 1; i < w; i++) {
        least = x[i] < least ? x[i] : least;
        if (x[i] > peak) {
            if (bottom < peak) worst = (peak - bottom) / peak > worst ? (peak - bottom) / peak : worst;
            peak = bottom = x[i];
        }
        bottom = x[i] < bottom ? x[i] : bottom;
    }
    if (bottom < peak) worst = (peak - bottom) / peak > worst ? (peak - bottom) / peak : worst;
    return least > 0.0 ? worst : kl__nan();
}

static void maxdd_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    (void)context;
    for (size_t j = 0; j < rows; j++) y[j] = maxdd_of(window + j, w);
}

static const kl_input_info maxdd_in[] = {{"x", "close"}};
static const kl_param_info maxdd_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 100, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info maxdd_out[] = {
    {"maxdd", "greatest fall within the window as a share of the peak", 0, 1, "own", 0, 0, 0}};
KL__PAST_KIND(maxdd, "Maximum drawdown", "volatility", "greatest (peak - later value)/peak of the window", "O(n) a bar");
