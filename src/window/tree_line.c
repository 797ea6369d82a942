/* The nodes of tree_slope.c in registers of AVX-512, for windows shorter than 32: each value is loaded where it is wanted, and the
 * statistic is stored. Where no value is tiny and none is huge, products with powers of two are exact, so that they may be fused
 * with the sum that follows: the same bits with fewer operations. The sign of a zero reaches no result. */
#include "base/fp.h"
#include "window/tree_line.h"

#if defined(KL__SIMD_X86)
#include "window/short.h"

typedef struct {
    const kl__line *line;
    uint32_t w;
    double f[5], lever[5], scale[5];
    double squares; /* of the distances of bars from the middle */
} tree_line_factors;

/* The nodes of eight bars by level; of level 1 G is -M. */
typedef struct {
    kl__lanes now, m1, m2, g2, m3, g3, m4, g4, s1, s2, s3, s4;
} tree_line_nodes;

typedef struct {
    kl__lanes m, g, mean;
} tree_line_window;

/* b: the nodes of the eight bars before; x: the values. w, here and below: a constant. */
KL__LANES_INLINE tree_line_nodes tree_line_grow(const tree_line_nodes *b, const double *x, int mean, uint32_t w) {
    const kl__lanes half = kl__lanes_all(0.5);
    tree_line_nodes a = *b;
    a.now = kl__lanes_load(x);
    kl__lanes_ahead(x);
    a.m1 = kl__lanes_less(kl__lanes_load(x - 1), a.now) * half;
    if (w >= 4) {
        const kl__lanes older = kl__lanes_older(a.m1, b->m1, 2), way = kl__lanes_less(kl__lanes_load(x - 2), a.now) + (older - a.m1);
        a.m2 = kl__lanes_fused(way, half, a.m1), a.g2 = -kl__lanes_fused(way, kl__lanes_all(2.0), a.m1 + older);
    }
    if (w >= 8) {
        const kl__lanes way = kl__lanes_less(kl__lanes_load(x - 4), a.now) + (kl__lanes_older(a.m2, b->m2, 4) - a.m2);
        a.m3 = kl__lanes_fused(way, half, a.m2), a.g3 = kl__lanes_fused(way, kl__lanes_all(-8.0), kl__lanes_plus(a.g2, kl__lanes_older(a.g2, b->g2, 4)));
    }
    if (w >= 16) {
        const kl__lanes way = kl__lanes_less(kl__lanes_load(x - 8), a.now) + (b->m3 - a.m3);
        a.m4 = kl__lanes_fused(way, half, a.m3), a.g4 = kl__lanes_fused(way, kl__lanes_all(-32.0), a.g3 + b->g3);
    }
    if (mean) {
        a.s1 = a.now + kl__lanes_load(x - 1);
        if (w >= 4) a.s2 = a.s1 + kl__lanes_older(a.s1, b->s1, 2);
        if (w >= 8) a.s3 = a.s2 + kl__lanes_older(a.s2, b->s2, 4);
        if (w >= 16) a.s4 = a.s3 + b->s3;
    }
    return a;
}

/* The piece {x, m, g, sum} of level k joined; newer 0: it is the first. sum * 2^-k is exact. */
KL__LANES_INLINE void tree_line_join(const tree_line_factors *c, uint32_t newer, uint32_t k, int mean, kl__lanes now, kl__lanes x, kl__lanes m,
                                     kl__lanes g, kl__lanes sum, tree_line_window *window) {
    if (!newer) {
        window->m = m, window->g = g;
        if (mean) window->mean = sum * kl__lanes_all(c->scale[k]);
        return;
    }
    kl__lanes way = m;
    if (newer > 1) way = m - window->m; /* of one value M and G are 0 */
    way = kl__lanes_less(x, now) + way;
    const kl__lanes step = way * kl__lanes_all(c->f[k]);
    if (newer > 1) window->m = window->m + step, g = kl__lanes_plus(window->g, g);
    else window->m = step;
    window->g = g - way * kl__lanes_all(c->lever[k]);
    if (mean) window->mean = window->mean + kl__lanes_fused(sum, kl__lanes_all(c->scale[k]), -window->mean) * kl__lanes_all(c->f[k]);
}

/* The windows of the eight bars of a; b, far: before them, and before these. */
#define TREE_LINE_PIECE(k, a, b, m_, g_, s_, newer, by)                                                                       \
    tree_line_join(c, newer, k, mean, now, kl__lanes_load(x - (newer)), kl__lanes_older(a->m_, b->m_, by),                \
                   kl__lanes_older(a->g_, b->g_, by), kl__lanes_older(a->s_, b->s_, by), &window)
KL__LANES_INLINE tree_line_window tree_line_pieces(const tree_line_factors *c, const tree_line_nodes *a, const tree_line_nodes *b,
                                                   const tree_line_nodes *far, const double *x, int mean, uint32_t w) {
    const uint32_t digits = w & 7;
    const kl__lanes zero = kl__lanes_all(0.0), now = a->now;
    tree_line_window window = {zero, zero, a->now};
    if (w & 2) {
        const kl__lanes m = kl__lanes_older(a->m1, b->m1, w & 1);
        tree_line_join(c, w & 1, 1, mean, now, kl__lanes_load(x - (w & 1)), m, zero - m, kl__lanes_older(a->s1, b->s1, w & 1), &window);
    }
    if (w & 4) TREE_LINE_PIECE(2, a, b, m2, g2, s2, w & 3, w & 3);
    if (w & 8) TREE_LINE_PIECE(3, a, b, m3, g3, s3, digits, digits);
    if (w >= 24) TREE_LINE_PIECE(4, b, far, m4, g4, s4, 8 + digits, digits);
    else if (w >= 16) TREE_LINE_PIECE(4, a, b, m4, g4, s4, digits, digits);
    return window;
}

KL__LANES_INLINE kl__lanes tree_line_show(const tree_line_factors *c, const tree_line_window *window, kl__lanes now, kl__lanes *ahead,
                                          int mean) {
    const kl__lanes slope = window->g / kl__lanes_all(c->squares);
    if (!mean) return slope + kl__lanes_all(0.0);
    const kl__lanes at = window->mean + slope * kl__lanes_all(c->line->at);
    if (c->line->what == KL__LINE_AT) return at;
    const kl__lanes next = at + slope, before = kl__lanes_older(next, *ahead, 1);
    *ahead = next;
    if (c->line->what == KL__LINE_AHEAD) return next;
    return kl__lanes_all(100.0) * ((now - before) / now) + kl__lanes_all(0.0);
}

/* Nodes of a block, windows of the one before, results of that before it: so a machine that looks ahead only so far has enough to do. */
KL__LANES_INLINE int tree_line_rows(const tree_line_factors *c, const kl__short_part *part, int mean, uint32_t w) {
    const kl__lanes zero = kl__lanes_all(0.0);
    tree_line_nodes a = {zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero}, b = a, far = a;
    tree_line_window window = {zero, zero, zero};
    kl__lanes ahead = zero;
    kl__lanes_narrow narrow = kl__lanes_narrow_none();
    kl__lanes_watch watch = kl__lanes_watch_none();
    double none[KL__LANES];
    const double *x1 = part[0].x[0];
    double *to1 = none, *to2 = none;
    for (size_t k = 0; k < KL__SHORT_PARTS; k++) {
        const double *x = part[k].x[0];
        double *to = part[k].to[0];
        for (size_t j = 0; j < part[k].blocks; j++, x += KL__LANES, to += KL__LANES) {
            const kl__lanes y = tree_line_show(c, &window, b.now, &ahead, mean);
            kl__lanes_store(to2, y);
            if (mean && k == 1 && j >= KL__SHORT_LAG) kl__lanes_see(&watch, y);
            window = tree_line_pieces(c, &a, &b, &far, x1, mean, w);
            const tree_line_nodes next = tree_line_grow(&a, x, mean, w);
            kl__lanes_narrow_see(&narrow, next.now);
            far = b, b = a, a = next;
            x1 = x, to2 = to1, to1 = to;
        }
    }
    return kl__lanes_narrow_clean(&narrow) && kl__lanes_clean(&watch);
}

#define TREE_LINE_LENGTH(w) \
    case w: return tree_line_rows(c, part, mean, w);
#define TREE_LINE_LENGTHS(w) \
    TREE_LINE_LENGTH(w) TREE_LINE_LENGTH(w + 1) TREE_LINE_LENGTH(w + 2) TREE_LINE_LENGTH(w + 3) TREE_LINE_LENGTH(w + 4)
KL__LANES_INLINE int tree_line_any(const tree_line_factors *c, const kl__short_part *part, int mean) {
    switch (c->w) {
        TREE_LINE_LENGTHS(2)
        TREE_LINE_LENGTHS(7)
        TREE_LINE_LENGTHS(12)
        TREE_LINE_LENGTHS(17)
        TREE_LINE_LENGTHS(22)
        TREE_LINE_LENGTHS(27)
    default: return 0;
    }
}
KL__TARGET_AVX512 static int tree_line_slopes(const void *how, const kl__short_part *part) { return tree_line_any(how, part, 0); }
KL__TARGET_AVX512 static int tree_line_lines(const void *how, const kl__short_part *part) { return tree_line_any(how, part, 1); }

int kl__tree_line_try(kl__tree *t, const kl__line *line, const double *const *in, size_t n, double *const *out) {
    tree_line_factors c = {.line = line, .w = t->w};
    kl__short p;
    if (kl__simd_tier() < 2 || t->w < 2 || t->w >= KL__SHORT_FEW || !kl__tree_pays(t, n)) return 0;
    const double w = (double)t->w;
    for (uint32_t k = 0; k <= t->top; k++) {
        const double size = (double)(1u << k), newer = (double)(t->w & ((1u << k) - 1));
        c.f[k] = kl__tree_f(t)[k], c.scale[k] = 1.0 / size, c.lever[k] = newer * size * 0.5;
    }
    c.squares = w * (w * w - 1.0) / 12.0; /* as kl__roll_ages2 */
    kl__short_one(&p, in[0], n, out[0]);
    return kl__short_go(&t, &p, t->w - (line->what != KL__LINE_AWAY), KL__SHORT_LAG,
                        line->what == KL__LINE_SLOPE ? tree_line_slopes : tree_line_lines, &c, line->what == KL__LINE_AWAY);
}
#else
int kl__tree_line_try(kl__tree *t, const kl__line *line, const double *const *in, size_t n, double *const *out) {
    return (void)t, (void)line, (void)in, (void)n, (void)out, 0;
}
#endif
