/* Plans: expressions compiled into one block that never changes. */
#include "indicator/plan.h"
#include "indicator/expression.h"
#include "base/endian.h"
#include "base/size.h"
#include <math.h>
#include <stdio.h>

#define PLAN_TEXTS 65536
#define PLAN_MONTHS 48 /* in four years all lengths occur */

/* What is collected before the block can be made. */
typedef struct plan_draft {
    const kl_alloc *alloc;
    kl__build *build;
    kl__expression_scope scope;
    uint32_t *values;
    kl_plan_output *outputs; /* name: only whether it has an output's name */
    char *text;              /* complete forms */
    size_t values_room, outputs_room, text_room;
    size_t n, length, names;
} plan_draft;

void kl_plan_options_init(kl_plan_options *options) {
    if (options) *options = (kl_plan_options){.struct_size = sizeof *options};
}

static kl_status plan_room(const plan_draft *d, void **items, size_t *room, size_t n, size_t more, size_t item, kl_error *error) {
    size_t wanted, bytes;
    if (more <= *room - n) return KL_OK;
    if (kl__size_add(n, more, &wanted) || wanted > SIZE_MAX / 2 || kl__size_mul(wanted *= 2, item, &bytes))
        return kl__fail(error, KL_E_SIZE, 0, 0, 0, "the plan is too long");
    void *grown = d->alloc->grow(d->alloc->ctx, *items, *room * item, bytes);
    if (!grown) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the plan");
    *items = grown;
    *room = wanted;
    return KL_OK;
}

static kl_status plan_rooms(plan_draft *d, size_t outputs, size_t text, kl_error *error) {
    void *values = d->values, *infos = d->outputs, *bytes = d->text;
    kl_status status = plan_room(d, &values, &d->values_room, d->n, outputs, sizeof *d->values, error);
    if (status >= 0) status = plan_room(d, &infos, &d->outputs_room, d->n, outputs, sizeof *d->outputs, error);
    if (status >= 0) status = plan_room(d, &bytes, &d->text_room, d->length, text, 1, error);
    d->values = values, d->outputs = infos, d->text = bytes;
    return status;
}

static void plan_draft_free(plan_draft *d) {
    const kl_alloc *a = d->alloc;
    if (d->values) a->give(a->ctx, d->values, d->values_room * sizeof *d->values);
    if (d->outputs) a->give(a->ctx, d->outputs, d->outputs_room * sizeof *d->outputs);
    if (d->text) a->give(a->ctx, d->text, d->text_room);
    kl__build_free(d->build);
    kl__expression_scope_free(&d->scope);
}

static kl_status plan_expression(plan_draft *d, uint32_t index, const char *text, kl_error *error) {
    kl__expression e;
    size_t length = strlen(text);
    KL__TRY(kl__expression_build(d->build, &d->scope, text, length, &e, error));
    KL__TRY(plan_rooms(d, e.n, d->scope.length + 1, error));
    for (uint32_t o = 0; o < e.n; o++) {
        kl_plan_output *info = &d->outputs[d->n];
        *info = (kl_plan_output){.name = e.names[o], .expression = index, .stability = KL_EXACT};
        d->names += length + 1 + (e.names[o] ? strlen(e.names[o]) + 1 : 0);
        kl__build_range(d->build, e.values[o], &info->min, &info->max);
        d->values[d->n++] = e.values[o];
    }
    memcpy(d->text + d->length, d->scope.text, d->scope.length);
    d->text[d->length + d->scope.length] = '\n';
    d->length += d->scope.length + 1;
    return KL_OK;
}

/* Bars in a coarser one; of months and years in the longest. */
static double plan_ratio(const kl_interval *bars, const kl_interval *coarse) {
    kl_time open, next;
    int64_t count, most = 1, length = kl_interval_length_us(bars), whole = kl_interval_length_us(coarse);
    if (length > 0 && whole > 0) return (double)(whole / length);
    if (kl_interval_floor(coarse, 0, &open) < 0) return 1.0;
    for (int k = 0; k < PLAN_MONTHS && kl_interval_next(coarse, open, &next) >= 0; k++, open = next)
        if (kl_interval_count(bars, open, next, &count) >= 0 && count > most) most = count;
    return (double)most;
}

static kl_status plan_collect(plan_draft *d, const char *const *texts, size_t n, const kl_interval *interval, kl_error *error) {
    KL__TRY(kl__build_new(d->alloc, &d->build, error));
    KL__TRY(kl__expression_scope_init(&d->scope, interval, d->alloc, error));
    for (size_t i = 0; i < n; i++) {
        kl_status status = texts[i] ? plan_expression(d, (uint32_t)i, texts[i], error)
                                    : kl__fail(error, KL_E_ARG, 0, 0, 0, "an expression is missing");
        if (status < 0 && error) error->arg = (int32_t)i + 1, error->row = 0;
        if (status < 0) return status;
    }
    for (uint32_t s = 1; s < d->scope.n_sources; s++)
        if (d->scope.sources[s].interval.unit)
            kl__build_ratio(d->build, s, plan_ratio(&d->scope.interval, &d->scope.sources[s].interval));
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------- the block --- */

static uint64_t plan_mix(uint64_t h, uint64_t x) {
    h = (h ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 29);
}

static void plan_sources(kl_plan *plan, const plan_draft *d, kl__plan_source *sources) {
    const kl__program *p = plan->program;
    plan->fingerprint = p->fingerprint;
    for (uint32_t s = 0; s < plan->n_sources; s++) {
        kl__plan_source *source = &sources[s];
        *source = (kl__plan_source){.pub = d->scope.sources[s], .ratio = 1.0};
        source->pub.columns = 0;
        source->pub.first_input = p->n_inputs;
        if (s && source->pub.interval.unit) {
            source->ratio = plan_ratio(&plan->interval, &source->pub.interval);
            source->slow = ++plan->n_slow;
        }
        for (const char *c = source->pub.symbol; *c; c++) plan->fingerprint = plan_mix(plan->fingerprint, (unsigned char)*c);
        const kl_interval *interval = &source->pub.interval;
        if (s) plan->fingerprint = plan_mix(plan->fingerprint, ((uint64_t)(uint32_t)interval->unit << 32) | (uint32_t)interval->n);
        if (source->slow) plan->fingerprint = plan_mix(plan->fingerprint, (uint64_t)interval->anchor_us);
    }
    for (uint32_t i = p->n_inputs; i-- > 0;) {
        const kl__program_input *input = &kl__program_inputs(p)[i];
        sources[input->source].pub.columns |= UINT32_C(1) << input->column;
        sources[input->source].pub.first_input = i;
        plan->n_times += input->column == KL_COL_TIME;
    }
}

static void plan_outputs(kl_plan *plan, const plan_draft *d, const char *const *texts, kl_plan_output *outputs, char *names) {
    for (uint32_t o = 0; o < plan->n_outputs; o++) {
        const char *part = d->outputs[o].name, *text = texts[d->outputs[o].expression];
        size_t length = strlen(text);
        outputs[o] = d->outputs[o];
        outputs[o].lookback = (int64_t)kl__program_lookbacks(plan->program)[o];
        outputs[o].name = names;
        memcpy(names, text, length);
        names += length;
        if (part) {
            *names++ = '.';
            memcpy(names, part, strlen(part));
            names += strlen(part);
        }
        *names++ = '\0';
    }
}

/* An output is EPS where one of the nodes that it comes from is. */
static kl_status plan_stability(const plan_draft *d, const kl__program *p, kl_plan_output *outputs, kl_error *error) {
    uint8_t *eps = d->alloc->take(d->alloc->ctx, p->n_values ? p->n_values : 1);
    if (!eps) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the plan");
    memset(eps, 0, p->n_values);
    for (uint32_t k = 0; k < p->n_nodes; k++) {
        const kl__node *node = &kl__program_nodes(p)[k];
        uint8_t any = node->kind->pub.stability == KL_EPS;
        for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++) any |= eps[node->in[i]];
        for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) eps[node->out + o] = any;
    }
    for (uint32_t o = 0; o < p->n_outputs; o++)
        if (eps[kl__program_outputs(p)[o]]) outputs[o].stability = KL_EPS;
    d->alloc->give(d->alloc->ctx, eps, p->n_values ? p->n_values : 1);
    return KL_OK;
}

static kl_status plan_block(plan_draft *d, const char *const *texts, const kl_interval *interval, kl_plan **plan,
                            kl_error *error) {
    const size_t head = kl__round_up(sizeof(kl_plan), 8), sources = d->scope.n_sources * sizeof(kl__plan_source);
    const size_t outputs = d->n * sizeof(kl_plan_output);
    size_t program, bytes;
    KL__TRY(kl__build_finish(d->build, d->values, (uint32_t)d->n, &program, error));
    if (kl__size_add(head + sources + outputs, program, &bytes) || kl__size_add(bytes, d->length, &bytes) ||
        kl__size_add(bytes, d->names, &bytes))
        return kl__fail(error, KL_E_SIZE, 0, 0, 0, "the plan is too long");
    char *block = d->alloc->take(d->alloc->ctx, bytes);
    if (!block) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the plan");
    memset(block, 0, bytes);
    kl_plan *made = (kl_plan *)(void *)block;
    char *at = block + head;
    made->alloc = *d->alloc;
    made->bytes = bytes;
    made->interval = *interval;
    made->n_sources = d->scope.n_sources;
    made->n_outputs = (uint32_t)d->n;
    made->program = (const kl__program *)(void *)at;
    kl__build_write(d->build, d->values, (uint32_t)d->n, (kl__program *)(void *)at);
    at += program;
    made->sources = (const kl__plan_source *)(void *)at;
    plan_sources(made, d, (kl__plan_source *)(void *)at);
    at += sources;
    made->outputs = (const kl_plan_output *)(void *)at;
    plan_outputs(made, d, texts, (kl_plan_output *)(void *)at, at + outputs);
    kl_status status = plan_stability(d, made->program, (kl_plan_output *)(void *)at, error);
    at += outputs + d->names;
    made->text = at;
    made->length = d->length ? d->length - 1 : 0; /* no line end behind the last */
    memcpy(at, d->text, d->length);
    if (status < 0) d->alloc->give(d->alloc->ctx, block, bytes);
    else *plan = made;
    return status;
}

kl_status kl_plan_new(const char *const *texts, size_t n, const kl_plan_options *options, const kl_alloc *alloc, kl_plan **plan,
                      kl_error *error) {
    plan_draft draft = {.alloc = alloc ? alloc : kl_alloc_libc()};
    kl_interval interval = {0};
    if (!texts || n == 0 || n > PLAN_TEXTS || !plan)
        return kl__fail(error, KL_E_ARG, !texts ? 1 : !plan ? 5 : 2, 0, 0, "a plan is made of 1..%d expressions", PLAN_TEXTS);
    if (options && options->struct_size < sizeof *options)
        return kl__fail(error, KL_E_ARG, 3, 0, 0, "options were not set by kl_plan_options_init");
    if (options) interval = options->interval;
    kl_status status = plan_collect(&draft, texts, n, &interval, error);
    if (status >= 0) status = plan_block(&draft, texts, &interval, plan, error);
    plan_draft_free(&draft);
    return status;
}

void kl_plan_free(kl_plan *plan) {
    if (!plan) return;
    kl_alloc alloc = plan->alloc;
    alloc.give(alloc.ctx, plan, plan->bytes);
}

/* -------------------------------------------------------------------------------------------------- questions --- */

size_t kl_plan_outputs(const kl_plan *plan) { return plan ? plan->n_outputs : 0; }
size_t kl_plan_sources(const kl_plan *plan) { return plan ? plan->n_sources : 0; }
size_t kl_plan_inputs(const kl_plan *plan) { return plan ? plan->program->n_inputs : 0; }
size_t kl_plan_nodes(const kl_plan *plan) { return plan ? plan->program->n_nodes : 0; }

kl_status kl_plan_output_at(const kl_plan *plan, size_t index, kl_plan_output *output) {
    if (!plan || !output || index >= plan->n_outputs) return KL_E_ARG;
    *output = plan->outputs[index];
    return KL_OK;
}

kl_status kl_plan_source_at(const kl_plan *plan, size_t index, kl_plan_source *source) {
    if (!plan || !source || index >= plan->n_sources) return KL_E_ARG;
    *source = plan->sources[index].pub;
    return KL_OK;
}

kl_status kl_plan_describe(const kl_plan *plan, char *text, size_t capacity, size_t *used) {
    if (!plan || !used || (!text && capacity)) return KL_E_ARG;
    *used = plan->length;
    if (!text) return KL_OK;
    if (capacity <= plan->length) return KL_E_SIZE;
    memcpy(text, plan->text, plan->length);
    text[plan->length] = '\0';
    return KL_OK;
}

/* Bars of clock 0 that a node needs where its neediest input needs `most`. */
static double plan_node_needs(const kl_plan *plan, const kl__node *node, double digits, double most) {
    const kl__indicator *kind = node->kind;
    const double *params = kl__program_params(plan->program) + node->params;
    if (kind == &kl__expand) return (most + 1.0) * plan->sources[node->from].ratio - 1.0;
    double own = kind->needed ? kind->needed(params, digits) : (kind->lookback ? (double)kind->lookback(params) : 0.0) + 1.0;
    return most + own - 1.0;
}

kl_status kl_plan_bars_needed(const kl_plan *plan, size_t output, double digits, double *bars) {
    if (!plan || !bars || output >= plan->n_outputs || !(digits >= 0.0 && digits <= 15.0)) return KL_E_ARG;
    const kl__program *p = plan->program;
    double *needs = plan->alloc.take(plan->alloc.ctx, (p->n_values ? p->n_values : 1) * sizeof *needs);
    if (!needs) return KL_E_MEMORY;
    for (uint32_t v = 0; v < p->n_values; v++) needs[v] = 1.0;
    for (uint32_t k = 0; k < p->n_nodes; k++) {
        const kl__node *node = &kl__program_nodes(p)[k];
        double most = 1.0;
        for (uint32_t i = 0; i < node->kind->pub.n_inputs; i++)
            if (needs[node->in[i]] > most) most = needs[node->in[i]];
        double all = plan_node_needs(plan, node, digits, most);
        for (uint32_t o = 0; o < node->kind->pub.n_outputs; o++) needs[node->out + o] = all;
    }
    *bars = needs[kl__program_outputs(p)[output]];
    plan->alloc.give(plan->alloc.ctx, needs, (p->n_values ? p->n_values : 1) * sizeof *needs);
    return KL_OK;
}
