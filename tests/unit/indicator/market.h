/* Inputs for the tests of indicators: ordinary ones and those that break others. */
#ifndef KL_TEST_MARKET_H
#define KL_TEST_MARKET_H
#include "random.h"
#include "kline/indicator.h"
#include <math.h>
#include <string.h>

enum {
    MARKET_WALK, MARKET_FLAT, MARKET_OFFSET, MARKET_SPIKES, MARKET_HOLES, MARKET_INFINITE, MARKET_TIES, MARKET_DENORMAL,
    MARKET_TREND, MARKET_REGIMES, MARKET_HUGE,
    MARKET_CHEAP, MARKET_DEAR, MARKET_SILENT, MARKET_GAPS, MARKET_KINDS
};
static const char *const market_names[] = {"walk", "flat", "offset", "spikes", "holes", "infinite", "ties", "denormal",
                                           "trend", "regimes", "huge", "cheap", "dear", "silent", "gaps"};

/* -1 .. 1 */
static inline double market_noise(uint64_t *seed) { return (double)(int64_t)(random_u64(seed) >> 11) * 0x1p-52 - 1.0; }

static inline double market_close(int kind, uint64_t *seed, double previous, size_t k) {
    double e = market_noise(seed);
    switch (kind) {
    case MARKET_FLAT: return 104.37;
    case MARKET_OFFSET: return 1e9 + 1e-3 * e;
    case MARKET_TIES: return 100.0 + (double)random_below(seed, 3);
    case MARKET_DENORMAL: return ((double)random_below(seed, 1000) - 300.0) * 0x1p-1074;
    case MARKET_TREND: return 50.0 + 0.25 * (double)k;
    case MARKET_REGIMES: return (k / 97) % 2 ? 1e12 * (1.0 + 1e-3 * e) : 1e-3 * (2.0 + e);
    case MARKET_SPIKES: return random_below(seed, 61) ? 100.0 + e : 1e9 * (2.0 + e);
    case MARKET_CHEAP: return 1e-8 * (1.0 + 0.1 * e);
    case MARKET_DEAR: return 1e12 * (1.0 + 0.1 * e);
    case MARKET_GAPS: return random_below(seed, 7) ? previous * (1.0 + 0.001 * e) : previous * (1.0 + 0.08 * e);
    default: return previous * (1.0 + 0.01 * e);
    }
}

/* What else indicators ask for, of the market filled last: conditions, opening times, a second price near the first one, numbers
 * in -1.05 .. 1.05, whole numbers in 0 .. 40, shares in 0 .. 1. */
#define MARKET_ROWS 5000
static double market_condition[2][MARKET_ROWS], market_time[MARKET_ROWS], market_second[MARKET_ROWS], market_unit[MARKET_ROWS],
    market_whole[MARKET_ROWS], market_share[MARKET_ROWS];

static inline void market_extras(int kind, uint64_t seed, size_t n, double *const *ohlcv) {
    for (size_t k = 0; k < n && k < MARKET_ROWS; k++) {
        uint64_t dice = random_below(&seed, 31);
        market_condition[0][k] = kind == MARKET_HOLES && dice == 0 ? (double)NAN : kind == MARKET_FLAT ? 0.0 : dice < 6 ? 1.0 : 0.0;
        market_condition[1][k] = kind == MARKET_HOLES && dice == 3 ? (double)NAN : dice > 3 && dice < 17 ? 1.0 : 0.0;
        market_unit[k] = kind == MARKET_FLAT ? 0.5 : kind == MARKET_HOLES && dice == 7 ? (double)NAN : market_noise(&seed) * 1.05;
        market_share[k] = kind == MARKET_FLAT ? 0.125 : fabs(market_unit[k]) / 1.05;
        market_whole[k] = kind == MARKET_FLAT ? 9.0 : kind == MARKET_HOLES && dice == 8 ? (double)NAN : (double)random_below(&seed, 41);
        market_time[k] = 1767225600.0 + 3600.0 * (double)k; /* 2026-01-01, hours */
        market_second[k] = kind == MARKET_FLAT ? 52.0 : ohlcv[3][k] * (dice < 15 ? 0.75 : 1.25);
    }
}

/* open, high, low, close, volume of n bars. */
static inline void market_fill(int kind, uint64_t seed, size_t n, double *const *ohlcv) {
    double close = 100.0;
    uint64_t extras = seed + 1;
    for (size_t k = 0; k < n; k++) {
        double open = k ? close : 100.0;
        close = market_close(kind, &seed, close, k);
        double spread = kind == MARKET_FLAT ? 0.0 : (1.0 + market_noise(&seed)) * 0.002;
        double high = open > close ? open : close, low = open < close ? open : close;
        if (kind == MARKET_REGIMES || kind == MARKET_FLAT) open = close, high = close, low = close;
        double row[5] = {open, high * (1.0 + spread), low * (1.0 - spread), close,
                         kind == MARKET_WALK || random_below(&seed, 9) ? 1000.0 * (1.0 + market_noise(&seed)) : 0.0};
        if (kind == MARKET_SILENT) row[4] = 0.0;
        if (kind == MARKET_GAPS) row[0] = close * (1.0 + 0.0005 * market_noise(&seed)), row[1] = fmax(row[0], close), row[2] = fmin(row[0], close);
        if (kind == MARKET_TIES) row[4] = (double)random_below(&seed, 3);
        uint64_t dice = random_below(&seed, 23), column = random_below(&seed, 5);
        if (kind == MARKET_HOLES && dice == 0) row[column] = (double)NAN;
        if (kind == MARKET_HOLES && dice == 1) row[0] = row[1] = row[2] = row[3] = row[4] = -(double)NAN;
        if (kind == MARKET_INFINITE && dice == 0) row[column] = k % 2 ? HUGE_VAL : -HUGE_VAL;
        if (kind == MARKET_INFINITE && dice == 1) row[0] = row[1] = row[2] = row[3] = HUGE_VAL;
        if (kind == MARKET_HUGE && dice == 0) row[0] = row[1] = row[2] = row[3] = k % 2 ? 1e308 : -1e308;
        if (kind == MARKET_HUGE && dice == 1) row[0] = row[1] = row[2] = row[3] = k % 2 ? 1e300 : -1e300;
        if (kind == MARKET_TIES && dice == 0) row[0] = row[1] = row[2] = row[3] = -0.0;
        for (int c = 0; c < 5; c++) ohlcv[c][k] = row[c];
        if (!(fabs(close) < 1e15)) close = 100.0;
    }
    market_extras(kind, extras, n, ohlcv);
}

/* The columns that an indicator takes: those of the usual names, but never one twice; what prices are no sensible input of has others. */
static inline void market_inputs(const kl_indicator *indicator, double *const *ohlcv, const double **in) {
    static const char *const names[] = {"open", "high", "low", "close", "volume"};
    static const char *const small[] = {"acos", "asin", "exp", "sinh", "cosh", "tanh"}, *const logic[] = {"and", "or", "not", "since"};
    for (uint32_t i = 0; i < indicator->n_inputs; i++) {
        const char *usual = indicator->inputs[i].usual, *name = indicator->inputs[i].name;
        in[i] = ohlcv[3];
        for (int c = 0; c < 5; c++)
            if (strcmp(usual, names[c]) == 0) in[i] = ohlcv[c];
        if (strcmp(usual, "time") == 0) in[i] = market_time;
        if (strcmp(name, "c") == 0 || strcmp(name, "ratio") == 0) in[i] = market_condition[0];
        if (strcmp(name, "periods") == 0) in[i] = market_whole;
        if (strcmp(name, "alpha") == 0) in[i] = market_share;
        for (size_t s = 0; s < sizeof small / sizeof *small; s++)
            if (strcmp(indicator->name, small[s]) == 0) in[i] = market_unit;
        for (size_t s = 0; s < sizeof logic / sizeof *logic; s++)
            if (strcmp(indicator->name, logic[s]) == 0) in[i] = market_condition[i % 2];
        if (strcmp(indicator->name, "pow") == 0 && i == 1) in[i] = market_unit;
        for (uint32_t j = 0; j < i; j++)
            if (in[j] == in[i]) in[i] = in[i] == ohlcv[3] ? market_second : ohlcv[(j + i) % 4];
    }
}

/* 1 price, 2 volume, 0 neither. */
static inline int market_dimension(const kl_indicator *indicator, uint32_t i) {
    const char *usual = indicator->inputs[i].usual;
    const char *name = indicator->inputs[i].name;
    if (strcmp(name, "c") == 0 || strcmp(name, "periods") == 0 || strcmp(name, "alpha") == 0 ||
        strcmp(usual, "time") == 0 || strcmp(usual, "trade_count") == 0) return 0;
    return strstr(usual, "volume") || strstr(usual, "taker") ? 2 : 1;
}

/* Parameter set number `set`: defaults, minima, maxima, then random ones; lengths up to `longest`, other numbers at most 10 above
 * the least one. */
static inline void market_params(const kl_indicator *indicator, int set, uint64_t *seed, double longest, double *params) {
    for (uint32_t i = 0; i < indicator->n_params; i++) {
        const kl_param_info *p = &indicator->params[i];
        double top = p->max, share = (double)(random_u64(seed) >> 11) * 0x1p-53;
        if (p->kind == KL_PARAM_INT) top = p->max > longest ? longest : p->max;
        if (p->kind == KL_PARAM_INT && top < p->min) top = p->min;
        if (p->kind == KL_PARAM_REAL && set > 2 && top > p->min + 10.0) top = p->min + 10.0;
        double at = p->min + share * (top - p->min);
        if (p->kind != KL_PARAM_REAL) at = p->min + floor(share * (top - p->min + 1.0));
        params[i] = set == 0 ? p->def : set == 1 ? p->min : set == 2 ? top : at;
        if (strcmp(p->name, "min_count") == 0 && params[i] > params[0]) params[i] = params[0]; /* of a window of so many bars */
    }
}

#endif
