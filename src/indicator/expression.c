/* The language of docs/expressions.md: signs by how strongly they bind, values and what is attached to them, formulas. */
#include "indicator/expression_read.h"
#include <string.h>

typedef struct {
    const char *sign, *kind;
    int bind;
} expression_sign;

static const expression_sign expression_signs[] = {
    {"<=", "le", KL__BIND_COMPARE}, {"<", "lt", KL__BIND_COMPARE},  {">=", "ge", KL__BIND_COMPARE}, {">", "gt", KL__BIND_COMPARE},
    {"==", "eq", KL__BIND_COMPARE}, {"!=", "ne", KL__BIND_COMPARE}, {"+", "add", KL__BIND_SUM},     {"-", "sub", KL__BIND_SUM},
    {"*", "mult", KL__BIND_PRODUCT}, {"/", "div", KL__BIND_PRODUCT}, {"and", "and", KL__BIND_AND},  {"or", "or", KL__BIND_OR},
};

static int expression_keyword(kl__word w) { return kl__word_is(w, "and") || kl__word_is(w, "or") || kl__word_is(w, "not"); }

/* The sign between two values that comes next, not taken. */
static const expression_sign *expression_between(kl__reader *r) {
    kl__word w = kl__read_ahead(r);
    for (size_t i = 0; i < sizeof expression_signs / sizeof *expression_signs; i++) {
        const char *sign = expression_signs[i].sign;
        size_t n = strlen(sign);
        if (kl__letter(sign[0]) ? kl__word_is(w, sign) : n <= r->length - r->at && memcmp(r->text + r->at, sign, n) == 0)
            return &expression_signs[i];
    }
    return NULL;
}

/* One value out of an operand: a call with several outputs is none. */
static kl_status expression_single(kl__reader *r, const kl__operand *x, size_t at) {
    return x->call && x->call->n_outputs > 1 ? kl__read_output_missing(r, at, x->call) : KL_OK;
}

kl_status kl__read_one(kl__reader *r, int bind, kl__operand *result) {
    size_t at = (kl__read_blanks(r), r->at);
    KL__TRY(kl__read_expression(r, bind, result));
    return expression_single(r, result, at);
}

static void expression_start(kl__reader *r, kl__operand *result) {
    memset(result, 0, sizeof *result);
    result->text = kl__text_at(r);
    result->bind = KL__BIND_WHOLE;
}

/* ------------------------------------------------------------------------------------- behind a value: [ ] . @ --- */

static KL__APART kl_status expression_lag(kl__reader *r, kl__operand *x) {
    kl__operand count;
    double params[KL_PARAMS_MAX];
    const kl_indicator *lag = kl__kind_sign("lag");
    uint8_t bind;
    size_t at = (kl__read_blanks(r), r->at);
    uint32_t text = kl__text_at(r);
    KL__TRY(kl__read_nest(r, KL__LEVELS_PAIR));
    KL__TRY(kl__read_one(r, KL__BIND_OR, &count));
    kl__text_cut(r, text);
    if (!kl__read_take(r, ']')) return kl__read_expected(r, r->at, "a sign or ']'");
    *r->level -= KL__LEVELS_PAIR;
    const char *wrong = !count.is_number     ? "the number of bars in [ ] is a plain number; a series stands here"
                        : count.number < 0.0 ? "a negative number of bars ago is the future, which is not to be had"
                        : x->is_number       ? "a plain number has no past"
                                             : NULL;
    if (wrong) return kl__fail(r->error, KL_E_ARG, 0, 0, (int64_t)at + 1, "%s", wrong);
    x->call = NULL;
    if (count.number == 0.0) return KL_OK;
    for (uint32_t i = 0; i < lag->n_params; i++) params[i] = lag->params[i].def;
    params[0] = count.number;
    kl_status status = r->dry ? KL_OK : kl__param_check(lag, 0, params[0], r->error);
    if (status < 0 && r->error) r->error->column = (int64_t)at + 1;
    if (status < 0) return status;
    kl__operand before = *x;
    KL__TRY(kl__value_call(r, lag, params, &before, at, x));
    x->call = NULL;
    if (x->bind < KL__BIND_WHOLE) {
        KL__TRY(kl__text_enclose(r, x->text));
        x->bind = KL__BIND_WHOLE;
    }
    KL__TRY(kl__text_put(r, "[", 1));
    KL__TRY(kl__text_number(r, count.number, &bind));
    return kl__text_put(r, "]", 1);
}

static KL__APART kl_status expression_output(kl__reader *r, size_t dot, kl__operand *x) {
    const kl_indicator *kind = x->call;
    if (!kind) return kl__read_expected(r, dot, "a sign or the end of the text");
    kl__word w = kl__read_word(r);
    if (w.length == 0) return kl__read_expected(r, r->at, "the name of an output");
    x->call = NULL;
    for (uint32_t i = 0; i < kind->n_outputs; i++) {
        if (!kl__word_is(w, kind->outputs[i].name)) continue;
        if (kind->n_outputs == 1) return KL_OK;
        if (!r->dry) x->value = r->several[i];
        if (x->bind < KL__BIND_WHOLE) KL__TRY(kl__text_enclose(r, x->text));
        KL__TRY(kl__text_put(r, ".", 1));
        return kl__text_name(r, kind->outputs[i].name);
    }
    kl_status status = kl__read_output_missing(r, w.at, kind);
    if (r->error) r->error->code = KL_E_UNKNOWN_NAME;
    return status < 0 ? KL_E_UNKNOWN_NAME : status;
}

static KL__APART kl_status expression_interval(kl__reader *r, const kl_interval *interval, kl__operand *x) {
    char name[KL_INTERVAL_TEXT_MAX];
    kl__word text;
    KL__TRY(kl__read_text(r, "an interval like '1h'", &text));
    if (x->is_number) return KL_OK;
    size_t n = kl_interval_print(interval, name);
    if (x->bind != KL__BIND_WHOLE) KL__TRY(kl__text_enclose(r, x->text));
    x->bind = KL__BIND_DATED;
    KL__TRY(kl__text_put(r, "@'", 2));
    KL__TRY(kl__text_put(r, name, n));
    return kl__text_put(r, "'", 1);
}

/* ---------------------------------------------------------------------------------------------------- values --- */

static kl_status expression_name(kl__reader *r, kl__operand *result) {
    kl__word w = kl__read_word(r);
    int found = 0;
    if (expression_keyword(w)) return kl__read_expected(r, w.at, "a value");
    if (kl__read_peek(r) != '(') KL__TRY(kl__value_name(r, w, result, &found));
    if (found && result->is_number) return kl__value_number(r, result->number, result);
    if (found) return KL_OK;
    const kl_indicator *kind = kl__kind_find(w);
    if (!kind) return kl__read_unknown(r, w);
    return kl__read_call(r, kind, w.at, result);
}

static kl_status expression_number(kl__reader *r, kl__operand *result) {
    size_t used = 0;
    double x;
    if (kl_double_parse(r->text + r->at, r->length - r->at, &x, &used) < 0 || used == 0) return kl__read_expected(r, r->at, "a value");
    if (x >= 0x1p1000) return kl__fail(r->error, KL_E_ARG, 0, 0, (int64_t)r->at + 1, "a number has to be less than 2^1000");
    r->at += used;
    return kl__value_number(r, x, result);
}

static kl_status expression_whole(kl__reader *r, kl__operand *result);

/* 'SYMBOL': before a value: its columns are meant */
static KL__APART kl_status expression_symbol(kl__reader *r, kl__operand *result) {
    kl__word symbol, before = r->symbol;
    KL__TRY(kl__read_text(r, "a symbol", &symbol));
    if (r->formula) return kl__read_expected(r, symbol.at - 1, "a value: the inputs are all that a formula reads");
    if (symbol.length == 0 || symbol.length >= KL_PLAN_SYMBOL_MAX)
        return kl__fail(r->error, KL_E_SYMBOL, 0, 0, (int64_t)symbol.at + 1, "a symbol has 1..%d letters", KL_PLAN_SYMBOL_MAX - 1);
    const size_t odd = kl__read_odd(symbol);
    if (odd < symbol.length)
        return kl__fail(r->error, KL_E_SYMBOL, 0, 0, (int64_t)(symbol.at + odd) + 1, "byte 0x%02x is of no letter that a symbol can have",
                        (unsigned)(unsigned char)symbol.text[odd]);
    if (!kl__read_take(r, ':')) return kl__read_expected(r, r->at, "':' behind a symbol");
    KL__TRY(kl__text_put(r, symbol.text - 1, symbol.length + 2));
    KL__TRY(kl__text_put(r, ":", 1));
    uint32_t text = result->text;
    r->symbol = symbol;
    KL__TRY(kl__read_nest(r, KL__LEVELS_PAIR));
    KL__TRY(expression_whole(r, result));
    *r->level -= KL__LEVELS_PAIR;
    r->symbol = before;
    if (!result->is_number && result->bind < KL__BIND_WHOLE) {
        KL__TRY(kl__text_enclose(r, result->text));
        result->bind = KL__BIND_WHOLE;
    }
    result->text = text;
    return result->is_number ? kl__value_number(r, result->number, result) : KL_OK;
}

static kl_status expression_value(kl__reader *r, kl__operand *result) {
    char c = kl__read_peek(r);
    uint32_t text = result->text;
    if (c == '\'') return expression_symbol(r, result);
    if (kl__letter(c)) return expression_name(r, result);
    if (c == '.' || (c >= '0' && c <= '9')) return expression_number(r, result);
    if (!kl__read_take(r, '(')) return kl__read_expected(r, r->at, "a value");
    KL__TRY(kl__read_nest(r, KL__LEVELS_PAIR));
    KL__TRY(kl__read_expression(r, KL__BIND_OR, result));
    *r->level -= KL__LEVELS_PAIR;
    result->text = text;
    return kl__read_take(r, ')') ? KL_OK : kl__read_expected(r, r->at, "a sign or ')'");
}

/* A value and what is attached to it. An interval holds for all columns before it, so it is looked for first. */
static kl_status expression_whole(kl__reader *r, kl__operand *result) {
    size_t begin = (kl__read_blanks(r), r->at), at = r->length;
    kl_interval before = r->interval;
    kl__word text;
    expression_start(r, result);
    if (r->scope && kl__read_interval_ahead(r, &at)) {
        r->at = at + 1;
        KL__TRY(kl__read_text(r, "an interval like '1h'", &text));
        KL__TRY(kl__value_interval(r, text, &r->interval));
        r->at = begin;
    }
    KL__TRY(expression_value(r, result));
    for (;;) {
        kl__read_blanks(r);
        size_t sign = r->at;
        if (kl__read_take(r, '[')) {
            KL__TRY(expression_single(r, result, begin));
            KL__TRY(expression_lag(r, result));
        } else if (kl__read_take(r, '.')) {
            KL__TRY(expression_output(r, sign, result));
        } else if (r->scope && kl__read_take(r, '@')) {
            if (sign != at) return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)sign + 1, "a second interval of the same value");
            KL__TRY(expression_interval(r, &r->interval, result));
        } else {
            break;
        }
    }
    r->interval = before;
    return KL_OK;
}

/* --------------------------------------------------------------------------------------------- signs between --- */

static kl_status expression_apply(kl__reader *r, const char *name, int bind, kl__operand *in, size_t at, kl__operand *result) {
    uint32_t text = in[0].text;
    result->bind = (uint8_t)bind;
    KL__TRY(kl__value_call(r, kl__kind_sign(name), NULL, in, at, result));
    result->text = text;
    result->call = NULL;
    return result->is_number ? kl__value_number(r, result->number, result) : KL_OK;
}

/* - x or not x */
static kl_status expression_before(kl__reader *r, const char *sign, const char *kind, int bind, kl__operand *result) {
    kl__operand in[1];
    size_t at = r->at;
    uint32_t text = kl__text_at(r);
    KL__TRY(kl__read_nest(r, KL__LEVELS_PAIR));
    KL__TRY(kl__text_name(r, sign));
    KL__TRY(kl__read_one(r, bind, &in[0]));
    *r->level -= KL__LEVELS_PAIR;
    if (in[0].bind < bind) KL__TRY(kl__text_enclose(r, in[0].text));
    in[0].text = text;
    return expression_apply(r, kind, bind, in, at, result);
}

static kl_status expression_first(kl__reader *r, int bind, kl__operand *result) {
    if (kl__read_peek(r) == '-' && r->at < r->length) {
        r->at++;
        return expression_before(r, "-", "neg", KL__BIND_SIGN, result);
    }
    if (bind <= KL__BIND_NOT && kl__word_is(kl__read_ahead(r), "not")) {
        kl__read_word(r);
        return expression_before(r, "not ", "not", KL__BIND_NOT, result);
    }
    return expression_whole(r, result);
}

/* All signs that bind at least so strongly. */
kl_status kl__read_expression(kl__reader *r, int bind, kl__operand *result) {
    kl__operand in[2];
    size_t begin = (kl__read_blanks(r), r->at);
    int last = KL__BIND_WHOLE + 1; /* of the sign that was applied last */
    KL__TRY(expression_first(r, bind, result));
    for (const expression_sign *s; (s = expression_between(r)) != NULL && s->bind >= bind; last = s->bind) {
        size_t at = r->at;
        if (s->bind == KL__BIND_COMPARE && last == KL__BIND_COMPARE)
            return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)at + 1, "comparisons do not chain: write a < b and b < c");
        KL__TRY(expression_single(r, result, begin));
        r->at += strlen(s->sign);
        in[0] = *result;
        if (in[0].bind < s->bind + (s->bind == KL__BIND_COMPARE)) KL__TRY(kl__text_enclose(r, in[0].text));
        KL__TRY(kl__text_put(r, " ", 1));
        KL__TRY(kl__text_name(r, s->sign));
        KL__TRY(kl__text_put(r, " ", 1));
        KL__TRY(kl__read_one(r, s->bind + 1, &in[1]));
        if (in[1].bind <= s->bind) KL__TRY(kl__text_enclose(r, in[1].text));
        KL__TRY(expression_apply(r, s->kind, s->bind, in, at, result));
    }
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------- the doors --- */

kl_status kl__expression_scope_init(kl__expression_scope *scope, const kl_interval *interval, const kl_alloc *alloc, kl_error *error) {
    memset(scope, 0, sizeof *scope);
    scope->alloc = alloc;
    if (interval) scope->interval = *interval;
    scope->sources = alloc->take(alloc->ctx, sizeof *scope->sources);
    if (!scope->sources) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the sources of the plan");
    memset(scope->sources, 0, sizeof *scope->sources);
    scope->n_sources = scope->room_sources = 1;
    return KL_OK;
}

void kl__expression_scope_free(kl__expression_scope *scope) {
    const kl_alloc *alloc = scope->alloc;
    if (scope->sources) alloc->give(alloc->ctx, scope->sources, scope->room_sources * sizeof *scope->sources);
    if (scope->text) alloc->give(alloc->ctx, scope->text, scope->room);
    memset(scope, 0, sizeof *scope);
}

kl_status kl__expression_build(kl__build *build, kl__expression_scope *scope, const char *text, size_t length, kl__expression *result,
                               kl_error *error) {
    kl__reader r = {.text = text, .length = length, .build = build, .scope = scope, .error = error, .level = kl__build_level(build)};
    kl__operand x;
    *r.level = 0;
    r.interval = scope->interval;
    scope->length = 0;
    KL__TRY(kl__read_expression(&r, KL__BIND_OR, &x));
    if (kl__read_peek(&r), r.at < length) return kl__read_expected(&r, r.at, "a sign or the end of the text");
    result->n = 1;
    result->names[0] = NULL;
    if (x.is_number) return kl__build_number(build, x.number, &result->values[0]);
    result->values[0] = x.value;
    if (!x.call || x.call->n_outputs == 1) return KL_OK;
    for (result->n = 0; result->n < x.call->n_outputs; result->n++) {
        result->values[result->n] = r.several[result->n];
        result->names[result->n] = x.call->outputs[result->n].name;
    }
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------- formulas --- */

static KL__APART kl_status formula_define(kl__reader *r, kl__formula *f) {
    kl__operand x;
    kl__word w = kl__read_word(r);
    if (w.length == 0 || w.length > UINT16_MAX || w.at > UINT32_MAX || expression_keyword(w)) return kl__read_expected(r, w.at, "a name");
    for (uint32_t i = 0; i < f->n; i++)
        if (f->names[i].length == w.length && memcmp(r->text + f->names[i].at, w.text, w.length) == 0)
            return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)w.at + 1, "'%.*s' is defined twice", (int)w.length, w.text);
    if (f->n == KL__FORMULA_NAMES)
        return kl__fail(r->error, KL_E_SIZE, 0, 0, (int64_t)w.at + 1, "a formula defines at most %d names", KL__FORMULA_NAMES);
    if (!kl__read_take(r, '=')) return kl__read_expected(r, r->at, "'='");
    KL__TRY(kl__read_one(r, KL__BIND_OR, &x));
    if (kl__read_peek(r), r->at < r->length && !kl__read_take(r, ';')) return kl__read_expected(r, r->at, "a sign or ';'");
    f->names[f->n++] = (kl__definition){x.is_number ? x.number : (double)x.value, (uint32_t)w.at, (uint16_t)w.length, x.is_number};
    return KL_OK;
}

static kl_status formula_outputs(kl__reader *r, const kl__formula *f, uint32_t *out) {
    for (uint32_t o = 0; o < f->kind->n_outputs; o++) {
        const char *name = f->kind->outputs[o].name;
        const kl__definition *d = NULL;
        for (uint32_t i = 0; i < f->n; i++)
            if (kl__word_is((kl__word){r->text + f->names[i].at, f->names[i].length, 0}, name)) d = &f->names[i];
        if (!d) return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)r->length + 1, "the output %s is not defined", name);
        if (d->is_number) KL__TRY(kl__build_number(r->build, d->number, &out[o]));
        else out[o] = (uint32_t)d->number;
    }
    return KL_OK;
}

/* What is wrong in a formula is wrong in the library, or a parameter of what it calls: the indicator is named. */
static KL__APART kl_status formula_fail(const kl_indicator *kind, kl_status status, kl_error *error) {
    kl_error within;
    if (!error || status == KL_E_MEMORY || status == KL_E_SIZE) return status;
    within = *error;
    return kl__fail(error, status, 0, 0, 0, "in the formula of %s, at %d: %s", kind->name, (int)within.column, within.message);
}

kl_status kl__formula_build(kl__build *build, const kl_indicator *kind, const double *params, const uint32_t *in, uint32_t *out,
                            kl_error *error) {
    kl__formula f;
    kl__reader r = {.text = kind->formula, .length = strlen(kind->formula), .build = build, .formula = &f, .error = error,
                    .level = kl__build_level(build)};
    f.kind = kind, f.params = params, f.in = in, f.n = 0;
    uint32_t level = *r.level;
    kl_status status = kl__read_nest(&r, KL__LEVELS_FORMULA);
    while (status >= 0 && (kl__read_peek(&r), r.at < r.length)) status = formula_define(&r, &f);
    if (status >= 0) status = formula_outputs(&r, &f, out);
    *r.level = level;
    return status < 0 ? formula_fail(kind, status, error) : KL_OK;
}
