/* What an indicator is inside: its public descriptor and a handful of functions. All that is not arithmetic (argument
 * checks, missing bars, chunks, step, peek, snapshot) is done once, in run.c and snapshot.c.
 *
 * What a kernel may rely on:
 *  - inputs are clean: -0.0 came in as +0.0; a bar is missing where any of its inputs is NaN or of a magnitude of 2^1000 or
 *    more, infinity included. With KL__HOLDS missing bars are taken out before the kernel and put back as NaN after it, so
 *    the kernel never meets one; without it all inputs of the bar come as NaN, and NaN has to reach every output whose
 *    window holds it;
 *  - 1..KL__CHUNK rows at once; every out is there; no array overlaps another;
 *  - whatever is not finite becomes the one NaN after the kernel.
 * What it owes: the same bits for every way of cutting the rows into calls, and no output of -0.0. */
#ifndef KL__INDICATOR_H
#define KL__INDICATOR_H
#include "base/fp.h"
#include "base/check.h"
#include "kline/indicator.h"

#define KL__CHUNK 1000 /* most rows that a kernel gets at once; not a power of two: arrays of it would collide in the cache */
enum {
    KL__HOLDS = 1,       /* missing bars are taken out before the kernel: it holds its state */
    KL__RAW = 2,         /* each input keeps its own holes; the kernel says what they mean */
    KL__ELEMENTWISE = 4, /* with KL__RAW: no state, row by row, inputs may be plain numbers, calls of plain numbers are folded; it
                          * finishes its outputs itself: below 2^1000 and never -0.0, or the one NaN */
    KL__HIDDEN = 8,      /* behind a sign of the language, not a name of it */
    KL__PASSES = 16      /* its outputs are values of its one input, of now or before, or the one NaN */
};

/* Fetches what follows n rows of a column, in a loop that computes; nothing is read. */
KL__INLINE void kl__rows_ahead(const double *x, size_t n) {
    for (size_t j = 0; j < n; j += 8) KL__PREFETCH((const void *)((uintptr_t)(x + n) + j * sizeof *x));
}

/* In the top bit of what an attempt gathers of the bits of values: 1 where one is NaN or not below 2^998 in magnitude. What is below has
 * ordinary differences. */
#define KL__SEEN_LARGE(bits) (((bits) & UINT64_C(0x7fffffffffffffff)) + (UINT64_C(27) << 52))

/* What an attempt to run rows came to. An ordinary value is below 2^1000 in magnitude, not NaN and not -0.0. */
enum {
    KL__ATTEMPT_FAILED = 0,   /* a value was not ordinary, or nobody can tell: the state is as it was, out may be written to */
    KL__ATTEMPT_ORDINARY = 1, /* done; every input was ordinary, and every output is */
    KL__ATTEMPT_MADE = 3,     /* done; every output is ordinary, and an input may have been -0.0 */
    KL__ATTEMPT_SEALED = 2    /* done, for it cleaned the inputs on its way; the outputs are finished, and there may be holes */
};

/* One walk over the state serves counting, writing, checking and reading of a snapshot. */
typedef struct kl__snap {
    int32_t mode;   /* KL__SNAP_* */
    int32_t failed; /* the image is too short or a value out of its range */
    uint8_t *bytes; /* image; unused when counting */
    size_t at, size;
} kl__snap;
enum { KL__SNAP_COUNT = 0, KL__SNAP_WRITE = 1, KL__SNAP_CHECK = 2, KL__SNAP_READ = 3 };

void kl__snap_u64(kl__snap *p, uint64_t *value, uint64_t max);
void kl__snap_f64(kl__snap *p, double *values, size_t n);
/* Values that bound a loop or choose a place: an image with one outside of min..max, or not a number, is refused. */
void kl__snap_within(kl__snap *p, double *values, size_t n, double min, double max);

/* n rows of an elementwise kind; where bit i of `numbers` is set, in[i] points to one number, for all rows. */
typedef void kl__rows(const double *const *in, uint32_t numbers, size_t n, double *out);

/* One that has a formula (pub.formula) leaves all functions NULL but `lookback`, which may say what the formula cannot tell. */
typedef struct kl__indicator {
    kl_indicator pub;
    uint32_t flags; /* KL__HOLDS | KL__RAW | KL__ELEMENTWISE | KL__HIDDEN | KL__PASSES */
    int64_t (*lookback)(const double *params);
    size_t (*size)(const double *params); /* bytes of the state */
    void (*init)(void *state, const double *params);
    void (*run)(void *state, const double *const *in, size_t n, double *const *out);
    /* The same as run for n > 1 rows that nobody has looked at, which saves two walks; returns KL__ATTEMPT_*. NULL: always 0. */
    int (*attempt)(void *state, const double *const *in, size_t n, double *const *out);
    void (*settle)(void *state);             /* after the last chunk of a call; may be NULL */
    void (*pack)(void *state, kl__snap *p);  /* what the future depends on, beyond the parameters */
    /* Bars after which what came before them moves an output by less than 10^-digits of its size; NULL: lookback + 1.
     * HUGE_VAL: never (a sum from the beginning). */
    double (*needed)(const double *params, double digits);
    /* Bars before the first output where each input has inputs[i] bars before its first; NULL: the most of them + lookback. */
    int64_t (*begins)(const double *params, const int64_t *inputs);
    /* One bar without a hole of `n` states that lie `stride` bytes apart: in[i][k] and out[o][k] belong to state k. NULL: run,
     * state by state. The same bits. */
    void (*step_many)(void *states, size_t stride, const double *const *in, size_t n, double *const *out);
    /* One bar of all n symbols, of a kind whose values are made of those of all symbols: x as it came, out need not be finite; `run`
     * is that of a panel of one symbol. No more than one input and one output. NULL: each symbol is on its own. */
    void (*panel)(const double *params, const double *x, size_t n, double *out, size_t *scratch);
    kl__rows *const *rows; /* of an elementwise kind: its loop for each tier of src/simd; NULL: run alone */
    kl__rows *const *raw;  /* the same for rows that nobody has looked at: it cleans them on its way; NULL: they are looked at */
} kl__indicator;

/* The state of an indicator lies right behind this head. */
struct kl_run {
    _Alignas(8) const kl__indicator *kind; /* states lie at multiples of 8, also where a pointer has 4 bytes */
    uint64_t seen, missing;
    uint64_t bytes; /* head and state */
    double params[KL_PARAMS_MAX];
};
KL__INLINE void *kl__run_state(const kl_run *run) { return (void *)((uintptr_t)(run + 1)); }

kl_status kl__param_check(const kl_indicator *indicator, uint32_t at, double value, kl_error *error);
kl_status kl__params_together(const kl_indicator *indicator, const double *params, kl_error *error); /* each is in its range */
kl_status kl__params_check(const kl_indicator *indicator, const double *params, kl_error *error);

int32_t kl__column_find(const char *name); /* KL_COL_*, or -1 */
const char *kl__column_name(int32_t column);
const double *kl__column_get(const kl_columns *columns, int32_t column); /* NULL for KL_COL_TIME, which has no doubles yet */
void kl__column_times(const kl_time *times, size_t n, double *seconds);

double kl__nan(void); /* the one NaN: 0x7ff8000000000000 */

#define KL__COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))
/* The tail of every public descriptor. */
#define KL__PORTS(in, par, out)                                                                                       \
    .n_inputs = KL__COUNT(in), .n_params = KL__COUNT(par), .n_outputs = KL__COUNT(out), .inputs = (in), .params = (par),  \
    .outputs = (out)

#define KL__INDICATOR(name) extern const kl__indicator kl__ind_##name;
#include "indicator/indicators.def"
#undef KL__INDICATOR

#endif
