/* Indicators over columns: one call, memory from an allocator. */
#include "indicator/indicator.h"

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

/* out[i] belongs to output i, or, where one output is asked for, out[0] to it. */
static kl_status columns_run(const kl_indicator *indicator, const double *params, const double *const *in,
                             const kl_time *times, size_t n, int32_t output, const kl_alloc *alloc, double *const *out, kl_error *error) {
    size_t bytes;
    double *to[KL_OUTPUTS_MAX] = {0};
    kl_run *run;
    for (uint32_t o = 0; o < indicator->n_outputs; o++)
        to[o] = output < 0 ? out[o] : (int32_t)o == output ? out[0] : NULL;
    KL__TRY(kl_run_size(indicator, params, &bytes, error));
    if (!alloc) alloc = kl_alloc_libc();
    void *memory = alloc->take(alloc->ctx, bytes);
    if (!memory) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the state of %s", indicator->name);
    kl_status status = kl_run_init(memory, bytes, indicator, params, &run, error);
    int lacks = 0;
    for (uint32_t i = 0; i < indicator->n_inputs; i++) lacks |= !in[i];
    if (status >= 0) status = lacks ? columns_run_times(run, indicator, in, times, n, to) : kl_run_bars(run, in, n, to);
    alloc->give(alloc->ctx, memory, bytes);
    return status;
}

static kl_status columns_inputs(const kl_indicator *indicator, const int32_t *which, const kl_columns *columns, const double **in,
                                int32_t arg, kl_error *error) {
    for (uint32_t i = 0; i < indicator->n_inputs; i++) {
        in[i] = kl__column_get(columns, which[i]);
        if (which[i] == KL_COL_TIME && columns->open_time_us) continue;
        if (!in[i] && (columns->n || which[i] < 0 || which[i] >= KL_COL_COUNT))
            return kl__fail(error, KL_E_COLUMNS, arg, 0, 0, "%s needs the column %s", indicator->name,
                            which[i] < 0 || which[i] >= KL_COL_COUNT ? indicator->inputs[i].usual : kl__column_name(which[i]));
    }
    return KL_OK;
}

kl_status kl_indicator_run(const kl_indicator *indicator, const double *params, size_t n_params, const kl_columns *columns,
                           const kl_alloc *alloc, double *const *out, kl_error *error) {
    double all[KL_PARAMS_MAX];
    int32_t which[KL_INPUTS_MAX];
    const double *in[KL_INPUTS_MAX];
    if (!indicator || !columns || !out)
        return kl__fail(error, KL_E_ARG, !indicator ? 1 : !columns ? 4 : 6, 0, 0, "an argument is missing");
    KL__TRY(kl_indicator_params(indicator, params, params ? n_params : 0, all, error));
    for (uint32_t i = 0; i < indicator->n_inputs; i++) which[i] = kl__column_find(indicator->inputs[i].usual);
    KL__TRY(columns_inputs(indicator, which, columns, in, 4, error));
    return columns_run(indicator, all, in, columns->open_time_us, columns->n, -1, alloc, out, error);
}

kl_status kl_call_run(const kl_call *call, const kl_columns *columns, const kl_alloc *alloc, double *const *out, kl_error *error) {
    const double *in[KL_INPUTS_MAX];
    if (!call || !call->indicator || !columns || !out)
        return kl__fail(error, KL_E_ARG, !call || !call->indicator ? 1 : !columns ? 2 : 4, 0, 0, "an argument is missing");
    if (call->output >= (int32_t)call->indicator->n_outputs)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "%s has no output number %d", call->indicator->name, (int)call->output);
    KL__TRY(columns_inputs(call->indicator, call->inputs, columns, in, 2, error));
    return columns_run(call->indicator, call->params, in, columns->open_time_us, columns->n, call->output, alloc, out, error);
}
