/* Second moments of short windows: the arithmetic of tree_moments.c and tree_mean.c, eight windows at once. */
#include "base/fp.h"
#include "window/dev_lanes.h"

#if defined(KL__SIMD_X86)

enum { MOMENTS_MEAN = 1, MOMENTS_M = 2 }; /* what is wanted beside M2 */
typedef struct {
    kl__lanes m, m2, sum;
} moments_node;

/* The node of the next level; way_x: the newest value of b minus that of a. A half and a whole power of two lose nothing of what
 * they multiply: a fused operation rounds as two do. */
KL__LANES_INLINE moments_node moments_up(const moments_node *a, const moments_node *b, kl__lanes way_x, double weight, int mean) {
    const kl__lanes way = way_x + (b->m - a->m);
    moments_node node = {dev_fma(way, kl__lanes_all(0.5), a->m), dev_fma(way * way, kl__lanes_all(weight), a->m2 + b->m2), a->sum};
    if (mean) node.sum = a->sum + b->sum;
    return node;
}

KL__LANES_INLINE moments_node moments_older(const moments_node *now, const moments_node *before, size_t by, int mean) {
    moments_node b = {kl__lanes_older(now->m, before->m, by), kl__lanes_older(now->m2, before->m2, by), now->sum};
    if (mean) b.sum = kl__lanes_older(now->sum, before->sum, by);
    return b;
}

typedef struct {
    kl__lanes m, m2, mean;
} moments_window;

/* The window so far and its next piece b of level k; way_x: the newest value of b minus that of the window. */
KL__LANES_INLINE void moments_join(const dev_cut *c, moments_window *a, const moments_node *b, kl__lanes way_x, uint32_t k, int wants) {
    const kl__lanes way = way_x + (b->m - a->m);
    a->m = a->m + way * kl__lanes_all(c->f[k]);
    a->m2 = (a->m2 + b->m2) + (way * way) * kl__lanes_all(c->g[k]);
    if (wants & MOMENTS_MEAN) a->mean = a->mean + dev_fms(b->sum, kl__lanes_all(c->scale[k]), a->mean) * kl__lanes_all(c->f[k]);
}

KL__LANES_INLINE moments_node moments_by(const moments_node *now, const moments_node *before, __m512i by, int wants) {
    moments_node b = {dev_older(now->m, before->m, by), dev_older(now->m2, before->m2, by), now->sum};
    if (wants & MOMENTS_MEAN) b.sum = dev_older(now->sum, before->sum, by);
    return b;
}

/* Two vectors of windows, x and y, after piece k: x2 and y2 are nodes of level k that end with them or are `newer` % 8 bars later
 * than the piece, x1 and y1 those of eight bars before. */
KL__LANES_INLINE void moments_piece(const dev_cut *c, moments_window *window, const moments_node *x2, const moments_node *x1,
                                    const moments_node *y2, const moments_node *y1, const double *now, kl__lanes x0, kl__lanes y0, uint32_t k,
                                    int wants) {
    const size_t newer = c->newer[k];
    if (newer) {
        const __m512i by = dev_by(newer);
        const moments_node b = moments_by(x2, x1, by, wants), d = moments_by(y2, y1, by, wants);
        moments_join(c, &window[0], &b, kl__lanes_load(now - newer) - x0, k, wants);
        moments_join(c, &window[1], &d, kl__lanes_load(now - newer + KL__LANES) - y0, k, wants);
    } else {
        const kl__lanes scale = kl__lanes_all(c->scale[k]);
        window[0].m = x2->m, window[0].m2 = x2->m2, window[1].m = y2->m, window[1].m2 = y2->m2;
        if (wants & MOMENTS_MEAN) window[0].mean = x2->sum * scale, window[1].mean = y2->sum * scale;
    }
}

/* Results; 1 for each that is not ordinary, where the values do not say so. */
KL__LANES_INLINE __mmask8 moments_make(const kl__dev_made *made, const dev_over *a, const moments_window *w, kl__lanes *y, int wants) {
    const kl__lanes var = dev_divide(w->m2, a);
    if (!wants) {
        if (made->what == KL__DEV_VAR) {
            y[0] = var;
            return 0;
        }
        y[0] = _mm512_sqrt_pd(var);
        if (made->what == KL__DEV_ERROR) y[0] = y[0] / kl__lanes_all(made->b);
        else y[0] = y[0] * kl__lanes_all(made->b);
    } else if (wants & MOMENTS_M) {
        y[0] = (kl__lanes_all(0.0) - w->m) / _mm512_sqrt_pd(var);
        if (made->what == KL__DEV_PLACE) y[0] = kl__lanes_all(0.5) + y[0] / kl__lanes_all(made->b);
        return _mm512_cmp_pd_mask(w->m2, kl__lanes_all(0x1p-1000), _CMP_LT_OQ);
    } else {
        const kl__lanes mean = w->mean + kl__lanes_all(0.0), width = _mm512_sqrt_pd(var) * kl__lanes_all(made->b);
        if (made->what == KL__DEV_BANDS) {
            y[0] = mean + width, y[1] = mean, y[2] = mean - width;
        } else {
            y[0] = width / mean + kl__lanes_all(0.0); /* no -0.0 */
            return dev_beyond(y[0]);
        }
    }
    return 0;
}

/* Stores what is made of the windows of the pair at row j. */
KL__LANES_INLINE uint32_t moments_finish(const dev_rows *r, const kl__dev_made *made, const dev_over *over, const moments_window *window,
                                         ptrdiff_t j, double *const *out, int wants) {
    const int bands = (wants & MOMENTS_MEAN) && made->what == KL__DEV_BANDS;
    kl__lanes y[2][3];
    const uint32_t beyond = moments_make(made, over, &window[0], y[0], wants), beyond2 = moments_make(made, over, &window[1], y[1], wants);
    if (KL__LIKELY(j >= 0 && j + DEV_PAIR <= r->n)) {
        for (size_t v = 0; v < 2; v++) {
            kl__lanes_store(out[0] + j + v * KL__LANES, y[v][0]);
            if (bands) kl__lanes_store(out[1] + j + v * KL__LANES, y[v][1]), kl__lanes_store(out[2] + j + v * KL__LANES, y[v][2]);
        }
        return beyond | beyond2;
    }
    const uint32_t some = dev_some(r, j);
    for (uint32_t o = 0; o < (bands ? 3 : 1); o++) {
        kl__lanes_store_some(out[o] + j, y[0][o], some & 255);
        kl__lanes_store_some(out[o] + j + KL__LANES, y[1][o], some >> 8);
    }
    return (beyond | beyond2 << 8) & some;
}

/* top: the highest digit of w, a constant. What is made of a pair of vectors is made beside the nodes of the next one, so that roots
 * and quotients keep nobody waiting. */
KL__LANES_INLINE int moments_rows(const dev_rows *r, const kl__dev_made *made, double *const *out, uint32_t top, int wants) {
    const dev_cut c = *r->cut;
    const kl__lanes none = kl__lanes_all(0.0), half = kl__lanes_all(0.5);
    const int mean = wants & MOMENTS_MEAN;
    const moments_node zero = {none, none, none};
    moments_node p1 = zero, p2 = zero, p3 = zero, p4 = zero, p4b = zero, n3, m3, n4, m4, ring[8];
    moments_window window[2] = {{none, none, none}, {none, none, none}};
    dev_watch watch = dev_watch_none();
    const dev_over over = dev_over_of(made->a);
    uint32_t lost = 0;
    size_t at = 0;
    ptrdiff_t j = r->begin;
    for (size_t k = 0; k < 8; k++) ring[k] = zero;
    for (size_t piece = 0; piece < DEV_PIECES; piece++)
        for (const double *x = r->x[piece]; j < r->end[piece]; j += DEV_PAIR, at += 2) {
            const double *now = x + j;
            const kl__lanes x0 = kl__lanes_load(now), y0 = kl__lanes_load(now + 8), x1 = kl__lanes_load(now - 1), y1 = kl__lanes_load(now + 7);
            const kl__lanes way_x = x1 - x0, way_y = y1 - y0;
            if (j > 0) lost |= moments_finish(r, made, &over, window, j - DEV_PAIR, out, wants);
            dev_watch_in(&watch, x0);
            dev_watch_in(&watch, y0);
            const moments_node n1 = {way_x * half, (way_x * way_x) * half, x0 + x1}, m1 = {way_y * half, (way_y * way_y) * half, y0 + y1};
            moments_node b = moments_older(&n1, &p1, 2, mean), d = moments_older(&m1, &n1, 2, mean);
            const moments_node n2 = moments_up(&n1, &b, kl__lanes_load(now - 2) - x0, 1.0, mean),
                               m2 = moments_up(&m1, &d, kl__lanes_load(now + 6) - y0, 1.0, mean);
            window[0].m = window[0].m2 = window[1].m = window[1].m2 = none, window[0].mean = x0, window[1].mean = y0;
            if (c.w & 2) moments_piece(&c, window, &n1, &p1, &m1, &n1, now, x0, y0, 1, wants);
            if (c.w & 4) moments_piece(&c, window, &n2, &p2, &m2, &n2, now, x0, y0, 2, wants);
            if (top >= 3) {
                b = moments_older(&n2, &p2, 4, mean), d = moments_older(&m2, &n2, 4, mean);
                n3 = moments_up(&n2, &b, kl__lanes_load(now - 4) - x0, 2.0, mean);
                m3 = moments_up(&m2, &d, kl__lanes_load(now + 4) - y0, 2.0, mean);
                if (c.w & 8) moments_piece(&c, window, &n3, &p3, &m3, &n3, now, x0, y0, 3, wants);
                if (top >= 4) {
                    const kl__lanes x8 = kl__lanes_load(now - 8);
                    n4 = moments_up(&n3, &p3, x8 - x0, 4.0, mean), m4 = moments_up(&m3, &n3, x0 - y0, 4.0, mean);
                    if (c.w & 16) {
                        if (c.newer[4] < 8) moments_piece(&c, window, &n4, &p4, &m4, &n4, now, x0, y0, 4, wants);
                        else moments_piece(&c, window, &p4, &p4b, &n4, &p4, now, x0, y0, 4, wants);
                    }
                    if (top >= 5) {
                        const size_t back = c.newer[5] >> 3;
                        ring[at & 7] = moments_up(&n4, &p4b, kl__lanes_load(now - 16) - x0, 8.0, mean);
                        ring[(at + 1) & 7] = moments_up(&m4, &p4, x8 - y0, 8.0, mean);
                        moments_piece(&c, window, &ring[(at - back) & 7], &ring[(at - back - 1) & 7], &ring[(at - back + 1) & 7],
                                      &ring[(at - back) & 7], now, x0, y0, 5, wants);
                    }
                    p4b = n4, p4 = m4;
                }
                p3 = m3;
            }
            p1 = m1, p2 = m2;
        }
    lost |= moments_finish(r, made, &over, window, j - DEV_PAIR, out, wants);
    return dev_ordinary(&watch) && !lost;
}

#define MOMENTS_TOP(top) \
    case top: return moments_rows(r, made, out, top, wants);
KL__LANES_INLINE int moments_by_top(const dev_rows *r, const kl__dev_made *made, double *const *out, int wants) {
    switch (r->cut->top) {
        MOMENTS_TOP(2) MOMENTS_TOP(3) MOMENTS_TOP(4)
    default: return moments_rows(r, made, out, 5, wants);
    }
}
KL__TARGET_AVX512 static KL__APART int moments_run(const dev_rows *r, const kl__dev_made *made, double *const *out) {
    switch (made->what) {
    case KL__DEV_BANDS: case KL__DEV_WIDTH: return moments_by_top(r, made, out, MOMENTS_MEAN);
    case KL__DEV_Z: case KL__DEV_PLACE: return moments_by_top(r, made, out, MOMENTS_M);
    default: return moments_by_top(r, made, out, 0);
    }
}

int kl__dev_moments(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *const *out) {
    if (kl__simd_tier() < 2) return kl__dev_tile(t, made, in, n, out);
    if (t->top < 2 || t->w > KL__DEV_W || n < DEV_WORTH) return 0;
    dev_room room;
    dev_cut cut;
    dev_rows r;
    dev_cut_of(t, &cut);
    dev_rows_of(t, &cut, &room, 0, in[0], n, out[0], &r);
    if (!moments_run(&r, made, out)) return 0;
    kl__tree_went(t, in, n);
    return 1;
}
#else
int kl__dev_moments(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *const *out) {
    return kl__dev_tile(t, made, in, n, out);
}
#endif
