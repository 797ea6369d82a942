#include "base/fp.h"
#include "base/roots.h"
#include "indicator/past_pair.h"

/* Pairs of bars that agree less those that do not; whole numbers throughout. */
static double kendall_of(const double *a, const double *b, size_t w) {
    int64_t agree = 0, of_a = 0, of_b = 0;
    for (size_t i = 1; i < w; i++)
        for (size_t j = 0; j < i; j++) {
            const int64_t da = (a[i] > a[j]) - (a[i] < a[j]), db = (b[i] > b[j]) - (b[i] < b[j]);
            agree += da * db, of_a += da * da, of_b += db * db;
        }
    return of_a && of_b ? (double)agree / kl__sqrt((double)of_a * (double)of_b) + 0.0 : kl__nan();
}

static const kl_input_info kendall_in[] = {{"x", "high"}, {"y", "low"}};
static const kl_param_info kendall_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 2, KL__PAIR_MAX, NULL}};
static const kl_output_info kendall_out[] = {
    {"kendall", "tau-b: pairs of bars that agree less those that do not, as a share", -1, 1, "own", 0, 0, 0}};
KL__PAST_PAIR(kendall, "Kendall's rank correlation", "statistics", "M. G. Kendall, Biometrika, 1945: tau-b", "O(n * n) a bar");
