/* Short windows in one pass: the blocks of eight rows that a kernel in registers goes through. The first blocks come from a copy: what
 * lies before the batch, then rows of it up to a place from which windows lie in it as they are and results at multiples of 64
 * bytes; a last block that is not full comes from a copy, too. Only in functions with KL__TARGET_AVX512. */
#ifndef KL__SHORT_H
#define KL__SHORT_H
#include "simd/lanes.h"
#include "base/endian.h"
#include "window/tree.h"
#include <string.h>

enum {
    KL__SHORT_W = 64,      /* longest window */
    KL__SHORT_FEW = 32,    /* longest that is made of nodes of 16 */
    KL__SHORT_LAG = 2,     /* most blocks that results come behind their values */
    KL__SHORT_SERIES = 4,
    KL__SHORT_OUTS = 3,
    KL__SHORT_FRONT = 144, /* most values of the first copy */
    KL__SHORT_ROOM = KL__SHORT_W + KL__SHORT_FRONT
};

typedef struct kl__short {
    size_t n, front, head; /* rows; values of the first copy; rows of them */
    size_t series, outs;
    const double *in[KL__SHORT_SERIES];
    double *out[KL__SHORT_OUTS];
    double first[KL__SHORT_SERIES][KL__SHORT_ROOM], last[KL__SHORT_SERIES][KL__SHORT_W + 8 * (1 + KL__SHORT_LAG)]; /* the first KL__SHORT_W are in front of it */
    double shown_first[KL__SHORT_OUTS][KL__SHORT_FRONT], shown_last[KL__SHORT_OUTS][8];
} kl__short;

/* A stretch of blocks that lie one after the other. */
typedef struct kl__short_part {
    size_t blocks;
    const double *x[KL__SHORT_SERIES];
    double *to[KL__SHORT_OUTS];
} kl__short_part;
enum { KL__SHORT_PARTS = 4 };

/* n, series, outs, in and out are set; before: values in front of a row that its results are made of. */
KL__INLINE void kl__short_begin(kl__short *p, size_t before) {
    size_t head = before + (0 - ((uintptr_t)p->out[0] / sizeof(double) + before)) % 8;
    p->head = head < p->n ? head : p->n;
    p->front = (before + p->head + 7) / 8 * 8;
    for (size_t s = 0; s < p->series; s++) {
        double *end = p->first[s] + KL__SHORT_W + p->front;
        memset(p->first[s], 0, (KL__SHORT_W + p->front - p->head - before) * sizeof(double));
        memcpy(end - p->head, p->in[s], p->head * sizeof(double));
    }
}
/* How many rows there are in the first blocks in front of the batch. */
KL__INLINE size_t kl__short_ahead(kl__short *p, size_t before) {
    kl__short_begin(p, before);
    return p->front - p->head;
}
/* Where the `before` values in front of the batch go, the oldest first. */
KL__INLINE double *kl__short_before(kl__short *p, size_t s, size_t before) {
    return p->first[s] + KL__SHORT_W + p->front - p->head - before;
}
/* The parts; the last of them is to bring out what lags behind. */
KL__INLINE void kl__short_cut(kl__short *p, size_t before, size_t lag, kl__short_part *part) {
    const size_t whole = (p->n - p->head) / 8, rest = (p->n - p->head) % 8;
    part[0].blocks = p->front / 8, part[1].blocks = whole, part[2].blocks = rest != 0, part[3].blocks = lag;
    for (size_t s = 0; s < p->series; s++) {
        part[0].x[s] = p->first[s] + KL__SHORT_W, part[1].x[s] = p->in[s] + p->head;
        part[2].x[s] = p->last[s] + KL__SHORT_W, part[3].x[s] = part[2].x[s] + 8;
        memset(p->last[s], 0, sizeof p->last[s]);
        if (rest) memcpy(p->last[s] + KL__SHORT_W - before, p->in[s] + p->n - rest - before, (before + rest) * sizeof(double));
    }
    for (size_t o = 0; o < p->outs; o++)
        part[0].to[o] = p->shown_first[o], part[1].to[o] = p->out[o] + p->head, part[2].to[o] = part[3].to[o] = p->shown_last[o];
}
/* The top bit where a value is not ordinary. */
KL__INLINE uint64_t kl__short_odd(double y) {
    const uint64_t bits = kl__double_bits(y);
    return ((bits & (UINT64_MAX >> 1)) + (UINT64_C(25) << 52)) | (bits & ~(bits - 1));
}
KL__INLINE void kl__short_end(kl__short *p) {
    const size_t rest = (p->n - p->head) % 8;
    for (size_t o = 0; o < p->outs; o++) {
        memcpy(p->out[o], p->shown_first[o] + p->front - p->head, p->head * sizeof(double));
        memcpy(p->out[o] + p->n - rest, p->shown_last[o], rest * sizeof(double));
    }
}

/* 1 where the results of column o are ordinary that the way did not look at. */
KL__INLINE int kl__short_ordinary(const kl__short *p, size_t o) {
    uint64_t bad = 0;
    const size_t last = (p->n - p->head) / 8 > KL__SHORT_LAG ? p->n - 8 * KL__SHORT_LAG - (p->n - p->head) % 8 : p->head;
    for (size_t j = 0; j < p->head; j++) bad |= kl__short_odd(p->out[o][j]);
    for (size_t j = last; j < p->n; j++) bad |= kl__short_odd(p->out[o][j]);
    return !(bad >> 63);
}

KL__INLINE void kl__short_one(kl__short *p, const double *in, size_t n, double *out) {
    p->n = n, p->series = p->outs = 1, p->in[0] = in, p->out[0] = out;
}

/* 1: all values are ordinary, and so are the results of whole blocks of part 1 that are at least `lag` blocks from its ends. */
typedef int kl__short_way(const void *how, const kl__short_part *part);
/* Goes it over the last `before` values of from[s] (NULL: zeros) and p->in[s]. look: 1 where results may be other than
 * ordinary though values are not. 1: done; 0: nothing is done but that p->out is written to. */
int kl__short_pass(const kl__tree *const *from, kl__short *p, size_t before, size_t lag, kl__short_way *way, const void *how, int look);
/* And moves trees[s] on by p->in[s]. */
int kl__short_go(kl__tree *const *trees, kl__short *p, size_t before, size_t lag, kl__short_way *way, const void *how, int look);

#endif
