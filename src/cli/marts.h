/* What the files of `kline marts` share. */
#ifndef KLINE_CLI_MARTS_H
#define KLINE_CLI_MARTS_H
#include "cli.h"

enum { MARTS_CLOSE = 0, MARTS_VOLUME, MARTS_QUOTE, MARTS_HIGH, MARTS_LOW, MARTS_COLUMNS };

/* The candles of one symbol, as the marts read them. */
typedef struct marts_series {
    char symbol[KL_SYMBOL_MAX];
    size_t n, room;
    kl_time *time;
    double *column[MARTS_COLUMNS];
} marts_series;

/* All symbols, in byte order of their names. */
typedef struct marts_rows {
    marts_series *series;
    size_t n;
    uint64_t forming, unaligned, damaged; /* rows passed over; ranges that could not be read */
} marts_rows;

typedef struct marts_source {
    const cli_verb *verb;
    const char *store, *venue, *market;
    char **symbols; /* wanted ones; n_symbols 0: all */
    size_t n_symbols;
    kl_interval interval; /* that of the store is put in its place: with its anchor */
    kl_time from, to;
    int grid; /* rows off the grid are passed over */
} marts_source;

/* marts_rows.c */
kl_status marts_rows_read(marts_rows *rows, marts_source *source, kl_error *error);
void marts_rows_free(marts_rows *rows);

/* marts_invest.c: the one symbol of `source`, bought at its first candle; the path goes out, the sentence to stderr */
kl_status marts_invest(const cli_verb *verb, marts_source *source, double amount, marts_rows *rows, cli_out *out, kl_error *error);

/* marts_state.c: what a run leaves for the next one: the mart, how it was asked for, and a fingerprint of every row that it has seen. */
typedef struct marts_state {
    const cli_verb *verb;
    kl_checkpoint *checkpoint;
    const char *path;
    int found; /* there was a file, and it is the state of this mart */
} marts_state;
/* Opens the state file. One that is damaged, newer or of another mart is told and counts as none; a file that is no state at all
 * is refused. */
kl_status marts_state_open(marts_state *state, const cli_verb *verb, const char *path, const kl_mart_spec *spec, kl_error *error);
void marts_state_free(marts_state *state);
/* The first time at which the rows differ from those of the last run: KL_TIME_MAX where nothing is new, KL_TIME_MIN where all is.
 * *same: the symbols are those of the last run. Rows that are gone are told: nothing can take them back downstream. */
kl_time marts_state_changed(const marts_state *state, const marts_rows *rows, int *same);
kl_status marts_state_restore(const marts_state *state, kl_mart *mart, kl_error *error);
kl_status marts_state_save(marts_state *state, const kl_mart_spec *spec, const marts_rows *rows, const kl_mart *mart, kl_error *error);

#endif
