/* Rows of a program under way, for program_run.c and program_panel.c. */
#ifndef KL__INDICATOR_PROGRAM_CTX_H
#define KL__INDICATOR_PROGRAM_CTX_H
#include "indicator/program_run.h"

typedef struct kl__program_ctx {
    const kl__program *p;
    const kl__node *nodes;
    const uint32_t *slots;
    void *memory;
    kl__live *live;
    double *buffers;
    size_t rows; /* length of each buffer */
    size_t symbols, first; /* of all, and of the first (or only one) under way */
    size_t behind;         /* rows of the same columns that lie in front of the inputs of clock 0 */
    const kl__coarse *coarse;
    uint32_t tier;
    int streams; /* outputs are made in buffers and go past the caches */
} kl__program_ctx;

char *kl__program_states(const kl__program *p, void *memory, const kl__node *node, size_t symbols);
/* Inputs that lie where outputs lie are copied behind the buffers. */
void kl__program_place_input(kl__program_ctx *c, uint32_t i, const double *x, size_t n, int in_place);
/* Where each other value lies: a number in the program, the others in the caller's arrays where they are wanted, else in buffers. */
void kl__program_place_values(kl__program_ctx *c, size_t at, double *const *out);
/* Nodes [first, last) over n rows of one symbol. What they read of nodes that ran before kl__program_place_values has to be
 * in the buffers or in outputs still. */
void kl__program_nodes_rows(kl__program_ctx *c, uint32_t first, uint32_t last, size_t n);
/* One node over one row of n symbols. */
void kl__program_node_symbols(kl__program_ctx *c, const kl__node *node, size_t n);
/* The last coarse bar, where no row of clock 0 is under way: n rows of one symbol, or one row of n symbols. */
void kl__program_expand_last(kl__program_ctx *c, uint32_t clock, size_t n);
/* Outputs that are inputs, numbers or there twice. */
void kl__program_copy_outputs(kl__program_ctx *c, size_t at, size_t n, double *const *out);

#endif
