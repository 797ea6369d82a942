/* One file, or standard input, as judged rows: parse -> (what is it?) -> validate -> two markets? -> the verb.
 *
 * The first rows are held back until it is clear what the file is: its interval may have to be guessed from them, and a file that
 * is refused within them has touched nothing. */
#include "cli.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FEED_HEAD 32768   /* rows held back */
#define FEED_PIECE 1024   /* rows handed on at once */
#define FEED_REPORTED 20  /* bad rows told one by one */

/* ------------------------------------------------------------------------------------------------- the file --- */

static kl_status file_read(void *ctx, void *buffer, size_t capacity, size_t *got) {
    cli_file *file = ctx;
    *got = fread(buffer, 1, capacity, file->file);
    if (*got == 0 && ferror(file->file)) {
        file->failed = errno ? errno : EIO;
        return KL_E_IO;
    }
    cli_progress_step(&file->progress, *got, 0);
    return *got ? KL_OK : KL_END;
}

kl_status cli_file_open(cli_file *file, const char *path, kl_error *error) {
    uint64_t total = 0;
    struct stat about;
    memset(file, 0, sizeof *file);
    file->reader.ctx = file;
    file->reader.read = file_read;
    file->file = !strcmp(path, "-") ? stdin : fopen(path, "rb");
    if (!file->file) {
        kl_status code = errno == ENOENT || errno == ENOTDIR ? KL_E_NOT_FOUND : KL_E_IO;
        return cli_set_error(error, code, 0, "it cannot be opened: %s", strerror(errno));
    }
    if (fstat(fileno(file->file), &about) == 0) {
        if (S_ISDIR(about.st_mode)) {
            cli_file_close(file);
            return cli_set_error(error, KL_E_IO, 0, "it is a folder; name the files in it");
        }
        if (S_ISREG(about.st_mode)) total = (uint64_t)about.st_size;
    }
    setvbuf(file->file, NULL, _IONBF, 0); /* the reader asks for large pieces */
    cli_progress_start(&file->progress, path, total);
    return KL_OK;
}

void cli_file_close(cli_file *file) {
    cli_progress_end(&file->progress);
    if (file->file && file->file != stdin) fclose(file->file);
    file->file = NULL;
}

/* ------------------------------------------------------------------------------------------------- the feed --- */

typedef struct feed {
    const cli_feed_options *options;
    const cli_feed_sink *sink;
    cli_feed_result *result;
    cli_name name;
    cli_file file;
    kl_error error; /* of a stage behind the parser */
    int failed;
    /* candles */
    int klines_open;
    kl_series head;
    int64_t *head_row;
    size_t head_rows_room;
    kl_validator *validator;
    void *validator_memory;
    cli_mixed mixed;
    kl_time last_open; /* highest so far */
    int64_t length_us;
    /* trades */
    int trades_open;
    kl_trades trade_head;
    int64_t *trade_row;
    size_t trade_rows_room;
} feed;

void cli_feed_options_init(cli_feed_options *options, const cli_verb *verb) {
    memset(options, 0, sizeof *options);
    options->verb = verb;
    options->anchor_day = options->as_of = KL_TIME_NONE;
}

static kl_status feed_stop(feed *f, kl_status status) {
    f->failed = 1;
    f->error.code = status;
    return status;
}

static kl_status feed_bad(void *ctx, const kl_error *why) {
    feed *f = ctx;
    const cli_feed_options *o = f->options;
    if (f->result->bad_rows++ < FEED_REPORTED) {
        cli_progress_end(&f->file.progress);
        cli_fail(o->verb, o->path, why->code, why);
    }
    return f->sink->bad ? f->sink->bad(f->sink->ctx, why->row) : KL_OK;
}

/* keeps the rows of the file that the candles or trades of a batch come from */
static int feed_keep_rows(int64_t **rows, size_t *capacity, size_t have, const int64_t *source, size_t n) {
    size_t room = *capacity ? *capacity : 1024;
    int64_t *grown;
    while (room < have + n) room *= 2;
    if (room > *capacity) {
        grown = realloc(*rows, room * sizeof *grown);
        if (!grown) return 0;
        *rows = grown;
        *capacity = room;
    }
    for (size_t i = 0; i < n; i++) (*rows)[have + i] = source ? source[i] : 0;
    return 1;
}

/* The interval: as the user said, as the name says, as the rows say. */
static kl_status feed_interval_of_rows(const kl_series *head, kl_interval *interval) {
    kl_time *opens = malloc((head->n ? head->n : 1) * sizeof *opens);
    kl_status status;
    if (!opens) return KL_E_MEMORY;
    for (size_t i = 0; i < head->n; i++) opens[i] = head->rows[i].open_time_us;
    status = head->n > 1 ? kl_interval_guess(opens, head->n, interval) : KL_E_INTERVAL;
    free(opens);
    if (status >= 0 || status == KL_E_MEMORY) return status;
    for (size_t i = 0; i < head->n; i++) { /* too few rows: from the length of one that knows its end */
        const kl_kline *row = &head->rows[i];
        kl_time next, close;
        if (!(row->known & KL_HAS_CLOSE_TIME)) continue;
        for (size_t k = 0; kl_interval_at(k, interval) == KL_OK; k++) {
            if (interval->anchor_us == KL_TIME_NONE) interval->anchor_us = row->open_time_us % 86400000000;
            if (kl_interval_next(interval, row->open_time_us, &next) < 0) continue;
            close = row->close_time_us;
            if (next - row->open_time_us > 0 && (close == next - 1 || close == next - 1000)) return KL_OK;
        }
    }
    return KL_E_INTERVAL;
}

static kl_status feed_anchor(feed *f, kl_interval *interval) {
    kl_time first;
    int64_t length = (int64_t)interval->n * 86400000000;
    if (interval->anchor_us != KL_TIME_NONE) { /* the phase alone counts */
        if (interval->unit == KL_DAY && interval->n > 1) interval->anchor_us = ((interval->anchor_us % length) + length) % length;
        return KL_OK;
    }
    if (f->options->anchor_day != KL_TIME_NONE) {
        first = f->options->anchor_day;
    } else {
        if (f->sink->anchor) {
            kl_status status = f->sink->anchor(f->sink->ctx, f->result->symbol, interval);
            if (status < 0) return status;
            if (interval->anchor_us != KL_TIME_NONE) return KL_OK;
        }
        if (!f->head.n) return KL_E_ANCHOR;
        first = f->head.rows[0].open_time_us;
        for (size_t i = 1; i < f->head.n; i++)
            if (f->head.rows[i].open_time_us < first) first = f->head.rows[i].open_time_us;
    }
    first -= first % 86400000000; /* the phase alone counts: any file of the series gives the same one */
    interval->anchor_us = first % ((int64_t)interval->n * 86400000000);
    return KL_OK;
}

/* Whether the rows are of an interval of fixed length: most steps are whole numbers of bars, and unless the rows
 * are shuffled some are one bar. `coarser`: they look like a larger interval. */
static int feed_fits(const kl_series *head, const kl_interval *interval, int coarser) {
    int64_t length = interval->unit == KL_MONTH ? 0 : kl_interval_length_us(interval);
    size_t steps = 0, whole = 0, single = 0;
    if (length <= 0) return 1;
    for (size_t i = 1; i < head->n; i++) {
        int64_t step = head->rows[i].open_time_us - head->rows[i - 1].open_time_us;
        if (step < 0) step = -step;
        if (step == 0) continue;
        steps++;
        whole += step % length == 0;
        single += step == length;
    }
    return steps < 3 || (2 * whole >= steps && (single > 0 || steps < 16 || !coarser));
}

/* Bars that end where they like: more than a few last into a bar that the interval would begin next. */
static int feed_shapeless(const kl_series *head, const kl_interval *interval) {
    size_t told = 0, longer = 0;
    for (size_t i = 0; i < head->n; i++) {
        const kl_kline *row = &head->rows[i];
        kl_time next;
        if (!(row->known & KL_HAS_CLOSE_TIME) || kl_interval_floor(interval, row->open_time_us, &next) < 0) continue;
        if (kl_interval_next(interval, next, &next) < 0) continue;
        told++;
        longer += row->close_time_us > next;
    }
    return longer > told / 16;
}

static kl_status feed_validator(feed *f, const kl_interval *interval) {
    kl_validate_options options;
    kl_validate_options_init(&options);
    options.interval = *interval;
    if (f->options->strict) {
        options.reject |= KL_RULE_ORDER | KL_RULE_ALIGNED;
        options.flag &= ~(uint32_t)(KL_RULE_ORDER | KL_RULE_ALIGNED);
    }
    options.bad.ctx = f;
    options.bad.bad = f->options->skip_bad ? feed_bad : NULL; /* NULL: the first one ends it */
    f->validator_memory = malloc(kl_validator_size());
    if (!f->validator_memory) return KL_E_MEMORY;
    return kl_validator_init(f->validator_memory, kl_validator_size(), &options, &f->validator);
}

/* Bars that have no interval: as the user said, or as the rows of a file say that nobody else tells about. */
static int feed_without(const feed *f, const kl_interval *guess, int known) {
    if (f->options->interval.n == CLI_BARS) return 1;
    if (!f->options->bars || f->options->interval.unit || f->name.interval.unit || f->head.n < 2) return 0;
    if (!known) return 1;
    kl_interval interval = *guess;
    if (interval.unit == KL_DAY && interval.n > 1) return 0;
    return feed_shapeless(&f->head, &interval) || !feed_fits(&f->head, &interval, 0);
}

static kl_status feed_settle(feed *f) {
    kl_interval guess, *interval = &f->result->interval;
    char said[KL_INTERVAL_TEXT_MAX], found[KL_INTERVAL_TEXT_MAX];
    int known, given = f->options->interval.unit != 0;
    kl_status status = feed_interval_of_rows(&f->head, &guess);
    if (status == KL_E_MEMORY) return status;
    known = status >= 0;
    if (feed_without(f, &guess, known)) {
        const kl_interval none = {0, 0, 0};
        if (!f->options->bars) return cli_set_error(&f->error, KL_E_UNSUPPORTED, 0, "bars that have no interval are only for eval and resample");
        *interval = none;
        status = feed_validator(f, interval);
        interval->n = CLI_BARS;
        return status;
    }
    *interval = given ? f->options->interval : f->name.interval;
    if (!interval->unit) {
        if (!known) return cli_set_error(&f->error, KL_E_INTERVAL, 0, "neither name nor rows tell the interval; give --interval");
        *interval = guess;
        if (interval->unit == KL_DAY && interval->n > 1) interval->anchor_us = KL_TIME_NONE;
    }
    status = feed_anchor(f, interval);
    if (status < 0) return status;
    if (known && guess.unit != KL_MONTH && interval->unit != KL_MONTH &&
        kl_interval_length_us(&guess) < kl_interval_length_us(interval)) {
        cli_interval_text(interval, said);
        cli_interval_text(&guess, found);
        return cli_set_error(&f->error, KL_E_INTERVAL, 0, "%s says %s, but the rows are %s apart", given ? "--interval" : "the name", said, found);
    }
    if ((interval->unit == KL_MONTH && known && guess.unit != KL_MONTH && kl_interval_length_us(&guess) < 28 * (int64_t)86400000000 * interval->n) ||
        !feed_fits(&f->head, interval, known && (guess.unit == KL_MONTH || kl_interval_length_us(&guess) > kl_interval_length_us(interval)))) {
        cli_interval_text(interval, said);
        return cli_set_error(&f->error, KL_E_INTERVAL, 0, "%s says %s, but the rows do not fit it", given ? "--interval" : "the name", said);
    }
    f->length_us = kl_interval_length_us(interval);
    return feed_validator(f, interval);
}

static void feed_count_order(feed *f, const kl_kline_batch *batch) {
    cli_feed_result *r = f->result;
    for (size_t i = 0; i < batch->n; i++) {
        kl_time open = batch->rows[i].open_time_us, next;
        int64_t missing = 0;
        if (f->last_open == KL_TIME_NONE) {
            f->last_open = open;
            continue;
        }
        if (open <= f->last_open) {
            if (open == f->last_open) r->duplicates++;
            else r->out_of_order++;
            continue;
        }
        if (r->interval.unit && open - f->last_open != f->length_us && kl_interval_floor(&r->interval, f->last_open, &next) >= 0 &&
            kl_interval_next(&r->interval, next, &next) >= 0 && next < open &&
            kl_interval_count(&r->interval, next, open, &missing) >= 0 && missing > 0) {
            r->gaps++;
            r->missing += (uint64_t)missing;
        }
        f->last_open = open;
    }
}

static kl_status feed_judge(feed *f, kl_kline_batch *batch) {
    kl_error error = {0};
    kl_status status = kl_validator_push(f->validator, batch, &error);
    if (status < 0) {
        f->error = error;
        return feed_stop(f, status);
    }
    feed_count_order(f, batch);
    if (f->options->allow_mixed) return KL_OK;
    status = cli_mixed_push(&f->mixed, batch, &f->error);
    return status < 0 ? feed_stop(f, status) : KL_OK;
}

static kl_status feed_deliver(feed *f, kl_kline_batch *batch) {
    kl_status status;
    f->result->klines += batch->n;
    cli_progress_step(&f->file.progress, 0, batch->n);
    if (!batch->n) return KL_OK;
    status = f->sink->klines(f->sink->ctx, batch, &f->error);
    return status < 0 ? feed_stop(f, status) : KL_OK;
}

static kl_status feed_other_content(feed *f, int other_open, const char *sentence) {
    if (!f->options->lone || !other_open) return KL_OK;
    cli_set_error(&f->error, KL_E_UNSUPPORTED, 0, "%s", sentence);
    return feed_stop(f, KL_E_UNSUPPORTED);
}

/* The head is complete: settle, judge all of it, and only then let the verb begin. */
static kl_status feed_leave_head(feed *f, int ended) {
    kl_kline_batch all = {f->head.rows, f->head_row, f->head.n, f->head.scale}, piece;
    kl_status status;
    if (f->klines_open) return KL_OK;
    f->klines_open = 1;
    status = feed_settle(f);
    if (status < 0) return feed_stop(f, status);
    status = feed_judge(f, &all);
    if (status >= 0 && ended && !f->options->allow_mixed) {
        status = cli_mixed_finish(&f->mixed, &f->error);
        if (status < 0) feed_stop(f, status);
    }
    if (status < 0) return status;
    if (f->sink->key) status = f->sink->key(f->sink->ctx, f->result->symbol, &f->result->interval, &f->error);
    if (status < 0) return feed_stop(f, status);
    for (size_t first = 0; first < all.n && status >= 0; first += piece.n) {
        piece = all;
        piece.rows += first;
        piece.source_row += first;
        piece.n = all.n - first < FEED_PIECE ? all.n - first : FEED_PIECE;
        status = feed_deliver(f, &piece);
    }
    kl_series_free(&f->head);
    kl_series_init(&f->head, NULL);
    return status;
}

static kl_status feed_klines(void *ctx, kl_kline_batch *batch) {
    feed *f = ctx;
    kl_status status;
    if (f->options->interval.n == CLI_TRADES) {
        f->result->unwanted += batch->n;
        return KL_OK;
    }
    if (f->klines_open) {
        status = feed_judge(f, batch);
        return status < 0 ? status : feed_deliver(f, batch);
    }
    if (feed_other_content(f, f->trades_open || f->trade_head.n > 0, "the file holds both trades and candles; say which with --interval") < 0)
        return KL_E_UNSUPPORTED;
    if (!feed_keep_rows(&f->head_row, &f->head_rows_room, f->head.n, batch->source_row, batch->n)) return feed_stop(f, KL_E_MEMORY);
    status = kl_series_append(&f->head, batch->rows, batch->n, &batch->scale, &f->error);
    if (status < 0) return feed_stop(f, status);
    return f->head.n >= FEED_HEAD ? feed_leave_head(f, 0) : KL_OK;
}

static kl_status feed_deliver_trades(feed *f, kl_trade_batch *batch) {
    kl_status status;
    f->result->trades += batch->n;
    cli_progress_step(&f->file.progress, 0, batch->n);
    if (!batch->n) return KL_OK;
    status = f->sink->trades(f->sink->ctx, batch, &f->error);
    return status < 0 ? feed_stop(f, status) : KL_OK;
}

static kl_status feed_leave_trade_head(feed *f) {
    const kl_interval trades = {0, 0, 0};
    kl_trade_batch all = {f->trade_head.rows, f->trade_row, f->trade_head.n, f->trade_head.scale};
    kl_status status = KL_OK;
    if (f->trades_open) return KL_OK;
    f->trades_open = 1;
    if (f->sink->key) status = f->sink->key(f->sink->ctx, f->result->symbol, &trades, &f->error);
    if (status < 0) return feed_stop(f, status);
    status = feed_deliver_trades(f, &all);
    kl_trades_free(&f->trade_head);
    kl_trades_init(&f->trade_head, NULL);
    return status;
}

static kl_status feed_trades(void *ctx, kl_trade_batch *batch) {
    feed *f = ctx;
    kl_status status;
    if (f->options->interval.unit || f->options->interval.n == CLI_BARS) {
        f->result->unwanted += batch->n;
        return KL_OK;
    }
    if (f->trades_open) return feed_deliver_trades(f, batch);
    if (feed_other_content(f, f->klines_open || f->head.n > 0, "the file holds both trades and candles; say which with --interval") < 0)
        return KL_E_UNSUPPORTED;
    if (!feed_keep_rows(&f->trade_row, &f->trade_rows_room, f->trade_head.n, batch->source_row, batch->n)) return feed_stop(f, KL_E_MEMORY);
    status = kl_trades_append(&f->trade_head, batch->rows, batch->n, &batch->scale, &f->error);
    if (status < 0) return feed_stop(f, status);
    return f->trade_head.n >= FEED_HEAD ? feed_leave_trade_head(f) : KL_OK;
}

/* What the data say about their symbol, once that is known, against what the user or the name said. */
static kl_status feed_symbol(feed *f) {
    cli_feed_result *r = f->result;
    char inside[KL_SYMBOL_MAX], outside[KL_SYMBOL_MAX];
    cli_symbol_canonical(r->parse.symbol, inside);
    cli_symbol_canonical(r->symbol, outside);
    if (!inside[0] || f->options->symbol || !strcmp(inside, outside)) return KL_OK;
    if (f->klines_open || f->trades_open) {
        cli_set_error(&f->error, KL_E_SYMBOL, 0, "the name says %s, the rows say %s; give --symbol", outside, inside);
        return feed_stop(f, KL_E_SYMBOL);
    }
    if (outside[0]) cli_note(f->options->verb, "%s: the name says %s, the rows say %s: taken as %s", f->options->path, outside, inside, inside);
    strcpy(r->symbol, inside);
    return KL_OK;
}

static kl_status feed_end(feed *f, kl_status status) {
    if (status >= 0) {
        status = feed_symbol(f);
        if (status >= 0 && f->head.n) status = feed_leave_head(f, 1);
        else if (status >= 0 && f->klines_open && !f->options->allow_mixed && cli_mixed_finish(&f->mixed, &f->error) < 0)
            status = feed_stop(f, KL_E_MISMATCH);
        if (status >= 0 && f->trade_head.n) status = feed_leave_trade_head(f);
        if (status >= 0 && !f->klines_open && !f->trades_open && f->result->unwanted) {
            cli_set_error(&f->error, KL_E_EMPTY, 0, "it holds %s, but no %s", f->options->interval.unit ? "trades" : "candles",
                          f->options->interval.unit ? "candles" : "trades");
            return feed_stop(f, KL_E_EMPTY);
        }
        if (status >= 0 && f->result->bad_rows && !f->result->klines && !f->result->trades) {
            cli_set_error(&f->error, KL_E_EMPTY, 0, "none of its %llu rows is good", (unsigned long long)f->result->bad_rows);
            return feed_stop(f, KL_E_EMPTY);
        }
        return status;
    }
    /* The parser stopped at a row. A row before it may break a rule: then that one is the first. */
    if (!f->failed && !f->klines_open && f->head.n && feed_settle(f) >= 0) {
        kl_kline_batch all = {f->head.rows, f->head_row, f->head.n, f->head.scale};
        kl_status earlier = feed_judge(f, &all);
        if (earlier < 0) return earlier;
    }
    return status;
}

static void feed_parse_options(feed *f, kl_parse_options *p) {
    const cli_feed_options *o = f->options;
    kl_parse_options_init(p);
    p->symbol = o->symbol;
    p->interval = o->interval.unit ? o->interval : f->name.interval;
    p->authority = (int32_t)o->authority;
    p->utc_offset_minutes = (int32_t)o->utc_offset;
    p->as_of_us = o->as_of;
    p->klines.ctx = p->trades.ctx = p->bad.ctx = f;
    p->klines.klines = feed_klines;
    p->trades.trades = feed_trades;
    p->bad.bad = o->skip_bad ? feed_bad : NULL;
}

static kl_status feed_member(void *ctx, const char *path, kl_parse_options *options, kl_error *error) {
    feed *f = ctx;
    kl_status status = cli_name_member(&f->name, path, error);
    if (status < 0) return status;
    if (!f->options->symbol) strcpy(f->result->symbol, f->name.symbol);
    if (!f->options->interval.unit) options->interval = f->name.interval;
    return KL_OK;
}

kl_status cli_feed(const cli_feed_options *options, const cli_feed_sink *sink, cli_feed_result *result, kl_error *error) {
    feed f;
    kl_parse_options parse;
    const cli_parse_names names = {&f, feed_member};
    kl_status status;
    memset(&f, 0, sizeof f);
    memset(result, 0, sizeof *result);
    memset(error, 0, sizeof *error);
    f.options = options;
    f.sink = sink;
    f.result = result;
    f.last_open = KL_TIME_NONE;
    cli_mixed_init(&f.mixed);
    cli_name_read(options->path, &f.name);
    snprintf(result->symbol, sizeof result->symbol, "%s", options->symbol ? options->symbol : f.name.symbol);
    status = cli_file_open(&f.file, options->path, error);
    if (status < 0) return status;
    kl_series_init(&f.head, NULL);
    kl_trades_init(&f.trade_head, NULL);
    feed_parse_options(&f, &parse);
    if (options->symbol) f.name.symbol[0] = 0; /* the user knows better, but the members have to agree */
    if (options->interval.unit) f.name.interval.unit = 0;
    status = cli_parse(&f.file.reader, &parse, &names, &result->parse, error);
    status = feed_end(&f, status);
    if (f.failed) *error = f.error;
    if (f.file.failed) cli_set_error(error, KL_E_IO, 0, "reading failed: %s", strerror(f.file.failed));
    if (status < 0 && error->code != status) cli_set_error(error, status, 0, "%s", kl_status_text(status));
    if (result->bad_rows > FEED_REPORTED)
        cli_note(options->verb, "%s: %llu bad rows in all", options->path, (unsigned long long)result->bad_rows);
    if (f.validator) kl_validator_counts(f.validator, &result->validate);
    cli_file_close(&f.file);
    kl_series_free(&f.head);
    kl_trades_free(&f.trade_head);
    free(f.head_row);
    free(f.trade_row);
    free(f.validator_memory);
    return status;
}
