#include "base/fp.h"
#include "indicator/order.h"
#include <string.h>

/* Place of the first value that is not below x. */
static size_t order_place(const double *sorted, size_t w, double x) {
    size_t low = 0;
    while (low < w) {
        size_t middle = low + (w - low) / 2;
        if (sorted[middle] < x) low = middle + 1;
        else w = middle;
    }
    return low;
}

void kl__order_sort(const double *window, size_t w, double *sorted) {
    for (size_t i = 0; i < w; i++) {
        size_t place = order_place(sorted, i, window[i]);
        memmove(sorted + place + 1, sorted + place, (i - place) * sizeof *sorted);
        sorted[place] = window[i];
    }
}

void kl__order_move(double *sorted, size_t w, double gone, double come) {
    size_t from = order_place(sorted, w, gone), to = order_place(sorted, w, come);
    if (to > from) {
        to--;
        memmove(sorted + from, sorted + from + 1, (to - from) * sizeof *sorted);
    } else {
        memmove(sorted + to + 1, sorted + to, (from - to) * sizeof *sorted);
    }
    sorted[to] = come;
}

double kl__order_median(const double *sorted, size_t w) {
    return w % 2 ? sorted[w / 2] : sorted[w / 2 - 1] + (sorted[w / 2] - sorted[w / 2 - 1]) / 2.0;
}
