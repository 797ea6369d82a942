/* Column and member names: the usual spellings of exchanges, downloaders and of our own export. */
#include "clean/parse.h"
#include <string.h>

enum { PARSE_NAMES_UNUSED = 255 }; /* known, and of no use to us */

typedef struct {
    const char *name;
    uint8_t kline, trade; /* targets; 0: not known there */
} parse_names_row;

#define PARSE_NAMES_BOTH(name, target) {name, target, target}
static const parse_names_row parse_names_table[] = {
    PARSE_NAMES_BOTH("opentime", KL__PT_TIME), PARSE_NAMES_BOTH("timestamp", KL__PT_TIME),
    PARSE_NAMES_BOTH("time", KL__PT_TIME), PARSE_NAMES_BOTH("datetime", KL__PT_TIME),
    PARSE_NAMES_BOTH("date", KL__PT_TIME), PARSE_NAMES_BOTH("ts", KL__PT_TIME), PARSE_NAMES_BOTH("t", KL__PT_TIME),
    PARSE_NAMES_BOTH("start", KL__PT_TIME), PARSE_NAMES_BOTH("starttime", KL__PT_TIME),
    PARSE_NAMES_BOTH("timeopen", KL__PT_TIME), PARSE_NAMES_BOTH("opentimeus", KL__PT_TIME),
    PARSE_NAMES_BOTH("opentimems", KL__PT_TIME), PARSE_NAMES_BOTH("timeus", KL__PT_TIME),
    PARSE_NAMES_BOTH("timems", KL__PT_TIME), PARSE_NAMES_BOTH("unix", KL__PT_TIME),
    PARSE_NAMES_BOTH("unixtime", KL__PT_TIME), PARSE_NAMES_BOTH("unixtimestamp", KL__PT_TIME),
    {"intervalbegin", KL__PT_TIME, 0}, {"candlebegintime", KL__PT_TIME, 0},
    {"T", 0, KL__PT_TIME}, {"tradetime", 0, KL__PT_TIME}, {"transacttime", 0, KL__PT_TIME},
    {"open", KL__PT_OPEN, 0}, {"o", KL__PT_OPEN, 0}, {"openprice", KL__PT_OPEN, 0}, {"priceopen", KL__PT_OPEN, 0},
    {"high", KL__PT_HIGH, 0}, {"h", KL__PT_HIGH, 0}, {"highprice", KL__PT_HIGH, 0}, {"pricehigh", KL__PT_HIGH, 0},
    {"low", KL__PT_LOW, 0}, {"l", KL__PT_LOW, KL__PT_LAST_ID}, {"lowprice", KL__PT_LOW, 0}, {"pricelow", KL__PT_LOW, 0},
    {"close", KL__PT_CLOSE, 0}, {"c", KL__PT_CLOSE, 0}, {"closeprice", KL__PT_CLOSE, 0}, {"priceclose", KL__PT_CLOSE, 0},
    {"volume", KL__PT_VOLUME, KL__PT_QUANTITY}, {"vol", KL__PT_VOLUME, KL__PT_QUANTITY},
    {"v", KL__PT_VOLUME, KL__PT_QUANTITY}, {"basevolume", KL__PT_VOLUME, 0}, {"volumebase", KL__PT_VOLUME, 0},
    {"closetime", KL__PT_CLOSE_TIME, 0}, {"timeclose", KL__PT_CLOSE_TIME, 0}, {"endtime", KL__PT_CLOSE_TIME, 0},
    {"end", KL__PT_CLOSE_TIME, 0}, {"T", KL__PT_CLOSE_TIME, KL__PT_TIME}, {"closetimeus", KL__PT_CLOSE_TIME, 0},
    {"closetimems", KL__PT_CLOSE_TIME, 0},
    {"quotevolume", KL__PT_QUOTE, PARSE_NAMES_UNUSED}, {"quoteassetvolume", KL__PT_QUOTE, 0},
    {"quoteav", KL__PT_QUOTE, 0}, {"qav", KL__PT_QUOTE, 0}, {"turnover", KL__PT_QUOTE, PARSE_NAMES_UNUSED},
    {"volumequote", KL__PT_QUOTE, 0}, {"volquote", KL__PT_QUOTE, 0}, {"volccyquote", KL__PT_QUOTE, 0},
    {"quotevol", KL__PT_QUOTE, 0}, {"q", KL__PT_QUOTE, KL__PT_QUANTITY},
    {"count", KL__PT_COUNT, 0}, {"trades", KL__PT_COUNT, 0}, {"numberoftrades", KL__PT_COUNT, 0},
    {"tradecount", KL__PT_COUNT, 0}, {"numtrades", KL__PT_COUNT, 0}, {"tradescount", KL__PT_COUNT, 0},
    {"tradenum", KL__PT_COUNT, 0}, {"n", KL__PT_COUNT, 0}, {"nooftrades", KL__PT_COUNT, 0},
    {"takerbuybase", KL__PT_TAKER_BASE, 0}, {"takerbuyvolume", KL__PT_TAKER_BASE, 0},
    {"takerbuybasevolume", KL__PT_TAKER_BASE, 0}, {"takerbuybaseassetvolume", KL__PT_TAKER_BASE, 0},
    {"tbbaseav", KL__PT_TAKER_BASE, 0}, {"tbbav", KL__PT_TAKER_BASE, 0}, {"takerbaseassetvolume", KL__PT_TAKER_BASE, 0},
    {"takerbasevolume", KL__PT_TAKER_BASE, 0}, {"activebuyvolume", KL__PT_TAKER_BASE, 0}, {"V", KL__PT_TAKER_BASE, 0},
    {"takerbuyquote", KL__PT_TAKER_QUOTE, 0}, {"takerbuyquotevolume", KL__PT_TAKER_QUOTE, 0},
    {"takerbuyquoteassetvolume", KL__PT_TAKER_QUOTE, 0}, {"tbquoteav", KL__PT_TAKER_QUOTE, 0},
    {"tbqav", KL__PT_TAKER_QUOTE, 0}, {"takerquoteassetvolume", KL__PT_TAKER_QUOTE, 0},
    {"takerquotevolume", KL__PT_TAKER_QUOTE, 0}, {"activebuyquotevolume", KL__PT_TAKER_QUOTE, 0},
    {"Q", KL__PT_TAKER_QUOTE, 0},
    {"flags", KL__PT_FLAGS, 0},
    {"ignore", PARSE_NAMES_UNUSED, PARSE_NAMES_UNUSED}, {"B", PARSE_NAMES_UNUSED, 0},
    PARSE_NAMES_BOTH("symbol", KL__PT_SYMBOL), PARSE_NAMES_BOTH("s", KL__PT_SYMBOL),
    PARSE_NAMES_BOTH("pair", KL__PT_SYMBOL), PARSE_NAMES_BOTH("instrument", KL__PT_SYMBOL),
    PARSE_NAMES_BOTH("instid", KL__PT_SYMBOL), PARSE_NAMES_BOTH("productid", KL__PT_SYMBOL),
    {"interval", KL__PT_INTERVAL, 0}, {"i", KL__PT_INTERVAL, 0}, {"timeframe", KL__PT_INTERVAL, 0},
    {"id", PARSE_NAMES_UNUSED, KL__PT_ID}, {"tradeid", 0, KL__PT_ID}, {"aggid", 0, KL__PT_AGG_ID},
    {"aggtradeid", 0, KL__PT_AGG_ID}, {"a", 0, KL__PT_AGG_ID}, {"trdid", 0, KL__PT_ID},
    {"price", 0, KL__PT_PRICE}, {"p", 0, KL__PT_PRICE}, {"px", 0, KL__PT_PRICE},
    {"qty", 0, KL__PT_QUANTITY}, {"quantity", 0, KL__PT_QUANTITY}, {"amount", 0, KL__PT_QUANTITY},
    {"size", 0, KL__PT_QUANTITY}, {"sz", 0, KL__PT_QUANTITY},
    {"quoteqty", 0, PARSE_NAMES_UNUSED}, {"cost", 0, PARSE_NAMES_UNUSED}, {"total", 0, PARSE_NAMES_UNUSED},
    {"type", 0, PARSE_NAMES_UNUSED}, {"isbestmatch", 0, PARSE_NAMES_UNUSED}, {"bestmatch", 0, PARSE_NAMES_UNUSED},
    {"best", 0, PARSE_NAMES_UNUSED}, {"M", 0, PARSE_NAMES_UNUSED},
    {"side", 0, KL__PT_SIDE}, {"takerside", 0, KL__PT_SIDE}, {"aggressorside", 0, KL__PT_SIDE},
    {"isbuyermaker", 0, KL__PT_MAKER}, {"buyermaker", 0, KL__PT_MAKER}, {"maker", 0, KL__PT_MAKER},
    {"m", 0, KL__PT_MAKER}, {"isbuyerthemaker", 0, KL__PT_MAKER}, {"wasthebuyerthemaker", 0, KL__PT_MAKER},
    {"firstid", 0, KL__PT_FIRST_ID}, {"firsttradeid", 0, KL__PT_FIRST_ID}, {"f", 0, KL__PT_FIRST_ID},
    {"first", 0, KL__PT_FIRST_ID},
    {"lastid", 0, KL__PT_LAST_ID}, {"lasttradeid", 0, KL__PT_LAST_ID}, {"last", 0, KL__PT_LAST_ID},
};

enum { PARSE_NAMES_MAX = 40 };

/* letters and digits, in lower case where there are several; 0: none, or too many. */
static size_t parse_names_fold(const char *name, size_t n, char *folded /* PARSE_NAMES_MAX */) {
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        char c = name[i];
        if (c >= 'A' && c <= 'Z' && n > 1) c = (char)(c - 'A' + 'a');
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) continue;
        if (length + 1 >= PARSE_NAMES_MAX) return 0;
        folded[length++] = c;
    }
    folded[length] = 0;
    return length;
}

int kl__parse_name_same(const kl__parse_span *a, const kl__parse_span *b) {
    char folded[2][PARSE_NAMES_MAX];
    size_t n = parse_names_fold(a->text, a->n, folded[0]);
    return n && n == parse_names_fold(b->text, b->n, folded[1]) && memcmp(folded[0], folded[1], n) == 0;
}

int kl__parse_name_capital(const char *name, size_t n) {
    static const char letters[] = "OHLCVT";
    static const uint8_t targets[] = {KL__PT_OPEN, KL__PT_HIGH, KL__PT_LOW, KL__PT_CLOSE, KL__PT_VOLUME, KL__PT_TIME};
    name = kl__parse_trim(name, &n);
    const char *at = n == 1 ? memchr(letters, *name, sizeof letters - 1) : NULL;
    return at ? targets[at - letters] : 0;
}

int kl__parse_name_volume_of(const char *name, size_t n, int *either) {
    static const char *const coins[] = {"BTC", "XBT", "ETH", "BNB", "TRX", "XRP", "DOGE", "DOT", "SOL"};
    char probe[16] = "QQQ", base[KL_SYMBOL_MAX], quote[KL_SYMBOL_MAX];
    *either = 0;
    name = kl__parse_trim(name, &n);
    if (n < 8 || (memcmp(name, "Volume", 6) != 0 && memcmp(name, "volume", 6) != 0)) return 0;
    name += 6, n -= 6;
    if (n > 3 && *name == '_' && name[1] == '(') name++, n--;
    if (*name != ' ' && *name != '(') return 0;
    while (n && (*name == ' ' || *name == '(')) name++, n--;
    while (n && (name[n - 1] == ' ' || name[n - 1] == ')')) n--;
    if (n == 8 && memcmp(name, "Currency", 8) == 0) return KL__PT_QUOTE;
    if (n < 2 || n > 10) return 0;
    for (size_t i = 0; i < n; i++)
        if (!((name[i] >= 'A' && name[i] <= 'Z') || (name[i] >= '0' && name[i] <= '9'))) return 0;
    memcpy(probe + 3, name, n);
    if (kl_symbol_split(probe, base, quote) < 0 || strlen(quote) != n) return KL__PT_VOLUME;
    for (size_t i = 0; i < sizeof coins / sizeof coins[0]; i++)
        if (strcmp(coins[i], quote) == 0) return *either = 1, KL__PT_VOLUME;
    return KL__PT_QUOTE;
}

static int parse_names_find(const char *name, size_t n, int32_t content) {
    char folded[PARSE_NAMES_MAX];
    if (parse_names_fold(name, n, folded) == 0) return 0;
    for (size_t i = 0; i < sizeof parse_names_table / sizeof parse_names_table[0]; i++) {
        const parse_names_row *row = &parse_names_table[i];
        int target = content == KL_CONTENT_TRADES ? row->trade : row->kline;
        if (target && strcmp(row->name, folded) == 0) return target;
    }
    return 0;
}

int kl__parse_name(const char *name, size_t n, int32_t content) {
    int target = parse_names_find(name, n, content);
    return target == PARSE_NAMES_UNUSED ? 0 : target;
}

int kl__parse_name_is_known(const char *name, size_t n, int32_t content) { return parse_names_find(name, n, content) != 0; }

/* Volume may be missing as a column: then it is unknown, as for every other optional field. */
uint32_t kl__parse_needed(int32_t content) {
    return KL__PT_BIT(KL__PT_TIME) | (content == KL_CONTENT_TRADES ? KL__PT_BIT(KL__PT_PRICE) | KL__PT_BIT(KL__PT_QUANTITY)
                                                                   : (uint32_t)KL__PT_PRICES);
}

const char *kl__parse_target_name(int target) {
    static const char *const names[KL__PT_N] = {
        "ignored", "open", "high", "low", "close", "price", "volume", "taker_buy_base", "quantity", "quote_volume",
        "taker_buy_quote", "trade_count", "id", "agg_id", "first_id", "last_id", "time", "close_time", "maker", "side", "flags",
        "symbol", "interval"};
    return target >= 0 && target < KL__PT_N ? names[target] : "";
}

uint8_t kl__parse_kind(int target) {
    static const uint8_t kinds[KL__PT_N] = {
        KL__PK_SKIP,    KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL,
        KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_INTEGER,
        KL__PK_INTEGER, KL__PK_INTEGER, KL__PK_INTEGER, KL__PK_INTEGER, KL__PK_TIME,    KL__PK_TIME,
        KL__PK_BOOL,    KL__PK_SLOW,    KL__PK_SLOW,    KL__PK_SLOW,    KL__PK_SLOW};
    return kinds[target];
}
