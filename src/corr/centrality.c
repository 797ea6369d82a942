/* Degrees and centralities of the correlation graph. Every sum goes over neighbours in rising order, or in lanes that are fixed. */
#include "base/fp.h"
#include "base/bits.h"
#include "base/size.h"
#include "corr/triangle.h"
#include "simd/level.h"
#include <math.h>

size_t kl_corr_degree(const double *packed, size_t symbols, double cutoff, int64_t *degree, double *strength) {
    if (!degree || (!packed && symbols > 1) || symbols > KL_CORR_SYMBOLS_MAX || !(cutoff > 0.0)) return 0;
    size_t edges = 0, at = 0;
    for (size_t i = 0; i < symbols; i++) {
        degree[i] = 0;
        if (strength) strength[i] = 0.0;
    }
    for (size_t i = 0; i + 1 < symbols; i++) {
        int64_t count = 0;
        double sum = strength ? strength[i] : 0.0;
        for (size_t j = i + 1; j < symbols; j++, at++) {
            int near = fabs(packed[at]) >= cutoff;
            double weight = near ? fabs(packed[at]) : 0.0;
            degree[j] += near;
            count += near;
            sum += weight;
            if (strength) strength[j] += weight;
        }
        degree[i] += count;
        edges += (size_t)count;
        if (strength) strength[i] = sum;
    }
    return edges;
}

/* ------------------------------------------------------------------------------------------------- the graph --- */

/* Edges as rows of bits, `words` words for each symbol, and what a search of the graph needs. */
typedef struct {
    size_t symbols, words;
    uint64_t *edges, *open, *layer; /* open, layer: sets of symbols */
    double *paths, *share, *unit;   /* of a symbol: shortest paths to it, what it has of others; of a distance: unit of its paths */
    uint32_t *queue, *first;        /* symbols in the order of their distance; where each distance begins, and the end */
} centrality_graph;

#define CENTRALITY_MANY 0x1p500

static size_t centrality_words(size_t symbols) { return (symbols + 63) / 64; }

size_t kl_corr_centrality_size(size_t symbols) {
    size_t words = centrality_words(symbols), bytes, more;
    if (symbols < 1 || symbols > KL_CORR_SYMBOLS_MAX) return 0;
    if (kl__size_mul((symbols + 2) * words, 8, &bytes)) return 0;
    if (kl__size_mul(symbols, 3 * sizeof(double) + 2 * sizeof(uint32_t), &more)) return 0;
    return kl__size_add(bytes, more + sizeof(uint32_t), &bytes) ? 0 : kl__round_up(bytes, 8);
}

static centrality_graph centrality_graph_make(const double *packed, size_t symbols, double cutoff, void *scratch) {
    centrality_graph g;
    g.symbols = symbols;
    g.words = centrality_words(symbols);
    g.edges = (uint64_t *)scratch;
    g.open = g.edges + symbols * g.words;
    g.layer = g.open + g.words;
    g.paths = (double *)(void *)(g.layer + g.words);
    g.share = g.paths + symbols;
    g.unit = g.share + symbols;
    g.queue = (uint32_t *)(void *)(g.unit + symbols);
    g.first = g.queue + symbols;
    for (size_t k = 0; k < symbols * g.words; k++) g.edges[k] = 0;
    for (size_t i = 0; i + 1 < symbols; i++)
        for (size_t j = i + 1; j < symbols; j++, packed++) {
            uint64_t near = fabs(*packed) >= cutoff;
            g.edges[i * g.words + j / 64] |= near << (j % 64);
            g.edges[j * g.words + i / 64] |= near << (i % 64);
        }
    return g;
}

/* Where paths become too many for a double, those of this distance are counted in a greater unit. */
static double centrality_unit(const centrality_graph *g, size_t begin, size_t end) {
    double most = 0.0;
    for (size_t at = begin; at < end; at++) most = g->paths[g->queue[at]] > most ? g->paths[g->queue[at]] : most;
    if (most <= CENTRALITY_MANY) return 1.0;
    for (size_t at = begin; at < end; at++) g->paths[g->queue[at]] *= 1.0 / CENTRALITY_MANY;
    return 1.0 / CENTRALITY_MANY;
}

/* Puts the symbols that can be reached from `source` into the queue by distance, and counts the shortest paths to each where asked.
 * A symbol leaves `open` when its distance is done. Returns the number of distances, 0 included; first[] of that is the end. */
static size_t centrality_search(const centrality_graph *g, size_t source, int paths) {
    size_t n = 1, distances = 0;
    for (size_t w = 0; w < g->words; w++) g->open[w] = ~UINT64_C(0);
    for (size_t v = 0; v < g->symbols; v++) g->paths[v] = 0.0;
    g->paths[source] = 1.0;
    g->queue[0] = (uint32_t)source;
    g->open[source / 64] &= ~(UINT64_C(1) << (source % 64));
    for (size_t begin = 0, end = 1; begin < end; begin = end, end = n) {
        if (paths) g->unit[distances] = centrality_unit(g, begin, end);
        g->first[distances++] = (uint32_t)begin;
        for (size_t w = 0; w < g->words; w++) g->layer[w] = 0;
        for (size_t at = begin; at < end; at++) {
            const uint64_t *row = g->edges + g->queue[at] * g->words;
            for (size_t w = 0; w < g->words; w++) {
                uint64_t next = row[w] & g->open[w], fresh = next & ~g->layer[w];
                g->layer[w] |= fresh;
                for (; fresh; fresh &= fresh - 1) g->queue[n++] = (uint32_t)(w * 64 + kl__trailing_zeros_u64(fresh));
                for (; paths && next; next &= next - 1) g->paths[w * 64 + kl__trailing_zeros_u64(next)] += g->paths[g->queue[at]];
            }
        }
        for (size_t w = 0; w < g->words; w++) g->open[w] &= ~g->layer[w];
    }
    g->first[distances] = (uint32_t)n;
    return distances;
}

/* (reached - 1) / sum of distances, times the share of all others that were reached. */
static void centrality_closeness(const centrality_graph *g, double *centrality) {
    for (size_t v = 0; v < g->symbols; v++) {
        size_t distances = centrality_search(g, v, 0), sum = 0;
        double others = (double)(g->first[distances] - 1);
        for (size_t d = 1; d < distances; d++) sum += d * (g->first[d + 1] - g->first[d]);
        centrality[v] = sum > 0 ? others / (double)sum * (others / (double)(g->symbols - 1)) : 0.0;
    }
}

/* Brandes: what a symbol has of the paths from `source` comes from those one step further away. */
static void centrality_between(const centrality_graph *g, size_t source, double *centrality) {
    size_t distances = centrality_search(g, source, 1);
    for (size_t v = 0; v < g->symbols; v++) g->share[v] = 0.0;
    for (size_t d = distances; d-- > 1;) {
        for (size_t w = 0; w < g->words; w++) g->layer[w] = 0;
        for (size_t at = g->first[d - 1]; at < g->first[d]; at++)
            g->layer[g->queue[at] / 64] |= UINT64_C(1) << (g->queue[at] % 64);
        for (size_t at = g->first[d]; at < g->first[d + 1]; at++) {
            const size_t far = g->queue[at];
            const double share = (1.0 + g->share[far]) / g->paths[far] * g->unit[d];
            const uint64_t *row = g->edges + far * g->words;
            for (size_t w = 0; w < g->words; w++)
                for (uint64_t near = row[w] & g->layer[w]; near; near &= near - 1) {
                    size_t v = w * 64 + kl__trailing_zeros_u64(near);
                    g->share[v] += g->paths[v] * share;
                }
            centrality[far] += g->share[far];
        }
    }
}

static void centrality_betweenness(const centrality_graph *g, double *centrality) {
    const double pairs = (double)(g->symbols - 1) * (double)(g->symbols - 2); /* each path is found from both of its ends */
    for (size_t v = 0; v < g->symbols; v++) centrality[v] = 0.0;
    if (g->symbols < 3) return;
    for (size_t v = 0; v < g->symbols; v++) centrality_between(g, v, centrality);
    for (size_t v = 0; v < g->symbols; v++) centrality[v] = centrality[v] / pairs;
}

/* ------------------------------------------------------------------------------------------------ eigenvector --- */

#define CENTRALITY_LANES 8
#define CENTRALITY_STEPS 1000
#define CENTRALITY_STILL 0x1p-48

/* One symbol with n later ones: adds its part to theirs, and gives the sum of theirs, in lanes. */
KL__INLINE void centrality_spread_body(const double *restrict r, size_t n, double cutoff, double x_i, const double *restrict x,
                                       double *restrict y, double *restrict sum) {
    double lane[CENTRALITY_LANES] = {0};
    size_t k = 0;
    for (; k + CENTRALITY_LANES <= n; k += CENTRALITY_LANES)
        for (size_t l = 0; l < CENTRALITY_LANES; l++) {
            double weight = fabs(r[k + l]) >= cutoff ? fabs(r[k + l]) : 0.0;
            y[k + l] += weight * x_i;
            lane[l] += weight * x[k + l];
        }
    for (size_t l = 0; k + l < n; l++) {
        double weight = fabs(r[k + l]) >= cutoff ? fabs(r[k + l]) : 0.0;
        y[k + l] += weight * x_i;
        lane[l] += weight * x[k + l];
    }
    *sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}
KL__SIMD_EACH(centrality_spread, (const double *r, size_t n, double cutoff, double x_i, const double *x, double *y, double *sum),
              (r, n, cutoff, x_i, x, y, sum))

typedef void (*centrality_spread_fn)(const double *r, size_t n, double cutoff, double x_i, const double *x, double *y, double *sum);
static const centrality_spread_fn centrality_spread[KL__SIMD_TIERS] = KL__SIMD_TABLE(centrality_spread);

/* x becomes (A + s) x, greatest entry 1, with s about half of the greatest eigenvalue: the vector of the opposite one, which a
 * bipartite graph has, then shrinks to a third each step. Returns the greatest change; 0 without edges. */
static double centrality_power(const double *packed, size_t symbols, double cutoff, double *x, double *y) {
    const centrality_spread_fn spread = centrality_spread[kl__simd_tier()];
    double greatest = 0.0, change = 0.0, sum;
    for (size_t i = 0; i < symbols; i++) y[i] = 0.0;
    for (size_t i = 0; i + 1 < symbols; i++) {
        spread(packed + kl__triangle_row(symbols, i), symbols - i - 1, cutoff, x[i], x + i + 1, y + i + 1, &sum);
        y[i] += sum;
    }
    for (size_t i = 0; i < symbols; i++) greatest = y[i] > greatest ? y[i] : greatest;
    const double shift = 0.5 * greatest;
    greatest = 0.0;
    for (size_t i = 0; i < symbols; i++) {
        y[i] += y[i] > 0.0 ? shift * x[i] : 0.0; /* a symbol without edges has nothing */
        greatest = y[i] > greatest ? y[i] : greatest;
    }
    for (size_t i = 0; i < symbols; i++) {
        double next = greatest > 0.0 ? y[i] / greatest : 0.0;
        next = next < 1.0 / CENTRALITY_MANY ? 0.0 : next; /* not on its way through the slow numbers below */
        double moved = fabs(next - x[i]);
        change = moved > change ? moved : change;
        x[i] = next;
    }
    return greatest > 0.0 ? change : 0.0;
}

static void centrality_eigenvector(const double *packed, size_t symbols, double cutoff, double *scratch, double *x) {
    for (size_t i = 0; i < symbols; i++) x[i] = 1.0;
    for (int step = 0; step < CENTRALITY_STEPS; step++)
        if (centrality_power(packed, symbols, cutoff, x, scratch) <= CENTRALITY_STILL) break;
}

/* ------------------------------------------------------------------------------------------------------------ --- */

kl_status kl_corr_centrality(const double *packed, size_t symbols, double cutoff, int32_t kind, void *scratch, size_t bytes,
                             double *centrality) {
    if (!centrality || (!packed && symbols > 1) || symbols < 1 || symbols > KL_CORR_SYMBOLS_MAX || !(cutoff > 0.0)) return KL_E_ARG;
    if (!scratch || (uintptr_t)scratch % 8 != 0 || kind < KL_CENTRALITY_DEGREE || kind > KL_CENTRALITY_BETWEENNESS) return KL_E_ARG;
    if (bytes < kl_corr_centrality_size(symbols) || kl_corr_centrality_size(symbols) == 0) return KL_E_SIZE;
    if (kind == KL_CENTRALITY_EIGENVECTOR) {
        centrality_eigenvector(packed, symbols, cutoff, (double *)scratch, centrality);
    } else if (kind == KL_CENTRALITY_DEGREE) {
        int64_t *degree = (int64_t *)scratch;
        kl_corr_degree(packed, symbols, cutoff, degree, NULL);
        for (size_t v = 0; v < symbols; v++) centrality[v] = degree[v] ? (double)degree[v] / (double)(symbols - 1) : 0.0;
    } else {
        const centrality_graph g = centrality_graph_make(packed, symbols, cutoff, scratch);
        if (kind == KL_CENTRALITY_CLOSENESS) centrality_closeness(&g, centrality);
        else centrality_betweenness(&g, centrality);
    }
    return KL_OK;
}
