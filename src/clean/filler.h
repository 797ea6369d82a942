/* What counts as a bar that the venue sent for a bucket without trades. */
#ifndef KL__FILLER_H
#define KL__FILLER_H
#include "base/wide.h"
#include "kline/data.h"

/* said by its flag, else by a trade count of 0, else, where trades are not counted, by a volume of 0. */
KL__INLINE int kl__is_filler(const kl_kline *row, int *zero_volume) {
    *zero_volume = (row->known & KL_HAS_VOLUME) && kl__wide_is_zero(row->volume);
    if (KL__UNLIKELY(row->flags & KL_FILLER)) return 1;
    if (row->known & KL_HAS_TRADE_COUNT) return row->trade_count == 0;
    return *zero_volume;
}

#endif
