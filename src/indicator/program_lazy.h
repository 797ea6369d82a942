/* Conditions of a program as bits, computed as far as they are asked for.
 *
 * A pattern is a product of conditions over a few bars, most of which are false most of the time. Where an output, or what a node
 * outside needs, is made of such conditions, the nodes behind it are also compiled to operations that are asked from the end: a
 * product asks for its factors one after the other and stops where no row of a block is left, comparisons are words of 64 rows,
 * a condition of some bars ago is a shift, and values that no row asks for are never made.
 * This is possible because all of it depends on KL__LAZY_BEFORE rows at most: a block reads the rows before it again instead of
 * having a state, and the states of the nodes are made from the last rows when the call is over. It has the bits of the nodes
 * where all inputs of these rows are known and too small for any value to overflow, so that all is known; other rows, and the
 * first ones of each call, go by the nodes. */
#ifndef KL__INDICATOR_PROGRAM_LAZY_H
#define KL__INDICATOR_PROGRAM_LAZY_H
#include "indicator/program.h"

#define KL__LAZY_BEFORE 64 /* rows, one word */

enum {
    KL__LAZY_INPUT,  /* `first`: its number */
    KL__LAZY_ROWS,   /* an elementwise kind */
    KL__LAZY_WINDOW, /* a mean */
    KL__LAZY_LT, KL__LAZY_LE, KL__LAZY_EQ,
    KL__LAZY_ALL, KL__LAZY_ANY,
    KL__LAZY_SUM /* a value that is wanted: constant + the weights of the conditions that are true */
};

#define KL__LAZY_NUMBER UINT32_C(0x80000000)
typedef struct kl__lazy_ref {
    uint32_t of; /* an operation; KL__LAZY_NUMBER + i: plain number i of the program */
    uint16_t lag, negated;
    int32_t weight;
} kl__lazy_ref;

typedef struct kl__lazy_op {
    _Alignas(8) const kl__indicator *kind; /* of ROWS and WINDOW */
    uint32_t type;
    uint32_t first, n; /* what it is made of: refs */
    uint32_t value;    /* of SUM: where the rows go to */
    uint32_t window;
    uint32_t need;     /* rows before a block that others ask of it */
    uint32_t place;    /* its array, among those of rows or of bits */
    uint32_t cost;
    int32_t constant;
    uint32_t reserved;
} kl__lazy_op;

/* ------------------------------------------------------------------------------------------- for program_finish.c --- */

typedef struct kl__build kl__build;

/* Values and nodes of a build under way, by old numbers. */
typedef struct kl__lazy_marks {
    const kl__build *b;
    const uint32_t *fresh; /* first: KL__NO_VALUE where nothing needs the value; later its new number */
    uint32_t *words;       /* what is known of each value */
    uint32_t *ops;         /* its operation */
} kl__lazy_marks;

/* Finds what can be lazy. */
void kl__lazy_mark(const kl__lazy_marks *m, const uint32_t *outputs, uint32_t n_outputs);
int kl__lazy_member(const kl__lazy_marks *m, const kl__node *node);  /* it has to run before others do, or again */
int kl__lazy_root(const kl__lazy_marks *m, const kl__node *node);    /* its rows are made of conditions */
int kl__lazy_covered(const kl__lazy_marks *m, const kl__node *node); /* nothing else needs it */
/* Counts into `program`, and writes where ops is not NULL. */
void kl__lazy_emit(const kl__lazy_marks *m, kl__program *program, kl__lazy_op *ops, kl__lazy_ref *refs);

/* -------------------------------------------------------------------------------------------- for program_run.c --- */

/* Memory behind the buffers of a program, zeroed at the start. */
size_t kl__lazy_work(const kl__program *p);

typedef struct kl__program_ctx kl__program_ctx;
/* All rows of a chunk, in[i] as handed in. Returns how many inputs it has looked at: their rows are all known, values are where
 * c->live says, and nodes that are covered need not run. 0: they have to. */
uint32_t kl__lazy_rows(kl__program_ctx *c, void *work, const double *const *in, size_t n);
/* Returns 1, once, where the states of covered nodes are not those of the row before: they are now made anew. */
int kl__lazy_fresh(const kl__program *p, void *work);

#endif
