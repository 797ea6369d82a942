#include "base/fp.h"
#include "base/roots.h"
#include "indicator/past_kind.h"

/* Distances are measured from the newest value: where all are equal every one is 0. What the mean lacks is taken off too, and
 * what the walk rounds away is added beside it: errors of each step would add up. */
static double rescaled_range_of(const double *x, size_t w) {
    const double anchor = x[w - 1];
    double mean = 0.0, lacks = 0.0, squares = 0.0, walk = 0.0, error = 0.0, least = 0.0, most = 0.0;
    for (size_t i = 0; i < w; i++) mean += x[i] - anchor;
    mean /= (double)w;
    for (size_t i = 0; i < w; i++) lacks += (x[i] - anchor) - mean;
    lacks /= (double)w;
    for (size_t i = 0; i < w; i++) {
        const double d = ((x[i] - anchor) - mean) - lacks, next = walk + d, back = next - walk;
        error += (walk - (next - back)) + (d - back);
        walk = next, squares += d * d;
        if (i + 1 == w) break; /* there it is 0 again */
        const double place = walk + error;
        least = place < least ? place : least, most = place > most ? place : most;
    }
    return squares > 0.0 ? (most - least) / kl__sqrt(squares / (double)w) : kl__nan();
}

static void rescaled_range_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    (void)context;
    for (size_t j = 0; j < rows; j++) y[j] = rescaled_range_of(window + j, w);
}

static const kl_input_info rescaled_range_in[] = {{"x", "close"}};
static const kl_param_info rescaled_range_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info rescaled_range_out[] = {
    {"rescaled_range", "range of the walk in standard deviations", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__PAST_KIND(rescaled_range, "Rescaled range", "statistics",
    "H. E. Hurst, Transactions of the American Society of Civil Engineers, 1951", "O(n) a bar");
