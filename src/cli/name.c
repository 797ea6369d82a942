/* Symbol and interval out of a file name and the folders above it.
 *
 * The stem is cut into tokens at - _ . and blanks. An interval token ("1h", "5m", "1mo") or "trades" gives the kind. The symbol
 * is, in this order: two neighbouring words of which the second is a quote currency ("BTC_USDT", "btc-perp"); one word that ends
 * in a quote currency ("BTCUSDT", "btcusdt"); two words in capitals right before the kind ("XRP_OLD-trades"); one word in capitals
 * right before the kind ("SPY-1d"). What the stem does not tell, up to three folders above it may: BTCUSDT/1h/2023-01-01.json. */
#include "cli.h"
#include <string.h>

#define NAME_TOKENS 16
#define NAME_TOKEN_MAX 24
enum { NAME_WORD = 1, NAME_NUMBER, NAME_INTERVAL, NAME_TRADES, NAME_NOISE };
typedef struct name_token {
    char text[NAME_TOKEN_MAX]; /* in capitals */
    int32_t kind, capitals;    /* capitals: written so */
    char before;               /* the separator before it; 0 at the start */
} name_token;
typedef struct name_tokens {
    name_token at[NAME_TOKENS];
    int n;
    kl_interval interval;
} name_tokens;

static const char *const name_noise[] = {"DATA", "KLINES", "KLINE", "CANDLES", "CANDLE", "OHLC", "OHLCV", "CSV", "JSON", "HTTP",
    "WS", "RESPONSE", "SPOT", "UM", "CM", "FUTURES", "BINANCE", "KRAKEN", "COINBASE", "BYBIT", "OKX", "MINUTE", "HOUR", "DAILY",
    "SECOND", "INCREMENTAL", "PUBLIC", "LIST", "TRADE", "HISTORY", "EXPORT", "FEATHER"};
static const char *const name_quotes[] = {"USDT", "USDC", "BUSD", "FDUSD", "TUSD", "USD", "EUR", "GBP", "JPY", "TRY", "BRL", "AUD",
    "KRW", "BTC", "ETH", "BNB", "DAI", "PERP"};
/* endings of a single word in small letters that leave no doubt */
static const char *const name_strong[] = {"USDT", "USDC", "BUSD", "FDUSD", "TUSD", "USD", "EUR", "BTC", "PERP"};
static const char *const name_endings[] = {".gz", ".zip", ".csv", ".json", ".jsonl", ".ndjson", ".txt", ".tsv", ".feather"};

#define NAME_COUNT(list) (sizeof(list) / sizeof(list)[0])

static char name_upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }
static int name_is_digit(char c) { return c >= '0' && c <= '9'; }
static int name_is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static int name_listed(const char *const *list, size_t n, const char *text) {
    for (size_t i = 0; i < n; i++)
        if (!strcmp(list[i], text)) return 1;
    return 0;
}

/* 240628: the day on which a contract ends */
static int name_is_delivery(const char *text, size_t n) {
    int month, day;
    if (n != 6 && n != 8) return 0;
    for (size_t i = 0; i < n; i++)
        if (!name_is_digit(text[i])) return 0;
    text += n - 4;
    month = (text[0] - '0') * 10 + text[1] - '0';
    day = (text[2] - '0') * 10 + text[3] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static int name_is_perpetual(const char *text, size_t n) {
    static const char perp[] = "PERP";
    for (size_t i = 0; i < n && i < 4; i++)
        if (name_upper(text[i]) != perp[i]) return 0;
    return n == 4;
}

static size_t name_squeeze(const char *text, size_t length, char *symbol) {
    size_t n = 0;
    for (size_t i = 0; i < length && n + 1 < KL_SYMBOL_MAX; i++)
        if (!strchr("-_/: ", text[i])) symbol[n++] = name_upper(text[i]);
    symbol[n] = 0;
    return n;
}

void cli_symbol_canonical(const char *text, char *symbol) {
    char base[KL_SYMBOL_MAX], quote[KL_SYMBOL_MAX];
    size_t length = strlen(text), cut = length, n;
    while (cut > 0 && !strchr("-_/:", text[cut - 1])) cut--;
    if (cut > 1 && (name_is_delivery(text + cut, length - cut) || name_is_perpetual(text + cut, length - cut))) {
        n = name_squeeze(text, cut, symbol);
        if (n + 1 + length - cut < KL_SYMBOL_MAX && kl_symbol_split(symbol, base, quote) >= 0) {
            symbol[n++] = '_'; /* another market than the pair's own */
            name_squeeze(text + cut, length - cut, symbol + n);
            return;
        }
    }
    name_squeeze(text, length, symbol);
}

/* 1h, 15m, 1M, 1mo: digits and a unit, nothing else */
static int name_interval(const char *text, size_t n, kl_interval *interval) {
    size_t digits = 0;
    while (digits < n && name_is_digit(text[digits])) digits++;
    if (digits < 1 || digits > 3 || digits == n || n - digits > 2) return 0;
    return kl_interval_parse(text, n, interval) >= 0;
}

static void name_add(name_tokens *tokens, const char *text, size_t n, char before) {
    name_token *token;
    size_t digits = 0, letters = 0, capitals = 0;
    if (!n || n >= NAME_TOKEN_MAX || tokens->n >= NAME_TOKENS) return;
    token = &tokens->at[tokens->n++];
    for (size_t i = 0; i < n; i++) {
        digits += (size_t)name_is_digit(text[i]);
        letters += (size_t)name_is_letter(text[i]);
        capitals += (size_t)(text[i] >= 'A' && text[i] <= 'Z');
        token->text[i] = name_upper(text[i]);
    }
    token->text[n] = 0;
    token->before = before;
    token->capitals = letters > 0 && capitals == letters;
    token->kind = NAME_WORD;
    if (name_interval(text, n, &tokens->interval)) token->kind = NAME_INTERVAL;
    else if (digits == n) token->kind = NAME_NUMBER;
    else if (!strcmp(token->text, "TRADES") || !strcmp(token->text, "AGGTRADES")) token->kind = NAME_TRADES;
    else if (letters + digits < n || name_listed(name_noise, NAME_COUNT(name_noise), token->text)) token->kind = NAME_NOISE;
}

static void name_split(const char *text, size_t n, name_tokens *tokens) {
    size_t start = 0;
    char before = 0;
    memset(tokens, 0, sizeof *tokens);
    for (size_t i = 0; i <= n; i++) {
        if (i < n && !strchr("-_. ", text[i])) continue;
        name_add(tokens, text + start, i - start, before);
        if (i < n) before = text[i];
        start = i + 1;
    }
}

static int name_join(const name_token *a, const name_token *b, char *symbol) {
    if (strlen(a->text) + strlen(b->text) >= KL_SYMBOL_MAX) return 0;
    strcpy(symbol, a->text);
    strcat(symbol, b->text);
    return 1;
}

static int name_ends_in(const char *text, const char *const *list, size_t n) {
    size_t length = strlen(text);
    for (size_t i = 0; i < n; i++) {
        size_t tail = strlen(list[i]);
        if (length > tail && !strcmp(text + length - tail, list[i])) return 1;
    }
    return 0;
}

static int name_single(const name_token *token, char *symbol) {
    char base[KL_SYMBOL_MAX], quote[KL_SYMBOL_MAX];
    if (token->kind != NAME_WORD) return 0;
    if (!(token->capitals ? kl_symbol_split(token->text, base, quote) >= 0
                          : name_ends_in(token->text, name_strong, NAME_COUNT(name_strong))))
        return 0;
    strcpy(symbol, token->text);
    return 1;
}

static int name_pair(const name_tokens *tokens, char *symbol, int *end) {
    const name_token *at = tokens->at;
    int kind = -1;
    for (int i = 0; i + 1 < tokens->n; i++)
        if (at[i].kind == NAME_WORD && at[i + 1].kind == NAME_WORD && at[i + 1].before != '.' &&
            name_listed(name_quotes, NAME_COUNT(name_quotes), at[i + 1].text) && !name_single(&at[i], symbol))
            return *end = i + 2, name_join(&at[i], &at[i + 1], symbol);
    for (int i = 0; i < tokens->n; i++)
        if (name_single(&at[i], symbol)) return *end = i + 1, 1;
    for (int i = 0; i < tokens->n && kind < 0; i++)
        if (at[i].kind == NAME_INTERVAL || at[i].kind == NAME_TRADES) kind = i;
    if (kind > 1 && at[kind - 1].kind == NAME_WORD && at[kind - 2].kind == NAME_WORD && at[kind - 1].capitals && at[kind - 2].capitals)
        return name_join(&at[kind - 2], &at[kind - 1], symbol);
    if (kind > 0 && at[kind - 1].kind == NAME_WORD && at[kind - 1].capitals) {
        strcpy(symbol, at[kind - 1].text);
        return 1;
    }
    return 0;
}

/* BTCUSDT_240628-1h, BTCUSD_PERP-1h: what follows the pair is a contract of its own, unless it is the date of the file */
static int name_symbol(const name_tokens *tokens, char *symbol) {
    const name_token *next;
    int end = NAME_TOKENS;
    size_t n;
    if (!name_pair(tokens, symbol, &end)) return 0;
    if (end >= tokens->n) return 1;
    next = &tokens->at[end];
    n = strlen(next->text);
    if (!name_is_perpetual(next->text, n) && !(n == 6 && name_is_delivery(next->text, n))) return 1;
    if (next->kind == NAME_NUMBER && next->before != '_' &&
        (end + 1 >= tokens->n || (tokens->at[end + 1].kind != NAME_INTERVAL && tokens->at[end + 1].kind != NAME_TRADES)))
        return 1;
    if (strlen(symbol) + 1 + n >= KL_SYMBOL_MAX) return 0;
    strcat(symbol, "_");
    strcat(symbol, next->text);
    return 1;
}

static size_t name_stem(const char *text, size_t n) {
    for (size_t i = 0; i < NAME_COUNT(name_endings); i++) {
        size_t tail = strlen(name_endings[i]);
        if (n <= tail || memcmp(text + n - tail, name_endings[i], tail)) continue;
        n -= tail;
        i = (size_t)-1; /* from the start of the list again: .csv.gz */
    }
    return n;
}

/* a folder tells only what it tells alone: an interval, or a symbol in capitals */
static void name_folder(const char *text, size_t n, cli_name *name) {
    name_tokens tokens;
    kl_interval interval;
    int words;
    if (name->interval.unit == 0 && !name->trades && name_interval(text, n, &interval)) {
        name->interval = interval;
        return;
    }
    if (name->symbol[0]) return;
    name_split(text, n, &tokens);
    words = tokens.n;
    if (words > 1 && tokens.at[words - 1].kind == NAME_NUMBER && name_is_delivery(tokens.at[words - 1].text, strlen(tokens.at[words - 1].text))) words--;
    for (int i = 0; i < words; i++)
        if (tokens.at[i].kind != NAME_WORD || !tokens.at[i].capitals) return;
    if (words == 1 || words == 2) name_symbol(&tokens, name->symbol);
}

void cli_name_read(const char *path, cli_name *name) {
    name_tokens tokens;
    size_t end = strlen(path), start = end;
    memset(name, 0, sizeof *name);
    if (!strcmp(path, "-")) return;
    while (start > 0 && path[start - 1] != '/' && path[start - 1] != '\\') start--;
    name_split(path + start, name_stem(path + start, end - start), &tokens);
    name->interval = tokens.interval;
    for (int i = 0; i < tokens.n; i++) name->trades |= tokens.at[i].kind == NAME_TRADES;
    name_symbol(&tokens, name->symbol);
    for (int up = 0; up < 3 && start > 0; up++) {
        end = --start;
        while (start > 0 && path[start - 1] != '/' && path[start - 1] != '\\') start--;
        if (name->symbol[0] && (name->interval.unit || name->trades)) break;
        name_folder(path + start, end - start, name);
    }
}
