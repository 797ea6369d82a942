/* Figures of growth and of spread: returns of a year, ratios of mean to deviation, the shape of returns. */
#include "base/fp.h"
#include "stat/perf.h"

/* What `growth` to the power of a year's share is, less 1. */
static double growth_annual(double growth, double years) {
    if (!(years > 0)) return (double)NAN;
    return kl__perf_power(growth, 1 / years) - 1;
}

/* The numerator of a year, and for compounding days the deviation that goes with it. */
static double growth_numerator(const kl_perf *perf, const kl__perf_history *h, const kl__moments *m, double *deviation) {
    const kl_perf_conventions *c = &perf->conventions;
    double a = c->periods_per_year, growth = perf->value[KL_PERF_FINAL] / perf->value[KL_PERF_START], n = (double)h->periods;
    double spread = m->n > c->ddof ? (m->least == m->most ? 0 : m->m2 / (m->n - c->ddof)) : (double)NAN;
    *deviation = kl__sqrt(spread) * kl__sqrt(a);
    if (c->numerator == KL_NUMERATOR_COMPOUND) return kl__perf_power(1 + m->mean, a) - 1;
    if (c->numerator == KL_NUMERATOR_SUM_PER_DAY) return m->n * m->mean / (h->years * c->clock_days) * c->year_days;
    if (c->numerator == KL_NUMERATOR_MEAN) return growth_annual(growth, n / a);
    double each = n > 0 ? growth_annual(growth, n) : (double)NAN, square = (1 + each) * (1 + each);
    *deviation = kl__sqrt(kl__perf_power(spread + square, a) - kl__perf_power(square, a));
    return kl__perf_power(1 + each, a) - 1;
}

void kl__perf_growth(kl_perf *perf, const kl__perf_history *h) {
    double start = (double)NAN, final = (double)NAN, peak = (double)NAN;
    for (size_t i = 0; i < h->points; i++) {
        double x = h->curve[i];
        if (!kl__known(x)) continue;
        if (start != start) start = x;
        final = x;
        if (!(x <= peak)) peak = x;
    }
    kl__perf_put(perf, KL_PERF_START, start);
    kl__perf_put(perf, KL_PERF_FINAL, final);
    kl__perf_put(perf, KL_PERF_PEAK, peak);
    int any = h->n > 0 && start > 0;
    kl__perf_put(perf, KL_PERF_TOTAL_RETURN, any ? final / start - 1 : (double)NAN);
    kl__perf_put(perf, KL_PERF_CAGR, any ? growth_annual(final / start, h->years) : (double)NAN);
}

static double ratios_downside(const double *r, size_t n, double mar, double known) {
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        double d = r[i] - mar;
        if (kl__known(d) && d < 0) squares += d * d;
    }
    return kl__sqrt(squares / known);
}

/* Deviation of the returns below the least acceptable one. */
static double ratios_losers(const double *r, size_t n, double mar, int32_t ddof) {
    double count = 0, sum = 0, squares = 0, least = (double)INFINITY, most = -(double)INFINITY;
    for (size_t i = 0; i < n; i++)
        if (kl__known(r[i]) && r[i] < mar) {
            count += 1, sum += r[i];
            least = r[i] < least ? r[i] : least;
            most = r[i] > most ? r[i] : most;
        }
    if (!(count > ddof)) return (double)NAN;
    if (least == most) return 0;
    for (size_t i = 0; i < n; i++)
        if (kl__known(r[i]) && r[i] < mar) squares += (r[i] - sum / count) * (r[i] - sum / count);
    return kl__sqrt(squares / (count - ddof));
}

/* What the square root of time is to be replaced by where returns depend on those before (Lo 2002): autocorrelations of the first
 * n^(1/3) lags, the others 0. */
static double ratios_time(const kl__perf_history *h, const kl__moments *m, double periods) {
    double lags = floor(kl__perf_power(m->n, 1.0 / 3) + 1e-9), sum = periods, *way = h->spare;
    for (size_t i = 0; i < h->n; i++) way[i] = kl__known(h->returns[i]) ? h->returns[i] - m->mean : 0;
    for (size_t lag = 1; (double)lag <= lags && (double)lag < periods; lag++)
        sum += 2 * (periods - (double)lag) * (kl__moments_products(way, way + lag, h->n - lag) / m->m2);
    return sum > 0 ? periods / kl__sqrt(sum) : (double)NAN;
}

static void ratios_sharpe(kl_perf *perf, const kl__perf_history *h, const kl__moments *m, double numerator, double deviation) {
    const kl_perf_conventions *c = &perf->conventions;
    double year = kl__sqrt(c->periods_per_year), over = m->mean - c->risk_free;
    double period = kl__sqrt(m->least == m->most ? 0 : m->m2 / (m->n - c->ddof)), each = kl__perf_ratio(over, period);
    if (c->numerator == KL_NUMERATOR_MEAN) {
        if (m->least == m->most) each = kl__perf_ratio(m->least - c->risk_free, 0);
        kl__perf_put(perf, KL_PERF_SHARPE, each * year);
    } else {
        kl__perf_put(perf, KL_PERF_SHARPE, kl__perf_ratio(numerator - c->risk_free * c->periods_per_year, deviation));
    }
    if (m->least < m->most && (h->only < 0 || h->only == KL_PERF_SHARPE_LO))
        kl__perf_put(perf, KL_PERF_SHARPE_LO, each * ratios_time(h, m, c->periods_per_year));
    else kl__perf_none(perf, KL_PERF_SHARPE_LO, KL_PERF_UNDEFINED);
    if (m->n < 30) {
        kl__perf_none(perf, KL_PERF_PSR, KL_PERF_TOO_FEW);
    } else {
        double spread = m->m2 / m->n, skew = m->m3 / m->n / (spread * kl__sqrt(spread)), kurtosis = m->m4 / m->n / (spread * spread);
        kl__perf_put(perf, KL_PERF_PSR, m->least < m->most ? kl_psr(each, 0, m->n, skew, c->excess_kurtosis ? kurtosis - 3 : kurtosis) : (double)NAN);
    }
}

static void ratios_sortino(kl_perf *perf, const kl__perf_history *h, const kl__moments *m, double numerator) {
    const kl_perf_conventions *c = &perf->conventions;
    double year = kl__sqrt(c->periods_per_year), down = ratios_downside(h->returns, h->n, c->mar, m->n);
    kl__perf_put(perf, KL_PERF_DOWNSIDE, down * year);
    if (m->n < c->sortino_rows || m->n < 1) {
        kl__perf_none(perf, KL_PERF_SORTINO, KL_PERF_TOO_FEW);
        return;
    }
    if (c->downside == KL_DOWNSIDE_LOSERS) down = ratios_losers(h->returns, h->n, c->mar, c->downside_ddof);
    double mean = m->least == m->most ? m->least : m->mean;
    if (c->numerator == KL_NUMERATOR_MEAN) kl__perf_put(perf, KL_PERF_SORTINO, kl__perf_ratio(mean - c->mar, down) * year);
    else kl__perf_put(perf, KL_PERF_SORTINO, kl__perf_ratio(numerator - c->risk_free * c->periods_per_year, down * year));
}

void kl__perf_ratios(kl_perf *perf, const kl__perf_history *h) {
    kl__moments m;
    kl_moments shape;
    double deviation = (double)NAN;
    size_t skip = h->n > 0 && !kl__known(h->returns[0]); /* equity has no return in its first row */
    kl__moments_sum(h->returns + skip, h->n - skip, 4, &m);
    kl_moments_of(h->returns + skip, h->n - skip, &shape);
    kl__perf_put(perf, KL_PERF_ROWS, m.n);
    double numerator = m.n > 0 ? growth_numerator(perf, h, &m, &deviation) : (double)NAN;
    kl__perf_put(perf, KL_PERF_ANNUAL_RETURN, numerator);
    static const int32_t pairs[] = {KL_PERF_VOLATILITY, KL_PERF_SHARPE, KL_PERF_SHARPE_LO, KL_PERF_PSR};
    if (m.n < 2) {
        for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) kl__perf_none(perf, pairs[k], KL_PERF_TOO_FEW);
    } else {
        kl__perf_put(perf, KL_PERF_VOLATILITY, deviation);
        ratios_sharpe(perf, h, &m, numerator, deviation);
    }
    ratios_sortino(perf, h, &m, numerator);
    kl__perf_put(perf, KL_PERF_SKEW, shape.skew_adjusted);
    kl__perf_put(perf, KL_PERF_KURTOSIS, shape.kurtosis);
    if (m.n < 3) kl__perf_none(perf, KL_PERF_SKEW, KL_PERF_TOO_FEW);
    double fall = perf->value[KL_PERF_MAX_DRAWDOWN];
    double growth = perf->conventions.numerator == KL_NUMERATOR_MEAN ? perf->value[KL_PERF_CAGR] : numerator;
    kl__perf_put(perf, KL_PERF_CALMAR, fall < 0 ? growth / -fall : (double)NAN);
}
