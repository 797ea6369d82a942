#include "base/fp.h"
#include "indicator/past_kind.h"

/* The value at the newest bar is a weighted sum of the window. t is time from the middle, q = t*t - mean: orthogonal on it. */
static double polyreg_of(const double *x, size_t w) {
    const double count = (double)w, last = (count - 1.0) / 2.0, spread = (count * count - 1.0) / 12.0;
    const double bend = spread * (count * count - 4.0) / 15.0; /* means of t*t, q*q: spread, bend */
    const double now = last * last - spread, anchor = x[w - 1];
    double level = 0.0, rise = 0.0, curve = 0.0;
    for (size_t i = 0; i < w; i++) {
        const double t = (double)i - last, d = x[i] - anchor;
        level += d, rise += t * d, curve += (t * t - spread) * d;
    }
    return anchor + (level + rise * (last / spread) + curve * (now / bend)) / count + 0.0;
}

static void polyreg_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    (void)context;
    for (size_t j = 0; j < rows; j++) y[j] = polyreg_of(window + j, w);
}

static const kl_input_info polyreg_in[] = {{"x", "close"}};
static const kl_param_info polyreg_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 3, KL_PERIOD_MAX, NULL}};
static const kl_output_info polyreg_out[] = {
    {"polyreg", "parabola of least squares at the newest bar", KL__ANY, "price", 0, 1, 0}};
KL__PAST_KIND(polyreg, "Parabola of least squares at the newest bar", "statistics",
    "least squares x = a + b*t + c*t*t", "O(n) a bar");
