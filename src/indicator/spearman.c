#include "base/fp.h"
#include "base/roots.h"
#include "indicator/past_pair.h"

/* Twice the distance of each rank from the mean rank: smaller values less greater ones. */
static void spearman_ranks(const double *x, size_t w, int64_t *rank) {
    for (size_t i = 0; i < w; i++) rank[i] = 0;
    for (size_t i = 1; i < w; i++)
        for (size_t j = 0; j < i; j++) {
            const int64_t d = (x[i] > x[j]) - (x[i] < x[j]);
            rank[i] += d, rank[j] -= d;
        }
}

static double spearman_of(const double *a, const double *b, size_t w) {
    int64_t ra[KL__PAIR_MAX], rb[KL__PAIR_MAX], ab = 0, aa = 0, bb = 0;
    spearman_ranks(a, w, ra);
    spearman_ranks(b, w, rb);
    for (size_t i = 0; i < w; i++) ab += ra[i] * rb[i], aa += ra[i] * ra[i], bb += rb[i] * rb[i];
    return aa && bb ? (double)ab / kl__sqrt((double)aa * (double)bb) + 0.0 : kl__nan();
}

static const kl_input_info spearman_in[] = {{"x", "high"}, {"y", "low"}};
static const kl_param_info spearman_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 2, KL__PAIR_MAX, NULL}};
static const kl_output_info spearman_out[] = {{"spearman", "correlation of ranks", -1, 1, "own", 0, 0, 0}};
KL__PAST_PAIR(spearman, "Spearman's rank correlation", "statistics",
    "C. Spearman, American Journal of Psychology, 1904; equal values have their mean rank", "O(n * n) a bar");
