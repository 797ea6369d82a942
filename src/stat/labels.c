/* Labels and states: pure functions of a few numbers, with their limits in one struct. */
#include "base/fp.h"
#include "kline/stat.h"
#include "stat/known.h"
#include <stddef.h>
#include <string.h>

static const kl_label_rules labels_defaults = {
    sizeof(kl_label_rules), 0, 1, 1.5, 1, 2, 2, 1.5, 2, 3, 10, 1, 1.5, 0.5, 1, 0.1, 0.3, 1, 1.5, 0.3, 0.5, 0.8, 0.5};

kl_status kl_label_rules_init(kl_label_rules *rules) {
    if (!rules) return KL_E_ARG;
    *rules = labels_defaults;
    return KL_OK;
}

#define LABELS_LIMIT(field, above) {#field, offsetof(kl_label_rules, field), offsetof(kl_label_rules, above)}
static const struct {
    const char *name;
    size_t at, above; /* it is not below that one; itself: there is none */
} labels_limits[] = {
    LABELS_LIMIT(volatility_medium, volatility_medium), LABELS_LIMIT(volatility_high, volatility_medium), LABELS_LIMIT(zrank_high, zrank_high),
    LABELS_LIMIT(zrank_extreme, zrank_high), LABELS_LIMIT(spike, spike), LABELS_LIMIT(activity_elevated, activity_elevated),
    LABELS_LIMIT(activity_high, activity_elevated), LABELS_LIMIT(mover_plain, mover_plain), LABELS_LIMIT(mover_strong, mover_plain),
    LABELS_LIMIT(market_calm, market_calm), LABELS_LIMIT(market_stress, market_calm), LABELS_LIMIT(market_together, market_together),
    LABELS_LIMIT(market_return, market_return), LABELS_LIMIT(risk_drawdown_medium, risk_drawdown_medium),
    LABELS_LIMIT(risk_drawdown_high, risk_drawdown_medium), LABELS_LIMIT(risk_volatility_medium, risk_volatility_medium),
    LABELS_LIMIT(risk_volatility_high, risk_volatility_medium), LABELS_LIMIT(corr_low, corr_low), LABELS_LIMIT(corr_medium, corr_low),
    LABELS_LIMIT(corr_high, corr_medium), LABELS_LIMIT(corr_break, corr_break),
};

static double labels_limit(const kl_label_rules *rules, size_t at) {
    double limit;
    memcpy(&limit, (const char *)rules + at, sizeof limit);
    return limit;
}

kl_status kl_label_rules_check(const kl_label_rules *rules, kl_error *error) {
    if (!rules) return kl__fail(error, KL_E_ARG, 1, 0, 0, "an argument is missing");
    if (rules->struct_size != sizeof *rules)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "the struct_size of the limits is not that of this library");
    for (size_t i = 0; i < sizeof labels_limits / sizeof *labels_limits; i++) {
        double limit = labels_limit(rules, labels_limits[i].at);
        if (!kl__known_price(limit) && limit != 0) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the limit %s is no number from 0", labels_limits[i].name);
        if (limit < labels_limit(rules, labels_limits[i].above))
            return kl__fail(error, KL_E_ARG, 1, 0, 0, "the limit %s is below the one before it", labels_limits[i].name);
    }
    return KL_OK;
}

#define LABELS_MAX 7
static const struct {
    int32_t set;
    const char *name[LABELS_MAX];
} labels_names[] = {
    {KL_LABEL_VOLATILITY, {"Unknown", "Low", "Medium", "High"}},
    {KL_LABEL_ZRANK, {"Unknown", "Stable", "High Volatility", "Extreme Outlier"}},
    {KL_LABEL_ACTIVITY, {"Unknown", "Normal", "Elevated", "High Activity"}},
    {KL_LABEL_MOVER, {"Unknown", "Strong Bearish", "Bearish", "Weak Bearish", "Weak Bullish", "Bullish", "Strong Bullish"}},
    {KL_LABEL_MARKET, {"Unknown", "Calm", "Transition", "Risk-On", "Risk-Off"}},
    {KL_LABEL_RISK, {"Unknown", "Low Risk", "Medium Risk", "High Risk"}},
    {KL_LABEL_CORRELATION, {"Unknown", "None", "Low", "Medium", "High"}},
};

const char *kl_label_name(int32_t set, int32_t label) {
    if (label < 0 || label >= LABELS_MAX) return NULL;
    for (size_t i = 0; i < sizeof labels_names / sizeof *labels_names; i++)
        if (labels_names[i].set == set) return labels_names[i].name[label];
    return NULL;
}

int32_t kl_volatility_regime(double volatility, double mean, const kl_label_rules *rules) {
    if (!rules) rules = &labels_defaults;
    if (!kl__known(volatility) || !kl__known(mean)) return KL_VOLATILITY_UNKNOWN;
    if (volatility > rules->volatility_high * mean) return KL_VOLATILITY_HIGH;
    return volatility > rules->volatility_medium * mean ? KL_VOLATILITY_MEDIUM : KL_VOLATILITY_LOW;
}

int32_t kl_zrank(double z, const kl_label_rules *rules) {
    if (!rules) rules = &labels_defaults;
    if (!kl__known(z)) return KL_ZRANK_UNKNOWN;
    if (fabs(z) > rules->zrank_extreme) return KL_ZRANK_EXTREME;
    return fabs(z) > rules->zrank_high ? KL_ZRANK_HIGH : KL_ZRANK_STABLE;
}

int32_t kl_volume_spike(double volume, double mean, const kl_label_rules *rules) {
    if (!rules) rules = &labels_defaults;
    if (!kl__known(volume) || !kl__known(mean)) return -1;
    return volume > rules->spike * mean;
}

int32_t kl_activity_state(double ratio, const kl_label_rules *rules) {
    if (!rules) rules = &labels_defaults;
    if (!kl__known(ratio)) return KL_ACTIVITY_UNKNOWN;
    if (ratio > rules->activity_high) return KL_ACTIVITY_HIGH;
    return ratio >= rules->activity_elevated ? KL_ACTIVITY_ELEVATED : KL_ACTIVITY_NORMAL;
}

double kl_volume_pressure(const double *ratio, size_t n) {
    double anchor = 0, sum = 0, count = 0;
    if (!ratio) return (double)NAN;
    for (size_t i = 0; i < n; i++) {
        if (!kl__known(ratio[i])) continue;
        if (count == 0) anchor = ratio[i]; /* differences from one of them: equal ratios give exactly that ratio */
        sum += ratio[i] - anchor;
        count++;
    }
    return count > 0 ? kl__output(anchor + sum / count) : (double)NAN;
}

double kl_mover_signal(double ret, double ratio) {
    return kl__known(ret) && kl__known(ratio) ? kl__output(fabs(ret) * ratio) : (double)NAN;
}

int32_t kl_mover_label(double return_pct, const kl_label_rules *rules) {
    if (!rules) rules = &labels_defaults;
    if (!kl__known(return_pct)) return KL_MOVER_UNKNOWN;
    int32_t strength = (fabs(return_pct) >= rules->mover_plain) + (fabs(return_pct) >= rules->mover_strong);
    return return_pct >= 0 ? KL_MOVER_WEAK_BULLISH + strength : KL_MOVER_WEAK_BEARISH - strength;
}

int32_t kl_market_state(double volatility_ratio, double correlation, double return_pct, const kl_label_rules *rules) {
    if (!rules) rules = &labels_defaults;
    if (!kl__known(volatility_ratio) || !kl__known(correlation) || !kl__known(return_pct)) return KL_MARKET_UNKNOWN;
    int moves = fabs(return_pct) >= rules->market_return, stress = volatility_ratio > rules->market_stress;
    if (!moves) return volatility_ratio <= rules->market_calm ? KL_MARKET_CALM : KL_MARKET_TRANSITION;
    if (return_pct > 0) return stress ? KL_MARKET_TRANSITION : KL_MARKET_RISK_ON;
    return stress || correlation >= rules->market_together ? KL_MARKET_RISK_OFF : KL_MARKET_TRANSITION;
}

/* One of the two grades of risk; a value that is unknown has none. */
static int32_t labels_grade(double x, int medium, int high) {
    return !kl__known(x) ? KL_RISK_UNKNOWN : high ? KL_RISK_HIGH : medium ? KL_RISK_MEDIUM : KL_RISK_LOW;
}

int32_t kl_risk_state(double drawdown, double volatility_ratio, const kl_label_rules *rules) {
    if (!rules) rules = &labels_defaults;
    int32_t a = labels_grade(drawdown, -drawdown >= rules->risk_drawdown_medium, -drawdown >= rules->risk_drawdown_high);
    int32_t b = labels_grade(volatility_ratio, volatility_ratio > rules->risk_volatility_medium, volatility_ratio > rules->risk_volatility_high);
    if (a == KL_RISK_HIGH || b == KL_RISK_HIGH) return KL_RISK_HIGH;
    return a == KL_RISK_UNKNOWN || b == KL_RISK_UNKNOWN ? KL_RISK_UNKNOWN : a > b ? a : b;
}
