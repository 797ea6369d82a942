/* kline/plan.h: expressions compiled to a plan, and plans run over bars: in batch, bar by bar, over one symbol or many, with the
 * same bits. The language is described in docs/expressions.md. */
#ifndef KLINE_PLAN_H
#define KLINE_PLAN_H
#include "kline/indicator.h"
#ifdef __cplusplus
extern "C" {
#endif

/** An immutable program: expressions with everything that they share computed once. Any number of states may use it, in any
 *  number of threads. */
typedef struct kl_plan kl_plan;

#define KL_PLAN_SYMBOL_MAX 32
typedef struct kl_plan_options {
    uint32_t struct_size;
    uint32_t reserved;
    kl_interval interval; /* of the bars that the plan runs over; unit 0: not known, then expressions with @ are refused */
} kl_plan_options;

/** Sets options to their defaults: nothing known of the bars.
 *
 *  `options`: overwritten; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `options`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_plan_options_init(kl_plan_options *options);

/** Compiles expressions.
 *
 *  `texts`: `n` expressions, UTF-8, ended by 0. `n`: 1..65536. `options`: or NULL. `alloc`: copied; NULL: libc. `plan`: receives
 *  the program; kl_plan_free gives it back. `error`: its arg is the number of the expression, from 1, its column the position in it, from 1.
 *  Return: KL_OK; KL_E_FORMAT where something else was expected; KL_E_UNKNOWN_NAME; KL_E_ARG for a parameter out of range or a
 *  number where a series belongs; KL_E_INTERVAL for an interval that is none or not a multiple of the bars'; KL_E_ANCHOR for one
 *  of several days, which needs a day to start on; KL_E_SYMBOL; KL_E_MEMORY; KL_E_SIZE.
 *  On failure: nothing is written but `error`, nothing is kept.
 *  Cost: O(length of the texts and of the formulas they name).
 *  Thread: pure.
 *  Source: docs/expressions.md.
 *  Since: 0.1 */
KL_API kl_status kl_plan_new(const char *const *texts, size_t n, const kl_plan_options *options, const kl_alloc *alloc, kl_plan **plan,
                             kl_error *error);

/** Gives a plan back.
 *
 *  `plan`: which; NULL does nothing. No state may use it afterwards.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: one free.
 *  Thread: exclusive on `plan`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_plan_free(kl_plan *plan);

/** Counts the columns that come out: one for each expression, or one for each output of a call with several that stands alone.
 *
 *  `plan`: which.
 *  Return: the count; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_plan_outputs(const kl_plan *plan);

typedef struct kl_plan_output {
    const char *name; /* the expression as it was written; with ".output" where it stands for several; lives as long as the plan */
    uint32_t expression; /* index of its text */
    int32_t stability;   /* KL_EXACT, or KL_EPS where an indicator in it is */
    int64_t lookback;    /* bars before the first known value, for inputs without a missing bar; of coarser bars the most that it can
                          * be: the first bar may lie anywhere in a coarser one, which is not whole then and not known */
    double min, max;     /* range */
} kl_plan_output;

/** Describes one output.
 *
 *  `plan`: which. `index`: 0..kl_plan_outputs - 1. `output`: receives the description.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_plan_output_at(const kl_plan *plan, size_t index, kl_plan_output *output);

/** Says how many bars an output needs to be right to so many digits, wherever the history began.
 *
 *  `plan`: which. `output`: index. `digits`: 0..15, decimal digits of the output's own size. `bars`: receives the count,
 *  counted with the bar whose output is wanted; HUGE_VAL where no number of bars is enough (a sum from the beginning).
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(nodes), and one allocation from the plan's allocator for the time of the call.
 *  Thread: shared-const, as far as the allocator is.
 *  Source: poles of the filters, lengths of the windows: bars that a call needs of its input add up along the longest way; of a
 *  coarser bar those until the next one closes.
 *  Since: 0.1 */
KL_API kl_status kl_plan_bars_needed(const kl_plan *plan, size_t output, double digits, double *bars);

/** A series of bars that the plan reads. Source 0 is the one that it runs over, whether or not an expression names it. */
typedef struct kl_plan_source {
    char symbol[KL_PLAN_SYMBOL_MAX]; /* empty: the plan's own */
    kl_interval interval;            /* unit 0: that of source 0 */
    uint32_t columns;                /* bits 1 << KL_COL_x: what is read of it */
    uint32_t first_input;            /* its columns are inputs first_input .. in the order of KL_COL_x */
} kl_plan_source;

/** Counts the sources.
 *
 *  `plan`: which.
 *  Return: the count, at least 1; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_plan_sources(const kl_plan *plan);

/** Describes one source.
 *
 *  `plan`: which. `index`: 0..kl_plan_sources - 1. `source`: receives the description.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_plan_source_at(const kl_plan *plan, size_t index, kl_plan_source *source);

/** Counts the inputs: all columns of all sources, source after source.
 *
 *  `plan`: which.
 *  Return: the count; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_plan_inputs(const kl_plan *plan);

/** Counts the nodes: what is computed for each bar once all that is shared is taken together.
 *
 *  `plan`: which.
 *  Return: the count; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_plan_nodes(const kl_plan *plan);

/** Writes the expressions in their complete form, one a line: every input, parameter and choice spelled out. Compiled again,
 *  they give the same plan, with the same outputs and the same text.
 *
 *  `plan`: which. `text`: room of `capacity` bytes, or NULL with 0 to ask for the length. `used`: receives the length, without the final 0.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE where it does not fit.
 *  On failure: nothing is written but `used`.
 *  Cost: O(length).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_plan_describe(const kl_plan *plan, char *text, size_t capacity, size_t *used);

/** A running plan, over one symbol or many: opaque; between calls nothing in it matters that points anywhere but to its plan:
 *  copying its bytes clones it. */
typedef struct kl_plan_state kl_plan_state;

/** Says how much memory a running plan needs, room for a peek included.
 *
 *  `plan`: which. `symbols`: how many run side by side, 1..65536. `bytes`: receives the size.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE where it is more than memory can be.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_plan_state_size(const kl_plan *plan, size_t symbols, size_t *bytes);

/** Starts a plan in the caller's memory.
 *
 *  `memory`: aligned to 8, `bytes` long, at least what kl_plan_state_size said; it needs no end. `plan`: has to live as long as the
 *  state. `symbols`: 1..65536. `state`: receives the object, which is `memory`.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: `state` is left alone.
 *  Cost: O(size), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_plan_state_init(void *memory, size_t bytes, const kl_plan *plan, size_t symbols, kl_plan_state **state);

/** Takes the next bars of one symbol. Of functions over all symbols this one is all.
 *
 *  `state`: of one symbol; goes on behind the bars. `sources`: one for each source of the plan. sources[0] has the bars; every
 *  source of the same interval has the same number of rows, aligned (kl_align_grid), NaN where a bar is missing. A coarser source has the rows
 *  that were not handed over yet, with open times: a row is known from the first bar on that closes at its close or later, rows
 *  that no bar of this call reaches are not taken. One that began before the first bar of all is whole only if the caller has folded it from
 *  bars that lie before: else leave it out. `taken`: receives for each source how many of its rows were taken; NULL with
 *  one source. `out`: one array of sources[0]->n doubles for each output, NULL where one is not wanted. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_COLUMNS where a column is not there; KL_E_ORDER where times do not rise,
 *  or bars lie behind those that the state took before with their times (a restored state has forgotten them).
 *  On failure: nothing is written but `error` and no bar is taken.
 *  Cost: O(n * nodes); no allocation, at most 192 KB of stack.
 *  Thread: exclusive on `state`.
 *  Source: docs/expressions.md.
 *  Since: 0.1 */
KL_API kl_status kl_plan_run(kl_plan_state *state, const kl_columns *const *sources, size_t *taken, double *const *out, kl_error *error);

/** Takes the next bars of every symbol: the same bits as a kl_plan_step for each bar, with a kl_plan_close where a coarser one closed.
 *
 *  `state`: goes on behind the bars. `sources`: kl_plan_sources of the first symbol, then of the second ...; each as for kl_plan_run. The
 *  same source has the same rows for every symbol (kl_align_grid), coarser ones too, NaN where a bar is missing. `taken`:
 *  receives for each source of the plan how many of its rows were taken; NULL with one source. `out`: kl_plan_outputs arrays of the first symbol, then
 *  of the second ..., with room for sources[0]->n doubles; NULL where one is not wanted. No array lies where a column or another array lies. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG, also for rows that differ; KL_E_COLUMNS where a column is not there; KL_E_ORDER as kl_plan_run.
 *  On failure: nothing is written but `error` and no bar is taken.
 *  Cost: O(n * nodes * symbols); no allocation, at most 192 KB of stack. Plans without functions over all symbols run each symbol
 *  on its own, as fast as kl_plan_run.
 *  Thread: exclusive on `state`.
 *  Source: docs/expressions.md.
 *  Since: 0.1 */
KL_API kl_status kl_plan_run_panel(kl_plan_state *state, const kl_columns *const *sources, size_t *taken, double *const *out, kl_error *error);

/** Takes one bar of every symbol.
 *
 *  `state`: goes on behind it. `in`: one array for each input, with one double for each symbol; those of coarser sources are not
 *  read. `out`: one array for each output, with room for one double for each symbol; NULL where one is not wanted.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written and the bar is not taken.
 *  Cost: O(nodes * symbols); no allocation.
 *  Thread: exclusive on `state`.
 *  Source: docs/expressions.md.
 *  Since: 0.1 */
KL_API kl_status kl_plan_step(kl_plan_state *state, const double *const *in, double *const *out);

/** Takes one closed bar of a coarser source: known to the steps and peeks that follow.
 *
 *  `state`: goes on behind it. `source`: 1..kl_plan_sources - 1, one with an interval. `in`: as kl_plan_step; only inputs of
 *  this source are read.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: the bar is not taken.
 *  Cost: O(nodes of that source * symbols); no allocation.
 *  Thread: exclusive on `state`.
 *  Source: docs/expressions.md.
 *  Since: 0.1 */
KL_API kl_status kl_plan_close(kl_plan_state *state, size_t source, const double *const *in);

/** Says what kl_plan_step would give for bars that still form, and takes nothing.
 *
 *  `state`: only the room for peeks in it is written. `in`, `out`: as kl_plan_step.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: a copy of the state and one step; no allocation.
 *  Thread: exclusive on `state`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_plan_peek(kl_plan_state *state, const double *const *in, double *const *out);

/** Says how long the snapshot of a running plan is.
 *
 *  `state`: which; the size depends on plan and number of symbols only.
 *  Return: bytes; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(nodes), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_plan_snapshot_size(const kl_plan_state *state);

/** Writes all that the future depends on: little-endian with a CRC-32C and a fingerprint of the plan, the same bytes on every machine
 *  and after every way of running.
 *
 *  `state`: which. `bytes`: room of `capacity` bytes, at least kl_plan_snapshot_size. `used`: receives the length.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: nothing is written.
 *  Cost: O(size), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_plan_snapshot(const kl_plan_state *state, void *bytes, size_t capacity, size_t *used);

/** Continues where a snapshot was taken.
 *
 *  `state`: of a plan of the same expressions, with as many symbols, in any state. `bytes`: the snapshot, `n` bytes long. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_CORRUPT where it is damaged or cut; KL_E_VERSION where a newer library wrote it;
 *  KL_E_DEFINITION where it is of other expressions, definitions or symbols: replay the bars instead.
 *  On failure: `state` is as before; `error` tells.
 *  Cost: O(size), no allocation.
 *  Thread: exclusive on `state`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_plan_restore(kl_plan_state *state, const void *bytes, size_t n, kl_error *error);

/** Compiles, runs over columns from their start, and forgets.
 *
 *  `texts`, `n`, `options`, `error`: as kl_plan_new. `columns`: the plan's own bars; expressions that need other sources are
 *  refused. `alloc`: NULL: libc. `out`: one array of columns->n doubles for each output, in the order of kl_plan_outputs.
 *  Return: KL_OK; the errors of kl_plan_new and kl_plan_run.
 *  On failure: nothing is written to `out`; `error` tells.
 *  Cost: that of kl_plan_new and kl_plan_run.
 *  Thread: pure.
 *  Source: docs/expressions.md.
 *  Since: 0.1 */
KL_API kl_status kl_eval(const char *const *texts, size_t n, const kl_plan_options *options, const kl_columns *columns, const kl_alloc *alloc,
                         double *const *out, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
