/* Symbols of exchanges: base and quote. */
#include "kline/data.h"
#include <string.h>

/* Quote assets that end symbols written without separator. Where several fit, the longest wins, unless a shorter one leaves
 * an asset of this table as base and the longest does not: XBTUSD is XBT + USD, though TUSD fits too. */
static const char symbol_quotes[][6] = {
    "USDT", "USDC", "BUSD", "FDUSD", "TUSD", "USDP", "USDS", "USDD", "PYUSD", "RLUSD", "USD1", "SUSD", "GUSD", "PAX",
    "DAI",  "UST",  "EURI", "EURT",  "AEUR", "USD",  "EUR",  "GBP",  "TRY",   "BRL",   "AUD",  "RUB",  "UAH",  "NGN",
    "IDR",  "IDRT", "BIDR", "BVND",  "BKRW", "VAI",  "JPY",  "KRW",  "CHF",   "CAD",   "INR",  "ZAR",  "PLN",  "RON",
    "ARS",  "MXN",  "COP",  "CZK",   "SGD",  "HKD",  "BTC",  "XBT",  "ETH",   "BNB",   "TRX",  "XRP",  "DOGE", "DOT",
    "SOL",  "USDE",
};
#define SYMBOL_QUOTES (sizeof symbol_quotes / sizeof symbol_quotes[0])

static int symbol_is_separator(char c) { return c == '-' || c == '/' || c == '_' || c == ':'; }
static char symbol_upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

/* 1 where the text ends with an asset and a base remains, or, with `whole`, is that asset. */
static int symbol_fits(const char *text, size_t length, size_t asset, int whole) {
    size_t n = strlen(symbol_quotes[asset]), k = 0;
    if (whole ? n != length : n >= length) return 0;
    while (k < n && symbol_upper(text[length - n + k]) == symbol_quotes[asset][k]) k++;
    return k == n;
}

static int symbol_is_known(const char *text, size_t length) {
    for (size_t i = 0; i < SYMBOL_QUOTES; i++)
        if (symbol_fits(text, length, i, 1)) return 1;
    return 0;
}

/* Length of the quote that `text` ends with; 0: none. */
static size_t symbol_quote_length(const char *text, size_t length) {
    size_t longest = 0, shortest_known = 0;
    for (size_t i = 0; i < SYMBOL_QUOTES; i++) {
        size_t n = strlen(symbol_quotes[i]);
        if (!symbol_fits(text, length, i, 0)) continue;
        if (n > longest) longest = n;
        if (symbol_is_known(text, length - n) && (shortest_known == 0 || n < shortest_known)) shortest_known = n;
    }
    return shortest_known != 0 ? shortest_known : longest;
}

static void symbol_copy(char *to, const char *from, size_t length) {
    memcpy(to, from, length);
    to[length] = '\0';
}

kl_status kl_symbol_split(const char *symbol, char *base, char *quote) {
    if (!symbol || !base || !quote) return KL_E_ARG;
    size_t length = 0, part = 0;
    while (symbol[length] != '\0') {
        if (length >= KL_SYMBOL_MAX - 1 || (unsigned char)symbol[length] <= ' ') return KL_E_SYMBOL;
        length++;
    }
    while (part < length && !symbol_is_separator(symbol[part])) part++;
    if (part == 0) return KL_E_SYMBOL;
    /* BTCUSD_PERP, ETHUSDT-240628: what follows the separator is a contract, the pair stands before it */
    size_t rest = part < length ? length - part - 1 : 0;
    int contract = rest > 0 && symbol[part + 1] >= '0' && symbol[part + 1] <= '9' && rest >= 6;
    contract |= rest == 4 && memcmp(symbol + part + 1, "PERP", 4) == 0;
    if (part < length && !contract) {
        const char *second = symbol + part + 1;
        size_t n = 0;
        while (n < rest && !symbol_is_separator(second[n])) n++; /* BTC-USDT-SWAP, BTC/USDT:USDT */
        if (n == 0) return KL_E_SYMBOL;
        symbol_copy(base, symbol, part);
        symbol_copy(quote, second, n);
        return KL_OK;
    }
    size_t n = symbol_quote_length(symbol, part);
    if (n == 0) return KL_E_SYMBOL;
    symbol_copy(base, symbol, part - n);
    symbol_copy(quote, symbol + part - n, n);
    return KL_OK;
}
