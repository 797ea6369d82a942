/* The one rule by which two versions of a candle are settled; streaming and series-wide dedup share it. */
#ifndef KL__DEDUP_H
#define KL__DEDUP_H
#include "kline/clean.h"

/* Of `held` (came first) and `row`, of one key and scale, leaves the winner in *held and counts. The winner is flagged KL_REVISED
 * when a closed version with other content exists, whichever of them came first. */
kl_status kl__dedup_settle(kl_kline *held, const kl_kline *row, int32_t policy, const kl_scale *scale,
                           const kl_change_sink *changes, kl_dedup_counts *counts);

#endif
