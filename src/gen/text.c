#include "gen/text.h"
#include "base/number.h"
#include <string.h>

/* A cursor in a row; every piece is short and the row is long enough for all of them. */
typedef struct {
    char *at;
} gen_text;

static inline void text_char(gen_text *t, char c) { *t->at++ = c; }
static void text_put(gen_text *t, const char *s) {
    size_t n = strlen(s);
    memcpy(t->at, s, n);
    t->at += n;
}
static inline void text_int(gen_text *t, int64_t v) {
    uint64_t magnitude = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    if (v < 0) *t->at++ = '-';
    t->at += kl__digits_print(t->at, magnitude);
}

/* Eight decimals, as the exchange pads them. */
static inline void text_fixed(gen_text *t, uint64_t mantissa, int32_t scale) {
    uint64_t all = mantissa * kl__pow10_u64[8 - scale];
    t->at += kl__digits_print(t->at, all / 100000000);
    *t->at++ = '.';
    kl__digits_write_eight(t->at, (uint32_t)(all % 100000000));
    t->at += 8;
}
static void text_wide(gen_text *t, const kl_i128 *value, int32_t scale) {
    if (value->hi == 0 && value->lo < UINT64_C(1000000000000000000) / kl__pow10_u64[8 - scale]) {
        text_fixed(t, value->lo, scale);
        return;
    }
    kl_i128 all = *value;
    char text[KL_DECIMAL_TEXT_MAX];
    if (kl_decimal_rescale(&all, scale, 8) < 0) return; /* 2^127 / 10^8 of a coin are never traded */
    text_put(t, (kl_decimal_print(&all, 8, text), text));
}
static inline void text_price(gen_text *t, const gen_style *style, int64_t price) {
    text_fixed(t, (uint64_t)price, style->scale.price);
}
static inline void text_time(gen_text *t, const gen_style *style, kl_time time) {
    text_int(t, style->divisor == 1 ? time : time / 1000);
}

/* One value of a row: in quotes where JSON wants it so. */
#define TEXT_QUOTED(t, quote, what)                                                                                    \
    do {                                                                                                               \
        if (quote) text_char(t, '"');                                                                                  \
        what;                                                                                                          \
        if (quote) text_char(t, '"');                                                                                  \
        text_char(t, ',');                                                                                             \
    } while (0)

size_t kl__gen_kline_text(const gen_style *style, const kl_kline *row, char *text) {
    gen_text at = {text}, *t = &at;
    int json = style->format == KL_GEN_KLINE_JSON;
    if (json) text_char(t, '[');
    TEXT_QUOTED(t, 0, text_time(t, style, row->open_time_us));
    TEXT_QUOTED(t, json, text_price(t, style, row->open));
    TEXT_QUOTED(t, json, text_price(t, style, row->high));
    TEXT_QUOTED(t, json, text_price(t, style, row->low));
    TEXT_QUOTED(t, json, text_price(t, style, row->close));
    TEXT_QUOTED(t, json, text_wide(t, &row->volume, style->scale.volume));
    TEXT_QUOTED(t, 0, text_time(t, style, row->close_time_us));
    TEXT_QUOTED(t, json, text_wide(t, &row->quote_volume, style->scale.quote));
    TEXT_QUOTED(t, 0, text_int(t, row->trade_count));
    TEXT_QUOTED(t, json, text_wide(t, &row->taker_buy_base, style->scale.volume));
    TEXT_QUOTED(t, json, text_wide(t, &row->taker_buy_quote, style->scale.quote));
    text_put(t, json ? "\"0\"]" : "0");
    return (size_t)(t->at - text);
}

size_t kl__gen_trade_text(const gen_style *style, const kl_trade *row, int aggregate, char *text) {
    gen_text at = {text}, *t = &at;
    TEXT_QUOTED(t, 0, text_int(t, row->id));
    TEXT_QUOTED(t, 0, text_price(t, style, row->price));
    TEXT_QUOTED(t, 0, text_wide(t, &row->quantity, style->scale.volume));
    if (aggregate) {
        TEXT_QUOTED(t, 0, text_int(t, row->first_id));
        TEXT_QUOTED(t, 0, text_int(t, row->last_id));
    } else {
        kl_i128 quote = kl__wide_mul64(row->price, (int64_t)row->quantity.lo);
        TEXT_QUOTED(t, 0, text_wide(t, &quote, style->scale.quote));
    }
    TEXT_QUOTED(t, 0, text_time(t, style, row->time_us));
    text_put(t, row->flags & KL_TRADE_BUYER_MAKER ? "True,True" : "False,True");
    return (size_t)(t->at - text);
}

size_t kl__gen_kline_event(const gen_style *style, const kl_kline *row, kl_time event, int closed, char *text) {
    gen_text at = {text}, *t = &at;
    text_put(t, "{\"e\":\"kline\",\"E\":"), text_time(t, style, event);
    text_put(t, ",\"s\":\""), text_put(t, style->symbol);
    text_put(t, "\",\"k\":{\"t\":"), text_time(t, style, row->open_time_us);
    text_put(t, ",\"T\":"), text_time(t, style, row->close_time_us);
    text_put(t, ",\"s\":\""), text_put(t, style->symbol);
    text_put(t, "\",\"i\":\""), text_put(t, style->interval);
    text_put(t, "\",\"f\":"), text_int(t, row->first_trade_id);
    text_put(t, ",\"L\":"), text_int(t, row->last_trade_id);
    text_put(t, ",\"o\":\""), text_price(t, style, row->open);
    text_put(t, "\",\"c\":\""), text_price(t, style, row->close);
    text_put(t, "\",\"h\":\""), text_price(t, style, row->high);
    text_put(t, "\",\"l\":\""), text_price(t, style, row->low);
    text_put(t, "\",\"v\":\""), text_wide(t, &row->volume, style->scale.volume);
    text_put(t, "\",\"n\":"), text_int(t, row->trade_count);
    text_put(t, closed ? ",\"x\":true,\"q\":\"" : ",\"x\":false,\"q\":\"");
    text_wide(t, &row->quote_volume, style->scale.quote);
    text_put(t, "\",\"V\":\""), text_wide(t, &row->taker_buy_base, style->scale.volume);
    text_put(t, "\",\"Q\":\""), text_wide(t, &row->taker_buy_quote, style->scale.quote);
    text_put(t, "\",\"B\":\"0\"}}");
    return (size_t)(t->at - text);
}

size_t kl__gen_trade_event(const gen_style *style, const kl_trade *row, int aggregate, char *text) {
    gen_text at = {text}, *t = &at;
    text_put(t, aggregate ? "{\"e\":\"aggTrade\",\"E\":" : "{\"e\":\"trade\",\"E\":"),
        text_time(t, style, row->time_us);
    text_put(t, ",\"s\":\""), text_put(t, style->symbol);
    text_put(t, aggregate ? "\",\"a\":" : "\",\"t\":"), text_int(t, row->id);
    text_put(t, ",\"p\":\""), text_price(t, style, row->price);
    text_put(t, "\",\"q\":\""), text_wide(t, &row->quantity, style->scale.volume);
    if (aggregate) {
        text_put(t, "\",\"f\":"), text_int(t, row->first_id);
        text_put(t, ",\"l\":"), text_int(t, row->last_id);
        text_put(t, ",\"T\":");
    } else {
        text_put(t, "\",\"T\":");
    }
    text_time(t, style, row->time_us);
    text_put(t, row->flags & KL_TRADE_BUYER_MAKER ? ",\"m\":true,\"M\":true}" : ",\"m\":false,\"M\":true}");
    return (size_t)(t->at - text);
}

const char *kl__gen_header(int32_t format) {
    static const char *const headers[] = {
        [KL_GEN_KLINE_CSV] = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
                             "taker_buy_quote_volume,ignore",
        [KL_GEN_TRADE_CSV] = "id,price,qty,quote_qty,time,is_buyer_maker,is_best_match",
        [KL_GEN_AGG_TRADE_CSV] =
            "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker,"
            "is_best_match",
    };
    return format >= KL_GEN_KLINE_CSV && format <= KL_GEN_AGG_TRADE_CSV ? headers[format] : "";
}
