/* Calls written as text: name [ "(" argument {"," argument} ")" ] [ "." output ]. An argument is a column (inputs, in their
 * order), a number or the word of a choice (parameters, in their order), or name "=" value. Blanks are allowed between. */
#include "indicator/indicator.h"
#include <string.h>

static const char *const call_columns[KL_COL_COUNT] = {"open", "high", "low", "close", "volume", "quote_volume",
                                                       "trade_count", "taker_buy_base", "taker_buy_quote", "time"};

typedef struct {
    const char *text;
    size_t length, at;
    const kl_indicator *indicator;
    kl_call *call;
    kl_error *error;
    uint32_t inputs, params;      /* how many were given by position */
    uint8_t given[KL_PARAMS_MAX]; /* 1: the parameter has its value */
} call_reader;

typedef struct {
    const char *text;
    size_t length, at;
} call_word;

static int call_is(call_word w, const char *name) { return strlen(name) == w.length && memcmp(name, w.text, w.length) == 0; }

static int32_t call_column(call_word w) {
    for (int32_t i = 0; i < KL_COL_COUNT; i++)
        if (call_is(w, call_columns[i])) return i;
    return -1;
}

int32_t kl__column_find(const char *name) { return call_column((call_word){name, strlen(name), 0}); }
const char *kl__column_name(int32_t column) { return call_columns[column]; }

static void call_blanks(call_reader *r) {
    while (r->at < r->length && (r->text[r->at] == ' ' || r->text[r->at] == '\t')) r->at++;
}

static char call_peek(call_reader *r) {
    call_blanks(r);
    return r->at < r->length ? r->text[r->at] : '\0';
}

static int call_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static call_word call_take_word(call_reader *r) {
    call_blanks(r);
    call_word w = {r->text + r->at, 0, r->at};
    while (r->at < r->length && (call_letter(r->text[r->at]) || (w.length && r->text[r->at] >= '0' && r->text[r->at] <= '9')))
        r->at++, w.length++;
    return w;
}

static int call_shown(size_t length) { return (int)(length < 40 ? length : 40); }

static kl_status call_fail(call_reader *r, size_t at, const char *expected) {
    if (at >= r->length)
        return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)at + 1, "expected %s, found the end of the text", expected);
    unsigned char c = (unsigned char)r->text[at];
    if (c < 0x20 || c > 0x7e)
        return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)at + 1, "expected %s, found byte 0x%02x", expected, (unsigned)c);
    return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)at + 1, "expected %s, found '%c'", expected, c);
}

static kl_status call_unknown(call_reader *r, call_word w, const char *what) {
    return kl__fail(r->error, KL_E_UNKNOWN_NAME, 0, 0, (int64_t)w.at + 1, "%s: '%.*s' is no %s", r->indicator->name,
                    call_shown(w.length), w.text, what);
}

static kl_status call_set(call_reader *r, uint32_t at, double value, size_t column) {
    const kl_param_info *info = &r->indicator->params[at];
    if (r->given[at])
        return kl__fail(r->error, KL_E_ARG, (int32_t)at + 1, 0, (int64_t)column + 1, "%s: parameter %s is given twice",
                        r->indicator->name, info->name);
    r->given[at] = 1;
    r->call->params[at] = value + 0.0;
    kl_status status = kl__param_check(r->indicator, at, r->call->params[at], r->error);
    if (status < 0 && r->error) r->error->column = (int64_t)column + 1;
    return status;
}

/* A number, or the word of a choice, for parameter `at`. */
static kl_status call_value(call_reader *r, uint32_t at) {
    const kl_param_info *info = &r->indicator->params[at];
    size_t begin = (call_blanks(r), r->at), used = 0;
    double value;
    if (r->at < r->length && call_letter(r->text[r->at])) {
        call_word w = call_take_word(r);
        for (int32_t i = 0; info->kind == KL_PARAM_CHOICE && info->choices[i]; i++)
            if (call_is(w, info->choices[i])) return call_set(r, at, i, begin);
        if (info->kind == KL_PARAM_CHOICE) return call_unknown(r, w, "choice of this parameter");
        return call_fail(r, begin, "a number");
    }
    if (r->at >= r->length || kl_double_parse(r->text + r->at, r->length - r->at, &value, &used) < 0 || used == 0)
        return call_fail(r, begin, info->kind == KL_PARAM_CHOICE ? "a choice" : "a number");
    r->at += used;
    return call_set(r, at, value, begin);
}

static kl_status call_named(call_reader *r, call_word w) {
    for (uint32_t i = 0; i < r->indicator->n_params; i++)
        if (call_is(w, r->indicator->params[i].name)) return r->at++, call_value(r, i);
    for (uint32_t i = 0; i < r->indicator->n_inputs; i++)
        if (call_is(w, r->indicator->inputs[i].name)) {
            r->at++;
            call_word column = call_take_word(r);
            if (column.length == 0) return call_fail(r, r->at, "a column");
            r->call->inputs[i] = call_column(column);
            return r->call->inputs[i] < 0 ? call_unknown(r, column, "column") : KL_OK;
        }
    return call_unknown(r, w, "parameter or input");
}

static kl_status call_argument(call_reader *r) {
    size_t begin = (call_blanks(r), r->at);
    int word = r->at < r->length && call_letter(r->text[r->at]);
    if (word) {
        call_word w = call_take_word(r);
        if (call_peek(r) == '=') return call_named(r, w);
        int32_t column = call_column(w);
        if (column >= 0) {
            if (r->params) return call_fail(r, begin, "parameters after the columns");
            if (r->inputs >= r->indicator->n_inputs)
                return kl__fail(r->error, KL_E_ARG, 0, 0, (int64_t)begin + 1, "%s takes %u columns at most", r->indicator->name,
                                (unsigned)r->indicator->n_inputs);
            r->call->inputs[r->inputs++] = column;
            return KL_OK;
        }
        r->at = begin;
    }
    if (r->params >= r->indicator->n_params) {
        if (word) return call_fail(r, begin, "a column or ')'");
        return kl__fail(r->error, KL_E_ARG, 0, 0, (int64_t)begin + 1, "%s takes %u parameters at most", r->indicator->name,
                        (unsigned)r->indicator->n_params);
    }
    if (word && r->indicator->params[r->params].kind != KL_PARAM_CHOICE)
        return call_unknown(r, call_take_word(r), "column");
    return call_value(r, r->params++);
}

static kl_status call_arguments(call_reader *r) {
    if (call_peek(r) != '(') return KL_OK;
    r->at++;
    if (call_peek(r) == ')') return r->at++, KL_OK;
    for (;;) {
        char c = call_peek(r);
        if (c == '\0' || c == ',' || c == ')') return call_fail(r, r->at, "a column, a number or name=value");
        KL__TRY(call_argument(r));
        c = call_peek(r);
        if (c == ')') return r->at++, KL_OK;
        if (c != ',') return call_fail(r, r->at, "',' or ')'");
        r->at++;
    }
}

static kl_status call_output(call_reader *r) {
    if (call_peek(r) != '.') return KL_OK;
    r->at++;
    call_word w = call_take_word(r);
    if (w.length == 0) return call_fail(r, r->at, "the name of an output");
    for (uint32_t i = 0; i < r->indicator->n_outputs; i++)
        if (call_is(w, r->indicator->outputs[i].name)) return r->call->output = (int32_t)i, KL_OK;
    return call_unknown(r, w, "output");
}

static kl_status call_name(call_reader *r) {
    char name[64];
    call_word w = call_take_word(r);
    if (w.length == 0) return call_fail(r, r->at, "the name of an indicator");
    if (w.length < sizeof name) {
        memcpy(name, w.text, w.length);
        name[w.length] = '\0';
        r->indicator = kl_indicator_find(name);
    }
    if (r->indicator) return KL_OK;
    return kl__fail(r->error, KL_E_UNKNOWN_NAME, 0, 0, (int64_t)w.at + 1, "there is no indicator '%.*s'", call_shown(w.length), w.text);
}

kl_status kl_call_parse(const char *text, size_t length, kl_call *call, kl_error *error) {
    if (!text || !call) return kl__fail(error, KL_E_ARG, text ? 3 : 1, 0, 0, "an argument is missing");
    kl_call made = {.output = -1};
    call_reader r = {.text = text, .length = length, .call = &made, .error = error};
    KL__TRY(call_name(&r));
    made.indicator = r.indicator;
    for (uint32_t i = 0; i < r.indicator->n_params; i++) made.params[i] = r.indicator->params[i].def;
    for (uint32_t i = 0; i < r.indicator->n_inputs; i++) made.inputs[i] = kl__column_find(r.indicator->inputs[i].usual);
    KL__TRY(call_arguments(&r));
    KL__TRY(call_output(&r));
    call_blanks(&r);
    if (r.at < length) return call_fail(&r, r.at, "the end of the text");
    *call = made;
    return KL_OK;
}
