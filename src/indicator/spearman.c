#include "base/fp.h"
#include "base/roots.h"
#include "indicator/past_pair.h"

/* Twice the distance of each rank from the mean rank: smaller values less greater ones. Whole numbers throughout. */
static void spearman_ranks(const double *x, size_t w, int32_t *rank) {
    for (size_t i = 0; i < w; i++) rank[i] = 0;
    for (size_t i = 1; i < w; i++)
        for (size_t j = 0; j < i; j++) {
            const int32_t d = (x[i] > x[j]) - (x[i] < x[j]);
            rank[i] += d, rank[j] -= d;
        }
}

/* The window moves on: x[0] goes, x[w] comes. */
static void spearman_move(const double *x, size_t w, int32_t *rank) {
    const double gone = x[0], come = x[w];
    int32_t last = 0;
    for (size_t i = 1; i < w; i++) {
        const int32_t d = (come > x[i]) - (come < x[i]);
        rank[i - 1] = rank[i] - ((x[i] > gone) - (x[i] < gone)) - d;
        last += d;
    }
    rank[w - 1] = last;
}

static double spearman_of(const int32_t *ra, const int32_t *rb, size_t w) {
    int32_t ab = 0, aa = 0, bb = 0; /* at most KL__PAIR_MAX^3 / 3 */
    for (size_t i = 0; i < w; i++) ab += ra[i] * rb[i], aa += ra[i] * ra[i], bb += rb[i] * rb[i];
    return aa && bb ? (double)ab / kl__sqrt((double)aa * (double)bb) + 0.0 : kl__nan();
}

static void spearman_rows(const double *a, const double *b, size_t w, size_t rows, double *y) {
    int32_t ra[KL__PAIR_MAX], rb[KL__PAIR_MAX];
    spearman_ranks(a, w, ra);
    spearman_ranks(b, w, rb);
    for (size_t j = 0; j < rows; j++) {
        if (j) spearman_move(a + (j - 1), w, ra), spearman_move(b + (j - 1), w, rb);
        y[j] = spearman_of(ra, rb, w);
    }
}

static const kl_input_info spearman_in[] = {{"x", "high"}, {"y", "low"}};
static const kl_param_info spearman_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 2, KL__PAIR_MAX, NULL}};
static const kl_output_info spearman_out[] = {{"spearman", "correlation of ranks", -1, 1, "own", 0, 0, 0}};
KL__PAST_PAIR(spearman, "Spearman's rank correlation", "statistics",
    "C. Spearman, American Journal of Psychology, 1904; equal values have their mean rank", "O(n) a bar in batch, O(n * n) a step");
