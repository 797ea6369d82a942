/* The state of a fold: a few buckets in time order, newest last. Handed-out buckets stay for a while, so that a late row can
 * revise them. Pointer-free but for the sink. */
#ifndef KL__FOLD_H
#define KL__FOLD_H
#include "clean/bucket.h"
#include "kline/clean.h"

enum { /* what a row is worth: rows of the highest kind in a bucket make its prices */
    FOLD_NONE = 0,
    FOLD_SYNTHETIC = 1,
    FOLD_FILLER = 2,
    FOLD_TRADED = 3
};
enum { FOLD_HANDED_OUT = 1, FOLD_OPEN_MEMBER = 2, FOLD_PARTIAL_MEMBER = 4, FOLD_IDS_UNKNOWN = 8, FOLD_LATE = 16,
       FOLD_ENDED = 32 /* its last source bar is in */, FOLD_STATES = 64 };

typedef struct kl__fold_bucket {
    kl_time open_time, next;
    int64_t open, high, low, close;
    kl_i128 volume, quote_volume, taker_buy_base, taker_buy_quote;
    int64_t trade_count;
    int64_t first_id, last_id;             /* range of single trades; -1: none known */
    int64_t open_id, close_id;             /* of the trades that gave open and close: ties in time */
    kl_time open_us, close_us;             /* and their times */
    kl_time first_us, last_us;             /* of all rows */
    uint64_t rows, expected, neutralised, late;
    kl_time as_of_us;
    uint32_t known, flags;                 /* flags to pass on to the candle */
    uint32_t state, kind;
    int32_t authority;
    uint32_t unaligned;                    /* of the rows: not on the source grid, so they complete nothing */
} kl__fold_bucket;

struct kl_fold {
    kl_fold_options options;
    kl__bucket from, to;
    kl_scale scale;       /* of the accumulated values */
    int32_t has_scale, quote_known;
    kl_time newest;       /* time of the newest row */
    kl_time stay_from, stay_until; /* rows in [from, until) go into the last bucket without further ado */
    uint64_t late, neutralised; /* not yet told with a bucket */
    int64_t gone_id;      /* last trade id of the buckets that are gone; -1 */
    int64_t coming_id;    /* first id of the row that is about to open a bucket; -1 */
    size_t n, capacity;   /* buckets */
    kl__fold_bucket bucket[];
};

/* the bucket for a row at `time`, which the caller folds in and then ends with kl__fold_settle; NULL with KL_OK: too late. */
kl_status kl__fold_find(kl_fold *fold, kl_time time, int64_t first_id, kl__fold_bucket **bucket);
/* hands the bucket out where it came late or has become complete. */
kl_status kl__fold_settle(kl_fold *fold, kl__fold_bucket *bucket);
kl_status kl__fold_take_scale(kl_fold *fold, const kl_scale *scale, int trades);
uint64_t kl__fold_missing_ids(const kl__fold_bucket *bucket);
void kl__fold_set_stay(kl_fold *fold);

#endif
