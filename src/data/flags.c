/* Names of the marks of a candle. */
#include "kline/data.h"
#include <string.h>

static const char flags_names[][12] = {"closed",   "suspect",   "filler",  "synthetic", "revised",
                                       "repaired", "unaligned", "partial", "outlier"};
#define FLAGS_COUNT (sizeof flags_names / sizeof flags_names[0])

size_t kl_flags_print(uint32_t flags, char *text) {
    if (!text) return 0;
    char *out = text;
    for (size_t i = 0; i < FLAGS_COUNT; i++) {
        if (!(flags >> i & 1)) continue;
        size_t length = strlen(flags_names[i]);
        if (out != text) *out++ = '|';
        memcpy(out, flags_names[i], length);
        out += length;
    }
    uint32_t rest = flags >> FLAGS_COUNT << FLAGS_COUNT;
    if (rest != 0) { /* bits that have no name yet are kept as a number */
        if (out != text) *out++ = '|';
        *out++ = '0', *out++ = 'x';
        for (int shift = 28; shift >= 0; shift -= 4) *out++ = "0123456789abcdef"[rest >> shift & 15];
    }
    *out = '\0';
    return (size_t)(out - text);
}

static int flags_one(const char *text, size_t length, uint32_t *flags) {
    for (size_t i = 0; i < FLAGS_COUNT; i++) {
        if (strlen(flags_names[i]) != length || memcmp(flags_names[i], text, length) != 0) continue;
        *flags |= UINT32_C(1) << i;
        return 0;
    }
    if (length < 3 || length > 10 || text[0] != '0' || text[1] != 'x') return 1;
    uint32_t value = 0;
    for (size_t i = 2; i < length; i++) {
        uint32_t c = (unsigned char)text[i], digit = c - '0' <= 9 ? c - '0' : c - 'a' <= 5 ? c - 'a' + 10 : 16;
        if (digit > 15) return 1;
        value = value << 4 | digit;
    }
    *flags |= value;
    return 0;
}

kl_status kl_flags_parse(const char *text, size_t length, uint32_t *flags) {
    uint32_t found = 0;
    if ((!text && length > 0) || !flags) return KL_E_ARG;
    if (length == 0) return *flags = 0, KL_OK;
    for (size_t begin = 0; begin <= length;) {
        const char *bar = (const char *)memchr(text + begin, '|', length - begin);
        size_t end = bar ? (size_t)(bar - text) : length;
        if (flags_one(text + begin, end - begin, &found)) return KL_E_UNKNOWN_NAME;
        begin = end + 1;
    }
    *flags = found;
    return KL_OK;
}
