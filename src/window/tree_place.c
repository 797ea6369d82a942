/* Nodes of tree_extremes.c with ages, in registers of AVX-512. */
#include "base/fp.h"
#include "window/tree_place.h"

#if defined(KL__SIMD_X86)
#include "window/short.h"

typedef struct {
    kl__lanes value, age;
} tree_place_node;
typedef struct {
    tree_place_node one, two, four, eight, node, far; /* of the eight rows before; far: of those before them */
} tree_place_nodes;
typedef struct {
    size_t w;
    double row; /* of the first block */
    double reach; /* w - 1 */
} tree_place_how;

/* Of equal values the newest counts. */
KL__LANES_INLINE tree_place_node tree_place_best(tree_place_node a, kl__lanes older, kl__lanes older_age, double reach, int greatest) {
    const __mmask8 take = greatest ? _mm512_cmp_pd_mask(older, a.value, _CMP_GT_OQ) : _mm512_cmp_pd_mask(older, a.value, _CMP_LT_OQ);
    a.value = greatest ? _mm512_max_pd(older, a.value) : _mm512_min_pd(older, a.value);
    a.age = _mm512_mask_add_pd(a.age, take, older_age, kl__lanes_all(reach));
    return a;
}
KL__LANES_INLINE tree_place_node tree_place_grow(tree_place_node a, const tree_place_node *b, size_t size, int greatest) {
    return tree_place_best(a, kl__lanes_older(a.value, b->value, size), kl__lanes_older(a.age, b->age, size), (double)size, greatest);
}

KL__LANES_INLINE kl__lanes tree_place_next(tree_place_nodes *b, kl__lanes x, __m512i second, double reach, size_t size, int far,
                                           int greatest) {
    const kl__lanes zero = kl__lanes_all(0.0);
    tree_place_node node = {x, zero}, older = node;
    if (size >= 2) node = tree_place_best(node, kl__lanes_older(x, b->one.value, 1), zero, 1.0, greatest), b->one.value = x;
    if (size >= 4) {
        const tree_place_node two = node;
        node = tree_place_grow(two, &b->two, 2, greatest), b->two = two;
    }
    if (size >= 8) {
        const tree_place_node four = node;
        node = tree_place_grow(four, &b->four, 4, greatest), b->four = four;
    }
    if (size >= 16) {
        const tree_place_node eight = node;
        node = tree_place_best(eight, b->eight.value, b->eight.age, 8.0, greatest), b->eight = eight;
    }
    if (far) {
        older.value = _mm512_permutex2var_pd(b->far.value, second, b->node.value);
        older.age = _mm512_permutex2var_pd(b->far.age, second, b->node.age);
    } else {
        older.value = _mm512_permutex2var_pd(b->node.value, second, node.value);
        older.age = _mm512_permutex2var_pd(b->node.age, second, node.age);
    }
    b->far = b->node, b->node = node;
    return tree_place_best(node, older.value, older.age, reach, greatest).age;
}

KL__LANES_INLINE int tree_place_rows(const tree_place_how *how, const kl__short_part *part, int what, size_t size, int far) {
    const size_t reach = how->w - size;
    const __m512i second = _mm512_add_epi64(_mm512_set1_epi64((far ? 16 : 8) - (long long)reach), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    const kl__lanes zero = kl__lanes_all(0.0), width = kl__lanes_all(how->reach), hundred = kl__lanes_all(100.0);
    const int two = what >= KL__PLACE_SHARES;
    const tree_place_node none = {zero, zero};
    tree_place_nodes bottom = {none, none, none, none, none, none}, top = bottom;
    kl__lanes least = zero, greatest = zero, row = kl__lanes_all(how->row) + _mm512_set_pd(7, 6, 5, 4, 3, 2, 1, 0);
    kl__lanes_watch watch = kl__lanes_watch_none();
    for (size_t k = 0; k + 1 < KL__SHORT_PARTS; k++) {
        const double *a = part[k].x[0], *b = part[k].x[1];
        double *to = part[k].to[0], *to1 = part[k].to[1];
        for (size_t j = 0; j < 8 * part[k].blocks; j += KL__LANES, row = row + kl__lanes_all(8.0)) {
            const kl__lanes low = kl__lanes_load(a + j), high = two ? kl__lanes_load(b + j) : low;
            kl__lanes_see(&watch, low), kl__lanes_ahead(a + j);
            if (two) kl__lanes_see(&watch, high), kl__lanes_ahead(b + j);
            if (what != KL__PLACE_GREATEST) least = tree_place_next(&bottom, low, second, (double)reach, size, far, 0);
            if (what != KL__PLACE_LEAST) greatest = tree_place_next(&top, high, second, (double)reach, size, far, 1);
            if (what == KL__PLACE_LEAST || what == KL__PLACE_BOTH) kl__lanes_store(to + j, row - least);
            if (what == KL__PLACE_GREATEST) kl__lanes_store(to + j, row - greatest);
            if (what == KL__PLACE_BOTH) kl__lanes_store(to1 + j, row - greatest);
            if (what == KL__PLACE_SHARES) kl__lanes_store(to + j, hundred * ((width - least) / width)), kl__lanes_store(to1 + j, hundred * ((width - greatest) / width));
            if (what == KL__PLACE_LEAN) kl__lanes_store(to + j, hundred * ((least - greatest) / width));
        }
    }
    return kl__lanes_clean(&watch);
}

KL__LANES_INLINE int tree_place_any(const void *how, const kl__short_part *part, int what) {
    const size_t w = ((const tree_place_how *)how)->w;
    if (w < 4) return tree_place_rows(how, part, what, w == 1 ? 1 : 2, 0);
    if (w < 8) return tree_place_rows(how, part, what, 4, 0);
    if (w < 16) return tree_place_rows(how, part, what, 8, 0);
    if (w < 24) return tree_place_rows(how, part, what, 16, 0);
    return tree_place_rows(how, part, what, 16, 1);
}
#define TREE_PLACE_WAY(name, what) \
    KL__TARGET_AVX512 static int name(const void *how, const kl__short_part *part) { return tree_place_any(how, part, what); }
TREE_PLACE_WAY(tree_place_least, KL__PLACE_LEAST)
TREE_PLACE_WAY(tree_place_greatest, KL__PLACE_GREATEST)
TREE_PLACE_WAY(tree_place_both, KL__PLACE_BOTH)
TREE_PLACE_WAY(tree_place_shares, KL__PLACE_SHARES)
TREE_PLACE_WAY(tree_place_lean, KL__PLACE_LEAN)

int kl__tree_place_try(kl__tree *least, kl__tree *greatest, int what, double row, const double *const *in, size_t n, double *const *out) {
    static kl__short_way *const ways[] = {tree_place_least, tree_place_greatest, tree_place_both, tree_place_shares, tree_place_lean};
    kl__tree *trees[2] = {least ? least : greatest, greatest};
    const size_t w = trees[0]->w;
    tree_place_how how = {.w = w, .reach = (double)w - 1.0};
    kl__short p;
    if (kl__simd_tier() < 2 || w < 2 || w > KL__SHORT_FEW || !kl__tree_pays(trees[0], n)) return 0;
    p.n = n, p.series = least && greatest ? 2 : 1, p.outs = what == KL__PLACE_BOTH || what == KL__PLACE_SHARES ? 2 : 1;
    for (size_t s = 0; s < p.series; s++) p.in[s] = in[s];
    for (size_t o = 0; o < p.outs; o++) p.out[o] = out[o];
    how.row = row - (double)kl__short_ahead(&p, w - 1);
    return kl__short_go(trees, &p, w - 1, 0, ways[what], &how, 0);
}
#else
int kl__tree_place_try(kl__tree *least, kl__tree *greatest, int what, double row, const double *const *in, size_t n, double *const *out) {
    return (void)least, (void)greatest, (void)what, (void)row, (void)in, (void)n, (void)out, 0;
}
#endif
