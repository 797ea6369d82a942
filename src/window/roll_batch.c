/* Whole columns at once, in slices over time; and lags without a window. */
#include "base/fp.h"
#include "window/roll.h"
#include "base/size.h"

#define ROLL_SLICES_MAX 64
#define ROLL_SLICE_ROWS 16384 /* least rows of a slice */

typedef struct roll_batch {
    const kl_roll_spec *spec;
    const kl_time *time;
    const double *const *in;
    double *const *out;
    size_t n, rows; /* of all, of a slice */
    size_t bytes;   /* of a state */
    uintptr_t states;
    uint32_t inputs;
} roll_batch;

/* The state of a slice begins with the rows before it: what a window is made of. */
static kl_status roll_run_slice(void *arg, size_t index) {
    const roll_batch *b = (const roll_batch *)arg;
    const size_t begin = index * b->rows, n = b->n - begin < b->rows ? b->n - begin : b->rows;
    const double *from[2];
    double *to[KL_ROLL_STATS_MAX];
    kl_roll *roll;
    KL__TRY(kl_roll_init((void *)(b->states + index * b->bytes), b->bytes, b->spec, &roll, NULL));
    const size_t keep = kl__round_up(roll->keep, KL__TREE_ROWS), before = begin < keep ? begin : keep;
    for (uint32_t i = 0; i < b->inputs; i++) from[i] = b->in[i] + (begin - before);
    kl__roll_reset(roll, begin - before);
    kl__roll_rows(roll, b->time ? b->time + (begin - before) : NULL, from, before, NULL);
    for (uint32_t i = 0; i < b->inputs; i++) from[i] = b->in[i] + begin;
    for (uint32_t s = 0; s < b->spec->n_stats; s++) to[s] = b->out[s] ? b->out[s] + begin : NULL;
    kl__roll_rows(roll, b->time ? b->time + begin : NULL, from, n, to);
    return KL_OK;
}

static kl_status roll_check_batch(const kl_roll *head, const roll_batch *b, kl_error *error) {
    if (head->timed && !b->time) return kl__fail(error, KL_E_ARG, 2, 0, 0, "a window by time needs times");
    if (!b->in || !b->out) return kl__fail(error, KL_E_ARG, b->in ? 7 : 3, 0, 0, "an array is missing");
    for (uint32_t i = 0; i < head->inputs; i++) {
        if (!b->in[i]) return kl__fail(error, KL_E_ARG, 3, 0, 0, "input %u is missing", (unsigned)i + 1);
        for (uint32_t s = 0; s < b->spec->n_stats; s++)
            if (b->out[s] && (uintptr_t)b->out[s] < (uintptr_t)(b->in[i] + b->n) && (uintptr_t)b->in[i] < (uintptr_t)(b->out[s] + b->n))
                return kl__fail(error, KL_E_ARG, 7, 0, 0, "output %u lies where input %u lies", (unsigned)s + 1, (unsigned)i + 1);
    }
    return kl__roll_check_times(head, b->time, b->n, error);
}

kl_status kl_roll_batch(const kl_roll_spec *spec, const kl_time *time, const double *const *in, size_t n, const kl_executor *executor,
                        const kl_alloc *alloc, double *const *out, kl_error *error) {
    kl_roll head;
    size_t slices = 1, bytes;
    KL__TRY(kl__roll_plan(spec, &head, error));
    if (n == 0) return KL_OK;
    roll_batch b = {.spec = spec, .time = head.timed ? time : NULL, .in = in, .out = out, .n = n, .inputs = head.inputs};
    KL__TRY(roll_check_batch(&head, &b, error));
    /* a period may have begun any number of rows ago */
    if (executor && !head.spec.period.unit) slices = n / (ROLL_SLICE_ROWS + 4 * (size_t)head.keep);
    slices = slices < 1 ? 1 : slices > ROLL_SLICES_MAX ? ROLL_SLICES_MAX : slices;
    b.rows = n / slices + (n % slices != 0);
    slices = n / b.rows + (n % b.rows != 0);
    b.bytes = kl__round_up((size_t)head.bytes, 64);
    if (kl__size_mul(b.bytes, slices, &bytes)) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "the states do not fit the address space");
    if (!alloc) alloc = kl_alloc_libc();
    void *states = alloc->take(alloc->ctx, bytes);
    if (!states) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the states of %zu slices", slices);
    b.states = (uintptr_t)states;
    if (!executor) executor = kl_executor_serial();
    kl_status status = executor->run(executor->ctx, roll_run_slice, &b, slices);
    alloc->give(alloc->ctx, states, bytes);
    return status < 0 ? kl__fail(error, status, 5, 0, 0, "the executor did not run all slices") : KL_OK;
}

kl_status kl_lag_coalesce(const double *x, size_t n, const int64_t *lags, size_t n_lags, double *out) {
    if ((n && (!x || !out)) || (n_lags && !lags)) return KL_E_ARG;
    for (size_t l = 0; l < n_lags; l++)
        if (lags[l] < 0) return KL_E_ARG;
    for (size_t j = 0; j < n; j++) {
        double value = kl__roll_nan();
        for (size_t l = 0; l < n_lags && !(fabs(value) < 0x1p1000); l++)
            if ((uint64_t)lags[l] <= j) value = x[j - (size_t)lags[l]];
        out[j] = fabs(value) < 0x1p1000 ? value + 0.0 : kl__roll_nan();
    }
    return KL_OK;
}
