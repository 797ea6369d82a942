/* Second moments of short windows without AVX-512: tiles in the nearest cache. Nodes of four values come straight from the values, those
 * of greater levels from them, the pieces below four are made where they are joined, and the last join makes the result. The
 * arithmetic is that of tree_moments.c. */
#include "base/fp.h"
#include "base/endian.h"
#include "base/roots.h"
#include "window/dev.h"
#include "simd/level.h"

enum { DEV_TILE = 256, DEV_TILE_FRONT = 64, DEV_TILE_ROW = DEV_TILE + DEV_TILE_FRONT + 8, DEV_TILE_LEVELS = 4 };
/* What a join leaves: a window, or with s = sqrt(M2 / a) one of these. */
enum { DEV_SINK_WINDOW, DEV_SINK_VAR, DEV_SINK_STD, DEV_SINK_Z };

typedef struct {
    const kl__dev_made *made;
    kl__tree *t;
} dev_tile_how;

/* The top bit where a value is 2^450 or more in magnitude, NaN or -0.0; where a result is NaN or 2^1000 or more. */
KL__INLINE uint64_t dev_tile_odd(double x) {
    const uint64_t bits = kl__double_bits(x);
    return ((bits & (UINT64_MAX >> 1)) + (UINT64_C(0x8000000000000000) - UINT64_C(0x5c10000000000000))) | (bits & ~(bits - 1));
}
KL__INLINE uint64_t dev_tile_beyond(double y) { return (kl__double_bits(y) & (UINT64_MAX >> 1)) + (UINT64_C(25) << 52); }

/* Nodes of level 2. */
KL__INLINE void dev_tile_four(const double *restrict x0, const double *restrict x1, const double *restrict x2, const double *restrict x3,
                              double *restrict m, double *restrict m2, size_t n) {
    for (size_t j = 0; j < n; j++) {
        const double way_a = x1[j] - x0[j], way_b = x3[j] - x2[j], a = way_a * 0.5, b = way_b * 0.5;
        const double way = (x2[j] - x0[j]) + (b - a);
        m[j] = a + way * 0.5;
        m2[j] = ((way_a * way_a) * 0.5 + (way_b * way_b) * 0.5) + way * way;
    }
}

KL__INLINE void dev_tile_up(const double *restrict x, const double *restrict x_old, const double *restrict am, const double *restrict am2,
                            const double *restrict bm, const double *restrict bm2, double *restrict m, double *restrict m2, size_t n,
                            double weight) {
    for (size_t j = 0; j < n; j++) {
        const double way = (x_old[j] - x[j]) + (bm[j] - am[j]);
        m[j] = am[j] + way * 0.5;
        m2[j] = (am2[j] + bm2[j]) + (way * way) * weight;
    }
}

/* The window so far is that of w % 4 values, `low`, if that is not 0, else am and am2; f1, g1: of its second piece. */
KL__INLINE void dev_tile_join(const double *restrict x, const double *restrict x1, const double *restrict x2, const double *restrict x_old,
                              const double *restrict am, const double *restrict am2, const double *restrict bm, const double *restrict bm2,
                              double *restrict m, double *restrict m2, size_t n, double f1, double g1, double f, double g, double a, double b,
                              const int low, const int sink) {
    for (size_t j = 0; j < n; j++) {
        double wm = 0.0, wm2 = 0.0;
        if (low == 0) wm = am[j], wm2 = am2[j];
        if (low == 2) {
            const double way = x1[j] - x[j];
            wm = way * 0.5, wm2 = (way * way) * 0.5;
        }
        if (low == 3) {
            const double way_b = x2[j] - x1[j], way = (x1[j] - x[j]) + way_b * 0.5;
            wm = way * f1, wm2 = (way_b * way_b) * 0.5 + (way * way) * g1;
        }
        const double way = (x_old[j] - x[j]) + (bm[j] - wm);
        const double sum = (wm2 + bm2[j]) + (way * way) * g;
        if (sink == DEV_SINK_WINDOW || sink == DEV_SINK_Z) wm = wm + way * f;
        if (sink == DEV_SINK_WINDOW) m[j] = wm, m2[j] = sum;
        if (sink == DEV_SINK_VAR) m[j] = sum / a;
        if (sink == DEV_SINK_STD) m[j] = kl__sqrt(sum / a) * b;
        if (sink == DEV_SINK_Z) {
            const double held = sum >= 0x1p-1000 ? 0.0 : kl__bits_double(UINT64_C(0x7ff8000000000000));
            m[j] = (0.0 - wm) / kl__sqrt(sum / a) + held;
        }
    }
}
/* The same of a window that is one node. */
KL__INLINE void dev_tile_only(const double *restrict am, const double *restrict am2, double *restrict y, size_t n, double a, double b,
                              const int sink) {
    for (size_t j = 0; j < n; j++) {
        if (sink == DEV_SINK_VAR) y[j] = am2[j] / a;
        if (sink == DEV_SINK_STD) y[j] = kl__sqrt(am2[j] / a) * b;
        if (sink == DEV_SINK_Z) {
            const double held = am2[j] >= 0x1p-1000 ? 0.0 : kl__bits_double(UINT64_C(0x7ff8000000000000));
            y[j] = (0.0 - am[j]) / kl__sqrt(am2[j] / a) + held;
        }
    }
}

KL__INLINE void dev_tile_look(const double *restrict x, size_t n, uint64_t *seen) {
    uint64_t all = 0;
    for (size_t j = 0; j < n; j++) all |= dev_tile_odd(x[j]);
    *seen |= all;
}
KL__INLINE void dev_tile_check(const double *restrict y, size_t n, uint64_t *seen) {
    uint64_t all = 0;
    for (size_t j = 0; j < n; j++) all |= dev_tile_beyond(y[j]);
    *seen |= all;
}

/* y: s or z; mean: in its place. */
KL__INLINE void dev_tile_rest(const kl__dev_made *made, double *restrict y, const double *restrict mean, double *restrict lower, size_t n) {
    const double b = made->b, nan = kl__bits_double(UINT64_C(0x7ff8000000000000));
    if (made->what == KL__DEV_ERROR)
        for (size_t j = 0; j < n; j++) y[j] = y[j] / b;
    if (made->what == KL__DEV_PLACE)
        for (size_t j = 0; j < n; j++) y[j] = (0.5 + y[j] / b) + 0.0;
    if (made->what == KL__DEV_Z)
        for (size_t j = 0; j < n; j++) y[j] = y[j] + 0.0;
    if (made->what == KL__DEV_WIDTH)
        for (size_t j = 0; j < n; j++) y[j] = (y[j] < 0x1p1000 ? y[j] : nan) / mean[j] + 0.0;
    if (made->what == KL__DEV_BANDS)
        for (size_t j = 0; j < n; j++) {
            const double width = y[j];
            y[j] = mean[j] + width;
            lower[j] = mean[j] - width;
        }
}

typedef struct {
    const double *x, *x_old, *am, *am2, *bm, *bm2;
    double *m, *m2;
    size_t n;
    double f1, g1, f, g, a, b;
} dev_tile_pass;
#define DEV_TILE_CASE(low, sink)                                                                                               \
    case 4 * (low) + (sink):                                                                                                    \
        dev_tile_join(p->x, p->x - 1, p->x - 2, p->x_old, p->am, p->am2, p->bm, p->bm2, p->m, p->m2, p->n, p->f1, p->g1, p->f, \
                      p->g, p->a, p->b, low, sink);                                                                             \
        break;
#define DEV_TILE_CASES(low) DEV_TILE_CASE(low, 0) DEV_TILE_CASE(low, 1) DEV_TILE_CASE(low, 2) DEV_TILE_CASE(low, 3)
KL__INLINE void dev_tile_pass_of(const dev_tile_pass *p, uint32_t low, uint32_t sink) {
    switch (4 * low + sink) {
        DEV_TILE_CASES(0) DEV_TILE_CASES(1) DEV_TILE_CASES(2) DEV_TILE_CASES(3)
    default: break;
    }
}
KL__INLINE void dev_tile_pass_only(const dev_tile_pass *p, uint32_t sink) {
    switch (sink) {
    case DEV_SINK_VAR: dev_tile_only(p->am, p->am2, p->m, p->n, p->a, p->b, DEV_SINK_VAR); break;
    case DEV_SINK_STD: dev_tile_only(p->am, p->am2, p->m, p->n, p->a, p->b, DEV_SINK_STD); break;
    default: dev_tile_only(p->am, p->am2, p->m, p->n, p->a, p->b, DEV_SINK_Z); break;
    }
}

static uint32_t dev_tile_sink(uint32_t what) {
    return what == KL__DEV_VAR ? DEV_SINK_VAR : what == KL__DEV_Z || what == KL__DEV_PLACE ? DEV_SINK_Z : DEV_SINK_STD;
}

/* n <= DEV_TILE windows; x: the newest value of the first. */
KL__INLINE void dev_tile_body(const dev_tile_how *how, const double *x, size_t n, double *const *out, uint64_t *seen) {
    double room[DEV_TILE_LEVELS][2][DEV_TILE_ROW], window[2][2][DEV_TILE_ROW];
    kl__tree *t = how->t;
    const kl__dev_made *made = how->made;
    const size_t w = t->w;
    const uint32_t top = t->top, sink = dev_tile_sink(made->what), scaled = made->what == KL__DEV_STD || made->what == KL__DEV_BANDS || made->what == KL__DEV_WIDTH;
    const double *f = kl__tree_f(t), *g = kl__tree_g(t);
    dev_tile_pass p = {.x = x, .n = n, .a = made->a, .b = scaled ? made->b : 1.0};
    uint32_t low = (uint32_t)w & 3, k = 2;
    size_t turn = 0;
    double *node[DEV_TILE_LEVELS][2];
    for (size_t i = 0; i < DEV_TILE_LEVELS; i++) node[i][0] = room[i][0] + DEV_TILE_FRONT, node[i][1] = room[i][1] + DEV_TILE_FRONT;
    const double *first = x - (w - 4);
    dev_tile_look(x, n, seen);
    dev_tile_four(first, first - 1, first - 2, first - 3, node[0][0] - (w - 4), node[0][1] - (w - 4), n + w - 4);
    for (; k < top; k++) {
        const size_t size = (size_t)1 << k, from = w - 2 * size;
        double *const *a = node[k - 2], *const *up = node[k - 1];
        dev_tile_up(x - from, x - from - size, a[0] - from, a[1] - from, a[0] - from - size, a[1] - from - size, up[0] - from, up[1] - from, n + from,
                    (double)size * 0.5);
    }
    if (low >= 2) p.f1 = f[1], p.g1 = g[1];
    for (k = 2; k <= top; k++) {
        const size_t newer = w & (((size_t)1 << k) - 1);
        if (!(w >> k & 1)) continue;
        if (newer == 0) {
            p.am = node[k - 2][0], p.am2 = node[k - 2][1];
            continue;
        }
        p.x_old = x - newer, p.bm = node[k - 2][0] - newer, p.bm2 = node[k - 2][1] - newer, p.f = f[k], p.g = g[k];
        p.m = k == top ? out[0] : window[turn][0], p.m2 = window[turn][1], turn = !turn;
        dev_tile_pass_of(&p, low, k == top ? sink : DEV_SINK_WINDOW);
        low = 0, p.am = p.m, p.am2 = p.m2;
    }
    if (!(w & (w - 1))) {
        p.m = out[0];
        dev_tile_pass_only(&p, sink);
    }
    if (made->what == KL__DEV_BANDS || made->what == KL__DEV_WIDTH) dev_tile_rest(made, out[0], made->what == KL__DEV_BANDS ? out[1] : out[2], out[2], n);
    else dev_tile_rest(made, out[0], NULL, NULL, n);
    if (sink == DEV_SINK_Z || made->what == KL__DEV_WIDTH) dev_tile_check(out[0], n, seen);
}
KL__SIMD_EACH(dev_tile, (const dev_tile_how *how, const double *x, size_t n, double *const *out, uint64_t *seen), (how, x, n, out, seen))

static int dev_tile_way(const void *how, const double *const *x, size_t n, size_t w, double *const *out) {
    static void (*const by_tier[])(const dev_tile_how *, const double *, size_t, double *const *, uint64_t *) = KL__SIMD_TABLE(dev_tile);
    const dev_tile_how *h = how;
    const int bands = h->made->what == KL__DEV_BANDS, width = h->made->what == KL__DEV_WIDTH;
    double mean[DEV_TILE];
    uint64_t seen = 0;
    for (size_t done = 0, part; done < n; done += part) {
        part = n - done < DEV_TILE ? n - done : DEV_TILE;
        double *const to[3] = {out[0] + done, bands ? out[1] + done : NULL, bands ? out[2] + done : mean};
        if (bands || width) {
            const double *from[1] = {x[0] + done};
            double *const means[1] = {bands ? to[1] : mean};
            kl__tree_mean.whole(from, part, w, means);
        }
        by_tier[kl__simd_tier()](h, x[0] + done + (w - 1), part, to, &seen);
        if (seen >> 63) return 0;
    }
    return 1;
}

int kl__dev_tile(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *const *out) {
    const int bands = made->what == KL__DEV_BANDS, mean = bands || made->what == KL__DEV_WIDTH;
    const dev_tile_how how = {made, t};
    double past[KL__DEV_W];
    const double *const before[1] = {past};
    if (t->top < 2 || t->w > KL__DEV_W || (mean && t->w > kl__tree_mean.whole_w[kl__simd_tier()])) return 0;
    kl__tree_past(t, 0, t->w - 1, past);
    for (size_t j = 0; j + 1 < t->w; j++)
        if (dev_tile_odd(before[0][j]) >> 63) return 0;
    return kl__tree_go(t, dev_tile_way, &how, in, n, out, bands ? 3 : 1);
}
