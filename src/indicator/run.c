/* What is the same for all indicators: memory, cleaning of inputs, missing bars, chunks, step, peek. */
#include "indicator/indicator.h"
#include "base/endian.h"
#include <string.h>

#define RUN_DOUBLES 2048 /* of scratch on the stack, for inputs and again for outputs */
#define RUN_ABS UINT64_C(0x7fffffffffffffff)

double kl__nan(void) { return kl__bits_double(UINT64_C(0x7ff8000000000000)); }

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

/* Copies with -0.0 as +0.0. Returns 1 where a value is missing: the sum overflows into the top bit from 2^1000 on. */
static int run_clean(double *to, const double *from, size_t n) {
    uint64_t seen = 0;
    for (size_t j = 0; j < n; j++) {
        double x = from[j] + 0.0;
        seen |= (kl__double_bits(x) & RUN_ABS) + (UINT64_C(25) << 52);
        to[j] = x;
    }
    return (int)(seen >> 63);
}

static int run_is_missing(double x) { return ((kl__double_bits(x) & RUN_ABS) + (UINT64_C(25) << 52)) >> 63 != 0; }

/* -0.0 becomes +0.0 and whatever is not finite the one NaN. */
static void run_finish(double *y, size_t n) {
    uint64_t seen = 0;
    for (size_t j = 0; j < n; j++) {
        double v = y[j] + 0.0;
        seen |= (kl__double_bits(v) & RUN_ABS) + (UINT64_C(1) << 52);
        y[j] = v;
    }
    if (seen >> 63)
        for (size_t j = 0; j < n; j++)
            if (((kl__double_bits(y[j]) & RUN_ABS) + (UINT64_C(1) << 52)) >> 63) y[j] = kl__nan();
}

/* Marks rows with a missing input; returns how many there are. */
static size_t run_mark(double *const *in, uint32_t inputs, size_t n, uint8_t *missing) {
    size_t count = 0;
    memset(missing, 0, n);
    for (uint32_t i = 0; i < inputs; i++)
        for (size_t j = 0; j < n; j++) missing[j] |= (uint8_t)run_is_missing(in[i][j]);
    for (size_t j = 0; j < n; j++) count += missing[j];
    return count;
}

/* A chunk with holes for an indicator that holds its state: the known rows are moved together, run, and spread again. */
static void run_held(kl_run *run, double *const *in, size_t n, const uint8_t *missing, double *const *out) {
    const kl_indicator *pub = &run->kind->pub;
    const double *from[KL_INPUTS_MAX];
    size_t known = 0;
    for (uint32_t i = 0; i < pub->n_inputs; i++) {
        known = 0;
        from[i] = in[i];
        for (size_t j = 0; j < n; j++)
            if (!missing[j]) in[i][known++] = in[i][j];
    }
    if (known) run->kind->run(kl__run_state(run), from, known, out);
    for (uint32_t o = 0; o < pub->n_outputs; o++)
        for (size_t j = n, k = known; j-- > 0;) out[o][j] = missing[j] ? kl__nan() : out[o][--k];
}

size_t kl__run_chunk_rows(const kl__indicator *kind) {
    size_t wide = kind->pub.n_inputs > kind->pub.n_outputs ? kind->pub.n_inputs : kind->pub.n_outputs;
    size_t rows = RUN_DOUBLES / wide & ~(size_t)7;
    return rows < KL__CHUNK ? rows : KL__CHUNK;
}

void kl__run_chunk(kl_run *run, const double *const *in, size_t n, double *const *out) {
    const kl_indicator *pub = &run->kind->pub;
    double clean[RUN_DOUBLES];
    double *to[KL_INPUTS_MAX];
    const double *from[KL_INPUTS_MAX];
    int holes = 0;
    for (uint32_t i = 0; i < pub->n_inputs; i++) {
        from[i] = to[i] = clean + i * n;
        holes |= run_clean(to[i], in[i], n);
    }
    run->seen += n;
    if (KL__UNLIKELY(holes)) {
        uint8_t missing[KL__CHUNK];
        run->missing += run_mark(to, pub->n_inputs, n, missing);
        if (run->kind->flags & KL__HOLDS) {
            run_held(run, to, n, missing, out);
            holes = 2;
        } else {
            for (uint32_t i = 0; i < pub->n_inputs; i++)
                for (size_t j = 0; j < n; j++)
                    if (missing[j]) to[i][j] = kl__nan();
        }
    }
    if (holes < 2) run->kind->run(kl__run_state(run), from, n, out);
    for (uint32_t o = 0; o < pub->n_outputs; o++) run_finish(out[o], n);
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
    size_t rows = kl__run_chunk_rows(kind);
    for (size_t done = 0; done < n;) {
        size_t part = n - done < rows ? n - done : rows;
        for (uint32_t i = 0; i < kind->pub.n_inputs; i++) from[i] = in[i] + done;
        for (uint32_t o = 0; o < kind->pub.n_outputs; o++) to[o] = out[o] ? out[o] + done : unwanted + o * part;
        kl__run_chunk(run, from, part, to);
        done += part;
    }
    if (kind->settle) kind->settle(kl__run_state(run));
    return KL_OK;
}

kl_status kl_run_step(kl_run *run, const double *in, double *out) {
    if (!run || !in || !out) return KL_E_ARG;
    const kl__indicator *kind = run->kind;
    double clean[KL_INPUTS_MAX], made[KL_OUTPUTS_MAX];
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    int missing = 0;
    for (uint32_t i = 0; i < kind->pub.n_inputs; i++) {
        clean[i] = in[i] + 0.0;
        from[i] = &clean[i];
        missing |= run_is_missing(clean[i]);
    }
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) to[o] = &made[o], made[o] = kl__nan();
    run->seen++;
    if (missing) {
        run->missing++;
        for (uint32_t i = 0; i < kind->pub.n_inputs; i++) clean[i] = kl__nan();
    }
    if (!missing || !(kind->flags & KL__HOLDS)) kind->run(kl__run_state(run), from, 1, to);
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) {
        double v = made[o] + 0.0;
        out[o] = ((kl__double_bits(v) & RUN_ABS) + (UINT64_C(1) << 52)) >> 63 ? kl__nan() : v;
    }
    return KL_OK;
}

kl_status kl_run_peek(const kl_run *run, void *scratch, size_t bytes, const double *in, double *out) {
    if (!run || !scratch || !in || !out || (uintptr_t)scratch % sizeof(double)) return KL_E_ARG;
    if (bytes < run->bytes) return KL_E_SIZE;
    memcpy(scratch, run, (size_t)run->bytes);
    return kl_run_step((kl_run *)scratch, in, out);
}
