/* The bucket of an interval that a row falls into, remembered: rows in order cost a comparison, no division and no calendar. */
#ifndef KL__BUCKET_H
#define KL__BUCKET_H
#include "base/check.h"
#include "kline/data.h"

typedef struct kl__bucket {
    kl_interval interval;
    int64_t length;     /* 0 for months */
    kl_time open, next; /* equal: nothing remembered yet */
} kl__bucket;

KL__INLINE void kl__bucket_init(kl__bucket *bucket, const kl_interval *interval) {
    bucket->interval = *interval;
    bucket->length = interval->unit ? kl_interval_length_us(interval) : 0;
    bucket->open = bucket->next = 0;
}
/* moves the bucket to the one that holds time. */
KL__INLINE kl_status kl__bucket_at(kl__bucket *bucket, kl_time time) {
    uint64_t length = (uint64_t)bucket->next - (uint64_t)bucket->open;
    if ((uint64_t)time - (uint64_t)bucket->open < length) return KL_OK;
    if (length && (uint64_t)time - (uint64_t)bucket->next < (uint64_t)bucket->length) {
        bucket->open = bucket->next;
        bucket->next += bucket->length;
        return KL_OK;
    }
    kl_time open, next;
    KL__TRY(kl_interval_floor(&bucket->interval, time, &open));
    KL__TRY(kl_interval_next(&bucket->interval, open, &next));
    bucket->open = open, bucket->next = next;
    return KL_OK;
}

#endif
