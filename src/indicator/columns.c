/* Indicators over columns: one call, memory from an allocator. */
#include "indicator/indicator.h"
#include <string.h>

static const char *const columns_names[KL_COL_COUNT] = {"open", "high", "low", "close", "volume", "quote_volume",
                                                        "trade_count", "taker_buy_base", "taker_buy_quote", "time"};

const char *kl__column_name(int32_t column) { return columns_names[column]; }

int32_t kl__column_find(const char *name) {
    for (int32_t i = 0; i < KL_COL_COUNT; i++)
        if (strcmp(columns_names[i], name) == 0) return i;
    return -1;
}

const double *kl__column_get(const kl_columns *columns, int32_t which) {
    const double *const all[KL_COL_COUNT] = {columns->open, columns->high, columns->low, columns->close, columns->volume,
                                             columns->quote_volume, columns->trade_count, columns->taker_buy_base,
                                             columns->taker_buy_quote, NULL};
    return which >= 0 && which < KL_COL_COUNT ? all[which] : NULL;
}

void kl__column_times(const kl_time *times, size_t n, double *seconds) {
    for (size_t j = 0; j < n; j++) seconds[j] = (double)times[j] / 1e6;
}

/* Pieces, where opening times have to be made doubles: those inputs have no array. */
static kl_status columns_run_times(kl_run *run, const kl_indicator *indicator, const double *const *in, const kl_time *times, size_t n,
                                   double *const *out) {
    double seconds[KL__CHUNK];
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    kl_status status = KL_OK;
    for (size_t at = 0, part; at < n && status >= 0; at += part) {
        part = n - at < KL__CHUNK ? n - at : KL__CHUNK;
        kl__column_times(times + at, part, seconds);
        for (uint32_t i = 0; i < indicator->n_inputs; i++) from[i] = in[i] ? in[i] + at : seconds;
        for (uint32_t o = 0; o < indicator->n_outputs; o++) to[o] = out[o] ? out[o] + at : NULL;
        status = kl_run_bars(run, from, part, to);
    }
    return status;
}

static kl_status columns_run(const kl_indicator *indicator, const double *params, const double *const *in,
                             const kl_time *times, size_t n, const kl_alloc *alloc, double *const *out, kl_error *error) {
    size_t bytes;
    kl_run *run;
    KL__TRY(kl_run_size(indicator, params, &bytes, error));
    if (!alloc) alloc = kl_alloc_libc();
    void *memory = alloc->take(alloc->ctx, bytes);
    if (!memory) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the state of %s", indicator->name);
    kl_status status = kl_run_init(memory, bytes, indicator, params, &run, error);
    int lacks = 0;
    for (uint32_t i = 0; i < indicator->n_inputs; i++) lacks |= !in[i];
    if (status >= 0) status = lacks ? columns_run_times(run, indicator, in, times, n, out) : kl_run_bars(run, in, n, out);
    alloc->give(alloc->ctx, memory, bytes);
    return status;
}

static kl_status columns_inputs(const kl_indicator *indicator, const kl_columns *columns, const double **in, kl_error *error) {
    for (uint32_t i = 0; i < indicator->n_inputs; i++) {
        int32_t which = kl__column_find(indicator->inputs[i].usual);
        in[i] = kl__column_get(columns, which);
        if (which == KL_COL_TIME && columns->open_time_us) continue;
        if (!in[i] && (columns->n || which < 0))
            return kl__fail(error, KL_E_COLUMNS, 4, 0, 0, "%s needs the column %s", indicator->name, indicator->inputs[i].usual);
    }
    return KL_OK;
}

kl_status kl_indicator_run(const kl_indicator *indicator, const double *params, size_t n_params, const kl_columns *columns,
                           const kl_alloc *alloc, double *const *out, kl_error *error) {
    double all[KL_PARAMS_MAX];
    const double *in[KL_INPUTS_MAX];
    if (!indicator || !columns || !out)
        return kl__fail(error, KL_E_ARG, !indicator ? 1 : !columns ? 4 : 6, 0, 0, "an argument is missing");
    KL__TRY(kl_indicator_params(indicator, params, params ? n_params : 0, all, error));
    KL__TRY(columns_inputs(indicator, columns, in, error));
    return columns_run(indicator, all, in, columns->open_time_us, columns->n, alloc, out, error);
}
