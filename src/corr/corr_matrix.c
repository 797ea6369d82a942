/* All pairs of the rolling matrix at once: sums over tiles of 8 x 16 pairs. */
#include "base/fp.h"
#include "corr/corr.h"
#include "simd/level.h"
#include <string.h>

enum { CORR_TILE_PAIRS = 2 * KL__CORR_LANES * KL__CORR_LANES };

/* A tile of co-moments of the window and where it lies. */
typedef struct corr_matrix_tile {
    size_t i, j, width; /* first symbols; 8 or 16 columns */
    double c[CORR_TILE_PAIRS];
} corr_matrix_tile;

typedef struct corr_matrix {
    kl_corr *corr;
    kl__corr_parts parts;
    kl__corr_tables tables;
    const kl__corr_kernels *kernels;
    double *out;
    int32_t ddof; /* below 0: correlations */
} corr_matrix;

/* The increments of one group of rows, times the weights of their places; those of the prefix from `from` on. */
KL__INLINE void corr_matrix_weigh_body(const corr_matrix *m, size_t group, size_t from) {
    const size_t rows = (size_t)m->corr->rows, p = (size_t)m->corr->at;
    const double *q = kl__corr_part(m->corr, m->parts.increment) + group * rows * KL__CORR_L;
    double *weighted = kl__corr_part(m->corr, m->parts.weighted);
    for (size_t t = from; t < rows; t++) {
        const double weight = m->tables.weight[t <= p ? t + 1 : rows - t], *x = q + t * KL__CORR_L;
        double product[KL__CORR_L];
        for (size_t l = 0; l < KL__CORR_L; l++) product[l] = weight * x[l];
        memcpy(weighted + t * KL__CORR_L, product, sizeof product);
    }
}

KL__SIMD_EACH(corr_matrix_weigh, (const corr_matrix *m, size_t group, size_t from), (m, group, from))
typedef void (*corr_matrix_weigh_fn)(const corr_matrix *m, size_t group, size_t from);
static const corr_matrix_weigh_fn corr_matrix_weigh_table[KL__SIMD_TIERS] = KL__SIMD_TABLE(corr_matrix_weigh);

/* Where the rows of a tile go: straight into the packed matrix where it holds all of them, otherwise into the tile. Zero: the latter. */
static int corr_matrix_place(const corr_matrix *m, corr_matrix_tile *tile, double **out) {
    const size_t symbols = (size_t)m->corr->symbols;
    const int straight = m->ddof < 0 && tile->j > tile->i && tile->j + tile->width <= symbols && !(m->corr->spec.flags & KL_CORR_PAIRWISE);
    double *place = straight ? m->out + kl_pair_index(symbols, tile->i, tile->j) : tile->c;
    for (size_t a = 0; a < KL__CORR_L; a++) {
        out[a] = place;
        place += straight ? symbols - (tile->i + a) - 2 : tile->width;
    }
    return straight;
}

/* Brings the prefix of a tile up to date and joins it with the suffix. sums: those of the tile's prefix. Zero: the result is in the tile. */
static int corr_matrix_add(const corr_matrix *m, corr_matrix_tile *tile, double *sums) {
    const size_t rows = (size_t)m->corr->rows, p = (size_t)m->corr->at, from = (size_t)m->corr->done;
    const size_t group_j = tile->j / KL__CORR_L;
    const double *weighted = kl__corr_part(m->corr, m->parts.weighted);
    const double *q = kl__corr_part(m->corr, m->parts.increment) + group_j * rows * KL__CORR_L;
    const double *second = tile->width > KL__CORR_L ? q + rows * KL__CORR_L : NULL;
    const kl__corr_now *i = kl__corr_now_of(m->corr, &m->parts, tile->i / KL__CORR_L), *j = kl__corr_now_of(m->corr, &m->parts, group_j);
    const size_t first = from * KL__CORR_L, newest = (rows - 1) * KL__CORR_L;
    double way[KL__CORR_L];
    kl__corr_window w = {weighted + newest, {q + newest, second ? second + newest : NULL}, rows - 1 - p, sums,
                         way, {j->bridge, j[second != NULL].bridge}, m->ddof < 0 ? i->scale : NULL, {j->scale, j[second != NULL].scale}, {NULL}};
    m->kernels->add(sums, weighted + first, q + first, second ? second + first : NULL, p + 1 - from, from == 0);
    for (size_t a = 0; a < KL__CORR_L; a++) way[a] = m->tables.bridge[p] * i->bridge[a];
    const int straight = corr_matrix_place(m, tile, w.out);
    m->kernels->window(&w);
    return straight;
}

static kl__corr_side corr_matrix_side(const corr_matrix *m, size_t group) {
    const double *x = kl__corr_part(m->corr, m->parts.x) + group * (size_t)m->corr->rows * KL__CORR_L;
    const kl__corr_side side = {x, x, kl__corr_now_of(m->corr, &m->parts, group)->m2};
    return side;
}

/* Pairs with a hole in the window of one, from their common rows. */
static void corr_matrix_holes(const corr_matrix *m, corr_matrix_tile *tile) {
    const kl__corr_holes how = {(size_t)m->corr->rows, (size_t)m->corr->at, (double)m->corr->spec.min_count, m->ddof, m->kernels};
    const kl__corr_side i = corr_matrix_side(m, tile->i / KL__CORR_L);
    for (size_t b = 0; b < tile->width; b += KL__CORR_L) {
        const kl__corr_side j = corr_matrix_side(m, (tile->j + b) / KL__CORR_L);
        kl__corr_direct_tile(&i, &j, tile->i == tile->j + b, &how, tile->c + b, tile->width);
    }
}

static void corr_matrix_put_packed(const corr_matrix *m, const corr_matrix_tile *tile) {
    const size_t symbols = (size_t)m->corr->symbols, end = tile->j + tile->width < symbols ? tile->j + tile->width : symbols;
    for (size_t a = 0; a < KL__CORR_L && tile->i + a < symbols; a++) {
        const size_t i = tile->i + a, j = tile->j > i ? tile->j : i + 1;
        if (j >= end) continue;
        memcpy(m->out + kl_pair_index(symbols, i, j), tile->c + a * tile->width + (j - tile->j), (end - j) * sizeof(double));
    }
}

static void corr_matrix_put_square(const corr_matrix *m, const corr_matrix_tile *tile) {
    const size_t symbols = (size_t)m->corr->symbols, end = tile->j + tile->width < symbols ? tile->j + tile->width : symbols;
    for (size_t a = 0; a < KL__CORR_L && tile->i + a < symbols; a++) {
        const size_t i = tile->i + a;
        for (size_t j = tile->j > i ? tile->j : i + 1; j < end; j++)
            m->out[i * symbols + j] = m->out[j * symbols + i] = tile->c[a * tile->width + (j - tile->j)];
    }
}

static void corr_matrix_run(corr_matrix *m) {
    kl_corr *corr = m->corr;
    corr_matrix_tile tile;
    (void)kl__corr_layout((size_t)corr->symbols, (size_t)corr->rows, &m->parts);
    m->tables = kl__corr_tables_at(kl__corr_part(corr, m->parts.tables), (size_t)corr->rows);
    m->kernels = kl__corr_kernels_best();
    const double divisor = (double)((int64_t)corr->rows - m->ddof);
    const corr_matrix_weigh_fn weigh = corr_matrix_weigh_table[kl__simd_tier()];
    double *sums = kl__corr_part(corr, m->parts.tiles);
    for (size_t i = 0; i < corr->groups; i++) {
        weigh(m, i, (size_t)corr->done);
        for (size_t j = i; j < corr->groups; j += tile.width / KL__CORR_L) {
            tile.i = i * KL__CORR_L;
            tile.j = j * KL__CORR_L;
            tile.width = j + 1 < corr->groups ? 2 * KL__CORR_L : KL__CORR_L;
            const int done = corr_matrix_add(m, &tile, sums);
            sums += tile.width * KL__CORR_L;
            if (done) continue;
            for (size_t k = 0; m->ddof >= 0 && k < tile.width * KL__CORR_L; k++) tile.c[k] = tile.c[k] / divisor;
            if (corr->spec.flags & KL_CORR_PAIRWISE) corr_matrix_holes(m, &tile);
            if (m->ddof < 0) corr_matrix_put_packed(m, &tile);
            else corr_matrix_put_square(m, &tile);
        }
    }
    corr->done = corr->at + 1;
}

kl_status kl_corr_matrix(kl_corr *corr, double *packed) {
    if (!corr || !packed) return KL_E_ARG;
    corr_matrix m;
    memset(&m, 0, sizeof m);
    m.corr = corr;
    m.out = packed;
    m.ddof = -1;
    corr_matrix_run(&m);
    return KL_OK;
}

kl_status kl_corr_cov_matrix(kl_corr *corr, int32_t ddof, double *square) {
    if (!corr || !square || (ddof != 0 && ddof != 1)) return KL_E_ARG;
    corr_matrix m;
    memset(&m, 0, sizeof m);
    m.corr = corr;
    m.out = square;
    m.ddof = ddof;
    corr_matrix_run(&m);
    for (size_t i = 0; i < corr->symbols; i++) (void)kl_corr_cov(corr, i, i, ddof, &square[i * (size_t)corr->symbols + i]);
    return KL_OK;
}
