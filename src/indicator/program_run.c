/* Programs over rows and over symbols. Values lie in buffers of a chunk's length on the stack, or straight in the caller's arrays;
 * each is scanned once, when it is made, and what was found goes along with it. */
#include "indicator/program_ctx.h"
#include "indicator/kind.h"
#include "indicator/memory.h"
#include "indicator/program_lazy.h"
#include "base/size.h"
#include "simd/level.h"
#include "simd/stream.h"
#include <string.h>

#define PROGRAM_DOUBLES 4096 /* of buffers on the stack */
#define PROGRAM_WIDE 3       /* inputs: few columns stay in a cache or are fetched by the machine, of many one waits for each line */
#define PROGRAM_STREAMS 6    /* outputs: so many columns do not stay in a cache, */
#define PROGRAM_CACHED (1 << 21) /* once they are longer than so many doubles all together */
#define PROGRAM_STEP 6144    /* the same for a row of many symbols: kernels need less for one row */
#define PROGRAM_ARRAYS 32    /* more than these have their buffers in the memory of the state */
#define PROGRAM_READERS 3    /* one that so many nodes read is looked at before them */
#define PROGRAM_LARGE 65536  /* doubles of such buffers: what the second cache holds */
#define PROGRAM_LINE 64      /* bytes that buffers are aligned to, whatever the caller's memory is */
#define PROGRAM_CLEAN 32     /* rows that are cleaned at once */
#define PROGRAM_ROWS 24      /* but not fewer rows */

static size_t program_arrays(const kl__program *p) { return (size_t)p->n_slots + p->n_inputs; }

/* Rows of buffers that are not on the stack: an odd number of lines, so that buffers do not collide in the cache. */
static size_t program_large(size_t arrays) {
    size_t rows = PROGRAM_LARGE / arrays;
    return rows > PROGRAM_ROWS ? ((rows - 8) & ~(size_t)15) + 8 : PROGRAM_ROWS;
}

static size_t program_lazy_at(const kl__program *p) {
    size_t arrays = program_arrays(p);
    return p->n_values * sizeof(kl__live) + (arrays > PROGRAM_ARRAYS ? arrays * program_large(arrays) * sizeof(double) + PROGRAM_LINE : 0);
}
size_t kl__program_work(const kl__program *p) { return program_lazy_at(p) + kl__lazy_work(p); }
static void *program_lazy(const kl__program *p, void *memory) { return (char *)memory + program_lazy_at(p); }

int kl__program_memory(const kl__program *p, size_t symbols, size_t *bytes) {
    size_t all, work = p->n_values;
    if (p->state_bytes > SIZE_MAX) return 1;
    /* a program has less than 2^31 values, and with size_t of 32 bits it has not been so long that these wrap: see finish_sizes */
    if (kl__size_mul(work, sizeof(kl__live), &work) || program_arrays(p) > SIZE_MAX / 4 / (PROGRAM_ROWS * sizeof(double))) return 1;
    if (kl__size_mul((size_t)p->state_bytes, symbols, &all) || kl__size_add(all, kl__program_work(p), bytes)) return 1;
    return p->n_panel ? kl__program_panel_memory(p, symbols, bytes) : 0;
}

_Static_assert(sizeof(kl__live) % sizeof(double) == 0, "states lie behind them");
static kl__live *program_live(void *memory) { return memory; }
char *kl__program_states(const kl__program *p, void *memory, const kl__node *node, size_t symbols) {
    return (char *)memory + kl__program_work(p) + (size_t)node->state * symbols;
}

void kl__program_init(const kl__program *p, void *memory, size_t symbols) {
    const kl__node *nodes = kl__program_nodes(p);
    memset(memory, 0, kl__program_work(p) + (size_t)p->state_bytes * symbols);
    for (uint32_t k = 0; k < p->n_nodes; k++) {
        char *state = kl__program_states(p, memory, &nodes[k], symbols);
        for (size_t s = 0; nodes[k].kind->init && s < symbols; s++)
            nodes[k].kind->init(state + s * nodes[k].stride, kl__program_params(p) + nodes[k].params);
    }
}

void kl__program_pack(const kl__program *p, void *memory, size_t symbols, kl__snap *snap) {
    const kl__node *nodes = kl__program_nodes(p);
    for (uint32_t k = 0; k < p->n_nodes; k++) {
        char *state = kl__program_states(p, memory, &nodes[k], symbols);
        for (size_t s = 0; nodes[k].kind->pack && s < symbols; s++) nodes[k].kind->pack(state + s * nodes[k].stride, snap);
    }
}

void kl__program_settle(const kl__program *p, void *memory, size_t symbols) {
    const kl__node *nodes = kl__program_nodes(p);
    for (uint32_t k = 0; k < p->n_nodes; k++)
        for (size_t s = 0; nodes[k].kind->settle && s < symbols; s++)
            nodes[k].kind->settle(kl__program_states(p, memory, &nodes[k], symbols) + s * nodes[k].stride);
}

static size_t program_rows(size_t arrays, size_t doubles, size_t most) {
    size_t rows = arrays > PROGRAM_ARRAYS ? program_large(arrays) : arrays ? doubles / arrays & ~(size_t)7 : most;
    if (rows > most) rows = most;
    return rows > 8 ? ((rows - 8) & ~(size_t)15) + 8 : 8; /* an odd number of lines: buffers do not collide in the cache */
}

static size_t program_buffer_rows(const kl__program *p, int in_place) {
    size_t arrays = program_arrays(p);
    return program_rows(in_place || arrays > PROGRAM_ARRAYS ? arrays : p->n_slots, PROGRAM_DOUBLES, KL__CHUNK);
}
size_t kl__program_chunk_rows(const kl__program *p, int in_place) {
    return p->lazy_alone && !in_place ? KL__CHUNK : program_buffer_rows(p, in_place);
}

int kl__program_in_place(const kl__program *p, const double *const *in, size_t n, double *const *out) {
    for (uint32_t o = 0; o < p->n_outputs; o++)
        for (uint32_t i = 0; out[o] && i < p->n_inputs; i++)
            if (in[i] && (uintptr_t)in[i] < (uintptr_t)(out[o] + n) && (uintptr_t)out[o] < (uintptr_t)(in[i] + n)) return 1;
    return 0;
}

/* ----------------------------------------------------------------------------------------------- rows under way --- */

static kl__program_ctx program_begin(const kl__program *p, void *memory, double *stack, size_t rows, size_t symbols, size_t first) {
    kl__program_ctx c = {p, kl__program_nodes(p), kl__program_slots(p), memory, program_live(memory), stack, rows, symbols, first, 0, NULL, kl__simd_tier(), 0};
    if (program_arrays(p) > PROGRAM_ARRAYS) c.buffers = (double *)(void *)((char *)memory + p->n_values * sizeof(kl__live));
    c.buffers = (double *)(void *)(((uintptr_t)c.buffers + PROGRAM_LINE - 1) / PROGRAM_LINE * PROGRAM_LINE);
    return c;
}

static uint32_t program_scan(const kl__program *p, const double *x, size_t n) {
    return p->n_inputs < PROGRAM_WIDE ? kl__rows_scan(x, n) : kl__rows_scan_ahead(x, n);
}

void kl__program_place_input(kl__program_ctx *c, uint32_t i, const double *x, size_t n, int in_place) {
    if (in_place) {
        double *copy = c->buffers + (c->p->n_slots + i) * c->rows;
        memcpy(copy, x, n * sizeof *copy);
        x = copy;
    }
    c->live[i].at = x;
    const int lone = c->p->n_nodes == 1 || (c->p->n_inputs < PROGRAM_WIDE && kl__program_inputs(c->p)[i].readers < PROGRAM_READERS);
    c->live[i].rough = n > 1 && lone ? KL__ROWS_RAW : program_scan(c->p, x, n); /* raw: looked at on its way through the nodes */
}

/* Where each value lies: a number in the program, the others in the caller's arrays where they are wanted, else in buffers. */
void kl__program_place_values(kl__program_ctx *c, size_t at, double *const *out) {
    const kl__program *p = c->p;
    const uint32_t *outputs = kl__program_outputs(p);
    const double *numbers = kl__program_numbers(p);
    uint32_t made = p->n_inputs + p->n_numbers;
    kl__live *live = c->live + p->n_inputs;
    for (uint32_t i = 0; i < p->n_numbers; i++) live[i] = (kl__live){&numbers[i], NULL, numbers[i] == numbers[i] ? 0 : KL__ROWS_HOLED, NULL};
    for (uint32_t v = p->n_numbers; v < p->n_values - p->n_inputs; v++) { /* one that was made before is finished: nothing rough */
        double *rows = c->buffers + c->slots[v] * c->rows;
        live[v] = (kl__live){rows, rows, KL__ROWS_UNSEEN, NULL};
    }
    for (uint32_t o = p->n_outputs; out && o-- > 0;)
        if (out[o] && outputs[o] >= made) {
            if (c->streams) c->live[outputs[o]].wanted = out[o] + at;
            else c->live[outputs[o]].at = c->live[outputs[o]].to = out[o] + at;
        }
}

void kl__program_copy_outputs(kl__program_ctx *c, size_t at, size_t n, double *const *out) {
    const kl__program *p = c->p;
    const uint32_t *outputs = kl__program_outputs(p);
    for (uint32_t o = 0; o < p->n_outputs; o++) {
        uint32_t v = outputs[o];
        const double *made = c->live[v].wanted ? c->live[v].wanted : c->live[v].to;
        if (!out[o] || out[o] + at == made) continue;
        if (v >= p->n_inputs + p->n_numbers) memcpy(out[o] + at, made, n * sizeof **out);
        else if (v >= p->n_inputs)
            for (size_t j = 0; j < n; j++) out[o][at + j] = kl__program_numbers(p)[v - p->n_inputs];
        else
            for (size_t j = 0; j < n; j++) out[o][at + j] = kl__row_clean(c->live[v].at[j]);
    }
}

/* Where the rows of a node go to. */
KL__INLINE void program_wire_to(kl__program_ctx *c, const kl__node *node, double **to) {
    for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) to[o] = c->live[node->out + o].to;
}

/* A buffer of a plain number, for a kind that wants rows of it: filled once in a chunk. */
static const double *program_fill(kl__program_ctx *c, uint32_t value, size_t n) {
    kl__live *live = &c->live[value];
    size_t length = c->p->n_clocks > 1 ? c->rows : n;
    if (live->to) return live->to;
    live->to = c->buffers + c->slots[value - c->p->n_inputs] * c->rows;
    for (size_t j = 0; j < length; j++) live->to[j] = *live->at;
    return live->to;
}

/* Where they come from; returns what is known of all inputs. */
KL__INLINE uint32_t program_wire_from(kl__program_ctx *c, const kl__node *node, size_t n, const double **from) {
    uint32_t any = 0, inputs = node->kind->pub.n_inputs;
    for (uint32_t i = 0; i < inputs; i++) {
        const kl__live *live = &c->live[node->in[i]];
        from[i] = KL__UNLIKELY(n > 1 && (node->numbers >> i & 1)) ? program_fill(c, node->in[i], n) : live->at;
        any |= live->rough;
    }
    return any;
}

/* Looks at those inputs of which one of the flags `which` is all that is known; returns what is known then of all. */
static uint32_t program_look(kl__program_ctx *c, const kl__node *node, size_t n, uint32_t which) {
    uint32_t any = 0;
    for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++) {
        kl__live *live = &c->live[node->in[i]];
        if (live->rough & which) live->rough = live->rough & KL__ROWS_RAW ? program_scan(c->p, live->at, n) : kl__rows_scan(live->at, n);
        any |= live->rough;
    }
    return any;
}

/* Of the symbol under way. */
KL__INLINE char *program_state(const kl__program_ctx *c, const kl__node *node) {
    return kl__program_states(c->p, c->memory, node, c->symbols) + c->first * (size_t)node->stride;
}

/* An elementwise kind over values that have to be cleaned first. */
static void program_unclean(kl__program_ctx *c, const kl__node *node, size_t n) {
    double clean[KL_INPUTS_MAX][PROGRAM_CLEAN];
    const double *from[KL_INPUTS_MAX];
    for (size_t at = 0, part; at < n; at += part) {
        part = n - at < PROGRAM_CLEAN ? n - at : PROGRAM_CLEAN;
        for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++) {
            const double *x = c->live[node->in[i]].at;
            from[i] = node->numbers >> i & 1 ? x : clean[i];
            for (size_t j = 0; from[i] != x && j < part; j++) clean[i][j] = kl__row_clean(x[at + j]);
        }
        node->kind->rows[c->tier](from, node->numbers, part, c->live[node->out].to + at);
    }
}

/* A node of a kind that has loops; returns 0 where it has none. */
KL__INLINE int program_elementwise(kl__program_ctx *c, const kl__node *node, size_t n) {
    const kl__indicator *kind = node->kind;
    const double *from[KL_INPUTS_MAX];
    uint32_t any = 0;
    if (!kind->rows) return 0;
    for (uint32_t i = 0; i < kind->pub.n_inputs; i++) {
        from[i] = c->live[node->in[i]].at;
        any |= c->live[node->in[i]].rough;
    }
    if ((any & KL__ROWS_RAW) && (!kind->raw || (any & KL__ROWS_ROUGH))) any = program_look(c, node, n, KL__ROWS_RAW);
    if (KL__UNLIKELY(any & KL__ROWS_ROUGH)) program_unclean(c, node, n);
    else (any & KL__ROWS_RAW ? kind->raw : kind->rows)[c->tier](from, node->numbers, n, c->live[node->out].to);
    c->live[node->out].rough = KL__ROWS_UNSEEN;
    return 1;
}

/* Each row has the value of the coarse bar that was closed last. */
static void program_expand_rows(kl__program_ctx *c, const kl__node *node, size_t n) {
    double *last = (double *)(void *)program_state(c, node), *to[1] = {NULL};
    const kl__coarse *coarse = c->coarse ? &c->coarse[node->from] : NULL;
    size_t j = 0, rows = coarse ? coarse->n : 0;
    const double *x = c->live[node->in[0]].at; /* none where no coarse bar was closed */
    program_wire_to(c, node, to);
    for (size_t k = 0; k < rows; k++) {
        for (; j < n && j < coarse->first[k]; j++) to[0][j] = *last;
        *last = kl__row_clean(x[k]);
    }
    for (; j < n; j++) to[0][j] = *last;
    c->live[node->out].rough = kl__rows_scan(to[0], n);
}

/* Returns 1 where the rows are done. */
KL__INLINE int program_attempt(kl__program_ctx *c, const kl__node *node, uint32_t any, const double *const *from, size_t n, double *const *to) {
    const kl__indicator *kind = node->kind;
    if (!kind->attempt || n == 1 || (any & (KL__ROWS_HOLED | KL__ROWS_ROUGH))) return 0;
    const int came = kind->attempt(program_state(c, node), from, n, to);
    if (came == KL__ATTEMPT_FAILED) return 0;
    for (uint32_t i = 0; came == KL__ATTEMPT_ORDINARY && i < kind->pub.n_inputs; i++) c->live[node->in[i]].rough = 0;
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) c->live[node->out + o].rough = came == KL__ATTEMPT_SEALED ? KL__ROWS_UNSEEN : 0;
    return 1;
}

/* Values of some bars ago, of an input whose rows before these are there still: they are where they were. */
static int program_lag(kl__program_ctx *c, const kl__node *node, size_t n) {
    const double back = kl__program_params(c->p)[node->params];
    const kl__live *x = &c->live[node->in[0]];
    kl__live *lag = &c->live[node->out];
    if (node->kind != &kl__ind_lag || node->in[0] >= c->p->n_inputs || node->clock || (double)c->behind < back || (double)n < back ||
        lag->wanted || lag->at != c->buffers + c->slots[node->out - c->p->n_inputs] * c->rows)
        return 0;
    kl__lag_take(program_state(c, node), x->at, n);
    lag->at = x->at - (size_t)back;
    lag->rough = KL__ROWS_RAW;
    return 1;
}

static KL__APART void program_other(kl__program_ctx *c, const kl__node *node, size_t n) {
    const kl__indicator *kind = node->kind;
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    uint32_t rough[KL_INPUTS_MAX], made[KL_OUTPUTS_MAX];
    if (KL__UNLIKELY(kind == &kl__expand)) {
        program_expand_rows(c, node, n);
        return;
    }
    if (program_lag(c, node, n)) return;
    uint32_t any = program_wire_from(c, node, n, from);
    program_wire_to(c, node, to);
    if (program_attempt(c, node, any, from, n, to)) return;
    if (any & KL__ROWS_RAW) any = program_look(c, node, n, KL__ROWS_RAW);
    if ((kind->flags & KL__PASSES) && !(any & KL__ROWS_ROUGH) && n > 1) { /* as kl__kind_rows, which is long for these */
        kind->run(program_state(c, node), from, n, to);
        for (uint32_t o = 0; o < kind->pub.n_outputs; o++) c->live[node->out + o].rough = KL__ROWS_UNSEEN;
        return;
    }
    if ((any & KL__ROWS_UNSEEN) && !kl__kind_own(kind)) program_look(c, node, n, KL__ROWS_UNSEEN); /* it has to know its holes */
    for (uint32_t i = 0; i < kind->pub.n_inputs; i++) rough[i] = c->live[node->in[i]].rough;
    kl__kind_rows(kind, program_state(c, node), from, rough, n, to, made, NULL);
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) c->live[node->out + o].rough = made[o];
}

/* Outputs of a node that were made in buffers. */
static void program_stream(const kl__program_ctx *c, const kl__node *node, size_t n) {
    for (const kl__live *live = c->live + node->out, *end = live + node->kind->pub.n_outputs; live < end; live++)
        if (live->wanted) kl__stream(live->wanted, live->to, n);
}

void kl__program_nodes_rows(kl__program_ctx *c, uint32_t first, uint32_t last, size_t n) {
    for (const kl__node *node = c->nodes + first; node < c->nodes + last; node++) {
        if (KL__UNLIKELY(!program_elementwise(c, node, n))) program_other(c, node, n);
        if (c->streams) program_stream(c, node, n);
    }
}

/* Rows with a missing input. */
static void program_count(kl__program_ctx *c, size_t n, uint64_t *missing) {
    uint32_t any = 0;
    for (uint32_t i = 0; i < c->p->n_inputs; i++) {
        if (c->live[i].rough & KL__ROWS_RAW) c->live[i].rough = kl__rows_scan(c->live[i].at, n);
        any |= c->live[i].rough;
    }
    for (size_t j = 0; (any & KL__ROWS_HOLED) && j < n; j++) {
        int hole = 0;
        for (uint32_t i = 0; i < c->p->n_inputs; i++) {
            double x = kl__row_clean(c->live[i].at[j]);
            hole |= x != x;
        }
        *missing += (uint64_t)hole;
    }
}

void kl__program_expand_last(kl__program_ctx *c, uint32_t clock, size_t n) {
    for (uint32_t k = kl__program_clocks(c->p)[0]; k < c->p->n_nodes; k++)
        if (c->nodes[k].kind == &kl__expand && c->nodes[k].from == clock) {
            double *last = (double *)(void *)kl__program_states(c->p, c->memory, &c->nodes[k], c->symbols);
            const kl__live *live = &c->live[c->nodes[k].in[0]];
            if (c->coarse) last[c->first] = kl__row_clean(live->at[n - 1]);
            else
                for (size_t s = 0; s < n; s++) last[c->first + s] = kl__row_clean(live->at[s]);
        }
}

/* States of nodes with lazy operations are made anew from the rows before in[]: they depend on no others. */
static void program_again(kl__program_ctx *c, const double *const *in) {
    const kl__program *p = c->p;
    const uint32_t first = kl__program_clocks(p)[0], last = first + p->n_lazy;
    for (uint32_t k = first; k < last; k++)
        if (c->nodes[k].kind->init) c->nodes[k].kind->init(program_state(c, &c->nodes[k]), kl__program_params(p) + c->nodes[k].params);
    c->behind = 0;
    for (size_t before = KL__LAZY_BEFORE, part; before > 0; before -= part) {
        part = before < c->rows ? before : c->rows;
        for (const kl__lazy_op *op = kl__program_lazy_ops(p); op->type == KL__LAZY_INPUT; op++)
            kl__program_place_input(c, op->first, in[op->first] - before, part, 0);
        kl__program_place_values(c, 0, NULL);
        kl__program_nodes_rows(c, first, last, part);
    }
}

void kl__program_again(const kl__program *p, void *memory, const double *const *in, size_t symbols, size_t symbol) {
    if (!kl__lazy_fresh(p, program_lazy(p, memory))) return;
    double stack[PROGRAM_DOUBLES + PROGRAM_LINE / sizeof(double)];
    kl__program_ctx c = program_begin(p, memory, stack, program_buffer_rows(p, 0), symbols, symbol);
    program_again(&c, in);
}

/* Nodes of clock 0. */
static void program_nodes_lazy(kl__program_ctx *c, const double *const *in, size_t n, double *const *out, size_t at, uint64_t *missing) {
    const kl__program *p = c->p;
    const size_t behind = c->behind;
    uint32_t first = kl__program_clocks(p)[0], lazy = first + p->n_lazy;
    void *work = program_lazy(p, c->memory);
    const uint32_t known = p->lazy_alone ? 0 : kl__lazy_rows(c, work, in, n); /* inputs */
    if (known) {
        if (missing && known < p->n_inputs) program_count(c, n, missing);
        for (; first < lazy; first++)
            if (!c->nodes[first].covered) kl__program_nodes_rows(c, first, first + 1, n);
    } else {
        if (kl__lazy_fresh(p, work)) {
            program_again(c, in);
            for (uint32_t i = 0; i < p->n_inputs; i++) kl__program_place_input(c, i, in[i], n, 0);
            kl__program_place_values(c, at, out);
            c->behind = behind;
        }
        if (missing) program_count(c, n, missing);
    }
    kl__program_nodes_rows(c, first, p->n_nodes, n);
}

/* A chunk of a program of which all is lazy; returns 0 where it has to go by the nodes. */
static int program_alone(const kl__program *p, void *memory, const double *const *in, size_t n, double *const *out, size_t at, size_t behind,
                         uint64_t *missing) {
    kl__program_ctx c = {.p = p, .live = program_live(memory), .behind = behind, .tier = kl__simd_tier()};
    const uint32_t *outputs = kl__program_outputs(p);
    for (uint32_t i = 0; i < p->n_inputs; i++) c.live[i] = (kl__live){in[i], NULL, KL__ROWS_RAW, NULL};
    for (uint32_t o = 0; o < p->n_outputs; o++)
        if (outputs[o] >= p->n_inputs) c.live[outputs[o]].to = NULL;
    for (uint32_t o = p->n_outputs; o-- > 0;)
        if (out[o] && outputs[o] >= p->n_inputs + p->n_numbers) c.live[outputs[o]].to = out[o] + at;
    const uint32_t known = kl__lazy_rows(&c, program_lazy(p, memory), in, n);
    if (known && missing && known < p->n_inputs) program_count(&c, n, missing);
    if (known) kl__program_copy_outputs(&c, at, n, out);
    return known != 0;
}

static KL__APART void program_chunk(const kl__program *p, void *memory, const double *const *in, size_t n, double *const *out, size_t at,
                                    const kl__coarse *coarse, int in_place, size_t behind, size_t symbols, size_t symbol, uint64_t *missing) {
    double stack[PROGRAM_DOUBLES + PROGRAM_LINE / sizeof(double)];
    kl__program_ctx c = program_begin(p, memory, stack, program_buffer_rows(p, in_place), symbols, symbol);
    const kl__program_input *inputs = kl__program_inputs(p);
    const uint32_t *clocks = kl__program_clocks(p);
    c.coarse = coarse;
    c.behind = in_place ? 0 : behind;
    c.streams = p->n_outputs >= PROGRAM_STREAMS && at >= PROGRAM_CACHED / p->n_outputs && !p->n_lazy_ops;
    for (uint32_t i = 0; i < p->n_inputs; i++)
        kl__program_place_input(&c, i, in[i], coarse && inputs[i].clock ? coarse[inputs[i].clock].n : n, in_place);
    kl__program_place_values(&c, at, out);
    for (uint32_t clock = 1; coarse && clock < p->n_clocks; clock++)
        if (coarse[clock].n) {
            kl__program_nodes_rows(&c, clocks[clock], clocks[clock + 1], coarse[clock].n);
            if (!n) kl__program_expand_last(&c, clock, coarse[clock].n);
        }
    if (!n) return;
    if (p->n_lazy_ops) {
        program_nodes_lazy(&c, in, n, out, at, missing);
    } else {
        if (missing) program_count(&c, n, missing);
        kl__program_nodes_rows(&c, clocks[0], p->n_nodes, n);
    }
    kl__program_copy_outputs(&c, at, n, out);
    if (c.streams) kl__stream_done();
}

void kl__program_chunk(const kl__program *p, void *memory, const double *const *in, size_t n, double *const *out, size_t at,
                       const kl__coarse *coarse, int in_place, size_t behind, size_t symbols, size_t symbol, uint64_t *missing) {
    if (!p->lazy_alone || in_place) {
        program_chunk(p, memory, in, n, out, at, coarse, in_place, behind, symbols, symbol, missing);
        return;
    }
    if (program_alone(p, memory, in, n, out, at, behind, missing)) return;
    const size_t rows = program_buffer_rows(p, 0);
    const double *from[KL_INPUTS_MAX > KL_COL_COUNT ? KL_INPUTS_MAX : KL_COL_COUNT]; /* of one source */
    for (size_t done = 0, part; done < n; done += part) {
        part = n - done < rows ? n - done : rows;
        for (uint32_t i = 0; i < p->n_inputs; i++) from[i] = in[i] + done;
        program_chunk(p, memory, from, part, out, at + done, coarse, 0, behind + done, symbols, symbol, missing);
    }
}

void kl__program_rows(const kl__program *p, void *memory, const double *const *in, size_t n, double *const *out, uint64_t *missing) {
    int in_place = kl__program_in_place(p, in, n, out);
    size_t rows = kl__program_chunk_rows(p, in_place);
    const double *from[KL_INPUTS_MAX];
    for (size_t at = 0, part; at < n; at += part) {
        part = n - at < rows ? n - at : rows;
        for (uint32_t i = 0; i < p->n_inputs; i++) from[i] = in[i] + at;
        kl__program_chunk(p, memory, from, part, out, at, NULL, in_place, at, 1, 0, missing);
    }
    for (uint32_t i = 0; i < p->n_inputs; i++) from[i] = in[i] + n;
    kl__program_again(p, memory, from, 1, 0);
    kl__program_settle(p, memory, 1);
}

/* -------------------------------------------------------------------------------------------- symbols side by side --- */

/* States of symbols lie one after the other, and there may be more of them than the nearer caches hold: what comes next is fetched. */
#define PROGRAM_AHEAD 3
KL__INLINE void program_prefetch(const char *state, size_t stride) {
    for (size_t at = 0; at < stride && at < 512; at += 64) KL__PREFETCH(state + at);
}

void kl__program_node_symbols(kl__program_ctx *c, const kl__node *node, size_t n) {
    if (n > 1 && program_elementwise(c, node, n)) return;
    const kl__indicator *kind = node->kind;
    uint32_t inputs = kind->pub.n_inputs, outputs = kind->pub.n_outputs;
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    uint32_t rough[KL_INPUTS_MAX], made[KL_OUTPUTS_MAX];
    size_t stride = (size_t)node->stride;
    char *state = program_state(c, node);
    program_wire_to(c, node, to);
    if (kind == &kl__expand) {
        memcpy(to[0], state, n * sizeof(double));
        c->live[node->out].rough = kl__rows_scan(to[0], n);
        return;
    }
    uint32_t any = program_wire_from(c, node, n, from);
    if (any & KL__ROWS_RAW) any = program_look(c, node, n, KL__ROWS_RAW);
    if (stride == 0) { /* row by row, whatever a row is */
        for (uint32_t i = 0; i < inputs; i++) rough[i] = c->live[node->in[i]].rough;
        kl__kind_rows(kind, state, from, rough, n, to, made, NULL);
        for (uint32_t o = 0; o < outputs; o++) c->live[node->out + o].rough = made[o];
        return;
    }
    if (any & KL__ROWS_UNSEEN) any = program_look(c, node, n, KL__ROWS_UNSEEN);
    if (any) {
        for (size_t s = 0; s < n; s++) {
            kl__kind_row(kind, state + s * stride, from, to);
            for (uint32_t i = 0; i < inputs; i++) from[i]++;
            for (uint32_t o = 0; o < outputs; o++) to[o]++;
        }
    } else if (kind->step_many) {
        kind->step_many(state, stride, from, n, to);
    } else {
        for (size_t s = 0; s < n; s++) {
            if (s + PROGRAM_AHEAD < n) program_prefetch(state + (s + PROGRAM_AHEAD) * stride, stride);
            kind->run(state + s * stride, from, 1, to);
            for (uint32_t i = 0; i < inputs; i++) from[i]++;
            for (uint32_t o = 0; o < outputs; o++) to[o]++;
        }
    }
    for (uint32_t o = 0; o < outputs; o++) {
        double *rows = (double *)(uintptr_t)c->live[node->out + o].at; /* to[] has moved on */
        c->live[node->out + o].rough = kl__rows_finish(rows, n);
    }
}

void kl__program_step(const kl__program *p, void *memory, size_t symbols, uint32_t clock, const double *const *in, double *const *out) {
    if (p->n_panel) {
        kl__program_panel_step(p, memory, symbols, clock, in, out);
        return;
    }
    double stack[PROGRAM_STEP + PROGRAM_LINE / sizeof(double)];
    const kl__program_input *inputs = kl__program_inputs(p);
    const uint32_t *clocks = kl__program_clocks(p);
    int in_place = !clock && kl__program_in_place(p, in, symbols, out);
    size_t arrays = program_arrays(p);
    size_t rows = program_rows(in_place || arrays > PROGRAM_ARRAYS ? arrays : p->n_slots, PROGRAM_STEP, ((symbols + 7) & ~(size_t)7) | 8);
    kl__program_ctx c = program_begin(p, memory, stack, rows, symbols, 0);
    uint32_t from = clocks[clock], to = clock ? clocks[clock + 1] : p->n_nodes;
    for (size_t n; c.first < symbols; c.first += n) {
        n = symbols - c.first < rows ? symbols - c.first : rows;
        for (uint32_t i = 0; i < p->n_inputs; i++)
            if (inputs[i].clock == clock) kl__program_place_input(&c, i, in[i] + c.first, n, in_place);
        kl__program_place_values(&c, c.first, clock ? NULL : out);
        for (uint32_t k = from; k < to; k++) kl__program_node_symbols(&c, &c.nodes[k], n);
        if (clock) kl__program_expand_last(&c, clock, n);
        else kl__program_copy_outputs(&c, c.first, n, out);
    }
}
