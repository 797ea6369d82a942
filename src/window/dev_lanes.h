/* What the passes of dev.h share: how a window is cut, where its values lie, what is seen of them on the way. */
#ifndef KL__DEV_LANES_H
#define KL__DEV_LANES_H
#include "window/dev.h"
#include "simd/lanes.h"
#include <stddef.h>
#include <string.h>
#if defined(KL__SIMD_X86)

#define DEV_LEVELS 6
#define DEV_PIECES 3
#define DEV_WORTH 64  /* fewer rows go by the trees */

/* Pieces of the window by level: they end `newer` bars before it. */
typedef struct {
    uint32_t w, top;
    uint32_t pieces, level[DEV_LEVELS]; /* levels of the pieces, the lowest first */
    size_t newer[DEV_LEVELS];
    double f[DEV_LEVELS], g[DEV_LEVELS], scale[DEV_LEVELS];
} dev_cut;

/* Vectors stand where the stores of the first output are aligned, and come in pairs. The first values lie behind those of the rows
 * before in a room, the last ones that are no whole pair in another; the others are read where they are. */
enum { DEV_PAIR = 16, DEV_FRONT = 112, DEV_OLD = 40 };
typedef struct {
    double head[DEV_FRONT + DEV_OLD + KL__LANES], tail[DEV_OLD + DEV_PAIR];
} dev_room;

typedef struct {
    const dev_cut *cut;
    ptrdiff_t n, begin, end[DEV_PIECES]; /* rows: in all; of the first vector, some of those before; after the last of each piece */
    const double *x[DEV_PIECES];         /* row 0 of each piece */
} dev_rows;

KL__INLINE void dev_cut_of(kl__tree *t, dev_cut *c) {
    c->w = t->w, c->top = t->top, c->pieces = 0;
    for (uint32_t k = 0; k < DEV_LEVELS; k++) {
        c->newer[k] = t->w & ((1u << k) - 1);
        c->f[k] = k <= t->top ? kl__tree_f(t)[k] : 0.0;
        c->g[k] = k <= t->top ? kl__tree_g(t)[k] : 0.0;
        c->scale[k] = 1.0 / (double)(1u << k);
        if (t->w >> k & 1) c->level[c->pieces++] = k;
    }
}

KL__INLINE void dev_rows_of(kl__tree *t, const dev_cut *cut, dev_room *room, uint32_t s, const double *x, size_t n, const double *out,
                              dev_rows *r) {
    const size_t off = (0 - (uintptr_t)out / sizeof(double)) % KL__LANES, before = t->w - 1;
    const ptrdiff_t first = off ? (ptrdiff_t)off - KL__LANES : 0, whole = ((ptrdiff_t)n - first) / KL__LANES * KL__LANES;
    const ptrdiff_t near = first + DEV_OLD + KL__LANES - whole % DEV_PAIR; /* from here on all that vectors look at lies behind row 0 */
    const ptrdiff_t last = first + whole, warm = near - first + (ptrdiff_t)before;
    memset(room->head, 0, (DEV_FRONT - before) * sizeof(double));
    kl__tree_past(t, s, before, room->head + DEV_FRONT - before);
    memcpy(room->head + DEV_FRONT, x, (size_t)near * sizeof(double));
    r->cut = cut, r->n = (ptrdiff_t)n;
    r->begin = near - (warm + DEV_PAIR - 1) / DEV_PAIR * DEV_PAIR;
    r->end[0] = near, r->x[0] = room->head + DEV_FRONT;
    r->end[1] = last, r->x[1] = x;
    r->end[2] = last, r->x[2] = x;
    if (last < r->n) {
        const size_t rest = (size_t)(r->n - last);
        memcpy(room->tail, x + last - DEV_OLD, (DEV_OLD + rest) * sizeof(double));
        memset(room->tail + DEV_OLD + rest, 0, (DEV_PAIR - rest) * sizeof(double));
        r->end[2] = last + DEV_PAIR, r->x[2] = room->tail + DEV_OLD - last;
    }
}

KL__LANES_INLINE kl__lanes dev_fma(kl__lanes a, kl__lanes b, kl__lanes c) { return _mm512_fmadd_pd(a, b, c); }
KL__LANES_INLINE kl__lanes dev_fms(kl__lanes a, kl__lanes b, kl__lanes c) { return _mm512_fmsub_pd(a, b, c); }

/* x / a for a whole number a below 2^20, rounded as a division is: 1 / a in two parts leaves an error of 2^-105 of x / a, and no
 * x / a comes nearer to the middle of two doubles than 2^-75 of it. For 0 and x from 2^-900 on. */
typedef struct {
    kl__lanes high, low;
} dev_over;
KL__LANES_INLINE dev_over dev_over_of(double a) {
    const kl__lanes all = kl__lanes_all(a), high = kl__lanes_all(1.0) / all;
    const dev_over over = {high, _mm512_fnmadd_pd(high, all, kl__lanes_all(1.0)) / all};
    return over;
}
KL__LANES_INLINE kl__lanes dev_divide(kl__lanes x, const dev_over *a) { return dev_fma(x, a->high, x * a->low); }

/* The same of x of either sign; 1 in `lost` where x is so small that it may not be. */
KL__LANES_INLINE kl__lanes dev_divide_signed(kl__lanes x, const dev_over *a, __mmask8 *lost) {
    const kl__lanes size = _mm512_abs_pd(x);
    *lost = (__mmask8)(_mm512_cmp_pd_mask(size, kl__lanes_all(0x1p-900), _CMP_LT_OQ) & _mm512_cmp_pd_mask(size, kl__lanes_all(0.0), _CMP_GT_OQ));
    return dev_divide(x, a);
}

/* The places of values that are newer % 8 bars older, among sixteen; those values. */
KL__LANES_INLINE __m512i dev_by(size_t newer) {
    return _mm512_add_epi64(_mm512_set_epi64(15, 14, 13, 12, 11, 10, 9, 8), _mm512_set1_epi64(-(int64_t)(newer & 7)));
}
KL__LANES_INLINE kl__lanes dev_older(kl__lanes now, kl__lanes before, __m512i by) { return _mm512_permutex2var_pd(before, by, now); }

/* The rows of the pair at j that are there. */
KL__INLINE uint32_t dev_some(const dev_rows *r, ptrdiff_t j) {
    uint32_t some = 65535;
    if (j < 0) some &= 65535u << -j;
    if (j + DEV_PAIR > r->n) some &= 65535u >> (j + DEV_PAIR - r->n);
    return some & 65535;
}
/* Values on their way: the greatest magnitude; bits as numbers with sign, of which -0.0 has the least; the least magnitude but 0,
 * minus the least number there is. Of what is made: the greatest magnitude. */
typedef struct {
    __m512i greatest, least, tiny;
} dev_watch;
KL__LANES_INLINE dev_watch dev_watch_none(void) {
    const dev_watch none = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_set1_epi64(-1)};
    return none;
}
KL__LANES_INLINE void dev_watch_in(dev_watch *watch, kl__lanes x) {
    const __m512i bits = _mm512_castpd_si512(x), size = _mm512_and_si512(bits, _mm512_set1_epi64(INT64_MAX));
    watch->greatest = _mm512_max_epu64(watch->greatest, size);
    watch->least = _mm512_min_epi64(watch->least, bits);
    watch->tiny = _mm512_min_epu64(watch->tiny, _mm512_add_epi64(size, _mm512_set1_epi64(-1)));
}
/* What is NaN, or 2^1000 or more in magnitude. */
KL__LANES_INLINE __mmask8 dev_beyond(kl__lanes y) {
    return _mm512_cmp_pd_mask(_mm512_abs_pd(y), kl__lanes_all(0x1p1000), _CMP_NLT_UQ);
}
/* 1 where all values were 0.0 or between 2^-400 and 2^450, so that no sum, product or square of differences leaves the range in
 * which doubles are as fine as they get. */
KL__LANES_INLINE int dev_ordinary(const dev_watch *watch) {
    const __m512i most = _mm512_castpd_si512(kl__lanes_all(0x1p450)),
                  tiny = _mm512_castpd_si512(kl__lanes_all(0x1p-400)), zero = _mm512_set1_epi64(INT64_MIN);
    return !(_mm512_cmpge_epu64_mask(watch->greatest, most) | _mm512_cmpeq_epi64_mask(watch->least, zero) |
             _mm512_cmplt_epu64_mask(watch->tiny, tiny));
}
#endif
#endif
