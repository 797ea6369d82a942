/* One figure at a time: over windows, and for whoever draws histories. */
#include "base/fp.h"
#include "base/size.h"
#include "stat/perf.h"
#include <string.h>

enum { ROLLING_GROWTH = 1, ROLLING_DRAWDOWNS = 2, ROLLING_RATIOS = 4, ROLLING_TAILS = 8, ROLLING_BENCHMARK = 16 };
/* what each figure takes */
static const uint8_t rolling_groups[KL_PERF_COUNT] = {
    [KL_PERF_ROWS] = ROLLING_RATIOS, [KL_PERF_START] = ROLLING_GROWTH, [KL_PERF_FINAL] = ROLLING_GROWTH, [KL_PERF_PEAK] = ROLLING_GROWTH,
    [KL_PERF_TOTAL_RETURN] = ROLLING_GROWTH, [KL_PERF_CAGR] = ROLLING_GROWTH, [KL_PERF_ANNUAL_RETURN] = ROLLING_GROWTH | ROLLING_RATIOS,
    [KL_PERF_VOLATILITY] = ROLLING_GROWTH | ROLLING_RATIOS, [KL_PERF_SHARPE] = ROLLING_GROWTH | ROLLING_RATIOS,
    [KL_PERF_SHARPE_LO] = ROLLING_RATIOS, [KL_PERF_SORTINO] = ROLLING_GROWTH | ROLLING_RATIOS,
    [KL_PERF_CALMAR] = ROLLING_GROWTH | ROLLING_DRAWDOWNS | ROLLING_RATIOS, [KL_PERF_OMEGA] = ROLLING_TAILS,
    [KL_PERF_MAX_DRAWDOWN] = ROLLING_DRAWDOWNS, [KL_PERF_AVG_DRAWDOWN] = ROLLING_DRAWDOWNS, [KL_PERF_DRAWDOWN_TIME] = ROLLING_DRAWDOWNS,
    [KL_PERF_AVG_DRAWDOWN_TIME] = ROLLING_DRAWDOWNS, [KL_PERF_RECOVERY_TIME] = ROLLING_DRAWDOWNS, [KL_PERF_ULCER] = ROLLING_DRAWDOWNS,
    [KL_PERF_VAR] = ROLLING_TAILS, [KL_PERF_CVAR] = ROLLING_TAILS, [KL_PERF_TAIL] = ROLLING_TAILS, [KL_PERF_STABILITY] = ROLLING_TAILS,
    [KL_PERF_DOWNSIDE] = ROLLING_RATIOS, [KL_PERF_SKEW] = ROLLING_RATIOS, [KL_PERF_KURTOSIS] = ROLLING_RATIOS, [KL_PERF_PSR] = ROLLING_RATIOS,
    [KL_PERF_ALPHA] = ROLLING_BENCHMARK, [KL_PERF_BETA] = ROLLING_BENCHMARK, [KL_PERF_UP_CAPTURE] = ROLLING_BENCHMARK,
    [KL_PERF_DOWN_CAPTURE] = ROLLING_BENCHMARK, [KL_PERF_CAPTURE] = ROLLING_BENCHMARK, [KL_PERF_EXCESS_SHARPE] = ROLLING_BENCHMARK};

int kl__perf_made_of(int32_t figure) {
    if (figure < 0 || figure >= KL_PERF_COUNT || !rolling_groups[figure]) return 0;
    return rolling_groups[figure] == ROLLING_BENCHMARK ? 2 : 1;
}

double kl__perf_one(int32_t figure, const kl_perf_conventions *c, const double *returns, const double *benchmark, size_t n, double *scratch) {
    kl_perf perf;
    kl__perf_history h;
    int groups = rolling_groups[figure];
    double *curve = scratch;
    memset(&h, 0, sizeof h);
    perf.conventions = *c;
    perf.value[KL_PERF_START] = perf.value[KL_PERF_FINAL] = 1;
    perf.value[KL_PERF_CAGR] = perf.value[KL_PERF_MAX_DRAWDOWN] = (double)NAN;
    h.only = figure;
    h.returns = returns, h.benchmark = benchmark, h.n = n;
    h.sorted = scratch + (n + 1), h.spare = scratch + 2 * (n + 1);
    h.curve = curve, h.points = n + 1, h.marks = n, h.before = 1;
    if (groups & (ROLLING_GROWTH | ROLLING_DRAWDOWNS)) {
        size_t known = 0;
        curve[0] = 1;
        for (size_t i = 0; i < n; i++) {
            int there = kl__known(returns[i]);
            curve[i + 1] = there ? curve[i] * (1 + returns[i]) : curve[i];
            known += (size_t)there;
        }
        h.periods = c->missing == KL_MISSING_IS_PERIOD ? n : known;
        h.years = kl__perf_untimed_years(c, h.periods);
    }
    if (groups & ROLLING_GROWTH) kl__perf_growth(&perf, &h);
    if (groups & ROLLING_DRAWDOWNS) kl__perf_drawdowns(&perf, &h);
    if (groups & ROLLING_RATIOS) kl__perf_ratios(&perf, &h);
    if (groups & ROLLING_TAILS) kl__perf_tails(&perf, &h);
    if (groups & ROLLING_BENCHMARK) kl__perf_benchmark(&perf, &h);
    return perf.value[figure];
}

kl_status kl_perf_rolling(int32_t figure, const double *returns, const double *benchmark, size_t n, size_t rows, size_t min_count,
                          const kl_perf_conventions *conventions, const kl_alloc *alloc, double *out) {
    kl_perf_conventions c;
    size_t bytes, known = 0, made_of = (size_t)kl__perf_made_of(figure);
    if (((!returns || !out) && n > 0) || rows == 0 || min_count > rows || (out == returns && n > 0)) return KL_E_ARG;
    if (!kl__perf_conventions_copy(&c, conventions)) return KL_E_ARG;
    if (made_of == 0) return KL_E_UNSUPPORTED;
    if (!kl__perf_untimed(&c) || (made_of == 2 && !benchmark && n > 0)) return KL_E_ARG;
    if (!alloc) alloc = kl_alloc_libc();
    size_t window = rows < n ? rows : n;
    if (min_count == 0) min_count = rows;
    if (window == SIZE_MAX || kl__size_mul(window + 1, 3 * sizeof(double), &bytes)) return KL_E_MEMORY;
    double *scratch = (double *)alloc->take(alloc->ctx, bytes);
    if (!scratch) return KL_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        size_t count = i + 1 < rows ? i + 1 : rows;
        known += (size_t)kl__known(returns[i]);
        if (i >= rows) known -= (size_t)kl__known(returns[i - rows]);
        const double *of = benchmark ? benchmark + (i + 1 - count) : NULL;
        out[i] = known >= min_count ? kl__perf_one(figure, &c, returns + (i + 1 - count), of, count, scratch) : (double)NAN;
    }
    alloc->give(alloc->ctx, scratch, bytes);
    return KL_OK;
}
