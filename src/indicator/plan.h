/* Inside of plans and of their running states. */
#ifndef KL__INDICATOR_PLAN_H
#define KL__INDICATOR_PLAN_H
#include "indicator/program_run.h"
#include "kline/plan.h"

typedef struct kl__plan_source {
    kl_plan_source pub;
    double ratio;  /* bars of source 0 that one of its bars lasts, 1 where they are of one interval */
    uint32_t slow; /* 0, or its number among the coarser ones, from 1 */
    uint32_t reserved;
} kl__plan_source;

/* One block: this, the program, sources, outputs, texts. */
struct kl_plan {
    kl_alloc alloc;
    size_t bytes;
    kl_interval interval;
    const kl__program *program;
    const kl__plan_source *sources;
    const kl_plan_output *outputs;
    const char *text; /* complete forms, one a line */
    size_t length;
    uint64_t fingerprint; /* of program and sources */
    uint32_t n_sources, n_slow, n_outputs, n_times; /* n_times: inputs that are times */
};

/* The head of a running plan. Behind it: an array of the pointers to inputs and one of kl__coarse (for the time of a call), rows of
 * first[] for each coarser source, rows of seconds for each input that is a time, the program's memory, that again for peeks, and of each source the last
 * opening time that was taken, KL_TIME_NONE where none is known. */
struct kl_plan_state {
    _Alignas(8) const kl_plan *plan;
    uint64_t symbols, bytes;
    uint64_t in, coarse, first, seconds, run, peek, last; /* where they lie */
};
void kl__plan_forget(kl_plan_state *state); /* the last times */
KL__INLINE void *kl__plan_at(const kl_plan_state *state, uint64_t at) { return (char *)(uintptr_t)state + at; }

/* What kl_plan_run, or with several symbols kl_plan_run_panel, would find wrong with its rows, for those who run them in pieces. */
kl_status kl__plan_check_rows(const kl_plan_state *state, const kl_columns *const *sources, const size_t *taken, kl_error *error);

#endif
