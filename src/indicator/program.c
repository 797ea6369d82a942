/* The making of programs: values, equal calls as one, plain numbers computed at once, formulas opened up, clocks. */
#include "indicator/program_build.h"
#include "indicator/kind.h"
#include "base/size.h"
#include <string.h>

static int64_t expand_lookback(const double *params) { return (void)params, 0; }
static size_t expand_size(const double *params) { return (void)params, sizeof(double); }
static void expand_init(void *state, const double *params) { (void)params, *(double *)state = kl__nan(); }
static void expand_pack(void *state, kl__snap *p) { kl__snap_f64(p, (double *)state, 1); }
static const kl_input_info expand_in[] = {{"x", "close"}};
static const kl_output_info expand_out[] = {{"x", "value of the last closed bar", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};
const kl__indicator kl__expand = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "@", .title = "value of the last closed coarser bar",
            .group = "math", .since = "0.1", .source = "own definition", .cost = "O(1) a bar", .stability = KL_EXACT,
            .n_inputs = 1, .n_outputs = 1, .inputs = expand_in, .outputs = expand_out},
    .flags = KL__RAW | KL__HIDDEN, .lookback = expand_lookback, .size = expand_size, .init = expand_init, .pack = expand_pack,
};

static kl_status build_full(const kl__build *b, kl_error *error) {
    if (b->fixed) return kl__fail(error, KL_E_SIZE, 0, 0, 0, "the formula is too long to be run without an allocator");
    return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the program");
}

/* Room for `more` items behind the n that are there. */
static kl_status build_room(kl__build *b, void **items, size_t *capacity, size_t n, size_t more, size_t item, kl_error *error) {
    if (more <= *capacity - n) return KL_OK;
    if (b->fixed || n > KL__NO_VALUE / 4) return b->fixed ? build_full(b, error) : kl__fail(error, KL_E_SIZE, 0, 0, 0, "the program is too long");
    size_t wanted = *capacity ? 2 * *capacity : 64, bytes;
    if (wanted < n + more) wanted = n + more;
    if (kl__size_mul(wanted, item, &bytes)) return build_full(b, error);
    void *moved = b->alloc.grow(b->alloc.ctx, *items, *capacity * item, bytes);
    if (!moved) return build_full(b, error);
    *items = moved;
    *capacity = wanted;
    return KL_OK;
}

#define BUILD_ROOM(b, items, n, more, error)                                                                      \
    do {                                                                                                          \
        void *build_room_items = (b)->items;                                                                      \
        kl_status build_room_status =                                                                             \
            build_room(b, &build_room_items, &(b)->items##_room, n, more, sizeof *(b)->items, error);             \
        (b)->items = build_room_items;                                                                            \
        if (build_room_status < 0) return build_room_status;                                                      \
    } while (0)

kl_status kl__build_new(const kl_alloc *alloc, kl__build **build, kl_error *error) {
    if (!alloc) alloc = kl_alloc_libc();
    kl__build *b = alloc->take(alloc->ctx, sizeof *b);
    if (!b) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the program");
    memset(b, 0, sizeof *b);
    b->alloc = *alloc;
    b->n_sources = 1;
    *build = b;
    return KL_OK;
}

static void build_give(kl__build *b, void *items, size_t capacity, size_t item) {
    if (items) b->alloc.give(b->alloc.ctx, items, capacity * item);
}

void kl__build_free(kl__build *b) {
    if (!b || b->fixed) return;
    build_give(b, b->values, b->values_room, sizeof *b->values);
    build_give(b, b->ranges, b->ranges_room, sizeof *b->ranges);
    build_give(b, b->nodes, b->nodes_room, sizeof *b->nodes);
    build_give(b, b->params, b->params_room, sizeof *b->params);
    build_give(b, b->slow, b->slow_room, sizeof *b->slow);
    build_give(b, b->table, b->table_room, sizeof *b->table);
    build_give(b, b->map, b->map_room, sizeof *b->map);
    kl_alloc alloc = b->alloc;
    alloc.give(alloc.ctx, b, sizeof *b);
}

/* For each node: its own room, one and a half values with their map, one and a half parameters. */
kl_status kl__build_in(void *memory, size_t bytes, kl__build **build, kl_error *error) {
    char *at = memory;
    const size_t part = 2 * sizeof(kl__node) + 3 * sizeof(kl__build_value) + 3 * sizeof(double) + 3 * BUILD_MAP * sizeof(uint32_t);
    const size_t fixed = sizeof(kl__build) + BUILD_FIXED_TABLE * sizeof(uint32_t) + BUILD_FIXED_SOURCES * sizeof(uint32_t);
    if ((uintptr_t)memory % sizeof(double) || bytes < fixed + part) return kl__fail(error, KL_E_SIZE, 0, 0, 0, "too little memory for a program");
    size_t pairs = (bytes - fixed) / part;
    kl__build *b = memory;
    memset(b, 0, sizeof *b);
    at += sizeof *b;
    b->fixed = 1;
    b->nodes = (void *)at, b->nodes_room = 2 * pairs, at += b->nodes_room * sizeof *b->nodes;
    b->values = (void *)at, b->values_room = 3 * pairs, at += b->values_room * sizeof *b->values;
    b->params = (void *)at, b->params_room = 3 * pairs, at += b->params_room * sizeof *b->params;
    b->table = (void *)at, b->table_room = BUILD_FIXED_TABLE, at += BUILD_FIXED_TABLE * sizeof *b->table;
    b->slow = (void *)at, b->slow_room = BUILD_FIXED_SOURCES, at += BUILD_FIXED_SOURCES * sizeof *b->slow;
    b->map = (void *)at, b->map_room = 3 * BUILD_MAP * pairs;
    memset(b->table, 0, BUILD_FIXED_TABLE * sizeof *b->table);
    b->n_sources = 1;
    b->slow[0] = 0;
    *build = b;
    return KL_OK;
}

uint32_t *kl__build_level(kl__build *b) { return &b->level; }

kl_status kl__build_source(kl__build *b, int slow, uint32_t *source) {
    BUILD_ROOM(b, slow, 0, b->n_sources + 1, NULL);
    b->slow[0] = 0;
    b->slow[b->n_sources] = slow != 0;
    *source = b->n_sources++;
    return KL_OK;
}

/* ---------------------------------------------------------------------------------------------- equal is one --- */

static uint64_t build_mix(uint64_t h, uint64_t x) {
    h = (h ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 29);
}

static uint64_t build_hash_value(const kl__build_value *v) {
    uint64_t h = build_mix(v->type, kl__double_bits(v->number));
    return build_mix(h, ((uint64_t)v->from << 32) | v->part);
}

static uint64_t build_hash_node(const kl__build *b, const kl__node *node, const double *params) {
    const kl_indicator *pub = &node->kind->pub;
    uint64_t h = build_mix(node->clock, (uint64_t)(uintptr_t)node->kind);
    for (uint32_t i = 0; i < pub->n_inputs; i++) h = build_mix(h, node->in[i]);
    for (uint32_t i = 0; i < pub->n_params; i++) h = build_mix(h, kl__double_bits(params[i]));
    return (void)b, h;
}

/* Entries of the table: 0 none, else 2 * value + 1 or 2 * node + 2. */
static uint64_t build_hash_entry(const kl__build *b, uint32_t entry) {
    uint32_t at = (entry - 1) / 2;
    if (entry & 1) return build_hash_value(&b->values[at]);
    return build_hash_node(b, &b->nodes[at], b->params + b->nodes[at].params);
}

static void build_table_put(kl__build *b, uint64_t hash, uint32_t entry) {
    size_t mask = b->table_room - 1, at = (size_t)(hash >> 7) & mask;
    while (b->table[at]) at = (at + 1) & mask;
    b->table[at] = entry;
    b->n_table++;
}

static kl_status build_table_room(kl__build *b, kl_error *error) {
    if (2 * (b->n_table + 1) <= b->table_room) return KL_OK;
    if (b->fixed) return b->n_table + 1 < b->table_room ? KL_OK : build_full(b, error);
    size_t wanted = b->table_room ? 2 * b->table_room : 256, old = b->table_room;
    uint32_t *fresh = b->alloc.take(b->alloc.ctx, wanted * sizeof *fresh), *entries = b->table;
    if (!fresh) return build_full(b, error);
    memset(fresh, 0, wanted * sizeof *fresh);
    b->table = fresh;
    b->table_room = wanted;
    b->n_table = 0;
    for (size_t i = 0; i < old; i++)
        if (entries[i]) build_table_put(b, build_hash_entry(b, entries[i]), entries[i]);
    build_give(b, entries, old, sizeof *entries);
    return KL_OK;
}

/* A value at the end of the list. Ranges are told of plans only. */
static kl_status build_push(kl__build *b, const kl__build_value *value, const kl__bounds *range, kl_error *error) {
    BUILD_ROOM(b, values, b->n_values, 1, error);
    if (!b->fixed) {
        BUILD_ROOM(b, ranges, b->n_values, 1, error);
        b->ranges[b->n_values] = *range;
    }
    b->values[b->n_values++] = *value;
    return KL_OK;
}

static kl_status build_value(kl__build *b, const kl__build_value *wanted, uint32_t *value) {
    uint64_t hash = build_hash_value(wanted);
    for (size_t at = (size_t)(hash >> 7); b->table_room && b->table[at & (b->table_room - 1)]; at++) {
        uint32_t entry = b->table[at & (b->table_room - 1)];
        const kl__build_value *have = &b->values[(entry - 1) / 2];
        if ((entry & 1) && have->type == wanted->type && have->from == wanted->from && have->part == wanted->part &&
            kl__double_bits(have->number) == kl__double_bits(wanted->number)) {
            *value = (entry - 1) / 2;
            return KL_OK;
        }
    }
    const kl__bounds range = {wanted->type == BUILD_NUMBER ? wanted->number : -HUGE_VAL, wanted->type == BUILD_NUMBER ? wanted->number : HUGE_VAL};
    KL__TRY(build_table_room(b, NULL));
    KL__TRY(build_push(b, wanted, &range, NULL));
    *value = b->n_values - 1;
    build_table_put(b, hash, 2 * *value + 1);
    return KL_OK;
}

void kl__build_ratio(kl__build *b, uint32_t source, double bars) {
    if (source && source < b->n_sources && b->slow[source]) b->slow[source] = bars >= 1.0 && bars <= 1e9 ? (uint32_t)bars : 1;
}

kl_status kl__build_input(kl__build *b, uint32_t source, int32_t column, uint32_t *value) {
    if (source >= b->n_sources) return KL_E_ARG;
    return build_value(b, &(kl__build_value){0.0, BUILD_INPUT, source, (uint32_t)column, source && b->slow[source] ? source : 0}, value);
}

kl_status kl__build_number(kl__build *b, double x, uint32_t *value) {
    x = kl__row_clean(x);
    return build_value(b, &(kl__build_value){x == x ? x : kl__nan(), BUILD_NUMBER, 0, 0, 0}, value);
}

int kl__build_is_number(const kl__build *b, uint32_t value, double *x) {
    if (b->values[value].type != BUILD_NUMBER) return 0;
    if (x) *x = b->values[value].number;
    return 1;
}

/* ----------------------------------------------------------------------------------------------------- calls --- */

static int build_same(const kl__build *b, const kl__node *have, const kl__node *node, const double *params) {
    const kl_indicator *pub = &node->kind->pub;
    if (have->kind != node->kind || have->clock != node->clock) return 0;
    for (uint32_t i = 0; i < pub->n_inputs; i++)
        if (have->in[i] != node->in[i]) return 0;
    for (uint32_t i = 0; i < pub->n_params; i++)
        if (kl__double_bits(b->params[have->params + i]) != kl__double_bits(params[i])) return 0;
    return 1;
}

static kl_status build_node(kl__build *b, kl__node *node, const double *params, uint32_t *out, kl_error *error) {
    const kl_indicator *pub = &node->kind->pub;
    uint64_t hash = build_hash_node(b, node, params);
    for (size_t at = (size_t)(hash >> 7); b->table_room && b->table[at & (b->table_room - 1)]; at++) {
        uint32_t entry = b->table[at & (b->table_room - 1)];
        if ((entry & 1) || !build_same(b, &b->nodes[(entry - 1) / 2], node, params)) continue;
        for (uint32_t o = 0; o < pub->n_outputs; o++) out[o] = b->nodes[(entry - 1) / 2].out + o;
        return KL_OK;
    }
    KL__TRY(build_table_room(b, error));
    BUILD_ROOM(b, nodes, b->n_nodes, 1, error);
    BUILD_ROOM(b, params, b->n_params, pub->n_params + 1, error); /* room that can be pointed to, even for none */
    node->out = b->n_values;
    node->params = b->n_params;
    for (uint32_t o = 0; o < pub->n_outputs; o++) {
        const kl__bounds range = {pub->outputs[o].min, pub->outputs[o].max};
        out[o] = b->n_values;
        KL__TRY(build_push(b, &(kl__build_value){0.0, BUILD_MADE, b->n_nodes, o, node->clock}, &range, error));
    }
    for (uint32_t i = 0; i < pub->n_params; i++) b->params[b->n_params++] = params[i];
    b->nodes[b->n_nodes] = *node;
    build_table_put(b, hash, 2 * b->n_nodes + 2);
    b->n_nodes++;
    return KL_OK;
}

kl_status kl__build_expand(kl__build *b, uint32_t value, uint32_t *out, kl_error *error) {
    kl__node node = {.kind = &kl__expand};
    *out = value;
    if (b->values[value].clock == 0) return KL_OK;
    node.in[0] = value;
    node.from = b->values[value].clock;
    return build_node(b, &node, NULL, out, error);
}

/* All inputs are plain numbers: the row is computed here. */
static kl_status build_fold(kl__build *b, const kl__indicator *kind, const double *params, const uint32_t *in, uint32_t *out, kl_error *error) {
    double x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX], state[BUILD_FOLD_STATE];
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    if (kind->size && kind->size(params) > sizeof state) return kl__fail(error, KL_E_STATE, 0, 0, 0, "%s is not elementwise", kind->pub.name);
    if (kind->init) kind->init(state, params);
    for (uint32_t i = 0; i < kind->pub.n_inputs; i++) x[i] = b->values[in[i]].number, from[i] = &x[i];
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) to[o] = &y[o];
    kl__kind_row(kind, state, from, to);
    for (uint32_t o = 0; o < kind->pub.n_outputs; o++) KL__TRY(kl__build_number(b, y[o], &out[o]));
    return KL_OK;
}

static kl_status build_formula(kl__build *b, const kl_indicator *pub, const double *params, const uint32_t *in, uint32_t *out, kl_error *error) {
    if (b->depth == KL__FORMULA_DEPTH) return kl__fail(error, KL_E_STATE, 0, 0, 0, "%s: a formula within itself", pub->name);
    b->depth++;
    kl_status status = kl__formula_build(b, pub, params, in, out, error);
    b->depth--;
    for (uint32_t o = 0; !b->fixed && status >= 0 && o < pub->n_outputs; o++) { /* what the formula promises of its outputs */
        kl__bounds *range = &b->ranges[out[o]];
        if (b->values[out[o]].type != BUILD_MADE) continue;
        if (pub->outputs[o].min > range->min) range->min = pub->outputs[o].min;
        if (pub->outputs[o].max < range->max) range->max = pub->outputs[o].max;
    }
    return status;
}

void kl__build_range(const kl__build *b, uint32_t value, double *min, double *max) { *min = b->ranges[value].min, *max = b->ranges[value].max; }

kl_status kl__build_call(kl__build *b, const kl_indicator *pub, const double *params, const uint32_t *in, uint32_t *out, kl_error *error) {
    const kl__indicator *kind = (const kl__indicator *)(const void *)pub;
    kl__node node = {.kind = kind};
    uint32_t numbers = 0, series = 0, clock = 0, mixed = 0;
    for (uint32_t i = 0; i < pub->n_inputs; i++) {
        const kl__build_value *v = &b->values[in[i]];
        if (v->type == BUILD_NUMBER) {
            numbers++;
        } else {
            if (series++ == 0) clock = v->clock;
            mixed |= v->clock != clock;
        }
    }
    if (kind == &kl__ind_if && b->values[in[0]].type == BUILD_NUMBER) { /* which of the two is known from the start: that one alone */
        double c = b->values[in[0]].number;
        if (c != c) return kl__build_number(b, c, out);
        *out = in[c != 0.0 ? 1 : 2];
        return KL_OK;
    }
    if (mixed) clock = 0;
    for (uint32_t i = 0; i < pub->n_inputs; i++) {
        node.in[i] = in[i];
        if (mixed) KL__TRY(kl__build_expand(b, in[i], &node.in[i], error));
    }
    if (pub->formula) return build_formula(b, pub, params, node.in, out, error); /* as a kernel would see it: in one clock */
    if (numbers && !series && !(kind->flags & KL__ELEMENTWISE))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "%s: input %s has to be a series, not a plain number", pub->name, pub->inputs[0].name);
    if (numbers && !series) return build_fold(b, kind, params, in, out, error);
    node.clock = clock;
    return build_node(b, &node, params, out, error);
}
