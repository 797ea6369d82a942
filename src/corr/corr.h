/* The rolling matrix: what it holds, and the steps of its symbols.
 *
 * Rows are cut into blocks of `rows` at multiples of it. A window that ends at place p of a block is the prefix 0..p of this block
 * and the suffix p+1..rows-1 of the one before. Both are summed up from values less the first one fed (the anchor); the prefix
 * grows forward in time, the suffix backward from its newest value, and nothing is ever taken out of a sum. What increments
 * a symbol brings to the sums of all its pairs is known once for each row: the matrix is sums of their products.
 *
 * Symbols lie in groups of 8, an array of n rows as [group][row][8]. One ring of `rows` increments serves both sides: places up
 * to p hold those of the prefix, the others still those of the suffix. */
#ifndef KL__CORR_H
#define KL__CORR_H
#include "base/check.h"
#include "kline/corr.h"
#include "simd/corr.h"
#include <math.h>

#define KL__CORR_L ((size_t)KL__CORR_LANES)

/* The sum and the squared deviations of 8 symbols, from the items fed so far: exact sums of two doubles each. */
typedef struct kl__corr_sums {
    double anchor[KL__CORR_L], s[KL__CORR_L], s_rest[KL__CORR_L], m2[KL__CORR_L], m2_rest[KL__CORR_L];
} kl__corr_sums;

/* The window of 8 symbols that ends with the last row. */
typedef struct kl__corr_now {
    double bridge[KL__CORR_L]; /* difference of the means of prefix and suffix */
    double m2[KL__CORR_L];     /* NaN: there is a hole */
    double scale[KL__CORR_L];  /* 1 / sqrt(m2), NaN where there is a hole or m2 is below KL__CORR_LEAST */
    double mean[KL__CORR_L];   /* less the anchor of the prefix */
    double past[KL__CORR_L];   /* anchor of the suffix */
} kl__corr_now;

struct kl_corr {
    kl_corr_spec spec;
    int64_t last;   /* index of the last row */
    uint64_t begun; /* 0: no row yet */
    uint64_t at;    /* its place in the block */
    uint64_t done;  /* rows of the block that are in the tiles' sums */
    uint64_t symbols, rows, groups;
};

/* Numbers by how many items: tables of a length of the window, each of rows + 1 doubles rounded up to 8. */
typedef struct kl__corr_tables {
    const double *weight;  /* [n]: 1 / (n (n - 1)) */
    const double *inverse; /* [n]: 1 / n */
    const double *bridge;  /* [p]: na * nb / rows, na = rows - 1 - p of the suffix, nb = p + 1 of the prefix */
    const double *share;   /* [p]: na / rows */
} kl__corr_tables;

/* Doubles of the tables; how they are filled and found. */
size_t kl__corr_tables_size(size_t rows);
void kl__corr_tables_fill(double *memory, size_t rows);
kl__corr_tables kl__corr_tables_at(const double *memory, size_t rows);

/* Where the parts of an object are, in doubles from its begin. Zero on success, 1 where the size does not fit. */
typedef struct kl__corr_parts {
    size_t tables, sums, now, x, increment, mean, m2, weighted, tiles, end;
} kl__corr_parts;
int kl__corr_layout(size_t symbols, size_t rows, kl__corr_parts *parts);

KL__INLINE double *kl__corr_part(const kl_corr *corr, size_t doubles) { return (double *)(uintptr_t)corr + doubles; }
KL__INLINE kl__corr_sums *kl__corr_sums_of(const kl_corr *corr, const kl__corr_parts *parts, size_t group) {
    return (kl__corr_sums *)(void *)kl__corr_part(corr, parts->sums) + group;
}
KL__INLINE kl__corr_now *kl__corr_now_of(const kl_corr *corr, const kl__corr_parts *parts, size_t group) {
    return (kl__corr_now *)(void *)kl__corr_part(corr, parts->now) + group;
}
/* The place of a symbol's value in an array [group][row][8], at row 0; the next row is 8 further. */
KL__INLINE size_t kl__corr_lane(size_t rows, size_t symbol) {
    return symbol / KL__CORR_L * rows * KL__CORR_L + symbol % KL__CORR_L;
}

/* Whether kl_corr_restore would take an image, and the index of its last row, INT64_MIN: none; changes nothing else. */
kl_status kl__corr_snapshot_check(const kl_corr *corr, const uint8_t *image, size_t n, int64_t *last, kl_error *error);

/* Missing is what is no number below 2^500. */
KL__INLINE double kl__corr_value(double x) { return fabs(x) < 0x1p500 ? x : (double)NAN; }

/* Co-moment of two different symbols over the window, NaN where one has a hole: any order. */
double kl__corr_comoment(const kl_corr *corr, const kl__corr_parts *parts, size_t i, size_t j);

/* What two passes over the common rows of a window find of one symbol and each of 8 others: sums, not yet divided. */
typedef struct kl__corr_direct {
    double n[KL__CORR_L], m2_one[KL__CORR_L], m2[KL__CORR_L], comoment[KL__CORR_L];
} kl__corr_direct;

/* 8 symbols: value t of the block at now[8 * t], of the one before at past[8 * t]; m2 of the window, NaN where there is a hole. */
typedef struct kl__corr_side {
    const double *now, *past, *m2;
} kl__corr_side;

/* What is wanted of pairs with holes in the window that ends at place p. */
typedef struct kl__corr_holes {
    size_t rows, p;
    double least; /* common rows */
    int32_t ddof; /* below 0: correlations */
    const kl__corr_kernels *kernels;
} kl__corr_holes;

/* Symbol `lane` of one side with those of the others in `wanted`, bits by lane; `lower`: it is the lower one of these pairs.
 * result: 8 numbers, NaN with too few common rows or where one is flat, and where not wanted. */
void kl__corr_direct_find(const kl__corr_side *one, size_t lane, const kl__corr_side *others, unsigned wanted, const kl__corr_holes *how,
                          int lower, double *result);
/* All pairs of 8 x 8 with a hole: out[a * stride + b]; the others are left alone. same: both sides are one, only a < b are pairs. */
void kl__corr_direct_tile(const kl__corr_side *i, const kl__corr_side *j, int same, const kl__corr_holes *how, double *out, size_t stride);

/* Everything from the values in memory, those behind the place of the last row being of the block before. */
void kl__corr_rebuild(kl_corr *corr, const kl__corr_parts *parts);
/* The place of a row in its block. */
uint64_t kl__corr_place(int64_t index, uint64_t rows);

/* Checks a spec. */
kl_status kl__corr_check(const kl_corr_spec *spec, kl_error *error);

#endif
