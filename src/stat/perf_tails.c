/* Figures of the tails: omega, values at risk, ratios of quantiles; and how straight the way up was. */
#include "base/fp.h"
#include "stat/perf.h"

static void tails_omega(kl_perf *perf, const kl__perf_history *h) {
    const kl_perf_conventions *c = &perf->conventions;
    double gains = 0, losses = 0, known = 0, threshold = c->omega_threshold;
    if (c->omega_annual) threshold = kl__perf_power(1 + threshold, 1 / c->periods_per_year) - 1;
    for (size_t i = 0; i < h->n; i++) {
        double d = h->returns[i] - c->risk_free - threshold;
        if (!kl__known(d)) continue;
        known += 1;
        if (d > 0) gains += d;
        else losses -= d;
    }
    if (!(known > 0) || threshold != threshold || (c->omega_finite && losses == 0)) kl__perf_none(perf, KL_PERF_OMEGA, KL_PERF_UNDEFINED);
    else kl__perf_put(perf, KL_PERF_OMEGA, kl__perf_ratio(gains, losses));
}

/* R squared of the cumulative logarithm over its number. */
static double tails_stability(const kl__perf_history *h) {
    double n = 0, sum = 0, level = 0, xy = 0, yy = 0, mean_x, mean_y;
    for (size_t i = 0; i < h->n; i++) {
        if (!kl__known(h->returns[i])) continue;
        if (!(h->returns[i] > -1)) return (double)NAN;
        level += kl__return_log(1, 1 + h->returns[i]);
        sum += level;
        n += 1;
    }
    if (n < 2) return (double)NAN;
    mean_x = (n - 1) / 2, mean_y = sum / n;
    double x = 0, xx = n * (n * n - 1) / 12;
    level = 0;
    for (size_t i = 0; i < h->n; i++) {
        if (!kl__known(h->returns[i])) continue;
        level += kl__return_log(1, 1 + h->returns[i]);
        xy += (x - mean_x) * (level - mean_y);
        yy += (level - mean_y) * (level - mean_y);
        x += 1;
    }
    if (!(yy > 0)) return (double)NAN;
    double r = xy * xy / (xx * yy);
    return r < 1 ? r : 1;
}

static double tails_beyond(const kl_perf_conventions *c, const double *sorted, size_t n, double var) {
    double sum = 0, wanted = c->var_level * (double)n, whole = floor(wanted);
    if (c->cvar == KL_CVAR_EXACT) {
        size_t count = (size_t)whole;
        for (size_t i = 0; i < count; i++) sum += sorted[i];
        if (count < n) sum += (wanted - whole) * sorted[count];
        return wanted > 0 ? sum / wanted : sorted[0];
    }
    size_t count = (size_t)floor((double)(n - 1) * c->var_level) + 1;
    if (c->cvar == KL_CVAR_BELOW_VAR) {
        for (count = 0; count < n && sorted[count] < var; count++) continue;
        if (count == 0) return var;
    }
    for (size_t i = 0; i < count; i++) sum += sorted[i];
    return sum / (double)count;
}

void kl__perf_tails(kl_perf *perf, const kl__perf_history *h) {
    const kl_perf_conventions *c = &perf->conventions;
    size_t n = 0;
    tails_omega(perf, h);
    if (h->only < 0 || h->only == KL_PERF_STABILITY) kl__perf_put(perf, KL_PERF_STABILITY, tails_stability(h));
    if (h->only == KL_PERF_OMEGA || h->only == KL_PERF_STABILITY) return;
    for (size_t i = 0; i < h->n; i++)
        if (kl__known(h->returns[i])) h->sorted[n++] = h->returns[i];
    kl__perf_none(perf, KL_PERF_VAR, KL_PERF_UNDEFINED);
    kl__perf_none(perf, KL_PERF_CVAR, KL_PERF_UNDEFINED);
    kl__perf_none(perf, KL_PERF_TAIL, KL_PERF_UNDEFINED);
    if (n == 0) return;
    kl__perf_sort(h->sorted, h->spare, n);
    double var = kl__perf_quantile(h->sorted, n, c->var_level);
    if (c->var == KL_VAR_GAUSSIAN) {
        kl__moments m;
        kl__moments_sum(h->returns, h->n, 2, &m);
        var = m.n > c->ddof ? m.mean + kl__sqrt(m.m2 / (m.n - c->ddof)) * kl_norm_quantile(c->var_level) : (double)NAN;
    }
    kl__perf_put(perf, KL_PERF_VAR, var);
    kl__perf_put(perf, KL_PERF_CVAR, tails_beyond(c, h->sorted, n, var));
    kl__perf_put(perf, KL_PERF_TAIL, kl__perf_ratio(fabs(kl__perf_quantile(h->sorted, n, 0.95)), fabs(kl__perf_quantile(h->sorted, n, 0.05))));
}
