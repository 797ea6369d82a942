/* Running indicators: memory, chunks, step, peek. */
#include "indicator/kind.h"
#include <string.h>

#define RUN_DOUBLES 2048 /* of scratch on the stack, for outputs that are not wanted */

static const kl__indicator *run_kind(const kl_indicator *indicator) { return (const kl__indicator *)(const void *)indicator; }

kl_status kl_run_size(const kl_indicator *indicator, const double *params, size_t *bytes, kl_error *error) {
    double all[KL_PARAMS_MAX];
    if (!bytes) return kl__fail(error, KL_E_ARG, 3, 0, 0, "bytes is missing");
    KL__TRY(kl_indicator_params(indicator, params, params ? indicator->n_params : 0, all, error));
    *bytes = sizeof(kl_run) + run_kind(indicator)->size(all);
    return KL_OK;
}

kl_status kl_run_init(void *memory, size_t bytes, const kl_indicator *indicator, const double *params, kl_run **run, kl_error *error) {
    size_t need;
    if (!memory || !run) return kl__fail(error, KL_E_ARG, memory ? 5 : 1, 0, 0, "an argument is missing");
    if ((uintptr_t)memory % sizeof(double)) return kl__fail(error, KL_E_ARG, 1, 0, 0, "memory must be aligned to 8 bytes");
    if (!indicator) return kl__fail(error, KL_E_ARG, 3, 0, 0, "indicator is missing");
    KL__TRY(kl_run_size(indicator, params, &need, error));
    if (bytes < need) return kl__fail(error, KL_E_SIZE, 2, 0, 0, "the memory handed in is too small, see kl_run_size");
    kl_run *made = (kl_run *)memory;
    memset(made, 0, need);
    made->kind = run_kind(indicator);
    made->bytes = need;
    KL__TRY(kl_indicator_params(indicator, params, params ? indicator->n_params : 0, made->params, error));
    made->kind->init(kl__run_state(made), made->params);
    *run = made;
    return KL_OK;
}

uint64_t kl_run_missing(const kl_run *run) { return run ? run->missing : 0; }

/* Outputs that lie where inputs lie would be written before those are read for the last time. */
static int run_overlaps(const kl_indicator *pub, const double *const *in, size_t n, double *const *out) {
    for (uint32_t i = 0; i < pub->n_inputs; i++)
        for (uint32_t o = 0; o < pub->n_outputs; o++)
            if ((uintptr_t)in[i] < (uintptr_t)(out[o] + n) && (uintptr_t)out[o] < (uintptr_t)(in[i] + n)) return 1;
    return 0;
}

static void run_chunk(kl_run *run, const double *const *in, size_t n, double *const *out) {
    const kl_indicator *pub = &run->kind->pub;
    uint32_t rough[KL_INPUTS_MAX], made[KL_OUTPUTS_MAX], overlaps = run_overlaps(pub, in, n, out) ? KL__ROWS_ROUGH : 0;
    size_t missing;
    for (uint32_t i = 0; i < pub->n_inputs; i++) rough[i] = kl__rows_scan(in[i], n) | overlaps;
    kl__kind_rows(run->kind, kl__run_state(run), in, rough, n, out, made, &missing);
    run->seen += n;
    run->missing += missing;
}

static int run_lacks(const double *const *in, uint32_t n) {
    if (!in) return 1;
    for (uint32_t i = 0; i < n; i++)
        if (!in[i]) return 1;
    return 0;
}

kl_status kl_run_bars(kl_run *run, const double *const *in, size_t n, double *const *out) {
    if (!run || (n && (!out || run_lacks(in, run->kind->pub.n_inputs)))) return KL_E_ARG;
    const kl__indicator *kind = run->kind;
    double unwanted[RUN_DOUBLES];
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    size_t rows = kl__kind_chunk(kind);
    for (size_t done = 0; done < n;) {
        size_t part = n - done < rows ? n - done : rows;
        for (uint32_t i = 0; i < kind->pub.n_inputs; i++) from[i] = in[i] + done;
        for (uint32_t o = 0; o < kind->pub.n_outputs; o++) to[o] = out[o] ? out[o] + done : unwanted + o * part;
        run_chunk(run, from, part, to);
        done += part;
    }
    if (kind->settle) kind->settle(kl__run_state(run));
    return KL_OK;
}

kl_status kl_run_step(kl_run *run, const double *in, double *out) {
    if (!run || !in || !out) return KL_E_ARG;
    const kl__indicator *kind = run->kind;
    double made[KL_OUTPUTS_MAX];
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    for (uint32_t i = 0; i < kind->pub.n_inputs; i++) from[i] = &in[i];
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) to[o] = &made[o];
    run->seen++;
    run->missing += (uint64_t)kl__kind_row(kind, kl__run_state(run), from, to);
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) out[o] = made[o];
    return KL_OK;
}

kl_status kl_run_peek(const kl_run *run, void *scratch, size_t bytes, const double *in, double *out) {
    if (!run || !scratch || !in || !out || (uintptr_t)scratch % sizeof(double)) return KL_E_ARG;
    if (bytes < run->bytes) return KL_E_SIZE;
    memcpy(scratch, run, (size_t)run->bytes);
    return kl_run_step((kl_run *)scratch, in, out);
}
