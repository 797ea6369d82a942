/* The nodes of tree_linear.c and of tree_vwap.c in registers of AVX-512, for windows shorter than 32. */
#include "base/fp.h"
#include "window/tree_ramp.h"
#include "base/endian.h"

#if defined(KL__SIMD_X86)
#include "window/short.h"

typedef struct {
    uint32_t w;
    double share;
    double f[5], lever[5], scale[5];
} tree_ramp_how;

typedef struct {
    kl__lanes now, s1, g1, s2, g2, s3, g3, s4, g4;
} tree_ramp_nodes;
typedef struct {
    kl__lanes mean, g;
} tree_ramp_window;

/* w, here and below: a constant. Products with powers of two are exact for narrow values. */
KL__LANES_INLINE tree_ramp_nodes tree_ramp_grow(const tree_ramp_nodes *b, kl__lanes now, uint32_t w) {
    tree_ramp_nodes a = *b;
    kl__lanes s = kl__lanes_older(now, b->now, 1), g;
    a.now = now;
    a.s1 = now + s, a.g1 = (now - s) * kl__lanes_all(0.5);
    if (w >= 4) {
        s = kl__lanes_older(a.s1, b->s1, 2), g = kl__lanes_older(a.g1, b->g1, 2);
        a.s2 = a.s1 + s, a.g2 = (a.s1 - s) + (a.g1 + g);
    }
    if (w >= 8) {
        s = kl__lanes_older(a.s2, b->s2, 4), g = kl__lanes_older(a.g2, b->g2, 4);
        a.s3 = a.s2 + s, a.g3 = kl__lanes_fused(a.s2 - s, kl__lanes_all(2.0), a.g2 + g);
    }
    if (w >= 16) a.s4 = a.s3 + b->s3, a.g4 = kl__lanes_fused(a.s3 - b->s3, kl__lanes_all(4.0), a.g3 + b->g3);
    return a;
}

KL__LANES_INLINE void tree_ramp_join(const tree_ramp_how *c, uint32_t newer, uint32_t k, kl__lanes s, kl__lanes g, tree_ramp_window *window) {
    if (!newer) {
        window->mean = s * kl__lanes_all(c->scale[k]), window->g = g;
        return;
    }
    const kl__lanes way = kl__lanes_fused(s, kl__lanes_all(c->scale[k]), -window->mean);
    if (newer > 1) g = window->g + g; /* of one value G is 0 */
    window->g = g - way * kl__lanes_all(c->lever[k]);
    window->mean = window->mean + way * kl__lanes_all(c->f[k]);
}

KL__LANES_INLINE int tree_ramp_rows(const tree_ramp_how *c, const kl__short_part *part, uint32_t w) {
    const kl__lanes zero = kl__lanes_all(0.0);
    const uint32_t digits = w & 7;
    tree_ramp_nodes b = {zero, zero, zero, zero, zero, zero, zero, zero, zero}, far = b;
    kl__lanes_narrow narrow = kl__lanes_narrow_none();
    for (size_t k = 0; k + 1 < KL__SHORT_PARTS; k++) {
        const double *x = part[k].x[0];
        double *to = part[k].to[0];
        for (size_t j = 0; j < 8 * part[k].blocks; j += KL__LANES) {
            const kl__lanes now = kl__lanes_load(x + j);
            kl__lanes_ahead(x + j);
            kl__lanes_narrow_see(&narrow, now);
            const tree_ramp_nodes a = tree_ramp_grow(&b, now, w);
            tree_ramp_window window = {now, zero};
            if (w & 2) tree_ramp_join(c, w & 1, 1, kl__lanes_older(a.s1, b.s1, w & 1), kl__lanes_older(a.g1, b.g1, w & 1), &window);
            if (w & 4) tree_ramp_join(c, w & 3, 2, kl__lanes_older(a.s2, b.s2, w & 3), kl__lanes_older(a.g2, b.g2, w & 3), &window);
            if (w & 8) tree_ramp_join(c, digits, 3, kl__lanes_older(a.s3, b.s3, digits), kl__lanes_older(a.g3, b.g3, digits), &window);
            if (w >= 24) tree_ramp_join(c, 8 + digits, 4, kl__lanes_older(b.s4, far.s4, digits), kl__lanes_older(b.g4, far.g4, digits), &window);
            else if (w >= 16) tree_ramp_join(c, digits, 4, kl__lanes_older(a.s4, b.s4, digits), kl__lanes_older(a.g4, b.g4, digits), &window);
            kl__lanes_store(to + j, window.mean + window.g * kl__lanes_all(c->share));
            far = b, b = a;
        }
    }
    return kl__lanes_narrow_clean(&narrow);
}

/* ------------------------------------------------------------------------------------------------ by volume --- */

typedef struct {
    kl__lanes v, p, low, high;
} tree_ramp_volume;
typedef struct {
    tree_ramp_volume n0, n1, n2, n3, n4;
} tree_ramp_volumes;

KL__LANES_INLINE tree_ramp_volume tree_ramp_older(const tree_ramp_volume *a, const tree_ramp_volume *b, uint32_t by) {
    tree_ramp_volume older = {kl__lanes_older(a->v, b->v, by), kl__lanes_older(a->p, b->p, by), kl__lanes_older(a->low, b->low, by),
                              kl__lanes_older(a->high, b->high, by)};
    return older;
}
/* As tree_vwap_merge. */
KL__LANES_INLINE tree_ramp_volume tree_ramp_merge(const tree_ramp_volume *a, const tree_ramp_volume *b) {
    const kl__lanes low = kl__lanes_min(a->low, b->low);
    tree_ramp_volume node = {a->v + b->v, (a->p + a->v * (a->low - low)) + (b->p + b->v * (b->low - low)), low, kl__lanes_max(a->high, b->high)};
    return node;
}
/* Of two values, whose P are 0. */
KL__LANES_INLINE tree_ramp_volume tree_ramp_two(const tree_ramp_volume *a, const tree_ramp_volume *before) {
    const kl__lanes v = kl__lanes_older(a->v, before->v, 1), x = kl__lanes_older(a->low, before->low, 1), low = kl__lanes_min(a->low, x);
    tree_ramp_volume node = {a->v + v, a->v * (a->low - low) + v * (x - low), low, kl__lanes_max(a->low, x)};
    return node;
}
KL__LANES_INLINE void tree_ramp_piece(uint32_t newer, uint32_t by, const tree_ramp_volume *a, const tree_ramp_volume *b, tree_ramp_volume *window) {
    const tree_ramp_volume piece = tree_ramp_older(a, b, by);
    if (newer) *window = tree_ramp_merge(window, &piece);
    else *window = piece;
}

KL__LANES_INLINE int tree_ramp_volume_rows(const tree_ramp_how *c, const kl__short_part *part, uint32_t w) {
    const kl__lanes zero = kl__lanes_all(0.0), none = kl__lanes_all(kl__bits_double(UINT64_C(0x7ff8000000000000)));
    const uint32_t digits = w & 7;
    const tree_ramp_volume nothing = {zero, zero, zero, zero};
    tree_ramp_volumes b = {nothing, nothing, nothing, nothing, nothing}, far = b;
    kl__lanes_watch watch = kl__lanes_watch_none();
    kl__lanes least = zero;
    (void)c;
    for (size_t k = 0; k + 1 < KL__SHORT_PARTS; k++) {
        const double *x = part[k].x[0], *y = part[k].x[1];
        double *to = part[k].to[0];
        for (size_t j = 0; j < 8 * part[k].blocks; j += KL__LANES) {
            const kl__lanes price = kl__lanes_load(x + j), volume = kl__lanes_load(y + j);
            kl__lanes_ahead(x + j), kl__lanes_ahead(y + j);
            kl__lanes_see(&watch, price), kl__lanes_see(&watch, volume);
            least = kl__lanes_min(volume, least);
            tree_ramp_volumes a = b;
            a.n0.v = volume, a.n0.low = a.n0.high = price, a.n0.p = zero;
            a.n1 = tree_ramp_two(&a.n0, &b.n0);
            if (w >= 4) {
                const tree_ramp_volume older = tree_ramp_older(&a.n1, &b.n1, 2);
                a.n2 = tree_ramp_merge(&a.n1, &older);
            }
            if (w >= 8) {
                const tree_ramp_volume older = tree_ramp_older(&a.n2, &b.n2, 4);
                a.n3 = tree_ramp_merge(&a.n2, &older);
            }
            if (w >= 16) a.n4 = tree_ramp_merge(&a.n3, &b.n3);
            tree_ramp_volume window = a.n0;
            if (w & 2) tree_ramp_piece(w & 1, w & 1, &a.n1, &b.n1, &window);
            if (w & 4) tree_ramp_piece(w & 3, w & 3, &a.n2, &b.n2, &window);
            if (w & 8) tree_ramp_piece(digits, digits, &a.n3, &b.n3, &window);
            if (w >= 24) tree_ramp_piece(8 + digits, digits, &b.n4, &far.n4, &window);
            else if (w >= 16) tree_ramp_piece(digits, digits, &a.n4, &b.n4, &window);
            kl__lanes mean = window.low + window.p / window.v;
            mean = kl__lanes_min(window.high, kl__lanes_max(window.low, mean)) + (window.p - window.p);
            mean = mean + zero;
            const __mmask8 known = _mm512_cmp_pd_mask(window.v, zero, _CMP_GT_OQ) & _mm512_cmp_pd_mask(_mm512_abs_pd(mean), kl__lanes_all(0x1p1000), _CMP_LT_OQ);
            kl__lanes_store(to + j, _mm512_mask_mov_pd(none, known, mean));
            far = b, b = a;
        }
    }
    return kl__lanes_clean(&watch) && !_mm512_cmp_pd_mask(least, zero, _CMP_LT_OQ);
}

#define TREE_RAMP_LENGTH(body, w) \
    case w: return body(how, part, w);
#define TREE_RAMP_LENGTHS(body, w)                                                                          \
    TREE_RAMP_LENGTH(body, w) TREE_RAMP_LENGTH(body, w + 1) TREE_RAMP_LENGTH(body, w + 2) TREE_RAMP_LENGTH(body, w + 3) \
    TREE_RAMP_LENGTH(body, w + 4)
#define TREE_RAMP_WAY(name, body)                                                     \
    KL__TARGET_AVX512 static int name(const void *how, const kl__short_part *part) { \
        switch (((const tree_ramp_how *)how)->w) {                                    \
            TREE_RAMP_LENGTHS(body, 2)                                                \
            TREE_RAMP_LENGTHS(body, 7)                                                \
            TREE_RAMP_LENGTHS(body, 12)                                               \
            TREE_RAMP_LENGTHS(body, 17)                                               \
            TREE_RAMP_LENGTHS(body, 22)                                               \
            TREE_RAMP_LENGTHS(body, 27)                                               \
        default: return 0;                                                            \
        }                                                                             \
    }
TREE_RAMP_WAY(tree_ramp_linear, tree_ramp_rows)
TREE_RAMP_WAY(tree_ramp_weighted, tree_ramp_volume_rows)

static int tree_ramp_has(const kl__tree *t, size_t n) {
    return kl__simd_tier() >= 2 && t->w >= 2 && t->w < KL__SHORT_FEW && kl__tree_pays(t, n);
}

int kl__tree_ramp_try(kl__tree *t, double share, const double *const *in, size_t n, double *const *out) {
    tree_ramp_how how = {.w = t->w, .share = share};
    kl__short p;
    if (!tree_ramp_has(t, n)) return 0;
    for (uint32_t k = 0; k <= t->top; k++) {
        const double size = (double)(1u << k), newer = (double)(t->w & ((1u << k) - 1));
        how.f[k] = kl__tree_f(t)[k], how.scale[k] = 1.0 / size, how.lever[k] = newer * size * 0.5;
    }
    kl__short_one(&p, in[0], n, out[0]);
    return kl__short_go(&t, &p, t->w - 1, 0, tree_ramp_linear, &how, 0);
}

int kl__tree_vwap_try(kl__tree *t, const double *const *in, size_t n, double *const *out) {
    tree_ramp_how how = {.w = t->w};
    kl__short p;
    if (!tree_ramp_has(t, n)) return 0;
    kl__short_one(&p, in[0], n, out[0]);
    p.series = 2, p.in[1] = in[1];
    const kl__tree *const from[2] = {t, t};
    if (!kl__short_pass(from, &p, t->w - 1, 0, tree_ramp_weighted, &how, 0)) return 0;
    kl__tree_went(t, in, n);
    return 1;
}
#else
int kl__tree_ramp_try(kl__tree *t, double share, const double *const *in, size_t n, double *const *out) {
    return (void)t, (void)share, (void)in, (void)n, (void)out, 0;
}
int kl__tree_vwap_try(kl__tree *t, const double *const *in, size_t n, double *const *out) { return (void)t, (void)in, (void)n, (void)out, 0; }
#endif
