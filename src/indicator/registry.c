#include "indicator/indicator.h"
#include <string.h>

/* Sorted by name. */
static const kl__indicator *const registry_all[] = {
#define KL__INDICATOR(name) &kl__ind_##name,
#include "indicator/indicators.def"
#undef KL__INDICATOR
};

/* Names that others use for exactly the same thing; sorted. */
static const struct {
    const char *alias, *name;
} registry_aliases[] = {
    {"accdist", "ad"},
    {"atrp", "natr"},
    {"barssince", "since"},
    {"correl", "corr"},
    {"crossover", "cross_up"},
    {"crossunder", "cross_down"},
    {"cum", "cumsum"},
    {"decay", "lindecay"},
    {"edecay", "expdecay"},
    {"fixnan", "hold"},
    {"highest", "max"},
    {"kurtosis", "kurt"},
    {"linearreg", "line"},
    {"linearreg_intercept", "intercept"},
    {"linearreg_slope", "slope"},
    {"linreg", "line"},
    {"linregintercept", "intercept"},
    {"linregslope", "slope"},
    {"lowest", "min"},
    {"lrsi", "laguerre_rsi"},
    {"mass", "massi"},
    {"md", "avgdev"},
    {"mul", "mult"},
    {"psar", "sar"},
    {"smma", "rma"},
    {"ssf", "supersmoother"},
    {"stderr", "stderror"},
    {"tr", "trange"},
    {"true_range", "trange"},
    {"valuewhen", "value_when"},
    {"vpt", "pvt"},
    {"wcprice", "wclprice"},
    {"wilders", "rma"},
};

size_t kl_indicator_count(void) { return KL__COUNT(registry_all); }

const kl_indicator *kl_indicator_at(size_t index) {
    return index < kl_indicator_count() ? &registry_all[index]->pub : NULL;
}

static const kl_indicator *registry_find(const char *name) {
    for (size_t low = 0, high = KL__COUNT(registry_all); low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(name, registry_all[middle]->pub.name);
        if (order == 0) return &registry_all[middle]->pub;
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return NULL;
}

const kl_indicator *kl_indicator_find(const char *name) {
    if (!name) return NULL;
    const kl_indicator *found = registry_find(name);
    for (size_t i = 0; !found && i < KL__COUNT(registry_aliases); i++)
        if (strcmp(name, registry_aliases[i].alias) == 0) found = registry_find(registry_aliases[i].name);
    return found;
}

const char *kl_indicator_alias_at(size_t index, const char **name) {
    if (index >= KL__COUNT(registry_aliases)) return NULL;
    if (name) *name = registry_aliases[index].name;
    return registry_aliases[index].alias;
}

int32_t kl_indicator_is_function(const kl_indicator *indicator) {
    static const char *const groups[] = {"math", "logic", "panel"};
    uint32_t g = 0;
    while (indicator && g < KL__COUNT(groups) && strcmp(indicator->group, groups[g]) != 0) g++;
    if (!indicator || g == KL__COUNT(groups)) return 0;
    return ((const kl__indicator *)(const void *)indicator)->flags & KL__HIDDEN ? KL_FUNCTION_SIGN : KL_FUNCTION_NAME;
}
