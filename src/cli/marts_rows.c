/* The closed candles of many series of a store, as columns. */
#include "marts.h"
#include <stdlib.h>
#include <string.h>

void marts_rows_free(marts_rows *rows) {
    for (size_t s = 0; s < rows->n; s++) {
        free(rows->series[s].time);
        for (int c = 0; c < MARTS_COLUMNS; c++) free(rows->series[s].column[c]);
    }
    free(rows->series);
    memset(rows, 0, sizeof *rows);
}

/* ------------------------------------------------------------------------------------------ which series --- */

typedef struct rows_choice {
    const marts_source *source;
    kl_series_key *keys;
    size_t n, room;
    kl_error *error;
} rows_choice;

static int rows_wanted(const marts_source *source, const kl_series_key *key) {
    char canonical[KL_SYMBOL_MAX];
    if (!key->interval.unit || !cli_interval_same(&key->interval, &source->interval)) return 0;
    if (!cli_key_wanted(key, source->venue, source->market)) return 0;
    for (size_t i = 0; i < source->n_symbols; i++) {
        cli_symbol_canonical(source->symbols[i], canonical);
        if (!strcmp(key->symbol, source->symbols[i]) || !strcmp(key->symbol, canonical)) return 1;
    }
    return source->n_symbols == 0;
}

static kl_status rows_each(void *ctx, const kl_series_key *key) {
    rows_choice *choice = ctx;
    if (!rows_wanted(choice->source, key)) return KL_OK;
    for (size_t i = 0; i < choice->n; i++)
        if (!strcmp(choice->keys[i].symbol, key->symbol))
            return cli_set_error(choice->error, KL_E_MISMATCH, 0, "the store has several series %s; say which with --venue or --market", key->symbol);
    if (choice->n == choice->room) {
        size_t room = choice->room ? 2 * choice->room : 16;
        kl_series_key *keys = realloc(choice->keys, room * sizeof *keys);
        if (!keys) return KL_E_MEMORY;
        choice->keys = keys;
        choice->room = room;
    }
    choice->keys[choice->n++] = *key;
    return KL_OK;
}

static int rows_by_symbol(const void *a, const void *b) {
    return strcmp(((const kl_series_key *)a)->symbol, ((const kl_series_key *)b)->symbol);
}

static kl_status rows_all_there(const marts_source *source, const rows_choice *choice, kl_error *error) {
    char interval[KL_INTERVAL_TEXT_MAX], canonical[KL_SYMBOL_MAX];
    cli_interval_text(&source->interval, interval);
    for (size_t i = 0; i < source->n_symbols; i++) {
        size_t k = 0;
        cli_symbol_canonical(source->symbols[i], canonical);
        while (k < choice->n && strcmp(choice->keys[k].symbol, source->symbols[i]) && strcmp(choice->keys[k].symbol, canonical)) k++;
        if (k == choice->n) return cli_set_error(error, KL_E_NOT_FOUND, 0, "the store has no series %s %s", source->symbols[i], interval);
    }
    if (choice->n) return KL_OK;
    return cli_set_error(error, KL_E_NOT_FOUND, 0, "the store has no series of %s candles; --interval names another, kline ls tells what there is", interval);
}

/* -------------------------------------------------------------------------------------------- their rows --- */

static kl_status rows_room(marts_series *series, size_t n) {
    size_t room = series->room ? series->room : 4096;
    if (n <= series->room) return KL_OK;
    while (room < n) room *= 2;
    kl_time *time = realloc(series->time, room * sizeof *time);
    if (time) series->time = time;
    int all = time != NULL;
    for (int c = 0; c < MARTS_COLUMNS; c++) {
        double *column = realloc(series->column[c], room * sizeof *column);
        if (column) series->column[c] = column;
        all &= column != NULL;
    }
    if (all) series->room = room;
    return all ? KL_OK : KL_E_MEMORY;
}

/* A candle that still forms would change the past when it closes; one off the grid has no place in windows of the grid. */
static int rows_takes(marts_rows *rows, const marts_source *source, const kl_kline *row) {
    if (!(row->flags & (KL_CLOSED | KL_SUSPECT))) return rows->forming++, 0;
    if (source->grid && (row->flags & KL_UNALIGNED)) return rows->unaligned++, 0;
    return 1;
}

static kl_status rows_append(marts_rows *rows, const marts_source *source, marts_series *series, const cli_scan *scan, void *memory, size_t bytes) {
    kl_columns columns;
    kl_series piece = {.n = scan->n, .scale = scan->scale, .rows = (kl_kline *)(uintptr_t)scan->klines};
    kl_status status = rows_room(series, series->n + scan->n);
    if (status >= 0) status = kl_series_columns(&piece, memory, bytes, &columns);
    if (status < 0) return status;
    const double *const from[MARTS_COLUMNS] = {columns.close, columns.volume, columns.quote_volume, columns.high, columns.low};
    for (size_t i = 0; i < scan->n; i++) {
        if (!rows_takes(rows, source, &scan->klines[i])) continue;
        series->time[series->n] = scan->klines[i].open_time_us;
        for (int c = 0; c < MARTS_COLUMNS; c++) series->column[c][series->n] = from[c][i];
        series->n++;
    }
    return KL_OK;
}

static kl_status rows_scan(marts_rows *rows, const marts_source *source, marts_series *series, kl_stored *stored, kl_error *error) {
    cli_scan scan = {.verb = source->verb, .where = series->symbol};
    void *memory = NULL;
    size_t room = 0;
    kl_status status = kl_stored_scan(stored, source->from, source->to, &scan.scan, error);
    if (status < 0) return status;
    while ((status = cli_scan_next(&scan, error)) == KL_OK) {
        size_t bytes = kl_series_columns_size(scan.n);
        if (bytes > room) {
            void *more = realloc(memory, bytes);
            if (!more) status = KL_E_MEMORY;
            else memory = more, room = bytes;
        }
        if (status == KL_OK) status = rows_append(rows, source, series, &scan, memory, room);
        if (status < 0) break;
    }
    rows->damaged += scan.damaged;
    free(memory);
    kl_scan_free(scan.scan);
    return status < 0 ? status : KL_OK;
}

static kl_status rows_one(marts_rows *rows, marts_source *source, kl_store *store, const kl_series_key *key, kl_error *error) {
    marts_series *series = &rows->series[rows->n++];
    kl_stored *stored = NULL;
    kl_stored_info info;
    strcpy(series->symbol, key->symbol);
    kl_status status = kl_store_series(store, key, &stored, error);
    if (status >= 0) status = kl_stored_info_get(stored, &info, error);
    if (status >= 0 && source->grid && rows->n > 1 && info.key.interval.anchor_us != source->interval.anchor_us)
        status = cli_set_error(error, KL_E_MISMATCH, 0, "%s has another anchor than %s: name symbols of one, or take --as-rows", key->symbol, rows->series[0].symbol);
    if (status >= 0) source->interval = info.key.interval;
    if (status >= 0) status = rows_scan(rows, source, series, stored, error);
    if (stored) kl_stored_close(stored);
    return status;
}

kl_status marts_rows_read(marts_rows *rows, marts_source *source, kl_error *error) {
    rows_choice choice = {.source = source, .error = error};
    kl_store *store = NULL;
    kl_status status = kl_store_open(kl_io_posix(), source->store, KL_STORE_READ, NULL, &store, error);
    memset(rows, 0, sizeof *rows);
    if (status < 0) return status;
    status = kl_store_list(store, rows_each, &choice, error);
    if (status >= 0) status = rows_all_there(source, &choice, error);
    if (status >= 0) {
        qsort(choice.keys, choice.n, sizeof *choice.keys, rows_by_symbol);
        rows->series = calloc(choice.n, sizeof *rows->series);
        if (!rows->series) status = KL_E_MEMORY;
    }
    for (size_t s = 0; s < choice.n && status >= 0; s++) status = rows_one(rows, source, store, &choice.keys[s], error);
    free(choice.keys);
    kl_store_close(store);
    if (status < 0 && error->code != status) cli_set_error(error, status, 0, "%s", kl_status_text(status));
    return status;
}
