/* What names stand for, and the calls that a build is asked for. */
#include "indicator/expression_read.h"
#include "indicator/kind.h"
#include <string.h>

#define VALUE_FOLD_STATE 8 /* doubles of state that an elementwise kind may have beside its parameters */

const kl_indicator *kl__kind_sign(const char *name) { return kl_indicator_find(name); }

const kl_indicator *kl__kind_find(kl__word w) {
    char name[64];
    if (w.length >= sizeof name) return NULL;
    memcpy(name, w.text, w.length);
    name[w.length] = '\0';
    const kl_indicator *found = kl_indicator_find(name);
    if (!found || (((const kl__indicator *)(const void *)found)->flags & KL__HIDDEN)) return NULL;
    return found;
}

/* ------------------------------------------------------------------------------------------------- sources --- */

kl_status kl__value_interval(kl__reader *r, kl__word text, kl_interval *interval) {
    char name[KL_INTERVAL_TEXT_MAX];
    const kl_interval *own = &r->scope->interval;
    int64_t column = (int64_t)text.at + 1;
    if (kl_interval_parse(text.text, text.length, interval) < 0)
        return kl__fail(r->error, KL_E_INTERVAL, 0, 0, column, "'%.*s' is no interval; one is written like 15m, 1h, 1d",
                        (int)(text.length < 40 ? text.length : 40), text.text);
    kl_time start;
    if (kl_interval_floor(interval, 0, &start) == KL_E_ANCHOR)
        return kl__fail(r->error, KL_E_ANCHOR, 0, 0, column, "'%.*s' needs a day to start on, and an expression cannot name one",
                        (int)(text.length < 40 ? text.length : 40), text.text);
    if (own->unit == 0)
        return kl__fail(r->error, KL_E_INTERVAL, 0, 0, column, "the interval of the plan's own bars is not known: no other can be named");
    kl_interval_print(own, name);
    if (!kl_interval_divides(own, interval))
        return kl__fail(r->error, KL_E_INTERVAL, 0, 0, column, "%.*s is not a multiple of %s, the interval of the plan's bars",
                        (int)(text.length < 40 ? text.length : 40), text.text, name);
    return KL_OK;
}

static int value_same_interval(const kl_interval *a, const kl_interval *b) {
    if (!a->unit || !b->unit) return a->unit == b->unit;
    return kl_interval_divides(a, b) && kl_interval_divides(b, a);
}

static kl_status value_source_new(kl__reader *r, const kl_plan_source *wanted, uint32_t *source) {
    kl__expression_scope *s = r->scope;
    if (s->n_sources == s->room_sources) {
        if (s->room_sources > UINT32_MAX / 4) return kl__fail(r->error, KL_E_SIZE, 0, 0, 0, "too many symbols and intervals");
        uint32_t room = s->room_sources ? 2 * s->room_sources : 4;
        kl_plan_source *sources = s->alloc->grow(s->alloc->ctx, s->sources, s->room_sources * sizeof *sources, room * sizeof *sources);
        if (!sources) return kl__fail(r->error, KL_E_MEMORY, 0, 0, 0, "no memory for the sources of the plan");
        s->sources = sources, s->room_sources = room;
    }
    if (s->n_sources == 0) {
        *source = 0;
    } else if (kl__build_source(r->build, wanted->interval.unit != 0, source) < 0) {
        return kl__fail(r->error, KL_E_MEMORY, 0, 0, 0, "no memory for the sources of the plan");
    }
    s->sources[s->n_sources++] = *wanted;
    return KL_OK;
}

static kl_status value_source(kl__reader *r, uint32_t *source) {
    const kl__expression_scope *s = r->scope;
    kl_plan_source wanted;
    memset(&wanted, 0, sizeof wanted);
    memcpy(wanted.symbol, r->symbol.text ? r->symbol.text : "", r->symbol.length);
    if (!value_same_interval(&r->interval, &s->interval)) wanted.interval = r->interval;
    for (uint32_t i = 0; i < s->n_sources; i++)
        if (!strcmp(s->sources[i].symbol, wanted.symbol) && value_same_interval(&s->sources[i].interval, &wanted.interval))
            return *source = i, KL_OK;
    return value_source_new(r, &wanted, source);
}

kl_status kl__value_column(kl__reader *r, int32_t column, uint32_t *value) {
    uint32_t source = 0;
    *value = 0;
    if (r->dry) return KL_OK;
    KL__TRY(value_source(r, &source));
    r->scope->sources[source].columns |= UINT32_C(1) << column;
    kl_status status = kl__build_input(r->build, source, column, value);
    if (status < 0) return kl__fail(r->error, status, 0, 0, 0, "no memory for the program");
    return KL_OK;
}

/* --------------------------------------------------------------------------------------------------- names --- */

static void value_series(kl__operand *result, uint32_t value) { result->value = value, result->is_number = 0; }

kl_status kl__value_number(kl__reader *r, double x, kl__operand *result) {
    result->number = kl__row_clean(x);
    result->is_number = 1;
    result->call = NULL;
    result->bind = KL__BIND_WHOLE;
    kl__text_cut(r, result->text);
    return kl__text_number(r, result->number, &result->bind);
}

static int value_input(const kl__formula *f, kl__word w, kl__operand *result) {
    for (uint32_t i = 0; i < f->kind->n_inputs; i++)
        if (kl__word_is(w, f->kind->inputs[i].name)) return value_series(result, f->in[i]), 1;
    return 0;
}

static int value_of_formula(kl__reader *r, const kl__formula *f, kl__word w, kl__operand *result) {
    for (uint32_t i = f->n; i-- > 0;)
        if (f->names[i].length == w.length && memcmp(r->text + f->names[i].at, w.text, w.length) == 0) {
            if (f->names[i].is_number) result->number = f->names[i].number, result->is_number = 1;
            else value_series(result, (uint32_t)f->names[i].number);
            return 1;
        }
    if (value_input(f, w, result)) return 1;
    result->is_number = 1;
    for (uint32_t i = 0; i < f->kind->n_params; i++)
        if (kl__word_is(w, f->kind->params[i].name)) return result->number = f->params[i], 1;
    for (uint32_t i = 0; i < f->kind->n_params; i++)
        for (int32_t k = 0; f->kind->params[i].choices && f->kind->params[i].choices[k]; k++)
            if (kl__word_is(w, f->kind->params[i].choices[k])) return result->number = k, 1;
    result->is_number = 0;
    return 0;
}

kl_status kl__value_name(kl__reader *r, kl__word w, kl__operand *result, int *found) {
    *found = 1;
    if (r->formula) {
        *found = value_of_formula(r, r->formula, w, result);
        return KL_OK;
    }
    for (int32_t i = 0; i < KL_COL_COUNT; i++)
        if (kl__word_is(w, kl__column_name(i))) {
            KL__TRY(kl__value_column(r, i, &result->value));
            return kl__text_name(r, kl__column_name(i));
        }
    *found = 0;
    return KL_OK;
}

kl_status kl__value_usual(kl__reader *r, const kl_indicator *kind, uint32_t input, size_t at, kl__operand *result) {
    const char *usual = kind->inputs[input].usual;
    if (usual && r->formula) {
        const kl__formula *f = r->formula;
        if (value_input(f, (kl__word){usual, strlen(usual), 0}, result)) return KL_OK;
        for (uint32_t i = 0; i < f->kind->n_inputs; i++) /* its x is what is usually close */
            if (!strcmp(f->kind->inputs[i].usual, usual)) return value_series(result, f->in[i]), KL_OK;
    } else if (usual && kl__column_find(usual) >= 0) {
        return kl__value_column(r, kl__column_find(usual), &result->value);
    }
    return kl__fail(r->error, KL_E_ARG, (int32_t)input + 1, 0, (int64_t)at + 1, "%s: input %s is missing", kind->name,
                    kind->inputs[input].name);
}

/* --------------------------------------------------------------------------------------------------- calls --- */

static int value_fold(const kl__indicator *kind, const double *params, const kl__operand *in, double *result) {
    double x[KL_INPUTS_MAX], state[VALUE_FOLD_STATE];
    const double *from[KL_INPUTS_MAX];
    if (!(kind->flags & KL__ELEMENTWISE) || !kind->run || kind->pub.n_outputs != 1) return 0;
    if (kind->size && kind->size(params) > sizeof state) return 0;
    for (uint32_t i = 0; i < kind->pub.n_inputs; i++) {
        if (!in[i].is_number) return 0;
        x[i] = in[i].number, from[i] = &x[i];
    }
    if (kind->init) kind->init(state, params);
    kl__kind_row(kind, state, from, &result);
    return 1;
}

kl_status kl__value_call(kl__reader *r, const kl_indicator *kind, const double *params, kl__operand *in, size_t at, kl__operand *result) {
    uint32_t values[KL_INPUTS_MAX];
    double number;
    result->is_number = 0;
    result->value = 0;
    result->call = kind;
    if (value_fold((const kl__indicator *)(const void *)kind, params, in, &number)) {
        result->number = number;
        result->is_number = 1;
        result->call = NULL;
        return KL_OK;
    }
    if (r->dry) return KL_OK;
    for (uint32_t i = 0; i < kind->n_inputs; i++) {
        values[i] = in[i].value;
        kl_status status = in[i].is_number ? kl__build_number(r->build, in[i].number, &values[i]) : KL_OK;
        if (status < 0) return kl__fail(r->error, status, 0, 0, 0, "no memory for the program");
    }
    kl_status status = kl__build_call(r->build, kind, params, values, r->several, r->error);
    if (status < 0) {
        if (r->error && r->error->column == 0) r->error->column = (int64_t)at + 1;
        return status;
    }
    result->value = r->several[0];
    return KL_OK;
}
