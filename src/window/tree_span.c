#include "base/fp.h"
#include "window/tree_span.h"

#if defined(KL__SIMD_X86)
#include "window/short.h"

/* The nodes of the eight rows before, and `far`: those of the chosen size of the eight before them. */
typedef struct {
    kl__lanes one, two, four, eight, node, far;
} tree_span_nodes;

KL__LANES_INLINE kl__lanes tree_span_best(kl__lanes a, kl__lanes b, int greatest) {
    return greatest ? kl__lanes_max(a, b) : kl__lanes_min(a, b);
}

/* Two nodes of `size` cover the window: `second` chooses the older one from the rows before. */
KL__LANES_INLINE kl__lanes tree_span_next(tree_span_nodes *b, kl__lanes x, __m512i second, size_t size, int far, int greatest) {
    kl__lanes node = x;
    if (size >= 2) node = tree_span_best(x, kl__lanes_older(x, b->one, 1), greatest), b->one = x;
    if (size >= 4) {
        const kl__lanes two = node;
        node = tree_span_best(two, kl__lanes_older(two, b->two, 2), greatest), b->two = two;
    }
    if (size >= 8) {
        const kl__lanes four = node;
        node = tree_span_best(four, kl__lanes_older(four, b->four, 4), greatest), b->four = four;
    }
    if (size >= 16) {
        const kl__lanes eight = node;
        node = tree_span_best(eight, b->eight, greatest), b->eight = eight;
    }
    const kl__lanes older = far ? _mm512_permutex2var_pd(b->far, second, b->node) : _mm512_permutex2var_pd(b->node, second, node);
    b->far = b->node, b->node = node;
    return tree_span_best(node, older, greatest);
}

/* factor * (way / range), between low and high; the one NaN where that is beyond 2^1000. */
KL__LANES_INLINE kl__lanes tree_span_share(kl__lanes way, kl__lanes range, double factor, double low, double high) {
    const kl__lanes y = kl__lanes_all(factor) * (way / range), none = kl__lanes_all(kl__bits_double(UINT64_C(0x7ff8000000000000)));
    const __mmask8 known = _mm512_cmp_pd_mask(_mm512_abs_pd(y), kl__lanes_all(0x1p1000), _CMP_LT_OQ);
    return _mm512_mask_mov_pd(none, known, kl__lanes_min(kl__lanes_max(y, kl__lanes_all(low)), kl__lanes_all(high)) + kl__lanes_all(0.0));
}

/* one: both series are the same. */
KL__LANES_INLINE int tree_span_rows(size_t w, const kl__short_part *part, int what, int one, size_t size, int far) {
    const __m512i second = _mm512_add_epi64(_mm512_set1_epi64((far ? 16 : 8) - (long long)(w - size)), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    const kl__lanes zero = kl__lanes_all(0.0);
    tree_span_nodes top = {zero, zero, zero, zero, zero, zero}, bottom = top;
    kl__lanes_narrow narrow = kl__lanes_narrow_none();
    for (size_t k = 0; k + 1 < KL__SHORT_PARTS; k++) {
        const double *a = part[k].x[0], *b = part[k].x[1], *c = part[k].x[2];
        double *to = part[k].to[0], *to1 = part[k].to[1], *to2 = part[k].to[2];
        for (size_t j = 0; j < 8 * part[k].blocks; j += KL__LANES) {
            const kl__lanes high = kl__lanes_load(a + j), low = one ? high : kl__lanes_load(b + j);
            kl__lanes_ahead(a + j);
            kl__lanes_narrow_see(&narrow, high);
            if (!one) kl__lanes_ahead(b + j), kl__lanes_narrow_see(&narrow, low);
            const kl__lanes greatest = tree_span_next(&top, high, second, size, far, 1);
            const kl__lanes least = tree_span_next(&bottom, low, second, size, far, 0);
            if (what == KL__SPAN_MIDDLE) kl__lanes_store(to + j, (greatest + least) * kl__lanes_all(0.5));
            if (what == KL__SPAN_BOTH) kl__lanes_store(to + j, least), kl__lanes_store(to1 + j, greatest);
            if (what == KL__SPAN_CHANNEL) {
                kl__lanes_store(to + j, greatest), kl__lanes_store(to2 + j, least);
                kl__lanes_store(to1 + j, (greatest + least) * kl__lanes_all(0.5));
            }
            if (what == KL__SPAN_PLACE || what == KL__SPAN_BELOW) {
                const kl__lanes x = kl__lanes_load(c + j);
                kl__lanes_ahead(c + j), kl__lanes_narrow_see(&narrow, x);
                if (what == KL__SPAN_PLACE) kl__lanes_store(to + j, tree_span_share(x - least, greatest - least, 100.0, 0.0, 100.0));
                else kl__lanes_store(to + j, tree_span_share(greatest - x, greatest - least, -100.0, -100.0, 0.0));
            }
        }
    }
    return kl__lanes_narrow_clean(&narrow);
}

KL__LANES_INLINE int tree_span_any(const void *how, const kl__short_part *part, int what, int one) {
    const size_t w = *(const size_t *)how;
    if (w == 1) return tree_span_rows(w, part, what, one, 1, 0);
    if (w < 4) return tree_span_rows(w, part, what, one, 2, 0);
    if (w < 8) return tree_span_rows(w, part, what, one, 4, 0);
    if (w < 16) return tree_span_rows(w, part, what, one, 8, 0);
    if (w < 24) return tree_span_rows(w, part, what, one, 16, 0);
    return tree_span_rows(w, part, what, one, 16, 1);
}
#define TREE_SPAN_WAY(name, what, one) \
    KL__TARGET_AVX512 static int name(const void *how, const kl__short_part *part) { return tree_span_any(how, part, what, one); }
TREE_SPAN_WAY(tree_span_middle, KL__SPAN_MIDDLE, 0)
TREE_SPAN_WAY(tree_span_middle_one, KL__SPAN_MIDDLE, 1)
TREE_SPAN_WAY(tree_span_both, KL__SPAN_BOTH, 1)
TREE_SPAN_WAY(tree_span_channel, KL__SPAN_CHANNEL, 0)
TREE_SPAN_WAY(tree_span_place, KL__SPAN_PLACE, 0)
TREE_SPAN_WAY(tree_span_below, KL__SPAN_BELOW, 0)

int kl__tree_span_try(kl__tree *greatest, kl__tree *least, int what, const double *const *in, size_t n, double *const *out) {
    static kl__short_way *const ways[] = {tree_span_middle, tree_span_both, tree_span_channel, tree_span_place, tree_span_below};
    static const size_t outs[] = {1, 2, 3, 1, 1};
    kl__tree *trees[3] = {greatest, least, NULL};
    const size_t w = greatest->w;
    kl__short p;
    if (kl__simd_tier() < 2 || w > KL__SHORT_FEW || !kl__tree_pays(greatest, n)) return 0;
    p.n = n, p.series = what >= KL__SPAN_PLACE ? 3 : 2, p.outs = outs[what];
    for (size_t s = 0; s < p.series; s++) p.in[s] = in[s];
    for (size_t o = 0; o < p.outs; o++) p.out[o] = out[o];
    return kl__short_go(trees, &p, w - 1, 0, what == KL__SPAN_MIDDLE && in[0] == in[1] ? tree_span_middle_one : ways[what], &w, 0);
}
#else
int kl__tree_span_try(kl__tree *greatest, kl__tree *least, int what, const double *const *in, size_t n, double *const *out) {
    return (void)greatest, (void)least, (void)what, (void)in, (void)n, (void)out, 0;
}
#endif
