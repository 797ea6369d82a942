/* Sums over many values by one fixed tree: 64 lanes, blocks of 4,096 rows, blocks in pairs. Which instructions do them does not
 * show in the bits. */
#ifndef KL__MOMENTS_H
#define KL__MOMENTS_H
#include <stddef.h>

#define KL__MOMENTS_LEVELS 64

#define KL__MOMENTS_BLOCK 4096
/* Of the known values; m2 .. m4: sums of powers of their ways from the mean. */
typedef struct kl__moments {
    double n, mean, m2, m3, m4, least, most;
} kl__moments;

/* Blocks as they come: begin, add each with KL__MOMENTS_BLOCK values but the last, end. order: highest power that is wanted, 2 or 4; the others are 0. */
typedef struct kl__moments_tree {
    kl__moments stack[KL__MOMENTS_LEVELS];
    size_t used, blocks;
} kl__moments_tree;
void kl__moments_begin(kl__moments_tree *tree);
void kl__moments_add(kl__moments_tree *tree, const double *value, size_t n, int order);
void kl__moments_end(kl__moments_tree *tree, kl__moments *sum);
/* All of an array. */
void kl__moments_sum(const double *value, size_t n, int order, kl__moments *sum);
/* The sum of a[i] b[i] by 64 lanes. */
double kl__moments_products(const double *a, const double *b, size_t n);

#endif
