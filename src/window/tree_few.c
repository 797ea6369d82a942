#include "base/fp.h"
#include "window/tree_few.h"
#include "base/endian.h"

#if defined(KL__SIMD_X86)
#include "window/short_mean.h"

typedef struct {
    const kl__few *few;
    kl__short_window f, s;
    uint32_t most; /* the longer of them */
} tree_few_how;

KL__LANES_INLINE int tree_few_rows(const tree_few_how *how, const kl__short_part *part, int of, int what) {
    const kl__lanes zero = kl__lanes_all(0.0);
    kl__short_sums b = {zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
    kl__lanes_narrow narrow = kl__lanes_narrow_none();
    kl__lanes_watch watch = kl__lanes_watch_none();
    for (size_t k = 0; k + 1 < KL__SHORT_PARTS; k++) {
        const double *x = part[k].x[0], *y = part[k].x[1];
        double *to = part[k].to[0];
        for (size_t j = 0; j < 8 * part[k].blocks; j += KL__LANES) {
            kl__lanes now = kl__lanes_load(x + j);
            kl__lanes_ahead(x + j);
            if (of != KL__FEW_X) { /* where a column is too large the values need not be */
                const kl__lanes other = kl__lanes_load(y + j);
                kl__lanes_ahead(y + j);
                kl__lanes_see(&watch, now);
                if (of == KL__FEW_MIDDLE) now = (now + other) * kl__lanes_all(0.5);
                else now = now - other;
            }
            kl__lanes_narrow_see(&narrow, now);
            const kl__short_sums a = kl__short_sums_next(&b, now, how->most);
            kl__lanes f = kl__short_mean_of(&how->f, &a, &b, what != KL__FEW_SUM);
            if (what == KL__FEW_AWAY || what == KL__FEW_PERCENT) {
                const kl__lanes s = kl__short_mean_of(&how->s, &a, &b, 1);
                f = f - s;
                if (what == KL__FEW_PERCENT) {
                    f = kl__lanes_all(100.0) * (f / s) + zero;
                    const __mmask8 known = _mm512_cmp_pd_mask(_mm512_abs_pd(f), kl__lanes_all(0x1p1000), _CMP_LT_OQ);
                    f = _mm512_mask_mov_pd(kl__lanes_all(kl__bits_double(UINT64_C(0x7ff8000000000000))), known, f);
                }
            }
            if (what == KL__FEW_BACK) f = kl__lanes_load(x + j - how->few->back) - f;
            kl__lanes_store(to + j, f);
            b = a;
        }
    }
    return kl__lanes_narrow_clean(&narrow) && kl__lanes_clean(&watch);
}

#define TREE_FEW_WAY(name, of, what)                                                         \
    KL__TARGET_AVX512 static int tree_few_##name(const void *how, const kl__short_part *part) { \
        return tree_few_rows(how, part, of, what);                                           \
    }
TREE_FEW_WAY(mean, KL__FEW_X, KL__FEW_MEAN)
TREE_FEW_WAY(sum, KL__FEW_X, KL__FEW_SUM)
TREE_FEW_WAY(away, KL__FEW_X, KL__FEW_AWAY)
TREE_FEW_WAY(percent, KL__FEW_X, KL__FEW_PERCENT)
TREE_FEW_WAY(back, KL__FEW_X, KL__FEW_BACK)
TREE_FEW_WAY(middle_away, KL__FEW_MIDDLE, KL__FEW_AWAY)
TREE_FEW_WAY(less_mean, KL__FEW_LESS, KL__FEW_MEAN)

int kl__tree_few_try(kl__tree *const *trees, const kl__few *few, const double *const *in, size_t n, double *const *out) {
    static kl__short_way *const ways[3][5] = {{tree_few_mean, tree_few_sum, tree_few_away, tree_few_percent, tree_few_back},
                                              {NULL, NULL, tree_few_middle_away, NULL, NULL},
                                              {tree_few_less_mean, NULL, NULL, NULL, NULL}};
    kl__tree *longer = trees[1] && trees[1]->w > trees[0]->w ? trees[1] : trees[0];
    const size_t w = longer->w, before = few->back > w - 1 ? few->back : w - 1;
    tree_few_how how;
    kl__short p;
    if (kl__simd_tier() < 2 || w >= KL__SHORT_W || !kl__tree_pays(longer, n) || before + 1 > kl__tree_capacity(longer)) return 0;
    how.few = few, how.most = (uint32_t)w;
    how.f.w = trees[0]->w, how.f.share = kl__tree_f(trees[0]);
    if (trees[1]) how.s.w = trees[1]->w, how.s.share = kl__tree_f(trees[1]);
    p.n = n, p.series = few->of == KL__FEW_X ? 1 : 2, p.outs = 1;
    for (size_t s = 0; s < p.series; s++) p.in[s] = in[s];
    p.out[0] = out[0];
    /* values of before as they were made: (x + x) / 2 and x - 0 are x */
    const kl__tree *from[2] = {longer, few->of == KL__FEW_MIDDLE ? longer : NULL};
    if (!kl__short_pass(from, &p, before, 0, ways[few->of][few->what], &how, 0)) return 0;
    if (few->of == KL__FEW_X) {
        kl__tree_went(trees[0], in, n);
        if (trees[1]) kl__tree_went(trees[1], in, n);
        return 1;
    }
    double last[2 * KL__SHORT_W];
    const size_t keep = n < 2 * KL__SHORT_W ? n : 2 * KL__SHORT_W;
    const double *const ends = last;
    for (size_t j = 0; j < keep; j++) last[j] = kl__few_value(few, in, n - keep + j);
    for (size_t t = 0; t < 2; t++) {
        if (!trees[t]) continue;
        trees[t]->count += n - keep;
        kl__tree_went(trees[t], &ends, keep);
    }
    return 1;
}
#else
int kl__tree_few_try(kl__tree *const *trees, const kl__few *few, const double *const *in, size_t n, double *const *out) {
    return (void)trees, (void)few, (void)in, (void)n, (void)out, 0;
}
#endif
