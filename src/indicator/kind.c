/* Cleaning of inputs, missing bars, finishing of outputs: see kind.h. */
#include "indicator/kind.h"
#include "simd/level.h"
#include <string.h>

#define KIND_DOUBLES 2048 /* of scratch on the stack */
#define KIND_ABS UINT64_C(0x7fffffffffffffff)

double kl__nan(void) { return kl__bits_double(UINT64_C(0x7ff8000000000000)); }

/* Scans are integer arithmetic on the bits, which compilers turn into vectors on every machine. With a carry added, the bits
 * without sign reach the top bit for NaN, infinity and what is too large; -0.0 alone loses its top bit when 1 is taken. */
#define KIND_MISSING (UINT64_C(25) << 52) /* from 2^1000 on */
#define KIND_INFINITE (UINT64_C(1) << 52)
#define KIND_LANES 8

KL__INLINE uint64_t kind_input_flags(double x) {
    uint64_t bits = kl__double_bits(x);
    return ((bits & KIND_ABS) + KIND_MISSING) | (bits & ~(bits - 1));
}
KL__INLINE uint64_t kind_output_flags(double y) { return (kl__double_bits(y) & KIND_ABS) + KIND_MISSING; }

/* ahead: rows from here that are fetched meanwhile; 0: none. They may lie behind the end, where nothing is read. */
KL__INLINE int kind_scan(const double *x, size_t n, size_t ahead, uint64_t (*flags)(double)) {
    uint64_t seen[KIND_LANES] = {0};
    size_t j = 0;
    for (; j + KIND_LANES <= n; j += KIND_LANES) {
        if (ahead) KL__PREFETCH((const void *)((uintptr_t)(x + j) + ahead * sizeof *x));
        for (size_t lane = 0; lane < KIND_LANES; lane++) seen[lane] |= flags(x[j + lane]);
    }
    for (; j < n; j++) seen[0] |= flags(x[j]);
    for (size_t lane = 1; lane < KIND_LANES; lane++) seen[0] |= seen[lane];
    return (int)(seen[0] >> 63);
}

KL__INLINE void kind_scan_input_body(const double *x, size_t n, int *seen) { *seen = kind_scan(x, n, 0, kind_input_flags); }
KL__INLINE void kind_scan_ahead_body(const double *x, size_t n, int *seen) { *seen = kind_scan(x, n, n, kind_input_flags); }
KL__INLINE void kind_scan_output_body(const double *y, size_t n, int *seen) { *seen = kind_scan(y, n, 0, kind_output_flags); }
KL__SIMD_EACH(kind_scan_input, (const double *x, size_t n, int *seen), (x, n, seen))
KL__SIMD_EACH(kind_scan_ahead, (const double *x, size_t n, int *seen), (x, n, seen))
KL__SIMD_EACH(kind_scan_output, (const double *y, size_t n, int *seen), (y, n, seen))

KL__INLINE int kind_is_missing(double x) { return (int)(((kl__double_bits(x) & KIND_ABS) + KIND_MISSING) >> 63); }
KL__INLINE double kind_output(double y) { return ((kl__double_bits(y) & KIND_ABS) + KIND_INFINITE) >> 63 ? kl__nan() : y; }

double kl__row_clean(double x) { return kind_is_missing(x) ? kl__nan() : x + 0.0; }

/* What a value that is not an ordinary number says of its array. */
static uint32_t kind_rough(double x) {
    if (x != x) return kl__double_bits(x) == kl__double_bits(kl__nan()) ? KL__ROWS_HOLED : KL__ROWS_HOLED | KL__ROWS_ROUGH; /* images hold one NaN */
    if (kind_is_missing(x)) return KL__ROWS_HOLED | KL__ROWS_ROUGH;
    return x == 0.0 && kl__double_bits(x) ? KL__ROWS_ROUGH : 0;
}

typedef void (*const kind_scan_of[KL__SIMD_TIERS])(const double *, size_t, int *);

static uint32_t kind_rows_scan(const double *x, size_t n, kind_scan_of scan) {
    if (n == 1) return kind_input_flags(x[0]) >> 63 ? kind_rough(x[0]) : 0;
    uint32_t rough = 0;
    int seen;
    scan[kl__simd_tier()](x, n, &seen);
    for (size_t j = 0; seen && j < n && rough != (KL__ROWS_HOLED | KL__ROWS_ROUGH); j++) rough |= kind_rough(x[j]);
    return rough;
}

uint32_t kl__rows_scan(const double *x, size_t n) {
    static kind_scan_of scan = KL__SIMD_TABLE(kind_scan_input);
    return kind_rows_scan(x, n, scan);
}

uint32_t kl__rows_scan_ahead(const double *x, size_t n) {
    static kind_scan_of scan = KL__SIMD_TABLE(kind_scan_ahead);
    return kind_rows_scan(x, n, scan);
}

uint32_t kl__rows_finish(double *y, size_t n) {
    static void (*const scan[KL__SIMD_TIERS])(const double *, size_t, int *) = KL__SIMD_TABLE(kind_scan_output);
    uint32_t rough = 0;
    int seen;
    if (n == 1) seen = kind_is_missing(y[0]);
    else scan[kl__simd_tier()](y, n, &seen);
    if (KL__LIKELY(!seen)) return 0;
    for (size_t j = 0; j < n; j++) {
        y[j] = kind_output(y[j]);
        if (kind_is_missing(y[j])) rough |= y[j] == y[j] ? KL__ROWS_HOLED | KL__ROWS_ROUGH : KL__ROWS_HOLED;
    }
    return rough;
}

size_t kl__kind_chunk(const kl__indicator *kind) {
    size_t wide = kind->pub.n_inputs > kind->pub.n_outputs ? kind->pub.n_inputs : kind->pub.n_outputs;
    size_t rows = KIND_DOUBLES / (wide ? wide : 1) & ~(size_t)7;
    return rows < KL__CHUNK ? rows : KL__CHUNK;
}

/* Marks rows with a missing input; returns how many there are. */
static size_t kind_mark(const double *const *in, uint32_t inputs, size_t n, uint8_t *missing) {
    size_t count = 0;
    memset(missing, 0, n);
    for (uint32_t i = 0; i < inputs; i++)
        for (size_t j = 0; j < n; j++) missing[j] |= (uint8_t)kind_is_missing(in[i][j]);
    for (size_t j = 0; j < n; j++) count += missing[j];
    return count;
}

/* Rows with holes for a kind that holds its state: the known rows are moved together, run, and spread again. */
static void kind_held(const kl__indicator *kind, void *state, double *const *in, size_t n, const uint8_t *missing, double *const *out) {
    const double *from[KL_INPUTS_MAX];
    size_t known = 0;
    for (uint32_t i = 0; i < kind->pub.n_inputs; i++) {
        known = 0;
        from[i] = in[i];
        for (size_t j = 0; j < n; j++)
            if (!missing[j]) in[i][known++] = in[i][j];
    }
    if (known) kind->run(state, from, known, out);
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++)
        for (size_t j = n, k = known; j-- > 0;) out[o][j] = missing[j] ? kl__nan() : out[o][--k];
}

/* Rows with something to clean: the inputs are copied, with -0.0 as +0.0, and missing bars made NaN or taken out. */
static size_t kind_unclean(const kl__indicator *kind, void *state, const double *const *in, size_t n, double *const *out) {
    double clean[KIND_DOUBLES];
    double *to[KL_INPUTS_MAX];
    const double *from[KL_INPUTS_MAX];
    uint8_t missing[KL__CHUNK];
    uint32_t inputs = kind->pub.n_inputs;
    for (uint32_t i = 0; i < inputs; i++) {
        from[i] = to[i] = clean + i * n;
        for (size_t j = 0; j < n; j++) to[i][j] = in[i][j] + 0.0;
    }
    size_t holes = kind_mark(from, inputs, n, missing);
    if (holes && (kind->flags & KL__HOLDS)) {
        kind_held(kind, state, to, n, missing, out);
        return holes;
    }
    for (uint32_t i = 0; holes && i < inputs; i++)
        for (size_t j = 0; j < n; j++)
            if (kind->flags & KL__RAW ? kind_is_missing(to[i][j]) : missing[j]) to[i][j] = kl__nan();
    kind->run(state, from, n, out);
    return holes;
}

void kl__kind_rows(const kl__indicator *kind, void *state, const double *const *in, const uint32_t *rough, size_t n, double *const *out,
                   uint32_t *made, size_t *missing) {
    uint32_t any = 0, inputs = kind->pub.n_inputs, outputs = kind->pub.n_outputs;
    size_t holes = 0;
    for (uint32_t i = 0; i < inputs; i++) any |= rough[i];
    /* holes alone may stay where they are if nobody counts them and each input has its own */
    if (KL__LIKELY(any == 0) || (!(any & KL__ROWS_ROUGH) && kl__kind_own(kind) && !missing)) {
        kind->run(state, in, n, out);
    } else {
        const double *from[KL_INPUTS_MAX];
        double *to[KL_OUTPUTS_MAX];
        size_t rows = kl__kind_chunk(kind);
        for (size_t done = 0, part; done < n; done += part) {
            part = n - done < rows ? n - done : rows;
            for (uint32_t i = 0; i < inputs; i++) from[i] = in[i] + done;
            for (uint32_t o = 0; o < outputs; o++) to[o] = out[o] + done;
            holes += kind_unclean(kind, state, from, part, to);
        }
    }
    int finished = (kind->flags & KL__ELEMENTWISE) || ((kind->flags & KL__PASSES) && any == KL__ROWS_UNSEEN);
    for (uint32_t o = 0; o < outputs; o++) made[o] = finished ? KL__ROWS_UNSEEN : kl__rows_finish(out[o], n);
    if (missing) *missing = holes;
}

int kl__kind_row(const kl__indicator *kind, void *state, const double *const *in, double *const *out) {
    double clean[KL_INPUTS_MAX];
    const double *from[KL_INPUTS_MAX];
    int missing = 0;
    for (uint32_t i = 0; i < kind->pub.n_inputs; i++) {
        int hole = kind_is_missing(in[i][0]);
        clean[i] = hole ? kl__nan() : in[i][0] + 0.0;
        from[i] = &clean[i];
        missing |= hole;
    }
    for (uint32_t i = 0; missing && !(kind->flags & KL__RAW) && i < kind->pub.n_inputs; i++) clean[i] = kl__nan();
    if (missing && (kind->flags & KL__HOLDS))
        for (uint32_t o = 0; o < kind->pub.n_outputs; o++) out[o][0] = kl__nan();
    else
        kind->run(state, from, 1, out);
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) out[o][0] = kind_output(out[o][0]);
    return missing;
}
