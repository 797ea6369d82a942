/* The minimum spanning tree of correlation distances. The distance sqrt(2 (1 - r)) falls where r rises, so edges are compared by r
 * itself; of equal ones the lower pair goes first, which makes the tree the only one there is. */
#include "base/fp.h"
#include "corr/triangle.h"
#include <math.h>

static int spanning_ahead(const kl_corr_edge *a, const kl_corr_edge *b) {
    if (a->r > b->r) return 1;
    if (a->r < b->r) return 0;
    return a->i != b->i ? a->i < b->i : a->j < b->j;
}

static kl_corr_edge spanning_edge(size_t u, size_t v, double r) {
    const kl_corr_edge edge = {u < v ? u : v, u < v ? v : u, r};
    return edge;
}

/* Heap sort, the last edge of the answer on top. */
static void spanning_sink(kl_corr_edge *heap, size_t n, size_t at) {
    const kl_corr_edge moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        child += child + 1 < n && spanning_ahead(&heap[child], &heap[child + 1]);
        if (!spanning_ahead(&moved, &heap[child])) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}
static void spanning_sort(kl_corr_edge *edges, size_t n) {
    for (size_t at = n / 2; at-- > 0;) spanning_sink(edges, n, at);
    while (n > 1) {
        kl_corr_edge last = edges[0];
        edges[0] = edges[--n];
        edges[n] = last;
        spanning_sink(edges, n, 0);
    }
}

/* Prim's algorithm. Of a symbol outside of the tree: its best correlation with one inside (NaN where it knows none), and which;
 * outside[] lists those symbols. */
kl_status kl_corr_tree(const double *packed, size_t symbols, double *scratch, kl_corr_edge *edges, size_t *n) {
    if (!n || symbols > KL_CORR_SYMBOLS_MAX || (symbols > 1 && (!packed || !scratch || !edges))) return KL_E_ARG;
    if (symbols < 2) {
        *n = 0;
        return KL_OK;
    }
    double *best = scratch, *partner = scratch + symbols, *outside = scratch + 2 * symbols;
    size_t left = symbols - 1, found = 0, newest = 0;
    for (size_t k = 0; k < left; k++) outside[k] = (double)(k + 1), best[k + 1] = (double)NAN, partner[k + 1] = 0.0;
    while (left > 0) {
        size_t next = 0;
        kl_corr_edge nearest = {0, 0, (double)NAN};
        for (size_t k = 0; k < left; k++) {
            size_t v = (size_t)outside[k];
            double r = packed[newest < v ? kl__triangle_at(symbols, newest, v) : kl__triangle_at(symbols, v, newest)];
            if (r == r) {
                const kl_corr_edge here = spanning_edge(newest, v, r), held = spanning_edge((size_t)partner[v], v, best[v]);
                if (best[v] != best[v] || spanning_ahead(&here, &held)) best[v] = r, partner[v] = (double)newest;
            }
            if (best[v] != best[v]) continue;
            const kl_corr_edge edge = spanning_edge((size_t)partner[v], v, best[v]);
            if (nearest.r != nearest.r || spanning_ahead(&edge, &nearest)) nearest = edge, next = k;
        }
        newest = (size_t)outside[next]; /* where no edge leads out, another tree begins */
        outside[next] = outside[--left];
        if (nearest.r == nearest.r) edges[found++] = nearest;
    }
    spanning_sort(edges, found);
    *n = found;
    return KL_OK;
}
