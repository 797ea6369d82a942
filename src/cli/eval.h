/* What the parts of `kline eval` share: coarser bars, folded as they come, series of other symbols, panels, summaries. */
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
    int begun;
    kl_time begin; /* of the first bar: a coarser one that began before is not whole, and not known */
    kl_columns view;
    kl_interval bars, to;
} eval_coarse;

kl_status eval_coarse_open(eval_coarse *c, const kl_interval *bars, const kl_interval *to, size_t room, kl_error *error);
void eval_coarse_free(eval_coarse *c);
kl_status eval_coarse_push(eval_coarse *c, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error);
void eval_coarse_taken(eval_coarse *c, size_t n);

/* A series of the store, aligned on the open times of another one. */
typedef struct eval_other {
    kl_stored *stored;
    cli_scan scan;
    size_t used; /* rows of the scan's block that were taken */
    int ended;
    kl_time *times; /* rows that were read: `n` of them, `room` at most */
    double *read[EVAL_COLUMNS], *columns[EVAL_COLUMNS]; /* columns: aligned, NaN where there is no bar */
    void *memory;
    size_t memory_bytes, n, room;
    char symbol[KL_SYMBOL_MAX];
    kl_columns view; /* aligned */
} eval_other;

/* `source`: whose symbol it is; [KL_TIME_MIN, to) is read. */
kl_status eval_other_open(eval_other *o, const cli_source *source, kl_store *store, size_t room, kl_error *error);
void eval_other_free(eval_other *o);
/* Reads until `room` rows are there or no more come. */
kl_status eval_other_fill(eval_other *o, kl_error *error);
/* Aligns on n times that rise, at most `room` of them, and makes the view; times lie as long as the view is used. Rows up to the last time are gone then. */
kl_status eval_other_align(eval_other *o, const kl_time *times, size_t n, kl_error *error);
/* Hands the rows up to `last` on to coarser bars instead. */
kl_status eval_other_fold(eval_other *o, kl_time last, eval_coarse *coarse, kl_error *error);

/* What --summary tells of a column; zeros at first. Four lanes of rows, so that no multiplication waits for the one before. */
typedef struct eval_summary {
    uint64_t lanes[4], known, rows;
    double last;
} eval_summary;
void eval_summarise(eval_summary *s, const double *x, size_t n);
/* summaries: the outputs of each of n symbols, or with NULL of the only one */
kl_status eval_print_summary(cli_table *table, cli_out *out, const kl_plan *plan, const eval_summary *summaries, const char *const *symbols, size_t n);

/* The plan over many symbols of a store: rows by time, then symbol. */
typedef struct eval_panel {
    const cli_source *source; /* symbol: not used */
    const char *symbols;      /* "A,B,C" or "ALL" */
    const kl_plan *plan;
    cli_out *out;
    cli_table *table;
    kl_time from;
    int summary, damaged;
} eval_panel;
kl_status eval_panel_run(eval_panel *panel, kl_error *error);
kl_status eval_columns(cli_table *table, const kl_plan *plan); /* those of the outputs */

#endif
