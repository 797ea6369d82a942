/* Programs with nodes over all symbols: these see a row of every symbol before anything behind them goes on. So buffers hold all
 * symbols, behind the states: for one bar a row of symbols each, for many bars some rows of each symbol, as many as fit the cache. */
#include "indicator/program_ctx.h"
#include "indicator/kind.h"
#include "base/size.h"
#include "simd/level.h"
#include <string.h>

#define AMONG_DOUBLES 131072 /* of buffers, if that is a row of each symbol */
#define AMONG_BLOCK 8        /* rows that are turned at once */

/* Parts of the memory, in doubles: buffers, AMONG_BLOCK rows of symbols, as many of results, one of scratch. */
typedef struct among_layout {
    size_t wide, rows, buffers;
} among_layout;

static int among_lay(const kl__program *p, size_t symbols, among_layout *l) {
    size_t values, step;
    l->wide = kl__round_up(symbols, 8);
    if (kl__size_mul(p->n_slots, symbols, &values) || kl__size_mul((size_t)p->n_slots + p->n_inputs, l->wide, &step)) return 1;
    l->rows = AMONG_DOUBLES / (values ? values : 1);
    l->rows = l->rows > KL__CHUNK ? KL__CHUNK : l->rows > AMONG_BLOCK ? l->rows / AMONG_BLOCK * AMONG_BLOCK : l->rows ? l->rows : 1;
    l->buffers = values * l->rows > step ? values * l->rows : step; /* rows are more than 1 where the product is small */
    return 0;
}

int kl__program_panel_memory(const kl__program *p, size_t symbols, size_t *bytes) {
    among_layout l;
    size_t doubles, rows;
    if (among_lay(p, symbols, &l) || kl__size_mul(l.wide, 2 * AMONG_BLOCK + 1, &rows)) return 1;
    return kl__size_add(l.buffers, rows, &doubles) || kl__size_mul(doubles, sizeof(double), &doubles) || kl__size_add(*bytes, doubles, bytes);
}

size_t kl__program_panel_rows(const kl__program *p, size_t symbols) {
    among_layout l;
    return among_lay(p, symbols, &l) ? 1 : l.rows;
}

typedef struct among_ctx {
    kl__program_ctx c;
    const kl__panel *job;
    double *all;         /* buffers of the first symbol */
    double *turned, *made, *scratch;
} among_ctx;

static among_ctx among_begin(const kl__program *p, void *memory, size_t symbols, const kl__panel *job) {
    among_layout l = {0, 0, 0};
    among_ctx x = {{p, kl__program_nodes(p), kl__program_slots(p), memory, memory, NULL, 0, symbols, 0, 0, NULL, kl__simd_tier(), 0}, job, NULL, NULL, NULL, NULL};
    among_lay(p, symbols, &l); /* it fitted when the state was made */
    x.all = x.c.buffers = (double *)(void *)((char *)memory + kl__program_work(p) + (size_t)p->state_bytes * symbols);
    x.c.rows = job ? l.rows : l.wide;
    x.turned = x.all + l.buffers;
    x.made = x.turned + AMONG_BLOCK * l.wide;
    x.scratch = x.made + AMONG_BLOCK * l.wide;
    return x;
}

static void among_row(among_ctx *x, const kl__node *node, const double *from, double *to) {
    node->kind->panel(kl__program_params(x->c.p) + node->params, from, x->c.symbols, to, (size_t *)(void *)x->scratch);
    kl__rows_finish(to, x->c.symbols);
}

/* -------------------------------------------------------------------------------------------------- one bar --- */

static void among_node_step(among_ctx *x, const kl__node *node) {
    kl__live *to = &x->c.live[node->out];
    double *rows = to->to ? to->to : x->c.buffers + x->c.slots[node->out - x->c.p->n_inputs] * x->c.rows;
    among_row(x, node, x->c.live[node->in[0]].at, rows);
    to->at = rows;
    to->rough = KL__ROWS_UNSEEN;
}

void kl__program_panel_step(const kl__program *p, void *memory, size_t symbols, uint32_t clock, const double *const *in, double *const *out) {
    among_ctx x = among_begin(p, memory, symbols, NULL);
    const uint32_t *clocks = kl__program_clocks(p), from = clocks[clock], to = clock ? clocks[clock + 1] : p->n_nodes;
    const int in_place = !clock && kl__program_in_place(p, in, symbols, out);
    for (uint32_t i = 0; i < p->n_inputs; i++)
        if (kl__program_inputs(p)[i].clock == clock) kl__program_place_input(&x.c, i, in[i], symbols, in_place);
    kl__program_place_values(&x.c, 0, clock ? NULL : out);
    for (const kl__node *node = x.c.nodes + from; node < x.c.nodes + to; node++) {
        if (node->kind->panel) among_node_step(&x, node);
        else kl__program_node_symbols(&x.c, node, symbols);
    }
    if (clock) kl__program_expand_last(&x.c, clock, symbols);
    else kl__program_copy_outputs(&x.c, 0, symbols, out);
}

/* -------------------------------------------------------------------------------------------------- many bars --- */

static double *const *among_out(const among_ctx *x, size_t symbol) { return x->job->out + symbol * x->c.p->n_outputs; }

/* Turns to another symbol. */
static void among_symbol(among_ctx *x, size_t symbol) {
    const kl__program *p = x->c.p;
    const kl__panel *job = x->job;
    x->c.first = symbol;
    x->c.buffers = x->all + symbol * p->n_slots * x->c.rows;
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        const uint32_t clock = kl__program_inputs(p)[i].clock;
        kl__program_place_input(&x->c, i, job->input(job->ctx, symbol, i), clock ? job->coarse[clock].n : job->n, 0);
    }
    kl__program_place_values(&x->c, job->at, among_out(x, symbol));
}

/* The rows of a value of a symbol; `output`: the first output that it is. */
static double *among_rows(const among_ctx *x, size_t symbol, uint32_t value, uint32_t output) {
    const kl__program *p = x->c.p;
    for (uint32_t o = output; o < p->n_outputs; o++)
        if (kl__program_outputs(p)[o] == value && among_out(x, symbol)[o]) return among_out(x, symbol)[o] + x->job->at;
    return x->all + (symbol * p->n_slots + x->c.slots[value - p->n_inputs]) * x->c.rows;
}

static uint32_t among_output(const kl__program *p, uint32_t value) {
    uint32_t o = 0;
    while (o < p->n_outputs && kl__program_outputs(p)[o] != value) o++;
    return o;
}

static void among_node(among_ctx *x, const kl__node *node, size_t n) {
    const kl__program *p = x->c.p;
    const size_t symbols = x->c.symbols, wide = kl__round_up(symbols, 8);
    const uint32_t in = node->in[0], in_output = among_output(p, in), out_output = among_output(p, node->out);
    for (size_t at = 0, part; at < n; at += part) {
        part = n - at < AMONG_BLOCK ? n - at : AMONG_BLOCK;
        for (size_t s = 0; s < symbols; s++) {
            const double *from = at + (in < p->n_inputs ? x->job->input(x->job->ctx, s, in) : among_rows(x, s, in, in_output));
            for (size_t j = 0; j < part; j++) x->turned[j * wide + s] = from[j];
        }
        for (size_t j = 0; j < part; j++) among_row(x, node, x->turned + j * wide, x->made + j * wide);
        for (size_t s = 0; s < symbols; s++) {
            double *to = at + among_rows(x, s, node->out, out_output);
            for (size_t j = 0; j < part; j++) to[j] = x->made[j * wide + s];
        }
    }
}

/* Nodes [first, last) over n rows: those of each symbol on its own together, symbol after symbol. */
static void among_nodes(among_ctx *x, uint32_t first, uint32_t last, size_t n) {
    for (uint32_t end; first < last; first = end) {
        end = first + 1;
        if (x->c.nodes[first].kind->panel) {
            among_node(x, &x->c.nodes[first], n);
            continue;
        }
        while (end < last && !x->c.nodes[end].kind->panel) end++;
        for (size_t s = 0; s < x->c.symbols; s++) {
            among_symbol(x, s);
            kl__program_nodes_rows(&x->c, first, end, n);
        }
    }
}

void kl__program_panel(const kl__program *p, void *memory, size_t symbols, const kl__panel *job) {
    among_ctx x = among_begin(p, memory, symbols, job);
    const uint32_t *clocks = kl__program_clocks(p);
    x.c.coarse = job->coarse;
    for (uint32_t clock = 1; job->coarse && clock < p->n_clocks; clock++) {
        if (!job->coarse[clock].n) continue;
        among_nodes(&x, clocks[clock], clocks[clock + 1], job->coarse[clock].n);
        for (size_t s = 0; !job->n && s < symbols; s++) {
            among_symbol(&x, s);
            kl__program_expand_last(&x.c, clock, job->coarse[clock].n);
        }
    }
    if (!job->n) return;
    among_nodes(&x, clocks[0], p->n_nodes, job->n);
    for (size_t s = 0; s < symbols; s++) {
        among_symbol(&x, s);
        kl__program_copy_outputs(&x.c, job->at, job->n, among_out(&x, s));
    }
}
