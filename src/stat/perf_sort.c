/* Sorting and quantiles of many doubles. */
#include "base/fp.h"
#include "stat/perf.h"
#include <string.h>

/* Doubles in order are whole numbers in order. */
static uint64_t perf_sort_key(double x) {
    uint64_t bits = kl__double_bits(x);
    return bits & KL__BITS_SIGN ? ~bits : bits | KL__BITS_SIGN;
}

/* A digit of eight bits at a time, from the lowest; digits that are the same everywhere are passed over. */
void kl__perf_sort(double *value, double *spare, size_t n) {
    double *from = value, *to = spare;
    for (int shift = 0; shift < 64; shift += 8) {
        size_t place[256] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++) place[perf_sort_key(from[i]) >> shift & 255]++;
        if (n == 0 || place[perf_sort_key(from[0]) >> shift & 255] == n) continue;
        for (size_t k = 0; k < 256; k++) {
            size_t count = place[k];
            place[k] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++) to[place[perf_sort_key(from[i]) >> shift & 255]++] = from[i];
        double *swap = from;
        from = to;
        to = swap;
    }
    if (from != value && n > 0) memcpy(value, from, n * sizeof *value);
}

double kl__perf_quantile(const double *sorted, size_t n, double level) {
    double place = (double)(n - 1) * level, whole = floor(place);
    size_t k = (size_t)whole;
    return k + 1 < n && sorted[k] < sorted[k + 1] ? sorted[k] + (place - whole) * (sorted[k + 1] - sorted[k]) : sorted[k];
}
