/* Names of series files: venue.market.symbol.interval.kls. Letters, digits and '-' stand for themselves, any other byte
 * is percent-encoded, an empty part is '_'. */
#include "store/format.h"

static int name_is_plain(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
}

static char *name_part(char *out, const char *text) {
    static const char hex[] = "0123456789ABCDEF";
    if (!*text) *out++ = '_';
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (name_is_plain(c)) {
            *out++ = (char)c;
        } else {
            *out++ = '%', *out++ = hex[c >> 4], *out++ = hex[c & 15];
        }
    }
    *out++ = '.';
    return out;
}

static int name_text_is_good(const char *text, size_t size) {
    size_t n = 0;
    while (n < size && text[n]) {
        if ((unsigned char)text[n] <= ' ' || text[n] == '/') return 0;
        n++;
    }
    return n < size;
}

kl_status kl__file_name(const kl_series_key *key, char name[KL__FILE_NAME_MAX]) {
    char interval[KL_INTERVAL_TEXT_MAX] = "trades";
    if (!name_text_is_good(key->venue, sizeof key->venue) || !name_text_is_good(key->market, sizeof key->market) ||
        !name_text_is_good(key->symbol, sizeof key->symbol) || !key->symbol[0])
        return KL_E_PATH;
    if (key->interval.unit != 0) {
        kl_time open;
        KL__TRY(kl_interval_floor(&key->interval, KL_TIME_MIN + 1, &open)); /* refuses what cannot be used */
        if (kl_interval_print(&key->interval, interval) == 0) return KL_E_INTERVAL;
    }
    char *out = name_part(name, key->venue);
    out = name_part(out, key->market);
    out = name_part(out, key->symbol);
    /* minutes and months differ in nothing but their case, which some file systems do not keep apart */
    size_t n = strlen(interval);
    if (key->interval.unit != 0) {
        char *month = strchr(interval, 'M');
        if (month) {
            memmove(month + 2, month + 1, n - (size_t)(month - interval));
            month[0] = 'm', month[1] = 'o';
        }
    }
    out = name_part(out, interval);
    memcpy(out, "kls", 4);
    return KL_OK;
}

static int name_hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One part up to its dot into text; returns what follows the dot, or NULL. */
static const char *name_unpart(const char *in, char *text, size_t size) {
    size_t n = 0;
    if (in[0] == '_' && in[1] == '.') {
        text[0] = 0;
        return in + 2;
    }
    for (; *in && *in != '.'; in++) {
        int c = (unsigned char)*in;
        if (c == '%') {
            int high = name_hex(in[1]), low = high < 0 ? -1 : name_hex(in[2]);
            if (low < 0) return NULL;
            c = high * 16 + low;
            if (name_is_plain((unsigned char)c)) return NULL;
            in += 2;
        } else if (!name_is_plain((unsigned char)c)) {
            return NULL;
        }
        if (n + 1 >= size) return NULL;
        text[n++] = (char)c;
    }
    text[n] = 0;
    return *in == '.' && n > 0 && name_text_is_good(text, size) ? in + 1 : NULL;
}

kl_status kl__file_name_parse(const char *name, kl_series_key *key) {
    char interval[KL_INTERVAL_TEXT_MAX + 4];
    memset(key, 0, sizeof *key);
    name = name_unpart(name, key->venue, sizeof key->venue);
    if (name) name = name_unpart(name, key->market, sizeof key->market);
    if (name) name = name_unpart(name, key->symbol, sizeof key->symbol);
    if (name) name = name_unpart(name, interval, sizeof interval);
    if (!name || strcmp(name, "kls") != 0 || !key->symbol[0]) return KL_E_PATH;
    if (strcmp(interval, "trades") == 0) return KL_OK;
    return kl_interval_parse(interval, strlen(interval), &key->interval) < 0 ? KL_E_PATH : KL_OK;
}
