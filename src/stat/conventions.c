/* The conventions that figures are computed under: one row of a table for each library whose figures are wanted. */
#include "base/fp.h"
#include "stat/perf.h"
#include <string.h>

enum { PRESET_COUNT = 9 };

/* in the order of the struct's fields, without those that are 0 in all */
static const struct {
    double periods, year_days, clock_days, cap, sqn_cap;
    int32_t sampling, growth, numerator, downside, zero, missing, var, cvar, trade_pnl;
    int32_t ddof, trade_ddof, downside_ddof, ulcer_ddof, omega_annual, excess_kurtosis, group_times, base_first, omega_finite, sortino_rows;
} conventions_of[PRESET_COUNT] = {
    /* A   year  clock  cap sqn  sampling          growth                numerator                downside            zero
       missing                var                 cvar                 trades  ddofs ....  omega kurt group base finite sortino */
    {0, 365, 365.25, 0, 0, KL_SAMPLING_ROWS, KL_GROWTH_CLOCK, KL_NUMERATOR_MEAN, KL_DOWNSIDE_ALL, KL_ZERO_COUNTS,
     KL_MISSING_SKIPPED, KL_VAR_HISTORICAL, KL_CVAR_WORST, KL_PNL_CASH, 1, 1, 1, 0, 0, 0, 1, 1, 0, 2},
    {252, 252, 365, 0, 0, KL_SAMPLING_ROWS, KL_GROWTH_ROWS, KL_NUMERATOR_MEAN, KL_DOWNSIDE_ALL, KL_ZERO_COUNTS,
     KL_MISSING_IS_PERIOD, KL_VAR_HISTORICAL, KL_CVAR_WORST, KL_PNL_CASH, 1, 1, 1, 0, 1, 0, 1, 1, 1, 2},
    {252, 252, 365, 0, 0, KL_SAMPLING_ROWS, KL_GROWTH_ROWS, KL_NUMERATOR_MEAN, KL_DOWNSIDE_ALL, KL_ZERO_DROPPED,
     KL_MISSING_SKIPPED, KL_VAR_GAUSSIAN, KL_CVAR_BELOW_VAR, KL_PNL_RETURN, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2},
    {365, 365, 365, 0, 0, KL_SAMPLING_ROWS, KL_GROWTH_ROWS, KL_NUMERATOR_MEAN, KL_DOWNSIDE_ALL, KL_ZERO_COUNTS,
     KL_MISSING_IS_PERIOD, KL_VAR_HISTORICAL, KL_CVAR_WORST, KL_PNL_CASH, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1},
    {0, 0, 365.25, 0, 0, KL_SAMPLING_DAYS, KL_GROWTH_CLOCK, KL_NUMERATOR_GEOMETRIC, KL_DOWNSIDE_ALL, KL_ZERO_COUNTS,
     KL_MISSING_SKIPPED, KL_VAR_HISTORICAL, KL_CVAR_WORST, KL_PNL_RETURN, 1, 1, 1, 0, 0, 0, 1, 0, 0, 2},
    {252, 252, 365, 0, 0, KL_SAMPLING_DAYS, KL_GROWTH_ROWS, KL_NUMERATOR_MEAN, KL_DOWNSIDE_ALL, KL_ZERO_COUNTS,
     KL_MISSING_SKIPPED, KL_VAR_HISTORICAL, KL_CVAR_WORST, KL_PNL_CASH, 0, 0, 0, 0, 0, 0, 1, 1, 0, 2},
    {365, 365, 365, 0, 0, KL_SAMPLING_DAYS, KL_GROWTH_FIRST_LAST, KL_NUMERATOR_SUM_PER_DAY, KL_DOWNSIDE_LOSERS, KL_ZERO_COUNTS,
     KL_MISSING_SKIPPED, KL_VAR_HISTORICAL, KL_CVAR_WORST, KL_PNL_CASH, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2},
    {252, 252, 365, 10, 0, KL_SAMPLING_DAYS, KL_GROWTH_CLOCK, KL_NUMERATOR_COMPOUND, KL_DOWNSIDE_LOSERS, KL_ZERO_LOSES,
     KL_MISSING_SKIPPED, KL_VAR_GAUSSIAN, KL_CVAR_WORST, KL_PNL_CASH, 1, 1, 1, 0, 0, 1, 0, 1, 0, 2},
    {252, 252, 365, 0, 0, KL_SAMPLING_DAYS, KL_GROWTH_ROWS, KL_NUMERATOR_MEAN, KL_DOWNSIDE_ALL, KL_ZERO_LOSES,
     KL_MISSING_SKIPPED, KL_VAR_HISTORICAL, KL_CVAR_WORST, KL_PNL_CASH, 1, 1, 1, 0, 0, 0, 1, 1, 0, 2},
};

kl_status kl_perf_conventions_preset(kl_perf_conventions *conventions, int32_t preset) {
    if (!conventions || preset < 0 || preset >= PRESET_COUNT) return KL_E_ARG;
    memset(conventions, 0, sizeof *conventions);
    conventions->struct_size = sizeof *conventions;
    conventions->preset = preset;
    conventions->periods_per_year = conventions_of[preset].periods;
    conventions->year_days = conventions_of[preset].year_days;
    conventions->clock_days = conventions_of[preset].clock_days;
    conventions->var_level = 0.05;
    conventions->cap = conventions_of[preset].cap;
    conventions->sqn_cap = conventions_of[preset].sqn_cap;
    conventions->sampling = conventions_of[preset].sampling;
    conventions->growth = conventions_of[preset].growth;
    conventions->numerator = conventions_of[preset].numerator;
    conventions->downside = conventions_of[preset].downside;
    conventions->zero = conventions_of[preset].zero;
    conventions->missing = conventions_of[preset].missing;
    conventions->var = conventions_of[preset].var;
    conventions->cvar = conventions_of[preset].cvar;
    conventions->trade_pnl = conventions_of[preset].trade_pnl;
    conventions->ddof = conventions_of[preset].ddof;
    conventions->trade_ddof = conventions_of[preset].trade_ddof;
    conventions->downside_ddof = conventions_of[preset].downside_ddof;
    conventions->ulcer_ddof = conventions_of[preset].ulcer_ddof;
    conventions->omega_annual = conventions_of[preset].omega_annual;
    conventions->excess_kurtosis = conventions_of[preset].excess_kurtosis;
    conventions->group_times = conventions_of[preset].group_times;
    conventions->base_first = conventions_of[preset].base_first;
    conventions->omega_finite = conventions_of[preset].omega_finite;
    conventions->sortino_rows = conventions_of[preset].sortino_rows;
    return KL_OK;
}

static const char *const conventions_names[] = {
#define CONVENTIONS_NAME(NAME, value, name, text) name,
    KL_PRESET_LIST(CONVENTIONS_NAME)
#undef CONVENTIONS_NAME
};

const char *kl_preset_name(int32_t preset) { return preset >= 0 && preset < PRESET_COUNT ? conventions_names[preset] : NULL; }

kl_status kl_preset_find(const char *name, int32_t *preset) {
    if (!name || !preset) return KL_E_ARG;
    for (int32_t k = 0; k < PRESET_COUNT; k++)
        if (strcmp(conventions_names[k], name) == 0) {
            *preset = k;
            return KL_OK;
        }
    return KL_E_UNKNOWN_NAME;
}

static int conventions_range(int32_t value, int32_t most) { return value >= 0 && value <= most; }

int kl__perf_conventions_copy(kl_perf_conventions *to, const kl_perf_conventions *from) {
    if (!from) return kl_perf_conventions_preset(to, KL_PRESET_KLINE) == KL_OK;
    if (from->struct_size != sizeof *from) return 0;
    const double limits[] = {from->periods_per_year, from->year_days, from->clock_days, from->start_balance, from->cap, from->sqn_cap};
    for (size_t k = 0; k < sizeof limits / sizeof *limits; k++)
        if (!(limits[k] >= 0) || !kl__known(limits[k])) return 0;
    if (!kl__known(from->risk_free) || !kl__known(from->mar) || !kl__known(from->omega_threshold)) return 0;
    if (!(from->var_level >= 0 && from->var_level <= 1) || !(from->clock_days > 0)) return 0;
    if (!conventions_range(from->sampling, KL_SAMPLING_DAYS) || !conventions_range(from->growth, KL_GROWTH_FIRST_LAST) ||
        !conventions_range(from->numerator, KL_NUMERATOR_SUM_PER_DAY) || !conventions_range(from->downside, KL_DOWNSIDE_LOSERS) ||
        !conventions_range(from->zero, KL_ZERO_LOSES) || !conventions_range(from->missing, KL_MISSING_IS_PERIOD) ||
        !conventions_range(from->var, KL_VAR_GAUSSIAN) || !conventions_range(from->cvar, KL_CVAR_BELOW_VAR) ||
        !conventions_range(from->trade_pnl, KL_PNL_RETURN) || !conventions_range(from->ddof, 1) ||
        !conventions_range(from->trade_ddof, 1) || !conventions_range(from->downside_ddof, 1) || !conventions_range(from->ulcer_ddof, 1))
        return 0;
    *to = *from;
    return 1;
}
