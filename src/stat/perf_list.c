/* The list of figures: names, units, sentences. */
#include "kline/stat.h"
#include <string.h>

static const struct {
    int32_t figure;
    const char *name, *unit, *text;
} perf_list[] = {
#define PERF_LIST_ROW(NAME, value, name, unit, made, text) {NAME, name, unit, text},
    KL_PERF_LIST(PERF_LIST_ROW)
#undef PERF_LIST_ROW
};
#define PERF_LIST_COUNT (sizeof perf_list / sizeof *perf_list)

kl_status kl_perf_at(size_t index, int32_t *figure, const char **name, const char **unit, const char **text) {
    if (!figure) return KL_E_ARG;
    if (index >= PERF_LIST_COUNT) return KL_END;
    *figure = perf_list[index].figure;
    if (name) *name = perf_list[index].name;
    if (unit) *unit = perf_list[index].unit;
    if (text) *text = perf_list[index].text;
    return KL_OK;
}

kl_status kl_perf_find(const char *name, int32_t *figure) {
    if (!name || !figure) return KL_E_ARG;
    for (size_t k = 0; k < PERF_LIST_COUNT; k++)
        if (strcmp(perf_list[k].name, name) == 0) {
            *figure = perf_list[k].figure;
            return KL_OK;
        }
    return KL_E_UNKNOWN_NAME;
}
