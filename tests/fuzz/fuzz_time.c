/* Texts of times, intervals, symbols and flags: whatever is read prints to a text that reads back to the same. */
#include "kline/data.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_time_interval(const kl_interval *interval, kl_time time) {
    kl_time open, next, again;
    int64_t index;
    if (kl_interval_floor(interval, time, &open) < 0) return;
    if (open > time) abort();
    if (kl_interval_next(interval, time, &next) == KL_OK && next <= time) abort();
    if (kl_interval_index(interval, time, &index) < 0) abort();
    if (kl_interval_open(interval, index, &again) == KL_OK && again != open) abort();
    if (kl_interval_divides(interval, interval) != 1) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    char printed[KL_TIME_TEXT_MAX + KL_INTERVAL_TEXT_MAX + 128], base[KL_SYMBOL_MAX], quote[KL_SYMBOL_MAX];
    kl_time time = 0, back;
    kl_interval interval, same;
    uint32_t flags, other;
    if (kl_time_parse(text, size, &time) == KL_OK && time >= KL_TIME_MIN / 2) {
        size_t n = kl_time_print(time, printed);
        if (kl_time_parse(printed, n, &back) != KL_OK || back != time) abort();
    }
    if (size >= 8) memcpy(&time, data + size - 8, 8);
    if (kl_interval_parse(text, size, &interval) == KL_OK) {
        size_t n = kl_interval_print(&interval, printed);
        if (n == 0 || kl_interval_parse(printed, n, &same) != KL_OK || memcmp(&same, &interval, sizeof same) != 0) abort();
        fuzz_time_interval(&interval, time);
    }
    if (kl_flags_parse(text, size, &flags) == KL_OK) {
        size_t n = kl_flags_print(flags, printed);
        if (kl_flags_parse(printed, n, &other) != KL_OK || other != flags) abort();
    }
    if (size >= 24) { /* an interval and a time of any bits */
        memcpy(&interval, data, sizeof interval);
        memcpy(&time, data + sizeof interval, sizeof time);
        fuzz_time_interval(&interval, time);
        kl_interval_print(&interval, printed);
    }
    kl_time times[64];
    size_t count = size / sizeof(kl_time) < 64 ? size / sizeof(kl_time) : 64;
    if (count > 0) memcpy(times, data, count * sizeof(kl_time));
    if (kl_interval_guess(times, count, &interval) == KL_OK && kl_interval_divides(&interval, &interval) != 1) abort();
    char *symbol = (char *)malloc(size + 1);
    if (!symbol) return 0;
    if (size > 0) memcpy(symbol, data, size);
    symbol[size] = '\0';
    if (kl_symbol_split(symbol, base, quote) == KL_OK && (base[0] == '\0' || quote[0] == '\0')) abort();
    free(symbol);
    return 0;
}
