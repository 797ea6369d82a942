/* What an expression, a plan or the formula of an indicator is compiled to: primitives in the order in which they are computed.
 *
 * Values are numbered: inputs, plain numbers and outputs of calls as they come. A call of an indicator that has a formula is
 * replaced by its formula, so all nodes are primitives (kinds with `run`). Equal calls are one node. Calls of an elementwise
 * kind with plain numbers alone are computed at once. What no output needs is thrown away at the end.
 * A finished program is one block without pointers but those to descriptors: its bytes may be copied. */
#ifndef KL__INDICATOR_PROGRAM_H
#define KL__INDICATOR_PROGRAM_H
#include "indicator/indicator.h"

#define KL__NO_VALUE UINT32_MAX
#define KL__FORMULA_DEPTH 16     /* formulas within formulas; deeper is a formula that calls itself */
#define KL__BUILD_FIXED (72 << 10) /* bytes that are enough for every formula of this library (tests/unit/indicator) */

/* Where a value comes from: column `column` of source `source`; source 0 is the bars that the plan runs over. */
typedef struct kl__program_input {
    uint32_t source;
    int32_t column; /* KL_COL_*; for the formula of an indicator: the index of its input */
    uint32_t clock;
    uint32_t readers; /* nodes that read it */
} kl__program_input;

typedef struct kl__node {
    _Alignas(8) const kl__indicator *kind;
    uint64_t state, stride;     /* bytes of states before it, and of its own, for one symbol */
    uint32_t in[KL_INPUTS_MAX]; /* values */
    uint32_t out;               /* value of the first output; the others follow */
    uint32_t params;            /* index of the first of its parameters among those of the program */
    uint32_t clock;             /* 0: every row; else the source whose bars it runs over */
    uint32_t from;              /* of kl__expand: the clock of its input */
    uint32_t numbers;           /* bit i: in[i] is a plain number */
    uint32_t covered;           /* 1: where rows are lazy (program_lazy.h), nothing needs it */
} kl__node;

/* A program in the making. With an allocator it grows; without one it has room for what fits its memory. */
typedef struct kl__build kl__build;

/* Gives the build for one program; kl__build_free gives all of it back. `alloc`: NULL: libc. */
kl_status kl__build_new(const kl_alloc *alloc, kl__build **build, kl_error *error);
/* A build in memory of the caller, aligned to 8, KL__BUILD_FIXED bytes: no allocation, KL_E_SIZE when it is full. */
kl_status kl__build_in(void *memory, size_t bytes, kl__build **build, kl_error *error);
void kl__build_free(kl__build *build);
/* A source whose bars are coarser (slow = 1) has a clock of its own. Source 0 is there from the start. */
kl_status kl__build_source(kl__build *build, int slow, uint32_t *source);
kl_status kl__build_input(kl__build *build, uint32_t source, int32_t column, uint32_t *value);
kl_status kl__build_number(kl__build *build, double x, uint32_t *value);
/* 1, and the number, where a value is a plain number. */
int kl__build_is_number(const kl__build *build, uint32_t value, double *x);
/* A call with checked parameters. `out` receives a value for each output. Inputs of several clocks meet in clock 0, where a
 * coarse one has the value of its last closed bar. `error`: column is left to the caller. */
kl_status kl__build_call(kl__build *build, const kl_indicator *kind, const double *params, const uint32_t *in, uint32_t *out, kl_error *error);

/* A counter for expression.c, 0 at first: how deeply expressions and the formulas of what they call are nested. */
uint32_t *kl__build_level(kl__build *build);

/* Compiles a formula into a build (expression.c): in[] are the values of its inputs. Called by kl__build_call. */
kl_status kl__formula_build(kl__build *build, const kl_indicator *kind, const double *params, const uint32_t *in, uint32_t *out, kl_error *error);

/* How many bars of clock 0 one bar of a coarser source lasts, where that is known: for lookbacks. */
void kl__build_ratio(kl__build *build, uint32_t source, double bars);

/* Range of a value, of a build with an allocator, before it is finished. */
void kl__build_range(const kl__build *build, uint32_t value, double *min, double *max);

/* The finished program. Behind the head: nodes, numbers, params, lookbacks, inputs, outputs, slots, nodes per clock. Values are numbered anew:
 * inputs (by source, then column), numbers, outputs of nodes. Nodes of coarse clocks come before those of clock 0. */
struct kl__lazy_op; /* program_lazy.h */
struct kl__lazy_ref;

typedef struct kl__program {
    uint64_t bytes, fingerprint;
    double lookback;      /* the least of its outputs */
    uint64_t state_bytes; /* of the states of all nodes, for one symbol */
    uint32_t n_nodes, n_inputs, n_numbers, n_values, n_outputs, n_params, n_slots, n_clocks, n_panel; /* n_panel: nodes over all symbols */
    uint32_t n_lazy, n_lazy_ops, n_lazy_refs, n_lazy_rows, n_lazy_bits;
    uint32_t lazy_alone; /* the first n_lazy nodes of clock 0 have lazy operations; alone: nothing else needs any node */
    uint32_t nodes, numbers, params, lookbacks, inputs, outputs, slots, clocks, lazy_ops, lazy_refs; /* where they lie, in bytes from the head */
} kl__program;

/* Throws away what `outputs` do not need, brings them to clock 0 and fixes the order; outputs[] is renumbered. `bytes`: of the
 * program. The build can then only be written, once or several times, and freed. */
kl_status kl__build_finish(kl__build *build, uint32_t *outputs, uint32_t n_outputs, size_t *bytes, kl_error *error);
const kl__program *kl__build_head(const kl__build *build); /* of a finished build: sizes and counts only */
/* `program`: aligned to 8, with room for the bytes that kl__build_finish said. */
void kl__build_write(const kl__build *build, const uint32_t *outputs, uint32_t n_outputs, kl__program *program);

KL__INLINE const kl__node *kl__program_nodes(const kl__program *p) { return (const kl__node *)(const void *)((const char *)p + p->nodes); }
KL__INLINE const double *kl__program_numbers(const kl__program *p) { return (const double *)(const void *)((const char *)p + p->numbers); }
KL__INLINE const double *kl__program_params(const kl__program *p) { return (const double *)(const void *)((const char *)p + p->params); }
/* Of each output: bars before its first known value where no bar is missing. */
KL__INLINE const double *kl__program_lookbacks(const kl__program *p) { return (const double *)(const void *)((const char *)p + p->lookbacks); }
KL__INLINE const kl__program_input *kl__program_inputs(const kl__program *p) {
    return (const kl__program_input *)(const void *)((const char *)p + p->inputs);
}
KL__INLINE const uint32_t *kl__program_outputs(const kl__program *p) { return (const uint32_t *)(const void *)((const char *)p + p->outputs); }
/* Of each output of a node, in the order of values: its buffer. */
KL__INLINE const uint32_t *kl__program_slots(const kl__program *p) { return (const uint32_t *)(const void *)((const char *)p + p->slots); }
/* n_clocks + 1 numbers: nodes of clock c are [clocks[c], clocks[c + 1]) for c >= 1, those of clock 0 [clocks[0], n_nodes). */
KL__INLINE const uint32_t *kl__program_clocks(const kl__program *p) { return (const uint32_t *)(const void *)((const char *)p + p->clocks); }

KL__INLINE const struct kl__lazy_op *kl__program_lazy_ops(const kl__program *p) {
    return (const struct kl__lazy_op *)(const void *)((const char *)p + p->lazy_ops);
}
KL__INLINE const struct kl__lazy_ref *kl__program_lazy_refs(const kl__program *p) {
    return (const struct kl__lazy_ref *)(const void *)((const char *)p + p->lazy_refs);
}

/* The hidden node by which a value of a coarse clock comes to clock 0; its state is the value of the last closed bar. */
extern const kl__indicator kl__expand;

#endif
