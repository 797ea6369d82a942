/* The text key of a trade, for those who keep trades in a database of their own. */
#include "data/scale.h"
#include <string.h>

static size_t trade_integer_print(int64_t value, char *text) {
    kl_i128 wide = kl__wide_from(value);
    return kl_decimal_print(&wide, 0, text);
}

size_t kl_trade_key_print(const kl_trade *trade, const kl_scale *scale, char *text, size_t capacity) {
    char made[2 * KL_DECIMAL_TEXT_MAX + 64];
    size_t length;
    if (!text || capacity == 0) return 0;
    text[0] = '\0';
    if (!trade || !kl__scale_valid(scale)) return 0;
    kl_i128 price = kl__wide_from(trade->price), quantity = trade->quantity;
    int32_t price_scale = kl__scale_used_i64(trade->price, scale->price);
    int32_t quantity_scale = kl__scale_used_wide(&quantity, scale->volume);
    /* trailing zeros are cut, so that sources of different scale agree; neither can fail */
    kl__scale_wide(&price, price_scale - scale->price);
    kl__scale_wide(&quantity, quantity_scale - scale->volume);
    length = trade_integer_print(trade->time_us, made);
    made[length++] = '-';
    if (trade->id >= 0) length += trade_integer_print(trade->id, made + length);
    made[length++] = '-';
    length += kl_decimal_print(&price, price_scale, made + length);
    made[length++] = '-';
    length += kl_decimal_print(&quantity, quantity_scale, made + length);
    made[length++] = '-';
    if (trade->flags & KL_TRADE_MAKER_KNOWN) made[length++] = trade->flags & KL_TRADE_BUYER_MAKER ? 'm' : 't';
    if (length >= capacity) return 0;
    memcpy(text, made, length);
    text[length] = '\0';
    return length;
}
