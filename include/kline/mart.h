/* kline/mart.h: the marts: returns, volume, movers, correlations of many symbols and the market they make, as tables.
 *
 * A mart takes the candles of all its symbols row by row of the time grid and appends rows to a kl_table: one for each
 * symbol (of correlations: for each pair; of the market: one in all) that has a candle at that time. Its state is exact: run(all)
 * gives the bits of run(first part), snapshot, restore, run(the rest), wherever it is cut, so a daily run equals a full one.
 * docs/marts.md has each column. */
#ifndef KLINE_MART_H
#define KLINE_MART_H
#include "kline/data.h"
#include "kline/stat.h"
#ifdef __cplusplus
extern "C" {
#endif

enum { /* kl_mart_spec.kind */
    KL_MART_RETURNS = 1,     /* returns, volatility and its regime, running peak, drawdown */
    KL_MART_VOLUME = 2,      /* rolling volume, spikes, VWAP, activity */
    KL_MART_MOVERS = 3,      /* mover signal, label and rank across symbols */
    KL_MART_CORRELATIONS = 4, /* correlation of each pair, its regime, what changed */
    KL_MART_MARKET = 5       /* of each time: average return, volatility and correlation, worst drawdown, state of market and of risk */
};
enum { /* kl_mart_spec.flags */
    KL_MART_ROWS = 1,  /* windows hold the candles of a symbol as they follow each other; otherwise a missing time of the grid is a missing row */
    KL_MART_COMPAT = 2 /* the published numbers of the reference warehouse, as its code makes them: see docs/marts.md; implies KL_MART_ROWS;
                        * there is no market with it */
};
enum { KL_MART_RATIO_VOLUME = 0, KL_MART_RATIO_VOLATILITY = 1 }; /* kl_mart_spec.ratio */

#define KL_MART_SYMBOLS_MAX 4096
#define KL_MART_ROWS_MAX 65536

typedef struct kl_mart_spec {
    uint32_t struct_size;
    uint32_t flags;            /* KL_MART_ROWS | KL_MART_COMPAT */
    int32_t kind;              /* KL_MART_x */
    int32_t ratio;             /* movers: which ratio multiplies the return; KL_MART_COMPAT: always volatility */
    int64_t symbols;           /* 1 .. KL_MART_SYMBOLS_MAX; correlations and market: 2 at least */
    int64_t rows;              /* length of every window, 2 .. KL_MART_ROWS_MAX; 24 */
    int64_t min_count;         /* known values that a window needs, 2 .. rows; 0: all of them. KL_MART_COMPAT: ignored */
    kl_interval interval;      /* the time grid; 1h. KL_MART_ROWS: names columns only */
    int64_t baseline_rows;     /* correlations: also over a longer window to compare with, 4 .. KL_MART_ROWS_MAX; 0: none, as with KL_MART_COMPAT */
    double baseline_sigmas;    /* shift alert: |shift| in Fisher's space above so many standard errors of `rows`; 3 */
    kl_label_rules labels;     /* limits of regimes, spike, activity, label and breakdown alert */
} kl_mart_spec;

/** Describes a mart with its defaults: windows of 24 rows on the grid of hours, full, in percent.
 *
 *  `spec`: overwritten. `kind`: KL_MART_x. `symbols`: how many. Checked by kl_mart_size.
 *  Return: KL_OK; KL_E_ARG where `spec` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_mart_spec_init(kl_mart_spec *spec, int32_t kind, int64_t symbols);

/** Gives the name of a kind of mart, as `kline marts` takes it: returns, volume, movers, correlations, market.
 *
 *  `kind`: KL_MART_x.
 *  Return: a constant text; NULL where there is no such kind.
 *  On failure: NULL.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_mart_name(int32_t kind);

/** Finds a kind of mart by its name.
 *
 *  `name`: as kl_mart_name gives it.
 *  Return: KL_MART_x; 0 where there is none.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_mart_find(const char *name);

/** One mart over a fixed list of symbols: opaque, pointer-free; copying its bytes to memory of the same alignment clones it. */
typedef struct kl_mart kl_mart;

/** Says how much memory a mart needs.
 *
 *  At 24 rows at most 75 KB and 5.3 KB a symbol, with KL_MART_COMPAT 8 KB; of movers 200 KB and 2.4 to 3.4 KB a symbol, with
 *  KL_MART_COMPAT 9 KB; of correlations on the grid 75 KB, 0.8 KB a symbol and 20 * symbols^2 bytes, with KL_MART_ROWS 4.3 KB a pair,
 *  with KL_MART_COMPAT 17 KB a pair; of the market 250 KB, 4 KB a symbol and 9 * symbols^2 bytes.
 *  `spec`: which. `bytes`: the size. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG where a number is out of range; KL_E_INTERVAL, KL_E_ANCHOR for the grid; KL_E_UNSUPPORTED for the
 *  market with KL_MART_COMPAT; KL_E_OVERFLOW where the size does not fit size_t.
 *  On failure: nothing is written but `error`.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_mart_size(const kl_mart_spec *spec, size_t *bytes, kl_error *error);

/** Starts a mart in the caller's memory.
 *
 *  `memory`: aligned to 64, `bytes` long, at least what kl_mart_size said; it needs no end. `spec`: copied. `names`: one for
 *  each symbol, below KL_SYMBOL_MAX bytes, all different, copied. `mart`: the object, which is `memory`. `error`: or NULL.
 *  Return: KL_OK; KL_E_SIZE; KL_E_SYMBOL where a name is empty or too long; KL_E_DUPLICATE; the errors of kl_mart_size.
 *  On failure: `mart` is left alone; `error` tells.
 *  Cost: O(size + symbols^2), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_mart_init(void *memory, size_t bytes, const kl_mart_spec *spec, const char *const *names, kl_mart **mart, kl_error *error);

/** The next rows of the grid. Value [i * symbols + s] of a column belongs to time i and symbol s, in the order of the names
 *  given to kl_mart_init. Unknown is NaN. A symbol has a candle where its close is known (finite);
 *  where it has none, its other columns are not read. */
typedef struct kl_mart_panel {
    size_t n;              /* times */
    const kl_time *time;   /* open times, rising strictly, also from call to call; without KL_MART_ROWS starts of the interval */
    const double *close;
    const double *volume;  /* volume, and movers by volume; others do not read it */
    const double *quote_volume, *high, *low; /* volume: each may be NULL, which is unknown */
} kl_mart_panel;

/** Takes the next rows of the grid and appends what they give to a table.
 *
 *  `mart`: goes on behind them. `panel`: the rows; times of the grid that it leaves out are rows without a candle. `emit_from`: only rows of this time and later are appended;
 *  earlier ones only move the state. KL_TIME_NONE: all. `table`: without columns it gets those of the mart; otherwise it has to have
 *  them and no others. Rows come by time, then symbol or pair in byte order of names. `error`: or NULL.
 *  Return: KL_OK; KL_E_ORDER where a time does not rise; KL_E_INTERVAL where one is not a start of the grid; KL_E_MISMATCH where the
 *  table has other columns; KL_E_MEMORY; KL_E_ARG where a column is missing.
 *  On failure: neither `mart` nor the rows of `table` change; `error` tells.
 *  Cost: O(log rows) a symbol or pair and time; correlations on the grid and the market as kl_corr_matrix; allocates in the table only.
 *  Thread: exclusive on `mart` and `table`.
 *  Source: docs/marts.md.
 *  Since: 0.1 */
KL_API kl_status kl_mart_run(kl_mart *mart, const kl_mart_panel *panel, kl_time emit_from, kl_table *table, kl_error *error);

/** Gives the time of the last row that was taken.
 *
 *  `mart`: which.
 *  Return: its open time; KL_TIME_NONE before the first.
 *  On failure: KL_TIME_NONE where `mart` is NULL.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_time kl_mart_last_time(const kl_mart *mart);

/** Gives the number that changes whenever a snapshot of an older library would give other bits: for kl_checkpoint_set.
 *
 *  Return: the number, above 0.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API uint32_t kl_mart_definition(void);

/** Says how long the snapshot of a mart is.
 *
 *  `mart`: which; the size depends on its spec only.
 *  Return: bytes; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_mart_snapshot_size(const kl_mart *mart);

/** Writes all that the future depends on: spec, names, last time and windows, little-endian with a CRC-32C, the same bytes
 *  on every machine and after every way of running.
 *
 *  `mart`: which. `bytes`: room of `capacity` bytes, at least kl_mart_snapshot_size. `used`: the length.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(state), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_mart_snapshot(const kl_mart *mart, void *bytes, size_t capacity, size_t *used);

/** Continues where a snapshot was taken.
 *
 *  `mart`: of the same spec and names, in any state. `bytes`: the snapshot, `n` bytes long. `error`: or NULL.
 *  Return: KL_OK; KL_E_CORRUPT where it is damaged or cut; KL_E_VERSION where a newer library wrote it; KL_E_DEFINITION where it is of
 *  another spec, other symbols or another definition: replay the rows instead; KL_E_ARG.
 *  On failure: `mart` is as before; `error` tells.
 *  Cost: O(state), no allocation.
 *  Thread: exclusive on `mart`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_mart_restore(kl_mart *mart, const void *bytes, size_t n, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
