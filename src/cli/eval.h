/* What the two halves of `kline eval` share: the bars of the source and its coarser bars, folded as they come. */
#ifndef KLINE_CLI_EVAL_H
#define KLINE_CLI_EVAL_H
#include "cli.h"

#define EVAL_COLUMNS (KL_COL_TIME)

/* Coarser bars of the source that the plan has not taken yet, as doubles. */
typedef struct eval_coarse {
    kl_fold *fold;
    void *memory;
    kl_time *times;
    double *columns[EVAL_COLUMNS];
    size_t n, room;
    kl_columns view;
} eval_coarse;

kl_status eval_coarse_open(eval_coarse *c, const kl_interval *bars, const kl_interval *to, size_t room, kl_error *error);
void eval_coarse_free(eval_coarse *c);
kl_status eval_coarse_push(eval_coarse *c, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error);
void eval_coarse_taken(eval_coarse *c, size_t n);

#endif
