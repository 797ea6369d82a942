/* What of a program can be lazy, and its operations: see program_lazy.h. */
#include "base/fp.h"
#include "indicator/product.h"
#include "indicator/program_build.h"
#include "indicator/program_lazy.h"

/* The word of a value: its class, how deep it is made, rows before its own that it is made of, a power of two that its magnitude
 * does not reach, and, of a sum, its terms. */
enum { LAZY_NONE = 0, LAZY_ROWS = 1, LAZY_BITS = 2, LAZY_SUM = 3 };
#define LAZY_DEPTH_MAX 40
#define LAZY_POWER_INPUT 900
#define LAZY_POWER_MAX 990
#define LAZY_SUM_POWER 30 /* of the weights */
#define LAZY_TERMS 12
#define LAZY_REACH_MAX (KL__LAZY_BEFORE - 1)
/* who reads a value, and what its node is therefore */
#define LAZY_SEEN UINT32_C(0x10000000)  /* read by an output or a node that runs as ever */
#define LAZY_ASKED UINT32_C(0x20000000) /* by an operation */
#define LAZY_ROOT UINT32_C(0x40000000)  /* its rows are written from bits */
#define LAZY_PLAIN UINT32_C(0x80000000) /* its node runs as ever */

typedef struct lazy_word {
    uint32_t type, depth, reach, power, terms;
} lazy_word;

static uint32_t lazy_pack(lazy_word w) {
    if (w.depth > LAZY_DEPTH_MAX || w.reach > LAZY_REACH_MAX || w.terms > LAZY_TERMS) return LAZY_NONE;
    if (w.power > (w.type == LAZY_SUM ? LAZY_SUM_POWER : LAZY_POWER_MAX)) return LAZY_NONE;
    return w.type | w.depth << 2 | w.reach << 8 | w.power << 14 | w.terms << 24;
}
static lazy_word lazy_unpack(uint32_t word) {
    return (lazy_word){word & 3, word >> 2 & 63, word >> 8 & 63, word >> 14 & 1023, word >> 24 & 15};
}
static uint32_t lazy_type(uint32_t word) { return word & 3; }

static const double *lazy_number(const kl__lazy_marks *m, uint32_t value) {
    const kl__build_value *v = &m->b->values[value];
    return v->type == BUILD_NUMBER ? &v->number : NULL;
}
/* A weight of a sum of which every result is exact. */
static int lazy_whole(double x) { return fabs(x) <= 0x1p20 && (double)(int32_t)x == x; }
/* A power of two that |x| does not reach; 1000 where there is none. */
static uint32_t lazy_power(double x) {
    int power;
    if (!(fabs(x) < 0x1p900)) return 1000;
    frexp(x, &power);
    return power > 0 ? (uint32_t)power : 0;
}

/* What several inputs have in common; plain numbers are of every class. Returns the class, or LAZY_NONE where they differ. */
static uint32_t lazy_common(const kl__lazy_marks *m, const kl__node *node, uint32_t n, lazy_word *all) {
    *all = (lazy_word){LAZY_NONE, 0, 0, 0, 0};
    for (uint32_t i = 0; i < n; i++) {
        const double *number = lazy_number(m, node->in[i]);
        const lazy_word w = number ? (lazy_word){LAZY_NONE, 0, 0, lazy_power(*number), 1} : lazy_unpack(m->words[node->in[i]]);
        if (!number && w.type == LAZY_NONE) return LAZY_NONE;
        if (!number && all->type != LAZY_NONE && w.type != all->type) {
            if (w.type == LAZY_ROWS || all->type == LAZY_ROWS) return LAZY_NONE;
            all->type = LAZY_SUM;
        } else if (!number) {
            all->type = w.type;
        }
        if (w.depth > all->depth) all->depth = w.depth;
        if (w.reach > all->reach) all->reach = w.reach;
        if (w.power > all->power) all->power = w.power;
        all->terms += number ? 0 : w.type == LAZY_BITS ? 1 : w.terms;
    }
    all->depth++;
    return all->type;
}

static int lazy_has_number(const kl__lazy_marks *m, const kl__node *node) {
    for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++)
        if (lazy_number(m, node->in[i])) return 1;
    return 0;
}
static int lazy_numbers_whole(const kl__lazy_marks *m, const kl__node *node) {
    for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++) {
        const double *number = lazy_number(m, node->in[i]);
        if (number && !lazy_whole(*number)) return 0;
    }
    return 1;
}

/* `which` of these comparisons a kind is, or -1; *flip: its sides change places, *negate: it is the other one. */
static int lazy_compare(const kl__indicator *kind, int *flip, int *negate) {
    *flip = kind == &kl__ind_gt || kind == &kl__ind_ge;
    *negate = kind == &kl__ind_ne;
    if (kind == &kl__ind_lt || kind == &kl__ind_gt) return KL__LAZY_LT;
    if (kind == &kl__ind_le || kind == &kl__ind_ge) return KL__LAZY_LE;
    return kind == &kl__ind_eq || kind == &kl__ind_ne ? KL__LAZY_EQ : -1;
}
/* 1 - x */
static int lazy_is_not(const kl__lazy_marks *m, const kl__node *node) {
    const double *one = node->kind == &kl__ind_sub ? lazy_number(m, node->in[0]) : NULL;
    return node->kind == &kl__ind_not || (one && *one == 1.0 && lazy_type(m->words[node->in[1]]) == LAZY_BITS);
}

/* Sums and differences, of rows or of conditions with weights. */
static uint32_t lazy_mark_sum(const kl__lazy_marks *m, const kl__node *node) {
    lazy_word w;
    const uint32_t type = lazy_common(m, node, node->kind->pub.n_inputs, &w);
    if (type == LAZY_NONE || (type != LAZY_ROWS && !lazy_numbers_whole(m, node))) return LAZY_NONE;
    if (type != LAZY_ROWS) w.type = LAZY_SUM;
    w.power++;
    return lazy_pack(w);
}

static uint32_t lazy_mark_product(const kl__lazy_marks *m, const kl__node *node, uint32_t n) {
    lazy_word w;
    const uint32_t type = lazy_common(m, node, n, &w);
    const int number = lazy_has_number(m, node);
    if (type == LAZY_BITS && !number) return lazy_pack((w.power = 0, w.terms = 0, w));
    if (type == LAZY_NONE || !number) return LAZY_NONE;
    if (type == LAZY_ROWS ? n != 2 : !lazy_numbers_whole(m, node) || (n != 2 && type != LAZY_BITS)) return LAZY_NONE;
    if (type == LAZY_BITS) w.type = LAZY_SUM, w.terms = 1;
    w.power = 1;
    for (uint32_t i = 0; i < n; i++) { /* powers of a product add up */
        const double *x = lazy_number(m, node->in[i]);
        w.power += x ? lazy_power(*x) : lazy_unpack(m->words[node->in[i]]).power;
    }
    return lazy_pack(w);
}

static uint32_t lazy_mark_quotient(const kl__lazy_marks *m, const kl__node *node) {
    const double *by = lazy_number(m, node->in[1]);
    lazy_word w = lazy_unpack(m->words[node->in[0]]);
    if (lazy_number(m, node->in[0]) || w.type != LAZY_ROWS || !by || !(fabs(*by) > 0x1p-80) || !(fabs(*by) < 0x1p900)) return LAZY_NONE;
    w.depth++;
    w.power += lazy_power(1.0 / *by) + 1;
    return lazy_pack(w);
}

static uint32_t lazy_mark_either(const kl__lazy_marks *m, const kl__node *node) {
    lazy_word w;
    const uint32_t type = lazy_common(m, node, 2, &w);
    const int rows = node->kind == &kl__ind_min2 || node->kind == &kl__ind_max2;
    return (type == LAZY_ROWS && rows) || (type == LAZY_BITS && !lazy_has_number(m, node)) ? lazy_pack(w) : LAZY_NONE;
}

static uint32_t lazy_mark_past(const kl__lazy_marks *m, const kl__node *node, int window) {
    const double *params = m->b->params + node->params;
    lazy_word w = lazy_unpack(m->words[node->in[0]]);
    if (!(params[0] <= LAZY_REACH_MAX) || (window && params[1] != 0.0)) return LAZY_NONE;
    if (w.type != LAZY_ROWS && (window || w.type != LAZY_BITS)) return LAZY_NONE;
    w.reach += (uint32_t)params[0] - (window ? 1 : 0);
    w.depth += window != 0;
    w.power += window ? 3 : 0; /* sums within it are greater than the mean */
    return w.reach <= LAZY_REACH_MAX ? lazy_pack(w) : LAZY_NONE;
}

static uint32_t lazy_mark_node(const kl__lazy_marks *m, const kl__node *node) {
    const kl__indicator *kind = node->kind;
    const uint32_t product = kl__product_values(kind);
    lazy_word w;
    int flip, negate;
    if (node->clock) return LAZY_NONE;
    if (product) return lazy_mark_product(m, node, product);
    if (kind == &kl__ind_lag) return lazy_mark_past(m, node, 0);
    if (kind == &kl__ind_mean) return lazy_mark_past(m, node, 1);
    if (kind == &kl__ind_div) return lazy_mark_quotient(m, node);
    if (kind == &kl__ind_min2 || kind == &kl__ind_max2 || kind == &kl__ind_and || kind == &kl__ind_or) return lazy_mark_either(m, node);
    if (lazy_is_not(m, node)) {
        w = lazy_unpack(m->words[node->in[kind == &kl__ind_sub]]);
        return w.type == LAZY_BITS ? lazy_pack(w) : LAZY_NONE;
    }
    if (kind == &kl__ind_add || kind == &kl__ind_sub || kind == &kl__ind_neg) return lazy_mark_sum(m, node);
    if (kind == &kl__ind_abs) return lazy_common(m, node, 1, &w) == LAZY_ROWS ? lazy_pack(w) : LAZY_NONE;
    if (lazy_compare(kind, &flip, &negate) < 0 || lazy_common(m, node, 2, &w) != LAZY_ROWS || w.power >= 1000) return LAZY_NONE;
    w.type = LAZY_BITS, w.power = 0;
    return lazy_pack(w);
}

/* Worth it: what is made of conditions, not a single one. */
static int lazy_worth(const kl__lazy_marks *m, const kl__node *node) {
    const uint32_t type = lazy_type(m->words[node->out]);
    int flip, negate;
    if (type == LAZY_SUM) return 1;
    return type == LAZY_BITS && lazy_compare(node->kind, &flip, &negate) < 0 && node->kind != &kl__ind_lag && !lazy_is_not(m, node);
}

void kl__lazy_mark(const kl__lazy_marks *m, const uint32_t *outputs, uint32_t n_outputs) {
    const kl__build *b = m->b;
    for (uint32_t v = 0; v < b->n_values; v++) {
        const kl__build_value *value = &b->values[v];
        const int input = value->type == BUILD_INPUT && value->clock == 0 && value->part != KL_COL_TIME;
        m->words[v] = input ? lazy_pack((lazy_word){LAZY_ROWS, 0, 0, LAZY_POWER_INPUT, 0}) : LAZY_NONE;
    }
    if (b->n_sources > 1) return; /* coarser bars: as ever */
    for (uint32_t k = 0; k < b->n_nodes; k++) {
        const kl__node *node = &b->nodes[k];
        if (node->kind->panel && m->fresh[node->out] == 0) {
            for (uint32_t v = 0; v < b->n_values; v++) m->words[v] = LAZY_NONE;
            return;
        }
    }
    for (uint32_t k = 0; k < b->n_nodes; k++)
        if (m->fresh[b->nodes[k].out] == 0 && b->nodes[k].kind->pub.n_outputs == 1) m->words[b->nodes[k].out] = lazy_mark_node(m, &b->nodes[k]);
    for (uint32_t o = 0; o < n_outputs; o++) m->words[outputs[o]] |= LAZY_SEEN;
    for (uint32_t k = b->n_nodes; k-- > 0;) {
        const kl__node *node = &b->nodes[k];
        uint32_t *word = &m->words[node->out], seen = 0, to = 0;
        if (m->fresh[node->out] != 0) continue;
        for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) seen |= m->words[node->out + o] & LAZY_SEEN;
        if (seen && lazy_worth(m, node)) *word |= LAZY_ROOT, to |= LAZY_ASKED;
        else if (seen) *word |= LAZY_PLAIN, to |= LAZY_SEEN;
        if (*word & LAZY_ASKED) to |= LAZY_ASKED;
        for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++) m->words[node->in[i]] |= to;
    }
}

int kl__lazy_member(const kl__lazy_marks *m, const kl__node *node) { return (m->words[node->out] & (LAZY_ASKED | LAZY_ROOT)) != 0; }
int kl__lazy_root(const kl__lazy_marks *m, const kl__node *node) { return (m->words[node->out] & LAZY_ROOT) != 0; }
int kl__lazy_covered(const kl__lazy_marks *m, const kl__node *node) {
    return kl__lazy_member(m, node) && !(m->words[node->out] & LAZY_PLAIN);
}

/* ------------------------------------------------------------------------------------------------- operations --- */

typedef struct lazy_emit {
    const kl__lazy_marks *m;
    kl__program *p;
    kl__lazy_op *ops; /* NULL: counting */
    kl__lazy_ref *refs;
} lazy_emit;

static const kl__node *lazy_node(const lazy_emit *e, uint32_t value) { return &e->m->b->nodes[e->m->b->values[value].from]; }

/* A value, through what only shifts and negates it. */
static kl__lazy_ref lazy_ref(const lazy_emit *e, uint32_t value) {
    const kl__build *b = e->m->b;
    kl__lazy_ref ref = {0, 0, 0, 0};
    if (b->values[value].type == BUILD_NUMBER) {
        ref.of = KL__LAZY_NUMBER | (e->m->fresh[value] - e->p->n_inputs);
        return ref;
    }
    while (b->values[value].type == BUILD_MADE) {
        const kl__node *node = lazy_node(e, value);
        int flip, negate;
        if (node->kind == &kl__ind_lag) {
            ref.lag = (uint16_t)(ref.lag + (uint16_t)b->params[node->params]);
            value = node->in[0];
        } else if (lazy_is_not(e->m, node)) {
            ref.negated ^= 1;
            value = node->in[node->kind == &kl__ind_sub];
        } else {
            if (lazy_compare(node->kind, &flip, &negate) >= 0) ref.negated ^= (uint16_t)negate;
            break;
        }
    }
    ref.of = e->m->ops[value];
    return ref;
}

static void lazy_put_ref(lazy_emit *e, kl__lazy_ref ref) {
    if (e->ops) e->refs[e->p->n_lazy_refs] = ref;
    e->p->n_lazy_refs++;
}

static uint32_t lazy_put(lazy_emit *e, kl__lazy_op op) {
    const int rows = op.type == KL__LAZY_ROWS || op.type == KL__LAZY_WINDOW, bits = op.type >= KL__LAZY_LT && op.type <= KL__LAZY_ANY;
    op.n = op.type == KL__LAZY_INPUT ? 0 : e->p->n_lazy_refs - op.first;
    op.place = rows ? e->p->n_lazy_rows++ : bits ? e->p->n_lazy_bits++ : 0;
    op.cost = op.type == KL__LAZY_WINDOW ? 8 : op.type == KL__LAZY_INPUT ? 0 : 1;
    if (e->ops) {
        for (uint32_t i = 0; i < op.n; i++) {
            const uint32_t of = e->refs[op.first + i].of;
            if (!(of & KL__LAZY_NUMBER) && op.cost < 1000000) op.cost += e->ops[of].cost;
        }
        e->ops[e->p->n_lazy_ops] = op;
    }
    return e->p->n_lazy_ops++;
}

/* What costs the least is asked first. */
static void lazy_sort(lazy_emit *e, uint32_t first, uint32_t n) {
    for (uint32_t i = 1; e->ops && i < n; i++)
        for (uint32_t j = first + i; j > first && e->ops[e->refs[j].of].cost < e->ops[e->refs[j - 1].of].cost; j--) {
            const kl__lazy_ref moved = e->refs[j];
            e->refs[j] = e->refs[j - 1];
            e->refs[j - 1] = moved;
        }
}

/* All conditions among the inputs of a node. */
static uint32_t lazy_put_all(lazy_emit *e, const kl__node *node, uint32_t type) {
    const uint32_t first = e->p->n_lazy_refs;
    for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++)
        if (!lazy_number(e->m, node->in[i])) lazy_put_ref(e, lazy_ref(e, node->in[i]));
    lazy_sort(e, first, e->p->n_lazy_refs - first);
    return lazy_put(e, (kl__lazy_op){.type = type, .first = first});
}

typedef struct lazy_terms {
    kl__lazy_ref refs[LAZY_TERMS];
    uint32_t n;
    int64_t constant;
} lazy_terms;

static void lazy_term(lazy_terms *t, kl__lazy_ref ref, double weight) {
    if (ref.negated) t->constant += (int64_t)weight, weight = -weight, ref.negated = 0;
    ref.weight = (int32_t)weight;
    t->refs[t->n++] = ref;
}

/* weight * value. No deeper than LAZY_DEPTH_MAX. */
static void lazy_collect(lazy_emit *e, lazy_terms *t, uint32_t value, double weight) {
    const double *number = lazy_number(e->m, value);
    if (number) {
        t->constant += (int64_t)(weight * *number);
        return;
    }
    if (lazy_type(e->m->words[value]) == LAZY_BITS) {
        lazy_term(t, lazy_ref(e, value), weight);
        return;
    }
    const kl__node *node = lazy_node(e, value);
    const uint32_t product = kl__product_values(node->kind);
    if (product) {
        uint32_t others = 0, other = 0;
        for (uint32_t i = 0; i < product; i++) {
            number = lazy_number(e->m, node->in[i]);
            if (number) weight *= *number;
            else other = node->in[i], others++;
        }
        if (others == 1) lazy_collect(e, t, other, weight);
        else lazy_term(t, (kl__lazy_ref){lazy_put_all(e, node, KL__LAZY_ALL), 0, 0, 0}, weight);
        return;
    }
    lazy_collect(e, t, node->in[0], node->kind == &kl__ind_neg ? -weight : weight);
    if (node->kind != &kl__ind_neg) lazy_collect(e, t, node->in[1], node->kind == &kl__ind_sub ? -weight : weight);
}

static void lazy_put_root(lazy_emit *e, uint32_t value) {
    lazy_terms t = {.n = 0, .constant = 0};
    lazy_collect(e, &t, value, 1.0);
    const uint32_t first = e->p->n_lazy_refs;
    for (uint32_t i = 0; i < t.n; i++) lazy_put_ref(e, t.refs[i]);
    lazy_put(e, (kl__lazy_op){.type = KL__LAZY_SUM, .first = first, .value = e->m->fresh[value], .constant = (int32_t)t.constant});
}

static void lazy_put_node(lazy_emit *e, const kl__node *node) {
    const uint32_t type = lazy_type(e->m->words[node->out]), first = e->p->n_lazy_refs;
    kl__lazy_op op = {.kind = node->kind, .type = KL__LAZY_ROWS, .first = first};
    int flip, negate, compare = lazy_compare(node->kind, &flip, &negate);
    if (node->kind == &kl__ind_lag || type == LAZY_SUM || (type == LAZY_BITS && lazy_is_not(e->m, node))) return;
    if (type == LAZY_BITS && compare < 0) {
        const int any = node->kind == &kl__ind_or || node->kind == &kl__ind_max2;
        e->m->ops[node->out] = lazy_put_all(e, node, any ? KL__LAZY_ANY : KL__LAZY_ALL);
        return;
    }
    if (type == LAZY_BITS) op.type = (uint32_t)compare, op.kind = NULL;
    if (node->kind == &kl__ind_mean) op.type = KL__LAZY_WINDOW, op.window = (uint32_t)e->m->b->params[node->params];
    for (uint32_t i = 0, n = node->kind->pub.n_inputs; i < n; i++)
        lazy_put_ref(e, lazy_ref(e, node->in[type == LAZY_BITS && flip ? n - 1 - i : i]));
    e->m->ops[node->out] = lazy_put(e, op);
}

void kl__lazy_emit(const kl__lazy_marks *m, kl__program *p, kl__lazy_op *ops, kl__lazy_ref *refs) {
    lazy_emit e = {m, p, ops, refs};
    const kl__build *b = m->b;
    p->n_lazy_ops = p->n_lazy_refs = p->n_lazy_rows = p->n_lazy_bits = 0;
    for (uint32_t v = 0; v < b->n_values; v++)
        if (b->values[v].type == BUILD_INPUT && (m->words[v] & LAZY_ASKED))
            m->ops[v] = lazy_put(&e, (kl__lazy_op){.type = KL__LAZY_INPUT, .first = m->fresh[v]});
    for (uint32_t k = 0; k < b->n_nodes; k++) {
        const kl__node *node = &b->nodes[k];
        if (m->fresh[node->out] == KL__NO_VALUE || !kl__lazy_member(m, node)) continue;
        lazy_put_node(&e, node);
        if (m->words[node->out] & LAZY_ROOT) lazy_put_root(&e, node->out);
    }
    for (uint32_t k = p->n_lazy_ops; ops && k-- > 0;) /* each is there for those behind it */
        for (uint32_t i = 0; i < ops[k].n; i++) {
            const kl__lazy_ref *ref = &refs[ops[k].first + i];
            const uint32_t need = ops[k].need + ref->lag + (ops[k].window ? ops[k].window - 1 : 0);
            if (!(ref->of & KL__LAZY_NUMBER) && ops[ref->of].need < need) ops[ref->of].need = need;
        }
}
