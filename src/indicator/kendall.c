#include "base/fp.h"
#include "base/roots.h"
#include "indicator/past_pair.h"

/* Pairs of bars that agree less those that do not, and pairs that differ in one series. Whole numbers: what comes and goes as
 * the window moves leaves no rounding behind. */
typedef struct {
    int64_t agree, of_a, of_b;
} kendall_pairs;

/* Those of bar i with the bars from..to-1. */
static kendall_pairs kendall_with(const double *a, const double *b, size_t i, size_t from, size_t to) {
    int32_t agree = 0, of_a = 0, of_b = 0; /* at most KL__PAIR_MAX */
    for (size_t j = from; j < to; j++) {
        const int32_t da = (a[i] > a[j]) - (a[i] < a[j]), db = (b[i] > b[j]) - (b[i] < b[j]);
        agree += da * db, of_a += da * da, of_b += db * db;
    }
    return (kendall_pairs){agree, of_a, of_b};
}
static void kendall_add(kendall_pairs *all, kendall_pairs some, int64_t sign) {
    all->agree += sign * some.agree, all->of_a += sign * some.of_a, all->of_b += sign * some.of_b;
}

static void kendall_rows(const double *a, const double *b, size_t w, size_t rows, double *y) {
    kendall_pairs all = {0, 0, 0};
    for (size_t i = 1; i < w; i++) kendall_add(&all, kendall_with(a, b, i, 0, i), 1);
    for (size_t j = 0; j < rows; j++) {
        if (j) {
            kendall_add(&all, kendall_with(a, b, j - 1, j, j + w - 1), -1);
            kendall_add(&all, kendall_with(a, b, j + w - 1, j, j + w - 1), 1);
        }
        y[j] = all.of_a && all.of_b ? (double)all.agree / kl__sqrt((double)all.of_a * (double)all.of_b) + 0.0 : kl__nan();
    }
}

static const kl_input_info kendall_in[] = {{"x", "high"}, {"y", "low"}};
static const kl_param_info kendall_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 2, KL__PAIR_MAX, NULL}};
static const kl_output_info kendall_out[] = {
    {"kendall", "tau-b: pairs of bars that agree less those that do not, as a share", -1, 1, "own", 0, 0, 0}};
KL__PAST_PAIR(kendall, "Kendall's rank correlation", "statistics", "M. G. Kendall, Biometrika, 1945: tau-b", "O(n) a bar in batch, O(n * n) a step");
