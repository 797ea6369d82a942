#include "base/fp.h"
#include "base/roots.h"
#include "indicator/past_kind.h"
#include "simd/level.h"

#define RESCALED_LANES 8 /* windows at once */

/* Distances are measured from the newest value: where all are equal every one is 0. What the mean lacks is taken off too, and
 * what the walk rounds away is added beside it: errors of each step would add up. */
KL__INLINE void rescaled_range_some(const double *restrict x, size_t w, double *restrict y, const size_t lanes) {
    double anchor[RESCALED_LANES], mean[RESCALED_LANES], lacks[RESCALED_LANES], squares[RESCALED_LANES], walk[RESCALED_LANES],
        error[RESCALED_LANES], least[RESCALED_LANES], most[RESCALED_LANES];
    for (size_t j = 0; j < lanes; j++) {
        anchor[j] = x[w - 1 + j];
        mean[j] = lacks[j] = squares[j] = walk[j] = error[j] = least[j] = most[j] = 0.0;
    }
    for (size_t i = 0; i < w; i++)
        for (size_t j = 0; j < lanes; j++) mean[j] += x[i + j] - anchor[j];
    for (size_t j = 0; j < lanes; j++) mean[j] /= (double)w;
    for (size_t i = 0; i < w; i++)
        for (size_t j = 0; j < lanes; j++) lacks[j] += (x[i + j] - anchor[j]) - mean[j];
    for (size_t j = 0; j < lanes; j++) lacks[j] /= (double)w;
    for (size_t i = 0; i + 1 < w; i++) /* at the last value the walk is 0 again */
        for (size_t j = 0; j < lanes; j++) {
            const double d = ((x[i + j] - anchor[j]) - mean[j]) - lacks[j], next = walk[j] + d, back = next - walk[j];
            error[j] += (walk[j] - (next - back)) + (d - back);
            const double place = next + error[j];
            walk[j] = next, squares[j] += d * d;
            least[j] = place < least[j] ? place : least[j], most[j] = place > most[j] ? place : most[j];
        }
    for (size_t j = 0; j < lanes; j++) {
        const double d = -mean[j] - lacks[j], all = squares[j] + d * d;
        y[j] = all > 0.0 ? (most[j] - least[j]) / kl__sqrt(all / (double)w) : (double)NAN;
    }
}

KL__INLINE void rescaled_range_all_body(const double *window, size_t w, size_t rows, double *y) {
    size_t j = 0;
    for (; rows - j >= RESCALED_LANES; j += RESCALED_LANES) rescaled_range_some(window + j, w, y + j, RESCALED_LANES);
    for (; j < rows; j++) rescaled_range_some(window + j, w, y + j, 1);
}
KL__SIMD_EACH(rescaled_range_all, (const double *window, size_t w, size_t rows, double *y), (window, w, rows, y))
static void (*const rescaled_range_alls[])(const double *, size_t, size_t, double *) = KL__SIMD_TABLE(rescaled_range_all);

static void rescaled_range_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    (void)context;
    rescaled_range_alls[kl__simd_tier()](window, w, rows, y);
}

static const kl_input_info rescaled_range_in[] = {{"x", "close"}};
static const kl_param_info rescaled_range_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info rescaled_range_out[] = {
    {"rescaled_range", "range of the walk in standard deviations", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__PAST_KIND(rescaled_range, "Rescaled range", "statistics",
    "H. E. Hurst, Transactions of the American Society of Civil Engineers, 1951", "O(n) a bar, lanes across bars");
