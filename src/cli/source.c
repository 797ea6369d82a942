/* SRC: a file, standard input, or a series of a store, as rows in rising order with one version each. */
#include "cli.h"
#include <stdlib.h>
#include <string.h>

void cli_interval_text(const kl_interval *interval, char *text) {
    if (interval->unit) kl_interval_print(interval, text);
    else strcpy(text, "trades");
}

kl_status cli_interval_word(const char *text, kl_interval *interval) {
    if (!strcmp(text, "trades")) {
        memset(interval, 0, sizeof *interval);
        interval->n = CLI_TRADES;
        return KL_OK;
    }
    return kl_interval_parse(text, strlen(text), interval);
}

/* ------------------------------------------------------------------------------------------------- the store --- */

typedef struct source_match {
    const char *symbol;
    char canonical[KL_SYMBOL_MAX];
    kl_interval interval;
    kl_series_key key;
    int exact, close;
} source_match;

static kl_status source_each(void *ctx, const kl_series_key *key) {
    source_match *m = ctx;
    int exact = !strcmp(key->symbol, m->symbol), same;
    if (!exact && strcmp(key->symbol, m->canonical)) return KL_OK;
    same = key->interval.unit == m->interval.unit && (!m->interval.unit || key->interval.n == m->interval.n);
    if (!same || (m->interval.anchor_us != KL_TIME_NONE && m->interval.anchor_us != key->interval.anchor_us)) return KL_OK;
    if (exact) m->exact++;
    else m->close++;
    if (exact || !m->exact) m->key = *key;
    return KL_OK;
}

kl_status cli_store_series(const char *directory, int32_t mode, const char *symbol, const char *interval, kl_store **store,
                           kl_stored **stored, kl_series_key *key, kl_error *error) {
    source_match match;
    kl_status status;
    memset(&match, 0, sizeof match);
    match.symbol = symbol;
    cli_symbol_canonical(symbol, match.canonical);
    if (cli_interval_word(interval, &match.interval) < 0)
        return cli_set_error(error, KL_E_INTERVAL, 0, "'%s' is no interval, nor is it 'trades'", interval);
    status = kl_store_open(kl_io_posix(), directory, mode, NULL, store, error);
    if (status < 0) return status;
    status = kl_store_list(*store, source_each, &match, error);
    if (status >= 0 && match.exact + match.close == 0)
        status = cli_set_error(error, KL_E_NOT_FOUND, 0, "the store has no series %s %s", symbol, interval);
    if (status >= 0 && (match.exact > 1 || (!match.exact && match.close > 1)))
        status = cli_set_error(error, KL_E_NOT_FOUND, 0, "the store has several series %s %s (venues, markets or anchors)", symbol, interval);
    if (status >= 0) status = kl_store_series(*store, &match.key, stored, error);
    if (status < 0) kl_store_close(*store);
    else *key = match.key;
    return status;
}

void cli_source_init(cli_source *source, const cli_verb *verb) {
    memset(source, 0, sizeof *source);
    source->verb = verb;
    source->from = KL_TIME_MIN;
    source->to = KL_TIME_MAX;
    source->first = KL_TIME_NONE;
}

int cli_source_words(cli_source *source, int n_words, char **words, int *used) {
    int wanted = source->store ? 2 : 1;
    if (n_words < wanted)
        return cli_usage(source->verb, source->store ? "behind --store DIR, name SYMBOL and INTERVAL" : "name a file, - or --store DIR SYMBOL INTERVAL");
    source->where = source->store ? source->store : words[0];
    if (source->store) {
        kl_interval interval;
        if (cli_interval_word(words[1], &interval) < 0) return cli_usage(source->verb, "'%s' is no interval, nor is it 'trades'", words[1]);
        source->symbol = words[0];
        source->interval = interval;
    }
    *used = wanted;
    return CLI_GO;
}

static kl_status source_scan(cli_source *source, kl_stored *stored, const cli_source_sink *sink, kl_error *error) {
    kl_stored_info info;
    kl_scan *scan = NULL;
    kl_scale scale;
    cli_progress progress;
    size_t n = 0;
    kl_status status = kl_stored_info_get(stored, &info, error);
    if (status >= 0 && info.rows) source->first = info.first_us;
    if (status >= 0 && sink->key) status = sink->key(sink->ctx, info.key.symbol, &info.key.interval, &info.scale, error);
    if (status < 0) return status;
    status = kl_stored_scan(stored, source->from, source->to, &scan, error);
    if (status < 0) return status;
    cli_progress_start(&progress, info.key.symbol, 0);
    while (status == KL_OK) {
        if (info.key.interval.unit) {
            const kl_kline *rows;
            status = kl_scan_klines(scan, &rows, &n, &scale, error);
            if (status == KL_OK && n) status = sink->klines(sink->ctx, rows, n, &scale, error);
        } else {
            const kl_trade *rows;
            status = kl_scan_trades(scan, &rows, &n, &scale, error);
            if (status == KL_OK && n) status = sink->trades(sink->ctx, rows, n, &scale, error);
        }
        if (status == KL_OK) cli_progress_step(&progress, 0, n);
    }
    cli_progress_end(&progress);
    kl_scan_free(scan);
    return status < 0 ? status : KL_OK;
}

static kl_status source_store(cli_source *source, const cli_source_sink *sink, kl_error *error) {
    kl_store *store;
    kl_stored *stored;
    char interval[KL_INTERVAL_TEXT_MAX];
    kl_status status;
    cli_interval_text(&source->interval, interval);
    status = cli_store_series(source->store, KL_STORE_READ, source->symbol, interval, &store, &stored, &source->key, error);
    if (status < 0) return status;
    status = source_scan(source, stored, sink, error);
    kl_stored_close(stored);
    kl_store_close(store);
    return status;
}

/* -------------------------------------------------------------------------------------------------- the file --- */

typedef struct source_file {
    cli_source *source;
    const cli_source_sink *sink;
    kl_dedup *dedup;
    void *memory;
    kl_time last;
    kl_error error;
} source_file;

static kl_status source_key(void *ctx, const char *symbol, const kl_interval *interval, kl_error *error) {
    source_file *file = ctx;
    return file->sink->key ? file->sink->key(file->sink->ctx, symbol, interval, NULL, error) : KL_OK;
}

static kl_status source_sorted(source_file *file, kl_time time, int same_allowed, int64_t row, kl_error *error) {
    if (file->last != KL_TIME_NONE && (time < file->last || (time == file->last && !same_allowed)))
        return cli_set_error(error, KL_E_ORDER, row, "the rows are not in the order of time; import them into a store and name that as source");
    file->last = time;
    return KL_OK;
}

static kl_status source_unique(void *ctx, kl_kline_batch *batch) {
    source_file *file = ctx;
    size_t first = 0, last = batch->n;
    for (size_t i = 0; i < batch->n; i++) {
        kl_status status = source_sorted(file, batch->rows[i].open_time_us, 0, batch->source_row ? batch->source_row[i] : 0, &file->error);
        if (status < 0) return status;
        if (batch->rows[i].open_time_us < file->source->from) first = i + 1;
        if (batch->rows[i].open_time_us >= file->source->to && last > i) last = i;
    }
    if (last <= first) return KL_OK;
    return file->sink->klines(file->sink->ctx, batch->rows + first, last - first, &batch->scale, &file->error);
}

static kl_status source_klines(void *ctx, kl_kline_batch *batch, kl_error *error) {
    source_file *file = ctx;
    kl_status status;
    if (!file->dedup) {
        const kl_kline_sink next = {file, source_unique};
        file->memory = malloc(kl_dedup_size());
        if (!file->memory) return KL_E_MEMORY;
        status = kl_dedup_init(file->memory, kl_dedup_size(), KL_DEDUP_RANK, &next, NULL, &file->dedup);
        if (status < 0) return status;
    }
    memset(&file->error, 0, sizeof file->error);
    status = kl_dedup_push(file->dedup, batch, error);
    if (status < 0 && file->error.code) *error = file->error;
    return status;
}

static kl_status source_trades(void *ctx, kl_trade_batch *batch, kl_error *error) {
    source_file *file = ctx;
    size_t first = 0, last = batch->n;
    for (size_t i = 0; i < batch->n; i++) {
        kl_status status = source_sorted(file, batch->rows[i].time_us, 1, batch->source_row ? batch->source_row[i] : 0, error);
        if (status < 0) return status;
        if (batch->rows[i].time_us < file->source->from) first = i + 1;
        if (batch->rows[i].time_us >= file->source->to && last > i) last = i;
    }
    if (last <= first) return KL_OK;
    return file->sink->trades(file->sink->ctx, batch->rows + first, last - first, &batch->scale, error);
}

kl_status cli_source_run(cli_source *source, const cli_source_sink *sink, kl_error *error) {
    source_file file;
    cli_feed_options options;
    cli_feed_result result;
    cli_feed_sink feed = {&file, NULL, source_key, source_klines, source_trades, NULL};
    kl_status status;
    memset(error, 0, sizeof *error);
    if (source->store) return source_store(source, sink, error);
    memset(&file, 0, sizeof file);
    file.source = source;
    file.sink = sink;
    file.last = KL_TIME_NONE;
    cli_feed_options_init(&options, source->verb);
    options.path = source->where;
    options.symbol = source->symbol;
    options.interval = source->interval;
    options.lone = 1;
    status = cli_feed(&options, &feed, &result, error);
    if (status >= 0 && file.dedup) {
        memset(&file.error, 0, sizeof file.error);
        status = kl_dedup_finish(file.dedup, error);
        if (status < 0 && file.error.code) *error = file.error;
    }
    if (status < 0 && error->code != status) cli_set_error(error, status, 0, "%s", kl_status_text(status));
    free(file.memory);
    return status;
}
