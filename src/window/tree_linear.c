/* The mean of a window and its first moment about the middle,
 *     G = sum over the window of (c - age) * x, c = (n - 1)/2,
 * of which linearly weighted averages and regression lines are made. A node of level k holds {S = sum, G}; equal halves join as
 *     S = S_A + S_B,  G = (G_A + G_B) + (S_A - S_B) * 2^{k-2},  A newer, B older,
 * pieces of the window as
 *     mean = A + (B - A) * (nB/n),  G = (G_A + G_B) + (A - B) * (nA*nB/2),  A and B their means.
 * Equal values give G = 0 exactly. */
#include "base/fp.h"
#include "window/tree_mean.h"

KL__INLINE double tree_linear_scale(uint32_t k) { return 1.0 / (double)((size_t)1 << k); }
/* Half the product of the sizes of both sides, where the digit k of w is joined. */
KL__INLINE double tree_linear_lever(size_t w, size_t size) { return (double)(w & (size - 1)) * (double)size * 0.5; }

static void tree_linear_step(kl__tree *t, const double *x, double *stat) {
    const double *f = kl__tree_f(t);
    double sum = x[0], moment = 0.0, mean = 0.0, g = 0.0;
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1);
        double *s = kl__tree_slot(t, 0, k, t->count), *m = kl__tree_slot(t, 1, k, t->count);
        double older_sum = *s, older_moment = *m;
        *s = sum, *m = moment;
        if (t->w & size) {
            double piece = *kl__tree_slot(t, 0, k, t->count - newer) * tree_linear_scale(k);
            double piece_g = *kl__tree_slot(t, 1, k, t->count - newer);
            if (newer) {
                g = (g + piece_g) + (mean - piece) * tree_linear_lever(t->w, size);
                mean = mean + (piece - mean) * f[k];
            } else {
                mean = piece, g = piece_g;
            }
        }
        if (k == t->top) break;
        moment = (moment + older_moment) + (sum - older_sum) * ((double)size * 0.5);
        sum = sum + older_sum;
    }
    stat[0] = mean, stat[1] = g;
}

KL__INLINE void tree_linear_leaf_rows(const double *restrict x, double *restrict sum, double *restrict moment, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = x[j], moment[j] = 0.0;
}

KL__INLINE void tree_linear_up_rows(const double *restrict newer, const double *restrict newer_g, const double *restrict older,
                                    const double *restrict older_g, double *restrict sum, double *restrict moment, size_t n,
                                    double lever) {
    KL__TREE_EACH(j, n) {
        moment[j] = (newer_g[j] + older_g[j]) + (newer[j] - older[j]) * lever;
        sum[j] = newer[j] + older[j];
    }
}

KL__INLINE void tree_linear_begin_rows(const double *restrict sum, const double *restrict g, double *restrict mean,
                                       double *restrict moment, size_t n, double scale) {
    KL__TREE_EACH(j, n) mean[j] = sum[j] * scale, moment[j] = g[j];
}

KL__INLINE void tree_linear_join_rows(const double *restrict sum, const double *restrict g, double *restrict mean,
                                      double *restrict moment, size_t n, double scale, double f, double lever) {
    KL__TREE_EACH(j, n) {
        double piece = sum[j] * scale, way = piece - mean[j];
        moment[j] = (moment[j] + g[j]) + (mean[j] - piece) * lever;
        mean[j] = mean[j] + way * f;
    }
}

KL__INLINE void tree_linear_close_rows(const double *restrict a, const double *restrict ag, const double *restrict b,
                                       const double *restrict bg, double *restrict mean, double *restrict moment, size_t n,
                                       double half, double scale, double f, double lever) {
    KL__TREE_EACH(j, n) {
        double g = (ag[j] + bg[j]) + (a[j] - b[j]) * half, piece = (a[j] + b[j]) * scale, way = piece - mean[j];
        moment[j] = (moment[j] + g) + (mean[j] - piece) * lever;
        mean[j] = mean[j] + way * f;
    }
}

KL__INLINE void tree_linear_close_first_rows(const double *restrict first, const double *restrict first_g, const double *restrict a,
                                             const double *restrict ag, const double *restrict b, const double *restrict bg,
                                             double *restrict mean, double *restrict moment, size_t n, double half, double scale,
                                             double f, double lever) {
    KL__TREE_EACH(j, n) {
        double g = (ag[j] + bg[j]) + (a[j] - b[j]) * half, piece = (a[j] + b[j]) * scale, m = first[j] * (scale + scale);
        moment[j] = (first_g[j] + g) + (m - piece) * lever;
        mean[j] = m + (piece - m) * f;
    }
}

KL__INLINE void tree_linear_leaf_body(const kl__tree_rows *r) { tree_linear_leaf_rows(r->x[0], r->out[0], r->out[1], r->n); }
KL__INLINE void tree_linear_up_body(const kl__tree_rows *r) {
    tree_linear_up_rows(r->a[0], r->a[1], r->b[0], r->b[1], r->out[0], r->out[1], r->n, (double)((size_t)1 << r->k) * 0.5);
}
KL__INLINE void tree_linear_begin_body(const kl__tree_rows *r) {
    tree_linear_begin_rows(r->b[0], r->b[1], r->out[0], r->out[1], r->n, tree_linear_scale(r->k));
}
KL__INLINE void tree_linear_join_body(const kl__tree_rows *r) {
    tree_linear_join_rows(r->b[0], r->b[1], r->out[0], r->out[1], r->n, tree_linear_scale(r->k), r->f,
                          tree_linear_lever(r->w, (size_t)1 << r->k));
}
KL__INLINE void tree_linear_close_body(const kl__tree_rows *r) {
    const double half = (double)((size_t)1 << r->k) * 0.25, scale = tree_linear_scale(r->k);
    const double lever = tree_linear_lever(r->w, (size_t)1 << r->k);
    if (r->first[0])
        tree_linear_close_first_rows(r->first[0], r->first[1], r->a[0], r->a[1], r->b[0], r->b[1], r->out[0], r->out[1], r->n, half,
                                     scale, r->f, lever);
    else tree_linear_close_rows(r->a[0], r->a[1], r->b[0], r->b[1], r->out[0], r->out[1], r->n, half, scale, r->f, lever);
}
KL__TREE_LOOPS(tree_linear)
KL__TREE_LOOP(tree_linear_close)

#if defined(KL__SIMD_X86)
typedef struct {
    kl__lanes sum, g;
} tree_linear_lanes;

KL__LANES_INLINE tree_linear_lanes tree_linear_grown(const tree_linear_lanes *a, const tree_linear_lanes *before, uint32_t k) {
    const size_t size = (size_t)1 << k;
    const kl__lanes sum = kl__lanes_older(a->sum, before->sum, size), g = kl__lanes_older(a->g, before->g, size);
    tree_linear_lanes node = {a->sum + sum, (a->g + g) + (a->sum - sum) * kl__lanes_all((double)size * 0.5)};
    return node;
}

KL__LANES_INLINE void tree_linear_next(const kl__tree_rows *r, uint32_t digits, uint32_t k, const tree_linear_lanes *now,
                                       const tree_linear_lanes *before, tree_linear_lanes *window) {
    const uint32_t newer = digits & ((1u << k) - 1);
    const kl__lanes piece = kl__lanes_older(now->sum, before->sum, newer) * kl__lanes_all(tree_linear_scale(k)),
                    g = kl__lanes_older(now->g, before->g, newer), mean = window->sum;
    if (!(digits >> k & 1)) return;
    window->sum = piece;
    if (!newer) {
        window->g = g;
    } else {
        window->g = (window->g + g) + (mean - piece) * kl__lanes_all(tree_linear_lever(r->w, (size_t)1 << k));
        window->sum = mean + (piece - mean) * kl__lanes_all(r->fs[k]);
    }
}

KL__LANES_INLINE void tree_linear_low_lanes(const kl__tree_rows *r, uint32_t digits) {
    const kl__lanes zero = kl__lanes_all(0.0);
    tree_linear_lanes b0 = {kl__lanes_load(r->x[0] - KL__LANES), zero}, b1 = tree_linear_grown(&b0, &b0, 0),
                      b2 = tree_linear_grown(&b1, &b1, 1);
    for (size_t j = 0; j < r->n; j += KL__LANES) {
        const tree_linear_lanes n0 = {kl__lanes_load(r->x[0] + j), zero}, n1 = tree_linear_grown(&n0, &b0, 0),
                                n2 = tree_linear_grown(&n1, &b1, 1), n3 = tree_linear_grown(&n2, &b2, 2);
        kl__lanes_store(r->out[0] + j, n3.sum);
        kl__lanes_store(r->out[1] + j, n3.g);
        if (digits && j >= r->skip) {
            tree_linear_lanes window = n0;
            tree_linear_next(r, digits, 0, &n0, &b0, &window);
            tree_linear_next(r, digits, 1, &n1, &b1, &window);
            tree_linear_next(r, digits, 2, &n2, &b2, &window);
            kl__lanes_store(r->window[0] + (j - r->skip), window.sum);
            kl__lanes_store(r->window[1] + (j - r->skip), window.g);
        }
        b0 = n0, b1 = n1, b2 = n2;
    }
}
KL__TARGET_AVX512 static void tree_linear_low_avx512(const kl__tree_rows *r) { KL__LANES_BY_DIGITS(tree_linear_low_lanes, r) }
#endif

const kl__tree_kind kl__tree_linear = {1, 2, 2, 0, 0, tree_linear_step, KL__TREE_TABLE_FAST(tree_linear), NULL, {0}, {0}};
