/* Figures of drawdowns: the deepest by a pass of vectors, episodes and the ulcer index by a walk. */
#include "base/fp.h"
#include "stat/perf.h"
#include "simd/level.h"

enum { WORST_CHUNK = 256, WORST_LANES = 32 };

KL__INLINE double worst_walk(const double *x, size_t n, double peak, double *worst) {
    for (size_t i = 0; i < n; i++) {
        if (!kl__known(x[i])) continue;
        if (x[i] > peak) peak = x[i];
        double depth = (x[i] - peak) / peak;
        if (peak > 0 && depth < *worst) *worst = depth;
    }
    return peak;
}

/* A chunk is walked only where its least value below its greatest could be deeper than what is known; where it has no new peak
 * its least value is all that counts. */
KL__INLINE void worst_pass_body(const double *x, size_t n, double *peak, double *worst) {
    size_t from = 0;
    for (; n - from >= WORST_CHUNK; from += WORST_CHUNK) {
        double least[WORST_LANES], most[WORST_LANES];
        for (size_t j = 0; j < WORST_LANES; j++) least[j] = (double)INFINITY, most[j] = -(double)INFINITY;
        for (size_t i = from; i < from + WORST_CHUNK; i += WORST_LANES)
            for (size_t j = 0; j < WORST_LANES; j++) {
                double v = x[i + j];
                int known = fabs(v) <= DBL_MAX;
                double low = known ? v : (double)INFINITY, high = known ? v : -(double)INFINITY;
                least[j] = low < least[j] ? low : least[j];
                most[j] = high > most[j] ? high : most[j];
            }
        for (size_t half = WORST_LANES / 2; half > 0; half /= 2)
            for (size_t j = 0; j < half; j++) {
                least[j] = least[j + half] < least[j] ? least[j + half] : least[j];
                most[j] = most[j + half] > most[j] ? most[j + half] : most[j];
            }
        double top = most[0] > *peak ? most[0] : *peak;
        if (!(top > 0) || !((least[0] - top) / top - 0x1p-50 < *worst)) {
            *peak = top;
        } else if (top > *peak) {
            *peak = worst_walk(x + from, WORST_CHUNK, *peak, worst);
        } else {
            double depth = (least[0] - top) / top;
            *worst = depth < *worst ? depth : *worst;
        }
    }
    *peak = worst_walk(x + from, n - from, *peak, worst);
}

typedef void worst_pass_fn(const double *x, size_t n, double *peak, double *worst);
KL__SIMD_EACH(worst_pass, (const double *x, size_t n, double *peak, double *worst), (x, n, peak, worst))
static worst_pass_fn *const worst_passes[KL__SIMD_TIERS] = KL__SIMD_TABLE(worst_pass);

double kl__worst_drawdown(const double *curve, size_t n) {
    double peak = -(double)INFINITY, worst = 0;
    worst_passes[kl__simd_tier()](curve, n, &peak, &worst);
    return peak > 0 ? worst : (double)NAN;
}

/* Seconds between two points. */
static double drawdown_seconds(const kl_perf *perf, const kl__perf_history *h, size_t from, size_t to) {
    const kl_perf_conventions *c = &perf->conventions;
    if (!h->time_us) return (double)(to - from) * (c->year_days * 86400 / c->periods_per_year);
    kl_time lead = h->before && h->points > 2 ? h->time_us[1] - h->time_us[0] : 0;
    kl_time begin = from < h->before ? h->time_us[0] - lead : h->time_us[from - h->before];
    kl_time end = to < h->before ? h->time_us[0] - lead : h->time_us[to - h->before];
    return (double)(end - begin) / 1e6;
}

typedef struct drawdown_sum {
    double episodes, depth, time, longest, recovered, squares;
} drawdown_sum;

static void drawdown_episode(const kl_perf *perf, const kl__perf_history *h, drawdown_sum *s, double depth, size_t from, size_t to, int back) {
    double seconds = drawdown_seconds(perf, h, from, to);
    s->episodes += 1;
    s->depth += depth;
    s->time += seconds;
    if (seconds > s->longest) s->longest = seconds;
    if (back && seconds > s->recovered) s->recovered = seconds;
}

void kl__perf_drawdowns(kl_perf *perf, const kl__perf_history *h) {
    drawdown_sum s = {0, 0, 0, 0, 0, 0};
    double peak = -(double)INFINITY, depth = 0;
    size_t at = 0, last = 0, marks = 0;
    for (size_t i = 0; i < h->points; i++) {
        double x = h->curve[i];
        if (!kl__known(x)) continue;
        if (x >= peak) {
            if (depth < 0) drawdown_episode(perf, h, &s, depth, at, i, 1);
            depth = 0;
            peak = x;
            at = i;
        } else if (peak > 0) {
            double now = (x - peak) / peak;
            if (now < depth) depth = now;
            if (i + h->marks >= h->points) s.squares += now * now;
        }
        marks += i + h->marks >= h->points;
        last = i;
    }
    if (depth < 0) drawdown_episode(perf, h, &s, depth, at, last, 0);
    kl__perf_put(perf, KL_PERF_MAX_DRAWDOWN, h->n > 0 ? kl__worst_drawdown(h->curve, h->points) : (double)NAN);
    kl__perf_put(perf, KL_PERF_AVG_DRAWDOWN, s.depth / s.episodes);
    kl__perf_put(perf, KL_PERF_DRAWDOWN_TIME, s.longest);
    kl__perf_put(perf, KL_PERF_AVG_DRAWDOWN_TIME, s.time / s.episodes);
    kl__perf_put(perf, KL_PERF_RECOVERY_TIME, s.recovered);
    double divisor = (double)marks - perf->conventions.ulcer_ddof;
    kl__perf_put(perf, KL_PERF_ULCER, divisor > 0 ? kl__sqrt(s.squares / divisor) : (double)NAN);
}
