/* Parses a text whole and cut into pieces and stops the fuzzer where the two differ. The first two bytes of the input choose the size
 * of the pieces, the longest line, the format, and whether bad rows are skipped. */
#ifndef KL_FUZZ_PARSE_H
#define KL_FUZZ_PARSE_H
#include "kline/clean.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t hash, bad_hash, rows, bad;
    kl_status status;
    kl_error error;
    kl_parse_counts counts;
} parse_fuzz_run;

static uint64_t parse_fuzz_mix(uint64_t hash, const void *bytes, size_t n) {
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++) hash = (hash ^ b[i]) * UINT64_C(1099511628211);
    return hash;
}
static kl_status parse_fuzz_klines(void *ctx, kl_kline_batch *batch) {
    parse_fuzz_run *run = ctx;
    for (size_t i = 0; i < batch->n; i++) {
        run->hash = parse_fuzz_mix(run->hash, &batch->rows[i], sizeof batch->rows[i]);
        run->hash = parse_fuzz_mix(run->hash, &batch->scale, sizeof batch->scale);
    }
    run->rows += batch->n;
    return KL_OK;
}
static kl_status parse_fuzz_trades(void *ctx, kl_trade_batch *batch) {
    parse_fuzz_run *run = ctx;
    for (size_t i = 0; i < batch->n; i++) {
        run->hash = parse_fuzz_mix(run->hash, &batch->rows[i], sizeof batch->rows[i]);
        run->hash = parse_fuzz_mix(run->hash, &batch->scale, sizeof batch->scale);
    }
    run->rows += batch->n;
    return KL_OK;
}
static kl_status parse_fuzz_bad(void *ctx, const kl_error *why) {
    parse_fuzz_run *run = ctx;
    run->bad_hash = parse_fuzz_mix(run->bad_hash, &why->code, sizeof why->code);
    run->bad_hash = parse_fuzz_mix(run->bad_hash, &why->row, sizeof why->row);
    run->bad_hash = parse_fuzz_mix(run->bad_hash, &why->column, sizeof why->column);
    run->bad++;
    return KL_OK;
}
static void parse_fuzz_text(parse_fuzz_run *run, kl_parse_options options, int skip, const char *text, size_t n, size_t chunk) {
    kl_parser *parser = NULL;
    memset(run, 0, sizeof *run);
    options.klines.ctx = options.trades.ctx = options.bad.ctx = run;
    options.klines.klines = parse_fuzz_klines, options.trades.trades = parse_fuzz_trades;
    options.bad.bad = skip ? parse_fuzz_bad : NULL;
    size_t bytes = kl_parser_size(&options);
    void *memory = malloc(bytes);
    if (!memory || kl_parser_init(memory, bytes, &options, &parser) != KL_OK) abort();
    for (size_t at = 0; run->status == KL_OK && at < n; at += chunk)
        run->status = kl_parser_push(parser, text + at, n - at < chunk ? n - at : chunk, &run->error);
    kl_status finished = kl_parser_finish(parser, run->status < 0 ? NULL : &run->error);
    if (run->status == KL_OK) run->status = finished;
    kl_parser_counts(parser, &run->counts);
    free(memory);
}
static int parse_fuzz(const uint8_t *data, size_t size, const int32_t *formats, size_t n_formats) {
    kl_parse_options options;
    parse_fuzz_run whole, cut;
    if (size < 2) return 0;
    kl_parse_options_init(&options);
    int skip = data[0] & 1;
    options.format = formats[(data[0] >> 1) % n_formats];
    options.line_max = data[1] & 1 ? 16 + data[1] : 4096;
    options.allow_negative_prices = data[0] >> 7;
    parse_fuzz_text(&whole, options, skip, (const char *)data + 2, size - 2, size);
    parse_fuzz_text(&cut, options, skip, (const char *)data + 2, size - 2, 1 + (data[1] >> 1) % 40);
    if (whole.status < 0) cut.counts.bytes = whole.counts.bytes;
    if (whole.status != cut.status || whole.hash != cut.hash || whole.bad_hash != cut.bad_hash || whole.rows != cut.rows || whole.bad != cut.bad) abort();
    if (memcmp(&whole.counts, &cut.counts, sizeof cut.counts) != 0) abort();
    if (whole.status < 0 && (whole.error.row != cut.error.row || whole.error.column != cut.error.column)) abort();
    if (whole.counts.rows != whole.rows) abort();
    return 0;
}

#endif
