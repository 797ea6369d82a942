/* Runs the parser over a text in chunks of a given size and keeps all it says: rows, bad rows, status, counts. */
#ifndef KL_TEST_PARSE_SUPPORT_H
#define KL_TEST_PARSE_SUPPORT_H
#include "kline/clean.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    kl_kline *klines;
    kl_trade *trades;
    kl_scale *scales;
    int64_t *sources;
    size_t n, capacity;
    kl_error bad[32];
    size_t bad_n;
    int stop_after; /* batches after which the receiver stops; 0: never */
    int batches;
    kl_status status;
    kl_error error;
    kl_parse_counts counts;
} parse_run;

static inline void parse_run_room(parse_run *r, size_t n) {
    if (r->n + n <= r->capacity) return;
    r->capacity = (r->n + n) * 2;
    r->klines = realloc(r->klines, r->capacity * sizeof *r->klines);
    r->trades = realloc(r->trades, r->capacity * sizeof *r->trades);
    r->scales = realloc(r->scales, r->capacity * sizeof *r->scales);
    r->sources = realloc(r->sources, r->capacity * sizeof *r->sources);
    if (!r->klines || !r->trades || !r->scales || !r->sources) abort();
}
static inline void parse_run_note(parse_run *r, const int64_t *source, size_t n, const kl_scale *scale) {
    for (size_t i = 0; i < n; i++) r->scales[r->n + i] = *scale, r->sources[r->n + i] = source[i];
    r->n += n;
}
static inline kl_status parse_run_klines(void *ctx, kl_kline_batch *batch) {
    parse_run *r = ctx;
    parse_run_room(r, batch->n);
    memcpy(r->klines + r->n, batch->rows, batch->n * sizeof *batch->rows);
    memset(r->trades + r->n, 0, batch->n * sizeof *r->trades);
    parse_run_note(r, batch->source_row, batch->n, &batch->scale);
    memset(batch->rows, 0x5a, batch->n * sizeof *batch->rows); /* a stage may change the rows */
    return r->stop_after && ++r->batches >= r->stop_after ? KL_E_CANCEL : KL_OK;
}
static inline kl_status parse_run_trades(void *ctx, kl_trade_batch *batch) {
    parse_run *r = ctx;
    parse_run_room(r, batch->n);
    memcpy(r->trades + r->n, batch->rows, batch->n * sizeof *batch->rows);
    memset(r->klines + r->n, 0, batch->n * sizeof *r->klines);
    parse_run_note(r, batch->source_row, batch->n, &batch->scale);
    memset(batch->rows, 0x5a, batch->n * sizeof *batch->rows);
    return r->stop_after && ++r->batches >= r->stop_after ? KL_E_CANCEL : KL_OK;
}
static inline kl_status parse_run_bad(void *ctx, const kl_error *why) {
    parse_run *r = ctx;
    if (r->bad_n < 32) r->bad[r->bad_n] = *why;
    r->bad_n++;
    return KL_OK;
}
static inline void parse_run_init(parse_run *r, kl_parse_options *options, int skip) {
    memset(r, 0, sizeof *r);
    options->klines.ctx = r, options->klines.klines = parse_run_klines;
    options->trades.ctx = r, options->trades.trades = parse_run_trades;
    options->bad.ctx = r, options->bad.bad = skip ? parse_run_bad : NULL;
}
static inline void parse_run_free(parse_run *r) {
    free(r->klines), free(r->trades), free(r->scales), free(r->sources);
    memset(r, 0, sizeof *r);
}
/* Each chunk is handed over in a block of its own size, so that a read beyond it is seen by the sanitizers. */
static inline void parse_run_text(parse_run *r, const kl_parse_options *given, const char *text, size_t n, size_t chunk, int skip) {
    kl_parse_options options = *given;
    kl_parser *parser = NULL;
    parse_run_init(r, &options, skip);
    size_t bytes = kl_parser_size(&options);
    void *memory = malloc(bytes);
    if (!memory) abort();
    r->status = kl_parser_init(memory, bytes, &options, &parser);
    for (size_t at = 0; r->status == KL_OK && at < n; at += chunk) {
        size_t k = n - at < chunk ? n - at : chunk;
        char *piece = malloc(k);
        if (!piece) abort();
        memcpy(piece, text + at, k);
        r->status = kl_parser_push(parser, piece, k, &r->error);
        free(piece);
    }
    kl_error late;
    kl_status finished = kl_parser_finish(parser, r->status < 0 ? &late : &r->error);
    if (r->status == KL_OK) r->status = finished;
    kl_parser_counts(parser, &r->counts);
    free(memory);
}
/* 1 where both runs said the same in everything but the number of bytes that were taken before an error. */
static inline int parse_run_same(const parse_run *a, const parse_run *b) {
    kl_parse_counts x = a->counts, y = b->counts;
    if (a->status < 0) x.bytes = y.bytes;
    if (a->n != b->n || a->status != b->status || a->bad_n != b->bad_n || memcmp(&x, &y, sizeof x) != 0) return 0;
    if (a->status < 0 && (a->error.row != b->error.row || a->error.column != b->error.column || strcmp(a->error.message, b->error.message) != 0)) return 0;
    for (size_t i = 0; i < a->bad_n && i < 32; i++)
        if (a->bad[i].code != b->bad[i].code || a->bad[i].row != b->bad[i].row || a->bad[i].column != b->bad[i].column) return 0;
    if (a->n == 0) return 1;
    return memcmp(a->klines, b->klines, a->n * sizeof *a->klines) == 0 && memcmp(a->trades, b->trades, a->n * sizeof *a->trades) == 0 &&
           memcmp(a->scales, b->scales, a->n * sizeof *a->scales) == 0 && memcmp(a->sources, b->sources, a->n * sizeof *a->sources) == 0;
}

#endif
