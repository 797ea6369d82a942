/* kline/indicator.h: technical indicators. One descriptor each; one kernel serves stream, batch, peek and restart with the
 * same bits. */
#ifndef KLINE_INDICATOR_H
#define KLINE_INDICATOR_H
#include "kline/data.h"
#ifdef __cplusplus
extern "C" {
#endif

enum { KL_PARAM_INT = 1, KL_PARAM_REAL = 2, KL_PARAM_CHOICE = 3 };
typedef struct kl_param_info {
    const char *name, *title;
    int32_t kind;
    double def, min, max;
    const char *const *choices; /* KL_PARAM_CHOICE: names, value is the index; NULL-terminated */
} kl_param_info;
typedef struct kl_input_info {
    const char *name; /* open high low close volume ... ; "x" stands for any series */
    const char *usual; /* column taken when it is left out: "close" */
} kl_input_info;
typedef struct kl_output_info {
    const char *name, *title;
    double min, max;  /* range, +-HUGE where there is none */
    const char *pane; /* "price" or "own" */
    int32_t display_shift;
    /* All prices (or x) times 2^k multiply the output by 2^(k * price_power), exactly; volumes by volume_power. */
    int32_t price_power, volume_power;
} kl_output_info;
#define KL_POWER_NONE 127 /* no such rule: a parameter is an absolute price, or a logarithm is taken */
enum { KL_EXACT = 1, KL_EPS = 2 };

/** All the world needs to know about one indicator. */
typedef struct kl_indicator {
    uint32_t struct_size, definition; /* definition changes when bits change */
    const char *name, *title, *group, *since, *source, *cost;
    int32_t stability; /* KL_EXACT, KL_EPS */
    uint32_t n_inputs, n_params, n_outputs;
    const kl_input_info *inputs;
    const kl_param_info *params;
    const kl_output_info *outputs;
    const char *formula; /* its definition in the language of docs/expressions.md; NULL where it is written in C */
} kl_indicator;
#define KL_PARAMS_MAX 16
#define KL_INPUTS_MAX 8
#define KL_OUTPUTS_MAX 12
#define KL_PERIOD_MAX 100000

/** Says how many indicators there are.
 *
 *  Return: the count, at least 1.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_indicator_count(void);

/** Gives one indicator after the other, in the order of their names.
 *
 *  `index`: 0..kl_indicator_count() - 1.
 *  Return: the descriptor, which lives as long as the program, or NULL beyond the last.
 *  On failure: NULL.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const kl_indicator *kl_indicator_at(size_t index);

/** Finds an indicator by its name, or by one that others use for the same.
 *
 *  `name`: lower case, e.g. "macd", "correl".
 *  Return: the descriptor, or NULL where there is none of this name.
 *  On failure: NULL.
 *  Cost: O(log of the number of indicators), longer for a name of others.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const kl_indicator *kl_indicator_find(const char *name);

/** Gives the names that others use, one after the other, in the order of the alphabet.
 *
 *  `index`: 0 or more. `name`: receives the name here, or NULL.
 *  Return: the name there, e.g. "correl", or NULL beyond the last.
 *  On failure: NULL, and nothing is written.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_indicator_alias_at(size_t index, const char **name);

enum { KL_FUNCTION_NAME = 1, KL_FUNCTION_SIGN = 2 };

/** Tells functions of the language of expressions (groups math and logic) from indicators of the market.
 *
 *  `indicator`: which.
 *  Return: KL_FUNCTION_NAME for a function that is called by its name, KL_FUNCTION_SIGN for one behind a sign or a word of the
 *  language ("lt" behind <), 0 for an indicator.
 *  On failure: 0 for NULL.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: docs/expressions.md.
 *  Since: 0.1 */
KL_API int32_t kl_indicator_is_function(const kl_indicator *indicator);

/** Completes parameters with their defaults and checks them.
 *
 *  `indicator`: whose. `given`: the first `n_given` parameters in their order; NULL with 0. `n_given`: 0..n_params.
 *  `params`: room for n_params doubles.
 *  Return: KL_OK; KL_E_ARG where one is out of its range, not a whole number where it has to be one, or too many are given;
 *  error->arg is then the number of the parameter (1-based), or of the argument.
 *  On failure: nothing is written to `params`; `error` tells.
 *  Cost: O(n_params), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_indicator_params(const kl_indicator *indicator, const double *given, size_t n_given, double *params, kl_error *error);

/** Says how many bars come before the first known output, for inputs without a missing bar: before that bar no output is
 *  known, in it at least one is.
 *
 *  Of a formula it is the sum along the longest way of calls from an input to the output, the least of all outputs; where
 *  values come from branches of if, and, or, it is the bars after which nothing is unknown for want of bars.
 *  `indicator`: whose. `params`: n_params checked parameters. `bars`: receives the count, 0 or more.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1), of a formula its length; no allocation, at most 128 KB of stack.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_indicator_lookback(const kl_indicator *indicator, const double *params, int64_t *bars);

/** A running indicator: opaque, pointer-free but for its descriptor; copying its bytes clones it. The same bits come out
 *  whether bars are handed over one by one, in chunks of any sizes or all at once, and after a restart from a snapshot.
 *
 *  Missing bars: a bar is missing where any input is NaN, infinite or of a magnitude of 2^1000 (1e301) or more. Its outputs
 *  are NaN; a window that holds it gives NaN; a recursive filter holds its state and goes on with the next known bar. In a
 *  formula this holds for each call in it: a call that does not read the missing input goes on. An
 *  output is a finite number, never -0.0, or the one NaN 0x7ff8000000000000. */
typedef struct kl_run kl_run;

/** Says how much memory a running indicator needs.
 *
 *  `indicator`: which. `params`: n_params parameters, NULL for the defaults. `bytes`: receives the size.
 *  Return: KL_OK; KL_E_ARG for parameters out of range.
 *  On failure: nothing is written but `error`.
 *  Cost: O(1), of a formula its length; no allocation, at most 128 KB of stack.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_run_size(const kl_indicator *indicator, const double *params, size_t *bytes, kl_error *error);

/** Starts an indicator in the caller's memory.
 *
 *  `memory`: aligned to 8, `bytes` long, at least what kl_run_size said; it needs no end and no free of its own.
 *  `indicator`: which. `params`: n_params parameters, NULL for the defaults. `run`: receives the object, which is `memory`.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: `run` is left alone; `error` tells.
 *  Cost: O(size), of a formula also its length; no allocation, at most 128 KB of stack.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_run_init(void *memory, size_t bytes, const kl_indicator *indicator, const double *params, kl_run **run, kl_error *error);

/** Takes the next bars.
 *
 *  `run`: goes on behind them. `in`: one array of `n` doubles for each input. `n`: bars, 0..SIZE_MAX/8.
 *  `out`: one array of `n` doubles for each output, NULL where one is not wanted; out[j][k] belongs to bar k, NaN where it
 *  is unknown. An output may be the very array of an input.
 *  Return: KL_OK; KL_E_ARG where an array is missing.
 *  On failure: nothing is written and no bar is taken.
 *  Cost: O(n) for most indicators, see the descriptor's cost; no allocation, at most 192 KB of stack.
 *  Thread: exclusive on `run`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_run_bars(kl_run *run, const double *const *in, size_t n, double *const *out);

/** Takes one bar.
 *
 *  `run`: goes on behind it. `in`: one double for each input. `out`: room for one double for each output.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written and the bar is not taken.
 *  Cost: see the descriptor; no allocation.
 *  Thread: exclusive on `run`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_run_step(kl_run *run, const double *in, double *out);

/** Says what kl_run_step would give for a bar that still forms, and takes nothing.
 *
 *  `run`: is not changed. `scratch`: aligned to 8, `bytes` long, at least kl_run_size. `in`: one double for each input.
 *  `out`: room for one double for each output.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: nothing is written to `out`.
 *  Cost: a copy of the state and one step; no allocation.
 *  Thread: shared-const on `run`, exclusive on `scratch`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_run_peek(const kl_run *run, void *scratch, size_t bytes, const double *in, double *out);

/** Says how long the snapshot of a running indicator is.
 *
 *  `run`: which; the size depends on the indicator and its parameters only.
 *  Return: bytes; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(size), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_run_snapshot_size(const kl_run *run);

/** Writes all that the future depends on: little-endian, with the indicator's name, definition, parameters and a CRC-32C,
 *  the same bytes on every machine and after every way of running.
 *
 *  `run`: which. `bytes`: room of `capacity` bytes, at least kl_run_snapshot_size. `used`: receives the length.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: nothing is written.
 *  Cost: O(size), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_run_snapshot(const kl_run *run, void *bytes, size_t capacity, size_t *used);

/** Continues where a snapshot was taken.
 *
 *  `run`: a run of the same indicator with the same parameters, in any state. `bytes`: the snapshot, `n` bytes long.
 *  Return: KL_OK; KL_E_ARG; KL_E_CORRUPT where it is damaged or cut; KL_E_VERSION where a newer library wrote it;
 *  KL_E_DEFINITION where it is of another indicator, other parameters or another definition: replay the bars instead.
 *  On failure: `run` is as before; `error` tells.
 *  Cost: O(size), no allocation.
 *  Thread: exclusive on `run`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_run_restore(kl_run *run, const void *bytes, size_t n, kl_error *error);

/** Counts the bars with a missing input so far.
 *
 *  `run`: which.
 *  Return: the count; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API uint64_t kl_run_missing(const kl_run *run);

/** Runs an indicator over columns, from its start; each input is the column of its usual name.
 *
 *  `indicator`: which. `params`: the first `n_params` parameters, the others take their defaults; NULL for all defaults.
 *  `n_params`: 0..the indicator's count. `columns`: what to run over. `alloc`: gives the memory of the state for the time of
 *  the call; NULL: libc. `out`: one array of columns->n doubles for each output, NULL where one is not wanted.
 *  Return: KL_OK; KL_E_ARG; KL_E_COLUMNS where a column is not there; KL_E_MEMORY.
 *  On failure: nothing is written to `out`; `error` tells.
 *  Cost: as kl_run_bars, one allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_indicator_run(const kl_indicator *indicator, const double *params, size_t n_params, const kl_columns *columns,
                                  const kl_alloc *alloc, double *const *out, kl_error *error);

enum {
    KL_COL_OPEN = 0, KL_COL_HIGH, KL_COL_LOW, KL_COL_CLOSE, KL_COL_VOLUME, KL_COL_QUOTE_VOLUME, KL_COL_TRADE_COUNT,
    KL_COL_TAKER_BASE, KL_COL_TAKER_QUOTE, KL_COL_TIME /* opening time in seconds since 1970 */, KL_COL_COUNT
};

#ifdef __cplusplus
}
#endif
#endif
