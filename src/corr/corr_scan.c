/* Correlations of a whole history, block by block and tile by tile. */
#include "base/fp.h"
#include "base/size.h"
#include "corr/corr_symbols.h"
#include "simd/level.h"
#include <stdatomic.h>
#include <string.h>

enum { CORR_SCAN_WIDTH = 2 * KL__CORR_LANES, CORR_SCAN_TASKS = 64, CORR_SCAN_FEW = 16 };

/* What all tasks share. */
typedef struct corr_scan {
    kl_corr_spec spec;
    const double *x;
    size_t n, stride, symbols, rows, groups;
    int64_t blocks;   /* that hold rows of the history */
    size_t place;     /* of row 0 in its block */
    size_t chunk;     /* blocks of a task */
    size_t parts;     /* tasks that share these blocks */
    kl__corr_tables tables;
    const kl__corr_kernels *kernels;
    const kl_alloc *alloc;
    kl_corr_tile_fn tile;
    void *ctx;
    _Atomic int32_t stop; /* a task failed: the others need not begin */
} corr_scan;

/* Memory of a task: rows of a group are [row][8], facts [row][32]. */
typedef struct corr_scan_task {
    double *facts;            /* of all groups */
    double *row;              /* weighted facts of the group of the tile's rows */
    double *r;                /* the tile */
    double *past, *now;       /* values of two blocks; of all groups where pairs may have holes */
    double *m2;               /* of windows; likewise */
    double *mean, *past_mean, *prefix_m2, *past_m2;
    unsigned char *holes;     /* by group: some window has one */
} corr_scan_task;

/* ------------------------------------------------------------------------------------------------- symbols --- */

/* Values of a group in the block that begins with row `first`, which may lie in front of the history or end behind it. */
KL__INLINE void corr_scan_take_body(const corr_scan *s, size_t group, int64_t first, double *to) {
    const size_t i = group * KL__CORR_L, known = s->symbols - i < KL__CORR_L ? s->symbols - i : KL__CORR_L;
    double x[KL__CORR_L];
    for (size_t l = 0; l < KL__CORR_L; l++) x[l] = (double)NAN;
    for (size_t t = 0; t < s->rows; t++, to += KL__CORR_L) {
        const int64_t row = first + (int64_t)t;
        if (row < 0 || row >= (int64_t)s->n) {
            for (size_t l = 0; l < KL__CORR_L; l++) to[l] = (double)NAN;
            continue;
        }
        const double *from = s->x + (size_t)row * s->stride + i;
        if (known == KL__CORR_L) memcpy(x, from, sizeof x);
        else
            for (size_t l = 0; l < known; l++) x[l] = from[l];
        for (size_t l = 0; l < KL__CORR_L; l++) to[l] = kl__corr_value(x[l]);
    }
}

/* Facts of a group in a block, from its values in this block and the one before. */
KL__INLINE void corr_scan_facts_body(const corr_scan *s, const corr_scan_task *k, const double *past, const double *now, double *facts,
                                     double *window_m2) {
    const size_t rows = s->rows, last = rows - 1;
    const ptrdiff_t lanes = KL__CORR_LANES, wide = KL__CORR_FACTS;
    kl__corr_sums suffix = {{0}, {0}, {0}, {0}, {0}}, prefix = {{0}, {0}, {0}, {0}, {0}};
    double unused[KL__CORR_L];
    kl__corr_lane_rows back = {past + last * KL__CORR_L, facts + last * KL__CORR_FACTS + KL__CORR_SUFFIX, k->past_mean + last * KL__CORR_L,
                               k->past_m2 + last * KL__CORR_L, -lanes, -wide, -lanes};
    kl__corr_lane_rows forth = {now, facts + KL__CORR_PREFIX, k->mean, k->prefix_m2, lanes, wide, lanes};
    kl__corr_feed(&suffix, &s->tables, 0, rows, &back);
    kl__corr_feed(&prefix, &s->tables, 0, rows, &forth);
    for (size_t p = 0; p < rows; p++) {
        const size_t at = p * KL__CORR_L, next = (p < last ? p + 1 : p) * KL__CORR_L;
        kl__corr_merge(&s->tables, rows, p, prefix.anchor, k->mean + at, k->prefix_m2 + at, suffix.anchor, k->past_mean + next,
                       k->past_m2 + next, facts + p * KL__CORR_FACTS + KL__CORR_BRIDGE, window_m2 + at, unused);
    }
}

/* The side of the rows: the same times the weights. */
KL__INLINE void corr_scan_weigh_body(const corr_scan *s, const double *facts, double *row) {
    for (size_t t = 0; t < s->rows; t++, facts += KL__CORR_FACTS, row += KL__CORR_FACTS) {
        const double suffix = s->tables.weight[s->rows - t], prefix = s->tables.weight[t + 1], bridge = s->tables.bridge[t];
        double weighted[KL__CORR_FACTS];
        for (size_t l = 0; l < KL__CORR_L; l++) {
            weighted[KL__CORR_SUFFIX + l] = suffix * facts[KL__CORR_SUFFIX + l];
            weighted[KL__CORR_PREFIX + l] = prefix * facts[KL__CORR_PREFIX + l];
            weighted[KL__CORR_BRIDGE + l] = bridge * facts[KL__CORR_BRIDGE + l];
            weighted[KL__CORR_SCALE + l] = facts[KL__CORR_SCALE + l];
        }
        memcpy(row, weighted, sizeof weighted);
    }
}

KL__SIMD_EACH(corr_scan_facts,
              (const corr_scan *s, const corr_scan_task *k, const double *past, const double *now, double *facts, double *window_m2),
              (s, k, past, now, facts, window_m2))
KL__SIMD_EACH(corr_scan_take, (const corr_scan *s, size_t group, int64_t first, double *to), (s, group, first, to))
KL__SIMD_EACH(corr_scan_weigh, (const corr_scan *s, const double *facts, double *row), (s, facts, row))

typedef void (*corr_scan_facts_fn)(const corr_scan *, const corr_scan_task *, const double *, const double *, double *, double *);
typedef void (*corr_scan_take_fn)(const corr_scan *, size_t, int64_t, double *);
static const corr_scan_take_fn corr_scan_take_table[KL__SIMD_TIERS] = KL__SIMD_TABLE(corr_scan_take);
typedef void (*corr_scan_weigh_fn)(const corr_scan *, const double *, double *);
static const corr_scan_facts_fn corr_scan_facts_table[KL__SIMD_TIERS] = KL__SIMD_TABLE(corr_scan_facts);
static const corr_scan_weigh_fn corr_scan_weigh_table[KL__SIMD_TIERS] = KL__SIMD_TABLE(corr_scan_weigh);

/* Panel of a group in an array that keeps all groups only where pairs may have holes. */
KL__INLINE double *corr_scan_panel(const corr_scan *s, double *array, size_t group) {
    return s->spec.flags & KL_CORR_PAIRWISE ? array + group * s->rows * KL__CORR_L : array;
}

static void corr_scan_symbols(const corr_scan *s, const corr_scan_task *k, int64_t first) {
    const uint32_t tier = kl__simd_tier();
    for (size_t g = 0; g < s->groups; g++) {
        double *past = corr_scan_panel(s, k->past, g), *now = corr_scan_panel(s, k->now, g), *m2 = corr_scan_panel(s, k->m2, g);
        double *facts = k->facts + g * s->rows * KL__CORR_FACTS;
        corr_scan_take_table[tier](s, g, first - (int64_t)s->rows, past);
        corr_scan_take_table[tier](s, g, first, now);
        corr_scan_facts_table[tier](s, k, past, now, facts, m2);
        s->kernels->scale(m2, facts + KL__CORR_SCALE, s->rows, KL__CORR_FACTS);
        k->holes[g] = 0;
        if (!(s->spec.flags & KL_CORR_PAIRWISE)) continue;
        for (size_t v = 0; v < s->rows * KL__CORR_L; v++) k->holes[g] |= m2[v] != m2[v];
    }
}

/* --------------------------------------------------------------------------------------------------- tiles --- */

/* A group in the windows that end at place p. */
KL__INLINE kl__corr_side corr_scan_side(const corr_scan *s, const corr_scan_task *k, size_t group, size_t p) {
    const size_t panel = group * s->rows * KL__CORR_L;
    const kl__corr_side side = {k->now + panel, k->past + panel, k->m2 + panel + p * KL__CORR_L};
    return side;
}

/* Pairs of groups i and j with a hole in the window of one, from their common rows, in each row of a tile. */
static void corr_scan_holes(const corr_scan *s, const corr_scan_task *k, const kl_corr_tile *tile, size_t place, size_t i, size_t j) {
    if (!k->holes[i] && !k->holes[j]) return;
    for (size_t row = 0; row < tile->n_rows; row++) {
        const size_t p = place + row;
        const kl__corr_holes how = {s->rows, p, (double)s->spec.min_count, -1, s->kernels};
        const kl__corr_side side_i = corr_scan_side(s, k, i, p), side_j = corr_scan_side(s, k, j, p);
        kl__corr_direct_tile(&side_i, &side_j, i == j, &how, k->r + p * tile->row_stride + (j * KL__CORR_L - tile->j), tile->i_stride);
    }
}

static void corr_scan_diagonal(double *r, const kl_corr_tile *tile) {
    for (size_t row = 0; row < tile->n_rows; row++)
        for (size_t a = 0; a < KL__CORR_L; a++)
            for (size_t b = 0; b <= a; b++) r[row * tile->row_stride + a * tile->i_stride + b] = (double)NAN;
}

/* The block that begins with row `first`; tiles whose rows are the groups `part`, part + parts, ... */
static kl_status corr_scan_block(corr_scan *s, const corr_scan_task *k, int64_t first, size_t part) {
    const size_t from = first < 0 ? (size_t)-first : 0;
    const size_t to = (int64_t)s->n - first < (int64_t)s->rows ? (size_t)((int64_t)s->n - first) : s->rows;
    corr_scan_symbols(s, k, first);
    for (size_t i = part; i < s->groups; i += s->parts) {
        corr_scan_weigh_table[kl__simd_tier()](s, k->facts + i * s->rows * KL__CORR_FACTS, k->row);
        for (size_t j = i; j < s->groups; j += 2) {
            const double *column = k->facts + j * s->rows * KL__CORR_FACTS;
            const int two = j + 1 < s->groups;
            const kl__corr_block block = {k->row, {column, two ? column + s->rows * KL__CORR_FACTS : NULL}, s->rows, from, to};
            const size_t width = two ? 2 * KL__CORR_L : KL__CORR_L, all = width * KL__CORR_L, left = s->symbols - j * KL__CORR_L;
            kl_corr_tile tile = {(size_t)(first + (int64_t)from), to - from, i * KL__CORR_L, 0, j * KL__CORR_L, left < width ? left : width,
                                 all, width, k->r + from * all};
            tile.n_i = s->symbols - tile.i < KL__CORR_L ? s->symbols - tile.i : KL__CORR_L;
            s->kernels->block(&block, k->r);
            if (i == j) corr_scan_diagonal(k->r + from * all, &tile);
            if (s->spec.flags & KL_CORR_PAIRWISE)
                for (size_t g = j; g <= j + (size_t)two; g++) corr_scan_holes(s, k, &tile, from, i, g);
            KL__TRY(s->tile(s->ctx, &tile));
        }
    }
    return KL_OK;
}

/* --------------------------------------------------------------------------------------------------- tasks --- */

/* Lays the memory of a task out at `memory`, aligned to 64; NULL: only its size. Zero on success. */
static int corr_scan_layout(const corr_scan *s, double *memory, corr_scan_task *k, size_t *bytes) {
    const size_t kept = s->spec.flags & KL_CORR_PAIRWISE ? s->groups : 1;
    const struct {
        double **place;
        size_t panels, width;
    } parts[] = {{&k->facts, s->groups, KL__CORR_FACTS}, {&k->row, 1, KL__CORR_FACTS}, {&k->r, 1, CORR_SCAN_WIDTH * KL__CORR_L},
                 {&k->past, kept, KL__CORR_L}, {&k->now, kept, KL__CORR_L}, {&k->m2, kept, KL__CORR_L}, {&k->mean, 1, KL__CORR_L},
                 {&k->past_mean, 1, KL__CORR_L}, {&k->prefix_m2, 1, KL__CORR_L}, {&k->past_m2, 1, KL__CORR_L}};
    size_t end = 0, size;
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        if (memory) *parts[p].place = memory + end;
        if (kl__size_mul(parts[p].panels * parts[p].width, s->rows, &size) || kl__size_add(end, size, &end)) return 1;
    }
    if (memory) k->holes = (unsigned char *)(memory + end);
    return kl__size_mul(end, sizeof(double), bytes) || kl__size_add(*bytes, s->groups + 64, bytes);
}

static kl_status corr_scan_run_task(corr_scan *s, size_t index) {
    corr_scan_task k;
    size_t bytes;
    if (corr_scan_layout(s, NULL, &k, &bytes)) return KL_E_MEMORY;
    void *memory = s->alloc->take(s->alloc->ctx, bytes);
    if (!memory) return KL_E_MEMORY;
    unsigned char *aligned = (unsigned char *)memory + (64 - (uintptr_t)memory % 64) % 64;
    (void)corr_scan_layout(s, (double *)(void *)aligned, &k, &bytes);
    const int64_t begin = (int64_t)(index / s->parts * s->chunk), end = begin + (int64_t)s->chunk;
    kl_status status = KL_OK;
    for (int64_t b = begin; b < end && b < s->blocks && status >= 0; b++) {
        if (atomic_load_explicit(&s->stop, memory_order_relaxed)) break;
        status = corr_scan_block(s, &k, b * (int64_t)s->rows - (int64_t)s->place, index % s->parts);
    }
    s->alloc->give(s->alloc->ctx, memory, bytes);
    return status;
}

static kl_status corr_scan_task_run(void *arg, size_t index) {
    corr_scan *s = (corr_scan *)arg;
    if (atomic_load_explicit(&s->stop, memory_order_relaxed)) return KL_OK;
    kl_status status = corr_scan_run_task(s, index);
    if (status < 0) atomic_store_explicit(&s->stop, 1, memory_order_relaxed);
    return status;
}

/* Cuts the history into tasks: whole runs of blocks, and where these are few, shares of the tiles of each. */
static size_t corr_scan_cut(corr_scan *s, int64_t index, int threads) {
    s->place = (size_t)kl__corr_place(index, s->rows);
    s->blocks = (int64_t)((s->place + (s->n - 1)) / s->rows + 1);
    s->chunk = threads ? ((size_t)s->blocks + CORR_SCAN_TASKS - 1) / CORR_SCAN_TASKS : (size_t)s->blocks;
    s->parts = 1;
    if (threads && s->blocks < CORR_SCAN_FEW) s->parts = ((size_t)CORR_SCAN_FEW + (size_t)s->blocks - 1) / (size_t)s->blocks;
    if (s->parts > s->groups) s->parts = s->groups;
    return ((size_t)s->blocks + s->chunk - 1) / s->chunk * s->parts;
}

static kl_status corr_scan_check(const kl_corr_spec *spec, int64_t index, const double *x, size_t n, size_t stride, kl_error *error) {
    int64_t end;
    KL__TRY(kl__corr_check(spec, error));
    if (!x && n) return kl__fail(error, KL_E_ARG, 3, 0, 0, "the values are missing");
    if (n > INT64_MAX / 2 || kl__add_i64(index, (int64_t)n, &end))
        return kl__fail(error, KL_E_ARG, 4, 0, 0, "%llu rows from %lld on leave the grid", (unsigned long long)n, (long long)index);
    if (stride < (size_t)spec->symbols)
        return kl__fail(error, KL_E_ARG, 5, 0, 0, "%llu values a row do not hold %lld symbols", (unsigned long long)stride, (long long)spec->symbols);
    return KL_OK;
}

kl_status kl_corr_scan(const kl_corr_spec *spec, int64_t index, const double *x, size_t n, size_t stride, const kl_executor *executor,
                       const kl_alloc *alloc, kl_corr_tile_fn tile, void *ctx, kl_error *error) {
    KL__TRY(corr_scan_check(spec, index, x, n, stride, error));
    if (!tile) return kl__fail(error, KL_E_ARG, 8, 0, 0, "there is no function for tiles");
    if (n == 0) return KL_OK;
    corr_scan s;
    memset(&s, 0, sizeof s);
    s.spec = *spec;
    s.x = x, s.n = n, s.stride = stride;
    s.symbols = (size_t)spec->symbols, s.rows = (size_t)spec->rows, s.groups = (s.symbols + KL__CORR_L - 1) / KL__CORR_L;
    s.alloc = alloc ? alloc : kl_alloc_libc();
    s.tile = tile, s.ctx = ctx;
    s.kernels = kl__corr_kernels_best();
    const size_t tasks = corr_scan_cut(&s, index, executor != NULL), bytes = kl__corr_tables_size(s.rows) * sizeof(double);
    double *tables = (double *)s.alloc->take(s.alloc->ctx, bytes);
    if (!tables) return kl__fail(error, KL_E_MEMORY, 7, 0, 0, "there is no memory for %llu bytes", (unsigned long long)bytes);
    kl__corr_tables_fill(tables, s.rows);
    s.tables = kl__corr_tables_at(tables, s.rows);
    const kl_executor *run = executor ? executor : kl_executor_serial();
    kl_status status = run->run(run->ctx, corr_scan_task_run, &s, tasks);
    s.alloc->give(s.alloc->ctx, tables, bytes);
    if (status == KL_E_MEMORY) return kl__fail(error, status, 7, 0, 0, "there is no memory for a task, or a tile found none");
    return status < 0 ? kl__fail(error, status, 8, 0, 0, "a tile was refused") : KL_OK;
}

/* ---------------------------------------------------------------------------------------- packed matrices --- */

typedef struct corr_scan_packed {
    double *packed;
    size_t symbols, pairs;
} corr_scan_packed;

static kl_status corr_scan_pack(void *ctx, const kl_corr_tile *tile) {
    const corr_scan_packed *to = (const corr_scan_packed *)ctx;
    const size_t end = tile->j + tile->n_j;
    for (size_t a = 0; a < tile->n_i; a++) {
        const size_t i = tile->i + a, j = tile->j > i ? tile->j : i + 1;
        if (j >= end) continue;
        double *place = to->packed + tile->first_row * to->pairs + kl_pair_index(to->symbols, i, j);
        const double *r = tile->r + a * tile->i_stride + (j - tile->j);
        for (size_t row = 0; row < tile->n_rows; row++) memcpy(place + row * to->pairs, r + row * tile->row_stride, (end - j) * sizeof *r);
    }
    return KL_OK;
}

kl_status kl_corr_run(const kl_corr_spec *spec, int64_t index, const double *x, size_t n, size_t stride, const kl_executor *executor,
                      const kl_alloc *alloc, double *packed, kl_error *error) {
    if (!packed && n) {
        KL__TRY(corr_scan_check(spec, index, x, n, stride, error));
        return kl__fail(error, KL_E_ARG, 8, 0, 0, "there is no place for the matrices");
    }
    corr_scan_packed to = {packed, spec ? (size_t)spec->symbols : 0, 0};
    to.pairs = kl_pair_count(to.symbols);
    return kl_corr_scan(spec, index, x, n, stride, executor, alloc, corr_scan_pack, &to, error);
}
