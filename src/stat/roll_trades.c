/* Rates of the last trades, and values of trades by day. */
#include "base/fp.h"
#include "base/roots.h"
#include "data/civil.h"
#include "kline/stat.h"
#include "stat/known.h"

static double roll_trades_of(int32_t kind, const double *pnl, size_t n, int32_t both) {
    double wins = 0, losses = 0, gain = 0, loss = 0, count = (double)n;
    for (size_t i = 0; i < n; i++) {
        if (!kl__known(pnl[i])) return (double)NAN;
        wins += pnl[i] > 0, losses += pnl[i] < 0;
        gain += pnl[i] > 0 ? pnl[i] : 0, loss += pnl[i] < 0 ? pnl[i] : 0;
    }
    if (both && (wins == 0 || losses == 0)) return (double)NAN;
    double rate = wins / count;
    switch (kind) {
    case KL_TRADES_WIN_RATE: return rate;
    case KL_TRADES_EXPECTANCY: return kl__output((wins > 0 ? rate * (gain / wins) : 0) + (losses > 0 ? (1 - rate) * (loss / losses) : 0));
    case KL_TRADES_PROFIT_FACTOR: return kl__output(gain / -loss);
    default: return kl__output((gain + loss) / count);
    }
}

kl_status kl_roll_trades(int32_t kind, const double *pnl, size_t n, size_t trades, int32_t partial, int32_t both, double *out) {
    if (kind < KL_TRADES_WIN_RATE || kind > KL_TRADES_MEAN || trades == 0 || ((!pnl || !out) && n > 0) || (pnl == out && n > 0)) return KL_E_ARG;
    for (size_t i = 0; i < n; i++) {
        size_t rows = i + 1 < trades ? i + 1 : trades;
        out[i] = rows == trades || partial ? roll_trades_of(kind, pnl + (i + 1 - rows), rows, both) : (double)NAN;
    }
    return KL_OK;
}

/* The mean of the next day with a value; 0 where there is none. */
static int roll_trades_day(const double *value, const kl_time *time_us, size_t n, size_t *at, kl_time *day_us, double *mean) {
    while (*at < n) {
        double sum = 0, count = 0;
        kl_time day = kl__floor_div(time_us[*at], KL__DAY_US);
        for (; *at < n && kl__floor_div(time_us[*at], KL__DAY_US) == day; ++*at)
            if (kl__known(value[*at])) sum += value[*at], count += 1;
        *day_us = day * KL__DAY_US;
        *mean = sum / count;
        if (count > 0) return 1;
    }
    return 0;
}

kl_status kl_daily_mean(const double *value, const kl_time *time_us, size_t n, kl_time *day_us, double *mean, size_t capacity, size_t *days,
                        int32_t ddof, double *deviation) {
    if (!days || ((!value || !time_us) && n > 0) || ((!day_us || !mean) && capacity > 0) || ddof < 0 || ddof > 1) return KL_E_ARG;
    for (size_t i = 1; i < n; i++)
        if (time_us[i] < time_us[i - 1]) return KL_E_ORDER;
    size_t count = 0;
    double each, sum = 0, squares = 0, least = (double)INFINITY, most = -(double)INFINITY;
    kl_time day;
    for (size_t at = 0; roll_trades_day(value, time_us, n, &at, &day, &each); count++) {
        if (count < capacity) day_us[count] = day, mean[count] = each;
        sum += each;
        least = each < least ? each : least;
        most = each > most ? each : most;
    }
    *days = count;
    if (!deviation) return KL_OK;
    for (size_t at = 0; roll_trades_day(value, time_us, n, &at, &day, &each);) squares += (each - sum / (double)count) * (each - sum / (double)count);
    if (count <= (size_t)ddof) *deviation = (double)NAN;
    else *deviation = least < most ? kl__output(kl__sqrt(squares / (double)(count - (size_t)ddof))) : 0;
    return KL_OK;
}
