#include "base/fp.h"
#include "indicator/order.h"
#include "indicator/past_kind.h"

/* Values that a share of w cuts off; a whole number that rounding has made smaller counts as whole. */
static size_t trimmed_mean_cut(double share, size_t w) { return (size_t)floor(share * (double)w + 1e-9); }

static void trimmed_mean_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    double sorted[KL__ORDER_MAX];
    const size_t low = trimmed_mean_cut(kl__past_kind_param(context, 1), w);
    const size_t high = trimmed_mean_cut(kl__past_kind_param(context, 2), w);
    if (low + high >= w) {
        for (size_t j = 0; j < rows; j++) y[j] = kl__nan();
        return;
    }
    kl__order_sort(window, w, sorted);
    for (size_t j = 0; j < rows; j++) {
        if (j) kl__order_move(sorted, w, window[j - 1], window[j + w - 1]);
        const double middle = sorted[(low + w - high) / 2];
        double sum = 0.0;
        for (size_t i = low; i < w - high; i++) sum += sorted[i] - middle;
        y[j] = middle + sum / (double)(w - low - high) + 0.0;
    }
}

static const kl_input_info trimmed_mean_in[] = {{"x", "close"}};
static const kl_param_info trimmed_mean_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 50, 1, KL__ORDER_MAX, NULL},
    {"low", "share of the least values that is left out", KL_PARAM_REAL, 0.1, 0, 1, NULL},
    {"high", "share of the greatest values that is left out", KL_PARAM_REAL, 0.1, 0, 1, NULL}};
static const kl_output_info trimmed_mean_out[] = {{"trimmed_mean", "mean of the values that are left", KL__ANY, "price", 0, 1, 0}};
KL__PAST_KIND(trimmed_mean, "Trimmed mean", "statistics", "mean of the sorted window without its ends", "O(n) a bar");
