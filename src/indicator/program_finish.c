/* The end of the making of a program: what no output needs goes, values are numbered anew, and each gets a buffer for as long
 * as it is needed, the one that was used last first, so that few buffers stay in the nearest cache. */
#include "indicator/program_build.h"
#include "indicator/product.h"
#include "indicator/program_lazy.h"
#include "base/endian.h"
#include "base/size.h"

/* The parts of the map. */
typedef struct finish {
    kl__build *b;
    uint32_t *fresh; /* of each old value: its new number, or KL__NO_VALUE */
    uint32_t *last;  /* of each new value: the last node that reads it, from 1; 0: none */
    uint32_t *slot;  /* of each new value */
    uint32_t *order; /* old number of each new node */
    uint32_t *free;  /* buffers that are free again */
    uint32_t n_free;
    kl__lazy_marks lazy;
} finish;

static void finish_parts(finish *f, const kl__build *b) {
    uint32_t n = b->n_values;
    f->fresh = b->map;
    f->last = f->fresh + n;
    f->slot = f->last + n;
    f->order = f->slot + n;
    f->free = f->order + n;
    f->n_free = 0;
    f->lazy = (kl__lazy_marks){b, f->fresh, f->free + n, f->free + 2 * (size_t)n};
}

static kl_status finish_map(kl__build *b, kl_error *error) {
    size_t words, bytes;
    if (kl__size_mul(b->n_values, BUILD_MAP, &words) || kl__size_mul(words, sizeof *b->map, &bytes))
        return kl__fail(error, KL_E_SIZE, 0, 0, 0, "the program is too long");
    if (words <= b->map_room) return KL_OK;
    if (b->fixed) return kl__fail(error, KL_E_SIZE, 0, 0, 0, "the formula is too long to be run without an allocator");
    uint32_t *grown = b->alloc.grow(b->alloc.ctx, b->map, b->map_room * sizeof *b->map, bytes);
    if (!grown) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the program");
    b->map = grown;
    b->map_room = words;
    return KL_OK;
}

/* Nodes come after what they read: from the last to the first, a node is needed where one of its outputs is. */
static void finish_needed(finish *f, const uint32_t *outputs, uint32_t n_outputs) {
    kl__build *b = f->b;
    for (uint32_t v = 0; v < b->n_values; v++) f->fresh[v] = KL__NO_VALUE;
    for (uint32_t o = 0; o < n_outputs; o++) f->fresh[outputs[o]] = 0;
    for (uint32_t k = b->n_nodes; k-- > 0;) {
        const kl__node *node = &b->nodes[k];
        uint32_t needed = 0;
        for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) needed |= f->fresh[node->out + o] == 0;
        for (uint32_t o = 0; needed && o < node->kind->pub.n_outputs; o++) f->fresh[node->out + o] = 0;
        for (uint32_t i = 0; needed && i < node->kind->pub.n_inputs; i++) f->fresh[node->in[i]] = 0;
    }
}

/* The product among the inputs of a product that nothing else reads; the first one if it can be. A plain number
 * comes last in a product. */
static uint32_t finish_inner(const finish *f, const kl__node *node) {
    const kl__build *b = f->b;
    for (uint32_t side = 0; side < 2; side++) {
        const kl__build_value *v = &b->values[node->in[side]];
        if (v->type != BUILD_MADE || f->last[node->in[side]] != 1 || b->nodes[v->from].clock != node->clock) continue;
        uint32_t values = kl__product_values(b->nodes[v->from].kind);
        for (uint32_t i = 0; i < values; i++)
            if (b->values[b->nodes[v->from].in[i]].type == BUILD_NUMBER) values = 0;
        if (values && values < KL__PRODUCT_MAX) return side;
    }
    return 2;
}

/* A product of a product of ... is one node; a * b has the bits of b * a. */
static void finish_products(finish *f, const uint32_t *outputs, uint32_t n_outputs) {
    kl__build *b = f->b;
    for (uint32_t v = 0; v < b->n_values; v++) f->last[v] = 0; /* here: how often a value is read */
    for (uint32_t o = 0; o < n_outputs; o++) f->last[outputs[o]] += 2;
    for (uint32_t k = 0; k < b->n_nodes; k++)
        for (uint32_t i = 0; f->fresh[b->nodes[k].out] == 0 && i < b->nodes[k].kind->pub.n_inputs; i++) f->last[b->nodes[k].in[i]]++;
    for (uint32_t k = 0; k < b->n_nodes; k++) {
        kl__node *node = &b->nodes[k];
        if (f->fresh[node->out] != 0 || kl__product_values(node->kind) != 2) continue;
        uint32_t side = finish_inner(f, node);
        if (side == 2) continue;
        uint32_t gone = node->in[side], other = node->in[1 - side];
        const kl__node *inner = &b->nodes[b->values[gone].from];
        uint32_t n = kl__product_values(inner->kind);
        for (uint32_t i = 0; i < n; i++) node->in[i] = inner->in[i];
        node->in[n] = other;
        node->kind = kl__product(n + 1);
        f->fresh[gone] = KL__NO_VALUE;
    }
}

static int finish_after(const kl__build_value *a, const kl__build_value *b) { return a->from != b->from ? a->from > b->from : a->part > b->part; }

/* Inputs by source and column. */
static void finish_inputs(finish *f) {
    kl__build *b = f->b;
    uint32_t n = 0, *list = f->free;
    for (uint32_t v = 0; v < b->n_values; v++)
        if (f->fresh[v] == 0 && b->values[v].type == BUILD_INPUT) list[n++] = v;
    for (uint32_t gap = n / 2; gap; gap /= 2)
        for (uint32_t i = gap; i < n; i++)
            for (uint32_t j = i; j >= gap && finish_after(&b->values[list[j - gap]], &b->values[list[j]]); j -= gap) {
                uint32_t moved = list[j];
                list[j] = list[j - gap];
                list[j - gap] = moved;
            }
    for (uint32_t i = 0; i < n; i++) f->fresh[list[i]] = i;
    b->made.n_inputs = n;
}

/* Nodes of a clock; lazy: those that have lazy operations, which come first, or the others. */
static void finish_clock(finish *f, uint32_t clock, int lazy) {
    kl__build *b = f->b;
    for (uint32_t k = 0; k < b->n_nodes; k++) {
        const kl__node *node = &b->nodes[k];
        if (node->clock != clock || f->fresh[node->out] == KL__NO_VALUE || kl__lazy_member(&f->lazy, node) != lazy) continue;
        f->order[b->made.n_nodes++] = k;
        b->made.lazy_alone &= (uint32_t)kl__lazy_covered(&f->lazy, node);
        for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) f->fresh[node->out + o] = b->made.n_values++;
        b->made.n_params += node->kind->pub.n_params;
        b->made.n_panel += node->kind->panel != NULL;
    }
}

static void finish_number(finish *f) {
    kl__build *b = f->b;
    kl__program *p = &b->made;
    finish_inputs(f);
    p->lazy_alone = 1;
    p->n_values = p->n_inputs;
    for (uint32_t v = 0; v < b->n_values; v++)
        if (f->fresh[v] != KL__NO_VALUE && b->values[v].type == BUILD_NUMBER) f->fresh[v] = p->n_values++;
    p->n_numbers = p->n_values - p->n_inputs;
    for (uint32_t c = 1; c < b->n_sources; c++)
        if (b->slow[c]) finish_clock(f, c, 0);
    p->n_lazy = p->n_nodes;
    finish_clock(f, 0, 1);
    p->n_lazy = p->n_nodes - p->n_lazy;
    finish_clock(f, 0, 0);
}

static uint32_t finish_take(finish *f) { return f->n_free ? f->free[--f->n_free] : f->b->made.n_slots++; }

/* Lazy rows are there before any node has run: nobody before may have the buffer of what a node after them reads. */
static uint32_t finish_take_for(finish *f, const kl__node *node, uint32_t k) {
    const int awaited = kl__lazy_member(&f->lazy, node) && f->last[f->fresh[node->out]] != k + 1;
    return awaited && kl__lazy_covered(&f->lazy, node) && kl__lazy_root(&f->lazy, node) ? f->b->made.n_slots++ : finish_take(f);
}

/* Plain numbers need a buffer where a kind wants to have rows of them. */
static int finish_is_number(const finish *f, uint32_t v) { return v >= f->b->made.n_inputs && v < f->b->made.n_inputs + f->b->made.n_numbers; }

static void finish_release(finish *f, uint32_t v, uint32_t k) {
    if (v < f->b->made.n_inputs || f->last[v] != k + 1 || f->slot[v] == KL__NO_VALUE) return;
    f->free[f->n_free++] = f->slot[v];
    f->last[v] = 0; /* an input that is there twice is given back once */
}

static void finish_slots(finish *f) {
    kl__build *b = f->b;
    for (uint32_t v = 0; v < b->made.n_values; v++) f->last[v] = 0, f->slot[v] = KL__NO_VALUE;
    for (uint32_t k = 0; k < b->made.n_nodes; k++) {
        const kl__node *node = &b->nodes[f->order[k]];
        for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++) f->last[f->fresh[node->in[i]]] = k + 1;
        for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) f->last[f->fresh[node->out + o]] = k + 1;
    }
    for (uint32_t k = 0; k < b->made.n_nodes; k++) {
        const kl__node *node = &b->nodes[f->order[k]];
        for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++) {
            uint32_t v = f->fresh[node->in[i]];
            if (!node->kind->rows && finish_is_number(f, v) && f->slot[v] == KL__NO_VALUE) f->slot[v] = finish_take(f);
        }
        for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) f->slot[f->fresh[node->out + o]] = finish_take_for(f, node, k);
        for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++) finish_release(f, f->fresh[node->in[i]], k);
        for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) finish_release(f, f->fresh[node->out + o], k);
    }
}

/* Bars before the first known value. A coarse bar that is the k-th to be closed ends k * ratio bars, behind at most ratio - 1 of one that
 * the start of the bars cuts off. */
static void finish_lookbacks(finish *f, const uint32_t *outputs, uint32_t n_outputs) {
    kl__build *b = f->b;
    for (uint32_t k = 0; k < b->n_nodes; k++) {
        const kl__node *node = &b->nodes[k];
        const kl__indicator *kind = node->kind;
        int64_t inputs[KL_INPUTS_MAX];
        double most = 0.0, bars;
        if (f->fresh[node->out] == KL__NO_VALUE) continue;
        for (uint32_t i = 0; i < kind->pub.n_inputs; i++) {
            const kl__build_value *v = &b->values[node->in[i]];
            double first = v->type == BUILD_MADE ? v->number : 0.0;
            inputs[i] = (int64_t)first;
            if (first > most) most = first;
        }
        if (kind == &kl__expand) bars = (most + 2.0) * b->slow[node->from] - 2.0;
        else if (kind->begins) bars = (double)kind->begins(b->params + node->params, inputs);
        else bars = most + (kind->lookback ? (double)kind->lookback(b->params + node->params) : 0.0);
        for (uint32_t o = 0; o < kind->pub.n_outputs; o++) b->values[node->out + o].number = bars < 0x1p53 ? bars : 0x1p53;
    }
    for (uint32_t o = 0; o < n_outputs; o++) {
        const kl__build_value *v = &b->values[outputs[o]];
        double first = v->type == BUILD_MADE ? v->number : 0.0;
        if (o == 0 || first < b->made.lookback) b->made.lookback = first;
    }
}

static kl_status finish_sizes(finish *f, kl_error *error) {
    kl__build *b = f->b;
    kl__program *p = &b->made;
    size_t states = 0, at = sizeof *p, limit = UINT32_MAX < SIZE_MAX / 4 ? UINT32_MAX : SIZE_MAX / 4;
    for (uint32_t k = 0; k < p->n_nodes; k++) {
        const kl__node *node = &b->nodes[f->order[k]];
        size_t bytes = node->kind->size ? node->kind->size(b->params + node->params) : 0;
        if (bytes > SIZE_MAX / 4 || kl__size_add(states, kl__round_up(bytes, sizeof(double)), &states) || states > SIZE_MAX / 4)
            return kl__fail(error, KL_E_SIZE, 0, 0, 0, "the states of the program are more than memory can hold");
    }
    p->state_bytes = states;
    p->n_clocks = b->n_sources;
    /* no sum wraps: there are less than 2^31 values, and size_t of 32 bits cannot have held them */
    const uint64_t parts[10][2] = {{p->n_nodes, sizeof(kl__node)}, {p->n_numbers, sizeof(double)}, {p->n_params, sizeof(double)},
                                  {p->n_outputs, sizeof(double)}, {p->n_lazy_ops, sizeof(kl__lazy_op)}, {p->n_inputs, sizeof(kl__program_input)},
                                   {p->n_outputs, sizeof(uint32_t)}, {p->n_values - p->n_inputs, sizeof(uint32_t)},
                                   {p->n_clocks + 1, sizeof(uint32_t)}, {p->n_lazy_refs, sizeof(kl__lazy_ref)}};
    uint32_t *const where[10] = {&p->nodes, &p->numbers, &p->params, &p->lookbacks, &p->lazy_ops, &p->inputs, &p->outputs, &p->slots,
                                 &p->clocks, &p->lazy_refs};
    for (int i = 0; i < 10; i++) {
        if (parts[i][0] * parts[i][1] > limit - at) return kl__fail(error, KL_E_SIZE, 0, 0, 0, "the program is too long");
        *where[i] = (uint32_t)at;
        at += (size_t)(parts[i][0] * parts[i][1]);
    }
    p->bytes = kl__round_up(at, sizeof(double));
    return KL_OK;
}

kl_status kl__build_finish(kl__build *b, uint32_t *outputs, uint32_t n_outputs, size_t *bytes, kl_error *error) {
    finish f = {.b = b};
    for (uint32_t o = 0; o < n_outputs; o++) KL__TRY(kl__build_expand(b, outputs[o], &outputs[o], error));
    KL__TRY(finish_map(b, error));
    memset(&b->made, 0, sizeof b->made);
    finish_parts(&f, b);
    finish_needed(&f, outputs, n_outputs);
    finish_products(&f, outputs, n_outputs);
    kl__lazy_mark(&f.lazy, outputs, n_outputs);
    finish_number(&f);
    kl__lazy_emit(&f.lazy, &b->made, NULL, NULL);
    b->made.lazy_alone &= (uint32_t)(b->made.n_lazy_ops > 0);
    finish_lookbacks(&f, outputs, n_outputs);
    finish_slots(&f);
    for (uint32_t v = 0; v < b->n_values; v++)
        if (f.fresh[v] != KL__NO_VALUE) f.last[f.fresh[v]] = v; /* from here on: the old number of each new value */
    b->made.n_outputs = n_outputs;
    KL__TRY(finish_sizes(&f, error));
    for (uint32_t o = 0; o < n_outputs; o++) outputs[o] = f.fresh[outputs[o]];
    *bytes = (size_t)b->made.bytes;
    return KL_OK;
}

const kl__program *kl__build_head(const kl__build *build) { return &build->made; }

/* --------------------------------------------------------------------------------------------------- writing --- */

static uint64_t finish_mix(uint64_t h, uint64_t x) {
    h = (h ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 29);
}

/* The same on every machine: names and definitions of the kinds, parameters, wiring, inputs, outputs. */
static uint64_t finish_fingerprint(const kl__program *p) {
    const kl__node *nodes = kl__program_nodes(p);
    uint64_t h = finish_mix(p->n_nodes, ((uint64_t)p->n_inputs << 32) | p->n_outputs);
    for (uint32_t i = 0; i < p->n_inputs; i++)
        h = finish_mix(h, ((uint64_t)kl__program_inputs(p)[i].source << 32) | (uint32_t)kl__program_inputs(p)[i].column);
    for (uint32_t i = 0; i < p->n_numbers; i++) h = finish_mix(h, kl__double_bits(kl__program_numbers(p)[i]));
    for (uint32_t k = 0; k < p->n_nodes; k++) {
        const kl_indicator *pub = &nodes[k].kind->pub;
        for (const char *c = pub->name; *c; c++) h = finish_mix(h, (unsigned char)*c);
        h = finish_mix(h, ((uint64_t)pub->definition << 32) | nodes[k].clock);
        for (uint32_t i = 0; i < pub->n_inputs; i++) h = finish_mix(h, nodes[k].in[i]);
        for (uint32_t i = 0; i < pub->n_params; i++) h = finish_mix(h, kl__double_bits(kl__program_params(p)[nodes[k].params + i]));
    }
    for (uint32_t o = 0; o < p->n_outputs; o++) h = finish_mix(h, kl__program_outputs(p)[o]);
    return h;
}

static void finish_write_nodes(finish *f, kl__program *p) {
    kl__build *b = f->b;
    kl__node *nodes = (kl__node *)(void *)((char *)p + p->nodes);
    double *params = (double *)(void *)((char *)p + p->params);
    uint32_t n_params = 0, *clocks = (uint32_t *)(void *)((char *)p + p->clocks);
    uint64_t state = 0;
    for (uint32_t k = 0; k < p->n_nodes; k++) {
        const kl__node *old = &b->nodes[f->order[k]];
        nodes[k] = *old;
        for (uint32_t i = 0; i < old->kind->pub.n_inputs; i++) nodes[k].in[i] = f->fresh[old->in[i]];
        for (uint32_t i = 0; i < old->kind->pub.n_inputs; i++)
            nodes[k].numbers |= (uint32_t)(nodes[k].in[i] >= p->n_inputs && nodes[k].in[i] < p->n_inputs + p->n_numbers) << i;
        nodes[k].out = f->fresh[old->out];
        nodes[k].covered = (uint32_t)kl__lazy_covered(&f->lazy, old);
        nodes[k].params = n_params;
        for (uint32_t i = 0; i < old->kind->pub.n_params; i++) params[n_params++] = b->params[old->params + i];
        nodes[k].state = state;
        nodes[k].stride = old->kind->size ? kl__round_up(old->kind->size(b->params + old->params), sizeof(double)) : 0;
        state += nodes[k].stride;
        if (old->clock) clocks[old->clock + 1] = k + 1;
    }
    for (uint32_t c = 1; c <= p->n_clocks; c++)
        if (c > 1 && clocks[c] < clocks[c - 1]) clocks[c] = clocks[c - 1];
    clocks[0] = clocks[p->n_clocks];
}

static void finish_count_readers(kl__program *p) {
    kl__program_input *inputs = (kl__program_input *)(void *)((char *)p + p->inputs);
    const kl__node *nodes = kl__program_nodes(p);
    for (uint32_t k = 0; k < p->n_nodes; k++)
        for (uint32_t i = 0; i < nodes[k].kind->pub.n_inputs; i++)
            if (nodes[k].in[i] < p->n_inputs) inputs[nodes[k].in[i]].readers++;
}

void kl__build_write(const kl__build *build, const uint32_t *outputs, uint32_t n_outputs, kl__program *p) {
    finish f = {0};
    finish_parts(&f, build);
    memset(p, 0, (size_t)build->made.bytes);
    *p = build->made;
    f.b = (kl__build *)(uintptr_t)build; /* only read */
    finish_write_nodes(&f, p);
    for (uint32_t v = 0; v < build->n_values; v++) {
        uint32_t fresh = f.fresh[v];
        const kl__build_value *value = &build->values[v];
        if (fresh == KL__NO_VALUE) continue;
        if (value->type == BUILD_INPUT)
            ((kl__program_input *)(void *)((char *)p + p->inputs))[fresh] = (kl__program_input){value->from, (int32_t)value->part, value->clock, 0};
        if (value->type == BUILD_NUMBER) ((double *)(void *)((char *)p + p->numbers))[fresh - p->n_inputs] = value->number;
    }
    finish_count_readers(p);
    for (uint32_t v = p->n_inputs; v < p->n_values; v++) ((uint32_t *)(void *)((char *)p + p->slots))[v - p->n_inputs] = f.slot[v];
    for (uint32_t o = 0; o < n_outputs; o++) {
        const kl__build_value *value = &build->values[f.last[outputs[o]]];
        ((uint32_t *)(void *)((char *)p + p->outputs))[o] = outputs[o];
        ((double *)(void *)((char *)p + p->lookbacks))[o] = value->type == BUILD_MADE ? value->number : 0.0;
    }
    kl__lazy_emit(&f.lazy, p, (kl__lazy_op *)(void *)((char *)p + p->lazy_ops), (kl__lazy_ref *)(void *)((char *)p + p->lazy_refs));
    p->fingerprint = finish_fingerprint(p);
}
