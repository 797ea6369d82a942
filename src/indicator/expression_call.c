/* Arguments of a call: series go to the inputs, numbers and words to the parameters, in their order or by name. */
#include "indicator/expression_read.h"
#include <string.h>

#define ARGS_SERIES "a series; a plain number stands here"

typedef struct {
    const kl_indicator *kind;
    size_t at;                 /* of the name in the text */
    uint32_t inputs, params;   /* how many were given by position */
    uint8_t has[KL_INPUTS_MAX], given[KL_PARAMS_MAX];
    double value[KL_PARAMS_MAX];
    kl__operand in[KL_INPUTS_MAX];
    uint32_t piece[KL_INPUTS_MAX]; /* length of its text */
} args_given;

static kl_status args_fail(kl__reader *r, const args_given *a, size_t at, const char *what, const char *name, const char *why) {
    return kl__fail(r->error, KL_E_ARG, 0, 0, (int64_t)at + 1, "%s: %s %s is %s", a->kind->name, what, name, why);
}

/* Numbers are inputs where rows are computed one by one, and where they can be nothing else. */
static int args_number_is_input(const kl_indicator *kind) {
    return (((const kl__indicator *)(const void *)kind)->flags & KL__ELEMENTWISE) || kind->n_params == 0;
}

static kl_status args_input(kl__reader *r, args_given *a, uint32_t input, const kl__operand *given, size_t at) {
    if (a->has[input]) return args_fail(r, a, at, "input", a->kind->inputs[input].name, "given twice");
    if (given->is_number && !args_number_is_input(a->kind))
        return args_fail(r, a, at, "input", a->kind->inputs[input].name, ARGS_SERIES);
    a->has[input] = 1;
    a->in[input] = *given;
    a->piece[input] = kl__text_at(r) - given->text;
    return KL_OK;
}

static kl_status args_param(kl__reader *r, args_given *a, uint32_t param, double value, size_t at) {
    if (a->given[param]) return args_fail(r, a, at, "parameter", a->kind->params[param].name, "given twice");
    a->given[param] = 1;
    a->value[param] = value + 0.0;
    if (r->dry) return KL_OK;
    kl_status status = kl__param_check(a->kind, param, a->value[param], r->error);
    if (status < 0 && r->error) r->error->column = (int64_t)at + 1;
    return status;
}

static int args_ends(kl__reader *r) {
    char c = kl__read_peek(r);
    return c == ',' || c == ')';
}

/* The word of a choice, if that is what comes. */
static int args_choice(kl__reader *r, const kl_param_info *info, double *value) {
    size_t begin = r->at;
    kl__word w = kl__read_word(r);
    for (int32_t i = 0; info->choices && info->choices[i]; i++)
        if (kl__word_is(w, info->choices[i]) && args_ends(r)) return *value = i, 1;
    r->at = begin;
    return 0;
}

static KL__APART kl_status args_choice_unknown(kl__reader *r, const args_given *a, const kl_param_info *info, size_t at) {
    char list[120];
    size_t used = 0;
    for (int32_t i = 0; info->choices[i]; i++) {
        size_t n = strlen(info->choices[i]);
        if (used + n + 2 > sizeof list) break;
        list[used++] = ' ';
        memcpy(list + used, info->choices[i], n);
        used += n;
    }
    list[used] = '\0';
    return kl__fail(r->error, KL_E_UNKNOWN_NAME, 0, 0, (int64_t)at + 1, "%s: the choices of %s are%s", a->kind->name, info->name, list);
}

static kl_status args_named_param(kl__reader *r, args_given *a, uint32_t param) {
    const kl_param_info *info = &a->kind->params[param];
    kl__operand given;
    double value;
    char c = kl__read_peek(r);
    size_t at = r->at;
    uint32_t text = kl__text_at(r);
    if (info->choices && args_choice(r, info, &value)) return args_param(r, a, param, value, at);
    if (args_ends(r)) return kl__read_expected(r, at, info->choices ? "a choice" : "a number");
    if (info->choices && kl__letter(c)) { /* a name of a formula, or none */
        int found = 0;
        kl__word w = kl__read_ahead(r);
        memset(&given, 0, sizeof given);
        if (r->formula) KL__TRY(kl__value_name(r, w, &given, &found));
        if (!found) return args_choice_unknown(r, a, info, at);
    }
    KL__TRY(kl__read_one(r, KL__BIND_OR, &given));
    kl__text_cut(r, text);
    if (!given.is_number) return args_fail(r, a, at, "parameter", info->name, "a plain number; a series stands here");
    return args_param(r, a, param, given.number, at);
}

static KL__APART kl_status args_named(kl__reader *r, args_given *a, kl__word w) {
    const kl_indicator *kind = a->kind;
    for (uint32_t i = 0; i < kind->n_params; i++)
        if (kl__word_is(w, kind->params[i].name)) return args_named_param(r, a, i);
    for (uint32_t i = 0; i < kind->n_inputs; i++)
        if (kl__word_is(w, kind->inputs[i].name)) {
            kl__operand given;
            size_t at = (kl__read_blanks(r), r->at);
            KL__TRY(kl__read_one(r, KL__BIND_OR, &given));
            return args_input(r, a, i, &given, at);
        }
    return kl__fail(r->error, KL_E_UNKNOWN_NAME, 0, 0, (int64_t)w.at + 1, "%s: '%.*s' is no parameter and no input", kind->name,
                    (int)(w.length < 40 ? w.length : 40), w.text);
}

static kl_status args_placed(kl__reader *r, args_given *a, const kl__operand *given, size_t at) {
    const kl_indicator *kind = a->kind;
    if ((!given->is_number || args_number_is_input(kind)) && a->inputs < kind->n_inputs) return args_input(r, a, a->inputs++, given, at);
    if (!given->is_number)
        return kl__fail(r->error, KL_E_ARG, 0, 0, (int64_t)at + 1, "%s takes %u series at most", kind->name, (unsigned)kind->n_inputs);
    kl__text_cut(r, given->text);
    if (a->params < kind->n_params) return args_param(r, a, a->params++, given->number, at);
    if (a->inputs < kind->n_inputs)
        return args_fail(r, a, at, "input", kind->inputs[a->inputs].name, ARGS_SERIES);
    return kl__fail(r->error, KL_E_ARG, 0, 0, (int64_t)at + 1, "%s takes %u parameters at most", kind->name, (unsigned)kind->n_params);
}

/* A choice comes next, no series can, and w alone is neither a name nor one of its words. */
static int args_wants_choice(kl__reader *r, const args_given *a, kl__word w) {
    const size_t begin = r->at;
    if (r->formula || a->params >= a->kind->n_params || !a->kind->params[a->params].choices || kl__kind_find(w)) return 0;
    if (a->inputs < a->kind->n_inputs && a->params == 0) return 0;
    for (int32_t i = 0; i < KL_COL_COUNT; i++)
        if (kl__word_is(w, kl__column_name(i))) return 0;
    r->at += w.length;
    const int alone = args_ends(r);
    r->at = begin;
    return alone;
}

static kl_status args_argument(kl__reader *r, args_given *a) {
    kl__word w = kl__read_ahead(r);
    size_t at = w.at;
    double value;
    kl__operand given;
    if (w.length) {
        r->at += w.length;
        if (kl__read_take(r, '=') && !(r->at < r->length && r->text[r->at] == '=')) return args_named(r, a, w);
        r->at = at;
        if (a->params < a->kind->n_params && args_choice(r, &a->kind->params[a->params], &value))
            return args_param(r, a, a->params++, value, at);
        if (args_wants_choice(r, a, w)) return args_choice_unknown(r, a, &a->kind->params[a->params], at);
    }
    KL__TRY(kl__read_one(r, KL__BIND_OR, &given));
    return args_placed(r, a, &given, at);
}

static kl_status args_list(kl__reader *r, args_given *a) {
    if (!kl__read_take(r, '(') || kl__read_take(r, ')')) return KL_OK;
    for (;;) {
        if (kl__read_peek(r) == '\0' || args_ends(r)) return kl__read_expected(r, r->at, "an argument");
        KL__TRY(args_argument(r, a));
        if (kl__read_take(r, ')')) return KL_OK;
        if (!kl__read_take(r, ',')) return kl__read_expected(r, r->at, "a sign, ',' or ')'");
    }
}

/* name(inputs, param=value ...), in the place of the pieces that the arguments left */
static kl_status args_text(kl__reader *r, const args_given *a, kl__operand *result) {
    const kl_indicator *kind = a->kind;
    uint32_t begin = kl__text_at(r);
    if (!kl__text_on(r)) return KL_OK;
    KL__TRY(kl__text_name(r, kind->name));
    KL__TRY(kl__text_put(r, "(", 1));
    for (uint32_t i = 0; i < kind->n_inputs; i++) {
        if (i) KL__TRY(kl__text_put(r, ", ", 2));
        if (a->has[i]) KL__TRY(kl__text_again(r, a->in[i].text, a->piece[i]));
        else KL__TRY(kl__text_name(r, kind->inputs[i].usual));
    }
    for (uint32_t i = 0; i < kind->n_params; i++) {
        const kl_param_info *info = &kind->params[i];
        uint8_t bind;
        if (i || kind->n_inputs) KL__TRY(kl__text_put(r, ", ", 2));
        KL__TRY(kl__text_name(r, info->name));
        KL__TRY(kl__text_put(r, "=", 1));
        if (info->choices) KL__TRY(kl__text_name(r, info->choices[(int32_t)a->value[i]]));
        else KL__TRY(kl__text_number(r, a->value[i], &bind));
    }
    KL__TRY(kl__text_put(r, ")", 1));
    kl__text_drop(r, result->text, begin);
    return KL_OK;
}

/* if(c, a, b): where c is a plain number, only one of the two is built. */
static kl_status args_branch(kl__reader *r, const char *after, char end, int dry, kl__operand *given) {
    int before = r->dry;
    r->dry |= dry;
    kl_status status = kl__read_one(r, KL__BIND_OR, given);
    r->dry = before;
    if (status < 0) return status;
    return kl__read_take(r, end) ? KL_OK : kl__read_expected(r, r->at, after);
}

static KL__APART kl_status args_if(kl__reader *r, args_given *a, kl__operand *result) {
    kl__operand *in = a->in;
    if (!kl__read_take(r, '(')) return kl__read_expected(r, r->at, "'(' behind if");
    KL__TRY(args_branch(r, "a sign or ','", ',', 0, &in[0]));
    int known = in[0].is_number, chosen = !known ? -1 : in[0].number != in[0].number ? 3 : in[0].number != 0.0 ? 1 : 2;
    KL__TRY(args_branch(r, "a sign or ','", ',', known && chosen != 1, &in[1]));
    KL__TRY(args_branch(r, "a sign or ')'", ')', known && chosen != 2, &in[2]));
    if (chosen == 3) return kl__value_number(r, in[0].number, result);
    if (known) {
        kl__text_drop(r, result->text, in[chosen].text);
        uint32_t text = result->text;
        *result = in[chosen];
        result->text = text;
        return KL_OK;
    }
    for (uint32_t i = 0; i < 3; i++) a->has[i] = 1, a->piece[i] = (i < 2 ? in[i + 1].text : kl__text_at(r)) - in[i].text;
    KL__TRY(kl__value_call(r, a->kind, a->value, in, a->at, result));
    return args_text(r, a, result);
}

kl_status kl__read_call(kl__reader *r, const kl_indicator *kind, size_t at, kl__operand *result) {
    args_given a;
    memset(&a, 0, sizeof a);
    a.kind = kind;
    a.at = at;
    result->bind = KL__BIND_WHOLE;
    KL__TRY(kl__read_nest(r, KL__LEVELS_CALL));
    if (kind == kl__kind_sign("if")) {
        KL__TRY(args_if(r, &a, result));
        *r->level -= KL__LEVELS_CALL;
        return KL_OK;
    }
    KL__TRY(args_list(r, &a));
    for (uint32_t i = 0; i < kind->n_inputs; i++)
        if (!a.has[i]) KL__TRY(kl__value_usual(r, kind, i, at, &a.in[i]));
    for (uint32_t i = 0; i < kind->n_params; i++)
        if (!a.given[i]) a.value[i] = kind->params[i].def;
    kl_status together = r->dry ? KL_OK : kl__params_together(kind, a.value, r->error);
    if (together < 0 && r->error) r->error->column = (int64_t)at + 1;
    if (together < 0) return together;
    KL__TRY(kl__value_call(r, kind, a.value, a.in, at, result));
    *r->level -= KL__LEVELS_CALL;
    return result->is_number ? kl__value_number(r, result->number, result) : args_text(r, &a, result);
}
