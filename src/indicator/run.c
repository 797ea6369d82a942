/* What is the same for all indicators: memory, cleaning of inputs, missing bars, chunks, step, peek. */
#include "indicator/indicator.h"
#include "base/endian.h"
#include "simd/level.h"
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

/* Scans are integer arithmetic on the bits, which compilers turn into vectors on every machine. With a carry added, the bits
 * without sign reach the top bit for NaN, infinity and what is too large; -0.0 alone loses its top bit when 1 is taken. */
#define RUN_MISSING (UINT64_C(25) << 52) /* from 2^1000 on */
#define RUN_INFINITE (UINT64_C(1) << 52)
#define RUN_LANES 8

KL__INLINE uint64_t run_input_flags(double x) {
    uint64_t bits = kl__double_bits(x);
    return ((bits & RUN_ABS) + RUN_MISSING) | (bits & ~(bits - 1));
}
KL__INLINE uint64_t run_output_flags(double y) { return (kl__double_bits(y) & RUN_ABS) + RUN_INFINITE; }

KL__INLINE int run_scan(const double *x, size_t n, uint64_t (*flags)(double)) {
    uint64_t seen[RUN_LANES] = {0};
    size_t j = 0;
    for (; j + RUN_LANES <= n; j += RUN_LANES)
        for (size_t lane = 0; lane < RUN_LANES; lane++) seen[lane] |= flags(x[j + lane]);
    for (; j < n; j++) seen[0] |= flags(x[j]);
    for (size_t lane = 1; lane < RUN_LANES; lane++) seen[0] |= seen[lane];
    return (int)(seen[0] >> 63);
}

KL__INLINE void run_scan_input_body(const double *x, size_t n, int *seen) { *seen = run_scan(x, n, run_input_flags); }
KL__INLINE void run_scan_output_body(const double *y, size_t n, int *seen) { *seen = run_scan(y, n, run_output_flags); }
KL__SIMD_EACH(run_scan_input, (const double *x, size_t n, int *seen), (x, n, seen))
KL__SIMD_EACH(run_scan_output, (const double *y, size_t n, int *seen), (y, n, seen))

/* 1 where a value is missing or -0.0. */
static int run_unclean_input(const double *x, size_t n) {
    static void (*const scan[KL__SIMD_TIERS])(const double *, size_t, int *) = KL__SIMD_TABLE(run_scan_input);
    int seen;
    scan[kl__simd_tier()](x, n, &seen);
    return seen;
}
/* 1 where a value is not finite. */
static int run_unclean_output(const double *y, size_t n) {
    static void (*const scan[KL__SIMD_TIERS])(const double *, size_t, int *) = KL__SIMD_TABLE(run_scan_output);
    int seen;
    scan[kl__simd_tier()](y, n, &seen);
    return seen;
}

static int run_is_missing(double x) { return (int)(((kl__double_bits(x) & RUN_ABS) + RUN_MISSING) >> 63); }

KL__INLINE double run_output(double y) {
    return ((kl__double_bits(y) & RUN_ABS) + RUN_INFINITE) >> 63 ? kl__nan() : y;
}

/* Whatever is not finite becomes the one NaN. */
static void run_finish(double *y, size_t n) {
    if (KL__UNLIKELY(run_unclean_output(y, n)))
        for (size_t j = 0; j < n; j++) y[j] = run_output(y[j]);
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

static size_t run_chunk_rows(const kl__indicator *kind) {
    size_t wide = kind->pub.n_inputs > kind->pub.n_outputs ? kind->pub.n_inputs : kind->pub.n_outputs;
    size_t rows = RUN_DOUBLES / wide & ~(size_t)7;
    return rows < KL__CHUNK ? rows : KL__CHUNK;
}

/* A chunk with something to clean: the inputs are copied, with -0.0 as +0.0, and missing bars made NaN or taken out. */
static void run_unclean(kl_run *run, const double *const *in, size_t n, double *const *out) {
    const kl_indicator *pub = &run->kind->pub;
    double clean[RUN_DOUBLES];
    double *to[KL_INPUTS_MAX];
    const double *from[KL_INPUTS_MAX];
    uint8_t missing[KL__CHUNK];
    for (uint32_t i = 0; i < pub->n_inputs; i++) {
        from[i] = to[i] = clean + i * n;
        for (size_t j = 0; j < n; j++) to[i][j] = in[i][j] + 0.0;
    }
    size_t holes = run_mark(to, pub->n_inputs, n, missing);
    run->missing += holes;
    if (holes && (run->kind->flags & KL__HOLDS)) {
        run_held(run, to, n, missing, out);
        return;
    }
    for (uint32_t i = 0; holes && i < pub->n_inputs; i++)
        for (size_t j = 0; j < n; j++)
            if (missing[j]) to[i][j] = kl__nan();
    run->kind->run(kl__run_state(run), from, n, out);
}

/* Outputs that lie where inputs lie would be written before those are read for the last time. */
static int run_overlaps(const kl_indicator *pub, const double *const *in, size_t n, double *const *out) {
    for (uint32_t i = 0; i < pub->n_inputs; i++)
        for (uint32_t o = 0; o < pub->n_outputs; o++)
            if ((uintptr_t)in[i] < (uintptr_t)(out[o] + n) && (uintptr_t)out[o] < (uintptr_t)(in[i] + n)) return 1;
    return 0;
}

static void run_chunk(kl_run *run, const double *const *in, size_t n, double *const *out) {
    const kl_indicator *pub = &run->kind->pub;
    int unclean = run_overlaps(pub, in, n, out);
    for (uint32_t i = 0; i < pub->n_inputs; i++) unclean |= run_unclean_input(in[i], n);
    run->seen += n;
    if (KL__UNLIKELY(unclean)) run_unclean(run, in, n, out);
    else run->kind->run(kl__run_state(run), in, n, out);
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
    size_t rows = run_chunk_rows(kind);
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
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) out[o] = run_output(made[o]);
    return KL_OK;
}

kl_status kl_run_peek(const kl_run *run, void *scratch, size_t bytes, const double *in, double *out) {
    if (!run || !scratch || !in || !out || (uintptr_t)scratch % sizeof(double)) return KL_E_ARG;
    if (bytes < run->bytes) return KL_E_SIZE;
    memcpy(scratch, run, (size_t)run->bytes);
    return kl_run_step((kl_run *)scratch, in, out);
}
