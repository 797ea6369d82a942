/* Between the two halves of the TOML reader: its state, and what reads one key, string or number. */
#ifndef KL__TOML_LEX_H
#define KL__TOML_LEX_H
#include "base/toml.h"

typedef struct kl__toml_lex {
    const char *text, *p, *end;
    kl__toml *toml;
    kl_error *error;
    uint32_t section; /* number of the header, from 1 */
    uint32_t depth;
} kl__toml_lex;

/* An error at a byte of the text. */
kl_status kl__toml_lex_fail(const kl__toml_lex *lex, const char *at, const char *why);
/* Blanks and tabs; with `lines` also line ends and comments. */
kl_status kl__toml_lex_blanks(kl__toml_lex *lex, int lines);
/* The end of a line behind a statement: blanks, a comment. */
kl_status kl__toml_lex_line_end(kl__toml_lex *lex);
/* One part of a key: bare or quoted. */
kl_status kl__toml_lex_key(kl__toml_lex *lex, uint32_t *key, uint32_t *length);
/* A string of any form, a number or a bool, into a node. */
kl_status kl__toml_lex_scalar(kl__toml_lex *lex, kl__toml_node *node);

#endif
