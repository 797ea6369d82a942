/* Strategies: a spec checked, copied into one block, its conditions compiled to one plan. */
#include "base/fp.h"
#include "base/size.h"
#include "score/strategy.h"
#include <math.h>
#include <string.h>

#define STRATEGY_PARAMS 64

void kl_strategy_spec_init(kl_strategy_spec *spec) {
    if (!spec) return;
    memset(spec, 0, sizeof *spec);
    spec->struct_size = sizeof *spec;
    kl_decision_rules_init(&spec->rules);
}

/* ------------------------------------------------------------------------------------------------------- checking --- */

static int strategy_name_good(const char *name) {
    return name && name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static kl_status strategy_check_params(const kl_strategy_spec *spec, const double *values, kl_error *error) {
    if (spec->n_params > STRATEGY_PARAMS || (spec->n_params && !spec->params))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "a strategy has up to %d parameters", STRATEGY_PARAMS);
    for (size_t i = 0; i < spec->n_params; i++) {
        const kl_strategy_param *p = &spec->params[i];
        const double v = values ? values[i] : p->value;
        if (!strategy_name_good(p->name))
            return kl__fail(error, KL_E_ARG, 1, 0, 0, "parameter %d needs a name of lower case letters, digits, _", (int)i + 1);
        for (size_t j = 0; j < i; j++)
            if (!strcmp(p->name, spec->params[j].name)) return kl__fail(error, KL_E_DUPLICATE, 1, 0, 0, "parameter %s is there twice", p->name);
        if (!isfinite(v) || v < p->min || v > p->max) return kl__fail(error, KL_E_ARG, 2, 0, 0, "parameter %s is out of its range", p->name);
    }
    return KL_OK;
}

static kl_status strategy_check_defines(const kl_strategy_spec *spec, kl_error *error) {
    if (spec->n_defines > STRATEGY_PARAMS || (spec->n_defines && !spec->defines))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "a strategy has up to %d definitions", STRATEGY_PARAMS);
    for (size_t i = 0; i < spec->n_defines; i++) {
        const kl_strategy_define *d = &spec->defines[i];
        int twice = 0;
        if (!strategy_name_good(d->name) || !d->text)
            return kl__fail(error, KL_E_ARG, KL__FROM_DEFINE, (int64_t)i + 1, 0, "definition %d needs a name of lower case letters, digits, _, and a text", (int)i + 1);
        for (size_t j = 0; j < i; j++) twice |= !strcmp(d->name, spec->defines[j].name);
        for (size_t j = 0; j < spec->n_params; j++) twice |= !strcmp(d->name, spec->params[j].name);
        if (twice) return kl__fail(error, KL_E_DUPLICATE, KL__FROM_DEFINE, (int64_t)i + 1, 0, "the name %s is there twice", d->name);
    }
    return KL_OK;
}

static kl_status strategy_check(const kl_strategy_spec *spec, const double *values, kl_error *error) {
    size_t active = 0;
    if (spec->struct_size < sizeof *spec) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the spec's struct_size is not set: kl_strategy_spec_init");
    if (!spec->metrics || spec->n_metrics == 0 || spec->n_metrics > KL_METRICS_MAX)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "a strategy has 1 to %d metrics", KL_METRICS_MAX);
    KL__TRY(strategy_check_params(spec, values, error));
    KL__TRY(strategy_check_defines(spec, error));
    for (size_t i = 0; i < spec->n_metrics; i++) {
        const kl_metric *m = &spec->metrics[i];
        KL__TRY(kl__metric_check(m, (int64_t)i + 1, error));
        active += !(m->flags & KL_METRIC_INACTIVE);
        for (size_t j = 0; j < i; j++)
            if (!strcmp(m->code, spec->metrics[j].code)) return kl__fail(error, KL_E_DUPLICATE, 1, (int64_t)i + 1, 0, "%s: this code is there twice", m->code);
    }
    if (!active) return kl__fail(error, KL_E_ARG, 1, 0, 0, "no metric is active");
    return kl__decision_rules_check(&spec->rules, error);
}

/* -------------------------------------------------------------------------------------------------------- copying --- */

/* One block, counted first and then filled. */
typedef struct strategy_block {
    char *at; /* NULL: counted */
    size_t n;
} strategy_block;

static void *strategy_put(strategy_block *b, const void *bytes, size_t n) {
    void *to = b->at ? b->at + b->n : NULL;
    if (to && n) memcpy(to, bytes, n);
    b->n += n;
    return to;
}

static const char *strategy_text(strategy_block *b, const char *text) { return text ? strategy_put(b, text, strlen(text) + 1) : NULL; }

static void strategy_copy(const kl_strategy_spec *spec, strategy_block *b, kl_strategy_spec *to) {
    *to = *spec;
    b->n = kl__round_up(b->n, 16);
    kl_metric *metrics = strategy_put(b, spec->metrics, spec->n_metrics * sizeof *metrics);
    kl_strategy_param *params = strategy_put(b, spec->params, spec->n_params * sizeof *params);
    to->metrics = metrics;
    kl_strategy_define *defines = strategy_put(b, spec->defines, spec->n_defines * sizeof *defines);
    to->params = params;
    to->defines = defines;
    to->name = strategy_text(b, spec->name ? spec->name : "");
    for (size_t i = 0; i < spec->n_params; i++) {
        const char *name = strategy_text(b, spec->params[i].name);
        if (params) params[i].name = name;
    }
    for (size_t i = 0; i < spec->n_defines; i++) {
        const kl_strategy_define d = {strategy_text(b, spec->defines[i].name), strategy_text(b, spec->defines[i].text)};
        if (defines) defines[i] = d;
    }
    for (size_t i = 0; i < spec->n_metrics; i++) {
        kl_metric m = spec->metrics[i];
        m.code = strategy_text(b, m.code);
        m.group = strategy_text(b, m.group);
        m.title = strategy_text(b, m.title);
        m.when = strategy_text(b, m.when);
        m.indicator = strategy_text(b, m.indicator);
        m.against = strategy_text(b, m.against);
        if (metrics) metrics[i] = m;
    }
}

/* ------------------------------------------------------------------------------------------------ what follows of it --- */

static uint64_t strategy_hash(uint64_t hash, uint64_t value) {
    for (int i = 0; i < 8; i++, value >>= 8) hash = (hash ^ (value & 255)) * UINT64_C(0x100000001B3);
    return hash;
}

static uint64_t strategy_fingerprint(const kl_strategy *s) {
    const kl_decision_rules *r = &s->spec.rules;
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    const int32_t modes[] = {r->mode, r->order, r->conflict, r->unknown, r->max_unknown_u, r->clamp, r->round_digits};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) h = strategy_hash(h, (uint64_t)(int64_t)modes[i]);
    for (int side = 0; side < 2; side++) {
        const int64_t amounts[] = {r->threshold_u[side], s->decider.max_u[side], r->min_edge_u[side], r->strong_edge_u[side], r->band[side][0].low_u,
                                   r->band[side][0].high_u, r->band[side][1].low_u, r->band[side][1].high_u};
        for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) h = strategy_hash(h, (uint64_t)amounts[i]);
    }
    for (uint32_t i = 0; i < s->n_active; i++) {
        const kl__active *a = &s->active[i];
        const int64_t parts[] = {a->metric, a->side, a->weight_u, a->vetoes, a->require};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) h = strategy_hash(h, (uint64_t)parts[k]);
    }
    return h;
}

static kl_status strategy_groups(kl_strategy *s, kl_error *error) {
    for (size_t i = 0; i < s->spec.n_metrics; i++) {
        const char *group = s->spec.metrics[i].group;
        uint32_t g = 0;
        s->group_of[i] = KL_METRIC_GROUPS_MAX;
        if (!group || !group[0]) continue;
        while (g < s->n_groups && strcmp(group, s->groups[g]) != 0) g++;
        if (g == KL_METRIC_GROUPS_MAX) return kl__fail(error, KL_E_ARG, 1, (int64_t)i + 1, 0, "a strategy has up to %d groups", KL_METRIC_GROUPS_MAX);
        if (g == s->n_groups) s->groups[s->n_groups++] = group;
        s->group_of[i] = (uint8_t)g;
    }
    return KL_OK;
}

static void strategy_resolve(kl_strategy *s) {
    int64_t positive[2] = {0, 0}, all = 0;
    for (size_t i = 0; i < s->spec.n_metrics; i++) {
        const kl_metric *m = &s->spec.metrics[i];
        if (m->flags & KL_METRIC_INACTIVE) continue;
        s->active[s->n_active++] = (kl__active){(uint32_t)i, m->side, m->weight_u, m->side == KL_SIDE_GUARD && !m->vetoes ? KL_VETO_BOTH : m->vetoes,
                                                (m->flags & KL_METRIC_REQUIRE) != 0};
        if (m->side == KL_SIDE_GUARD) s->guards[s->n_guards++] = (uint8_t)(s->n_active - 1);
        if (m->side > KL_SIDE_SELL) continue;
        all += m->weight_u < 0 ? -(int64_t)m->weight_u : m->weight_u;
        if (m->weight_u > 0) positive[m->side - 1] += m->weight_u;
    }
    if (s->spec.rules.mode == KL_SCORE_SINGLE_SUM) positive[0] += positive[1];
    s->decider = (kl__decider){.rules = s->spec.rules, .weight_u = all};
    for (int side = 0; side < 2; side++)
        s->decider.max_u[side] = s->spec.rules.max_score_u[side] ? s->spec.rules.max_score_u[side] : positive[side];
    s->fixed_us = s->spec.interval.unit ? kl_interval_length_us(&s->spec.interval) : 0;
    if (s->fixed_us < 0) s->fixed_us = 0;
    s->fingerprint = strategy_fingerprint(s);
}

/* ------------------------------------------------------------------------------------------------------ compiling --- */

/* Texts of all conditions, where their characters came from, and where each begins. */
typedef struct strategy_texts {
    char *text;
    uint32_t *from;
    const char **at;
    size_t n;
} strategy_texts;

static kl_status strategy_condition(kl_strategy *s, uint32_t active, kl__condition *to, kl_error *error) {
    const uint32_t m = s->active[active].metric;
    to->params = s->spec.params ? s->spec.params : (const kl_strategy_param *)s->values; /* not NULL: a $ without parameters is an error */
    to->values = s->values;
    to->n_params = s->spec.n_params;
    to->defines = s->spec.defines;
    to->n_defines = s->spec.n_defines;
    return kl__metric_condition(&s->spec.metrics[m], &s->spec.interval, to, (int64_t)m + 1, error);
}

/* The plan's error, at its place in the user's own text. */
static void strategy_blame(const kl_strategy *s, const strategy_texts *t, kl_error *error) {
    char message[sizeof error->message];
    if (!error || error->arg < 1 || (uint32_t)error->arg > s->n_active) return;
    const kl_metric *m = &s->spec.metrics[s->active[error->arg - 1].metric];
    const size_t begin = (size_t)(t->at[error->arg - 1] - t->text), length = strlen(t->at[error->arg - 1]);
    size_t column = error->column > 0 ? (size_t)error->column - 1 : 0, behind = column >= length;
    uint32_t from;
    if (column >= length) column = length ? length - 1 : 0;
    while (column > 0 && t->from[begin + column] == 0) column--, behind = 1;
    from = t->from[begin + column];
    memcpy(message, error->message, sizeof message);
    const uint32_t field = from >> 24;
    const int defined = field >= KL__FROM_DEFINE;
    kl__fail(error, error->code, (int32_t)(defined ? KL__FROM_DEFINE : field),
             defined ? (int64_t)(field - KL__FROM_DEFINE) + 1 : (int64_t)s->active[error->arg - 1].metric + 1,
             from ? (int64_t)((from & 0xFFFFFF) + 1 + behind) : 0, "%s: %s", defined ? s->spec.defines[field - KL__FROM_DEFINE].name : m->code, message);
}

static kl_status strategy_plan(kl_strategy *s, strategy_texts *t, kl_error *error) {
    kl_plan_options options;
    size_t used = 0;
    kl_status status;
    for (uint32_t i = 0; i < s->n_active; i++) {
        kl__condition to = {.text = t->text + used, .from = t->from + used, .room = t->n - used, .used = s->uses};
        t->at[i] = t->text + used;
        KL__TRY(strategy_condition(s, i, &to, error));
        t->text[used + to.n] = 0;
        t->from[used + to.n] = 0;
        used += to.n + 1;
    }
    kl_plan_options_init(&options);
    options.interval = s->spec.interval;
    status = kl_plan_new(t->at, s->n_active, &options, &s->alloc, &s->plan, error);
    if (status < 0) {
        if (status != KL_E_MEMORY && status != KL_E_SIZE) strategy_blame(s, t, error);
        return status;
    }
    for (uint32_t i = 0; i < s->n_active; i++) {
        kl_plan_output output;
        if (kl_plan_output_at(s->plan, i, &output) == KL_OK && output.expression == i && kl_plan_outputs(s->plan) >= s->n_active &&
            (i + 1 < s->n_active || kl_plan_outputs(s->plan) == s->n_active))
            continue;
        i -= i > 0 && output.expression != i; /* the one before has several */
        return kl__fail(error, KL_E_ARG, 0, (int64_t)s->active[i].metric + 1, 0, "%s: a condition is one value: choose an output by .name",
                        s->spec.metrics[s->active[i].metric].code);
    }
    return KL_OK;
}

static kl_status strategy_compile(kl_strategy *s, kl_error *error) {
    strategy_texts t = {NULL, NULL, NULL, 0};
    size_t bytes;
    for (uint32_t i = 0; i < s->n_active; i++) {
        kl__condition count = {.text = NULL};
        KL__TRY(strategy_condition(s, i, &count, error));
        t.n += count.n + 1;
    }
    if (kl__size_mul(t.n, 1 + sizeof *t.from, &bytes) || kl__size_add(bytes, s->n_active * sizeof *t.at, &bytes)) return KL_E_SIZE;
    char *memory = s->alloc.take(s->alloc.ctx, bytes);
    if (!memory) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the conditions");
    t.at = (const char **)(void *)memory;
    t.from = (uint32_t *)(void *)(memory + s->n_active * sizeof *t.at);
    t.text = (char *)(t.from + t.n);
    kl_status status = strategy_plan(s, &t, error);
    s->alloc.give(s->alloc.ctx, memory, bytes);
    return status;
}

/* --------------------------------------------------------------------------------------------------------- public --- */

kl_status kl_strategy_new(const kl_strategy_spec *spec, const double *values, const kl_alloc *alloc, kl_strategy **strategy, kl_error *error) {
    const kl_alloc *a = alloc ? alloc : kl_alloc_libc();
    kl_strategy_spec copied;
    if (!spec || !strategy) return kl__fail(error, KL_E_ARG, spec ? 4 : 1, 0, 0, "an argument is missing");
    KL__TRY(strategy_check(spec, values, error));
    strategy_block block = {NULL, sizeof(kl_strategy)};
    strategy_copy(spec, &block, &copied);
    kl_strategy *s = a->take(a->ctx, block.n);
    if (!s) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the strategy");
    memset(s, 0, sizeof *s);
    s->alloc = *a;
    s->bytes = block.n;
    block = (strategy_block){(char *)s, sizeof *s};
    strategy_copy(spec, &block, &s->spec);
    for (size_t i = 0; i < spec->n_params; i++) s->values[i] = values ? values[i] : spec->params[i].value;
    kl_status status = strategy_groups(s, error);
    if (status >= 0) {
        strategy_resolve(s);
        status = strategy_compile(s, error);
    }
    if (status < 0) return kl_strategy_free(s), status;
    *strategy = s;
    return KL_OK;
}

void kl_strategy_free(kl_strategy *strategy) {
    if (!strategy) return;
    const kl_alloc alloc = strategy->alloc;
    kl_plan_free(strategy->plan);
    alloc.give(alloc.ctx, strategy, strategy->bytes);
}

kl_status kl_strategy_spec_of(const kl_strategy *strategy, kl_strategy_spec *spec) {
    if (!strategy || !spec) return KL_E_ARG;
    *spec = strategy->spec;
    return KL_OK;
}

const kl_plan *kl_strategy_plan(const kl_strategy *strategy) { return strategy ? strategy->plan : NULL; }
