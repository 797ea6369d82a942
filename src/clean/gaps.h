/* Steps from row to row that may pass over a hole: candles on their interval's grid, trades by id. */
#ifndef KL__GAPS_H
#define KL__GAPS_H
#include "clean/bucket.h"
#include "kline/clean.h"

struct kl_gap_finder {
    kl__bucket bucket; /* of the newest row */
    kl_kline_sink next;
    kl_gap_sink sink;
    uint64_t gaps, missing;
    kl_time newest;
};
/* open lies after the newest row. */
kl_status kl__gap_step(kl_gap_finder *finder, kl_time open);

typedef struct kl__id_gaps {
    int64_t first_seen, last_seen; /* begin with -1 */
    uint64_t gaps, missing;
} kl__id_gaps;
/* KL_E_ORDER where ids step back. Neutralised trades and those without ids are passed over. */
kl_status kl__id_gap_step(kl__id_gaps *ids, const kl_trade *trade, const kl_gap_sink *sink);

#endif
