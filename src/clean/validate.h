/* The judgement of one row, shared by validator and quality report. */
#ifndef KL__VALIDATE_H
#define KL__VALIDATE_H
#include "clean/bucket.h"
#include "kline/clean.h"

/* bits of the rules that the row breaks (all but ORDER); a nominal close time is normalised, other ones inside the bucket are
 * counted as truncated. bucket->interval.unit 0: times are not judged. */
uint32_t kl__validate_row(kl_kline *row, kl__bucket *bucket, uint64_t *truncated);

#endif
