/* kline/window.h: rolling windows, the ring, and cross-sections.
 *
 * A window statistic is a function of the values in its window and of nothing else: no running state, no drift, no origin.
 * So a stream, a batch, any cutting into chunks, any start and a restart give the same bits; a value that has left leaves
 * no trace; a flat window has variance exactly 0. */
#ifndef KLINE_WINDOW_H
#define KLINE_WINDOW_H
#include "kline/data.h"
#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------- rolling statistics --- */

/* What is divided by a sum of squares of deviations (ZSCORE, LINE_R2, CORR, REGBETA, REGALPHA, REG_R2) is known while the
 * standard deviation is in 1e-150 .. 1e150, SKEW in 1e-100 .. 1e98, KURT in 1e-75 .. 1e73, whatever the window; further out
 * it is right or unknown. */
enum { /* kl_roll_stat.what; x is the first input, y the second */
    KL_ROLL_SUM = 1,       /* of whole numbers below 2^53 exact */
    KL_ROLL_MEAN = 2,
    KL_ROLL_VAR = 3,       /* M2 / (n - ddof), M2 = sum of (x - mean)^2 */
    KL_ROLL_STD = 4,
    KL_ROLL_ZSCORE = 5,    /* (current x - mean) / std; unknown where std is 0 */
    KL_ROLL_SKEW = 6,      /* ddof 1: G1 as pandas, from 3 values; ddof 0: g1 = m3 / m2^1.5; unknown where M2 is 0 */
    KL_ROLL_KURT = 7,      /* excess; ddof 1: G2 as pandas, from 4 values; ddof 0: g2 = m4 / m2^2 - 3; unknown where M2 is 0 */
    KL_ROLL_MIN = 8,
    KL_ROLL_MAX = 9,
    KL_ROLL_ARGMIN = 10,   /* age of the minimum in rows, 0 is the newest row of the window; of equal ones the newest */
    KL_ROLL_ARGMAX = 11,
    KL_ROLL_RANGEPOS = 12, /* (current x - min) / (max - min), 0..1 where the current row is in; unknown where max = min */
    KL_ROLL_WSUM = 13,     /* sum of weight * x, weights 1, 2, 3 ... from the oldest row to the newest; where a window by rows is not
                            * full yet, from the first row that is there: so with WMEAN and INTERCEPT */
    KL_ROLL_WMEAN = 14,    /* WSUM over the sum of the weights of known values */
    KL_ROLL_SLOPE = 15,    /* line of least squares through x over the rows: rise per row */
    KL_ROLL_INTERCEPT = 16,/* its value at the oldest row of the window */
    KL_ROLL_LINE = 17,     /* its value at the newest row */
    KL_ROLL_LINE_R2 = 18,  /* its coefficient of determination; unknown where x is flat */
    KL_ROLL_MEDIAN = 19,
    KL_ROLL_QUANTILE = 20, /* param: q in 0..1; rule: KL_QUANTILE_x */
    KL_ROLL_RANK = 21,     /* of the current x among the known values of the window, from 1; where it is no member of the window it
                            * counts as one more; rule: KL_RANK_x */
    KL_ROLL_PRANK = 22,    /* rule KL_RANK_AVERAGE, _MIN, _MAX: rank / n; KL_RANK_BELOW: values below x / (n - 1), 0 where n is 1;
                            * n counts x, too */
    KL_ROLL_LAG = 23,      /* x of `param` rows ago, by rows whatever the window; 0 is the current one */
    KL_ROLL_COUNT = 24,    /* known values in the window; known also where min_count is not reached, but with KL_ROLL_WHOLE not before
                            * the first period is over */
    KL_ROLL_VWAP = 25,     /* inputs price, volume: sum(price * volume) / sum(volume), in [min, max] of the prices; unknown where a
                            * volume is below 0 or their sum is 0, or volume * (price - min) overflows */
    KL_ROLL_COV = 26,      /* inputs y, x: sum of (y - mean)(x - mean) / (n - ddof) */
    KL_ROLL_CORR = 27,     /* Pearson, in -1..1; exactly 1 and -1 where y is x, -x or 2^k x; unknown where one is flat */
    KL_ROLL_REGBETA = 28,  /* least squares y = alpha + beta * x: the first input on the second; unknown where x is flat */
    KL_ROLL_REGALPHA = 29,
    KL_ROLL_REG_R2 = 30
};
enum { KL_QUANTILE_LINEAR = 0, KL_QUANTILE_LOWER = 1, KL_QUANTILE_HIGHER = 2, KL_QUANTILE_NEAREST = 3, KL_QUANTILE_MIDPOINT = 4 }; /* NEAREST of two as near: the even place */
enum { KL_RANK_AVERAGE = 0, KL_RANK_MIN = 1, KL_RANK_MAX = 2, KL_RANK_BELOW = 3 };

/** What is known of one kind of statistic. */
typedef struct kl_roll_info {
    const char *name, *title; /* "zscore" */
    int32_t what;             /* KL_ROLL_x */
    uint32_t inputs;          /* 1 or 2 */
    int32_t uses_ddof, uses_rule, uses_param, uses_current; /* 0 or 1; current: unknown where the current value is */
    double least, greatest;   /* of the output; +-HUGE_VAL where there is no bound */
} kl_roll_info;

/** Gives one kind of statistic after the other.
 *
 *  `index`: from 0.
 *  Return: its description, which lives as long as the program; NULL beyond the last.
 *  On failure: NULL.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const kl_roll_info *kl_roll_info_at(size_t index);

/** Finds a kind of statistic by its name.
 *
 *  `name`: lower case, e.g. "std".
 *  Return: its description; NULL where there is none.
 *  On failure: NULL.
 *  Cost: O(number of kinds).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const kl_roll_info *kl_roll_info_find(const char *name);

typedef struct kl_roll_stat {
    int32_t what;  /* KL_ROLL_x */
    int32_t rule;  /* KL_QUANTILE_x or KL_RANK_x */
    double param;  /* q of a quantile, rows of a lag */
} kl_roll_stat;

#define KL_ROLL_STATS_MAX 16
#define KL_ROLL_ROWS_MAX 1048576
enum { /* kl_roll_spec.flags */
    KL_ROLL_BEFORE = 1, /* the window ends with the row before the current one, which is only compared with it */
    KL_ROLL_WHOLE = 2   /* with a period: the statistics of the last period that is over, known from the first row of the next;
                         * periods without a row do not count */
};
/** Which rows a window holds, and what is wanted of it: several statistics of one window share their work.
 *
 *  By default the last `rows` rows. With `span_us` the rows of the last span_us microseconds: open time above t - span_us up
 *  to t; with KL_ROLL_BEFORE from t - span_us up to below t. With `period` (unit not 0) the rows since the period of the current row
 *  began: cumulative by day or session, e.g. 1d anchored at the session's opening. In both, `rows` is the room: the most
 *  rows that a window may hold.
 *
 *  A value is missing where it is NaN, infinite or of a magnitude of 2^1000 (1e301) or more; with two inputs, where one of
 *  them is. min_count 0: every row of the window must be known, and a window by rows must be full. min_count 1 or more: so many known values are
 *  enough, missing ones and rows before the first are passed over. What compares the current value is unknown where that is
 *  missing. */
typedef struct kl_roll_spec {
    uint32_t struct_size;
    uint32_t flags;     /* KL_ROLL_BEFORE | KL_ROLL_WHOLE */
    int64_t rows;       /* 1 .. KL_ROLL_ROWS_MAX */
    int64_t span_us;    /* 0: none */
    kl_interval period; /* unit 0: none */
    int64_t min_count;  /* 0 .. rows */
    int32_t ddof;       /* 1: of a sample; 0: of the population */
    uint32_t n_stats;   /* 1 .. KL_ROLL_STATS_MAX */
    kl_roll_stat stats[KL_ROLL_STATS_MAX];
} kl_roll_spec;

/** Describes a full window of one statistic: by rows, of a sample, the current row included.
 *
 *  `spec`: overwritten. `what`: KL_ROLL_x; further ones may be appended to spec->stats by hand. `rows`: length of the window.
 *  Return: KL_OK; KL_E_ARG where `spec` is NULL. Numbers are checked by kl_roll_size and kl_roll_init.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_roll_spec_init(kl_roll_spec *spec, int32_t what, int64_t rows);

/** Rolling statistics of one window: opaque, pointer-free; copying its bytes clones it. Outputs are finite numbers, never
 *  -0.0, or the one NaN 0x7ff8000000000000. */
typedef struct kl_roll kl_roll;

/** Says how many inputs a window takes.
 *
 *  `spec`: checked.
 *  Return: 1; 2 where one statistic takes two (those of one input then take the first); 0 where `spec` is not valid.
 *  On failure: 0.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API uint32_t kl_roll_inputs(const kl_roll_spec *spec);

/** Says how much memory a window needs.
 *
 *  `spec`: which. `bytes`: the size: at most 2 KB, 8 bytes a row for each input and for its time, and for each family of
 *  statistics that share their work up to 512 bytes and 16 to 144 a row, 24 to 352 where values may be missing or windows vary
 *  in length (docs/windows.md: Cost). `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG where a number is out of range, error->arg then counts the field that is wrong from 1 in the order
 *  of the struct and error->column the statistic; KL_E_INTERVAL or KL_E_ANCHOR for a period that is none or lacks its anchor.
 *  On failure: nothing is written but `error`.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_roll_size(const kl_roll_spec *spec, size_t *bytes, kl_error *error);

/** Starts a window in the caller's memory.
 *
 *  `memory`: aligned to 8, `bytes` long, at least what kl_roll_size said; it needs no end. `spec`: copied. `roll`: the
 *  object, which is `memory`. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG, KL_E_INTERVAL, KL_E_ANCHOR as kl_roll_size; KL_E_SIZE where `bytes` is too small.
 *  On failure: `roll` is left alone; `error` tells.
 *  Cost: O(size), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_roll_init(void *memory, size_t bytes, const kl_roll_spec *spec, kl_roll **roll, kl_error *error);

/** Takes the next rows.
 *
 *  `roll`: goes on behind them. `time`: `n` open times, rising strictly, also from call to call; NULL where neither span nor
 *  period is used. `in`: one array of `n` doubles for each input. `n`: rows. `out`: one array of `n` doubles for each
 *  statistic, NULL where one is not wanted; out[s][j] belongs to row j. An output may be the very array of an input.
 *  `error`: or NULL; its row is the 1-based index in this call.
 *  Return: KL_OK; KL_E_ARG where an array is missing; KL_E_ORDER where a time does not rise; KL_E_SIZE where a span or
 *  period holds more than spec.rows rows; KL_E_OVERFLOW for a time that is in no period.
 *  On failure: nothing is written and no row is taken.
 *  Cost: O(1) to O(log rows) a row, order statistics O(rows / 8) up to 255 rows; no allocation, at most 128 KB of stack.
 *  Thread: exclusive on `roll`.
 *  Source: docs/windows.md.
 *  Since: 0.1 */
KL_API kl_status kl_roll_run(kl_roll *roll, const kl_time *time, const double *const *in, size_t n, double *const *out, kl_error *error);

/** Takes one row.
 *
 *  `roll`: goes on behind it. `time`: its open time; not used without span or period. `in`: one double for each input.
 *  `out`: room for one double for each statistic.
 *  Return: KL_OK; KL_E_ARG; KL_E_ORDER; KL_E_SIZE; KL_E_OVERFLOW.
 *  On failure: nothing is written and the row is not taken.
 *  Cost: O(log rows); no allocation, at most 128 KB of stack.
 *  Thread: exclusive on `roll`.
 *  Source: docs/windows.md.
 *  Since: 0.1 */
KL_API kl_status kl_roll_step(kl_roll *roll, kl_time time, const double *in, double *out);

/** Says what kl_roll_step would give for a row that still forms, and takes nothing.
 *
 *  `roll`: is not changed. `scratch`: aligned to 8, `bytes` long, at least kl_roll_size. `time`, `in`, `out`: as
 *  kl_roll_step.
 *  Return: KL_OK; KL_E_ARG; KL_E_ORDER; KL_E_SIZE; KL_E_OVERFLOW.
 *  On failure: nothing is written to `out`.
 *  Cost: a copy of the state and one step; no allocation, at most 128 KB of stack.
 *  Thread: shared-const on `roll`, exclusive on `scratch`.
 *  Source: docs/windows.md.
 *  Since: 0.1 */
KL_API kl_status kl_roll_peek(const kl_roll *roll, void *scratch, size_t bytes, kl_time time, const double *in, double *out);

/** Says how long the snapshot of a window is.
 *
 *  `roll`: which; the size depends on its spec only.
 *  Return: bytes; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_roll_snapshot_size(const kl_roll *roll);

/** Writes all that the future depends on: the spec and the raw values of the window, little-endian with a CRC-32C, the
 *  same bytes on every machine and after every way of running.
 *
 *  `roll`: which. `bytes`: room of `capacity` bytes, at least kl_roll_snapshot_size. `used`: the length.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: nothing is written.
 *  Cost: O(rows), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_roll_snapshot(const kl_roll *roll, void *bytes, size_t capacity, size_t *used);

/** Continues where a snapshot was taken.
 *
 *  `roll`: a window of the same spec, in any state. `bytes`: the snapshot, `n` bytes long. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_CORRUPT where it is damaged or cut; KL_E_VERSION where a newer library wrote it;
 *  KL_E_DEFINITION where it is of another spec or definition: replay the rows instead.
 *  On failure: `roll` is as before; `error` tells.
 *  Cost: O(rows * log rows); no allocation, at most 128 KB of stack.
 *  Thread: exclusive on `roll`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_roll_restore(kl_roll *roll, const void *bytes, size_t n, kl_error *error);

/** Counts what was missing so far.
 *
 *  `roll`: which. `infinite`: how many of them were infinite or of a magnitude of 2^1000 or more; or NULL.
 *  Return: rows with a missing value; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API uint64_t kl_roll_missing(const kl_roll *roll, uint64_t *infinite);

/** Runs a window over whole columns, from its start, in the threads of the caller: the bits of kl_roll_run.
 *
 *  `spec`: which. `time`, `in`, `n`, `out`: as kl_roll_run; outputs must not be inputs. `executor`: runs the slices; NULL: this
 *  thread alone. `alloc`: gives the memory of the states for the time of the call; NULL: libc. `error`: or NULL.
 *  Return: KL_OK; the errors of kl_roll_size and kl_roll_run; KL_E_MEMORY.
 *  On failure: outputs may be written in part; `error` tells.
 *  Cost: as kl_roll_run and at most rows of replay for each slice; one allocation for all slices; each task at most 128 KB of
 *        stack.
 *  Thread: pure.
 *  Source: docs/windows.md.
 *  Since: 0.1 */
KL_API kl_status kl_roll_batch(const kl_roll_spec *spec, const kl_time *time, const double *const *in, size_t n, const kl_executor *executor,
                               const kl_alloc *alloc, double *const *out, kl_error *error);

/** Looks back by the first lag whose value is known.
 *
 *  `x`: `n` values. `lags`: `n_lags` distances in rows, tried in order, e.g. {4, 1, 0}: four rows ago, else the row before,
 *  else the current one. `out`: `n` values, unknown where none is known; must not be `x`.
 *  Return: KL_OK; KL_E_ARG where a pointer is NULL or a lag is below 0.
 *  On failure: nothing is written.
 *  Cost: O(n * n_lags), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_lag_coalesce(const double *x, size_t n, const int64_t *lags, size_t n_lags, double *out);

/* -------------------------------------------------------------------------------------------------------- ring --- */

/** The last values of a stream, contiguous: each is kept twice. Opaque, pointer-free. */
typedef struct kl_ring kl_ring;

/** Says how much memory a ring needs.
 *
 *  `capacity`: values, 1 .. 2^40.
 *  Return: bytes; 0 where `capacity` is out of range or the size does not fit size_t.
 *  On failure: 0.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_ring_size(size_t capacity);

/** Makes an empty ring in the caller's memory.
 *
 *  `memory`: aligned to 8, `bytes` long, at least kl_ring_size(`capacity`). `ring`: the object, which is `memory`.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_ring_init(void *memory, size_t bytes, size_t capacity, kl_ring **ring);

/** Appends a value; a full ring drops its oldest.
 *
 *  `ring`: which. `x`: any bits, kept as they are.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), two stores.
 *  Thread: exclusive on `ring`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_ring_push(kl_ring *ring, double x);

/** Counts the values that are there.
 *
 *  `ring`: which.
 *  Return: 0 .. capacity.
 *  On failure: 0 for NULL.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_ring_count(const kl_ring *ring);

/** Reads a value by its age.
 *
 *  `ring`: which. `age`: 0 is the newest.
 *  Return: the value; NaN where there is none so old.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API double kl_ring_at(const kl_ring *ring, size_t age);

/** Gives the last values as one array, the oldest first.
 *
 *  `ring`: which. `n`: how many, 1 .. kl_ring_count.
 *  Return: the array, valid until the next push; NULL where there are fewer.
 *  On failure: NULL.
 *  Cost: O(1), no copy.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const double *kl_ring_window(const kl_ring *ring, size_t n);

/* ----------------------------------------------------------------------------------------------- cross-section --- */

/** Describes the values of many symbols at one time.
 *
 *  `x`: `n` values; missing ones (NaN, infinite, magnitude of 2^1000 or more) are passed over. `ddof`: 0 or 1. `mean`,
 *  `std`: unknown where too few are known; exactly the value and 0 where all are equal; or NULL.
 *  Return: how many are known.
 *  On failure: 0, and nothing is written, where `x` is NULL.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: docs/windows.md.
 *  Since: 0.1 */
KL_API size_t kl_cross_moments(const double *x, size_t n, int32_t ddof, double *mean, double *std);

/** Standardises the values of many symbols at one time.
 *
 *  `x`: `n` values. `ddof`: 0 or 1. `z`: `n` values (x - mean) / std, unknown where x is missing or std is 0; may be `x`.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: docs/windows.md.
 *  Since: 0.1 */
KL_API kl_status kl_cross_zscore(const double *x, size_t n, int32_t ddof, double *z);

/** Ranks the values of many symbols at one time, 1 for the smallest.
 *
 *  `x`: `n` values. `rule`: KL_RANK_AVERAGE, KL_RANK_MIN or KL_RANK_MAX of equal ones, KL_RANK_BELOW: how many are smaller. `scratch`:
 *  room for `n` size_t. `rank`: `n` values, unknown where x is missing; must not be `x`.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n * log n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_cross_rank(const double *x, size_t n, int32_t rule, size_t *scratch, double *rank);

/** Finds the greatest or smallest values of many symbols at one time.
 *
 *  `x`: `n` values; missing ones never count. `k`: how many are wanted: 1 .. k greatest, or -1 .. -k smallest. `index`: room
 *  for |k| places: where they stand in `x`, best first, of equal ones the lower index first.
 *  Return: how many were found, at most |k|; 0 where a pointer is NULL.
 *  On failure: 0.
 *  Cost: O(n * log |k|), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_cross_top(const double *x, size_t n, int64_t k, size_t *index);

#ifdef __cplusplus
}
#endif
#endif
