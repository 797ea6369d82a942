#include "indicator/indicator.h"
#include <string.h>

static const kl__indicator *const registry_all[] = {
#define KL__INDICATOR(name) &kl__ind_##name,
#include "indicator/indicators.def"
#undef KL__INDICATOR
};

size_t kl_indicator_count(void) { return sizeof registry_all / sizeof registry_all[0]; }

const kl_indicator *kl_indicator_at(size_t index) {
    return index < kl_indicator_count() ? &registry_all[index]->pub : NULL;
}

const kl_indicator *kl_indicator_find(const char *name) {
    if (!name) return NULL;
    for (size_t i = 0; i < kl_indicator_count(); i++)
        if (strcmp(registry_all[i]->pub.name, name) == 0) return &registry_all[i]->pub;
    return NULL;
}
