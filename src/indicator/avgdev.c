#include "base/fp.h"
#include "indicator/formula.h"
#include "indicator/past.h"
#include "indicator/window.h"
#include "simd/level.h"

#define AVGDEV_LANES 32 /* windows at once */
#define AVGDEV_PART 64  /* values that are added in a row, before their sum is added to the whole */
#define AVGDEV_SHORT 32 /* up to here the rounded mean is near enough */

/* Sums of x - mean, or of its magnitude. */
KL__INLINE void avgdev_sums(const double *restrict x, size_t w, const double *restrict mean, double *restrict sum, const size_t lanes, const int magnitude) {
    double part[AVGDEV_LANES];
    for (size_t j = 0; j < lanes; j++) sum[j] = 0.0;
    for (size_t i = 0, end; i < w; i = end) {
        end = i + AVGDEV_PART < w ? i + AVGDEV_PART : w;
        for (size_t j = 0; j < lanes; j++) part[j] = 0.0;
        for (; i < end; i++)
            for (size_t j = 0; j < lanes; j++) part[j] += magnitude ? fabs(x[i + j] - mean[j]) : x[i + j] - mean[j];
        for (size_t j = 0; j < lanes; j++) sum[j] += part[j];
    }
}

/* y: the means, then the deviations. An outlier rounds the mean of all: in long windows what is left of x - mean shows by how much. */
KL__INLINE void avgdev_some(const double *restrict x, size_t w, double *restrict y, const size_t lanes) {
    double mean[AVGDEV_LANES], sum[AVGDEV_LANES];
    for (size_t j = 0; j < lanes; j++) mean[j] = y[j];
    if (w > AVGDEV_SHORT) {
        avgdev_sums(x, w, mean, sum, lanes, 0);
        for (size_t j = 0; j < lanes; j++) mean[j] += sum[j] / (double)w;
    }
    avgdev_sums(x, w, mean, sum, lanes, 1);
    for (size_t j = 0; j < lanes; j++) y[j] = sum[j] / (double)w;
}

KL__INLINE void avgdev_rows_body(const double *window, size_t w, size_t rows, double *y) {
    size_t j = 0;
    for (; rows - j >= AVGDEV_LANES; j += AVGDEV_LANES) avgdev_some(window + j, w, y + j, AVGDEV_LANES);
    for (; rows - j >= 8; j += 8) avgdev_some(window + j, w, y + j, 8);
    for (; j < rows; j++) avgdev_some(window + j, w, y + j, 1);
}
KL__SIMD_EACH(avgdev_rows, (const double *window, size_t w, size_t rows, double *y), (window, w, rows, y))
static void (*const avgdev_rows[])(const double *, size_t, size_t, double *) = KL__SIMD_TABLE(avgdev_rows);

static void avgdev_windows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    (void)context;
    avgdev_rows[kl__simd_tier()](window, w, rows, y);
}

/* The windows of the means stand behind the values. */
KL__INLINE kl__tree *avgdev_tree(void *state) {
    return (kl__tree *)(void *)((uint8_t *)state + kl__past_size((size_t)((kl__past *)state)->keep + 1));
}

static int64_t avgdev_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t avgdev_size(const double *params) {
    return kl__past_size((size_t)params[0]) + kl__tree_size(&kl__tree_mean, (size_t)params[0]);
}
static void avgdev_init(void *state, const double *params) {
    kl__past_init(state, (size_t)params[0]);
    kl__tree_init(avgdev_tree(state), &kl__tree_mean, (size_t)params[0]);
}
static void avgdev_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__tree_run(avgdev_tree(state), &kl__tree_mean, in, n, out);
    kl__past_run(state, in[0], n, avgdev_windows, NULL, out[0]);
}
static void avgdev_settle(void *state) { kl__tree_settle(avgdev_tree(state), &kl__tree_mean); }
static void avgdev_pack(void *state, kl__snap *p) {
    kl__past_pack(state, p);
    kl__snap_tree(p, avgdev_tree(state), &kl__tree_mean);
}

static const kl_input_info avgdev_in[] = {{"x", "close"}};
static const kl_param_info avgdev_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info avgdev_out[] = {{"avgdev", "mean distance of the values from their mean", 0, HUGE_VAL, "own", 0, 1, 0}};

const kl__indicator kl__ind_avgdev = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "avgdev", .title = "Mean absolute deviation",
            .group = "statistics", .since = "0.1", .source = "mean of |x - mean| over the window", .cost = "O(n) a bar, lanes across bars",
            .stability = KL_EXACT, KL__PORTS(avgdev_in, avgdev_par, avgdev_out)},
    .lookback = avgdev_lookback, .size = avgdev_size, .init = avgdev_init, .run = avgdev_run, .settle = avgdev_settle,
    .pack = avgdev_pack,
};
