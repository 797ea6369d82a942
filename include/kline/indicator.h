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
} kl_output_info;
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
} kl_indicator;
#define KL_PARAMS_MAX 8
#define KL_INPUTS_MAX 8
#define KL_OUTPUTS_MAX 8
#define KL_PERIOD_MAX 100000

KL_API size_t kl_indicator_count(void);
KL_API const kl_indicator *kl_indicator_at(size_t index);
KL_API const kl_indicator *kl_indicator_find(const char *name);
/* fills in defaults for params beyond n_given and checks ranges. */
KL_API kl_status kl_indicator_params(const kl_indicator *indicator, const double *given, size_t n_given, double *params, kl_error *error);
/* bars before the first known output, of clean input. */
KL_API kl_status kl_indicator_lookback(const kl_indicator *indicator, const double *params, int64_t *bars);

/** A running indicator: opaque, pointer-free but for its descriptor; copying its bytes clones it. */
typedef struct kl_run kl_run;
KL_API kl_status kl_run_size(const kl_indicator *indicator, const double *params, size_t *bytes, kl_error *error);
KL_API kl_status kl_run_init(void *memory, size_t bytes, const kl_indicator *indicator, const double *params, kl_run **run, kl_error *error);
/* n bars: in[i] has n doubles, out[j] room for n (NULL: not wanted). Aligned: out[j][k] belongs to bar k; NaN before lookback. */
KL_API kl_status kl_run_bars(kl_run *run, const double *const *in, size_t n, double *const *out);
KL_API kl_status kl_run_step(kl_run *run, const double *in, double *out);
KL_API kl_status kl_run_peek(const kl_run *run, void *scratch, size_t bytes, const double *in, double *out); /* scratch: kl_run_size bytes */
KL_API size_t kl_run_snapshot_size(const kl_run *run);
KL_API kl_status kl_run_snapshot(const kl_run *run, void *bytes, size_t capacity, size_t *used);
KL_API kl_status kl_run_restore(kl_run *run, const void *bytes, size_t n, kl_error *error); /* KL_E_DEFINITION, KL_E_CORRUPT */
KL_API uint64_t kl_run_missing(const kl_run *run); /* bars with a missing input so far */

/* one call over columns: params NULL for defaults; missing inputs are picked by their usual name. Memory from alloc. */
KL_API kl_status kl_indicator_run(const kl_indicator *indicator, const double *params, size_t n_params, const kl_columns *columns,
                                  const kl_alloc *alloc, double *const *out, kl_error *error);

/* a call written as text: "rsi(14)", "macd(12,26,9).hist", "bbands(close, n=20, dev=2)". Inputs by column name, params by
 * position after them or by name. error->column is the character position. */
typedef struct kl_call {
    const kl_indicator *indicator;
    double params[KL_PARAMS_MAX];
    int32_t inputs[KL_INPUTS_MAX]; /* KL_COL_* */
    int32_t output;                /* index, or -1: all */
    int32_t reserved;
} kl_call;
enum { KL_COL_OPEN = 0, KL_COL_HIGH, KL_COL_LOW, KL_COL_CLOSE, KL_COL_VOLUME, KL_COL_QUOTE_VOLUME, KL_COL_TRADE_COUNT,
       KL_COL_TAKER_BASE, KL_COL_TAKER_QUOTE, KL_COL_COUNT };
KL_API kl_status kl_call_parse(const char *text, size_t length, kl_call *call, kl_error *error);
KL_API kl_status kl_call_run(const kl_call *call, const kl_columns *columns, const kl_alloc *alloc, double *const *out, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
