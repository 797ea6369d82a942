/* Expressions of a plan, compiled one after the other into the build of a program. */
#ifndef KL__INDICATOR_EXPRESSION_H
#define KL__INDICATOR_EXPRESSION_H
#include "indicator/program.h"
#include "kline/plan.h"

#define KL__EXPRESSION_DEPTH 64 /* levels of nesting, those within the formulas of what is called counted too; a call is two */

/* What the expressions of one plan share. Sources are numbered as those of the build: sources[0] is the bars that the plan
 * runs over. `columns` is filled in as columns are read, first_input is left to the plan. */
typedef struct kl__expression_scope {
    const kl_alloc *alloc;
    kl_interval interval; /* of the plan's bars; unit 0: not known */
    kl_plan_source *sources;
    uint32_t n_sources, room_sources;
    char *text; /* the last expression in its complete form: not ended by 0, valid until the next one is compiled */
    size_t length, room;
} kl__expression_scope;

/* Values of an expression: one, or those of all outputs of a call that stands alone. They may be inputs or plain numbers. */
typedef struct kl__expression {
    uint32_t n;
    uint32_t values[KL_OUTPUTS_MAX];
    const char *names[KL_OUTPUTS_MAX]; /* of the outputs; NULL where the expression is one value */
} kl__expression;

/* `alloc` is kept and not NULL; `interval` may have unit 0. `free` follows in every case, after an error too. */
kl_status kl__expression_scope_init(kl__expression_scope *scope, const kl_interval *interval, const kl_alloc *alloc, kl_error *error);
void kl__expression_scope_free(kl__expression_scope *scope);
/* `error`: column is the position in the text, from 1; arg is left 0. */
kl_status kl__expression_build(kl__build *build, kl__expression_scope *scope, const char *text, size_t length, kl__expression *result,
                               kl_error *error);

#endif
