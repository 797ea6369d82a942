/* Running indicators: memory, chunks, step, peek. */
#include "indicator/kind.h"
#include "indicator/program_run.h"
#include <string.h>

#define RUN_DOUBLES 2048 /* of scratch on the stack, for outputs that are not wanted */

static const kl__indicator *run_kind(const kl_indicator *indicator) { return (const kl__indicator *)(const void *)indicator; }

/* Behind the head of one that has a formula: its program, then the memory of that. */
static void *run_program_memory(const kl_run *run) { return (char *)kl__run_state(run) + kl__run_program(run)->bytes; }

typedef struct run_formula {
    uint64_t memory[KL__BUILD_FIXED / sizeof(uint64_t)];
    kl__build *build;
    uint32_t outputs[KL_OUTPUTS_MAX];
    size_t program;
} run_formula;

static kl_status run_compile(run_formula *f, const kl_indicator *indicator, const double *params, kl_error *error) {
    uint32_t in[KL_INPUTS_MAX];
    KL__TRY(kl__build_in(f->memory, sizeof f->memory, &f->build, error));
    for (uint32_t i = 0; i < indicator->n_inputs; i++) KL__TRY(kl__build_input(f->build, 0, (int32_t)i, &in[i]));
    KL__TRY(kl__build_call(f->build, indicator, params, in, f->outputs, error));
    return kl__build_finish(f->build, f->outputs, indicator->n_outputs, &f->program, error);
}

/* The head of a program is enough to know how much memory it runs in. */
static kl_status run_formula_size(run_formula *f, const kl_indicator *indicator, const double *params, size_t *bytes, kl_error *error) {
    size_t memory;
    KL__TRY(run_compile(f, indicator, params, error));
    if (kl__program_memory(kl__build_head(f->build), 1, &memory) || memory > SIZE_MAX - sizeof(kl_run) - f->program)
        return kl__fail(error, KL_E_SIZE, 0, 0, 0, "%s needs more than memory can be", indicator->name);
    *bytes = sizeof(kl_run) + f->program + memory;
    return KL_OK;
}

static kl_status run_formula_init(void *memory, size_t bytes, const kl_indicator *indicator, const double *params, kl_error *error) {
    run_formula f;
    size_t need;
    KL__TRY(run_formula_size(&f, indicator, params, &need, error));
    if (bytes < need) return kl__fail(error, KL_E_SIZE, 2, 0, 0, "the memory handed in is too small, see kl_run_size");
    kl_run *made = memset(memory, 0, sizeof(kl_run));
    made->bytes = need;
    kl__build_write(f.build, f.outputs, indicator->n_outputs, kl__run_state(made));
    kl__program_init(kl__run_program(made), run_program_memory(made), 1);
    return KL_OK;
}

kl_status kl_run_size(const kl_indicator *indicator, const double *params, size_t *bytes, kl_error *error) {
    double all[KL_PARAMS_MAX];
    if (!bytes) return kl__fail(error, KL_E_ARG, 3, 0, 0, "bytes is missing");
    KL__TRY(kl_indicator_params(indicator, params, params ? indicator->n_params : 0, all, error));
    if (indicator->formula) {
        run_formula f;
        return run_formula_size(&f, indicator, all, bytes, error);
    }
    *bytes = sizeof(kl_run) + run_kind(indicator)->size(all);
    return KL_OK;
}

kl_status kl_indicator_lookback(const kl_indicator *indicator, const double *params, int64_t *bars) {
    run_formula f;
    if (!indicator || !bars || (!params && indicator->n_params)) return KL_E_ARG;
    KL__TRY(kl__params_check(indicator, params, NULL));
    if (run_kind(indicator)->lookback) {
        *bars = run_kind(indicator)->lookback(params);
        return KL_OK;
    }
    KL__TRY(run_compile(&f, indicator, params, NULL));
    *bars = (int64_t)kl__build_head(f.build)->lookback;
    return KL_OK;
}

static kl_status run_kind_init(void *memory, size_t bytes, const kl__indicator *kind, const double *params, kl_error *error) {
    size_t need = sizeof(kl_run) + kind->size(params);
    if (bytes < need) return kl__fail(error, KL_E_SIZE, 2, 0, 0, "the memory handed in is too small, see kl_run_size");
    kl_run *made = memset(memory, 0, need);
    made->bytes = need;
    kind->init(kl__run_state(made), params);
    return KL_OK;
}

kl_status kl_run_init(void *memory, size_t bytes, const kl_indicator *indicator, const double *params, kl_run **run, kl_error *error) {
    double all[KL_PARAMS_MAX];
    if (!memory || !run) return kl__fail(error, KL_E_ARG, memory ? 5 : 1, 0, 0, "an argument is missing");
    if ((uintptr_t)memory % sizeof(double)) return kl__fail(error, KL_E_ARG, 1, 0, 0, "memory must be aligned to 8 bytes");
    if (!indicator) return kl__fail(error, KL_E_ARG, 3, 0, 0, "indicator is missing");
    KL__TRY(kl_indicator_params(indicator, params, params ? indicator->n_params : 0, all, error));
    if (indicator->formula) KL__TRY(run_formula_init(memory, bytes, indicator, all, error));
    else KL__TRY(run_kind_init(memory, bytes, run_kind(indicator), all, error));
    kl_run *made = memory;
    made->kind = run_kind(indicator);
    for (uint32_t i = 0; i < indicator->n_params; i++) made->params[i] = all[i];
    *run = made;
    return KL_OK;
}

void kl__run_pack(kl_run *run, kl__snap *p) {
    if (run->kind->pub.formula) kl__program_pack(kl__run_program(run), run_program_memory(run), 1, p);
    else run->kind->pack(kl__run_state(run), p);
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

/* Inputs of an indicator are those of its program by number; one that the formula does not read is not among them. */
static void run_program_inputs(const kl__program *p, const double *const *in, const double **from) {
    for (uint32_t i = 0; i < p->n_inputs; i++) from[i] = in[kl__program_inputs(p)[i].column];
}

static void run_formula_bars(kl_run *run, const double *const *in, size_t n, double *const *out) {
    const kl__program *p = kl__run_program(run);
    const double *from[KL_INPUTS_MAX];
    run_program_inputs(p, in, from);
    kl__program_rows(p, run_program_memory(run), from, n, out, &run->missing);
    run->seen += n;
}

kl_status kl_run_bars(kl_run *run, const double *const *in, size_t n, double *const *out) {
    if (!run || (n && (!out || run_lacks(in, run->kind->pub.n_inputs)))) return KL_E_ARG;
    const kl__indicator *kind = run->kind;
    if (kind->pub.formula) {
        if (n) run_formula_bars(run, in, n, out);
        return KL_OK;
    }
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

static void run_formula_step(kl_run *run, const double *const *in, double *const *out) {
    const kl__program *p = kl__run_program(run);
    const double *from[KL_INPUTS_MAX];
    int missing = 0;
    run_program_inputs(p, in, from);
    for (uint32_t i = 0; i < p->n_inputs; i++) missing |= kl__rows_scan(from[i], 1) & KL__ROWS_HOLED ? 1 : 0;
    run->missing += (uint64_t)missing;
    kl__program_step(p, run_program_memory(run), 1, 0, from, out);
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
    if (kind->pub.formula) run_formula_step(run, from, to);
    else run->missing += (uint64_t)kl__kind_row(kind, kl__run_state(run), from, to);
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) out[o] = made[o];
    return KL_OK;
}

kl_status kl_run_peek(const kl_run *run, void *scratch, size_t bytes, const double *in, double *out) {
    if (!run || !scratch || !in || !out || (uintptr_t)scratch % sizeof(double)) return KL_E_ARG;
    if (bytes < run->bytes) return KL_E_SIZE;
    memcpy(scratch, run, (size_t)run->bytes);
    return kl_run_step((kl_run *)scratch, in, out);
}
