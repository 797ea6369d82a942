/* Co-moments of short windows: the arithmetic of tree_pair.c, eight windows at once. */
#include "base/fp.h"
#include "window/dev_lanes.h"

#if defined(KL__SIMD_X86)

/* What is wanted beside the product: M2 of the second series, of the first one too, means. */
enum { DEV_PAIR_X2 = 1, DEV_PAIR_Y2 = 2, DEV_PAIR_MEANS = 4 };

typedef struct {
    kl__lanes y, x, y2, x2, c, sum_y, sum_x; /* y, x: means minus the newest values */
} dev_pair;

typedef struct {
    kl__lanes y, x;
} dev_two;

KL__LANES_INLINE dev_two dev_two_at(const double *y, const double *x, ptrdiff_t at) {
    const dev_two two = {kl__lanes_load(y + at), kl__lanes_load(x + at)};
    return two;
}

/* way: the newest values of b minus those of a; see dev_moments.c. */
KL__LANES_INLINE dev_pair dev_pair_up(const dev_pair *a, const dev_pair *b, dev_two way, double weight, int wants) {
    const kl__lanes half = kl__lanes_all(0.5), g = kl__lanes_all(weight);
    dev_pair node = *a;
    way.y = way.y + (b->y - a->y), way.x = way.x + (b->x - a->x);
    node.y = dev_fma(way.y, half, a->y), node.x = dev_fma(way.x, half, a->x);
    node.c = dev_fma(way.y * way.x, g, a->c + b->c);
    if (wants & DEV_PAIR_Y2) node.y2 = dev_fma(way.y * way.y, g, a->y2 + b->y2);
    if (wants & DEV_PAIR_X2) node.x2 = dev_fma(way.x * way.x, g, a->x2 + b->x2);
    if (wants & DEV_PAIR_MEANS) node.sum_y = a->sum_y + b->sum_y, node.sum_x = a->sum_x + b->sum_x;
    return node;
}

/* Of two values next to each other. */
KL__LANES_INLINE dev_pair dev_pair_first(dev_two now, dev_two before) {
    const kl__lanes half = kl__lanes_all(0.5), y = before.y - now.y, x = before.x - now.x;
    const dev_pair node = {y * half, x * half, (y * y) * half, (x * x) * half, (y * x) * half, now.y + before.y, now.x + before.x};
    return node;
}

#define DEV_PAIR_MOVED(move)                                                                          \
    dev_pair b = *now;                                                                                \
    b.y = move(now->y, before->y, by), b.x = move(now->x, before->x, by), b.c = move(now->c, before->c, by); \
    if (wants & DEV_PAIR_Y2) b.y2 = move(now->y2, before->y2, by);                                    \
    if (wants & DEV_PAIR_X2) b.x2 = move(now->x2, before->x2, by);                                    \
    if (wants & DEV_PAIR_MEANS) b.sum_y = move(now->sum_y, before->sum_y, by), b.sum_x = move(now->sum_x, before->sum_x, by); \
    return b;
KL__LANES_INLINE dev_pair dev_pair_older(const dev_pair *now, const dev_pair *before, size_t by, int wants) { DEV_PAIR_MOVED(kl__lanes_older) }
KL__LANES_INLINE dev_pair dev_pair_by(const dev_pair *now, const dev_pair *before, __m512i by, int wants) { DEV_PAIR_MOVED(dev_older) }

/* The window so far and its piece of level k: x2 of those that end with the window or newer % 8 bars later than the piece, x1 of those
 * of eight bars before. In windows sums are means. */
KL__LANES_INLINE void dev_pair_piece(const dev_cut *c, dev_pair *a, const dev_pair *now, const dev_pair *before, const double *y, const double *x,
                                     dev_two end, uint32_t k, int wants) {
    const size_t newer = c->newer[k];
    if (newer == 0) {
        *a = *now;
        a->sum_y = now->sum_y * kl__lanes_all(c->scale[k]), a->sum_x = now->sum_x * kl__lanes_all(c->scale[k]);
        return;
    }
    const dev_pair b = dev_pair_by(now, before, dev_by(newer), wants);
    const dev_two old = dev_two_at(y, x, -(ptrdiff_t)newer);
    const kl__lanes f = kl__lanes_all(c->f[k]), g = kl__lanes_all(c->g[k]), scale = kl__lanes_all(c->scale[k]);
    const kl__lanes way_y = (old.y - end.y) + (b.y - a->y), way_x = (old.x - end.x) + (b.x - a->x);
    a->y = a->y + way_y * f, a->x = a->x + way_x * f;
    a->c = (a->c + b.c) + (way_y * way_x) * g;
    if (wants & DEV_PAIR_Y2) a->y2 = (a->y2 + b.y2) + (way_y * way_y) * g;
    if (wants & DEV_PAIR_X2) a->x2 = (a->x2 + b.x2) + (way_x * way_x) * g;
    if (wants & DEV_PAIR_MEANS) {
        a->sum_y = a->sum_y + dev_fms(b.sum_y, scale, a->sum_y) * f;
        a->sum_x = a->sum_x + dev_fms(b.sum_x, scale, a->sum_x) * f;
    }
}

/* What roll_r makes of sums of squares of an ordinary size. */
KL__LANES_INLINE kl__lanes dev_pair_r(const dev_pair *w, __mmask8 *lost) {
    const kl__lanes product = w->y2 * w->x2, one = kl__lanes_all(1.0), r = w->c / _mm512_sqrt_pd(product);
    *lost = (__mmask8)(_mm512_cmp_pd_mask(w->y2, kl__lanes_all(0x1p-400), _CMP_NGE_UQ) | _mm512_cmp_pd_mask(w->x2, kl__lanes_all(0x1p-400), _CMP_NGE_UQ) |
                       _mm512_cmp_pd_mask(product, kl__lanes_all(0x1p900), _CMP_NLT_UQ));
    return _mm512_max_pd(_mm512_min_pd(r, one), kl__lanes_all(-1.0));
}

/* 1 in `lost` for each result that is not ordinary, or that may not be what the trees make. */
KL__LANES_INLINE kl__lanes dev_pair_make(const kl__dev_made *made, const dev_over *over, const dev_pair *w, __mmask8 *lost, int wants) {
    *lost = 0;
    if (!wants) return dev_divide_signed(w->c, over, lost) + kl__lanes_all(0.0);
    if (wants & DEV_PAIR_Y2) {
        const kl__lanes r = dev_pair_r(w, lost);
        if (made->what == KL__DEV_R2) return r * r;
        return r + kl__lanes_all(0.0);
    }
    kl__lanes y = w->c / w->x2;
    if (wants & DEV_PAIR_MEANS) y = (w->sum_y + kl__lanes_all(0.0)) - y * (w->sum_x + kl__lanes_all(0.0));
    y = y + kl__lanes_all(0.0);
    *lost = (__mmask8)(_mm512_cmp_pd_mask(w->x2, kl__lanes_all(0x1p-1000), _CMP_NGE_UQ) | dev_beyond(y));
    return y;
}

KL__LANES_INLINE uint32_t dev_pair_finish(const dev_rows *r, const kl__dev_made *made, const dev_over *over, const dev_pair *window, ptrdiff_t j,
                                          double *out, int wants) {
    __mmask8 lost;
    const kl__lanes y = dev_pair_make(made, over, window, &lost, wants);
    if (KL__LIKELY(j >= 0 && j + KL__LANES <= r->n)) {
        kl__lanes_store(out + j, y);
        return lost;
    }
    const uint32_t some = dev_some(r, j) & 255;
    kl__lanes_store_some(out + j, y, some);
    return lost & some;
}

/* top: the highest digit of w, a constant. */
KL__LANES_INLINE int dev_pair_rows(const dev_rows *r, const dev_rows *q, const kl__dev_made *made, double *out, uint32_t top, int wants) {
    const dev_cut c = *r->cut;
    const kl__lanes none = kl__lanes_all(0.0);
    const dev_pair zero = {none, none, none, none, none, none, none};
    dev_pair p1 = zero, p2 = zero, p3 = zero, p4 = zero, p4b = zero, n3 = zero, n4 = zero, window = zero, ring[8];
    dev_watch watch = dev_watch_none();
    const dev_over over = dev_over_of(made->a);
    uint32_t lost = 0;
    size_t at = 0;
    ptrdiff_t j = r->begin;
    for (size_t k = 0; k < 8; k++) ring[k] = zero;
    for (size_t piece = 0; piece < DEV_PIECES; piece++)
        for (; j < r->end[piece]; j += KL__LANES, at++) {
            const double *y = r->x[piece] + j, *x = q->x[piece] + j;
            const dev_two n0 = dev_two_at(y, x, 0), one = dev_two_at(y, x, -1), two = dev_two_at(y, x, -2);
            if (j > 0) lost |= dev_pair_finish(r, made, &over, &window, j - KL__LANES, out, wants);
            dev_watch_in(&watch, n0.y);
            dev_watch_in(&watch, n0.x);
            const dev_pair n1 = dev_pair_first(n0, one);
            const dev_two way1 = {two.y - n0.y, two.x - n0.x};
            dev_pair b = dev_pair_older(&n1, &p1, 2, wants);
            const dev_pair n2 = dev_pair_up(&n1, &b, way1, 1.0, wants);
            window = zero, window.sum_y = n0.y, window.sum_x = n0.x;
            if (c.w & 2) dev_pair_piece(&c, &window, &n1, &p1, y, x, n0, 1, wants);
            if (c.w & 4) dev_pair_piece(&c, &window, &n2, &p2, y, x, n0, 2, wants);
            if (top >= 3) {
                const dev_two four = dev_two_at(y, x, -4), way2 = {four.y - n0.y, four.x - n0.x};
                b = dev_pair_older(&n2, &p2, 4, wants);
                n3 = dev_pair_up(&n2, &b, way2, 2.0, wants);
                if (c.w & 8) dev_pair_piece(&c, &window, &n3, &p3, y, x, n0, 3, wants);
            }
            if (top >= 4) {
                const dev_two eight = dev_two_at(y, x, -8), way3 = {eight.y - n0.y, eight.x - n0.x};
                n4 = dev_pair_up(&n3, &p3, way3, 4.0, wants);
                if (c.w & 16) {
                    if (c.newer[4] < 8) dev_pair_piece(&c, &window, &n4, &p4, y, x, n0, 4, wants);
                    else dev_pair_piece(&c, &window, &p4, &p4b, y, x, n0, 4, wants);
                }
            }
            if (top >= 5) {
                const dev_two sixteen = dev_two_at(y, x, -16), way4 = {sixteen.y - n0.y, sixteen.x - n0.x};
                const size_t back = c.newer[5] >> 3;
                ring[at & 7] = dev_pair_up(&n4, &p4b, way4, 8.0, wants);
                dev_pair_piece(&c, &window, &ring[(at - back) & 7], &ring[(at - back - 1) & 7], y, x, n0, 5, wants);
            }
            p4b = p4, p4 = n4, p3 = n3, p2 = n2, p1 = n1;
        }
    lost |= dev_pair_finish(r, made, &over, &window, j - KL__LANES, out, wants);
    return dev_ordinary(&watch) && !lost;
}

#define DEV_PAIR_TOP(top) \
    case top: return dev_pair_rows(y, x, made, out, top, wants);
KL__LANES_INLINE int dev_pair_by_top(const dev_rows *y, const dev_rows *x, const kl__dev_made *made, double *out, int wants) {
    switch (y->cut->top) {
        DEV_PAIR_TOP(2) DEV_PAIR_TOP(3) DEV_PAIR_TOP(4)
    default: return dev_pair_rows(y, x, made, out, 5, wants);
    }
}
KL__TARGET_AVX512 static KL__APART int dev_pair_run(const dev_rows *y, const dev_rows *x, const kl__dev_made *made, double *out) {
    switch (made->what) {
    case KL__DEV_COV: return dev_pair_by_top(y, x, made, out, 0);
    case KL__DEV_BETA: return dev_pair_by_top(y, x, made, out, DEV_PAIR_X2);
    case KL__DEV_ALPHA: return dev_pair_by_top(y, x, made, out, DEV_PAIR_X2 | DEV_PAIR_MEANS);
    default: return dev_pair_by_top(y, x, made, out, DEV_PAIR_X2 | DEV_PAIR_Y2);
    }
}

int kl__dev_pair(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *out) {
    if (t->top < 2 || t->w > KL__DEV_W || kl__simd_tier() < 2 || n < DEV_WORTH) return 0;
    dev_room room[2];
    dev_cut cut;
    dev_rows rows[2];
    dev_cut_of(t, &cut);
    for (uint32_t s = 0; s < 2; s++) dev_rows_of(t, &cut, &room[s], s, in[s], n, out, &rows[s]);
    if (!dev_pair_run(&rows[0], &rows[1], made, out)) return 0;
    kl__tree_went(t, in, n);
    return 1;
}
#else
int kl__dev_pair(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *out) {
    return (void)t, (void)made, (void)in, (void)n, (void)out, 0;
}
#endif
