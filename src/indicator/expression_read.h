/* Inside of the reader of expressions: one walk over the text, which builds as it goes. */
#ifndef KL__INDICATOR_EXPRESSION_READ_H
#define KL__INDICATOR_EXPRESSION_READ_H
#include "indicator/expression.h"

#define KL__FORMULA_NAMES 96 /* names that one formula may define */
/* Levels of nesting that each costs, by the stack that it takes. */
enum { KL__LEVELS_PAIR = 1, KL__LEVELS_CALL = 2, KL__LEVELS_FORMULA = 3 };

/* How strongly the last sign of a piece of text binds. */
enum { KL__BIND_OR = 1, KL__BIND_AND, KL__BIND_NOT, KL__BIND_COMPARE, KL__BIND_SUM, KL__BIND_PRODUCT, KL__BIND_SIGN, KL__BIND_WHOLE, KL__BIND_DATED /* whole, with an interval */ };

typedef struct kl__word {
    const char *text;
    size_t length, at;
} kl__word;

/* What a piece of text stands for. Its complete form is what the scope's text has from `text` on. */
typedef struct kl__operand {
    double number;
    const kl_indicator *call; /* it is a call as such: its outputs can be chosen from */
    uint32_t value, text;
    uint8_t is_number, bind;
} kl__operand;

typedef struct kl__definition {
    double number; /* or the value, which is a whole number */
    uint32_t at;   /* of its name in the formula */
    uint16_t length, is_number;
} kl__definition;

/* The names of a formula. */
typedef struct kl__formula {
    const kl_indicator *kind;
    const double *params;
    const uint32_t *in;
    uint32_t n;
    kl__definition names[KL__FORMULA_NAMES];
} kl__formula;

typedef struct kl__reader {
    const char *text;
    size_t length, at;
    kl__build *build;
    kl__expression_scope *scope; /* of an expression of a plan */
    kl__formula *formula;        /* or of a formula */
    kl_error *error;
    uint32_t *level;
    kl__word symbol;      /* whose columns are meant: length 0: the plan's own */
    kl_interval interval; /* unit 0: the plan's own */
    int dry;              /* the text is checked, nothing is built */
    uint32_t several[KL_OUTPUTS_MAX]; /* outputs of the last call, until another one is read */
} kl__reader;

/* expression_read.c: words, errors */
int kl__letter(char c);
int kl__word_is(kl__word w, const char *name);
void kl__read_blanks(kl__reader *r);
char kl__read_peek(kl__reader *r); /* the next byte that is not blank; 0 at the end */
int kl__read_take(kl__reader *r, char c);
kl__word kl__read_word(kl__reader *r);
kl__word kl__read_ahead(kl__reader *r); /* the word that comes next, not taken */
kl_status kl__read_expected(kl__reader *r, size_t at, const char *expected);
kl_status kl__read_text(kl__reader *r, const char *what, kl__word *text); /* between two ' */
size_t kl__read_odd(kl__word text); /* where the first byte lies that is of a control character or not of UTF-8; its length: nowhere */
kl_status kl__read_nest(kl__reader *r, uint32_t levels); /* the caller takes them off again */
/* Passes over one value and what is attached to it; 1, and where, if an interval is attached. */
int kl__read_interval_ahead(kl__reader *r, size_t *at);
kl_status kl__read_unknown(kl__reader *r, kl__word w);
kl_status kl__read_output_missing(kl__reader *r, size_t at, const kl_indicator *kind); /* one of several outputs is to be chosen */

/* expression_text.c: the complete form. Nothing is written in a formula or a dry walk. */
int kl__text_on(const kl__reader *r);
uint32_t kl__text_at(const kl__reader *r);
void kl__text_cut(kl__reader *r, uint32_t at);
kl_status kl__text_put(kl__reader *r, const char *bytes, size_t n);
kl_status kl__text_again(kl__reader *r, uint32_t from, uint32_t n); /* a piece of itself */
kl_status kl__text_name(kl__reader *r, const char *name);
kl_status kl__text_number(kl__reader *r, double x, uint8_t *bind);
kl_status kl__text_enclose(kl__reader *r, uint32_t from); /* in parentheses, from there to the end */
void kl__text_drop(kl__reader *r, uint32_t from, uint32_t to); /* what is written between goes */

/* expression_value.c: names, numbers, calls of the build */
kl_status kl__value_column(kl__reader *r, int32_t column, uint32_t *value);
/* 1: the bare name is one of a formula, or a column. */
kl_status kl__value_name(kl__reader *r, kl__word w, kl__operand *result, int *found);
kl_status kl__value_usual(kl__reader *r, const kl_indicator *kind, uint32_t input, size_t at, kl__operand *result);
kl_status kl__value_number(kl__reader *r, double x, kl__operand *result);
/* A call with all its inputs; operands that are numbers become values where they have to. */
kl_status kl__value_call(kl__reader *r, const kl_indicator *kind, const double *params, kl__operand *in, size_t at, kl__operand *result);
kl_status kl__value_interval(kl__reader *r, kl__word text, kl_interval *interval);
const kl_indicator *kl__kind_find(kl__word w);   /* one that may be called by name */
const kl_indicator *kl__kind_sign(const char *name); /* one behind a sign */

/* expression_call.c, expression.c */
kl_status kl__read_call(kl__reader *r, const kl_indicator *kind, size_t at, kl__operand *result);
kl_status kl__read_expression(kl__reader *r, int bind, kl__operand *result);
kl_status kl__read_one(kl__reader *r, int bind, kl__operand *result); /* that is one value */

#endif
