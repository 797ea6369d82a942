/* Operations of a program asked from the end, block by block: see program_lazy.h. */
#include "base/fp.h"
#include "indicator/program_ctx.h"
#include "indicator/program_lazy.h"
#include "base/size.h"
#include "simd/masks.h"
#include "window/tree.h"
#include <string.h>

#define LAZY_STACK 4096   /* doubles of scratch on the stack */
#define LAZY_LARGE 65536  /* in the memory of the state: what the second cache holds */
#define LAZY_BLOCK 1024   /* most rows at once: a chunk */
#define LAZY_LITTLE 192   /* fewer rows than these on the stack, where all is asked for: in the memory rather */
#define LAZY_FEW 2        /* arrays of rows that there is room for at least */
#define LAZY_TRY 32       /* each so many blocks the conditions of a product are looked at anew */
#define LAZY_LEAST 64     /* rows that are worth the way */
#define LAZY_STATE 2048   /* bytes of a window's state */
#define LAZY_PART 512     /* rows of it at once */
#define LAZY_FRONT 2      /* words before the rows of a block: one of zeros, one of rows before */
#define LAZY_WORDS (LAZY_BLOCK / 64 + LAZY_FRONT)
enum { LAZY_DONE = 1, LAZY_FALSE = 2, LAZY_ROUND = 4 }; /* FALSE: done, and no row is true; + the round of the block */

typedef struct lazy_head {
    uint64_t clean; /* rows before the chunk that are known and moderate */
    uint64_t stale; /* states of covered nodes are older than the rows that were run */
    uint32_t round; /* of blocks: nothing has to be cleared */
    uint32_t used;  /* arrays of rows of the last block that had most of them */
    uint32_t steps; /* operations of the last block, at least 1 */
    uint32_t reserved;
} lazy_head;

typedef struct lazy_block {
    const kl__program *p;
    const kl__lazy_op *ops;
    const kl__lazy_ref *refs;
    const double *numbers;
    const double *const *in;
    size_t at, n, words; /* rows [at, at + n) of the chunk; words: of conditions, with the front */
    double *rows;
    uint64_t *bits;
    size_t stride, width; /* of an array of rows, of bits */
    uint32_t used, most;  /* arrays of rows that were asked for, and that there is room for */
    size_t chunk;                 /* rows of the chunk */
    uint32_t inputs, steps;
    size_t fetched, fetch, share; /* lines of the next chunk that are fetched, of all, and with each operation */
    uint32_t *done; /* of each operation: LAZY_DONE or LAZY_FALSE + the round in which it was */
    uint32_t *hint; /* of ALL: the condition to ask first; of rows: their array */
    uint32_t round, tier;
} lazy_block;

KL__INLINE int lazy_done(const lazy_block *b, uint32_t k) { return b->done[k] - b->round < LAZY_ROUND && b->done[k] != b->round; }
KL__INLINE int lazy_false(const lazy_block *b, uint32_t k) { return b->done[k] == b->round + LAZY_FALSE; }

/* ---------------------------------------------------------------------------------------------------- memory --- */

/* Rows of a block for which `doubles` are enough with `rows` arrays of rows, a multiple of 64; 0: none. */
static size_t lazy_room(const kl__program *p, size_t rows, size_t doubles) {
    const size_t bits = p->n_lazy_bits;
    size_t block = LAZY_BLOCK;
    while (block && rows * (KL__LAZY_BEFORE + block + 8) + bits * (LAZY_FRONT + block / 64) > doubles) block -= 64;
    return block;
}
static int lazy_on_stack(const kl__program *p) { return lazy_room(p, p->n_lazy_rows, LAZY_STACK) >= LAZY_LITTLE; }
static size_t lazy_flags(const kl__program *p) { return 2 * (size_t)p->n_lazy_ops * sizeof(uint32_t); }

size_t kl__lazy_work(const kl__program *p) {
    if (!p->n_lazy_ops) return 0;
    return sizeof(lazy_head) + lazy_flags(p) + (lazy_on_stack(p) ? 0 : LAZY_LARGE * sizeof(double) + 64);
}

/* ----------------------------------------------------------------------------------------------- what is asked --- */

/* The columns of the next chunk come from far while this one is computed: a few lines with each operation. They may lie behind the
 * end, where nothing is read. */
static void lazy_fetch(lazy_block *b) {
    size_t last = b->fetched + b->share;
    if (last > b->fetch) last = b->fetch;
    b->steps++;
    for (; b->fetched < last; b->fetched++)
        for (uint32_t i = 0; i < b->inputs; i++)
            KL__FETCH((const void *)((uintptr_t)b->in[b->ops[i].first] + (b->chunk + 8 * b->fetched) * sizeof(double)));
}

static const uint64_t *lazy_bits(lazy_block *b, uint32_t k);

static const double *lazy_rows(lazy_block *b, uint32_t k);

/* Row 0 of the block is element KL__LAZY_BEFORE of what is returned. */
static const double *lazy_operand(lazy_block *b, const kl__lazy_ref *ref) {
    if (ref->of & KL__LAZY_NUMBER) return &b->numbers[ref->of & ~KL__LAZY_NUMBER];
    return lazy_rows(b, ref->of) - ref->lag;
}

static void lazy_window(const lazy_block *b, const kl__lazy_op *op, const double *x, double *to) {
    const size_t from = KL__LAZY_BEFORE - op->need, n = op->need + b->n, before = op->window - 1;
    double *stat[1] = {to + from};
    const double *in[1] = {x + from - before};
    if (op->window <= kl__tree_mean.whole_w[b->tier]) {
        kl__tree_mean.whole(in, n, op->window, stat);
        return;
    }
    _Alignas(8) uint8_t state[LAZY_STATE];
    const double params[2] = {(double)op->window, 0.0};
    op->kind->init(state, params);
    stat[0] -= before;
    for (size_t done = 0, part; done < n + before; done += part, in[0] += part, stat[0] += part) {
        part = n + before - done < LAZY_PART ? n + before - done : LAZY_PART;
        op->kind->run(state, in, part, stat);
    }
}

static const double *lazy_rows(lazy_block *b, uint32_t k) {
    const kl__lazy_op *op = &b->ops[k];
    if (op->type == KL__LAZY_INPUT) return b->in[op->first] + b->at - KL__LAZY_BEFORE;
    if (lazy_done(b, k)) return b->rows + b->hint[k] * b->stride;
    const double *from[2] = {NULL, NULL};
    const size_t start = KL__LAZY_BEFORE - op->need;
    uint32_t numbers = 0;
    for (uint32_t i = 0; i < op->n; i++) {
        const kl__lazy_ref *ref = &b->refs[op->first + i];
        const uint32_t number = ref->of >> 31;
        from[i] = lazy_operand(b, ref);
        numbers |= number << i;
        if (!number && op->type == KL__LAZY_ROWS) from[i] += start;
    }
    lazy_fetch(b);
    b->hint[k] = b->used++ % b->most; /* too many: what comes is of no use, and the block is begun again */
    double *to = b->rows + b->hint[k] * b->stride;
    if (op->type == KL__LAZY_WINDOW) lazy_window(b, op, from[0], to);
    else op->kind->rows[b->tier](from, numbers, op->need + b->n, to + start);
    b->done[k] = b->round + LAZY_DONE;
    return to;
}

static uint64_t lazy_compare_rows(lazy_block *b, const kl__lazy_op *op, uint64_t *to) {
    static const uint32_t how[3] = {KL__MASKS_LT, KL__MASKS_LE, KL__MASKS_EQ}, turned[3] = {KL__MASKS_GT, KL__MASKS_GE, KL__MASKS_EQ};
    const kl__lazy_ref *ref = &b->refs[op->first];
    const int first = (int)(ref[0].of >> 31), second = (int)(ref[1].of >> 31);
    const double *x = lazy_operand(b, &ref[first]), *y = lazy_operand(b, &ref[!first]);
    const uint32_t sign = first ? turned[op->type - KL__LAZY_LT] : how[op->type - KL__LAZY_LT];
    const size_t start = KL__LAZY_BEFORE - op->need;
    uint64_t before = 0, any;
    if (first || second) {
        if (op->need) kl__masks_compare_number(sign, x + start, *y, op->need, &before);
        any = kl__masks_compare_number(sign, x + KL__LAZY_BEFORE, *y, b->n, to + LAZY_FRONT);
    } else {
        if (op->need) kl__masks_compare(sign, x + start, y + start, op->need, &before);
        any = kl__masks_compare(sign, x + KL__LAZY_BEFORE, y + KL__LAZY_BEFORE, b->n, to + LAZY_FRONT);
    }
    to[0] = 0, to[1] = op->need ? before << start : 0;
    return any | before;
}

/* Bits of some rows ago, or their contrary, joined to `to`; returns what is left of any. Words were written one by one a moment
 * ago: read as vectors, they would wait until all stores before them are done, those of outputs too. */
KL__INLINE uint64_t lazy_join_bits(volatile uint64_t *to, const volatile uint64_t *x, uint32_t lag, uint64_t negate, size_t words, int all) {
    uint64_t any = 0;
    uint64_t older = 0;
    for (size_t i = 1; i < words; i++) {
        const uint64_t now = x[i], bits = (lag ? now << lag | older >> (64 - lag) : now) ^ negate;
        const uint64_t left = all ? to[i] & bits : to[i] | bits;
        any |= left;
        to[i] = left;
        older = now;
    }
    return any;
}

typedef struct lazy_joined {
    uint64_t *to;
    uint64_t any;
    int all;
} lazy_joined;

/* Asks for one condition more; returns 1 where nothing can change any more. */
static int lazy_ask(lazy_block *b, lazy_joined *j, const kl__lazy_ref *ref) {
    const uint64_t *x = lazy_bits(b, ref->of), negate = 0 - (uint64_t)ref->negated;
    if (lazy_false(b, ref->of)) { /* what its words are nobody knows */
        if (j->all != (int)ref->negated) j->any = j->all ? 0 : 1;
        for (size_t i = 1; !j->all && ref->negated && i < b->words; i++) j->to[i] = ~(uint64_t)0;
        return j->all && !ref->negated;
    }
    j->any = j->all ? lazy_join_bits(j->to, x, ref->lag, negate, b->words, 1) : lazy_join_bits(j->to, x, ref->lag, negate, b->words, 0);
    return j->all && !j->any;
}

/* Rows that nobody asks for are false. */
KL__INLINE uint64_t lazy_tail(const lazy_block *b) { return b->n % 64 ? ~(uint64_t)0 >> (64 - b->n % 64) : ~(uint64_t)0; }

/* The condition to ask first: the cheapest of which no row is true. */
static void lazy_look(lazy_block *b, uint32_t k) {
    const kl__lazy_op *op = &b->ops[k];
    uint32_t best = op->n;
    for (uint32_t i = 0; i < op->n && best == op->n; i++) { /* they are in the order of their costs */
        const kl__lazy_ref *ref = &b->refs[op->first + i];
        lazy_bits(b, ref->of);
        if (lazy_false(b, ref->of) && !ref->negated) best = i;
    }
    if (best < op->n) b->hint[k] = best;
}

/* First what is there, then what was false in the block before, then one after the other. */
static uint64_t lazy_join(lazy_block *b, uint32_t k, uint64_t *to) {
    const kl__lazy_op *op = &b->ops[k];
    lazy_joined j = {to, op->type == KL__LAZY_ALL, op->type == KL__LAZY_ALL};
    if (j.all && b->round / LAZY_ROUND % LAZY_TRY == 1) lazy_look(b, k);
    const uint32_t hint = b->hint[k];
    uint64_t asked = 0;
    to[0] = 0;
    for (size_t i = 1; i < b->words; i++) to[i] = j.all ? ~(uint64_t)0 : 0;
    if (j.all) {
        to[1] = op->need ? ~(uint64_t)0 << (KL__LAZY_BEFORE - op->need) : 0;
        to[b->words - 1] &= lazy_tail(b);
    }
    for (uint32_t i = 0; i < op->n; i++)
        if (lazy_done(b, b->refs[op->first + i].of)) {
            asked |= UINT64_C(1) << i;
            if (lazy_ask(b, &j, &b->refs[op->first + i])) return 0;
        }
    for (uint32_t i = 0; i < op->n + 1; i++) {
        const uint32_t which = i ? i - 1 : hint;
        if (which >= op->n || (asked >> which & 1)) continue;
        asked |= UINT64_C(1) << which;
        if (lazy_ask(b, &j, &b->refs[op->first + which])) {
            b->hint[k] = which;
            return 0;
        }
    }
    if (!j.all) { /* negated conditions are true where nobody asks */
        to[1] &= op->need ? ~(uint64_t)0 << (KL__LAZY_BEFORE - op->need) : 0;
        to[b->words - 1] &= lazy_tail(b);
    }
    return j.any;
}

static const uint64_t *lazy_bits(lazy_block *b, uint32_t k) {
    const kl__lazy_op *op = &b->ops[k];
    uint64_t *to = b->bits + op->place * b->width, any = 0;
    if (lazy_done(b, k)) return to;
    if (op->type == KL__LAZY_ALL || op->type == KL__LAZY_ANY) {
        any = lazy_join(b, k, to);
    } else {
        lazy_fetch(b);
        any = lazy_compare_rows(b, op, to);
    }
    b->done[k] = b->round + (any ? LAZY_DONE : LAZY_FALSE);
    return to;
}

/* The rows of a value: two conditions at a time. */
static void lazy_sum(lazy_block *b, const kl__lazy_op *op, double *to) {
    static const uint64_t none[LAZY_WORDS] = {0};
    uint64_t room[2][LAZY_WORDS];
    const uint64_t *x[2] = {none, none};
    double weight[2] = {0.0, 0.0}, base = op->constant;
    uint32_t have = 0, written = 0;
    for (uint32_t i = 0; i < op->n; i++) {
        const kl__lazy_ref *ref = &b->refs[op->first + i];
        const uint64_t *bits = lazy_bits(b, ref->of);
        if (lazy_false(b, ref->of)) continue;
        if (ref->lag) {
            memset(room[have], 0, sizeof room[have]);
            lazy_join_bits(room[have], bits, ref->lag, 0, b->words, 0);
            bits = room[have];
        }
        x[have] = bits + LAZY_FRONT, weight[have++] = ref->weight;
        if (have < 2) continue;
        if (written++) kl__masks_add(x[0], weight[0], x[1], weight[1], b->n, to);
        else kl__masks_spread(x[0], weight[0], x[1], weight[1], base, b->n, to);
        have = 0;
    }
    if (have && written) kl__masks_add(x[0], weight[0], none, 0.0, b->n, to);
    else if (have || !written) kl__masks_spread(have ? x[0] : none, weight[0], none, 0.0, base, b->n, to);
}

/* --------------------------------------------------------------------------------------------------- a chunk --- */

/* The scratch for blocks of so many rows: conditions first, then as many arrays as there is room for. */
static void lazy_lay(lazy_block *b, double *scratch, size_t doubles, size_t block) {
    b->stride = KL__LAZY_BEFORE + block + 8, b->width = LAZY_FRONT + block / 64;
    b->bits = (uint64_t *)(void *)scratch;
    const size_t front = (b->p->n_lazy_bits * b->width + 7) & ~(size_t)7;
    b->rows = scratch + front;
    b->most = (uint32_t)((doubles - front) / b->stride);
}

static void lazy_values(lazy_block *b, const kl__live *live) {
    b->words = LAZY_FRONT + (b->n + 63) / 64;
    b->round += LAZY_ROUND;
    b->used = 0;
    for (uint32_t k = 0; k < b->p->n_lazy_ops; k++)
        if (b->ops[k].type == KL__LAZY_SUM && live[b->ops[k].value].to) lazy_sum(b, &b->ops[k], live[b->ops[k].value].to + b->at);
}

/* Blocks are as long as the arrays allow that blocks before asked for; if it was too long for once, as all of them would allow. */
static KL__APART void lazy_on(lazy_block *b, const kl__live *live, uint32_t *used, size_t n, double *scratch, size_t doubles) {
    const size_t safe = lazy_room(b->p, b->p->n_lazy_rows, doubles);
    for (b->at = 0; b->at < n; b->at += b->n) {
        size_t block = lazy_room(b->p, *used < LAZY_FEW ? LAZY_FEW : *used, doubles);
        if (block < safe) block = safe;
        const size_t left = n - b->at, parts = (left + block - 1) / block;
        lazy_lay(b, scratch, doubles, block);
        b->n = parts == 1 ? left : ((left + parts - 1) / parts + 63) & ~(size_t)63;
        lazy_values(b, live);
        if (b->used > *used) *used = b->used;
        if (b->used <= b->most) continue;
        lazy_lay(b, scratch, doubles, safe);
        if (b->n > safe) b->n = safe;
        lazy_values(b, live);
    }
}
static KL__APART void lazy_on_the_stack(lazy_block *b, const kl__live *live, uint32_t *used, size_t n) {
    _Alignas(64) union {
        double rows[LAZY_STACK];
        uint64_t bits[LAZY_STACK];
    } scratch;
    lazy_on(b, live, used, n, scratch.rows, LAZY_STACK);
}

uint32_t kl__lazy_rows(kl__program_ctx *c, void *work, const double *const *in, size_t n) {
    const kl__program *p = c->p;
    lazy_head *head = work;
    const kl__lazy_op *ops = kl__program_lazy_ops(p);
    const uint64_t clean = c->behind ? head->clean : 0;
    uint32_t known = 0;
    head->clean = 0;
    for (; ops[known].type == KL__LAZY_INPUT; known++)
        if (!kl__masks_moderate(in[ops[known].first], n)) return 0;
    head->clean = clean + n;
    if (clean < KL__LAZY_BEFORE || n < LAZY_LEAST) return 0;
    uint32_t *flags = (uint32_t *)(void *)(head + 1);
    double *memory = (double *)(void *)(((uintptr_t)(head + 1) + lazy_flags(p) + 63) & ~(uintptr_t)63);
    lazy_block b = {.p = p, .ops = ops, .chunk = n, .inputs = known, .fetch = n / 8, .share = n / 8 / (head->steps + 1) + 1, .refs = kl__program_lazy_refs(p), .numbers = kl__program_numbers(p), .in = in,
                    .done = flags, .hint = flags + p->n_lazy_ops, .round = head->round, .tier = c->tier};
    if (lazy_on_stack(p)) lazy_on_the_stack(&b, c->live, &head->used, n);
    else lazy_on(&b, c->live, &head->used, n, memory, LAZY_LARGE);
    head->stale = 1;
    head->round = b.round, head->steps = b.steps;
    return known;
}

int kl__lazy_fresh(const kl__program *p, void *work) {
    lazy_head *head = work;
    if (!p->n_lazy_ops || !head->stale) return 0;
    head->stale = 0;
    return 1;
}
