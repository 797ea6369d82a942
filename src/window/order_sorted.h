/* The sorted values of a window: one leaves and one comes at each step. Unused places hold +inf, so that a missing value is
 * the same as +inf leaving or coming, and the number of places never changes.
 *
 * Short windows lie in one array; in a step each place chooses between itself and its neighbours.
 * Long windows are cut into full blocks, each a ring of its own: a step shifts values inside the two blocks where one leaves
 * and one comes, and turns the rings of the blocks between by one place. So place k is always found at once, in block
 * k >> shift, and the worst step costs as much as an average one of its length. */
#ifndef KL__WINDOW_ORDER_SORTED_H
#define KL__WINDOW_ORDER_SORTED_H
#include "simd/order.h"
#include "window/order.h"
#include <math.h>
#include <string.h>

#define ORDER_INF ((double)INFINITY)
enum { ORDER_SHORT_W = 512, ORDER_PIECE = 64 };

/* The places of a short window, in whole vectors, without the vector of +inf behind them. */
KL__INLINE size_t order_short_places(size_t w) { return (w + (KL__ORDER_LANES - 1)) & ~(size_t)(KL__ORDER_LANES - 1); }

KL__INLINE double *order_raw(kl__order *t) { return (double *)(void *)(t + 1); }
KL__INLINE double *order_short(kl__order *t) { return order_raw(t) + t->w; }
KL__INLINE double *order_block(kl__order *t, size_t b) { return order_raw(t) + t->w + (b << t->shift); }
KL__INLINE double *order_firsts(kl__order *t) { return order_block(t, t->blocks); } /* least value of each block */
KL__INLINE uint32_t *order_heads(kl__order *t) { return (uint32_t *)(void *)(order_firsts(t) + t->blocks); }

KL__INLINE double order_at(kl__order *t, uint32_t k) {
    if (!t->blocks) return order_short(t)[k];
    uint32_t mask = (1u << t->shift) - 1, b = k >> t->shift;
    return order_block(t, b)[(order_heads(t)[b] + k) & mask];
}

KL__INLINE uint32_t order_count(const kl__order_kernels *with, const double *s, size_t n, double v, int equal) {
    return equal ? with->up_to(s, n, v) : with->below(s, n, v);
}

/* How many of n values that rise lie below v; or, where `equal` is 1, not above it. Halves while there are many. */
KL__INLINE uint32_t order_search(const kl__order_kernels *with, const double *s, size_t n, double v, int equal) {
    const double *from = s;
    while (n > ORDER_PIECE) {
        size_t half = n / 2;
        from += (equal ? from[half - 1] <= v : from[half - 1] < v) ? half : 0;
        n -= half;
    }
    return (uint32_t)(from - s) + order_count(with, from, n, v, equal);
}

/* The same in the ring of a full block. */
KL__INLINE uint32_t order_search_ring(const kl__order_kernels *with, const double *ring, uint32_t head, uint32_t size, double v,
                                      int equal) {
    uint32_t from = 0, n = size;
    while (n > ORDER_PIECE) {
        uint32_t half = n / 2;
        double middle = ring[(head + from + half - 1) & (size - 1)];
        from += (equal ? middle <= v : middle < v) ? half : 0;
        n -= half;
    }
    uint32_t start = (head + from) & (size - 1), whole = size - start < n ? size - start : n;
    uint32_t wrapped = whole < n ? order_count(with, ring, n - whole, v, equal) : 0;
    return from + order_count(with, ring + start, whole, v, equal) + wrapped;
}

/* How many known values lie below v (or not above it), v finite. */
KL__INLINE uint32_t order_find(kl__order *t, const kl__order_kernels *with, double v, int equal) {
    if (!t->blocks) return order_search(with, order_short(t), order_short_places(t->w), v, equal);
    uint32_t size = 1u << t->shift, used = (t->known + size - 1) >> t->shift;
    uint32_t b = order_search(with, order_firsts(t), used, v, equal);
    if (!b) return 0;
    return ((b - 1) << t->shift) + order_search_ring(with, order_block(t, b - 1), order_heads(t)[b - 1], size, v, equal);
}

/* r, one of the values or +inf, leaves and p comes. Pieces that lie on one side of both stay as they are. */
KL__INLINE void order_short_replace(kl__order *t, const kl__order_kernels *with, double r, double p) {
    double *s = order_short(t);
    size_t n = order_short_places(t->w), from = 0, to = n;
    if (n > with->whole) {
        const double low = r < p ? r : p, high = r < p ? p : r;
        size_t under = 0, up_to = 0;
        for (size_t k = ORDER_PIECE; k < n; k += ORDER_PIECE) {
            under += s[k - 1] < low;
            up_to += s[k] <= high;
        }
        from = under * ORDER_PIECE;
        if ((up_to + 1) * ORDER_PIECE < n) to = (up_to + 1) * ORDER_PIECE;
    }
    with->replace(s + from, to - from, from ? s[from - 1] : -ORDER_INF, r, p);
}

/* In the ring: places from..to move up by one, the value comes in at `from`, what was at `to` falls out. */
KL__INLINE double order_ring_up(double *ring, uint32_t head, uint32_t mask, uint32_t from, uint32_t to, double value) {
    uint32_t a = (head + from) & mask, b = (head + to) & mask;
    double out = ring[b];
    if (a <= b) {
        memmove(ring + a + 1, ring + a, (b - a) * sizeof *ring);
    } else {
        memmove(ring + 1, ring, b * sizeof *ring);
        ring[0] = ring[mask];
        memmove(ring + a + 1, ring + a, (mask - a) * sizeof *ring);
    }
    ring[a] = value;
    return out;
}

/* Places from..to move down by one, the value comes in at `to`, what was at `from` falls out. */
KL__INLINE double order_ring_down(double *ring, uint32_t head, uint32_t mask, uint32_t from, uint32_t to, double value) {
    uint32_t a = (head + from) & mask, b = (head + to) & mask;
    double out = ring[a];
    if (a <= b) {
        memmove(ring + a, ring + a + 1, (b - a) * sizeof *ring);
    } else {
        memmove(ring + a, ring + a + 1, (mask - a) * sizeof *ring);
        ring[mask] = ring[0];
        memmove(ring, ring + 1, b * sizeof *ring);
    }
    ring[b] = value;
    return out;
}

/* The value at place `from` leaves, v comes in at place `to` >= from of what remains. */
KL__INLINE void order_move_down(kl__order *t, uint32_t from, uint32_t to, double v) {
    const uint32_t mask = (1u << t->shift) - 1, first = from >> t->shift, last = to >> t->shift;
    uint32_t *heads = order_heads(t);
    double *firsts = order_firsts(t);
    if (first != last) {
        v = order_ring_down(order_block(t, last), heads[last], mask, 0, to & mask, v);
        firsts[last] = order_block(t, last)[heads[last]];
        for (uint32_t b = last - 1; b > first; b--) {
            double *ring = order_block(t, b), least = ring[heads[b]];
            ring[heads[b]] = v;
            heads[b] = (heads[b] + 1) & mask;
            firsts[b] = ring[heads[b]];
            v = least;
        }
        to = mask;
    }
    order_ring_down(order_block(t, first), heads[first], mask, from & mask, to & mask, v);
    firsts[first] = order_block(t, first)[heads[first]];
}

/* The value at place `from` leaves, v comes in at place `to` <= from. */
KL__INLINE void order_move_up(kl__order *t, uint32_t from, uint32_t to, double v) {
    const uint32_t mask = (1u << t->shift) - 1, first = to >> t->shift, last = from >> t->shift;
    uint32_t *heads = order_heads(t);
    double *firsts = order_firsts(t);
    if (first != last) {
        v = order_ring_up(order_block(t, first), heads[first], mask, to & mask, mask, v);
        firsts[first] = order_block(t, first)[heads[first]];
        for (uint32_t b = first + 1; b < last; b++) {
            double *ring = order_block(t, b);
            heads[b] = (heads[b] - 1) & mask;
            double greatest = ring[heads[b]];
            ring[heads[b]] = firsts[b] = v;
            v = greatest;
        }
        to = 0;
    }
    order_ring_up(order_block(t, last), heads[last], mask, to & mask, from & mask, v);
    firsts[last] = order_block(t, last)[heads[last]];
}

/* r leaves, p comes; either may be missing. */
KL__INLINE void order_replace(kl__order *t, const kl__order_kernels *with, double r, double p) {
    const int leaves = r == r, comes = p == p;
    if (!leaves && !comes) return;
    if (!t->blocks) {
        order_short_replace(t, with, leaves ? r : ORDER_INF, comes ? p : ORDER_INF);
    } else if (!leaves || !comes || r != p) {
        uint32_t from = leaves ? order_find(t, with, r, 0) : t->known, to = comes ? order_find(t, with, p, 0) : t->known;
        double v = comes ? p : ORDER_INF;
        if (to > from) order_move_down(t, from, to - 1, v);
        else order_move_up(t, from, to, v);
    }
    t->known += (uint32_t)comes;
    t->known -= (uint32_t)leaves;
}

#endif
