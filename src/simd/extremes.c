/* Windows are covered by overlapping nodes: a value counted twice changes no minimum. Nodes of 16 values are made in registers,
 * one load for each value; what is longer, of those.
 *
 * x86's vector minimum forgets a NaN in its first operand. A missing value becomes -inf (for the greatest: +inf), which wins
 * over every other, and in the end that becomes NaN. Nodes stand where their oldest value does, but in the
 * registers of AVX-512 where their newest does, so that time goes on as memory does. */
#include "base/fp.h"
#include "simd/extremes.h"
#include "simd/lanes.h"
#include "base/endian.h"
#include <math.h>
#if defined(KL__SIMD_X86)
#include <immintrin.h>
#endif

enum {
    EXTREMES_ROWS = 1024, /* of windows longer than 32, at once */
    EXTREMES_ROOM = EXTREMES_ROWS + KL__EXTREMES_W + 16
};

KL__INLINE double extremes_of(double a, double b, int greatest) { return greatest ? (a > b ? a : b) : (a < b ? a : b); }
KL__INLINE double extremes_edge(int greatest) { return greatest ? (double)INFINITY : -(double)INFINITY; }
KL__INLINE double extremes_show(double value, int greatest) {
    return value == extremes_edge(greatest) ? kl__bits_double(UINT64_C(0x7ff8000000000000)) : value;
}

/* out[j] of the `pieces` nodes that stand `stride` apart, the last at j + end. */
KL__INLINE void extremes_pass(const double *restrict in, double *restrict out, size_t n, size_t stride, size_t end, size_t pieces,
                              int greatest, int last) {
    for (size_t j = 0; j < n; j++) {
        double value = in[j + end];
        for (size_t p = 0; p + 1 < pieces; p++) value = extremes_of(in[j + p * stride], value, greatest);
        out[j] = last ? extremes_show(value, greatest) : value;
    }
}

KL__INLINE void extremes_last(const double *in, double *out, size_t n, size_t stride, size_t end, size_t pieces, int greatest) {
    switch (pieces) {
    case 1: extremes_pass(in, out, n, stride, end, 1, greatest, 1); break;
    case 2: extremes_pass(in, out, n, stride, end, 2, greatest, 1); break;
    case 3: extremes_pass(in, out, n, stride, end, 3, greatest, 1); break;
    default: extremes_pass(in, out, n, stride, end, 4, greatest, 1); break;
    }
}

/* Nodes of 1, 2, 4, 8 or 16 values, one after the other. */
KL__INLINE void extremes_nodes_plain(const double *restrict x, double *restrict node, size_t n, size_t size, int greatest) {
    double edge = extremes_edge(greatest);
    for (size_t j = 0; j < n + size - 1; j++) node[j] = extremes_of(x[j], edge, !greatest); /* NaN is the first operand */
    for (size_t half = 1; half < size; half *= 2)
        for (size_t j = 0; j + 2 * half <= n + size; j++) node[j] = extremes_of(node[j + half], node[j], greatest);
}

typedef void extremes_nodes(const double *x, double *node, size_t n, size_t size, int greatest);

/* node has room for n + 15 values. */
static void extremes_nodes_baseline(const double *x, double *node, size_t n, size_t size, int greatest) {
    if (greatest) extremes_nodes_plain(x, node, n, size, 1);
    else extremes_nodes_plain(x, node, n, size, 0);
}

/* Any window, from nodes of `size` values: the greatest that it holds, up to 16. */
KL__INLINE void extremes_long(extremes_nodes *nodes, const double *x, double *out, size_t n, size_t w, int greatest) {
    double memory[2][EXTREMES_ROOM];
    size_t first = 1;
    while (first < 16 && 2 * first <= w) first *= 2;
    for (size_t done = 0, part; done < n; done += part) {
        double *in = memory[0], *next = memory[1];
        part = n - done < EXTREMES_ROWS ? n - done : EXTREMES_ROWS;
        nodes(x + done, in, part + w - first, first, greatest);
        size_t size = first;
        for (; size * 4 < w; size *= 4) {
            extremes_pass(in, next, part + w - 4 * size, size, 3 * size, 4, greatest, 0);
            double *other = in;
            in = next, next = other;
        }
        extremes_last(in, out + done, part, size, w - size, (w + size - 1) / size, greatest);
    }
}

static int extremes_baseline(const double *x, double *out, size_t n, size_t w, int greatest) {
    if (greatest) extremes_long(extremes_nodes_baseline, x, out, n, w, 1);
    else extremes_long(extremes_nodes_baseline, x, out, n, w, 0);
    return 0;
}

#if defined(KL__SIMD_X86)

/* Blocks are made from the newest on; the last may be short, and what it lacks is in no window. */
KL__INLINE const double *extremes_tail(const double *x, size_t values, size_t lanes, double *tail) {
    size_t rest = values % lanes, at = values - rest;
    if (rest == 0) return x + (at - lanes);
    for (size_t j = 0; j < lanes; j++) tail[j] = j < rest ? x[at + j] : 0.0;
    return tail;
}

#define EXTREMES_AVX2(a, b) (greatest ? _mm256_max_pd(a, b) : _mm256_min_pd(a, b))

KL__TARGET_AVX2 KL__INLINE void extremes_nodes_avx2_of(const double *x, double *node, size_t n, size_t size, int greatest) {
    const __m256d edge = _mm256_set1_pd(extremes_edge(greatest));
    __m256d one_old = edge, two_old = edge, four_old = edge, eight_old = edge, eight_older = edge; /* of the blocks behind */
    double memory[4];
    const size_t values = n + size - 1, blocks = (values + 3) / 4;
    const double *tail = extremes_tail(x, values, 4, memory);
    for (size_t b = blocks; b-- > 0;) {
        __m256d one = _mm256_loadu_pd(b + 1 == blocks ? tail : x + 4 * b);
        one = greatest ? _mm256_min_pd(one, edge) : _mm256_max_pd(one, edge); /* NaN is the first operand */
        __m256d two = EXTREMES_AVX2(one, _mm256_shuffle_pd(one, _mm256_permute2f128_pd(one, one_old, 0x21), 5));
        __m256d four = EXTREMES_AVX2(two, _mm256_permute2f128_pd(two, two_old, 0x21));
        __m256d eight = EXTREMES_AVX2(four, four_old), sixteen = EXTREMES_AVX2(eight, eight_older);
        _mm256_storeu_pd(node + 4 * b, size == 1 ? one : size == 2 ? two : size == 4 ? four : size == 8 ? eight : sixteen);
        eight_older = eight_old, eight_old = eight, four_old = four, two_old = two, one_old = one;
    }
}

KL__TARGET_AVX2 static void extremes_nodes_avx2(const double *x, double *node, size_t n, size_t size, int greatest) {
    switch (2 * size + (greatest != 0)) {
    case 2: extremes_nodes_avx2_of(x, node, n, 1, 0); break;
    case 3: extremes_nodes_avx2_of(x, node, n, 1, 1); break;
    case 4: extremes_nodes_avx2_of(x, node, n, 2, 0); break;
    case 5: extremes_nodes_avx2_of(x, node, n, 2, 1); break;
    case 8: extremes_nodes_avx2_of(x, node, n, 4, 0); break;
    case 9: extremes_nodes_avx2_of(x, node, n, 4, 1); break;
    case 16: extremes_nodes_avx2_of(x, node, n, 8, 0); break;
    case 17: extremes_nodes_avx2_of(x, node, n, 8, 1); break;
    case 32: extremes_nodes_avx2_of(x, node, n, 16, 0); break;
    default: extremes_nodes_avx2_of(x, node, n, 16, 1); break;
    }
}

KL__TARGET_AVX2 static int extremes_avx2(const double *x, double *out, size_t n, size_t w, int greatest) {
    if (greatest) extremes_long(extremes_nodes_avx2, x, out, n, w, 1);
    else extremes_long(extremes_nodes_avx2, x, out, n, w, 0);
    return 0;
}

/* The nodes of the eight rows before, and `older`: those of the chosen size of the eight before them. */
typedef struct {
    kl__lanes one, two, four, eight, node, older;
} extremes_lanes;

KL__LANES_INLINE kl__lanes extremes_best(kl__lanes a, kl__lanes b, int greatest) { return greatest ? kl__lanes_max(a, b) : kl__lanes_min(a, b); }

/* Two nodes of `size` cover the window: the second stands w - size rows older, at most 7, or (far) 8 to 16. */
KL__LANES_INLINE kl__lanes extremes_next(extremes_lanes *b, kl__lanes x, __m512i second, size_t size, int far, int greatest) {
    const kl__lanes edge = kl__lanes_all(extremes_edge(greatest));
    const kl__lanes one = extremes_best(x, edge, !greatest); /* NaN is the first operand */
    const kl__lanes two = extremes_best(one, kl__lanes_older(one, b->one, 1), greatest);
    const kl__lanes four = extremes_best(two, kl__lanes_older(two, b->two, 2), greatest);
    const kl__lanes eight = extremes_best(four, kl__lanes_older(four, b->four, 4), greatest);
    const kl__lanes sixteen = extremes_best(eight, b->eight, greatest);
    const kl__lanes node = size == 1 ? one : size == 2 ? two : size == 4 ? four : size == 8 ? eight : sixteen;
    const kl__lanes older = far ? _mm512_permutex2var_pd(b->older, second, b->node) : _mm512_permutex2var_pd(b->node, second, node);
    b->older = b->node;
    b->one = one, b->two = two, b->four = four, b->eight = eight, b->node = node;
    return extremes_best(node, older, greatest);
}

KL__LANES_INLINE kl__lanes extremes_shown(kl__lanes value, int greatest) {
    const __mmask8 none = _mm512_cmp_pd_mask(value, kl__lanes_all(extremes_edge(greatest)), _CMP_EQ_OQ);
    return _mm512_mask_mov_pd(value, none, kl__lanes_all(kl__bits_double(UINT64_C(0x7ff8000000000000))));
}

/* last: missing values are shown. */
KL__LANES_INLINE int extremes_avx512_of(const double *x, double *out, size_t n, size_t w, size_t size, int far, int greatest, int last) {
    const __m512i second = _mm512_add_epi64(_mm512_set1_epi64((far ? 16 : 8) - (long long)(w - size)), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    const kl__lanes none = kl__lanes_all(0.0);
    extremes_lanes b = {none, none, none, none, none, none};
    kl__lanes_watch watch = kl__lanes_watch_none();
    const double *newest = x + (w - 1);
    const uint32_t known = w > 1 ? 0xffffffffu << (33 - w) : 0; /* of the 32 values in front */
    for (size_t v = 32; v > 0; v -= KL__LANES) {
        const kl__lanes before = kl__lanes_load_some(newest - v, known >> (32 - v) & 255);
        kl__lanes_see(&watch, before);
        extremes_next(&b, before, second, size, far, greatest);
    }
    size_t j = 0;
    for (; j + KL__LANES <= n; j += KL__LANES) {
        const kl__lanes now = kl__lanes_load(newest + j);
        kl__lanes_ahead(newest + j);
        kl__lanes_see(&watch, now);
        const kl__lanes value = extremes_next(&b, now, second, size, far, greatest);
        kl__lanes_store(out + j, last ? extremes_shown(value, greatest) : value);
    }
    if (j < n) {
        const uint32_t some = (1u << (n - j)) - 1;
        const kl__lanes now = kl__lanes_load_some(newest + j, some);
        kl__lanes_see(&watch, now);
        const kl__lanes value = extremes_next(&b, now, second, size, far, greatest);
        kl__lanes_store_some(out + j, last ? extremes_shown(value, greatest) : value, some);
    }
    return kl__lanes_clean(&watch);
}

/* w up to 32 */
KL__TARGET_AVX512 KL__INLINE int extremes_short_avx512(const double *x, double *out, size_t n, size_t w, int greatest,
                                                       int last) {
    if (w == 1) return extremes_avx512_of(x, out, n, w, 1, 0, greatest, last);
    if (w < 4) return extremes_avx512_of(x, out, n, w, 2, 0, greatest, last);
    if (w < 8) return extremes_avx512_of(x, out, n, w, 4, 0, greatest, last);
    if (w < 16) return extremes_avx512_of(x, out, n, w, 8, 0, greatest, last);
    if (w < 24) return extremes_avx512_of(x, out, n, w, 16, 0, greatest, last);
    return extremes_avx512_of(x, out, n, w, 16, 1, greatest, last);
}

/* Nodes of 16 or 32 values: only windows longer than 32 ask. */
KL__TARGET_AVX512 static void extremes_nodes_avx512(const double *x, double *node, size_t n, size_t size, int greatest) {
    if (greatest) extremes_avx512_of(x, node, n, size, 16, size == 32, 1, 0);
    else extremes_avx512_of(x, node, n, size, 16, size == 32, 0, 0);
}

KL__TARGET_AVX512 static int extremes_avx512(const double *x, double *out, size_t n, size_t w, int greatest) {
    if (w <= KL__EXTREMES_SEES_W) return greatest ? extremes_short_avx512(x, out, n, w, 1, 1) : extremes_short_avx512(x, out, n, w, 0, 1);
    if (greatest) extremes_long(extremes_nodes_avx512, x, out, n, w, 1);
    else extremes_long(extremes_nodes_avx512, x, out, n, w, 0);
    return 0;
}

#undef EXTREMES_AVX2
#else
#define extremes_avx2 extremes_baseline
#define extremes_avx512 extremes_baseline
#endif

int kl__extremes(const double *x, double *out, size_t n, size_t w, int greatest) {
    static int (*const table[KL__SIMD_TIERS])(const double *, double *, size_t, size_t, int) = {extremes_baseline, extremes_avx2,
                                                                                                extremes_avx512};
    return n && table[kl__simd_tier()](x, out, n, w, greatest);
}
