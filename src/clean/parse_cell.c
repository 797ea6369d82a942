/* One cell of text -> an exact value. The careful way: every form, every error. */
#include "base/digits.h"
#include "base/wide.h"
#include "clean/parse.h"
#include <string.h>

const char *kl__parse_trim(const char *text, size_t *n) {
    while (*n > 0 && (*text == ' ' || *text == '\t')) text++, --*n;
    while (*n > 0 && (text[*n - 1] == ' ' || text[*n - 1] == '\t' || text[*n - 1] == '\r')) --*n;
    return text;
}

/* The text of a cell as it may stand in a sentence: printable ASCII, at most 32 characters. */
static const char *parse_cell_quote(const char *text, size_t n, char *shown /* 40 */) {
    size_t k = n < 32 ? n : 32;
    for (size_t i = 0; i < k; i++) shown[i] = (text[i] >= ' ' && text[i] <= '~') ? text[i] : '?';
    memcpy(shown + k, n > k ? "..." : "", n > k ? 4 : 1);
    return shown;
}

static kl_status parse_cell_fail(kl_parser *p, kl_status code, int target, const char *text, size_t n, int64_t column,
                                 kl_error *error) {
    char shown[40];
    if (n == 0)
        return kl__fail(error, code, 0, p->line, column, "%s is empty: %s", kl__parse_target_name(target), kl_status_text(code));
    return kl__fail(error, code, 0, p->line, column, "%s \"%s\": %s", kl__parse_target_name(target),
                    parse_cell_quote(text, n, shown), kl_status_text(code));
}

kl_status kl__parse_epoch(uint64_t value, kl_time *time, int32_t *unit) {
    /* 2000..2100, both ends included, in each unit: the ranges do not touch */
    const uint64_t low = (uint64_t)KL_TIME_MIN, high = (uint64_t)KL_TIME_MAX;
    if (value >= low / 1000 && value <= high / 1000) return *time = (kl_time)value * 1000, *unit = KL_EPOCH_MS, KL_OK;
    if (value >= low && value <= high) return *time = (kl_time)value, *unit = KL_EPOCH_US, KL_OK;
    if (value >= low / 1000000 && value <= high / 1000000)
        return *time = (kl_time)value * 1000000, *unit = KL_EPOCH_S, KL_OK;
    if (value >= low * 1000 && value <= high * 1000) return *time = (kl_time)(value / 1000), *unit = KL_EPOCH_NS, KL_OK;
    return KL_E_TIME;
}

/* "1748390339999.0", "1672531436.5", "1.672531436e9": the unit is that of the integer part, the rest is a fraction of it. */
static kl_status parse_cell_epoch(const char *text, size_t n, kl_time *time, int32_t *unit) {
    kl_i128 mantissa;
    int32_t scale = 0;
    size_t used = 0;
    if (kl_decimal_parse(text, n, &mantissa, &scale, &used) < 0 || used != n || mantissa.hi != 0) return KL_E_TIME;
    uint64_t part = mantissa.lo % kl__pow10_u64[scale];
    if (kl__parse_epoch(mantissa.lo / kl__pow10_u64[scale], time, unit) < 0) return KL_E_TIME;
    static const uint64_t us[5] = {0, 1000000, 1000, 0, 0}; /* in one s, ms; fractions of us and ns are cut */
    for (; scale > 9; scale--) part /= 10;
    *time += (kl_time)(part * us[*unit] / kl__pow10_u64[scale]);
    return *time > KL_TIME_MAX ? KL_E_TIME : KL_OK;
}

static int parse_cell_two(const char *t) {
    unsigned a = (unsigned)(uint8_t)t[0] - '0', b = (unsigned)(uint8_t)t[1] - '0';
    return a < 10 && b < 10 ? (int)(a * 10 + b) : -1;
}

/* ISO text. The date part is remembered, since most rows share it with the one before. */
static kl_status parse_cell_iso(kl_parser *p, const char *text, size_t n, kl_time *time) {
    int zoned = 0;
    for (size_t i = 10; i < n; i++) zoned |= text[i] == 'Z' || text[i] == 'z' || text[i] == '+' || text[i] == '-';
    if (n >= 19 && p->date_known && memcmp(p->date, text, 10) == 0 && text[13] == ':' && text[16] == ':' &&
        (text[10] == 'T' || text[10] == ' ') && (n == 19 || (n == 20 && text[19] == 'Z'))) {
        int h = parse_cell_two(text + 11), m = parse_cell_two(text + 14), s = parse_cell_two(text + 17);
        if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59) return KL_E_TIME;
        *time = p->date_us + ((int64_t)h * 3600 + m * 60 + s) * 1000000;
    } else {
        KL__TRY(kl_time_parse(text, n, time));
        if (n >= 10 && kl_time_parse(text, 10, &p->date_us) >= 0) memcpy(p->date, text, 10), p->date_known = 1;
    }
    if (!zoned) *time -= (int64_t)p->utc_offset_minutes * 60000000;
    return *time < KL_TIME_MIN || *time > KL_TIME_MAX ? KL_E_TIME : KL_OK;
}

static kl_status parse_cell_time(kl_parser *p, const char *text, size_t n, kl_time *time, int32_t *unit) {
    if (n >= 8 && (text[4] == '-' || text[4] == '/')) {
        *unit = KL_EPOCH_NONE;
        return parse_cell_iso(p, text, n, time) < 0 ? KL_E_TIME : KL_OK;
    }
    uint64_t value = 0;
    size_t i = 0;
    for (; i < n && i < 19 && text[i] >= '0' && text[i] <= '9'; i++) value = value * 10 + (uint64_t)(text[i] - '0');
    return i == n ? kl__parse_epoch(value, time, unit) : parse_cell_epoch(text, n, time, unit);
}

/* An integer that may be written as "23" or "23.0" or "-1". */
static kl_status parse_cell_integer(const char *text, size_t n, int64_t *value) {
    kl_i128 mantissa;
    int32_t scale = 0;
    size_t used = 0;
    kl_status status = kl_decimal_parse(text, n, &mantissa, &scale, &used);
    if (status < 0) return status;
    if (used != n) return KL_E_NUMBER;
    status = kl_decimal_rescale(&mantissa, scale, 0);
    if (status == KL_E_SCALE) return KL_E_NUMBER;
    if (status < 0) return status;
    if (!kl__wide_fits(mantissa)) return KL_E_OVERFLOW;
    *value = (int64_t)mantissa.lo;
    return KL_OK;
}

static int parse_cell_is(const char *text, size_t n, const char *word) {
    if (strlen(word) != n) return 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c != word[i]) return 0;
    }
    return 1;
}

static kl_status parse_cell_maker(int target, const char *text, size_t n, uint64_t *value) {
    static const char *const yes[2][4] = {{"true", "1", "t", "yes"}, {"sell", "s", "ask", "sold"}};
    static const char *const no[2][4] = {{"false", "0", "f", "no"}, {"buy", "b", "bid", "bought"}};
    int which = target == KL__PT_SIDE; /* the taker sold: the buyer was the maker */
    for (size_t i = 0; i < 4; i++) {
        if (parse_cell_is(text, n, yes[which][i])) return *value = 1, KL_OK;
        if (parse_cell_is(text, n, no[which][i])) return *value = 0, KL_OK;
    }
    return KL_E_NUMBER;
}

void kl__parse_symbol_fold(const char *text, size_t n, char *folded) {
    size_t k = 0;
    for (size_t i = 0; i < n && k + 1 < KL_SYMBOL_MAX; i++) {
        char c = text[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        if (c == '/' || c == '-' || c == '_' || c == ':' || c == ' ') continue;
        folded[k++] = c;
    }
    memset(folded + k, 0, KL_SYMBOL_MAX - k);
}

kl_status kl__parse_symbol(kl_parser *p, const char *text, size_t n) {
    char folded[KL_SYMBOL_MAX];
    if (n == 0) return KL_OK;
    kl__parse_symbol_fold(text, n, folded);
    if (p->symbol[0] == 0) {
        memcpy(p->symbol, folded, sizeof folded);
        if (n >= KL_SYMBOL_MAX) n = KL_SYMBOL_MAX - 1;
        memcpy(p->counts.symbol, text, n);
        p->counts.symbol[n] = 0;
        return KL_OK;
    }
    if (memcmp(p->symbol, folded, sizeof folded) != 0) return KL_E_SYMBOL;
    if (p->counts.symbol[0] == 0 && n < KL_SYMBOL_MAX) memcpy(p->counts.symbol, text, n), p->counts.symbol[n] = 0;
    return KL_OK;
}

static kl_status parse_cell_interval(kl_parser *p, const char *text, size_t n) {
    kl_interval interval;
    if (kl_interval_parse(text, n, &interval) < 0) return KL_E_INTERVAL;
    if (p->interval.unit == 0) return p->interval = interval, KL_OK;
    return interval.unit == p->interval.unit && interval.n == p->interval.n ? KL_OK : KL_E_INTERVAL;
}

static kl_status parse_cell_decimal(kl_parser *p, kl__parse_row *row, int target, const char *text, size_t n) {
    kl_i128 mantissa;
    int32_t scale = 0;
    size_t used = 0;
    const char *after = kl__digits_parse(text, text + n, &row->value[target], &row->decimals[target]);
    if (after == text + n) return row->high[target] = 0, KL_OK;
    kl_status status = kl_decimal_parse(text, n, &mantissa, &scale, &used);
    if (status < 0) return status;
    if (used != n) return KL_E_NUMBER;
    row->value[target] = mantissa.lo, row->high[target] = mantissa.hi, row->decimals[target] = scale;
    if (mantissa.hi != 0 || mantissa.lo >> 63) row->wide = 1;
    int is_price = target <= KL__PT_PRICE;
    return is_price && mantissa.hi < 0 && !p->allow_negative_prices ? KL_E_PRICE : KL_OK;
}

/* What of an empty or null cell: needed ones are an error, the others unknown. */
static kl_status parse_cell_missing(kl_parser *p, int target, const char *text, size_t n, int64_t column, kl_error *error) {
    const uint32_t needed = KL__PT_PRICES | KL__PT_BIT(KL__PT_VOLUME) | KL__PT_BIT(KL__PT_PRICE) |
                            KL__PT_BIT(KL__PT_QUANTITY) | KL__PT_BIT(KL__PT_TIME);
    if (target == KL__PT_TIME) return parse_cell_fail(p, KL_E_TIME, target, text, n, column, error);
    if (!(needed & KL__PT_BIT(target)) || p->layout.own_export) return KL_OK;
    return parse_cell_fail(p, n ? KL_E_NOT_FINITE : KL_E_NUMBER, target, text, n, column, error);
}

kl_status kl__parse_cell(kl_parser *p, kl__parse_row *row, int target, const char *text, size_t n, int64_t column,
                         kl_error *error) {
    kl_status status = KL_OK;
    int32_t unit = 0;
    if (target == KL__PT_SKIP) return KL_OK;
    text = kl__parse_trim(text, &n);
    if (n == 0 || parse_cell_is(text, n, "nan") || parse_cell_is(text, n, "null") || parse_cell_is(text, n, "none")) {
        if (target != KL__PT_FLAGS) return parse_cell_missing(p, target, text, n, column, error);
    }
    row->high[target] = 0;
    switch (kl__parse_kind(target)) {
    case KL__PK_DECIMAL: status = parse_cell_decimal(p, row, target, text, n); break;
    case KL__PK_TIME: {
        kl_time time = 0;
        status = parse_cell_time(p, text, n, &time, &unit);
        if (status >= 0 && target == KL__PT_TIME && time == KL_TIME_MAX) status = KL_E_TIME; /* the end of valid data */
        row->value[target] = (uint64_t)time;
        if (target == KL__PT_TIME) row->unit = unit;
        break;
    }
    case KL__PK_INTEGER: {
        int64_t value = 0;
        status = parse_cell_integer(text, n, &value);
        row->value[target] = (uint64_t)value;
        if (value < 0) row->wide = 1, row->high[target] = -1;
        break;
    }
    default:
        if (target == KL__PT_FLAGS) {
            uint32_t flags = 0;
            status = kl_flags_parse(text, n, &flags) < 0 ? KL_E_NUMBER : KL_OK;
            row->value[target] = flags;
        } else if (target == KL__PT_SYMBOL) {
            status = kl__parse_symbol(p, text, n);
        } else if (target == KL__PT_INTERVAL) {
            status = parse_cell_interval(p, text, n);
        } else {
            status = parse_cell_maker(target, text, n, &row->value[target]);
        }
    }
    if (status < 0) return parse_cell_fail(p, status, target, text, n, column, error);
    row->have |= KL__PT_BIT(target);
    return KL_OK;
}
