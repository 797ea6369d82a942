/* Returns of prices, one price of a candle, indexes. */
#include "base/fp.h"
#include "base/number.h"
#include "kline/stat.h"
#include "stat/known.h"

/* a * b - c exactly, where c is a * b to within rounding and all of them are about 1. */
static double returns_product_error(double a, double b, double c) {
    const double split = 134217729.0;
    double ta = split * a, ah = ta - (ta - a), al = a - ah;
    double tb = split * b, bh = tb - (tb - b), bl = b - bh;
    double p = a * b, e = ((ah * bh - p) + ah * bl + al * bh) + al * bl;
    return (p - c) + e;
}

/* x = m * 2^exponent with m in 1..2, also of a subnormal x; x is above 0 and finite. */
static double returns_mantissa(double x, int64_t *exponent) {
    int64_t shift = x < DBL_MIN ? 54 : 0;
    uint64_t bits = kl__double_bits(shift ? x * 0x1p54 : x);
    *exponent = (int64_t)(bits >> 52) - 1023 - shift;
    return kl__bits_double((bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1023) << 52);
}

/* The quotient of the mantissas, q * (1 + e), is never out of range, whatever now / before is; e is what the division rounded
 * away: ln(q) alone would lose digits where the quotient is close to 1. */
double kl__return_log_wide(double before, double now) {
    int64_t from, to;
    double a = returns_mantissa(before, &from), b = returns_mantissa(now, &to), q = b / a;
    double lost = returns_product_error(q, a, b) / b, power = (double)(to - from);
    if (fabs(power) < 1000) return kl_ln(q * kl__bits_double((uint64_t)(to - from + 1023) << 52)) - lost;
    return power * kl__ln2_42[0] + (power * kl__ln2_42[1] + (kl_ln(q) - lost)); /* the first product is exact */
}

double kl_return(int32_t kind, double before, double now) {
    if (!kl__known_price(before) || !kl__known_price(now)) return (double)NAN;
    switch (kind) {
    case KL_RETURN_SIMPLE:
    case KL_RETURN_CUMULATIVE: return kl__output(kl__return_simple(before, now));
    case KL_RETURN_PERCENT: return kl__output(100 * kl__return_simple(before, now));
    case KL_RETURN_LOG: return kl__output(kl__return_log(before, now));
    default: return (double)NAN;
    }
}

kl_status kl_returns(int32_t kind, const double *price, size_t n, double before, double *out) {
    if (((!price || !out) && n > 0) || kind < KL_RETURN_SIMPLE || kind > KL_RETURN_CUMULATIVE) return KL_E_ARG;
    for (size_t i = 0; i < n; i++) {
        double now = price[i];
        out[i] = kl_return(kind, before, now);
        if (kind != KL_RETURN_CUMULATIVE) {
            before = now;
        } else if (!kl__known_price(before) && kl__known_price(now)) {
            before = now;
            out[i] = 0;
        }
    }
    return KL_OK;
}

/* The average of prices by weights: where one is missing, so is it. Only a sum of prices near the largest double is out of range:
 * then quarters of them are averaged. */
static double returns_average(const double *weight, const double *price, double divisor) {
    double sum = 0, quarters = 0, most = 0;
    for (size_t k = 0; k < 4; k++) {
        if (weight[k] == 0) continue;
        if (!kl__known_price(price[k])) return (double)NAN;
        sum += weight[k] * price[k];
        quarters += weight[k] * (price[k] / 4);
        if (price[k] > most) most = price[k];
    }
    if (kl__known(sum)) return sum / divisor;
    quarters /= divisor;
    return quarters < most / 4 ? 4 * quarters : most;
}

double kl__price_typical(double high, double low, double close) {
    const double weight[4] = {0, 1, 1, 1}, price[4] = {0, high, low, close};
    return returns_average(weight, price, 3);
}

kl_status kl_prices(const kl_columns *columns, int32_t price, double *out) {
    static const struct {
        double open, high, low, close, divisor;
    } returns_weights[] = {{0, 0, 0, 1, 1}, {0, 1, 1, 1, 3}, {0, 1, 1, 0, 2}, {0, 1, 1, 2, 4}, {1, 1, 1, 1, 4}};
    if (!columns || price < KL_PRICE_CLOSE || price > KL_PRICE_QUOTE || (!out && columns->n > 0)) return KL_E_ARG;
    if (price == KL_PRICE_QUOTE) {
        if (columns->n > 0 && (!columns->quote_volume || !columns->volume)) return KL_E_COLUMNS;
        for (size_t i = 0; i < columns->n; i++) {
            double x = columns->volume[i] > 0 ? columns->quote_volume[i] / columns->volume[i] : (double)NAN;
            out[i] = kl__known_price(x) ? x : (double)NAN;
        }
        return KL_OK;
    }
    const double part[4] = {returns_weights[price - 1].open, returns_weights[price - 1].high, returns_weights[price - 1].low,
                            returns_weights[price - 1].close};
    const double *const from[4] = {columns->open, columns->high, columns->low, columns->close};
    for (size_t k = 0; k < 4; k++)
        if (part[k] > 0 && !from[k] && columns->n > 0) return KL_E_COLUMNS;
    for (size_t i = 0; i < columns->n; i++) {
        double of[4];
        for (size_t k = 0; k < 4; k++) of[k] = part[k] > 0 ? from[k][i] : 0;
        out[i] = returns_average(part, of, returns_weights[price - 1].divisor);
    }
    return KL_OK;
}

kl_status kl_rebase(const double *price, size_t n, size_t first, double level, double *out) {
    if (!price || !out || first >= n || !kl__known(level)) return KL_E_ARG;
    double base = (double)NAN;
    for (size_t i = first; i < n && !kl__known_price(base); i++) base = price[i];
    for (size_t i = 0; i < n; i++)
        out[i] = kl__known_price(price[i]) && kl__known_price(base) ? kl__output(level * (price[i] / base)) : (double)NAN;
    return KL_OK;
}
