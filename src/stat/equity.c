/* Results of trades compounded. */
#include "base/fp.h"
#include "kline/stat.h"
#include "stat/known.h"

kl_status kl_equity(const double *pnl, size_t n, int32_t unit, double start, double *equity, double *peak, double *drawdown) {
    if ((!pnl && n > 0) || (unit != KL_UNIT_FRACTION && unit != KL_UNIT_PERCENT) || !kl__known_price(start)) return KL_E_ARG;
    double now = start, top = start;
    for (size_t i = 0; i < n; i++) {
        double part = unit == KL_UNIT_PERCENT ? pnl[i] / 100 : pnl[i];
        int known = kl__known(part);
        if (known) now *= 1 + part;
        if (now > top) top = now;
        if (equity) equity[i] = known ? kl__output(now) : (double)NAN;
        if (peak) peak[i] = kl__output(top);
        if (drawdown) drawdown[i] = known ? kl__output((now - top) / top) : (double)NAN;
    }
    return KL_OK;
}
