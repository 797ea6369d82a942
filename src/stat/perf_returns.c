/* Performance of a history of returns or of equity: what is computed from what. */
#include "base/fp.h"
#include "base/size.h"
#include "stat/perf.h"
#include <string.h>

/* One array for all that a history needs: `parts` of `n` values. */
static double *returns_take(const kl_alloc *alloc, size_t parts, size_t n, size_t *bytes) {
    size_t count;
    if (n == SIZE_MAX || kl__size_mul(n + 1, parts, &count) || kl__size_mul(count, sizeof(double), bytes)) return NULL;
    return (double *)alloc->take(alloc->ctx, *bytes);
}

static int64_t returns_day(kl_time t) { return t / KL__DAY_US - (t % KL__DAY_US < 0); }

/* Days of trading a year, by whether there are days of weekends: 365 where these are more than 6 of 10 that a whole week has. */
static double returns_year_days(const kl_time *time_us, size_t n) {
    double days = 0, weekend = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t day = returns_day(time_us[i]), of_week = ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday: 0 is a Monday */
        if (i > 0 && day == returns_day(time_us[i - 1])) continue;
        days += 1;
        weekend += of_week >= 5;
    }
    return weekend > days * (2.0 / 7 * 0.6) ? 365 : 252;
}

int kl__perf_untimed(kl_perf_conventions *c) {
    if (c->periods_per_year == 0 && c->sampling == KL_SAMPLING_DAYS) c->periods_per_year = c->year_days;
    if (c->year_days == 0) c->year_days = c->clock_days;
    return c->periods_per_year > 0;
}

double kl__perf_untimed_years(const kl_perf_conventions *c, size_t periods) {
    double rows = (double)periods / c->periods_per_year;
    if (c->growth == KL_GROWTH_ROWS) return rows;
    if (c->growth == KL_GROWTH_FIRST_LAST && periods > 1) rows = (double)(periods - 1) / c->periods_per_year;
    return rows * (c->year_days / c->clock_days);
}

/* Fills in what conventions leave open. 0 where times are needed and not there. */
static int returns_periods(kl_perf_conventions *c, const kl_time *time_us, size_t n, double *sorted, double *spare) {
    if (!time_us) return kl__perf_untimed(c);
    if (c->year_days == 0) c->year_days = returns_year_days(time_us, n);
    if (c->periods_per_year > 0) return 1;
    if (c->sampling == KL_SAMPLING_DAYS) {
        c->periods_per_year = c->year_days;
        return 1;
    }
    for (size_t i = 1; i < n; i++) sorted[i - 1] = (double)(time_us[i] - time_us[i - 1]);
    if (n > 1) kl__perf_sort(sorted, spare, n - 1);
    double step = n > 1 ? sorted[(n - 1) / 2] : 0;
    c->periods_per_year = c->year_days * ((double)KL__DAY_US / (step > 0 ? step : (double)KL__DAY_US));
    return 1;
}

/* Years from the first point to the last. */
static double returns_years(const kl_perf_conventions *c, const kl__perf_history *h) {
    double day = (double)KL__DAY_US;
    if (c->growth == KL_GROWTH_ROWS || !h->time_us) return kl__perf_untimed_years(c, h->periods);
    size_t last = h->points - h->before - 1;
    double span = (double)(h->time_us[last] - h->time_us[0]);
    if (c->growth == KL_GROWTH_FIRST_LAST) {
        double days = floor(span / day);
        return (days > 1 ? days : 1) / c->clock_days;
    }
    if (h->before && last > 0) span += (double)(h->time_us[1] - h->time_us[0]);
    return span / (c->clock_days * day);
}

void kl__perf_all(kl_perf *perf, const kl__perf_history *h) {
    kl__perf_growth(perf, h);
    kl__perf_drawdowns(perf, h);
    kl__perf_ratios(perf, h);
    kl__perf_tails(perf, h);
    kl__perf_benchmark(perf, h);
}

static kl_status returns_order(const kl_time *time_us, size_t n) {
    for (size_t i = 1; time_us && i < n; i++)
        if (time_us[i] < time_us[i - 1]) return KL_E_ORDER;
    return KL_OK;
}

/* Compounds returns of one UTC day to one; returns how many days there are. A day without a known return is unknown. */
static size_t returns_by_day(const double *r, const kl_time *time_us, size_t n, double *out) {
    size_t days = 0;
    for (size_t i = 0; i < n;) {
        int64_t day = returns_day(time_us[i]);
        double growth = 1;
        int any = 0;
        for (; i < n && returns_day(time_us[i]) == day; i++)
            if (kl__known(r[i])) growth = any ? growth * (1 + r[i]) : 1 + r[i], any = 1;
        out[days++] = any ? growth - 1 : (double)NAN;
    }
    return days;
}

static size_t returns_known(const double *r, size_t n) {
    size_t known = 0;
    for (size_t i = 0; i < n; i++) known += (size_t)kl__known(r[i]);
    return known;
}

static int returns_begin(kl_perf *made, kl__perf_history *h, const kl_perf_conventions *conventions) {
    memset(made, 0, sizeof *made);
    memset(h, 0, sizeof *h);
    h->only = -1;
    for (size_t k = 0; k < KL_PERF_COUNT; k++) made->value[k] = (double)NAN;
    return kl__perf_conventions_copy(&made->conventions, conventions);
}

kl_status kl_perf_returns(const double *returns, const double *benchmark, const kl_time *time_us, size_t n,
                          const kl_perf_conventions *conventions, const kl_alloc *alloc, kl_perf *perf) {
    kl_perf made;
    kl__perf_history h;
    size_t bytes;
    if (!returns_begin(&made, &h, conventions) || !perf || (!returns && n > 0)) return KL_E_ARG;
    KL__TRY(returns_order(time_us, n));
    if (!alloc) alloc = kl_alloc_libc();
    double *memory = returns_take(alloc, 5, n, &bytes), *curve = memory;
    if (!memory) return KL_E_MEMORY;
    h.sorted = memory + (n + 1), h.spare = memory + 2 * (n + 1);
    int known = returns_periods(&made.conventions, time_us, n, h.sorted, h.spare);
    h.returns = returns, h.benchmark = benchmark, h.n = n;
    if (known && made.conventions.sampling == KL_SAMPLING_DAYS && time_us) {
        double *sampled = memory + 3 * (n + 1);
        h.n = returns_by_day(returns, time_us, n, sampled);
        h.returns = sampled;
        if (benchmark) returns_by_day(benchmark, time_us, n, sampled + (n + 1));
        if (benchmark) h.benchmark = sampled + (n + 1);
    }
    curve[0] = 1;
    for (size_t i = 0; i < n; i++) curve[i + 1] = kl__known(returns[i]) ? curve[i] * (1 + returns[i]) : curve[i];
    h.curve = curve, h.points = n + 1, h.marks = n, h.before = 1, h.time_us = n > 0 ? time_us : NULL;
    h.periods = made.conventions.missing == KL_MISSING_IS_PERIOD ? h.n : returns_known(h.returns, h.n);
    h.years = returns_years(&made.conventions, &h);
    if (known) kl__perf_all(&made, &h);
    alloc->give(alloc->ctx, memory, bytes);
    if (!known) return KL_E_ARG;
    *perf = made;
    return KL_OK;
}

/* Returns between known rows, or between the last ones of UTC days; that of the first is unknown. */
static size_t returns_of_equity(const kl_perf_conventions *c, const double *equity, const kl_time *time_us, size_t n, double *out) {
    double before = (double)NAN, now = (double)NAN;
    int by_day = c->sampling == KL_SAMPLING_DAYS && time_us, fresh = 0;
    size_t made = 0;
    for (size_t i = 0; i < n; i++) {
        if (kl__known(equity[i])) now = equity[i], fresh = 1;
        if (by_day && i + 1 < n && returns_day(time_us[i]) == returns_day(time_us[i + 1]) && !(i == 0 && c->base_first)) continue;
        out[made++] = fresh && before > 0 ? (now - before) / before : (double)NAN;
        if (fresh) before = now;
        fresh = 0;
    }
    return made;
}

kl_status kl_perf_equity(const double *equity, const kl_time *time_us, size_t n, const kl_perf_conventions *conventions,
                         const kl_alloc *alloc, kl_perf *perf) {
    kl_perf made;
    kl__perf_history h;
    size_t bytes;
    if (!returns_begin(&made, &h, conventions) || !perf || (!equity && n > 0)) return KL_E_ARG;
    KL__TRY(returns_order(time_us, n));
    if (!alloc) alloc = kl_alloc_libc();
    double *memory = returns_take(alloc, 3, n, &bytes);
    if (!memory) return KL_E_MEMORY;
    h.sorted = memory + (n + 1), h.spare = memory + 2 * (n + 1);
    int known = returns_periods(&made.conventions, time_us, n, h.sorted, h.spare);
    h.n = known ? returns_of_equity(&made.conventions, equity, time_us, n, memory) : 0;
    h.returns = memory;
    h.curve = equity, h.points = n, h.marks = n > 0 ? n - 1 : 0, h.time_us = n > 0 ? time_us : NULL;
    h.periods = made.conventions.missing == KL_MISSING_IS_PERIOD ? h.n : returns_known(h.returns, h.n);
    if (known) {
        h.years = returns_years(&made.conventions, &h);
        kl__perf_all(&made, &h);
    }
    alloc->give(alloc->ctx, memory, bytes);
    if (!known) return KL_E_ARG;
    *perf = made;
    return KL_OK;
}
