/* Co-moments of tiles of symbol pairs, by the instruction set of the machine; the bits are the same with each.
 *
 * Symbols come in groups of 8. A tile is the pairs of one group, the rows, with one or two groups, the columns; each pair is a lane
 * that is summed up on its own, in the order of time given. */
#ifndef KL__SIMD_CORR_H
#define KL__SIMD_CORR_H
#include "base/check.h"

#define KL__CORR_LANES 8
/* Least squared deviations of a symbol that moves. Each square or product below 2^-1022 is off by 2^-1075 at most, and a window has
 * 2^16 of them: from here on what they lose is below 2^-59 of the sum. */
#define KL__CORR_LEAST 0x1p-1000

/* What pairs are made of in a block, a row for each bar: four values for each of 8 symbols. */
enum {
    KL__CORR_SUFFIX = 0,  /* increment of the block before, newest first; on the side of the rows times its weight */
    KL__CORR_PREFIX = 8,  /* increment of this block, oldest first; likewise */
    KL__CORR_BRIDGE = 16, /* difference of the means of suffix and prefix; likewise */
    KL__CORR_SCALE = 24,  /* 1 / sqrt(M2) */
    KL__CORR_FACTS = 32
};

typedef struct kl__corr_block {
    const double *row;       /* facts of the lower symbols of all pairs, weighted */
    const double *column[2]; /* facts of the higher ones; NULL: the tile is 8 wide */
    size_t rows;             /* bars of a block */
    size_t from, to;         /* bars wanted */
} kl__corr_block;

/* What the windows of a tile that end with the last row are made of. */
typedef struct kl__corr_window {
    const double *weighted, *column[2]; /* increments of the suffix from its newest row on, rows of 8 values backward in time */
    size_t n;                           /* how many of them */
    const double *sums;                 /* of the prefixes */
    const double *way, *way_column[2];  /* differences of the means, those of the rows weighted */
    const double *scale, *scale_column[2]; /* 1 / sqrt(M2); scale NULL: co-moments are wanted */
    double *out[KL__CORR_LANES];        /* place of each row of the tile */
} kl__corr_window;

typedef struct kl__corr_kernels {
    /* sum[a][b] += weighted[t][a] * column[t][b] over n bars t of 8 values, from 0 where it is `fresh`. sum is 8 x 8, or 8 x 16
     * where there is a second column. */
    void (*add)(double *sum, const double *weighted, const double *column, const double *second, size_t n, int fresh);
    void (*window)(const kl__corr_window *window);
    /* r[t][a][b] for bars from..to - 1 of a block; r has room for all its bars. */
    void (*block)(const kl__corr_block *block, double *r);
    /* h = 1 / sqrt(m2), NaN where m2 is below KL__CORR_LEAST or NaN, for n rows of 8 symbols; the rows of h are `step` values apart */
    void (*scale)(const double *m2, double *h, size_t n, size_t step);
} kl__corr_kernels;

const kl__corr_kernels *kl__corr_kernels_best(void);

#endif
