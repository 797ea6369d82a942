/* Mending of a row from its own fields (F34). */
#include "base/wide.h"
#include "kline/clean.h"

static int repair_price(kl_kline *row, int64_t *price, uint32_t bit) {
    if ((row->known & bit) && *price > 0) return 0;
    *price = row->close;
    row->known |= bit;
    return 1;
}

int32_t kl_repair_kline(kl_kline *row) {
    if (!row) return 0;
    int changed = 0;
    if ((row->known & KL_HAS_CLOSE) && row->close > 0) {
        changed |= repair_price(row, &row->open, KL_HAS_OPEN);
        changed |= repair_price(row, &row->high, KL_HAS_HIGH);
        changed |= repair_price(row, &row->low, KL_HAS_LOW);
        int64_t top = row->open > row->close ? row->open : row->close;
        int64_t bottom = row->open < row->close ? row->open : row->close;
        if (row->high < top) row->high = top, changed = 1;
        if (row->low > bottom) row->low = bottom, changed = 1;
    }
    if (!(row->known & KL_HAS_VOLUME)) {
        row->volume = kl__wide_from(0);
        row->known |= KL_HAS_VOLUME;
        changed = 1;
    }
    if (changed) row->flags |= KL_REPAIRED;
    return changed;
}
