/* A chart reply: parallel arrays of times and prices -> klines. Its prices are binary floats in decimal, of any number of digits: they
 * are kept exactly where one scale for all of them has room, else rounded to the finest scale that has. */
#include "base/fp.h"
#include "base/size.h"
#include "base/wide.h"
#include "kline/clean.h"
#include <string.h>

enum { YAHOO_TIME, YAHOO_OPEN, YAHOO_HIGH, YAHOO_LOW, YAHOO_CLOSE, YAHOO_VOLUME, YAHOO_ARRAYS };
static const char *const yahoo_names[YAHOO_ARRAYS] = {"timestamp", "open", "high", "low", "close", "volume"};

typedef struct yahoo_chart {
    kl_json array[YAHOO_ARRAYS], value[YAHOO_ARRAYS]; /* value: of the current row */
    size_t cursor[YAHOO_ARRAYS];
    int64_t row;
    kl_scale scale;
} yahoo_chart;

static void yahoo_rewind(yahoo_chart *c) {
    memset(c->cursor, 0, sizeof c->cursor);
    c->row = 0;
}

/* KL_END after the last row. */
static kl_status yahoo_next(yahoo_chart *c, kl_error *error) {
    kl_status first = KL_OK;
    c->row++;
    for (int i = 0; i < YAHOO_ARRAYS; i++) {
        if (!c->array[i].text) continue; /* without volume */
        kl_status status = kl_json_next(&c->array[i], &c->cursor[i], NULL, &c->value[i]);
        if (i == 0) first = status;
        if (status != first)
            return kl__fail(error, KL_E_COLUMNS, 0, c->row, i + 1, "%s and %s are not of one length", yahoo_names[0], yahoo_names[i]);
        if (status == KL_OK && c->value[i].kind != KL_JSON_NUMBER && (c->value[i].kind != KL_JSON_NULL || i == 0))
            return kl__fail(error, KL_E_NUMBER, 0, c->row, i + 1, "%s is no number", yahoo_names[i]);
    }
    return first;
}

static int yahoo_is_null(const yahoo_chart *c) {
    for (int i = YAHOO_OPEN; i <= YAHOO_CLOSE; i++)
        if (c->value[i].kind == KL_JSON_NULL) return 1;
    return 0;
}

static int yahoo_has_volume(const yahoo_chart *c) { return c->array[YAHOO_VOLUME].text && c->value[YAHOO_VOLUME].kind == KL_JSON_NUMBER; }

/* The value as double, and the decimals that its text needs: KL_SCALE_MAX where it needs more. */
static kl_status yahoo_measure(const yahoo_chart *c, int i, double *number, int32_t *decimals, kl_error *error) {
    size_t used = 0;
    kl_i128 mantissa;
    if (kl_double_parse(c->value[i].text, c->value[i].length, number, &used) < 0 || !(*number - *number == 0))
        return kl__fail(error, KL_E_NUMBER, 0, c->row, i + 1, "%s is no finite number", yahoo_names[i]);
    if (*number < 0) return kl__fail(error, i == YAHOO_VOLUME ? KL_E_VOLUME : KL_E_PRICE, 0, c->row, i + 1, "%s is below 0", yahoo_names[i]);
    if (kl_decimal_parse(c->value[i].text, c->value[i].length, &mantissa, decimals, &used) < 0) *decimals = KL_SCALE_MAX;
    return KL_OK;
}

/* The finest scales that all rows need, as far as the highest price fits 18 digits. */
static kl_status yahoo_scale(yahoo_chart *c, kl_error *error) {
    double highest[2] = {0, 0};
    int32_t most[2] = {0, 0};
    yahoo_rewind(c);
    kl_status status;
    while ((status = yahoo_next(c, error)) == KL_OK) {
        if (yahoo_is_null(c)) continue;
        for (int i = YAHOO_OPEN; i <= (yahoo_has_volume(c) ? YAHOO_VOLUME : YAHOO_CLOSE); i++) {
            const int volume = i == YAHOO_VOLUME;
            double number;
            int32_t decimals;
            KL__TRY(yahoo_measure(c, i, &number, &decimals, error));
            if (number > highest[volume]) highest[volume] = number;
            if (decimals > most[volume]) most[volume] = decimals;
        }
    }
    if (status < 0) return status;
    for (int i = 0; i < 2; i++) {
        if (highest[i] >= 1e18) return kl__fail(error, KL_E_OVERFLOW, 0, 0, 0, "a number has more than 18 digits");
        for (double room = 1e18; most[i] > 0 && highest[i] >= room / (double)kl__pow10_u64[most[i]];) most[i]--;
    }
    memset(&c->scale, 0, sizeof c->scale);
    c->scale.price = most[0], c->scale.volume = most[1];
    return KL_OK;
}

static int64_t yahoo_mantissa(const yahoo_chart *c, int i, int32_t scale) {
    kl_i128 mantissa;
    int32_t decimals = 0;
    size_t used = 0;
    double number = 0;
    if (kl_decimal_parse(c->value[i].text, c->value[i].length, &mantissa, &decimals, &used) >= 0 &&
        kl_decimal_rescale(&mantissa, decimals, scale) >= 0 && kl__wide_fits(mantissa))
        return (int64_t)mantissa.lo;
    (void)kl_double_parse(c->value[i].text, c->value[i].length, &number, &used);
    number = number * (double)kl__pow10_u64[scale];
    int64_t whole = (int64_t)number;
    return whole + (number - (double)whole >= 0.5);
}

static kl_status yahoo_row(const yahoo_chart *c, kl_kline *row, kl_error *error) {
    int64_t seconds = 0;
    const kl_json *time = &c->value[YAHOO_TIME];
    for (size_t i = 0; i < time->length; i++) {
        if (time->text[i] < '0' || time->text[i] > '9' || i == 11)
            return kl__fail(error, KL_E_TIME, 0, c->row, 1, "timestamp is no count of seconds since 1970");
        seconds = seconds * 10 + (time->text[i] - '0');
    }
    memset(row, 0, sizeof *row);
    row->open_time_us = seconds * 1000000;
    if (row->open_time_us < KL_TIME_MIN || row->open_time_us >= KL_TIME_MAX)
        return kl__fail(error, KL_E_TIME, 0, c->row, 1, "timestamp: %s", kl_status_text(KL_E_TIME));
    row->open = yahoo_mantissa(c, YAHOO_OPEN, c->scale.price), row->high = yahoo_mantissa(c, YAHOO_HIGH, c->scale.price);
    row->low = yahoo_mantissa(c, YAHOO_LOW, c->scale.price), row->close = yahoo_mantissa(c, YAHOO_CLOSE, c->scale.price);
    row->first_trade_id = row->last_trade_id = -1;
    row->known = KL_HAS_OHLC;
    row->flags = KL_CLOSED;
    if (yahoo_has_volume(c)) {
        row->volume = kl__wide_from(yahoo_mantissa(c, YAHOO_VOLUME, c->scale.volume));
        row->known |= KL_HAS_VOLUME;
    }
    int flat = row->open == row->high && row->open == row->low && row->open == row->close; /* currencies have no volume, but prices */
    if (flat && (row->known & KL_HAS_VOLUME) && kl__wide_is_zero(row->volume)) row->flags |= KL_FILLER;
    return KL_OK;
}

/* chart.result[0], and its arrays. */
static kl_status yahoo_open(yahoo_chart *c, const char *text, size_t length, kl_json *meta, kl_error *error) {
    kl_json root, chart, result, quote;
    size_t cursor = 0;
    memset(c, 0, sizeof *c);
    KL__TRY(kl_json_read(text, length, &root, error));
    if (root.kind != KL_JSON_OBJECT || kl_json_member(&root, "chart", &chart) < 0 || chart.kind != KL_JSON_OBJECT)
        return kl__fail(error, KL_E_FORMAT, 1, 0, 0, "the text is no chart reply");
    if (kl_json_member(&chart, "result", &result) < 0 || result.kind != KL_JSON_ARRAY ||
        kl_json_next(&result, &cursor, NULL, &result) != KL_OK || result.kind != KL_JSON_OBJECT) {
        char said[80] = "it holds no result";
        kl_json why;
        if (kl_json_member(&chart, "error", &why) >= 0 && why.kind == KL_JSON_OBJECT && kl_json_member(&why, "description", &why) >= 0 &&
            why.kind == KL_JSON_STRING && why.length < sizeof said)
            (void)kl_json_string(&why, said, sizeof said, NULL);
        return kl__fail(error, KL_E_EMPTY, 1, 0, 0, "the chart reply is empty: %s", said);
    }
    if (kl_json_member(&result, "meta", meta) < 0 || meta->kind != KL_JSON_OBJECT) memset(meta, 0, sizeof *meta);
    if (kl_json_member(&result, "timestamp", &c->array[YAHOO_TIME]) < 0 || c->array[YAHOO_TIME].kind != KL_JSON_ARRAY)
        return kl__fail(error, KL_E_EMPTY, 1, 0, 0, "the chart reply has no rows");
    cursor = 0;
    if (kl_json_member(&result, "indicators", &quote) < 0 || kl_json_member(&quote, "quote", &quote) < 0 ||
        quote.kind != KL_JSON_ARRAY || kl_json_next(&quote, &cursor, NULL, &quote) != KL_OK || quote.kind != KL_JSON_OBJECT)
        return kl__fail(error, KL_E_FORMAT, 1, 0, 0, "the chart reply has no indicators.quote");
    for (int i = YAHOO_OPEN; i < YAHOO_ARRAYS; i++) {
        if (kl_json_member(&quote, yahoo_names[i], &c->array[i]) >= 0 && c->array[i].kind == KL_JSON_ARRAY) continue;
        if (i != YAHOO_VOLUME) return kl__fail(error, KL_E_COLUMNS, 1, 0, 0, "indicators.quote has no array %s", yahoo_names[i]);
        memset(&c->array[i], 0, sizeof c->array[i]);
    }
    return KL_OK;
}

/* What the reply says of itself, where the series does not know it yet. */
static void yahoo_key(const kl_json *meta, kl_series_key *key) {
    kl_json value;
    char text[16];
    size_t n = 0;
    if (!meta->text) return;
    if (!key->symbol[0] && kl_json_member(meta, "symbol", &value) >= 0 && value.kind == KL_JSON_STRING)
        if (kl_json_string(&value, key->symbol, sizeof key->symbol, NULL) < 0) key->symbol[0] = 0;
    if (key->interval.unit || kl_json_member(meta, "dataGranularity", &value) < 0 || value.kind != KL_JSON_STRING) return;
    if (kl_json_string(&value, text, sizeof text, &n) < 0) return;
    if (n > 2 && memcmp(text + n - 2, "wk", 2) == 0) n--; /* 1wk */
    (void)kl_interval_parse(text, n, &key->interval);
}

static kl_status yahoo_rows(yahoo_chart *c, kl_series *series, uint64_t *skipped, kl_error *error) {
    enum { BATCH = 32 };
    kl_kline batch[BATCH];
    size_t n = 0;
    kl_status status;
    yahoo_rewind(c);
    while ((status = yahoo_next(c, error)) == KL_OK) {
        if (yahoo_is_null(c)) {
            ++*skipped;
            continue;
        }
        if (n == BATCH) {
            KL__TRY(kl_series_append(series, batch, n, &c->scale, error));
            n = 0;
        }
        KL__TRY(yahoo_row(c, &batch[n], error));
        n++;
    }
    if (status < 0) return status;
    if (n) { /* the newest row may be the live one, stamped with the time of the request */
        batch[n - 1].flags &= ~(uint32_t)KL_CLOSED;
        batch[n - 1].flags |= KL_SUSPECT;
    }
    return kl_series_append(series, batch, n, &c->scale, error);
}

kl_status kl_yahoo_parse(const char *text, size_t length, kl_series *series, uint64_t *skipped, kl_error *error) {
    yahoo_chart chart;
    kl_json meta;
    uint64_t nulls = 0;
    if (!text || !series) return kl__fail(error, KL_E_ARG, text ? 3 : 1, 0, 0, "an argument is missing");
    KL__TRY(yahoo_open(&chart, text, length, &meta, error));
    KL__TRY(yahoo_scale(&chart, error));
    const size_t before = series->n;
    kl_status status = yahoo_rows(&chart, series, &nulls, error);
    if (status < 0) {
        series->n = before;
        return status;
    }
    yahoo_key(&meta, &series->key);
    if (skipped) *skipped = nulls;
    return KL_OK;
}
