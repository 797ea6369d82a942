/* The sorted values of a window: one leaves and one comes at each step. Unused places hold +inf, so that a missing value is
 * the same as +inf leaving or coming, and the number of places never changes.
 *
 * Short windows lie in one of two arrays; a step writes the other one, each place choosing among its three neighbours.
 * Long windows are cut into full blocks, each a ring of its own: a step shifts values inside the two blocks where one leaves
 * and one comes, and turns the rings of the blocks between by one place. So place k is always found at once, in block
 * k >> shift, and the worst step costs as much as an average one of its length.
 *
 * Always inline: compiled into the loops of each instruction set. */
#ifndef KL__WINDOW_ORDER_SORTED_H
#define KL__WINDOW_ORDER_SORTED_H
#include "window/order.h"
#include <math.h>
#include <string.h>

#define ORDER_INF ((double)INFINITY)
enum { ORDER_LANES = 8, ORDER_SHORT_W = 128, ORDER_FLAT_W = 512 };

/* The places of an array for w values, whole vectors; in front of them one of -inf, behind them one of +inf. */
KL__INLINE size_t order_short_places(size_t w) { return (w + (ORDER_LANES - 1)) & ~(size_t)(ORDER_LANES - 1); }
KL__INLINE size_t order_short_stride(size_t w) { return order_short_places(w) + 2 * ORDER_LANES; }

KL__INLINE double *order_raw(kl__order *t) { return (double *)(void *)(t + 1); }
KL__INLINE double *order_short(kl__order *t, uint32_t flip) {
    return order_raw(t) + t->w + flip * order_short_stride(t->w) + ORDER_LANES;
}
KL__INLINE double *order_block(kl__order *t, size_t b) { return order_raw(t) + t->w + (b << t->shift); }
KL__INLINE double *order_firsts(kl__order *t) { return order_block(t, t->blocks); } /* least value of each block */
KL__INLINE uint32_t *order_heads(kl__order *t) { return (uint32_t *)(void *)(order_firsts(t) + t->blocks); }

KL__INLINE double order_at(kl__order *t, uint32_t k) {
    if (!t->blocks) return order_short(t, t->flip)[k];
    uint32_t mask = (1u << t->shift) - 1, b = k >> t->shift;
    return order_block(t, b)[(order_heads(t)[b] + k) & mask];
}

/* How many of n values lie below v; or, where `equal` is 1, not above it. */
KL__INLINE uint32_t order_count(const double *s, size_t n, double v, int equal) {
    uint64_t lane[ORDER_LANES] = {0}, sum = 0;
    size_t i = 0;
    if (equal) {
        for (; i + ORDER_LANES <= n; i += ORDER_LANES)
            for (size_t k = 0; k < ORDER_LANES; k++) lane[k] += s[i + k] <= v;
        for (; i < n; i++) sum += s[i] <= v;
    } else {
        for (; i + ORDER_LANES <= n; i += ORDER_LANES)
            for (size_t k = 0; k < ORDER_LANES; k++) lane[k] += s[i + k] < v;
        for (; i < n; i++) sum += s[i] < v;
    }
    for (size_t k = 0; k < ORDER_LANES; k++) sum += lane[k];
    return (uint32_t)sum;
}

/* The same of values that rise: halves while there are many. */
KL__INLINE uint32_t order_search(const double *s, size_t n, double v, int equal) {
    const double *from = s;
    while (n > 16 * ORDER_LANES) {
        size_t half = n / 2;
        from += (equal ? from[half - 1] <= v : from[half - 1] < v) ? half : 0;
        n -= half;
    }
    return (uint32_t)(from - s) + order_count(from, n, v, equal);
}

/* The same in the ring of a full block of 2^shift values. */
KL__INLINE uint32_t order_search_ring(const double *ring, uint32_t head, uint32_t size, double v, int equal) {
    uint32_t from = 0, n = size;
    while (n > 16 * ORDER_LANES) {
        uint32_t half = n / 2;
        double middle = ring[(head + from + half - 1) & (size - 1)];
        from += (equal ? middle <= v : middle < v) ? half : 0;
        n -= half;
    }
    if (n == size) return order_count(ring, size, v, equal); /* in any order */
    uint32_t start = (head + from) & (size - 1), whole = size - start < n ? size - start : n;
    return from + order_count(ring + start, whole, v, equal) + order_count(ring, n - whole, v, equal);
}

/* How many known values lie below v (or not above it), v finite. */
KL__INLINE uint32_t order_find(kl__order *t, double v, int equal) {
    if (!t->blocks) return order_count(order_short(t, t->flip), order_short_places(t->w), v, equal);
    uint32_t size = 1u << t->shift;
    if (t->blocks == 1) return order_search(order_block(t, 0), t->known, v, equal);
    uint32_t used = (t->known + size - 1) >> t->shift, b = order_search(order_firsts(t), used, v, equal);
    if (!b) return 0;
    return ((b - 1) << t->shift) + order_search_ring(order_block(t, b - 1), order_heads(t)[b - 1], size, v, equal);
}

/* r, one of the values or +inf, leaves and p comes. */
KL__INLINE void order_short_replace(kl__order *t, double r, double p) {
    const double *restrict s = order_short(t, t->flip);
    double *restrict to = order_short(t, t->flip ^ 1);
    size_t n = order_short_places(t->w);
    for (size_t i = 0; i < n; i += ORDER_LANES)
        for (size_t k = i; k < i + ORDER_LANES; k++) {
            double before = s[k - 1] < r ? s[k - 1] : s[k], here = s[k] < r ? s[k] : s[k + 1]; /* without r */
            double least = here < p ? here : p;
            to[k] = before > least ? before : least;
        }
    t->flip ^= 1;
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
KL__INLINE void order_replace(kl__order *t, double r, double p) {
    const int leaves = r == r, comes = p == p;
    if (!leaves && !comes) return;
    if (!t->blocks) {
        order_short_replace(t, leaves ? r : ORDER_INF, comes ? p : ORDER_INF);
    } else if (!leaves || !comes || r != p) {
        uint32_t from = leaves ? order_find(t, r, 0) : t->known, to = comes ? order_find(t, p, 0) : t->known;
        double v = comes ? p : ORDER_INF;
        if (to > from) order_move_down(t, from, to - 1, v);
        else order_move_up(t, from, to, v);
    }
    t->known += (uint32_t)comes;
    t->known -= (uint32_t)leaves;
}

#endif
