/* kline/corr.h: correlations of many symbols: the rolling matrix, what changed in it, its graph, EWMA covariance.
 *
 * The matrix works on a common time grid: row `index` is open_time / interval, x[i] the value (usually the return) of symbol i
 * in that row, NaN where there is none. A correlation depends on the last `rows` values of its two symbols and on index mod
 * rows, on nothing else: push and scan, any chunking, any start, any threads and instruction set give the same bits.
 *
 * A symbol is flat, and its correlations are NaN, where its squared deviations in the window add up to less than 2^-1000 (values that
 * move by less than about 3e-151): there squares lose digits. Every
 * correlation that is given has all of its own.
 *
 * Pairs i < j are packed as the upper triangle by rows: (0,1) (0,2) .. (0,S-1) (1,2) .. (S-2,S-1). */
#ifndef KLINE_CORR_H
#define KLINE_CORR_H
#include "kline/data.h"
#ifdef __cplusplus
extern "C" {
#endif

#define KL_CORR_SYMBOLS_MAX 8192
#define KL_CORR_ROWS_MAX 65536

/** Counts the pairs of symbols.
 *
 *  `symbols`: 0 .. KL_CORR_SYMBOLS_MAX.
 *  Return: symbols * (symbols - 1) / 2; 0 where there are fewer than two or too many.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_pair_count(size_t symbols);

/** Gives the place of a pair in a packed triangle.
 *
 *  `symbols`: all of them. `i`, `j`: two different ones, in any order.
 *  Return: 0 .. kl_pair_count - 1; SIZE_MAX where there is no such pair.
 *  On failure: SIZE_MAX.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_pair_index(size_t symbols, size_t i, size_t j);

/** Gives the pair at a place in a packed triangle.
 *
 *  `symbols`: all of them. `index`: below kl_pair_count. `i`, `j`: the pair, i < j.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1), or O(log symbols).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_pair_at(size_t symbols, size_t index, size_t *i, size_t *j);

/* ----------------------------------------------------------------------------------------- rolling matrix --- */

enum { /* kl_corr_spec.flags */
    KL_CORR_PAIRWISE = 1 /* a pair is made of the rows in which both are known, at least min_count; otherwise of full windows only */
};
typedef struct kl_corr_spec {
    uint32_t struct_size;
    uint32_t flags;
    int64_t symbols;   /* 2 .. KL_CORR_SYMBOLS_MAX */
    int64_t rows;      /* length of the window, 2 .. KL_CORR_ROWS_MAX */
    int64_t min_count; /* with KL_CORR_PAIRWISE: 2 .. rows; otherwise 0 */
} kl_corr_spec;

/** Describes a strict matrix: a pair is unknown while the window of either symbol has a hole.
 *
 *  `spec`: overwritten. `symbols`, `rows`: see kl_corr_spec; checked by kl_corr_size.
 *  Return: KL_OK; KL_E_ARG where `spec` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_corr_spec_init(kl_corr_spec *spec, int64_t symbols, int64_t rows);

/** A rolling correlation matrix: opaque, pointer-free; copying its bytes to memory of the same alignment clones it. */
typedef struct kl_corr kl_corr;

/** Says how much memory a matrix needs.
 *
 *  About 4 * symbols^2 + 32 * rows * symbols bytes, symbols rounded up to a multiple of 8: docs/correlation.md has the table.
 *  `spec`: which. `bytes`: the size. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG where a number is out of range; KL_E_OVERFLOW where the size does not fit size_t.
 *  On failure: nothing is written but `error`.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_corr_size(const kl_corr_spec *spec, size_t *bytes, kl_error *error);

/** Starts a matrix in the caller's memory.
 *
 *  `memory`: aligned to 64, `bytes` long, at least what kl_corr_size said; it needs no end. `spec`: copied. `corr`: the
 *  object, which is `memory`. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE; KL_E_OVERFLOW.
 *  On failure: `corr` is left alone; `error` tells.
 *  Cost: O(size), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_corr_init(void *memory, size_t bytes, const kl_corr_spec *spec, kl_corr **corr, kl_error *error);

/** Takes one row of the time grid.
 *
 *  `corr`: goes on behind it. `index`: number of the row, above the last one; numbers left out are rows without any value.
 *  `x`: one value for each symbol; missing where NaN, infinite or of a magnitude of 2^500 or more. `error`: or NULL.
 *  Return: KL_OK; KL_E_ORDER where `index` does not rise; KL_E_ARG.
 *  On failure: nothing changes.
 *  Cost: O(symbols); O(rows * symbols) in each row whose index is a multiple of `rows` and behind a gap; no allocation.
 *  Thread: exclusive on `corr`.
 *  Source: docs/correlation.md.
 *  Since: 0.1 */
KL_API kl_status kl_corr_push(kl_corr *corr, int64_t index, const double *x, kl_error *error);

/** Gives the correlation of one pair.
 *
 *  `corr`: not changed. `i`, `j`: symbols. `r`: in -1..1, exactly 1 for i = j with a variance, the same bits for (j, i); NaN
 *  where it is unknown or one of them is flat.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(rows), no allocation.
 *  Thread: shared-const.
 *  Source: docs/correlation.md.
 *  Since: 0.1 */
KL_API kl_status kl_corr_pair(const kl_corr *corr, size_t i, size_t j, double *r);

/** Gives the covariance of one pair, or the variance of one symbol.
 *
 *  `corr`: not changed. `i`, `j`: symbols, also the same. `ddof`: 1 or 0. `cov`: the covariance, NaN where unknown.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(rows), no allocation.
 *  Thread: shared-const.
 *  Source: docs/correlation.md.
 *  Since: 0.1 */
KL_API kl_status kl_corr_cov(const kl_corr *corr, size_t i, size_t j, int32_t ddof, double *cov);

/** Gives all correlations of the last row.
 *
 *  `corr`: keeps what it computed meanwhile. `packed`: kl_pair_count(symbols) doubles: the bits of kl_corr_pair.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(rows * symbols^2): on average rows / 2 multiplications and additions a pair; with KL_CORR_PAIRWISE about 40 * rows
 *  operations for a pair with a hole; no allocation.
 *  Thread: exclusive on `corr`.
 *  Source: docs/correlation.md.
 *  Since: 0.1 */
KL_API kl_status kl_corr_matrix(kl_corr *corr, double *packed);

/** Gives all covariances of the last row as a full square.
 *
 *  `corr`: keeps what it computed meanwhile. `ddof`: 1 or 0. `square`: symbols * symbols doubles, symmetric, variances on the
 *  diagonal: the bits of kl_corr_cov.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: as kl_corr_matrix.
 *  Thread: exclusive on `corr`.
 *  Source: docs/correlation.md.
 *  Since: 0.1 */
KL_API kl_status kl_corr_cov_matrix(kl_corr *corr, int32_t ddof, double *square);

/** Tells how each symbol moves with all: its correlation with the sum of all standardised symbols, and the average pair.
 *
 *  `corr`: not changed. Symbols whose window has a hole or is flat stay out, with KL_CORR_PAIRWISE too. `scratch`: `rows` doubles.
 *  `average`: average correlation of all pairs of the others, made without the matrix, NaN where fewer than two take part; or NULL.
 *  `each`: one double for each symbol; NaN for those left out, and for all where the symbols cancel: where their sum is shorter than
 *  2^-40 of the number that took part, as that of two opposite ones is; or NULL.
 *  Return: how many symbols took part; KL_E_ARG below 0.
 *  On failure: nothing is written.
 *  Cost: O(symbols * rows), no allocation.
 *  Thread: shared-const on `corr`.
 *  Source: sum of z over symbols: average = (|sum z|^2 / rows - S) / (S (S - 1)) in population z.
 *  Since: 0.1 */
KL_API int64_t kl_corr_market(const kl_corr *corr, double *scratch, double *average, double *each);

/** Says how long the snapshot of a matrix is.
 *
 *  `corr`: which.
 *  Return: bytes, 8 * rows * symbols + 72; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_corr_snapshot_size(const kl_corr *corr);

/** Writes all that the future depends on, little-endian with a CRC-32C, the same bytes on every machine.
 *
 *  `corr`: which. `bytes`: room of `capacity` bytes. `used`: the length.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(rows * symbols), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_corr_snapshot(const kl_corr *corr, void *bytes, size_t capacity, size_t *used);

/** Continues where a snapshot was taken.
 *
 *  `corr`: of the same spec, in any state. `bytes`: the snapshot, `n` bytes long. `error`: or NULL.
 *  Return: KL_OK; KL_E_CORRUPT; KL_E_VERSION; KL_E_DEFINITION where it is of another spec or definition; KL_E_ARG.
 *  On failure: `corr` is as before; `error` tells.
 *  Cost: O(rows * symbols^2) at most, no allocation.
 *  Thread: exclusive on `corr`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_corr_restore(kl_corr *corr, const void *bytes, size_t n, kl_error *error);

/** A tile of a scan: r[row * row_stride + a * i_stride + b] is the correlation of symbols i + a and j + b in row
 *  first_row + row, row < n_rows, a < n_i, b < n_j. Where i + a >= j + b it is NaN and not a pair. Each pair of each row comes once. */
typedef struct kl_corr_tile {
    size_t first_row, n_rows, i, n_i, j, n_j;
    size_t row_stride, i_stride;
    const double *r; /* valid during the call */
} kl_corr_tile;
typedef kl_status (*kl_corr_tile_fn)(void *ctx, const kl_corr_tile *tile);

/** Computes the correlations of every pair in every row of a history, tile by tile, which never leave the cache.
 *
 *  `spec`: which. `index`: number of row 0 on the grid. `x`: `n` rows of spec->symbols values, `stride` values from row to row; rows
 *  in front of them are missing. `executor`: runs tasks of a few blocks of rows; NULL: this thread alone. `alloc`: for scratch of
 *  each task, about 32 * rows * (symbols + 60) bytes, from the threads of the executor; NULL: libc. `tile`: called for every
 *  tile, from the threads of the executor, in no order, with `ctx`; a negative status ends the scan. `error`: or NULL.
 *  Return: KL_OK; the tile's own negative status; KL_E_MEMORY; KL_E_ARG.
 *  On failure: tiles so far have been given.
 *  Cost: O(1) operations a pair and row whatever the window; strict: about 0.2 ns on AVX-512. Pairs with a hole take O(rows)
 *  with KL_CORR_PAIRWISE.
 *  Thread: pure.
 *  Source: docs/correlation.md: the bits of kl_corr_push and kl_corr_matrix.
 *  Since: 0.1 */
KL_API kl_status kl_corr_scan(const kl_corr_spec *spec, int64_t index, const double *x, size_t n, size_t stride, const kl_executor *executor,
                              const kl_alloc *alloc, kl_corr_tile_fn tile, void *ctx, kl_error *error);

/** Computes the packed matrix of every row of a history.
 *
 *  `spec`, `index`, `x`, `n`, `stride`, `executor`, `alloc`, `error`: as kl_corr_scan. `packed`: n * kl_pair_count(symbols) doubles, the matrix of each
 *  row behind that of the one before.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG.
 *  On failure: `packed` may be written in part.
 *  Cost: as kl_corr_scan and the writing.
 *  Thread: pure.
 *  Source: docs/correlation.md.
 *  Since: 0.1 */
KL_API kl_status kl_corr_run(const kl_corr_spec *spec, int64_t index, const double *x, size_t n, size_t stride, const kl_executor *executor,
                             const kl_alloc *alloc, double *packed, kl_error *error);

/* ------------------------------------------------------------------------------------ reading a matrix --- */

enum { KL_CORR_UNKNOWN = 0, KL_CORR_NONE = 1, KL_CORR_LOW = 2, KL_CORR_MEDIUM = 3, KL_CORR_HIGH = 4 };
/** Classifies a correlation by its magnitude.
 *
 *  `r`: any; NaN is KL_CORR_UNKNOWN. `limits`: of low, medium and high, none below the one before, reached where |r| is at or
 *  above; NULL: 0.3, 0.5, 0.8.
 *  Return: KL_CORR_x.
 *  On failure: KL_CORR_UNKNOWN where the limits fall.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_corr_regime(double r, const double *limits /* 3 */);

/** Gives the difference of two correlations in Fisher's space as a correlation: tanh(atanh(r) - atanh(base)).
 *
 *  `r`, `base`: in -1..1. With one of them at an end of the range the result is an end too, exactly; equal ones give 0.
 *  Return: (r - base) / (1 - r * base), in -1..1, at most 5 * 2^-53 of itself off; NaN where one is unknown or out of range, or both
 *  are the same end.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: R. A. Fisher 1921; tanh of a difference.
 *  Since: 0.1 */
KL_API double kl_corr_shift(double r, double base);

/** Gives the limit of kl_corr_shift that is `sigmas` standard errors away.
 *
 *  `sigmas`: above 0; many pairs need more: 5.3 for 1 % of false alarms in 124,750. `rows`: of the window, at least 4.
 *  Windows that overlap are not independent: a lasting break is one that later windows confirm.
 *  Return: tanh(sigmas / sqrt(rows - 3)), at most 6 * 2^-53 of itself off; NaN out of range.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: standard error of Fisher's z: 1 / sqrt(rows - 3).
 *  Since: 0.1 */
KL_API double kl_corr_shift_limit(double sigmas, int64_t rows);

enum { KL_BREAK_DIFFERENCE = 0, /* r - before */ KL_BREAK_FISHER = 1 /* kl_corr_shift(r, before) */ };
typedef struct kl_corr_break {
    size_t i, j;
    double r, before, change;
} kl_corr_break;
/** Finds the pairs whose correlation broke away from what it was: from the row before, or from a baseline.
 *
 *  `now`, `before`: packed matrices of `symbols` symbols; a pair that is unknown in one of them did not break. `how`: KL_BREAK_x.
 *  `limit`: a pair broke where |change| is above it; below 0 every known pair counts. `top`: room for `capacity` breaks: those with the
 *  greatest |change|, greatest first, of equal ones the lower pair; may be NULL with capacity 0. `total`: how many broke.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(symbols^2 + total * log capacity), no allocation.
 *  Thread: pure.
 *  Source: KL_BREAK_DIFFERENCE: own definition; KL_BREAK_FISHER: kl_corr_shift, bit for bit.
 *  Since: 0.1 */
KL_API kl_status kl_corr_breaks(const double *now, const double *before, size_t symbols, int32_t how, double limit, kl_corr_break *top,
                                size_t capacity, size_t *total);

typedef struct kl_corr_summary {
    size_t known;           /* pairs with a correlation; where it is 0 the numbers are NaN and the symbols SIZE_MAX */
    double average;         /* of r, within least .. greatest */
    double average_abs;     /* of |r| */
    double diversification; /* 1 - average_abs */
    double least, greatest; /* and their pairs, of equal ones the lowest */
    size_t least_i, least_j, greatest_i, greatest_j;
} kl_corr_summary;
/** Sums up a matrix: averages, extremes, diversification score.
 *
 *  `packed`: matrix of `symbols` symbols; unknown pairs stay out. `summary`: overwritten.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(symbols^2), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_corr_sum_up(const double *packed, size_t symbols, kl_corr_summary *summary);

/* --------------------------------------------------------------------------------------- correlation graph --- */

typedef struct kl_corr_edge {
    size_t i, j; /* i < j */
    double r;
} kl_corr_edge;
/** Finds the minimum spanning tree of the distances sqrt(2 (1 - r)): the strongest correlations that join all symbols.
 *
 *  `packed`: matrix of `symbols` symbols; unknown pairs are no edges. `scratch`: 3 * symbols doubles. `edges`: room for symbols - 1:
 *  in falling order of r, of equal ones the lower pair first, which also decides between trees of equal length. `n`: how many; fewer
 *  than symbols - 1 where the known pairs do not join all: then one tree for each part.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(symbols^2), no allocation.
 *  Thread: pure.
 *  Source: Mantegna 1999; Prim's algorithm.
 *  Since: 0.1 */
KL_API kl_status kl_corr_tree(const double *packed, size_t symbols, double *scratch, kl_corr_edge *edges, size_t *n);

/** Counts the neighbours of each symbol: those with |r| at or above a cutoff.
 *
 *  `packed`: matrix of `symbols` symbols; unknown pairs are no edges. `cutoff`: above 0. `degree`: one count for each symbol. `strength`:
 *  the sum of |r| over these neighbours; or NULL.
 *  Return: the number of edges; 0 where an argument is missing or out of range.
 *  On failure: 0.
 *  Cost: O(symbols^2), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_corr_degree(const double *packed, size_t symbols, double cutoff, int64_t *degree, double *strength);

enum {
    KL_CENTRALITY_DEGREE = 0,      /* degree / (symbols - 1) */
    KL_CENTRALITY_EIGENVECTOR = 1, /* of the weights |r|, greatest entry 1; next to 0 outside of the part with the greatest eigenvalue */
    KL_CENTRALITY_CLOSENESS = 2,   /* by steps over edges, after Wasserman and Faust where the graph falls apart */
    KL_CENTRALITY_BETWEENNESS = 3  /* share of shortest paths by steps, normalised by (symbols - 1)(symbols - 2) / 2 */
};
/** Says how much scratch kl_corr_centrality needs.
 *
 *  `symbols`: 1 .. KL_CORR_SYMBOLS_MAX.
 *  Return: bytes, about symbols^2 / 8; 0 out of range.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_corr_centrality_size(size_t symbols);

/** Measures how central each symbol is in the graph of pairs with |r| at or above a cutoff.
 *
 *  `packed`: matrix of `symbols` symbols; unknown pairs are no edges. `cutoff`: above 0. `kind`: KL_CENTRALITY_x. `scratch`: aligned to
 *  8, `bytes` long, at least what kl_corr_centrality_size said. `centrality`: one double for each symbol, 0 for one without edges.
 *  The eigenvector takes power steps until no entry moves by more than 2^-48, at most 1000: an estimate where two eigenvalues are as
 *  good as equal.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: degree and each power step O(symbols^2), closeness and betweenness O(symbols * (edges + symbols^2 / 64)); no allocation.
 *  Thread: pure.
 *  Source: Bonacich 1972 (eigenvector), Wasserman and Faust 1994 (closeness), Brandes 2001 (betweenness).
 *  Since: 0.1 */
KL_API kl_status kl_corr_centrality(const double *packed, size_t symbols, double cutoff, int32_t kind, void *scratch, size_t bytes,
                                    double *centrality);

/* ----------------------------------------------------------------------------------------- EWMA covariance --- */

/** Exponentially weighted covariance of many symbols: C = lambda * C + (1 - lambda) * x x', mean 0, about 4 * symbols^2 bytes.
 *  Opaque, pointer-free: copying its bytes to memory of the same alignment clones it. Infinite memory: results depend on where it
 *  began. Positive semidefinite, but for rounding, while no value was missing; with holes pairs remember different rows. */
typedef struct kl_ewma kl_ewma;

/** Says how much memory an EWMA covariance needs.
 *
 *  `symbols`: 1 .. KL_CORR_SYMBOLS_MAX.
 *  Return: bytes; 0 where `symbols` is out of range or the size does not fit size_t.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_ewma_size(size_t symbols);

/** Starts an EWMA covariance in the caller's memory.
 *
 *  `memory`: aligned to 64, `bytes` long. `symbols`: as kl_ewma_size. `lambda`: decay a row, above 0 and below 1, e.g. 0.94. `ewma`: the object.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(symbols^2), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: Longerstaey and Spencer, RiskMetrics, 1996.
 *  Since: 0.1 */
KL_API kl_status kl_ewma_init(void *memory, size_t bytes, size_t symbols, double lambda, kl_ewma **ewma);

/** Takes one row.
 *
 *  `ewma`: a pair takes its first common row as it is, then decays; with a missing value (NaN, infinite, magnitude of 2^500
 *  or more) of one of both it holds. What falls below 2^-1000 is 0. `x`: one value for each symbol.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing changes.
 *  Cost: O(symbols^2), no allocation.
 *  Thread: exclusive on `ewma`.
 *  Source: Longerstaey and Spencer, RiskMetrics, 1996.
 *  Since: 0.1 */
KL_API kl_status kl_ewma_push(kl_ewma *ewma, const double *x);

/** Gives a covariance or a correlation.
 *
 *  `ewma`: not changed. `i`, `j`: symbols, also the same. `cov`: NaN while unknown; or NULL. `r`: within -1..1, exactly 1 for i = j;
 *  NaN while unknown or where one of them has variance 0; or NULL.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: r = C_ij / sqrt(C_ii) / sqrt(C_jj).
 *  Since: 0.1 */
KL_API kl_status kl_ewma_pair(const kl_ewma *ewma, size_t i, size_t j, double *cov, double *r);

/** Gives all correlations.
 *
 *  `ewma`: not changed. `packed`: kl_pair_count(symbols) doubles.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(symbols^2), no allocation.
 *  Thread: shared-const.
 *  Source: as kl_ewma_pair.
 *  Since: 0.1 */
KL_API kl_status kl_ewma_matrix(const kl_ewma *ewma, double *packed);

/** Says how long the snapshot of an EWMA covariance is.
 *
 *  `ewma`: which.
 *  Return: bytes; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_ewma_snapshot_size(const kl_ewma *ewma);

/** Writes all that the future depends on, little-endian with a CRC-32C.
 *
 *  `ewma`: which. `bytes`: room of `capacity` bytes. `used`: the length.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(symbols^2), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_ewma_snapshot(const kl_ewma *ewma, void *bytes, size_t capacity, size_t *used);

/** Continues where a snapshot was taken.
 *
 *  `ewma`: of the same symbols and lambda. `bytes`: the snapshot, `n` bytes long. `error`: or NULL.
 *  Return: KL_OK; KL_E_CORRUPT; KL_E_VERSION; KL_E_DEFINITION; KL_E_ARG.
 *  On failure: `ewma` is as before; `error` tells.
 *  Cost: O(symbols^2), no allocation.
 *  Thread: exclusive on `ewma`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_ewma_restore(kl_ewma *ewma, const void *bytes, size_t n, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
