/* What an expression, a plan or the formula of an indicator is compiled to: primitives in the order in which they are computed.
 *
 * Values are numbered: inputs first, then plain numbers and outputs of calls as they come. A call of an indicator that has a
 * formula is replaced by its formula, so all nodes are primitives (kinds with `run`). Equal calls are one node. Calls of an
 * elementwise kind with plain numbers alone are computed at once. What no output needs is thrown away at the end.
 * A finished program is one block without pointers but those to descriptors: its bytes may be copied. */
#ifndef KL__INDICATOR_PROGRAM_H
#define KL__INDICATOR_PROGRAM_H
#include "indicator/indicator.h"

#define KL__NO_VALUE UINT32_MAX

/* Where a value comes from: column `column` of source `source`; source 0 is the bars that the plan runs over. */
typedef struct kl__program_input {
    uint32_t source;
    int32_t column; /* KL_COL_*; for the formula of an indicator: the index of its input */
} kl__program_input;

typedef struct kl__node {
    const kl__indicator *kind;
    uint32_t in[KL_INPUTS_MAX]; /* values */
    uint32_t out;               /* value of the first output; the others follow */
    uint32_t params;            /* index of the first of its parameters among the numbers of the program */
    uint32_t clock;             /* 0: every row; else the source whose bars it runs over */
} kl__node;

/* A program in the making. With an allocator it grows; without one it has room for what fits its memory. */
typedef struct kl__build kl__build;

/* Gives the build for one program; `give` frees all of it. `slow(source)` of the sources: see kl__build_source. */
kl_status kl__build_new(const kl_alloc *alloc, kl__build **build, kl_error *error);
void kl__build_free(kl__build *build);
/* A source whose bars are coarser (slow = 1) has a clock of its own. Source 0 is there from the start. */
kl_status kl__build_source(kl__build *build, int slow, uint32_t *source);
kl_status kl__build_input(kl__build *build, uint32_t source, int32_t column, uint32_t *value);
kl_status kl__build_number(kl__build *build, double x, uint32_t *value);
/* 1, and the number, where a value is a plain number. */
int kl__build_is_number(const kl__build *build, uint32_t value, double *x);
/* A call with checked parameters. `out` receives a value for each output. Inputs of several clocks meet in clock 0, where the
 * last known value of a coarse one is held. `error`: column is left to the caller. */
kl_status kl__build_call(kl__build *build, const kl_indicator *kind, const double *params, const uint32_t *in, uint32_t *out, kl_error *error);

/* A counter for expression.c, 0 at first: how deeply expressions and the formulas of what they call are nested. */
uint32_t *kl__build_level(kl__build *build);

/* Compiles a formula into a build (expression.c): in[] are the values of its inputs. Called by kl__build_call. */
kl_status kl__formula_build(kl__build *build, const kl_indicator *kind, const double *params, const uint32_t *in, uint32_t *out, kl_error *error);

#endif
