/* Where pairs of symbols lie in a packed upper triangle. */
#include "base/check.h"
#include "kline/corr.h"

/* Place of (i, i + 1), the first pair of row i. */
static size_t pair_row(size_t symbols, size_t i) { return i * symbols - i * (i + 1) / 2; }

size_t kl_pair_count(size_t symbols) {
    if (symbols < 2 || symbols > KL_CORR_SYMBOLS_MAX) return 0;
    return symbols * (symbols - 1) / 2;
}

size_t kl_pair_index(size_t symbols, size_t i, size_t j) {
    if (symbols > KL_CORR_SYMBOLS_MAX || i == j || i >= symbols || j >= symbols) return SIZE_MAX;
    size_t low = i < j ? i : j, high = i < j ? j : i;
    return pair_row(symbols, low) + (high - low - 1);
}

kl_status kl_pair_at(size_t symbols, size_t index, size_t *i, size_t *j) {
    if (!i || !j || index >= kl_pair_count(symbols)) return KL_E_ARG;
    size_t low = 0, end = symbols - 1; /* the last row that begins at or before index */
    while (end - low > 1) {
        size_t middle = low + (end - low) / 2;
        if (pair_row(symbols, middle) <= index) low = middle;
        else end = middle;
    }
    *i = low;
    *j = low + 1 + (index - pair_row(symbols, low));
    return KL_OK;
}
