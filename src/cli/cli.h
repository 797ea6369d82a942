/* What the verbs of the `kline` tool share. The tool is a client of the public headers only. */
#ifndef KLINE_CLI_H
#define KLINE_CLI_H
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "kline.h"
#include <stdio.h>

#if defined(__GNUC__)
#define CLI_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define CLI_PRINTF(fmt, first)
#endif

/* ------------------------------------------------------------------------------------------------- exit codes --- */

enum { CLI_OK = 0, CLI_FINDINGS = 1, CLI_USAGE = 2, CLI_DATA = 3, CLI_IO = 4 };
#define CLI_GO (-1) /* the arguments are fine, the verb may run */

typedef struct cli_verb {
    const char *name, *synopsis, *summary;
    int (*run)(const struct cli_verb *verb, int argc, char **argv);
} cli_verb;

/* exit code that belongs to a status of the library */
int cli_exit_code(kl_status status);
/* the worse of two exit codes: I/O over bad data over usage over findings over ok */
int cli_worse(int a, int b);

/* ------------------------------------------------------------------------------------------ arguments (args.c) --- */

enum {
    CLI_FLAG = 1, /* int, set to 1 */
    CLI_TEXT,     /* const char * */
    CLI_COUNT,    /* uint64_t */
    CLI_INT,      /* int64_t */
    CLI_REAL,     /* double */
    CLI_TIME,     /* kl_time: ISO 8601, epoch in s ms us ns, or now */
    CLI_INTERVAL, /* kl_interval */
    CLI_SPAN      /* int64_t microseconds, as an interval: 90s 15m 2h 1d */
};
typedef struct cli_option {
    const char *name; /* without the dashes */
    int kind;
    void *to;
    const char *value, *help; /* value: what stands behind the name in the help; NULL for flags */
} cli_option;

/* Sets the options, moves the other words to the front of argv and counts them. CLI_GO, or the exit code to leave with (the
 * reason, or the help, is printed by then). */
int cli_args(const cli_verb *verb, int argc, char **argv, const cli_option *options, size_t n_options, int *n_words);
/* prints `kline VERB: sentence` and how to get help; gives CLI_USAGE */
int cli_usage(const cli_verb *verb, const char *format, ...) CLI_PRINTF(2, 3);
/* ISO 8601, epoch or now */
kl_status cli_time_parse(const char *text, kl_time *time);
/* "" s ms us -> KL_WRITE_* */
int cli_epoch_flags(const cli_verb *verb, const char *epoch, uint32_t *flags);

/* --------------------------------------------------------------------------------------------- errors (main.c) --- */

/* `kline VERB: WHERE:ROW:COLUMN: sentence (status)` on stderr, whatever is known of it; gives the exit code. */
int cli_fail(const cli_verb *verb, const char *where, kl_status status, const kl_error *error);
/* a line that is not an error: `kline VERB: text` on stderr */
void cli_note(const cli_verb *verb, const char *format, ...) CLI_PRINTF(2, 3);
/* fills *error, unless it is NULL, and gives code back */
kl_status cli_set_error(kl_error *error, kl_status code, int64_t row, const char *format, ...) CLI_PRINTF(4, 5);
kl_time cli_now(void);

/* ------------------------------------------------------------------------------------------- output (output.c) --- */

/* Standard output, or a file, as a kl_writer. A reader that went away (EPIPE) is not an error: `gone` is set. */
typedef struct cli_out {
    FILE *file;
    kl_writer writer;
    uint32_t flags; /* KL_WRITE_*: time format; the header is added for the first table */
    int json, header_done, gone, own_file, refused; /* refused: the file could not be made, which was told */
    const cli_verb *verb;
    const char *path; /* opened, and emptied, with the first byte */
} cli_out;
int cli_out_open(cli_out *out, const cli_verb *verb, const char *path /* NULL: stdout */, int json, const char *epoch);
kl_status cli_out_table(cli_out *out, const kl_table *table);
/* flushes and closes; gives the exit code, `status` is that of the work so far */
int cli_out_close(cli_out *out, const cli_verb *verb, kl_status status);

/* A table that is written and emptied whenever it holds CLI_BATCH rows. */
#define CLI_BATCH 1024
typedef struct cli_table {
    cli_out *out;
    kl_table *table;
} cli_table;
kl_status cli_table_open(cli_table *t, cli_out *out);
void cli_table_free(cli_table *t);
kl_status cli_table_row(cli_table *t, size_t *row); /* a new row of unknown values */
kl_status cli_table_flush(cli_table *t);
kl_status cli_table_text(cli_table *t, size_t column, size_t row, const char *text);

/* --------------------------------------------------------------------------------------- progress (progress.c) --- */

/* One line on a terminal, for work over a second. */
typedef struct cli_progress {
    const char *label;
    uint64_t total, done, rows; /* bytes and rows; total 0: unknown */
    int64_t start_us, last_us;
    uint32_t tick;
    int on, shown;
} cli_progress;
void cli_progress_start(cli_progress *p, const char *label, uint64_t total);
void cli_progress_step(cli_progress *p, uint64_t bytes, uint64_t rows);
void cli_progress_end(cli_progress *p);

/* ----------------------------------------------------------------------------------------------- names (name.c) --- */

/* What a file name, and the folders above it, tell: BTCUSDT-1h-2024-11.csv, BTC_USDT-1m.json.gz, BTCUSDT/1h/2023-01-01.json. */
typedef struct cli_name {
    char symbol[KL_SYMBOL_MAX]; /* BTCUSDT; "" where it does not tell */
    kl_interval interval;       /* unit 0 where it does not tell */
    int32_t trades;             /* 1: it names trades */
    int32_t reserved;
} cli_name;
void cli_name_read(const char *path, cli_name *name);
/* A member of an archive tells what the archive's name does not (filled into *known); KL_E_SYMBOL or KL_E_INTERVAL with a sentence
 * where it says something else. */
kl_status cli_name_member(cli_name *known, const char *path, kl_error *error);
/* replaces the user's symbol by its canonical form in `room`; CLI_GO, or CLI_USAGE where it cannot be one. NULL stays. */
int cli_symbol_word(const cli_verb *verb, const char **symbol, char *room /* KL_SYMBOL_MAX */);
/* upper case, without separators but for that of a contract: btc_usdt, BTC/USDT -> BTCUSDT; btcusd-240628 -> BTCUSD_240628; cut to
 * KL_SYMBOL_MAX */
void cli_symbol_canonical(const char *text, char *symbol /* KL_SYMBOL_MAX */);

/* ----------------------------------------------------------------------------------------------- a file (feed.c) --- */

/* Called in this order: key once per content, then rows until the end. A negative status stops the feed. */
typedef struct cli_feed_sink {
    void *ctx;
    /* An anchor for an interval of several days, before any row is judged: may set interval->anchor_us. NULL slot: none. */
    kl_status (*anchor)(void *ctx, const char *symbol, kl_interval *interval);
    /* Symbol ("" if nobody knows) and interval are settled; the first rows are known to be good. interval.unit 0: trades. */
    kl_status (*key)(void *ctx, const char *symbol, const kl_interval *interval, kl_error *error);
    kl_status (*klines)(void *ctx, kl_kline_batch *batch, kl_error *error);
    kl_status (*trades)(void *ctx, kl_trade_batch *batch, kl_error *error);
    kl_status (*bad)(void *ctx, int64_t row); /* a refused row; NULL slot: nobody asks */
} cli_feed_sink;

typedef struct cli_feed_options {
    const cli_verb *verb;
    const char *path;     /* "-": standard input */
    const char *symbol;   /* as the user said; NULL: from name or data */
    kl_interval interval; /* as the user said: rows of other kinds are passed over; {0, CLI_TRADES}: trades; {0, CLI_BARS}: bars without; {0, 0}: from name or data */
    kl_time anchor_day, as_of; /* KL_TIME_NONE: not given */
    int64_t utc_offset, authority;
    int skip_bad;         /* 0: the first bad row ends the feed */
    int strict;           /* disorder and unaligned opens are bad rows too */
    int allow_mixed;      /* rows of two markets in one file are let through */
    int lone;             /* the caller takes one content only: the other one is an error */
    int bars;             /* bars without an interval are welcome */
} cli_feed_options;

typedef struct cli_feed_result {
    kl_parse_counts parse;
    kl_validate_counts validate;
    uint64_t klines, trades, bad_rows, unwanted; /* handed on; refused; of the kind that was not asked for */
    uint64_t gaps, missing, out_of_order, duplicates; /* of candles, in the order of the file */
    kl_interval interval;
    char symbol[KL_SYMBOL_MAX];
} cli_feed_result;

void cli_feed_options_init(cli_feed_options *options, const cli_verb *verb);
kl_status cli_feed(const cli_feed_options *options, const cli_feed_sink *sink, cli_feed_result *result, kl_error *error);

/* as kl_parse_reader; `names`, or NULL, hears the name of each member of an archive before its first row and may change the options */
typedef struct cli_parse_names {
    void *ctx;
    kl_status (*member)(void *ctx, const char *name, kl_parse_options *options, kl_error *error);
} cli_parse_names;
kl_status cli_parse(const kl_reader *reader, const kl_parse_options *options, const cli_parse_names *names, kl_parse_counts *counts,
                    kl_error *error);

/* a FILE as a kl_reader with progress */
typedef struct cli_file {
    FILE *file;
    kl_reader reader;
    cli_progress progress;
    int failed; /* errno of a read error */
} cli_file;
kl_status cli_file_open(cli_file *file, const char *path, kl_error *error);
void cli_file_close(cli_file *file);

/* The rule by which two markets in one file are found, see mixed.c. */
typedef struct cli_mixed {
    uint32_t mask, trial_mask;
    int32_t decimals, trial_decimals;
    uint64_t rows, trial_rows;
    int64_t trial_first; /* row of the file where the other market begins */
} cli_mixed;
void cli_mixed_init(cli_mixed *mixed);
/* KL_E_MISMATCH with a sentence when the rows seen so far are of two markets */
kl_status cli_mixed_push(cli_mixed *mixed, const kl_kline_batch *batch, kl_error *error);
kl_status cli_mixed_finish(const cli_mixed *mixed, kl_error *error);

/* What a file answers, see cover.c. */
typedef struct cli_cover {
    kl_coverage tight, wide, open;
    int64_t *bad; /* rows of the file that were refused */
    size_t n_bad, room;
    kl_time last, last_to, first, newest, newest_to, run_from, run_to /* not in the sets yet */;
    int64_t last_row;
    int tights, disorder, newest_suspect; /* tights: bars, which are kept one by one; 0: trades */
} cli_cover;
void cli_cover_init(cli_cover *cover);
void cli_cover_free(cli_cover *cover);
kl_status cli_cover_bad(cli_cover *cover, int64_t row);
kl_status cli_cover_row(cli_cover *cover, kl_time from, kl_time to, int closed, int suspect, int64_t row);
const kl_coverage *cli_cover_ranges(cli_cover *cover, int ended, kl_status *status);

/* --------------------------------------------------------------------------------------------- SRC (source.c) --- */

/* FILE, - or --store DIR SYMBOL INTERVAL. */
typedef struct cli_source {
    const cli_verb *verb;
    const char *store, *symbol; /* --store; --symbol of files */
    const char *venue, *market; /* of the store; NULL: any */
    kl_interval interval;       /* --interval of files */
    kl_time from, to;           /* [from, to) */
    const char *where;          /* for messages */
    kl_series_key key;          /* of the store */
    kl_time first;              /* first row of the stored series; KL_TIME_NONE: not known */
    char symbol_room[KL_SYMBOL_MAX];
    int bars;                   /* bars of a file need no interval */
    int damaged;                /* ranges of it could not be read: what came is not all */
} cli_source;
typedef struct cli_source_sink {
    void *ctx;
    kl_status (*key)(void *ctx, const char *symbol, const kl_interval *interval, const kl_scale *scale /* NULL: not known */,
                     kl_error *error);
    kl_status (*klines)(void *ctx, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error);
    kl_status (*trades)(void *ctx, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error);
} cli_source_sink;
/* what verbs that read a source and print a table have in common */
#define CLI_STORED_OPTIONS(source)                                                                                        \
    {"venue", CLI_TEXT, &(source).venue, "V", "venue of the stored series; needed where several differ in it"},           \
    {"market", CLI_TEXT, &(source).market, "M", "market of the stored series"}
#define CLI_OUTPUT_OPTIONS(epoch, json, path)                                                                             \
    {"epoch", CLI_TEXT, &(epoch), "us|ms|s", "times as numbers"}, {"json", CLI_FLAG, &(json), NULL, "one object per line"}, \
    {"o", CLI_TEXT, &(path), "FILE", "write to a file"}
void cli_source_init(cli_source *source, const cli_verb *verb);
/* takes the words that name the source; *used of them. CLI_GO or an exit code. */
int cli_source_words(cli_source *source, int n_words, char **words, int *used);
/* refuses an output that is the source itself. CLI_GO or an exit code. */
int cli_source_output(const cli_source *source, const char *path);
/* rows in rising order, one version each */
kl_status cli_source_run(cli_source *source, const cli_source_sink *sink, kl_error *error);

/* the series of an open store that the user's words name; KL_E_NOT_FOUND with a sentence */
kl_status cli_source_series(const cli_source *source, kl_store *store, kl_stored **stored, kl_series_key *key, kl_error *error);

/* whether two intervals have the same bars: of anchors, the phase alone counts; one without anchor is that of any */
int cli_interval_same(const kl_interval *a, const kl_interval *b);
/* whether venue and market of a key are those asked for (NULL: any); CLI_GO or an exit code for words that are none */
int cli_key_wanted(const kl_series_key *key, const char *venue, const char *market);
int cli_key_words(const cli_verb *verb, const char *venue, const char *market);
/* Reads candles or trades of a scan until its end. Damaged ranges are told, counted and passed over. */
typedef struct cli_scan {
    const cli_verb *verb;
    const char *where;
    kl_scan *scan;
    int trades;
    uint64_t damaged;
    const kl_kline *klines; /* one of the two: */
    const kl_trade *of_trades;
    size_t n;
    kl_scale scale;
} cli_scan;
kl_status cli_scan_next(cli_scan *scan, kl_error *error); /* KL_OK, KL_END, or an error */
/* "1h", "3d@1970-01-03", "trades" */
void cli_interval_text(const kl_interval *interval, char *text /* KL_INTERVAL_TEXT_MAX */);
#define CLI_TRADES (-1) /* n of the interval that the user calls "trades"; its unit is 0 */
#define CLI_BARS (-2)   /* "none": bars that have no interval; also handed to cli_feed_sink.key for such bars */
kl_status cli_interval_word(const char *text, kl_interval *interval);

/* trades as a table: id,first_id,last_id,time,price,quantity,buyer_maker */
kl_status cli_trade_columns(kl_table *table, const kl_scale *scale, int aggregates);
kl_status cli_trade_rows(kl_table *table, const kl_trade *rows, size_t n);

/* ------------------------------------------------------------------------------------------------------ verbs --- */

int cli_import(const cli_verb *verb, int argc, char **argv);
int cli_ls(const cli_verb *verb, int argc, char **argv);
int cli_export(const cli_verb *verb, int argc, char **argv);
int cli_check(const cli_verb *verb, int argc, char **argv);
int cli_resample(const cli_verb *verb, int argc, char **argv);
int cli_eval(const cli_verb *verb, int argc, char **argv);
int cli_marts(const cli_verb *verb, int argc, char **argv);
int cli_gen(const cli_verb *verb, int argc, char **argv);
int cli_score(const cli_verb *verb, int argc, char **argv);
int cli_list(const cli_verb *verb, int argc, char **argv);

#endif
