/* Volume-weighted mean price of a window; series: price, volume. A node is {V = sum of v, K = its least price,
 * P = sum of v*(p - K), its greatest price}. merge(A newer, B older):
 *     K = min(K_A, K_B);  P = (P_A + V_A*(K_A - K)) + (P_B + V_B*(K_B - K));  V = V_A + V_B.
 * vwap = K + P/V, held inside [K, greatest]; unknown where V is not above 0. A volume below 0 is taken as NaN and makes its
 * windows unknown: so no term is negative, nothing cancels, whatever the magnitudes of the prices of a window, and equal prices
 * give P = 0 exactly. */
#include "base/fp.h"
#include "window/tree_mean.h"
#include "base/endian.h"

enum { TREE_VWAP_V = 0, TREE_VWAP_P = 1, TREE_VWAP_LOW = 2, TREE_VWAP_HIGH = 3, TREE_VWAP_FIELDS = 4 };

/* NaN has to stay: P carries it, so that these need not. */
KL__INLINE double tree_vwap_min(double a, double b) { return a < b ? a : b; }
KL__INLINE double tree_vwap_max(double a, double b) { return a > b ? a : b; }

KL__INLINE double tree_vwap_volume(double v) { return v < 0.0 ? kl__bits_double(UINT64_C(0x7ff8000000000000)) : v; }

KL__INLINE double tree_vwap_mean(double v, double p, double low, double high) {
    double mean = low + p / v;
    mean = tree_vwap_min(high, tree_vwap_max(low, mean)) + (p - p); /* unknown where P overflowed */
    return v > 0.0 ? mean : kl__bits_double(UINT64_C(0x7ff8000000000000));
}

/* P of two nodes about `low`, the lesser of their least prices. */
KL__INLINE double tree_vwap_sum(double av, double ap, double alow, double bv, double bp, double blow, double low) {
    return (ap + av * (alow - low)) + (bp + bv * (blow - low));
}

/* a = merge(a newer, b older); b's fields are `stride` apart. */
KL__INLINE void tree_vwap_merge(double *a, const double *b, size_t stride) {
    const double bv = b[TREE_VWAP_V * stride], bp = b[TREE_VWAP_P * stride], blow = b[TREE_VWAP_LOW * stride];
    const double low = tree_vwap_min(a[TREE_VWAP_LOW], blow);
    a[TREE_VWAP_P] = tree_vwap_sum(a[TREE_VWAP_V], a[TREE_VWAP_P], a[TREE_VWAP_LOW], bv, bp, blow, low);
    a[TREE_VWAP_V] = a[TREE_VWAP_V] + bv;
    a[TREE_VWAP_LOW] = low;
    a[TREE_VWAP_HIGH] = tree_vwap_max(a[TREE_VWAP_HIGH], b[TREE_VWAP_HIGH * stride]);
}

static void tree_vwap_step(kl__tree *t, const double *x, double *stat) {
    const uint64_t i = t->count;
    const size_t w = t->w, capacity = kl__tree_capacity(t), highest = (size_t)1 << t->top;
    double *nodes = kl__tree_raw(t, t->series); /* the ring of a level of `size` begins at `size` */
    double node[TREE_VWAP_FIELDS] = {tree_vwap_volume(x[1]), x[0] - x[0], x[0], x[0]}, window[TREE_VWAP_FIELDS] = {0};
    for (size_t size = 1;; size *= 2) {
        const size_t newer = w & (size - 1);
        double *slot = nodes + size + (size_t)(i & (size - 1)), older[TREE_VWAP_FIELDS];
        for (size_t f = 0; f < TREE_VWAP_FIELDS; f++) older[f] = slot[f * capacity], slot[f * capacity] = node[f];
        if (w & size) {
            if (newer)
                tree_vwap_merge(window, nodes + size + (size_t)((i - newer) & (size - 1)), capacity);
            else
                for (size_t f = 0; f < TREE_VWAP_FIELDS; f++) window[f] = node[f];
        }
        if (size == highest) break;
        tree_vwap_merge(node, older, 1);
    }
    stat[0] = tree_vwap_mean(window[TREE_VWAP_V], window[TREE_VWAP_P], window[TREE_VWAP_LOW], window[TREE_VWAP_HIGH]);
}

KL__INLINE void tree_vwap_leaf_rows(const double *restrict x, const double *restrict volume, double *restrict v,
                                    double *restrict p, size_t n) {
    KL__TREE_EACH(j, n) {
        v[j] = tree_vwap_volume(volume[j]);
        p[j] = x[j] - x[j];
    }
}

KL__INLINE void tree_vwap_up_rows(const double *restrict av, const double *restrict ap, const double *restrict alow,
                                  const double *restrict ahigh, const double *restrict bv, const double *restrict bp,
                                  const double *restrict blow, const double *restrict bhigh, double *restrict v,
                                  double *restrict p, double *restrict low, double *restrict high, size_t n) {
    KL__TREE_EACH(j, n) {
        double least = tree_vwap_min(alow[j], blow[j]);
        p[j] = tree_vwap_sum(av[j], ap[j], alow[j], bv[j], bp[j], blow[j], least);
        v[j] = av[j] + bv[j];
        low[j] = least;
        high[j] = tree_vwap_max(ahigh[j], bhigh[j]);
    }
}

KL__INLINE void tree_vwap_join_rows(const double *restrict bv, const double *restrict bp, const double *restrict blow,
                                    const double *restrict bhigh, double *restrict v, double *restrict p, double *restrict low,
                                    double *restrict high, size_t n) {
    KL__TREE_EACH(j, n) {
        double least = tree_vwap_min(low[j], blow[j]);
        p[j] = tree_vwap_sum(v[j], p[j], low[j], bv[j], bp[j], blow[j], least);
        v[j] = v[j] + bv[j];
        low[j] = least;
        high[j] = tree_vwap_max(high[j], bhigh[j]);
    }
}

/* The last piece of halves a and b, and what comes of it. */
KL__INLINE double tree_vwap_close_one(double av, double ap, double alow, double ahigh, double bv, double bp, double blow,
                                      double bhigh, double v, double p, double low, double high) {
    double half = tree_vwap_min(alow, blow), least = tree_vwap_min(low, half);
    ap = tree_vwap_sum(av, ap, alow, bv, bp, blow, half);
    av = av + bv;
    p = tree_vwap_sum(v, p, low, av, ap, half, least);
    return tree_vwap_mean(v + av, p, least, tree_vwap_max(high, tree_vwap_max(ahigh, bhigh)));
}

KL__INLINE void tree_vwap_close_rows(const double *restrict av, const double *restrict ap, const double *restrict alow,
                                     const double *restrict ahigh, const double *restrict bv, const double *restrict bp,
                                     const double *restrict blow, const double *restrict bhigh, double *restrict v,
                                     const double *restrict p, const double *restrict low, const double *restrict high, size_t n) {
    KL__TREE_EACH(j, n)
        v[j] = tree_vwap_close_one(av[j], ap[j], alow[j], ahigh[j], bv[j], bp[j], blow[j], bhigh[j], v[j], p[j], low[j], high[j]);
}

KL__INLINE void tree_vwap_close_first_rows(const double *restrict av, const double *restrict ap, const double *restrict alow,
                                           const double *restrict ahigh, const double *restrict bv, const double *restrict bp,
                                           const double *restrict blow, const double *restrict bhigh, double *restrict mean,
                                           const double *restrict v, const double *restrict p, const double *restrict low,
                                           const double *restrict high, size_t n) {
    KL__TREE_EACH(j, n)
        mean[j] = tree_vwap_close_one(av[j], ap[j], alow[j], ahigh[j], bv[j], bp[j], blow[j], bhigh[j], v[j], p[j], low[j], high[j]);
}

/* The mean goes where the volume was. */
KL__INLINE void tree_vwap_last_rows(double *restrict v, const double *restrict p, const double *restrict low,
                                    const double *restrict high, size_t n) {
    KL__TREE_EACH(j, n) v[j] = tree_vwap_mean(v[j], p[j], low[j], high[j]);
}
KL__INLINE void tree_vwap_last(const kl__tree_rows *r) {
    tree_vwap_last_rows(r->out[TREE_VWAP_V], r->out[TREE_VWAP_P], r->out[TREE_VWAP_LOW], r->out[TREE_VWAP_HIGH], r->n);
}

KL__INLINE void tree_vwap_leaf_body(const kl__tree_rows *r) {
    tree_vwap_leaf_rows(r->x[0], r->x[1], r->out[TREE_VWAP_V], r->out[TREE_VWAP_P], r->n);
    kl__tree_copy_rows(r->x[0], r->out[TREE_VWAP_LOW], r->n);
    kl__tree_copy_rows(r->x[0], r->out[TREE_VWAP_HIGH], r->n);
}
KL__INLINE void tree_vwap_up_body(const kl__tree_rows *r) {
    enum { V = TREE_VWAP_V, P = TREE_VWAP_P, LOW = TREE_VWAP_LOW, HIGH = TREE_VWAP_HIGH };
    tree_vwap_up_rows(r->a[V], r->a[P], r->a[LOW], r->a[HIGH], r->b[V], r->b[P], r->b[LOW], r->b[HIGH], r->out[V], r->out[P],
                      r->out[LOW], r->out[HIGH], r->n);
}
KL__INLINE void tree_vwap_begin_body(const kl__tree_rows *r) {
    for (size_t f = 0; f < TREE_VWAP_FIELDS; f++) kl__tree_copy_rows(r->b[f], r->out[f], r->n);
    if (r->last) tree_vwap_last(r);
}
KL__INLINE void tree_vwap_join_body(const kl__tree_rows *r) {
    tree_vwap_join_rows(r->b[TREE_VWAP_V], r->b[TREE_VWAP_P], r->b[TREE_VWAP_LOW], r->b[TREE_VWAP_HIGH],
                        r->out[TREE_VWAP_V], r->out[TREE_VWAP_P], r->out[TREE_VWAP_LOW], r->out[TREE_VWAP_HIGH], r->n);
    if (r->last) tree_vwap_last(r);
}
KL__INLINE void tree_vwap_close_body(const kl__tree_rows *r) {
    enum { V = TREE_VWAP_V, P = TREE_VWAP_P, LOW = TREE_VWAP_LOW, HIGH = TREE_VWAP_HIGH };
    if (r->first[V])
        tree_vwap_close_first_rows(r->a[V], r->a[P], r->a[LOW], r->a[HIGH], r->b[V], r->b[P],
                                   r->b[LOW], r->b[HIGH], r->out[V], r->first[V], r->first[P], r->first[LOW], r->first[HIGH], r->n);
    else
        tree_vwap_close_rows(r->a[V], r->a[P], r->a[LOW], r->a[HIGH], r->b[V], r->b[P],
                             r->b[LOW], r->b[HIGH], r->out[V], r->out[P], r->out[LOW], r->out[HIGH], r->n);
}
KL__TREE_LOOPS(tree_vwap)
KL__TREE_LOOP(tree_vwap_close)

#if defined(KL__SIMD_X86)
typedef struct {
    kl__lanes v, p, low, high;
} tree_vwap_lanes;

KL__LANES_INLINE tree_vwap_lanes tree_vwap_older(const tree_vwap_lanes *now, const tree_vwap_lanes *before, size_t by) {
    tree_vwap_lanes older = {kl__lanes_older(now->v, before->v, by), kl__lanes_older(now->p, before->p, by),
                             kl__lanes_older(now->low, before->low, by), kl__lanes_older(now->high, before->high, by)};
    return older;
}

/* tree_vwap_merge, with the order of operands of tree_vwap_min and tree_vwap_max. */
KL__LANES_INLINE tree_vwap_lanes tree_vwap_merged(const tree_vwap_lanes *a, const tree_vwap_lanes *b) {
    const kl__lanes low = kl__lanes_min(a->low, b->low);
    tree_vwap_lanes node = {a->v + b->v, (a->p + a->v * (a->low - low)) + (b->p + b->v * (b->low - low)), low,
                            kl__lanes_max(a->high, b->high)};
    return node;
}

/* The same of two values: their P are 0, or unknown where the others are. */
KL__LANES_INLINE tree_vwap_lanes tree_vwap_first(const tree_vwap_lanes *a, const tree_vwap_lanes *before) {
    const tree_vwap_lanes b = tree_vwap_older(a, before, 1);
    const kl__lanes low = kl__lanes_min(a->low, b.low);
    tree_vwap_lanes node = {a->v + b.v, a->v * (a->low - low) + b.v * (b.low - low), low, kl__lanes_max(a->high, b.high)};
    return node;
}

KL__LANES_INLINE tree_vwap_lanes tree_vwap_grown(const tree_vwap_lanes *a, const tree_vwap_lanes *before, uint32_t k) {
    const tree_vwap_lanes b = tree_vwap_older(a, before, (size_t)1 << k);
    return tree_vwap_merged(a, &b);
}

KL__LANES_INLINE void tree_vwap_next(uint32_t digits, uint32_t k, const tree_vwap_lanes *now, const tree_vwap_lanes *before,
                                     tree_vwap_lanes *window) {
    const uint32_t newer = digits & ((1u << k) - 1);
    const tree_vwap_lanes b = tree_vwap_older(now, before, newer);
    if (!(digits >> k & 1)) return;
    if (newer) *window = tree_vwap_merged(window, &b);
    else *window = b;
}

KL__LANES_INLINE tree_vwap_lanes tree_vwap_of(const double *price, const double *volume) {
    const kl__lanes x = kl__lanes_load(price), v = kl__lanes_load(volume);
    /* not-a-number where v < 0: all bits */
    tree_vwap_lanes node = {(kl__lanes)((__m512i)(v < kl__lanes_all(0.0)) | (__m512i)v), x - x, x, x};
    return node;
}

KL__LANES_INLINE void tree_vwap_put(double *const *to, size_t j, const tree_vwap_lanes *node) {
    kl__lanes_store(to[TREE_VWAP_V] + j, node->v);
    kl__lanes_store(to[TREE_VWAP_P] + j, node->p);
    kl__lanes_store(to[TREE_VWAP_LOW] + j, node->low);
    kl__lanes_store(to[TREE_VWAP_HIGH] + j, node->high);
}

KL__LANES_INLINE void tree_vwap_low_lanes(const kl__tree_rows *r, uint32_t digits) {
    tree_vwap_lanes b0 = tree_vwap_of(r->x[0] - KL__LANES, r->x[1] - KL__LANES), b1 = tree_vwap_first(&b0, &b0),
                    b2 = tree_vwap_grown(&b1, &b1, 1);
    for (size_t j = 0; j < r->n; j += KL__LANES) {
        const tree_vwap_lanes n0 = tree_vwap_of(r->x[0] + j, r->x[1] + j), n1 = tree_vwap_first(&n0, &b0),
                              n2 = tree_vwap_grown(&n1, &b1, 1), n3 = tree_vwap_grown(&n2, &b2, 2);
        tree_vwap_put(r->out, j, &n3);
        if (digits && j >= r->skip) {
            tree_vwap_lanes window = n0;
            tree_vwap_next(digits, 0, &n0, &b0, &window);
            tree_vwap_next(digits, 1, &n1, &b1, &window);
            tree_vwap_next(digits, 2, &n2, &b2, &window);
            tree_vwap_put(r->window, j - r->skip, &window);
        }
        b0 = n0, b1 = n1, b2 = n2;
    }
}
KL__TARGET_AVX512 static void tree_vwap_low_avx512(const kl__tree_rows *r) {
    KL__LANES_BY_DIGITS(tree_vwap_low_lanes, r)
    if (!r->last) return;
    kl__tree_rows end = *r;
    end.n = r->n - r->skip;
    for (size_t f = 0; f < TREE_VWAP_FIELDS; f++) end.out[f] = r->window[f];
    tree_vwap_last(&end);
}
#endif

const kl__tree_kind kl__tree_vwap = {2, TREE_VWAP_FIELDS, 1, 0, 0, tree_vwap_step, KL__TREE_TABLE_FAST(tree_vwap), NULL, {0}, {0}};
