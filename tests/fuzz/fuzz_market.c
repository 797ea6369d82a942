/* Snapshots, tops of books and charts out of any text: a status, rows that can be printed, and the same again. */
#include "kline/clean.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static kl_status fuzz_market_rows(void *ctx, const kl_market *rows, size_t n) {
    uint64_t *sum = ctx;
    for (size_t i = 0; i < n; i++) {
        if (strlen(rows[i].id) == 0 || strlen(rows[i].id) >= KL_SYMBOL_MAX || strlen(rows[i].symbol) >= KL_SYMBOL_MAX) abort();
        if (rows[i].rank < 0 || rows[i].price - rows[i].price > 0) abort();
        ++*sum;
    }
    return KL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    uint64_t sum = 0, rows = 0, skipped = 0;
    const kl_market_sink sink = {&sum, fuzz_market_rows};
    kl_market market;
    kl_book_top top;
    kl_error error;
    char symbol[KL_SYMBOL_MAX];
    if (size == 0) return 0;
    if (kl_market_parse_ticker(text, size, &market, &error) == KL_OK && market.price != market.price) abort();
    if (kl_book_top_parse(text, size, symbol, &top, &error) == KL_OK && (strlen(symbol) == 0 || top.bid <= 0 || top.ask <= 0)) abort();
    kl_status status = kl_market_parse_coins(text, size, &sink, &rows, &error);
    if (status == KL_OK ? sum != rows : sum != 0) abort();
    for (int again = 0; again < 2; again++) {
        kl_series series;
        kl_series_init(&series, NULL);
        status = kl_yahoo_parse(text, size, &series, &skipped, &error);
        if (status < 0 && series.n) abort();
        for (size_t i = 0; i < series.n; i++)
            if (series.rows[i].open < 0 || series.rows[i].open_time_us < KL_TIME_MIN || series.rows[i].open_time_us >= KL_TIME_MAX) abort();
        kl_series_free(&series);
    }
    return 0;
}
