/* SRC: a file, standard input, or a series of a store, as rows in rising order with one version each. */
#include "cli.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void cli_interval_text(const kl_interval *interval, char *text) {
    if (interval->unit) kl_interval_print(interval, text);
    else strcpy(text, interval->n == CLI_BARS ? "none" : "trades");
}

kl_status cli_interval_word(const char *text, kl_interval *interval) {
    if (!strcmp(text, "trades")) {
        memset(interval, 0, sizeof *interval);
        interval->n = CLI_TRADES;
        return KL_OK;
    }
    if (!strcmp(text, "none")) {
        memset(interval, 0, sizeof *interval);
        interval->n = CLI_BARS;
        return KL_OK;
    }
    return kl_interval_parse(text, strlen(text), interval);
}

/* ------------------------------------------------------------------------------------------------- the store --- */

static int64_t source_phase(const kl_interval *interval) {
    int64_t length = (int64_t)interval->n * 86400000000, phase;
    if (interval->unit != KL_DAY || interval->n < 2 || interval->anchor_us == KL_TIME_NONE) return interval->anchor_us;
    phase = interval->anchor_us % length;
    return phase < 0 ? phase + length : phase;
}

int cli_interval_same(const kl_interval *a, const kl_interval *b) {
    if (a->unit != b->unit) return 0;
    if (!a->unit) return 1;
    if (a->n != b->n) return 0;
    return a->anchor_us == KL_TIME_NONE || b->anchor_us == KL_TIME_NONE || source_phase(a) == source_phase(b);
}

int cli_key_wanted(const kl_series_key *key, const char *venue, const char *market) {
    return (!venue || !strcmp(venue, key->venue)) && (!market || !strcmp(market, key->market));
}

int cli_key_words(const cli_verb *verb, const char *venue, const char *market) {
    const char *const words[2] = {venue, market};
    for (int i = 0; i < 2; i++) {
        size_t room = sizeof ((kl_series_key *)0)->venue;
        if (!words[i]) continue;
        if (strlen(words[i]) >= room) return cli_usage(verb, "'%s' is too long for a %s: up to %d bytes", words[i], i ? "market" : "venue", (int)room - 1);
        for (const char *c = words[i]; *c; c++)
            if ((unsigned char)*c <= ' ' || *c == 127 || *c == '/') return cli_usage(verb, "'%s' cannot be a %s", words[i], i ? "market" : "venue");
    }
    return CLI_GO;
}

typedef struct source_match {
    const cli_source *source;
    char canonical[KL_SYMBOL_MAX];
    kl_series_key key;
    int exact, close;
} source_match;

static kl_status source_each(void *ctx, const kl_series_key *key) {
    source_match *m = ctx;
    int exact = !strcmp(key->symbol, m->source->symbol);
    if (!exact && strcmp(key->symbol, m->canonical)) return KL_OK;
    if (!cli_interval_same(&key->interval, &m->source->interval) || !cli_key_wanted(key, m->source->venue, m->source->market)) return KL_OK;
    if (exact || !m->exact) m->key = *key;
    if (exact) m->exact++;
    else m->close++;
    return KL_OK;
}

kl_status cli_source_series(const cli_source *source, kl_store *store, kl_stored **stored, kl_series_key *key, kl_error *error) {
    source_match match;
    char interval[KL_INTERVAL_TEXT_MAX];
    kl_status status;
    memset(&match, 0, sizeof match);
    match.source = source;
    cli_symbol_canonical(source->symbol, match.canonical);
    cli_interval_text(&source->interval, interval);
    status = kl_store_list(store, source_each, &match, error);
    if (status >= 0 && match.exact + match.close == 0)
        status = cli_set_error(error, KL_E_NOT_FOUND, 0, "the store has no series %s %s%s", source->symbol, interval,
                               source->venue || source->market ? " of that venue and market" : "");
    if (status >= 0 && (match.exact > 1 || (!match.exact && match.close > 1)))
        status = cli_set_error(error, KL_E_NOT_FOUND, 0, "the store has several series %s %s; say which with --venue, --market or the anchor (3d@2017-08-17)",
                               source->symbol, interval);
    if (status >= 0) status = kl_store_series(store, &match.key, stored, error);
    if (status >= 0) *key = match.key;
    return status;
}

kl_status cli_scan_next(cli_scan *s, kl_error *error) {
    for (;;) {
        kl_status status;
        s->n = 0;
        if (s->trades) status = kl_scan_trades(s->scan, &s->of_trades, &s->n, &s->scale, error);
        else status = kl_scan_klines(s->scan, &s->klines, &s->n, &s->scale, error);
        if (status != KL_E_CORRUPT) return status;
        s->damaged++;
        cli_fail(s->verb, s->where, status, error);
    }
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
    const char *symbol;
    if (n_words < wanted)
        return cli_usage(source->verb, source->store ? "behind --store DIR, name SYMBOL and INTERVAL" : "name a file, - or --store DIR SYMBOL INTERVAL");
    source->where = source->store ? source->store : words[0];
    symbol = source->store ? words[0] : source->symbol; /* a store may hold another spelling: there the user's own is looked for first */
    if (cli_symbol_word(source->verb, &symbol, source->symbol_room) != CLI_GO) return CLI_USAGE;
    if (!source->store) source->symbol = symbol;
    if (source->from > source->to) return cli_usage(source->verb, "the range ends before it begins");
    if (!source->store && (source->venue || source->market)) return cli_usage(source->verb, "--venue and --market are those of a store");
    if (cli_key_words(source->verb, source->venue, source->market) != CLI_GO) return CLI_USAGE;
    if (source->store) {
        kl_interval interval;
        if (cli_interval_word(words[1], &interval) < 0 || interval.n == CLI_BARS) return cli_usage(source->verb, "'%s' is no interval, nor is it 'trades'", words[1]);
        source->symbol = words[0];
        source->interval = interval;
    }
    *used = wanted;
    return CLI_GO;
}

int cli_source_output(const cli_source *source, const char *path) {
    struct stat in, out;
    if (source->store || !path || !strcmp(path, "-") || !strcmp(source->where, "-")) return CLI_GO;
    if (stat(source->where, &in) || stat(path, &out) || in.st_dev != out.st_dev || in.st_ino != out.st_ino || !S_ISREG(in.st_mode)) return CLI_GO;
    return cli_usage(source->verb, "-o names the source itself");
}

static kl_status source_scan(cli_source *source, kl_stored *stored, const cli_source_sink *sink, kl_error *error) {
    kl_stored_info info;
    cli_scan scan = {0};
    cli_progress progress;
    kl_status status = kl_stored_info_get(stored, &info, error);
    if (status >= 0 && info.rows) source->first = info.first_us;
    if (status >= 0 && sink->key) status = sink->key(sink->ctx, info.key.symbol, &info.key.interval, &info.scale, error);
    if (status < 0) return status;
    scan.verb = source->verb;
    scan.where = source->where;
    scan.trades = info.key.interval.unit == 0;
    status = kl_stored_scan(stored, source->from, source->to, &scan.scan, error);
    if (status < 0) return status;
    cli_progress_start(&progress, info.key.symbol, 0);
    while (status == KL_OK) {
        status = cli_scan_next(&scan, error);
        if (status != KL_OK) break;
        if (scan.n && scan.trades) status = sink->trades(sink->ctx, scan.of_trades, scan.n, &scan.scale, error);
        else if (scan.n) status = sink->klines(sink->ctx, scan.klines, scan.n, &scan.scale, error);
        if (status == KL_OK) cli_progress_step(&progress, 0, scan.n);
    }
    cli_progress_end(&progress);
    kl_scan_free(scan.scan);
    source->damaged = scan.damaged > 0;
    return status < 0 ? status : KL_OK;
}

static kl_status source_store(cli_source *source, const cli_source_sink *sink, kl_error *error) {
    kl_store *store;
    kl_stored *stored;
    kl_status status = kl_store_open(kl_io_posix(), source->store, KL_STORE_READ, NULL, &store, error);
    if (status < 0) return status;
    status = cli_source_series(source, store, &stored, &source->key, error);
    if (status >= 0) {
        status = source_scan(source, stored, sink, error);
        kl_stored_close(stored);
    }
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
    int64_t last_id; /* of trades; -1: none */
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

/* Ids that rise are enough to see a trade that comes twice; otherwise it takes a store. */
static kl_status source_trades(void *ctx, kl_trade_batch *batch, kl_error *error) {
    source_file *file = ctx;
    size_t kept = 0;
    for (size_t i = 0; i < batch->n; i++) {
        const kl_trade *trade = &batch->rows[i];
        int64_t row = batch->source_row ? batch->source_row[i] : 0;
        kl_status status;
        if (trade->id >= 0 && trade->id == file->last_id) continue;
        if (trade->id >= 0 && trade->id < file->last_id)
            return cli_set_error(error, KL_E_ORDER, row, "the ids do not rise, so that trades may come twice; import them into a store and name that as source");
        if (trade->id >= 0) file->last_id = trade->id;
        status = source_sorted(file, trade->time_us, 1, row, error);
        if (status < 0) return status;
        if (trade->time_us < file->source->from || trade->time_us >= file->source->to) continue;
        batch->rows[kept++] = *trade;
    }
    return kept ? file->sink->trades(file->sink->ctx, batch->rows, kept, &batch->scale, error) : KL_OK;
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
    file.last_id = -1;
    cli_feed_options_init(&options, source->verb);
    options.path = source->where;
    options.symbol = source->symbol;
    options.interval = source->interval;
    options.lone = 1;
    options.bars = source->bars;
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
