#include "base/fp.h"
#include "indicator/order.h"
#include "indicator/past_kind.h"

/* Distances from the median grow outwards from it on both sides: the next one is the smaller of two. */
static double mad_of(const double *sorted, size_t w, double median) {
    size_t below = w / 2, above = w / 2; /* next: sorted[below - 1], sorted[above] */
    double last = 0.0, now = 0.0;
    for (size_t taken = 0; taken <= w / 2; taken++) {
        last = now;
        if (above == w || (below > 0 && median - sorted[below - 1] <= sorted[above] - median)) now = median - sorted[--below];
        else now = sorted[above++] - median;
    }
    return w % 2 ? now : last + (now - last) / 2.0;
}

static void mad_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    double sorted[KL__ORDER_MAX];
    const double factor = kl__past_kind_param(context, 1);
    kl__order_sort(window, w, sorted);
    for (size_t j = 0; j < rows; j++) {
        if (j) kl__order_move(sorted, w, window[j - 1], window[j + w - 1]);
        y[j] = factor * mad_of(sorted, w, kl__order_median(sorted, w)) + 0.0;
    }
}

static const kl_input_info mad_in[] = {{"x", "close"}};
static const kl_param_info mad_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL__ORDER_MAX, NULL},
    {"factor", "1.4826 makes it the standard deviation of normal values", KL_PARAM_REAL, 1, 0, 1000, NULL}};
static const kl_output_info mad_out[] = {{"mad", "median distance of the values from their median", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__PAST_KIND(mad, "Median absolute deviation", "statistics", "median of |x - median| over the window", "O(n) a bar");
