/* Market snapshots, tops of order books and chart replies: one complete JSON text -> rows (F3, F4, F14). */
#include "base/fp.h"
#include "base/check.h"
#include "kline/clean.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

/* ---- members */

/* KL_END where the member is absent or null. */
static kl_status market_member(const kl_json *object, const char *name, kl_json *value) {
    if (kl_json_member(object, name, value) < 0 || value->kind == KL_JSON_NULL) return KL_END;
    return KL_OK;
}

static kl_status market_fail(kl_error *error, kl_status code, int64_t row, const char *name) {
    return kl__fail(error, code, 0, row, 0, "%s: %s", name, kl_status_text(code));
}

/* A number, or a string that holds one; NaN where it is absent, null or empty. */
static kl_status market_number(const kl_json *object, const char *name, int64_t row, double *number, kl_error *error) {
    kl_json value;
    size_t used = 0;
    *number = (double)NAN;
    if (market_member(object, name, &value) != KL_OK) return KL_OK;
    if (value.kind != KL_JSON_NUMBER && value.kind != KL_JSON_STRING) return market_fail(error, KL_E_NUMBER, row, name);
    if (value.length == 0) return KL_OK;
    double parsed;
    kl_status status = kl_double_parse(value.text, value.length, &parsed, &used);
    if (status < 0 || used != value.length) return market_fail(error, KL_E_NUMBER, row, name);
    if (!(parsed - parsed == 0)) return market_fail(error, KL_E_NOT_FINITE, row, name);
    *number = parsed;
    return KL_OK;
}

/* Epoch number or ISO text; KL_TIME_NONE where it is absent or null. */
static kl_status market_time(const kl_json *object, const char *name, int64_t row, kl_time *time, kl_error *error) {
    kl_json value;
    int64_t epoch = 0;
    *time = KL_TIME_NONE;
    if (market_member(object, name, &value) != KL_OK) return KL_OK;
    if (value.kind == KL_JSON_STRING)
        return kl_time_parse(value.text, value.length, time) < 0 ? market_fail(error, KL_E_TIME, row, name) : KL_OK;
    if (value.kind != KL_JSON_NUMBER || value.length > 18) return market_fail(error, KL_E_TIME, row, name);
    for (size_t i = 0; i < value.length; i++) {
        if (value.text[i] < '0' || value.text[i] > '9') return market_fail(error, KL_E_TIME, row, name);
        epoch = epoch * 10 + (value.text[i] - '0');
    }
    return kl_time_from_epoch(epoch, time, NULL) < 0 ? market_fail(error, KL_E_TIME, row, name) : KL_OK;
}

/* A string of 1..KL_SYMBOL_MAX - 1 bytes. */
static kl_status market_text(const kl_json *object, const char *name, int64_t row, char *text, kl_error *error) {
    kl_json value;
    size_t length = 0;
    if (market_member(object, name, &value) != KL_OK) return market_fail(error, KL_E_COLUMNS, row, name);
    if (value.kind != KL_JSON_STRING || kl_json_string(&value, text, KL_SYMBOL_MAX, &length) < 0 || length == 0 ||
        strlen(text) != length)
        return market_fail(error, KL_E_SYMBOL, row, name);
    return KL_OK;
}

/* The object itself, or what a combined stream wraps: {"stream":..,"data":{..}}. */
static kl_status market_object(const char *text, size_t length, kl_json *object, kl_error *error) {
    kl_json data;
    KL__TRY(kl_json_read(text, length, object, error));
    if (object->kind != KL_JSON_OBJECT) return kl__fail(error, KL_E_FORMAT, 1, 0, 0, "the text is no JSON object");
    if (market_member(object, "data", &data) == KL_OK && data.kind == KL_JSON_OBJECT) *object = data;
    return KL_OK;
}

static void market_unknown(kl_market *m) {
    memset(m, 0, sizeof *m);
    m->time_us = KL_TIME_NONE;
    m->price = m->market_cap = m->total_volume = m->high_24h = m->low_24h = m->change_24h = m->change_pct_24h = (double)NAN;
    m->circulating_supply = m->total_supply = m->ath = m->atl = (double)NAN;
}

/* ---- the exchange's 24-hour ticker and top of book */

typedef struct {
    const char *name[2]; /* of the REST object, of the event */
    size_t offset;
} market_field;

static kl_status market_fields(const kl_json *object, int event, const market_field *fields, size_t n, void *out, kl_error *error) {
    for (size_t i = 0; i < n; i++) {
        double number;
        KL__TRY(market_number(object, fields[i].name[event], 0, &number, error));
        memcpy((char *)out + fields[i].offset, &number, sizeof number);
    }
    return KL_OK;
}

kl_status kl_market_parse_ticker(const char *text, size_t length, kl_market *market, kl_error *error) {
    static const market_field fields[] = {
        {{"lastPrice", "c"}, offsetof(kl_market, price)},        {{"quoteVolume", "q"}, offsetof(kl_market, total_volume)},
        {{"highPrice", "h"}, offsetof(kl_market, high_24h)},     {{"lowPrice", "l"}, offsetof(kl_market, low_24h)},
        {{"priceChange", "p"}, offsetof(kl_market, change_24h)}, {{"priceChangePercent", "P"}, offsetof(kl_market, change_pct_24h)},
    };
    kl_json object, value;
    kl_market made;
    if (!text || !market) return kl__fail(error, KL_E_ARG, text ? 3 : 1, 0, 0, "an argument is missing");
    KL__TRY(market_object(text, length, &object, error));
    market_unknown(&made);
    int event = market_member(&object, "e", &value) == KL_OK;
    if (event && (value.kind != KL_JSON_STRING || value.length != 10 || memcmp(value.text, "24hrTicker", 10) != 0))
        return kl__fail(error, KL_E_FORMAT, 1, 0, 0, "an event of another kind than 24hrTicker");
    KL__TRY(market_text(&object, event ? "s" : "symbol", 0, made.symbol, error));
    memcpy(made.id, made.symbol, sizeof made.id);
    KL__TRY(market_fields(&object, event, fields, sizeof fields / sizeof fields[0], &made, error));
    if (made.price != made.price) return market_fail(error, KL_E_COLUMNS, 0, fields[0].name[event]);
    KL__TRY(market_time(&object, event ? "E" : "closeTime", 0, &made.time_us, error));
    *market = made;
    return KL_OK;
}

kl_status kl_book_top_parse(const char *text, size_t length, char *symbol, kl_book_top *top, kl_error *error) {
    static const market_field fields[] = {{{"bidPrice", "b"}, offsetof(kl_book_top, bid)},
                                          {{"bidQty", "B"}, offsetof(kl_book_top, bid_quantity)},
                                          {{"askPrice", "a"}, offsetof(kl_book_top, ask)},
                                          {{"askQty", "A"}, offsetof(kl_book_top, ask_quantity)}};
    kl_json object, value;
    kl_book_top made;
    char name[KL_SYMBOL_MAX];
    if (!text || !top) return kl__fail(error, KL_E_ARG, text ? 4 : 1, 0, 0, "an argument is missing");
    KL__TRY(market_object(text, length, &object, error));
    if (market_member(&object, "e", &value) == KL_OK &&
        (value.kind != KL_JSON_STRING || value.length != 10 || memcmp(value.text, "bookTicker", 10) != 0))
        return kl__fail(error, KL_E_FORMAT, 1, 0, 0, "an event of another kind than bookTicker");
    int event = market_member(&object, "symbol", &value) != KL_OK;
    KL__TRY(market_text(&object, event ? "s" : "symbol", 0, name, error));
    for (int i = 0; i < 4; i += 2)
        if (market_member(&object, fields[i].name[event], &value) != KL_OK)
            return market_fail(error, KL_E_COLUMNS, 0, fields[i].name[event]);
    KL__TRY(market_fields(&object, event, fields, 4, &made, error));
    if (!(made.bid > 0)) made.bid = (double)NAN; /* an empty side is sent as 0 */
    if (!(made.ask > 0)) made.ask = (double)NAN;
    KL__TRY(market_time(&object, event ? "T" : "time", 0, &made.time_us, error));
    if (made.time_us == KL_TIME_NONE && event) KL__TRY(market_time(&object, "E", 0, &made.time_us, error));
    if (symbol) memcpy(symbol, name, sizeof name);
    *top = made;
    return KL_OK;
}

/* ---- lists of coins */

static kl_status market_coin(const kl_json *object, int64_t row, kl_market *m, kl_error *error) {
    static const struct {
        const char *name;
        size_t offset;
    } fields[] = {
        {"current_price", offsetof(kl_market, price)},         {"market_cap", offsetof(kl_market, market_cap)},
        {"total_volume", offsetof(kl_market, total_volume)},   {"high_24h", offsetof(kl_market, high_24h)},
        {"low_24h", offsetof(kl_market, low_24h)},             {"price_change_24h", offsetof(kl_market, change_24h)},
        {"price_change_percentage_24h", offsetof(kl_market, change_pct_24h)},
        {"circulating_supply", offsetof(kl_market, circulating_supply)},
        {"total_supply", offsetof(kl_market, total_supply)},   {"ath", offsetof(kl_market, ath)},
        {"atl", offsetof(kl_market, atl)},
    };
    double rank;
    kl_json value;
    market_unknown(m);
    if (object->kind != KL_JSON_OBJECT) return kl__fail(error, KL_E_FORMAT, 1, row, 0, "an element is no object");
    KL__TRY(market_text(object, "id", row, m->id, error));
    if (market_member(object, "symbol", &value) == KL_OK) KL__TRY(market_text(object, "symbol", row, m->symbol, error));
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        double number;
        KL__TRY(market_number(object, fields[i].name, row, &number, error));
        memcpy((char *)m + fields[i].offset, &number, sizeof number);
    }
    KL__TRY(market_number(object, "market_cap_rank", row, &rank, error));
    if (rank >= 1 && rank < 1e9) m->rank = (int64_t)rank;
    return market_time(object, "last_updated", row, &m->time_us, error);
}

kl_status kl_market_parse_coins(const char *text, size_t length, const kl_market_sink *sink, uint64_t *rows, kl_error *error) {
    enum { BATCH = 32 };
    kl_market batch[BATCH];
    kl_json root, element;
    uint64_t count = 0;
    if (!text || !sink || !sink->markets) return kl__fail(error, KL_E_ARG, text ? 3 : 1, 0, 0, "an argument is missing");
    KL__TRY(kl_json_read(text, length, &root, error));
    if (root.kind != KL_JSON_ARRAY) return kl__fail(error, KL_E_FORMAT, 1, 0, 0, "the text is no JSON array of coins");
    for (int pass = 0; pass < 2; pass++) { /* first only a look: nothing is half handed on */
        size_t cursor = 0, n = 0;
        count = 0;
        while (kl_json_next(&root, &cursor, NULL, &element) == KL_OK) {
            count++;
            KL__TRY(market_coin(&element, (int64_t)count, &batch[n], error));
            if (!pass || ++n < BATCH) continue;
            kl_status status = sink->markets(sink->ctx, batch, n);
            if (status < 0) return kl__fail(error, status, 0, (int64_t)count, 0, "the receiver of rows stopped");
            n = 0;
        }
        kl_status status = n ? sink->markets(sink->ctx, batch, n) : KL_OK;
        if (status < 0) return kl__fail(error, status, 0, (int64_t)count, 0, "the receiver of rows stopped");
    }
    if (rows) *rows = count;
    return KL_OK;
}
