/* Parameters: defaults, ranges, whole numbers, choices. */
#include "indicator/indicator.h"
#include <string.h>

kl_status kl__param_check(const kl_indicator *indicator, uint32_t at, double value, kl_error *error) {
    const kl_param_info *info = &indicator->params[at];
    int32_t arg = (int32_t)at + 1;
    if (!(value >= info->min && value <= info->max)) {
        char min[KL_DOUBLE_TEXT_MAX], max[KL_DOUBLE_TEXT_MAX];
        kl_double_print(info->min, min);
        kl_double_print(info->max, max);
        return kl__fail(error, KL_E_ARG, arg, 0, 0, "%s: parameter %s must lie in %s..%s", indicator->name, info->name, min, max);
    }
    if (info->kind != KL_PARAM_REAL && value != (double)(int64_t)value)
        return kl__fail(error, KL_E_ARG, arg, 0, 0, "%s: parameter %s must be a whole number", indicator->name, info->name);
    return KL_OK;
}

/* What each parameter may be on its own is not all: a window has no more known values than bars. */
kl_status kl__params_together(const kl_indicator *indicator, const double *params, kl_error *error) {
    const double *n = NULL;
    for (uint32_t i = 0; i < indicator->n_params; i++) {
        if (!strcmp(indicator->params[i].name, "n")) n = &params[i];
        if (n && !strcmp(indicator->params[i].name, "min_count") && params[i] > *n)
            return kl__fail(error, KL_E_ARG, (int32_t)i + 1, 0, 0, "%s: parameter min_count must not be greater than n", indicator->name);
    }
    return KL_OK;
}

kl_status kl__params_check(const kl_indicator *indicator, const double *params, kl_error *error) {
    for (uint32_t i = 0; i < indicator->n_params; i++) KL__TRY(kl__param_check(indicator, i, params[i], error));
    return kl__params_together(indicator, params, error);
}

kl_status kl_indicator_params(const kl_indicator *indicator, const double *given, size_t n_given, double *params, kl_error *error) {
    if (!indicator || !params || (!given && n_given))
        return kl__fail(error, KL_E_ARG, !indicator ? 1 : !params ? 4 : 2, 0, 0, "an argument is missing");
    if (n_given > indicator->n_params)
        return kl__fail(error, KL_E_ARG, 3, 0, 0, "%s takes %u parameters at most", indicator->name, (unsigned)indicator->n_params);
    double all[KL_PARAMS_MAX] = {0};
    for (uint32_t i = 0; i < indicator->n_params; i++) all[i] = (i < n_given ? given[i] : indicator->params[i].def) + 0.0;
    KL__TRY(kl__params_check(indicator, all, error));
    for (uint32_t i = 0; i < indicator->n_params; i++) params[i] = all[i];
    return KL_OK;
}
