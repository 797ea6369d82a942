/* Figures against a benchmark: alpha, beta, what is captured of its ups and downs. */
#include "base/fp.h"
#include "stat/perf.h"

/* Compound annual growth over rows that are picked by the sign of the benchmark (0: all), of both. */
static void benchmark_growth(const kl_perf *perf, const kl__perf_history *h, int sign, double *own, double *other) {
    double a = 1, b = 1, n_a = 0, n_b = 0;
    for (size_t i = 0; i < h->n; i++) {
        double r = h->returns[i], x = h->benchmark[i];
        if (sign != 0 && !(sign * x > 0)) continue;
        if (kl__known(r)) a *= 1 + r;
        if (kl__known(x)) b *= 1 + x;
        n_a += kl__known(r) || perf->conventions.missing == KL_MISSING_IS_PERIOD;
        n_b += kl__known(x) || perf->conventions.missing == KL_MISSING_IS_PERIOD;
    }
    *own = n_a > 0 ? kl__perf_power(a, perf->conventions.periods_per_year / n_a) - 1 : (double)NAN;
    *other = n_b > 0 ? kl__perf_power(b, perf->conventions.periods_per_year / n_b) - 1 : (double)NAN;
}

static void benchmark_line(kl_perf *perf, const kl__perf_history *h) {
    const kl_perf_conventions *c = &perf->conventions;
    double n = 0, sum_r = 0, sum_b = 0, co = 0, squares = 0, spread = 0, least = (double)INFINITY, most = -(double)INFINITY;
    double near = (double)INFINITY, far = -(double)INFINITY;
    for (size_t i = 0; i < h->n; i++) {
        double r = h->returns[i], b = h->benchmark[i];
        if (!kl__known(r) || !kl__known(b)) continue;
        n += 1, sum_r += r, sum_b += b;
        least = b < least ? b : least;
        most = b > most ? b : most;
        near = r - b < near ? r - b : near;
        far = r - b > far ? r - b : far;
    }
    static const int32_t figures[] = {KL_PERF_ALPHA, KL_PERF_BETA, KL_PERF_EXCESS_SHARPE};
    for (size_t k = 0; k < 3; k++) kl__perf_none(perf, figures[k], n < 2 ? KL_PERF_TOO_FEW : KL_PERF_UNDEFINED);
    if (n < 2) return;
    double mean_r = sum_r / n, mean_b = sum_b / n, over = mean_r - mean_b;
    for (size_t i = 0; i < h->n; i++) {
        double r = h->returns[i], b = h->benchmark[i];
        if (!kl__known(r) || !kl__known(b)) continue;
        co += (r - mean_r) * (b - mean_b);
        squares += (b - mean_b) * (b - mean_b);
        spread += ((r - b) - over) * ((r - b) - over);
    }
    if (near < far) kl__perf_put(perf, KL_PERF_EXCESS_SHARPE, kl__perf_ratio(over, kl__sqrt(spread / (n - c->ddof))));
    else kl__perf_put(perf, KL_PERF_EXCESS_SHARPE, kl__perf_ratio(near, 0));
    if (!(least < most)) return;
    double beta = co / squares, alpha = (mean_r - c->risk_free) - beta * (mean_b - c->risk_free);
    kl__perf_put(perf, KL_PERF_BETA, beta);
    kl__perf_put(perf, KL_PERF_ALPHA, kl__perf_power(1 + alpha, c->periods_per_year) - 1);
}

void kl__perf_benchmark(kl_perf *perf, const kl__perf_history *h) {
    static const int32_t figures[3] = {KL_PERF_CAPTURE, KL_PERF_UP_CAPTURE, KL_PERF_DOWN_CAPTURE};
    static const int signs[3] = {0, 1, -1};
    if (!h->benchmark) return;
    benchmark_line(perf, h);
    for (size_t k = 0; k < 3; k++) {
        double own, other;
        benchmark_growth(perf, h, signs[k], &own, &other);
        kl__perf_put(perf, figures[k], kl__perf_ratio(own, other));
    }
}
