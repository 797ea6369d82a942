/* The first moment of a window about its middle, from anchored values: what slopes are made of. A node is that of
 * tree_moments.c with G = sum of (c - age) * x, c = (n - 1)/2. merge(A newer, B older), D the distance of the means there:
 *     G = (G_A + G_B) - D * (nA*nB/2).
 * D comes from differences of neighbours alone, so the error goes with the spread of the values and not with their size, and
 * equal values give G = 0 exactly. Mean and M2 are those of tree_moments.c, bit for bit. */
#include "base/fp.h"
#include "window/tree_mean.h"

enum { TREE_SLOPE_SUM = 0, TREE_SLOPE_M2 = 1, TREE_SLOPE_G = 2, TREE_SLOPE_M = 3, TREE_SLOPE_FIELDS = 4 };

/* nA*nB/2 where the digit k of w is joined. */
KL__INLINE double tree_slope_lever(size_t w, size_t size) { return (double)(w & (size - 1)) * (double)size * 0.5; }

typedef struct {
    double m, m2, g, sum;
} tree_slope_node;

static void tree_slope_step(kl__tree *t, const double *x, double *stat) {
    enum { SUM = TREE_SLOPE_SUM, M2 = TREE_SLOPE_M2, G = TREE_SLOPE_G, M = TREE_SLOPE_M };
    const uint64_t i = t->count;
    const size_t w = t->w, capacity = kl__tree_capacity(t), mask = capacity - 1, highest = (size_t)1 << t->top;
    const double newest = x[0], *raw = kl__tree_raw(t, 0), zero = newest - newest; /* NaN where it is missing */
    const double *f = kl__tree_f(t), *g = kl__tree_g(t);
    double *nodes = kl__tree_raw(t, 1), scale = 1.0; /* the ring of a level of `size` begins at `size` */
    tree_slope_node node = {zero, zero, zero, newest}, window = {0.0, 0.0, 0.0, 0.0};
    for (size_t size = 1;; size *= 2, f++, g++, scale *= 0.5) {
        const size_t newer = w & (size - 1);
        double *slot = nodes + size + (size_t)(i & (size - 1));
        const tree_slope_node older = {slot[M * capacity], slot[M2 * capacity], slot[G * capacity], slot[SUM * capacity]};
        slot[M * capacity] = node.m, slot[M2 * capacity] = node.m2, slot[G * capacity] = node.g, slot[SUM * capacity] = node.sum;
        if ((w & size) && newer) { /* the window's next piece; window.sum is a mean */
            const double *piece = nodes + size + (size_t)((i - newer) & (size - 1));
            double way = (raw[(i - newer) & mask] - newest) + (piece[M * capacity] - window.m);
            window.m = window.m + way * *f;
            window.m2 = (window.m2 + piece[M2 * capacity]) + (way * way) * *g;
            window.g = (window.g + piece[G * capacity]) - way * tree_slope_lever(w, size);
            window.sum = window.sum + (piece[SUM * capacity] * scale - window.sum) * *f;
        } else if (w & size) {
            window = node, window.sum = node.sum * scale;
        }
        if (size == highest) break;
        double way = (raw[(i - size) & mask] - newest) + (older.m - node.m);
        node.m = node.m + way * 0.5;
        node.m2 = (node.m2 + older.m2) + (way * way) * ((double)size * 0.5);
        node.g = (node.g + older.g) - way * ((double)size * (double)size * 0.5);
        node.sum = node.sum + older.sum;
    }
    stat[0] = window.sum + 0.0, stat[1] = window.m2, stat[2] = window.g;
}

/* ------------------------------------------------------------------------------------------- M and G by tiles --- */

KL__INLINE void tree_slope_zero_rows(const double *restrict x, double *restrict to, size_t n) {
    KL__TREE_EACH(j, n) to[j] = x[j] - x[j]; /* NaN where it is missing */
}

KL__INLINE void tree_slope_up_rows(const double *restrict x, const double *restrict x_old, const double *restrict am,
                                   const double *restrict ag, const double *restrict bm, const double *restrict bg,
                                   double *restrict m, double *restrict g, size_t n, double lever) {
    KL__TREE_EACH(j, n) {
        double way = (x_old[j] - x[j]) + (bm[j] - am[j]);
        m[j] = am[j] + way * 0.5;
        g[j] = (ag[j] + bg[j]) - way * lever;
    }
}

KL__INLINE void tree_slope_join_rows(const double *restrict x, const double *restrict x_old, const double *restrict bm,
                                     const double *restrict bg, double *restrict m, double *restrict g, size_t n, double f,
                                     double lever) {
    KL__TREE_EACH(j, n) {
        double way = (x_old[j] - x[j]) + (bm[j] - m[j]);
        m[j] = m[j] + way * f;
        g[j] = (g[j] + bg[j]) - way * lever;
    }
}

/* `half`: the lever of the halves; M is wanted no more. */
KL__INLINE void tree_slope_close_rows(const double *restrict x, const double *restrict x_old, const double *restrict x_far,
                                      const double *restrict am, const double *restrict ag, const double *restrict bm,
                                      const double *restrict bg, const double *restrict m, double *restrict g, size_t n,
                                      double half, double lever) {
    KL__TREE_EACH(j, n) {
        double way = (x_far[j] - x_old[j]) + (bm[j] - am[j]), piece = (ag[j] + bg[j]) - way * half;
        way = (x_old[j] - x[j]) + ((am[j] + way * 0.5) - m[j]);
        g[j] = (g[j] + piece) - way * lever;
    }
}

KL__INLINE void tree_slope_close_first_rows(const double *restrict x, const double *restrict x_old, const double *restrict x_far,
                                            const double *restrict first, const double *restrict first_g,
                                            const double *restrict am, const double *restrict ag, const double *restrict bm,
                                            const double *restrict bg, double *restrict g, size_t n, double half, double lever) {
    KL__TREE_EACH(j, n) {
        double way = (x_far[j] - x_old[j]) + (bm[j] - am[j]), piece = (ag[j] + bg[j]) - way * half;
        way = (x_old[j] - x[j]) + ((am[j] + way * 0.5) - first[j]);
        g[j] = (first_g[j] + piece) - way * lever;
    }
}

/* -------------------------------------------------------- M2 beside them, where it is wanted: before M changes --- */

KL__INLINE void tree_slope_squares_up_rows(const double *restrict x, const double *restrict x_old, const double *restrict am,
                                           const double *restrict am2, const double *restrict bm, const double *restrict bm2,
                                           double *restrict m2, size_t n, double weight) {
    KL__TREE_EACH(j, n) {
        double way = (x_old[j] - x[j]) + (bm[j] - am[j]);
        m2[j] = (am2[j] + bm2[j]) + (way * way) * weight;
    }
}

KL__INLINE void tree_slope_squares_join_rows(const double *restrict x, const double *restrict x_old, const double *restrict bm,
                                             const double *restrict bm2, const double *restrict m, double *restrict m2, size_t n,
                                             double g) {
    KL__TREE_EACH(j, n) {
        double way = (x_old[j] - x[j]) + (bm[j] - m[j]);
        m2[j] = (m2[j] + bm2[j]) + (way * way) * g;
    }
}

KL__INLINE void tree_slope_squares_close_rows(const double *restrict x, const double *restrict x_old, const double *restrict x_far,
                                              const double *restrict am, const double *restrict am2, const double *restrict bm,
                                              const double *restrict bm2, const double *restrict m, double *restrict m2, size_t n,
                                              double weight, double g) {
    KL__TREE_EACH(j, n) {
        double way = (x_far[j] - x_old[j]) + (bm[j] - am[j]), piece2 = (am2[j] + bm2[j]) + (way * way) * weight;
        way = (x_old[j] - x[j]) + ((am[j] + way * 0.5) - m[j]);
        m2[j] = (m2[j] + piece2) + (way * way) * g;
    }
}

KL__INLINE void tree_slope_leaf_body(const kl__tree_rows *r) {
    tree_slope_zero_rows(r->x[0], r->out[TREE_SLOPE_M], r->n);
    tree_slope_zero_rows(r->x[0], r->out[TREE_SLOPE_G], r->n);
    if (r->out[TREE_SLOPE_M2]) tree_slope_zero_rows(r->x[0], r->out[TREE_SLOPE_M2], r->n);
    if (r->out[TREE_SLOPE_SUM]) kl__tree_mean_leaf(r, TREE_SLOPE_SUM);
}
KL__INLINE void tree_slope_up_body(const kl__tree_rows *r) {
    enum { SUM = TREE_SLOPE_SUM, M2 = TREE_SLOPE_M2, G = TREE_SLOPE_G, M = TREE_SLOPE_M };
    const double size = (double)((size_t)1 << r->k);
    tree_slope_up_rows(r->x[0], r->x_old[0], r->a[M], r->a[G], r->b[M], r->b[G], r->out[M], r->out[G], r->n, size * size * 0.5);
    if (r->out[M2])
        tree_slope_squares_up_rows(r->x[0], r->x_old[0], r->a[M], r->a[M2], r->b[M], r->b[M2], r->out[M2], r->n, size * 0.5);
    if (r->out[SUM]) kl__tree_mean_up(r, SUM);
}
KL__INLINE void tree_slope_begin_body(const kl__tree_rows *r) {
    for (size_t f = TREE_SLOPE_M2; f < TREE_SLOPE_FIELDS; f++)
        if (r->out[f]) kl__tree_copy_rows(r->b[f], r->out[f], r->n);
    if (r->out[TREE_SLOPE_SUM]) kl__tree_mean_begin(r, TREE_SLOPE_SUM);
}
KL__INLINE void tree_slope_join_body(const kl__tree_rows *r) {
    enum { SUM = TREE_SLOPE_SUM, M2 = TREE_SLOPE_M2, G = TREE_SLOPE_G, M = TREE_SLOPE_M };
    const double lever = tree_slope_lever(r->w, (size_t)1 << r->k);
    if (r->out[M2]) tree_slope_squares_join_rows(r->x[0], r->x_old[0], r->b[M], r->b[M2], r->out[M], r->out[M2], r->n, r->g);
    tree_slope_join_rows(r->x[0], r->x_old[0], r->b[M], r->b[G], r->out[M], r->out[G], r->n, r->f, lever);
    if (r->out[SUM]) kl__tree_mean_join(r, SUM);
}
KL__INLINE void tree_slope_close_body(const kl__tree_rows *r) {
    enum { SUM = TREE_SLOPE_SUM, M2 = TREE_SLOPE_M2, G = TREE_SLOPE_G, M = TREE_SLOPE_M };
    const double size = (double)((size_t)1 << r->k) * 0.5, half = size * size * 0.5, weight = size * 0.5;
    const double lever = tree_slope_lever(r->w, (size_t)1 << r->k);
    const double *const *first = r->first[M] ? r->first : (const double *const *)r->out;
    if (r->out[M2]) {
        if (r->first[M]) kl__tree_copy_rows(r->first[M2], r->out[M2], r->n);
        tree_slope_squares_close_rows(r->x[0], r->x_old[0], r->x_far[0], r->a[M], r->a[M2], r->b[M], r->b[M2], first[M], r->out[M2],
                                      r->n, weight, r->g);
    }
    if (r->first[M])
        tree_slope_close_first_rows(r->x[0], r->x_old[0], r->x_far[0], r->first[M], r->first[G], r->a[M], r->a[G], r->b[M], r->b[G],
                                    r->out[G], r->n, half, lever);
    else
        tree_slope_close_rows(r->x[0], r->x_old[0], r->x_far[0], r->a[M], r->a[G], r->b[M], r->b[G], r->out[M], r->out[G], r->n, half,
                              lever);
    if (r->out[SUM]) kl__tree_mean_close(r, SUM);
}
KL__TREE_LOOPS(tree_slope)
KL__TREE_LOOP(tree_slope_close)

#if defined(KL__SIMD_X86)
typedef struct {
    kl__lanes x, m, g, m2, sum;
} tree_slope_lanes;

/* Where `more` is 0, m2 and sum are without meaning. */
KL__LANES_INLINE tree_slope_lanes tree_slope_older(const tree_slope_lanes *now, const tree_slope_lanes *before, size_t by, int more) {
    tree_slope_lanes older = *now;
    older.x = kl__lanes_older(now->x, before->x, by), older.m = kl__lanes_older(now->m, before->m, by);
    older.g = kl__lanes_older(now->g, before->g, by);
    if (more) older.m2 = kl__lanes_older(now->m2, before->m2, by), older.sum = kl__lanes_older(now->sum, before->sum, by);
    return older;
}

KL__LANES_INLINE tree_slope_lanes tree_slope_merge(const tree_slope_lanes *a, const tree_slope_lanes *before, uint32_t k, int more) {
    const double size = (double)((size_t)1 << k);
    const tree_slope_lanes b = tree_slope_older(a, before, (size_t)1 << k, more);
    const kl__lanes way = (b.x - a->x) + (b.m - a->m);
    tree_slope_lanes node = *a;
    node.m = a->m + way * kl__lanes_all(0.5);
    node.g = (a->g + b.g) - way * kl__lanes_all(size * size * 0.5);
    if (more) node.m2 = (a->m2 + b.m2) + (way * way) * kl__lanes_all(size * 0.5), node.sum = a->sum + b.sum;
    return node;
}

KL__LANES_INLINE void tree_slope_next(const kl__tree_rows *r, uint32_t digits, uint32_t k, const tree_slope_lanes *now,
                                      const tree_slope_lanes *before, tree_slope_lanes *window, int more) {
    const uint32_t newer = digits & ((1u << k) - 1);
    const tree_slope_lanes b = tree_slope_older(now, before, newer, more);
    const kl__lanes mean = window->sum;
    if (!(digits >> k & 1)) return;
    if (newer) {
        const kl__lanes way = (b.x - window->x) + (b.m - window->m);
        window->m = window->m + way * kl__lanes_all(r->fs[k]);
        window->g = (window->g + b.g) - way * kl__lanes_all(tree_slope_lever(r->w, (size_t)1 << k));
        if (more) window->m2 = (window->m2 + b.m2) + (way * way) * kl__lanes_all(r->gs[k]);
    } else {
        *window = b;
    }
    if (more) window->sum = kl__tree_mean_take(r, digits, k, mean, b.sum);
}

KL__LANES_INLINE tree_slope_lanes tree_slope_of(const double *from) {
    const kl__lanes x = kl__lanes_load(from), zero = x - x;
    tree_slope_lanes node = {x, zero, zero, zero, x};
    return node;
}

KL__LANES_INLINE void tree_slope_put(double *const *to, size_t j, const tree_slope_lanes *node, int more) {
    kl__lanes_store(to[TREE_SLOPE_M] + j, node->m);
    kl__lanes_store(to[TREE_SLOPE_G] + j, node->g);
    if (more && to[TREE_SLOPE_M2]) kl__lanes_store(to[TREE_SLOPE_M2] + j, node->m2);
    if (more && to[TREE_SLOPE_SUM]) kl__lanes_store(to[TREE_SLOPE_SUM] + j, node->sum);
}

KL__LANES_INLINE void tree_slope_low_lanes(const kl__tree_rows *r, uint32_t digits, int more) {
    tree_slope_lanes b0 = tree_slope_of(r->x[0] - KL__LANES), b1 = tree_slope_merge(&b0, &b0, 0, more),
                     b2 = tree_slope_merge(&b1, &b1, 1, more);
    for (size_t j = 0; j < r->n; j += KL__LANES) {
        const tree_slope_lanes n0 = tree_slope_of(r->x[0] + j), n1 = tree_slope_merge(&n0, &b0, 0, more),
                               n2 = tree_slope_merge(&n1, &b1, 1, more), n3 = tree_slope_merge(&n2, &b2, 2, more);
        tree_slope_put(r->out, j, &n3, more);
        if (digits && j >= r->skip) {
            tree_slope_lanes window = n0;
            tree_slope_next(r, digits, 0, &n0, &b0, &window, more);
            tree_slope_next(r, digits, 1, &n1, &b1, &window, more);
            tree_slope_next(r, digits, 2, &n2, &b2, &window, more);
            tree_slope_put(r->window, j - r->skip, &window, more);
        }
        b0 = n0, b1 = n1, b2 = n2;
    }
}
KL__LANES_INLINE void tree_slope_low_few(const kl__tree_rows *r, uint32_t digits) { tree_slope_low_lanes(r, digits, 0); }
KL__LANES_INLINE void tree_slope_low_all(const kl__tree_rows *r, uint32_t digits) { tree_slope_low_lanes(r, digits, 1); }
KL__TARGET_AVX512 static void tree_slope_low_avx512(const kl__tree_rows *r) {
    if (r->out[TREE_SLOPE_SUM] || r->out[TREE_SLOPE_M2]) KL__LANES_BY_DIGITS(tree_slope_low_all, r)
    else KL__LANES_BY_DIGITS(tree_slope_low_few, r)
}
#endif

const kl__tree_kind kl__tree_slope = {1, TREE_SLOPE_FIELDS, 3, 1, 2, tree_slope_step, KL__TREE_TABLE_FAST(tree_slope), NULL, {0}, {0}};
