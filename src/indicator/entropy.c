#include "base/fp.h"
#include "indicator/past_kind.h"
#include "kline/base.h"

enum { ENTROPY_BINS = 1000 };

static void entropy_range(const double *x, size_t w, double *low, double *high) {
    *low = *high = x[0];
    for (size_t i = 1; i < w; i++) {
        *low = x[i] < *low ? x[i] : *low;
        *high = x[i] > *high ? x[i] : *high;
    }
}

static void entropy_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    uint32_t count[ENTROPY_BINS];
    const size_t bins = (size_t)kl__past_kind_param(context, 1);
    const double whole = kl_ln((double)w), most = kl_ln((double)bins);
    for (size_t j = 0; j < rows; j++) {
        const double *x = window + j;
        double low, high, sum = 0.0;
        entropy_range(x, w, &low, &high);
        const double range = high - low;
        for (size_t b = 0; b < bins; b++) count[b] = 0;
        for (size_t i = 0; i < w; i++) {
            double place = range > 0.0 ? (x[i] - low) / range * (double)bins : 0.0;
            count[place >= 0.0 && place < (double)bins ? (size_t)place : bins - 1]++; /* of a false snapshot it may be NaN */
        }
        for (size_t b = 0; b < bins; b++)
            if (count[b]) sum += (double)count[b] / (double)w * (whole - kl_ln((double)count[b]));
        sum /= most;
        y[j] = sum < 0.0 ? 0.0 : sum < 1.0 ? sum + 0.0 : 1.0;
    }
}

static const kl_input_info entropy_in[] = {{"x", "close"}};
static const kl_param_info entropy_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 50, 2, KL_PERIOD_MAX, NULL},
    {"bins", "equal parts of the range of the window", KL_PARAM_INT, 10, 2, ENTROPY_BINS, NULL}};
static const kl_output_info entropy_out[] = {
    {"entropy", "entropy of the histogram, 1 where all parts are equally full", 0, 1, "own", 0, 0, 0}};
KL__PAST_KIND(entropy, "Entropy", "statistics",
    "C. E. Shannon, A Mathematical Theory of Communication, 1948", "O(n + bins) a bar");
